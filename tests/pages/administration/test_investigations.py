"""Régler investigations, terrains et plan à l'écran."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import CiblePlan, Compte, Investigation, Terrain
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.pages.conftest import Ouvrir

PAGE = "administration/investigations"


@pytest.fixture
def admin(moteur: Engine) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, Role.ADMINISTRATEUR)


@pytest.fixture
def terrain(moteur: Engine) -> Terrain:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, nom="Première", debut=date(2026, 9, 1))
        return fabriques.un_terrain(session, investigation, nom="Marseille")


def _bouton(ecran: AppTest, libelle: str) -> AppTest:
    return next(bouton for bouton in ecran.button if bouton.label == libelle).click().run()


def _texte(ecran: AppTest, libelle: str, rang: int = 0) -> object:
    return [champ for champ in (*ecran.text_input, *ecran.text_area) if champ.label == libelle][rang]


def test_une_base_vide_dit_quoi_faire_et_la_premiere_investigation_s_ouvre(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte
) -> None:
    ecran = ouvrir(PAGE, admin)
    assert "créez la première" in ecran.info[0].value
    _texte(ecran, "Nom").set_value("Solidarité")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Créer l'investigation")
    assert "ajoutez ses terrains" in ecran.success[0].value
    assert [titre.value for titre in ecran.header] == ["Fiche"]
    with lecture(moteur) as session:
        assert session.scalars(select(Investigation.nom)).all() == ["Solidarité"]
    assert "Solidarité" in ecran.get("html")[0].proto.body


def test_modifier_une_investigation(ouvrir: Ouvrir, moteur: Engine, admin: Compte, terrain: Terrain) -> None:
    ecran = ouvrir(PAGE, admin)
    ecran = ecran.selectbox(key="investigation-choisie").select(terrain.investigation_id).run()
    assert ecran.query_params["numero"] == str(terrain.investigation_id)
    _texte(ecran, "Nom", 1).set_value("Renommée")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Enregistrer")
    assert ecran.success[0].value == "L'investigation est enregistrée."
    with lecture(moteur) as session:
        assert session.get_one(Investigation, terrain.investigation_id).nom == "Renommée"


def _regler(ouvrir: Ouvrir, admin: Compte, terrain: Terrain, volet: str) -> AppTest:
    ecran = ouvrir(PAGE, admin)
    ecran = ecran.selectbox(key="investigation-choisie").select(terrain.investigation_id).run()
    return ecran.radio(key="volet").set_value(volet).run()


def test_une_fin_avant_le_debut_est_refusee_et_la_saisie_reste(ouvrir: Ouvrir, admin: Compte, terrain: Terrain) -> None:
    ecran = _regler(ouvrir, admin, terrain, "Fiche")
    fin = next(champ for champ in ecran.date_input if champ.label.startswith("Fin"))
    fin.set_value(date(2020, 1, 1))
    ecran = _bouton(ecran, "Enregistrer")
    assert "précède son début" in ecran.error[0].value
    assert next(champ for champ in ecran.date_input if champ.label.startswith("Fin")).value == date(2020, 1, 1)


def test_archiver_puis_retablir_une_investigation(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, terrain: Terrain
) -> None:
    ecran = _bouton(_bouton(_regler(ouvrir, admin, terrain, "Fiche"), "Archiver l'investigation"), "Confirmer")
    with lecture(moteur) as session:
        assert session.get_one(Investigation, terrain.investigation_id).archive_le is not None
    _bouton(_bouton(ecran, "Rétablir l'investigation"), "Confirmer")
    with lecture(moteur) as session:
        assert session.get_one(Investigation, terrain.investigation_id).archive_le is None


def test_ajouter_renommer_et_archiver_un_terrain(
    ouvrir: Ouvrir, moteur: Engine, admin: Compte, terrain: Terrain
) -> None:
    ecran = _regler(ouvrir, admin, terrain, "Terrains")
    _texte(ecran, "Nom du terrain").set_value("Dijon")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Ajouter le terrain")
    assert list(ecran.table[1].value["Terrain"]) == ["Marseille", "Dijon"]
    ecran = ecran.selectbox(key=f"terrain-{terrain.investigation_id}").select(terrain.id).run()
    _texte(ecran, "Nom du terrain", 1).set_value("Marseille centre")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Enregistrer le terrain")
    ecran = _bouton(_bouton(ecran, "Archiver le terrain"), "Confirmer")
    with lecture(moteur) as session:
        relu = session.get_one(Terrain, terrain.id)
    assert (relu.nom, relu.archive_le is None) == ("Marseille centre", False)


def test_un_nom_de_terrain_deja_pris_se_dit(ouvrir: Ouvrir, admin: Compte, terrain: Terrain) -> None:
    ecran = _regler(ouvrir, admin, terrain, "Terrains")
    _texte(ecran, "Nom du terrain").set_value("marseille")  # type: ignore[attr-defined]
    ecran = _bouton(ecran, "Ajouter le terrain")
    assert "déjà ce nom" in ecran.error[0].value


def test_poser_le_plan_d_un_terrain(ouvrir: Ouvrir, moteur: Engine, admin: Compte, terrain: Terrain) -> None:
    ecran = _regler(ouvrir, admin, terrain, "Plan")
    ecran = ecran.selectbox(key=f"plan-{terrain.investigation_id}").select(terrain.id).run()
    next(c for c in ecran.number_input if c.label.startswith("Association")).set_value(8)
    ecran = _bouton(ecran, "Enregistrer le plan de ce terrain")
    assert ecran.success[0].value == "Le plan est enregistré."
    assert list(ecran.table[1].value["Total prévu"]) == ["8"]
    with lecture(moteur) as session:
        cible = session.scalars(select(CiblePlan)).one()
    assert (cible.type_acteur, cible.prevu) == (TypeActeur.ASSOCIATION, 8)


def test_deux_personnes_sur_le_meme_plan(ouvrir: Ouvrir, moteur: Engine, admin: Compte, terrain: Terrain) -> None:
    ecran = _regler(ouvrir, admin, terrain, "Plan")
    ecran = ecran.selectbox(key=f"plan-{terrain.investigation_id}").select(terrain.id).run()
    with ecriture(moteur, None) as session:
        session.add(
            CiblePlan(
                investigation_id=terrain.investigation_id,
                terrain_id=terrain.id,
                type_acteur=TypeActeur.ASSOCIATION,
                prevu=3,
            )
        )
    next(c for c in ecran.number_input if c.label.startswith("Association")).set_value(8)
    ecran = _bouton(ecran, "Enregistrer le plan de ce terrain")
    assert "entre-temps" in ecran.error[0].value
    ecran = _bouton(ecran, "Abandonner ma saisie et voir la fiche enregistrée")
    assert next(c for c in ecran.number_input if c.label.startswith("Association")).value == 3


def test_le_plan_sans_terrain_dit_par_ou_commencer(ouvrir: Ouvrir, moteur: Engine, admin: Compte) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
    ecran = ouvrir(PAGE, admin, investigation, volet="Plan")
    assert "ajoutez d'abord un terrain" in ecran.info[0].value
