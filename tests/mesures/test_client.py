"""Le client de charge parle encore à Streamlit épinglé, et sait reconnaître la page qu'on lui sert."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib.config import reglages
from lib.db.moteur import ouvrir_moteur
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from tests import fabriques
from tests.mesures.client import Demande, HorsBoucleLocale, Relance, Visiteur, empreinte_de_page
from tests.mesures.mesures import PageEnDefaut, Poste, verifier
from tests.mesures.serveurs import servir_application, servir_vide_regle, temps_processeur
from tests.outils.serveur import Serveur


def _relancer(serveur: Serveur, demande: Demande) -> Relance:
    """Une relance, dans un fil à soi : le navigateur des autres tests tient déjà une boucle dans celui-ci."""
    with ThreadPoolExecutor(max_workers=1) as fil:
        return fil.submit(lambda: asyncio.run(_ouvrir_puis_relancer(serveur, demande))).result()


async def _ouvrir_puis_relancer(serveur: Serveur, demande: Demande) -> Relance:
    async with Visiteur(serveur.adresse, demande) as visiteur:
        return await visiteur.relancer()


@pytest.fixture(scope="module")
def application(modele_sqlite: Path) -> Iterator[Serveur]:
    """Un vrai serveur, une vraie base, une session ouverte sous le jeton « banc »."""
    base = f"sqlite:///{modele_sqlite.with_name('banc.db')}"
    modele_sqlite.with_name("banc.db").write_bytes(modele_sqlite.read_bytes())
    moteur = ouvrir_moteur(base)
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        fabriques.une_session_ouverte(session, compte, investigation, jeton="banc")
    moteur.dispose()
    with servir_application(base) as serveur:
        yield serveur


def test_la_page_vide_se_relance() -> None:
    with servir_vide_regle() as serveur:
        avant = temps_processeur(serveur.pid)
        relance = _relancer(serveur, Demande())
        assert temps_processeur(serveur.pid) > avant
    assert relance.duree > 0 and relance.messages >= 2 and relance.octets > 0
    assert not relance.defauts


def test_la_page_demandee_est_servie_a_la_personne_connectee(application: Serveur) -> None:
    relance = _relancer(application, Demande(adresse="compte", temoins={reglages().temoin: "banc"}))
    assert relance.page == empreinte_de_page("compte")
    assert relance.titres == ["Mon compte"] and not relance.defauts


def test_sans_session_le_client_voit_qu_il_n_a_pas_la_page(application: Serveur) -> None:
    demande = Demande(adresse="compte")
    relance = _relancer(application, demande)
    with pytest.raises(PageEnDefaut, match="la page de connexion"):
        verifier(Poste(serveur=application, demande=demande), relance)


def test_le_client_ne_vise_que_cette_machine() -> None:
    with pytest.raises(HorsBoucleLocale):
        Visiteur("http://exemple.fr", Demande())
