"""Le banc : chaque page contre une page vide, dans la même exécution. `make bench`, ou
`python -m tests.mesures.banc --rapide --pages entretiens,codage`.

Ne juge rien en secondes : la machine est partagée, seuls les rapports entre séries mesurées ensemble se lisent.
"""

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mesures.bases import BaseMesuree, ouvrir_base
from tests.mesures.cibles import Banc, MesurePage, juger
from tests.mesures.client import Demande, Visiteur
from tests.mesures.exports import mesurer_exports
from tests.mesures.mesures import (
    PageEnDefaut,
    Poste,
    Serie,
    comparer,
    mesurer_ensemble,
    mesurer_lot,
    suivre_memoire,
    visite,
)
from tests.mesures.observation import attendre_releves, lire_releves, resumer_cumuls, resumer_profils
from tests.mesures.pages import Genre, PageMesuree, pages_mesurees
from tests.mesures.rapport import ecrire_rapport
from tests.mesures.serveurs import (
    charge_de_la_machine,
    observer_application,
    servir_application,
    servir_vide_par_defaut,
    servir_vide_regle,
)
from tests.mesures.statistiques import mesurer_statistiques
from tests.outils.serveur import RACINE, Serveur

RELANCES_PAR_LOT = 10
RESULTATS = RACINE / "tests" / "resultats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglage:
    """Combien de fois mesurer quoi. relances : par page et par échelle ; les autres : par série."""

    pages: tuple[str, ...]
    echelles: tuple[int, ...]
    relances: int
    froides: int
    sessions: int
    par_session: int
    memoire: int
    demarrages: int
    profil: bool
    duree_max: float
    evenement: bool = False


class Execution:
    """Un passage du banc : ses bases, ses serveurs, ce qu'il a déjà mesuré."""

    def __init__(self, reglage: Reglage, bases: dict[int, BaseMesuree]) -> None:
        self.reglage = reglage
        self.bases = bases
        self.grande = bases[max(bases)]
        self.pages = pages_mesurees(reglage.pages)
        self.banc = Banc(etiquetages={echelle: base.etiquetages for echelle, base in bases.items()})

    async def mesurer(self) -> Banc:
        """Toutes les phases, dans l'ordre."""
        await self._mesurer_seul()
        await self._observer()
        await self._mesurer_ensemble()
        await self._mesurer_memoire()
        await self._mesurer_demarrages()
        if not self.reglage.pages:
            dire("exports de dix mille citations")
            self.banc.exports = mesurer_exports()
            dire("chiffres publics")
            self.banc.statistiques = mesurer_statistiques(self.bases, self.banc.planchers["vide"].cpu)
        return self.banc

    async def _mesurer_seul(self) -> None:
        """Un visiteur à la fois : page vide et page, tour à tour, à chaque échelle."""
        with contextlib.ExitStack() as pile:
            vide = pile.enter_context(servir_vide_regle())
            defaut = pile.enter_context(servir_vide_par_defaut())
            applications = {
                echelle: pile.enter_context(servir_application(base.url)) for echelle, base in self.bases.items()
            }
            await self._mesurer_planchers(vide, defaut)
            for page in self.pages:
                await self._mesurer_page(page, vide, applications)

    async def _mesurer_planchers(self, vide: Serveur, defaut: Serveur) -> None:
        dire("pages vides")
        with servir_vide_regle(theme_garde=True) as theme_garde:
            serveurs = {"vide": vide, "défaut": defaut, "thème gardé": theme_garde}
            postes = {nom: Poste(serveur=serveur, demande=Demande()) for nom, serveur in serveurs.items()}
            self.banc.planchers = await comparer(postes, tours=max(3, self.reglage.relances // 20), relances=5)

    async def _mesurer_page(self, page: PageMesuree, vide: Serveur, applications: dict[int, Serveur]) -> None:
        dire(page.nom)
        postes = {"vide": Poste(serveur=vide, demande=Demande())} | {
            str(echelle): Poste(serveur=serveur, demande=page.demande(self.bases[echelle]))
            for echelle, serveur in applications.items()
        }
        try:
            tours = max(3, self.reglage.relances // RELANCES_PAR_LOT)
            chaudes = await comparer(postes, tours=tours, relances=RELANCES_PAR_LOT)
            froides = await comparer(postes, tours=self.reglage.froides, relances=1, avant_chaque=self._refroidir)
        except (PageEnDefaut, OSError, TimeoutError) as erreur:
            self.banc.en_defaut[page.nom] = repr(erreur)
            dire(f"  EN DÉFAUT : {erreur!r}")
            return
        self.banc.pages.append(
            MesurePage(
                page=page,
                chaudes=_par_echelle(chaudes),
                froides=_par_echelle(froides) if page.connectee else {},
                vide=chaudes["vide"],
                vide_froid=froides["vide"],
            )
        )

    def _refroidir(self, poste: str) -> None:
        if poste != "vide":
            self.bases[int(poste)].changer_les_donnees(evenement=self.reglage.evenement)

    async def _observer(self) -> None:
        """Compte les requêtes SQL de chaque page, à froid et à chaud, et retient le profil de celles qui dépassent."""
        with contextlib.ExitStack() as pile:
            dossier = Path(pile.enter_context(TemporaryDirectory(prefix="associe-releves-")))
            serveur = pile.enter_context(observer_application(self.grande.url, dossier))
            for mesure in self.banc.pages:
                dire(f"requêtes SQL : {mesure.page.nom}")
                try:
                    await self._observer_page(mesure, serveur, dossier)
                except (PageEnDefaut, OSError, TimeoutError) as erreur:
                    self.banc.en_defaut[mesure.page.nom] = f"relevé des requêtes : {erreur!r}"
                    dire(f"  EN DÉFAUT : {erreur!r}")

    async def _observer_page(self, mesure: MesurePage, serveur: Serveur, dossier: Path) -> None:
        poste = Poste(serveur=serveur, demande=mesure.page.demande(self.grande))
        debut = len(lire_releves(dossier))
        async with visite(poste) as visiteur:
            await mesurer_lot(poste, visiteur, 2)
            await attendre_releves(dossier, debut + 3)
            self.grande.changer_les_donnees(evenement=self.reglage.evenement)
            await mesurer_lot(poste, visiteur, 11)
            await attendre_releves(dossier, debut + 14)
        froide, *chaudes = lire_releves(dossier)[-11:]
        mesure.requetes[self.grande.echelle] = (len(chaudes[-1].requetes), len(froide.requetes))
        if self.reglage.profil:
            ecrire_profil(mesure.page.nom, "à chaud", resumer_profils(chaudes), resumer_cumuls(chaudes, str(RACINE)))
            ecrire_profil(mesure.page.nom, "à froid", resumer_profils([froide]), resumer_cumuls([froide], str(RACINE)))

    async def _mesurer_ensemble(self) -> None:
        """Tous à la fois ; chaque page sur un serveur neuf, qui ne réemploie pas la mémoire de la précédente."""
        par_session, nombre = self.reglage.par_session, self.reglage.sessions
        with servir_vide_regle() as serveur:
            vide = Poste(serveur=serveur, demande=Demande())
            dire(f"{nombre} sessions : page vide réglée")
            self.banc.ensembles["vide"] = await mesurer_ensemble(vide, nombre, par_session)
        with servir_vide_par_defaut() as serveur:
            defaut = Poste(serveur=serveur, demande=Demande())
            dire(f"{nombre} sessions : page vide par défaut")
            self.banc.ensembles["défaut"] = await mesurer_ensemble(defaut, nombre, min(2, par_session))
        for mesure in self.banc.pages:
            dire(f"{nombre} sessions : {mesure.page.nom}")
            with servir_application(self.grande.url) as serveur:
                poste = Poste(serveur=serveur, demande=mesure.page.demande(self.grande))
                mesure.ensemble = await mesurer_ensemble(poste, nombre, par_session)

    async def _mesurer_memoire(self) -> None:
        """La même session relancée longtemps, sur une page d'analyse et une page courante."""
        for genre in Genre:
            page = next((m.page for m in self.banc.pages if m.page.genre is genre and m.page.connectee), None)
            if page is None:
                continue
            dire(f"mémoire sur {self.reglage.memoire} relances : {page.nom}")
            with servir_application(self.grande.url) as serveur:
                poste = Poste(serveur=serveur, demande=page.demande(self.grande))
                self.banc.memoire[page.nom] = await suivre_memoire(poste, self.reglage.memoire)

    async def _mesurer_demarrages(self) -> None:
        """Du lancement du serveur à la première page entière, tour à tour."""
        petite = self.bases[min(self.bases)]
        premieres = [page for page in self.pages if not page.connectee or page.genre is Genre.ANALYSE][:1]
        premieres += [page for page in self.pages if not page.connectee][:1]
        for _ in range(self.reglage.demarrages):
            dire("démarrages à froid")
            await self._demarrer("Streamlit nu", servir_vide_par_defaut(), Demande())
            for page in dict.fromkeys(premieres):
                await self._demarrer(page.nom, servir_application(petite.url), page.demande(petite))

    async def _demarrer(self, nom: str, servir: contextlib.AbstractContextManager[Serveur], demande: Demande) -> None:
        depart = time.perf_counter()
        with servir as serveur:
            async with Visiteur(serveur.adresse, demande):
                self.banc.demarrages.setdefault(nom, []).append(1000 * (time.perf_counter() - depart))


def _par_echelle(series: dict[str, Serie]) -> dict[int, Serie]:
    return {int(nom): serie for nom, serie in series.items() if nom != "vide"}


def ecrire_profil(page: str, temperature: str, propres: Sequence[str], cumuls: Sequence[str]) -> None:
    """Ajoute au fichier des profils : temps propre, cumul et appels par relance, puis le cumul de notre code."""
    RESULTATS.mkdir(parents=True, exist_ok=True)
    with (RESULTATS / "profils.txt").open("a", encoding="utf-8") as fichier:
        fichier.write(f"\n== {page}, {temperature} (ms par relance : propre, cumulé, appels)\n")
        fichier.write("\n".join([*propres, "-- notre code (cumulé, appels)", *cumuls]) + "\n")


def dire(message: str) -> None:
    """Où en est le banc, sur la sortie d'erreur."""
    print(f"[{time.strftime('%H:%M:%S')}] {message}", file=sys.stderr, flush=True)


def lire_options(arguments: Sequence[str] | None = None) -> Reglage:
    """Réglage demandé en ligne de commande."""
    lecteur = argparse.ArgumentParser(prog="make bench", description=__doc__)
    lecteur.add_argument("--pages", default="", help="adresses séparées par des virgules (toutes par défaut)")
    lecteur.add_argument("--echelles", default="1,10000", help="nombres d'entretiens, séparés par des virgules")
    lecteur.add_argument("--relances", type=int, default=100, help="relances à chaud par page et par échelle")
    lecteur.add_argument("--sessions", type=int, default=50, help="sessions ouvertes ensemble")
    lecteur.add_argument("--rapide", action="store_true", help="deux minutes : moins de relances, mêmes rapports")
    lecteur.add_argument("--profil", action="store_true", help="écrit où passe le temps dans resultats/profils.txt")
    lecteur.add_argument("--evenement", action="store_true", help="à froid : après un événement de partenariat")
    choix = lecteur.parse_args(arguments)
    rapide = choix.rapide
    return Reglage(
        pages=tuple(filter(None, choix.pages.split(","))),
        echelles=tuple(int(echelle) for echelle in choix.echelles.split(",")),
        relances=30 if rapide else choix.relances,
        froides=5 if rapide else 15,
        sessions=choix.sessions,
        par_session=2 if rapide else 10,
        memoire=500 if rapide else 5000,
        demarrages=2 if rapide else 5,
        profil=choix.profil,
        duree_max=3600.0,
        evenement=choix.evenement,
    )


async def executer(reglage: Reglage) -> Banc:
    """Le banc entier, arrêté au bout de `duree_max` secondes."""
    with contextlib.ExitStack() as pile:
        dire("bases de démonstration")
        bases = {echelle: pile.enter_context(ouvrir_base(echelle)) for echelle in reglage.echelles}
        async with asyncio.timeout(reglage.duree_max):
            return await Execution(reglage, bases).mesurer()


def main() -> None:
    """Mesure, écrit le rapport, l'affiche."""
    reglage = lire_options()
    (RESULTATS / "profils.txt").unlink(missing_ok=True)
    depart = time.perf_counter()
    avant = charge_de_la_machine()
    banc = asyncio.run(executer(reglage))
    banc.conditions = {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "durée (min)": round((time.perf_counter() - depart) / 60, 1),
        "charge avant (par cœur)": round(avant, 2),
        "charge après (par cœur)": round(charge_de_la_machine(), 2),
        "relances par page": reglage.relances,
    }
    print(ecrire_rapport(banc, juger(banc), RESULTATS))


if __name__ == "__main__":
    main()
