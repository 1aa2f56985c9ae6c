"""Le prix d'un export de dix mille citations, à côté de la boucle nue, et ce qu'il coûte à qui écrit pendant ce temps.

`python -m tests.mesures.exports` mesure cela seul ; `make bench` le joint à son rapport.
"""

import contextlib
import csv
import gc
import io
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from lib.db.modeles import Compte, Terrain
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.services.exports import DemandeExport, ecrire, produire
from lib.services.exports_codage import CITATIONS
from lib.services.exports_colonnes import Contexte
from lib.services.exports_fichier import FormatExport
from lib.services.investigations import date_des_chiffres
from lib.services.transaction import ecriture, lecture
from tests.mesures.bases import BaseMesuree, ouvrir_base

# De quoi passer dix mille citations.
ECHELLE = 130
CITATIONS_VISEES = 10_000
ESSAIS = 5
ECRITURES = 40
# Processeur de l'export rapporté à celui de la boucle nue : 0,18 s contre 0,08 s, 1 s contre 0,55 s.
SEUILS = {FormatExport.CSV: 2.25, FormatExport.XLSX: 1.85}
SEUIL_LATENCE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MesureExport:
    """Un format, en secondes de processeur pour dix mille citations. nue : lire et écrire les lignes telles quelles."""

    format: FormatExport
    nue: float
    pseudonymise: float
    identifie: float

    @property
    def rapport(self) -> float:
        """L'export ordinaire, sous pseudonyme, en boucles nues."""
        return self.pseudonymise / self.nue


@dataclass(frozen=True, slots=True, kw_only=True)
class MesuresExports:
    """Tout ce que l'on mesure des exports. latences : médianes d'une écriture, en secondes, au repos et pendant."""

    citations: int
    formats: tuple[MesureExport, ...]
    repos: float
    pendant: float

    @property
    def rapport_latence(self) -> float:
        """Une écriture pendant un export, en écritures au repos."""
        return self.pendant / self.repos


def mesurer_exports(essais: int = ESSAIS) -> MesuresExports:
    """Mesure les deux formats, puis l'écriture concurrente, sur une base de démonstration."""
    with ouvrir_base(ECHELLE) as base:
        perimetre = _perimetre(base)
        gc.collect()
        gc.freeze()
        try:
            with lecture(base.moteur) as session:
                citations = CITATIONS.compter_lignes(session, _contexte(session, perimetre))
                formats = tuple(_mesurer_format(session, perimetre, f, citations, essais) for f in FormatExport)
            repos, pendant = _mesurer_latences(base.moteur, perimetre)
        finally:
            gc.unfreeze()
    return MesuresExports(citations=citations, formats=formats, repos=repos, pendant=pendant)


def _perimetre(base: BaseMesuree) -> Perimetre:
    with lecture(base.moteur) as session:
        compte_id = session.scalars(select(Compte.id).where(Compte.role == Role.ADMINISTRATEUR)).first() or 0
    return Perimetre(
        compte_id=compte_id, role=Role.ADMINISTRATEUR, investigation_id=base.investigation_id, fictive=True
    )


def _contexte(session: Session, perimetre: Perimetre) -> Contexte:
    return Contexte(perimetre=perimetre, identifie=True, arret=date_des_chiffres(session, perimetre))


def _mesurer_format(
    session: Session, perimetre: Perimetre, format_: FormatExport, citations: int, essais: int
) -> MesureExport:
    """Tour à tour, pour que le bruit de la machine les touche tous ; le meilleur de chacun."""
    series: dict[str, list[float]] = {"nue": [], "pseudonymise": [], "identifie": []}
    gestes: dict[str, Callable[[], object]] = {
        "nue": lambda: _boucle_nue(session, perimetre, format_),
        "pseudonymise": lambda: _exporter(session, perimetre, format_, identifie=False),
        "identifie": lambda: _exporter(session, perimetre, format_, identifie=True),
    }
    for _ in range(essais):
        for nom, geste in gestes.items():
            series[nom].append(_processeur(geste) * CITATIONS_VISEES / citations)
    return MesureExport(format=format_, **{nom: min(durees) for nom, durees in series.items()})


def _processeur(geste: Callable[[], object]) -> float:
    avant = time.process_time()
    geste()
    return time.process_time() - avant


def _exporter(session: Session, perimetre: Perimetre, format_: FormatExport, *, identifie: bool) -> None:
    demande = DemandeExport(
        format=format_, tables=("citations",), identifie=identifie, motif="mesure de vitesse" if identifie else ""
    )
    with tempfile.TemporaryFile() as sortie:
        ecrire(session, perimetre, demande, sortie, auteur="banc")


def _boucle_nue(session: Session, perimetre: Perimetre, format_: FormatExport) -> None:
    """La même requête, ses lignes écrites telles quelles : ni protection, ni libellé, ni masque, ni regroupement."""
    requete = CITATIONS.requete(_contexte(session, perimetre)).execution_options(yield_per=1000)
    lignes = session.execute(requete)
    if format_ is FormatExport.CSV:
        csv.writer(io.StringIO(), delimiter=";").writerows(lignes)
        return
    with tempfile.TemporaryFile() as sortie:
        classeur = Workbook(sortie, {"constant_memory": True})
        feuille = classeur.add_worksheet()
        for rang, ligne in enumerate(lignes):
            for colonne, valeur in enumerate(ligne):
                _poser(feuille, rang, colonne, valeur)
        classeur.close()


def _poser(feuille: Any, rang: int, colonne: int, valeur: Any) -> None:
    if isinstance(valeur, str):
        feuille.write_string(rang, colonne, valeur)
    elif isinstance(valeur, date):
        feuille.write_datetime(rang, colonne, valeur)
    elif valeur is not None:
        feuille.write_number(rang, colonne, valeur)


# --- Écrire pendant ce temps ------------------------------------------------------------------------------------


def _mesurer_latences(moteur: Engine, perimetre: Perimetre) -> tuple[float, float]:
    _ecrire_une_fois(moteur, perimetre)
    repos = [_ecrire_une_fois(moteur, perimetre) for _ in range(ECRITURES)]
    with _exports_sans_fin(moteur, perimetre):
        pendant = [_ecrire_une_fois(moteur, perimetre) for _ in range(ECRITURES)]
    return statistics.median(repos), statistics.median(pendant)


def _ecrire_une_fois(moteur: Engine, perimetre: Perimetre) -> float:
    """Une personne corrige le nom d'un terrain, puis souffle."""
    avant = time.perf_counter()
    with ecriture(moteur, perimetre) as session:
        terrain = session.scalars(select(Terrain).limit(1)).one()
        terrain.nom = f"{terrain.nom.rstrip('.')}{'' if terrain.nom.endswith('.') else '.'}"
    duree = time.perf_counter() - avant
    time.sleep(0.02)
    return duree


@contextlib.contextmanager
def _exports_sans_fin(moteur: Engine, perimetre: Perimetre) -> Iterator[None]:
    """Un autre fil du même serveur exporte en boucle, jusqu'à la sortie du bloc."""
    fini = threading.Event()

    def exporter() -> None:
        demande = DemandeExport(format=FormatExport.XLSX, tables=("citations",))
        while not fini.is_set():
            produire(moteur, perimetre, demande, auteur="banc").fichier.close()

    fil = threading.Thread(target=exporter)
    fil.start()
    time.sleep(0.2)
    try:
        yield
    finally:
        fini.set()
        fil.join()


def main() -> None:
    """Mesure et affiche, sans juger."""
    mesures = mesurer_exports()
    print(f"{mesures.citations} citations ; secondes de processeur pour {CITATIONS_VISEES}")
    for mesure in mesures.formats:
        print(
            f"{mesure.format.value:<5} nue {mesure.nue:.3f}  pseudonymisé {mesure.pseudonymise:.3f}  "
            f"identifié {mesure.identifie:.3f}  rapport {mesure.rapport:.2f} (seuil {SEUILS[mesure.format]})"
        )
    print(
        f"écriture : {1000 * mesures.repos:.1f} ms au repos, {1000 * mesures.pendant:.1f} ms pendant un export "
        f"(× {mesures.rapport_latence:.2f}, seuil {SEUIL_LATENCE})",
        file=sys.stdout,
    )


if __name__ == "__main__":
    main()
