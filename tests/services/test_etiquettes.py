"""La grille évolue sans jamais rien effacer ; deux noms voisins ne s'y glissent pas."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Engine

from lib.analytics.confidentialite import CACHE, PETIT
from lib.db.modeles import Compte, Etiquette, Investigation
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import AccordCitation, FamilleEtiquette, Role
from lib.services import etiquettes
from lib.services.grille import (
    EtiquetteLue,
    TotalCitations,
    compter_citations,
    descendance,
    filtrer,
    lister_grille,
)
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques


@dataclass(frozen=True)
class Monde:
    moteur: Engine
    perimetre: Perimetre

    def creer(self, nom: str, parent: int | None = None, **champs: Any) -> int:
        famille = None if parent else FamilleEtiquette.IRRITANT
        with ecriture(self.moteur, self.perimetre) as session:
            return etiquettes.creer(
                session, self.perimetre, **{"nom": nom, "parent_id": parent, "famille": famille} | champs
            )

    def faire(self, service: Any, etiquette_id: int, perimetre: Perimetre | None = None, **arguments: Any) -> None:
        arguments = {"version": self.lire(etiquette_id).version} | arguments
        with ecriture(self.moteur, self.perimetre) as session:
            service(session, perimetre or self.perimetre, etiquette_id=etiquette_id, **arguments)

    def grille(self, *, archivees: bool = True, **changements: Any) -> tuple[EtiquetteLue, ...]:
        with lecture(self.moteur) as session:
            return lister_grille(session, replace(self.perimetre, **changements), archivees=archivees)

    def lire(self, etiquette_id: int) -> EtiquetteLue:
        return next(etiquette for etiquette in self.grille() if etiquette.id == etiquette_id)

    def arbre(self, *, archivees: bool = False) -> list[str]:
        return ["·" * etiquette.niveau + etiquette.nom for etiquette in self.grille(archivees=archivees)]


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
    return Monde(moteur, fabriques.un_perimetre(compte, investigation))


def test_l_arbre_se_lit_en_profondeur_famille_par_famille(monde: Monde) -> None:
    idee = monde.creer("Annuaire", famille=FamilleEtiquette.IDEE)
    temps = monde.creer("Manque de temps")
    monde.creer("Coût")
    recherche = monde.creer("Recherche chronophage", temps)
    monde.creer("Relances", recherche)
    assert monde.arbre() == ["Manque de temps", "·Recherche chronophage", "··Relances", "Coût", "Annuaire"]
    assert descendance(monde.grille(), temps) == tuple(e.id for e in monde.grille()[:3])
    assert descendance(monde.grille(), idee) == (idee,)


def test_une_etiquette_prend_la_famille_de_son_parent(monde: Monde) -> None:
    besoin = monde.creer("Tiers de confiance", famille=FamilleEtiquette.BESOIN)
    enfant = monde.creer("Mairie", besoin, famille=FamilleEtiquette.IDEE)
    assert monde.lire(enfant).famille is FamilleEtiquette.BESOIN


@pytest.mark.parametrize("nom", ["", "   ", "’", "\u200b"])
def test_un_nom_vide_est_refuse(monde: Monde, nom: str) -> None:
    with pytest.raises(DonneeInvalide, match="Donnez un nom"):
        monde.creer(nom)


@pytest.mark.parametrize("nom", ["Manque de temps", "manque de TEMPS", "Mânque  dè temps"])
def test_un_nom_qui_ne_differe_que_par_les_accents_ou_la_casse_est_signale(monde: Monde, nom: str) -> None:
    monde.creer("Manque de temps")
    with pytest.raises(DonneeInvalide, match="contient déjà «\u00a0Manque de temps\u00a0»"):
        monde.creer(nom)
    assert monde.arbre() == ["Manque de temps"]


def test_un_nom_voisin_se_garde_si_on_le_confirme_jamais_le_meme(monde: Monde) -> None:
    monde.creer("Manque de temps")
    voisine = monde.creer("Manque de Temps", nom_confirme=True)
    with pytest.raises(DonneeInvalide, match="contient déjà"):
        monde.creer("Manque de temps", nom_confirme=True)
    monde.faire(etiquettes.modifier, voisine, nom="Manque de Temps", definition="Sans reconfirmer")
    assert monde.lire(voisine).definition == "Sans reconfirmer"


def test_l_ordre_se_choisit_parmi_les_voisines(monde: Monde) -> None:
    parent = monde.creer("Parent")
    for nom in ("Un", "Deux", "Trois"):
        monde.creer(nom, parent)
    trois = next(e for e in monde.grille() if e.nom == "Trois")
    monde.faire(etiquettes.ordonner, trois.id, rang=1)
    assert monde.arbre() == ["Parent", "·Trois", "·Un", "·Deux"]
    monde.faire(etiquettes.ordonner, trois.id, rang=2)
    assert monde.arbre() == ["Parent", "·Un", "·Trois", "·Deux"]
    monde.faire(etiquettes.ordonner, trois.id, rang=99)
    assert monde.arbre() == ["Parent", "·Un", "·Deux", "·Trois"]


def test_des_voisines_de_meme_ordre_se_rangent_quand_meme(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        investigation = session.get_one(Investigation, monde.perimetre.investigation_id)
        _a, _b, c = (fabriques.une_etiquette(session, investigation, nom=nom, ordre=0) for nom in "ABC")
    monde.faire(etiquettes.ordonner, c.id, rang=1)
    assert monde.arbre() == ["C", "A", "B"]


def test_une_couleur_a_elle_ou_celle_de_sa_famille(monde: Monde) -> None:
    temps = monde.creer("Temps", couleur="#AA0044")
    assert monde.lire(temps).couleur == "#aa0044"
    monde.faire(etiquettes.modifier, temps, nom="Temps")
    assert monde.lire(temps).couleur is None


def test_la_grille_se_filtre_sans_accents_ni_casse(monde: Monde) -> None:
    reseau = monde.creer("Réseau", definition="Se connaître")
    monde.creer("Mairie", reseau)
    monde.creer("Coût")
    grille = monde.grille()
    assert [e.nom for e in filtrer(grille, "RESEAU")] == ["Réseau", "Mairie"]
    assert [e.nom for e in filtrer(grille, "connaitre")] == ["Réseau"]
    assert [e.nom for e in filtrer(grille, "", FamilleEtiquette.IDEE)] == []
    assert len(filtrer(grille, "  ")) == 3


def test_ce_qui_n_a_pas_d_etiquette_a_son_compte(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        investigation = session.get_one(Investigation, monde.perimetre.investigation_id)
        terrain = fabriques.un_terrain(session, investigation)
        for accord in (AccordCitation.NON, AccordCitation.ANONYME):
            texte = fabriques.un_texte(
                session, fabriques.un_entretien(session, terrain, accord_citation=accord), "Le temps manque."
            )
            fabriques.un_verbatim(session, texte, 0, 2)
            seul = fabriques.un_verbatim(session, texte, 3, 8)
            codeur = session.get_one(Compte, monde.perimetre.compte_id)
            fabriques.un_etiquetage(session, seul, fabriques.une_etiquette(session, investigation), codeur)
        refaire(session, investigation.id)
    with lecture(monde.moteur) as session:
        assert compter_citations(session, monde.perimetre) == TotalCitations(
            citations=4,
            entretiens=2,
            sans_etiquette=2,
            entretiens_sans_etiquette=2,
            entretiens_sans_ecrits="2",
        )
        lecteur = replace(monde.perimetre, role=Role.RELECTEUR)
        lus = compter_citations(session, lecteur)
        assert (lus.citations, lus.sans_etiquette) == (2, 1)
        assert (lus.entretiens_sans_ecrits, lus.sans_ecrites) == (PETIT, CACHE)
        assert compter_citations(session, replace(monde.perimetre, terrains=frozenset())) == TotalCitations()


def test_sans_famille_ni_parent_la_creation_est_refusee(monde: Monde) -> None:
    with pytest.raises(DonneeInvalide, match="famille"):
        monde.creer("Orpheline", famille=None)


def test_deux_noms_de_meme_code_recoivent_des_codes_distincts(monde: Monde) -> None:
    for nom in ("Coût !", "Coût ?", "Coût…"):
        monde.creer(nom)
    assert len(monde.arbre()) == 3


def test_renommer_et_definir(monde: Monde) -> None:
    temps = monde.creer("Temps", definition="Avant")
    monde.faire(etiquettes.modifier, temps, nom="Manque de temps", definition=" Le temps manque. ", exclusion="Argent")
    lue = monde.lire(temps)
    assert (lue.nom, lue.nom_recherche, lue.definition, lue.exclusion) == (
        "Manque de temps",
        "manque de temps",
        "Le temps manque.",
        "Argent",
    )


def test_renommer_a_l_identique_n_est_pas_un_doublon(monde: Monde) -> None:
    temps = monde.creer("Manque de temps")
    monde.faire(etiquettes.modifier, temps, nom="Manque de temps")
    monde.faire(etiquettes.modifier, temps, nom="Manque de Temps")
    assert monde.arbre() == ["Manque de Temps"]


def test_le_second_a_modifier_voit_un_conflit(monde: Monde) -> None:
    temps = monde.creer("Temps")
    monde.faire(etiquettes.modifier, temps, nom="Le premier")
    with pytest.raises(Conflit, match="vient de modifier"):
        monde.faire(etiquettes.modifier, temps, version=1, nom="Le second")
    assert monde.arbre() == ["Le premier"]


def test_deplacer_emporte_la_branche_et_sa_famille(monde: Monde) -> None:
    temps = monde.creer("Temps")
    recherche = monde.creer("Recherche", temps)
    besoin = monde.creer("Besoin", famille=FamilleEtiquette.BESOIN)
    monde.faire(etiquettes.deplacer, temps, parent_id=besoin)
    assert monde.arbre() == ["Besoin", "·Temps", "··Recherche"]
    assert monde.lire(recherche).famille is FamilleEtiquette.BESOIN
    monde.faire(etiquettes.deplacer, temps, parent_id=None)
    assert monde.arbre() == ["Besoin", "Temps", "·Recherche"]


def test_deplacer_dans_sa_propre_branche_est_refuse(monde: Monde) -> None:
    temps = monde.creer("Temps")
    recherche = monde.creer("Recherche", temps)
    for arrivee in (temps, recherche):
        with pytest.raises(DonneeInvalide, match="sous elle-même"):
            monde.faire(etiquettes.deplacer, temps, parent_id=arrivee)


def test_archiver_puis_retablir(monde: Monde) -> None:
    temps = monde.creer("Temps")
    monde.faire(etiquettes.archiver, temps)
    assert monde.arbre() == []
    assert monde.arbre(archivees=True) == ["Temps"]
    monde.faire(etiquettes.retablir, temps)
    assert monde.arbre() == ["Temps"]


def test_archiver_un_parent_de_vivantes_est_refuse(monde: Monde) -> None:
    temps = monde.creer("Temps")
    recherche = monde.creer("Recherche", temps)
    with pytest.raises(DonneeInvalide, match="rangées sous"):
        monde.faire(etiquettes.archiver, temps)
    monde.faire(etiquettes.archiver, recherche)
    monde.faire(etiquettes.archiver, temps)
    with pytest.raises(DonneeInvalide, match="Rétablissez d'abord"):
        monde.faire(etiquettes.retablir, recherche)


def test_retablir_un_nom_repris_est_refuse(monde: Monde) -> None:
    temps = monde.creer("Temps")
    monde.faire(etiquettes.archiver, temps)
    monde.creer("temps")
    with pytest.raises(DonneeInvalide, match="contient déjà"):
        monde.faire(etiquettes.retablir, temps)


def test_on_ne_range_rien_sous_une_etiquette_archivee(monde: Monde) -> None:
    temps = monde.creer("Temps")
    monde.faire(etiquettes.archiver, temps)
    with pytest.raises(DonneeInvalide, match="est archivée"):
        monde.creer("Recherche", temps)


def test_les_comptes_viennent_des_syntheses_selon_qui_lit(monde: Monde) -> None:
    temps = monde.creer("Temps")
    with ecriture(monde.moteur, None) as session:
        investigation = session.get_one(Investigation, monde.perimetre.investigation_id)
        terrains = [fabriques.un_terrain(session, investigation) for _ in range(2)]
        for terrain, accord in zip(terrains, (AccordCitation.NON, AccordCitation.ANONYME), strict=True):
            entretien = fabriques.un_entretien(session, terrain, accord_citation=accord)
            texte = fabriques.un_texte(session, entretien, "Le temps manque.")
            verbatim = fabriques.un_verbatim(session, texte, 3, 8)
            codeur = session.get_one(Compte, monde.perimetre.compte_id)
            fabriques.un_etiquetage(session, verbatim, session.get_one(Etiquette, temps), codeur)
        refaire(session, investigation.id)
    lus = [
        monde.grille()[0],
        monde.grille(role=Role.RELECTEUR)[0],
        monde.grille(terrains=frozenset({terrains[0].id}))[0],
    ]
    assert (lus[1].entretiens_ecrits, lus[1].citations_ecrites) == (PETIT, CACHE)
    assert [(lue.citations, lue.entretiens) for lue in lus] == [(2, 2), (0, 0), (1, 1)]


def test_les_lecteurs_lisent_la_grille_sans_la_changer(monde: Monde) -> None:
    temps = monde.creer("Temps")
    lecteur = replace(monde.perimetre, role=Role.RELECTEUR)
    assert [etiquette.nom for etiquette in monde.grille(role=Role.RELECTEUR)] == ["Temps"]
    for service, arguments in (
        (etiquettes.modifier, {"nom": "Autre"}),
        (etiquettes.deplacer, {"parent_id": None}),
        (etiquettes.archiver, {}),
        (etiquettes.retablir, {}),
    ):
        with pytest.raises(AccesRefuse):
            monde.faire(service, temps, lecteur, **arguments)
    with pytest.raises(AccesRefuse), ecriture(monde.moteur, lecteur) as session:
        etiquettes.creer(session, lecteur, nom="Autre", famille=FamilleEtiquette.IDEE)


def test_hors_du_perimetre_la_grille_est_vide_et_introuvable(monde: Monde) -> None:
    temps = monde.creer("Temps")
    ailleurs = replace(monde.perimetre, investigation_id=10**6)
    assert monde.grille(investigation_id=10**6) == ()
    with pytest.raises(Introuvable):
        monde.faire(etiquettes.archiver, temps, ailleurs)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_les_exemples_restent_a_l_equipe(monde: Monde, role: Role) -> None:
    monde.creer("Temps", exemples="« Judith y passe ses soirées »", definition="Manquer d'heures")
    assert monde.grille()[0].exemples
    (lue,) = monde.grille(role=role, fictive=True)
    assert (lue.exemples, lue.definition) == ("", "Manquer d'heures")
