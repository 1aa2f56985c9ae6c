"""Hypothèses : chercher ce qui les réfute, peser les preuves, dire le statut et sa raison."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Hypothese, Preuve, StatutHypotheseDate, Terrain
from lib.db.perimetre import trouver, visible
from lib.domain.droits import (
    Perimetre,
    exiger,
    peut_consigner,
    peut_exporter,
    peut_lire_identites,
    peut_lire_indicateurs,
)
from lib.domain.erreurs import DonneeInvalide
from lib.domain.preuves import Dossier, manques
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import NatureHypothese, SensPreuve, StatutHypothese, TypeActeur
from lib.services.balances import CelluleBalance, lire_balances
from lib.services.couverture import visible_terrain
from lib.services.textes_partages import Partages, partager

ATTENDUS = (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE)
"""Les deux côtés d'un partenariat : une hypothèse que l'un des deux ignore n'est pas établie."""
CONCLUANTS = {StatutHypothese.SOUTENUE, StatutHypothese.CONTREDITE}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutDate:
    """Un statut, quand et par qui il a été décidé, et sa raison.

    raison : vide hors de l'équipe, sauf en relecture si qui l'a écrite a dit qu'elle pouvait s'y lire ; les noms connus
    en sont effacés.
    """

    statut: StatutHypothese
    raison: str
    decide_le: datetime
    diffusable: bool = False
    auteur: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HypotheseLue:
    """Une hypothèse. `poids` : somme des poids de ses preuves par sens. `histoire` : la plus récente d'abord.

    balance : les mêmes poids, par terrain et type d'acteur. manques : ce qui manque pour conclure. version : celle à
    rendre à `corriger_hypothese`.
    """

    id: int
    code: str
    nature: NatureHypothese
    enonce: str
    refutation: str
    poids: Mapping[SensPreuve, int]
    preuves: int
    histoire: tuple[StatutDate, ...]
    balance: tuple[CelluleBalance, ...] = ()
    manques: tuple[str, ...] = ()
    version: int = 1

    @property
    def statut(self) -> StatutHypothese:
        """Le dernier décidé ; ouverte tant que rien ne l'est."""
        return self.histoire[0].statut if self.histoire else StatutHypothese.OUVERTE

    @property
    def eprouvee(self) -> bool:
        """Quelqu'un a cherché, et trouvé, de quoi la contredire."""
        return bool(self.poids.get(SensPreuve.CONTRE))


def lire_hypotheses(session: Session, perimetre: Perimetre) -> tuple[HypotheseLue, ...]:
    """Toutes les hypothèses, d'abord celles que rien ne contredit encore. Lève AccesRefuse.

    Quatre requêtes, et une de plus pour effacer les noms de ce qui est écrit, lu hors de l'équipe : un nom appris après
    coup s'efface aussi.
    """
    exiger(peut_lire_indicateurs, perimetre)
    decides = _lire_statuts(session, perimetre)
    balances = lire_balances(session, perimetre)
    terrains = session.scalars(
        select(Terrain.nom)
        .where(visible_terrain(perimetre), Terrain.archive_le.is_(None))
        .order_by(Terrain.ordre, Terrain.id)
    ).all()
    lignes = session.scalars(
        select(Hypothese)
        .where(visible(Hypothese, perimetre), Hypothese.archive_le.is_(None))
        .order_by(Hypothese.ordre, Hypothese.id)
    ).all()
    ecrits = _raisons_lisibles(decides, perimetre) | {texte for h in lignes for texte in (h.enonce, h.refutation)}
    lus = partager(session, perimetre, ecrits)
    histoires = _raconter(decides, lus, perimetre)
    lues = [_composer(h, lus, histoires[h.id], balances.get(h.id, ()), terrains) for h in lignes]
    return tuple(_sans_contradiction_d_abord(lues))


def changer_statut(
    session: Session,
    perimetre: Perimetre,
    *,
    hypothese_id: int,
    statut: StatutHypothese,
    raison: str,
    diffusable: bool = False,
) -> None:
    """Ajoute un statut à l'histoire ; rien ne s'efface. diffusable : la raison peut se lire hors de l'équipe.

    Lève DonneeInvalide sans raison, ou si l'on conclut sans aucune preuve ; AccesRefuse ; Introuvable.
    """
    exiger(peut_consigner, perimetre)
    hypothese = trouver(session, Hypothese, hypothese_id, perimetre)
    ecrite = normaliser(raison).strip()
    if not ecrite:
        raise DonneeInvalide("Dites pourquoi le statut change : la raison reste dans l'histoire.", champ="raison")
    if statut in CONCLUANTS and not _a_une_preuve(session, hypothese.id):
        raise DonneeInvalide("Cette hypothèse n'a aucune preuve : ajoutez-en une avant de conclure.", champ="statut")
    session.add(
        StatutHypotheseDate(
            investigation_id=hypothese.investigation_id,
            hypothese_id=hypothese.id,
            statut=statut,
            raison=ecrite,
            diffusable=diffusable,
            decide_par=perimetre.auteur_id,
        )
    )
    session.flush()


def _composer(
    hypothese: Hypothese,
    lus: Partages,
    histoire: Iterable[StatutDate],
    balance: Sequence[CelluleBalance],
    terrains: Sequence[str],
) -> HypotheseLue:
    poids: Counter[SensPreuve] = Counter()
    for cellule in balance:
        poids.update(cellule.poids)
    dossier = Dossier(
        refutation=hypothese.refutation,
        poids=poids,
        acteurs=sum(cellule.acteurs for cellule in balance),
        terrains_muets=_muets(terrains, (cellule.terrain for cellule in balance)),
        types_muets=_muets(
            [t.libelle.lower() for t in ATTENDUS],
            (cellule.type_acteur.libelle.lower() for cellule in balance if cellule.type_acteur),
        ),
        perdues=sum(cellule.perdues for cellule in balance),
    )
    return HypotheseLue(
        id=hypothese.id,
        code=hypothese.code,
        nature=hypothese.nature,
        enonce=lus[hypothese.enonce],
        refutation=lus[hypothese.refutation],
        poids=dict(poids),
        preuves=sum(cellule.preuves for cellule in balance),
        histoire=tuple(histoire),
        balance=tuple(balance),
        manques=manques(dossier),
        version=hypothese.version,
    )


def _muets(attendus: Sequence[str], entendus: Iterable[str]) -> tuple[str, ...]:
    connus = set(entendus)
    return tuple(nom for nom in attendus if nom not in connus)


def _lire_statuts(session: Session, perimetre: Perimetre) -> Sequence[Any]:
    return session.execute(
        select(
            StatutHypotheseDate.hypothese_id,
            StatutHypotheseDate.statut,
            StatutHypotheseDate.raison,
            StatutHypotheseDate.diffusable,
            StatutHypotheseDate.decide_le,
            Compte.nom_affiche,
        )
        .outerjoin(Compte, Compte.id == StatutHypotheseDate.decide_par)
        .where(visible(StatutHypotheseDate, perimetre))
        .order_by(StatutHypotheseDate.id.desc())
    ).all()


def _raisons_lisibles(decides: Iterable[Any], perimetre: Perimetre) -> set[str]:
    """Un texte libre peut reprendre des mots sans accord : il ne sort que si l'on a dit qu'il le pouvait."""
    equipe, relecture = peut_lire_identites(perimetre), peut_exporter(perimetre)
    return {ligne.raison for ligne in decides if equipe or (relecture and ligne.diffusable)}


def _raconter(decides: Iterable[Any], lus: Partages, perimetre: Perimetre) -> defaultdict[int, list[StatutDate]]:
    equipe, relecture = peut_lire_identites(perimetre), peut_exporter(perimetre)
    histoires: defaultdict[int, list[StatutDate]] = defaultdict(list)
    for ligne in decides:
        lisible = equipe or (relecture and ligne.diffusable)
        histoires[ligne.hypothese_id].append(
            StatutDate(
                statut=ligne.statut,
                raison=lus[ligne.raison] if lisible else "",
                decide_le=ligne.decide_le,
                diffusable=ligne.diffusable,
                auteur=(ligne.nom_affiche or "") if relecture else "",
            )
        )
    return histoires


def _a_une_preuve(session: Session, hypothese_id: int) -> bool:
    requete = select(Preuve.id).where(Preuve.hypothese_id == hypothese_id, Preuve.archive_le.is_(None)).limit(1)
    return session.scalar(requete) is not None


def _sans_contradiction_d_abord(lues: Iterable[HypotheseLue]) -> list[HypotheseLue]:
    return sorted(lues, key=lambda hypothese: hypothese.eprouvee)
