"""Motifs, pérennisation, cohortes, ponctuels, sensibilité : refaits à la main sur de petits jeux."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Partenariat
from lib.domain.axes import AxeDuree
from lib.domain.dates_imprecises import ajouter_mois
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PrecisionDate, Role, Rythme, TypeActeur
from lib.services.durees import courbes, motifs, perennisation, sensibilite
from lib.services.durees.criteres import AUTRES, CriteresDurees, limiter
from lib.services.durees.lecture import FiltresDurees, lire_episodes
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRET = date(2026, 11, 20)


class Monde:
    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            self.investigation = fabriques.une_investigation(session, date_arret=ARRET)
            self.terrain = fabriques.un_terrain(session, self.investigation, nom="Marseille")
            self.paire = (
                fabriques.une_organisation(session, self.terrain, type_acteur=TypeActeur.ENTREPRISE),
                fabriques.une_organisation(session, self.terrain),
            )
            self.perimetre = fabriques.un_perimetre(fabriques.un_compte(session, Role.RELECTEUR), self.investigation)

    def poser(self, mois: int, motif: MotifFin | None = None, **champs: object) -> None:
        """Un épisode commencé il y a tant de mois, fini à la date d'arrêt s'il a un motif."""
        valeurs = {
            "debut": ajouter_mois(ARRET, -mois),
            "derniere_nouvelle": ARRET,
            "fin": ARRET if motif else None,
            "precision_fin": PrecisionDate.JOUR if motif else None,
            "motif_fin": motif,
        } | champs
        with ecriture(self.moteur, None) as session:
            entreprise, association = (session.merge(organisation) for organisation in self.paire)
            terrain = session.merge(self.terrain)
            fabriques.un_partenariat(session, entreprise, association, terrain, **valeurs)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def lisible(phrases: tuple[str, ...]) -> str:
    return " ".join(phrases).translate({0xA0: " ", 0x202F: " "})


# --- Motifs -----------------------------------------------------------------------------------------------------


def test_les_motifs_se_font_concurrence_et_une_fin_accomplie_se_dit(monde: Monde) -> None:
    for motif in (MotifFin.OBJECTIF_ATTEINT, MotifFin.BUDGET, MotifFin.BUDGET, MotifFin.SANS_REPONSE):
        monde.poser(12, motif)
    for _ in range(6):
        monde.poser(30)
    with lecture(monde.moteur) as session:
        bloc = motifs.preparer(session, monde.perimetre, criteres=CriteresDurees()).bloc
    assert bloc is not None
    lu = lisible(bloc.phrases)
    assert "4 fins connues parmi 10 partenariats suivis" in lu
    assert "1 sur 4 ont pris fin parce que l'objectif était atteint" in lu
    assert "À 24 mois, 20 % des partenariats ont pris fin pour le motif « Du côté de l'entreprise »." in lu
    assert [ligne[:2] for ligne in bloc.tableaux[0].lignes] == [
        ("Objectif accompli", "1"),
        ("Du côté de l'entreprise", "2"),
        ("Dans la relation", "1"),
    ]
    assert "Encore en cours : 60 %" in lisible((bloc.alternative,))


def test_sans_fin_connue_pas_de_motif(monde: Monde) -> None:
    monde.poser(12)
    with lecture(monde.moteur) as session:
        assert motifs.preparer(session, monde.perimetre, criteres=CriteresDurees()).bloc is None


# --- Pérennisation ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mois", "motif", "champs", "attendu"),
    [
        (30, None, {"renouvellements": 1}, (1, 1, 0)),
        (30, None, {"renouvellements": 0}, (0, 1, 0)),
        (24, None, {"renouvellements": 1}, (1, 1, 0)),
        (23, None, {"renouvellements": 1}, (0, 0, 0)),
        (30, MotifFin.ESSAIMAGE, {"renouvellements": 2}, (1, 1, 0)),
        (30, MotifFin.BUDGET, {"renouvellements": 2}, (0, 1, 0)),
        (40, MotifFin.ESSAIMAGE, {"renouvellements": 1, "fin": ajouter_mois(ARRET, -30)}, (0, 1, 0)),
        # Sans nouvelle depuis vingt mois : à dix mois de vie on ne sait pas, à trente il avait déjà tenu.
        (30, None, {"renouvellements": 1, "derniere_nouvelle": ajouter_mois(ARRET, -20)}, (0, 0, 1)),
        (50, None, {"renouvellements": 1, "derniere_nouvelle": ajouter_mois(ARRET, -20)}, (1, 1, 0)),
        (30, None, {"renouvellements": 1, "mode_recueil": ModeRecueil.VIVANTS_SEULEMENT}, (0, 0, 0)),
    ],
)
def test_perennise_observable_ou_indetermine(
    monde: Monde, mois: int, motif: MotifFin | None, champs: dict[str, object], attendu: tuple[int, int, int]
) -> None:
    monde.poser(mois, motif, **champs)
    with lecture(monde.moteur) as session:
        lue = perennisation.mesurer(session, monde.perimetre, au=ARRET, filtres=FiltresDurees())
    assert (lue.perennes, lue.observables, lue.indetermines) == attendu


def test_la_definition_suit_le_reglage_de_l_investigation(monde: Monde) -> None:
    monde.poser(13, renouvellements=0)
    with ecriture(monde.moteur, None) as session:
        investigation = session.merge(monde.investigation)
        investigation.seuil_perennisation_mois, investigation.renouvellements_perennisation = 12, 0
    with lecture(monde.moteur) as session:
        lue = perennisation.preparer(session, monde.perimetre, criteres=CriteresDurees())
    assert lue.repere.valeur == "1/1"
    assert "a duré au moins 12 mois, avec au moins 0 renouvellement" in lisible(lue.perennisation.phrases)


def test_sans_observable_pas_de_part(monde: Monde) -> None:
    monde.poser(3)
    with lecture(monde.moteur) as session:
        lue = perennisation.preparer(session, monde.perimetre, criteres=CriteresDurees())
    assert lue.repere.valeur == "Effectif insuffisant"


def test_les_cohortes_vont_de_la_plus_recente_a_la_plus_ancienne(monde: Monde) -> None:
    for _ in range(5):
        monde.poser(14)
    monde.poser(3)
    with lecture(monde.moteur) as session:
        (tableau,) = perennisation.preparer(session, monde.perimetre, criteres=CriteresDurees()).cohortes.tableaux
    assert [(ligne[0], ligne[1]) for ligne in tableau.lignes] == [("2026 T3", "1"), ("2025 T3", "5")]
    assert tableau.lignes[1][3:] == ("100\N{NO-BREAK SPACE}%", "100\N{NO-BREAK SPACE}%", "n. d.")


def test_un_ponctuel_suivi_d_un_durable_entre_les_memes(monde: Monde) -> None:
    monde.poser(20, MotifFin.ACTION_PREVUE_PONCTUELLE, rythme=Rythme.PONCTUEL, fin=ajouter_mois(ARRET, -20))
    monde.poser(2, rythme=Rythme.PONCTUEL)
    monde.poser(10)
    with lecture(monde.moteur) as session:
        lue = perennisation.preparer(session, monde.perimetre, criteres=CriteresDurees())
    assert "2 partenariats ponctuels commencés, 1 récurrent ou pluriannuel." in lisible(lue.ponctuels.phrases)
    assert "1 sur 2 ponctuels" in lisible(lue.ponctuels.phrases)


# --- Sensibilité ------------------------------------------------------------------------------------------------


def test_les_memes_medianes_en_changeant_ce_que_l_on_garde(monde: Monde) -> None:
    for mois in (6, 8, 10, 12, 14, 16, 18) * 2:
        monde.poser(mois, MotifFin.BUDGET)
    for mois in (36, 40) * 2:
        monde.poser(mois, derniere_nouvelle=ajouter_mois(ARRET, -13))
    with lecture(monde.moteur) as session:
        bloc = sensibilite.preparer(session, monde.perimetre, criteres=CriteresDurees()).bloc
    assert bloc is not None
    lus = {ligne[0].replace("\N{NO-BREAK SPACE}", " "): (ligne[1], ligne[4]) for ligne in bloc.tableaux[0].lignes}
    assert lus["Tous les épisodes mesurés"] == ("18", "14\N{NO-BREAK SPACE}mois")
    assert lus["Sans ceux « à vérifier »"] == ("14", "12\N{NO-BREAK SPACE}mois")
    assert "Seulement : Forme inconnue" in lus
    assert "La date retenue pour les débuts imprécis ne change pas la médiane." in lisible(bloc.phrases)
    assert "la durée médiane va de 12 à 14 mois" in lisible(bloc.phrases)


def test_rien_a_mesurer_n_est_pas_une_erreur(monde: Monde) -> None:
    with lecture(monde.moteur) as session:
        assert sensibilite.preparer(session, monde.perimetre, criteres=CriteresDurees()).bloc is None
        assert motifs.preparer(session, monde.perimetre, criteres=CriteresDurees()).bloc is None


# --- Groupes ----------------------------------------------------------------------------------------------------


def test_trop_de_groupes_se_reunissent_sans_perdre_d_episode(monde: Monde) -> None:
    for trimestre in range(12):
        monde.poser(3 * trimestre + 1)
    monde.poser(1)
    with lecture(monde.moteur) as session:
        lignes = lire_episodes(session, monde.perimetre, axe=AxeDuree.COHORTE).lignes
    limitees = limiter(lignes, maximum=4)
    noms = list(dict.fromkeys(ligne.groupe for ligne in limitees))
    assert len(noms) == 4 and noms[-1] == AUTRES and "2026 T4" in noms
    assert sum(ligne.effectif for ligne in limitees) == sum(ligne.effectif for ligne in lignes) == 13


def test_par_taille_la_comparaison_se_dit_et_se_tait_sous_dix_fins(monde: Monde) -> None:
    for mois in (6, 8, 10, 12, 14, 16):
        monde.poser(mois, MotifFin.BUDGET)
        monde.poser(mois + 20, MotifFin.BUDGET, rythme=Rythme.PLURIANNUEL)
    with lecture(monde.moteur) as session:
        vue = courbes.preparer(session, monde.perimetre, criteres=CriteresDurees(axe=AxeDuree.RYTHME))
    assert vue.groupes is not None
    lu = lisible(vue.groupes.phrases)
    assert "Parmi les 6 partenariats suivis pour « Récurrent »" in lu
    assert "un partenariat dure en moyenne" in lu and "Effectif insuffisant pour un test" in lu
    legendes = [tableau.legende for tableau in vue.groupes.tableaux]
    assert any(legende.startswith("Durée moyenne restreinte") for legende in legendes)


@pytest.mark.parametrize("partie", [courbes, motifs, perennisation, sensibilite])
def test_sans_investigation_ouverte_rien(monde: Monde, partie: object) -> None:
    ferme = Perimetre(compte_id=1, role=Role.RELECTEUR)
    with lecture(monde.moteur) as session, pytest.raises(AccesRefuse):
        partie.preparer(session, ferme, criteres=CriteresDurees(au=ARRET))  # type: ignore[attr-defined]


def test_un_partenariat_archive_ne_compte_pas(monde: Monde) -> None:
    monde.poser(30, renouvellements=1)
    with ecriture(monde.moteur, None) as session:
        session.scalars(select(Partenariat)).one().archive_le = fabriques.il_y_a(1)
    with lecture(monde.moteur) as session:
        lue = perennisation.mesurer(session, monde.perimetre, au=ARRET, filtres=FiltresDurees())
    assert lue.observables == 0
