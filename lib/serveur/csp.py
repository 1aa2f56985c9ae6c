"""Politiques de sécurité de contenu (CSP), calculées une fois au démarrage."""

import base64
import hashlib
import re
from collections.abc import Iterable

SCRIPT_EN_LIGNE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
HOTE_VALIDE = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")

# Pages écrites par le serveur : aucun script, rien que notre feuille de style et notre icône.
POLITIQUE_SANS_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def hachages_des_scripts(html: str) -> tuple[str, ...]:
    """Empreintes CSP (`'sha256-…'`) des scripts écrits dans la page, dans leur ordre d'apparition."""
    return tuple(_hachage(script) for script in SCRIPT_EN_LIGNE.findall(html))


def politique_de_l_application(hachages: Iterable[str]) -> str:
    """Politique de la page Streamlit, sans `unsafe-eval` ; `{liaison}` attend l'origine WebSocket.

    `unsafe-inline` ne vaut que pour les styles : Streamlit et Plotly en écrivent à l'exécution. `blob:` porte les
    composants (`st.components.v2`) : seul un script déjà admis peut créer une telle adresse.
    """
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' blob:", *hachages]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'{liaison}",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def origine_websocket(hote: str, *, tls: bool) -> str:
    """Origine de la liaison WebSocket, précédée d'une espace ; vide si l'hôte annoncé est malformé.

    Certains navigateurs ne rangent pas `wss:` sous `'self'` : on nomme l'hôte, et lui seul.
    """
    if not HOTE_VALIDE.fullmatch(hote):
        return ""
    return f" {'wss' if tls else 'ws'}://{hote}"


def _hachage(script: str) -> str:
    empreinte = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{empreinte}'"
