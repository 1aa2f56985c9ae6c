"""Les blocs du tableau de bord."""

from collections.abc import Sequence

import streamlit as st

from lib.analytics.confidentialite import sous_secret
from lib.domain.droits import Perimetre, peut_administrer, peut_consigner, peut_lire_identites
from lib.domain.formats import INSECABLE, compter, date_abregee, date_longue, mois_annee, nombre, typographier
from lib.domain.vocabulaire import StatutPartenariat
from lib.services.a_faire import AFaire, SaisieEnCours, Tache
from lib.services.tableau_de_bord import EntretienRecent, Vue
from lib.ui.composants.figures import afficher_figure
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

GESTES = {
    AFaire.BROUILLON: ("saisie", "Terminer le brouillon {code}"),
    AFaire.NOTICE: ("saisie", "Remettre la notice de {code}"),
    AFaire.RENDEZ_VOUS: ("saisie", "Préparer {code}, le {jour}"),
    AFaire.DEPASSE: ("saisie", "Mettre à jour {code}, prévu le {jour}"),
    AFaire.A_CODER: ("codage", "Coder {code}"),
    AFaire.A_REPLACER: ("codage", "Replacer des citations de {code}"),
}
"""Où agir, et le geste, sur le premier entretien concerné ; assez court pour un téléphone."""


def investigation_vide(perimetre: Perimetre) -> None:
    """Par quoi commencer, dans l'ordre, selon ce que le compte peut faire."""
    st.info("Cette investigation est vide\N{NO-BREAK SPACE}: aucun plan, aucun entretien.")
    if not peut_consigner(perimetre):
        st.write("Les chiffres apparaîtront ici dès le premier entretien réalisé.")
        return
    if peut_administrer(perimetre):
        lien("investigations", "D'abord, décrire les terrains et le plan d'entretiens")
    else:
        st.write(
            typographier("L'administration décrit les terrains et le plan d'entretiens ; vous pouvez alors commencer.")
        )
    lien("grille", "Relire la grille de codage")
    lien("saisie", "Consigner un premier entretien")


def chiffres_cles(vue: Vue, perimetre: Perimetre) -> None:
    """Trois nombres, leur dénominateur et ce qu'ils comptent."""
    sur = f"/{nombre(vue.prevus)}" if vue.prevus else ""
    with st.container(horizontal=True):
        st.metric("Entretiens réalisés", f"{vue.realises_ecrits}{sur}")
        st.metric("Citations étiquetées", nombre(vue.etiquetages))
        st.metric("Partenariats suivis", vue.partenariats_ecrits)
    permises = "" if peut_lire_identites(perimetre) else " Seules comptent les citations que l'on a le droit de citer."
    st.caption(
        typographier(
            f"Chiffres arrêtés au {date_longue(vue.au)}. Un entretien compte s'il est réalisé et sa notice remise ; "
            f"une citation qui porte deux étiquettes compte deux fois.{permises}"
        )
    )


def couverture(vue: Vue) -> None:
    """Où en est le plan : les retards en mots, la figure, le tableau, puis ce qui reste ailleurs."""
    st.header("Où en est l'enquête", anchor=False)
    if vue.retards:
        st.warning("\n\n".join(map(litteral, vue.retards)))
    afficher_figure(vue.figure, alternative=vue.alternative, tableau=vue.tableau)
    if vue.attentes:
        st.write("\n\n".join(map(litteral, vue.attentes)))
    if vue.regle:
        st.caption(litteral(vue.regle))


def a_faire(taches: Sequence[Tache], saisies: Sequence[SaisieEnCours]) -> None:
    """Chaque ligne mène à l'endroit où agir."""
    st.header("Quoi faire ensuite", anchor=False)
    for saisie in saisies:
        _saisie(saisie)
    for tache in taches:
        _tache(tache)
    if not taches and not saisies:
        st.write("Rien n'attend : tout est consigné, codé et à jour.")


def derniers_entretiens(entretiens: Sequence[EntretienRecent], perimetre: Perimetre) -> None:
    """Chaque ligne ouvre sa fiche pour l'équipe ; pour les autres, ni nom ni jour."""
    if not entretiens:
        return
    st.header("Derniers entretiens", anchor=False)
    legende = "Derniers entretiens réalisés, un par ligne"
    if sous_secret(perimetre):
        visites = [(litteral(e.code), litteral(e.terrain), mois_annee(e.tenu_le)) for e in entretiens]
        afficher_tableau(("Entretien", "Terrain", "Mois"), visites, legende=legende)
        return
    if not peut_lire_identites(perimetre):
        lignes = [
            (litteral(e.code), litteral(e.terrain), e.type_acteur.libelle, mois_annee(e.tenu_le)) for e in entretiens
        ]
        afficher_tableau(("Entretien", "Terrain", "Type d'acteur", "Mois"), lignes, legende=legende)
        return
    tableau_ouvrant(
        ("Entretien", "Date", "Organisation", "Terrain"),
        [LigneOuvrante(id=e.id, cellules=_cellules(e)) for e in entretiens],
        fiche=Fiche(adresse="entretien", parametre="entretien"),
        legende=legende,
        cle="accueil_derniers",
    )


def lien(adresse: str, libelle: str, **parametres: object) -> None:
    """Un lien vers une page de l'application ; la flèche le distingue d'un texte."""
    parametres_lus = {nom: str(valeur) for nom, valeur in parametres.items()}
    st.page_link(chemin(adresse), label=libelle, icon=":material/arrow_forward:", query_params=parametres_lus)


def _cellules(entretien: EntretienRecent) -> tuple[str, ...]:
    qui = entretien.organisation or entretien.type_acteur.libelle
    return entretien.code, date_abregee(entretien.tenu_le), qui, entretien.terrain


def _tache(tache: Tache) -> None:
    if not tache.premiers:
        plus = "plus de " if tache.plafonne else ""
        quoi = compter(tache.nombre, "partenariat sans nouvelle", "partenariats sans nouvelle")
        lien("partenariats", f"Rappeler {plus}{quoi}", partenariats_statut=StatutPartenariat.A_VERIFIER.libelle)
        return
    premier = tache.premiers[0]
    adresse, geste = GESTES[tache.quoi]
    jour = f"{premier.tenu_le:%d/%m}" if premier.tenu_le else ""
    reste = f" (+{INSECABLE}{compter(tache.nombre - 1, 'autre')})" if tache.nombre > 1 else ""
    lien(adresse, geste.format(code=litteral(premier.code), jour=jour) + reste, entretien=premier.id)


def _saisie(saisie: SaisieEnCours) -> None:
    """Une saisie gardée, que sa page retrouve d'elle-même."""
    if saisie.formulaire == "entretien":
        fiche = {"entretien": saisie.cle} if saisie.cle.isdigit() else {}
        lien("saisie", "Reprendre l'entretien en cours de saisie", **fiche)
    else:
        lien("nouveau-partenariat", "Reprendre le partenariat en cours de saisie")
