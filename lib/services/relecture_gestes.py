"""Les gestes de codage, refaits d'après leurs lignes du journal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Etiquetage, Etiquette, LigneJournal, Texte, Verbatim, VerbatimVersion
from lib.domain.droits import Perimetre
from lib.domain.formats import enumeration, guillemets
from lib.domain.vocabulaire import ActionJournal
from lib.services.gestes import Geste

Faits = dict[str, list[int]]
# Objet du journal → ce qu'y fait une création, ce qu'y fait un retrait, et la colonne qui dit le retrait.
NATURES = {
    "verbatims": ("crees", "archives", "archive_le"),
    "etiquetages": ("poses", "retires", "retire_le"),
    "etiquettes": ("nees", "rangees", "archive_le"),
}


class _Pose(NamedTuple):
    """Un étiquetage : son verbatim, son étiquette."""

    verbatim_id: int
    etiquette_id: int
    nom: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Où vit un verbatim. version : celle de son texte. corrige : dernière ligne du journal où le texte a changé."""

    texte_id: int
    entretien_id: int
    version: int
    archive: bool
    corrige: int


def les_siens(perimetre: Perimetre) -> tuple[ColumnElement[bool], ...]:
    """Condition SQL : les lignes du journal qu'un geste de codage de cette personne a écrites."""
    return (
        LigneJournal.geste.is_not(None),
        LigneJournal.compte_id == perimetre.compte_id,
        LigneJournal.investigation_id == perimetre.investigation_id,
    )


def relire(session: Session, perimetre: Perimetre, cles: Sequence[str]) -> dict[str, Geste]:
    """Les gestes de cette personne qui ont ces clés, dans le même ordre ; quelques requêtes pour tous."""
    if not cles:
        return {}
    lignes = _lignes(session, perimetre, cles)
    versions = _versions(session, cles)
    faits = {cle: _classer(lignes[cle]) for cle in cles if cle in lignes}
    poses = _poses(session, [i for fait in faits.values() for i in (*fait["poses"], *fait["retires"])])
    touches = {cle: _touches(fait, versions[cle], poses) for cle, fait in faits.items()}
    places = _places(session, {i for vus in touches.values() for i in vus})
    gestes = {}
    for cle, fait in faits.items():
        connus = sorted((i for i in touches[cle] if i in places), key=lambda i: (places[i].archive, i))
        if connus:
            place = places[connus[0]]
            gestes[cle] = Geste(
                message=_dire(fait, poses, versions=bool(versions[cle])),
                entretien_id=place.entretien_id,
                verbatim_id=connus[0],
                texte_id=place.texte_id,
                version_texte=-1 if place.corrige > lignes[cle][-1].id else place.version,
                versions=tuple(version for version, _ in versions[cle]),
                etiquettes=tuple(poses[i].etiquette_id for i in fait["poses"] if i in poses),
                **{nom: tuple(identifiants) for nom, identifiants in fait.items()},
            )
    return gestes


def _lignes(session: Session, perimetre: Perimetre, cles: Sequence[str]) -> dict[str, list[Any]]:
    lues = session.execute(
        select(
            LigneJournal.id,
            LigneJournal.geste,
            LigneJournal.objet,
            LigneJournal.objet_id,
            LigneJournal.action,
            LigneJournal.apres,
        )
        .where(LigneJournal.geste.in_(cles), *les_siens(perimetre))
        .order_by(LigneJournal.id)
    )
    lignes: dict[str, list[Any]] = defaultdict(list)
    for ligne in lues:
        lignes[ligne.geste].append(ligne)
    return lignes


def _versions(session: Session, cles: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """(version, verbatim) que chaque geste a remplacées."""
    versions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    requete = select(VerbatimVersion.geste, VerbatimVersion.id, VerbatimVersion.verbatim_id)
    for cle, identifiant, verbatim_id in session.execute(requete.where(VerbatimVersion.geste.in_(cles))):
        versions[str(cle)].append((identifiant, verbatim_id))
    return versions


def _classer(lignes: Iterable[Any]) -> Faits:
    """Identifiants par nature de changement, d'après l'objet et ce qui y a changé."""
    faits: Faits = {nom: [] for entree, sortie, _ in NATURES.values() for nom in (entree, sortie)}
    for ligne in lignes:
        if ligne.objet not in NATURES:
            continue
        entree, sortie, champ = NATURES[ligne.objet]
        apres = ligne.apres or {}
        if ligne.action is ActionJournal.CREATION:
            faits[entree].append(int(ligne.objet_id))
        elif champ in apres:
            faits[sortie if apres[champ] else entree].append(int(ligne.objet_id))
    return faits


def _touches(fait: Faits, versions: list[tuple[int, int]], poses: dict[int, _Pose]) -> set[int]:
    """Les verbatims qu'un geste a touchés, de près ou par une étiquette."""
    par_etiquette = {poses[i].verbatim_id for i in (*fait["poses"], *fait["retires"]) if i in poses}
    return {*fait["crees"], *fait["archives"], *par_etiquette, *(verbatim for _, verbatim in versions)}


def _poses(session: Session, etiquetages: Sequence[int]) -> dict[int, _Pose]:
    """Ce que chaque étiquetage pose, et où."""
    requete = select(Etiquetage.id, Etiquetage.verbatim_id, Etiquette.id, Etiquette.nom).join(
        Etiquette, Etiquette.id == Etiquetage.etiquette_id
    )
    lignes = session.execute(requete.where(Etiquetage.id.in_(etiquetages)))
    return {ligne[0]: _Pose(ligne[1], ligne[2], ligne[3]) for ligne in lignes}


def _places(session: Session, verbatims: set[int]) -> dict[int, _Place]:
    lignes = session.execute(
        select(Verbatim.id, Verbatim.texte_id, Verbatim.entretien_id, Texte.version, Verbatim.archive_le)
        .join(Texte, Texte.id == Verbatim.texte_id)
        .where(Verbatim.id.in_(sorted(verbatims)))
    ).all()
    corriges = _corrections(session, {ligne.texte_id for ligne in lignes})
    return {
        ligne.id: _Place(
            ligne.texte_id,
            ligne.entretien_id,
            ligne.version,
            ligne.archive_le is not None,
            corriges.get(str(ligne.texte_id), 0),
        )
        for ligne in lignes
    }


def _corrections(session: Session, textes: set[int]) -> dict[str | None, int]:
    requete = (
        select(LigneJournal.objet_id, func.max(LigneJournal.id))
        .where(LigneJournal.objet == "textes", LigneJournal.objet_id.in_([str(texte) for texte in sorted(textes)]))
        .group_by(LigneJournal.objet_id)
    )
    return {ligne[0]: ligne[1] for ligne in session.execute(requete)}


def _dire(fait: Faits, poses: dict[int, _Pose], *, versions: bool) -> str:
    """La phrase d'un geste, d'après ce qu'il a changé."""
    for nature, participe in (("poses", "posée"), ("retires", "retirée")):
        noms = list(dict.fromkeys(poses[i].nom for i in fait[nature] if i in poses))
        if noms:
            return f"{enumeration(guillemets(nom) for nom in noms)} {participe}{'s' if len(noms) > 1 else ''}."
    if fait["archives"]:
        return "Surlignage retiré."
    return "Passage modifié." if versions else "Passage surligné."
