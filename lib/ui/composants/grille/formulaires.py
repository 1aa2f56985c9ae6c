"""Les formulaires d'une étiquette : la créer, la décrire, la ranger."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import INSECABLE, typographier
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services import etiquettes
from lib.services.grille import EtiquetteLue, descendance
from lib.services.transaction import ecriture
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import phrase
from lib.ui.versions import rouvrir

RACINE = "À la racine de sa famille"
# Proposée quand aucune n'est choisie : le gris de « Sans étiquette ».
COULEUR_NEUTRE = "#6a6f78"
TEXTES = {
    "definition": "Définition",
    "inclusion": "Ce qu'elle comprend",
    "exclusion": "Ce qu'elle ne comprend pas",
    "exemples": "Exemples",
}


def aller(**parametres: int | str) -> None:
    """Rouvre la grille, sur une étiquette ou sans rien."""
    st.switch_page(chemin("grille"), query_params={nom: str(valeur) for nom, valeur in parametres.items()})


def bouton_vers(libelle: str, **parametres: int | str) -> None:
    """Un bouton qui rouvre la grille autrement : un lien vers la page ouverte se lirait comme « vous êtes ici »."""
    if st.button(libelle, key=f"grille-{libelle}"):
        aller(**parametres)


def creer(grille: Sequence[EtiquetteLue], perimetre: Perimetre) -> None:
    """Le formulaire d'une étiquette neuve."""
    st.header("Ajouter une étiquette", anchor=False)
    with st.form("grille-creation"):
        nom, confirme = saisir_nom("", "grille-creation")
        sous = choisir_parent("La ranger sous", grille, RACINE, "grille-creation-parent")
        famille = st.selectbox(
            "Famille",
            list(FamilleEtiquette),
            format_func=lambda membre: membre.libelle,
            help="Rangée sous une autre étiquette, elle prend sa famille.",
        )
        textes = _saisir_textes({}, "grille-creation")
        couleur = _saisir_couleur(None, "grille-creation")
        if st.form_submit_button("Ajouter à la grille", type="primary"):
            enregistrer(
                lambda session: etiquettes.creer(
                    session,
                    perimetre,
                    nom=nom,
                    famille=famille,
                    parent_id=sous,
                    couleur=couleur,
                    nom_confirme=confirme,
                    **textes,
                ),
                perimetre,
                f"« {nom} » est dans la grille.",
            )
    bouton_vers("Revenir à toute la grille")


def modifier(etiquette: EtiquetteLue, perimetre: Perimetre, fiche: str, version: int) -> None:
    """Son nom, sa définition, ses règles, ses exemples, sa couleur."""
    with st.form(f"{fiche}-texte", border=False):
        # Des clés qui portent la version ouverte : ce que quelqu'un d'autre enregistre n'efface pas la saisie.
        cle = f"{fiche}-{version}"
        nom, confirme = saisir_nom(etiquette.nom, cle)
        textes = _saisir_textes({champ: getattr(etiquette, champ) for champ in TEXTES}, cle)
        couleur = _saisir_couleur(etiquette.couleur, cle)
        if st.form_submit_button("Enregistrer", type="primary"):
            enregistrer(
                lambda session: etiquettes.modifier(
                    session,
                    perimetre,
                    etiquette_id=etiquette.id,
                    version=version,
                    nom=nom,
                    couleur=couleur,
                    nom_confirme=confirme,
                    **textes,
                ),
                perimetre,
                "Étiquette enregistrée.",
                fiche,
                etiquette=etiquette.id,
            )


def deplacer(
    etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre, fiche: str, version: int
) -> None:
    """Sous quelle autre elle se range."""
    branche = set(descendance(grille, etiquette.id))
    ailleurs = [autre for autre in grille if autre.id not in branche and not autre.archivee]
    with st.form(f"{fiche}-place", border=False):
        sous = choisir_parent("La ranger sous", ailleurs, RACINE, f"{fiche}-parent", etiquette.parent_id)
        if st.form_submit_button("Ranger ici", type="primary"):
            enregistrer(
                lambda session: etiquettes.deplacer(
                    session, perimetre, etiquette_id=etiquette.id, version=version, parent_id=sous
                ),
                perimetre,
                "Étiquette rangée, avec celles qui sont sous elle.",
                fiche,
                etiquette=etiquette.id,
            )


def ordonner(
    etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre, fiche: str, version: int
) -> None:
    """Son rang parmi celles qui sont rangées au même endroit."""
    soeurs = [e.id for e in grille if (e.parent_id, e.famille) == (etiquette.parent_id, etiquette.famille)]
    if len(soeurs) < 2:
        return
    with st.form(f"{fiche}-rang", border=False):
        actuel = soeurs.index(etiquette.id) + 1
        libelle = f"Rang parmi les {len(soeurs)} rangées au même endroit"
        rang = st.number_input(libelle, 1, len(soeurs), actuel, key=f"{fiche}-{version}-rang", width=320)
        if st.form_submit_button("Changer de rang"):
            enregistrer(
                lambda session: etiquettes.ordonner(
                    session, perimetre, etiquette_id=etiquette.id, version=version, rang=int(rang)
                ),
                perimetre,
                "Étiquette déplacée.",
                fiche,
                etiquette=etiquette.id,
            )


def choisir_parent(
    libelle: str, grille: Sequence[EtiquetteLue], racine: str, cle: str, actuel: int | None = None
) -> int | None:
    """Une étiquette de la grille sous laquelle ranger, ou None : la racine."""
    noms = {None: racine} | {e.id: f"{INSECABLE * 3 * e.niveau}{e.nom}" for e in grille if not e.archivee}
    choix: list[int | None] = list(noms)
    depart = choix.index(actuel) if actuel in noms else 0
    return st.selectbox(libelle, choix, index=depart, format_func=lambda identifiant: noms[identifiant], key=cle)


def saisir_nom(depart: str, cle: str) -> tuple[str, bool]:
    """Le nom, et s'il est voulu bien qu'une autre étiquette porte le même aux accents ou à la casse près."""
    longueur = etiquettes.LONGUEUR_NOM
    nom = st.text_input("Nom", value=depart, max_chars=longueur, autocomplete="off", key=f"{cle}-nom") or ""
    confirme = st.checkbox(
        "Garder ce nom même si un autre n'en diffère que par les accents ou la casse", key=f"{cle}-confirme"
    )
    return nom, confirme


def _saisir_couleur(depart: str | None, cle: str) -> str | None:
    """Une couleur à elle, ou None : celle de sa famille. Le nom accompagne toujours la couleur."""
    propre = st.checkbox("Lui donner sa propre couleur", value=depart is not None, key=f"{cle}-propre")
    couleur = st.color_picker("Couleur", value=depart or COULEUR_NEUTRE, key=f"{cle}-couleur")
    return couleur if propre else None


def _saisir_textes(depart: dict[str, str], cle: str) -> dict[str, str]:
    return {
        champ: st.text_area(titre, value=depart.get(champ, ""), height="content", key=f"{cle}-{champ}") or ""
        for champ, titre in TEXTES.items()
    }


def enregistrer(
    faire: Callable[[Any], object], perimetre: Perimetre, fait: str, fiche: str = "", **retour: int
) -> None:
    """Écrit puis rouvre la grille ; un refus se dit sous le formulaire, la saisie reste."""
    try:
        with ecriture(moteur(), perimetre) as session:
            cree = faire(session)
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    rouvrir(fiche)
    annoncer(typographier(fait))
    aller(**(retour or {"etiquette": int(str(cree))}))
