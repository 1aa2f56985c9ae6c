"""Consigner un entretien du début à la fin, sur un seul écran dont la saisie se garde en continu."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import Conflit
from lib.domain.formats import enumeration
from lib.domain.vocabulaire import StatutEntretien
from lib.services import brouillons, entretiens, organisations
from lib.services.entretiens import Enregistrement, Reperes, lire_reperes, lister_enqueteurs
from lib.services.entretiens.champs import Champs, en_saisie
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants import entretiens_brouillon as brouillon
from lib.ui.composants import entretiens_conflit as conflit
from lib.ui.composants import entretiens_sections as sections
from lib.ui.composants.entretiens_brouillon import EFFACES, FORMULAIRE, SaisieEnCours
from lib.ui.composants.entretiens_irritants import irritants
from lib.ui.composants.entretiens_partenariats import partenariats
from lib.ui.composants.entretiens_reprise import garde_ou_non, reprise
from lib.ui.erreurs import afficher_erreurs
from lib.ui.formulaire import Formulaire
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

LARGEUR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ALaMain:
    """Ce que le formulaire propose : lu une fois par ouverture de page."""

    reperes: Reperes
    equipe: Mapping[int, str]


def demande() -> int | None:
    """L'entretien que l'adresse demande de corriger ; None pour un entretien neuf, 0 si elle est illisible."""
    return identifiant("entretien") or (0 if st.query_params.get("entretien") else None)


def a_la_main(acces: Acces) -> ALaMain:
    """Terrains, grille, notice et équipe, gardés d'un passage à l'autre tant que rien n'a changé."""
    return ALaMain(reperes=vue(lire_reperes, acces), equipe=vue(lister_enqueteurs, acces))


@st.fragment
def saisir(entretien_id: int | None, proposes: ALaMain) -> None:
    """Le formulaire : chaque changement relance cette seule partie de la page, qui écrit le brouillon."""
    acces = exiger_acces(peut_consigner)
    with afficher_erreurs():
        etat = brouillon.ouvrir(acces.perimetre, entretien_id)
        with st.container(key="brouillon-entretien", width=LARGEUR):
            _formulaire(etat, acces.perimetre, proposes)


def _formulaire(etat: SaisieEnCours, perimetre: Perimetre, proposes: ALaMain) -> None:
    if etat.entretien:
        st.markdown(f"Entretien **{litteral(etat.entretien.code)}**")
    tete = st.container()
    if conflit.a_resoudre(etat):
        conflit.resoudre(etat, perimetre, _noms(proposes))
    _nommer(etat, perimetre)
    champs = _sections(etat, perimetre, proposes)
    etat.neuve = False
    brouillon.garder(etat, perimetre, champs)
    with tete:  # après avoir gardé : ce qui s'y dit dépend de ce qui vient d'être écrit
        reprise(etat, perimetre)
    _enregistrement(etat, perimetre)


def _noms(proposes: ALaMain) -> conflit.Noms:
    return conflit.Noms(
        terrains={terrain.id: terrain.nom for terrain in proposes.reperes.terrains},
        equipe=dict(proposes.equipe),
        irritants={irritant.id: irritant.nom for irritant in proposes.reperes.irritants},
    )


def _sections(etat: SaisieEnCours, perimetre: Perimetre, proposes: ALaMain) -> Champs:
    """Pose tout le formulaire et rend la saisie."""
    # Les textes, lourds, ne renaissent que de leur valeur d'ouverture : elle ne voyage pas à chaque changement.
    lourds = {nom: etat.depart[nom] for nom in ("notes", "transcription")}
    formulaire = Formulaire(etat.prefixe, etat.champs | lourds)
    sections.ou_et_quand(formulaire, etat, proposes.reperes, proposes.equipe)
    sections.organisation(formulaire, etat, perimetre)
    sections.personnes(formulaire, etat, perimetre)
    sections.information_et_accords(formulaire, proposes.reperes)
    sections.paroles(formulaire)
    irritants(formulaire, proposes.reperes.irritants)
    partenariats(formulaire, etat, perimetre)
    libres = {nom: etat.libres[nom] for nom in ("organisation_id", "commune_code")}
    return etat.champs | formulaire.valeurs | libres | {"creation": dict(etat.libres["creation"])}


def _nommer(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Lit les noms des organisations choisies que la page ne connaît pas encore."""
    cotes = [cote for bloc in etat.libres["partenariats"].values() for cote in bloc.values()]
    inconnues = {cle for cle in (etat.libres["organisation_id"], *cotes) if cle} - etat.noms.keys()
    if inconnues:
        with lecture(moteur()) as session:
            etat.noms |= organisations.designer(session, perimetre, identifiants=sorted(inconnues))


def _enregistrement(etat: SaisieEnCours, perimetre: Perimetre) -> None:
    """Dit ce qui manque, puis enregistre."""
    st.header("8. Enregistrer", anchor=False)
    saisie = en_saisie(etat.champs)
    absents = entretiens.manques(saisie)
    bloquants = entretiens.indispensables(saisie)
    if bloquants:
        st.info(f"Avant d'enregistrer, il manque {enumeration(bloquants)}. Votre saisie, elle, est gardée.")
    elif absents:
        st.info(
            f"Il manque {enumeration(absents)} : l'entretien s'enregistre en brouillon et ne compte dans aucun "
            "chiffre. Vous le compléterez plus tard."
        )
    else:
        st.success("Tout y est : l'entretien s'enregistre comme réalisé.")
    garde_ou_non(etat)
    complet = not absents
    # Boutons sans clé : chaque clé de plus se paie à chaque champ (Streamlit relit tout son état pour chacun).
    with st.container(horizontal=True):
        enregistrer = st.button(
            "Enregistrer l'entretien" if complet or bloquants else "Enregistrer en brouillon",
            type="primary",
        )
        en_brouillon = complet and st.button("Enregistrer en brouillon")
    if enregistrer or en_brouillon:
        statut = StatutEntretien.REALISE if complet and not en_brouillon else StatutEntretien.BROUILLON
        with afficher_erreurs():
            _enregistrer(etat, perimetre, statut)


def _enregistrer(etat: SaisieEnCours, perimetre: Perimetre, statut: StatutEntretien) -> None:
    try:
        fait = _ecrire(etat, perimetre, statut)
    except Conflit:
        if not conflit.constater(etat, perimetre):
            raise
        st.rerun()
    else:
        brouillon.oublier()
        annoncer(_annonce(fait))
        st.switch_page(chemin("entretien"), query_params={"entretien": str(fait.id)})


def _ecrire(etat: SaisieEnCours, perimetre: Perimetre, statut: StatutEntretien) -> Enregistrement:
    """L'entretien et la fin de son brouillon, dans la même transaction."""
    with ecriture(moteur(), perimetre) as session:
        fait = entretiens.enregistrer(
            session,
            perimetre,
            en_saisie(etat.champs),
            statut=statut,
            cle_saisie=etat.jeton,
            entretien_id=etat.entretien.id if etat.entretien else None,
            version=etat.version,
        )
        for formulaire in (FORMULAIRE, EFFACES):
            brouillons.effacer(session, perimetre, formulaire=formulaire, cle=etat.cle)
    return fait


def _annonce(fait: Enregistrement) -> str:
    if fait.statut is StatutEntretien.REALISE:
        return f"Entretien {fait.code} enregistré comme réalisé."
    return f"Entretien {fait.code} enregistré en brouillon : il ne compte dans aucun chiffre tant qu'il est incomplet."
