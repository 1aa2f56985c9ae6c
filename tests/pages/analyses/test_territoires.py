"""La comparaison des terrains à l'écran : filtres dans l'adresse, effectifs, définitions, citations."""

from urllib.parse import unquote_plus

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Entretien
from lib.domain.vocabulaire import Role
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import Enquete, preparer
from tests.outils.lieux import DIJON, poser_lieux
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "analyses/territoires"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


@pytest.mark.parametrize("role", list(Role))
def test_tous_les_comptes_lisent_la_comparaison(ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert not ecran.exception and not ecran.error
    assert [titre.value for titre in ecran.title] == ["Territoires"]
    texte = lire_ecran(ecran)
    assert "Données arrêtées au 20 novembre 2026" in texte
    assert "effectif insuffisant" in texte.lower()
    cache = role is Role.DEMONSTRATION
    for phrase in ("Ces parts décrivent les acteurs rencontrés", "0 test corrigé ensemble"):
        assert (phrase in texte) is not cache
    assert ("2 lignes du tableau ne se comparent pas ici" in texte) is cache
    assert ("Marseille est en retard" in ecran.warning[0].value) is not cache
    assert ("Une ou deux unités s'écrivent « < 3 »" in texte) is cache


def test_les_effectifs_du_tableau(ouvrir: Ouvrir, enquete: Enquete) -> None:
    tableau = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation).table[0].value
    assert [str(cellule).translate({0x5C: None, 0xA0: " ", 0x202F: " "}) for cellule in tableau.iloc[0]] == [
        "Manque de temps",
        "1/2, effectif insuffisant ; spontanément 1/1 ; non abordé 1",
        "1/1, effectif insuffisant ; spontanément 1/1",
        "Effectif insuffisant",
    ]


def test_un_irritant_ouvre_ses_citations(ouvrir: Ouvrir, enquete: Enquete) -> None:
    choix = {"terrains_irritant": "Coût caché", "terrains_acteur": "Association"}
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, **choix)
    assert ecran.selectbox(key="terrains_irritant").value == "Coût caché"
    adresses = unquote_plus(lire_ecran(ecran))
    assert "citations_etiquette=Coût caché&citations_acteur=Association" in adresses
    assert "citations_etiquette=Coût caché&citations_terrain=Marseille&citations_acteur=Association" in adresses


def test_deux_terrains_choisis_se_comparent_dans_cet_ordre(ouvrir: Ouvrir, enquete: Enquete) -> None:
    compte = enquete.comptes[Role.RELECTEUR]
    ecran = ouvrir(PAGE, compte, enquete.investigation, terrains_acteur="Entreprise")
    ecran.multiselect(key="terrains_compares").set_value(["Bourgogne", "Marseille"]).run()
    assert list(ecran.table[0].value.columns)[1:3] == ["Bourgogne", "Marseille"]
    assert "0 entretien réalisé pour Bourgogne et 1 entretien réalisé pour Marseille" in lire_ecran(ecran)


def test_un_seul_terrain_choisi_les_compare_tous(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    ecran.multiselect(key="terrains_compares").set_value(["Bourgogne"]).run()
    assert list(ecran.table[0].value.columns)[1:3] == ["Marseille", "Bourgogne"]


def test_une_valeur_inconnue_dans_l_adresse_est_ignoree(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, terrains_acteur="Licorne")
    assert not ecran.exception and ecran.selectbox(key="terrains_acteur").value == "Tous les acteurs"


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_sans_releve_la_page_dit_quoi_faire(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, role, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception
    assert "Aucun entretien réalisé : il n'y a encore rien à comparer." in lire_ecran(ecran)
    assert ("Consigner un entretien" in lire_ecran(ecran)) is (role is Role.ENQUETEUR)


def test_huit_requetes_au_plus(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    with compter_requetes(moteur) as froides:
        ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    assert len([ordre for ordre in froides if ordre.startswith("SELECT")]) <= 8
    with compter_requetes(moteur) as chaudes:
        ecran.run()
    assert len(chaudes) <= 2


def test_un_departement_ouvre_ses_citations_par_un_lien(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        poser_lieux(session)
    enquete = preparer(moteur, fictive=True)
    with ecriture(moteur, None) as session:
        for entretien in session.scalars(select(Entretien)):
            entretien.commune_code = DIJON
        session.flush()
        refaire(session, enquete.investigation.id)
    choix = {"terrains_dimension": "Département"}
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, **choix)
    lieu = "citations_dimension=Département&citations_lieu=Côte-d'Or"
    assert f"citations_etiquette=Manque de temps&{lieu}" in unquote_plus(lire_ecran(ecran))
    params = {"citations_dimension": "Département", "citations_lieu": "Côte-d'Or"}
    citations = ouvrir("irritants/citations", enquete.comptes[Role.RELECTEUR], enquete.investigation, **params)
    assert not citations.exception and citations.selectbox(key="citations_lieu").value == "Côte-d'Or"
    visite = ouvrir("irritants/citations", enquete.comptes[Role.DEMONSTRATION], enquete.investigation, **params)
    assert not visite.exception and "citations_lieu" not in [choix.key for choix in visite.selectbox]


@pytest.mark.parametrize(("role", "ouverte"), [(Role.ENQUETEUR, True), (Role.RELECTEUR, False)])
def test_la_commune_se_choisit_dans_l_equipe(ouvrir: Ouvrir, enquete: Enquete, role: Role, ouverte: bool) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation, terrains_dimension="Commune")
    assert not ecran.exception and not ecran.error
    choix = ecran.selectbox(key="terrains_dimension")
    assert ("Commune" in choix.options) is ouverte
    assert choix.value == ("Commune" if ouverte else "Terrain d'enquête")


def test_la_carte_dit_que_les_groupes_choisis_n_y_agissent_pas(ouvrir: Ouvrir, enquete: Enquete) -> None:
    choix = {"terrains_partie": "Carte", "terrains_dimension": "Région"}
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, **choix)
    assert not ecran.exception and "n'agissent que sur la comparaison" in lire_ecran(ecran)
    assert ecran.selectbox(key="terrains_dimension").value == "Région"
