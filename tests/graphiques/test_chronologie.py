"""La chronologie : un trait par épisode, des liens sûrs, et le même contenu en mots et en tableau."""

from datetime import date

from lib.domain.vocabulaire import PlaceDuree
from lib.graphiques.chronologie import Trait, description, figure, table


def trait(libelle: str = "Boulangerie – Panier", groupe: str = "Marseille", **champs: object) -> Trait:
    valeurs = {"debut": date(2024, 1, 1), "fin": date(2025, 1, 1), "place": PlaceDuree.TERMINE} | champs
    return Trait(groupe=groupe, libelle=libelle, **valeurs)  # type: ignore[arg-type]


TRAITS = [
    trait(adresse="partenariat?partenariat=1"),
    trait("Garage – Toit", place=PlaceDuree.EN_COURS, imprecis=True),
    trait("Banque – Source", groupe="Bourgogne", place=PlaceDuree.A_VERIFIER),
    trait("Imprimeur – Cour", groupe="Bourgogne", fin=date(2024, 1, 2)),
]


def test_chaque_episode_a_son_trait_et_chaque_sorte_sa_forme() -> None:
    dessinee = figure(TRAITS, titre="Qui ?")
    _, pleins, tirets, fleches, vagues, brefs, groupes = dessinee.data
    assert [jour for jour in pleins.x if jour] == ["2024-01-01", "2025-01-01"] * 2 + ["2024-01-01", "2024-01-02"]
    assert tirets.line.dash == "dot" and len([jour for jour in tirets.x if jour]) == 2
    assert [len(points.x) for points in (fleches, vagues, brefs)] == [1, 1, 1]
    libelles = dessinee.layout.annotations
    assert len(groupes.text) == 2 and len(libelles) == len(TRAITS)
    hauteurs = [*groupes.y, *(libelle.y for libelle in libelles)]
    assert len(set(hauteurs)) == len(hauteurs)


def test_une_barre_invisible_ouvre_la_fiche_de_son_trait() -> None:
    ouvrant, muet = trait("Ouvrant", fiche_id=7), trait("Réuni")
    prises = figure([ouvrant, muet], titre="Qui ?").data[0]
    assert prises.type == "bar" and list(prises.customdata) == [7]
    assert prises.marker.color == "rgba(0,0,0,0)" and prises.width >= 18


def test_un_nom_ouvre_sa_fiche_et_n_est_jamais_interprete() -> None:
    mechant = trait("<b>Gras</b> – 'x' & cie", adresse="partenariat?partenariat=7")
    (libelle,) = figure([mechant], titre="Qui ?").layout.annotations
    assert 'href="partenariat?partenariat=7"' in libelle.text and "&lt;b&gt;Gras&lt;/b&gt;" in libelle.text
    assert "<b>Gras" not in libelle.text


def test_un_nom_trop_long_se_coupe_et_reste_entier_au_tableau() -> None:
    long = trait("Une très longue entreprise de transport – Une association au nom tout aussi interminable")
    assert "…" in figure([long], titre="Qui ?").layout.annotations[0].text
    assert table([long], groupe="Terrain").lignes[0][1] == long.libelle


def test_en_mots_et_en_tableau() -> None:
    assert "Marseille : 2 ; Bourgogne : 2" in description(TRAITS, titre="Qui ?").translate({0xA0: " ", 0x202F: " "})
    tableau = table(TRAITS, groupe="Terrain")
    assert tableau.entetes[0] == "Terrain" and len(tableau.lignes) == 4
    lue = tuple(cellule.replace("\N{NO-BREAK SPACE}", " ") for cellule in tableau.lignes[2])
    assert lue == ("Bourgogne", "Banque – Source", "1er janv. 2024", "1er janv. 2025", "À vérifier")


def test_sans_episode_la_figure_le_dit() -> None:
    assert "rien à placer" in figure([], titre="Qui ?").layout.annotations[0].text
