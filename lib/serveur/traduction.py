"""Le script chargé avant Streamlit : ses phrases en français, son arrivée sur le titre, sa frappe gardée.

Le dictionnaire est `statique/traductions.toml` ; le comportement est `statique/fr.js`.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DOSSIER = Path(__file__).parent / "statique"
ADRESSE = "/fr.js"
TROU = re.compile(r"\{([*nd]?)\}")
# Ce que chaque sorte de trou laisse passer, écrit pour JavaScript.
SORTES = {"": "(.+?)", "*": "(.+?)", "n": r"(\d[\d.,]*)", "d": r"([A-Z][a-z]+ \d{1,2}, \d{4})"}
INTERVALLE_FRAPPE_MS = 5_000
SURSIS_AU_DEPART_MS = 100
# Seules zones Markdown où Streamlit écrit lui-même : infobulles d'erreur et fenêtres.
MARKDOWN_DE_STREAMLIT = (
    '[data-testid="stTooltipErrorContent"],[data-testid="stFileUploaderDropzone"],[data-testid="stFileUploader"] button'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionnaire:
    """exactes, motifs, composees : anglais → français. situees : sélecteur CSS → (anglais → français)."""

    exactes: dict[str, str]
    motifs: dict[str, str]
    composees: dict[str, str]
    situees: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Le script prêt à servir et son adresse, qui change quand il change : le navigateur peut le garder."""

    contenu: str
    adresse: str


def lire_dictionnaire() -> Dictionnaire:
    """Relit `traductions.toml`."""
    lu = tomllib.loads((DOSSIER / "traductions.toml").read_text(encoding="utf-8"))
    return Dictionnaire(**lu)


def preparer_script(*, intervalle_frappe_ms: int = INTERVALLE_FRAPPE_MS) -> Script:
    """Assemble dictionnaire et comportement.

    intervalle_frappe_ms : délai, en millisecondes, au bout duquel une frappe en cours est transmise.
    """
    reglages = {
        "intervalleFrappe": intervalle_frappe_ms,
        "sursisAuDepart": SURSIS_AU_DEPART_MS,
        "markdownDeStreamlit": MARKDOWN_DE_STREAMLIT,
    }
    contenu = (DOSSIER / "fr.js").read_text(encoding="utf-8")
    contenu = contenu.replace("= __TRADUCTIONS__;", f"= {_en_json(_pour_le_navigateur(lire_dictionnaire()))};")
    contenu = contenu.replace("= __REGLAGES__;", f"= {_en_json(reglages)};")
    version = hashlib.sha256(contenu.encode()).hexdigest()[:12]
    return Script(contenu=contenu, adresse=f"{ADRESSE}?v={version}")


def route_du_script(script: Script) -> Route:
    """La route qui sert le script ; son adresse portant sa version, il se garde un an."""

    async def servir(_: Request) -> Response:
        entetes = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(script.contenu, media_type="text/javascript", headers=entetes)

    return Route(ADRESSE, servir)


def motif_javascript(anglais: str) -> str:
    """Expression régulière d'une phrase à trous : « Remove {} » devient `^Remove (.+?)$`."""
    # Découper sur un motif à groupe rend, en alternance, le texte et la sorte du trou.
    morceaux = TROU.split(anglais)
    return f"^{''.join(SORTES[m] if rang % 2 else _echapper(m) for rang, m in enumerate(morceaux))}$"


def remplacement_numerote(francais: str) -> str:
    """Numérote les trous dans l'ordre : « Retirer {} » devient « Retirer {1} », « {*} » devient « {1*} »."""
    rangs = iter(range(1, 10))
    return TROU.sub(lambda trou: f"{{{next(rangs)}{trou[1]}}}", francais)


def _echapper(texte: str) -> str:
    return re.sub(r"[.*+?^${}()|\[\]\\]", r"\\\g<0>", texte)


def _pour_le_navigateur(dictionnaire: Dictionnaire) -> dict[str, object]:
    tous = {**dictionnaire.composees, **dictionnaire.motifs}
    motifs = [[motif_javascript(en), remplacement_numerote(fr)] for en, fr in tous.items()]
    return {"exactes": dictionnaire.exactes, "motifs": motifs, "situees": list(dictionnaire.situees.items())}


def _en_json(valeur: object) -> str:
    return json.dumps(valeur, ensure_ascii=False, separators=(",", ":"))
