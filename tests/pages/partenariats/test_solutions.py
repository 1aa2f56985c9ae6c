"""La page du registre des solutions existantes."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.db.modeles import SolutionExistante
from lib.domain.vocabulaire import Role
from lib.services.transaction import lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import Enquete, preparer
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/solutions"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def _bouton(ecran: AppTest, libelle: str) -> AppTest:
    return next(b for b in ecran.button if b.label == libelle).click().run()


def test_inscrire_corriger_retirer(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert "Aucune solution existante n'est encore inscrite" in lire_ecran(ecran)
    _bouton(ecran, "Inscrire la solution")
    assert "Donnez le nom de la solution." in ecran.error[0].value
    ecran.text_input(key="neuve0.nom").input("Bourse aux objets")
    ecran.text_input(key="neuve0.lien").input("exemple.fr")
    _bouton(ecran, "Inscrire la solution")
    assert "adresse complète" in ecran.error[0].value
    assert ecran.text_input(key="neuve0.nom").value == "Bourse aux objets"
    ecran.text_input(key="neuve0.lien").input("https://exemple.fr")
    _bouton(ecran, "Inscrire la solution")
    assert list(ecran.table[0].value.iloc[0])[1:3] == ["Inconnu", "Inconnu"]
    ecran.selectbox(key="solution_choisie").set_value(1).run()
    champ = next(
        c for c in ecran.text_input if str(c.key).endswith(".entreprise") and str(c.key).startswith("solution")
    )
    champ.input("Gratuit")
    _bouton(ecran, "Enregistrer la solution")
    assert list(ecran.table[0].value.iloc[0])[1] == "Gratuit"
    _bouton(ecran, "Retirer du registre")
    _bouton(ecran, "Confirmer")
    with lecture(moteur) as session:
        assert fabriques.compter(session, SolutionExistante) == 1
    assert "Aucune solution existante n'est encore inscrite" in lire_ecran(ecran)


def test_un_lecteur_lit_le_registre_sans_geste(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    assert not ecran.exception and not ecran.text_input and not ecran.selectbox


def test_a_la_visite_la_regle_s_ecrit_sous_les_chiffres(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation)
    assert "moins de 3 acteurs" in lire_ecran(ecran)
