"""Un nom connu disparaît du texte, sous toutes ses écritures ; le reste ne bouge pas d'un caractère."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.masquage import Masque, masque_des_personnes, mots_simples, noms_de_personne, prenom, sans_article

MASQUE = Masque(masque_des_personnes(["Judith Kermoal-Aubin", "Rémi Petit", "Mme Nadège Orsattini"]))


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Judith Kermoal-Aubin accepte.", "[personne] accepte."),
        ("judith KERMOAL-AUBIN accepte.", "[personne] accepte."),
        ("D’après Mme Kermoal-Aubin, oui.", "D’après Mme [personne], oui."),
        ("M. Petit, puis REMI PETIT", "M. [personne], puis [personne]"),
        ("un petit don, petit à petit", "un petit don, petit à petit"),
        ("La Petitesse et Kermoal", "La Petitesse et Kermoal"),
        ("« l’Orsattini »", "« l’[personne] »"),
        ("Rémi\u00a0Petit\net rien d’autre 🙂", "[personne]\net rien d’autre 🙂"),
        ("", ""),
    ],
)
def test_les_personnes_disparaissent(texte: str, attendu: str) -> None:
    assert MASQUE.masquer(texte) == attendu


def test_le_nom_le_plus_long_gagne() -> None:
    masque = Masque({"Frigolive": "[court]", "Frigolive Logistique": "[long]"})
    assert masque.masquer("Frigolive Logistique et Frigolive.") == "[long] et [court]."


def test_une_organisation_se_retrouve_sans_son_article() -> None:
    masque = Masque({sans_article("L'Épicerie des Calanques"): "[Association 3]"})
    assert masque.masquer("À l’épicerie des Calanques, on donne.") == "À l’[Association 3], on donne."


def test_un_nom_d_une_ou_deux_lettres_ne_masque_rien() -> None:
    assert Masque({"Le": "[x]", "É": "[x]"}).masquer("Le reste. É.") == "Le reste. É."


def test_noms_et_prenom() -> None:
    assert noms_de_personne("M. Rémi Petit") == ("Rémi Petit", "Petit")
    assert noms_de_personne("Orsattini") == ("Orsattini",)
    assert noms_de_personne("") == ()
    assert prenom("Mme Nadège Orsattini") == "Nadège"
    assert prenom("Orsattini") == ""


@given(st.text())
def test_sans_nom_connu_le_texte_est_rendu_au_caractere_pres(texte: str) -> None:
    assert Masque({"Zzyzx Qwfpgj": "[personne]"}).masquer(texte) == texte


@given(st.text(), st.text())
def test_le_nom_entier_ne_se_lit_plus(avant: str, apres: str) -> None:
    texte = f"{avant} Judith Kermoal-Aubin {apres}"
    assert "Judith Kermoal-Aubin" not in MASQUE.masquer(texte)


@pytest.mark.parametrize("nom", ["Lazulimar Propreté", "Decathlon", "Unilever", "Leclerc"])
def test_un_nom_qui_commence_comme_un_article_reste_entier(nom: str) -> None:
    assert sans_article(nom) == nom


NOMS = st.sampled_from(["Judith Lœb", "Élise Saint-Just", "Œdipe", "Noël Ŝmit", "L’Haÿ", "Petit", "Ana-Lou Roi", "Zoé"])
BRUIT = st.sampled_from(
    ["JUDITH", "lœb", "élise", "ELISE saint‑just", "Ŝmit", "petit", "²", "\u202f", "été", "-", "’", "日", "."]
)


@given(st.lists(st.one_of(NOMS, BRUIT, st.text(max_size=6)), max_size=8).map(" ".join), st.sets(NOMS, min_size=1))
def test_le_raccourci_n_ecarte_jamais_un_texte_a_masquer(texte: str, noms: set[str]) -> None:
    masque = Masque(masque_des_personnes(noms))
    if masque.ignore(mots_simples(texte)):
        assert masque.masquer(texte) == texte
