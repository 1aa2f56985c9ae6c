"""La page publique lit la base, mais pas à chaque visite."""

from sqlalchemy import Engine

from lib.serveur.chiffres_publics import fournisseur
from lib.serveur.statistiques import ecrire_statistiques
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.enquete import PERSONNES, preparer


def test_les_chiffres_resservent_puis_se_relisent(moteur: Engine) -> None:
    instants = iter([0.0, 299.0, 300.0])
    fournir = fournisseur(lambda: moteur, fraicheur=300.0, horloge=lambda: next(instants))
    assert fournir() is None
    with ecriture(moteur, None) as session:
        fabriques.une_investigation(session)
    assert fournir() is None
    assert fournir() is not None


def test_la_page_ne_nomme_personne(moteur: Engine) -> None:
    preparer(moteur)
    page = ecrire_statistiques(fournisseur(lambda: moteur)())
    assert "4 sur 9 prévus" in page
    assert not any(nom in page for nom in PERSONNES)
