"""Les indicateurs à l'écran : mêmes chiffres que le service, définition, chemin vers ce qui les porte."""

import json
import re
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.relecture import EtatRelecture
from lib.domain.vocabulaire import Role
from lib.services import demarrage
from lib.services.indicateurs import lire_indicateurs
from lib.services.relecture import ecrire_message
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import preparer
from tests.outils.greffons import donnees
from tests.pages.conftest import Ouvrir

PAGE = "analyses/indicateurs"


@pytest.mark.parametrize("role", list(Role))
def test_tous_les_comptes_lisent_les_indicateurs(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert not ecran.exception and not ecran.error
    texte = lire_ecran(ecran)
    assert "4/9" in texte and "Chiffres arrêtés au 20 novembre 2026" in texte
    assert "parmi les acteurs rencontrés" in texte


def test_un_indicateur_ouvre_ses_citations(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, indicateur="Premier irritant")
    texte = unquote_plus(lire_ecran(ecran))
    assert "Acteurs avec qui il a été abordé" in texte
    assert "citations_etiquette=Manque de temps" in texte


def test_la_ligne_de_commande_ecrit_ce_que_la_page_montre(
    ouvrir: Ouvrir, moteur: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquete = preparer(moteur, code="solidarite")
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    montres = donnees(ecran, "tableau")[0]["lignes"]
    monkeypatch.setattr(demarrage, "base", lambda: moteur)
    rendu = CliRunner().invoke(application, ["indicateurs", "--investigation", "solidarite", "--json"])
    ecrits = json.loads(rendu.stdout)["indicateurs"]
    assert len(montres) == len(ecrits) == len(CodeIndicateur)
    for rangee, ecrit in zip(montres, ecrits, strict=True):
        nom, valeur, fraction, *_ = rangee["cellules"]
        assert nom.startswith(ecrit["nom"])
        if ecrit["denominateur"] is not None:
            assert fraction == f"{ecrit['numerateur']}/{ecrit['denominateur']}"
        if ecrit["unite"] == "part" and ecrit["valeur"] is not None:
            assert valeur.partition("\N{NO-BREAK SPACE}")[0] == str(round(100 * ecrit["valeur"]))
        assert rangee["adresse"].startswith(f"/{ecrit['source']['page']}")
        bornes = rangee["cellules"][3]
        if ecrit["unite"] == "part" and ecrit["intervalle"]:
            assert [int(lue) for lue in re.findall(r"\d+", bornes)] == [round(100 * b) for b in ecrit["intervalle"]]
        else:
            assert not ecrit["intervalle"] or "mois" in bornes


def test_une_investigation_vide_le_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and "Cette investigation est vide" in ecran.info[0].value.replace("\u00a0", " ")


# --- Relecture et versions --------------------------------------------------------------------------------------


def test_la_relecture_questionne_puis_valide(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, indicateur="Entretiens codés")
    ecran.radio[1].set_value(EtatRelecture.QUESTION)
    ecran.button[0].click().run()
    assert "Écrivez ce que vous demandez" in ecran.error[0].value
    ecran.text_area[0].set_value("Lequel reste à coder ?")
    ecran.button[0].click().run()
    assert not ecran.error and "Lequel reste à coder ?" in lire_ecran(ecran)
    ecran.radio[1].set_value(EtatRelecture.VALIDE)
    ecran.button[0].click().run()
    assert "sur le chiffre que vous avez lu" in ecran.success[0].value
    assert "Validé" in str(donnees(ecran, "tableau")[0]["lignes"])


def test_un_conflit_garde_le_message(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    adresse = {"indicateur": "Entretiens codés"}
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, **adresse)
    autre = enquete.perimetre(Role.ADMINISTRATEUR)
    with ecriture(moteur, autre) as session:
        chiffre = next(lu.resume for lu in lire_indicateurs(session, autre).tous if lu.code is CodeIndicateur.CODES)
        ecrire_message(
            session,
            autre,
            indicateur=CodeIndicateur.CODES,
            etat=EtatRelecture.VALIDE,
            texte="",
            chiffre=chiffre,
            rang=0,
        )
    ecran.text_area[0].set_value("À ne pas perdre.")
    ecran.button[0].click().run()
    assert "relisez le fil" in ecran.error[0].value and ecran.text_area[0].value == "À ne pas perdre."
    next(bouton for bouton in ecran.button if bouton.label == "J'ai relu le fil").click().run()
    next(bouton for bouton in ecran.button if bouton.label == "Écrire au fil").click().run()
    assert not ecran.error and "À ne pas perdre." in lire_ecran(ecran)


def test_figer_deux_versions_et_les_comparer(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, lecture="Versions de référence")
    assert "Aucune version de référence" in ecran.info[0].value
    for motif in ("Mi-parcours", "Restitution"):
        ecran.text_input[0].set_value(motif)
        ecran.button[0].click().run()
        assert not ecran.error and not ecran.exception
    texte = lire_ecran(ecran)
    assert "Aucun des 14 chiffres n'a changé" in texte
    assert "Mi-parcours" in str(donnees(ecran, "tableau")[0]["lignes"])
    ecran.selectbox[1].select_index(0).run()
    assert "Où en est l'enquête" in str(donnees(ecran, "tableau")[-1]["lignes"])


def test_une_version_vide_se_refuse_en_une_phrase(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation, lecture="Versions de référence")
    ecran.button[0].click().run()
    assert "il n'y a aucun chiffre à figer" in ecran.error[0].value
