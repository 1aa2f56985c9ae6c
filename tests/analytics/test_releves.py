"""Lire les relevés d'un terrain : dénominateur sans « non abordé », pas de pourcentage sous huit acteurs."""

import pytest

from lib.analytics.proportions import Observation, comparer, wilson
from lib.analytics.releves import Releves, comparables, dire_releves, dire_spontaneite, taire_petits

MARSEILLE = Releves(terrain="Marseille", spontanes=6, relances=3, ecartes=1, rencontres=12)


def lu(releves: Releves) -> str:
    part = wilson(releves.evoques, releves.abordes)
    return dire_releves(releves, part).replace("\xa0", " ").replace("\u202f", " ")


def test_le_denominateur_exclut_le_non_aborde() -> None:
    assert (MARSEILLE.evoques, MARSEILLE.abordes, MARSEILLE.non_abordes) == (9, 10, 2)
    assert MARSEILLE.observer("temps") == Observation(irritant="temps", groupe="Marseille", evoques=9, abordes=10)


def test_la_phrase_donne_part_intervalle_spontaneite_et_exclus() -> None:
    assert lu(MARSEILLE) == (
        "Marseille : 9/10 l'évoquent, soit 90 % [60 % ; 98 %], dont 6 spontanément. "
        "Non abordé dans 2 entretiens sur 12, exclus du calcul."
    )


def test_sous_huit_acteurs_aucun_pourcentage() -> None:
    phrase = lu(Releves(terrain="Jura", spontanes=2, ecartes=5, rencontres=7))
    assert phrase == (
        "Jura : 2/7 l'évoquent (effectif insuffisant pour une part : moins de 8 acteurs), dont 2 spontanément."
    )


def test_jamais_aborde() -> None:
    assert lu(Releves(terrain="Jura", rencontres=3)) == "Jura : sujet jamais abordé (3 entretiens réalisés)."


def test_personne_ne_l_evoque() -> None:
    personne = Releves(terrain="Jura", ecartes=8, rencontres=8)
    assert lu(personne) == "Jura : 0/8 l'évoque, soit 0 % [0 % ; 32 %]."
    assert dire_spontaneite(personne) == "–"
    assert dire_spontaneite(MARSEILLE) == "6/9"


def test_un_nombre_negatif_se_refuse() -> None:
    with pytest.raises(ValueError, match="impossibles"):
        Releves(terrain="Jura", spontanes=-1)


def test_taire_garde_les_effectifs() -> None:
    comparaison = taire_petits(
        comparer(
            [
                Observation(irritant="temps", groupe="A", evoques=3, abordes=7),
                Observation(irritant="temps", groupe="B", evoques=3, abordes=8),
            ]
        )
    )
    parts = comparaison.lignes[0].parts
    assert (parts["A"].numerateur, parts["A"].denominateur, parts["A"].valeur, parts["A"].bas) == (3, 7, None, None)
    assert parts["B"].valeur == pytest.approx(0.375)
    assert comparables(comparaison) == ()


def test_comparables_demande_deux_terrains_et_trie_par_ecart() -> None:
    effectifs = {"proche": (4, 5), "loin": (0, 8), "seul": (3, None)}
    observations = [
        Observation(irritant=irritant, groupe=groupe, evoques=evoques, abordes=8)
        for irritant, couple in effectifs.items()
        for groupe, evoques in zip("AB", couple, strict=True)
        if evoques is not None
    ]
    assert [ligne.irritant for ligne in comparables(comparer(observations))] == ["loin", "proche"]
