"""Les chiffres publics : comptés à la main, sans petite case, sans entretien hors notice."""

from datetime import date

from sqlalchemy import Engine

from lib.analytics.confidentialite import CACHE, PETIT
from lib.db.base import maintenant
from lib.db.modeles import Investigation
from lib.domain.vocabulaire import Releve
from lib.services.statistiques import ChiffresPublics, lire_chiffres_publics
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import preparer


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
