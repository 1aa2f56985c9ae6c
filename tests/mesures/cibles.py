"""Les cibles de vitesse et leurs verdicts : tenue, ou manquée de combien."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.mesures.exports import SEUIL_LATENCE, SEUILS, MesuresExports
from tests.mesures.mesures import Ensemble, Serie
from tests.mesures.pages import Genre, PageMesuree
from tests.mesures.statistiques import MesureRoute

CROISSANCE = 1.5
CHAUDE = {Genre.COURANTE: 4.0, Genre.ANALYSE: 3.0}
FROIDE_ANALYSE = 12.0
DEMARRAGE = 2.0
REQUETES = 8
# Une relance de plus ne doit rien laisser : au-delà, ce n'est plus le bruit de l'allocateur.
MEMOIRE_MIO = 8.0


@dataclass(slots=True, kw_only=True)
class MesurePage:
    """Tout ce que le banc sait d'une page. Les dictionnaires ont pour clé l'échelle."""

    page: PageMesuree
    chaudes: dict[int, Serie] = field(default_factory=dict)
    froides: dict[int, Serie] = field(default_factory=dict)
    vide: Serie = field(default_factory=Serie)
    vide_froid: Serie = field(default_factory=Serie)
    requetes: dict[int, tuple[int, int]] = field(default_factory=dict)
    ensemble: Ensemble | None = None

    @property
    def grande(self) -> int:
        """La plus grande échelle mesurée."""
        return max(self.chaudes)

    def rapport_vide(self, echelle: int, *, froide: bool = False) -> float:
        """Processeur de la page sur celui de la page vide de notre serveur, mesurés aux mêmes instants."""
        serie = self.froides[echelle] if froide else self.chaudes[echelle]
        return serie.rapport(self.vide_froid if froide else self.vide)

    @property
    def croissance(self) -> float | None:
        """Processeur à la plus grande échelle sur celui à la plus petite ; None si une seule est mesurée."""
        return _croissance(self.chaudes)

    @property
    def croissance_froide(self) -> float | None:
        """Comme `croissance`, quand les données viennent de changer."""
        return _croissance(self.froides)


def _croissance(series: dict[int, Serie]) -> float | None:
    return series[max(series)].rapport(series[min(series)]) if len(series) > 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Une cible confrontée à sa mesure. Tenue tant que la mesure ne dépasse pas le seuil."""

    cible: str
    objet: str
    mesure: float
    seuil: float

    @property
    def tenue(self) -> bool:
        return self.mesure <= self.seuil

    @property
    def phrase(self) -> str:
        """« tenue » ou « manquée », et de combien."""
        if self.tenue:
            return "tenue"
        return f"manquée de {_nombre(self.mesure - self.seuil)} (× {_nombre(self.mesure / self.seuil)} du seuil)"


@dataclass(slots=True, kw_only=True)
class Banc:
    """Un passage entier du banc."""

    pages: list[MesurePage] = field(default_factory=list)
    planchers: dict[str, Serie] = field(default_factory=dict)
    ensembles: dict[str, Ensemble] = field(default_factory=dict)
    demarrages: dict[str, list[float]] = field(default_factory=dict)
    memoire: dict[str, list[float]] = field(default_factory=dict)
    etiquetages: dict[int, int] = field(default_factory=dict)
    en_defaut: dict[str, str] = field(default_factory=dict)
    exports: MesuresExports | None = None
    statistiques: list[MesureRoute] = field(default_factory=list)
    conditions: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def defaut(self) -> Serie:
        """La page vide d'un Streamlit sans réglage."""
        return self.planchers["défaut"]


def juger(banc: Banc) -> list[Verdict]:
    """Un verdict par cible et par objet mesuré, dans l'ordre de l'énoncé des cibles."""
    verdicts: list[Verdict] = []
    for mesure in banc.pages:
        verdicts += _juger_page(mesure, banc)
    verdicts += _juger_memoire(banc)
    verdicts += _juger_demarrage(banc)
    verdicts += _juger_exports(banc.exports) if banc.exports else ()
    for route in banc.statistiques:
        verdicts += _juger_route(route)
    return verdicts


def _juger_page(mesure: MesurePage, banc: Banc) -> Iterator[Verdict]:
    nom, genre, grande = mesure.page.nom, mesure.page.genre, mesure.grande
    defaut = mesure.chaudes[grande].cpu / banc.defaut.cpu
    yield Verdict(cible="moins qu'une page vide par défaut, à chaud", objet=nom, mesure=defaut, seuil=1.0)
    if mesure.froides:
        froide = mesure.froides[grande].cpu / banc.defaut.cpu
        yield Verdict(cible="moins qu'une page vide par défaut, à froid", objet=nom, mesure=froide, seuil=1.0)
    yield Verdict(
        cible=f"{genre} à chaud, en pages vides réglées",
        objet=nom,
        mesure=mesure.rapport_vide(grande),
        seuil=CHAUDE[genre],
    )
    if mesure.froides and genre is Genre.ANALYSE:
        yield Verdict(
            cible=f"{genre} à froid, en pages vides réglées",
            objet=nom,
            mesure=mesure.rapport_vide(grande, froide=True),
            seuil=FROIDE_ANALYSE,
        )
    if mesure.croissance is not None:
        yield Verdict(cible="croissance entre échelles, à chaud", objet=nom, mesure=mesure.croissance, seuil=CROISSANCE)
    if mesure.croissance_froide is not None:
        croissance = mesure.croissance_froide
        yield Verdict(cible="croissance entre échelles, à froid", objet=nom, mesure=croissance, seuil=CROISSANCE)
    if mesure.requetes:
        yield Verdict(cible="requêtes SQL à froid", objet=nom, mesure=mesure.requetes[grande][1], seuil=REQUETES)
    if mesure.ensemble and banc.ensembles:
        yield from _juger_ensemble(mesure.ensemble, nom, genre, banc)


def _juger_ensemble(ensemble: Ensemble, nom: str, genre: Genre, banc: Banc) -> Iterator[Verdict]:
    defaut, vide = banc.ensembles["défaut"].cpu, banc.ensembles["vide"].cpu
    yield Verdict(
        cible="moins qu'une page vide par défaut, tous ensemble", objet=nom, mesure=ensemble.cpu / defaut, seuil=1.0
    )
    yield Verdict(
        cible=f"{genre} tous ensemble, en pages vides réglées",
        objet=nom,
        mesure=ensemble.cpu / vide,
        seuil=CHAUDE[genre],
    )


def _juger_memoire(banc: Banc) -> Iterator[Verdict]:
    for nom, releves in banc.memoire.items():
        yield Verdict(cible="mémoire gagnée (Mio)", objet=nom, mesure=releves[-1] - releves[0], seuil=MEMOIRE_MIO)


def _juger_demarrage(banc: Banc) -> Iterator[Verdict]:
    nu = mediane_de(banc.demarrages.get("Streamlit nu", []))
    for nom, durees in banc.demarrages.items():
        if nom != "Streamlit nu" and nu:
            yield Verdict(
                cible="démarrage, en Streamlit nus", objet=nom, mesure=mediane_de(durees) / nu, seuil=DEMARRAGE
            )


def mediane_de(valeurs: list[float]) -> float:
    """Médiane par rang ; 0 pour une liste vide."""
    return sorted(valeurs)[len(valeurs) // 2] if valeurs else 0.0


def _juger_route(route: MesureRoute) -> Iterator[Verdict]:
    """Les chiffres publics se jugent comme une page d'analyse."""
    for froide, quand, seuil in ((False, "à chaud", CHAUDE[Genre.ANALYSE]), (True, "à froid", FROIDE_ANALYSE)):
        rapport, croissance = route.rapport(froide=froide), route.croissance(froide=froide)
        cible = f"{Genre.ANALYSE} {quand}, en pages vides réglées"
        yield Verdict(cible=cible, objet=route.adresse, mesure=rapport, seuil=seuil)
        cible = f"croissance entre échelles, {quand}"
        yield Verdict(cible=cible, objet=route.adresse, mesure=croissance, seuil=CROISSANCE)
    yield Verdict(cible="requêtes SQL à froid", objet=route.adresse, mesure=route.requetes, seuil=REQUETES)


def _nombre(valeur: float) -> str:
    return f"{valeur:.1f}".replace(".", ",") if valeur >= 0.1 else f"{valeur:.2f}".replace(".", ",")


def _juger_exports(mesures: MesuresExports) -> Iterator[Verdict]:
    for mesure in mesures.formats:
        yield Verdict(
            cible="dix mille citations, en boucles nues",
            objet=mesure.format.value,
            mesure=mesure.rapport,
            seuil=SEUILS[mesure.format],
        )
    yield Verdict(
        cible="une écriture pendant un export, en écritures au repos",
        objet="exports",
        mesure=mesures.rapport_latence,
        seuil=SEUIL_LATENCE,
    )
