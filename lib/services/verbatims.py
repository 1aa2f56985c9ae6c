"""Surligner et étiqueter : un geste, une transaction, toujours annulable."""

from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquette, Texte, Verbatim
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import enumeration, guillemets, nombre
from lib.domain.passages import Passage, delimiter
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import AncrageVerbatim
from lib.services.double_codage.garde import refuser_en_double_codage
from lib.services.fusion import absorber, reunir
from lib.services.gestes import TEXTE_CHANGE, Carnet, Geste
from lib.services.intervenants import refuser_hors_paroles
from lib.services.syntheses import suivre

LONGUEUR_MEMO = 4_000


def surligner(
    session: Session,
    perimetre: Perimetre,
    *,
    texte_id: int,
    version: int,
    debut: int,
    fin: int,
    extrait: str | None = None,
    etiquette_id: int | None = None,
) -> Geste:
    """Surligne un passage et l'étiquette, d'un seul geste. Envoyé deux fois, il n'écrit qu'une fois.

    version : celle du texte que la personne a sous les yeux. debut, fin : points de code. extrait : les mots
    qu'elle a vus sélectionnés. La même étiquette sur un passage voisin qui chevauche réunit les deux.
    Lève DonneeInvalide (hors du texte, vide, étiquette ou entretien archivés), Conflit (texte corrigé depuis).
    """
    texte_choisi = _texte(session, perimetre, texte_id)
    etiquette = _etiquette(session, perimetre, etiquette_id) if etiquette_id else None
    with suivre(session, texte_choisi.entretien_id):
        texte = session.get_one(Texte, texte_id, populate_existing=True)
        if texte.version != version or extrait not in {None, texte.contenu[debut:fin]}:
            raise Conflit(TEXTE_CHANGE)
        carnet = Carnet(session, perimetre.compte_id, texte)
        passage = delimiter(texte.contenu, debut, fin)
        if etiquette:
            refuser_hors_paroles(session, texte, passage, etiquette)
            return reunir(carnet, passage, etiquette)
        verbatim = carnet.au_passage(passage) or carnet.creer(passage)
        return carnet.clore(verbatim, "Passage surligné." if carnet.crees else "Ce passage est déjà surligné.")


def etiqueter(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> Geste:
    """Ajoute une étiquette à un verbatim. Lève DonneeInvalide si l'étiquette ou le verbatim est archivé."""
    verbatim = _en_place(session, perimetre, verbatim_id)
    etiquette = _etiquette(session, perimetre, etiquette_id)
    with suivre(session, verbatim.entretien_id):
        session.refresh(verbatim)
        carnet = _carnet(session, perimetre, verbatim)
        if verbatim.ancrage is AncrageVerbatim.SUR:
            refuser_hors_paroles(session, carnet.texte, Passage(verbatim.debut, verbatim.fin), etiquette)
            return reunir(carnet, Passage(verbatim.debut, verbatim.fin), etiquette)
        carnet.poser(verbatim, etiquette)
        return carnet.clore(verbatim, f"{guillemets(etiquette.nom)} posée.")


def retirer(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> Geste:
    """Retire une étiquette d'un verbatim, qui reste surligné même sans étiquette."""
    verbatim = _en_place(session, perimetre, verbatim_id)
    etiquette = trouver(session, Etiquette, etiquette_id, perimetre)
    with suivre(session, verbatim.entretien_id):
        carnet = _carnet(session, perimetre, verbatim)
        carnet.retirer(verbatim, etiquette.id)
        return carnet.clore(verbatim, f"{guillemets(etiquette.nom)} retirée.")


def archiver(session: Session, perimetre: Perimetre, *, verbatim_id: int) -> Geste:
    """Retire un surlignage et ses étiquettes de partout ; annulable."""
    verbatim = _verbatim(session, perimetre, verbatim_id)
    with suivre(session, verbatim.entretien_id):
        carnet = _carnet(session, perimetre, verbatim)
        carnet.archiver(verbatim)
        return carnet.clore(verbatim, "Surlignage retiré.")


def retablir(session: Session, perimetre: Perimetre, *, verbatim_id: int) -> Geste:
    """Remet un surlignage archivé. Lève DonneeInvalide si un autre tient maintenant le même passage."""
    verbatim = _verbatim(session, perimetre, verbatim_id)
    with suivre(session, verbatim.entretien_id):
        carnet = _carnet(session, perimetre, verbatim)
        carnet.retablir(verbatim)
        return carnet.clore(verbatim, "Surlignage rétabli.")


def replacer(session: Session, perimetre: Perimetre, *, verbatim_id: int, version: int, debut: int, fin: int) -> Geste:
    """Dit où se trouve désormais un verbatim ; sa citation devient les mots de ce passage.

    Lève DonneeInvalide (passage vide, hors du texte, ou déjà surligné), Conflit (texte corrigé depuis).
    """
    verbatim = _en_place(session, perimetre, verbatim_id)
    with suivre(session, verbatim.entretien_id):
        carnet = _carnet(session, perimetre, verbatim)
        if carnet.texte.version != version:
            raise Conflit(TEXTE_CHANGE)
        carnet.deplacer(verbatim, delimiter(carnet.texte.contenu, debut, fin))
        return carnet.clore(verbatim, "Citation replacée dans le texte.")


def borner(session: Session, perimetre: Perimetre, *, verbatim_id: int, version: int, debut: int, fin: int) -> Geste:
    """Déplace les bornes d'un verbatim, sa citation suit ; réuni aux voisins de même étiquette qu'il chevauche.

    Lève DonneeInvalide (passage vide, hors du texte, déjà surligné, ou hors des paroles permises), Conflit.
    """
    verbatim = _en_place(session, perimetre, verbatim_id)
    with suivre(session, verbatim.entretien_id):
        session.refresh(verbatim)
        carnet = _carnet(session, perimetre, verbatim)
        if carnet.texte.version != version:
            raise Conflit(TEXTE_CHANGE)
        passage = delimiter(carnet.texte.contenu, debut, fin)
        portees = [session.get_one(Etiquette, identifiant) for identifiant in sorted(carnet.portees(verbatim))]
        for etiquette in portees:
            refuser_hors_paroles(session, carnet.texte, passage, etiquette)
        carnet.deplacer(verbatim, passage)
        reunis = [etiquette for etiquette in portees if absorber(carnet, verbatim, etiquette)]
        return carnet.clore(verbatim, _dire_bornes(carnet, verbatim, reunis))


def _dire_bornes(carnet: Carnet, verbatim: Verbatim, reunis: list[Etiquette]) -> str:
    if not carnet.versions:
        return "Les bornes de ce passage n'ont pas changé."
    if reunis:
        noms = enumeration(guillemets(etiquette.nom) for etiquette in reunis)
        return f"Bornes déplacées, et passage réuni avec un voisin qui portait déjà {noms}."
    return f"Bornes déplacées : {guillemets(shorten(verbatim.citation, 80, placeholder='…'))}."


def noter(session: Session, perimetre: Perimetre, *, verbatim_id: int, memo: str) -> Geste:
    """Écrit ou efface le mémo de l'équipe sur un verbatim. Lève DonneeInvalide s'il est trop long ou illisible."""
    verbatim = _en_place(session, perimetre, verbatim_id)
    propre = normaliser(memo, champ="memo").strip()
    if len(propre) > LONGUEUR_MEMO:
        raise DonneeInvalide(f"Un mémo tient en {nombre(LONGUEUR_MEMO)} caractères : raccourcissez-le.", champ="memo")
    with suivre(session, verbatim.entretien_id):
        session.refresh(verbatim)
        carnet = _carnet(session, perimetre, verbatim)
        carnet.noter(verbatim, propre)
        return carnet.clore(verbatim, "Mémo enregistré." if carnet.versions else "Le mémo n'a pas changé.")


def _texte(session: Session, perimetre: Perimetre, texte_id: int) -> Texte:
    exiger(peut_consigner, perimetre)
    texte = trouver(session, Texte, texte_id, perimetre)
    _refuser_archive(session, texte.entretien_id)
    return texte


def _verbatim(session: Session, perimetre: Perimetre, verbatim_id: int) -> Verbatim:
    exiger(peut_consigner, perimetre)
    verbatim = trouver(session, Verbatim, verbatim_id, perimetre)
    _refuser_archive(session, verbatim.entretien_id)
    return verbatim


def _en_place(session: Session, perimetre: Perimetre, verbatim_id: int) -> Verbatim:
    verbatim = _verbatim(session, perimetre, verbatim_id)
    if verbatim.archive_le is not None:
        raise DonneeInvalide("Ce surlignage vient d'être retiré : rechargez la page, ou rétablissez-le.")
    return verbatim


def _refuser_archive(session: Session, entretien_id: int) -> None:
    if session.scalar(select(Entretien.archive_le).where(Entretien.id == entretien_id)) is not None:
        raise DonneeInvalide("Cet entretien est archivé : rétablissez-le avant de le coder.")
    refuser_en_double_codage(session, entretien_id)


def _etiquette(session: Session, perimetre: Perimetre, etiquette_id: int) -> Etiquette:
    etiquette = trouver(session, Etiquette, etiquette_id, perimetre)
    if etiquette.archive_le is not None:
        raise DonneeInvalide(
            f"{guillemets(etiquette.nom)} est archivée : rétablissez-la dans la grille avant de la poser."
        )
    return etiquette


def _carnet(session: Session, perimetre: Perimetre, verbatim: Verbatim) -> Carnet:
    texte = session.get_one(Texte, verbatim.texte_id, populate_existing=True)
    return Carnet(session, perimetre.compte_id, texte)
