"""La politique de contenu : empreintes justes, rien de plus permissif que nécessaire."""

import base64
import hashlib

import pytest

from lib.serveur.csp import (
    POLITIQUE_SANS_SCRIPT,
    hachages_des_scripts,
    origine_websocket,
    politique_de_l_application,
)


def test_l_empreinte_est_celle_que_le_navigateur_calculera() -> None:
    attendu = base64.b64encode(hashlib.sha256(b"\n  faire()\n").digest()).decode()
    assert hachages_des_scripts("<head><script>\n  faire()\n</script></head>") == (f"'sha256-{attendu}'",)


def test_un_script_charge_par_adresse_n_a_pas_d_empreinte() -> None:
    assert hachages_des_scripts('<script type="module" crossorigin src="./a.js"></script>') == ()


def test_chaque_script_en_ligne_a_son_empreinte() -> None:
    assert len(set(hachages_des_scripts("<script>un</script><script type='module'>deux</script>"))) == 2


def test_la_politique_n_admet_ni_evaluation_ni_script_en_ligne_ni_cadre_etranger() -> None:
    politique = politique_de_l_application(["'sha256-abc='"])
    directives = dict(partie.split(" ", 1) for partie in politique.split("; "))
    assert directives["script-src"] == "'self' blob: 'sha256-abc='"
    assert directives["default-src"] == "'self'"
    assert directives["object-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in politique
    assert "http:" not in politique and "https:" not in politique and "*" not in politique


def test_une_page_sans_script_n_en_admet_aucun() -> None:
    assert POLITIQUE_SANS_SCRIPT.startswith("default-src 'none'")
    assert "script-src" not in POLITIQUE_SANS_SCRIPT and "unsafe" not in POLITIQUE_SANS_SCRIPT


@pytest.mark.parametrize(
    ("hote", "tls", "attendu"),
    [
        ("associe.beta.gouv.fr", True, " wss://associe.beta.gouv.fr"),
        ("localhost:8501", False, " ws://localhost:8501"),
        ("[::1]:8501", False, " ws://[::1]:8501"),
        ("", False, ""),
        ("a.fr; script-src *", False, ""),
        ("a.fr\r\nSet-Cookie: x", False, ""),
        ("{liaison}", False, ""),
    ],
)
def test_la_liaison_nomme_le_seul_hote_annonce(hote: str, tls: bool, attendu: str) -> None:
    assert origine_websocket(hote, tls=tls) == attendu
