"""Étiquettes qui vont ensemble, comptées entretien par entretien : un tour de parole ne se voit que dans le texte."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lib.analytics.cooccurrences import PassageEtiquete, compter_rencontres
from lib.db.modeles import Entretien, Etiquetage, IntervenantCorrige, Texte, Verbatim
from lib.domain.intervenants import Reconnaissance, RoleIntervenant
from lib.domain.passages import Passage
from lib.domain.unites import UniteDeParole, unites_de_parole
from lib.domain.vocabulaire import AncrageVerbatim

TextesCodes = list[tuple[list[PassageEtiquete], Sequence[UniteDeParole]]]
Corrections = tuple[tuple[str, RoleIntervenant], ...]
LOT = 10_000


def compter_cooccurrences(session: Session, ou: ColumnElement[bool]) -> list[tuple[Any, ...]]:
    """(étiquette, autre, nature, terrain, investigation, rencontres, entretiens) des entretiens que `ou` désigne."""
    rencontres: Counter[tuple[Any, ...]] = Counter()
    entretiens: Counter[tuple[Any, ...]] = Counter()
    for situation, textes in lire_textes_codes(session, ou):
        for (nature, paire), nombre in compter_rencontres(textes).items():
            cle = (*paire, nature, situation.terrain_id, situation.investigation_id)
            rencontres[cle] += nombre
            entretiens[cle] += 1
    return [(*cle, nombre, entretiens[cle]) for cle, nombre in rencontres.items()]


def lire_textes_codes(
    session: Session,
    ou: ColumnElement[bool],
    *,
    recents: bool = False,
    etiquettes: Collection[int | None] = (),
) -> Iterator[tuple[Any, TextesCodes]]:
    """Chaque entretien et ses textes : leurs passages étiquetés, leurs unités de parole.

    etiquettes : les seules à relire, leurs textes lus d'un coup ; vide, toutes.
    recents : les derniers entretiens d'abord. Rien n'est lu d'avance : l'appelant peut s'arrêter.
    """
    ordre = Entretien.id.desc() if recents else Entretien.id
    poses = (
        select(
            Entretien.id,
            Entretien.terrain_id,
            Entretien.investigation_id,
            Verbatim.texte_id,
            Verbatim.id.label("verbatim_id"),
            Verbatim.debut,
            Verbatim.fin,
            Verbatim.ancrage,
            Etiquetage.etiquette_id,
        )
        .join_from(Entretien, Verbatim, Verbatim.entretien_id == Entretien.id)
        .join(Etiquetage, Etiquetage.verbatim_id == Verbatim.id)
        .where(ou, Verbatim.archive_le.is_(None), Etiquetage.retire_le.is_(None))
        .order_by(ordre, Verbatim.texte_id, Verbatim.id)
    )
    if etiquettes:
        poses = poses.where(Etiquetage.etiquette_id.in_(etiquettes))
    corriges = _corrections(session, ou)
    ensemble = _unites(session, ou, corriges) if etiquettes else {}
    lignes = session.execute(poses.execution_options(yield_per=LOT))
    for entretien_id, groupes in groupby(lignes, key=lambda ligne: ligne.id):
        siennes = list(groupes)
        unites = ensemble if etiquettes else _unites(session, Entretien.id == entretien_id, corriges)
        yield siennes[0], [(_passages(groupe), unites.get(texte_id, ())) for texte_id, groupe in _par_texte(siennes)]


def _par_texte(lignes: Iterable[Any]) -> Iterator[tuple[int, Iterator[Any]]]:
    return groupby(lignes, key=lambda ligne: ligne.texte_id)


def _corrections(session: Session, ou: ColumnElement[bool]) -> dict[int, Corrections]:
    """Les débuts de ligne que l'équipe a corrigés, par entretien : d'ordinaire, presque aucun."""
    requete = (
        select(IntervenantCorrige.entretien_id, IntervenantCorrige.nom, IntervenantCorrige.role)
        .join(Entretien, Entretien.id == IntervenantCorrige.entretien_id)
        .where(ou)
    )
    corriges: dict[int, Corrections] = {}
    for entretien_id, nom, role in session.execute(requete):
        corriges[entretien_id] = (*corriges.get(entretien_id, ()), (nom, role))
    return corriges


def _unites(
    session: Session, ou: ColumnElement[bool], corriges: dict[int, Corrections]
) -> dict[int, Sequence[UniteDeParole]]:
    """Les unités de parole de chaque texte des entretiens que `ou` désigne."""
    textes = select(Texte.id, Texte.contenu, Texte.nature, Texte.entretien_id)
    lues: dict[int, Sequence[UniteDeParole]] = {}
    for ligne in session.execute(textes.join(Entretien, Entretien.id == Texte.entretien_id).where(ou)):
        noms = Reconnaissance(corrections=corriges.get(ligne.entretien_id, ())).noms()
        lues[ligne.id] = unites_de_parole(ligne.contenu, ligne.nature, *noms)
    return lues


def _passages(lignes: Iterable[Any]) -> list[PassageEtiquete]:
    passages = []
    for verbatim_id, groupe in groupby(lignes, key=lambda ligne: ligne.verbatim_id):
        poses = list(groupe)
        sur = poses[0].ancrage is AncrageVerbatim.SUR
        place = Passage(poses[0].debut, poses[0].fin) if sur else None
        passages.append(PassageEtiquete(verbatim_id, place, frozenset(pose.etiquette_id for pose in poses)))
    return passages
