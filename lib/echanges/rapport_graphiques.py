"""Une figure de barres en graphique Word natif : nette à toute taille, modifiable, décrite pour qui ne la voit pas.

Ni navigateur, ni police, ni service : du DrawingML et une feuille de calcul embarquée. Le texte au bout de chaque barre
est dans son nom, car Word et LibreOffice ne placent pas de la même façon une étiquette posée à côté d'une barre.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lib.domain.formats import INSECABLE
from lib.domain.scenes import BarreScene, FigureScene

LARGEUR_CM, HAUTEUR_BARRE_CM, MARGES_CM = 16.5, 0.95, 0.6
EMU_PAR_CM = 360_000
PLEIN, TRAIT, ENCRE = "000091", "666666", "161616"
TIRETS = '<a:prstDash val="dash"/>'
FEUILLE = "Figure"
SERIES = ("Valeur", "Reste")
ESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
GRAPHIQUE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
CLASSEUR = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def inserer_figure(document: Any, figure: FigureScene, *, rang: int) -> None:
    """Ajoute la figure à la suite du document. rang : son numéro, propre à elle dans le document."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    paquet = document.part.package
    classeur = Part(PackURI(f"/word/embeddings/figure{rang}.xlsx"), CLASSEUR, ecrire_classeur(figure), paquet)
    graphique = Part(PackURI(f"/word/charts/chart{rang}.xml"), GRAPHIQUE, b"", paquet)
    lien = graphique.relate_to(classeur, f"{RELATIONS}/package")
    graphique._blob = ecrire_graphique(figure, classeur=lien).encode()  # noqa: SLF001 - python-docx n'a pas d'autre porte
    numero = document.part.relate_to(graphique, f"{RELATIONS}/chart")
    paragraphe = document.add_paragraph()
    paragraphe.paragraph_format.keep_with_next = True
    paragraphe.add_run()._r.append(parse_xml(_cadre(figure, numero, rang)))  # noqa: SLF001 - même raison


def nommer(barre: BarreScene) -> str:
    """« Manque de temps : 8 sur 23 », dont l'effectif ne se coupe pas en fin de ligne."""
    return f"{barre.libelle}{INSECABLE}: {barre.texte.replace(' ', INSECABLE)}"


def _cadre(figure: FigureScene, lien: str, rang: int) -> str:
    hauteur = round((HAUTEUR_BARRE_CM * len(figure.barres) + MARGES_CM) * EMU_PAR_CM)
    return (
        f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" {ESPACES}'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{round(LARGEUR_CM * EMU_PAR_CM)}" cy="{hauteur}"/>'
        f'<wp:docPr id="{1000 + rang}" name={quoteattr(f"Figure {rang}")} descr={quoteattr(figure.alternative)}/>'
        "<wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{lien}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


# --- La feuille de calcul ---------------------------------------------------------------------------------------


def ecrire_classeur(figure: FigureScene) -> bytes:
    """Ce que Word ouvre pour modifier la figure : une barre par ligne ; une valeur masquée n'y est pas."""
    import xlsxwriter

    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon, {"in_memory": True, "strings_to_formulas": False}) as classeur:
        feuille = classeur.add_worksheet(FEUILLE)
        feuille.write_row(0, 0, ("", *SERIES))
        for rang, barre in enumerate(figure.barres, start=1):
            feuille.write_string(rang, 0, nommer(barre))
            if barre.longueur is not None:
                feuille.write_number(rang, 1, barre.longueur)
            feuille.write_number(rang, 2, _reste(barre))
    return tampon.getvalue()


def _reste(barre: BarreScene) -> float:
    return max(0.0, barre.fond - (barre.longueur or 0.0))


# --- Le graphique -----------------------------------------------------------------------------------------------


def ecrire_graphique(figure: FigureScene, *, classeur: str) -> str:
    """Des barres couchées : pleine pour la valeur, vide pour ce qui reste, tiretée là où la valeur est masquée."""
    maximum = max((barre.fond for barre in figure.barres), default=0.0) or 1.0
    plein = f'<a:solidFill><a:srgbClr val="{PLEIN}"/></a:solidFill>'
    series = (
        _serie(figure, 0, plein, lambda barre: barre.longueur),
        _serie(figure, 1, f"<a:noFill/>{_trait()}", _reste, _tirets(figure)),
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {ESPACES}>'
        '<c:lang val="fr-FR"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>'
        f'{"".join(series)}<c:gapWidth val="60"/><c:overlap val="100"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f"{_axe_des_noms()}{_axe_des_valeurs(maximum)}"
        '</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'<c:externalData r:id="{classeur}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _trait(tirets: str = "") -> str:
    return f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{TRAIT}"/></a:solidFill>{tirets}</a:ln>'


def _tirets(figure: FigureScene) -> str:
    """Ce qui distingue une valeur masquée d'une valeur nulle, sans la couleur."""
    cachees = (rang for rang, barre in enumerate(figure.barres) if barre.longueur is None)
    tirete = f"<c:spPr><a:noFill/>{_trait(TIRETS)}</c:spPr>"
    return "".join(
        f'<c:dPt><c:idx val="{rang}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{tirete}</c:dPt>'
        for rang in cachees
    )


def _serie(
    figure: FigureScene, rang: int, style: str, valeur: Callable[[BarreScene], float | None], points: str = ""
) -> str:
    colonne, derniere = "BC"[rang], len(figure.barres) + 1
    noms = _points(nommer(barre) for barre in figure.barres)
    valeurs = _points(map(valeur, figure.barres))
    return (
        f'<c:ser><c:idx val="{rang}"/><c:order val="{rang}"/>'
        f"<c:tx><c:strRef><c:f>{FEUILLE}!${colonne}$1</c:f><c:strCache>{_points([SERIES[rang]])}</c:strCache></c:strRef>"
        f'</c:tx><c:spPr>{style}</c:spPr><c:invertIfNegative val="0"/>{points}'
        f"<c:cat><c:strRef><c:f>{FEUILLE}!$A$2:$A${derniere}</c:f><c:strCache>{noms}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{FEUILLE}!${colonne}$2:${colonne}${derniere}</c:f>"
        f"<c:numCache><c:formatCode>General</c:formatCode>{valeurs}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _points(valeurs: Iterable[str | float | None]) -> str:
    lues = list(valeurs)
    ecrites = "".join(
        f'<c:pt idx="{rang}"><c:v>{escape(str(lue))}</c:v></c:pt>' for rang, lue in enumerate(lues) if lue is not None
    )
    return f'<c:ptCount val="{len(lues)}"/>{ecrites}'


def _axe_des_noms() -> str:
    texte = (
        '<c:txPr><a:bodyPr rot="0" vert="horz"/><a:p><a:pPr><a:defRPr sz="1000">'
        f'<a:solidFill><a:srgbClr val="{ENCRE}"/></a:solidFill></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="fr-FR"/></a:p></c:txPr>'
    )
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{texte}<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
    )


def _axe_des_valeurs(maximum: float) -> str:
    """Sans graduation : chaque barre porte son effectif."""
    return (
        f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="{maximum}"/><c:min val="0"/>'
        '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/>'
        '<c:crosses val="autoZero"/></c:valAx>'
    )
