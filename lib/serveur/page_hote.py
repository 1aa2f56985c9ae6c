"""La page qui accueille l'application : celle de Streamlit, rendue française et lisible sans JavaScript."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lib.serveur.csp import hachages_des_scripts, politique_de_l_application
from lib.serveur.gabarit import NOM, ecrire_pied_de_page

# Ces trois passages sont récrits : s'ils changent avec Streamlit, mieux vaut ne pas démarrer.
LANGUE = '<html lang="en">'
TITRE = "<title>Streamlit</title>"
TETE = "<head>"
SANS_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
# L'interface pour programmes est fermée, et la police de Streamlit n'est pas la nôtre : ne pas les annoncer.
# Ce que le thème ne règle pas : en sombre, le segment choisi s'écrivait à 3,9:1 (4,5 exigés), il prend la couleur du
# texte ; les segments d'une date étaient sous 24 px. Une carte de chaleur large défile plutôt que de s'écraser,
# et l'empreinte d'un fichier exporté va à la ligne dans le journal.
STYLE = (
    'button[data-selected="true"],button[data-selected="true"] *{color:inherit!important}'
    'button[data-selected="true"] p{font-weight:700}'
    '[data-testid="stDateInput"] [role="spinbutton"]'
    "{display:inline-block;min-width:24px;min-height:24px;line-height:24px;text-align:center}"
    ".st-key-carte-large{overflow-x:auto}.st-key-carte-large>div{min-width:46rem}"
    ".st-key-journal-lignes td:nth-child(5) p{overflow-wrap:anywhere;min-width:16rem}"
)
ANNONCES = re.compile(r'<!--\s*Machine-readable.*?-->\s*|<link\s+rel="(?:preload|service-desc)".*?>\s*', re.DOTALL)


class PageHoteInattendue(Exception):
    """La page livrée par Streamlit n'a plus la forme attendue : la réécriture serait fausse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHote:
    """La page d'origine, sa réécriture, et la politique de contenu qui la laisse fonctionner."""

    originale: bytes
    recrite: bytes
    politique: str


def preparer_page_hote(script: str) -> PageHote:
    """Lit la page livrée par Streamlit et la réécrit, une fois pour toutes.

    script : adresse du script chargé avant tout autre. Lève PageHoteInattendue si Streamlit a changé sa page.
    """
    originale = chemin_page_streamlit().read_bytes()
    recrite = recrire(originale.decode(), script)
    politique = politique_de_l_application(hachages_des_scripts(recrite))
    return PageHote(originale=originale, recrite=recrite.encode(), politique=politique)


def chemin_page_streamlit() -> Path:
    """Le fichier index.html du paquet streamlit, trouvé sans l'importer. Lève PageHoteInattendue."""
    paquet = find_spec("streamlit")
    if paquet is None or paquet.origin is None:
        raise PageHoteInattendue("Le paquet streamlit est introuvable.")
    return Path(paquet.origin).parent / "static" / "index.html"


def recrire(html: str, script: str) -> str:
    """Langue et titre français, script de traduction en premier, style d'appoint, repli sans JavaScript."""
    for attendu in (LANGUE, TITRE, TETE):
        if html.count(attendu) != 1:
            raise PageHoteInattendue(f"La page de Streamlit ne contient plus « {attendu} » exactement une fois.")
    html = SANS_SCRIPT.sub(_ecrire_repli(), ANNONCES.sub("", html))
    html = html.replace(LANGUE, '<html lang="fr">').replace(TITRE, f"<title>{NOM}</title>")
    return html.replace(TETE, f'{TETE}\n    <script src="{script}"></script>\n    <style>{STYLE}</style>')


def _ecrire_repli() -> str:
    return (
        f'<noscript><link rel="stylesheet" href="/associe.css"><main><h1>{NOM}</h1>'
        "<p>Cette application a besoin de JavaScript. Les pages suivantes se lisent sans.</p>"
        f"{ecrire_pied_de_page()}</main></noscript>"
    )
