"""Les intervenants mal reconnus se corrigent, par entretien, au journal, et se rendent à la reconnaissance."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import (
    DoubleCodage,
    Entretien,
    Etiquette,
    LigneJournal,
    SyntheseCooccurrence,
    Texte,
    Verbatim,
    VersionCodage,
)
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.intervenants import RoleIntervenant
from lib.domain.matrices import Cooccurrence
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services.atelier import lire_atelier
from lib.services.double_codage.accords import VueAccords, lire_accords
from lib.services.double_codage.ouverture import ouvrir
from lib.services.double_codage.versions import comparer_versions, lire_grille
from lib.services.intervenants import corriger_intervenants
from lib.services.syntheses import verifier
from lib.services.transaction import ecriture, lecture
from tests.outils.codage import Monde, un_monde

REPOND, MENE, PERSONNE = RoleIntervenant.REPOND, RoleIntervenant.MENE, RoleIntervenant.PERSONNE


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return un_monde(moteur)


def _corriger(
    monde: Monde,
    roles: Mapping[str, RoleIntervenant | None],
    montres: Mapping[str, RoleIntervenant | None] | None = None,
    perimetre: Perimetre | None = None,
) -> int:
    qui = perimetre or monde.perimetre
    with ecriture(monde.moteur, qui) as session:
        return corriger_intervenants(session, qui, entretien_id=monde.entretien_id, roles=roles, montres=montres or {})


def _tours(monde: Monde) -> list[tuple[str, bool]]:
    with lecture(monde.moteur) as session:
        texte = lire_atelier(session, monde.perimetre, entretien_id=monde.entretien_id).textes[0]
    return [(tour.locuteur, tour.interroge) for tour in texte.tours]


def _locuteurs(monde: Monde) -> list[str | None]:
    with lecture(monde.moteur) as session:
        assert verifier(session, monde.investigation_id) == []
        return list(session.scalars(select(Verbatim.locuteur).order_by(Verbatim.debut)))


def test_corriger_puis_revenir_a_ce_qui_est_reconnu(monde: Monde) -> None:
    assert _tours(monde) == [("Q", False), ("R", True)]
    assert _corriger(monde, {"Q": REPOND, "R": MENE}) == 2
    assert _tours(monde) == [("Q", True), ("R", False)]
    assert _corriger(monde, {"Q": None, "R": MENE}, {"Q": REPOND, "R": MENE}) == 1
    assert _tours(monde) == [("Q", False), ("R", False)]
    with lecture(monde.moteur) as session:
        lignes = session.scalars(
            select(LigneJournal).where(LigneJournal.objet == "intervenants_corriges").order_by(LigneJournal.id)
        ).all()
    assert [ligne.action for ligne in lignes] == [ActionJournal.CREATION] * 2 + [ActionJournal.SUPPRESSION]
    assert [(ligne.apres or {}).get("nom") for ligne in lignes] == ["•••", "•••", None]


def test_les_paroles_et_les_tours_communs_suivent(monde: Monde) -> None:
    monde.surligner("Et le temps", 0)
    monde.surligner("Le temps manque", 1)
    assert _locuteurs(monde) == ["Q", "R"]
    _corriger(monde, {"R": PERSONNE})
    assert _locuteurs(monde) == ["Q", "Q"] and _tours(monde) == [("Q", False)]
    with lecture(monde.moteur) as session:
        memes = SyntheseCooccurrence.nature == Cooccurrence.TOUR
        assert session.scalars(select(SyntheseCooccurrence.rencontres).where(memes)).all() == [1]
    monde.surligner("sans réponse", 2)
    assert _locuteurs(monde) == ["Q", "Q", "Q"]


def test_une_etiquette_reservee_suit_la_correction(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        session.get_one(Etiquette, monde.etiquettes[0]).reservee = True
    with pytest.raises(DonneeInvalide, match="personne interrogée"):
        monde.surligner("Et le temps", 0)
    _corriger(monde, {"Q": REPOND})
    assert monde.surligner("Et le temps", 0).change


def test_l_accord_ne_demande_de_coder_que_les_reponses_corrigees(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        corriger_intervenants(
            session, monde.perimetre, entretien_id=monde.entretien_id, roles={"Q": REPOND, "R": MENE}, montres={}
        )
        codeurs = (monde.perimetre.compte_id, monde.autre.compte_id)
        ouvrir(session, monde.perimetre, entretien_id=monde.entretien_id, codeurs=codeurs)
        versions = session.scalars(select(VersionCodage)).all()
        ((_, compare),) = comparer_versions(session, lire_grille(session, monde.perimetre), versions)
    assert [(unite.locuteur, unite.question) for unite in compare.unites] == [("Q", False), ("R", True)]


def _coder_deux_fois(monde: Monde) -> None:
    """Un double codage rendu puis arbitré, avec les intervenants d'alors."""
    with ecriture(monde.moteur, monde.perimetre) as session:
        codeurs = (monde.perimetre.compte_id, monde.autre.compte_id)
        ouvrir(session, monde.perimetre, entretien_id=monde.entretien_id, codeurs=codeurs)
    with ecriture(monde.moteur, None) as session:
        for version in session.scalars(select(VersionCodage)):
            version.fini_le = maintenant()
        session.scalars(select(DoubleCodage)).one().arbitre_le = maintenant()


def _accord(monde: Monde) -> tuple[list[tuple[str, bool]], VueAccords]:
    with lecture(monde.moteur) as session:
        versions = session.scalars(select(VersionCodage)).all()
        ((_, compare),) = comparer_versions(session, lire_grille(session, monde.perimetre), versions)
        unites = [(unite.locuteur, unite.question) for unite in compare.unites]
        return unites, lire_accords(session, monde.perimetre)


def test_corriger_apres_l_arbitrage_ne_change_pas_l_accord(monde: Monde) -> None:
    _coder_deux_fois(monde)
    avant = _accord(monde)
    assert avant[1].ensemble is not None
    _corriger(monde, {"Q": REPOND, "R": PERSONNE})
    assert _tours(monde) == [("Q", True)] and _accord(monde) == avant
    _corriger(monde, {"Q": MENE, "R": None}, {"Q": REPOND, "R": PERSONNE})
    assert _accord(monde) == avant


def test_ce_qui_etait_corrige_avant_le_double_codage_ne_change_plus(monde: Monde) -> None:
    _corriger(monde, {"Q": REPOND})
    _coder_deux_fois(monde)
    avant = _accord(monde)
    for role in (MENE, None):
        with pytest.raises(DonneeInvalide, match="accord qu'elles ont obtenu"):
            _corriger(monde, {"Q": role}, {"Q": REPOND})
    _corriger(monde, {"R": MENE})
    assert _accord(monde) == avant and _tours(monde) == [("Q", True), ("R", False)]


def test_un_nom_qui_n_ouvre_aucune_ligne_se_refuse(monde: Monde) -> None:
    with pytest.raises(DonneeInvalide, match="n'ouvre aucune ligne"):
        _corriger(monde, {"Personne": MENE})


def test_ni_archive_ni_en_double_codage_ni_hors_de_l_equipe(monde: Monde) -> None:
    with pytest.raises(AccesRefuse):
        _corriger(monde, {"Q": REPOND}, perimetre=Perimetre(compte_id=1, role=Role.RELECTEUR, investigation_id=1))
    with ecriture(monde.moteur, monde.perimetre) as session:
        codeurs = (monde.perimetre.compte_id, monde.autre.compte_id)
        ouvrir(session, monde.perimetre, entretien_id=monde.entretien_id, codeurs=codeurs)
    with pytest.raises(DonneeInvalide, match="double codage"):
        _corriger(monde, {"Q": REPOND})
    with ecriture(monde.moteur, None) as session:
        session.get_one(Entretien, monde.entretien_id).archive_le = maintenant()
    with pytest.raises(DonneeInvalide, match="archivé"):
        _corriger(monde, {"Q": REPOND})
    with lecture(monde.moteur) as session:
        assert session.scalars(select(Texte.id)).all() == [monde.texte_id]
