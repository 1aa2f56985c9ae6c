"""Qui parle dans un entretien : ce que l'outil reconnaît, ce que l'équipe corrige, et ce que cela permet de coder."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Compte, Entretien, EntretienEnqueteur, Etiquette, IntervenantCorrige, Texte, Verbatim
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.intervenants import RESERVEE, Reconnaissance, RoleIntervenant
from lib.domain.passages import Passage, debuts_de_ligne, locuteur
from lib.domain.vocabulaire import AncrageVerbatim
from lib.services.double_codage.garde import TEXTE_GELE, refuser_d_oublier_ce_qui_s_est_code, refuser_en_double_codage
from lib.services.syntheses import suivre

Roles = Mapping[str, RoleIntervenant | None]


def lire_reconnaissance(session: Session, entretien_id: int) -> Reconnaissance:
    """Qui mène cet entretien, et ce que l'équipe a corrigé des noms en tête de ligne."""
    enqueteurs = select(Compte.nom_affiche).join(EntretienEnqueteur, EntretienEnqueteur.compte_id == Compte.id)
    noms = session.scalars(enqueteurs.where(EntretienEnqueteur.entretien_id == entretien_id)).all()
    return Reconnaissance(tuple(noms), lire_corrections(session, entretien_id))


def lire_corrections(session: Session, entretien_id: int) -> tuple[tuple[str, RoleIntervenant], ...]:
    """(nom en tête de ligne, ce qu'il désigne), par nom."""
    requete = select(IntervenantCorrige.nom, IntervenantCorrige.role)
    lignes = session.execute(requete.where(IntervenantCorrige.entretien_id == entretien_id))
    return tuple(sorted((nom, role) for nom, role in lignes))


def corriger_intervenants(
    session: Session, perimetre: Perimetre, *, entretien_id: int, roles: Roles, montres: Roles
) -> int:
    """Dit ce que désignent des débuts de ligne d'un entretien, et rend combien ont changé.

    None revient à ce que l'outil reconnaît. montres : ce que la personne voyait ; seul ce qu'elle a changé change.
    Les passages déjà codés restent codés ; qui les dit, et les tours qu'ils partagent, se relisent.
    L'accord entre codeurs déjà mesuré ne change pas. Lève DonneeInvalide si un nom n'ouvre aucune ligne, s'il était
    ainsi corrigé lors d'un double codage, si l'entretien est archivé ou en double codage.
    """
    exiger(peut_consigner, perimetre)
    entretien = trouver(session, Entretien, entretien_id, perimetre)
    if entretien.archive_le is not None:
        raise DonneeInvalide("Cet entretien est archivé : rétablissez-le avant d'en corriger les intervenants.")
    refuser_en_double_codage(session, entretien_id, phrase=TEXTE_GELE)
    changes = {nom: role for nom, role in roles.items() if role is not montres.get(nom)}
    with suivre(session, entretien_id):
        textes = session.scalars(select(Texte).where(Texte.entretien_id == entretien_id)).all()
        _refuser_inconnus(textes, changes)
        for nom, role in changes.items():
            _corriger(session, perimetre, entretien, nom, role)
        session.flush()
        _redire(session, textes, lire_reconnaissance(session, entretien_id))
    return len(changes)


def refuser_hors_paroles(session: Session, texte: Texte, passage: Passage, etiquette: Etiquette) -> None:
    """Une étiquette réservée ne se pose que sur ce que dit la personne interrogée. Lève DonneeInvalide."""
    if not etiquette.reservee:
        return
    reconnaissance = lire_reconnaissance(session, texte.entretien_id)
    if not reconnaissance.dit_par_la_personne(texte.contenu, texte.nature, passage):
        raise DonneeInvalide(f"{guillemets(etiquette.nom)} {RESERVEE} : choisissez un passage dans sa réponse.")


def _refuser_inconnus(textes: Sequence[Texte], changes: Roles) -> None:
    connus = {nom for texte in textes for nom in debuts_de_ligne(texte.contenu)}
    if inconnus := sorted(nom for nom, role in changes.items() if role is not None and nom not in connus):
        raise DonneeInvalide(f"{guillemets(inconnus[0])} n'ouvre aucune ligne de cet entretien : relisez son texte.")


def _corriger(
    session: Session, perimetre: Perimetre, entretien: Entretien, nom: str, role: RoleIntervenant | None
) -> None:
    ici = IntervenantCorrige.entretien_id == entretien.id, IntervenantCorrige.nom == nom
    tenue = session.scalars(select(IntervenantCorrige).where(*ici)).one_or_none()
    if tenue is not None:
        refuser_d_oublier_ce_qui_s_est_code(session, entretien.id, nom)
    if role is None:
        if tenue:
            session.delete(tenue)
        return
    if tenue is None:
        tenue = IntervenantCorrige(investigation_id=entretien.investigation_id, entretien_id=entretien.id, nom=nom)
        session.add(tenue)
    tenue.role, tenue.corrige_le, tenue.corrige_par = role, maintenant(), perimetre.auteur_id


def _redire(session: Session, textes: Sequence[Texte], reconnaissance: Reconnaissance) -> None:
    """Qui dit chaque passage, d'après les tours que l'on vient de corriger."""
    tours = {texte.id: reconnaissance.tours(texte.contenu, texte.nature) for texte in textes}
    surs = Verbatim.texte_id.in_(tours), Verbatim.ancrage == AncrageVerbatim.SUR
    for verbatim in session.scalars(select(Verbatim).where(*surs)):
        dit = locuteur(tours[verbatim.texte_id], Passage(verbatim.debut, verbatim.fin))
        if verbatim.locuteur != dit:
            verbatim.locuteur = dit
    session.flush()
