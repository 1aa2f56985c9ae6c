"""Coder sa version sans voir l'autre : les gestes du surligneur, sur des poses que rien d'autre ne lit."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Compte, DoubleCodage, Etiquette, PoseAveugle, Texte, VersionCodage
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide, Introuvable
from lib.domain.formats import guillemets
from lib.domain.passages import Passage, delimiter
from lib.services.atelier import Atelier, EtiquetteDuPassage, PassageLu, lire_atelier
from lib.services.double_codage.garde import EN_COURS, ouvert
from lib.services.double_codage.versions import Grille, lire_grille
from lib.services.gestes import TEXTE_CHANGE
from lib.services.intervenants import refuser_hors_paroles

SANS_ETIQUETTE = "En double codage, un passage porte toujours une étiquette : choisissez-en une."
RENDUE = "Votre version est rendue : reprenez-la avant de la changer."


@dataclass(frozen=True, slots=True, kw_only=True)
class GesteAveugle:
    """Ce qu'un geste a changé, par identifiants de poses ; `annuler` s'en sert pour revenir en arrière."""

    message: str
    entretien_id: int
    verbatim_id: int | None
    poses: tuple[int, ...] = ()
    retires: tuple[int, ...] = ()

    @property
    def change(self) -> bool:
        """Faux quand tout était déjà fait."""
        return bool(self.poses or self.retires)


def lire_version(session: Session, perimetre: Perimetre, *, double_id: int) -> Atelier:
    """L'entretien à coder, avec les seuls passages de ce compte. À ne jamais garder pour quelqu'un d'autre.

    Lève Introuvable si ce compte n'a pas de version ici.
    """
    exiger(peut_consigner, perimetre)
    trouvee = session.execute(
        select(VersionCodage, Compte.nom_affiche)
        .join(Compte, Compte.id == VersionCodage.compte_id)
        .where(
            VersionCodage.double_id == double_id,
            VersionCodage.compte_id == perimetre.compte_id,
            visible(VersionCodage, perimetre),
        )
    ).one_or_none()
    if trouvee is None:
        raise Introuvable("Vous n'avez pas de version de cet entretien à coder.")
    version, auteur = trouvee
    atelier = lire_atelier(session, perimetre, entretien_id=version.entretien_id)
    return replace(atelier, passages=_passages(session, version, auteur, lire_grille(session, perimetre)))


def _passages(session: Session, version: VersionCodage, auteur: str, grille: Grille) -> tuple[PassageLu, ...]:
    """Une étiquette fusionnée depuis qu'elle a été posée se lit sous le nom de celle qui l'a reçue."""
    lignes = session.execute(
        select(PoseAveugle, Etiquette.id, Etiquette.famille, Texte.contenu)
        .join(Etiquette, Etiquette.id == PoseAveugle.etiquette_id)
        .join(Texte, Texte.id == PoseAveugle.texte_id)
        .where(PoseAveugle.version_id == version.id, PoseAveugle.retire_le.is_(None))
        .order_by(PoseAveugle.debut, PoseAveugle.fin, Etiquette.ordre, Etiquette.id)
    )
    passages: dict[tuple[int, int, int], PassageLu] = {}
    for pose, posee_id, famille, contenu in lignes:
        place = (pose.texte_id, pose.debut, pose.fin)
        deja = passages.get(place) or PassageLu(
            id=pose.id,
            texte_id=pose.texte_id,
            debut=pose.debut,
            fin=pose.fin,
            citation=contenu[pose.debut : pose.fin],
            a_verifier=False,
        )
        tenue = grille.canonique(posee_id)
        portee = EtiquetteDuPassage(id=tenue, nom=grille.noms[tenue], famille=famille, auteurs=(auteur,))
        portees = deja.etiquettes if portee in deja.etiquettes else (*deja.etiquettes, portee)
        passages[place] = replace(deja, id=min(deja.id, pose.id), etiquettes=portees)
    return tuple(passages.values())


@dataclass(slots=True)
class _Cahier:
    """Les poses d'une version sur un texte, et ce que le geste en cours y change."""

    session: Session
    version: VersionCodage
    texte: Texte
    grille: Grille
    posees: list[PoseAveugle] = field(default_factory=list)
    retirees: list[PoseAveugle] = field(default_factory=list)

    def vivantes(self) -> list[PoseAveugle]:
        requete = select(PoseAveugle).where(
            PoseAveugle.version_id == self.version.id,
            PoseAveugle.texte_id == self.texte.id,
            PoseAveugle.retire_le.is_(None),
        )
        return list(self.session.scalars(requete.order_by(PoseAveugle.debut, PoseAveugle.id)))

    def tenue(self, pose: PoseAveugle) -> int:
        """L'étiquette qui tient lieu aujourd'hui de celle qui a été posée."""
        return self.grille.canonique(pose.etiquette_id)

    def au_passage(self, passage: Passage) -> list[PoseAveugle]:
        return [pose for pose in self.vivantes() if _place(pose) == passage]

    def poser(self, passage: Passage, etiquette_id: int) -> Passage:
        """Pose une étiquette, réunie à celles du même nom qui la chevauchent ; rend le passage qui la porte."""
        entier, voisines = passage, list[PoseAveugle]()
        restantes = [pose for pose in self.vivantes() if self.tenue(pose) == etiquette_id]
        while atteintes := [pose for pose in restantes if entier.chevauche(_place(pose))]:
            voisines += atteintes
            restantes = [pose for pose in restantes if pose not in atteintes]
            for pose in atteintes:
                entier = entier.union(_place(pose))
        if any(_place(pose) == entier for pose in voisines):
            self.retirer(pose for pose in voisines if _place(pose) != entier)
            return entier
        self.retirer(voisines)
        pose = PoseAveugle(
            investigation_id=self.version.investigation_id,
            entretien_id=self.version.entretien_id,
            version_id=self.version.id,
            texte_id=self.texte.id,
            debut=entier.debut,
            fin=entier.fin,
            etiquette_id=etiquette_id,
        )
        self.session.add(pose)
        self.session.flush()
        self.posees.append(pose)
        return entier

    def retirer(self, poses: Iterable[PoseAveugle]) -> None:
        for pose in poses:
            pose.retire_le = maintenant()
            self.retirees.append(pose)
        self.session.flush()

    def clore(self, passage: Passage | None, message: str) -> GesteAveugle:
        """Le geste accompli ; le passage se désigne par sa première pose."""
        restantes = self.au_passage(passage) if passage else []
        return GesteAveugle(
            message=message,
            entretien_id=self.version.entretien_id,
            verbatim_id=min((pose.id for pose in restantes), default=None),
            poses=tuple(pose.id for pose in self.posees),
            retires=tuple(pose.id for pose in self.retirees),
        )


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
) -> GesteAveugle:
    """Pose une étiquette sur un passage. Envoyé deux fois, il n'écrit qu'une fois.

    Lève DonneeInvalide (hors du texte, vide, sans étiquette, version rendue), Conflit (texte corrigé depuis).
    """
    cahier = _ouvrir(session, perimetre, texte_id)
    if cahier.texte.version != version or extrait not in {None, cahier.texte.contenu[debut:fin]}:
        raise Conflit(TEXTE_CHANGE)
    if etiquette_id is None:
        raise DonneeInvalide(SANS_ETIQUETTE)
    return _poser(cahier, perimetre, delimiter(cahier.texte.contenu, debut, fin), etiquette_id)


def etiqueter(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> GesteAveugle:
    """Ajoute une étiquette à un passage de sa version."""
    cahier, passage = _au(session, perimetre, verbatim_id)
    return _poser(cahier, perimetre, passage, etiquette_id)


def retirer(session: Session, perimetre: Perimetre, *, verbatim_id: int, etiquette_id: int) -> GesteAveugle:
    """Retire une étiquette d'un passage ; sans étiquette, le passage n'est plus codé."""
    cahier, passage = _au(session, perimetre, verbatim_id)
    etiquette = trouver(session, Etiquette, etiquette_id, perimetre)
    cahier.retirer(pose for pose in cahier.au_passage(passage) if cahier.tenue(pose) == etiquette_id)
    return cahier.clore(passage, f"{guillemets(etiquette.nom)} retirée.")


def archiver(session: Session, perimetre: Perimetre, *, verbatim_id: int) -> GesteAveugle:
    """Retire un passage et toutes ses étiquettes de sa version ; annulable."""
    cahier, passage = _au(session, perimetre, verbatim_id)
    cahier.retirer(cahier.au_passage(passage))
    return cahier.clore(None, "Surlignage retiré.")


def replacer(
    session: Session, perimetre: Perimetre, *, verbatim_id: int, version: int, debut: int, fin: int
) -> GesteAveugle:
    """Déplace les bornes d'un passage, étiquettes comprises. Lève DonneeInvalide, Conflit."""
    cahier, passage = _au(session, perimetre, verbatim_id)
    if cahier.texte.version != version:
        raise Conflit(TEXTE_CHANGE)
    nouveau = delimiter(cahier.texte.contenu, debut, fin)
    portees = dict.fromkeys(cahier.tenue(pose) for pose in cahier.au_passage(passage))
    cahier.retirer(cahier.au_passage(passage))
    for etiquette_id in portees:
        refuser_hors_paroles(session, cahier.texte, nouveau, session.get_one(Etiquette, etiquette_id))
        cahier.poser(nouveau, etiquette_id)
    return cahier.clore(nouveau, "Passage déplacé.")


def annuler(session: Session, perimetre: Perimetre, geste: GesteAveugle) -> GesteAveugle:
    """Défait un geste et rend le geste inverse."""
    concernees = list(session.scalars(select(PoseAveugle).where(PoseAveugle.id.in_((*geste.poses, *geste.retires)))))
    if not concernees:
        raise Introuvable("Ce geste ne peut plus s'annuler.")
    cahier = _ouvrir(session, perimetre, concernees[0].texte_id)
    siennes = [pose for pose in concernees if pose.version_id == cahier.version.id]
    cahier.retirer(pose for pose in siennes if pose.id in geste.poses and pose.retire_le is None)
    for pose in siennes:
        if pose.id in geste.retires and pose.retire_le is not None:
            pose.retire_le = None
            cahier.posees.append(pose)
    session.flush()
    return cahier.clore(_place(cahier.posees[0]) if cahier.posees else None, "Geste annulé.")


def _poser(cahier: _Cahier, perimetre: Perimetre, passage: Passage, etiquette_id: int) -> GesteAveugle:
    etiquette = trouver(cahier.session, Etiquette, etiquette_id, perimetre)
    if etiquette.archive_le is not None:
        raise DonneeInvalide(f"{guillemets(etiquette.nom)} est archivée : choisissez-en une autre.")
    refuser_hors_paroles(cahier.session, cahier.texte, passage, etiquette)
    entier = cahier.poser(passage, etiquette_id)
    if not cahier.posees and not cahier.retirees:
        return cahier.clore(entier, f"{guillemets(etiquette.nom)} est déjà posée sur ce passage.")
    reuni = " : passage réuni avec un passage voisin qui portait déjà cette étiquette" if cahier.retirees else " posée"
    return cahier.clore(entier, f"{guillemets(etiquette.nom)}{reuni}.")


def _ouvrir(session: Session, perimetre: Perimetre, texte_id: int) -> _Cahier:
    """La version de ce compte sur le texte, tenue le temps du geste."""
    exiger(peut_consigner, perimetre)
    texte = trouver(session, Texte, texte_id, perimetre)
    version = session.scalars(
        select(VersionCodage)
        .join(DoubleCodage, DoubleCodage.id == VersionCodage.double_id)
        .where(ouvert(texte.entretien_id), VersionCodage.compte_id == perimetre.compte_id)
        .with_for_update(of=VersionCodage)
    ).one_or_none()
    if version is None:
        raise DonneeInvalide(EN_COURS)
    if version.fini_le is not None:
        raise DonneeInvalide(RENDUE)
    return _Cahier(session, version, texte, lire_grille(session, perimetre))


def _au(session: Session, perimetre: Perimetre, pose_id: int) -> tuple[_Cahier, Passage]:
    """Le passage que désigne une de ses poses vivantes."""
    pose = trouver(session, PoseAveugle, pose_id, perimetre)
    cahier = _ouvrir(session, perimetre, pose.texte_id)
    if pose.version_id != cahier.version.id or pose.retire_le is not None:
        raise DonneeInvalide("Ce passage vient d'être retiré : rechargez la page.")
    return cahier, _place(pose)


def _place(pose: PoseAveugle) -> Passage:
    return Passage(pose.debut, pose.fin)
