"""L'ordre ne décide de rien : deux pages qui rangent autrement les mêmes effectifs taisent les mêmes."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analytics.confidentialite import (
    CACHE,
    PETIT,
    proteger,
    proteger_blocs,
    proteger_croisement,
    proteger_groupes,
    proteger_montants,
    proteger_tableau,
)

PETITS = st.integers(0, 6)
TYPES = ("association", "entreprise", "institution", "expert")


@settings(max_examples=80, deadline=None)
@given(st.lists(PETITS, min_size=12, max_size=12), st.permutations(range(12)))
def test_un_croisement_ne_depend_pas_de_l_ordre_de_ses_cles(effectifs: Sequence[int], ordre: Sequence[int]) -> None:
    cles = [(terrain, type_) for terrain in (1, 2, 3) for type_ in TYPES]
    comptes = dict(zip(cles, effectifs, strict=True))
    assert proteger_croisement({cles[rang]: comptes[cles[rang]] for rang in ordre}) == proteger_croisement(comptes)


@settings(max_examples=60, deadline=None)
@given(st.lists(PETITS, min_size=9, max_size=9), st.permutations(range(3)))
def test_ni_du_nom_de_ses_lignes(effectifs: Sequence[int], noms: Sequence[int]) -> None:
    """Une page range les terrains par numéro, une autre par nom."""
    comptes = {(rang // 3, rang % 3): n for rang, n in enumerate(effectifs)}
    renommes = proteger_croisement({(noms[i], j): n for (i, j), n in comptes.items()})
    protege = proteger_croisement(comptes)
    assert {(i, j): renommes.cases[noms[i], j] for i, j in comptes} == protege.cases
    assert {i: renommes.lignes[noms[i]] for i, _ in comptes} == protege.lignes


@given(
    st.lists(PETITS, min_size=1, max_size=6).flatmap(lambda n: st.tuples(st.just(n), st.permutations(range(len(n)))))
)
def test_une_rangee_ne_depend_pas_de_l_ordre_de_ses_cases(tire: tuple[list[int], list[int]]) -> None:
    effectifs, ordre = tire
    cases = proteger(effectifs).cases
    assert proteger([effectifs[rang] for rang in ordre]).cases == tuple(cases[rang] for rang in ordre)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PETITS, PETITS), min_size=4, max_size=4), st.permutations(range(4)))
def test_des_groupes_et_des_blocs_ne_dependent_pas_de_leur_ordre(
    lignes: Sequence[tuple[int, int]], ordre: Sequence[int]
) -> None:
    groupes = dict(zip(TYPES, lignes, strict=True))
    autres = {TYPES[rang]: lignes[rang] for rang in ordre}
    assert proteger_groupes(autres) == proteger_groupes(groupes)
    blocs = [{f"{nom} {rang}": n for rang, n in enumerate(ligne)} for nom, ligne in groupes.items()]
    assert proteger_blocs([blocs[rang] for rang in ordre]) == proteger_blocs(blocs)
    montants = {nom: [float(n) for n in ligne] for nom, ligne in groupes.items()}
    assert proteger_montants({nom: montants[nom] for nom in autres}) == proteger_montants(montants)
    tableau = proteger_tableau(lignes)
    assert proteger_tableau([lignes[rang] for rang in ordre]).lignes == tuple(tableau.lignes[rang] for rang in ordre)


def test_a_egalite_tout_se_tait() -> None:
    """Neuf et neuf : cacher l'un ici et l'autre là rendait, aux deux pages réunies, la case de un."""
    assert proteger((14, 1, 9, 9)).cases == ("14", PETIT, CACHE, CACHE)
