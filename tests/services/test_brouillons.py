"""Une saisie en cours ne se perd pas, ne s'écrase pas d'un onglet à l'autre, et ne compte nulle part."""

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Brouillon, LigneJournal, VersionDonnees
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit
from lib.domain.vocabulaire import Role
from lib.services import brouillons
from lib.services.transaction import ecriture, lecture
from tests import fabriques

SAISIE = {"notes": "« l'été 😡 »\n\0 demi \ud83d", "releves": {"3": "spontane"}, "duree": None}


@pytest.fixture
def perimetre(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        return fabriques.un_perimetre(fabriques.un_compte(session, Role.ENQUETEUR, investigation), investigation)


def test_la_saisie_revient_telle_quelle(moteur: Engine, perimetre: Perimetre) -> None:
    with ecriture(moteur, perimetre) as session:
        instant = brouillons.ecrire(session, perimetre, formulaire="entretien", contenu=SAISIE, attendu=None)
    with lecture(moteur) as session:
        lu = brouillons.lire(session, perimetre, formulaire="entretien")
    assert lu is not None
    assert lu.contenu == SAISIE
    assert lu.modifie_le == instant


def test_un_autre_onglet_n_ecrase_rien(moteur: Engine, perimetre: Perimetre) -> None:
    with ecriture(moteur, perimetre) as session:
        premier = brouillons.ecrire(session, perimetre, formulaire="entretien", contenu={"n": 1}, attendu=None)
    with ecriture(moteur, perimetre) as session:
        brouillons.ecrire(session, perimetre, formulaire="entretien", contenu={"n": 2}, attendu=premier)
    for attendu in (premier, None):
        with pytest.raises(Conflit, match="autre onglet"), ecriture(moteur, perimetre) as session:
            brouillons.ecrire(session, perimetre, formulaire="entretien", contenu={"n": 3}, attendu=attendu)
    with lecture(moteur) as session:
        lu = brouillons.lire(session, perimetre, formulaire="entretien")
    assert lu is not None and lu.contenu == {"n": 2}


def test_une_saisie_effacee_ailleurs_ne_renait_pas(moteur: Engine, perimetre: Perimetre) -> None:
    with ecriture(moteur, perimetre) as session:
        instant = brouillons.ecrire(session, perimetre, formulaire="entretien", contenu={"n": 1}, attendu=None)
        brouillons.effacer(session, perimetre, formulaire="entretien")
    with pytest.raises(Conflit), ecriture(moteur, perimetre) as session:
        brouillons.ecrire(session, perimetre, formulaire="entretien", contenu={"n": 2}, attendu=instant)


def test_chacun_ses_saisies_par_cle_la_plus_recente_d_abord(moteur: Engine, perimetre: Perimetre) -> None:
    autre = Perimetre(compte_id=_un_autre(moteur), role=Role.ENQUETEUR, investigation_id=perimetre.investigation_id)
    with ecriture(moteur, perimetre) as session:
        for cle in ("", "12"):
            brouillons.ecrire(session, perimetre, formulaire="entretien", cle=cle, contenu={}, attendu=None)
        brouillons.ecrire(session, perimetre, formulaire="partenariat", contenu={}, attendu=None)
    with lecture(moteur) as session:
        assert [b.cle for b in brouillons.lister(session, perimetre, formulaire="entretien")] == ["12", ""]
        assert brouillons.lister(session, autre, formulaire="entretien") == ()
        assert brouillons.lire(session, autre, formulaire="entretien") is None


def test_ni_journal_ni_version_des_donnees(moteur: Engine, perimetre: Perimetre) -> None:
    with lecture(moteur) as session:
        avant = _etat(session)
    with ecriture(moteur, perimetre) as session:
        brouillons.ecrire(session, perimetre, formulaire="entretien", contenu=SAISIE, attendu=None)
    with lecture(moteur) as session:
        assert _etat(session) == avant
        assert fabriques.compter(session, Brouillon) == 1


def test_qui_ne_consigne_pas_n_a_pas_de_brouillon(moteur: Engine, perimetre: Perimetre) -> None:
    relecteur = Perimetre(
        compte_id=perimetre.compte_id, role=Role.RELECTEUR, investigation_id=perimetre.investigation_id
    )
    with pytest.raises(AccesRefuse), ecriture(moteur, relecteur) as session:
        brouillons.ecrire(session, relecteur, formulaire="entretien", contenu={}, attendu=None)


def _un_autre(moteur: Engine) -> int:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session).id


def _etat(session: object) -> tuple[object, ...]:
    lire = session.execute  # type: ignore[attr-defined]
    return tuple(lire(select(LigneJournal.id)).all()), tuple(lire(select(VersionDonnees.version)).all())
