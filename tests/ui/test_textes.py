"""Un texte de personne se montre tel quel, jamais comme du Markdown."""

import re
from collections.abc import Callable

import pytest

from lib.ui.textes import litteral, phrase


def test_les_signes_du_markdown_s_echappent() -> None:
    assert litteral("**gras** [lien](/x)") == r"\*\*gras\*\* \[lien\]\(\/x\)"


@pytest.mark.parametrize("ecrire", [litteral, phrase])
@pytest.mark.parametrize("adresse", ["http://ailleurs.test/a", "HTTPS://ailleurs.test", "www.ailleurs.test"])
def test_une_adresse_ne_devient_pas_un_lien(ecrire: Callable[[str], str], adresse: str) -> None:
    """Le lecteur de Markdown cherche les adresses dans le texte déjà déséchappé."""
    lu = ecrire(f"Le Panier ({adresse})").replace("\\", "")
    assert not re.search(r"https?://|www\.", lu, re.IGNORECASE)
    assert lu.replace("\u2060", "") == f"Le Panier ({adresse})"


@pytest.mark.parametrize("texte", ["Café de l’Est", "2 à 3 € – « ok »", "مرحبا 🙂"])
def test_lettres_accents_et_autres_ecritures_restent(texte: str) -> None:
    assert litteral(texte) == texte


def test_tout_tient_sur_une_ligne() -> None:
    assert litteral("a\n\n# b\t c") == r"a \# b c"


def test_une_espace_insecable_reste_insecable() -> None:
    assert litteral("  70\u00a0%  et 1\u202f200 ") == "70\u00a0\\% et 1\u202f200"


def test_une_icone_nommee_ne_s_affiche_pas() -> None:
    assert ":bulle:" not in litteral(":bulle:").replace("\\", "")
    assert ":material/home:" not in litteral(":material/home:").replace("\\", "")


@pytest.mark.parametrize(
    "cite",
    [
        "![i](http://ailleurs.test/a.png)",
        "[clic](javascript:alert(1))",
        "<img src=x>",
        "*gras* _italique_ `code` ~~barré~~",
        r"$\frac{1}{2}$",
    ],
)
def test_ce_que_cite_une_phrase_ne_s_interprete_pas(cite: str) -> None:
    """Chaque signe actif est précédé de sa barre ; un passage sans barre n'en contient plus aucun."""
    reste = re.sub(r"\\.", "", phrase(f"« {cite} » est archivée : choisissez-en une autre."))
    assert not re.search(r"[\[\]<>*_`$~|]", reste)


def test_une_phrase_ordinaire_reste_telle_quelle() -> None:
    ordinaire = "Un identifiant compte de 3 à 80 signes : lettres, point, tiret, « @ » (5 % au plus) – voir n° 3."
    assert phrase(ordinaire) == ordinaire


def test_une_phrase_n_affiche_pas_d_icone_nommee() -> None:
    assert ":material/home:" not in phrase("« :material/home: » est archivée.")
