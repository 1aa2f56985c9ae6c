"""Le panier : à soi, borné, jamais plus large que ce que l'on lit ; il sort pseudonymisé et journalisé."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Entretien, LigneJournal, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import ActionJournal, Role
from lib.echanges.tableur import relire_csv
from lib.services import panier
from lib.services.citations import FiltresCitations, lister_citations
from lib.services.exports import DemandeExport, produire
from lib.services.exports_fichier import FormatExport
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.archives import csv_de
from tests.outils.enquete import SANS_ACCORD, SANS_ETIQUETTE, SANS_NOTICE, Enquete, preparer


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _perimetre(enquete: Enquete, role: Role = Role.ENQUETEUR) -> Perimetre:
    return fabriques.un_perimetre(enquete.comptes[role], enquete.investigation)


def _tout(moteur: Engine) -> list[int]:
    with lecture(moteur) as session:
        return list(session.scalars(select(Verbatim.id).order_by(Verbatim.id)))


def _retenir(moteur: Engine, perimetre: Perimetre) -> int:
    with ecriture(moteur, perimetre) as session:
        return panier.retenir(session, perimetre, verbatims=_tout(moteur))


def _lire(moteur: Engine, perimetre: Perimetre) -> int:
    with lecture(moteur) as session:
        return len(panier.lire_panier(session, perimetre))


@pytest.mark.parametrize(("role", "lisibles"), [(Role.ENQUETEUR, 4), (Role.RELECTEUR, 3)])
def test_on_ne_retient_que_ce_qu_on_lit_et_une_seule_fois(
    moteur: Engine, enquete: Enquete, role: Role, lisibles: int
) -> None:
    perimetre = _perimetre(enquete, role)
    assert _retenir(moteur, perimetre) == lisibles
    assert _retenir(moteur, perimetre) == 0
    assert _lire(moteur, perimetre) == lisibles
    assert _lire(moteur, replace(perimetre, terrains=frozenset({enquete.bourgogne}))) == 1


def test_le_panier_est_a_soi_se_filtre_et_se_vide(moteur: Engine, enquete: Enquete) -> None:
    lea, admin = _perimetre(enquete), _perimetre(enquete, Role.ADMINISTRATEUR)
    _retenir(moteur, lea)
    assert _lire(moteur, admin) == 0
    filtres = FiltresCitations(panier_de=lea.compte_id)
    with ecriture(moteur, lea) as session:
        page = lister_citations(session, lea, filtres=filtres)
        assert page.total == 4
        panier.laisser(session, lea, verbatims=[page.citations[0].verbatim_id])
        assert lister_citations(session, lea, filtres=filtres).total == 3
        panier.vider(session, lea)
        assert panier.lire_panier(session, lea) == frozenset()


def test_la_visite_n_a_pas_de_panier(moteur: Engine, enquete: Enquete) -> None:
    visite = replace(_perimetre(enquete), role=Role.DEMONSTRATION, fictive=True)
    with ecriture(moteur, visite) as session:
        for geste in (panier.retenir, panier.laisser):
            with pytest.raises(AccesRefuse):
                geste(session, visite, verbatims=[1])
        with pytest.raises(AccesRefuse):
            panier.vider(session, visite)
        assert panier.lire_panier(session, visite) == frozenset()


def test_un_panier_trop_plein_le_dit_et_garde_ce_qu_il_avait(
    moteur: Engine, enquete: Enquete, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panier, "MAXIMUM", 3)
    lea = _perimetre(enquete)
    with ecriture(moteur, lea) as session:
        panier.retenir(session, lea, verbatims=_tout(moteur)[:2])
    with pytest.raises(DonneeInvalide, match="videz-le"):
        _retenir(moteur, lea)
    assert _lire(moteur, lea) > 0


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_le_panier_sort_seul_pseudonymise_et_journalise(moteur: Engine, enquete: Enquete, role: Role) -> None:
    perimetre = _perimetre(enquete, role)
    _retenir(moteur, perimetre)
    with ecriture(moteur, perimetre) as session:
        sans = session.scalars(select(Verbatim.id).where(Verbatim.citation == SANS_ETIQUETTE)).one()
        panier.laisser(session, perimetre, verbatims=[sans])
    demande = DemandeExport(format=FormatExport.CSV, tables=("citations",), panier=True)
    pret = produire(moteur, perimetre, demande, auteur="test")
    ecrit = csv_de(pret.fichier.read())
    assert len(relire_csv(ecrit)) - 1 == pret.bilan.total == (3 if role is Role.ENQUETEUR else 2)
    for mots in (SANS_ETIQUETTE, SANS_ACCORD, SANS_NOTICE, "Orsattini"):
        assert mots.encode() not in ecrit, mots
    assert "panier" in pret.bilan.nom and "panier de citations" in pret.bilan.filtre
    with lecture(moteur) as session:
        assert session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)).one()


def test_un_panier_ne_sort_pas_d_autre_table(moteur: Engine, enquete: Enquete) -> None:
    demande = DemandeExport(tables=("personnes",), panier=True)
    with pytest.raises(DonneeInvalide, match="d'autres tables"):
        produire(moteur, _perimetre(enquete, Role.ADMINISTRATEUR), demande, auteur="test")


def test_un_accord_retire_sort_la_citation_du_panier_de_qui_n_est_pas_de_l_equipe(
    moteur: Engine, enquete: Enquete
) -> None:
    from lib.domain.vocabulaire import AccordCitation

    diplp = _perimetre(enquete, Role.RELECTEUR)
    _retenir(moteur, diplp)
    with ecriture(moteur, None) as session:
        for entretien in session.scalars(select(Entretien)):
            entretien.accord_citation = AccordCitation.NON
    assert _lire(moteur, diplp) == 0
