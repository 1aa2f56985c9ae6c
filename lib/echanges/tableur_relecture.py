"""Relecture des classeurs écrits par `lib.echanges.tableur` ; openpyxl n'est chargé qu'ici."""

from datetime import datetime
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple

from lib.echanges import tableur_cellules as cellules
from lib.echanges.tableur import Valeur

Onglets = dict[str, list[list[Valeur]]]


def relire(source: BinaryIO) -> Onglets:
    """Voir `lib.echanges.tableur.relire_xlsx`."""
    classeur = load_workbook(source, read_only=True, data_only=True)
    try:
        onglets = {
            feuille.title: [[_valeur(cellule) for cellule in ligne] for ligne in feuille.iter_rows()]
            for feuille in classeur.worksheets
        }
    finally:
        classeur.close()
    return _recoller(onglets)


def _valeur(cellule: Any) -> Valeur:
    valeur: Valeur = cellule.value
    if isinstance(valeur, str):
        return cellules.desechapper(valeur)
    if isinstance(valeur, datetime) and cellule.number_format == cellules.FORMAT_JOUR:
        return valeur.date()
    return valeur


def _recoller(onglets: Onglets) -> Onglets:
    """Rend à chaque texte long ses morceaux rangés dans « Suites »."""
    for onglet, cellule, partie, morceau in onglets.pop(cellules.SUITES, [])[1:]:
        ligne, colonne = coordinate_to_tuple(cellule)
        valeurs = onglets[str(onglet)][ligne - 1]
        debut = str(valeurs[colonne - 1])
        valeurs[colonne - 1] = (cellules.sans_renvoi(debut) if partie == 2 else debut) + str(morceau)
    return onglets
