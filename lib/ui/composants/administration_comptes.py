"""Administration des comptes : la liste, la création, la fiche d'un compte."""

import math

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.domain.formats import date_et_heure
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import Role
from lib.services import comptes
from lib.services.comptes import CompteProvisoire, Ouverture
from lib.services.lecture_comptes import PAR_PAGE, CompteLu, compter_comptes, lister_comptes, ouvertures_possibles
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture_directe
from lib.ui.adresse import identifiant, retenir
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte

Possibles = dict[Ouverture, str]
_PROVISOIRE = "_compte-provisoire"


def lister(acces: Acces) -> tuple[list[CompteLu], Possibles]:
    """Le tableau des comptes, par pages de cinquante ; rend la page lue et tout ce qu'un compte peut ouvrir."""
    with lecture_directe(moteur()) as session:
        possibles = ouvertures_possibles(session, acces.perimetre)
        pages = math.ceil(compter_comptes(session, acces.perimetre) / PAR_PAGE)
        page = st.pagination(pages, key="comptes_page", bind="query-params") if pages > 1 else 1
        lus = lister_comptes(session, acces.perimetre, page=page)
    afficher_tableau(
        ["Identifiant", "Nom", "Rôle", "Ouvre", "État", "Dernière connexion"],
        [_ligne(lu, possibles) for lu in lus],
        legende="Comptes de l'application",
    )
    return lus, possibles


def choisir(lus: list[CompteLu]) -> CompteLu | None:
    """Le compte à modifier ; son numéro est dans l'adresse, jamais son nom."""
    noms = {lu.id: f"{lu.identifiant} – {lu.nom}" for lu in lus}
    identifiants = list(noms)
    demande = identifiant("numero")
    choisi = st.selectbox(
        "Compte à modifier",
        identifiants,
        index=identifiants.index(demande) if demande in noms else None,
        format_func=lambda compte_id: noms[compte_id],
        placeholder="Choisir un compte",
        key="comptes-choisi",
    )
    retenir("numero", choisi)
    return next((lu for lu in lus if lu.id == choisi), None)


def creer(acces: Acces, possibles: Possibles) -> None:
    """Formulaire de création ; le mot de passe provisoire se montre ensuite."""
    with st.expander("Créer un compte"), st.form("compte-creation", border=False, clear_on_submit=False):
        saisi = st.text_input("Identifiant", help="Lettres sans accent, chiffres, point, tiret", max_chars=80)
        nom = st.text_input("Nom à afficher", max_chars=120)
        role = _choisir_role("compte-creation-role", Role.ENQUETEUR)
        ouvertures = _choisir_ouvertures("compte-creation-ouvertures", possibles, [])
        if st.form_submit_button("Créer le compte", type="primary"):
            with afficher_erreurs():
                _creer(acces, saisi, nom, role, ouvertures)


def _creer(acces: Acces, saisi: str, nom: str, role: Role, ouvertures: list[Ouverture]) -> None:
    with ecriture(moteur(), acces.perimetre) as session:
        cree = comptes.creer_compte(
            session, acces.perimetre, identifiant=saisi, nom=nom, role=role, ouvertures=ouvertures
        )
    retenir_provisoire(cree)
    annoncer("Le compte est créé.")
    st.rerun()


def modifier(acces: Acces, lu: CompteLu, possibles: Possibles) -> None:
    """La fiche d'un compte : nom, rôle, ouvertures, puis ce qui se confirme."""
    fiche = f"compte-{lu.id}"
    version = version_ouverte(fiche, lu.version)
    st.header(lu.identifiant, anchor=False)
    proposer_de_relire(fiche, version, lu.version)
    with st.form(f"{fiche}-{version}", border=False):
        nom = st.text_input("Nom à afficher", lu.nom, max_chars=120, key=f"{fiche}-{version}-nom")
        role = _choisir_role(f"{fiche}-{version}-role", lu.role)
        ouvertures = _choisir_ouvertures(f"{fiche}-{version}-ouvertures", possibles, sorted(lu.ouvertures, key=str))
        if st.form_submit_button("Enregistrer", type="primary"):
            with afficher_erreurs():
                _modifier(acces, lu.id, version, nom, role, ouvertures)
    _gestes(lu)


def _modifier(acces: Acces, compte_id: int, version: int, nom: str, role: Role, ouvertures: list[Ouverture]) -> None:
    with ecriture(moteur(), acces.perimetre) as session:
        comptes.modifier_compte(
            session, acces.perimetre, compte_id=compte_id, version=version, nom=nom, role=role, ouvertures=ouvertures
        )
    rouvrir(f"compte-{compte_id}")
    annoncer("Le compte est enregistré.")
    st.rerun()


def _gestes(lu: CompteLu) -> None:
    with st.container(horizontal=True):
        bouton_a_confirmer(
            Geste(
                cle=f"compte-{lu.id}-provisoire",
                bouton="Donner un mot de passe provisoire",
                question=f"L'ancien mot de passe de {lu.identifiant} ne servira plus ; ses sessions se ferment.",
                faire=lambda session, perimetre: retenir_provisoire(
                    comptes.reinitialiser_mot_de_passe(session, perimetre, compte_id=lu.id)
                ),
                droit=peut_administrer,
                fiche=f"compte-{lu.id}",
                fait="Le mot de passe est remplacé.",
            )
        )
        bouton_a_confirmer(_fermeture(lu) if lu.actif else _reouverture(lu))


def _fermeture(lu: CompteLu) -> Geste:
    return Geste(
        cle=f"compte-{lu.id}-desactiver",
        bouton="Désactiver le compte",
        question=(
            f"{lu.nom} ne pourra plus se connecter, et ses sessions se ferment. Le compte se réactive à volonté."
        ),
        faire=lambda session, perimetre: comptes.desactiver_compte(session, perimetre, compte_id=lu.id),
        droit=peut_administrer,
        fiche=f"compte-{lu.id}",
        fait="Le compte est désactivé.",
    )


def _reouverture(lu: CompteLu) -> Geste:
    return Geste(
        cle=f"compte-{lu.id}-reactiver",
        bouton="Réactiver le compte",
        question=f"{lu.nom} pourra de nouveau se connecter, avec les mêmes droits.",
        faire=lambda session, perimetre: comptes.reactiver_compte(session, perimetre, compte_id=lu.id),
        droit=peut_administrer,
        fiche=f"compte-{lu.id}",
        fait="Le compte est réactivé.",
    )


def retenir_provisoire(cree: CompteProvisoire) -> None:
    """Garde le mot de passe provisoire le temps de le transmettre ; il n'est écrit nulle part ailleurs."""
    st.session_state[_PROVISOIRE] = cree.mot_de_passe


def montrer_provisoire() -> None:
    """Montre le mot de passe provisoire, jusqu'à ce que l'on dise l'avoir transmis."""
    if mot_de_passe := st.session_state.get(_PROVISOIRE):
        st.warning(
            "Mot de passe provisoire à transmettre de vive voix ou par un canal sûr : il ne se reverra pas. "
            "La personne choisira le sien à sa première connexion."
        )
        st.code(mot_de_passe, language=None)
        st.button("Je l'ai transmis", key="compte-transmis", on_click=lambda: st.session_state.pop(_PROVISOIRE, None))


def _ligne(lu: CompteLu, possibles: Possibles) -> list[str]:
    return [
        litteral(lu.identifiant),
        litteral(lu.nom),
        lu.role.libelle,
        litteral(_ouvre(lu, possibles)),
        _etat(lu),
        date_et_heure(a_paris(lu.derniere_connexion)) if lu.derniere_connexion else "jamais",
    ]


def _ouvre(lu: CompteLu, possibles: Possibles) -> str:
    if lu.role is Role.ADMINISTRATEUR:
        return "tout"
    return " ; ".join(libelle for ouverture, libelle in possibles.items() if ouverture in lu.ouvertures) or "rien"


def _etat(lu: CompteLu) -> str:
    etats = ["actif" if lu.actif else "désactivé"]
    etats += ["mot de passe provisoire"] if lu.provisoire else []
    etats += ["démonstration"] if lu.demonstration else []
    return ", ".join(etats)


def _choisir_role(cle: str, role: Role) -> Role:
    roles = list(Role)
    choisi = st.selectbox("Rôle", roles, index=roles.index(role), format_func=lambda r: r.libelle, key=cle)
    return Role(choisi)


def _choisir_ouvertures(cle: str, possibles: Possibles, choisies: list[Ouverture]) -> list[Ouverture]:
    return st.multiselect(
        "Investigations et terrains ouverts (l'administration ouvre tout)",
        list(possibles),
        default=[ouverture for ouverture in choisies if ouverture in possibles],
        format_func=lambda ouverture: possibles[ouverture],
        placeholder="Choisir",
        key=cle,
    )
