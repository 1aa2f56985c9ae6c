"""Le texte et la grille ne voyagent que si la page ne les tient pas ; ce qu'elle dit tenir ne change rien d'autre."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.composants.surligneur import _connus, _relit, alleger

BAGAGES = {"lecture": {"contenu": "Le temps manque", "tours": []}, "etiquettes": [{"id": 1, "nom": "Temps"}]}


def test_une_page_neuve_recoit_tout() -> None:
    envoyes = alleger(BAGAGES, frozenset())
    assert {nom: envoyes[nom] for nom in BAGAGES} == BAGAGES and set(envoyes["empreintes"]) == set(BAGAGES)


def test_une_page_qui_tient_tout_ne_recoit_que_les_empreintes() -> None:
    empreintes = alleger(BAGAGES, frozenset())["empreintes"]
    assert alleger(BAGAGES, set(empreintes.values())) == {"empreintes": empreintes, "lecture": None, "etiquettes": None}


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), max_size=4))
def test_ce_qui_change_revient_et_seulement_cela(etiquettes: list[dict[str, str]]) -> None:
    tenues = set(alleger(BAGAGES, frozenset())["empreintes"].values())
    envoyes = alleger(BAGAGES | {"etiquettes": etiquettes}, tenues)
    assert envoyes["lecture"] is None
    assert envoyes["etiquettes"] == (None if etiquettes == BAGAGES["etiquettes"] else etiquettes)


@pytest.mark.parametrize("etat", [None, {}, {"geste": None, "demande": None}, {"geste": {"nature": "noter"}}])
def test_sans_message_la_page_ne_tient_rien(etat: Any) -> None:
    assert _connus(etat) == frozenset() and not _relit(etat)


def test_la_page_dit_ce_qu_elle_tient_avec_un_geste_ou_une_demande() -> None:
    assert _connus({"geste": {"connus": ["a"]}, "demande": {"connus": ["b", 3]}}) == {"a", "b", "3"}
    assert _relit({"geste": {"nature": "relire", "connus": []}})
