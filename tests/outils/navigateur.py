"""Ouvre un vrai navigateur et retient ce qu'il a dit (console) et demandé (requêtes).

with ouvrir_navigateur() as navigateur, visiter(navigateur, serveur.adresse, largeur=390) as visite:
    visite.aller("/entretiens")                # attend la fin de l'exécution du script
    assert visite.titre_principal() == "Entretiens"
    assert visite.hors_origine() == [] and visite.erreurs == []
    assert violations_axe(visite.page) == []
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket, sync_playwright

CHROMIUM_DU_SYSTEME = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
REGLES_AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4")
REPOS = (
    '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
    ':not(:has([data-stale="true"])):not(:has([data-testid="stAppSkeleton"], [data-testid="stSkeleton"]))'
)
DELAI_MS = 30_000
SILENCE_MS = 150


@dataclass
class Visite:
    """Une page ouverte, avec tout ce que le navigateur a écrit en console et demandé au réseau."""

    page: Page
    adresse: str
    console: list[str] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)
    requetes: list[str] = field(default_factory=list)
    recus: int = 0

    def aller(self, chemin: str = "/") -> None:
        """Ouvre une page de l'application et attend que son script soit fini."""
        self.page.goto(self.adresse + chemin)
        self.attendre_repos()

    def oublier(self) -> None:
        """Repart d'un carnet vide : console, erreurs et requêtes de ce qui précède ne comptent plus."""
        for carnet in (self.console, self.erreurs, self.requetes):
            carnet.clear()

    def attendre_repos(self) -> None:
        """Attend que le serveur soit joint, le script fini et l'écran à jour."""
        self.page.wait_for_selector(REPOS, state="attached", timeout=DELAI_MS)

    def faire(self, geste: Callable[[], object]) -> None:
        """Fait un geste qui relance le script (clic, validation), et attend que cette relance soit à l'écran."""
        avant = self.recus
        geste()
        fin = time.monotonic() + DELAI_MS / 1000
        while self.recus == avant:
            self.page.wait_for_timeout(20)
            if time.monotonic() > fin:
                raise AssertionError("Le geste n'a provoqué aucune réponse du serveur.")
        self._attendre_silence()
        self.attendre_repos()

    def _attendre_silence(self) -> None:
        vus = -1
        while vus != self.recus:
            vus = self.recus
            self.page.wait_for_timeout(SILENCE_MS)

    def titre_principal(self) -> str:
        """Le texte du seul h1 de la page."""
        return self.page.locator("h1").inner_text().strip()

    def hors_origine(self) -> list[str]:
        """Requêtes sorties de l'application : la liste doit rester vide."""
        ici = urlsplit(self.adresse).netloc
        return [url for url in self.requetes if urlsplit(url).scheme in _SCHEMAS and urlsplit(url).netloc != ici]


_SCHEMAS = {"http", "https", "ws", "wss"}
_ouverts: list[Browser] = []


def chemin_chromium() -> str | None:
    """Le Chromium du système ; à défaut None, et Playwright prend celui qu'il a installé."""
    return next((chemin for chemin in CHROMIUM_DU_SYSTEME if Path(chemin).exists()), None)


@contextmanager
def ouvrir_navigateur() -> Iterator[Browser]:
    """Un Chromium sans tête, fermé à la fin du bloc ; s'il est déjà ouvert, c'est lui.

    Playwright n'en admet qu'un par fil : les familles de tests d'un même processus se le partagent.
    """
    if _ouverts:
        yield _ouverts[0]
        return
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin_chromium(), args=list(ARGUMENTS))
        _ouverts.append(navigateur)
        try:
            yield navigateur
        finally:
            _ouverts.clear()
            navigateur.close()


@contextmanager
def visiter(
    navigateur: Browser,
    adresse: str,
    *,
    largeur: int = 1280,
    hauteur: int = 900,
    sombre: bool = False,
    langue: str = "fr-FR",
    javascript: bool = True,
) -> Iterator[Visite]:
    """Une visite dans un profil neuf : ni cookie ni cache d'une autre.

    largeur, hauteur : fenêtre en pixels CSS. langue : préférence du navigateur (`en-US` vérifie que l'écran
    reste français). javascript : faux pour lire une page comme un robot ou un lecteur sans script.
    """
    contexte = navigateur.new_context(
        viewport={"width": largeur, "height": hauteur},
        color_scheme="dark" if sombre else "light",
        locale=langue,
        java_script_enabled=javascript,
    )
    try:
        page = contexte.new_page()
        visite = Visite(page=page, adresse=adresse)
        _ecouter(visite)
        yield visite
    finally:
        contexte.close()


def _ecouter(visite: Visite) -> None:
    def noter_console(message: ConsoleMessage) -> None:
        visite.console.append(f"{message.type} : {message.text}")
        if message.type == "error" and not _recherche_du_serveur(message):
            visite.erreurs.append(message.text)

    def noter_requete(requete: Request) -> None:
        visite.requetes.append(requete.url)

    def compter_message(_: object) -> None:
        visite.recus += 1

    def noter_liaison(liaison: WebSocket) -> None:
        visite.requetes.append(liaison.url)
        liaison.on("framereceived", compter_message)

    visite.page.on("console", noter_console)
    visite.page.on("pageerror", lambda erreur: visite.erreurs.append(str(erreur)))
    visite.page.on("request", noter_requete)
    visite.page.on("websocket", noter_liaison)


def _recherche_du_serveur(message: ConsoleMessage) -> bool:
    """Ouverte sur `/page`, l'application cherche d'abord son serveur sous `/page/` : ce 404 est prévu par Streamlit."""
    chemin = urlsplit(message.location["url"]).path
    return "404" in message.text and chemin.endswith(("/_stcore/health", "/_stcore/host-config"))


def violations_axe(page: Page, *, tolerees: Collection[str] = ()) -> list[str]:
    """Manquements d'accessibilité (WCAG 2.2 AA et RGAA) sous la forme « règle : cible · extrait ».

    tolerees : règles axe admises ; chacune doit être nommée, datée et expliquée là où on la passe.
    """
    resultat = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(REGLES_AXE)}})
    return [
        f"{violation['id']} : {noeud['target']} · {noeud['html'][:160]}"
        for violation in resultat.response["violations"]
        if violation["id"] not in tolerees
        for noeud in violation["nodes"]
    ]
