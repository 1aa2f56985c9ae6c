"""L'enveloppe sur un vrai serveur Streamlit : ce que répond `streamlit run`, et ce qu'en garde le journal."""

import base64
import hashlib
import re
import secrets
import socket
import time
from collections.abc import Mapping

import pytest

from lib.serveur.page_hote import chemin_page_streamlit
from tests.outils.serveur import HOTE, Serveur, servir
from tests.serveur.conftest import ASGI_ESSAI


@pytest.mark.parametrize("chemin", ["/", "/widgets", "/nulle-part"])
def test_la_page_d_accueil_est_la_notre_partout(essai: Serveur, chemin: str) -> None:
    reponse = essai.lire(chemin, entetes={"Accept-Encoding": "gzip", "If-None-Match": "*"})
    assert reponse.statut == 200
    assert '<html lang="fr">' in reponse.texte and '<script src="/fr.js?v=' in reponse.texte
    assert reponse.entetes["cache-control"] == "no-store"
    assert "etag" not in reponse.entetes and "content-encoding" not in reponse.entetes


def test_la_politique_admet_le_script_en_ligne_du_paquet_installe(essai: Serveur) -> None:
    page = chemin_page_streamlit().read_text(encoding="utf-8")
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    empreinte = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    politique = essai.lire("/").entetes["content-security-policy"]
    assert f"'sha256-{empreinte}'" in politique and "unsafe-eval" not in politique
    assert f"connect-src 'self' ws://{HOTE}:{essai.port};" in politique


@pytest.mark.parametrize("chemin", ["/", "/mentions-legales", "/_stcore/health", "/_stcore/metrics", "/fr.js"])
def test_aucune_reponse_ne_nomme_le_logiciel(essai: Serveur, chemin: str) -> None:
    entetes = essai.lire(chemin).entetes
    assert "server" not in entetes and "date" in entetes
    assert entetes["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "chemin", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/agent/interact"]
)
@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_les_adresses_internes_repondent_introuvable(essai: Serveur, chemin: str, methode: str) -> None:
    assert essai.lire(chemin, methode=methode).statut == 404


def test_streamlit_repond_toujours_a_ses_sondes_et_sert_ses_scripts(essai: Serveur) -> None:
    assert essai.lire("/_stcore/health").statut == 200
    script = re.search(r'src="\.(/static/js/[^"]+)"', essai.lire("/").texte)
    assert script is not None
    assert "immutable" in essai.lire(script[1]).entetes["cache-control"]


def test_hsts_suit_le_relais(essai: Serveur) -> None:
    assert "strict-transport-security" not in essai.lire("/").entetes
    assert "strict-transport-security" in essai.lire("/", entetes={"X-Forwarded-Proto": "https"}).entetes


def test_une_route_ajoutee_repond_avant_streamlit(essai: Serveur) -> None:
    assert essai.lire("/sante").texte == '{"etat":"ok"}'


def _ouvrir_liaison(serveur: Serveur, entetes: Mapping[str, str]) -> str:
    """Première ligne de la réponse à une demande de liaison WebSocket."""
    cle = base64.b64encode(secrets.token_bytes(16)).decode()
    demande = {
        "Host": f"{HOTE}:{serveur.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": cle,
        "Sec-WebSocket-Version": "13",
        **entetes,
    }
    lignes = "".join(f"{nom}: {valeur}\r\n" for nom, valeur in demande.items())
    with socket.create_connection((HOTE, serveur.port), timeout=10) as prise:
        prise.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{lignes}\r\n".encode())
        return prise.recv(4096).decode(errors="replace").partition("\r\n")[0]


def test_une_liaison_d_une_autre_origine_est_refusee_sans_attendre(essai: Serveur) -> None:
    depart = time.monotonic()
    assert "403" in _ouvrir_liaison(essai, {"Origin": "https://ailleurs.exemple"})
    assert "101" in _ouvrir_liaison(essai, {"Origin": essai.adresse})
    assert time.monotonic() - depart < 5


def test_le_journal_annonce_l_adresse_et_la_boucle_rapide(essai: Serveur) -> None:
    journal = essai.lire_journal()
    assert "ASSO'CIE répond sur http://essai" in journal
    assert "Boucle uvloop" in journal and "uvloop est absent" not in journal
    assert "You can now view" not in journal


def test_une_route_qui_echoue_ne_met_aucun_propos_au_journal(essai: Serveur) -> None:
    assert essai.lire("/echec").statut == 500
    journal = essai.attendre_au_journal("in echouer")
    assert "builtins.ValueError" in journal
    assert "propos confidentiel de route" not in journal


def test_le_ramassage_tourne_et_l_arret_est_propre() -> None:
    with servir(ASGI_ESSAI, environnement={"ESSAI_RAMASSAGE": "0.2"}) as serveur:
        serveur.attendre_au_journal("objets ramassés")
        serveur.arreter()
        journal = serveur.lire_journal()
    assert "Arrêt du serveur." in journal and "Traceback" not in journal
