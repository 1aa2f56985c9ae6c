"""Sortir les chiffres d'une figure : sans arrondi, journalisés, sans petit groupe hors de l'équipe."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lib.db.modeles import LigneJournal
from lib.domain.erreurs import AccesRefuse
from lib.domain.mesures import Mesure
from lib.domain.vocabulaire import ActionJournal, Role
from lib.echanges.tableur import relire_csv
from lib.services.exports_chiffres import ENTETES, Chiffres, sans_petits_groupes, sortir
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde


def _chiffres(*mesures: Mesure) -> Chiffres:
    return Chiffres(
        code="durees-terrain", au=date(2026, 11, 20), filtre="selon le terrain", unite="mois", mesures=mesures
    )


def _groupe(nom: str, effectif: int, **champs: Any) -> list[Mesure]:
    return [
        Mesure(groupe=nom, mesure="effectif", valeur=effectif, effectif=effectif),
        Mesure(groupe=nom, mesure="mediane", valeur=17.25, bas=11.0, effectif=effectif, **champs),
    ]


def test_le_fichier_porte_chaque_valeur_et_le_journal_le_sait(un_monde: Monde) -> None:
    octets = sortir(un_monde.moteur, un_monde.perimetre, _chiffres(*_groupe("Marseille", 42)))
    entetes, *lignes = relire_csv(octets)
    assert entetes == list(ENTETES)
    debut = ["durees-terrain", "20/11/2026", "selon le terrain", "Marseille"]
    assert lignes == [
        [*debut, "effectif", "mois", "", "42", "", "", "42"],
        [*debut, "mediane", "mois", "", "17,25", "11,0", "", "42"],
    ]
    with lecture(un_monde.moteur) as session:
        ligne = session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)).one()
    assert ligne.compte_id == un_monde.compte.id and ligne.apres["tables"] == {"durees-terrain": 2}
    assert ligne.objet_id.endswith("durees-terrain") and ligne.apres["octets"] == len(octets)


def test_hors_de_l_equipe_un_petit_groupe_ne_sort_pas_ni_ce_qui_le_rendrait(un_monde: Monde) -> None:
    mesures = [*_groupe("Marseille", 42), *_groupe("Nièvre", 2), *_groupe("Doubs", 12)]
    assert {m.groupe for m in sans_petits_groupes(mesures)} == {"Marseille"}
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    texte = sortir(un_monde.moteur, lecteur, _chiffres(*mesures)).decode()
    assert "Marseille" in texte and "Nièvre" not in texte and "Doubs" not in texte
    assert "Nièvre" in sortir(un_monde.moteur, un_monde.perimetre, _chiffres(*mesures)).decode()


@pytest.mark.parametrize(("valeur", "sort"), [(0, True), (1, False), (2, False), (3, True), (8, False), (10, True)])
def test_un_compte_qui_en_isole_une_ou_deux_ne_sort_pas(valeur: int, sort: bool) -> None:
    mesure = Mesure(groupe="Tous", mesure="termines", valeur=valeur, effectif=10)
    assert bool(sans_petits_groupes([mesure])) is sort


def test_la_visite_de_demonstration_n_exporte_pas(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.DEMONSTRATION, un_monde.investigation)
        visite = fabriques.un_perimetre(compte, un_monde.investigation, fictive=True)
    with pytest.raises(AccesRefuse):
        sortir(un_monde.moteur, visite, _chiffres(*_groupe("Marseille", 42)))
    with lecture(un_monde.moteur) as session:
        assert fabriques.compter(session, LigneJournal) == len(
            session.scalars(select(LigneJournal).where(LigneJournal.action != ActionJournal.EXPORT)).all()
        )
