"""Sortir les chiffres d'une figure : sans arrondi, journalisés, sans petit groupe hors de l'équipe."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lib.db.modeles import LigneJournal
from lib.domain.erreurs import AccesRefuse
from lib.domain.mesures import Mesure
from lib.domain.vocabulaire import ActionJournal, Role
from lib.echanges.tableur import relire_csv
from lib.services.durees.mesures import proportion
from lib.services.exports_chiffres import ENTETES, Chiffres, nommer, sortir
from lib.services.exports_chiffres_proteges import proteger_mesures
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
    assert {m.groupe for m in proteger_mesures("durees-terrain", mesures)} == {"Marseille"}
    with ecriture(un_monde.moteur, None) as session:
        compte = fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation)
        lecteur = fabriques.un_perimetre(compte, un_monde.investigation)
    with zipfile.ZipFile(io.BytesIO(sortir(un_monde.moteur, lecteur, _chiffres(*mesures)))) as archive:
        texte = archive.read("durees-terrain.csv").decode()
        assert "Une ou deux unités" in archive.read("Lisez-moi.txt").decode().replace("\xa0", " ")
    assert nommer(lecteur, _chiffres()) == ("2026-11-20-durees-terrain.zip", "application/zip")
    assert nommer(un_monde.perimetre, _chiffres()) == ("2026-11-20-durees-terrain.csv", "text/csv")
    assert "Marseille" in texte and "Nièvre" not in texte and "Doubs" not in texte
    assert "Nièvre" in sortir(un_monde.moteur, un_monde.perimetre, _chiffres(*mesures)).decode()


@pytest.mark.parametrize(("valeur", "sort"), [(0, True), (1, False), (2, False), (3, True), (8, False), (10, True)])
def test_un_compte_qui_en_isole_une_ou_deux_ne_sort_pas(valeur: int, sort: bool) -> None:
    mesure = Mesure(groupe="Tous", mesure="termines", valeur=valeur, effectif=10)
    assert bool(proteger_mesures("durees-ensemble", [mesure])) is sort


def _marche(age: float, survie: float, a_risque: int) -> Mesure:
    return Mesure(groupe="Tous", mesure="courbe", age=age, valeur=survie, effectif=a_risque)


def test_hors_de_l_equipe_ni_marche_ni_effectif_a_risque() -> None:
    """Vingt partenariats : quatre fins avant douze mois, une entre douze et vingt-quatre. À vingt-quatre, rien."""
    parts = [
        Mesure(groupe="Tous", mesure="part_en_cours", age=age, valeur=valeur, effectif=n)
        for age, valeur, n in ((12, 0.8, 16), (24, 0.75, 15))
    ]
    comptes = [
        Mesure(groupe="Tous", mesure="effectif", valeur=20, effectif=20),
        Mesure(groupe="Tous", mesure="termines", valeur=8, effectif=20),
    ]
    marches = [_marche(10, 0.8, 20), _marche(20, 0.75, 16), _marche(30, 0.6, 15)]
    sorties = proteger_mesures("durees-ensemble", [*comptes, *parts, *marches])
    assert [(m.mesure, m.age, m.effectif) for m in sorties] == [
        ("effectif", None, 20),
        ("termines", None, 20),
        ("part_en_cours", 12, None),
    ]


def test_hors_de_l_equipe_une_part_tue_ne_se_lit_pas_dans_son_intervalle() -> None:
    mesures = proportion("Pérennisés", "part_perennisee", numerateur=9, denominateur=10)
    assert proteger_mesures("durees-perennisation", mesures) == ()
    assert len(proteger_mesures("d", proportion("P", "part", numerateur=5, denominateur=10))) == 2


def test_hors_de_l_equipe_les_motifs_sortent_ensemble_ou_pas_du_tout() -> None:
    def fins(**comptes: int) -> list[Mesure]:
        return [Mesure(groupe=g, mesure="fins", valeur=n, effectif=20) for g, n in comptes.items()]

    age = Mesure(groupe="Accompli", mesure="incidence", age=12, valeur=0.2, effectif=20)
    assert len(proteger_mesures("durees-motifs", [*fins(Accompli=4, Budget=6), age])) == 2
    assert proteger_mesures("durees-motifs", [*fins(Accompli=4, Budget=1), age]) == ()


def test_hors_de_l_equipe_des_scenarios_emboites_ne_se_soustraient_pas() -> None:
    mesures = [*_groupe("Tous", 42), *_groupe("Sans les à vérifier", 41)]
    sorties = proteger_mesures("durees-sensibilite", mesures)
    assert [(m.mesure, m.effectif) for m in sorties] == [("mediane", None)] * 2


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
