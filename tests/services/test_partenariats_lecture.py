"""Liste, rappels et fiche : ce que chaque compte voit, avec le même statut partout."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from lib.db.modeles import FormePartenariat, Partenariat
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import (
    FormeEngagement,
    MotifFin,
    PlaceDuree,
    PrecisionDate,
    Role,
    Rythme,
    StatutEntretien,
    StatutPartenariat,
    TypeActeur,
    TypeEvenement,
)
from lib.services import partenariats
from lib.services.partenariat_fiche import FichePartenariat, lire_fiche
from lib.services.partenariats_lecture import (
    CriteresPartenariats,
    PagePartenariats,
    a_rappeler,
    lister,
    meme_paire,
)
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRET = date(2026, 11, 20)
S, T = StatutPartenariat, TypeEvenement


class Monde:
    """Une entreprise, trois associations, et de quoi poser des partenariats."""

    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            self.investigation = fabriques.une_investigation(session, date_arret=ARRET)
            self.terrain = fabriques.un_terrain(session, self.investigation, nom="Marseille")
            self.autre = fabriques.un_terrain(session, self.investigation, nom="National")
            compte = fabriques.un_compte(session, Role.ENQUETEUR, self.investigation)
            self.equipe = fabriques.un_perimetre(compte, self.investigation)
            self.lecteur = replace(self.equipe, role=Role.RELECTEUR)
            self.entreprise = fabriques.une_organisation(
                session, self.terrain, type_acteur=TypeActeur.ENTREPRISE, nom="Boulangerie Éphémère"
            )
            self.association = fabriques.une_organisation(session, self.terrain, nom="Épicerie des Calanques")

    def poser(self, debut: date | None = date(2026, 1, 15), **champs: Any) -> Partenariat:
        formes = champs.pop("formes", [FormeEngagement.PRET])
        with ecriture(self.moteur, None) as session:
            partenariat = fabriques.un_partenariat(
                session, self.entreprise, self.association, champs.pop("terrain", self.terrain), debut=debut, **champs
            )
            for rang, forme in enumerate(formes):
                session.add(FormePartenariat(partenariat_id=partenariat.id, forme=forme, principale=rang == 0))
        return partenariat

    def lister(self, perimetre: Perimetre | None = None, page: int = 1, **criteres: Any) -> PagePartenariats:
        with lecture(self.moteur) as session:
            return lister(
                session, perimetre or self.equipe, criteres=CriteresPartenariats(**criteres), page=page, par_page=2
            )

    def fiche(self, partenariat: Partenariat, perimetre: Perimetre | None = None) -> FichePartenariat:
        with lecture(self.moteur) as session:
            return lire_fiche(session, perimetre or self.equipe, partenariat_id=partenariat.id)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def test_une_liste_vide(monde: Monde) -> None:
    page = monde.lister()
    assert (page.lignes, page.total, page.page, page.pages, page.au) == ((), 0, 1, 1, ARRET)


def test_une_ligne_dit_tout_ce_qu_il_faut(monde: Monde) -> None:
    monde.poser(formes=[FormeEngagement.PRET, FormeEngagement.MECENAT_NATURE])
    (ligne,) = monde.lister().lignes
    assert (ligne.entreprise, ligne.association, ligne.terrain) == (
        "Boulangerie Éphémère",
        "Épicerie des Calanques",
        "Marseille",
    )
    assert (ligne.forme, ligne.rythme, ligne.statut) == (FormeEngagement.PRET, Rythme.RECURRENT, S.ACTIF)
    assert ligne.debut is not None and ligne.debut.jour == date(2026, 1, 15)
    assert (ligne.fin, ligne.place) == (None, PlaceDuree.EN_COURS)


def test_la_liste_se_pagine_les_nouvelles_d_abord(monde: Monde) -> None:
    ids = [monde.poser(date(2026, mois, 1)).id for mois in (1, 3, 2)]
    sans_date = monde.poser(None, precision_debut=PrecisionDate.INCONNUE).id
    premiere, seconde = monde.lister(), monde.lister(page=2)
    assert [ligne.id for ligne in premiere.lignes] == [ids[1], ids[2]]
    assert [ligne.id for ligne in seconde.lignes] == [ids[0], sans_date]
    assert (premiere.total, premiere.pages, monde.lister(page=99).page) == (4, 2, 2)


@pytest.mark.parametrize(
    ("criteres", "attendus"),
    [
        ({"statut": S.A_VERIFIER}, {"vieux"}),
        ({"statut": S.ACTIF}, {"recent", "ailleurs"}),
        ({"statut": S.TERMINE}, {"fini"}),
        ({"place": PlaceDuree.TERMINE}, {"fini"}),
        ({"place": PlaceDuree.EN_COURS}, {"recent", "ailleurs"}),
        ({"forme": FormeEngagement.ARRONDI}, {"ailleurs"}),
        ({"rythme": Rythme.PONCTUEL}, {"fini"}),
        ({"recherche": "calanques ephemere"}, {"recent", "ailleurs", "vieux", "fini"}),
        ({"recherche": "inconnue"}, set()),
        ({"recherche": "100%"}, set()),
    ],
)
def test_les_filtres(monde: Monde, criteres: dict[str, Any], attendus: set[str]) -> None:
    noms = {
        monde.poser().id: "recent",
        monde.poser(terrain=monde.autre, formes=[FormeEngagement.PRET, FormeEngagement.ARRONDI]).id: "ailleurs",
        monde.poser(date(2024, 1, 1)).id: "vieux",
        monde.poser(
            date(2024, 1, 1),
            fin=date(2025, 1, 1),
            precision_fin=PrecisionDate.MOIS,
            motif_fin=MotifFin.BUDGET,
            rythme=Rythme.PONCTUEL,
        ).id: "fini",
    }
    with lecture(monde.moteur) as session:
        page = lister(session, monde.equipe, criteres=CriteresPartenariats(**criteres))
    assert {noms[ligne.id] for ligne in page.lignes} == attendus
    assert page.total == len(attendus)


def test_le_terrain_filtre_et_borne(monde: Monde) -> None:
    monde.poser()
    ailleurs = monde.poser(terrain=monde.autre)
    assert [ligne.id for ligne in monde.lister(terrain_id=monde.autre.id).lignes] == [ailleurs.id]
    borne = replace(monde.equipe, terrains=frozenset({monde.autre.id}))
    assert [ligne.id for ligne in monde.lister(borne).lignes] == [ailleurs.id]


def test_qui_ne_lit_pas_les_identites_voit_des_noms_d_emprunt(monde: Monde) -> None:
    partenariat = monde.poser(description="Le patron s'appelle Untel", volume=12, unite="palettes")
    (ligne,) = monde.lister(monde.lecteur).lignes
    assert (ligne.entreprise, ligne.association) == (
        f"Entreprise\N{NO-BREAK SPACE}{monde.entreprise.id}",
        f"Association\N{NO-BREAK SPACE}{monde.association.id}",
    )
    fiche = monde.fiche(partenariat, monde.lecteur)
    assert (fiche.entreprise, fiche.details.description, fiche.details.volume) == (ligne.entreprise, "", None)
    assert not fiche.modifiable
    assert "Boulangerie" not in repr(fiche) and "Untel" not in repr(fiche) and "Camille" not in repr(fiche)


def test_un_nom_reel_ne_se_devine_pas_par_la_recherche(monde: Monde) -> None:
    monde.poser()
    assert monde.lister(monde.lecteur, recherche="calanques").total == monde.lister(monde.lecteur).total == 1
    assert monde.lister(monde.lecteur, recherche="zzz").total == 1
    assert monde.lister(monde.lecteur, recherche=f"association {monde.association.id}").total == 1
    assert monde.lister(monde.lecteur, recherche="association 99999").total == 0


def test_appris_d_un_entretien_sans_notice_il_reste_a_l_equipe(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        brouillon = fabriques.un_entretien(session, monde.terrain, statut=StatutEntretien.BROUILLON)
    partenariat = monde.poser(source_entretien_id=brouillon.id)
    assert (monde.lister().total, monde.lister(monde.lecteur).total) == (1, 0)
    assert monde.fiche(partenariat).source == brouillon.code
    with pytest.raises(Introuvable):
        monde.fiche(partenariat, monde.lecteur)


def test_un_episode_voisin_sans_notice_ne_se_devine_pas(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        brouillon = fabriques.un_entretien(session, monde.terrain, statut=StatutEntretien.BROUILLON)
    cache = monde.poser(source_entretien_id=brouillon.id)
    montre = monde.poser(episode_precedent_id=cache.id)
    suite = monde.poser(source_entretien_id=brouillon.id, episode_precedent_id=montre.id)
    equipe, lecteur = monde.fiche(montre), monde.fiche(montre, monde.lecteur)
    assert (equipe.episode_precedent_id, equipe.episode_suivant_id) == (cache.id, suite.id)
    assert (lecteur.episode_precedent_id, lecteur.episode_suivant_id) == (None, None)


def test_un_episode_voisin_d_un_autre_terrain_ne_se_devine_pas(monde: Monde) -> None:
    ailleurs = monde.poser(terrain=monde.autre)
    ici = monde.poser(episode_precedent_id=ailleurs.id)
    borne = replace(monde.equipe, terrains=frozenset({monde.terrain.id}))
    assert monde.fiche(ici).episode_precedent_id == ailleurs.id
    assert monde.fiche(ici, borne).episode_precedent_id is None


def test_les_archives_se_voient_a_part(monde: Monde) -> None:
    partenariat = monde.poser(archive_le=fabriques.il_y_a(1))
    assert (monde.lister().total, monde.lister(archives=True).total) == (0, 1)
    fiche = monde.fiche(partenariat)
    assert fiche.archive and not fiche.modifiable


def test_a_rappeler_les_plus_anciens_d_abord(monde: Monde) -> None:
    monde.poser()
    ids = [monde.poser(date(annee, 1, 1)).id for annee in (2024, 2022, 2023)]
    with lecture(monde.moteur) as session:
        page = a_rappeler(session, monde.equipe, limite=2)
        assert [ligne.id for ligne in page.lignes] == [ids[1], ids[2]]
        assert page.total == 3
        with pytest.raises(AccesRefuse):
            a_rappeler(session, monde.lecteur)


def test_meme_paire_retrouve_les_episodes_deja_consignes(monde: Monde) -> None:
    partenariat = monde.poser()
    with lecture(monde.moteur) as session:
        entre = {"entreprise_id": monde.entreprise.id, "association_id": monde.association.id}
        assert [ligne.id for ligne in meme_paire(session, monde.equipe, **entre)] == [partenariat.id]
        ailleurs = {**entre, "association_id": monde.association.id + 1000}
        assert meme_paire(session, monde.equipe, **ailleurs) == ()


# --- Fiche ------------------------------------------------------------------------------------------------------


def _creer(monde: Monde, **champs: Any) -> Partenariat:
    saisie: dict[str, Any] = {
        "entreprise_id": monde.entreprise.id,
        "association_id": monde.association.id,
        "terrain_id": monde.terrain.id,
        "mode_recueil": "prospectif",
        "rythme": Rythme.PLURIANNUEL,
        "formes": [FormeEngagement.MECENAT_NATURE, FormeEngagement.PRET],
        "debut": date(2024, 3, 15),
        "precision_debut": PrecisionDate.MOIS,
    } | champs
    with ecriture(monde.moteur, monde.equipe) as session:
        return partenariats.creer(session, monde.equipe, **saisie)


def test_la_fiche_raconte_l_histoire_et_ce_qui_en_a_ete_corrige(monde: Monde) -> None:
    partenariat = _creer(monde, parts={FormeEngagement.PRET: 30}, volume=12.5, unite="palettes")
    for type_evenement, jour in ((T.PAUSE, date(2025, 1, 1)), (T.REPRISE, date(2025, 3, 1)), (T.NOUVELLE, ARRET)):
        with ecriture(monde.moteur, monde.equipe) as session:
            partenariats.ajouter_evenement(
                session,
                monde.equipe,
                partenariat_id=partenariat.id,
                type_evenement=type_evenement,
                date_effet=jour,
                precision=PrecisionDate.JOUR,
            )
    pause = monde.fiche(partenariat).suite[1].fait.id
    with ecriture(monde.moteur, monde.equipe) as session:
        partenariats.corriger_evenement(
            session,
            monde.equipe,
            evenement_id=pause,
            type_evenement=T.PAUSE,
            date_effet=date(2025, 2, 1),
            precision=PrecisionDate.JOUR,
            commentaire="Un mois plus tard",
        )
    fiche = monde.fiche(partenariat)
    assert [lu.fait.type for lu in fiche.suite] == [T.SIGNATURE, T.PAUSE, T.REPRISE, T.NOUVELLE]
    assert (fiche.suite[1].fait.quand.jour, fiche.suite[1].commentaire) == (date(2025, 2, 1), "Un mois plus tard")
    assert fiche.suite[1].saisi_par == "Camille Test"
    (retire,) = fiche.retires
    assert (retire.fait.id, retire.remplace_par) == (pause, fiche.suite[1].fait.id)
    assert (fiche.statut, fiche.place, fiche.duree, fiche.au) == (S.ACTIF, PlaceDuree.EN_COURS, 32, ARRET)
    assert fiche.details.formes == (FormeEngagement.MECENAT_NATURE, FormeEngagement.PRET)
    assert fiche.details.parts == {FormeEngagement.PRET: 30}
    assert (float(fiche.details.volume or 0), fiche.details.unite) == (12.5, "palettes")
    assert not fiche.posterieurs and not fiche.incoherence and fiche.modifiable


def test_les_episodes_se_suivent(monde: Monde) -> None:
    premier = _creer(monde, fin=date(2025, 1, 1), precision_fin=PrecisionDate.JOUR, motif_fin=MotifFin.BUDGET)
    suite = _creer(monde, debut=date(2026, 6, 1), episode_precedent_id=premier.id)
    assert monde.fiche(premier).episode_suivant_id == suite.id
    assert monde.fiche(suite).episode_precedent_id == premier.id


def test_une_histoire_reprise_d_ailleurs_et_impossible_s_ouvre_quand_meme(monde: Monde) -> None:
    partenariat = monde.poser()
    with ecriture(monde.moteur, None) as session:
        fabriques.un_evenement(session, partenariat, T.SIGNATURE, date(2026, 2, 1))
    fiche = monde.fiche(partenariat)
    assert "a déjà un début" in fiche.incoherence
    assert len(fiche.suite) == 2


def test_hors_perimetre_la_fiche_est_introuvable(monde: Monde) -> None:
    partenariat = monde.poser()
    for perimetre in (
        replace(monde.equipe, investigation_id=monde.investigation.id + 1000),
        replace(monde.equipe, terrains=frozenset({monde.autre.id})),
    ):
        with pytest.raises(Introuvable):
            monde.fiche(partenariat, perimetre)
