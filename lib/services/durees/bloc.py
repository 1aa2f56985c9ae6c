"""Ce que la page reçoit pour chaque partie : une figure, ses phrases, ses tableaux, prêts et partagés."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.domain.axes import UniteDuree
from lib.domain.mesures import Mesure
from lib.graphiques.commun import Tableau

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocDurees:
    """Des phrases ; la figure et son texte alternatif, s'il y en a une ; les chiffres en tableaux.

    code, mesures : le nom de la figure, et les valeurs sans arrondi que son export écrit ;
    unite : celle de ses durées, si ce n'est celle que l'on a choisie.
    """

    phrases: tuple[str, ...]
    tableaux: tuple[Tableau, ...]
    figure: "go.Figure | None" = None
    alternative: str = ""
    code: str = ""
    mesures: tuple[Mesure, ...] = ()
    unite: UniteDuree | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repere:
    """Un chiffre mis en avant, son intervalle et ce qu'il veut dire."""

    libelle: str
    valeur: str
    precision: str
