"""Les exemples d'une étiquette : de vraies citations, lues selon les droits et l'accord de chacun."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Entretien, Etiquette, LigneJournal, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import AccordCitation, ActionJournal, Role
from lib.services import exemples, verbatims
from lib.services.exemples import laisser_en_exemple, lister_exemples, prendre_en_exemple
from lib.services.fusion_etiquettes import defusionner, fusionner
from lib.services.gestes import Geste
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import FORMULE, PERSONNES, SANS_ACCORD, SANS_ETIQUETTE, SANS_NOTICE, Enquete, preparer

NADEGE = f"{PERSONNES[2]} : on manque de temps."


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _verbatim(moteur: Engine, citation: str) -> int:
    with lecture(moteur) as session:
        return session.scalars(select(Verbatim.id).where(Verbatim.citation.startswith(citation[:20]))).one()


def _faire(
    moteur: Engine,
    enquete: Enquete,
    service: Callable[..., Geste],
    citation: str,
    rang: int = 0,
    role: Role = Role.ENQUETEUR,
) -> Geste:
    perimetre = enquete.perimetre(role)
    with ecriture(moteur, perimetre) as session:
        return service(
            session, perimetre, verbatim_id=_verbatim(moteur, citation), etiquette_id=enquete.irritants[rang]
        )


def _lus(moteur: Engine, enquete: Enquete, rang: int = 0, role: Role = Role.ENQUETEUR, **champs: Any) -> list[str]:
    with lecture(moteur) as session:
        lus = lister_exemples(session, enquete.perimetre(role, **champs)).get(enquete.irritants[rang], ())
    return [exemple.citation for exemple in lus]


def test_prendre_puis_laisser_une_citation_au_journal(moteur: Engine, enquete: Enquete) -> None:
    pris = _faire(moteur, enquete, prendre_en_exemple, FORMULE)
    assert "prise en exemple" in pris.message and not pris.change
    assert "déjà" in _faire(moteur, enquete, prendre_en_exemple, FORMULE).message
    assert _lus(moteur, enquete) == [FORMULE] and _lus(moteur, enquete, 1) == []
    _faire(moteur, enquete, laisser_en_exemple, FORMULE)
    assert _lus(moteur, enquete) == []
    with lecture(moteur) as session:
        lignes = session.scalars(select(LigneJournal.action).where(LigneJournal.objet == "exemples_etiquettes"))
        assert list(lignes) == [ActionJournal.CREATION, ActionJournal.SUPPRESSION]


def test_hors_de_l_equipe_ni_nom_ni_citation_sans_accord(moteur: Engine, enquete: Enquete) -> None:
    _faire(moteur, enquete, prendre_en_exemple, NADEGE)
    _faire(moteur, enquete, prendre_en_exemple, SANS_ACCORD)
    assert _lus(moteur, enquete) == [NADEGE[:37], SANS_ACCORD]
    (lu,) = _lus(moteur, enquete, role=Role.RELECTEUR)
    assert "Orsattini" not in lu and "manque de temps" in lu
    assert _lus(moteur, enquete, role=Role.RELECTEUR, terrains=frozenset({enquete.marseille})) == []
    with ecriture(moteur, None) as session:
        session.scalars(
            select(Entretien).where(Entretien.code == "E-BFC-001")
        ).one().accord_citation = AccordCitation.NON
    assert _lus(moteur, enquete, role=Role.RELECTEUR) == []


@pytest.mark.parametrize(("citation", "phrase"), [(SANS_ETIQUETTE, "ne porte pas"), (SANS_NOTICE, "notice remise")])
def test_une_citation_qui_ne_peut_servir_d_exemple(
    moteur: Engine, enquete: Enquete, citation: str, phrase: str
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        _faire(moteur, enquete, prendre_en_exemple, citation)


def test_pas_plus_d_exemples_qu_on_n_en_lit(moteur: Engine, enquete: Enquete, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exemples, "MAXIMUM", 1)
    _faire(moteur, enquete, prendre_en_exemple, FORMULE)
    with pytest.raises(DonneeInvalide, match="retirez-en un"):
        _faire(moteur, enquete, prendre_en_exemple, NADEGE)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_seule_l_equipe_choisit(moteur: Engine, enquete: Enquete, role: Role) -> None:
    for service in (prendre_en_exemple, laisser_en_exemple):
        with pytest.raises(AccesRefuse):
            _faire(moteur, enquete, service, FORMULE, role=role)


def test_un_exemple_suit_son_etiquette_d_une_fusion_a_son_retour(moteur: Engine, enquete: Enquete) -> None:
    _faire(moteur, enquete, prendre_en_exemple, NADEGE)
    _changer_grille(
        moteur,
        enquete,
        lambda s, p, e: fusionner(s, p, etiquette_id=e.id, version=e.version, dans_id=enquete.irritants[1]),
    )
    assert (_lus(moteur, enquete), _lus(moteur, enquete, 1)) == ([], [NADEGE[:37]])
    _changer_grille(moteur, enquete, lambda s, p, e: defusionner(s, p, etiquette_id=e.id, version=e.version))
    assert (_lus(moteur, enquete), _lus(moteur, enquete, 1)) == ([NADEGE[:37]], [])


def test_un_exemple_s_en_va_et_revient_avec_l_etiquette(moteur: Engine, enquete: Enquete) -> None:
    _faire(moteur, enquete, prendre_en_exemple, FORMULE)
    _faire(moteur, enquete, verbatims.retirer, FORMULE)
    assert _lus(moteur, enquete) == []
    _faire(moteur, enquete, verbatims.etiqueter, FORMULE)
    assert _lus(moteur, enquete) == [FORMULE]


def _changer_grille(moteur: Engine, enquete: Enquete, geste: Callable[[Any, Perimetre, Etiquette], object]) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        geste(session, perimetre, session.get_one(Etiquette, enquete.irritants[0]))
