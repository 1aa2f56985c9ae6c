"""L'atelier de codage : le bon texte, ses passages, et une phrase pour chaque situation."""

from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Etiquette, Texte, Verbatim
from lib.domain.vocabulaire import AncrageVerbatim, NatureTexte, Role
from lib.services.transaction import ecriture, lecture
from lib.ui.composants import codage
from tests import fabriques
from tests.outils.enquete import SANS_ACCORD, SANS_ETIQUETTE, Enquete, preparer
from tests.outils.greffons import donnees
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "entretiens/codage"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _entretien(moteur: Engine, code: str) -> int:
    with lecture(moteur) as session:
        return session.scalars(select(Entretien.id).where(Entretien.code == code)).one()


def _ouvrir(ouvrir: Ouvrir, enquete: Enquete, role: Role = Role.ENQUETEUR, **params: Any) -> AppTest:
    return ouvrir(PAGE, enquete.comptes[role], enquete.investigation, **params)


def _mots(montre: dict[str, Any], passage: dict[str, Any]) -> str:
    """Les mots d'un passage : l'écran les lit dans le texte."""
    mots: str = montre["lecture"]["contenu"][passage["debut"] : passage["fin"]]
    return mots


def test_le_texte_ses_passages_et_la_palette(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001"))
    assert not ecran.exception and not ecran.error
    assert [titre.value for titre in ecran.title] == ["Coder un entretien"]
    (montre,) = donnees(ecran, "surligneur")
    citations = {_mots(montre, passage): [e["nom"] for e in passage["etiquettes"]] for passage in montre["passages"]}
    assert citations == {"=HYPERLINK(1) « cher »": ["Manque de temps", "Coût caché"], SANS_ETIQUETTE: []}
    assert [etiquette["nom"] for etiquette in montre["etiquettes"]] == ["Manque de temps", "Coût caché"]


def test_le_script_et_le_style_viennent_de_notre_origine(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    """Un script donné en texte passerait par une adresse `blob:`, que la politique de contenu refuse."""
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001"))
    (element,) = (e.proto for e in ecran.get("bidi_component"))
    assert (element.js_content, element.css_content) == ("", "")
    assert (element.js_source_path, element.css_source_path) == ("surligneur.js", "surligneur.css")
    assert element.isolate_styles


def test_sans_entretien_la_page_dit_ou_en_choisir_un(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    assert "Choisissez" in ecran.info[0].value
    assert ecran.page_link[0].label == "Ouvrir la liste des entretiens"


@pytest.mark.parametrize("inconnu", ["999999", "0", "abc", "-1", "1' OR 1=1"])
def test_un_entretien_inconnu_est_dit_introuvable(ouvrir: Ouvrir, enquete: Enquete, inconnu: str) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=inconnu)
    assert not ecran.exception
    assert donnees(ecran, "surligneur") == []
    assert ecran.error or ecran.info


def test_un_lecteur_n_y_lit_rien(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.RELECTEUR, entretien=_entretien(moteur, "E-MRS-001"))
    assert donnees(ecran, "surligneur") == []
    assert [erreur.value for erreur in ecran.error] == ["Cette page n'est pas ouverte à votre compte."]


def test_un_brouillon_previent_qu_il_ne_compte_nulle_part(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-004"))
    assert "sans paraître dans aucun chiffre" in ecran.warning[0].value


def test_sans_accord_la_page_le_rappelle(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-003"))
    assert "ne sortent pas de l'équipe" in ecran.info[0].value
    assert donnees(ecran, "surligneur")[0]["lecture"]["contenu"] == SANS_ACCORD


def test_sans_texte_la_page_dit_ou_l_ecrire(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-002"))
    assert "ni notes ni transcription" in ecran.info[0].value
    assert ecran.page_link[0].label == "Écrire les notes"


def test_un_lien_vers_un_passage_ouvre_le_texte_qui_le_contient(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    entretien_id = _entretien(moteur, "E-MRS-001")
    with ecriture(moteur, None) as session:
        entretien = session.get_one(Entretien, entretien_id)
        texte = fabriques.un_texte(session, entretien, "R : Oui 😡.", nature=NatureTexte.TRANSCRIPTION)
        verbatim = fabriques.un_verbatim(session, texte, 4, 9)
    assert donnees(_ouvrir(ouvrir, enquete, entretien=entretien_id), "surligneur")[0]["texte"]["id"] != texte.id
    (montre,) = donnees(_ouvrir(ouvrir, enquete, entretien=entretien_id, verbatim=verbatim.id), "surligneur")
    assert (montre["texte"]["id"], montre["ouvert"]) == (texte.id, verbatim.id)


def test_un_passage_retire_depuis_se_dit(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001"), verbatim=10**6)
    assert "n'est plus surligné" in ecran.info[0].value


def test_une_citation_a_replacer_est_a_part(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        perdue = session.scalars(select(Verbatim).where(Verbatim.citation == SANS_ETIQUETTE)).one()
        perdue.ancrage = AncrageVerbatim.A_VERIFIER
    (montre,) = donnees(_ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001")), "surligneur")
    assert [perdu["citation"] for perdu in montre["perdus"]] == [SANS_ETIQUETTE]
    assert len(montre["passages"]) == 1


def test_sans_etiquette_vivante_la_page_mene_a_la_grille(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        for etiquette in session.scalars(select(Etiquette)):
            etiquette.archive_le = maintenant()
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001"))
    assert "grille de codage est vide" in ecran.info[0].value
    assert donnees(ecran, "surligneur")[0]["etiquettes"] == []


def test_un_geste_se_voit_aussitot(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Après un geste, la page suivante montre le passage et le message : la vue gardée n'est plus la bonne."""
    entretien_id = _entretien(moteur, "E-BFC-001")
    ecran = _ouvrir(ouvrir, enquete, entretien=entretien_id)
    (avant,) = donnees(ecran, "surligneur")
    texte = avant["texte"]
    geste = {"nature": "surligner", "texte": texte["id"], "version": texte["version"], "debut": 0, "fin": 6}
    vraie = codage._presenter

    def surligner_puis_presenter(atelier: codage.Atelier) -> None:
        acces = codage.acces_courant()
        assert acces is not None
        if codage.seance(entretien_id, acces.perimetre).rang == 0:
            codage.recevoir(entretien_id, geste | {"etiquette": enquete.irritants[1]})
            st.rerun()
        vraie(atelier)

    monkeypatch.setattr(codage, "_presenter", surligner_puis_presenter)
    (apres,) = donnees(ecran.run(), "surligneur")
    assert [_mots(apres, passage) for passage in apres["passages"]] == ["Nadège", _mots(avant, avant["passages"][0])]
    assert apres["message"]["texte"] == "«\u00a0Coût caché\u00a0» posée."
    assert apres["annuler"]["message"] == "«\u00a0Coût caché\u00a0» posée."
    assert apres["recentes"] == [enquete.irritants[1]]


def test_peu_de_requetes(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    entretien_id = _entretien(moteur, "E-MRS-001")
    with compter_requetes(moteur) as ordres:
        _ouvrir(ouvrir, enquete, entretien=entretien_id)
    assert len([ordre for ordre in ordres if ordre.startswith("SELECT")]) <= 8


def test_des_mots_hostiles_restent_des_mots(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    hostile = "<img src=x onerror=alert(1)> **gras** \u202eעברית 👩\u200d🦰"
    with ecriture(moteur, None) as session:
        texte = session.scalars(select(Texte).where(Texte.contenu == SANS_ACCORD)).one()
        texte.contenu = hostile
    (montre,) = donnees(_ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-003")), "surligneur")
    assert montre["lecture"]["contenu"] == hostile


def test_les_epingles_et_les_reserves_se_choisissent_sous_le_texte(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    temps, cout = enquete.irritants
    ecran = _ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-001"))
    assert not ecran.multiselect
    ecran.session_state["codage-preferences"] = True
    ecran.run()
    ecran.multiselect(key="codage-epinglees").set_value([cout, temps]).run()
    ecran.multiselect(key="codage-reservees").set_value([temps]).run()
    (montre,) = donnees(ecran, "surligneur")
    assert not ecran.exception and not ecran.error
    assert montre["epinglees"] == [cout, temps]
    assert {etiquette["id"]: etiquette["reservee"] for etiquette in montre["etiquettes"]} == {temps: True, cout: False}


def test_les_intervenants_sont_reconnus(moteur: Engine, ouvrir: Ouvrir, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        texte = session.scalars(select(Texte).where(Texte.contenu == SANS_ACCORD)).one()
        texte.contenu = "Q : Et vous ?\nR : Oui 😡."
    (montre,) = donnees(_ouvrir(ouvrir, enquete, entretien=_entretien(moteur, "E-MRS-003")), "surligneur")
    assert montre["lecture"]["tours"] == [
        {"debut": 0, "locuteur": "Q", "interroge": False},
        {"debut": 14, "locuteur": "R", "interroge": True},
    ]


def test_la_page_dit_combien_de_fois_les_propositions_ont_servi(
    moteur: Engine, ouvrir: Ouvrir, enquete: Enquete
) -> None:
    entretien_id = _entretien(moteur, "E-MRS-001")
    ecran = _ouvrir(ouvrir, enquete, entretien=entretien_id)
    assert any("aucune ne l'a encore été" in legende.value for legende in ecran.caption)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with lecture(moteur) as session:
        texte = session.scalars(select(Texte).where(Texte.entretien_id == entretien_id)).one()
    temps, cout = enquete.irritants
    for debut, proposees in ((0, [temps]), (7, [cout])):
        recu = {"nature": "surligner", "texte": texte.id, "version": texte.version, "debut": debut, "fin": debut + 6}
        with ecriture(moteur, perimetre) as session:
            codage.executer(session, perimetre, recu | {"etiquette": temps, "proposees": proposees})
    ecran = _ouvrir(ouvrir, enquete, entretien=entretien_id)
    (bilan,) = [legende.value for legende in ecran.caption if legende.value.startswith("Suggestions")]
    assert "suivies 1/2 (50\u00a0%" in bilan and "95\u00a0%" in bilan
