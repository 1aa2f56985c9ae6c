"""Ce que l'on mesure : des lots de relances, entrelacés pour que le bruit de la machine les touche tous."""

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lib.ui.navigation import CONNEXION
from tests.mesures.client import Demande, Relance, Visiteur, empreinte_de_page
from tests.mesures.serveurs import memoire, temps_processeur
from tests.outils.serveur import Serveur

OUVERTURES_EN_MEME_TEMPS = 10


class PageEnDefaut(Exception):
    """La page mesurée n'est pas celle demandée, ou montre une erreur : sa vitesse ne voudrait rien dire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poste:
    """Un serveur et ce qu'on y ouvre."""

    serveur: Serveur
    demande: Demande


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Quelques relances de suite. cpu : millisecondes de processeur du serveur par relance ; durees : en ms."""

    cpu: float
    durees: tuple[float, ...]
    octets: float


@dataclass(slots=True, kw_only=True)
class Serie:
    """Les lots d'un poste, et ce qu'a pesé le premier affichage."""

    lots: list[Lot] = field(default_factory=list)
    premier_affichage: Relance = field(default_factory=Relance)

    @property
    def cpu(self) -> float:
        return statistics.median(lot.cpu for lot in self.lots)

    @property
    def octets(self) -> float:
        return statistics.median(lot.octets for lot in self.lots)

    def quantile(self, part: float) -> float:
        """Durée (ms) sous laquelle passe cette part des relances."""
        return quantile([duree for lot in self.lots for duree in lot.durees], part)

    def rapport(self, autre: "Serie") -> float:
        """Médiane, lot à lot, du processeur de cette série sur celui d'une autre mesurée aux mêmes instants."""
        return statistics.median(ici.cpu / la.cpu for ici, la in zip(self.lots, autre.lots, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """Tous à la fois. memoire : Mio par session ouverte ; debit : relances par seconde ; durees en ms."""

    sessions: int
    cpu: float
    p50: float
    p95: float
    debit: float
    memoire: float


def quantile(valeurs: Sequence[float], part: float) -> float:
    """Quantile par rang, sans interpolation ; 0 pour une suite vide."""
    rangees = sorted(valeurs)
    return rangees[round(part * (len(rangees) - 1))] if rangees else 0.0


@asynccontextmanager
async def visite(poste: Poste) -> AsyncIterator[Visiteur]:
    """Un visiteur arrivé sur la bonne page. Lève PageEnDefaut sinon."""
    async with Visiteur(poste.serveur.adresse, poste.demande) as visiteur:
        verifier(poste, visiteur.premiere)
        yield visiteur


def verifier(poste: Poste, relance: Relance) -> None:
    """Lève PageEnDefaut si la relance n'a pas servi la page demandée, entière et sans erreur."""
    voulue = poste.demande.adresse
    if relance.defauts:
        raise PageEnDefaut(f"« {voulue} » : {' ; '.join(relance.defauts)}\n{poste.serveur.lire_journal()[-2000:]}")
    if voulue and relance.page != empreinte_de_page(voulue):
        raise PageEnDefaut(f"« {voulue} » : une autre page a été servie ({', '.join(relance.titres)})")
    # Sans session, l'adresse demandée montre le formulaire de connexion.
    if voulue not in {"", CONNEXION.adresse} and relance.titres == [CONNEXION.titre]:
        raise PageEnDefaut(f"« {voulue} » : la page de connexion a été servie à sa place")


async def mesurer_lot(poste: Poste, visiteur: Visiteur, relances: int) -> Lot:
    """Un lot de relances d'affilée d'un seul visiteur."""
    avant = temps_processeur(poste.serveur.pid)
    faites = [await visiteur.relancer() for _ in range(relances)]
    cpu = temps_processeur(poste.serveur.pid) - avant
    verifier(poste, faites[-1])
    return Lot(
        cpu=1000 * cpu / relances,
        durees=tuple(1000 * relance.duree for relance in faites),
        octets=statistics.mean(relance.octets for relance in faites),
    )


async def comparer(
    postes: Mapping[str, Poste], *, tours: int, relances: int, avant_chaque: Callable[[str], None] | None = None
) -> dict[str, Serie]:
    """Séries mesurées tour à tour : à chaque tour, un lot de chaque poste.

    relances : par lot. avant_chaque : appelé avec le nom du poste avant chaque lot, hors mesure.
    """
    series = {nom: Serie() for nom in postes}
    async with contextlib.AsyncExitStack() as pile:
        visiteurs = {nom: await pile.enter_async_context(visite(poste)) for nom, poste in postes.items()}
        for nom, poste in postes.items():
            series[nom].premier_affichage = visiteurs[nom].premiere
            await mesurer_lot(poste, visiteurs[nom], 3)
        for _ in range(tours):
            for nom, poste in postes.items():
                if avant_chaque:
                    avant_chaque(nom)
                series[nom].lots.append(await mesurer_lot(poste, visiteurs[nom], relances))
    return series


async def mesurer_ensemble(poste: Poste, sessions: int, relances: int) -> Ensemble:
    """Des visiteurs qui relancent tous en boucle, chacun dès que sa relance précédente est finie."""
    serveur = poste.serveur
    async with visite(poste) as premier:
        await mesurer_lot(poste, premier, 5)
    memoire_avant = memoire(serveur.pid)
    visiteurs = [Visiteur(serveur.adresse, poste.demande) for _ in range(sessions)]
    try:
        await _ouvrir_tous(visiteurs)
        memoire_apres = memoire(serveur.pid)
        verifier(poste, visiteurs[-1].premiere)
        cpu, depart = temps_processeur(serveur.pid), asyncio.get_running_loop().time()
        durees = await asyncio.gather(*(_relancer_en_boucle(visiteur, relances) for visiteur in visiteurs))
        ecoule = asyncio.get_running_loop().time() - depart
        cpu = temps_processeur(serveur.pid) - cpu
    finally:
        await asyncio.gather(*(visiteur.fermer() for visiteur in visiteurs))
    toutes = [duree for suite in durees for duree in suite]
    return Ensemble(
        sessions=len(visiteurs),
        cpu=1000 * cpu / len(toutes),
        p50=quantile(toutes, 0.5),
        p95=quantile(toutes, 0.95),
        debit=len(toutes) / ecoule,
        memoire=(memoire_apres - memoire_avant) / len(visiteurs),
    )


async def _ouvrir_tous(visiteurs: Sequence[Visiteur]) -> None:
    places = asyncio.Semaphore(OUVERTURES_EN_MEME_TEMPS)

    async def ouvrir(visiteur: Visiteur) -> None:
        async with places:
            await visiteur.ouvrir()

    await asyncio.gather(*(ouvrir(visiteur) for visiteur in visiteurs))


async def _relancer_en_boucle(visiteur: Visiteur, relances: int) -> list[float]:
    return [1000 * (await visiteur.relancer()).duree for _ in range(relances)]


async def suivre_memoire(poste: Poste, relances: int, releves: int = 10) -> list[float]:
    """Mémoire (Mio) relevée à intervalles réguliers pendant des relances d'une même session ; le premier relevé suit
    une mise en route d'un dixième des relances."""
    par_releve = max(1, relances // releves)
    async with visite(poste) as visiteur:
        suite = []
        for _ in range(releves + 1):
            await mesurer_lot(poste, visiteur, par_releve)
            suite.append(memoire(poste.serveur.pid))
    return suite
