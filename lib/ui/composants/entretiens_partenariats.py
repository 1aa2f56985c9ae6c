"""Les partenariats dont un entretien a parlé, consignés avec lui."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.domain.dates_imprecises import ECRITURES
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import FormeEngagement, ModeRecueil, MotifFin, Rythme, TypeActeur
from lib.services.entretiens import Situation
from lib.ui.composants.entretiens_brouillon import SaisieEnCours
from lib.ui.composants.entretiens_sections import ajouter_ligne, retirer_ligne
from lib.ui.composants.organisations import Creation, Recherche, rechercher
from lib.ui.formulaire import Formulaire, libelles

RECUEILS = {
    ModeRecueil.RETROSPECTIF_COMPLET.value: "Tous, y compris ceux qui ont pris fin",
    ModeRecueil.VIVANTS_SEULEMENT.value: "Seulement ceux qui durent encore",
    ModeRecueil.PROSPECTIF.value: "Nous les suivons depuis leur début",
}
COTES = {
    "entreprise_id": ("Entreprise", TypeActeur.ENTREPRISE),
    "association_id": ("Association", TypeActeur.ASSOCIATION),
}


def partenariats(formulaire: Formulaire, etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Un bloc par partenariat raconté, et comment la liste en a été donnée."""
    st.header("7. Les partenariats dont on a parlé", anchor=False)
    racontes = {ligne["ligne"]: ligne for ligne in formulaire.depart.get("partenariats", [])}
    formulaire.valeurs["partenariats"] = [
        _partenariat(formulaire, etat, perimetre, rang, racontes.get(rang, {}))
        for rang in list(etat.libres["partenariats"])
    ]
    if etat.libres["partenariats"]:
        formulaire.bouton("mode_recueil", "De quels partenariats l'entretien a-t-il parlé ?", RECUEILS)
    st.button(
        "Ajouter un partenariat",
        icon=":material/handshake:",
        on_click=_ajouter,
        args=(etat,),
    )


def _ajouter(etat: SaisieEnCours) -> None:
    """Ouvre un bloc où l'organisation rencontrée tient déjà son côté."""
    ajouter_ligne(etat, "partenariats")
    rang = max(etat.libres["partenariats"])
    rencontree = etat.noms.get(etat.libres["organisation_id"] or 0)
    for cote, (_, type_acteur) in COTES.items():
        if rencontree and rencontree.type_acteur is type_acteur:
            etat.libres["partenariats"][rang][cote] = rencontree.id


def _partenariat(
    formulaire: Formulaire, etat: SaisieEnCours, perimetre: Perimetre, rang: int, depart: Mapping[str, Any]
) -> dict[str, Any]:
    bloc = Formulaire(formulaire.cle(f"partenariat{rang}"), depart)
    place = list(etat.libres["partenariats"]).index(rang) + 1
    with st.container(border=True):
        st.subheader(f"Partenariat {place}", anchor=False)
        for cote in COTES:
            _cote(bloc, etat, perimetre, rang, cote, terrain_id=formulaire.valeurs.get("terrain_id"))
        _engagement(bloc)
        _duree(bloc)
        st.button(
            "Retirer ce partenariat",
            key=bloc.cle("retirer"),
            icon=":material/close:",
            type="tertiary",
            on_click=retirer_ligne,
            args=(etat, "partenariats", rang),
        )
    cotes: dict[str, Any] = etat.libres["partenariats"].get(rang, {})
    return dict(depart) | bloc.valeurs | cotes | {"ligne": rang}


def _cote(
    bloc: Formulaire, etat: SaisieEnCours, perimetre: Perimetre, rang: int, cote: str, *, terrain_id: int | None
) -> None:
    libelle, type_acteur = COTES[cote]
    lieu = f"partenariat{rang}.{cote}"
    creations = etat.libres["creation"]

    def choisir(cle: int | None) -> None:
        etat.libres["partenariats"].setdefault(rang, {})[cote] = cle

    def preparer(creation: Creation | None) -> None:
        creations.pop(lieu, None) if creation is None else creations.update({lieu: creation})

    choisie = etat.libres["partenariats"][rang].get(cote)
    rechercher(
        Recherche(
            cle=bloc.cle(cote),
            libelle=libelle,
            types=(type_acteur,),
            terrain_id=terrain_id,
            choisir=choisir,
            preparer=preparer,
        ),
        perimetre,
        choisie=etat.noms.get(choisie) if choisie else None,
        creation=creations.get(lieu),
    )


def _engagement(bloc: Formulaire) -> None:
    gauche, droite = st.columns(2)
    with gauche:
        bloc.plusieurs(
            "formes",
            "Formes d'engagement, la principale d'abord",
            libelles(FormeEngagement),
            placeholder="Choisir une ou plusieurs formes",
        )
    with droite:
        bloc.bouton("rythme", "Rythme", libelles(Rythme))


def _duree(bloc: Formulaire) -> None:
    gauche, droite = st.columns(2)
    with gauche:
        bloc.bouton("situation", "Aujourd'hui", libelles(Situation))
    en_discussion = bloc.valeurs["situation"] == Situation.EN_DISCUSSION
    with droite:
        bloc.ligne(
            "debut",
            "Depuis quand en parle-t-on" if en_discussion else "Début",
            placeholder=f"{ECRITURES}, ou rien si l'on ne sait pas",
            autocomplete="off",
        )
    if bloc.valeurs["situation"] != Situation.TERMINE:
        return
    with gauche:
        bloc.liste("motif_fin", "Pourquoi il a pris fin", libelles(MotifFin), placeholder="Choisir un motif")
    with droite:
        bloc.ligne("fin", "Fin", placeholder=f"{ECRITURES}, ou rien si l'on ne sait pas", autocomplete="off")
