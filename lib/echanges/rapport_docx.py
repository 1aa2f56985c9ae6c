"""Le rapport en .docx à reprendre : de vrais titres, des figures modifiables, des tableaux à l'en-tête répété."""

import io
import re
from datetime import UTC, datetime
from typing import Any

from lib.domain.formats import date_longue
from lib.domain.scenes import FigureScene, Rapport, Scene, Section, TableauScene
from lib.echanges.rapport_graphiques import inserer_figure

STYLE_TABLEAU = "Light Grid Accent 1"
LANGUE = "fr-FR"
LARGEUR_CM = 16.5
MARGE_CM, CM_PAR_SIGNE, PLUS_LONGUE = 0.45, 0.25, 60
COUPURES = re.compile("[ -]")


def ecrire_docx(rapport: Rapport) -> bytes:
    """Le document, ses propriétés et sa langue."""
    from docx import Document

    document = Document()
    _preparer(document, rapport)
    document.add_heading(rapport.titre, level=0)
    document.add_paragraph(rapport.sous_titre, style="Subtitle")
    document.add_paragraph(f"Données arrêtées au {date_longue(rapport.au)}.")
    for section in rapport.sections:
        _section(document, section)
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def _preparer(document: Any, rapport: Rapport) -> None:
    """Titre, langue du correcteur ; rien de qui l'a produit."""
    from docx.oxml.ns import qn
    from docx.shared import Cm

    proprietes = document.core_properties
    proprietes.title, proprietes.language, proprietes.author = rapport.titre, LANGUE, "ASSO'CIE"
    proprietes.comments, proprietes.keywords = "", ""
    proprietes.created = proprietes.modified = datetime.now(UTC).replace(tzinfo=None)
    for partie in document.sections:
        partie.page_width, partie.page_height = Cm(21), Cm(29.7)
        partie.left_margin = partie.right_margin = Cm(2.25)
    defauts = document.styles.element.find(qn("w:docDefaults"))
    langue = defauts.find(f".//{qn('w:lang')}")
    langue.set(qn("w:val"), LANGUE)


def _section(document: Any, section: Section) -> None:
    document.add_heading(section.titre, level=1)
    for texte in section.paragraphes:
        for morceau in filter(str.strip, texte.split("\n")):
            document.add_paragraph(morceau)
    for puce in section.puces:
        document.add_paragraph(puce, style="List Bullet")
    for tableau in section.tableaux:
        _tableau(document, tableau)
    for scene in section.scenes:
        _scene(document, scene)


def _scene(document: Any, scene: Scene) -> None:
    document.add_heading(scene.titre, level=2)
    document.add_paragraph(style="Intense Quote").add_run(scene.phrase)
    if scene.figure:
        _figure(document, scene.figure)
    for tableau in scene.tableaux:
        _tableau(document, tableau)
    for note in scene.notes:
        document.add_paragraph().add_run(note).italic = True


def _figure(document: Any, figure: FigureScene) -> None:
    legende = document.add_paragraph(figure.titre, style="Caption")
    legende.paragraph_format.keep_with_next = True
    inserer_figure(document, figure, rang=len(document.inline_shapes) + 1)


def _tableau(document: Any, tableau: TableauScene) -> None:
    legende = document.add_paragraph(tableau.legende, style="Caption")
    legende.paragraph_format.keep_with_next = True
    grille = document.add_table(rows=1, cols=len(tableau.entetes), style=STYLE_TABLEAU)
    _remplir(grille.rows[0].cells, tableau.entetes)
    _repeter_l_entete(grille.rows[0])
    for ligne in tableau.lignes:
        rangee = grille.add_row()
        _remplir(rangee.cells, ligne)
        _garder_entiere(rangee)
    _etaler(grille, tableau)
    document.add_paragraph()


def _remplir(cellules: Any, textes: tuple[str, ...]) -> None:
    for cellule, texte in zip(cellules, textes, strict=True):
        cellule.text = texte


def _garder_entiere(rangee: Any) -> None:
    """Une ligne ne se coupe pas entre deux pages."""
    from docx.oxml import OxmlElement

    rangee._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx n'a pas d'autre porte


def _etaler(grille: Any, tableau: TableauScene) -> None:
    from docx.shared import Cm

    grille.autofit = False
    for colonne, largeur in zip(grille.columns, largeurs(tableau), strict=True):
        colonne.width = Cm(largeur)
        for cellule in colonne.cells:
            cellule.width = colonne.width


def largeurs(tableau: TableauScene) -> list[float]:
    """Largeur de chaque colonne, en centimètres : son plus long mot y tient, le reste va à qui a le plus à dire."""
    colonnes = list(zip(tableau.entetes, *tableau.lignes, strict=True))
    mots = [max(len(mot) for texte in colonne for mot in COUPURES.split(texte)) for colonne in colonnes]
    minima = [MARGE_CM + CM_PAR_SIGNE * mot for mot in mots]
    a_dire = [min(PLUS_LONGUE, max(map(len, colonne))) for colonne in colonnes]
    reste = max(0.0, LARGEUR_CM - sum(minima))
    voulues = [minimum + reste * part / sum(a_dire) for minimum, part in zip(minima, a_dire, strict=True)]
    return [LARGEUR_CM * voulue / sum(voulues) for voulue in voulues]


def _repeter_l_entete(rangee: Any) -> None:
    """L'en-tête se répète à chaque page, et se dit comme tel à un lecteur d'écran."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    marque = OxmlElement("w:tblHeader")
    marque.set(qn("w:val"), "true")
    rangee._tr.get_or_add_trPr().append(marque)  # noqa: SLF001 - python-docx n'a pas d'autre porte
