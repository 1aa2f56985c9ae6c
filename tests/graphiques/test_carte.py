"""La carte : un nombre dans chaque zone, une teinte qui le redit, rien à la couleur seule."""

import pytest

from lib.graphiques import carte
from lib.graphiques.carte import Zone
from lib.graphiques.palette import CLAIRE

CARRE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def zone(nom: str, valeur: int | None = None, **champs: object) -> Zone:
    texte = "" if valeur is None else str(valeur)
    return Zone(nom=nom, centre=(5.0, 5.0), anneaux=(CARRE,), valeur=valeur, **({"texte": texte} | champs))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("valeurs", "seuils"),
    [((), ()), ((3,), (3,)), ((1, 1, 2, 9), (1, 2, 9)), ((1, 2, 3, 4, 5, 6, 7, 8), (1, 3, 5, 7))],
)
def test_quatre_teintes_au_plus(valeurs: tuple[int, ...], seuils: tuple[int, ...]) -> None:
    assert carte.classes(valeurs) == seuils


def test_le_nombre_s_ecrit_dans_la_zone_et_la_teinte_le_redit() -> None:
    figure = carte.figure([zone("Ain", 1), zone("Doubs", 9), zone("Jura")], titre="Où ?", palette=CLAIRE)
    fonds = [trace for trace in figure.data if trace.fill == "toself"]
    assert [fond.opacity for fond in fonds] == sorted(fond.opacity for fond in fonds)
    assert {fond.fillcolor for fond in fonds} == {CLAIRE.series[0]}
    nombres = next(trace for trace in figure.data if trace.hovertext)
    assert list(nombres.text) == ["1", "9"] and "Doubs" in nombres.hovertext[1]


def test_un_zero_s_ecrit_sans_teinte_et_l_agrandi_ne_s_ecrit_qu_une_fois() -> None:
    zones = [zone("Saône-et-Loire", 0), zone("Paris", 5, contour_seul=True), zone("Paris", 5)]
    figure = carte.figure(zones, titre="Où ?", palette=CLAIRE)
    nombres = next(trace for trace in figure.data if trace.hovertext)
    assert list(nombres.text) == ["0", "5"]
    fond = next(trace for trace in figure.data if trace.fill == "toself")
    assert list(fond.x).count(None) == 2


def test_un_carre_porte_son_nom_dessous() -> None:
    figure = carte.figure([zone("Mayotte", dessous="976")], titre="Où ?", palette=CLAIRE)
    assert any(list(trace.text or ()) == ["976"] for trace in figure.data)


def test_le_texte_alternatif_va_du_plus_grand_au_plus_petit() -> None:
    texte = carte.description([zone("Ain", 1), zone("Doubs", 9), zone("Jura")], titre="Où ?")
    assert texte.replace("\xa0", " ").replace("\u202f", " ") == "Où ? Doubs : 9 ; Ain : 1."
    assert "Aucun département" in carte.description([zone("Jura")], titre="Où ?")
