"""Investigations, terrains et plan : saisies vérifiées, archives annulables, conflits dits."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import CiblePlan, Investigation
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services import investigations, plan
from lib.services.investigations import InvestigationLue, SaisieInvestigation, TerrainLu, date_des_chiffres
from lib.services.plan import Cible
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ADMINISTRATION = Perimetre(compte_id=0, role=Role.ADMINISTRATEUR)
SAISIE = SaisieInvestigation(nom="Solidarité en Île-de-France", debut=date(2026, 9, 1))


def _creer(moteur: Engine, **champs: object) -> int:
    saisie = SaisieInvestigation(**{"nom": SAISIE.nom, "debut": SAISIE.debut, **champs})  # type: ignore[arg-type]
    with ecriture(moteur, None) as session:
        return investigations.creer_investigation(session, ADMINISTRATION, saisie=saisie)


def _lire(moteur: Engine) -> list[InvestigationLue]:
    with lecture(moteur) as session:
        return investigations.lister_investigations(session, ADMINISTRATION)


def _terrain(moteur: Engine, investigation_id: int, nom: str = "Marseille") -> int:
    with ecriture(moteur, None) as session:
        return investigations.creer_terrain(session, ADMINISTRATION, investigation_id=investigation_id, nom=nom)


def _terrains(moteur: Engine, investigation_id: int) -> list[TerrainLu]:
    with lecture(moteur) as session:
        return investigations.lister_terrains(session, ADMINISTRATION, investigation_id=investigation_id)


def test_une_investigation_creee_est_reelle_et_recoit_un_code_lisible(moteur: Engine) -> None:
    premiere, seconde = _creer(moteur), _creer(moteur)
    with lecture(moteur) as session:
        codes = {i.id: i.code for i in session.scalars(select(Investigation))}
    assert codes == {premiere: "solidarite-en-ile-de-france", seconde: "solidarite-en-ile-de-france-2"}
    assert [lue.fictive for lue in _lire(moteur)] == [False, False]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nom": "  "}, "Donnez un nom"),
        ({"fin": date(2026, 8, 31)}, "précède son début"),
        ({"date_arret": date(2026, 8, 31)}, "précède le début"),
        ({"date_arret": date(2126, 1, 1)}, "dans l'avenir"),
        ({"seuil_perennisation_mois": 0}, "au moins un mois"),
        ({"renouvellements_perennisation": -1}, "négatifs"),
        ({"probleme": "a\0b"}, "illisible"),
    ],
)
def test_une_saisie_fautive_dit_quoi_corriger(moteur: Engine, champs: dict[str, object], phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        _creer(moteur, **champs)
    assert _lire(moteur) == []


def test_le_second_a_enregistrer_une_investigation_voit_un_conflit(moteur: Engine) -> None:
    identifiant = _creer(moteur)
    lue = _lire(moteur)[0]
    for attendu in (None, Conflit):
        with ecriture(moteur, None) as session:
            arguments = {"investigation_id": identifiant, "version": lue.version}
            saisie = SaisieInvestigation(nom="Autre nom", debut=SAISIE.debut)
            if attendu is None:
                investigations.modifier_investigation(session, ADMINISTRATION, **arguments, saisie=saisie)
            else:
                with pytest.raises(attendu, match="entre-temps"):
                    investigations.modifier_investigation(session, ADMINISTRATION, **arguments, saisie=saisie)
    assert _lire(moteur)[0].saisie.nom == "Autre nom"


def test_archiver_s_annule(moteur: Engine) -> None:
    identifiant, autre = _creer(moteur, nom="A"), _creer(moteur, nom="B")
    with ecriture(moteur, None) as session:
        investigations.archiver_investigation(session, ADMINISTRATION, investigation_id=identifiant)
    assert [(lue.id, lue.archivee) for lue in _lire(moteur)] == [(autre, False), (identifiant, True)]
    with ecriture(moteur, None) as session:
        investigations.retablir_investigation(session, ADMINISTRATION, investigation_id=identifiant)
    assert [lue.archivee for lue in _lire(moteur)] == [False, False]


def test_les_entretiens_se_comptent_sans_les_archives(moteur: Engine) -> None:
    identifiant = _creer(moteur)
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, session.get_one(Investigation, identifiant))
        fabriques.un_entretien(session, terrain)
        fabriques.un_entretien(session, terrain, archive_le=fabriques.il_y_a(1))
    assert _lire(moteur)[0].entretiens == 1
    assert _terrains(moteur, identifiant)[0].entretiens == 1


def test_un_terrain_se_cree_se_renomme_s_archive_et_se_retablit(moteur: Engine) -> None:
    identifiant = _creer(moteur)
    terrain_id = _terrain(moteur, identifiant)
    lu = _terrains(moteur, identifiant)[0]
    with ecriture(moteur, None) as session:
        investigations.modifier_terrain(
            session, ADMINISTRATION, terrain_id=terrain_id, version=lu.version, nom="Lyon", description="", ordre=3
        )
    with ecriture(moteur, None) as session:
        investigations.archiver_terrain(session, ADMINISTRATION, terrain_id=terrain_id)
    lu = _terrains(moteur, identifiant)[0]
    assert (lu.nom, lu.ordre, lu.archive) == ("Lyon", 3, True)
    with ecriture(moteur, None) as session:
        investigations.retablir_terrain(session, ADMINISTRATION, terrain_id=terrain_id)
    assert not _terrains(moteur, identifiant)[0].archive


def test_deux_terrains_ne_portent_pas_le_meme_nom(moteur: Engine) -> None:
    identifiant, ailleurs = _creer(moteur), _creer(moteur)
    _terrain(moteur, identifiant, "Bourgogne-Franche-Comté")
    with pytest.raises(DonneeInvalide, match="déjà ce nom"):
        _terrain(moteur, identifiant, "bourgogne franche comte")
    _terrain(moteur, ailleurs, "Bourgogne-Franche-Comté")


def test_le_second_a_enregistrer_un_terrain_voit_un_conflit(moteur: Engine) -> None:
    identifiant = _creer(moteur)
    terrain_id = _terrain(moteur, identifiant)
    with pytest.raises(Conflit), ecriture(moteur, None) as session:
        investigations.modifier_terrain(
            session, ADMINISTRATION, terrain_id=terrain_id, version=99, nom="Lyon", description="", ordre=1
        )


def test_ce_qui_n_existe_pas_est_introuvable(moteur: Engine) -> None:
    with lecture(moteur) as session:
        for geste in (
            lambda: investigations.archiver_investigation(session, ADMINISTRATION, investigation_id=99),
            lambda: investigations.archiver_terrain(session, ADMINISTRATION, terrain_id=99),
            lambda: investigations.creer_terrain(session, ADMINISTRATION, investigation_id=99, nom="A"),
            lambda: plan.enregistrer_cibles(session, ADMINISTRATION, terrain_id=99, cibles={}),
        ):
            with pytest.raises(Introuvable):
                geste()


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.DEMONSTRATION])
def test_seule_l_administration_y_touche(moteur: Engine, role: Role) -> None:
    identifiant = _creer(moteur)
    terrain_id = _terrain(moteur, identifiant)
    qui = Perimetre(compte_id=0, role=role, investigation_id=identifiant)
    with lecture(moteur) as session:
        for geste in (
            lambda: investigations.lister_investigations(session, qui),
            lambda: investigations.creer_investigation(session, qui, saisie=SAISIE),
            lambda: investigations.archiver_investigation(session, qui, investigation_id=identifiant),
            lambda: investigations.retablir_investigation(session, qui, investigation_id=identifiant),
            lambda: investigations.lister_terrains(session, qui, investigation_id=identifiant),
            lambda: investigations.creer_terrain(session, qui, investigation_id=identifiant, nom="A"),
            lambda: investigations.archiver_terrain(session, qui, terrain_id=terrain_id),
            lambda: investigations.retablir_terrain(session, qui, terrain_id=terrain_id),
            lambda: plan.lire_cibles(session, qui, terrain_id=terrain_id),
            lambda: plan.enregistrer_cibles(session, qui, terrain_id=terrain_id, cibles={}),
        ):
            with pytest.raises(AccesRefuse):
                geste()


# --- Date des chiffres ---


def test_la_date_des_chiffres_est_figee_ou_celle_du_jour(moteur: Engine) -> None:
    hier = aujourd_hui() - timedelta(days=1)
    figee, courante = _creer(moteur, debut=date(2020, 1, 1), date_arret=hier), _creer(moteur)
    with lecture(moteur) as session:
        lues = [
            date_des_chiffres(session, Perimetre(compte_id=0, role=Role.RELECTEUR, investigation_id=identifiant))
            for identifiant in (figee, courante, None)
        ]
    assert lues == [hier, aujourd_hui(), aujourd_hui()]


# --- Plan ---


def _enregistrer(moteur: Engine, terrain_id: int, cibles: dict[TypeActeur, Cible]) -> dict[TypeActeur, Cible]:
    with ecriture(moteur, None) as session:
        plan.enregistrer_cibles(session, ADMINISTRATION, terrain_id=terrain_id, cibles=cibles)
    return _cibles(moteur, terrain_id)


def _cibles(moteur: Engine, terrain_id: int) -> dict[TypeActeur, Cible]:
    with lecture(moteur) as session:
        return plan.lire_cibles(session, ADMINISTRATION, terrain_id=terrain_id)


def test_le_plan_se_pose_se_change_et_se_retire(moteur: Engine) -> None:
    terrain_id = _terrain(moteur, _creer(moteur))
    assert set(_cibles(moteur, terrain_id).values()) == {Cible()}
    posees = _enregistrer(moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(prevu=8, echeance=date(2026, 12, 1))})
    posee = posees[TypeActeur.ASSOCIATION]
    assert (posee.prevu, posee.echeance) == (8, date(2026, 12, 1))
    changees = _enregistrer(moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(prevu=7, version=posee.version)})
    changee = changees[TypeActeur.ASSOCIATION]
    assert (changee.prevu, changee.echeance) == (7, None)
    _enregistrer(moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(version=changee.version)})
    with lecture(moteur) as session:
        assert session.scalars(select(CiblePlan)).all() == []


@pytest.mark.parametrize("prevu", [-1, 1001])
def test_un_objectif_absurde_est_refuse_et_rien_ne_s_ecrit_a_moitie(moteur: Engine, prevu: int) -> None:
    terrain_id = _terrain(moteur, _creer(moteur))
    with pytest.raises(DonneeInvalide, match="de 0 à 1 000"):
        _enregistrer(
            moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(prevu=3), TypeActeur.ENTREPRISE: Cible(prevu=prevu)}
        )
    assert set(_cibles(moteur, terrain_id).values()) == {Cible()}


def test_deux_personnes_sur_le_meme_plan_voient_un_conflit(moteur: Engine) -> None:
    terrain_id = _terrain(moteur, _creer(moteur))
    _enregistrer(moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(prevu=8)})
    with pytest.raises(Conflit):
        _enregistrer(moteur, terrain_id, {TypeActeur.ASSOCIATION: Cible(prevu=9)})
