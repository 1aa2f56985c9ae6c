"""Figure toute prête : ce qui part au navigateur est ce que Plotly aurait envoyé, et n'est fait qu'une fois."""

from datetime import date

import plotly.graph_objects as go
import plotly.io
import pytest
from plotly.tools import return_figure_from_figure_or_data

from lib.graphiques.prete import figure_prete

TRACES = [{"type": "bar", "x": [1, 2], "y": ["a", "b"], "marker": {"color": "#000091"}}]
MISE = {"title": {"text": "Combien ?"}, "height": 200, "xaxis": {"range": [0, 2]}}


def test_ce_qui_part_est_ce_que_plotly_aurait_envoye() -> None:
    ordinaire = go.Figure({"data": TRACES, "layout": MISE})
    ordinaire.layout.template = None
    assert plotly.io.from_json(figure_prete(TRACES, MISE).to_json()).to_dict()["data"] == ordinaire.to_dict()["data"]
    assert figure_prete(TRACES, MISE).to_dict() == ordinaire.to_dict()


def test_streamlit_la_recoit_sans_copie_ni_modele() -> None:
    figure = figure_prete(TRACES, MISE)
    forme = return_figure_from_figure_or_data(figure, validate_figure=True)
    assert forme is figure.to_dict() and "template" not in forme["layout"]


def test_on_l_interroge_comme_une_figure_de_plotly() -> None:
    figure = figure_prete(TRACES, MISE)
    assert isinstance(figure, go.Figure)
    assert figure.data[0].marker.color == "#000091" and figure.layout.title.text == "Combien ?"


def test_une_forme_que_plotly_refuse_se_voit_des_qu_on_l_interroge() -> None:
    with pytest.raises(ValueError, match="barr"):
        _ = figure_prete([{"type": "barr"}], {}).data


def test_les_dates_partent_en_texte() -> None:
    figure = figure_prete([{"type": "scatter", "x": [date(2026, 11, 20)], "y": [1]}], {})
    assert '"2026-11-20"' in figure.to_json()
