"""La saturation à l'écran : la courbe, ses effectifs, et une aide à l'arrêt qui montre ses nombres."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from lib.analytics.saturation import aider_a_l_arret
from lib.db.modeles import CiblePlan
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services.saturation import VueSaturation, lire_saturation
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from lib.ui.composants.saturation import dire_arret
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "irritants/saturation"
# Étiquettes de chaque entretien codé, dans l'ordre des dates.
ENTENDUES = ((0, 1, 2), (2, 3), (4,), (0,), (1,), (0, 2))


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_l_aide_a_l_arret_montre_ses_nombres(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, role, investigation)
        terrain = fabriques.un_terrain(session, investigation)
        etiquettes = [fabriques.une_etiquette(session, investigation) for _ in range(5)]
        for rang, portees in enumerate(ENTENDUES):
            entretien = fabriques.un_entretien(session, terrain, tenu_le=date(2026, 10, 1) + timedelta(days=rang))
            verbatim = fabriques.un_verbatim(session, fabriques.un_texte(session, entretien, "Le temps manque."), 0, 8)
            for numero in portees:
                fabriques.un_etiquetage(session, verbatim, etiquettes[numero], compte)
        fabriques.un_entretien(session, terrain)
        refaire(session, investigation.id)
    with compter_requetes(moteur) as ordres:
        ecran = ouvrir(PAGE, compte, investigation)
    assert len([ordre for ordre in ordres if ordre.startswith("SELECT")]) <= 8
    assert not ecran.exception and not ecran.error
    texte = lire_ecran(ecran).translate({0xA0: " ", 0x202F: " ", 0x5C: None})
    assert "0 étiquette nouvelle pour 5 entendues dans les 4 premiers, soit 0 % (seuil : 5 %)" in texte
    assert "6 codés sur 7 entretiens réalisés" in texte
    assert list(ecran.table[0].value["Nouvelles"]) == ["3", "1", "1", "0", "0", "0"]


def test_sans_entretien_code_la_page_dit_quand_elle_commencera(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and "commence au premier" in ecran.info[0].value


def test_la_visite_voit_tout_reuni_et_un_terrain_absent_se_dit(ouvrir: Ouvrir, moteur: Engine) -> None:
    """Le détail par terrain et par type d'acteur désignerait quelqu'un."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, fictive=True)
        comptes = {role: fabriques.un_compte(session, role, investigation) for role in Role}
        terrain = fabriques.un_terrain(session, investigation, nom="Marseille")
        session.add(
            CiblePlan(
                investigation_id=investigation.id, terrain_id=terrain.id, type_acteur=TypeActeur.ASSOCIATION, prevu=7
            )
        )
    ecran = ouvrir(PAGE, comptes[Role.DEMONSTRATION], investigation)
    assert not ecran.selectbox and not ecran.exception
    assert ouvrir(PAGE, comptes[Role.RELECTEUR], investigation).selectbox
    assert "Marseille : aucun entretien réalisé sur 7 prévus" in lire_ecran(ecran)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        perimetre = fabriques.un_perimetre(comptes[Role.DEMONSTRATION], investigation)
        lire_saturation(session, perimetre, terrain_id=terrain.id)


def test_au_dela_des_entretiens_suivis_l_aide_dit_sur_lesquels_elle_porte() -> None:
    arret = aider_a_l_arret([{1}] * 6)
    dit = dire_arret(VueSaturation(suivis=6, codes=9, realises=9, arret=arret)).replace("\u00a0", " ")
    assert dit.startswith("Sur les 6 premiers entretiens codés seulement") and "2 derniers de ceux-là" in dit
    tous = dire_arret(VueSaturation(suivis=6, codes=6, realises=6, arret=arret)).replace("\u00a0", " ")
    assert tous.startswith("Parmi les acteurs rencontrés") and "les 2 derniers entretiens apportent" in tous
