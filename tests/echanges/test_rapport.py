"""Le rapport écrit dans chaque format, puis ouvert par un vrai lecteur."""

import io
import xml.etree.ElementTree as ET
from datetime import date
from html.parser import HTMLParser

import pytest
from docx import Document

from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Rapport, Scene, Section, TableauScene
from lib.echanges.rapport_docx import LARGEUR_CM, ecrire_docx, largeurs
from lib.echanges.rapport_figures import ecrire_figure
from lib.echanges.rapport_html import ecrire_html
from lib.echanges.rapport_markdown import echapper, ecrire_markdown

HOSTILE = '<script>alert("x")</script> & *gras* [lien](http://x)'
SEULES = {"meta", "rect"}

TABLEAU = TableauScene(legende=f"Légende {HOSTILE}", entetes=("Nom", "Nombre"), lignes=(("Ligne", "3"), (HOSTILE, "4")))
FIGURE = FigureScene(
    titre="Combien ?",
    barres=(
        BarreScene(libelle=HOSTILE, texte="3 sur 9", longueur=3.0, fond=9.0),
        BarreScene(libelle="Cachée", texte="masqué", longueur=None, fond=10.0),
        BarreScene(libelle="Nulle", texte="0", longueur=0.0, fond=10.0),
    ),
)
SCENE = Scene(code=CodeScene.IRRITANTS, phrase=HOSTILE, figure=FIGURE, tableaux=(TABLEAU,), notes=("Une note.",))
RAPPORT = Rapport(
    titre="Bilan d'investigation – Essai",
    sous_titre="Document anonyme.",
    au=date(2026, 11, 20),
    sections=(
        Section(titre="Contexte", paragraphes=("Un.\n\n# Deux.",), puces=(HOSTILE,)),
        Section(titre="Problème", scenes=(SCENE,)),
        Section(titre="Annexe", tableaux=(TABLEAU,), publique=False),
    ),
)


class Verificateur(HTMLParser):
    """Refuse une balise mal fermée ; retient les balises, les attributs et le texte."""

    def __init__(self) -> None:
        super().__init__()
        self.ouvertes: list[str] = []
        self.balises: list[tuple[str, dict[str, str | None]]] = []
        self.textes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.balises.append((tag, dict(attrs)))
        if tag not in SEULES:
            self.ouvertes.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.balises.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.ouvertes and self.ouvertes.pop() == tag, f"</{tag}> inattendue"

    def handle_data(self, data: str) -> None:
        self.textes.append(data)


def lire_page(html: str) -> Verificateur:
    lecteur = Verificateur()
    lecteur.feed(html)
    lecteur.close()
    assert lecteur.ouvertes == []
    return lecteur


def test_la_page_est_bien_formee_et_autonome() -> None:
    lue = lire_page(ecrire_html(RAPPORT))
    noms = [balise for balise, _ in lue.balises]
    assert not {"script", "link", "img", "iframe"} & set(noms)
    assert ("html", {"lang": "fr"}) in lue.balises
    cibles = [attributs[nom] for _, attributs in lue.balises for nom in ("href", "src") if nom in attributs]
    ancres = {f"#{attributs['id']}" for _, attributs in lue.balises if "id" in attributs}
    assert cibles and set(cibles) <= ancres
    assert "url(" not in ecrire_html(RAPPORT) and "@import" not in ecrire_html(RAPPORT)
    assert [nom for nom in noms if nom in {"h1", "h2", "h3"}] == ["h1", "h2", "h2", "h3", "h2"]


def test_la_page_a_des_tableaux_a_en_tetes_et_des_figures_dites() -> None:
    lue = lire_page(ecrire_html(RAPPORT))
    assert sum(balise == "caption" for balise, _ in lue.balises) == 2
    portees = [attributs.get("scope") for balise, attributs in lue.balises if balise == "th"]
    assert portees == ["col", "col", "row", "row"] * 2
    (dessin,) = [attributs for balise, attributs in lue.balises if balise == "svg"]
    assert dessin["role"] == "img" and "Cachée : masqué" in str(dessin["aria-label"]).replace("\u00a0", " ")
    assert HOSTILE in "".join(lue.textes)


def test_une_valeur_cachee_n_a_pas_de_longueur() -> None:
    espace = {"s": "http://www.w3.org/2000/svg"}
    dessin = ET.fromstring(ecrire_figure(FIGURE).replace("<svg", f'<svg xmlns="{espace["s"]}"', 1))  # noqa: S314
    pleins = dessin.findall("s:rect[@class='plein']", espace)
    cachees = dessin.findall("s:rect[@class='piste cachee']", espace)
    assert (len(pleins), len(cachees)) == (1, 1)
    assert float(pleins[0].get("width", "0")) == pytest.approx(350 * 3 / 10, abs=0.1)


def test_le_document_a_de_vrais_titres_et_de_vrais_tableaux() -> None:
    document = Document(io.BytesIO(ecrire_docx(RAPPORT)))
    titres = [(p.style.name, p.text) for p in document.paragraphs if p.style and str(p.style.name).startswith("Head")]
    assert titres == [
        ("Heading 1", "Contexte"),
        ("Heading 1", "Problème"),
        ("Heading 2", CodeScene.IRRITANTS.libelle),
        ("Heading 1", "Annexe"),
    ]
    assert [[c.text for c in rangee.cells] for rangee in document.tables[0].rows] == [
        ["Nom", "Nombre"],
        ["Ligne", "3"],
        [HOSTILE, "4"],
    ]
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert "w:tblHeader" not in document.tables[0].rows[1]._tr.xml
    assert document.core_properties.title == RAPPORT.titre and document.core_properties.language == "fr-FR"


def test_les_colonnes_font_la_largeur_de_la_page_et_portent_leur_plus_long_mot() -> None:
    tableau = TableauScene(legende="", entetes=("Nom", "n"), lignes=(("Une assez longue définition " * 4, "3"),))
    assert sum(largeurs(tableau)) == pytest.approx(LARGEUR_CM)
    assert largeurs(tableau)[0] > 5 * largeurs(tableau)[1] > 0


def test_la_fiche_garde_ses_rubriques_et_tait_l_annexe() -> None:
    fiche = ecrire_markdown(RAPPORT)
    assert [ligne for ligne in fiche.splitlines() if ligne.startswith("#")] == ["## Contexte", "## Problème"]
    assert "Annexe" not in fiche and "\n\\# Deux." in fiche


def test_un_mot_cite_n_est_jamais_lu_comme_du_markdown() -> None:
    assert echapper(HOSTILE) == '\\<script\\>alert("x")\\</script\\> & \\*gras\\* \\[lien\\](http://x)'
    assert echapper("- puce") == "\\- puce" and echapper("1. un") == "\\1. un"
