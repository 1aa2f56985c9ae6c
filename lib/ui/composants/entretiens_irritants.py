"""Ce que l'entretien dit de chaque irritant de la grille : un tableau où l'on coche, une ligne par irritant."""

from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.vocabulaire import Releve
from lib.services.entretiens.reperes import IrritantDeGrille
from lib.services.entretiens.saisie import ECHELLE_INTENSITE
from lib.ui.composants.greffon import Greffon
from lib.ui.formulaire import Formulaire

TABLEAU = Greffon(
    "releves", Path(__file__).resolve().parents[1] / "greffons" / "releves", '<div class="releves"></div>'
)


def irritants(formulaire: Formulaire, grille: tuple[IrritantDeGrille, ...]) -> None:
    """Un choix par irritant, comme dans la grille ; « non abordé » tant que rien n'est dit ; évoqué, il se note."""
    st.header("6. Les irritants relevés", anchor=False)
    depart: dict[str, str] = formulaire.depart.get("releves") or {}
    notes: dict[str, int] = formulaire.depart.get("intensites") or {}
    if not grille:
        st.caption("La grille de codage n'a pas encore d'irritant.")
        formulaire.valeurs |= {"releves": depart, "intensites": notes}
        return
    rendu = TABLEAU.monter(
        key=formulaire.cle("releves"),
        data=_donnees(formulaire.prefixe, grille, depart) | {"intensites": notes},
        on_releves_change=_rien,
        on_intensites_change=_rien,
    )
    formulaire.valeurs["releves"] = _lire(rendu.get("releves"), depart)
    formulaire.valeurs["intensites"] = _lire_notes(rendu.get("intensites"), notes)


def _donnees(naissance: str, grille: tuple[IrritantDeGrille, ...], depart: dict[str, str]) -> dict[str, Any]:
    groupes = [
        {"nom": nom, "irritants": [{"id": i.id, "nom": i.nom, "definition": i.definition} for i in membres]}
        for nom, membres in groupby(grille, key=lambda irritant: irritant.groupe)
    ]
    return {
        "naissance": naissance,
        "legende": "Ce que l'entretien dit de chaque irritant",
        "groupes": groupes,
        "choix": [{"code": releve.value, "libelle": releve.libelle} for releve in Releve],
        "absent": Releve.NON_ABORDE.value,
        "releves": depart,
        "evoques": [Releve.SPONTANE.value, Releve.RELANCE.value],
        "intensite": {"nom": "Intensité", "vide": "non notée", "echelle": list(ECHELLE_INTENSITE)},
    }


def _lire(recu: Any, depart: dict[str, str]) -> dict[str, str]:
    """Ce que le navigateur rend, réduit à ce que l'on attend ; rien de lisible laisse la saisie en l'état."""
    if not isinstance(recu, dict):
        return depart
    codes = {releve.value for releve in Releve} - {Releve.NON_ABORDE.value}
    return {str(cle): code for cle, code in recu.items() if str(cle).isdigit() and code in codes}


def _lire_notes(recu: Any, depart: dict[str, int]) -> dict[str, int]:
    if not isinstance(recu, dict):
        return depart
    return {str(cle): int(note) for cle, note in recu.items() if str(cle).isdigit() and note in ECHELLE_INTENSITE}


def _rien() -> None:
    """Un état de composant n'existe que s'il a son écouteur ; la relance suffit."""
