"""Les matrices à l'écran : leurs choix dans l'adresse, la carte, le tableau, et les citations d'une case ouverte."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import sous_secret
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter, date_abregee, typographier
from lib.domain.matrices import AttributMatrice, Cooccurrence, MesureMatrice, VueMatrice, lire_case
from lib.domain.vocabulaire import FamilleEtiquette, Vocabulaire
from lib.services.citations import Citation
from lib.services.matrices import (
    CaseLue,
    CaseOuverte,
    LigneMatrice,
    Matrice,
    lire_cooccurrences,
    lire_croisement,
    lire_presences,
    ouvrir_case,
)
from lib.services.sessions import Acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.figures import SANS_BARRE
from lib.ui.composants.tableau_defilant import monter_matrice
from lib.ui.composants.tableau_liens import TABLEAU
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

W = TypeVar("W", bound=Vocabulaire)
CLE, CLE_CITATIONS = "matrice", "matrice-citations"
CLE_PAGE, CLE_PAGE_CASE, CASE = "matrices_page", "case_page", "case"
CLE_TRANCHE = "matrices_etiquettes"
TOUTES = "toutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choix:
    """Ce que la personne regarde."""

    vue: VueMatrice
    attribut: AttributMatrice = AttributMatrice.TERRAIN
    mesure: MesureMatrice = MesureMatrice.ENTRETIENS
    nature: Cooccurrence = Cooccurrence.CITATION
    famille: FamilleEtiquette | None = None


def choisir(acces: Acces) -> Choix:
    """Les choix, liés à l'adresse ; hors de l'équipe, ni citations comptées, ni entretiens un à un."""
    equipe = peut_lire_identites(acces.perimetre)
    vues = _vues_ouvertes(acces.perimetre)
    regardee = _boutons("Matrice", vues, "matrices_vue") if len(vues) > 1 else vues[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if regardee is VueMatrice.ATTRIBUT:
            attribut = _liste("Selon", AttributMatrice, "matrices_attribut")
            mesure = _liste("Compter", MesureMatrice, "matrices_mesure") if equipe else MesureMatrice.ENTRETIENS
            return Choix(vue=regardee, attribut=attribut, mesure=mesure)
        if regardee is VueMatrice.COOCCURRENCE:
            return Choix(vue=regardee, nature=_liste("Ensemble, c'est-à-dire", Cooccurrence, "matrices_nature"))
        noms = {membre.libelle: membre for membre in FamilleEtiquette}
        choisie = st.selectbox(
            "Famille", [TOUTES, *noms], key="matrices_famille", bind="query-params", width=240, on_change=revenir
        )
        return Choix(vue=regardee, famille=noms.get(choisie))


def _vues_ouvertes(perimetre: Perimetre) -> list[VueMatrice]:
    """La visite ne croise pas deux étiquettes : une paire se soustrairait."""
    if peut_lire_identites(perimetre):
        return list(VueMatrice)
    return [VueMatrice.ATTRIBUT, *([] if sous_secret(perimetre) else [VueMatrice.COOCCURRENCE])]


def montrer(acces: Acces, choix: Choix) -> None:
    """La case ouverte s'il y en a une, sinon la matrice."""
    ecrite = st.query_params.get(CASE)
    if ecrite is None:
        _montrer_matrice(acces, choix)
        return
    st.button("Revenir à la matrice", on_click=revenir)
    case = lire_case(ecrite)
    if case is None:
        st.info("Cette adresse ne désigne aucune case.")
        return
    try:
        ouverte = vue(ouvrir_case, acces, case=case, page=_page(CLE_PAGE_CASE))
    except ErreurMetier as erreur:
        st.info(litteral(str(erreur)))
        return
    _montrer_case(ouverte, acces.perimetre)


def revenir() -> None:
    """Ferme la case ; un choix qui change ramène aussi à la première page."""
    for nom in (CASE, CLE_PAGE, CLE_TRANCHE, CLE_PAGE_CASE):
        st.query_params.pop(nom, None)
        st.session_state.pop(nom, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prete:
    """Une matrice et ses lignes telles qu'elles partent à l'écran : des milliers de cases ne s'écrivent qu'une fois."""

    matrice: Matrice
    lignes: list[dict[str, Any]]


def _preparer(session: Session, perimetre: Perimetre, *, choix: Choix, page: int, tranche: int) -> _Prete:
    matrice = _lire(session, perimetre, choix, page, tranche)
    ecrites: dict[int, str | list[str]] = {}
    lignes = [_ecrire_ligne(ligne, ecrites) for ligne in matrice.lignes]
    return _Prete(matrice=matrice, lignes=lignes)


def _lire(session: Session, perimetre: Perimetre, choix: Choix, page: int, tranche: int) -> Matrice:
    if choix.vue is VueMatrice.ATTRIBUT:
        return lire_croisement(session, perimetre, attribut=choix.attribut, mesure=choix.mesure, page=page)
    if choix.vue is VueMatrice.COOCCURRENCE:
        return lire_cooccurrences(session, perimetre, nature=choix.nature, page=page)
    return lire_presences(session, perimetre, famille=choix.famille, page=page, tranche=tranche)


def _montrer_matrice(acces: Acces, choix: Choix) -> None:
    prete = vue(_preparer, acces, choix=choix, page=_page(CLE_PAGE), tranche=_page(CLE_TRANCHE))
    matrice = prete.matrice
    if matrice.figure is None:
        st.info(_dire_vide(matrice, choix))
        if matrice.tranches == 1 and choix.famille is None:
            return
    else:
        with st.container(key="carte" if choix.vue is VueMatrice.ATTRIBUT else "carte-large"):
            st.plotly_chart(matrice.figure, config=SANS_BARRE, alt=matrice.alternative)
    monter_matrice(_donnees(prete, choix), cle=CLE, au_lien=_ouvrir)
    _paginer(matrice)
    st.caption("\n\n".join(map(litteral, matrice.notes)))


def _dire_vide(matrice: Matrice, choix: Choix) -> str:
    """Rien à peindre n'est pas rien de codé : une famille peut n'être posée nulle part."""
    if choix.famille is not None or matrice.tranches > 1:
        return "Aucune de ces étiquettes n'est posée dans ces entretiens."
    if choix.vue is VueMatrice.COOCCURRENCE:
        return "Deux étiquettes ne vont encore jamais ensemble ainsi : essayez plus large, ou codez d'abord."
    return "Aucun entretien réalisé n'est encore codé : les matrices commencent au premier."


def _paginer(matrice: Matrice) -> None:
    """Les pages de lignes, et celles de colonnes ; s'il y a les deux, chacune dit son nom."""
    if matrice.tranches > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Étiquettes")
            st.pagination(matrice.tranches, key=CLE_TRANCHE, bind="query-params")
    if matrice.pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            if matrice.tranches > 1:
                st.markdown("Entretiens")
            st.pagination(matrice.pages, key=CLE_PAGE, bind="query-params")


def _donnees(prete: _Prete, choix: Choix) -> dict[str, Any]:
    garde = [(nom, valeur) for nom, valeur in st.query_params.items() if nom.startswith("matrices_")]
    return {
        "legende": prete.matrice.legende,
        "coin": prete.matrice.coin,
        "entetes": list(prete.matrice.entetes),
        "forme": "etroite" if choix.vue is VueMatrice.ENTRETIEN else "",
        "adresse": f"/matrices?{urlencode([*garde, (CASE, '')])}",
        "lignes": prete.lignes,
    }


def _ecrire_ligne(ligne: LigneMatrice, ecrites: dict[int, str | list[str]]) -> dict[str, Any]:
    """ecrites : par objet, les cases déjà écrites ; `suite` complète ce qu'ouvre chacune."""
    for case in ligne.cases:
        if id(case) not in ecrites:
            ecrites[id(case)] = _ecrire(case)
    suite = "" if ligne.entretien_id is None else f",i{ligne.entretien_id}"
    cases = [ecrites[id(case)] for case in ligne.cases]
    return {"nom": ligne.nom, "total": ligne.total, "suite": suite, "cases": cases}


def _ecrire(case: CaseLue) -> str | list[str]:
    """Une case sans rien d'autre que son texte part seule."""
    if case.ouvre is None and not case.precision:
        return case.texte
    return [case.texte, case.precision, case.ouvre.ecrire() if case.ouvre else ""]


def _ouvrir() -> None:
    ouverte = st.session_state[CLE].get("ouverte")
    if isinstance(ouverte, str) and lire_case(ouverte):
        st.query_params[CASE] = ouverte


def _montrer_case(ouverte: CaseOuverte, perimetre: Perimetre) -> None:
    st.header(litteral(ouverte.titre), anchor=False)
    if not ouverte.citations:
        st.info("Aucune citation que vous puissiez lire ici.")
        return
    plus = "Plus de " if ouverte.plafonne else ""
    st.markdown(typographier(f"**{plus}{compter(ouverte.total, 'citation')}**, les plus récentes d'abord."))
    if peut_lire_identites(perimetre):
        _liens(ouverte.citations)
    else:
        lignes = [(litteral(c.citation), litteral(c.source), litteral(_etiquettes(c))) for c in ouverte.citations]
        afficher_tableau(("Citation", "Qui", "Étiquettes"), lignes, legende=ouverte.titre)
    if ouverte.pages > 1:
        st.pagination(ouverte.pages, key=CLE_PAGE_CASE, bind="query-params")


def _liens(citations: Iterable[Citation]) -> None:
    """Chaque citation ouvre sa place dans l'entretien."""
    places = {c.verbatim_id: {"entretien": str(c.entretien_id), "verbatim": str(c.verbatim_id)} for c in citations}
    donnees = {
        "legende": "Citations de la case",
        "entetes": ["Citation", "Entretien", "Date", "Étiquettes"],
        "nombres": [],
        "lignes": [
            {
                "cle": c.verbatim_id,
                "adresse": f"/codage?{urlencode(places[c.verbatim_id])}",
                "cellules": [c.citation, f"{c.code} – {c.source}", date_abregee(c.tenu_le), _etiquettes(c)],
            }
            for c in citations
        ],
    }
    rendu = TABLEAU.monter(key=CLE_CITATIONS, data=donnees, on_ouverte_change=lambda: None)
    if place := places.get(rendu.get("ouverte")):
        st.switch_page(chemin("codage"), query_params=place)


def _etiquettes(citation: Citation) -> str:
    return ", ".join(etiquette.nom for etiquette in citation.etiquettes) or "Sans étiquette"


def _page(cle: str) -> int:
    return st.session_state.get(cle) or identifiant(cle) or 1


def _boutons(libelle: str, membres: list[W], cle: str) -> W:
    noms = {membre.libelle: membre for membre in membres}
    choisi = st.radio(libelle, list(noms), horizontal=True, key=cle, bind="query-params", on_change=revenir)
    return noms[choisi or next(iter(noms))]


def _liste(libelle: str, vocabulaire: type[W], cle: str) -> W:
    noms = {membre.libelle: membre for membre in vocabulaire}
    choisi = st.selectbox(libelle, list(noms), key=cle, bind="query-params", width=280, on_change=revenir)
    return noms[choisi]
