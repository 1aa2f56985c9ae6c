"""Rien ne disparaît d'un export : ce que portent les étiquettes, plus ce qui n'en a pas, fait le tout."""

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Compte, Etiquetage, Etiquette, Verbatim
from lib.domain.vocabulaire import Role
from lib.echanges.tableur import relire_csv, relire_xlsx
from lib.services import exports, panier
from lib.services.exports import DemandeExport, ecrire
from lib.services.exports_fichier import FormatExport
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.archives import csv_de
from tests.outils.enquete import Enquete, preparer

MOTIF = "vérifier que rien ne manque"
POSES = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 1), st.booleans()), max_size=14)


class Retour(Exception):
    """Défait la transaction d'un exemple."""


@pytest.fixture
def enquete(moteur: Engine, monkeypatch: pytest.MonkeyPatch) -> Enquete:
    # Un exemple pose et exporte dans une même transaction, dont l'isolement ne change plus.
    monkeypatch.setattr(exports, "figer", lambda _: None)
    return preparer(moteur)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(poses=POSES, role=st.sampled_from([Role.ADMINISTRATEUR, Role.ENQUETEUR, Role.RELECTEUR]), options=st.data())
def test_etiquettes_et_sans_etiquette_font_le_total(
    moteur: Engine, enquete: Enquete, poses: set[tuple[int, int, int, bool]], role: Role, options: Any
) -> None:
    perimetre = fabriques.un_perimetre(enquete.comptes[role], enquete.investigation)
    identifie = role is Role.ADMINISTRATEUR and options.draw(st.booleans())
    au_panier, format_ = options.draw(st.booleans()), options.draw(st.sampled_from(FormatExport))
    with pytest.raises(Retour), ecriture(moteur, perimetre) as session:
        _poser(session, enquete, poses)
        if au_panier:
            panier.retenir(session, perimetre, verbatims=session.scalars(select(Verbatim.id)).all())
        commun = {"format": format_, "identifie": identifie, "motif": MOTIF, "panier": au_panier}
        citations, etiquetages = (_sortir(session, perimetre, nom, commun) for nom in ("citations", "etiquetages"))
        assert {ligne["Citation n°"] for ligne in etiquetages} == {ligne["Citation n°"] for ligne in citations}
        par_etiquette = Counter(code for _, code in {(e["Citation n°"], e["Code de l'étiquette"]) for e in etiquetages})
        sans = par_etiquette.pop("", 0) + par_etiquette.pop(None, 0)
        nombres = [int(ligne["Nombre d'étiquettes"]) for ligne in citations]
        assert sans == nombres.count(0)
        assert sum(par_etiquette.values()) + sans == sum(max(1, nombre) for nombre in nombres)
        _verifier_la_grille(
            _sortir(session, perimetre, "etiquettes", commun | {"panier": False}), session, perimetre, commun
        )
        assert len(citations) == sum(nombre > 0 for nombre in nombres) + sans == (3 if role is Role.RELECTEUR else 4)
        raise Retour


def _verifier_la_grille(grille: list[dict[str, Any]], session: Session, perimetre: Any, commun: dict[str, Any]) -> None:
    """Les comptes de la grille sont ceux que l'on retrouve en recomptant les étiquetages du même export."""
    etiquetages = _sortir(session, perimetre, "etiquetages", commun | {"panier": False})
    citations = {(e["Code de l'étiquette"] or "", e["Citation n°"]) for e in etiquetages}
    entretiens = {(e["Code de l'étiquette"] or "", e["Entretien"]) for e in etiquetages}
    for ligne in grille:
        code = ligne["Code"] or ""
        assert int(ligne["Citations"]) == sum(porte == code for porte, _ in citations)
        assert int(ligne["Entretiens"]) == sum(porte == code for porte, _ in entretiens)
    assert grille[-1]["Nom"] == "Sans étiquette"
    assert sum(int(ligne["Citations"]) for ligne in grille) == len(citations)


def _poser(session: Session, enquete: Enquete, poses: set[tuple[int, int, int, bool]]) -> None:
    """Des étiquettes au hasard, dont certaines archivées ou retirées, par deux personnes."""
    session.query(Etiquetage).update({"retire_le": maintenant()})
    session.flush()
    grille = [session.get_one(Etiquette, id_) for id_ in enquete.irritants]
    grille.append(fabriques.une_etiquette(session, enquete.investigation, archive_le=maintenant()))
    verbatims = session.scalars(select(Verbatim).order_by(Verbatim.id)).all()
    comptes = [session.get_one(Compte, enquete.comptes[r].id) for r in (Role.ENQUETEUR, Role.ADMINISTRATEUR)]
    vues = set()
    for verbatim, etiquette, compte, retiree in sorted(poses):
        if (verbatim, etiquette, compte) not in vues:
            vues.add((verbatim, etiquette, compte))
            retrait = {"retire_le": maintenant()} if retiree else {}
            fabriques.un_etiquetage(session, verbatims[verbatim], grille[etiquette], comptes[compte], **retrait)


def _sortir(session: Session, perimetre: Any, table: str, commun: dict[str, Any]) -> list[dict[str, Any]]:
    sortie = io.BytesIO()
    ecrire(session, perimetre, DemandeExport(tables=(table,), **commun), sortie, auteur="test")
    octets = sortie.getvalue()
    if commun["format"] is FormatExport.CSV:
        entetes, *lignes = relire_csv(csv_de(octets))
    else:
        nom = {"citations": "Citations", "etiquetages": "Étiquetages", "etiquettes": "Étiquettes"}[table]
        entetes, *lignes = relire_xlsx(octets)[nom]
    return [dict(zip(entetes, ligne, strict=True)) for ligne in lignes]
