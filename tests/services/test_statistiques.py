"""Les chiffres publics : comptés à la main, sans petite case, sans entretien hors notice."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.analytics.confidentialite import CACHE, PETIT
from lib.db import partenariats as en_sql
from lib.db.base import maintenant
from lib.db.modeles import Investigation, Partenariat
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Releve, Role, StatutPartenariat
from lib.services import demonstration
from lib.services.partenariats_suivis import suivi
from lib.services.statistiques import REUNIS, ChiffresPublics, compter_statuts, lire_chiffres_publics
from lib.services.syntheses import refaire
from lib.services.tableau_de_bord import lire_vue
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import preparer
from tests.outils.requetes import compter_requetes


def lire(moteur: Engine) -> ChiffresPublics | None:
    with lecture(moteur) as session:
        return lire_chiffres_publics(session)


def valeurs(moteur: Engine) -> dict[str, str]:
    publics = lire(moteur)
    assert publics is not None
    return {chiffre.intitule: chiffre.valeur for chiffre in publics.chiffres}


def test_sans_investigation_rien_a_publier(moteur: Engine) -> None:
    assert lire(moteur) is None


def test_les_chiffres_de_l_enquete(moteur: Engine) -> None:
    preparer(moteur)
    assert valeurs(moteur) == {
        "Entretiens réalisés": "4 sur 9 prévus",
        "Entretiens réalisés : Marseille": f"{CACHE} sur 6 prévus",
        "Entretiens réalisés : Bourgogne": f"{CACHE} sur 3 prévus",
        "Entretiens réalisés : Association": CACHE,
        "Entretiens réalisés : Entreprise": CACHE,
        "Entretiens réalisés : Institution": "0",
        "Entretiens réalisés : Expertise": "0",
        "Irritants partagés": "0",
        "Partenariats suivis": PETIT,
        "Partenariats suivis : En cours": "0",
        "Partenariats suivis : Terminés": "0",
        "Partenariats suivis : À vérifier": PETIT,
        "Partenariats suivis : Pas commencés": "0",
    }


def test_un_irritant_evoque_par_trois_acteurs_est_partage(moteur: Engine) -> None:
    enquete = preparer(moteur)
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, enquete.investigation)
        etiquette = fabriques.une_etiquette(session, enquete.investigation)
        for releve in (Releve.SPONTANE, Releve.RELANCE, Releve.SPONTANE):
            fabriques.un_irritant_releve(session, fabriques.un_entretien(session, terrain), etiquette, releve)
        session.flush()
        refaire(session, enquete.investigation.id)
    assert valeurs(moteur)["Irritants partagés"] == "1"


def test_une_investigation_reelle_cache_la_demonstration(moteur: Engine) -> None:
    preparer(moteur, nom="Démo", fictive=True, date_arret=date(2026, 11, 20))
    assert all("– Démo (données fictives)" in intitule for intitule in valeurs(moteur))
    reelle = preparer(moteur, nom="Vraie", date_arret=date(2026, 10, 30))
    publics = lire(moteur)
    assert publics is not None and publics.arretes_au == date(2026, 10, 30)
    assert not any("Démo" in intitule or "Vraie" in intitule for intitule in valeurs(moteur))
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, reelle.investigation.id).archive_le = maintenant()
    assert all("Démo" in intitule for intitule in valeurs(moteur))


def test_plusieurs_investigations_se_nomment(moteur: Engine) -> None:
    preparer(moteur, nom="Nord")
    preparer(moteur, nom="Sud")
    lus = valeurs(moteur)
    assert lus["Entretiens réalisés – Nord"] == lus["Entretiens réalisés – Sud"] == "4 sur 9 prévus"


@pytest.mark.parametrize("au", [date(2024, 6, 1), date(2026, 11, 20), date(2030, 1, 1)])
def test_les_statuts_reunis_sont_ceux_de_chaque_partenariat(moteur: Engine, au: date) -> None:
    """Tenus en mémoire, comparés à la règle appliquée ligne à ligne."""
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    with lecture(moteur) as session:
        statuts = Counter(session.scalars(select(en_sql.statut(au)).where(suivi()).select_from(Partenariat)))
        reunis = compter_statuts(session, investigation_id, au)
    assert reunis == {
        libelle: sum(statuts[StatutPartenariat(membre).value] for membre in membres)
        for libelle, membres in REUNIS.items()
    }
    assert sum(reunis.values()) == sum(statuts.values()) > 0


def test_cinq_requetes_et_une_par_investigation(moteur: Engine) -> None:
    """Une de plus, la première fois seulement, pour compter les partenariats de chacune."""
    for nom in ("Nord", "Sud", "Est"):
        preparer(moteur, nom=nom)
    for nombre in (5 + 2 * 3, 5 + 3):
        with compter_requetes(moteur) as ordres:
            publics = lire(moteur)
        assert publics is not None and len(publics.chiffres) == 3 * 13
        assert len([ordre for ordre in ordres if ordre.startswith("SELECT")]) == nombre


def test_ce_que_lit_la_visite_a_l_accueil_est_ce_qui_se_publie(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    visite = Perimetre(compte_id=0, role=Role.DEMONSTRATION, investigation_id=investigation_id, fictive=True)
    with lecture(moteur) as session:
        vue = lire_vue(session, visite)
    publies = {intitule.partition(" : ")[2]: valeur for intitule, valeur in valeurs(moteur).items()}
    par_terrain = {nom: total.split(" ")[0] for nom, *_, total in vue.tableau.lignes}
    assert par_terrain and par_terrain == {nom: publies[nom].split(" ")[0] for nom in par_terrain}
    assert vue.realises_ecrits == next(iter(valeurs(moteur).values())).split(" ")[0]
