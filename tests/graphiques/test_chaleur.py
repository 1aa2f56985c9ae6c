"""Carte de chaleur : les bonnes cases, rien de peint quand il n'y a rien, un texte qui dit les plus fortes."""

from lib.graphiques import chaleur


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_les_parts_se_peignent_et_se_disent() -> None:
    lue = chaleur.tracer(["Temps", "Coût"], ["Marseille", "Bourgogne"], [[0.5, 0.25], [None, 0.0]], "Où ?")
    (carte,) = lue["figure"].data
    assert [list(ligne) for ligne in carte.z] == [[0.5, 0.25], [None, 0.0]]
    assert (carte.zmin, carte.zmax) == (0, 0.5)
    assert lisible(carte.text[1][0]) == "Coût<br>Marseille<br><b>non montré</b>"
    assert lisible(lue["alternative"]) == (
        "Où ?. 2 lignes, 2 colonnes. Les plus fortes : Temps, Marseille : 50 % ; Temps, Bourgogne : 25 %."
    )


def test_beaucoup_de_colonnes_se_lisent_de_bas_en_haut() -> None:
    noms = [f"Étiquette au nom vraiment très long {rang}" for rang in range(9)]
    figure = chaleur.tracer(["A"], noms, [[1.0] * 9], "Titre", parts=False)["figure"]
    assert figure.layout.xaxis.tickangle == -90
    assert all("…" in nom for nom in figure.layout.xaxis.ticktext)


def test_rien_a_peindre() -> None:
    assert chaleur.tracer(["A"], ["B"], [[None]], "Titre") == {"figure": None, "alternative": ""}
    assert chaleur.tracer([], [], [], "Titre")["figure"] is None
