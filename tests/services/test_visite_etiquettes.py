"""Ce que la visite lit d'une étiquette, tous écrans réunis : aucun porteur, aucun non-porteur seul ne se retrouve.

Matrices, grille, Territoires et qui a été rencontré se lisent ensemble, par le même attaquant que
`test_visite_ensemble`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.modeles import Etiquette, SyntheseEtiquette, SyntheseSituation, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.matrices import AttributMatrice
from lib.domain.vocabulaire import FamilleEtiquette, Role, TailleEntreprise, TypeActeur
from lib.services import demonstration
from lib.services.couverture import lire_couverture
from lib.services.grille import lister_grille
from lib.services.matrices.croisement import lire_croisement
from lib.services.syntheses import refaire
from lib.services.territoires import CriteresTerrains, comparer_terrains
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import preparer
from tests.services.test_visite_ensemble import Lu, lire_rencontres, preciser, premier, propre, resoudre, tailles

QUOI = ("porte", "autre", "nu", "non codé")
"""Un entretien porte l'étiquette, en porte d'autres, n'en porte aucune, ou n'est pas codé."""
CODES = QUOI[:3]
Situation = tuple[str, TypeActeur, str]
Variable = tuple[str, TypeActeur, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vrai:
    """Ce qu'il faut protéger : entretiens codés, et ceux qui portent chaque étiquette, par situation."""

    codes: Mapping[Situation, int]
    portent: Mapping[str, Mapping[Situation, int]]


def lire_vrai(session: Session, visite: Perimetre) -> Vrai:
    noms = {terrain.id: terrain.nom for terrain in session.scalars(select(Terrain))}
    situations = session.scalars(select(SyntheseSituation).where(visible(SyntheseSituation, visite)))
    portent: dict[str, dict[Situation, int]] = defaultdict(dict)
    comptes = select(Etiquette.nom, SyntheseEtiquette).join(Etiquette, Etiquette.id == SyntheseEtiquette.etiquette_id)
    for nom, s in session.execute(comptes.where(visible(SyntheseEtiquette, visite))):
        portent[nom][noms[s.terrain_id], s.type_acteur, s.taille] = s.entretiens
    return Vrai(codes={(noms[s.terrain_id], s.type_acteur, s.taille): s.codes for s in situations}, portent=portent)


def grouper(situations: Sequence[Situation]) -> dict[str, list[Situation]]:
    """Chaque colonne d'une matrice, et leur ensemble."""
    groupes: dict[str, list[Situation]] = defaultdict(list)
    libelles = {t.value: t.libelle for t in TailleEntreprise} | {"": "Sans taille"}
    for situation in situations:
        terrain, type_acteur, taille = situation
        for nom in (terrain, type_acteur.libelle, libelles[taille], "Ensemble"):
            groupes[nom].append(situation)
    return groupes


def parties(situations: Sequence[Situation], *quoi: str) -> tuple[Variable, ...]:
    return tuple((*situation, q) for situation in situations for q in quoi)


class Ecrans:
    """Tout ce que la visite a sous les yeux, lu une fois."""

    def __init__(self, session: Session, visite: Perimetre) -> None:
        terrains = [terrain.nom for terrain in lire_couverture(session, visite)]
        situations = [(nom, t, taille) for nom in terrains for t in TypeActeur for taille in tailles(t)]
        self.groupes = grouper(situations)
        self.variables = parties(situations, *QUOI)
        self.rencontres = [
            (parties(sorted(set(ou)), *QUOI), texte) for ou, texte in lire_rencontres(session, visite, terrains)
        ]
        self.matrices = [lire_croisement(session, visite, attribut=attribut) for attribut in AttributMatrice]
        self.grille = {e.nom: e.entretiens_ecrits for e in lister_grille(session, visite)}
        self.territoires = [
            comparer_terrains(session, visite, criteres=CriteresTerrains(famille=famille)).tableau
            for famille in FamilleEtiquette
            if famille is not FamilleEtiquette.IRRITANT
        ]

    def lire(self, etiquette: str) -> Iterator[Lu]:
        yield from self.rencontres
        for matrice in self.matrices:
            entetes = [propre(entete).rstrip(")").partition(" (N = ")[::2] for entete in matrice.entetes]
            ligne = next(ligne for ligne in matrice.lignes if ligne.nom == etiquette)
            for (nom, n), case in zip(entetes, ligne.cases, strict=True):
                yield parties(self.groupes[nom], *CODES), premier(n)
                yield parties(self.groupes[nom], "porte"), premier(case.texte)
        yield parties(self.groupes["Ensemble"], "porte"), premier(self.grille[etiquette])
        for tableau in self.territoires:
            entetes = ["Ensemble" if nom == "Tous réunis" else nom for nom in tableau.entetes[1:-1]]
            for nom, *cases, _ in tableau.lignes:
                if nom == etiquette:
                    yield from self._comparee(dict(zip(entetes, cases, strict=True)))

    def _comparee(self, cases: Mapping[str, str]) -> Iterator[Lu]:
        for nom, case in cases.items():
            if part := re.match(r"(\d+)/(\d+)", propre(case)):
                yield parties(self.groupes[nom], "porte"), part[1]
                yield parties(self.groupes[nom], "porte", "autre"), part[2]
            elif "l'évoquent" in propre(case) or "masqué" in case:
                yield parties(self.groupes[nom], "porte"), preciser([case])[0]


def deduire(moteur: Engine, visite: Perimetre) -> tuple[int, list[tuple[str, str, Sequence[str], int]]]:
    """(combien de comptes de un ou deux à protéger, ceux qui se retrouvent)."""
    with lecture(moteur) as session:
        vrai, ecrans = lire_vrai(session, visite), Ecrans(session, visite)
    vises, trouves = 0, []
    for etiquette in sorted(ecrans.grille):
        lus = list(ecrans.lire(etiquette))
        portent = Counter(vrai.portent.get(etiquette, {}))
        for nom, situations in ecrans.groupes.items():
            n = sum(portent[s] for s in situations)
            reste = sum(vrai.codes.get(s, 0) for s in situations) - n
            for compte, quoi in ((n, ("porte",)), (reste, ("autre", "nu"))):
                if compte in {1, 2}:
                    vises += 1
                    bas, haut = resoudre(ecrans.variables, lus, parties(situations, *quoi))
                    if bas == haut:
                        trouves.append((etiquette, nom, quoi, bas))
    return vises, trouves


def test_aucun_porteur_seul_ne_se_retrouve_dans_la_demonstration(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    visite = Perimetre(compte_id=0, role=Role.DEMONSTRATION, investigation_id=investigation_id, fictive=True)
    vises, trouves = deduire(moteur, visite)
    assert vises > 20 and trouves == []


@pytest.mark.parametrize("famille", [FamilleEtiquette.BESOIN, FamilleEtiquette.IDEE])
def test_ce_que_tait_le_type_d_acteur_ne_se_relit_pas_par_terrain(moteur: Engine, famille: FamilleEtiquette) -> None:
    """Quatre porteurs à Marseille, deux associations et deux entreprises : écrire quatre rendrait les deux « < 3 »."""
    enquete = preparer(moteur, fictive=True)
    with ecriture(moteur, None) as session:
        levier = fabriques.une_etiquette(session, enquete.investigation, nom="Réseau", famille=famille)
        autre = fabriques.une_etiquette(session, enquete.investigation, nom="Autre", famille=famille)
        for terrain_id, type_acteur, rang in product(
            (enquete.marseille, enquete.bourgogne), (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE), range(7)
        ):
            portee = levier if terrain_id == enquete.marseille and rang < 2 else autre
            entretien = fabriques.un_entretien(session, session.get_one(Terrain, terrain_id), type_acteur=type_acteur)
            verbatim = fabriques.un_verbatim(session, fabriques.un_texte(session, entretien, "Le temps manque."), 0, 8)
            fabriques.un_etiquetage(session, verbatim, portee, enquete.comptes[Role.ENQUETEUR])
        refaire(session, enquete.investigation.id)
    vises, trouves = deduire(moteur, enquete.perimetre(Role.DEMONSTRATION))
    assert vises and trouves == []
