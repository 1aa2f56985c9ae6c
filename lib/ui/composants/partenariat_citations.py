"""Ce que les entretiens disent d'un partenariat : les passages rattachés, et de quoi en rattacher d'autres."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.formats import guillemets
from lib.services import citations_partenariat
from lib.services.citations_partenariat import CitationLue
from lib.services.partenariat_fiche import VuePartenariat
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.caches import vue
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

EXTRAIT = 110


def citations(montree: VuePartenariat, acces: Acces) -> None:
    """Les citations du partenariat ; chacune s'ouvre dans son entretien, et se détache."""
    st.header("Ce qu'on en dit", anchor=False)
    if not montree.citations:
        st.write("Aucune citation n'est encore rattachée à ce partenariat.")
    for citation in montree.citations:
        _montrer(citation, acces.perimetre)
    _rattacher(montree, acces)
    if montree.fiche.source_id:
        _lien_entretien(montree.fiche.source_id, f"Lire l'entretien {litteral(montree.fiche.source)}, où on l'a appris")


def _montrer(citation: CitationLue, perimetre: Perimetre) -> None:
    st.markdown(f"> {litteral(' '.join(citation.citation.split()))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        _lien_entretien(citation.entretien_id, f"Entretien {litteral(citation.code)}")
        if st.button("Détacher cette citation", key=f"citation-{citation.lien_id}", type="tertiary"):
            with afficher_erreurs():
                _ecrire(partial(citations_partenariat.retirer, lien_id=citation.lien_id), perimetre)
                annoncer("Citation détachée ; le passage reste dans son entretien.")
                st.rerun()


def _rattacher(montree: VuePartenariat, acces: Acces) -> None:
    partenariat_id = montree.fiche.id
    if not st.toggle("Rattacher une citation", key=f"p{partenariat_id}.rattacher"):
        return
    proposees = vue(citations_partenariat.proposer_citations, acces, partenariat_id=partenariat_id)
    if not proposees:
        st.caption("Les passages surlignés chez l'une ou l'autre organisation se rattachent ici.")
        return
    choisie = _choisir(proposees, f"p{partenariat_id}.{len(montree.citations)}.passage")
    if choisie is not None and st.button("Rattacher cette citation", key=f"p{partenariat_id}.citer"):
        with afficher_erreurs():
            _ecrire(
                partial(citations_partenariat.citer, partenariat_id=partenariat_id, verbatim_id=choisie),
                acces.perimetre,
            )
            annoncer("Citation rattachée au partenariat.")
            st.rerun()


def _choisir(proposees: Sequence[CitationLue], cle: str) -> int | None:
    extraits = {citation.verbatim_id: _abreger(citation) for citation in proposees}
    return st.selectbox(
        "Rattacher un passage entendu chez l'une ou l'autre organisation",
        list(extraits),
        index=None,
        format_func=lambda verbatim_id: extraits.get(verbatim_id, ""),
        placeholder="Choisir un passage",
        key=cle,
        width=1000,
    )


def _abreger(citation: CitationLue) -> str:
    """« 2026-M-012 : « On a commencé par un don… » »."""
    texte = " ".join(citation.citation.split())
    court = texte if len(texte) <= EXTRAIT else f"{texte[:EXTRAIT].rsplit(' ', 1)[0]}…"
    return f"{citation.code}\N{NO-BREAK SPACE}: {guillemets(court)}"


def _ecrire(geste: partial[None], perimetre: Perimetre) -> None:
    with ecriture(moteur(), perimetre) as session:
        geste(session, perimetre)


def _lien_entretien(entretien_id: int, libelle: str) -> None:
    st.page_link(chemin("codage"), label=libelle, query_params={"entretien": str(entretien_id)})
