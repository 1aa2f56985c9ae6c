"""Le journal à l'écran : des filtres portés par l'adresse, un tableau, des pages."""

from datetime import date

import streamlit as st

from lib.domain.formats import compter, date_et_heure, nombre
from lib.domain.libelles_journal import OBJETS
from lib.domain.vocabulaire import ActionJournal
from lib.services.journal import CriteresJournal, LigneLue, PageJournal, lire_journal
from lib.services.lecture_comptes import noms_des_comptes
from lib.services.sessions import Acces
from lib.services.transaction import lecture_directe
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

CHANGEMENTS_MONTRES = 8


def filtrer(acces: Acces) -> CriteresJournal:
    """Les filtres ; le nom d'une personne ne passe pas par l'adresse."""
    with lecture_directe(moteur()) as session:
        noms = noms_des_comptes(session, acces.perimetre)
    objets = {libelle: code for code, libelle in OBJETS.items()}
    actions = {membre.libelle: membre for membre in ActionJournal}
    objet, action, personne, periode = st.columns(4)
    # Le libellé lui-même est le choix : c'est lui que l'adresse porte.
    choisi = objet.selectbox(
        "Objet", sorted(objets), index=None, placeholder="Tous", key="journal_objet", bind="query-params"
    )
    geste = action.selectbox(
        "Action", list(actions), index=None, placeholder="Toutes", key="journal_action", bind="query-params"
    )
    qui = personne.selectbox(
        "Personne",
        list(noms),
        index=None,
        format_func=lambda identifiant: noms[identifiant],
        placeholder="Toutes",
        key="journal_personne",
    )
    jours = periode.date_input("Période (du – au)", value=[], format="DD/MM/YYYY", key="journal_periode")
    depuis, jusqu_a = _bornes(jours)
    return CriteresJournal(
        objet=objets.get(choisi or ""),
        action=actions.get(geste or ""),
        compte_id=qui,
        depuis=depuis,
        jusqu_a=jusqu_a,
    )


def montrer(acces: Acces, criteres: CriteresJournal) -> None:
    """Une page de lignes, la plus récente d'abord."""
    page = _page_demandee(criteres)
    with lecture_directe(moteur()) as session:
        lue = lire_journal(session, acces.perimetre, criteres=criteres, page=page)
    if not lue.total:
        st.info("Aucune ligne ne répond à ces filtres : élargissez la période ou retirez un filtre.")
        return
    st.caption(_decompte(lue))
    with st.container(key="journal-lignes"):
        afficher_tableau(
            ["Quand", "Qui", "Action", "Objet", "Ce qui a changé", "Motif"],
            [_ligne(ligne) for ligne in lue.lignes],
            legende="Lignes du journal, de la plus récente à la plus ancienne",
        )
    if lue.pages > 1:
        st.pagination(lue.pages, key=_cle_page(criteres))


def _page_demandee(criteres: CriteresJournal) -> int:
    """La page choisie sous le tableau au passage précédent ; changer un filtre ramène à la première."""
    return int(st.session_state.get(_cle_page(criteres)) or 1)


def _cle_page(criteres: CriteresJournal) -> str:
    return f"journal_page_{hash(criteres)}"


def _bornes(jours: object) -> tuple[date | None, date | None]:
    """La personne choisit une date puis l'autre : entre les deux, seule la première compte."""
    choisis = [jour for jour in jours if isinstance(jour, date)] if isinstance(jours, tuple) else []
    return (choisis[0] if choisis else None), (choisis[1] if len(choisis) > 1 else None)


def _decompte(lue: PageJournal) -> str:
    if lue.borne:
        return f"Plus de {nombre(lue.total)} lignes : resserrez les filtres pour voir les plus anciennes."
    return compter(lue.total, "ligne")


def _ligne(ligne: LigneLue) -> list[str]:
    changements = ligne.changements[:CHANGEMENTS_MONTRES]
    suite = len(ligne.changements) - len(changements)
    reste = [f"et {compter(suite, 'autre champ', 'autres champs')}"] if suite > 0 else []
    objet = " – ".join(filter(None, [ligne.objet, ligne.investigation]))
    return [
        date_et_heure(ligne.quand),
        litteral(ligne.qui),
        ligne.action.libelle,
        litteral(objet),
        " ; ".join(map(litteral, [*changements, *reste])),
        litteral(ligne.motif),
    ]
