"""Les indicateurs : chacun compte ce qu'il dit, une investigation vide ne ment pas, le périmètre tient."""

import pytest
from sqlalchemy import Engine

from lib.analytics.proportions import wilson
from lib.db.modeles import Etiquette, Hypothese, Preuve
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import Role, SensPreuve
from lib.services.indicateur import Indicateur, decrire, dire
from lib.services.indicateurs import lire_indicateurs
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def lire(moteur: Engine, perimetre: Perimetre) -> dict[str, Indicateur]:
    with lecture(moteur) as session:
        return {indicateur.code: indicateur for indicateur in lire_indicateurs(session, perimetre).tous}


def test_chaque_indicateur_compte_ce_qu_il_dit(moteur: Engine, enquete: Enquete) -> None:
    lus = lire(moteur, enquete.perimetre(Role.RELECTEUR))
    fractions = {code: (i.numerateur, i.denominateur) for code, i in lus.items()}
    assert fractions == {
        "plan": (4, 9),
        "cibles": (0, 3),
        "citables": (3, 4),
        "codes": (3, 4),
        "irritants_partages": (0, 2),
        "premier_irritant": (2, 3),
        "spontanes": (2, 3),
        "ecarts_demontres": (0, 0),
        "duree_mediane": (0, 1),
        "survie_12_mois": (0, 1),  # sans nouvelle depuis son début : rien ne dit qu'il durait encore
        "survie_24_mois": (0, 1),
        "perennises": (0, 0),
        "hypotheses_eprouvees": (0, 0),
        "solutions": (None, None),
    }


def test_une_part_d_acteurs_porte_l_intervalle_de_wilson(moteur: Engine, enquete: Enquete) -> None:
    premier = lire(moteur, enquete.perimetre(Role.RELECTEUR))["premier_irritant"]
    assert (premier.bas, premier.haut) == (wilson(2, 3).bas, wilson(2, 3).haut)
    assert premier.source.parametres == {"citations_etiquette": "Manque de temps"}


def test_deux_irritants_de_meme_nom_restent_deux(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[1]).nom = "Manque de temps"
    lus = lire(moteur, enquete.perimetre(Role.RELECTEUR))
    assert lus["irritants_partages"].denominateur == 2
    premier = lus["premier_irritant"]
    assert (premier.numerateur, premier.denominateur) == (2, 3)
    assert "Manque de temps (temps)" in premier.precision
    assert premier.source.parametres == {"citations_etiquette": "Manque de temps (temps)"}


def test_six_requetes_suffisent_puis_quatre(moteur: Engine, enquete: Enquete) -> None:
    """Le fil du journal en plus ; les partenariats en moins tant qu'aucun ne change."""
    for attendues in (6, 4):
        with compter_requetes(moteur) as ordres:
            lire(moteur, enquete.perimetre(Role.RELECTEUR))
        assert len(ordres) == attendues


def test_chaque_code_a_son_indicateur_dans_l_ordre(moteur: Engine, enquete: Enquete) -> None:
    assert list(lire(moteur, enquete.perimetre(Role.RELECTEUR))) == list(CodeIndicateur)


def test_un_terrain_ferme_ne_compte_pas(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.RELECTEUR, terrains=frozenset({enquete.bourgogne}))
    lus = lire(moteur, perimetre)
    assert (lus["plan"].numerateur, lus["plan"].denominateur) == (1, 3)
    assert (lus["premier_irritant"].numerateur, lus["premier_irritant"].denominateur) == (1, 1)


def test_une_hypothese_est_eprouvee_par_une_preuve_contraire(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        numeros = {"investigation_id": enquete.investigation.id}
        for code, sens in (("P1", SensPreuve.CONTRE), ("P2", SensPreuve.POUR)):
            hypothese = Hypothese(code=code, nature="probleme", enonce="…", **numeros)
            session.add(hypothese)
            session.flush()
            session.add(Preuve(hypothese_id=hypothese.id, sens=sens, indicateur="plan", **numeros))
    eprouvees = lire(moteur, enquete.perimetre(Role.RELECTEUR))["hypotheses_eprouvees"]
    assert (eprouvees.numerateur, eprouvees.denominateur) == (1, 2)


def test_une_investigation_vide_ne_rend_aucune_part(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    with lecture(moteur) as session:
        lus = lire_indicateurs(session, fabriques.un_perimetre(compte, investigation))
    assert lus.vide
    assert {i.valeur for i in lus.tous} == {None, 0.0}
    assert "n." in dire(lus.tous[0]) and "non estimable" in dire(lus.tous[0])


def test_la_visite_ne_lit_pas_une_investigation_reelle(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        lire(moteur, enquete.perimetre(Role.DEMONSTRATION))


def test_ce_qui_sort_en_json_est_ce_qui_est_lu(moteur: Engine, enquete: Enquete) -> None:
    with lecture(moteur) as session:
        lus = lire_indicateurs(session, enquete.perimetre(Role.RELECTEUR))
    sortis = {ligne["code"]: ligne for ligne in decrire(lus)}
    assert len(sortis) == len(lus.tous)
    assert sortis["citables"]["valeur"] == 0.75 and len(sortis["citables"]["intervalle"]) == 2
    assert sortis["plan"]["intervalle"] is None and sortis["plan"]["au"] == "2026-11-20"


def test_la_visite_ne_lit_pas_ce_qui_laisserait_un_ou_deux_acteurs(moteur: Engine) -> None:
    """3 acteurs citables sur 4 : le quatrième se lirait par différence."""
    enquete = preparer(moteur, fictive=True)
    with lecture(moteur) as session:
        lues = lire_indicateurs(session, enquete.perimetre(Role.DEMONSTRATION))
    par_code = {indicateur.code: indicateur for indicateur in lues.tous}
    citables = par_code["citables"]
    assert citables.tu and (citables.numerateur, citables.valeur) == (None, None)
    assert citables.ecrit == citables.fraction == citables.bornes == "masqué"
    assert not par_code["plan"].tu and par_code["plan"].fraction == "4/9"
    assert not par_code["cibles"].tu and "Une ou deux unités" in lues.regle.replace("\xa0", " ")
