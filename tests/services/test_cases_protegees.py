"""Ce qu'une étiquette compte se tait de la même façon partout : matrices, grille, cases et citations filtrées."""

from itertools import product

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, PETIT, est_cache
from lib.db.modeles import Etiquette, Terrain
from lib.domain.matrices import AttributMatrice, Cooccurrence
from lib.domain.vocabulaire import Role, TypeActeur
from lib.services.cases_protegees import SANS, lire_cases_protegees
from lib.services.citations import FiltresCitations, lister_citations, trouver_citations
from lib.services.grille import compter_citations, lister_grille
from lib.services.matrices import lire_cooccurrences, lire_croisement
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer

ASSOCIATION, ENTREPRISE = TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def _coder(session: Session, enquete: Enquete, terrain_id: int, type_acteur: TypeActeur, etiquette: int | None) -> None:
    """Un entretien de plus, codé ; il porte cette étiquette, ou une citation qui n'en a pas."""
    entretien = fabriques.un_entretien(session, session.get_one(Terrain, terrain_id), type_acteur=type_acteur)
    verbatim = fabriques.un_verbatim(session, fabriques.un_texte(session, entretien, "Le temps manque."), 0, 8)
    if etiquette is not None:
        codeur = enquete.comptes[Role.ENQUETEUR]
        fabriques.un_etiquetage(session, verbatim, session.get_one(Etiquette, etiquette), codeur)


def _remplir(moteur: Engine, enquete: Enquete) -> int:
    """Une étiquette portée par quatre associations, deux par terrain ; ailleurs, beaucoup d'entretiens codés."""
    with ecriture(moteur, None) as session:
        levier = fabriques.une_etiquette(session, enquete.investigation, nom="Réseau").id
        for terrain_id in (enquete.marseille, enquete.bourgogne):
            for _ in range(2):
                _coder(session, enquete, terrain_id, ASSOCIATION, levier)
            for type_acteur, _ in product((ASSOCIATION, ENTREPRISE), range(5)):
                _coder(session, enquete, terrain_id, type_acteur, None)
        refaire(session, enquete.investigation.id)
    return levier


def test_un_ensemble_que_tait_un_attribut_se_tait_dans_toutes_les_matrices(moteur: Engine, enquete: Enquete) -> None:
    """Deux et deux font quatre : lire quatre par type d'acteur rendrait les deux « < 3 » par terrain."""
    levier, visite = _remplir(moteur, enquete), enquete.perimetre(Role.DEMONSTRATION)
    with lecture(moteur) as session:
        cases = lire_cases_protegees(session, visite)
        assert cases.ensemble(levier) == CACHE
        assert all(map(est_cache, cases.ligne(levier, AttributMatrice.TYPE_ACTEUR).values()))
        for attribut in AttributMatrice:
            matrice = lire_croisement(session, visite, attribut=attribut)
            (ligne,) = [ligne for ligne in matrice.lignes if ligne.nom == "Réseau"]
            assert all(est_cache(case.texte) and case.ouvre is None for case in ligne.cases), attribut


def test_sans_etiquette_s_ecrit_pareil_dans_les_paires_et_dans_le_croisement(moteur: Engine, enquete: Enquete) -> None:
    relecture = enquete.perimetre(Role.RELECTEUR)
    _remplir(moteur, enquete)
    with lecture(moteur) as session:
        ecrit = lire_cases_protegees(session, relecture).ensemble(SANS)
        paires = lire_cooccurrences(session, relecture, nature=Cooccurrence.CITATION)
        croisee = lire_croisement(session, relecture, attribut=AttributMatrice.TERRAIN)
        assert paires.lignes[-1].cases[-1].texte == ecrit == croisee.lignes[-1].cases[-1].texte.split(" (")[0]


def test_en_visite_les_filtres_n_ouvrent_pas_ce_qu_une_matrice_tait(moteur: Engine, enquete: Enquete) -> None:
    temps, cout = enquete.irritants
    levier = _remplir(moteur, enquete)
    attendus = {
        FiltresCitations(etiquettes=(temps,)): True,
        FiltresCitations(etiquettes=(cout,)): False,
        FiltresCitations(etiquettes=(levier,)): False,
        FiltresCitations(etiquettes=(temps, cout, levier)): True,
        FiltresCitations(etiquettes=(temps,), terrain_id=enquete.bourgogne): False,
        FiltresCitations(etiquettes=(temps,), terrain_id=enquete.marseille, type_acteur=ASSOCIATION): False,
        FiltresCitations(sans_etiquette=True, terrain_id=enquete.marseille, type_acteur=ENTREPRISE): True,
    }
    for filtres, se_lisent in attendus.items():
        with lecture(moteur) as session:
            visite, relecture = enquete.perimetre(Role.DEMONSTRATION), enquete.perimetre(Role.RELECTEUR)
            lues = lister_citations(session, visite, filtres=filtres)
            assert bool(lues.total) is se_lisent, filtres
            assert len(trouver_citations(session, visite, filtres=filtres)) == lues.total
            assert lister_citations(session, relecture, filtres=filtres).total, "la relecture lit chaque citation"


def test_hors_de_l_equipe_le_rang_d_une_paire_tue_ne_dit_pas_deux_ou_un(moteur: Engine, enquete: Enquete) -> None:
    """Dans l'ordre de la grille, « Un » et « Deux » : la seconde paire compte deux entretiens, la première un seul."""
    with ecriture(moteur, None) as session:
        noms = [fabriques.une_etiquette(session, enquete.investigation, nom=nom) for nom in ("Un", "Deux", "Tous")]
        for portee in (noms[0], noms[1], noms[1]):
            entretien = fabriques.un_entretien(session, session.get_one(Terrain, enquete.marseille))
            verbatim = fabriques.un_verbatim(session, fabriques.un_texte(session, entretien, "Le temps manque."), 0, 8)
            for etiquette in (portee, noms[2]):
                fabriques.un_etiquetage(session, verbatim, etiquette, enquete.comptes[Role.ENQUETEUR])
        refaire(session, enquete.investigation.id)
    for role, attendu in (
        (Role.RELECTEUR, ["Un + Tous", "Deux + Tous"]),
        (Role.ENQUETEUR, ["Deux + Tous", "Un + Tous"]),
    ):
        with lecture(moteur) as session:
            matrice = lire_cooccurrences(session, enquete.perimetre(role), nature=Cooccurrence.CITATION)
        assert [ligne.nom for ligne in matrice.lignes if "Tous" in ligne.nom] == attendu


def test_une_etiquette_que_personne_ne_porte_se_lit_zero(moteur: Engine, enquete: Enquete) -> None:
    _remplir(moteur, enquete)
    with lecture(moteur) as session:
        cases = lire_cases_protegees(session, enquete.perimetre(Role.DEMONSTRATION), [])
    assert cases.ensemble(10**6) == "0" and cases.ensemble(SANS) not in {"0", PETIT}
    assert cases.case(SANS, AttributMatrice.TYPE_ACTEUR, TypeActeur.EXPERT) == "0"


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_la_grille_tait_ce_que_taisent_les_matrices(moteur: Engine, enquete: Enquete, role: Role) -> None:
    levier, perimetre = _remplir(moteur, enquete), enquete.perimetre(role)
    with lecture(moteur) as session:
        grille = {etiquette.id: etiquette for etiquette in lister_grille(session, perimetre)}
        total = compter_citations(session, perimetre)
        for attribut in AttributMatrice:
            matrice = lire_croisement(session, perimetre, attribut=attribut)
            ensembles = {
                ligne.nom: ligne.cases[-1].texte.split("\u00a0(")[0].split(" (")[0] for ligne in matrice.lignes
            }
            lus = {etiquette.nom: etiquette.entretiens_ecrits for etiquette in grille.values()}
            assert ensembles == lus | {"Sans étiquette": total.entretiens_sans_ecrits}, attribut
        assert grille[levier].entretiens_ecrits == grille[levier].citations_ecrites == CACHE
        assert (grille[levier].entretiens, grille[levier].citations) == (0, 0)
        assert grille[enquete.irritants[1]].entretiens_ecrits == PETIT
        equipe = {e.id: e for e in lister_grille(session, enquete.perimetre(Role.ENQUETEUR))}
        assert (equipe[levier].entretiens_ecrits, equipe[levier].citations_ecrites) == ("4", "4")
