"""L'accord à l'écran : les coefficients pour tous, les doubles codages et leurs noms pour la seule équipe."""

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Compte, Entretien, Investigation
from lib.domain.vocabulaire import Role
from lib.services import demonstration
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.pages.conftest import Ouvrir

PAGE = "irritants/accord"


@pytest.fixture
def demo(moteur: Engine) -> dict[str, Compte]:
    with ecriture(moteur, None) as session:
        demonstration.charger(session)
    with lecture(moteur) as session:
        return {compte.identifiant: compte for compte in session.scalars(select(Compte))}


def _investigation(moteur: Engine) -> Investigation:
    with lecture(moteur) as session:
        return session.scalars(select(Investigation)).one()


def test_la_relecture_lit_l_accord_sans_aucun_nom(ouvrir: Ouvrir, moteur: Engine, demo: dict[str, Compte]) -> None:
    ecran = ouvrir(PAGE, demo["diplp"], _investigation(moteur))
    texte = lire_ecran(ecran)
    assert not ecran.exception and not ecran.error
    assert "unités de parole de 3 entretiens" in texte and "Alpha de Krippendorff : 0," in texte
    assert not any(nom in texte for nom in ("Léa", "Karim", "Inès"))
    assert len(ecran.get("bidi_component")) == 1 and len(ecran.checkbox) == 0


def test_l_equipe_ouvre_un_double_codage_et_y_arrive(ouvrir: Ouvrir, moteur: Engine, demo: dict[str, Compte]) -> None:
    ecran = ouvrir(PAGE, demo["lea"], _investigation(moteur))
    assert len(ecran.get("bidi_component")) == 2
    ecran.checkbox[0].check().run()
    entretien, premiere, seconde = ecran.selectbox
    codes = [option for option in entretien.options if option.startswith("E-MRS-008")]
    entretien.select_index(entretien.options.index(codes[0]))
    premiere.select_index(premiere.options.index("Karim Fictif"))
    seconde.select_index(seconde.options.index("Inès Fictive"))
    ecran.button[0].click().run()
    assert "Léa Fictive a déjà codé cet entretien" in ecran.error[0].value
    ecran.selectbox[1].select_index(premiere.options.index("Léa Fictive"))
    ecran.button[0].click().run()
    assert not ecran.exception and not ecran.error
    with lecture(moteur) as session:
        entretien_id = session.scalars(select(Entretien.id).where(Entretien.code == "E-MRS-008")).one()
    ecran = ouvrir("entretiens/double_codage", demo["lea"], _investigation(moteur), entretien=entretien_id)
    texte = lire_ecran(ecran)
    assert "Inès Fictive : code encore" in texte and "était déjà codé" in texte
    ecran = ouvrir("entretiens/double_codage", demo["karim"], _investigation(moteur), entretien=entretien_id)
    assert "Rien de leur travail ne se voit" in lire_ecran(ecran) and len(ecran.get("bidi_component")) == 0


def test_un_double_codage_arbitre_se_relit(ouvrir: Ouvrir, moteur: Engine, demo: dict[str, Compte]) -> None:
    ecran = ouvrir("entretiens/double_codage", demo["ines"], _investigation(moteur), double=1)
    texte = lire_ecran(ecran)
    assert not ecran.exception and not ecran.error
    assert "Arbitré par Léa Fictive" in texte and "Trancher" not in texte
    assert len(ecran.get("bidi_component")) == 2


@pytest.mark.parametrize("params", [{}, {"double": 999}, {"entretien": 1}])
def test_sans_double_codage_l_ecran_dit_ou_le_choisir(
    ouvrir: Ouvrir, moteur: Engine, demo: dict[str, Compte], params: dict[str, int]
) -> None:
    ecran = ouvrir("entretiens/double_codage", demo["lea"], _investigation(moteur), **params)
    assert not ecran.exception and "Choisissez d'abord" in ecran.info[0].value


def test_sans_double_codage_l_accord_dit_comment_commencer(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and "dès que deux ont fini" in ecran.info[0].value
    assert "Il faut un entretien qui ait un texte" in lire_ecran(ecran)
