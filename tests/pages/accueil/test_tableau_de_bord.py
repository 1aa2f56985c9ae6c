"""Le tableau de bord à l'écran : plein, vide, pour l'équipe et pour les lecteurs, en peu de requêtes."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, PERSONNES, Enquete, preparer
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "accueil/tableau_de_bord"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def titres(ecran: AppTest) -> list[str]:
    return [titre.value for titre in ecran.header]


def test_l_equipe_voit_ou_elle_en_est_et_quoi_faire(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert not ecran.exception and not ecran.error
    assert titres(ecran) == ["Quoi faire ensuite", "Où en est l'enquête", "Derniers entretiens"]
    assert [(metrique.label, metrique.value) for metrique in ecran.metric] == [
        ("Entretiens réalisés", "4/9"),
        ("Citations étiquetées", "4"),
        ("Partenariats suivis", "1"),
    ]
    assert "Marseille est en retard" in ecran.warning[0].value
    texte = lire_ecran(ecran)
    assert "Coder E-MRS-002" in texte and "Remettre la notice de E-MRS-004" in texte
    assert ORGANISATIONS[2] in texte


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_les_lecteurs_ne_voient_ni_nom_ni_tache(ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert not ecran.exception and not ecran.error
    # À la visite, compter les derniers entretiens d'un terrain rendrait son effectif, tu au-dessus : un acteur.
    lit = role is Role.RELECTEUR
    assert titres(ecran) == ["Où en est l'enquête", *(["Derniers entretiens"] if lit else [])]
    assert ecran.metric[1].value == "3"
    if lit:
        derniers = ecran.table[-1].value
        assert list(derniers.columns) == ["Entretien", "Terrain", "Type d'acteur", "Mois"]
        assert derniers.iloc[0].tolist() == ["E\\-BFC\\-001", "Bourgogne", "Association", "novembre\xa02026"]
    texte = lire_ecran(ecran)
    assert not [nom for nom in (*PERSONNES, *ORGANISATIONS) if nom in texte]


def test_le_tableau_sous_la_figure(ouvrir: Ouvrir, enquete: Enquete) -> None:
    tableau = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation).table[0].value
    assert tableau.iloc[0].tolist() == ["Marseille", "2 sur 4", "1 sur 2", "3 sur 6"]


@pytest.mark.parametrize(
    ("role", "attendu"),
    [
        (Role.ENQUETEUR, "Consigner un premier entretien"),
        (Role.ADMINISTRATEUR, "décrire les terrains et le plan"),
        (Role.RELECTEUR, "dès le premier entretien réalisé"),
    ],
)
def test_une_investigation_vide_dit_par_quoi_commencer(
    ouvrir: Ouvrir, moteur: Engine, role: Role, attendu: str
) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, role, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and not ecran.error
    assert "Cette investigation est vide" in ecran.info[0].value
    assert attendu in lire_ecran(ecran)
    assert titres(ecran) == []


def test_sans_connexion_rien(ouvrir: Ouvrir) -> None:
    ecran = ouvrir(PAGE, directement=True)
    assert [titre.value for titre in ecran.title] == ["Page fermée"] and not ecran.metric
    assert len(ecran.error) == 1


def test_huit_requetes_au_plus(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    with compter_requetes(moteur) as froides:
        ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    lectures = [ordre for ordre in froides if ordre.startswith("SELECT")]
    assert len(lectures) <= 8, lectures
    with compter_requetes(moteur) as chaudes:
        ecran.run()
    assert len(chaudes) <= 3
