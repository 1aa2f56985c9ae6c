"""Durées : les chiffres de la page se refont à la main sur un petit jeu, des deux bases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.analytics.durees import courbe_de_tous
from lib.analytics.episodes import Episodes
from lib.analytics.survie import estimer, survie_aux
from lib.db.modeles import Partenariat
from lib.domain.axes import AxeDuree
from lib.domain.dates_imprecises import ajouter_mois
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PlaceDuree, PrecisionDate, Role, Rythme, StatutEntretien
from lib.services.durees.courbes import VueCourbes, preparer
from lib.services.durees.criteres import CriteresDurees
from lib.services.durees.lecture import EpisodesLus, FiltresDurees, lire_episodes
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRET = date(2026, 11, 20)
P = PlaceDuree


class Monde:
    """Deux terrains, et des épisodes dits par leur durée : « 12 » terminé à 12 mois, « 12+ » en cours à 12 mois."""

    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            self.investigation = fabriques.une_investigation(session, date_arret=ARRET)
            self.marseille = fabriques.un_terrain(session, self.investigation, nom="Marseille", ordre=1)
            self.bfc = fabriques.un_terrain(session, self.investigation, nom="Bourgogne-Franche-Comté", ordre=2)
            self.perimetre = fabriques.un_perimetre(fabriques.un_compte(session, Role.RELECTEUR), self.investigation)

    def poser(self, terrain: object, durees: Sequence[str], **champs: object) -> None:
        for duree in durees:
            mois = int(duree.rstrip("+"))
            self.episode(terrain, ajouter_mois(ARRET, -mois), None if duree.endswith("+") else ARRET, **champs)

    def episode(self, terrain: object, debut: date | None, fin: date | None, **champs: object) -> None:
        valeurs: dict[str, object] = {
            "debut": debut,
            "precision_debut": PrecisionDate.JOUR if debut else PrecisionDate.INCONNUE,
            "fin": fin,
            "precision_fin": PrecisionDate.JOUR if fin else None,
            "motif_fin": MotifFin.BUDGET if fin else None,
            "derniere_nouvelle": fin or ARRET,
        } | champs
        with ecriture(self.moteur, None) as session:
            entreprise, association = (fabriques.une_organisation(session, terrain) for _ in range(2))  # type: ignore[arg-type]
            ligne = Partenariat(
                investigation_id=self.investigation.id,
                terrain_id=terrain.id,  # type: ignore[attr-defined]
                entreprise_id=entreprise.id,
                association_id=association.id,
                **{"mode_recueil": ModeRecueil.PROSPECTIF, "rythme": Rythme.RECURRENT, **valeurs},
            )
            session.add(ligne)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def ensemble(lus: EpisodesLus) -> Episodes:
    return courbe_de_tous(lus.lignes).episodes


def lire(session: Session, monde: Monde, **criteres: object) -> VueCourbes:
    return preparer(session, monde.perimetre, criteres=CriteresDurees(**criteres))  # type: ignore[arg-type]


AML = ["9", "13", "13+", "18", "23", "28+", "31", "34", "45+", "48", "161+"]
"""Le groupe « Maintained » du jeu aml, calculable à la main (survival, R)."""


def test_la_courbe_est_celle_que_l_on_calcule_a_la_main(monde: Monde) -> None:
    monde.poser(monde.marseille, AML)
    with lecture(monde.moteur) as session:
        lues = lire_episodes(session, monde.perimetre)
        vue = lire(session, monde)
    courbe = estimer(ensemble(lues), minimum_a_risque=1)
    survies = [round(point.survie or 0, 3) for point in survie_aux(courbe, [9, 13, 18, 23, 31, 34, 48])]
    assert survies == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]
    assert (courbe.mediane.valeur, courbe.mediane.bas, courbe.mediane.haut) == (31, 13, None)
    assert vue.au == ARRET
    assert vue.mesures == 11
    assert vue.places == {P.TERMINE: 7, P.EN_COURS: 4}
    assert vue.ensemble and [ligne[0] for ligne in vue.ensemble.tableaux[0].lignes] == [
        f"{mois}\N{NO-BREAK SPACE}mois" for mois in (0, 6, 12, 24, 36)
    ]
    douze, vingt_quatre = vue.reperes[1:]
    assert (douze.valeur, vingt_quatre.valeur) == ("91\N{NO-BREAK SPACE}%", "61\N{NO-BREAK SPACE}%")


def test_la_phrase_le_repere_et_le_tableau_disent_le_meme_chiffre(monde: Monde) -> None:
    monde.poser(monde.marseille, AML)
    with lecture(monde.moteur) as session:
        vue = lire(session, monde)
    assert vue.ensemble is not None
    lus = " ".join(vue.ensemble.phrases).replace("\N{NO-BREAK SPACE}", " ")
    assert "Parmi les 11 partenariats suivis, 7 avaient pris fin au 20 novembre 2026 et 4 duraient encore." in lus
    assert "À 12 mois, 91 % durent encore" in lus
    ligne = next(ligne for ligne in vue.ensemble.tableaux[0].lignes if ligne[0] == "12\N{NO-BREAK SPACE}mois")
    assert ligne[1] == vue.reperes[1].valeur
    assert ligne[-1] == "10"  # encore suivis à douze mois


def test_un_episode_ponctuel_court_ne_cache_pas_la_mediane_des_autres(monde: Monde) -> None:
    monde.poser(monde.marseille, ["0"] * 12, rythme=Rythme.PONCTUEL)
    monde.poser(monde.marseille, AML)
    with lecture(monde.moteur) as session:
        tous = lire(session, monde)
        suivis = lire(session, monde, filtres=FiltresDurees(rythme=Rythme.RECURRENT))
    assert (tous.mesures, suivis.mesures) == (23, 11)
    assert (tous.reperes[0].valeur, suivis.reperes[0].valeur) == ("0\N{NO-BREAK SPACE}mois", "31\N{NO-BREAK SPACE}mois")


def test_ce_qui_n_est_pas_mesure_se_compte_a_part(monde: Monde) -> None:
    monde.poser(monde.marseille, ["12", "6+"])
    monde.episode(monde.marseille, None, None)
    monde.episode(monde.marseille, date(2024, 1, 1), None, motif_fin=MotifFin.BUDGET, precision_fin="inconnue")
    monde.episode(monde.marseille, None, None, precision_debut=None, derniere_nouvelle=None)
    monde.episode(monde.marseille, None, None, precision_debut=None, sans_suite_le=date(2026, 1, 1))
    monde.episode(monde.marseille, date(2023, 11, 20), None, derniere_nouvelle=date(2024, 11, 20))
    with lecture(monde.moteur) as session:
        lues = lire_episodes(session, monde.perimetre)
    assert lues.places == {
        P.TERMINE: 1,
        P.EN_COURS: 1,
        P.A_VERIFIER: 1,
        P.DEBUT_INCONNU: 1,
        P.FIN_INCONNUE: 1,
        P.NON_COMMENCE: 2,
    }
    assert {(g.duree, g.termine) for g in ensemble(lues).groupes} == {(12, True), (6, False), (12, False)}


def test_une_fin_posterieure_a_l_arret_n_a_pas_encore_eu_lieu(monde: Monde) -> None:
    monde.episode(monde.marseille, date(2025, 11, 20), date(2026, 12, 20))
    with lecture(monde.moteur) as session:
        lues = lire_episodes(session, monde.perimetre)
    assert [(g.duree, g.termine) for g in ensemble(lues).groupes] == [(12, False)]


def test_vivants_seulement_entrent_a_leur_age_d_observation(monde: Monde) -> None:
    monde.poser(
        monde.marseille, ["24+"], mode_recueil=ModeRecueil.VIVANTS_SEULEMENT, premiere_observation=date(2026, 5, 20)
    )
    monde.poser(monde.marseille, ["24+"], mode_recueil=ModeRecueil.VIVANTS_SEULEMENT, premiere_observation=ARRET)
    with lecture(monde.moteur) as session:
        tous = ensemble(lire_episodes(session, monde.perimetre))
    assert [(g.duree, g.entree) for g in tous.groupes] == [(24, 18)]
    assert tous.sans_suivi == 1


def test_archives_et_entretiens_sans_notice_n_entrent_dans_aucun_chiffre(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        brouillon = fabriques.un_entretien(session, monde.marseille, statut=StatutEntretien.BROUILLON)
    monde.poser(monde.marseille, ["12"], archive_le=fabriques.il_y_a(1))
    monde.poser(monde.marseille, ["12"], source_entretien_id=brouillon.id)
    with lecture(monde.moteur) as session:
        vue = lire(session, monde)
    assert (vue.mesures, vue.ensemble, vue.groupes) == (0, None, None)


def test_par_terrain_chacun_garde_ses_episodes_et_un_terrain_vide_se_dit(monde: Monde) -> None:
    monde.poser(monde.marseille, AML)
    with lecture(monde.moteur) as session:
        vue = lire(session, monde)
    assert vue.groupes is not None
    assert [ligne[:3] for ligne in vue.groupes.tableaux[1].lignes] == [
        ("Marseille", "11", "7"),
        ("Bourgogne-Franche-Comté", "0", "0"),
    ]
    assert "Aucun partenariat suivi sur le terrain Bourgogne-Franche-Comté." in vue.groupes.phrases[1]


def test_un_terrain_non_permis_ne_compte_pas(monde: Monde) -> None:
    monde.poser(monde.marseille, AML)
    monde.poser(monde.bfc, ["12"])
    borne = replace(monde.perimetre, terrains=frozenset({monde.bfc.id}))
    with lecture(monde.moteur) as session:
        lues = lire_episodes(session, borne, axe=AxeDuree.TERRAIN)
    assert lues.places == {P.TERMINE: 1}
    assert [ligne.groupe for ligne in lues.lignes] == ["Bourgogne-Franche-Comté"]


def test_trop_de_terrains_se_reunissent(monde: Monde) -> None:
    monde.poser(monde.marseille, AML)
    with ecriture(monde.moteur, None) as session:
        autres = [fabriques.un_terrain(session, monde.investigation, ordre=rang) for rang in range(3, 12)]
    monde.poser(autres[-1], ["12"] * 2)
    for terrain in autres[:-1]:
        monde.poser(terrain, ["12"])
    with lecture(monde.moteur) as session:
        vue = lire(session, monde)
    assert vue.groupes is not None
    noms = [ligne[0] for ligne in vue.groupes.tableaux[1].lignes]
    assert len(noms) == 8 and noms[0] == "Marseille" and noms[-1] == "Autres"
    assert sum(int(ligne[1]) for ligne in vue.groupes.tableaux[1].lignes) == 21


def test_sans_investigation_rien_ne_se_lit(monde: Monde) -> None:
    with lecture(monde.moteur) as session, pytest.raises(AccesRefuse):
        lire_episodes(session, Perimetre(compte_id=1, role=Role.ADMINISTRATEUR))
