"""Les exemples d'une étiquette : ses citations les plus parlantes, que l'équipe choisit et retire."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import guillemets, typographier
from lib.services.citations import Citation
from lib.services.exemples import Exemple, laisser_en_exemple, lister_exemples, prendre_en_exemple
from lib.services.grille import EtiquetteLue
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.acces import acces_courant
from lib.ui.caches import vue
from lib.ui.messages import annoncer, signaler
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral


def lire_exemples(grille: Sequence[EtiquetteLue], acces: Acces) -> dict[int, tuple[Exemple, ...]]:
    """Les exemples de chaque étiquette ; une grille qui n'en a aucun ne pose pas de question de plus à la base."""
    return vue(lister_exemples, acces) if any(etiquette.grille_illustree for etiquette in grille) else {}


def montrer_exemples(etiquette: EtiquetteLue, acces: Acces) -> None:
    """Les citations prises en exemple d'une étiquette ; l'équipe revient à leur place, ou les retire."""
    exemples = lire_exemples([etiquette], acces).get(etiquette.id, ())
    equipe = peut_consigner(acces.perimetre)
    if exemples:
        st.markdown(typographier("**Citations prises en exemple** :"))
    elif equipe:
        st.caption(
            "Aucune citation n'est encore prise en exemple : cela se fait depuis la page des citations ou l'atelier."
        )
    for exemple in exemples:
        st.markdown(f"> {litteral(guillemets(exemple.citation))}  \n> {litteral(exemple.source)}")
        if equipe:
            _gerer(etiquette.id, exemple)


def _gerer(etiquette_id: int, exemple: Exemple) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        place = {"entretien": str(exemple.entretien_id), "verbatim": str(exemple.verbatim_id)}
        st.page_link(chemin("codage"), label=f"Voir à sa place dans {litteral(exemple.code)}", query_params=place)
        st.button(
            f"Retirer des exemples ({litteral(exemple.code)})",
            key=f"exemple-{etiquette_id}-{exemple.verbatim_id}",
            on_click=basculer,
            args=(exemple.verbatim_id, etiquette_id, False),
        )


def decrire_exemples(citation: Citation, exemples: Mapping[int, tuple[Exemple, ...]]) -> list[dict[str, Any]]:
    """Chaque étiquette d'une citation, et si la citation en est un exemple."""
    return [
        {"id": e.id, "nom": e.nom, "pris": any(x.verbatim_id == citation.verbatim_id for x in exemples.get(e.id, ()))}
        for e in citation.etiquettes
    ]


def recevoir(demande: Mapping[str, Any] | None) -> None:
    """Une citation de la liste devient un exemple, ou cesse de l'être."""
    if demande:
        basculer(int(demande["verbatim"]), int(demande["etiquette"]), bool(demande["prendre"]))


def basculer(verbatim_id: int, etiquette_id: int, prendre: bool) -> None:
    """Prend ou laisse un exemple, avec des droits relus à l'instant."""
    acces = acces_courant(relire=True)
    if acces is None or acces.provisoire or not peut_consigner(acces.perimetre):
        signaler("Votre session ne permet plus ce geste : rien n'a été modifié.")
        return
    service = prendre_en_exemple if prendre else laisser_en_exemple
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            fait = service(session, acces.perimetre, verbatim_id=verbatim_id, etiquette_id=etiquette_id)
    except ErreurMetier as erreur:
        signaler(str(erreur))
        return
    annoncer(typographier(fait.message))
    acces_courant(relire=True)
