"""Reconnaître une organisation déjà connue malgré une faute, un ordre ou un numéro."""

import pytest

from lib.db.base import maintenant
from lib.db.modeles import Organisation
from lib.domain.erreurs import AccesRefuse
from lib.domain.textes import plier
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services import doublons
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


@pytest.mark.parametrize(
    ("nom", "trouve"),
    [
        ("L'Epicerie des Callanques", True),
        ("Calanques, épicerie", True),
        ("association l'Épicerie des Calanques de Marseille", True),
        ("Boulangerie du Vieux-Port", False),
        ("   ", False),
    ],
)
def test_une_faute_de_frappe_ou_un_autre_ordre_n_empeche_pas_de_reconnaitre(
    un_monde: Monde, nom: str, trouve: bool
) -> None:
    with lecture(un_monde.moteur) as session:
        voisins = doublons.noms_voisins(session, un_monde.perimetre, nom)
        assert [session.get_one(Organisation, cle).nom for cle in voisins] == ["L'Épicerie des Calanques"] * trouve


def test_les_paires_de_meme_numero_viennent_d_abord_et_deux_siren_ne_se_proposent_pas(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        for nom, siren in (
            ("Les Ateliers du Port", None),
            ("Ateliers du Port", None),
            ("Transports Nord", "732829320"),
            ("TN Logistique", "732829320"),
            ("Boulangerie Sud", "356000000"),
            ("Boulangerie Sud", "542065479"),
        ):
            fabriques.une_organisation(
                session, un_monde.terrain, nom=nom, siren=siren, type_acteur=TypeActeur.ENTREPRISE
            )
        fabriques.une_organisation(session, un_monde.terrain, nom="Ateliers du Port")
    with lecture(un_monde.moteur) as session:
        paires = doublons.paires_probables(session, un_monde.perimetre)
    assert [(p.premiere, p.seconde, p.pourquoi) for p in paires] == [
        ("Transports Nord", "TN Logistique", "même SIREN"),
        ("Les Ateliers du Port", "Ateliers du Port", "noms voisins"),
    ]


def test_dans_une_grande_base_seuls_le_siren_et_le_nom_se_cherchent(
    un_monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doublons, "COMPAREES", 8)
    with ecriture(un_monde.moteur, None) as session:
        for nom, siren in (
            ("Zèbre compagnie", None),
            ("Zebre Compagnie", None),
            ("Zebre compagnies", None),
            ("Transports Nord", "732829320"),
            ("TN Logistique", "732829320"),
            *((f"Maison n° {rang}", None) for rang in range(8)),
        ):
            fabriques.une_organisation(session, un_monde.terrain, nom=nom, nom_recherche=plier(nom), siren=siren)
    with lecture(un_monde.moteur) as session:
        paires = doublons.paires_probables(session, un_monde.perimetre)
    assert [(p.premiere, p.seconde, p.pourquoi) for p in paires] == [
        ("Transports Nord", "TN Logistique", "même SIREN"),
        ("Zèbre compagnie", "Zebre Compagnie", "même nom"),
    ]


def test_dans_une_grande_base_les_fiches_deja_reunies_ne_chassent_pas_les_autres(
    un_monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doublons, "COMPAREES", 2)
    monkeypatch.setattr(doublons, "VALEURS", 2)
    with ecriture(un_monde.moteur, None) as session:
        for nom in ("Abeille", "Bouleau", "Cigale", "Dune"):
            gardee = fabriques.une_organisation(session, un_monde.terrain, nom=nom, nom_recherche=plier(nom))
            double = fabriques.une_organisation(session, un_monde.terrain, nom=nom, nom_recherche=plier(nom))
            if nom != "Dune":
                double.fusionnee_dans_id, double.archive_le = gardee.id, maintenant()
    with lecture(un_monde.moteur) as session:
        assert [p.premiere for p in doublons.paires_probables(session, un_monde.perimetre)] == ["Dune"]


def test_les_paires_sont_reservees_a_l_equipe(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    with lecture(un_monde.moteur) as session, pytest.raises(AccesRefuse):
        doublons.paires_probables(session, lecteur)
