"""Annuler et rétablir depuis le journal : chaque geste, dans l'ordre, même après une session perdue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Etiquette, LigneJournal, Texte, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import AncrageVerbatim, FamilleEtiquette, Role
from lib.services import etiquettes, retours, verbatims
from lib.services.ancrage import reancrer
from lib.services.gestes import Geste
from lib.services.retours import Retours, lister_retours, ouvrir_geste, revenir
from lib.services.syntheses import verifier
from lib.services.transaction import ecriture, lecture
from tests.outils.codage import TEXTE, Monde, un_monde


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return un_monde(moteur)


def _geste(monde: Monde, service: Callable[..., Geste], perimetre: Perimetre | None = None, **arguments: Any) -> str:
    """Un geste marqué au journal, comme l'écran les fait ; rend sa clé."""
    with ecriture(monde.moteur, perimetre or monde.perimetre) as session:
        cle = ouvrir_geste(session)
        service(session, perimetre or monde.perimetre, **arguments)
    return cle


def _surligner(monde: Monde, mots: str, etiquette: int | None = None, perimetre: Perimetre | None = None) -> str:
    debut = TEXTE.index(mots)
    place = {"texte_id": monde.texte_id, "version": 1, "debut": debut, "fin": debut + len(mots)}
    etiquette_id = None if etiquette is None else monde.etiquettes[etiquette]
    return _geste(monde, verbatims.surligner, perimetre, **place, etiquette_id=etiquette_id)


def _revenir(monde: Monde, cle: str, perimetre: Perimetre | None = None) -> Geste:
    with ecriture(monde.moteur, perimetre or monde.perimetre) as session:
        return revenir(session, perimetre or monde.perimetre, geste=cle)


def _retours(monde: Monde, perimetre: Perimetre | None = None) -> Retours:
    with lecture(monde.moteur) as session:
        return lister_retours(session, perimetre or monde.perimetre, entretien_id=monde.entretien_id)


def _premier(monde: Monde) -> int:
    with lecture(monde.moteur) as session:
        vivants = select(Verbatim.id).where(Verbatim.archive_le.is_(None)).order_by(Verbatim.debut, Verbatim.id)
        return session.scalars(vivants).first() or 0


def test_le_journal_dit_ce_qui_s_annule_et_ce_qui_se_retablit(monde: Monde) -> None:
    _surligner(monde, "manque", 0)
    _surligner(monde, "rien ne dure")
    _geste(monde, verbatims.retirer, verbatim_id=_premier(monde), etiquette_id=monde.etiquettes[0])
    messages = [retour.message for retour in _retours(monde).faits]
    assert messages == [
        "«\u00a0Manque de temps\u00a0» posée.",
        "Passage surligné.",
        "«\u00a0Manque de temps\u00a0» retirée.",
    ]
    _revenir(monde, _retours(monde).faits[-1].geste)
    apres = _retours(monde)
    assert [retour.message for retour in apres.faits] == messages[:2]
    assert [retour.message for retour in apres.defaits] == messages[2:]
    _revenir(monde, apres.defaits[-1].geste)
    assert [retour.message for retour in _retours(monde).faits] == messages
    assert _retours(monde).defaits == ()


def test_un_geste_neuf_efface_ce_qui_pouvait_se_retablir(monde: Monde) -> None:
    _revenir(monde, _surligner(monde, "manque", 0))
    _surligner(monde, "rien ne dure", 1)
    assert (len(_retours(monde).faits), _retours(monde).defaits) == (1, ())


def test_annuler_deux_fois_le_meme_geste_n_en_defait_qu_un(monde: Monde) -> None:
    cle = _surligner(monde, "manque", 0)
    _revenir(monde, cle)
    with pytest.raises(Conflit, match="déjà annulé"):
        _revenir(monde, cle)
    assert monde.passages() == []


def test_on_n_annule_que_ses_propres_gestes(monde: Monde) -> None:
    cle = _surligner(monde, "manque", 0)
    assert _retours(monde, monde.autre) == Retours()
    with pytest.raises(Introuvable):
        _revenir(monde, cle, monde.autre)
    with pytest.raises(AccesRefuse):
        _revenir(monde, cle, replace(monde.perimetre, role=Role.RELECTEUR))
    with pytest.raises(Introuvable):
        _revenir(monde, "0" * 32)


def test_un_geste_qui_n_a_rien_ecrit_n_est_pas_a_annuler(monde: Monde) -> None:
    for _ in range(2):
        _surligner(monde, "manque", 0)
    assert len(_retours(monde).faits) == 1


def test_un_geste_d_avant_hier_n_est_plus_propose(monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    _surligner(monde, "manque", 0)
    monkeypatch.setattr(retours, "maintenant", lambda: maintenant() + timedelta(days=2))
    assert _retours(monde) == Retours()


def test_deux_textes_remis_a_leur_place_gardent_leurs_mots(monde: Monde) -> None:
    """Annuler un replacement rend la citation d'origine, que le texte ne contient plus."""
    _surligner(monde, "on relance", 0)
    corrige = TEXTE.replace("on relance", "nous insistons")
    with ecriture(monde.moteur, None) as session:
        texte = session.get_one(Texte, monde.texte_id)
        reancrer(session, texte, TEXTE, corrige)
        texte.contenu = corrige
    debut = corrige.index("nous insistons")
    place = {"version": 2, "debut": debut, "fin": debut + len("nous insistons")}
    cle = _geste(monde, verbatims.replacer, verbatim_id=_premier(monde), **place)
    assert monde.passages() == [("nous insistons", [0])]
    _revenir(monde, cle)
    assert monde.passages() == [("on relance", [0])]
    with lecture(monde.moteur) as session:
        assert session.get_one(Verbatim, _premier(monde)).ancrage is AncrageVerbatim.A_VERIFIER


def test_des_bornes_reprises_par_un_autre_ne_se_defont_pas_en_silence(monde: Monde) -> None:
    _surligner(monde, "manque", 0)
    verbatim = _premier(monde)

    def borner(mots: str, perimetre: Perimetre) -> str:
        debut = TEXTE.index(mots)
        place = {"version": 1, "debut": debut, "fin": debut + len(mots)}
        return _geste(monde, verbatims.borner, perimetre, verbatim_id=verbatim, **place)

    cle = borner("temps manque", monde.perimetre)
    memo = _geste(monde, verbatims.noter, verbatim_id=verbatim, memo="À revoir")
    borner("Le temps manque", monde.autre)
    with pytest.raises(Conflit, match="repris entre-temps"):
        _revenir(monde, cle)
    _revenir(monde, memo)  # le mémo, lui, n'a pas bougé : il se défait sans toucher aux bornes de l'autre
    with lecture(monde.moteur) as session:
        lu = session.get_one(Verbatim, verbatim)
        assert (lu.citation, lu.memo) == ("Le temps manque", "")


def test_des_bornes_d_avant_une_correction_du_texte_sont_un_conflit(monde: Monde) -> None:
    _surligner(monde, "manque", 0)
    debut = TEXTE.index("Le temps manque")
    place = {"version": 1, "debut": debut, "fin": debut + len("Le temps manque")}
    cle = _geste(monde, verbatims.borner, verbatim_id=_premier(monde), **place)
    with ecriture(monde.moteur, None) as session:
        texte = session.get_one(Texte, monde.texte_id)
        reancrer(session, texte, TEXTE, "Note. " + TEXTE)
        texte.contenu = "Note. " + TEXTE
    with pytest.raises(Conflit, match="corrigé entre-temps"):
        _revenir(monde, cle)
    assert monde.passages() == [("Le temps manque", [0])]


def test_retablir_un_passage_repris_par_un_autre_est_refuse(monde: Monde) -> None:
    _surligner(monde, "manque", 0)
    cle = _geste(monde, verbatims.archiver, verbatim_id=_premier(monde))
    _surligner(monde, "manque", 1, monde.autre)
    with pytest.raises(DonneeInvalide, match="déjà surligné"):
        _revenir(monde, cle)
    assert monde.passages() == [("manque", [1])]


def _nouvelle(monde: Monde) -> tuple[str, int]:
    """Une étiquette créée et posée d'un seul geste."""
    with ecriture(monde.moteur, monde.perimetre) as session:
        cle = ouvrir_geste(session)
        neuve = etiquettes.creer(session, monde.perimetre, nom="Relances", famille=FamilleEtiquette.IRRITANT)
        debut = TEXTE.index("relance")
        place = {"texte_id": monde.texte_id, "version": 1, "debut": debut, "fin": debut + 7}
        verbatims.surligner(session, monde.perimetre, **place, etiquette_id=neuve)
    return cle, neuve


def _archivee(monde: Monde, etiquette_id: int) -> bool:
    with lecture(monde.moteur) as session:
        return session.get_one(Etiquette, etiquette_id).archive_le is not None


def test_une_etiquette_nee_d_un_geste_s_en_va_avec_lui_et_revient(monde: Monde) -> None:
    cle, neuve = _nouvelle(monde)
    _revenir(monde, cle)
    assert (_archivee(monde, neuve), monde.passages()) == (True, [])
    _revenir(monde, _retours(monde).defaits[-1].geste)
    assert not _archivee(monde, neuve)
    with lecture(monde.moteur) as session:
        assert session.scalars(select(Verbatim.citation).where(Verbatim.archive_le.is_(None))).all() == ["relance"]


def test_une_etiquette_neuve_qui_sert_deja_ailleurs_reste_dans_la_grille(monde: Monde) -> None:
    cle, neuve = _nouvelle(monde)
    debut = TEXTE.index("dure")
    place = {"texte_id": monde.texte_id, "version": 1, "debut": debut, "fin": debut + 4}
    _geste(monde, verbatims.surligner, monde.autre, **place, etiquette_id=neuve)
    _revenir(monde, cle)
    assert not _archivee(monde, neuve)


GESTES: tuple[Callable[[Monde], str], ...] = (
    lambda monde: _surligner(monde, "Le temps manque", 0),
    lambda monde: _surligner(monde, "manque 😡, on", 0),
    lambda monde: _surligner(monde, "manque 😡, on", 1),
    lambda monde: _surligner(monde, "on relance", 2),
    lambda monde: _surligner(monde, "temps manque 😡, on relance", 0),
    lambda monde: _geste(monde, verbatims.archiver, verbatim_id=_premier(monde)),
    lambda monde: _geste(monde, verbatims.noter, verbatim_id=_premier(monde), memo="vu"),
    lambda monde: _geste(monde, verbatims.retirer, verbatim_id=_premier(monde), etiquette_id=monde.etiquettes[0]),
    lambda monde: _geste(monde, verbatims.borner, verbatim_id=_premier(monde), version=1, debut=22, fin=36),
)


def _etat(monde: Monde) -> list[tuple[Any, ...]]:
    with lecture(monde.moteur) as session:
        vivants = select(Verbatim).where(Verbatim.archive_le.is_(None)).order_by(Verbatim.debut, Verbatim.fin)
        return [(v.debut, v.fin, v.citation, v.memo, monde._portees(session, v)) for v in session.scalars(vivants)]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rangs=st.lists(st.integers(0, len(GESTES) - 1), min_size=1, max_size=6))
def test_tout_se_defait_et_se_refait_d_apres_le_journal(monde: Monde, rangs: list[int]) -> None:
    """Chaque fois relu au journal, comme par une session neuve : chaque état se retrouve, dans les deux sens."""
    while _retours(monde).faits:
        _revenir(monde, _retours(monde).faits[-1].geste)
    etats = [_etat(monde)]
    faits = len(_retours(monde).faits)
    for rang in rangs:
        try:
            GESTES[rang](monde)
        except (Introuvable, DonneeInvalide):
            continue
        if len(_retours(monde).faits) > faits:
            faits += 1
            etats.append(_etat(monde))
    for attendu in reversed(etats[:-1]):
        _revenir(monde, _retours(monde).faits[-1].geste)
        assert _etat(monde) == attendu
    for attendu in etats[1:]:
        _revenir(monde, _retours(monde).defaits[-1].geste)
        assert _etat(monde) == attendu
    with lecture(monde.moteur) as session:
        assert verifier(session, monde.investigation_id) == []


def test_un_geste_est_une_seule_cle_au_journal(monde: Monde) -> None:
    cle = _surligner(monde, "manque", 0)
    with lecture(monde.moteur) as session:
        lignes = session.scalars(select(LigneJournal).where(LigneJournal.geste == cle)).all()
    assert {ligne.objet for ligne in lignes} == {"verbatims", "etiquetages"}


def test_les_etiquettes_recentes_viennent_du_journal_la_derniere_d_abord(monde: Monde) -> None:
    for mots, rang in (("Et le", 0), ("manque", 1), ("on relance", 0), ("rien ne dure", 2)):
        _surligner(monde, mots, rang)
    un, deux, trois = monde.etiquettes
    assert _retours(monde).recentes == (trois, un, deux)
