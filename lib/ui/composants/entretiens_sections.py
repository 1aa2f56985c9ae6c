"""Les parties du formulaire d'entretien, dans l'ordre de la conversation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import AccordCitation, CanalRecrutement, ModeEntretien, MoyenNotice, TypeActeur
from lib.services import interlocuteurs
from lib.services.communes import chercher_communes, nommer_commune
from lib.services.entretiens import Reperes
from lib.services.interlocuteurs import InterlocuteurLu
from lib.services.transaction import lecture
from lib.ui.composants.entretiens_brouillon import SaisieEnCours
from lib.ui.composants.organisations import Creation, Recherche, rechercher
from lib.ui.formulaire import Formulaire, libelles
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

PREMIER_JOUR, DERNIER_JOUR = date(1990, 1, 1), date(2100, 12, 31)


def ou_et_quand(formulaire: Formulaire, etat: SaisieEnCours, reperes: Reperes, equipe: Mapping[int, str]) -> None:
    """Terrain, date, façon, durée, canal, commune, équipe."""
    st.header("1. Où et quand", anchor=False)
    terrains = {terrain.id: terrain.nom for terrain in reperes.terrains}
    with st.container(horizontal=True):
        formulaire.liste("terrain_id", "Terrain", terrains, placeholder="Choisir le terrain")
        formulaire.date("tenu_le", "Date de l'entretien", min_value=PREMIER_JOUR, max_value=DERNIER_JOUR)
        formulaire.plusieurs("enqueteurs", "Mené par", equipe, placeholder="Choisir l'équipe")
    formulaire.bouton("mode", "L'entretien s'est tenu", libelles(ModeEntretien))
    with st.container(horizontal=True):
        formulaire.entier("duree_minutes", "Durée (minutes)", min_value=1, max_value=1440, placeholder="Inconnue")
        formulaire.liste("canal", "Trouvé par", libelles(CanalRecrutement), placeholder="Choisir le canal")
        _commune(formulaire, etat)


def _commune(formulaire: Formulaire, etat: SaisieEnCours) -> None:
    code = etat.libres.get("commune_code")
    with st.container():
        if code:
            _commune_choisie(formulaire, etat, code)
        else:
            _chercher_commune(formulaire, etat)


def _commune_choisie(formulaire: Formulaire, etat: SaisieEnCours, code: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Commune : **{litteral(_nom_de_commune(etat, code))}**", width="content")
        st.button(
            "Changer de commune",
            key=formulaire.cle("commune.changer"),
            icon=":material/edit:",
            type="tertiary",
            on_click=_retenir_commune,
            args=(etat, None),
        )


def _chercher_commune(formulaire: Formulaire, etat: SaisieEnCours) -> None:
    texte = st.text_input(
        "Commune (facultatif)",
        key=formulaire.cle("commune.texte"),
        placeholder="Nom ou code INSEE",
        live=True,
        autocomplete="off",
    )
    if not texte or len(texte.strip()) < 2:
        return
    with lecture(moteur()) as session:
        trouvees = chercher_communes(session, texte=texte)
    if not trouvees:
        st.caption("Aucune commune ne commence ainsi.")
    for trouvee in trouvees:
        st.button(
            f"{trouvee.nom} ({trouvee.departement or trouvee.code})",
            key=formulaire.cle(f"commune.{trouvee.code}"),
            on_click=_retenir_commune,
            args=(etat, trouvee.code),
        )


def _retenir_commune(etat: SaisieEnCours, code: str | None) -> None:
    etat.libres["commune_code"] = code


def _nom_de_commune(etat: SaisieEnCours, code: str) -> str:
    if code not in etat.communes:
        with lecture(moteur()) as session:
            etat.communes[code] = nommer_commune(session, code=code) or code
    return etat.communes[code]


def organisation(formulaire: Formulaire, etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """L'organisation rencontrée, trouvée ou créée ; à défaut, son type."""
    st.header("2. L'organisation rencontrée", anchor=False)
    choisie = etat.libres["organisation_id"]
    recherche = Recherche(
        cle=formulaire.cle("organisation"),
        libelle="Organisation rencontrée",
        terrain_id=formulaire.valeurs.get("terrain_id"),
        choisir=lambda cle: etat.libres.update(organisation_id=cle),
        preparer=lambda creation: _preparer(etat, "organisation", creation),
    )
    rechercher(
        recherche,
        perimetre,
        choisie=etat.noms.get(choisie) if choisie else None,
        creation=etat.libres["creation"].get("organisation"),
    )
    if not choisie and "organisation" not in etat.libres["creation"]:
        formulaire.bouton("type_acteur", "Sans organisation, type d'acteur rencontré", libelles(TypeActeur))


def _preparer(etat: SaisieEnCours, ou: str, creation: Creation | None) -> None:
    if creation is None:
        etat.libres["creation"].pop(ou, None)
    else:
        etat.libres["creation"][ou] = creation


def personnes(formulaire: Formulaire, etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Les personnes rencontrées : connues de l'organisation, ou ajoutées ici."""
    st.header("3. Les personnes rencontrées", anchor=False)
    connues = {p.id: f"{p.nom}, {p.fonction}" if p.fonction else p.nom for p in _connues(etat, perimetre)}
    if connues or formulaire.depart.get("interlocuteurs"):
        formulaire.plusieurs("interlocuteurs", "Personnes déjà connues", connues, placeholder="Choisir des personnes")
    lignes = {ligne["ligne"]: ligne for ligne in formulaire.depart.get("nouveaux", []) if "ligne" in ligne}
    formulaire.valeurs["nouveaux"] = [
        _personne(formulaire, etat, rang, lignes.get(rang, {})) for rang in etat.libres["nouveaux"]
    ]
    st.button(
        "Ajouter une personne",
        icon=":material/person_add:",
        on_click=ajouter_ligne,
        args=(etat, "nouveaux"),
    )


def _connues(etat: SaisieEnCours, perimetre: Perimetre) -> tuple[InterlocuteurLu, ...]:
    choisie = etat.libres["organisation_id"]
    if choisie not in etat.connues:
        with lecture(moteur()) as session:
            etat.connues[choisie] = _lire_connues(session, etat, perimetre, choisie)
    return etat.connues[choisie]


def _lire_connues(
    session: Any, etat: SaisieEnCours, perimetre: Perimetre, organisation_id: int | None
) -> tuple[InterlocuteurLu, ...]:
    """Les personnes de l'organisation, et celles que l'entretien corrigé avait rencontrées."""
    connues = interlocuteurs.lister(session, perimetre, organisation_id=organisation_id) if organisation_id else ()
    deja = {personne.id for personne in connues}
    if etat.entretien is None or set(etat.entretien.champs["interlocuteurs"]) <= deja:
        return connues
    presentes = interlocuteurs.lister_rencontres(session, perimetre, entretien_id=etat.entretien.id)
    return (*connues, *(personne for personne in presentes if personne.id not in deja))


def _personne(formulaire: Formulaire, etat: SaisieEnCours, rang: int, depart: Mapping[str, str]) -> dict[str, object]:
    ligne = Formulaire(formulaire.cle(f"personne{rang}"), depart)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ligne.ligne("nom", "Nom de la personne", autocomplete="off")
        ligne.ligne("fonction", "Fonction", autocomplete="off")
        ligne.ligne("courriel", "Courriel (facultatif)", autocomplete="off")
        ligne.ligne("telephone", "Téléphone (facultatif)", autocomplete="off")
        st.button(
            "Retirer",
            key=ligne.cle("retirer"),
            icon=":material/close:",
            type="tertiary",
            on_click=retirer_ligne,
            args=(etat, "nouveaux", rang),
        )
    return {"ligne": rang, **ligne.valeurs}


def ajouter_ligne(etat: SaisieEnCours, nom: str) -> None:
    """Ouvre une ligne de plus (une personne, un partenariat)."""
    rangs = etat.libres[nom]
    rangs[max(rangs, default=0) + 1] = {}


def retirer_ligne(etat: SaisieEnCours, nom: str, rang: int) -> None:
    """Retire une ligne ; la retirer deux fois ne fait rien."""
    etat.libres[nom].pop(rang, None)


def information_et_accords(formulaire: Formulaire, reperes: Reperes) -> None:
    """Notice remise, accord de citer, accord d'enregistrer."""
    st.header("4. Information et accords", anchor=False)
    version = formulaire.depart.get("notice_version") or reperes.notice_version
    with st.container(horizontal=True):
        formulaire.date(
            "notice_remise_le",
            f"Notice d'information (version {version}) remise le",
            min_value=PREMIER_JOUR,
            max_value=DERNIER_JOUR,
        )
        formulaire.bouton("notice_moyen", "Comment la notice a été remise", libelles(MoyenNotice))
    formulaire.bouton("accord_citation", "Accord donné pour citer ses propos", libelles(AccordCitation))
    formulaire.bouton("accord_enregistrement", "Accord donné pour enregistrer l'échange", {True: "Oui", False: "Non"})


def paroles(formulaire: Formulaire) -> None:
    """Notes et transcription."""
    st.header("5. Ce qui s'est dit", anchor=False)
    formulaire.texte("notes", "Notes", height=360, placeholder="Au fil de l'échange, ou au propre après.")
    formulaire.texte(
        "transcription",
        "Transcription (facultatif)",
        height=160,
        placeholder="Enquêtrice : première question ?\nDirectrice : réponse…",
    )
