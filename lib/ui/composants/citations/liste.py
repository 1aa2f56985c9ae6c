"""Une page de citations, en lecture ou en grille, et le chemin vers leur place dans l'entretien."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.analytics.confidentialite import sous_secret
from lib.domain.citations import TriCitations
from lib.domain.droits import Perimetre, peut_consigner, peut_exporter, peut_lire_identites
from lib.domain.formats import compter, date_abregee, mois_annee, typographier
from lib.domain.mots import NatureIndexee
from lib.services.citations import Citation, PageCitations, lister_citations
from lib.services.exemples import lister_exemples
from lib.services.sessions import Acces
from lib.services.transaction import lecture
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants import exemples
from lib.ui.composants.citations import panier
from lib.ui.composants.citations.filtres import CLE_PAGE, CLE_TRI, Choix, effacer_filtres, revenir_au_debut
from lib.ui.composants.citations.textes import afficher_textes
from lib.ui.composants.greffon import Greffon
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur

_GREFFON = Greffon("citations", Path(__file__).parent / "statique", '<div class="citations"></div>')
CLE = "citations-liste"
DEMANDE = "_citation-a-ouvrir"
TUES = " En visite, celles qui désigneraient un ou deux acteurs ne s'ouvrent pas : gardez un seul filtre."
SEULE_TUE = typographier(
    "Cette citation ne se lit pas : elle a été retirée, son entretien ne compte pas dans les chiffres, ou l'accord de "
    "la citer n'est pas donné."
)
PLAFONNEE = "Seules les mille premières s'ouvrent ici : affinez les filtres, ou exportez tout."
# Titre de chaque colonne de la grille et l'ordre qu'elle commande ; après les étiquettes, les attributs de la personne.
COLONNES: tuple[tuple[str, TriCitations | None], ...] = (("Citation", None), ("Étiquettes", None))
POUR_TOUS = (("Structure", None), ("Type d'acteur", TriCitations.TYPE_ACTEUR), ("Terrain", TriCitations.TERRAIN))
POUR_L_EQUIPE = (
    ("Entretien", TriCitations.ENTRETIEN),
    ("Structure", TriCitations.SOURCE),
    ("Type d'acteur", TriCitations.TYPE_ACTEUR),
    ("Taille", TriCitations.TAILLE),
    ("Réseau", None),
    ("Fonction", None),
    ("Terrain", TriCitations.TERRAIN),
    ("Date", TriCitations.DATE),
    ("Mode", None),
    ("Mené par", None),
    ("Accord de citer", None),
)


def afficher_citations(acces: Acces, choix: Choix) -> None:
    """Les citations qui répondent, ou ce qu'il y a à faire quand il n'y en a pas."""
    if choix.filtres.nature is NatureIndexee.TEXTE and choix.filtres.texte:
        afficher_textes(acces, choix)
        return
    page = _lire(acces, choix)
    if choix.filtres.verbatim_id is not None:
        _seule(page, acces, choix)
    elif page.citations:
        _afficher_page(page, acces, choix)
    elif choix.actif:
        st.info("Aucune citation ne répond à ces filtres." + (TUES if sous_secret(acces.perimetre) else ""))
        st.button("Effacer les filtres", on_click=effacer_filtres)
    else:
        _rien_encore(acces.perimetre)


def _lire(acces: Acces, choix: Choix) -> PageCitations:
    """Le panier change sans que les données changent : lui seul se relit à chaque passage."""
    filtres, contexte = choix.filtres, choix.grille
    demandee = st.session_state.get(CLE_PAGE) or identifiant(CLE_PAGE) or 1
    if filtres.panier_de is None:
        return vue(lister_citations, acces, filtres=filtres, page=demandee, contexte=contexte)
    with lecture(moteur()) as session:
        return lister_citations(session, acces.perimetre, filtres=filtres, page=demandee, contexte=contexte)


def _seule(page: PageCitations, acces: Acces, choix: Choix) -> None:
    """La citation d'une preuve ou d'un appui, ouverte à qui peut la lire."""
    st.button("Voir toutes les citations", on_click=effacer_filtres, icon=":material/arrow_back:")
    if page.citations:
        _afficher_page(page, acces, choix)
    else:
        st.info(SEULE_TUE)


def _rien_encore(perimetre: Perimetre) -> None:
    if not peut_lire_identites(perimetre):
        st.info("Aucune citation pour l'instant : elles paraîtront ici à mesure que les entretiens seront codés.")
        return
    st.info("Aucune citation pour l'instant. Ouvrez un entretien réalisé, surlignez un passage et étiquetez-le.")
    st.page_link(chemin("entretiens"), label="Choisir un entretien à coder")


def _afficher_page(page: PageCitations, acces: Acces, choix: Choix) -> None:
    plus = "Plus de " if page.plafonne else ""
    st.markdown(typographier(f"**{plus}{compter(page.total, 'citation')}**"))
    if page.plafonne:
        st.caption(typographier(PLAFONNEE))
    retenues = panier.lire(acces)
    panier.montrer(acces, choix.filtres, page.total, len(retenues))
    _GREFFON.monter(
        key=CLE,
        data=_donnees(page, acces, choix, retenues),
        on_ouvrir_change=_retenir_demande,
        on_retenir_change=panier.basculer,
        on_trier_change=_trier,
        on_exemple_change=lambda: exemples.recevoir((st.session_state.get(CLE) or {}).get("exemple")),
    )
    if page.pages > 1:
        st.session_state[CLE_PAGE] = page.page
        st.pagination(page.pages, key=CLE_PAGE, bind="query-params")
    _suivre_demande()


def _donnees(page: PageCitations, acces: Acces, choix: Choix, retenues: frozenset[int]) -> dict[str, Any]:
    perimetre = acces.perimetre
    equipe = peut_lire_identites(perimetre)
    decrites = [_decrire(citation, equipe=equipe) for citation in page.citations]
    if peut_exporter(perimetre):
        for decrite, citation in zip(decrites, page.citations, strict=True):
            decrite |= {"cle": citation.verbatim_id, "retenue": citation.verbatim_id in retenues}
    if peut_consigner(perimetre):
        pris = vue(lister_exemples, acces)
        for decrite, citation in zip(decrites, page.citations, strict=True):
            decrite["exemples"] = exemples.decrire_exemples(citation, pris)
    donnees: dict[str, Any] = {"citations": decrites}
    if choix.grille:
        colonnes = (*COLONNES, *(POUR_L_EQUIPE if equipe else POUR_TOUS))
        donnees["colonnes"] = [{"titre": titre, "tri": tri.value if tri else None} for titre, tri in colonnes]
        donnees["tri"] = choix.filtres.tri.value
        donnees["decroissant"] = choix.filtres.decroissant
        for decrite, citation in zip(decrites, page.citations, strict=True):
            decrite["cellules"] = _cellules(citation, equipe=equipe)
    return donnees


def _decrire(citation: Citation, *, equipe: bool) -> dict[str, Any]:
    """Ce que l'écran montre ; hors de l'équipe, ni code, ni jour, ni lien vers le texte."""
    quand = date_abregee(citation.tenu_le) if equipe else mois_annee(citation.tenu_le)
    morceaux = (citation.source, citation.type_dit, citation.terrain, quand)
    decrite: dict[str, Any] = {
        "citation": citation.citation,
        "source": " – ".join(dict.fromkeys(morceaux)),
        "reserves": _reserves(citation) if equipe else [],
        "etiquettes": [{"nom": e.nom, "famille": e.famille.value, "couleur": e.couleur} for e in citation.etiquettes],
    }
    if equipe:
        place = f"codage?entretien={citation.entretien_id}&verbatim={citation.verbatim_id}"
        decrite |= {
            "adresse": place,
            "code": citation.code,
            "entretien": citation.entretien_id,
            "verbatim": citation.verbatim_id,
            "memo": citation.memo,
        }
    return decrite


def _cellules(citation: Citation, *, equipe: bool) -> list[str]:
    """Les attributs de la personne et de la rencontre, dans l'ordre des colonnes."""
    if not equipe or citation.contexte is None:
        return [citation.source, citation.type_dit, citation.terrain]
    contexte = citation.contexte
    return [
        citation.code,
        citation.source,
        citation.type_dit,
        contexte.taille.libelle if contexte.taille else "",
        contexte.niveau_reseau.libelle if contexte.niveau_reseau else "",
        ", ".join(contexte.fonctions),
        citation.terrain,
        date_abregee(citation.tenu_le),
        contexte.mode.libelle,
        ", ".join(contexte.enqueteurs),
        contexte.accord.libelle,
    ]


def _reserves(citation: Citation) -> list[str]:
    reserves = []
    if not citation.diffusable:
        reserves.append("Sans accord de citer : ne sort pas de l'équipe")
    if citation.a_verifier:
        reserves.append("Place à vérifier")
    return [typographier(reserve) for reserve in reserves]


def _trier() -> None:
    """Un titre de colonne commande l'ordre ; une seconde fois, le sens contraire."""
    demande = str(st.session_state[CLE].get("trier") or "")
    actuel = st.session_state.get(CLE_TRI)
    st.session_state[CLE_TRI] = f"-{demande}" if actuel == demande else demande
    revenir_au_debut()


def _retenir_demande() -> None:
    """Un rappel ne change pas de page : la demande attend la fin du passage."""
    st.session_state[DEMANDE] = st.session_state[CLE].get("ouvrir")


def _suivre_demande() -> None:
    if demande := st.session_state.pop(DEMANDE, None):
        place = {nom: str(int(demande[nom])) for nom in ("entretien", "verbatim")}
        st.switch_page(chemin("codage"), query_params=place)
