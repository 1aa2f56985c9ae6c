"""Pose les partenariats fictifs : ceux que racontent les entretiens, puis ceux que tire la graine."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from lib.db.modeles import CitationPartenariat, EvenementPartenariat, FormePartenariat, Partenariat
from lib.domain.dates_imprecises import DateImprecise, lire
from lib.domain.erreurs import DonneeInvalide
from lib.domain.partenariats import Episode, Evenement, reconstituer
from lib.domain.vocabulaire import FormeEngagement, Initiateur, ModeRecueil, MotifFin, Rythme, TypeEvenement
from lib.echanges import demonstration as jeu
from lib.services.demonstration.histoires import EvenementFictif, Histoire, tirer_histoire
from lib.services.demonstration.monde import Monde

PART_PAR_TERRAIN = {"marseille": 36, "bfc": 34, "national": 20}


def poser_partenariats(monde: Monde, nombre: int) -> None:
    """Pose `nombre` partenariats, les racontés d'abord."""
    racontes = jeu.lire("partenariats.toml")["partenariat"]
    for champs in racontes:
        source = monde.entretiens.get(champs.get("source", ""))
        paire = champs["entreprise"], champs["association"]
        partenariat_id = _poser(monde, paire, _histoire_racontee(champs), source, champs["description"])
        for mots in champs.get("citations", ()):
            _citer(monde, partenariat_id, monde.citation(champs["source"], mots))
    for _ in range(nombre - len(racontes)):
        terrain = _tirer_terrain(monde.alea)
        paire = _tirer_paire(monde, terrain)
        _poser(monde, paire, _histoire_possible(monde, terrain), _source(monde, paire), "")


def _histoire_racontee(champs: dict[str, Any]) -> Histoire:
    return Histoire(
        forme=FormeEngagement(champs["forme"]),
        rythme=Rythme(champs["rythme"]),
        initiateur=Initiateur(champs["initiateur"]),
        mode_recueil=ModeRecueil.RETROSPECTIF_COMPLET,
        evenements=[_evenement_raconte(*evenement) for evenement in champs["evenements"]],
    )


def _evenement_raconte(type_evenement: str, quand: str, motif: str | None = None) -> EvenementFictif:
    lue = lire(quand)
    return EvenementFictif(
        type=TypeEvenement(type_evenement),
        date_effet=lue.jour,
        precision=lue.precision,
        motif=MotifFin(motif) if motif else None,
    )


def _histoire_possible(monde: Monde, terrain: str) -> Histoire:
    """Une histoire que le domaine accepte : des dates trop vagues peuvent n'admettre aucun ordre."""
    for _ in range(50):
        histoire = tirer_histoire(monde.alea, terrain, monde.arret)
        try:
            _episode(histoire, monde.arret)
        except DonneeInvalide:
            continue
        return histoire
    raise RuntimeError("aucune histoire fictive possible après cinquante tirages")


def _episode(histoire: Histoire, arret: date) -> Episode:
    evenements = [
        Evenement(
            id=rang,
            type=e.type,
            quand=DateImprecise(e.date_effet, e.precision),
            su_le=arret,
            motif=e.motif,
        )
        for rang, e in enumerate(histoire.evenements, start=1)
    ]
    return reconstituer(evenements)


def _poser(monde: Monde, paire: tuple[str, str], histoire: Histoire, source: int | None, description: str) -> int:
    entreprise, association = paire
    partenariat_id = monde.depot.ajouter(
        Partenariat,
        investigation_id=monde.investigation_id,
        terrain_id=monde.terrains[monde.fiches[association]["terrain"]],
        entreprise_id=monde.organisations[entreprise],
        association_id=monde.organisations[association],
        mode_recueil=histoire.mode_recueil,
        rythme=histoire.rythme,
        initiateur=histoire.initiateur,
        solution_id=_solution(monde, histoire, monde.organisations[association]),
        source_entretien_id=source,
        premiere_observation=histoire.premiere_observation,
        description=description,
        **asdict(_episode(histoire, monde.arret)),
    )
    monde.depot.ajouter(FormePartenariat, partenariat_id=partenariat_id, forme=histoire.forme, principale=True)
    for evenement in histoire.evenements:
        monde.depot.ajouter(
            EvenementPartenariat,
            investigation_id=monde.investigation_id,
            partenariat_id=partenariat_id,
            type=evenement.type,
            date_effet=evenement.date_effet,
            precision=evenement.precision,
            motif=evenement.motif,
            source_entretien_id=source,
            saisi_par=monde.comptes["lea"],
        )
    return partenariat_id


def _citer(monde: Monde, partenariat_id: int, verbatim_id: int) -> None:
    monde.depot.ajouter(
        CitationPartenariat,
        investigation_id=monde.investigation_id,
        partenariat_id=partenariat_id,
        verbatim_id=verbatim_id,
        cree_le=datetime.combine(monde.arret, time(9), UTC),
        cree_par=monde.comptes["lea"],
    )


def _solution(monde: Monde, histoire: Histoire, association_id: int) -> int | None:
    """Un partenariat qu'un tiers a noué vient d'une solution existante, toujours la même pour une association."""
    if histoire.initiateur is not Initiateur.TIERS:
        return None
    solutions = list(monde.solutions.values())
    return solutions[association_id % len(solutions)]


def _tirer_terrain(alea: random.Random) -> str:
    return alea.choices(list(PART_PAR_TERRAIN), weights=list(PART_PAR_TERRAIN.values()))[0]


def _tirer_paire(monde: Monde, terrain: str) -> tuple[str, str]:
    """(entreprise, association) du terrain ; un partenariat local sur cinq engage une entreprise nationale."""
    associations = monde.par_terrain[terrain, "association"]
    origine = "national" if monde.alea.random() < 0.2 else terrain
    return monde.alea.choice(monde.par_terrain[origine, "entreprise"]), monde.alea.choice(associations)


def _source(monde: Monde, paire: tuple[str, str]) -> int | None:
    """L'entretien mené chez l'une des deux organisations, s'il y en a un."""
    return next(_entretiens_chez(monde, paire), None)


def _entretiens_chez(monde: Monde, paire: tuple[str, str]) -> Iterator[int]:
    for cle in paire:
        if cle in monde.entretien_par_organisation:
            yield monde.entretien_par_organisation[cle]
