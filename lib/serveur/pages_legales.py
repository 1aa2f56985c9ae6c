"""Les adresses publiques : pages légales lisibles sans JavaScript, statistiques, santé, fichiers convenus."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.domain.formats import typographier
from lib.serveur.csp import POLITIQUE_SANS_SCRIPT
from lib.serveur.erreurs import decrire_sans_contenu
from lib.serveur.gabarit import PIED_DE_PAGE, ecrire_page
from lib.serveur.statistiques import (
    FournirStatistiques,
    StatistiquesPubliques,
    ecrire_csv,
    ecrire_json,
    ecrire_statistiques,
    sans_statistiques,
)

JOURNAL = logging.getLogger("associe.serveur")
DOSSIER = Path(__file__).parent
VALIDITE_SECURITE = timedelta(days=180)
VerifierSante = Callable[[], None]
# Titre de chaque page écrite à l'avance : celui du pied de page, sauf la déclaration, qui a un nom convenu.
TITRES = {**PIED_DE_PAGE, "/accessibilite": "Déclaration d’accessibilité"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploitant:
    """Qui répond du service. contact : adresse électronique publiée. hebergeur : nom et adresse, en une ligne."""

    contact: str
    hebergeur: str = "le poste de la personne qui lance l’application (instance locale, non publiée)"


def toujours_en_sante() -> None:
    """Aucune vérification : le serveur répond, c'est tout ce qui est affirmé."""


def routes_publiques(
    exploitant: Exploitant,
    *,
    fournir_statistiques: FournirStatistiques = sans_statistiques,
    verifier_sante: VerifierSante = toujours_en_sante,
) -> list[Route]:
    """Toutes les routes publiques.

    fournir_statistiques : rend les chiffres à publier, ou None. verifier_sante : lève une exception si le service ne
    peut pas travailler (base injoignable) ; appelée à chaque sonde, elle doit être brève. Toutes deux sont appelées
    dans un fil, jamais dans la boucle du serveur.
    """
    ecrites = ("/mentions-legales", "/confidentialite", "/accessibilite")
    return [
        *(route_ecrite(chemin, exploitant) for chemin in ecrites),
        Route("/statistiques", _servir_statistiques(fournir_statistiques)),
        Route("/statistiques.json", _servir_donnees(fournir_statistiques, ecrire_json, "application/json")),
        Route("/statistiques.csv", _servir_donnees(fournir_statistiques, ecrire_csv, "text/csv")),
        Route("/sante", _servir_sante(verifier_sante)),
        Route("/.well-known/security.txt", _servir_securite(exploitant)),
        Route("/robots.txt", _servir_robots),
        Route("/associe.css", _servir_style),
    ]


def route_ecrite(chemin: str, exploitant: Exploitant) -> Route:
    """Une page au texte fixe, écrite une fois au démarrage."""
    valeurs = {"contact": escape(exploitant.contact), "hebergeur": escape(exploitant.hebergeur)}
    texte = (DOSSIER / "legal" / f"{chemin.strip('/')}.html").read_text(encoding="utf-8")
    contenu = Template(typographier(texte)).substitute(valeurs)
    page = ecrire_page(TITRES[chemin], contenu, chemin=chemin)

    async def servir(_: Request) -> Response:
        return _page(page)

    return Route(chemin, servir)


def _servir_statistiques(fournir: FournirStatistiques) -> Callable[[Request], Response]:
    # Fonction ordinaire : Starlette l'exécute dans un fil, la base peut attendre sans bloquer personne.
    def servir(_: Request) -> Response:
        contenu = ecrire_statistiques(fournir())
        return _page(ecrire_page(PIED_DE_PAGE["/statistiques"], contenu, chemin="/statistiques"))

    return servir


def _servir_donnees(
    fournir: FournirStatistiques, ecrire: Callable[[StatistiquesPubliques | None], str], nature: str
) -> Callable[[Request], Response]:
    def servir(_: Request) -> Response:
        return Response(ecrire(fournir()), media_type=f"{nature}; charset=utf-8")

    return servir


def _servir_sante(verifier: VerifierSante) -> Callable[[Request], Response]:
    def servir(_: Request) -> Response:
        try:
            verifier()
        except Exception as erreur:  # noqa: BLE001 : toute panne se dit de la même façon à la sonde
            JOURNAL.error("Le service est en panne.\n%s", decrire_sans_contenu(erreur))
            return JSONResponse({"etat": "indisponible"}, status_code=503)
        return JSONResponse({"etat": "ok"})

    return servir


def _servir_securite(exploitant: Exploitant) -> Callable[[Request], Response]:
    def servir(_: Request) -> Response:
        fin = datetime.now(UTC) + VALIDITE_SECURITE
        lignes = [f"Contact: mailto:{exploitant.contact}", f"Expires: {fin:%Y-%m-%dT00:00:00Z}"]
        return PlainTextResponse("\n".join([*lignes, "Preferred-Languages: fr, en", ""]))

    return servir


def _servir_robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


def _servir_style(_: Request) -> Response:
    style = (DOSSIER / "statique" / "associe.css").read_text(encoding="utf-8")
    return Response(style, media_type="text/css", headers={"cache-control": "public, max-age=3600"})


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"content-security-policy": POLITIQUE_SANS_SCRIPT})
