"""Se connecter, changer de mot de passe, administrer les comptes sans jamais se retrouver sans administration."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Compte, Habilitation, Investigation, LigneJournal
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services import comptes, mots_de_passe, sessions
from lib.services.comptes import Ouverture
from lib.services.lecture_comptes import compter_comptes, lire_compte, lister_comptes, ouvertures_possibles
from lib.services.tentatives import SEUIL_COMPTE, TropDEssais
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.fabriques import MOT_DE_PASSE

NOUVEAU = "une tout autre phrase"


@dataclass(frozen=True, kw_only=True)
class Monde:
    """Une investigation, son administration et son équipe."""

    investigation: Investigation
    terrain_id: int
    administration: Compte
    enquete: Compte

    @property
    def perimetre(self) -> Perimetre:
        return fabriques.un_perimetre(self.administration, self.investigation)


@pytest.fixture(autouse=True)
def peu_de_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mots_de_passe, "TOURS", 4)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        terrain = fabriques.un_terrain(session, investigation)
        administration = fabriques.un_compte(session, Role.ADMINISTRATEUR, identifiant="admin")
        enquete = fabriques.un_compte(session, Role.ENQUETEUR, investigation, identifiant="camille")
    return Monde(investigation=investigation, terrain_id=terrain.id, administration=administration, enquete=enquete)


def _connecter(moteur: Engine, identifiant: str = "camille", mot_de_passe: str = MOT_DE_PASSE) -> str:
    return comptes.authentifier(moteur, identifiant=identifiant, mot_de_passe=mot_de_passe, adresse="192.0.2.1")


def _ouvrir(moteur: Engine, billet: str) -> str:
    with ecriture(moteur, None) as session:
        return sessions.echanger_billet(session, billet, datetime.now(UTC))


def _est_ouverte(moteur: Engine, jeton: str) -> bool:
    with lecture(moteur) as session:
        return sessions.lire_acces(session, jeton, datetime.now(UTC)) is not None


def _journal(moteur: Engine, action: ActionJournal) -> list[LigneJournal]:
    with lecture(moteur) as session:
        return list(session.scalars(select(LigneJournal).where(LigneJournal.action == action)))


# --- Se connecter ---


@pytest.mark.parametrize("saisie", ["camille", "  Camille ", "CAMILLE"])
def test_le_bon_mot_de_passe_ouvre_une_session_et_se_journalise(moteur: Engine, monde: Monde, saisie: str) -> None:
    assert _est_ouverte(moteur, _ouvrir(moteur, _connecter(moteur, saisie)))
    ligne = _journal(moteur, ActionJournal.CONNEXION)[0]
    assert (ligne.compte_id, ligne.objet_id) == (monde.enquete.id, str(monde.enquete.id))


@pytest.mark.parametrize(
    ("identifiant", "mot_de_passe", "motif"),
    [
        ("camille", "pas le bon du tout", "Mot de passe refusé"),
        ("camille", "a" * 200, "Mot de passe refusé"),
        ("camille", "", "Mot de passe refusé"),
        ("inconnue", MOT_DE_PASSE, "Compte inconnu"),
        ("' OR 1=1 --", MOT_DE_PASSE, "Compte inconnu"),
        ("", "", "Compte inconnu"),
    ],
)
def test_tout_refus_dit_la_meme_phrase_et_se_journalise(
    moteur: Engine, monde: Monde, identifiant: str, mot_de_passe: str, motif: str
) -> None:
    with pytest.raises(AccesRefuse, match=r"^Identifiant ou mot de passe incorrect\.$"):
        _connecter(moteur, identifiant, mot_de_passe)
    assert [ligne.motif for ligne in _journal(moteur, ActionJournal.ECHEC_CONNEXION)] == [motif]


def test_un_compte_ferme_ne_se_connecte_pas_et_ne_se_distingue_pas(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, monde.perimetre) as session:
        comptes.desactiver_compte(session, monde.perimetre, compte_id=monde.enquete.id)
    with pytest.raises(AccesRefuse, match=comptes.REFUS):
        _connecter(moteur)


def test_l_identifiant_tape_ne_va_pas_au_journal(moteur: Engine, monde: Monde) -> None:
    with pytest.raises(AccesRefuse):
        _connecter(moteur, "mot-de-passe-tape-au-mauvais-endroit")
    ligne = _journal(moteur, ActionJournal.ECHEC_CONNEXION)[0]
    assert (ligne.objet_id, ligne.avant, ligne.apres, ligne.motif) == (None, None, None, "Compte inconnu")


@pytest.mark.parametrize("identifiant", ["camille", "inconnue"])
def test_les_echecs_finissent_par_faire_attendre_meme_avec_le_bon_mot_de_passe(
    moteur: Engine, monde: Monde, identifiant: str
) -> None:
    for _ in range(SEUIL_COMPTE):
        with pytest.raises(AccesRefuse):
            _connecter(moteur, identifiant, "pas le bon du tout")
    with pytest.raises(TropDEssais, match="Trop d'essais"):
        _connecter(moteur, identifiant)


def test_une_reussite_remet_le_compteur_a_zero(moteur: Engine, monde: Monde) -> None:
    for _ in range(2):
        for _ in range(SEUIL_COMPTE - 1):
            with pytest.raises(AccesRefuse):
                _connecter(moteur, mot_de_passe="pas le bon du tout")
        _connecter(moteur)


# --- Changer de mot de passe ---


def _changer(moteur: Engine, monde: Monde, actuel: str = MOT_DE_PASSE, nouveau: str = NOUVEAU, **autres: str) -> str:
    return comptes.changer_mot_de_passe(
        moteur,
        fabriques.un_perimetre(monde.enquete, monde.investigation),
        actuel=actuel,
        nouveau=nouveau,
        confirmation=autres.get("confirmation", nouveau),
        adresse="192.0.2.1",
    )


def test_changer_de_mot_de_passe_ferme_toutes_les_sessions_et_en_rend_une(moteur: Engine, monde: Monde) -> None:
    avant = [_ouvrir(moteur, _connecter(moteur)) for _ in range(2)]
    apres = _ouvrir(moteur, _changer(moteur, monde))
    assert [_est_ouverte(moteur, jeton) for jeton in (*avant, apres)] == [False, False, True]
    with pytest.raises(AccesRefuse):
        _connecter(moteur)
    _connecter(moteur, mot_de_passe=NOUVEAU)


def test_changer_de_mot_de_passe_leve_le_provisoire_et_n_ecrit_pas_l_empreinte_au_journal(
    moteur: Engine, monde: Monde
) -> None:
    with ecriture(moteur, monde.perimetre) as session:
        provisoire = comptes.reinitialiser_mot_de_passe(session, monde.perimetre, compte_id=monde.enquete.id)
    _changer(moteur, monde, actuel=provisoire.mot_de_passe)
    with lecture(moteur) as session:
        assert not session.get_one(Compte, monde.enquete.id).mot_de_passe_provisoire
    assert "$2b$" not in str([(ligne.avant, ligne.apres) for ligne in _journal(moteur, ActionJournal.MODIFICATION)])


@pytest.mark.parametrize(
    ("saisie", "erreur", "phrase"),
    [
        ({"actuel": "pas le bon du tout"}, AccesRefuse, "actuel n'est pas le bon"),
        ({"nouveau": "trop court"}, DonneeInvalide, "au moins 12"),
        ({"confirmation": "autre chose encore"}, DonneeInvalide, "diffèrent"),
        ({"nouveau": MOT_DE_PASSE}, DonneeInvalide, "le même"),
        ({"nouveau": "é" * 60}, DonneeInvalide, "trop long"),
    ],
)
def test_un_changement_refuse_ne_change_rien(
    moteur: Engine, monde: Monde, saisie: dict[str, str], erreur: type[Exception], phrase: str
) -> None:
    jeton = _ouvrir(moteur, _connecter(moteur))
    with pytest.raises(erreur, match=phrase):
        _changer(moteur, monde, **saisie)
    assert _est_ouverte(moteur, jeton)
    _connecter(moteur)


def test_deviner_le_mot_de_passe_depuis_une_session_ouverte_se_ralentit_aussi(moteur: Engine, monde: Monde) -> None:
    for _ in range(SEUIL_COMPTE):
        with pytest.raises(AccesRefuse):
            _changer(moteur, monde, actuel="pas le bon du tout")
    with pytest.raises(TropDEssais):
        _changer(moteur, monde)


# --- Administrer ---


def _creer(moteur: Engine, monde: Monde, role: Role = Role.RELECTEUR, *ouvertures: Ouverture, **champs: str) -> int:
    with ecriture(moteur, monde.perimetre) as session:
        return comptes.creer_compte(
            session,
            monde.perimetre,
            identifiant=champs.get("identifiant", "dominique"),
            nom=champs.get("nom", "Dominique Relecture"),
            role=role,
            ouvertures=ouvertures,
        ).id


def test_un_compte_cree_recoit_un_mot_de_passe_provisoire_qui_ouvre(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, monde.perimetre) as session:
        cree = comptes.creer_compte(
            session, monde.perimetre, identifiant="Dominique.R", nom="  Dominique  R. ", role=Role.RELECTEUR
        )
    _connecter(moteur, "dominique.r", cree.mot_de_passe)
    with lecture(moteur) as session:
        lu = lire_compte(session, monde.perimetre, compte_id=cree.id)
    assert (lu.identifiant, lu.nom, lu.provisoire) == ("dominique.r", "Dominique R.", True)


def test_un_mot_de_passe_choisi_par_la_personne_n_est_pas_provisoire(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, monde.perimetre) as session:
        cree = comptes.creer_compte(
            session,
            monde.perimetre,
            identifiant="dominique",
            nom="Dominique",
            role=Role.ADMINISTRATEUR,
            mot_de_passe=NOUVEAU,
        )
    with lecture(moteur) as session:
        assert not lire_compte(session, monde.perimetre, compte_id=cree.id).provisoire


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"identifiant": "ab"}, "3 à 80"),
        ({"identifiant": "deux mots"}, "3 à 80"),
        ({"identifiant": "éloïse"}, "3 à 80"),
        ({"identifiant": "CAMILLE"}, "déjà pris"),
        ({"nom": "   "}, "nom à afficher"),
        ({"nom": "a\0b"}, "illisible"),
        ({"nom": "a" * 121}, "120"),
    ],
)
def test_une_saisie_fautive_dit_quoi_corriger(
    moteur: Engine, monde: Monde, champs: dict[str, str], phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        _creer(moteur, monde, **champs)


def test_seule_l_administration_touche_aux_comptes(moteur: Engine, monde: Monde) -> None:
    enquete = fabriques.un_perimetre(monde.enquete, monde.investigation)
    with ecriture(moteur, enquete) as session:
        for geste in (
            lambda: comptes.creer_compte(session, enquete, identifiant="abc", nom="A", role=Role.ADMINISTRATEUR),
            lambda: comptes.desactiver_compte(session, enquete, compte_id=monde.administration.id),
            lambda: comptes.reactiver_compte(session, enquete, compte_id=monde.administration.id),
            lambda: comptes.reinitialiser_mot_de_passe(session, enquete, compte_id=monde.administration.id),
            lambda: lister_comptes(session, enquete),
            lambda: compter_comptes(session, enquete),
            lambda: ouvertures_possibles(session, enquete),
        ):
            with pytest.raises(AccesRefuse):
                geste()


def _modifier(moteur: Engine, monde: Monde, compte_id: int, role: Role, *ouvertures: Ouverture) -> None:
    with lecture(moteur) as session:
        lu = lire_compte(session, monde.perimetre, compte_id=compte_id)
    with ecriture(moteur, monde.perimetre) as session:
        comptes.modifier_compte(
            session,
            monde.perimetre,
            compte_id=compte_id,
            version=lu.version,
            nom=lu.nom,
            role=role,
            ouvertures=ouvertures,
        )


def test_on_limite_un_compte_a_un_terrain(moteur: Engine, monde: Monde) -> None:
    _modifier(moteur, monde, monde.enquete.id, Role.ENQUETEUR, (monde.investigation.id, monde.terrain_id))
    with lecture(moteur) as session:
        lu = lire_compte(session, monde.perimetre, compte_id=monde.enquete.id)
    assert lu.ouvertures == {(monde.investigation.id, monde.terrain_id)}


def test_toute_l_investigation_rend_inutile_le_detail_des_terrains(moteur: Engine, monde: Monde) -> None:
    toute, un_terrain = (monde.investigation.id, None), (monde.investigation.id, monde.terrain_id)
    _modifier(moteur, monde, monde.enquete.id, Role.ENQUETEUR, toute, un_terrain)
    with lecture(moteur) as session:
        assert lire_compte(session, monde.perimetre, compte_id=monde.enquete.id).ouvertures == {toute}


def test_ne_rien_changer_n_ecrit_rien_au_journal(moteur: Engine, monde: Monde) -> None:
    _modifier(moteur, monde, monde.enquete.id, Role.ENQUETEUR, (monde.investigation.id, None))
    assert _journal(moteur, ActionJournal.MODIFICATION) == []
    assert _journal(moteur, ActionJournal.SUPPRESSION) == []


@pytest.mark.parametrize("change", ["role", "ouvertures"])
def test_le_second_a_enregistrer_voit_un_conflit(moteur: Engine, monde: Monde, change: str) -> None:
    toute = (monde.investigation.id, None)
    with lecture(moteur) as session:
        lu = lire_compte(session, monde.perimetre, compte_id=monde.enquete.id)
    if change == "role":
        _modifier(moteur, monde, monde.enquete.id, Role.RELECTEUR, toute)
    else:
        _modifier(moteur, monde, monde.enquete.id, Role.ENQUETEUR)
    with pytest.raises(Conflit, match="entre-temps"), ecriture(moteur, monde.perimetre) as session:
        comptes.modifier_compte(
            session,
            monde.perimetre,
            compte_id=lu.id,
            version=lu.version,
            nom="Autre nom",
            role=lu.role,
            ouvertures=lu.ouvertures,
        )


def test_une_visite_de_demonstration_n_ouvre_pas_du_reel(moteur: Engine, monde: Monde) -> None:
    with pytest.raises(DonneeInvalide, match="fictives"):
        _creer(moteur, monde, Role.DEMONSTRATION, (monde.investigation.id, None))
    with pytest.raises(DonneeInvalide, match="fictives"):
        _modifier(moteur, monde, monde.enquete.id, Role.DEMONSTRATION, (monde.investigation.id, None))


def test_un_terrain_d_une_autre_investigation_est_introuvable(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        ailleurs = fabriques.une_investigation(session)
    for ouverture in ((ailleurs.id, monde.terrain_id), (99_999, None), (monde.investigation.id, 99_999)):
        with pytest.raises(Introuvable):
            _creer(moteur, monde, Role.RELECTEUR, ouverture)


def test_personne_ne_se_retire_l_administration(moteur: Engine, monde: Monde) -> None:
    _creer(moteur, monde, Role.ADMINISTRATEUR)
    with pytest.raises(DonneeInvalide, match="vous retirer"):
        _modifier(moteur, monde, monde.administration.id, Role.ENQUETEUR)
    with pytest.raises(DonneeInvalide, match="vous retirer"), ecriture(moteur, monde.perimetre) as session:
        comptes.desactiver_compte(session, monde.perimetre, compte_id=monde.administration.id)


def test_le_dernier_compte_d_administration_reste(moteur: Engine, monde: Monde) -> None:
    exploitation = Perimetre(compte_id=0, role=Role.ADMINISTRATEUR)
    with pytest.raises(DonneeInvalide, match="dernier compte"), ecriture(moteur, None) as session:
        comptes.desactiver_compte(session, exploitation, compte_id=monde.administration.id)
    autre = _creer(moteur, monde, Role.ADMINISTRATEUR)
    with ecriture(moteur, monde.perimetre) as session:
        comptes.desactiver_compte(session, monde.perimetre, compte_id=autre)
    with pytest.raises(DonneeInvalide, match="dernier compte"), ecriture(moteur, None) as session:
        comptes.desactiver_compte(session, exploitation, compte_id=monde.administration.id)


def test_desactiver_ferme_les_sessions_et_reactiver_rouvre_le_compte(moteur: Engine, monde: Monde) -> None:
    jeton = _ouvrir(moteur, _connecter(moteur))
    with ecriture(moteur, monde.perimetre) as session:
        comptes.desactiver_compte(session, monde.perimetre, compte_id=monde.enquete.id)
    with ecriture(moteur, monde.perimetre) as session:
        comptes.reactiver_compte(session, monde.perimetre, compte_id=monde.enquete.id)
    assert not _est_ouverte(moteur, jeton)
    assert _est_ouverte(moteur, _ouvrir(moteur, _connecter(moteur)))


def test_reinitialiser_ferme_les_sessions(moteur: Engine, monde: Monde) -> None:
    jeton = _ouvrir(moteur, _connecter(moteur))
    with ecriture(moteur, monde.perimetre) as session:
        comptes.reinitialiser_mot_de_passe(session, monde.perimetre, compte_id=monde.enquete.id)
    assert not _est_ouverte(moteur, jeton)


def test_un_compte_inconnu_est_introuvable(moteur: Engine, monde: Monde) -> None:
    with pytest.raises(Introuvable), ecriture(moteur, monde.perimetre) as session:
        comptes.reactiver_compte(session, monde.perimetre, compte_id=99_999)
    with pytest.raises(Introuvable), lecture(moteur) as session:
        lire_compte(session, monde.perimetre, compte_id=99_999)
    with pytest.raises(Introuvable), lecture(moteur) as session:
        comptes.identifiant_vers_id(session, "personne")


# --- Lire ---


def test_la_liste_dit_la_derniere_connexion_et_se_pagine(moteur: Engine, monde: Monde) -> None:
    _ouvrir(moteur, _connecter(moteur))
    with ecriture(moteur, None) as session:
        for rang in range(50):
            fabriques.un_compte(session, identifiant=f"z{rang:02}")
    with lecture(moteur) as session:
        assert compter_comptes(session, monde.perimetre) == 52
        premiere, seconde = (lister_comptes(session, monde.perimetre, page=page) for page in (1, 2))
    assert [len(premiere), len(seconde)] == [50, 2]
    connexions = {lu.identifiant: lu.derniere_connexion for lu in premiere}
    assert connexions["camille"] is not None
    assert connexions["admin"] is None


def test_les_ouvertures_possibles_nomment_chaque_terrain(moteur: Engine, monde: Monde) -> None:
    with lecture(moteur) as session:
        possibles = ouvertures_possibles(session, monde.perimetre)
    assert list(possibles) == [(monde.investigation.id, None), (monde.investigation.id, monde.terrain_id)]
    assert possibles[monde.investigation.id, None].endswith("tous les terrains")


def test_une_habilitation_par_ouverture_en_base(moteur: Engine, monde: Monde) -> None:
    toute = (monde.investigation.id, None)
    compte_id = _creer(moteur, monde, Role.RELECTEUR, toute, toute)
    with lecture(moteur) as session:
        lignes = session.scalars(select(Habilitation).where(Habilitation.compte_id == compte_id)).all()
    assert [(ligne.investigation_id, ligne.terrain_id) for ligne in lignes] == [toute]
