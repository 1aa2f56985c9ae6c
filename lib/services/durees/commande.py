"""Les durées mesurées pour un script : tout ce qui se calcule, sans la prudence du tracé, et son objet JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from lib.analytics.comparaison_durees import MINIMUM_EVENEMENTS, LogRank
from lib.analytics.durees import AnalyseDurees, DureesGroupe, analyser
from lib.analytics.survie import TypeIntervalle
from lib.domain.axes import AxeDuree, UniteDuree
from lib.domain.droits import Perimetre
from lib.domain.formats import compter
from lib.services.durees.lecture import EpisodesLus, exiger_un_debut, lire_episodes


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeDurees:
    """Ce que l'on veut mesurer. `instants` et `horizon` : dans l'unité demandée ; sans horizon, le plus long commun."""

    instants: tuple[float, ...]
    axe: AxeDuree | None = None
    strates: AxeDuree | None = None
    unite: UniteDuree = UniteDuree.MOIS
    au: date | None = None
    horizon: float | None = None
    intervalle: TypeIntervalle = "log-log"


@dataclass(frozen=True, slots=True, kw_only=True)
class MesureDurees:
    """Les épisodes lus, et leur analyse."""

    lus: EpisodesLus
    analyse: AnalyseDurees


def mesurer(session: Session, perimetre: Perimetre, demande: DemandeDurees) -> MesureDurees:
    """Mesure jusqu'au dernier épisode suivi : chaque point dit son effectif à risque, à qui lit d'en juger.

    Lève DonneeInvalide si rien n'avait commencé à la date d'arrêt, AccesRefuse.
    """
    lus = lire_episodes(
        session, perimetre, axe=demande.axe, strates=demande.strates, unite=demande.unite, au=demande.au
    )
    exiger_un_debut(lus)
    analyse = analyser(
        lus.lignes,
        instants=demande.instants,
        horizon=demande.horizon,
        minimum_a_risque=1,
        minimum_evenements=0,
        type_intervalle=demande.intervalle,
    )
    return MesureDurees(lus=lus, analyse=analyse)


def decrire(mesure: MesureDurees) -> dict[str, Any]:
    """L'objet JSON d'une analyse ; son schéma est dans docs/statistiques.md."""
    lus, analyse = mesure.lus, mesure.analyse
    exclus = {place.value: effectif for place, effectif in sorted(lus.ecartes.items())}
    if analyse.sans_suivi:
        exclus["sans_suivi"] = analyse.sans_suivi
    return {
        "unite": lus.unite.value,
        "au": lus.au.isoformat(),
        "exclus": exclus,
        "groupes": [_groupe(groupe, analyse.horizon) for groupe in analyse.groupes],
        "logrank": _log_rank(analyse.log_rank),
    }


def _groupe(groupe: DureesGroupe, horizon: float | None) -> dict[str, Any]:
    courbe, moyenne = groupe.courbe, groupe.moyenne
    return {
        "nom": groupe.nom,
        "n": courbe.episodes.effectif,
        "termines": courbe.episodes.termines,
        "a_partir_de": courbe.debut,
        "mediane": courbe.mediane.valeur,
        "mediane_ic": [courbe.mediane.bas, courbe.mediane.haut],
        "survie": [
            {"t": p.instant, "s": p.survie, "bas": p.bas, "haut": p.haut, "a_risque": p.a_risque} for p in groupe.points
        ],
        "rmst": {
            "horizon": horizon,
            "valeur": moyenne.valeur if moyenne else None,
            "erreur_type": moyenne.erreur_type if moyenne else None,
        },
        "incidences": [
            {
                "motif": motif,
                "t": point.instant,
                "valeur": lu.part if lu else None,
                "erreur_type": lu.erreur_type if lu else None,
            }
            for motif in groupe.incidences.motifs
            for point in groupe.points
            for lu in [groupe.incidences.point(motif, point.instant)]
        ],
    }


def _log_rank(resultat: LogRank) -> dict[str, Any]:
    """Sous dix fins par groupe, la statistique sans valeur p : « non significatif » s'y lirait « pas d'écart »."""
    assez = bool(resultat.fins) and min(resultat.fins.values()) >= MINIMUM_EVENEMENTS
    return {"chi2": resultat.chi2, "ddl": resultat.degres, "p": resultat.p if assez else None}


def dire(mesure: MesureDurees) -> str:
    """Une ligne par groupe : effectif, fins, médiane et son intervalle."""
    unite = mesure.lus.unite.value
    return "\n".join(
        f"{groupe.nom} : {compter(groupe.courbe.episodes.effectif, 'épisode')}, "
        f"{compter(groupe.courbe.episodes.termines, 'terminé')}, médiane {_dire_mediane(groupe, unite)}"
        for groupe in mesure.analyse.groupes
    )


def _dire_mediane(groupe: DureesGroupe, unite: str) -> str:
    mediane = groupe.courbe.mediane
    if mediane.valeur is None:
        return "non atteinte"
    bornes = " à ".join("non atteinte" if borne is None else f"{borne:g}" for borne in (mediane.bas, mediane.haut))
    return f"{mediane.valeur:g} {unite} (intervalle à 95 % : {bornes})"
