"""Trouver une organisation, ou la créer en route, sans quitter le formulaire où l'on en a besoin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.vocabulaire import NiveauReseau, Rattachement, TailleEntreprise, TypeActeur, TypeJuridique
from lib.services import organisations
from lib.services.identifiants import valider_siren_ou_siret
from lib.services.organisations import DoublonsPossibles, OrganisationTrouvee, SaisieOrganisation
from lib.services.transaction import ecriture, lecture
from lib.ui.erreurs import afficher_erreurs
from lib.ui.formulaire import Formulaire, libelles
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

Choisir = Callable[[int | None], None]
Creation = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """Une recherche d'organisation posée quelque part dans un formulaire.

    cle : préfixe unique des widgets. libelle : ce que l'on cherche. types : types admis, tous si vide.
    terrain_id : terrain donné à une organisation créée ici. choisir : reçoit l'organisation choisie, ou None.
    preparer : reçoit la création en cours (un dictionnaire à garder avec le brouillon), ou None quand elle finit.
    """

    cle: str
    libelle: str
    choisir: Choisir
    preparer: Callable[[Creation | None], None]
    types: tuple[TypeActeur, ...] = ()
    terrain_id: int | None = None


def presenter(organisation: OrganisationTrouvee) -> str:
    """« L'Épicerie des Calanques – Association, Marseille » : de quoi la reconnaître."""
    lieu = organisation.commune or organisation.terrain
    details = ", ".join(filter(None, [organisation.type_acteur.libelle, lieu]))
    return f"{organisation.nom} – {details}"


def rechercher(
    recherche: Recherche,
    perimetre: Perimetre,
    *,
    choisie: OrganisationTrouvee | None,
    creation: Creation | None,
) -> None:
    """Montre l'organisation choisie, ou de quoi la chercher, ou le formulaire de création en cours."""
    if choisie is not None:
        _montrer_choix(recherche, choisie)
    elif creation is not None:
        _creer(recherche, perimetre, creation)
    else:
        _chercher(recherche, perimetre)


def _montrer_choix(recherche: Recherche, choisie: OrganisationTrouvee) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{recherche.libelle} : **{litteral(presenter(choisie))}**", width="content")
        st.button(
            "Changer d'organisation",
            key=f"{recherche.cle}.changer",
            icon=":material/edit:",
            type="tertiary",
            on_click=recherche.choisir,
            args=(None,),
        )


def _chercher(recherche: Recherche, perimetre: Perimetre) -> None:
    texte = st.text_input(
        recherche.libelle,
        key=f"{recherche.cle}.texte",
        placeholder="Nom, SIREN, SIRET ou RNA",
        live=True,
        autocomplete="off",
        width=520,
    )
    if not texte or not texte.strip():
        return
    with lecture(moteur()) as session:
        trouvees = organisations.chercher(session, perimetre, texte=texte, types=recherche.types)
    _proposer(recherche, trouvees, vide=f"Aucune organisation connue ne répond à {guillemets(litteral(texte))}.")
    st.button(
        f"Créer {guillemets(litteral(texte))}",
        key=f"{recherche.cle}.creer",
        icon=":material/add:",
        on_click=recherche.preparer,
        args=({"nom": texte.strip(), "terrain_id": recherche.terrain_id},),
    )


def _proposer(recherche: Recherche, trouvees: tuple[OrganisationTrouvee, ...], *, vide: str) -> None:
    st.caption("Choisissez l'organisation, ou créez-la :" if trouvees else vide)
    for trouvee in trouvees:
        st.button(
            litteral(presenter(trouvee)),
            key=f"{recherche.cle}.choix{trouvee.id}",
            on_click=recherche.choisir,
            args=(trouvee.id,),
        )


def _creer(recherche: Recherche, perimetre: Perimetre, creation: Creation) -> None:
    with st.container(border=True):
        formulaire = Formulaire(f"{recherche.cle}.creation", creation)
        champs_organisation(formulaire, recherche.types)
        saisie = creation | formulaire.valeurs
        recherche.preparer(saisie)
        doublons: tuple[OrganisationTrouvee, ...] = tuple(st.session_state.get(f"{recherche.cle}.doublons", ()))
        with st.container(horizontal=True):
            creer = st.button("Créer l'organisation", key=f"{recherche.cle}.valider", type="secondary")
            st.button(
                "Ne pas créer", key=f"{recherche.cle}.annuler", type="tertiary", on_click=_annuler, args=(recherche,)
            )
        if creer:
            with afficher_erreurs():
                doublons = _tenter(recherche, perimetre, saisie, doublon_admis=False)
        if doublons:
            _montrer_doublons(recherche, perimetre, saisie, doublons)


def champs_organisation(formulaire: Formulaire, types: tuple[TypeActeur, ...] = ()) -> None:
    """Les champs d'une organisation, selon son type."""
    formulaire.ligne("nom", "Nom de l'organisation", autocomplete="off")
    if len(types) == 1:
        formulaire.valeurs["type_acteur"] = types[0].value
    else:
        formulaire.bouton("type_acteur", "Type", libelles(types or TypeActeur))
    gauche, droite = st.columns(2)
    with gauche:
        formulaire.ligne("numero", "SIREN ou SIRET (facultatif)", autocomplete="off")
    type_acteur = formulaire.valeurs["type_acteur"]
    if type_acteur == TypeActeur.ENTREPRISE:
        with gauche:
            formulaire.liste("taille", "Taille", libelles(TailleEntreprise), placeholder="Inconnue")
        with droite:
            formulaire.liste("rattachement", "Rattachement", libelles(Rattachement), placeholder="Inconnu")
            formulaire.ligne("secteur", "Secteur (facultatif)", autocomplete="off")
    elif type_acteur:
        with droite:
            formulaire.ligne("rna", "Numéro RNA (facultatif, W et neuf chiffres)", autocomplete="off")
    if type_acteur == TypeActeur.ASSOCIATION:
        with gauche:
            formulaire.liste("type_juridique", "Forme juridique", libelles(TypeJuridique), placeholder="Inconnue")
        with droite:
            formulaire.liste("niveau_reseau", "Place dans son réseau", libelles(NiveauReseau), placeholder="Inconnue")


def _tenter(
    recherche: Recherche, perimetre: Perimetre, saisie: Creation, *, doublon_admis: bool
) -> tuple[OrganisationTrouvee, ...]:
    """Crée l'organisation et relance ; rend les voisines s'il y en a. Lève DonneeInvalide."""
    try:
        with ecriture(moteur(), perimetre) as session:
            cle = organisations.creer(session, perimetre, _lire(saisie), doublon_admis=doublon_admis)
    except DoublonsPossibles as voisines:
        st.session_state[f"{recherche.cle}.doublons"] = voisines.doublons
        return voisines.doublons
    _prendre(recherche, cle)
    st.rerun()
    return ()


def _montrer_doublons(
    recherche: Recherche, perimetre: Perimetre, saisie: Creation, doublons: tuple[OrganisationTrouvee, ...]
) -> None:
    st.warning("Cette organisation existe peut-être déjà. Est-ce l'une de celles-ci ?")
    for voisine in doublons:
        st.button(
            f"Oui : {litteral(presenter(voisine))}",
            key=f"{recherche.cle}.doublon{voisine.id}",
            on_click=_prendre,
            args=(recherche, voisine.id),
        )
    if st.button("Non, c'en est une autre : la créer", key=f"{recherche.cle}.forcer"):
        with afficher_erreurs():
            _tenter(recherche, perimetre, saisie, doublon_admis=True)


def _prendre(recherche: Recherche, organisation_id: int) -> None:
    _annuler(recherche)
    recherche.choisir(organisation_id)


def _annuler(recherche: Recherche) -> None:
    st.session_state.pop(f"{recherche.cle}.doublons", None)
    recherche.preparer(None)


def _lire(saisie: Creation) -> SaisieOrganisation:
    return SaisieOrganisation(terrain_id=saisie.get("terrain_id"), **lire_champs(saisie))


def lire_champs(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """Ce que `champs_organisation` a recueilli, prêt pour SaisieOrganisation.

    Lève DonneeInvalide pour un numéro mal écrit ou un type manquant.
    """
    if not saisie.get("type_acteur"):
        raise DonneeInvalide("Dites s'il s'agit d'une association, d'une entreprise…", champ="type_acteur")
    siren, siret = valider_siren_ou_siret(saisie.get("numero") or "")
    return {
        "nom": saisie.get("nom") or "",
        "type_acteur": TypeActeur(saisie["type_acteur"]),
        "siren": siren or "",
        "siret": siret or "",
        "rna": saisie.get("rna") or "",
        "secteur": saisie.get("secteur") or "",
        **{nom: _membre(classe, saisie.get(nom)) for nom, classe in _VOCABULAIRES.items()},
    }


_VOCABULAIRES: Mapping[str, Any] = {
    "taille": TailleEntreprise,
    "rattachement": Rattachement,
    "type_juridique": TypeJuridique,
    "niveau_reseau": NiveauReseau,
}


def _membre(vocabulaire: Any, code: str | None) -> Any:
    return vocabulaire(code) if code else None
