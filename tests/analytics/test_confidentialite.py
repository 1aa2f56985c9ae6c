"""Un lecteur qui connaît la règle, le total et les cases visibles ne retrouve aucune case de une ou deux unités."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lib.analytics.confidentialite import (
    CACHE,
    PETIT,
    CroisementProtege,
    GroupeProtege,
    RangeeProtegee,
    TableauProtege,
    ages_publiables,
    proteger,
    proteger_blocs,
    proteger_croisement,
    proteger_ensemble,
    proteger_groupes,
    proteger_montants,
    proteger_sous,
    proteger_tableau,
    publier,
    publier_montant,
    publier_part,
    situer_citation,
    sous_secret,
)
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role


@pytest.mark.parametrize(
    ("effectifs", "cases", "total"),
    [
        ((4, 6, 9), ("4", "6", "9"), "19"),
        ((0, 5, 0), ("0", "5", "0"), "5"),
        ((1, 6, 9), (PETIT, CACHE, "9"), "16"),
        ((2, 6, 9), (PETIT, CACHE, "9"), "17"),
        ((1, 2, 9), (PETIT, PETIT, "9"), "12"),
        ((1, 1, 9), (PETIT, PETIT, CACHE), "11"),
        ((1, 3, 9), (PETIT, CACHE, CACHE), "13"),
        ((1, 3, 0), (CACHE, CACHE, "0"), "4"),
        ((1, 1, 0), (CACHE, CACHE, CACHE), PETIT),
        ((), (), "0"),
        ((2,), (PETIT,), PETIT),
        ((0, 0), ("0", "0"), "0"),
    ],
)
def test_exemples_comptes_a_la_main(effectifs: tuple[int, ...], cases: tuple[str, ...], total: str) -> None:
    assert proteger(effectifs) == RangeeProtegee(cases=cases, total=total)


@pytest.mark.parametrize(("effectif", "texte"), [(0, "0"), (1, PETIT), (2, PETIT), (3, "3"), (1200, "1\u202f200")])
def test_un_effectif_seul(effectif: int, texte: str) -> None:
    assert publier(effectif) == texte


@pytest.mark.parametrize("negatif", [(-1,), (4, -2)])
def test_un_effectif_negatif_se_refuse(negatif: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="négatif"):
        proteger(negatif)
    with pytest.raises(ValueError, match="négatif"):
        publier(min(negatif))


def test_masque_se_dit() -> None:
    assert not proteger((4, 0)).masque
    assert proteger((1, 6)).masque


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_aucune_petite_case_ne_se_retrouve(effectifs: list[int]) -> None:
    possibles = attaquer(proteger(effectifs))
    assert tuple(effectifs) in possibles
    for rang, effectif in enumerate(effectifs):
        if effectif in {1, 2}:
            assert len({possible[rang] for possible in possibles}) > 1


@given(st.lists(st.integers(0, 40), max_size=8))
def test_zero_reste_zero_et_rien_de_visible_ne_ment(effectifs: list[int]) -> None:
    rangee = proteger(effectifs)
    for effectif, case in zip(effectifs, rangee.cases, strict=True):
        assert case in {str(effectif), PETIT, CACHE}
        assert (case == PETIT) <= (effectif in {1, 2})


@st.composite
def tableaux(tirer: st.DrawFn) -> list[list[int]]:
    """De petits tableaux pleins de petites cases, de zéros et de quelques grandes valeurs."""
    largeur = tirer(st.integers(1, 4))
    effectif = st.one_of(st.integers(0, 4), st.integers(0, 30))
    return tirer(st.lists(st.lists(effectif, min_size=largeur, max_size=largeur), min_size=1, max_size=4))


@settings(max_examples=60, deadline=None)
@given(tableaux())
def test_un_attaquant_qui_connait_les_totaux_ne_retrouve_aucune_case_cachee(effectifs: list[list[int]]) -> None:
    protege = proteger_tableau(effectifs)
    vrais, textes = np.array(a_plat(effectifs)), publies(protege)
    for rang, texte in enumerate(textes):
        if texte in {PETIT, CACHE}:
            bas, haut = encadrer(protege, effectifs, rang)
            assert bas <= vrais[rang] <= haut
            assert haut - bas >= 1, (effectifs, rang)
        else:
            assert texte == str(vrais[rang])
            assert not 0 < vrais[rang] < 3


@given(tableaux())
def test_dans_un_tableau_zero_se_cache_seulement_quand_il_trahirait(effectifs: list[list[int]]) -> None:
    """Rien n'est caché dans un tableau sans petite case ; ce qui est visible est vrai."""
    protege = proteger_tableau(effectifs)
    petit = any(0 < valeur < 3 for valeur in a_plat(effectifs))
    assert protege.masque is petit


def test_le_tableau_croise_cache_un_rectangle() -> None:
    """Une petite case demande trois autres cases : une dans sa ligne, une dans sa colonne, et celle qui les croise."""
    protege = proteger_tableau([[1, 6, 9], [8, 7, 20], [30, 40, 50]])
    assert protege.lignes == ((PETIT, CACHE, "9"), (CACHE, CACHE, "20"), ("30", "40", "50"))
    assert protege.totaux_lignes == ("16", "35", "120")
    assert protege.totaux_colonnes == ("39", "53", "79")
    assert protege.total == "171"


def test_un_tableau_qui_n_est_pas_rectangulaire_se_refuse() -> None:
    with pytest.raises(ValueError, match="longueur"):
        proteger_tableau([[1, 2], [3]])


@pytest.mark.parametrize(
    ("contributions", "total"),
    [
        ((), 0.0),
        ((100.0, 100.0), None),
        ((100.0, 100.0, 0.0), None),
        ((100.0, 100.0, 100.0), 300.0),
        ((8500.0, 750.0, 750.0), 10000.0),
        ((8501.0, 750.0, 749.0), None),
    ],
)
def test_un_montant_demande_trois_entreprises_dont_aucune_ne_domine(
    contributions: tuple[float, ...], total: float | None
) -> None:
    assert publier_montant(contributions) == total


def test_un_montant_negatif_se_refuse() -> None:
    with pytest.raises(ValueError, match="négatif"):
        publier_montant([5.0, -1.0, 3.0])


def test_un_seul_groupe_de_montants_cache_en_cache_un_second() -> None:
    publies_, total = proteger_montants({"A": [10.0], "B": [5.0, 5.0, 5.0], "C": [50.0, 50.0, 50.0]})
    assert publies_ == {"A": None, "B": None, "C": 150.0}
    assert total == 175.0


@given(st.dictionaries(st.sampled_from("ABCD"), st.lists(st.integers(0, 100).map(float), max_size=5), max_size=4))
def test_la_soustraction_ne_rend_aucun_montant_interdit(groupes: dict[str, list[float]]) -> None:
    publies_, total = proteger_montants(groupes)
    caches = [nom for nom, montant in publies_.items() if montant is None]
    assert len(caches) != 1 or total is None
    reste = [montant for nom in caches for montant in groupes[nom]]
    if total is not None and sum(reste):
        assert publier_montant(reste) is not None


@pytest.mark.parametrize(("rencontres", "commune"), [(0, None), (2, None), (3, "Nevers")])
def test_une_citation_ne_porte_pas_commune_et_type_quand_ils_designeraient(
    rencontres: int, commune: str | None
) -> None:
    lieu = situer_citation(commune="Nevers", type_acteur="Entreprise", rencontres=rencontres)
    assert (lieu.commune, lieu.type_acteur) == (commune, "Entreprise")


# --- L'attaquant, écrit sans rien emprunter au module : programme linéaire sur tout ce qui est publié ---------------


def a_plat(effectifs: Sequence[Sequence[int]]) -> list[int]:
    """Cases, totaux de lignes, totaux de colonnes, total."""
    colonnes = [sum(colonne) for colonne in zip(*effectifs, strict=True)]
    return [*(n for ligne in effectifs for n in ligne), *map(sum, effectifs), *colonnes, sum(map(sum, effectifs))]


def publies(protege: TableauProtege) -> list[str]:
    """Les mêmes, tels qu'ils se lisent."""
    cases = [case for ligne in protege.lignes for case in ligne]
    return [*cases, *protege.totaux_lignes, *protege.totaux_colonnes, protege.total]


def encadrer(protege: TableauProtege, effectifs: Sequence[Sequence[int]], rang: int) -> tuple[float, float]:
    """La plus petite et la plus grande valeur possibles d'une case, les sommes étant connues.

    La matrice des sommes d'un tableau croisé est totalement unimodulaire : ces bornes sont atteintes en entiers.
    """
    hauteur, largeur = len(effectifs), len(effectifs[0])
    textes = publies(protege)
    bornes = list(_bornes(textes, hauteur, largeur))
    egalites = np.array(list(_sommes(hauteur, largeur)))
    cout = np.zeros(len(textes))
    cout[rang] = 1
    extremes = [linprog(sens * cout, A_eq=egalites, b_eq=np.zeros(len(egalites)), bounds=bornes) for sens in (1, -1)]
    assert all(extreme.status in {0, 3} for extreme in extremes)
    bas, haut = (np.inf if extreme.status == 3 else extreme.fun for extreme in extremes)
    return round(float(bas)), (1e9 if np.isinf(haut) else round(float(-haut)))


def _bornes(textes: Sequence[str], hauteur: int, largeur: int) -> Iterator[tuple[int, int | None]]:
    """Le lecteur connaît la règle : à côté d'un « < 3 », « masqué » vaut trois ou plus."""
    cases = hauteur * largeur
    avec_petites = PETIT in textes[:cases]
    marges = (textes[cases : cases + hauteur], textes[cases + hauteur : -1])
    totaux_caches = all(texte == CACHE for marge in marges if len(marge) > 1 for texte in marge)
    tout_cache = set(textes[:cases]) == {CACHE}
    for rang, texte in enumerate(textes):
        interieure = rang < cases
        if texte == PETIT:
            yield 1, 2
        elif texte == CACHE and interieure:
            yield (3 if avec_petites else 0 if tout_cache else 1), None
        elif texte == CACHE:
            yield (0 if totaux_caches else 3), None
        else:
            yield int(texte), int(texte)


def _sommes(hauteur: int, largeur: int) -> Iterator[list[int]]:
    cases, totaux = hauteur * largeur, hauteur * largeur + hauteur + largeur
    for i in range(hauteur):
        yield [int(r // largeur == i) if r < cases else -int(r == cases + i) for r in range(totaux + 1)]
    for j in range(largeur):
        yield [int(r % largeur == j) if r < cases else -int(r == cases + hauteur + j) for r in range(totaux + 1)]
    yield [int(r < cases) - int(r == totaux) for r in range(totaux + 1)]


def attaquer(rangee: RangeeProtegee) -> set[tuple[int, ...]]:
    """Toutes les rangées compatibles avec ce qui est publié, règle connue."""
    bas = 3 if PETIT in rangee.cases else 1 if "0" in rangee.cases else 0
    permis = [_permis(case, bas) for case in rangee.cases]
    totaux = {1, 2} if rangee.total == PETIT else {int(rangee.total)}
    return {possible for possible in product(*permis) if sum(possible) in totaux}


def _permis(case: str, bas: int) -> range | tuple[int, ...]:
    if case == PETIT:
        return (1, 2)
    if case == CACHE:
        return range(bas, 30)
    return (int(case),)


# --- À qui la règle s'applique ; des groupes et des blocs ---------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "ecran", "export"),
    [
        (Role.ENQUETEUR, False, False),
        (Role.ADMINISTRATEUR, False, False),
        (Role.RELECTEUR, False, True),
        (Role.DEMONSTRATION, True, True),
    ],
)
def test_la_visite_et_les_fichiers_hors_equipe_sont_sous_secret(role: Role, ecran: bool, export: bool) -> None:
    perimetre = Perimetre(compte_id=1, role=role, investigation_id=1, fictive=True)
    assert (sous_secret(perimetre), sous_secret(perimetre, export=True)) == (ecran, export)


def test_sept_sur_huit_dirait_que_le_huitieme_l_ecarte() -> None:
    proteges = proteger_groupes({"Marseille": (7, 1), "Bourgogne": (6, 4)})
    assert not proteges.par_groupe["Marseille"].clair and not proteges.clair
    assert proteges.par_groupe["Marseille"].evoques == CACHE
    assert proteges.ensemble == GroupeProtege(evoques="13", clair=True)


def test_des_groupes_sans_petite_case_restent_clairs() -> None:
    proteges = proteger_groupes({"Marseille": (9, 0), "Bourgogne": (0, 8)})
    assert proteges.clair and proteges.par_groupe["Bourgogne"].evoques == "0"
    assert proteger_groupes({}).clair


def test_un_ensemble_que_tait_un_decoupage_se_tait_dans_tous() -> None:
    """Deux cases « < 3 » et leur total, quatre, se liraient deux et deux : un autre découpage ne rend pas ce total."""
    par_terrain, par_type = {"Marseille": (2, 9), "Bourgogne": (2, 9)}, {"Association": (4, 9), "Entreprise": (0, 9)}
    assert proteger_ensemble([par_type]) == "4"
    assert proteger_ensemble([par_terrain, par_type]) == proteger_ensemble([par_type, par_terrain]) == CACHE
    assert proteger_ensemble([{"Association": (2, 9)}, par_terrain]) == PETIT
    assert proteger_ensemble([{"Association": (9, 2)}]) == CACHE, "neuf sur onze désignerait les deux autres"
    assert proteger_ensemble([]) == "0"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=4))
def test_un_groupe_clair_ne_montre_aucune_petite_case(lignes: list[tuple[int, int]]) -> None:
    proteges = proteger_groupes({str(rang): ligne for rang, ligne in enumerate(lignes)})
    for rang, ligne in enumerate(lignes):
        groupe = proteges.par_groupe[str(rang)]
        assert not (groupe.clair and any(0 < n < 3 for n in ligne))
        assert groupe.evoques in {str(ligne[0]), PETIT, CACHE}


def test_des_blocs_se_protegent_chacun_avec_son_total() -> None:
    """Un département seul à être petit dans sa région se retrouverait par le total de la région."""
    textes = proteger_blocs([{"Doubs": 1, "Yonne": 6, "Jura": 9}, {"Rhône": 5}])
    assert textes == {"Doubs": PETIT, "Yonne": CACHE, "Jura": "9", "Rhône": "5"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=3), min_size=1, max_size=3))
@example([[0], [1], [1]])
def test_un_bloc_au_total_cache_n_en_montre_pas_la_somme(lignes: list[list[int]]) -> None:
    blocs = [{f"{i}-{j}": n for j, n in enumerate(ligne)} for i, ligne in enumerate(lignes)]
    textes = proteger_blocs(blocs)
    totaux = proteger([sum(bloc.values()) for bloc in blocs]).cases
    for bloc, total in zip(blocs, totaux, strict=True):
        assert all(
            (textes[nom] in {str(n), PETIT, CACHE} and not 0 < n < 3) or textes[nom] in {PETIT, CACHE}
            for nom, n in bloc.items()
        )
        if total in {PETIT, CACHE}:
            assert any(textes[nom] in {PETIT, CACHE} for nom, n in bloc.items())


EFFECTIFS = st.integers(0, 7)


@given(EFFECTIFS, EFFECTIFS, EFFECTIFS)
def test_une_part_publiee_ne_rend_aucun_petit_effectif(oui: int, non: int, exclus: int) -> None:
    """Qui connaît le total et la règle essaie tous les partages qui se publieraient pareil."""
    total = oui + non + exclus
    publie = publier_part(oui, non, exclus=exclus)
    mondes = [
        (a, b, total - a - b)
        for a in range(total + 1)
        for b in range(total + 1 - a)
        if publier_part(a, b, exclus=total - a - b) == publie
    ]
    for rang, effectif in enumerate((oui, non, exclus)):
        if effectif in {1, 2} and total > 2:
            assert len({monde[rang] for monde in mondes}) > 1, (publie, mondes)


def test_une_part_sans_petit_effectif_se_lit_avec_son_denominateur() -> None:
    assert publier_part(14, 10, exclus=3) == ("14", "24")
    assert publier_part(14, 2, exclus=11) == ("14", CACHE)
    assert publier_part(1, 9, exclus=0) == (PETIT, CACHE)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=1, max_size=3))
def test_les_marges_et_les_cases_d_un_croisement_ne_rendent_rien_ensemble(effectifs: list[list[int]]) -> None:
    """Une page donne les lignes, une autre les colonnes, un fichier les cases : tous les tableaux s'essaient."""
    comptes = {(i, j): n for i, ligne in enumerate(effectifs) for j, n in enumerate(ligne)}
    croise = proteger_croisement(comptes)
    total = sum(comptes.values())
    assert croise.total in {str(total), PETIT, CACHE}
    possibles = [
        t for t in _tableaux_de(total, len(comptes)) if _compatible(dict(zip(comptes, t, strict=True)), croise)
    ]
    assert tuple(comptes.values()) in possibles
    for rang, (case, n) in enumerate(comptes.items()):
        assert croise.cases[case] in {str(n), PETIT, CACHE} and (n not in {1, 2} or croise.cases[case] != str(n))
        if n in {1, 2} and not _force_par_les_marges(comptes, case):
            assert len({possible[rang] for possible in possibles}) > 1, (effectifs, case)


def _tableaux_de(total: int, cases: int) -> Iterator[tuple[int, ...]]:
    if cases == 1:
        yield (total,)
        return
    for premiere in range(total + 1):
        for suite in _tableaux_de(total - premiere, cases - 1):
            yield (premiere, *suite)


def _compatible(essai: dict[tuple[int, int], int], croise: CroisementProtege) -> bool:
    def permet(texte: str, n: int) -> bool:
        return n in {1, 2} if texte == PETIT else texte == CACHE or texte == str(n)

    lignes = {i: sum(n for (ligne, _), n in essai.items() if ligne == i) for i, _ in essai}
    colonnes = {j: sum(n for (_, colonne), n in essai.items() if colonne == j) for _, j in essai}
    return (
        all(permet(croise.cases[case], n) for case, n in essai.items())
        and all(permet(croise.lignes[i], n) for i, n in lignes.items())
        and all(permet(croise.colonnes[j], n) for j, n in colonnes.items())
    )


def _force_par_les_marges(comptes: dict[tuple[int, int], int], case: tuple[int, int]) -> bool:
    """Une seule ligne ou une seule colonne pleine : la case est sa marge même, qui se protège comme une rangée."""
    pleines = [autre for autre, n in comptes.items() if n]
    return len({i for i, _ in pleines}) == 1 or len({j for _, j in pleines}) == 1


def test_un_croisement_plein_de_petites_cases_garde_ses_marges() -> None:
    croise = proteger_croisement({("A", 1): 5, ("A", 2): 3, ("A", 3): 1, ("B", 1): 4, ("B", 2): 2, ("B", 3): 4})
    assert dict(croise.lignes) == {"A": "9", "B": "10"}
    assert dict(croise.colonnes) == {1: "9", 2: "5", 3: "5"} and croise.total == "19"


@given(st.lists(st.integers(0, 6), min_size=1, max_size=4), st.lists(st.integers(0, 6), max_size=2))
def test_une_rangee_ne_rend_pas_le_total_qu_une_autre_page_cache(parties: list[int], autres: list[int]) -> None:
    """La rangée du dessus cache ou publie sa première case ; celle du dessous la détaille."""
    dessus = proteger([sum(parties), *autres])
    cases = proteger_sous(dessus.cases[0], parties)
    possibles = attaquer(dessus)
    if dessus.cases[0] in {PETIT, CACHE}:
        assert set(cases) == {CACHE}
        assert 0 < sum(parties) < 3 or len({possible[0] for possible in possibles}) > 1
    for texte, n in zip(cases, parties, strict=True):
        assert texte in {PETIT, CACHE} or texte == str(n)
    if cases.count(PETIT) + cases.count(CACHE) == 1:
        assert len(parties) == 1


@pytest.mark.parametrize(
    ("fins", "gardes"),
    [
        ([], (6, 12, 24)),
        ([(3, 3), (9, 4), (20, 5)], (6, 12, 24)),
        ([(3, 3), (9, 1), (20, 5)], (6, 24)),
        ([(3, 3), (9, 4), (20, 2)], (6,)),
        ([(3, 2)], ()),
        ([(30, 2)], ()),
        ([(3, 3), (9, 4), (30, 1)], (6,)),
    ],
)
def test_une_courbe_ne_se_lit_qu_ou_elle_ne_montre_personne(
    fins: list[tuple[float, int]], gardes: tuple[int, ...]
) -> None:
    assert ages_publiables(fins, (6, 12, 24)) == gardes


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=8))
def test_entre_deux_ages_publies_jamais_une_ni_deux_fins(fins: list[tuple[int, int]]) -> None:
    gardes = ages_publiables(fins, (6, 12, 24, 36))
    bornes = [-1, *gardes, 1000]
    for debut, fin in pairwise(bornes):
        assert not gardes or sum(n for instant, n in fins if debut < instant <= fin) not in {1, 2}
