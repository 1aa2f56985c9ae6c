"""La frise dit ce qui est arrivé, et ne montre jamais plus précis que ce que l'on sait."""

from datetime import date
from typing import Any

import pytest

from lib.domain.dates_imprecises import lire
from lib.domain.partenariats import Evenement, ranger
from lib.domain.vocabulaire import MotifFin, TypeEvenement
from lib.graphiques import frise

T = TypeEvenement
AU = date(2026, 11, 20)


def histoire(*faits: tuple[TypeEvenement, str]) -> tuple[Evenement, ...]:
    return ranger(
        Evenement(id=rang, type=type_, quand=lire(quand), su_le=AU, motif=MotifFin.BUDGET if type_ is T.FIN else None)
        for rang, (type_, quand) in enumerate(faits)
    )


VIE = histoire(
    (T.SIGNATURE, "2023"),
    (T.PAUSE, "01/06/2024"),
    (T.REPRISE, "01/10/2024"),
    (T.RENOUVELLEMENT, "?"),
    (T.FIN, "01/02/2026"),
)


def _traces(suite: tuple[Evenement, ...]) -> list[dict[str, Any]]:
    return [trace.to_plotly_json() for trace in frise.figure(suite, au=AU).data]


def _segments(suite: tuple[Evenement, ...], **trait: object) -> list[list[str]]:
    """Dates des segments dont le trait porte ces réglages."""
    return [
        [str(jour)[:10] for jour in trace["x"]]
        for trace in _traces(suite)
        if trace["mode"] == "lines" and trait.items() <= trace["line"].items()
    ]


def test_ce_qui_est_sur_est_epais_la_pause_en_tirets_l_incertain_en_pointilles() -> None:
    assert _segments(VIE, width=12) == [["2023-12-31", "2024-06-01"], ["2024-10-01", "2026-02-01"]]
    assert _segments(VIE, dash="dash") == [["2024-06-01", "2024-10-01"]]
    assert ["2023-01-01", "2023-12-31"] in _segments(VIE, dash="dot")


def test_un_jour_connu_est_plein_une_date_approchee_est_creuse_une_inconnue_n_a_pas_de_point() -> None:
    symboles = [trace["marker"]["symbol"] for trace in _traces(VIE) if trace["mode"] == "markers"]
    assert sorted(symboles) == ["circle", "circle", "circle", "circle-open"]


def test_sans_nouvelle_le_trait_s_arrete_a_la_derniere() -> None:
    suite = histoire((T.SIGNATURE, "01/03/2022"), (T.NOUVELLE, "15/03/2025"))
    assert _segments(suite, width=12) == [["2022-03-01", "2025-03-15"]]
    assert _segments(suite, dash="dot") == [["2025-03-15", "2026-11-20"]]


def test_en_cours_le_trait_va_jusqu_a_la_date_d_arret() -> None:
    suite = histoire((T.SIGNATURE, "01/03/2026"))
    assert _segments(suite, width=12) == [["2026-03-01", "2026-11-20"]]


def test_une_action_d_un_jour_se_voit() -> None:
    suite = histoire((T.SIGNATURE, "12/06/2025"), (T.FIN, "12/06/2025"))
    assert [t["marker"]["symbol"] for t in _traces(suite) if t["mode"] == "markers"] == ["diamond", "circle", "circle"]


def test_rien_de_commence_n_a_pas_de_vie() -> None:
    suite = histoire((T.PREMIER_CONTACT, "2026"), (T.SANS_SUITE, "mars 2026"))
    assert _segments(suite, width=12) == []
    textes = next(trace["text"] for trace in _traces(suite) if trace["mode"] == "text")
    assert textes[0] == "<b>Pas encore commencé</b>"


def test_sans_aucune_date_la_figure_le_dit() -> None:
    figure = frise.figure(histoire((T.SIGNATURE, "?")), au=AU)
    assert not figure.data
    assert "Aucune date connue" in figure.layout.annotations[0].text


def test_texte_et_tableau_donnent_les_memes_faits() -> None:
    dits = frise.description(VIE, au=AU).replace("\N{NO-BREAK SPACE}", " ")
    lignes = frise.table(VIE).lignes
    assert [ligne[0] for ligne in lignes] == [evenement.type.libelle for evenement in VIE]
    for evenement, (libelle, quand, precision, motif) in zip(VIE, lignes, strict=True):
        assert f"{libelle} : {quand}".replace("\N{NO-BREAK SPACE}", " ") in dits
        assert (precision, motif) == (
            evenement.quand.precision.libelle,
            evenement.motif.libelle if evenement.motif else "",
        )
    assert "date d'arrêt des chiffres" in dits


@pytest.mark.parametrize("debut", ["01/11/2026", "2025", "2015", "1950"])
def test_les_graduations_restent_peu_nombreuses_et_loin_du_bord(debut: str) -> None:
    axe = frise.figure(histoire((T.SIGNATURE, debut)), au=AU).layout.xaxis
    assert 1 <= len(axe.tickvals) <= 6
    assert all(axe.range[0] <= jour <= axe.range[1] for jour in axe.tickvals)
