"""Les blocs de la page des organisations : retrouver, réunir, revenir dessus."""

from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.formats import compter, date_longue, enumeration, guillemets, typographier
from lib.domain.fusions import Rattachee
from lib.services import fusion_organisations, organisations, paires_distinctes
from lib.services.doublons import PaireProbable
from lib.services.fusion_organisations import FusionLue
from lib.services.organisations import OrganisationTrouvee
from lib.services.paires_distinctes import PaireEcartee
from lib.services.partenariats_lecture import partenariats_de
from lib.services.sessions import Acces
from lib.services.transaction import lecture
from lib.ui.caches import vue
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer, bouton_reversible
from lib.ui.composants.corrections import bouton_corriger_organisation
from lib.ui.composants.organisations import presenter
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

MOTS = {
    Rattachee.PARTENARIAT_ENTREPRISE: ("partenariat", "partenariats"),
    Rattachee.PARTENARIAT_ASSOCIATION: ("partenariat", "partenariats"),
    Rattachee.ENTRETIEN: ("entretien", "entretiens"),
    Rattachee.INTERLOCUTEUR: ("personne", "personnes"),
    Rattachee.FILIALE: ("structure rattachée", "structures rattachées"),
    Rattachee.FUSIONNEE: ("fiche déjà réunie", "fiches déjà réunies"),
    Rattachee.BESOIN: ("besoin", "besoins"),
    Rattachee.OFFRE: ("offre", "offres"),
}


# --- Retrouver --------------------------------------------------------------------------------------------------


def retrouver(acces: Acces) -> None:
    """Chercher une organisation, la corriger, voir ses partenariats successifs."""
    choisie = _chercher(acces.perimetre, "Chercher une organisation", "retrouver")
    if choisie is None:
        return
    st.markdown(f"**{litteral(presenter(choisie))}**")
    bouton_corriger_organisation(choisie.id)
    _ses_partenariats(acces, choisie)


def _ses_partenariats(acces: Acces, organisation: OrganisationTrouvee) -> None:
    siens = vue(partenariats_de, acces, organisation_id=organisation.id)
    if not siens:
        st.caption("Aucun partenariat consigné.")
    for ligne in siens:
        paire = f"{litteral(ligne.entreprise)} – {litteral(ligne.association)}"
        debut = f", {ligne.debut.ecrire()}" if ligne.debut else ""
        st.page_link(
            chemin("partenariat"),
            label=f"{paire} : {ligne.statut.libelle.lower()}{debut}",
            query_params={"partenariat": str(ligne.id)},
        )


def _chercher(perimetre: Perimetre, libelle: str, cle: str) -> OrganisationTrouvee | None:
    """La fiche choisie parmi celles qui répondent ; None tant que rien n'est choisi."""
    texte = st.text_input(
        libelle,
        key=f"fusion.{cle}.texte",
        placeholder="Nom, SIREN, SIRET ou RNA",
        live=True,
        autocomplete="off",
        width=520,
    )
    if not texte or not texte.strip():
        return None
    with lecture(moteur()) as session:
        trouvees = organisations.chercher(session, perimetre, texte=texte)
    if not trouvees:
        st.caption(f"Aucune organisation connue ne répond à {guillemets(litteral(texte))}.")
        return None
    par_id = {trouvee.id: trouvee for trouvee in trouvees}
    choisie = st.radio(
        "Laquelle ?",
        list(par_id),
        index=0 if len(par_id) == 1 else None,
        format_func=lambda identifiant: litteral(presenter(par_id[identifiant])) if identifiant in par_id else "",
        key=f"fusion.{cle}.choix",
    )
    return par_id.get(choisie or 0)


# --- Réunir -----------------------------------------------------------------------------------------------------


def proposer(paires: tuple[PaireProbable, ...]) -> None:
    """Les paires probables ; pour chacune, laquelle garder."""
    if not paires:
        st.info("Aucune fiche ne ressemble assez à une autre pour être proposée.")
        return
    st.caption("Proposées parce qu'elles portent le même SIREN, ou des noms voisins. Choisissez celle que l'on garde.")
    for paire in paires:
        with st.container(border=True):
            st.markdown(
                typographier(
                    f"**{litteral(paire.premiere)}** et **{litteral(paire.seconde)}** "
                    f"({paire.type_acteur.libelle.lower()} ; {paire.pourquoi})"
                )
            )
            with st.container(horizontal=True):
                _garder(paire.premiere_id, paire.premiere, paire.seconde_id, paire.seconde)
                _garder(paire.seconde_id, paire.seconde, paire.premiere_id, paire.premiere)
                _distinguer(paire)


def _distinguer(paire: PaireProbable) -> None:
    noms = f"{guillemets(paire.premiere)} et {guillemets(paire.seconde)}"
    bouton_reversible(
        Geste(
            cle=f"distinguer-{paire.premiere_id}-{paire.seconde_id}",
            bouton="Ce ne sont pas les mêmes",
            question=f"{noms} ne se proposeront plus ; cela se défait au bas de cette page.",
            faire=partial(paires_distinctes.distinguer, une_id=paire.premiere_id, autre_id=paire.seconde_id),
            droit=peut_consigner,
            fait=f"{noms} ne se proposeront plus.",
        )
    )


def reunir(perimetre: Perimetre) -> None:
    """Deux fiches que l'on désigne soi-même."""
    gauche, droite = st.columns(2)
    with gauche:
        gardee = _chercher(perimetre, "La fiche que l'on garde", "gardee")
    with droite:
        absorbee = _chercher(perimetre, "La fiche qui la rejoint", "absorbee")
    if gardee and absorbee:
        _garder(gardee.id, gardee.nom, absorbee.id, absorbee.nom)


def _garder(gardee_id: int, gardee: str, absorbee_id: int, absorbee: str) -> None:
    bouton_a_confirmer(
        Geste(
            cle=f"fusion-{absorbee_id}-{gardee_id}",
            bouton=f"Garder {guillemets(litteral(gardee))} (fiche n°\N{NO-BREAK SPACE}{gardee_id})",
            question=typographier(
                f"La fiche n° {absorbee_id} {guillemets(absorbee)} rejoindra la fiche n° {gardee_id} "
                f"{guillemets(gardee)} : ses partenariats, ses entretiens et ses personnes suivent, chacun restant ce "
                "qu'il est. La fiche gardée reprend ce qu'elle ignorait. Vous pourrez défaire au bas de cette page."
            ),
            faire=partial(_fusionner, absorbee_id=absorbee_id, gardee_id=gardee_id),
            droit=peut_consigner,
            fait=f"Fiches réunies sous {guillemets(gardee)}.",
        )
    )


def _fusionner(session: Session, perimetre: Perimetre, *, absorbee_id: int, gardee_id: int) -> None:
    fusion_organisations.fusionner(session, perimetre, absorbee_id=absorbee_id, gardee_id=gardee_id)


# --- Revenir dessus ---------------------------------------------------------------------------------------------


def defaire(fusions: tuple[FusionLue, ...]) -> None:
    """Les fusions en vigueur, et de quoi revenir sur chacune."""
    if not fusions:
        st.info("Aucune fiche n'a été réunie à une autre.")
    for fusion in fusions:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_dire(fusion), width="content")
            bouton_a_confirmer(
                Geste(
                    cle=f"defaire-{fusion.id}",
                    bouton=f"Défaire la fusion n°\N{NO-BREAK SPACE}{fusion.id}",
                    question=typographier(
                        f"{guillemets(fusion.absorbee)} redevient une fiche à part, avec ce qui venait d'elle. "
                        "Ce qui a été ajouté depuis reste à la fiche gardée."
                    ),
                    faire=partial(fusion_organisations.defaire, fusion_id=fusion.id),
                    droit=peut_consigner,
                    fait="Fusion défaite.",
                )
            )


def rapprocher(paires: tuple[PaireEcartee, ...]) -> None:
    """Les fiches que l'équipe a dites différentes, et de quoi les proposer de nouveau."""
    for paire in paires:
        with st.container(horizontal=True, vertical_alignment="center"):
            noms = f"{guillemets(litteral(paire.premiere))} et {guillemets(litteral(paire.seconde))}"
            st.markdown(f"{noms}, dites différentes le {date_longue(paire.dite_le)}.", width="content")
            bouton_reversible(
                Geste(
                    cle=f"rapprocher-{paire.id}",
                    bouton="Proposer de nouveau",
                    question="Ces deux fiches reviendront parmi celles qui se ressemblent.",
                    faire=partial(paires_distinctes.confondre, paire_id=paire.id),
                    droit=peut_consigner,
                    fait=f"{guillemets(paire.premiere)} et {guillemets(paire.seconde)} se proposent de nouveau.",
                )
            )
    if not paires:
        st.info("Aucune paire n'a été écartée.")


def _dire(fusion: FusionLue) -> str:
    """« Frigo live » a rejoint « Frigolive » le 25 novembre 2026 : 2 partenariats et 1 personne ont suivi. »"""
    comptes: dict[tuple[str, str], int] = {}
    for rattachee, combien in fusion.deplaces.items():
        comptes[MOTS[rattachee]] = comptes.get(MOTS[rattachee], 0) + combien
    suivi = enumeration(compter(combien, *mots) for mots, combien in comptes.items())
    suite = f"\N{NO-BREAK SPACE}: {suivi} {'ont' if sum(comptes.values()) > 1 else 'a'} suivi." if suivi else "."
    noms = f"{guillemets(litteral(fusion.absorbee))} a rejoint {guillemets(litteral(fusion.gardee))}"
    return f"{noms} le {date_longue(fusion.faite_le)}{suite}"
