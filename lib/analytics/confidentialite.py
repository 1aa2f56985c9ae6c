"""Publier sans laisser lire, ni déduire, ce qui désignerait quelqu'un : le seul module qui en décide.

`sous_secret` dit si la règle s'applique à qui lit. Puis une fonction par question, à appeler par toute vue publique, de
démonstration, exportée hors de l'équipe ou de restitution :

- un effectif seul : `publier` ;
- une part et son dénominateur, pris dans un total connu : `publier_part` ;
- une rangée et son total, un tableau et ses totaux : `proteger`, `proteger_tableau` ;
- les marges d'un même croisement, publiées sur plusieurs pages : `proteger_croisement` ;
- une rangée dont le total est déjà publié ailleurs, tel qu'il l'est : `proteger_sous` ;
- une courbe de survie : `ages_publiables` ;
- ce que des groupes disent d'un sujet : `proteger_groupes` ; leur ensemble, quand plusieurs découpages le publient :
  `proteger_ensemble` ;
- un montant, ou plusieurs et leur total : `publier_montant`, `proteger_montants` ;
- une citation et son lieu : `situer_citation`.

Règles de l'Insee pour les entreprises : aucune case construite sur moins de trois unités ; aucun montant dont une unité
fait plus de 85 %. Cacher une seule case ne suffit pas quand le total est publié, une soustraction la rend : on en cache
d'autres (secret secondaire) ; à égalité toutes, pour que deux pages qui rangent autrement les mêmes effectifs taisent
les mêmes. Zéro s'écrit zéro. `REGLE` se recopie au bas de ce qui est publié.

Source : Insee, *Manuel de protection des tableaux*, chapitre des règles. Deux tableaux qui partagent une marge se
protègent ensemble, en un seul tableau ; un pourcentage ne se publie qu'avec son numérateur en clair.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lib.analytics.audit_tableau import Case, TableauAudite
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.formats import INSECABLE, nombre, typographier
from lib.domain.vocabulaire import Role

SEUIL = 3
PART_DOMINANTE = 0.85
PETIT = f"<{INSECABLE}{SEUIL}"
CACHE = "masqué"
REGLE = typographier(
    f"Une ou deux unités s'écrivent « {PETIT} » ; « {CACHE} » évite de les retrouver par soustraction. Un montant"
    f" demande au moins {SEUIL} entreprises, dont aucune ne fait plus de 85 % du total. Une citation ne porte pas à la"
    f" fois sa commune et son type d'acteur quand moins de {SEUIL} acteurs de ce type y ont été rencontrés."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeeProtegee:
    """Une rangée prête à publier : chaque case et le total, en clair, « < 3 » ou « masqué »."""

    cases: tuple[str, ...]
    total: str

    @property
    def masque(self) -> bool:
        """Vrai si quelque chose y est caché : il faut alors le dire sous le tableau."""
        return any(texte in {PETIT, CACHE} for texte in (*self.cases, self.total))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableauProtege:
    """Un tableau prêt à publier, avec ses totaux dans les deux sens : tout est en clair, « < 3 » ou « masqué »."""

    lignes: tuple[tuple[str, ...], ...]
    totaux_lignes: tuple[str, ...]
    totaux_colonnes: tuple[str, ...]
    total: str

    @property
    def masque(self) -> bool:
        """Vrai si quelque chose y est caché : il faut alors écrire la règle sous le tableau."""
        textes = [*self.totaux_lignes, *self.totaux_colonnes, self.total]
        return any(t in {PETIT, CACHE} for t in textes + [case for ligne in self.lignes for case in ligne])


@dataclass(frozen=True, slots=True, kw_only=True)
class CroisementProtege:
    """Un tableau protégé dont chaque case et chaque total se retrouve par son nom ; ce qui n'y est pas vaut zéro."""

    cases: Mapping[tuple[Any, Any], str]
    lignes: Mapping[Any, str]
    colonnes: Mapping[Any, str]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeProtege:
    """Ce qu'un groupe dit d'un sujet, prêt à publier. `clair` : rien n'y est caché, la part peut s'écrire."""

    evoques: str
    clair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupesProteges:
    """Un sujet dans tous les groupes, protégés ensemble. `ensemble` : tous les groupes réunis."""

    par_groupe: Mapping[str, GroupeProtege]
    ensemble: GroupeProtege

    @property
    def clair(self) -> bool:
        """Vrai si rien n'est caché : un seul groupe caché suffit à taire ses écarts aux autres réunis."""
        return all(groupe.clair for groupe in self.par_groupe.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LieuCitation:
    """Ce qui peut accompagner une citation publique ; `commune` absente quand elle désignerait quelqu'un."""

    commune: str | None
    type_acteur: str


def sous_secret(perimetre: Perimetre, *, export: bool = False) -> bool:
    """Vrai pour la visite de démonstration, et pour tout fichier que sort un compte hors de l'équipe d'enquête."""
    return perimetre.role is Role.DEMONSTRATION or (export and not peut_lire_identites(perimetre))


def est_cache(texte: str) -> bool:
    """Vrai si ce texte publié tient la place d'un effectif caché."""
    return texte in {PETIT, CACHE}


def publier(effectif: int) -> str:
    """Un effectif seul : « < 3 » s'il vaut un ou deux. Lève `ValueError` s'il est négatif."""
    _verifier([effectif])
    return PETIT if _petit(effectif) else nombre(effectif)


def publier_part(oui: int, non: int, *, exclus: int) -> tuple[str, str]:
    """Une part et son dénominateur (oui + non), dans un total connu du lecteur (oui + non + exclus).

    Le dénominateur se tait quand il donnerait un « non » ou un nombre d'exclus de une ou deux unités, et quand la part
    se tait. Lève `ValueError` pour un effectif négatif.
    """
    numerateur = proteger([oui, non + exclus]).cases[0]
    tait = numerateur in {PETIT, CACHE} or _petit(non) or _petit(exclus)
    return numerateur, CACHE if tait else nombre(oui + non)


def proteger(effectifs: Sequence[int]) -> RangeeProtegee:
    """Une rangée dont le total est publié avec elle.

    Les cases de une ou deux unités deviennent « < 3 ». Si le total permettait de les retrouver, les plus petites des
    autres deviennent « masqué », à égalité toutes, jusqu'à ce qu'il ne le permette plus : l'ordre des cases ne décide
    de rien. Lève `ValueError` pour un effectif négatif.
    """
    protege = _proteger((tuple(effectifs),), croise=False)
    return RangeeProtegee(cases=protege.lignes[0], total=protege.total)


def proteger_tableau(effectifs: Sequence[Sequence[int]]) -> TableauProtege:
    """Un tableau croisé publié avec ses totaux de lignes, de colonnes et général.

    effectifs : lignes de même longueur. Un lecteur qui connaît la règle et tous les totaux publiés ne retrouve aucune
    valeur cachée (vérifié exactement, voir `audit_tableau`). Lève `ValueError` pour un effectif négatif ou un tableau
    qui n'est pas rectangulaire.
    """
    lignes = tuple(map(tuple, effectifs))
    if len({len(ligne) for ligne in lignes}) > 1:
        raise ValueError("Les lignes du tableau n'ont pas toutes la même longueur.")
    return _proteger(lignes, croise=True)


def proteger_croisement(effectifs: Mapping[tuple[Any, Any], int]) -> CroisementProtege:
    """Un croisement (ligne, colonne) → effectif, et ses marges, publiées sur plusieurs pages.

    Chaque marge se protège comme une rangée. Les cases se protègent, marges connues ; sous une marge cachée, ou si
    les marges les rendaient, elles se taisent. Les lignes et colonnes vides n'y changent rien, et s'écrivent zéro. Lève
    `ValueError` pour un effectif négatif.
    """
    _verifier(effectifs.values())
    pleines = {case: effectif for case, effectif in effectifs.items() if effectif}
    lignes = _marge(effectifs, 0)
    colonnes = _marge(effectifs, 1)
    totaux = [marge.total for marge in (lignes.rangee, colonnes.rangee)]
    tableau = _interieur(pleines)
    cases = {
        case: CACHE if est_cache(lignes.ecrites[case[0]]) or est_cache(colonnes.ecrites[case[1]]) else texte
        for case, texte in (dict.fromkeys(effectifs, "0") | tableau).items()
    }
    return CroisementProtege(
        cases=cases,
        lignes=lignes.ecrites,
        colonnes=colonnes.ecrites,
        total=next(filter(est_cache, totaux), totaux[0]),
    )


@dataclass(frozen=True, slots=True)
class _Marge:
    rangee: RangeeProtegee
    ecrites: Mapping[Any, str]


def _marge(effectifs: Mapping[tuple[Any, Any], int], sens: int) -> _Marge:
    sommes: dict[Any, int] = {}
    for case, effectif in effectifs.items():
        sommes[case[sens]] = sommes.get(case[sens], 0) + effectif
    pleines = {nom: somme for nom, somme in sommes.items() if somme}
    rangee = proteger(list(pleines.values()))
    ecrites = dict.fromkeys(sommes, "0") | dict(zip(pleines, rangee.cases, strict=True))
    return _Marge(rangee, ecrites)


def _interieur(pleines: Mapping[tuple[Any, Any], int]) -> dict[tuple[Any, Any], str]:
    """Les cases, protégées toutes marges connues ; toutes tues s'il fallait pour cela cacher une marge."""
    lignes = list(dict.fromkeys(ligne for ligne, _ in pleines))
    colonnes = list(dict.fromkeys(colonne for _, colonne in pleines))
    protege = proteger_tableau([[pleines.get((ligne, colonne), 0) for colonne in colonnes] for ligne in lignes])
    tait = CACHE in (*protege.totaux_lignes, *protege.totaux_colonnes, protege.total)
    return {
        (ligne, colonne): CACHE if tait else texte
        for ligne, textes in zip(lignes, protege.lignes, strict=True)
        for colonne, texte in zip(colonnes, textes, strict=True)
    }


def proteger_sous(total: str, effectifs: Sequence[int]) -> tuple[str, ...]:
    """Les cases d'une rangée dont le total se lit déjà ailleurs, écrit ainsi.

    Un total caché cache toutes les cases, les nulles aussi : elles le rendraient. Lève `ValueError` pour un effectif
    négatif.
    """
    protege = proteger(effectifs)
    cachees = est_cache(total) or est_cache(protege.total)
    return (CACHE,) * len(effectifs) if cachees else protege.cases


def ages_publiables(fins: Iterable[tuple[float, int]], ages: Sequence[int]) -> tuple[int, ...]:
    """Les âges où peut se lire une courbe de survie.

    fins : (âge, combien s'arrêtent à cet âge). Une marche est un partenariat : entre deux âges gardés, avant le premier
    et après le dernier, il y a zéro fin, ou trois et plus. Ni la courbe entière, ni ses effectifs à risque.
    """
    marches = list(fins)
    passees = {age: sum(n for instant, n in marches if instant <= age) for age in ages}
    gardes: list[int] = []
    vues = 0
    for age in ages:
        if not _petit(passees[age] - vues):
            gardes.append(age)
            vues = passees[age]
    while gardes and _petit(sum(n for _, n in marches) - passees[gardes[-1]]):
        gardes.pop()
    return tuple(gardes)


def proteger_groupes(lignes: Mapping[str, tuple[int, int]]) -> GroupesProteges:
    """Par groupe : ceux qui évoquent un sujet, ceux qui l'écartent.

    Les deux se protègent ensemble, totaux compris : « 7 sur 8 » dirait que le huitième l'écarte. Un groupe est clair
    quand ses deux cases le sont. « Non abordé » n'est pas une case : c'est ce que l'enquête n'a pas demandé, rien
    qu'un acteur ait dit.
    """
    protege = proteger_tableau(list(lignes.values()))
    return GroupesProteges(
        par_groupe={nom: _groupe(cases) for nom, cases in zip(lignes, protege.lignes, strict=True)},
        ensemble=_groupe(protege.totaux_colonnes or ("0", "0")),
    )


def proteger_ensemble(decoupages: Iterable[Mapping[str, tuple[int, int]]]) -> str:
    """Combien évoquent un sujet, tous groupes réunis, quand plusieurs découpages des mêmes acteurs sont publiés.

    Tu dès qu'un seul découpage le tait : un autre le rendrait. Le tait aussi ceux qui l'écartent, s'ils sont trop peu.
    """
    ensembles = [_ensemble(tuple(sorted(decoupage.values()))) for decoupage in decoupages]
    return next((texte for texte in (PETIT, CACHE) if texte in ensembles), ensembles[0] if ensembles else "0")


@lru_cache(maxsize=4096)
def _ensemble(lignes: tuple[tuple[int, int], ...]) -> str:
    ensemble = proteger_groupes({str(rang): ligne for rang, ligne in enumerate(lignes)}).ensemble
    return ensemble.evoques if ensemble.clair or est_cache(ensemble.evoques) else CACHE


def _groupe(cases: Sequence[str]) -> GroupeProtege:
    return GroupeProtege(evoques=cases[0], clair=not any(map(est_cache, cases)))


def proteger_blocs(blocs: Sequence[Mapping[str, int]]) -> dict[str, str]:
    """Des rangées publiées ensemble, chacune ayant son total, les totaux ayant le leur : tout s'y protège deux fois.

    Un bloc dont le total devait se cacher se cache tout entier : sinon ses cases, et même ses zéros, le rendraient.
    """
    totaux = proteger([sum(bloc.values()) for bloc in blocs]).cases
    textes: dict[str, str] = {}
    for bloc, total in zip(blocs, totaux, strict=True):
        cases = proteger(list(bloc.values())).cases
        for nom, case in zip(bloc, cases, strict=True):
            cachee = est_cache(total) and not est_cache(case) and (bloc[nom] >= SEUIL or total == CACHE)
            textes[nom] = CACHE if cachee else case
    return textes


def publier_montant(contributions: Iterable[float]) -> float | None:
    """Le total des montants, un par entreprise ; `None` s'il ne peut pas se publier.

    Il faut trois entreprises au moins, et qu'aucune ne fasse plus de 85 % du total. Sans contribution, le total est
    zéro et se publie. Lève `ValueError` pour un montant négatif.
    """
    montants = [float(montant) for montant in contributions]
    if any(montant < 0 for montant in montants):
        raise ValueError("Un montant négatif ne se publie pas.")
    return sum(montants) if _montant_publiable(montants) else None


def proteger_montants(groupes: Mapping[str, Sequence[float]]) -> tuple[dict[str, float | None], float | None]:
    """Les totaux de plusieurs groupes et leur somme, publiés ensemble ; `None` pour ce qui est caché.

    groupes : nom → montants, un par entreprise ; une entreprise n'est que dans un groupe. Ce que la soustraction
    rendrait (somme des groupes cachés) suit lui aussi la règle ; sinon le plus petit des autres se cache à son tour.
    """
    total = publier_montant(montant for montants in groupes.values() for montant in montants)
    if total is None:
        return dict.fromkeys(groupes), None
    publies = {nom: publier_montant(montants) for nom, montants in groupes.items()}
    while not _soustraction_sure(groupes, publies):
        visibles = [nom for nom, montant in publies.items() if montant]
        if not visibles:
            return dict.fromkeys(groupes), None
        moindre = min(publies[nom] or 0.0 for nom in visibles)
        publies |= {nom: None for nom in visibles if publies[nom] == moindre}
    return publies, total


def situer_citation(*, commune: str | None, type_acteur: str, rencontres: int) -> LieuCitation:
    """Ce qui accompagne une citation hors de l'équipe d'enquête.

    rencontres : acteurs de ce type rencontrés dans cette commune. Sous trois, la commune se tait.
    """
    _verifier([rencontres])
    return LieuCitation(commune=commune if rencontres >= SEUIL else None, type_acteur=type_acteur)


def _proteger(lignes: tuple[tuple[int, ...], ...], *, croise: bool) -> TableauProtege:
    _verifier([effectif for ligne in lignes for effectif in ligne])
    tableau = TableauAudite(lignes, seuil=SEUIL, croise=croise)
    tableau.proteger()

    def ecrire(case: Case) -> str:
        valeur = tableau.valeur(case)
        if not tableau.est_cachee(case):
            return nombre(valeur)
        return PETIT if tableau.est_dite_petite(case) else CACHE

    hauteur, largeur = tableau.taille
    return TableauProtege(
        lignes=tuple(tuple(ecrire((i, j)) for j in range(largeur)) for i in range(hauteur)),
        totaux_lignes=tuple(ecrire((i, None)) for i in range(hauteur)),
        totaux_colonnes=tuple(ecrire((None, j)) for j in range(largeur)),
        total=ecrire((None, None)),
    )


def _montant_publiable(montants: Sequence[float]) -> bool:
    if not sum(montants):
        return True
    donnent = [montant for montant in montants if montant]
    return len(donnent) >= SEUIL and max(donnent) <= PART_DOMINANTE * sum(donnent)


def _soustraction_sure(groupes: Mapping[str, Sequence[float]], publies: Mapping[str, float | None]) -> bool:
    caches = [nom for nom, montant in publies.items() if montant is None]
    if len(caches) == 1:
        return False
    return _montant_publiable([montant for nom in caches for montant in groupes[nom]])


def _petit(effectif: int) -> bool:
    return 0 < effectif < SEUIL


def _verifier(effectifs: Iterable[int]) -> None:
    for effectif in effectifs:
        if effectif < 0:
            raise ValueError(f"Effectif négatif : {effectif}.")
