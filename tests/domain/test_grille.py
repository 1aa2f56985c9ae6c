"""Ce qu'une fusion retient de deux relevés, et ce qu'est une couleur."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.erreurs import DonneeInvalide
from lib.domain.grille import lire_couleur, plus_fort, plus_intense
from lib.domain.vocabulaire import Releve


def test_evoque_l_emporte_sur_ecarte_et_ecarte_sur_non_aborde() -> None:
    assert plus_fort(Releve.NON_ABORDE, Releve.ECARTE) is Releve.ECARTE
    assert plus_fort(Releve.ECARTE, Releve.RELANCE) is Releve.RELANCE
    assert plus_fort(Releve.RELANCE, Releve.SPONTANE) is Releve.SPONTANE


@given(st.sampled_from(Releve), st.sampled_from(Releve))
def test_l_ordre_des_deux_releves_ne_change_rien(un: Releve, autre: Releve) -> None:
    assert plus_fort(un, autre) is plus_fort(autre, un)


def test_la_plus_forte_des_intensites_connues() -> None:
    assert (plus_intense(None, 2), plus_intense(4, 2), plus_intense(None, None)) == (2, 4, None)


@pytest.mark.parametrize(("saisie", "lue"), [("#1A2b3C", "#1a2b3c"), (" ", None), (None, None)])
def test_une_couleur_ou_celle_de_la_famille(saisie: str | None, lue: str | None) -> None:
    assert lire_couleur(saisie) == lue


@pytest.mark.parametrize("saisie", ["rouge", "#12345", "#1234567", "url(x)", "#12345g"])
def test_une_couleur_mal_ecrite_est_refusee(saisie: str) -> None:
    with pytest.raises(DonneeInvalide, match="palette"):
        lire_couleur(saisie)
