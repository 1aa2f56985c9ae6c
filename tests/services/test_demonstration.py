"""Charger la démonstration : déterministe, cohérente, dans une base vide seulement."""

import random
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from lib.db.modeles import (
    CitationPartenariat,
    Compte,
    Entretien,
    Etiquetage,
    Investigation,
    LigneJournal,
    Partenariat,
    Texte,
    Verbatim,
)
from lib.domain.dates_imprecises import DateImprecise
from lib.domain.erreurs import DonneeInvalide
from lib.domain.partenariats import Evenement, reconstituer
from lib.domain.vocabulaire import ActionJournal, PrecisionDate, StatutEntretien
from lib.services import demonstration, syntheses
from lib.services.demonstration.histoires import Histoire, tirer_histoire
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRET = date(2026, 11, 20)


@pytest.fixture
def investigation_id(moteur: Engine) -> int:
    with ecriture(moteur, None) as session:
        return demonstration.charger(session)


def _nombre(session: Session, modele: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(modele).where(*conditions)) or 0  # type: ignore[arg-type]


def test_les_volumes_de_la_demonstration(moteur: Engine, investigation_id: int) -> None:
    with lecture(moteur) as session:
        assert _nombre(session, Entretien, Entretien.statut == StatutEntretien.REALISE) == 27
        assert _nombre(session, Partenariat) == 90
        assert _nombre(session, Verbatim) >= 380
        assert session.get_one(Investigation, investigation_id).fictive
        assert _nombre(session, Compte, Compte.demonstration.is_(False)) == 0


def test_chaque_citation_est_bien_a_sa_place(moteur: Engine, investigation_id: int) -> None:
    with lecture(moteur) as session:
        lignes = session.execute(
            select(Verbatim.citation, Verbatim.debut, Verbatim.fin, Texte.contenu).join(
                Texte, Texte.id == Verbatim.texte_id
            )
        ).all()
    assert [citation for citation, debut, fin, contenu in lignes if contenu[debut:fin] != citation] == []


def test_des_partenariats_portent_ce_que_leur_entretien_en_dit(moteur: Engine, investigation_id: int) -> None:
    cites = (
        select(func.count())
        .select_from(CitationPartenariat)
        .join(Partenariat, Partenariat.id == CitationPartenariat.partenariat_id)
        .join(Verbatim, Verbatim.id == CitationPartenariat.verbatim_id)
        .where(Verbatim.entretien_id == Partenariat.source_entretien_id)
    )
    with lecture(moteur) as session:
        assert session.scalar(cites) == _nombre(session, CitationPartenariat) == 4


def test_les_syntheses_chargees_sont_justes(moteur: Engine, investigation_id: int) -> None:
    with lecture(moteur) as session:
        assert syntheses.verifier(session, investigation_id) == []


def test_deux_chargements_donnent_la_meme_chose(moteur: Engine, investigation_id: int, tmp_path: Path) -> None:
    from lib.db.migrer import migrer
    from lib.db.moteur import ouvrir_moteur

    autre = ouvrir_moteur(f"sqlite:///{tmp_path / 'autre.db'}")
    migrer(autre)
    with ecriture(autre, None) as session:
        demonstration.charger(session)
    requete = text("SELECT type, date_effet, motif FROM evenements_partenariat ORDER BY id")
    with moteur.connect() as a, autre.connect() as b:
        assert [tuple(map(str, ligne)) for ligne in a.execute(requete)] == [
            tuple(map(str, ligne)) for ligne in b.execute(requete)
        ]
    autre.dispose()


def test_on_peut_ecrire_apres_le_chargement(moteur: Engine, investigation_id: int) -> None:
    """Les identifiants donnés d'avance n'entrent pas en collision avec les suivants (séquences de PostgreSQL)."""
    with ecriture(moteur, None) as session:
        investigation = session.get_one(Investigation, investigation_id)
        entretien = fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
    assert entretien.id > 27


def test_une_base_qui_sert_deja_refuse_la_demonstration(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session)
    with pytest.raises(DonneeInvalide, match="n'est pas vide"), ecriture(moteur, None) as session:
        demonstration.charger(session)


def test_le_chargement_laisse_une_ligne_au_journal(moteur: Engine, investigation_id: int) -> None:
    with lecture(moteur) as session:
        ligne = session.scalars(select(LigneJournal)).one()
    assert (ligne.action, ligne.investigation_id) == (ActionJournal.CHARGEMENT, investigation_id)


def test_la_part_des_partenariats_a_verifier_et_ouverts(moteur: Engine, investigation_id: int) -> None:
    with lecture(moteur) as session:
        commences = _nombre(session, Partenariat, Partenariat.precision_debut.is_not(None))
        ouverts = _nombre(
            session, Partenariat, Partenariat.precision_debut.is_not(None), Partenariat.motif_fin.is_(None)
        )
        a_verifier = _nombre(
            session,
            Partenariat,
            Partenariat.motif_fin.is_(None),
            Partenariat.precision_debut.is_not(None),
            Partenariat.derniere_nouvelle < date(2025, 11, 20),
        )
        imprecis = _nombre(
            session, Partenariat, Partenariat.precision_debut.in_([PrecisionDate.MOIS, PrecisionDate.ANNEE])
        )
    assert 0.3 <= ouverts / commences <= 0.5
    assert 7 <= a_verifier <= 16
    assert imprecis >= 10


def test_une_histoire_au_jour_pres_se_raconte_toujours_dans_l_ordre() -> None:
    """Seules des dates vagues peuvent n'admettre aucun ordre ; le chargement retire alors au sort."""
    precises = 0
    for graine in range(120):
        evenements = _raconter(tirer_histoire(random.Random(graine), "bfc", ARRET))
        if all(evenement.quand.precision is PrecisionDate.JOUR for evenement in evenements):
            precises += 1
            assert reconstituer(evenements).derniere_nouvelle is not None
    assert precises > 40


def _raconter(histoire: Histoire) -> list[Evenement]:
    return [
        Evenement(id=rang, type=e.type, quand=DateImprecise(e.date_effet, e.precision), su_le=ARRET, motif=e.motif)
        for rang, e in enumerate(histoire.evenements, start=1)
    ]


@pytest.mark.lent
def test_a_plus_grande_echelle_le_meme_monde_grandit(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session, 80)
    with lecture(moteur) as session:
        assert _nombre(session, Entretien, Entretien.statut == StatutEntretien.REALISE) == 80
        assert _nombre(session, Partenariat) == 240
        assert _nombre(session, Etiquetage) > 53 * 100
        assert syntheses.verifier(session, investigation_id) == []
