"""L'adresse d'une case : elle se relit telle quelle, et rien d'autre ne se lit comme une case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.matrices import Case, Cooccurrence, lire_case
from lib.domain.vocabulaire import TailleEntreprise, TypeActeur

NUMEROS = st.none() | st.integers(1, 10**9)
PAIRES = st.none() | st.tuples(st.integers(1, 10**9), st.sampled_from(Cooccurrence))


@given(
    etiquette=st.integers(0, 10**9),
    paire=PAIRES,
    terrain=NUMEROS,
    acteur=st.none() | st.sampled_from(TypeActeur),
    taille=st.none() | st.just("") | st.sampled_from(TailleEntreprise),
    entretien=NUMEROS,
)
def test_une_case_ecrite_se_relit(
    etiquette: int,
    paire: tuple[int, Cooccurrence] | None,
    terrain: int | None,
    acteur: TypeActeur | None,
    taille: str | None,
    entretien: int | None,
) -> None:
    autre, nature = paire or (None, None)
    case = Case(
        etiquette_id=etiquette,
        autre_id=autre,
        nature=nature,
        terrain_id=terrain,
        type_acteur=acteur,
        taille=taille,
        entretien_id=entretien,
    )
    assert lire_case(case.ecrire()) == case


@pytest.mark.parametrize("ecrite", ["", "t3", "e", "ex", "e1,a2", "e1,ncitation", "e1,yroi", "e1,sgeant", "e1;t", "e٣"])
def test_une_adresse_inventee_n_ouvre_rien(ecrite: str) -> None:
    assert lire_case(ecrite) is None
