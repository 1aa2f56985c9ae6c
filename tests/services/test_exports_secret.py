"""Un fichier sorti hors de l'équipe, toutes ses tables jointes entre elles, ne rend aucun type d'acteur qu'il tait."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.modeles import Organisation, Terrain
from lib.domain.vocabulaire import Role, TypeActeur, TypeEvenement
from lib.echanges.tableur import relire_csv
from lib.services.exports import DemandeExport, FormatExport, produire
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer

Ligne = dict[str, str]
MASQUE = "masqué"
TYPES = tuple(type_.libelle for type_ in TypeActeur)
# Des colonnes que deux tables partagent, sous un nom ou sous un autre.
MEMES = {
    "Entretien source": "Entretien",
    "Entreprise": "Organisation",
    "Association": "Organisation",
    "Dépend de": "Organisation",
    "Épisode précédent n°": "Partenariat n°",
    "Corrige l'événement n°": "Événement n°",
}
CLES = {"Entretien", "Organisation", "Partenariat n°", "Événement n°", "Citation n°"}


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    """Assez d'associations et d'entreprises partout pour que leur type se lise."""
    enquete = preparer(moteur)
    with ecriture(moteur, None) as session:
        for terrain in _terrains(session, enquete):
            for type_acteur in (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE) * 3:
                structure = fabriques.une_organisation(session, terrain, type_acteur=type_acteur)
                fabriques.un_entretien(session, terrain, type_acteur=type_acteur, organisation_id=structure.id)
    return enquete


def _terrains(session: Session, enquete: Enquete) -> list[Terrain]:
    return [session.get_one(Terrain, id_) for id_ in (enquete.marseille, enquete.bourgogne)]


def _rencontrer_des_rares(session: Session, enquete: Enquete) -> None:
    """Une ou deux institutions et expertes par terrain, liées chacune à une association que l'on peut nommer."""
    for terrain, combien in zip(_terrains(session, enquete), ((2, 1), (1, 2)), strict=True):
        nommees = select(Organisation).where(Organisation.terrain_id == terrain.id).order_by(Organisation.id.desc())
        entreprise, tete = session.scalars(nommees.limit(2)).all()
        for type_acteur in (TypeActeur.INSTITUTION,) * combien[0] + (TypeActeur.EXPERT,) * combien[1]:
            rare = fabriques.une_organisation(
                session, terrain, type_acteur=type_acteur, organisation_parente_id=tete.id
            )
            source = fabriques.un_entretien(session, terrain, type_acteur=type_acteur, organisation_id=rare.id).id
            for association in (rare, tete):
                lie = fabriques.un_partenariat(session, entreprise, association, terrain, source_entretien_id=source)
                quand = date(2026, 1, 5)
                fabriques.un_evenement(session, lie, TypeEvenement.NOUVELLE, quand, source_entretien_id=source)


def _tables(moteur: Engine, enquete: Enquete) -> dict[str, list[Ligne]]:
    demande = DemandeExport(format=FormatExport.CSV)
    pret = produire(moteur, enquete.perimetre(Role.RELECTEUR), demande, auteur="essai")
    with zipfile.ZipFile(io.BytesIO(pret.fichier.read())) as archive:
        lues = {nom: relire_csv(archive.read(nom)) for nom in archive.namelist() if nom.endswith(".csv")}
    return {
        nom: [dict(zip(entetes, map(str, ligne), strict=True)) for ligne in lignes]
        for nom, (entetes, *lignes) in lues.items()
    }


def _cles(ligne: Ligne) -> Iterator[tuple[str, str]]:
    for entete, valeur in ligne.items():
        cle = MEMES.get(entete, entete)
        if cle in CLES and valeur not in {"", "None", MASQUE}:
            yield cle, valeur


def _jointes(lignes: list[Ligne], depart: Ligne) -> tuple[list[Ligne], set[tuple[str, str]]]:
    """Tout ce qui se joint à cette ligne, de table en table."""
    atteintes, vues = set(_cles(depart)), [depart]
    while nouvelles := [ligne for ligne in lignes if ligne not in vues and atteintes & set(_cles(ligne))]:
        vues += nouvelles
        for ligne in nouvelles:
            atteintes |= set(_cles(ligne))
    return vues, atteintes


def _types_rendus(tables: dict[str, list[Ligne]]) -> list[tuple[Ligne, Ligne]]:
    """(la ligne dont le type se tait, celle qui le rend)."""
    lignes = [ligne for table in tables.values() for ligne in table]
    rendus = []
    for tue in (ligne for ligne in lignes if ligne.get("Type d'acteur") == MASQUE):
        jointes, atteintes = _jointes(lignes, tue)
        noms = {valeur for cle, valeur in atteintes if cle == "Organisation"}
        for ligne in jointes:
            placee = any(ligne.get(place) in noms for place in ("Entreprise", "Association", "Dépend de"))
            if placee or ligne.get("Type d'acteur") in TYPES:
                rendus.append((tue, ligne))
    return rendus


def test_toutes_les_tables_jointes_ne_rendent_aucun_type_tu(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        _rencontrer_des_rares(session, enquete)
    tables = _tables(moteur, enquete)
    types = {ligne["Type d'acteur"] for ligne in tables["Entretiens.csv"]}
    assert types == {MASQUE, "Association", "Entreprise"} and tables["Partenariats.csv"] and tables["Événements.csv"]
    assert _types_rendus(tables) == []


def test_un_partenariat_dont_rien_ne_se_tait_garde_ses_liens(moteur: Engine, enquete: Enquete) -> None:
    (ligne,) = _tables(moteur, enquete)["Partenariats.csv"]
    assert ligne["Entreprise"].startswith("Entreprise") and ligne["Association"].startswith("Association")
    assert ligne["Entretien source"] == "E-MRS-001"
