"""Consigner un partenariat, le suivre, le corriger : sur les deux bases."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from lib.db.modeles import EvenementPartenariat, FormePartenariat, LigneJournal, Partenariat
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import (
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Role,
    Rythme,
    TypeActeur,
    TypeEvenement,
)
from lib.services import partenariats
from lib.services.details_partenariat import DetailsPartenariat
from lib.services.transaction import ecriture, lecture
from tests import fabriques

T, JOUR = TypeEvenement, PrecisionDate.JOUR


@dataclass(frozen=True)
class Scene:
    """Une entreprise, une association, et de quoi consigner entre elles."""

    moteur: Engine
    perimetre: Perimetre
    terrain_id: int
    entreprise_id: int
    association_id: int
    institution_id: int
    entretien_id: int

    def saisie(self, **champs: Any) -> dict[str, Any]:
        return {
            "entreprise_id": self.entreprise_id,
            "association_id": self.association_id,
            "terrain_id": self.terrain_id,
            "mode_recueil": ModeRecueil.RETROSPECTIF_COMPLET,
            "rythme": Rythme.RECURRENT,
            "formes": [FormeEngagement.PRET, FormeEngagement.MECENAT_NATURE],
            "debut": date(2024, 3, 15),
            "precision_debut": JOUR,
        } | champs

    def creer(self, **champs: Any) -> int:
        with ecriture(self.moteur, self.perimetre) as session:
            return partenariats.creer(session, self.perimetre, **self.saisie(**champs)).id

    def ajouter(self, partenariat_id: int, type_evenement: T, jour: date | None, **champs: Any) -> int:
        valeurs: dict[str, Any] = {"date_effet": jour, "precision": JOUR if jour else PrecisionDate.INCONNUE} | champs
        with ecriture(self.moteur, self.perimetre) as session:
            return partenariats.ajouter_evenement(
                session, self.perimetre, partenariat_id=partenariat_id, type_evenement=type_evenement, **valeurs
            ).id

    def lire(self, partenariat_id: int) -> Partenariat:
        with lecture(self.moteur) as session:
            return session.get_one(Partenariat, partenariat_id)


@pytest.fixture
def scene(moteur: Engine) -> Scene:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        terrain = fabriques.un_terrain(session, investigation)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        entreprise = fabriques.une_organisation(session, terrain, type_acteur=TypeActeur.ENTREPRISE, nom="Fictive SARL")
        association = fabriques.une_organisation(session, terrain, nom="Asso fictive")
        institution = fabriques.une_organisation(session, terrain, type_acteur=TypeActeur.INSTITUTION, nom="Mairie")
        entretien = fabriques.un_entretien(session, terrain, tenu_le=date(2026, 10, 1))
        return Scene(
            moteur=moteur,
            perimetre=fabriques.un_perimetre(compte, investigation),
            terrain_id=terrain.id,
            entreprise_id=entreprise.id,
            association_id=association.id,
            institution_id=institution.id,
            entretien_id=entretien.id,
        )


# --- Créer ------------------------------------------------------------------------------------------------------


def test_creer_pose_l_evenement_les_formes_et_la_synthese(scene: Scene) -> None:
    partenariat = scene.lire(scene.creer())
    assert (partenariat.debut, partenariat.precision_debut) == (date(2024, 3, 15), JOUR)
    assert partenariat.derniere_nouvelle == date(2024, 3, 15)
    assert partenariat.premiere_observation == aujourd_hui()
    assert partenariat.cree_par == scene.perimetre.compte_id
    with lecture(scene.moteur) as session:
        formes = session.execute(select(FormePartenariat.forme, FormePartenariat.principale)).all()
        types = session.scalars(select(EvenementPartenariat.type)).all()
    assert set(formes) == {(FormeEngagement.PRET, True), (FormeEngagement.MECENAT_NATURE, False)}
    assert types == [T.SIGNATURE]


def test_un_entretien_source_dit_qu_il_durait_encore(scene: Scene) -> None:
    partenariat = scene.lire(scene.creer(source_entretien_id=scene.entretien_id))
    assert partenariat.derniere_nouvelle == partenariat.premiere_observation == date(2026, 10, 1)


def test_connu_parce_qu_il_durait_il_durait_ce_jour_la(scene: Scene) -> None:
    vu = {"mode_recueil": ModeRecueil.VIVANTS_SEULEMENT, "premiere_observation": date(2026, 9, 1)}
    partenariat = scene.lire(scene.creer(**vu))
    assert partenariat.derniere_nouvelle == partenariat.premiere_observation == date(2026, 9, 1)


def test_une_nouvelle_peut_etre_imprecise(scene: Scene) -> None:
    partenariat = scene.lire(scene.creer(en_cours_le=date(2025, 6, 1), precision_en_cours=PrecisionDate.MOIS))
    assert (partenariat.derniere_nouvelle, partenariat.precision_nouvelle) == (date(2025, 6, 15), PrecisionDate.MOIS)
    assert partenariat.premiere_observation == date(2025, 6, 30)


def test_un_partenariat_deja_termine_se_consigne_d_un_coup(scene: Scene) -> None:
    fin = {"fin": date(2025, 1, 1), "precision_fin": PrecisionDate.ANNEE, "motif_fin": MotifFin.BUDGET}
    partenariat = scene.lire(scene.creer(source_entretien_id=scene.entretien_id, **fin))
    assert (partenariat.fin, partenariat.motif_fin) == (date(2025, 7, 2), MotifFin.BUDGET)


def test_un_simple_contact_n_a_pas_de_debut(scene: Scene) -> None:
    partenariat = scene.lire(scene.creer(premier_evenement=T.PREMIER_CONTACT))
    assert (partenariat.premier_contact, partenariat.debut) == (date(2024, 3, 15), None)
    assert partenariat.precision_debut is None


def test_une_date_inconnue_reste_inconnue(scene: Scene) -> None:
    partenariat = scene.lire(scene.creer(debut=None, precision_debut=PrecisionDate.INCONNUE))
    assert (partenariat.debut, partenariat.precision_debut) == (None, PrecisionDate.INCONNUE)
    assert partenariat.derniere_nouvelle is None


@pytest.mark.parametrize(
    ("champs", "phrase", "champ"),
    [
        ({"formes": []}, "au moins une forme", "formes"),
        ({"formes": [FormeEngagement.PRET] * 2}, "choisie deux fois", "formes"),
        ({"parts": {FormeEngagement.ARRONDI: 20}}, "qu'à une forme choisie", "parts"),
        ({"parts": {FormeEngagement.PRET: 80, FormeEngagement.MECENAT_NATURE: 40}}, "leur somme", "parts"),
        ({"volume": 12}, "demande son unité", "unite"),
        ({"volume": -1, "unite": "heures"}, "nombre positif", "volume"),
        ({"volume": float("nan"), "unite": "heures"}, "nombre positif", "volume"),
        ({"unite": "x" * 41}, "tient en 40 caractères", "unite"),
        ({"description": "nul \x00 ici"}, "caractère illisible", "description"),
        ({"debut": None}, "dites qu'elle est inconnue", "date"),
        ({"debut": date(2999, 1, 1)}, "à venir", "date"),
        ({"debut": date(202, 1, 1)}, "faute de frappe", "date"),
        ({"fin": date(2024, 1, 1), "precision_fin": JOUR, "motif_fin": MotifFin.BUDGET}, "précède le début", "date"),
        ({"fin": date(2025, 1, 1), "precision_fin": JOUR}, "demande son motif", "motif"),
        ({"premier_evenement": T.FIN}, "s'ouvre sur", "premier_evenement"),
        (
            {"convention_debut": date(2025, 1, 1), "convention_fin": date(2024, 1, 1)},
            "finit avant de commencer",
            "convention_fin",
        ),
        (
            {
                "mode_recueil": ModeRecueil.VIVANTS_SEULEMENT,
                "fin": date(2025, 1, 1),
                "precision_fin": JOUR,
                "motif_fin": MotifFin.BUDGET,
            },
            "déjà terminé quand on l'a appris",
            "mode_recueil",
        ),
    ],
)
def test_une_mauvaise_saisie_donne_une_phrase_et_n_ecrit_rien(
    scene: Scene, champs: dict[str, Any], phrase: str, champ: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        scene.creer(**champs)
    assert refus.value.champ == champ
    with lecture(scene.moteur) as session:
        assert fabriques.compter(session, Partenariat) == fabriques.compter(session, EvenementPartenariat) == 0


def test_les_deux_organisations_sont_du_bon_type(scene: Scene) -> None:
    with pytest.raises(DonneeInvalide, match="deux organisations différentes"):
        scene.creer(association_id=scene.entreprise_id)
    with pytest.raises(DonneeInvalide, match="Asso fictive n'est pas une entreprise") as refus:
        scene.creer(entreprise_id=scene.association_id, association_id=scene.entreprise_id)
    assert refus.value.champ == "entreprise_id"
    with pytest.raises(DonneeInvalide, match="Mairie n'est pas une association"):
        scene.creer(association_id=scene.institution_id)


def test_hors_perimetre_rien_n_est_trouve(scene: Scene) -> None:
    ailleurs = replace(scene, perimetre=replace(scene.perimetre, investigation_id=10_000))
    with pytest.raises(Introuvable):
        ailleurs.creer()
    partenariat_id = scene.creer()
    with pytest.raises(Introuvable):
        ailleurs.ajouter(partenariat_id, T.NOUVELLE, date(2025, 1, 1))
    borne = replace(scene, perimetre=replace(scene.perimetre, terrains=frozenset({10_000})))
    with pytest.raises(Introuvable):
        borne.ajouter(partenariat_id, T.NOUVELLE, date(2025, 1, 1))


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_n_ecrit_rien(scene: Scene, role: Role) -> None:
    partenariat_id = scene.creer()
    lecteur = replace(scene.perimetre, role=role, fictive=True)
    gestes: list[Callable[..., Any]] = [
        lambda s: partenariats.creer(s, lecteur, **scene.saisie()),
        lambda s: partenariats.ajouter_evenement(
            s, lecteur, partenariat_id=partenariat_id, type_evenement=T.NOUVELLE, date_effet=None, precision=JOUR
        ),
        lambda s: partenariats.corriger_evenement(
            s, lecteur, evenement_id=1, type_evenement=T.NOUVELLE, date_effet=None, precision=JOUR
        ),
        lambda s: partenariats.annuler_evenement(s, lecteur, evenement_id=1),
        lambda s: partenariats.modifier(
            s, lecteur, partenariat_id=partenariat_id, version=1, details=DETAILS, terrain_id=scene.terrain_id
        ),
        lambda s: partenariats.archiver(s, lecteur, partenariat_id=partenariat_id),
        lambda s: partenariats.retablir(s, lecteur, partenariat_id=partenariat_id),
    ]
    for geste in gestes:
        with pytest.raises(AccesRefuse), ecriture(scene.moteur, lecteur) as session:
            geste(session)


# --- Vivre ------------------------------------------------------------------------------------------------------


def test_suspendre_reprendre_renouveler_terminer(scene: Scene) -> None:
    partenariat_id = scene.creer()
    scene.ajouter(partenariat_id, T.PAUSE, date(2024, 6, 1))
    assert scene.lire(partenariat_id).suspendu_depuis == date(2024, 6, 1)
    scene.ajouter(partenariat_id, T.REPRISE, date(2024, 9, 1))
    assert scene.lire(partenariat_id).suspendu_depuis is None
    scene.ajouter(partenariat_id, T.RENOUVELLEMENT, date(2025, 3, 15))
    assert scene.lire(partenariat_id).renouvellements == 1
    scene.ajouter(partenariat_id, T.FIN, date(2026, 3, 15), motif=MotifFin.OBJECTIF_ATTEINT)
    fini = scene.lire(partenariat_id)
    assert (fini.fin, fini.motif_fin, fini.renouvellements) == (date(2026, 3, 15), MotifFin.OBJECTIF_ATTEINT, 1)
    with pytest.raises(DonneeInvalide, match="qui clôt l'épisode"):
        scene.ajouter(partenariat_id, T.NOUVELLE, date(2026, 5, 1))


def test_un_evenement_impossible_n_ecrit_rien(scene: Scene) -> None:
    partenariat_id = scene.creer()
    version = scene.lire(partenariat_id).version
    with pytest.raises(DonneeInvalide, match="n'était pas en pause"):
        scene.ajouter(partenariat_id, T.REPRISE, date(2024, 9, 1))
    assert scene.lire(partenariat_id).version == version
    with lecture(scene.moteur) as session:
        assert fabriques.compter(session, EvenementPartenariat) == 1


def test_corriger_garde_l_ancien_et_refait_la_synthese(scene: Scene) -> None:
    partenariat_id = scene.creer()
    with lecture(scene.moteur) as session:
        debut = session.scalars(select(EvenementPartenariat)).one()
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.corriger_evenement(
            session,
            scene.perimetre,
            evenement_id=debut.id,
            type_evenement=T.SIGNATURE,
            date_effet=date(2022, 1, 1),
            precision=PrecisionDate.ANNEE,
            commentaire="La convention disait 2022",
        )
    assert scene.lire(partenariat_id).debut == date(2022, 7, 2)
    with lecture(scene.moteur) as session:
        ancien, nouveau = session.scalars(select(EvenementPartenariat).order_by(EvenementPartenariat.id)).all()
    assert (ancien.date_effet, nouveau.corrige_id) == (date(2024, 3, 15), ancien.id)
    with pytest.raises(Conflit, match="vient d'être corrigé"):
        _corriger(scene, ancien.id, date(2021, 1, 1))


def test_une_correction_qui_rend_l_histoire_impossible_se_refuse(scene: Scene) -> None:
    partenariat_id = scene.creer()
    fin = scene.ajouter(partenariat_id, T.FIN, date(2025, 1, 1), motif=MotifFin.BUDGET)
    with pytest.raises(DonneeInvalide, match="précède le début"):
        _corriger(scene, fin, date(2023, 1, 1), T.FIN, motif=MotifFin.BUDGET)
    assert scene.lire(partenariat_id).fin == date(2025, 1, 1)


def _corriger(scene: Scene, evenement_id: int, jour: date, type_evenement: T = T.SIGNATURE, **champs: Any) -> None:
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.corriger_evenement(
            session,
            scene.perimetre,
            evenement_id=evenement_id,
            type_evenement=type_evenement,
            date_effet=jour,
            precision=JOUR,
            **champs,
        )


def test_annuler_une_fin_rouvre_le_partenariat(scene: Scene) -> None:
    partenariat_id = scene.creer()
    fin = scene.ajouter(partenariat_id, T.FIN, date(2025, 1, 1), motif=MotifFin.BUDGET)
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.annuler_evenement(session, scene.perimetre, evenement_id=fin, commentaire="Confusion")
    assert scene.lire(partenariat_id).fin is scene.lire(partenariat_id).motif_fin is None
    with pytest.raises(Conflit), ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.annuler_evenement(session, scene.perimetre, evenement_id=fin)


def test_le_dernier_evenement_ne_s_annule_pas(scene: Scene) -> None:
    scene.creer()
    with lecture(scene.moteur) as session:
        seul = session.scalars(select(EvenementPartenariat.id)).one()
    with (
        pytest.raises(DonneeInvalide, match="archivez plutôt ce partenariat"),
        ecriture(scene.moteur, scene.perimetre) as session,
    ):
        partenariats.annuler_evenement(session, scene.perimetre, evenement_id=seul)


def test_la_base_refuse_de_recrire_l_histoire(scene: Scene) -> None:
    scene.creer()
    for ordre in ("UPDATE evenements_partenariat SET annule = true", "DELETE FROM evenements_partenariat"):
        with pytest.raises(DonneeInvalide), ecriture(scene.moteur, None) as session:
            session.execute(text(ordre))


# --- Suites -----------------------------------------------------------------------------------------------------


def _termine(scene: Scene, fin: date) -> int:
    return scene.creer(fin=fin, precision_fin=JOUR, motif_fin=MotifFin.BUDGET)


def test_un_redemarrage_tardif_est_un_nouvel_episode_lie(scene: Scene) -> None:
    premier = _termine(scene, date(2024, 9, 1))
    suite = scene.creer(episode_precedent_id=premier, debut=date(2025, 10, 1))
    assert scene.lire(suite).episode_precedent_id == premier
    with pytest.raises(DonneeInvalide, match="fait déjà suite"):
        scene.creer(episode_precedent_id=premier, debut=date(2026, 1, 1))


def test_un_redemarrage_rapide_est_le_meme_episode(scene: Scene) -> None:
    premier = _termine(scene, date(2024, 9, 1))
    with pytest.raises(DonneeInvalide, match="moins de douze mois") as refus:
        scene.creer(episode_precedent_id=premier, debut=date(2025, 9, 1))
    assert refus.value.champ == "debut"


def test_un_episode_ouvert_n_a_pas_de_suite(scene: Scene) -> None:
    ouvert = scene.creer()
    with pytest.raises(DonneeInvalide, match="n'est pas clos"):
        scene.creer(episode_precedent_id=ouvert)


# --- Détails ----------------------------------------------------------------------------------------------------

DETAILS = DetailsPartenariat(
    mode_recueil=ModeRecueil.PROSPECTIF,
    rythme=Rythme.PLURIANNUEL,
    formes=(FormeEngagement.MECENAT_NATURE,),
    volume=1234.5,
    unite="euros par an",
    description="Invendus\r\nchaque semaine 🥖",
)


def test_modifier_remplace_details_et_formes(scene: Scene) -> None:
    partenariat_id = scene.creer()
    version = scene.lire(partenariat_id).version
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.modifier(
            session,
            scene.perimetre,
            partenariat_id=partenariat_id,
            version=version,
            details=DETAILS,
            terrain_id=scene.terrain_id,
        )
    lu = scene.lire(partenariat_id)
    assert (lu.rythme, lu.volume, lu.unite) == (Rythme.PLURIANNUEL, Decimal("1234.50"), "euros par an")
    assert lu.description == "Invendus\nchaque semaine 🥖"
    with lecture(scene.moteur) as session:
        formes = session.execute(select(FormePartenariat.forme, FormePartenariat.principale)).all()
    assert formes == [(FormeEngagement.MECENAT_NATURE, True)]


def test_la_seconde_personne_voit_le_conflit(scene: Scene) -> None:
    partenariat_id = scene.creer()
    version = scene.lire(partenariat_id).version
    scene.ajouter(partenariat_id, T.NOUVELLE, date(2025, 1, 1))
    with pytest.raises(Conflit), ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.modifier(
            session,
            scene.perimetre,
            partenariat_id=partenariat_id,
            version=version,
            details=DETAILS,
            terrain_id=scene.terrain_id,
        )


def test_archiver_se_retablit(scene: Scene) -> None:
    partenariat_id = scene.creer()
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.archiver(session, scene.perimetre, partenariat_id=partenariat_id)
    with pytest.raises(DonneeInvalide, match="rétablissez-le"):
        scene.ajouter(partenariat_id, T.NOUVELLE, date(2025, 1, 1))
    with ecriture(scene.moteur, scene.perimetre) as session:
        partenariats.retablir(session, scene.perimetre, partenariat_id=partenariat_id)
    scene.ajouter(partenariat_id, T.NOUVELLE, date(2025, 1, 1))
    assert scene.lire(partenariat_id).derniere_nouvelle == date(2025, 1, 1)


def test_chaque_ecriture_laisse_sa_ligne_au_journal(scene: Scene) -> None:
    partenariat_id = scene.creer()
    scene.ajouter(partenariat_id, T.NOUVELLE, aujourd_hui() - timedelta(days=3))
    with lecture(scene.moteur) as session:
        objets = session.scalars(
            select(LigneJournal.objet).where(LigneJournal.compte_id == scene.perimetre.compte_id)
        ).all()
    assert objets.count("evenements_partenariat") == 2
    assert {"partenariats", "formes_partenariat"} <= set(objets)
