"""Après correction d'un texte, aucun verbatim ne se perd ni ne se déplace en silence."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import LigneJournal, Texte, Verbatim
from lib.domain.vocabulaire import AncrageVerbatim
from lib.services.ancrage import BilanAncrage, reancrer
from lib.services.transaction import ecriture, lecture
from tests import fabriques

ANCIEN = "Le temps manque 😡. Personne ne répond au téléphone de l'accueil. On recommence chaque année."
EXTRAITS = ("manque 😡", "Personne ne répond au téléphone", "chaque année")


@dataclass(frozen=True)
class Monde:
    texte_id: int
    verbatims: tuple[int, ...]


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    """Un texte et trois citations."""
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        texte = fabriques.un_texte(session, fabriques.un_entretien(session, terrain), ANCIEN)
        return Monde(texte.id, tuple(_surligner(session, texte, extrait) for extrait in EXTRAITS))


def _surligner(session: Any, texte: Texte, extrait: str, **champs: Any) -> int:
    debut = texte.contenu.index(extrait)
    return fabriques.un_verbatim(session, texte, debut, debut + len(extrait), **champs).id


def _corriger(moteur: Engine, monde: Monde, nouveau: str) -> BilanAncrage:
    with ecriture(moteur, None) as session:
        texte = session.get_one(Texte, monde.texte_id)
        bilan = reancrer(session, texte, texte.contenu, nouveau)
        texte.contenu = nouveau
    return bilan


def _relire(moteur: Engine, monde: Monde) -> list[Verbatim]:
    with lecture(moteur) as session:
        return [session.get_one(Verbatim, identifiant) for identifiant in monde.verbatims]


def _extraits(moteur: Engine, monde: Monde, texte: str) -> list[str]:
    return [texte[verbatim.debut : verbatim.fin] for verbatim in _relire(moteur, monde)]


def test_un_texte_inchange_n_ecrit_rien(moteur: Engine, monde: Monde) -> None:
    with lecture(moteur) as session:
        avant = len(session.scalars(select(LigneJournal)).all())
    assert _corriger(moteur, monde, ANCIEN) == BilanAncrage(en_place=3)
    with lecture(moteur) as session:
        assert len(session.scalars(select(LigneJournal)).all()) == avant


def test_une_insertion_avant_decale_tout_exactement(moteur: Engine, monde: Monde) -> None:
    nouveau = "Directrice 👩‍🦰 : " + ANCIEN
    assert _corriger(moteur, monde, nouveau) == BilanAncrage(suivis=3)
    assert _extraits(moteur, monde, nouveau) == list(EXTRAITS)
    assert {verbatim.ancrage for verbatim in _relire(moteur, monde)} == {AncrageVerbatim.SUR}


def test_une_insertion_entre_deux_ne_touche_que_les_suivants(moteur: Engine, monde: Monde) -> None:
    nouveau = ANCIEN.replace("Personne", "Et puis : personne d'autre. Personne")
    assert _corriger(moteur, monde, nouveau) == BilanAncrage(en_place=1, suivis=2)
    assert _extraits(moteur, monde, nouveau) == list(EXTRAITS)


def test_un_passage_supprime_garde_sa_citation_et_demande_verification(moteur: Engine, monde: Monde) -> None:
    nouveau = ANCIEN.replace("Personne ne répond au téléphone de l'accueil. ", "")
    assert _corriger(moteur, monde, nouveau) == BilanAncrage(en_place=1, suivis=1, a_verifier=1)
    perdu = _relire(moteur, monde)[1]
    assert (perdu.citation, perdu.ancrage) == (EXTRAITS[1], AncrageVerbatim.A_VERIFIER)
    assert perdu.fin > perdu.debut


def test_une_correction_annulee_remet_la_citation_en_place(moteur: Engine, monde: Monde) -> None:
    _corriger(moteur, monde, ANCIEN.replace("téléphone", "standard"))
    assert _relire(moteur, monde)[1].ancrage is AncrageVerbatim.A_VERIFIER
    _corriger(moteur, monde, ANCIEN)
    assert _extraits(moteur, monde, ANCIEN) == list(EXTRAITS)
    assert _relire(moteur, monde)[1].ancrage is AncrageVerbatim.SUR


def test_tout_effacer_ne_perd_aucune_citation(moteur: Engine, monde: Monde) -> None:
    assert _corriger(moteur, monde, "") == BilanAncrage(a_verifier=3)
    assert [verbatim.citation for verbatim in _relire(moteur, monde)] == list(EXTRAITS)


def test_des_passages_voisins_glissent_sans_se_heurter(moteur: Engine) -> None:
    """Chacun prend la place exacte qu'avait le suivant : l'unicité des passages ne doit pas s'y opposer."""
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        texte = fabriques.un_texte(session, fabriques.un_entretien(session, terrain), "un deux trois quatr")
        voisins = tuple(fabriques.un_verbatim(session, texte, debut, debut + 2).id for debut in (0, 2, 4, 6, 8))
    monde = Monde(texte.id, voisins)
    for nouveau in ("Xyun deux trois quatr", "un deux trois quatr"):
        _corriger(moteur, monde, nouveau)
        assert _extraits(moteur, monde, nouveau) == ["un", " d", "eu", "x ", "tr"]


def test_un_passage_recode_entre_temps_garde_la_place(moteur: Engine, monde: Monde) -> None:
    _corriger(moteur, monde, ANCIEN.replace("téléphone", "standard"))
    with ecriture(moteur, None) as session:
        texte = session.get_one(Texte, monde.texte_id)
        _surligner(session, texte, "Personne ne répond au standard")
    nouveau = ANCIEN.replace("téléphone", "standard") + " Fin."
    assert _corriger(moteur, monde, nouveau).a_verifier == 1
    assert _relire(moteur, monde)[1].citation == EXTRAITS[1]


def test_un_verbatim_archive_suit_aussi(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Verbatim, monde.verbatims[0]).archive_le = maintenant()
    nouveau = "Note. " + ANCIEN
    _corriger(moteur, monde, nouveau)
    assert _extraits(moteur, monde, nouveau) == list(EXTRAITS)


MORCEAUX = st.sampled_from([*EXTRAITS, "Le temps ", " 😡 ", "\n", "é", "Oui. ", "Personne ne répond"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corrections=st.lists(st.lists(MORCEAUX, max_size=8).map("".join), min_size=1, max_size=4))
def test_quoi_qu_on_recrive_rien_ne_se_perd_et_rien_ne_ment(moteur: Engine, corrections: list[str]) -> None:
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        texte = fabriques.un_texte(session, fabriques.un_entretien(session, terrain), ANCIEN)
        monde = Monde(texte.id, tuple(_surligner(session, texte, extrait) for extrait in EXTRAITS))
    for nouveau in corrections:
        _corriger(moteur, monde, nouveau)
        for verbatim, extrait in zip(_relire(moteur, monde), EXTRAITS, strict=True):
            assert verbatim.citation == extrait
            assert verbatim.ancrage is AncrageVerbatim.A_VERIFIER or nouveau[verbatim.debut : verbatim.fin] == extrait
