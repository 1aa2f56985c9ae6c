"""Les épisodes lus par groupe : chaque axe, chaque filtre, sur les deux bases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import FormePartenariat, Partenariat, SolutionExistante, Territoire
from lib.domain.axes import AxeDuree, LectureDates, UniteDuree
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import (
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    NiveauTerritoire,
    PlaceDuree,
    PrecisionDate,
    Role,
    Rythme,
    TailleEntreprise,
    TypeActeur,
)
from lib.services.durees.lecture import FiltresDurees, exiger_un_debut, lire_episodes
from lib.services.transaction import ecriture, lecture
from tests import fabriques

AU = date(2026, 11, 20)


@pytest.fixture
def perimetre(moteur: Engine) -> Perimetre:
    """Un épisode métropolitain fini en 100 jours chez une TPE par un outil ; un rural en cours, mal connu."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, date_arret=AU)
        marseille = fabriques.un_terrain(session, investigation, nom="Marseille", ordre=2)
        bourgogne = fabriques.un_terrain(session, investigation, nom="Bourgogne", ordre=1)
        for niveau, code, champs in (
            (NiveauTerritoire.EPCI, "200054807", {"type_epci": "METRO"}),
            (NiveauTerritoire.COMMUNE, "13055", {"epci_code": "200054807"}),
        ):
            session.add(Territoire(niveau=niveau, code=code, nom=code, nom_recherche=code, **champs))
        outil = SolutionExistante(investigation_id=investigation.id, nom="Le Phare")
        session.add(outil)
        session.flush()
        tpe = fabriques.une_organisation(
            session, marseille, type_acteur=TypeActeur.ENTREPRISE, taille=TailleEntreprise.TPE
        )
        locale = fabriques.une_organisation(session, marseille, commune_code="13055")
        fini = fabriques.un_partenariat(
            session,
            tpe,
            locale,
            marseille,
            debut=AU - timedelta(days=100),
            fin=AU,
            precision_fin=PrecisionDate.JOUR,
            motif_fin=MotifFin.OBJECTIF_ATTEINT,
            derniere_nouvelle=AU,
            rythme=Rythme.PONCTUEL,
            solution_id=outil.id,
        )
        session.add(FormePartenariat(partenariat_id=fini.id, forme=FormeEngagement.PRET, principale=True))
        session.add(FormePartenariat(partenariat_id=fini.id, forme=FormeEngagement.ARRONDI, principale=False))
        autres = (
            fabriques.une_organisation(session, bourgogne, type_acteur=TypeActeur.ENTREPRISE),
            fabriques.une_organisation(session, bourgogne),
        )
        fabriques.un_partenariat(
            session,
            *autres,
            bourgogne,
            debut=AU - timedelta(days=700),
            derniere_nouvelle=AU - timedelta(days=600),
            mode_recueil=ModeRecueil.VIVANTS_SEULEMENT,
            premiere_observation=AU - timedelta(days=650),
        )
        return fabriques.un_perimetre(fabriques.un_compte(session, Role.RELECTEUR), investigation)


def groupes(moteur: Engine, perimetre: Perimetre, **demande: object) -> list[str]:
    with lecture(moteur) as session:
        lus = lire_episodes(session, perimetre, **demande)  # type: ignore[arg-type]
    return [ligne.groupe for ligne in lus.lignes]


@pytest.mark.parametrize(
    ("axe", "attendus"),
    [
        (None, ["ensemble", "ensemble"]),
        (AxeDuree.TERRAIN, ["Bourgogne", "Marseille"]),
        (AxeDuree.TAILLE, ["TPE", "Taille inconnue"]),
        (AxeDuree.FORME, ["Prêt (locaux, matériel, véhicule)", "Forme inconnue"]),
        (AxeDuree.RYTHME, ["Ponctuel", "Récurrent"]),
        (AxeDuree.OUTIL, ["Le Phare", "Sans outil connu"]),
        (AxeDuree.EPCI, ["Métropole", "Commune inconnue"]),
        (AxeDuree.COHORTE, ["2024 T4", "2026 T3"]),
    ],
)
def test_chaque_axe_fait_ses_groupes(
    moteur: Engine, perimetre: Perimetre, axe: AxeDuree | None, attendus: list[str]
) -> None:
    assert groupes(moteur, perimetre, axe=axe) == attendus


@pytest.mark.parametrize(
    ("filtres", "attendus"),
    [
        ({"rythme": Rythme.PONCTUEL}, ["Marseille"]),
        ({"forme": FormeEngagement.ARRONDI}, ["Marseille"]),
        ({"a_verifier": False}, ["Marseille"]),
        ({"survivants": False}, ["Marseille"]),
        ({"forme": FormeEngagement.CO_CONSTRUCTION}, []),
    ],
)
def test_chaque_filtre_ecarte(
    moteur: Engine, perimetre: Perimetre, filtres: dict[str, object], attendus: list[str]
) -> None:
    voulus = FiltresDurees(**filtres)  # type: ignore[arg-type]
    assert groupes(moteur, perimetre, axe=AxeDuree.TERRAIN, filtres=voulus) == attendus


def test_en_jours_ce_que_disent_les_dates(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        lus = lire_episodes(session, perimetre, axe=AxeDuree.TERRAIN, strates=AxeDuree.TAILLE, unite=UniteDuree.JOURS)
    rural, urbain = lus.lignes
    assert (rural.duree, rural.entree, rural.motif, rural.strate) == (100, 50, None, "")
    assert (urbain.duree, urbain.entree, urbain.motif, urbain.strate) == (100, None, "accompli", "tpe")


def test_a_une_date_passee_la_fin_n_a_pas_eu_lieu(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        lus = lire_episodes(
            session,
            perimetre,
            axe=AxeDuree.TERRAIN,
            unite=UniteDuree.JOURS,
            au=AU - timedelta(days=40),
            filtres=FiltresDurees(survivants=False),
        )
    assert [(ligne.duree, ligne.motif) for ligne in lus.lignes] == [(60, None)]


@pytest.mark.parametrize(
    ("dates", "attendues"),
    [(LectureDates.MILIEU, [100, 100]), (LectureDates.COURTE, [85, 0]), (LectureDates.LONGUE, [115, 282])],
)
def test_une_date_imprecise_se_lit_de_trois_facons(
    moteur: Engine, perimetre: Perimetre, dates: LectureDates, attendues: list[int]
) -> None:
    with ecriture(moteur, None) as session:
        for ligne in session.scalars(select(Partenariat)):
            fini = ligne.rythme is Rythme.PONCTUEL
            ligne.precision_debut = PrecisionDate.MOIS if fini else PrecisionDate.ANNEE
            ligne.mode_recueil = ModeRecueil.PROSPECTIF
    with lecture(moteur) as session:
        lus = lire_episodes(session, perimetre, axe=AxeDuree.RYTHME, unite=UniteDuree.JOURS, dates=dates)
    assert [ligne.duree for ligne in lus.lignes] == attendues


def test_une_entree_ne_depasse_jamais_sa_duree(moteur: Engine, perimetre: Perimetre) -> None:
    with ecriture(moteur, None) as session:
        for ligne in session.scalars(select(Partenariat)):
            ligne.precision_debut = PrecisionDate.ANNEE
    with lecture(moteur) as session:
        lus = lire_episodes(session, perimetre, axe=AxeDuree.RYTHME, dates=LectureDates.COURTE)
    assert [(ligne.duree, ligne.entree) for ligne in lus.lignes] == [(0, None), (0, 0)]


def test_ce_qui_ne_se_mesure_pas_se_compte(moteur: Engine, perimetre: Perimetre) -> None:
    with ecriture(moteur, None) as session:
        ligne = session.scalars(select(Partenariat).where(Partenariat.rythme == Rythme.PONCTUEL)).one()
        ligne.debut, ligne.precision_debut = None, PrecisionDate.INCONNUE
    with lecture(moteur) as session:
        assert lire_episodes(session, perimetre).ecartes == {PlaceDuree.DEBUT_INCONNU: 1}


def test_avant_le_premier_evenement_il_n_y_a_rien_a_mesurer(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        lus = lire_episodes(session, perimetre, au=date(2000, 1, 1))
    assert (lus.mesures, lus.lignes) == (0, ())
    with pytest.raises(DonneeInvalide, match="n'avait commencé au 1"):
        exiger_un_debut(lus)


def test_sans_investigation_ouverte_rien(moteur: Engine, perimetre: Perimetre) -> None:
    ferme = Perimetre(compte_id=perimetre.compte_id, role=Role.RELECTEUR)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        lire_episodes(session, ferme)
