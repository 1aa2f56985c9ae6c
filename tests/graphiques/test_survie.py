"""Courbes de durée : tracés, repères, textes."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lib.analytics.episodes import Episodes, GroupeEpisodes
from lib.analytics.survie import Courbe, estimer
from lib.graphiques import survie
from lib.graphiques.palette import CLAIRE, ECRAN

RACINE = Path(__file__).parents[2]


def courbe_de(*groupes: tuple[float, bool, int]) -> Courbe:
    return estimer(
        Episodes.depuis_groupes(GroupeEpisodes(duree=duree, termine=fini, effectif=n) for duree, fini, n in groupes)
    )


MARSEILLE = courbe_de((6, True, 8), (10, False, 2), (14, True, 10), (30, False, 10))
NATIONAL = courbe_de((6, True, 2), (24, False, 18))
INSUFFISANT = courbe_de((6, True, 3))
COURBES = {"Marseille": MARSEILLE, "Bourgogne-Franche-Comté": INSUFFISANT, "Acteurs nationaux": NATIONAL}


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def traces(figure: Any, **attributs: Any) -> list[Any]:
    return [t for t in figure.data if all(t[cle] == valeur for cle, valeur in attributs.items())]


def test_courbe_en_escalier_jusqu_a_la_fin_du_domaine() -> None:
    (ligne,) = traces(survie.figure(COURBES), name="Marseille")
    assert ligne.line.shape == "hv"
    assert list(ligne.x) == [0, 6, 14, 30]
    assert list(ligne.y) == pytest.approx([1, 22 / 30, 22 / 30 * 0.5, 22 / 30 * 0.5])
    assert lisible(ligne.hovertext[1]) == "Marseille<br>73 % encore en cours à 6 mois"


def test_bande_entre_les_deux_bornes_marche_par_marche() -> None:
    (bande,) = traces(survie.figure({"Marseille": MARSEILLE}), fill="toself")
    premiere, seconde = MARSEILLE.marches
    assert list(bande.x) == [6, 14, 14, 30, 30, 14, 14, 6]
    assert list(bande.y) == [
        premiere.haut, premiere.haut, seconde.haut, seconde.haut,
        seconde.bas, seconde.bas, premiere.bas, premiere.bas,
    ]  # fmt: skip
    assert bande.hoverinfo == "skip"


def test_la_bande_s_arrete_ou_la_courbe_tombe_a_zero() -> None:
    courbe = courbe_de((6, True, 3), (9, True, 6))
    (bande,) = traces(survie.figure({"A": courbe}), fill="toself")
    assert list(bande.x) == [6, 9, 9, 6]


def test_sans_fin_observee_ni_bande_ni_marche() -> None:
    figure = survie.figure({"A": courbe_de((24, False, 9))})
    assert traces(figure, fill="toself") == []
    (ligne,) = traces(figure, name="A")
    assert (list(ligne.x), list(ligne.y)) == ([0, 24], [1, 1])


def test_censures_sur_la_courbe() -> None:
    (censures,) = [t for t in survie.figure({"A": MARSEILLE}).data if t.marker.symbol == "line-ns"]
    assert list(censures.x) == [10, 30]
    assert list(censures.y) == pytest.approx([22 / 30, 22 / 30 * 0.5])
    assert lisible(censures.hovertext[0]) == "2 partenariats encore en cours à 10 mois, suivi arrêté là"


def test_chaque_groupe_garde_son_style_quand_un_autre_manque() -> None:
    figure = survie.figure(COURBES, palette=CLAIRE)
    styles = {t.name: (t.line.color, t.line.dash) for t in figure.data if t.name}
    assert styles == {"Marseille": ("#000091", "solid"), "Acteurs nationaux": ("#c9191e", "dot")}
    bouts = [t.marker.symbol for t in figure.data if t.mode == "markers" and t.marker.symbol != "line-ns"]
    assert bouts == ["circle", "diamond"]


def test_etiquettes_directes_au_bout_avec_la_mediane() -> None:
    annotations = [lisible(a.text) for a in survie.figure(COURBES).layout.annotations]
    assert annotations == [
        "<b>Marseille</b><br>médiane<br>14 mois",
        "<b>Acteurs</b><br><b>nationaux</b><br>médiane<br>non atteinte",
        "Part encore en cours",
    ]


def test_une_courbe_seule_n_a_pas_besoin_de_nom() -> None:
    annotations = [lisible(a.text) for a in survie.figure({"Tous": MARSEILLE}).layout.annotations]
    assert annotations[0] == "médiane<br>14 mois"


@pytest.mark.parametrize("nombre", [2, 4, 8])
def test_les_etiquettes_ne_se_chevauchent_pas_et_tiennent_dans_la_figure(nombre: int) -> None:
    figure = survie.figure({f"Terrain {rang}": MARSEILLE for rang in range(nombre)})
    places = sorted(a.ay for a in figure.layout.annotations if a.showarrow)
    trace = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    hauteur = 1.04 * 3 * 18 / trace
    assert len(places) == nombre
    assert all(suivante - place >= hauteur - 1e-9 for place, suivante in pairwise(places))
    assert places[0] >= hauteur / 2 - 1e-9
    assert places[-1] <= 1.04 - hauteur / 2 + 1e-9


def test_au_dela_de_quatre_courbes_les_intervalles_laissent_la_place() -> None:
    quatre, cinq = ({f"T{rang}": MARSEILLE for rang in range(n)} for n in (4, 5))
    assert len(traces(survie.figure(quatre), fill="toself")) == 4
    assert traces(survie.figure(cinq), fill="toself") == []
    assert "avec intervalle" in survie.description(quatre)
    assert "avec intervalle" not in survie.description(cinq)


def test_repere_de_la_moitie_axes_et_question() -> None:
    mise = survie.figure(COURBES).layout
    assert [(s.y0, s.y1, s.line.dash) for s in mise.shapes] == [(0.5, 0.5, "dot")]
    assert lisible(mise.title.text) == "Combien de temps durent les partenariats ?"
    assert list(mise.xaxis.tickvals) == [0, 6, 12, 18, 24, 30]
    assert [lisible(t) for t in mise.yaxis.ticktext] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert mise.xaxis.title.text == "Mois depuis le début du partenariat"
    assert mise.margin.r < 140


def test_couleurs_d_ecran_par_defaut() -> None:
    (ligne,) = traces(survie.figure({"A": MARSEILLE}), name="A")
    assert ligne.line.color == ECRAN.series[0]


@pytest.mark.parametrize("courbes", [{}, {"Marseille": INSUFFISANT}])
def test_rien_a_tracer_se_dit(courbes: dict[str, Courbe]) -> None:
    figure = survie.figure(courbes)
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text == "Effectif insuffisant pour tracer une courbe"


def test_un_nom_de_terrain_n_apporte_pas_de_balise() -> None:
    figure = survie.figure({"<b>x</b>": MARSEILLE, "%{x}": NATIONAL})
    assert "&lt;b&gt;x&lt;/b&gt;" in figure.layout.annotations[0].text
    assert all(t.hovertemplate in (None, "%{hovertext}<extra></extra>") for t in figure.data)


def test_texte_alternatif_complet() -> None:
    assert lisible(survie.description(COURBES)) == (
        "Combien de temps durent les partenariats ? Courbe de Kaplan-Meier : part des partenariats encore en cours"
        " selon leur durée en mois, avec intervalle à 95 %."
        " Marseille : 30 partenariats suivis, 18 terminés ;"
        " 73 % à 6 mois, 73 % à 12 mois, 37 % à 18 mois, 37 % à 24 mois, 37 % à 30 mois ;"
        " médiane 14 mois, intervalle [14 ; non atteinte]."
        " Bourgogne-Franche-Comté : 3 partenariats suivis, 3 terminés, effectif insuffisant pour une courbe."
        " Acteurs nationaux : 20 partenariats suivis, 2 terminés ;"
        " 90 % à 6 mois, 90 % à 12 mois, 90 % à 18 mois, 90 % à 24 mois ; médiane non atteinte."
    )


def test_texte_alternatif_sans_partenariat() -> None:
    assert survie.description({}).endswith("Aucun partenariat suivi.")


def test_table_a_dates_rondes_avec_les_effectifs_suivis() -> None:
    tableau = survie.table({"Marseille": MARSEILLE, "Acteurs nationaux": NATIONAL})
    assert [lisible(entete) for entete in tableau.entetes] == [
        "Groupe", "Durée", "Encore en cours", "Intervalle à 95 %", "Partenariats suivis",
    ]  # fmt: skip
    lignes = [tuple(map(lisible, ligne)) for ligne in tableau.lignes]
    assert lignes[:3] == [
        ("Marseille", "0 mois", "100 %", "n. d.", "30"),
        ("Marseille", "6 mois", "73 %", "[54 % ; 86 %]", "30"),
        ("Marseille", "12 mois", "73 %", "[54 % ; 86 %]", "20"),
    ]
    assert lignes[-1] == ("Acteurs nationaux", "30 mois", "n. d.", "n. d.", "0")


def test_table_des_medianes() -> None:
    lignes = [tuple(map(lisible, ligne)) for ligne in survie.table_medianes(COURBES).lignes]
    assert lignes == [
        ("Marseille", "30", "18", "12", "14 mois", "[14 ; non atteinte]"),
        ("Bourgogne-Franche-Comté", "3", "3", "0", "effectif insuffisant", "n. d."),
        ("Acteurs nationaux", "20", "2", "18", "non atteinte", "n. d."),
    ]


def test_aucune_bibliotheque_lourde_au_demarrage() -> None:
    """Le démarrage de l'application en dépend : tout se charge au premier usage."""
    programme = (
        "import sys\n"
        "import lib.analytics.survie, lib.analytics.incidence, lib.analytics.comparaison_durees\n"
        "import lib.analytics.proportions, lib.analytics.lecture\n"
        "import lib.analytics.couverture, lib.analytics.stratification\n"
        "import lib.graphiques.survie, lib.graphiques.intervalles, lib.graphiques.couverture, lib.graphiques.barres\n"
        "lourdes = {'numpy', 'scipy', 'statsmodels', 'pandas', 'plotly', 'plotly.express', 'streamlit'}\n"
        "print(sorted(lourdes & set(sys.modules)))\n"
    )
    sortie = subprocess.run(
        [sys.executable, "-c", programme], cwd=RACINE, capture_output=True, text=True, check=True, timeout=60
    )
    assert sortie.stdout.strip() == "[]"
