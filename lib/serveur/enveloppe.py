"""Assemble l'enveloppe que asgi.py pose autour de Streamlit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from lib.serveur.cycle import (
    INTERVALLE_RAMASSAGE,
    CycleDeVie,
    Menage,
    creer_cycle_de_vie,
    preparer_journal,
    taire_logiciel_serveur,
)
from lib.serveur.entetes import Entetes
from lib.serveur.page_hote import preparer_page_hote
from lib.serveur.pages_legales import Exploitant, VerifierSante, routes_publiques, toujours_en_sante
from lib.serveur.statistiques import FournirStatistiques, sans_statistiques
from lib.serveur.traduction import preparer_script, route_du_script


@dataclass(frozen=True, slots=True, kw_only=True)
class Enveloppe:
    """Les trois pièces que `st.App` attend."""

    routes: list[BaseRoute]
    intergiciels: list[Middleware]
    cycle_de_vie: CycleDeVie


def composer_enveloppe(
    *,
    exploitant: Exploitant,
    adresse: Callable[[], str],
    toujours_tls: bool = False,
    fournir_statistiques: FournirStatistiques = sans_statistiques,
    verifier_sante: VerifierSante = toujours_en_sante,
    autres_routes: Sequence[BaseRoute] = (),
    autres_intergiciels: Sequence[Middleware] = (),
    prechargements: Sequence[str] = (),
    intervalle_ramassage: float = INTERVALLE_RAMASSAGE,
    menage: Menage = lambda: None,
) -> Enveloppe:
    """Prépare journal, script, page d'accueil, routes et cycle de vie.

    autres_routes : connexion, déconnexion, exports… placées avant Streamlit. autres_intergiciels : placés à
    l'intérieur des en-têtes, donc protégés par eux. Les autres paramètres vont aux fonctions du même nom.
    """
    preparer_journal()
    taire_logiciel_serveur()
    script = preparer_script()
    page_hote = preparer_page_hote(script.adresse)
    publiques = routes_publiques(exploitant, fournir_statistiques=fournir_statistiques, verifier_sante=verifier_sante)
    cycle_de_vie = creer_cycle_de_vie(
        adresse=adresse,
        prechargements=prechargements,
        intervalle_ramassage=intervalle_ramassage,
        menage=menage,
    )
    return Enveloppe(
        routes=[route_du_script(script), *publiques, *autres_routes],
        intergiciels=[Middleware(Entetes, page_hote=page_hote, toujours_tls=toujours_tls), *autres_intergiciels],
        cycle_de_vie=cycle_de_vie,
    )
