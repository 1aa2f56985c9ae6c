"""La chronologie lue en base : rangée par groupe, pseudonyme hors de l'équipe, réunie quand il y en a trop."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from lib.domain.axes import AxeDuree
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import PlaceDuree, PrecisionDate, Role, Rythme, TypeActeur
from lib.services import chronologie
from lib.services.chronologie import CriteresChronologie, VueChronologie
from lib.services.durees.lecture import FiltresDurees
from lib.services.transaction import ecriture, lecture
from tests import fabriques

AU = date(2026, 11, 20)


class Monde:
    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            self.investigation = fabriques.une_investigation(session, date_arret=AU)
            self.terrains = [
                fabriques.un_terrain(session, self.investigation, nom=nom, ordre=rang)
                for rang, nom in enumerate(("Marseille", "Bourgogne"))
            ]
            self.perimetres = {
                role: fabriques.un_perimetre(fabriques.un_compte(session, role, self.investigation), self.investigation)
                for role in (Role.ENQUETEUR, Role.RELECTEUR)
            }

    def poser(self, terrain: int, annee: int, nombre: int = 1, **champs: object) -> None:
        with ecriture(self.moteur, None) as session:
            lieu = session.merge(self.terrains[terrain])
            entreprise = fabriques.une_organisation(session, lieu, type_acteur=TypeActeur.ENTREPRISE, nom="Fournil")
            association = fabriques.une_organisation(session, lieu, nom="Panier")
            for rang in range(nombre):
                debut = date(annee, 3, 1) + timedelta(days=rang)
                valeurs = {"debut": debut, "derniere_nouvelle": AU} | champs
                fabriques.un_partenariat(session, entreprise, association, lieu, **valeurs)

    def lire(self, role: Role = Role.ENQUETEUR, **criteres: object) -> VueChronologie:
        with lecture(self.moteur) as session:
            return chronologie.preparer(
                session,
                self.perimetres[role],
                criteres=CriteresChronologie(**criteres),  # type: ignore[arg-type]
            )


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def test_un_trait_par_episode_range_par_terrain(monde: Monde) -> None:
    monde.poser(1, 2024)
    monde.poser(0, 2025, precision_debut=PrecisionDate.ANNEE)
    monde.poser(0, 2023, derniere_nouvelle=date(2024, 1, 1))
    vue = monde.lire()
    assert [(t.groupe, t.debut.year, t.place) for t in vue.traits] == [
        ("Marseille", 2023, PlaceDuree.A_VERIFIER),
        ("Marseille", 2025, PlaceDuree.EN_COURS),
        ("Bourgogne", 2024, PlaceDuree.EN_COURS),
    ]
    assert [t.imprecis for t in vue.traits] == [False, True, False]
    assert vue.traits[0].fin == date(2024, 1, 1) and vue.traits[1].fin == AU
    assert vue.traits[0].libelle == "Fournil – Panier" and "partenariat=" in vue.traits[0].adresse
    assert not vue.reunis and vue.phrase.startswith("3")


def test_hors_de_l_equipe_les_noms_sont_d_emprunt(monde: Monde) -> None:
    monde.poser(0, 2024)
    (trait,) = monde.lire(Role.RELECTEUR).traits
    assert "Fournil" not in trait.libelle and "Panier" not in trait.libelle


@pytest.mark.parametrize(("axe", "groupe"), [(AxeDuree.FORME, "Forme inconnue"), (AxeDuree.TAILLE, "Taille inconnue")])
def test_ranger_autrement(monde: Monde, axe: AxeDuree, groupe: str) -> None:
    monde.poser(0, 2024)
    assert [trait.groupe for trait in monde.lire(axe=axe).traits] == [groupe]


def test_les_filtres_ecartent(monde: Monde) -> None:
    monde.poser(0, 2024)
    monde.poser(1, 2024, rythme=Rythme.PONCTUEL)
    filtres = FiltresDurees(rythme=Rythme.PONCTUEL)
    assert [trait.groupe for trait in monde.lire(filtres=filtres).traits] == ["Bourgogne"]
    assert monde.lire(filtres=FiltresDurees(terrain_id=monde.terrains[0].id)).traits[0].groupe == "Marseille"


def test_trop_nombreux_ils_se_reunissent_par_annee_sans_se_perdre(
    monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronologie, "TRAITS_MAXIMUM", 3)
    monde.poser(0, 2024, 3)
    monde.poser(0, 2025, 2)
    monde.poser(1, 2024)
    vue = monde.lire()
    assert vue.reunis and "Plus de" in vue.phrase
    assert [(t.groupe, t.libelle.replace("\N{NO-BREAK SPACE}", " ")) for t in vue.traits] == [
        ("Marseille", "2024 – 3 partenariats, 3 en cours"),
        ("Marseille", "2025 – 2 partenariats, 2 en cours"),
        ("Bourgogne", "2024 – 1 partenariat, 1 en cours"),
    ]
    assert all(trait.adresse == "" and trait.fin == AU for trait in vue.traits)


def test_sans_investigation_ouverte_rien(monde: Monde) -> None:
    ferme = Perimetre(compte_id=1, role=Role.RELECTEUR)
    with lecture(monde.moteur) as session, pytest.raises(AccesRefuse):
        chronologie.preparer(session, ferme, criteres=CriteresChronologie())
