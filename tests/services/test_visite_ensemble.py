"""La visite, la présentation et les chiffres publics réunis : aucune case de un ou deux ne se résout.

Un attaquant par programme linéaire en nombres entiers connaît la règle et tout ce qui s'écrit.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, PETIT, est_cache
from lib.domain.droits import Perimetre
from lib.domain.matrices import AttributMatrice
from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import FamilleEtiquette, Role, TailleEntreprise, TypeActeur
from lib.services import demonstration
from lib.services.couverture import lire_couverture
from lib.services.groupes import lire_releves
from lib.services.matrices.croisement import lire_croisement
from lib.services.restitution.lecture import lire_scene
from lib.services.statistiques import lire_chiffres_publics
from lib.services.tableau_de_bord import lire_vue
from lib.services.territoires import CriteresTerrains, comparer_terrains
from lib.services.transaction import ecriture, lecture

Lu = tuple[tuple[Any, ...], str]
"""Ce qui s'écrit d'une somme de variables."""
LARGE = 200
TROIS = "masqué, trois ou plus"
CONNUS = {PETIT: (1, 2), CACHE: (0, LARGE), TROIS: (3, LARGE)}


@pytest.fixture
def visite(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    return Perimetre(compte_id=0, role=Role.DEMONSTRATION, investigation_id=investigation_id, fictive=True)


def preciser(textes: Iterable[str]) -> list[str]:
    """À côté d'un « < 3 », la règle dit qu'un « masqué » en vaut trois ou plus."""
    lus = [premier(texte) for texte in textes]
    return [TROIS if texte == CACHE and PETIT in lus else texte for texte in lus]


def propre(texte: str) -> str:
    return texte.replace("\xa0", " ").replace("\u202f", "")


def resoudre(variables: Sequence[Any], lus: Iterable[Lu], somme: Sequence[Any]) -> tuple[int, int]:
    """Entre quoi cette somme peut varier aux yeux du lecteur."""
    rangs = {variable: rang for rang, variable in enumerate(variables)}
    lignes, bas, haut = [], [], []
    for parties, texte in lus:
        lignes.append([float(variable in parties) for variable in variables])
        borne = CONNUS.get(texte) or (int(propre(texte)),) * 2
        bas.append(borne[0])
        haut.append(borne[1])
    cout = np.array([float(variable in somme) for variable in rangs])
    trouvees = [
        milp(
            signe * cout,
            integrality=np.ones(len(rangs)),
            bounds=Bounds(0, LARGE),
            constraints=LinearConstraint(np.array(lignes), bas, haut),
        )
        for signe in (1, -1)
    ]
    assert all(trouvee.success for trouvee in trouvees)
    return round(trouvees[0].fun), round(-trouvees[1].fun)


# --- Qui a été rencontré -----------------------------------------------------------------------------------------


def lire_rencontres(session: Session, visite: Perimetre, noms: Sequence[str]) -> Iterator[Lu]:
    """Accueil, présentation, /statistiques et matrices. Une taille est une part des entreprises."""
    groupes = {nom: tuple((nom, t, s) for t in TypeActeur for s in tailles(t)) for nom in noms}
    groupes |= {t.libelle: tuple((nom, t, s) for nom in noms for s in tailles(t)) for t in TypeActeur}
    tous = tuple(case for nom in noms for case in groupes[nom])
    vue = lire_vue(session, visite)
    for nom, *cases, total in vue.tableau.lignes:
        yield groupes[nom], premier(total)
        for entete, case in zip(vue.tableau.entetes[1:-1], cases, strict=True):
            if case != "–":
                yield tuple(c for c in groupes[nom] if c[1].libelle == entete), premier(case)
    yield tous, vue.realises_ecrits
    scene = lire_scene(session, visite, code=CodeScene.RENCONTRES)
    publics = lire_chiffres_publics(session)
    assert scene is not None and publics is not None
    ecrits = [(nom.partition(" – ")[2], ecrit) for nom, ecrit, _ in scene.tableaux[0].lignes]
    ecrits += [(c.intitule.partition(" : ")[2], c.valeur) for c in publics.chiffres]
    for voulus in (set(noms), set(groupes) - set(noms)):
        rangee = [(nom, ecrit) for nom, ecrit in ecrits if nom in voulus]
        textes = preciser(ecrit for _, ecrit in rangee)
        yield from ((groupes[nom], texte) for (nom, _), texte in zip(rangee, textes, strict=True))
    groupes |= {t.libelle: tuple(case for case in tous if case[2] == t.value) for t in TailleEntreprise}
    groupes |= {"Sans taille": tuple(case for case in tous if not case[2]), "Ensemble": tous}
    for attribut in AttributMatrice:
        for entete in lire_croisement(session, visite, attribut=attribut).entetes:
            nom, _, n = propre(entete).rstrip(")").partition(" (N = ")
            yield groupes[nom], premier(n)


def tailles(type_acteur: TypeActeur) -> tuple[str, ...]:
    return ("", *(t.value for t in TailleEntreprise)) if type_acteur is TypeActeur.ENTREPRISE else ("",)


def premier(texte: str) -> str:
    lu = propre(texte)
    return PETIT if lu.startswith("< 3") else re.split("[ ,]", lu)[0]


def test_aucun_acteur_seul_de_son_type_ne_se_compte(moteur: Engine, visite: Perimetre) -> None:
    """Entreprise se taisait, mais « Sans taille » la rendait : l'Expertise valait un, exactement."""
    with lecture(moteur) as session:
        terrains = lire_couverture(session, visite)
        lus = list(lire_rencontres(session, visite, [terrain.nom for terrain in terrains]))
    variables = [(t.nom, type_, s) for t in terrains for type_ in TypeActeur for s in tailles(type_)]
    for type_ in TypeActeur:
        comptes = {t.nom: sum(c.realises for c in t.cellules if c.type_acteur is type_) for t in terrains}
        parties = [
            tuple(v for v in variables if v[1] is type_ and v[0] in ou) for ou in [*({n} for n in comptes), {*comptes}]
        ]
        for somme, compte in zip(parties, [*comptes.values(), sum(comptes.values())], strict=True):
            if compte in {1, 2}:
                bas, haut = resoudre(variables, lus, somme)
                assert bas < haut, (type_, somme)


# --- Ce qu'ils disent --------------------------------------------------------------------------------------------


def lire_irritant(
    nom: str, terrains: Mapping[str, int], lignes: Mapping[str, Mapping[str, Sequence[str]]]
) -> Iterator[Lu]:
    """Territoires et les deux scènes : qui l'évoque (e), l'écarte (c), ou n'en a pas été saisi (n)."""
    for terrain, rencontres in terrains.items():
        yield tuple((terrain, quoi) for quoi in "ecn"), str(rencontres)
    *cases, tous, _ = lignes["territoires"][nom]
    for ou, case in zip([*({t} for t in terrains), {*terrains}], [*cases, tous], strict=True):
        evoques, abordes = (
            tuple((t, "e") for t in terrains if t in ou),
            tuple((t, q) for t in terrains if t in ou for q in "ec"),
        )
        if part := re.match(r"(\d+)/(\d+)", propre(case)):
            yield evoques, part[1]
            yield abordes, part[2]
        elif propre(case) != "non abordé":
            yield evoques, preciser([case, *cases])[0]
    evoquent, sur, _ = lignes["irritants"][nom]
    yield tuple((t, "e") for t in terrains), evoquent
    yield tuple((t, q) for t in terrains for q in "ec"), sur
    differents = lignes["differences"].get(nom, ())[: len(terrains)]
    yield from ((((t, "e"),), texte) for t, texte in zip(terrains, preciser(differents), strict=False))


def test_aucun_avis_seul_ne_se_retrouve(moteur: Engine, visite: Perimetre) -> None:
    with lecture(moteur) as session:
        releves = lire_releves(session, visite)
        criteres = CriteresTerrains(famille=FamilleEtiquette.IRRITANT)
        tableaux = {"territoires": comparer_terrains(session, visite, criteres=criteres).tableau.lignes}
        for code in (CodeScene.IRRITANTS, CodeScene.DIFFERENCES):
            scene = lire_scene(session, visite, code=code)
            assert scene is not None
            tableaux[code.value] = scene.tableaux[0].lignes
    lignes = {ecran: {nom: reste for nom, *reste in rangees} for ecran, rangees in tableaux.items()}
    for nom, rangee in releves.items():
        terrains = {r.terrain: r.rencontres for r in rangee}
        lus = list(lire_irritant(nom, terrains, lignes))
        variables = [(t, quoi) for t in terrains for quoi in "ecn"]
        for r in rangee:
            for quoi, n in (("e", r.evoques), ("c", r.ecartes)):
                if n in {1, 2}:
                    bas, haut = resoudre(variables, lus, [(r.terrain, quoi)])
                    assert bas < haut, (nom, r.terrain, quoi, lus)
    assert any(est_cache(texte) for rangee in lignes["irritants"].values() for texte in rangee)
