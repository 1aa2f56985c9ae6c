"""Passer d'un chiffre des durées à la liste exacte des partenariats qui le portent, par l'adresse."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import streamlit as st

from lib.domain.axes import AxeDuree, PartDuree
from lib.domain.formats import guillemets, nombre
from lib.domain.vocabulaire import FamilleMotif, PlaceDuree, Vocabulaire
from lib.services.durees.criteres import SELON, CriteresDurees
from lib.services.durees.selection import TOUT, Selection
from lib.ui.navigation import chemin

PLACE = "partenariats_place"
ARRET = "partenariats_au"
AXE = "partenariats_axe"
GROUPE = "partenariats_groupe"
PART = "partenariats_part"
MOTIF = "partenariats_motif"
V = TypeVar("V", bound=Vocabulaire)
TOUS = (PLACE, ARRET, AXE, GROUPE, PART, MOTIF)


def menu_de_listes(libelle: str, listes: Mapping[str, dict[str, str]], comptes: Mapping[str, int], cle: str) -> None:
    """Un menu qui ouvre la liste derrière l'un des chiffres ; les zéros n'y sont pas. listes : paramètres d'adresse."""
    ouvrables = [nom for nom in listes if comptes.get(nom)]
    if not ouvrables:
        return
    choisi = st.menu_button(libelle, ouvrables, format_func=lambda nom: f"{nom} ({nombre(comptes[nom])})", key=cle)
    if choisi is not None:
        st.switch_page(chemin("partenariats"), query_params=listes[choisi])


def adresse(
    criteres: CriteresDurees,
    *,
    place: PlaceDuree | None = None,
    groupe: str = "",
    part: PartDuree | None = None,
    famille: FamilleMotif | None = None,
) -> dict[str, str]:
    """Paramètres de la liste qui montrent exactement les épisodes d'un nombre de la page."""
    filtres = criteres.filtres
    choix = {
        PLACE: place.value if place else "",
        AXE: criteres.axe.value if groupe else "",
        GROUPE: groupe,
        PART: part.value if part else "",
        MOTIF: famille.value if famille else "",
        "partenariats_rythme": filtres.rythme.libelle if filtres.rythme else "",
        "partenariats_forme": filtres.forme.libelle if filtres.forme else "",
        ARRET: criteres.au.isoformat() if criteres.au else "",
    }
    return {nom: valeur for nom, valeur in choix.items() if valeur}


def lire_selection() -> Selection:
    """Le chiffre dont on vient, quand l'adresse le porte ; une valeur inconnue ne restreint rien."""
    axe = _membre(AxeDuree, AXE)
    groupe = st.query_params.get(GROUPE, "")
    return Selection(
        axe=axe if groupe else None,
        groupe=groupe if axe else "",
        part=_membre(PartDuree, PART),
        famille=_membre(FamilleMotif, MOTIF),
    )


def lire_place() -> PlaceDuree | None:
    """L'issue dont on vient."""
    return _membre(PlaceDuree, PLACE)


def lire_arret() -> date | None:
    """La date d'arrêt de ce chiffre, quand elle n'est pas celle de l'enquête."""
    try:
        return date.fromisoformat(st.query_params.get(ARRET, ""))
    except ValueError:
        return None


def nommer(place: PlaceDuree | None, selection: Selection) -> str:
    """« Terminé », « Marseille, selon le terrain » : le chiffre dont on vient ; vide si l'on ne vient d'aucun."""
    morceaux = [guillemets(place.libelle)] if place else []
    if selection.axe is not None:
        morceaux.append(f"{guillemets(selection.groupe)}, {SELON[selection.axe]}")
    if selection.famille is not None:
        morceaux.append(f"fins {guillemets(selection.famille.libelle)}")
    if selection.part is not None:
        morceaux.append(guillemets(selection.part.libelle))
    return " ; ".join(morceaux)


def vient_d_un_chiffre(place: PlaceDuree | None, selection: Selection) -> bool:
    """Vrai si la liste montre les épisodes d'un chiffre."""
    return place is not None or selection != TOUT


def oublier() -> None:
    """Retire le chiffre de l'adresse."""
    for nom in TOUS:
        st.query_params.pop(nom, None)


def _membre(vocabulaire: type[V], nom: str) -> V | None:
    code = st.query_params.get(nom, "")
    return vocabulaire(code) if code in {membre.value for membre in vocabulaire} else None
