"""Le tableau de bord : des comptes faits à la main, le bon périmètre, aucun nom pour qui ne doit pas les lire."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services.tableau_de_bord import Vue, lire_vue
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def lire(moteur: Engine, perimetre: Perimetre) -> Vue:
    with lecture(moteur) as session:
        return lire_vue(session, perimetre)


def test_les_comptes_de_l_equipe(moteur: Engine, enquete: Enquete) -> None:
    vue = lire(moteur, enquete.perimetre(Role.ENQUETEUR))
    assert (vue.realises, vue.prevus) == (4, 9)
    assert vue.etiquetages == 4
    assert vue.partenariats == 1
    assert vue.au == date(2026, 11, 20)
    assert not vue.vide


def test_hors_de_l_equipe_seul_le_citable_compte(moteur: Engine, enquete: Enquete) -> None:
    vue = lire(moteur, enquete.perimetre(Role.RELECTEUR))
    assert vue.etiquetages == 3
    assert {entretien.organisation for entretien in vue.derniers} == {""}


def test_les_derniers_entretiens_du_plus_recent_au_plus_ancien(moteur: Engine, enquete: Enquete) -> None:
    derniers = lire(moteur, enquete.perimetre(Role.ENQUETEUR)).derniers
    assert [entretien.code for entretien in derniers] == ["E-BFC-001", "E-MRS-003", "E-MRS-002", "E-MRS-001"]
    assert derniers[0].organisation == "Vergers du Doubs"
    assert derniers[2].type_acteur is TypeActeur.ENTREPRISE


def test_ce_qui_manque_se_lit(moteur: Engine, enquete: Enquete) -> None:
    vue = lire(moteur, enquete.perimetre(Role.RELECTEUR))
    phrases = [phrase.replace("\xa0", " ") for phrase in vue.retards]
    assert phrases == [
        (
            "Marseille est en retard : 3 entretiens réalisés sur 6 prévus, quand 85 % du temps est écoulé. "
            "Il manque 2 associations et 1 entreprise, à rencontrer d'ici le 4 décembre 2026."
        ),
        (
            "Bourgogne est en retard : 1 entretien réalisé sur 3 prévus, quand 85 % du temps est écoulé. "
            "Il manque 2 associations, à rencontrer d'ici le 4 décembre 2026."
        ),
    ]
    assert vue.attentes == ()


def test_la_figure_et_le_tableau_disent_les_memes_chiffres(moteur: Engine, enquete: Enquete) -> None:
    vue = lire(moteur, enquete.perimetre(Role.RELECTEUR))
    assert vue.tableau.entetes == ("Terrain", "Association", "Entreprise", "Total")
    assert vue.tableau.lignes == (
        ("Marseille", "2 sur 4", "1 sur 2", "3 sur 6"),
        ("Bourgogne", "1 sur 3", "–", "1 sur 3"),
    )
    assert "Marseille : 3 sur 6" in vue.alternative.replace("\xa0", " ")
    assert len(vue.figure.data) > 0


def test_un_terrain_sans_plan_ne_se_rapporte_pas_a_zero(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        fabriques.un_entretien(session, fabriques.un_terrain(session, investigation, nom="Hors plan"))
    vue = lire(moteur, fabriques.un_perimetre(compte, investigation))
    assert vue.tableau.lignes == (("Hors plan", "1, aucun prévu", "1, aucun prévu"),)


def test_un_terrain_ferme_ne_se_voit_pas(moteur: Engine, enquete: Enquete) -> None:
    vue = lire(moteur, enquete.perimetre(Role.RELECTEUR, terrains=frozenset({enquete.bourgogne})))
    assert [terrain.nom for terrain in vue.terrains] == ["Bourgogne"]
    assert (vue.realises, vue.prevus, vue.etiquetages, vue.partenariats) == (1, 3, 1, 0)
    assert [entretien.code for entretien in vue.derniers] == ["E-BFC-001"]


def test_une_investigation_vide(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    vue = lire(moteur, fabriques.un_perimetre(compte, investigation))
    assert vue.vide and vue.tableau.lignes == ()


def test_sans_investigation_rien(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        lire(moteur, enquete.perimetre(Role.ENQUETEUR, investigation_id=None))
    with pytest.raises(AccesRefuse):
        lire(moteur, enquete.perimetre(Role.DEMONSTRATION))


def test_la_visite_n_y_lit_aucun_petit_effectif(moteur: Engine) -> None:
    """Trois entretiens à Marseille, un en Bourgogne : le total, lui, se dit."""
    enquete = preparer(moteur, fictive=True)
    vue = lire(moteur, enquete.perimetre(Role.DEMONSTRATION))
    cases = [propre(case) for ligne in vue.tableau.lignes for case in ligne[1:]]
    assert not any(case.startswith(("1 ", "2 ")) for case in cases)
    assert vue.realises_ecrits == "4" and "Une ou deux unités" in propre(vue.regle)
    dit = propre(" ".join((*vue.retards, *vue.attentes, vue.alternative)))
    assert "1 entretien réalisé" not in dit and "1 entreprise" not in dit


def propre(texte: str) -> str:
    return texte.replace("\xa0", " ").replace("\u202f", " ")
