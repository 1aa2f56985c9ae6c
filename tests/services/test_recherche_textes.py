"""Chercher dans les textes entiers : l'équipe seule, dans son périmètre, avec de quoi s'y reconnaître."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.mots import lire_recherche
from lib.domain.vocabulaire import Role
from lib.services.filtres_citations import FiltresCitations
from lib.services.recherche_textes import LONGUEUR_EXTRAIT, PageTextes, chercher_textes, extraire
from lib.services.transaction import lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _chercher(moteur: Engine, enquete: Enquete, texte: str, role: Role = Role.ENQUETEUR, **filtres: Any) -> PageTextes:
    perimetre: Perimetre = fabriques.un_perimetre(enquete.comptes[role], enquete.investigation)
    if "terrains" in filtres:
        perimetre = replace(perimetre, terrains=filtres.pop("terrains"))
    with lecture(moteur) as session:
        return chercher_textes(session, perimetre, filtres=FiltresCitations(texte=texte, **filtres))


def test_l_equipe_trouve_les_textes_et_leurs_lignes(moteur: Engine, enquete: Enquete) -> None:
    page = _chercher(moteur, enquete, "judith accepte")
    assert [(texte.code, texte.terrain) for texte in page.textes] == [("E-MRS-001", "Marseille")]
    assert page.textes[0].extraits[0].startswith("Judith accepte.")
    assert _chercher(moteur, enquete, "manques temps", terrain_id=enquete.bourgogne).total == 1
    assert _chercher(moteur, enquete, "judith -refuser").total == 1
    assert _chercher(moteur, enquete, "judith -castagnol").total == 0


def test_le_perimetre_et_les_filtres_bornent_la_recherche(moteur: Engine, enquete: Enquete) -> None:
    assert _chercher(moteur, enquete, "judith", terrain_id=enquete.bourgogne).total == 0
    assert _chercher(moteur, enquete, "judith", terrains=frozenset({enquete.bourgogne})).total == 0


@pytest.mark.parametrize("saisie", ["", "  ", "!!", '""'])
def test_ne_rien_chercher_ne_trouve_rien(moteur: Engine, enquete: Enquete, saisie: str) -> None:
    assert _chercher(moteur, enquete, saisie) == PageTextes()


def test_hors_de_l_equipe_aucun_texte_entier(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        _chercher(moteur, enquete, "judith", Role.RELECTEUR)


def test_un_extrait_entoure_ce_qu_on_cherche() -> None:
    long = "rien " * 200 + "puis la préfecture répond " + "rien " * 200
    (extrait,) = extraire(f"Autre ligne\n{long}", lire_recherche("prefectures"))
    assert "préfecture" in extrait and len(extrait) <= LONGUEUR_EXTRAIT + 2
    assert extrait.startswith("…") and extrait.endswith("…")
    assert extraire("Une mairie.\nDeux mairies et un temps.\nUn temps.", lire_recherche("mairie temps")) == (
        "Une mairie.",
        "Deux mairies et un temps.",
    )
