"""Écriture du classeur de `lib.echanges.tableur` ; chargé au premier export, XlsxWriter pèse au démarrage.

Écriture au fil des lignes, mémoire constante. Les limites d'Excel sont contournées sans rien perdre :

- 32 767 caractères par cellule : la suite du texte va dans l'onglet « Suites », la cellule y renvoie ;
- 1 048 576 lignes par onglet : la table continue dans « Nom (suite 2) » ;
- caractères interdits en XML : écrits `_xHHHH_`, convention qu'Excel relit.

Un texte reste un texte, même s'il commence par « = ». Un entier de plus de 15 chiffres et une date d'avant 1900,
qu'Excel fausserait, s'écrivent en texte. Les nombres gardent 16 chiffres significatifs. Les instants sont à
l'heure de Paris.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from lib.domain.formats import nombre
from lib.echanges import tableur_cellules as cellules
from lib.echanges.tableur import FORMULE, Ligne, Table, Valeur, heure_locale, texte_date, texte_nombre

LIGNES_PAR_ONGLET = 1_048_576
COLONNES_PAR_ONGLET = 16_384
CARACTERES_PAR_NOM = 31
PREMIERE_ANNEE = 1900
PREMIER_ENTIER_INEXACT = 10**15
PLUS_GRAND_NOMBRE = 9.99999999999999e307

LISEZ_MOI = "Lisez-moi"
NOMS_RESERVES = (LISEZ_MOI, cellules.SUITES, "History", "Historique")
NOM_INTERDIT = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
RUBRIQUES = {
    "investigation": "Investigation",
    "date": "Date de l'export",
    "auteur": "Exporté par",
    "filtre": "Filtre appliqué",
    "n": "Nombre de lignes",
}

LIGNES_MESUREES = 50
LARGEUR_MINIMALE, LARGEUR_MAXIMALE = 10, 60
TEXTE_RENVOYE_MAXIMAL = 600
"""Au-delà, renvoyer à la ligne ferait des lignes plus hautes que l'écran."""


def ecrire(tables: Sequence[Table], sortie: BinaryIO, lisez_moi: Mapping[str, Valeur] | None) -> None:
    """Voir `lib.echanges.tableur.ecrire_xlsx`."""
    with _ouvrir(sortie) as workbook:
        classeur = _Classeur(workbook)
        # Première feuille, écrite en dernier : elle compte les lignes des autres.
        notice = None if lisez_moi is None else _Onglet(classeur, LISEZ_MOI, ("Rubrique", "Contenu"), (34, 80))
        preparees = [_preparer(classeur, table) for table in tables]
        for onglet, lignes in preparees:
            onglet.ecrire(lignes)
        if notice is not None:
            notice.ecrire(_lignes_notice(lisez_moi or {}, [onglet for onglet, _ in preparees], classeur))
        if classeur.suites is not None:
            classeur.suites.fermer()


@contextmanager
def _ouvrir(sortie: BinaryIO) -> Iterator[Workbook]:
    """Le classeur ; même après une erreur, ses fichiers de travail sont fermés et effacés."""
    with tempfile.TemporaryDirectory(prefix="associe-export-") as dossier:
        options: dict[str, Any] = {"constant_memory": True, "tmpdir": dossier}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        workbook = Workbook(sortie, options)
        try:
            yield workbook
            workbook.close()
        finally:
            for feuille in workbook.worksheets():
                feuille._opt_close()  # noqa: SLF001 — seul moyen de fermer le fichier de travail


def _preparer(classeur: "_Classeur", table: Table) -> tuple["_Onglet", Iterator[Ligne]]:
    """L'onglet, à la largeur de ses premières lignes, et toutes ses lignes."""
    lignes = table.lire_lignes()
    mesurees = list(islice(lignes, LIGNES_MESUREES))
    nom = classeur.reserver_nom(table.nom)
    return _Onglet(classeur, nom, table.entetes, _largeurs(table.entetes, mesurees)), chain(mesurees, lignes)


def _largeurs(entetes: Sequence[str], lignes: Iterable[Ligne]) -> list[int]:
    colonnes = zip(entetes, *lignes, strict=True)
    return [_borner(max(map(_largeur, colonne))) for colonne in colonnes]


def _borner(largeur: int) -> int:
    # Deux de plus : la flèche du filtre automatique.
    return min(LARGEUR_MAXIMALE, max(LARGEUR_MINIMALE, largeur + 2))


def _largeur(valeur: Valeur) -> int:
    texte = texte_date(valeur) if isinstance(valeur, date) else str("" if valeur is None else valeur)
    return max(map(len, texte[:TEXTE_RENVOYE_MAXIMAL].splitlines()), default=0)


def _lignes_notice(
    lisez_moi: Mapping[str, Valeur], onglets: Iterable["_Onglet"], classeur: "_Classeur"
) -> Iterator[tuple[str, Valeur]]:
    yield from ((RUBRIQUES.get(cle, cle), valeur) for cle, valeur in lisez_moi.items())
    yield from ((f"Lignes de l'onglet « {onglet.nom} »", onglet.lignes_ecrites) for onglet in onglets)
    yield "Dates et heures", "Heure de Paris."
    if classeur.suites is not None:
        limite = nombre(cellules.CARACTERES_PAR_CELLULE)
        yield "Textes longs", f"Une cellule tient {limite} caractères ; la suite est dans « {cellules.SUITES} »."


def _pour_excel(valeur: Valeur) -> Valeur:
    """La valeur telle qu'Excel peut la tenir sans la fausser, en texte s'il le faut."""
    match valeur:
        case datetime():
            local = heure_locale(valeur)
            return local if local.year >= PREMIERE_ANNEE else texte_date(local)
        case date():
            return valeur if valeur.year >= PREMIERE_ANNEE else texte_date(valeur)
        case int():
            return valeur if abs(valeur) < PREMIER_ENTIER_INEXACT else str(valeur)
        case float():
            return valeur if abs(valeur) <= PLUS_GRAND_NOMBRE else texte_nombre(valeur) or None
    return valeur


class _Feuille(Worksheet):  # type: ignore[misc]
    """XlsxWriter échappe mal deux `_xHHHH_` accolés (« _x0041_x0042_ ») : notre règle remplace la sienne."""

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        # Les booléens passent ici sous forme d'entiers.
        return cellules.echapper(data) if isinstance(data, str) else data

    def poser_texte(self, rang: int, colonne: int, texte: str, format_: Any) -> None:
        """Sans l'adresse en lettres ni la devinette de type que XlsxWriter propose à chaque cellule."""
        self._write_string(rang, colonne, texte, format_)

    def poser_nombre(self, rang: int, colonne: int, nombre_: float, format_: Any) -> None:
        """De même pour un nombre."""
        self._write_number(rang, colonne, nombre_, format_)


class _Classeur:
    """Ce que les onglets partagent : noms pris, formats, onglet des suites ouvert au premier texte long."""

    def __init__(self, workbook: Workbook) -> None:
        self.suites: _Onglet | None = None
        self._workbook = workbook
        self._noms = {nom.casefold() for nom in NOMS_RESERVES}
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.ordinaire, self.renvoye = self.format(), self.format(text_wrap=True)

    def ouvrir_feuille(self, nom: str) -> Any:
        return self._workbook.add_worksheet(nom, worksheet_class=_Feuille)

    def format(self, **proprietes: Any) -> Any:
        cle = tuple(proprietes.items())
        if cle not in self._formats:
            self._formats[cle] = self._workbook.add_format({"valign": "top", **proprietes})
        return self._formats[cle]

    def reserver_nom(self, nom: str, suffixe: str = "") -> str:
        """Un nom d'onglet qu'Excel accepte, unique sans égard à la casse."""
        propre = NOM_INTERDIT.sub(" ", nom).strip(" '") or "Onglet"
        candidat, rang = _tronquer(propre, suffixe), 2
        while candidat.casefold() in self._noms:
            candidat, rang = _tronquer(propre, f"{suffixe} ({rang})"), rang + 1
        self._noms.add(candidat.casefold())
        return candidat

    def ranger_suite(self, onglet: str, cellule: str, morceaux: Iterable[str]) -> int:
        """Écrit les morceaux dans l'onglet des suites et rend le numéro de ligne du premier."""
        if self.suites is None:
            self.suites = _Onglet(self, cellules.SUITES, cellules.ENTETES_SUITES, (24, 10, 8, 80))
        premiere = self.suites.rang + 1
        for partie, morceau in enumerate(morceaux, start=2):
            self.suites.ajouter((onglet, cellule, partie, morceau))
        return premiere


def _tronquer(nom: str, suffixe: str) -> str:
    while cellules.poids(nom + suffixe) > CARACTERES_PAR_NOM:
        nom = nom[:-1]
    return nom.rstrip(" '") + suffixe


class _Onglet:
    """Une table en cours d'écriture ; continue dans une nouvelle feuille quand la sienne est pleine."""

    def __init__(self, classeur: _Classeur, nom: str, entetes: Sequence[str], largeurs: Sequence[int]) -> None:
        if len(entetes) > COLONNES_PAR_ONGLET:
            raise ValueError(f"« {nom} » a {len(entetes)} colonnes ; Excel en tient {COLONNES_PAR_ONGLET}.")
        self.nom, self.lignes_ecrites, self.rang = nom, 0, 0
        self._classeur, self._entetes, self._largeurs = classeur, entetes, largeurs
        self._feuilles = 1
        self._ouvrir(nom)

    def ecrire(self, lignes: Iterable[Ligne]) -> None:
        for ligne in lignes:
            self.ajouter(ligne)
        self.fermer()

    def ajouter(self, ligne: Ligne) -> None:
        if self.rang == LIGNES_PAR_ONGLET:
            self.fermer()
            self._feuilles += 1
            self._ouvrir(self._classeur.reserver_nom(self.nom, f" (suite {self._feuilles})"))
        self._ecrire_ligne(ligne)
        self.lignes_ecrites += 1

    def fermer(self) -> None:
        """Pose le filtre automatique, dont l'étendue n'est connue qu'à la fin."""
        if self._entetes:
            self._feuille.autofilter(0, 0, max(self.rang - 1, 1), len(self._entetes) - 1)

    def _ouvrir(self, nom: str) -> None:
        self._nom_feuille = nom
        self._feuille = self._classeur.ouvrir_feuille(nom)
        self._feuille.freeze_panes(1, 0)
        for colonne, largeur in enumerate(self._largeurs):
            self._feuille.set_column(colonne, colonne, largeur)
        self.rang = 0
        self._ecrire_ligne(self._entetes, bold=True, bottom=1)

    def _ecrire_ligne(self, ligne: Ligne, **proprietes: Any) -> None:
        for colonne, valeur in enumerate(ligne):
            if type(valeur) is str:  # presque toutes les cellules
                self._ecrire_texte(colonne, valeur, proprietes)
            elif type(valeur) is int and -PREMIER_ENTIER_INEXACT < valeur < PREMIER_ENTIER_INEXACT:
                self._feuille.poser_nombre(self.rang, colonne, valeur, self._classeur.ordinaire)
            elif valeur is not None:
                self._ecrire_valeur(colonne, _pour_excel(valeur), proprietes)
        self.rang += 1

    def _ecrire_valeur(self, colonne: int, valeur: Valeur, proprietes: dict[str, Any]) -> None:
        feuille, rang, choisir = self._feuille, self.rang, self._classeur.format
        match valeur:
            case None:
                return
            case str():
                self._ecrire_texte(colonne, valeur, proprietes)
            case bool():
                feuille.write_boolean(rang, colonne, valeur, choisir())
            case int() | float():
                feuille.poser_nombre(rang, colonne, valeur, choisir())
            case datetime():
                feuille.write_datetime(rang, colonne, valeur, choisir(num_format=cellules.FORMAT_INSTANT))
            case date():
                feuille.write_datetime(rang, colonne, valeur, choisir(num_format=cellules.FORMAT_JOUR))
            case _:
                raise TypeError(f"« {self.nom} », ligne {rang + 1} : valeur inattendue ({type(valeur).__name__}).")

    def _ecrire_texte(self, colonne: int, texte: str, proprietes: dict[str, Any]) -> None:
        if not cellules.tient(texte):
            texte = self._abreger(colonne, texte)
        self._feuille.poser_texte(self.rang, colonne, texte, self._format_du_texte(texte, proprietes))

    def _format_du_texte(self, texte: str, proprietes: dict[str, Any]) -> Any:
        """Un texte ordinaire, court ou qui se renvoie à la ligne, a son format tout prêt."""
        if proprietes or not texte[:1].isalnum():
            return self._classeur.format(**proprietes, **_mise_en_forme(texte))
        return self._classeur.renvoye if _a_renvoyer(texte) else self._classeur.ordinaire

    def _abreger(self, colonne: int, texte: str) -> str:
        premier, *suite = cellules.decouper(texte)
        cellule = xl_rowcol_to_cell(self.rang, colonne)
        return premier + cellules.renvoi(self._classeur.ranger_suite(self._nom_feuille, cellule, suite))


def _mise_en_forme(texte: str) -> dict[str, bool]:
    """`quote_prefix` : rouvrir la cellule dans Excel puis la valider n'en fait pas une formule."""
    marques = {"text_wrap": _a_renvoyer(texte), "quote_prefix": FORMULE.match(texte) is not None}
    return {nom: vrai for nom, vrai in marques.items() if vrai}


def _a_renvoyer(texte: str) -> bool:
    """Le texte tient mieux sur plusieurs lignes."""
    return len(texte) <= TEXTE_RENVOYE_MAXIMAL and (len(texte) > LARGEUR_MAXIMALE or "\n" in texte)
