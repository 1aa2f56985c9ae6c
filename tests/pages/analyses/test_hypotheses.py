"""Les hypothèses à l'écran : ce qui manque d'abord, les preuves et leur source, un refus garde la saisie."""

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte, Investigation
from lib.domain.preuves import SourcePreuve
from lib.domain.vocabulaire import Role, SensPreuve, StatutHypothese
from lib.services import demonstration
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.greffons import donnees
from tests.pages.conftest import Ouvrir

PAGE = "analyses/hypotheses"


def charger(moteur: Engine, identifiant: str) -> tuple[Compte, Investigation]:
    with ecriture(moteur, None) as session:
        demonstration.charger(session)
    with lecture(moteur) as session:
        compte = session.scalars(select(Compte).where(Compte.identifiant == identifiant)).one()
        return compte, session.scalars(select(Investigation)).one()


def champ(ecran: AppTest, genre: str, libelle: str) -> object:
    return next(widget for widget in getattr(ecran, genre) if widget.label == libelle)


def deplier(ecran: AppTest, cle: str) -> AppTest:
    """Ouvre un volet : son contenu se dessine alors."""
    ecran.session_state[cle] = True
    return ecran.run()


def test_l_equipe_ne_conclut_pas_sans_preuve(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "lea"), hypothese="S1")
    assert "Rien ne contredit encore P4, S1" in ecran.warning[0].value
    assert "Aucune preuve n'est versée" in lire_ecran(ecran)
    champ(ecran, "selectbox", "Nouveau statut").set_value(StatutHypothese.SOUTENUE)
    champ(ecran, "text_area", "Raison du changement").set_value("On le sent.")
    champ(ecran, "button", "Changer le statut").click().run()
    assert "n'a aucune preuve" in ecran.error[0].value
    assert champ(ecran, "text_area", "Raison du changement").value == "On le sent."


def test_verser_une_citation_puis_la_voir_et_la_retirer(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = deplier(ouvrir(PAGE, *charger(moteur, "lea"), hypothese="P4"), "verser-4")
    champ(ecran, "text_input", "Mots de la citation").set_value("soirées à chercher").run()
    champ(ecran, "radio", "Elle pèse").set_value(SensPreuve.CONTRE)
    champ(ecran, "button", "Verser la preuve").click().run()
    assert not ecran.error and not ecran.exception
    assert "3 preuves versées" in lire_ecran(ecran) and "Trois soirées à chercher une association" in lire_ecran(ecran)
    assert "P4" not in ecran.warning[0].value
    assert champ(ecran, "text_input", "Mots de la citation").value == ""
    choix = champ(ecran, "selectbox", "Ouvrir une preuve")
    choix.set_value(choix.options[1]).run()
    assert "Lire la citation à sa place" in lire_ecran(ecran)
    champ(ecran, "button", "Retirer cette preuve").click().run()
    assert "2 preuves versées" in lire_ecran(ecran)


@pytest.mark.parametrize(
    ("source", "phrase"),
    [(SourcePreuve.CITATION, "Choisissez une citation"), (SourcePreuve.ENTRETIEN, "Aucun entretien réalisé")],
)
def test_une_preuve_sans_source_garde_la_saisie(
    ouvrir: Ouvrir, moteur: Engine, source: SourcePreuve, phrase: str
) -> None:
    ecran = deplier(ouvrir(PAGE, *charger(moteur, "lea"), hypothese="P4"), "verser-4")
    champ(ecran, "radio", "Elle vient de").set_value(source).run()
    commentaire = champ(ecran, "text_area", "Ce qu'elle dit (facultatif, pour l'équipe seule)")
    commentaire.set_value("À ne pas perdre.")
    champ(ecran, "button", "Verser la preuve").click().run()
    assert phrase in ecran.error[0].value
    assert commentaire.label and "À ne pas perdre." in [zone.value for zone in ecran.text_area]


def test_la_relecture_lit_les_preuves_et_les_raisons_sans_un_nom(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "diplp"), hypothese="P3")
    texte = lire_ecran(ecran)
    assert donnees(ecran, "tableau") and not ecran.text_area and not ecran.exception
    assert "payer pour donner" in texte and "le temps vient d'abord, même au [Entreprise" in texte
    assert not any(nom in texte for nom in ("Barbotine", "Frigolive", "Maugrin", "E-BFC-002", "Ce n'est pas le prix"))


def test_une_raison_gardee_dans_l_equipe_le_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    texte = lire_ecran(ouvrir(PAGE, *charger(moteur, "diplp"), hypothese="S2"))
    assert "raison gardée dans l'équipe" in texte and "sans rien construire" not in texte


def test_une_citation_sans_accord_laisse_la_preuve_sans_ses_mots(ouvrir: Ouvrir, moteur: Engine) -> None:
    texte = lire_ecran(ouvrir(PAGE, *charger(moteur, "lea"), hypothese="P1"))
    assert "L'accord de citer n'est pas donné" in texte and "raisonnent au trimestre" not in texte


def test_la_page_est_fermee_a_la_visite(ouvrir: Ouvrir, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, *charger(moteur, "visite"))
    assert not donnees(ecran, "tableau") and "n'est pas ouverte" in ecran.error[0].value


def test_la_premiere_hypothese_se_pose_puis_se_corrige(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    champ(ecran, "text_area", "Ce que l'on croit").set_value("Cela dure peu.")
    champ(ecran, "button", "Poser l'hypothèse").click().run()
    assert "ce qui la réfuterait" in ecran.error[0].value
    assert champ(ecran, "text_area", "Ce que l'on croit").value == "Cela dure peu."
    champ(ecran, "text_area", "Ce qui la réfuterait").set_value("La moitié dure encore.")
    champ(ecran, "button", "Poser l'hypothèse").click().run()
    assert (
        not ecran.error
        and not ecran.exception
        and donnees(ecran, "tableau")[0]["lignes"][0]["cellules"][0] == "P1 – Cela dure peu."
    )
    deplier(ecran, "corriger-hypothese-1")
    champ(ecran, "text_area", "Ce que l'on croit").set_value("Cela dure moins d'un an.")
    champ(ecran, "button", "Enregistrer la correction").click().run()
    assert "Cela dure moins d'un an." in lire_ecran(ecran)
