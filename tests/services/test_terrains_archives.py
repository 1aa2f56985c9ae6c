"""Archiver un terrain ne découvre personne : hors de l'équipe, il disparaît, ou ce qui en reste se tait."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from lib.db.base import maintenant
from lib.db.modeles import Investigation, Terrain
from lib.domain.droits import Perimetre
from lib.domain.matrices import AttributMatrice
from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import Releve, Role, TypeActeur
from lib.services.citations import FiltresCitations, lister_citations
from lib.services.exports_secret import charger_tus
from lib.services.matrices.croisement import lire_croisement
from lib.services.restitution.lecture import lire_scene
from lib.services.statistiques import lire_chiffres_publics
from lib.services.syntheses import refaire
from lib.services.tableau_de_bord import lire_vue
from lib.services.transaction import ecriture, lecture
from tests import fabriques

MOTS = "Nous prêtons un camion."
EFFECTIFS = {"Marseille": 5, "Bourgogne": 5, "National": 4}


@dataclass(frozen=True, slots=True)
class Monde:
    """Trois terrains d'associations ; le dernier, archivé, a aussi une entreprise, qui y est seule de son type."""

    investigation: Investigation
    archive: int
    perimetres: dict[Role, Perimetre]


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, fictive=True)
        comptes = {role: fabriques.un_compte(session, role, investigation) for role in Role}
        temps = fabriques.une_etiquette(session, investigation, nom="Temps")
        terrains = {}
        for nom, combien in EFFECTIFS.items():
            terrains[nom] = fabriques.un_terrain(session, investigation, nom=nom)
            for rang in range(combien):
                seule = nom == "National" and not rang
                type_acteur = TypeActeur.ENTREPRISE if seule else TypeActeur.ASSOCIATION
                entretien = fabriques.un_entretien(session, terrains[nom], type_acteur=type_acteur)
                fabriques.un_irritant_releve(session, entretien, temps, Releve.SPONTANE)
                texte = fabriques.un_texte(session, entretien, MOTS)
                passage = fabriques.un_verbatim(session, texte, 0, len(MOTS))
                fabriques.un_etiquetage(session, passage, temps, comptes[Role.ENQUETEUR])
        session.flush()
        refaire(session, investigation.id)
        session.get_one(Terrain, terrains["National"].id).archive_le = maintenant()
        perimetres = {role: fabriques.un_perimetre(comptes[role], investigation) for role in Role}
        return Monde(investigation, terrains["National"].id, perimetres)


def test_la_visite_ne_lit_rien_d_un_terrain_archive(moteur: Engine, monde: Monde) -> None:
    """Le total de la matrice moins celui de l'accueil rendait son effectif ; ses citations disaient son type."""
    visite = monde.perimetres[Role.DEMONSTRATION]
    with lecture(moteur) as session:
        vue = lire_vue(session, visite)
        citations = lister_citations(session, visite, filtres=FiltresCitations())
        entetes = [
            lire_croisement(session, visite, attribut=attribut).entetes[-1]
            for attribut in (AttributMatrice.TERRAIN, AttributMatrice.TYPE_ACTEUR)
        ]
    assert vue.realises_ecrits == "10" and {e.terrain for e in vue.derniers} == {"Marseille", "Bourgogne"}
    assert {(c.terrain, c.type_dit) for c in citations.citations} == {
        ("Marseille", "Association"),
        ("Bourgogne", "Association"),
    }
    assert citations.total == 10 and all("10" in entete for entete in entetes)


def test_la_presentation_compte_les_memes_acteurs_que_les_chiffres_publics(moteur: Engine, monde: Monde) -> None:
    equipe = monde.perimetres[Role.ADMINISTRATEUR]
    with lecture(moteur) as session:
        scenes = [lire_scene(session, equipe, code=code) for code in (CodeScene.RENCONTRES, CodeScene.IRRITANTS)]
        publics = lire_chiffres_publics(session)
    assert publics is not None and publics.chiffres[0].valeur.startswith("10,")
    assert scenes[0] is not None and scenes[0].phrase.startswith("10 acteurs")
    assert scenes[1] is not None and scenes[1].tableaux[0].lignes[0][1:3] == ("10", "10")


def test_un_fichier_hors_de_l_equipe_tait_le_type_des_acteurs_d_un_terrain_archive(
    moteur: Engine, monde: Monde
) -> None:
    with lecture(moteur) as session:
        tus = charger_tus(session, monde.perimetres[Role.RELECTEUR])
    assert {terrain for terrain, _ in tus.dits} == {"Marseille", "Bourgogne"}
    assert ("Marseille", TypeActeur.ASSOCIATION) in tus.dits


def test_l_equipe_lit_toujours_un_terrain_archive(moteur: Engine, monde: Monde) -> None:
    with lecture(moteur) as session:
        citations = lister_citations(session, monde.perimetres[Role.ENQUETEUR], filtres=FiltresCitations())
    assert citations.total == 14
