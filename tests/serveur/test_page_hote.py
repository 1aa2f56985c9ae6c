"""La page de Streamlit récrite : française, sans annonce de ce qui est fermé, fidèle pour le reste."""

import base64
import hashlib
import re

import pytest

from lib.serveur.page_hote import PageHoteInattendue, chemin_page_streamlit, preparer_page_hote, recrire

ORIGINALE = chemin_page_streamlit().read_text(encoding="utf-8")
RECRITE = recrire(ORIGINALE, "/fr.js?v=1")


def test_la_page_est_annoncee_en_francais_et_a_notre_nom() -> None:
    assert '<html lang="fr">' in RECRITE and '<html lang="en">' not in RECRITE
    assert RECRITE.count("<title>") == 1 and "<title>ASSO'CIE</title>" in RECRITE


def test_la_traduction_se_charge_avant_tout_autre_script() -> None:
    premier = re.search(r"<script[^>]*>", RECRITE)
    assert premier is not None and premier[0] == '<script src="/fr.js?v=1">'


def test_les_scripts_et_styles_de_streamlit_sont_tous_gardes() -> None:
    motif = re.compile(r'(?:src|href)="(\./static/(?:js|css)/[^"]+)"')
    assert motif.findall(RECRITE) == motif.findall(ORIGINALE) != []


def test_l_interface_pour_programmes_n_est_plus_annoncee() -> None:
    assert "_stcore/agent" in ORIGINALE
    assert "_stcore/agent" not in RECRITE and "service-desc" not in RECRITE and "MCP" not in RECRITE


def test_la_police_de_streamlit_n_est_plus_demandee_d_avance() -> None:
    assert 'rel="preload"' in ORIGINALE and 'rel="preload"' not in RECRITE


def test_sans_javascript_la_page_mene_aux_pages_qui_s_en_passent() -> None:
    repli = re.search(r"<noscript>.*</noscript>", RECRITE, re.DOTALL)
    assert repli is not None
    assert "a besoin de JavaScript" in repli[0] and 'href="/mentions-legales"' in repli[0]
    assert "You need to enable JavaScript" not in RECRITE


def test_la_licence_de_streamlit_reste_en_tete() -> None:
    assert "Apache License" in RECRITE


def test_l_empreinte_du_script_en_ligne_se_recalcule_depuis_le_paquet_installe() -> None:
    en_ligne = re.findall(r"<script>(.*?)</script>", ORIGINALE, re.DOTALL)
    assert len(en_ligne) == 1
    empreinte = base64.b64encode(hashlib.sha256(en_ligne[0].encode()).digest()).decode()
    assert f"'sha256-{empreinte}'" in preparer_page_hote("/fr.js").politique


@pytest.mark.parametrize("passage", ['<html lang="en">', "<title>Streamlit</title>", "<head>"])
def test_une_page_qui_a_change_empeche_de_demarrer(passage: str) -> None:
    with pytest.raises(PageHoteInattendue, match="ne contient plus"):
        recrire(ORIGINALE.replace(passage, ""), "/fr.js")
