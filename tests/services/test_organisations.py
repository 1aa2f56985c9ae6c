"""Retrouver une organisation sans accents, la créer sans doublon, la corriger sans rien écraser."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Organisation, Territoire
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import NiveauReseau, NiveauTerritoire, Role, TailleEntreprise, TypeActeur
from lib.services import organisations
from lib.services.organisations import DoublonsPossibles, SaisieOrganisation
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


def _chercher(monde: Monde, texte: str, **suite: Any) -> list[str]:
    with lecture(monde.moteur) as session:
        return [o.nom for o in organisations.chercher(session, monde.perimetre, texte=texte, **suite)]


def _creer(monde: Monde, *, doublon_admis: bool = False, **champs: Any) -> int:
    saisie = SaisieOrganisation(**({"nom": "Nouvelle", "type_acteur": TypeActeur.ASSOCIATION} | champs))
    with ecriture(monde.moteur, monde.perimetre) as session:
        return organisations.creer(session, monde.perimetre, saisie, doublon_admis=doublon_admis)


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("epicerie", ["L'Épicerie des Calanques"]),
        ("CALANQUES épic", ["L'Épicerie des Calanques"]),
        ("l’epicerie", ["L'Épicerie des Calanques"]),
        ("frigo", ["Frigolive Logistique"]),
        ("%", []),
        ("   ", []),
        ("inconnue", []),
    ],
)
def test_chercher_sans_accents_ni_casse(un_monde: Monde, texte: str, attendus: list[str]) -> None:
    assert _chercher(un_monde, texte) == attendus


def test_chercher_par_numero_et_par_type(un_monde: Monde) -> None:
    _creer(un_monde, nom="Numérotée", siret="732 829 320 00074", type_acteur=TypeActeur.ENTREPRISE)
    _creer(un_monde, nom="Déclarée", rna="W135247934")
    assert _chercher(un_monde, "732 829") == ["Numérotée"]
    assert _chercher(un_monde, "W1352") == ["Déclarée"]
    assert _chercher(un_monde, "73") == []
    assert _chercher(un_monde, "e", types=(TypeActeur.ENTREPRISE,)) == ["Frigolive Logistique", "Numérotée"]


def test_les_noms_qui_commencent_ainsi_viennent_d_abord_et_la_liste_est_bornee(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        for rang in range(12):
            fabriques.une_organisation(session, un_monde.terrain, nom=f"Atelier frigo {rang:02}")
    trouvees = _chercher(un_monde, "frigo")
    assert trouvees[0] == "Frigolive Logistique"
    assert len(trouvees) == 8


def test_ni_archivee_ni_fusionnee_ni_hors_perimetre(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        autre = fabriques.un_terrain(session, un_monde.investigation)
        ailleurs = fabriques.une_organisation(session, autre, nom="Zèbre d'ailleurs")
        fabriques.une_organisation(session, autre, nom="Zèbre archivé", archive_le=maintenant())
        fabriques.une_organisation(session, autre, nom="Zèbre fondu", fusionnee_dans_id=ailleurs.id)
        fabriques.une_organisation(session, autre, nom="Zèbre national", terrain_id=None)
    assert _chercher(un_monde, "zebre") == ["Zèbre d'ailleurs", "Zèbre national"]
    limite = replace(un_monde.perimetre, terrains=frozenset({un_monde.terrain.id}))
    with lecture(un_monde.moteur) as session:
        assert [o.nom for o in organisations.chercher(session, limite, texte="zebre")] == ["Zèbre national"]
        assert organisations.designer(session, limite, identifiants=[ailleurs.id]) == {}
        with pytest.raises(Introuvable):
            organisations.lire(session, limite, organisation_id=ailleurs.id)


def test_le_resultat_dit_terrain_et_commune(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        session.add(
            Territoire(niveau=NiveauTerritoire.COMMUNE, code="13055", nom="Marseille", nom_recherche="marseille")
        )
    cle = _creer(un_monde, nom="Située", commune_code="13055", terrain_id=un_monde.terrain.id)
    with lecture(un_monde.moteur) as session:
        trouvee = organisations.designer(session, un_monde.perimetre, identifiants=[cle])[cle]
    assert (trouvee.nom, trouvee.terrain, trouvee.commune) == ("Située", "Marseille", "Marseille")


@pytest.mark.parametrize(
    ("champs", "phrase", "champ"),
    [
        ({"nom": "  "}, "Donnez le nom", "nom"),
        ({"nom": "a\0"}, "caractère illisible", "nom"),
        ({"siren": "732829321"}, "clé de contrôle", "siren"),
        ({"siret": "35600000000049"}, "clé de contrôle", "siret"),
        ({"rna": "w231468097"}, "W majuscule", "rna"),
        ({"siren": "356000000", "siret": "73282932000074"}, "n'est pas un établissement", "siret"),
        ({"rna": "W231468097", "type_acteur": TypeActeur.ENTREPRISE}, "pas une entreprise", "rna"),
    ],
)
def test_une_organisation_fautive_se_refuse(un_monde: Monde, champs: dict[str, Any], phrase: str, champ: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        _creer(un_monde, **champs)
    assert refus.value.champ == champ
    with lecture(un_monde.moteur) as session:
        assert fabriques.compter(session, Organisation) == 2


def test_un_etablissement_de_la_poste_se_cree(un_monde: Monde) -> None:
    cle = _creer(un_monde, nom="La Poste Castellane", siret="35600000049837", type_acteur=TypeActeur.ENTREPRISE)
    with lecture(un_monde.moteur) as session:
        assert session.get_one(Organisation, cle).siren == "356000000"


@pytest.mark.parametrize("nom", ["Épicerie des Calanques", "association l'epicerie des calanques", "les Calanques"])
def test_un_nom_voisin_est_propose_avant_de_creer(un_monde: Monde, nom: str) -> None:
    with pytest.raises(DoublonsPossibles) as refus:
        _creer(un_monde, nom=nom)
    assert [o.nom for o in refus.value.doublons] == ["L'Épicerie des Calanques"]
    assert _creer(un_monde, nom=nom, doublon_admis=True) > un_monde.entreprise.id


def test_un_meme_numero_est_propose_avant_le_nom(un_monde: Monde) -> None:
    _creer(un_monde, nom="Première antenne", siren="732829320")
    with pytest.raises(DoublonsPossibles) as refus:
        _creer(un_monde, nom="Épicerie des Calanques", siren="732829320")
    assert [o.nom for o in refus.value.doublons] == ["Première antenne", "L'Épicerie des Calanques"]


def test_un_siret_deja_pris_se_refuse_meme_confirme(un_monde: Monde) -> None:
    _creer(un_monde, nom="Première", siret="73282932000074")
    with pytest.raises(DonneeInvalide, match="porte déjà ce SIRET"):
        _creer(un_monde, nom="Seconde", siret="73282932000074", doublon_admis=True)


def test_les_champs_d_un_autre_type_ne_restent_pas(un_monde: Monde) -> None:
    cle = _creer(un_monde, taille=TailleEntreprise.TPE, niveau_reseau=NiveauReseau.ANTENNE_LOCALE)
    with lecture(un_monde.moteur) as session:
        organisation = session.get_one(Organisation, cle)
        assert (organisation.taille, organisation.niveau_reseau) == (None, NiveauReseau.ANTENNE_LOCALE)


def test_corriger_puis_conflit(un_monde: Monde) -> None:
    with lecture(un_monde.moteur) as session:
        fiche = organisations.lire(session, un_monde.perimetre, organisation_id=un_monde.association.id)
    assert (fiche.saisie.siren, fiche.saisie.nom) == ("", "L'Épicerie des Calanques")
    corrigee = replace(fiche.saisie, nom="L'Épicerie du Port", siren="732829320")
    _corriger(un_monde, corrigee, version=fiche.version)
    assert _chercher(un_monde, "port") == ["L'Épicerie du Port"]
    with pytest.raises(Conflit):
        _corriger(un_monde, corrigee, version=fiche.version)


def test_changer_de_type_emporte_les_entretiens_mais_pas_un_partenariat(un_monde: Monde) -> None:
    un_monde.enregistrer()
    with lecture(un_monde.moteur) as session:
        fiche = organisations.lire(session, un_monde.perimetre, organisation_id=un_monde.association.id)
    _corriger(un_monde, replace(fiche.saisie, type_acteur=TypeActeur.INSTITUTION), version=fiche.version)
    with lecture(un_monde.moteur) as session:
        assert session.scalars(select(Entretien.type_acteur)).one() is TypeActeur.INSTITUTION
    with ecriture(un_monde.moteur, None) as session:
        fabriques.un_partenariat(session, un_monde.entreprise, un_monde.association, un_monde.terrain)
    with pytest.raises(DonneeInvalide, match="son type ne peut plus changer"):
        _corriger(un_monde, replace(fiche.saisie, type_acteur=TypeActeur.EXPERT), version=fiche.version + 1)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_ne_voit_ni_n_ecrit(un_monde: Monde, role: Role) -> None:
    lecteur = replace(un_monde.perimetre, role=role, fictive=True)
    with lecture(un_monde.moteur) as session:
        with pytest.raises(AccesRefuse):
            organisations.chercher(session, lecteur, texte="epicerie")
        with pytest.raises(AccesRefuse):
            organisations.designer(session, lecteur, identifiants=[un_monde.association.id])
    with pytest.raises(AccesRefuse), ecriture(un_monde.moteur, lecteur) as session:
        organisations.creer(session, lecteur, SaisieOrganisation(nom="X", type_acteur=TypeActeur.EXPERT))


def _corriger(monde: Monde, saisie: SaisieOrganisation, *, version: int) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        organisations.corriger(session, monde.perimetre, saisie, organisation_id=monde.association.id, version=version)
