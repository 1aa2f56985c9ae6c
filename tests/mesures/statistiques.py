"""Le prix des chiffres publics, à côté d'une page vide : `make bench` le joint à son rapport ;
`python -m tests.mesures.statistiques` le mesure seul.

À chaud : ce que coûte au serveur une demande de plus, par la vraie route. À froid : la lecture et l'écriture, que le
serveur ne refait qu'une fois par période de fraîcheur, mesurées dans ce processus.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

from lib.domain.formats import nombre
from lib.serveur.chiffres_publics import fournisseur
from lib.serveur.statistiques import StatistiquesPubliques, ecrire_csv, ecrire_json, ecrire_statistiques
from tests.mesures.bases import BaseMesuree, ouvrir_base
from tests.mesures.serveurs import servir_application, servir_vide_regle, temps_processeur
from tests.outils.serveur import Serveur

ECRIRE: Mapping[str, Callable[[StatistiquesPubliques | None], str]] = {
    "/statistiques": ecrire_statistiques,
    "/statistiques.json": ecrire_json,
    "/statistiques.csv": ecrire_csv,
}
DEMANDES = 50
ESSAIS = 9


@dataclass(slots=True, kw_only=True)
class MesureRoute:
    """Millisecondes de processeur par demande. chaudes, froides : par échelle. vide : la page vide réglée.

    requetes : ordres SQL d'une lecture, à la plus grande échelle.
    """

    adresse: str
    vide: float
    chaudes: dict[int, float] = field(default_factory=dict)
    froides: dict[int, float] = field(default_factory=dict)
    requetes: int = 0

    def rapport(self, *, froide: bool) -> float:
        """Processeur à la plus grande échelle, en pages vides réglées."""
        prix = self.froides if froide else self.chaudes
        return prix[max(prix)] / self.vide

    def croissance(self, *, froide: bool) -> float:
        """De la plus petite échelle à la plus grande."""
        prix = self.froides if froide else self.chaudes
        return prix[max(prix)] / prix[min(prix)]


def mesurer_statistiques(bases: Mapping[int, BaseMesuree], vide: float) -> list[MesureRoute]:
    """Chaque route à chaque échelle. vide : processeur de la page vide réglée, en millisecondes."""
    mesures = [MesureRoute(adresse=adresse, vide=vide) for adresse in ECRIRE]
    for echelle, base in bases.items():
        with servir_application(base.url) as serveur:
            for mesure in mesures:
                mesure.chaudes[echelle] = _demander(serveur, mesure.adresse)
        for mesure in mesures:
            mesure.froides[echelle] = _lire(base.moteur, mesure.adresse)
            mesure.requetes = _compter(base.moteur)
    return mesures


def _demander(serveur: Serveur, adresse: str) -> float:
    """Après une première demande, qui lit la base."""
    assert serveur.lire(adresse).statut == 200
    avant = temps_processeur(serveur.pid)
    for _ in range(DEMANDES):
        serveur.lire(adresse)
    return 1000 * (temps_processeur(serveur.pid) - avant) / DEMANDES


def _lire(moteur: Engine, adresse: str) -> float:
    fournir = fournisseur(lambda: moteur, fraicheur=0)
    ecrire = ECRIRE[adresse]
    ecrire(fournir())
    prix = []
    for _ in range(ESSAIS):
        depart = time.process_time()
        ecrire(fournir())
        prix.append(1000 * (time.process_time() - depart))
    return statistics.median(prix)


def _compter(moteur: Engine) -> int:
    ordres: list[str] = []

    def noter(_c: object, _k: object, ordre: str, *_: object) -> None:
        if ordre.startswith(("SELECT", "WITH")):
            ordres.append(ordre)

    event.listen(moteur, "before_cursor_execute", noter)
    fournisseur(lambda: moteur, fraicheur=0)()
    event.remove(moteur, "before_cursor_execute", noter)
    return len(ordres)


ENTETES = ["route", "à chaud (ms)", "× vide", "croissance", "à froid (ms)", "× vide", "croissance", "SQL à froid"]


def en_lignes(mesures: Sequence[MesureRoute]) -> list[list[str]]:
    """De quoi en faire un tableau."""
    return [
        [
            mesure.adresse,
            *_prix(mesure.chaudes, mesure, froide=False),
            *_prix(mesure.froides, mesure, froide=True),
            str(mesure.requetes),
        ]
        for mesure in mesures
    ]


def _prix(prix: Mapping[int, float], mesure: MesureRoute, *, froide: bool) -> list[str]:
    rapports = (mesure.rapport(froide=froide), mesure.croissance(froide=froide))
    return [nombre(prix[max(prix)], 2), *(nombre(rapport, 2) for rapport in rapports)]


def main() -> None:
    """Mesure aux deux échelles et écrit une ligne par route."""
    import asyncio

    from tests.mesures.client import Demande
    from tests.mesures.mesures import Poste, comparer

    with contextlib.ExitStack() as pile:
        bases = {echelle: pile.enter_context(ouvrir_base(echelle)) for echelle in (1, 10_000)}
        vide = Poste(serveur=pile.enter_context(servir_vide_regle()), demande=Demande())
        serie = asyncio.run(comparer({"vide": vide}, tours=5, relances=20))["vide"]
        for ligne in [ENTETES, *en_lignes(mesurer_statistiques(bases, serie.cpu))]:
            print(" | ".join(ligne))


if __name__ == "__main__":
    main()
