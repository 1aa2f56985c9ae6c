"""La décision à l'écran : remplir, comparer, décider, et ne plus rien pouvoir changer."""

from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision, SourceAppui
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import preparer
from tests.outils.greffons import donnees
from tests.pages.analyses.test_hypotheses import champ, charger, deplier
from tests.pages.conftest import Ouvrir

PAGE = "analyses/decision"
ESPACES = {0xA0: " ", 0x202F: " "}


def cliquer(ecran: AppTest, libelle: str) -> None:
    bouton: Any = champ(ecran, "button", libelle)
    bouton.click().run()


def test_chaque_ligne_se_lit_avec_ses_preuves(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "diplp"))
    texte = lire_ecran(ecran)
    assert "7 lignes instruites sur 9" in texte and "Remplir une ligne" not in texte
    lus = {ligne["cellules"][0]: ligne for tableau in donnees(ecran, "tableau") for ligne in tableau["lignes"]}
    duree = lus["Durée médiane d'un partenariat"]
    assert duree["cellules"][1].translate(ESPACES).startswith("15 mois (43/69")
    assert duree["adresse"].startswith("/indicateurs?indicateur=Dur")
    assert "soutenue (pour 5, contre 3, nuance 2)" in lus["Hypothèse P2"]["cellules"][1].translate(ESPACES)
    citation = lus["Citation"]
    dite = citation["cellules"][1].translate(ESPACES)
    assert dite.startswith("Entreprise, Bourgogne-Franche-Comté : « Par l’éducateur")
    assert citation["adresse"].startswith("/citations?citation="), "la relecture l'ouvre sous pseudonyme"


def test_remplir_une_ligne_sans_constat_garde_la_saisie(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = deplier(ouvrir(PAGE, *charger(moteur, "lea")), "remplir-ligne")
    champ(ecran, "selectbox", "Ligne de la grille").set_value(QuestionDecision.INTRAPRENEUR).run()
    champ(ecran, "radio", "Avis").set_value(AvisDecision.DEFAVORABLE)
    cliquer(ecran, "Enregistrer la ligne")
    assert "Dites ce qui fonde cet avis" in ecran.error[0].value
    assert champ(ecran, "radio", "Avis").value is AvisDecision.DEFAVORABLE
    champ(ecran, "text_area", "Ce qui le fonde").set_value("Un jour par mois.")
    champ(ecran, "text_input", "Entretiens qui l'appuient (facultatif)").set_value("E-NAT-001 ; e-nat-002")
    cliquer(ecran, "Enregistrer la ligne")
    assert not ecran.error and not ecran.exception
    assert "8 lignes instruites sur 9" in lire_ecran(ecran) and "Un jour par mois." in lire_ecran(ecran)
    lus = [ligne["cellules"] for tableau in donnees(ecran, "tableau") for ligne in tableau["lignes"]]
    assert ["E-NAT-002", "Entretien, entreprise, Acteurs nationaux"] in lus


def test_appuyer_une_ligne_sur_une_preuve_puis_la_retirer(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = deplier(ouvrir(PAGE, *charger(moteur, "lea")), "remplir-ligne")
    cliquer(ecran, "Ajouter cet appui")
    assert "Choisissez une citation" in ecran.error[0].value
    champ(ecran, "radio", "L'appui est").set_value(SourceAppui.INDICATEUR).run()
    champ(ecran, "selectbox", "Indicateur").set_value(CodeIndicateur.SOLUTIONS).run()
    cliquer(ecran, "Ajouter cet appui")
    assert not ecran.error and not ecran.exception
    retrait = champ(ecran, "selectbox", "Retirer un appui")
    assert retrait.options[1] == "Indicateur, Solutions existantes recensées"
    retrait.select_index(1).run()
    cliquer(ecran, "Retirer cet appui")
    assert not ecran.exception and "Retirer un appui" not in [choix.label for choix in ecran.selectbox]


def test_decrire_une_option(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = deplier(ouvrir(PAGE, *charger(moteur, "lea"), partie="Options"), "decrire-option")
    champ(ecran, "number_input", "Coût (euros)").set_value(52_000)
    cliquer(ecran, "Enregistrer l'option")
    assert not ecran.error and not ecran.exception
    options, existant = donnees(ecran, "tableau")
    assert "52 000 €" in str([ligne["cellules"][1].translate(ESPACES) for ligne in options["lignes"]])
    assert "Réseau de redistribution" in str(existant["lignes"])


def test_decider_puis_ne_plus_rien_changer(ouvrir: Ouvrir, moteur: Engine) -> None:
    qui = charger(moteur, "lea")
    ecran = ouvrir(PAGE, *qui, partie="Décision")
    assert "2 lignes restent à instruire" in ecran.warning[0].value.replace("\N{NO-BREAK SPACE}", " ")
    cliquer(ecran, "Prendre la décision, définitivement")
    assert "Choisissez l'option retenue" in ecran.error[0].value
    champ(ecran, "radio", "Option retenue").set_value(NatureOption.ARRET)
    champ(ecran, "text_area", "Raisons").set_value("Rien ne dit que cela dure.")
    cliquer(ecran, "Prendre la décision, définitivement")
    assert "Dites qui" in ecran.error[0].value and champ(ecran, "text_area", "Raisons").value
    champ(ecran, "text_input", "Qui a décidé").set_value("Comité de novembre")
    cliquer(ecran, "Prendre la décision, définitivement")
    assert not ecran.error and not ecran.exception
    texte = lire_ecran(ecran)
    assert "Comité de novembre" in texte and "version de référence 3" in texte
    assert "Les chiffres du jour de la décision" in texte and "Option retenue" not in texte
    for partie in ("Grille et preuves", "Options"):
        figee = ouvrir(PAGE, *qui, partie=partie)
        assert not figee.exception and not figee.expander and "Rien ne dit que cela dure." in lire_ecran(figee)


@pytest.mark.parametrize("partie", ["Grille et preuves", "Options", "Décision"])
def test_une_investigation_vide_s_ouvre(ouvrir: Ouvrir, moteur: Engine, partie: str) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation, partie=partie)
    assert not ecran.exception and not ecran.error


def test_la_page_est_fermee_a_la_visite(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation)
    assert "n'est pas ouverte" in ecran.error[0].value
