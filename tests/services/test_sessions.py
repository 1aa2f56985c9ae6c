"""La session de connexion : billet à usage unique, révocation, inactivité, investigation ouverte."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Compte, Habilitation, Investigation, LigneJournal, SessionOuverte
from lib.domain.droits import peut_lire
from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services import sessions
from lib.services.sessions import DUREE_ABSOLUE, DUREE_INACTIVE, Acces
from lib.services.transaction import ecriture, lecture
from tests import fabriques

MAINTENANT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def enquete(moteur: Engine) -> tuple[Compte, Investigation]:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        return fabriques.un_compte(session, Role.ENQUETEUR, investigation), investigation


def _billet(moteur: Engine, compte: Compte) -> str:
    with ecriture(moteur, None) as session:
        return sessions.creer_billet(session, compte.id, MAINTENANT)


def _echanger(moteur: Engine, billet: str, apres: timedelta = timedelta(0)) -> str:
    with ecriture(moteur, None) as session:
        return sessions.echanger_billet(session, billet, MAINTENANT + apres)


def _acces(moteur: Engine, jeton: str, apres: timedelta = timedelta(0)) -> Acces | None:
    """L'accès lu par les deux voies, qui doivent dire la même chose."""
    with lecture(moteur) as session:
        acces = sessions.lire_acces(session, jeton, MAINTENANT + apres)
    assert sessions.lire_acces_du_passage(moteur, jeton, MAINTENANT + apres) == acces
    return acces


def _ouvrir(moteur: Engine, compte: Compte) -> str:
    return _echanger(moteur, _billet(moteur, compte))


def _ouvert(moteur: Engine, jeton: str) -> Acces:
    acces = _acces(moteur, jeton)
    assert acces is not None
    return acces


def test_un_billet_ouvre_une_session_sur_l_investigation_permise(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    compte, investigation = enquete
    acces = _ouvert(moteur, _ouvrir(moteur, compte))
    assert (acces.perimetre.compte_id, acces.perimetre.investigation_id) == (compte.id, investigation.id)


def test_un_billet_ne_sert_qu_une_fois(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    billet = _billet(moteur, enquete[0])
    _echanger(moteur, billet)
    with pytest.raises(Introuvable, match="expiré"):
        _echanger(moteur, billet)


def test_un_billet_meurt_au_bout_d_une_minute(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    billet = _billet(moteur, enquete[0])
    with pytest.raises(Introuvable):
        _echanger(moteur, billet, timedelta(seconds=60))


def test_de_huit_echanges_simultanes_un_seul_gagne(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    billet = _billet(moteur, enquete[0])

    def echanger(_: int) -> bool:
        try:
            _echanger(moteur, billet)
        except Introuvable:
            return False
        return True

    with ThreadPoolExecutor(8) as fils:
        assert sum(fils.map(echanger, range(8))) == 1


def test_la_base_ne_garde_ni_billet_ni_jeton(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    with lecture(moteur) as session:
        assert session.scalars(select(SessionOuverte.empreinte)).one() != jeton


def test_une_session_fermee_ne_se_rejoue_pas_et_se_journalise(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    for _ in range(2):
        with ecriture(moteur, None) as session:
            sessions.fermer(session, jeton, MAINTENANT)
    assert _acces(moteur, jeton) is None
    with lecture(moteur) as session:
        lignes = session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.DECONNEXION)).all()
    assert [ligne.compte_id for ligne in lignes] == [enquete[0].id]


def test_fermer_toutes_les_sessions_peut_en_garder_une(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    ici, ailleurs = _ouvrir(moteur, enquete[0]), _ouvrir(moteur, enquete[0])
    with ecriture(moteur, None) as session:
        sessions.fermer_toutes(session, enquete[0].id, MAINTENANT, sauf=_ouvert(moteur, ici).session_id)
    assert _acces(moteur, ici) is not None
    assert _acces(moteur, ailleurs) is None


def test_deux_heures_sans_geste_ferment_la_session(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    assert _acces(moteur, jeton, DUREE_INACTIVE - timedelta(seconds=1)) is not None
    assert _acces(moteur, jeton, DUREE_INACTIVE) is None


def test_un_geste_repousse_l_inactivite_mais_pas_les_douze_heures(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    presque = DUREE_ABSOLUE - timedelta(seconds=1)
    with ecriture(moteur, None) as session:
        sessions.toucher(session, _ouvert(moteur, jeton).session_id, MAINTENANT + presque)
    assert _acces(moteur, jeton, presque) is not None
    assert _acces(moteur, jeton, DUREE_ABSOLUE) is None


def test_la_presence_ne_s_ecrit_qu_au_bout_de_cinq_minutes(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    acces = _ouvert(moteur, _ouvrir(moteur, enquete[0]))
    assert not sessions.doit_se_signaler(acces, MAINTENANT + timedelta(minutes=4, seconds=59))
    assert sessions.doit_se_signaler(acces, MAINTENANT + timedelta(minutes=5))


def test_archiver_l_investigation_ouverte_ne_ferme_pas_la_session(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, enquete[1].id).archive_le = MAINTENANT
    acces = _ouvert(moteur, jeton)
    assert (acces.perimetre.investigation_id, acces.investigation) == (None, "")
    assert not peut_lire(acces.perimetre)


def test_un_compte_desactive_perd_l_acces_aussitot(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    with ecriture(moteur, None) as session:
        session.get_one(Compte, enquete[0].id).actif = False
    assert _acces(moteur, jeton) is None


def test_un_mot_de_passe_provisoire_n_ouvre_aucune_investigation(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    with ecriture(moteur, None) as session:
        session.get_one(Compte, enquete[0].id).mot_de_passe_provisoire = True
    acces = _ouvert(moteur, jeton)
    assert acces.provisoire
    assert not peut_lire(acces.perimetre)


def test_retirer_l_habilitation_referme_l_investigation(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    jeton = _ouvrir(moteur, enquete[0])
    with ecriture(moteur, None) as session:
        session.delete(session.scalars(select(Habilitation)).one())
    assert _ouvert(moteur, jeton).perimetre.investigation_id is None


def test_on_choisit_parmi_les_investigations_permises_seulement(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    with ecriture(moteur, None) as session:
        seconde = fabriques.une_investigation(session)
        interdite = fabriques.une_investigation(session)
        session.add(Habilitation(compte_id=enquete[0].id, investigation_id=seconde.id))
    jeton = _ouvrir(moteur, enquete[0])
    acces = _ouvert(moteur, jeton)
    with lecture(moteur) as session:
        assert set(sessions.investigations_ouvrables(session, acces.perimetre)) == {enquete[1].id, seconde.id}
    with ecriture(moteur, acces.perimetre) as session:
        sessions.choisir_investigation(session, acces.perimetre, acces.session_id, enquete[1].id)
    assert _ouvert(moteur, jeton).perimetre.investigation_id == enquete[1].id
    with pytest.raises(Introuvable), ecriture(moteur, acces.perimetre) as session:
        sessions.choisir_investigation(session, acces.perimetre, acces.session_id, interdite.id)


def test_une_nouvelle_session_reprend_l_investigation_de_la_derniere(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        ancienne, recente = fabriques.une_investigation(session), fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, ancienne, recente)
    premier = _ouvert(moteur, _ouvrir(moteur, compte))
    assert premier.perimetre.investigation_id == recente.id
    with ecriture(moteur, premier.perimetre) as session:
        sessions.choisir_investigation(session, premier.perimetre, premier.session_id, ancienne.id)
    assert _ouvert(moteur, _ouvrir(moteur, compte)).perimetre.investigation_id == ancienne.id


def test_on_ne_change_pas_la_session_de_quelqu_un_d_autre(
    moteur: Engine, enquete: tuple[Compte, Investigation]
) -> None:
    with ecriture(moteur, None) as session:
        autre = fabriques.un_compte(session, Role.ENQUETEUR, enquete[1])
    a_soi, a_l_autre = (_ouvert(moteur, _ouvrir(moteur, compte)) for compte in (enquete[0], autre))
    with pytest.raises(Introuvable), ecriture(moteur, a_soi.perimetre) as session:
        sessions.choisir_investigation(session, a_soi.perimetre, a_l_autre.session_id, enquete[1].id)


def test_la_visite_de_demonstration_n_ouvre_que_du_fictif(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        reelle = fabriques.une_investigation(session)
        fictive = fabriques.une_investigation(session, fictive=True)
        visite = fabriques.un_compte(session, Role.DEMONSTRATION, reelle, fictive)
    acces = _ouvert(moteur, _ouvrir(moteur, visite))
    assert acces.perimetre.investigation_id == fictive.id
    with lecture(moteur) as session:
        assert list(sessions.investigations_ouvrables(session, acces.perimetre)) == [fictive.id]
    with pytest.raises(Introuvable), ecriture(moteur, acces.perimetre) as session:
        sessions.choisir_investigation(session, acces.perimetre, acces.session_id, reelle.id)


def test_l_administration_ouvre_tout_sauf_l_archive(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        ouverte = fabriques.une_investigation(session)
        fabriques.une_investigation(session, archive_le=MAINTENANT)
        compte = fabriques.un_compte(session, Role.ADMINISTRATEUR)
    acces = _ouvert(moteur, _ouvrir(moteur, compte))
    with lecture(moteur) as session:
        assert list(sessions.investigations_ouvrables(session, acces.perimetre)) == [ouverte.id]


def test_chacun_ne_voit_que_ses_sessions_vivantes(moteur: Engine, enquete: tuple[Compte, Investigation]) -> None:
    with ecriture(moteur, None) as session:
        autre = fabriques.un_compte(session, Role.ENQUETEUR, enquete[1])
    _ouvrir(moteur, autre)
    acces = _ouvert(moteur, _ouvrir(moteur, enquete[0]))
    with lecture(moteur) as session:
        assert [vue.id for vue in sessions.lister_sessions(session, acces.perimetre, MAINTENANT)] == [acces.session_id]
        plus_tard = MAINTENANT + DUREE_INACTIVE
        assert sessions.lister_sessions(session, acces.perimetre, plus_tard) == []
