"""Le journal et la version des données se tiennent seuls, dans la même transaction que l'écriture."""

from datetime import date

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lib.db.modeles import Investigation, LigneJournal, VersionDonnees
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services.transaction import ecriture, lecture
from tests import fabriques


def _journal(moteur: Engine) -> list[LigneJournal]:
    with lecture(moteur) as session:
        return list(session.scalars(select(LigneJournal).order_by(LigneJournal.id)))


def test_une_creation_dit_qui_quoi_apres_et_pourquoi(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ADMINISTRATEUR, investigation)
    perimetre = fabriques.un_perimetre(compte, investigation)
    with ecriture(moteur, perimetre, motif="ouverture du terrain") as session:
        fabriques.un_terrain(session, investigation, nom="Marseille")
    ligne = _journal(moteur)[-1]
    assert (ligne.action, ligne.objet, ligne.compte_id) == (ActionJournal.CREATION, "terrains", compte.id)
    assert ligne.apres is not None and ligne.apres["nom"] == "Marseille"
    assert ligne.motif == "ouverture du terrain"


def test_une_modification_garde_avant_et_apres(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, nom="Avant")
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, investigation.id).nom = "Après"
    ligne = _journal(moteur)[-1]
    assert (ligne.avant, ligne.apres) == ({"nom": "Avant"}, {"nom": "Après"})


def test_les_mots_et_les_noms_n_entrent_jamais_au_journal(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        entretien = fabriques.un_entretien(session, terrain)
        fabriques.un_texte(session, entretien, "Un aveu très personnel")
        fabriques.un_interlocuteur(session, fabriques.une_organisation(session, terrain), nom="Jeanne Secrète")
    with moteur.connect() as connexion:
        ecrit = str(connexion.execute(text("SELECT avant, apres FROM journal")).all())
    assert "aveu" not in ecrit
    assert "Secrète" not in ecrit


def test_une_erreur_n_ecrit_ni_la_ligne_ni_le_journal(moteur: Engine) -> None:
    with pytest.raises(DonneeInvalide, match="précède son début"), ecriture(moteur, None) as session:
        fabriques.une_investigation(session, fin=date(2020, 1, 1))
    assert _journal(moteur) == []


@pytest.mark.parametrize("ordre", ["DELETE FROM journal", "UPDATE journal SET motif = 'récrit'"])
def test_la_base_refuse_de_recrire_le_journal(moteur: Engine, ordre: str) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session)
    with pytest.raises(DBAPIError, match="ajout seul"), moteur.begin() as connexion:
        connexion.execute(text(ordre))


def test_chaque_ecriture_avance_la_version_de_sa_seule_investigation(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        ici = fabriques.une_investigation(session)
        ailleurs = fabriques.une_investigation(session)
    avant = _versions(moteur)
    with ecriture(moteur, None) as session:
        fabriques.un_terrain(session, ici)
    apres = _versions(moteur)
    assert apres[ici.id] > avant[ici.id]
    assert apres[ailleurs.id] == avant[ailleurs.id]


def _versions(moteur: Engine) -> dict[int, int]:
    with lecture(moteur) as session:
        return {ligne.investigation_id: ligne.version for ligne in session.scalars(select(VersionDonnees))}


def test_le_second_a_enregistrer_voit_un_conflit(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
    with lecture(moteur) as session:
        vieille = session.get_one(Investigation, investigation.id)
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, investigation.id).nom = "Le premier"
    with pytest.raises(Conflit, match="entre-temps"), ecriture(moteur, None) as session:
        session.add(vieille)
        vieille.nom = "Le second"
    with Session(moteur) as session:
        assert session.get_one(Investigation, investigation.id).nom == "Le premier"


def test_remplacer_une_ligne_du_journal_est_refuse(moteur: Engine) -> None:
    """Le geste de SQLite qui contourne un refus posé sur UPDATE et DELETE seulement ; PostgreSQL ne le connaît pas."""
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session)
    with pytest.raises(DBAPIError, match=r"ajout seul|syntax error"), moteur.begin() as connexion:
        connexion.execute(text("INSERT OR REPLACE INTO journal SELECT * FROM journal"))
