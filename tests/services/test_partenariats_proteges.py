"""Ce que la visite lit des partenariats : des comptes, jamais un seul, et rien que la présentation ne cacherait."""

from datetime import date

import pytest
from sqlalchemy import Engine

from lib.analytics.confidentialite import CACHE, PETIT, REGLE
from lib.db.modeles import Partenariat
from lib.domain.dates_imprecises import ajouter_mois
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PrecisionDate, Role, Rythme, TypeActeur
from lib.services import chronologie, partenariat_fiche, partenariats_lecture
from lib.services.durees import courbes, motifs, perennisation, sensibilite
from lib.services.durees.criteres import CriteresDurees
from lib.services.indicateurs import lire_indicateurs
from lib.services.partenariats_proteges import (
    BlocProtege,
    lire_comptes_proteges,
    lire_debuts_proteges,
    lire_durees_protegees,
)
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ARRET = date(2026, 11, 20)


def poser(moteur: Engine, *episodes: tuple[int, bool]) -> Perimetre:
    """Chaque épisode : son début (mois avant l'arrêt), et s'il est fini. Terrains en alternance."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, date_arret=ARRET, fictive=True)
        compte = fabriques.un_compte(session, Role.DEMONSTRATION, investigation)
        terrains = [fabriques.un_terrain(session, investigation, nom=n, ordre=r) for r, n in enumerate(("Un", "Deux"))]
        for rang, (mois, fini) in enumerate(episodes):
            lieu = terrains[rang % 2]
            entreprise = fabriques.une_organisation(session, lieu, type_acteur=TypeActeur.ENTREPRISE)
            session.add(
                Partenariat(
                    investigation_id=investigation.id,
                    terrain_id=lieu.id,
                    entreprise_id=entreprise.id,
                    association_id=fabriques.une_organisation(session, lieu).id,
                    mode_recueil=ModeRecueil.PROSPECTIF,
                    rythme=Rythme.RECURRENT,
                    debut=ajouter_mois(ARRET, -mois),
                    precision_debut=PrecisionDate.JOUR,
                    fin=ARRET if fini else None,
                    precision_fin=PrecisionDate.JOUR if fini else None,
                    motif_fin=MotifFin.BUDGET if fini else None,
                    derniere_nouvelle=ARRET,
                )
            )
    return fabriques.un_perimetre(compte, investigation)


BEAUCOUP = [(mois, fini) for mois in (5, 11, 20, 40) for fini in (True, False) for _ in range(3)]


def lignes(blocs: tuple[BlocProtege, ...]) -> dict[str, str]:
    return {ligne[0]: ligne[1] for bloc in blocs for tableau in bloc.tableaux for ligne in tableau.lignes}


def test_assez_de_partenariats_se_comptent(moteur: Engine) -> None:
    visite = poser(moteur, *BEAUCOUP)
    with lecture(moteur) as session:
        comptes = lignes(lire_comptes_proteges(session, visite))
        debuts = lire_debuts_proteges(session, visite)
        durees = lire_durees_protegees(session, visite)
    assert comptes["Un"] == comptes["Deux"] == "12" and comptes["En cours"] == comptes["Terminés"] == "12"
    assert lignes(debuts) == {"2023": "6", "2025": "12", "2026": "6", "Ensemble": "24"}
    assert debuts[0].figure is not None and "2025" in debuts[0].alternative
    assert [bloc.titre for bloc in durees] == ["Combien de temps cela dure", "Pourquoi cela s'arrête"]
    assert all(any("trois" in n or "< 3" in n.replace("\xa0", " ") for n in bloc.notes) for bloc in durees)
    assert REGLE in debuts[0].notes


def test_une_petite_annee_ne_se_lit_ni_ne_se_deduit(moteur: Engine) -> None:
    visite = poser(moteur, *BEAUCOUP, (60, True))
    with lecture(moteur) as session:
        debuts = lignes(lire_debuts_proteges(session, visite))
    assert debuts["2021"] == PETIT and CACHE in debuts.values() and debuts["Ensemble"] == "25"


def test_sous_trois_partenariats_rien_ne_s_ouvre(moteur: Engine) -> None:
    visite = poser(moteur, (5, True), (20, False))
    with lecture(moteur) as session:
        comptes, debuts = lire_comptes_proteges(session, visite), lire_debuts_proteges(session, visite)
    assert set(lignes(comptes).values()) <= {PETIT, CACHE, "0"}
    assert debuts[0].tableaux == () and debuts[0].figure is None


def test_sans_partenariat_rien_a_lire(moteur: Engine) -> None:
    visite = poser(moteur)
    with lecture(moteur) as session:
        assert lire_comptes_proteges(session, visite) == lire_debuts_proteges(session, visite) == ()
        assert lire_durees_protegees(session, visite) == ()


def test_le_detail_est_ferme_a_la_visite(moteur: Engine) -> None:
    visite, criteres = poser(moteur, *BEAUCOUP), CriteresDurees()
    with lecture(moteur) as session:
        for preparer in (courbes.preparer, motifs.preparer, perennisation.preparer, sensibilite.preparer):
            with pytest.raises(AccesRefuse):
                preparer(session, visite, criteres=criteres)  # type: ignore[operator]
        with pytest.raises(AccesRefuse):
            chronologie.preparer(session, visite, criteres=chronologie.CriteresChronologie())
        with pytest.raises(AccesRefuse):
            partenariats_lecture.lister(session, visite, criteres=partenariats_lecture.CriteresPartenariats())
        with pytest.raises(AccesRefuse):
            partenariat_fiche.preparer(session, visite, partenariat_id=1)


def test_les_indicateurs_ne_donnent_pas_les_effectifs_a_risque(moteur: Engine) -> None:
    """D'un âge à l'autre, leur différence compterait des partenariats un par un."""
    visite = poser(moteur, *BEAUCOUP)
    with lecture(moteur) as session:
        lus = {i.code.value: i for i in lire_indicateurs(session, visite).tous}
    for code in ("duree_mediane", "survie_12_mois", "survie_24_mois"):
        assert lus[code].numerateur is None and lus[code].denominateur is None
    assert lus["survie_12_mois"].valeur is not None
