"""Figure toute prête : la forme que le navigateur attend, sans que Plotly la revérifie ni la recopie.

Plotly vérifie chaque valeur à la construction, et recopie la figure entière à chaque affichage : la moitié du coût
d'une page d'analyse. Nos figures sont écrites une fois, par `composer`, et vérifiées par leurs tests.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go


def figure_prete(traces: list[dict[str, Any]], mise_en_page: dict[str, Any]) -> "go.Figure":
    """Figure Plotly à partager en lecture seule ; ni ses traces ni sa mise en page ne changeront plus.

    Elle n'emporte pas le modèle de Plotly (6 ko), dont le thème de l'application prend la place à l'écran.
    """
    figure: go.Figure = _classe()({"data": traces, "layout": mise_en_page})
    return figure


@cache
def _classe() -> Any:
    """La classe, définie au premier usage : Plotly se charge lentement."""
    import plotly.graph_objects as go

    class FigurePrete(go.Figure):  # type: ignore[misc]  # plotly n'est pas typé
        def __init__(self, forme: dict[str, Any]) -> None:
            self._forme = forme

        def to_dict(self) -> dict[str, Any]:
            """Ce qui part au navigateur : toujours le même objet, que Plotly ne fait que lire."""
            return self._forme

        @cached_property
        def _verifiee(self) -> "go.Figure":
            """La même figure, vérifiée par Plotly : pour qui l'interroge."""
            figure = go.Figure(self._forme)
            figure.layout.template = None
            return figure

        @property
        def data(self) -> Any:
            return self._verifiee.data

        @property
        def layout(self) -> Any:
            return self._verifiee.layout

    return FigurePrete
