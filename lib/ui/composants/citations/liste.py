"""Une page de citations, et le chemin vers leur place dans l'entretien pour qui peut lire les textes."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.formats import compter, date_abregee, mois_annee, typographier
from lib.services.citations import Citation, PageCitations, lister_citations
from lib.services.sessions import Acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.citations.filtres import CLE_PAGE, Choix, effacer_filtres
from lib.ui.composants.greffon import Greffon
from lib.ui.navigation import chemin

_GREFFON = Greffon("citations", Path(__file__).parent / "statique", '<div class="citations"></div>')
CLE = "citations-liste"
DEMANDE = "_citation-a-ouvrir"
PLAFONNEE = "Seules les mille premières s'ouvrent ici : affinez les filtres, ou exportez tout."


def afficher_citations(acces: Acces, choix: Choix) -> None:
    """Les citations qui répondent, ou ce qu'il y a à faire quand il n'y en a pas."""
    demandee = st.session_state.get(CLE_PAGE) or identifiant(CLE_PAGE) or 1
    page = vue(lister_citations, acces, filtres=choix.filtres, page=demandee)
    if page.citations:
        _afficher_page(page, acces.perimetre)
    elif choix.actif:
        st.info("Aucune citation ne répond à ces filtres.")
        st.button("Effacer les filtres", on_click=effacer_filtres)
    else:
        _rien_encore(acces.perimetre)


def _rien_encore(perimetre: Perimetre) -> None:
    if not peut_lire_identites(perimetre):
        st.info("Aucune citation pour l'instant : elles paraîtront ici à mesure que les entretiens seront codés.")
        return
    st.info("Aucune citation pour l'instant. Ouvrez un entretien réalisé, surlignez un passage et étiquetez-le.")
    st.page_link(chemin("entretiens"), label="Choisir un entretien à coder")


def _afficher_page(page: PageCitations, perimetre: Perimetre) -> None:
    plus = "Plus de " if page.plafonne else ""
    st.markdown(typographier(f"**{plus}{compter(page.total, 'citation')}**, les dernières surlignées d'abord."))
    if page.plafonne:
        st.caption(typographier(PLAFONNEE))
    equipe = peut_lire_identites(perimetre)
    _GREFFON.monter(
        key=CLE,
        data={"citations": [_decrire(citation, equipe=equipe) for citation in page.citations]},
        on_ouvrir_change=_retenir_demande,
    )
    if page.pages > 1:
        st.session_state[CLE_PAGE] = page.page
        st.pagination(page.pages, key=CLE_PAGE, bind="query-params")
    _suivre_demande()


def _decrire(citation: Citation, *, equipe: bool) -> dict[str, Any]:
    """Ce que l'écran montre ; hors de l'équipe, ni code, ni jour, ni lien vers le texte."""
    quand = date_abregee(citation.tenu_le) if equipe else mois_annee(citation.tenu_le)
    morceaux = (citation.source, citation.type_acteur.libelle, citation.terrain, quand)
    decrite: dict[str, Any] = {
        "citation": citation.citation,
        "source": " – ".join(dict.fromkeys(morceaux)),
        "reserves": _reserves(citation) if equipe else [],
        "etiquettes": [{"nom": e.nom, "famille": e.famille.value} for e in citation.etiquettes],
    }
    if equipe:
        place = f"codage?entretien={citation.entretien_id}&verbatim={citation.verbatim_id}"
        decrite |= {
            "adresse": place,
            "code": citation.code,
            "entretien": citation.entretien_id,
            "verbatim": citation.verbatim_id,
        }
    return decrite


def _reserves(citation: Citation) -> list[str]:
    reserves = []
    if not citation.diffusable:
        reserves.append("Sans accord de citer : ne sort pas de l'équipe")
    if citation.a_verifier:
        reserves.append("Place à vérifier")
    return [typographier(reserve) for reserve in reserves]


def _retenir_demande() -> None:
    """Un rappel ne change pas de page : la demande attend la fin du passage."""
    st.session_state[DEMANDE] = st.session_state[CLE].get("ouvrir")


def _suivre_demande() -> None:
    if demande := st.session_state.pop(DEMANDE, None):
        place = {nom: str(int(demande[nom])) for nom in ("entretien", "verbatim")}
        st.switch_page(chemin("codage"), query_params=place)
