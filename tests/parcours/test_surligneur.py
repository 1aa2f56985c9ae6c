"""Le JavaScript du surligneur, dans un vrai navigateur : positions, découpe, recherche d'étiquettes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from lib.domain.textes import plier

pytestmark = pytest.mark.navigateur
STATIQUE = Path(__file__).resolve().parents[2] / "lib" / "ui" / "composants" / "surligneur" / "statique"
Executer = Callable[..., Any]
TEXTE = st.text(st.sampled_from("aé e\u0301«\u202f\n\r😡👩\u200d🦰\u202eעב🏽𝒳"), max_size=60)
SANS_DELAI = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def executer(navigateur: Browser) -> Iterator[Executer]:
    """Évalue une fonction avec, en second argument, tout ce qu'exportent les modules du surligneur."""
    page = navigateur.new_page()
    page.set_content('<div id="zone" style="white-space: pre-wrap"></div>')
    page.evaluate(f"() => {{ {_modules()} }}")

    def lancer(fonction: str, argument: Any = None) -> Any:
        return page.evaluate(f"(argument) => ({fonction})(argument, window.modules)", argument)

    yield lancer
    page.close()


def _modules() -> str:
    """Les modules mis bout à bout : le navigateur des tests n'a pas de serveur d'où les importer."""
    noms = ("outils", "positions", "texte", "palette", "marge")
    lignes = "\n".join((STATIQUE / f"{nom}.js").read_text(encoding="utf-8") for nom in noms).splitlines()
    corps = "\n".join(ligne.removeprefix("export ") for ligne in lignes if not ligne.startswith("import "))
    return f"{corps}\nwindow.modules = {{ Positions, Texte, decouper, filtrer, plier, abreger, citer }};"


@SANS_DELAI
@given(texte=TEXTE)
def test_chaque_position_va_et_revient(executer: Executer, texte: str) -> None:
    unites, points = executer(
        """(texte, { Positions }) => {
            const positions = new Positions(texte);
            const longueur = Array.from(texte).length;
            const unites = Array.from({ length: longueur + 1 }, (_, point) => positions.versUnites(point));
            return [unites, unites.map((unite) => positions.versPoints(unite))];
        }""",
        texte,
    )
    assert unites == [len(texte[:point].encode("utf-16-le")) // 2 for point in range(len(texte) + 1)]
    assert points == list(range(len(texte) + 1))


@SANS_DELAI
@given(texte=TEXTE, bornes=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_le_texte_dessine_est_le_texte_et_chaque_marque_son_passage(
    executer: Executer, texte: str, bornes: list[tuple[int, int]]
) -> None:
    places = [sorted((min(a, len(texte)), min(b, len(texte)))) for a, b in bornes]
    passages = [
        {"id": rang + 1, "numero": rang + 1, "debut": debut, "fin": fin, "famille": "irritant"}
        for rang, (debut, fin) in enumerate(places)
        if debut < fin
    ]
    dessine, marques = executer(
        """({ texte, passages }, { Texte }) => {
            const zone = document.getElementById("zone");
            const dessin = new Texte(zone);
            dessin.dessiner(texte, passages, null);
            const mots = (passage) => [...dessin.marques(passage.id)].map((marque) => marque.textContent).join("");
            return [zone.textContent, passages.map(mots)];
        }""",
        {"texte": texte, "passages": passages},
    )
    assert dessine == texte
    assert marques == [texte[passage["debut"] : passage["fin"]] for passage in passages]


@SANS_DELAI
@given(texte=TEXTE.filter(bool), bornes=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_une_selection_posee_se_relit_a_l_identique(executer: Executer, texte: str, bornes: tuple[int, int]) -> None:
    debut, fin = sorted(min(borne, len(texte)) for borne in bornes)
    lue = executer(
        """({ texte, debut, fin }, { Texte }) => {
            const dessin = new Texte(document.getElementById("zone"));
            dessin.dessiner(texte, [{ id: 1, numero: 1, debut: 0, fin: 1, famille: "idee" }], null);
            dessin.selectionner(debut, fin);
            const lue = dessin.selection();
            return lue && { ...lue, extrait: dessin.extrait(lue) };
        }""",
        {"texte": texte, "debut": debut, "fin": fin},
    )
    assert lue["extrait"] == texte[lue["debut"] : lue["fin"]]
    assert (lue["debut"], lue["fin"]) == (debut, fin)


@pytest.mark.parametrize(
    "mots", ["Préfecture", "L’Haÿ-les-Roses", "CŒUR", "à  côté", "e\u0301te\u0301", "d'aujourd‑hui"]
)
def test_la_recherche_plie_comme_le_serveur(executer: Executer, mots: str) -> None:
    assert executer("(mots, { plier }) => plier(mots)", mots) == plier(mots)


def test_la_palette_montre_d_abord_les_recentes_puis_ce_qui_commence_ainsi(executer: Executer) -> None:
    noms = ["Manque de temps", "Temps partiel", "Contretemps", "Réseau"]
    etiquettes = [
        {"id": rang, "nom": nom, "pliee": plier(nom), "cherchee": f" {plier(nom)}"} for rang, nom in enumerate(noms)
    ]
    filtrer = """({ etiquettes, recherche, recentes, portees }, { filtrer }) =>
        filtrer(etiquettes, recherche, recentes, new Set(portees)).map((etiquette) => etiquette.id)"""

    def chercher(recherche: str, recentes: tuple[int, ...] = (), portees: tuple[int, ...] = ()) -> Any:
        return executer(
            filtrer, {"etiquettes": etiquettes, "recherche": recherche, "recentes": recentes, "portees": portees}
        )

    assert chercher("") == [0, 1, 2, 3]
    assert chercher("", recentes=(3, 1)) == [3, 1, 0, 2]
    assert chercher("TÉMPS") == [1, 0, 2]
    assert chercher("temps part") == [1]
    assert chercher("", portees=(0, 3)) == [1, 2]
    assert chercher("zzz") == []


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("simple", "«\u00a0simple\u00a0»"),
        ("« déjà citée »", "«\u00a0déjà citée\u00a0»"),
        ("elle dit « non » souvent", "«\u00a0elle dit “non” souvent\u00a0»"),
        ("« un » puis « deux »", "«\u00a0“un” puis “deux”\u00a0»"),
    ],
)
def test_jamais_deux_guillemets_de_suite(executer: Executer, texte: str, attendu: str) -> None:
    assert executer("(texte, { citer }) => citer(texte)", texte) == attendu
