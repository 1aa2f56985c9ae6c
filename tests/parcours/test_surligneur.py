"""Le JavaScript du surligneur, dans un vrai navigateur : positions, découpe, recherche d'étiquettes."""

import itertools
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
# Emoji, accents combinants, retours chariot, droite à gauche, et ce que laisse un copier-coller de Word.
TEXTE = st.text(st.sampled_from("aé e\u0301«\u202f\n\r😡👩\u200d🦰\u202eעב🏽𝒳\u2028\x0b\xad\uf0b7"), max_size=60)
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
    noms = ("outils", "positions", "texte", "surlignages", "lecture", "intervenants", "fiches", "palette")
    lignes = "\n".join((STATIQUE / f"{nom}.js").read_text(encoding="utf-8") for nom in noms).splitlines()
    corps = "\n".join(ligne.removeprefix("export ") for ligne in lignes if not ligne.startswith("import "))
    exportes = (
        "Positions, Texte, couper, Surlignages, recouvrements, Lecture, Intervenants, filtrer, plier, citer, decrire"
    )
    return f"{corps}\nwindow.modules = {{ {exportes} }};"


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


BORNES = st.tuples(st.integers(0, 60), st.integers(0, 60))
PARAGRAPHES = st.lists(
    st.sampled_from(["Le temps manque 😡. On relance\u00a0!", "R : Oui.", "", "עברית נכתבת", "e\u0301te\u0301"])
)


def _places(texte: str, bornes: list[tuple[int, int]]) -> list[dict[str, int]]:
    """Passages non vides tenant dans le texte."""
    triees = [sorted((min(a, len(texte)), min(b, len(texte)))) for a, b in bornes]
    return [{"debut": debut, "fin": fin} for debut, fin in triees if debut < fin]


@SANS_DELAI
@given(texte=TEXTE, longueur=st.integers(1, 20))
def test_couper_ne_perd_rien_et_ne_separe_jamais_un_caractere(executer: Executer, texte: str, longueur: int) -> None:
    morceaux = executer(
        "({ texte, longueur }, { couper }) => couper(texte, longueur)", {"texte": texte, "longueur": longueur}
    )
    assert "".join(morceaux) == texte
    for morceau in morceaux:
        assert not any(0xD800 <= ord(caractere) <= 0xDFFF for caractere in morceau)


@SANS_DELAI
@given(
    texte=TEXTE.map(lambda mots: mots * 60),
    bornes=st.lists(st.tuples(st.integers(0, 3600), st.integers(0, 3600)), max_size=6),
)
def test_le_texte_ecrit_est_le_texte_et_chaque_couche_ses_passages(
    executer: Executer, texte: str, bornes: list[tuple[int, int]]
) -> None:
    """Sur plusieurs nœuds, avec emoji, accents combinants, retours chariot et écriture de droite à gauche."""
    places = _places(texte, bornes)
    ecrit, lus, enfants = executer(
        """({ texte, places }, { Texte, Surlignages }) => {
            const zone = document.getElementById("zone");
            const dessin = new Texte(zone);
            dessin.ecrire(texte);
            const surlignages = new Surlignages(dessin);
            surlignages.poser("idee", places);
            const lus = surlignages.lire("idee");
            surlignages.demonter();
            return [zone.textContent, lus, zone.children.length];
        }""",
        {"texte": texte, "places": places},
    )
    assert (ecrit, enfants) == (texte, 0)
    distinctes = {(place["debut"], place["fin"]) for place in places}
    assert sorted(lus) == sorted(texte[debut:fin] for debut, fin in distinctes)


@SANS_DELAI
@given(bornes=st.lists(BORNES, max_size=8))
def test_les_chevauchements_sont_ou_deux_passages_se_recouvrent(
    executer: Executer, bornes: list[tuple[int, int]]
) -> None:
    places = _places("x" * 60, bornes)
    trouves = executer("(places, { recouvrements }) => recouvrements(places)", places)
    couverts = {point for trouve in trouves for point in range(trouve["debut"], trouve["fin"])}
    attendus = {point for point in range(60) if sum(p["debut"] <= point < p["fin"] for p in places) >= 2}
    assert couverts == attendus
    assert all(suivant["debut"] > trouve["fin"] for trouve, suivant in itertools.pairwise(trouves))


@SANS_DELAI
@given(texte=TEXTE.filter(bool), bornes=BORNES)
def test_une_selection_posee_se_relit_a_l_identique(executer: Executer, texte: str, bornes: tuple[int, int]) -> None:
    ancre, foyer = (min(borne, len(texte)) for borne in bornes)
    lue = executer(
        """({ texte, ancre, foyer }, { Texte }) => {
            const dessin = new Texte(document.getElementById("zone"));
            dessin.ecrire(texte);
            dessin.selectionner(ancre, foyer);
            const lue = dessin.selection();
            return lue && { ...lue, extrait: dessin.extrait(lue) };
        }""",
        {"texte": texte, "ancre": ancre, "foyer": foyer},
    )
    debut, fin = sorted((ancre, foyer))
    assert (lue["debut"], lue["fin"], lue["foyer"]) == (debut, fin, foyer)
    assert lue["extrait"] == texte[debut:fin]


def _lire(executer: Executer, texte: str, nature: str) -> list[str]:
    """Les unités du texte, de la première à la dernière."""
    mots: list[str] = executer(
        """({ texte, nature }, { Lecture }) => {
            const tours = [...texte.matchAll(/^([QR]) :/gm)].map((t) => ({ debut: t.index, locuteur: t[1] }));
            const lecture = new Lecture(texte, tours);
            const unites = [];
            for (let unite = lecture.ici(nature, 0); unite; unite = lecture.ici(nature, unite.fin)) {
                unites.push(texte.slice(unite.debut, unite.fin));
            }
            return unites;
        }""",
        {"texte": texte, "nature": nature},
    )
    return mots


def test_lire_par_mot_phrase_et_tour(executer: Executer) -> None:
    texte = "Salle bruyante.\n\nQ : Et le temps\u00a0?\nR : Il manque 😡. Toujours.\nMême l’été.\n"
    assert _lire(executer, texte, "phrase") == [
        "Salle bruyante.",
        "Et le temps\u00a0?",
        "Il manque 😡.",
        "Toujours.",
        "Même l’été.",
    ]
    assert _lire(executer, texte, "tour") == [
        "Salle bruyante.",
        "Et le temps\u00a0?",
        "Il manque 😡. Toujours.\nMême l’été.",
    ]
    assert _lire(executer, texte, "mot")[:5] == ["Salle", "bruyante", "Et", "le", "temps"]


@SANS_DELAI
@given(lignes=PARAGRAPHES, nature=st.sampled_from(["mot", "phrase", "tour"]))
def test_avancer_puis_reculer_passe_par_les_memes_unites(executer: Executer, lignes: list[str], nature: str) -> None:
    aller, retour = executer(
        """({ texte, nature }, { Lecture }) => {
            const tours = [...texte.matchAll(/^R :/gm)].map((t) => ({ debut: t.index, locuteur: "R" }));
            const lecture = new Lecture(texte, tours);
            const aller = [];
            for (let u = lecture.ici(nature, 0); u; u = lecture.suivante(nature, u.debut)) aller.push(u.debut);
            const retour = [];
            for (let u = lecture.precedente(nature, texte.length); u; u = lecture.precedente(nature, u.debut)) {
                retour.push(u.debut);
            }
            return [aller, retour.reverse()];
        }""",
        {"texte": "\n".join(lignes), "nature": nature},
    )
    assert aller == retour
    assert aller == sorted(set(aller))


def test_qui_parle_et_si_c_est_la_personne_interrogee(executer: Executer) -> None:
    tours = [
        {"debut": 5, "locuteur": "Q", "interroge": False},
        {"debut": 20, "locuteur": "R", "interroge": True},
        {"debut": 40, "locuteur": "R2", "interroge": True},
    ]
    lus = executer(
        """({ tours, places }, { Intervenants }) => {
            const intervenants = new Intervenants(document.createElement("div"), () => {});
            const avant = intervenants.interroge({ debut: 0, fin: 3 });
            intervenants.dessiner(tours, 60);
            return [avant, places.map((p) => [intervenants.qui(p), intervenants.interroge(p)])];
        }""",
        {"tours": tours, "places": _places("x" * 60, [(0, 3), (5, 10), (10, 25), (20, 40), (30, 50)])},
    )
    assert lus == [True, [[None, False], ["Q", False], [None, False], ["R", True], [None, True]]]


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


def test_la_definition_et_les_exemples_se_lisent_en_choisissant(executer: Executer) -> None:
    etiquette = {
        "definition": "Le temps manque.",
        "inclusion": "Relances",
        "exclusion": "",
        "exemples": "« deux jours »",
    }
    lignes = executer("(etiquette, { decrire }) => decrire(etiquette).map((ligne) => ligne.textContent)", etiquette)
    assert lignes == ["Le temps manque. Comprend\u00a0: Relances", "Exemples\u00a0: « deux jours »"]
