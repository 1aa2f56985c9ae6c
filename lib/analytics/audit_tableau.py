"""Ce qu'un lecteur peut déduire d'un tableau publié, exactement, et les cases qu'il faut cacher pour l'en empêcher.

Un tableau et ses totaux forment un réseau de flot : total → lignes → colonnes → total. Chaque case est un arc dont la
valeur est l'effectif. Deux tableaux possibles diffèrent par des cycles de ce réseau : une case cachée peut donc changer
de valeur si, et seulement si, un cycle d'arcs cachés la traverse sans sortir de ce que le lecteur sait d'eux (« < 3 » :
un ou deux ; « masqué » : trois ou plus). Le contrôle est exact, en nombres entiers, sans programme linéaire.

Référence : Cox, « Network models for complementary cell suppression », *JASA* 90, 1995.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

Case = tuple[int | None, int | None]
"""(ligne, colonne) ; None désigne un total : (i, None) de ligne, (None, j) de colonne, (None, None) général."""

Noeud = tuple[str, int]
TOTAL: Case = (None, None)
SOURCE, PUITS = ("total", 0), ("total", 1)
SANS_LIMITE = 1 << 60


class Niveau(IntEnum):
    """Jusqu'où il a fallu cacher : on ne passe au suivant que si le précédent ne protège pas."""

    PETITES = 0
    NON_NULLES = 1
    TOUTES = 2
    TOTAUX_AUSSI = 3


class TableauAudite:
    """Un tableau d'effectifs, ce qui y est caché, et ce que son lecteur peut en déduire.

    seuil : en dessous, un effectif non nul est petit. croise : les totaux de lignes et de colonnes se publient (faux
    pour une simple rangée, qui ne publie que ses cases et leur somme).
    """

    def __init__(self, lignes: Sequence[Sequence[int]], *, seuil: int, croise: bool = True) -> None:
        self._seuil = seuil
        self._croise = croise
        self.taille = (len(lignes), len(lignes[0]) if lignes else 0)
        self._valeurs: dict[Case, int] = {(i, j): n for i, ligne in enumerate(lignes) for j, n in enumerate(ligne)}
        self._valeurs |= {(i, None): sum(ligne) for i, ligne in enumerate(lignes)}
        self._valeurs |= {(None, j): sum(ligne[j] for ligne in lignes) for j in range(self.taille[1])}
        self._valeurs[TOTAL] = sum(map(sum, lignes))
        self._niveau = Niveau.PETITES
        self._cachees: set[Case] = set()

    def valeur(self, case: Case) -> int:
        """L'effectif vrai."""
        return self._valeurs[case]

    def est_cachee(self, case: Case) -> bool:
        """Vrai si l'effectif ne se publie pas."""
        return case in self._cachees

    def est_dite_petite(self, case: Case) -> bool:
        """Vrai si la case cachée s'écrit « < 3 » : le lecteur sait qu'elle vaut un ou deux."""
        interieure = None not in case
        if not self._petite(case):
            return False
        if interieure:
            return self._niveau is Niveau.PETITES
        return case == TOTAL or self._niveau < Niveau.TOTAUX_AUSSI

    def proteger(self) -> None:
        """Cache ce qu'il faut, et pas plus que l'ordre des niveaux ne le demande."""
        for niveau in Niveau:
            self._niveau = niveau
            self._cachees = set(self._a_cacher())
            while devinables := self.devinables():
                suivantes = self._choisir(devinables)
                if not suivantes:
                    break
                self._cachees |= suivantes
            if not devinables:
                return

    def devinables(self) -> list[Case]:
        """Les cases cachées dont le lecteur retrouve la valeur exacte."""
        voisins = self._residuel()
        return [case for case in sorted(self._cachees, key=_rang) if not self._indecise(case, voisins)]

    # --- Ce qui se cache ----------------------------------------------------------------------------------------

    def _a_cacher(self) -> Iterator[Case]:
        if not any(map(self._petite, self._publiees())):
            return
        for case in self._publiees():
            if self._petite(case) or self._cache_par_niveau(case):
                yield case

    def _cache_par_niveau(self, case: Case) -> bool:
        if None in case:
            return self._niveau is Niveau.TOTAUX_AUSSI and self._repartit(case)
        return self._niveau >= Niveau.TOUTES or (self._niveau is Niveau.NON_NULLES and self._valeurs[case] > 0)

    def _repartit(self, case: Case) -> bool:
        """Faux pour le total général, et pour le total d'une ligne ou d'une colonne unique, qui lui est égal."""
        ligne, colonne = case
        hauteur, largeur = self.taille
        return not ((ligne is None or hauteur == 1) and (colonne is None or largeur == 1)) or None not in case

    def _choisir(self, devinables: Sequence[Case]) -> set[Case]:
        """Ce qui se cache en plus : lié à une case devinable, plutôt une case qu'un total, le plus petit.

        À égalité, tout se cache : sinon l'ordre des lignes choisirait, et deux pages qui les rangent autrement
        montreraient chacune ce que l'autre tait.
        """
        voisines = {autre for case in devinables for autre in self._publiees() if _liees(case, autre)}
        for parmi in (voisines, set(self._publiees())):
            libres = (case for case in parmi - self._cachees if self._repartit(case))
            candidates = [case for case in libres if self._valeurs[case] >= self._seuil]
            if candidates:
                moindre = min(map(self._prix, candidates))
                return {case for case in candidates if self._prix(case) == moindre}
        return set()

    def _prix(self, case: Case) -> tuple[bool, int]:
        return None in case, self._valeurs[case]

    def _publiees(self) -> Iterator[Case]:
        """Ce qui serait publié si rien n'était caché. D'une simple rangée : ses cases et le total général."""
        return filter(self._lue, self._valeurs)

    def _petite(self, case: Case) -> bool:
        return 0 < self._valeurs[case] < self._seuil

    # --- Ce que le lecteur sait ---------------------------------------------------------------------------------

    def _bornes(self, case: Case) -> tuple[int, int]:
        """Entre quoi la case peut varier aux yeux du lecteur."""
        valeur = self._valeurs[case]
        if case not in self._cachees:
            return (valeur, valeur) if self._lue(case) else (0, SANS_LIMITE)
        if self.est_dite_petite(case):
            return 1, self._seuil - 1
        if None in case:
            return (0 if self._niveau is Niveau.TOTAUX_AUSSI else self._seuil), SANS_LIMITE
        return {Niveau.PETITES: self._seuil, Niveau.NON_NULLES: 1}.get(self._niveau, 0), SANS_LIMITE

    def _lue(self, case: Case) -> bool:
        return self._croise or case == TOTAL or None not in case

    def _indecise(self, case: Case, voisins: Mapping[Noeud, Sequence[tuple[Noeud, Case]]]) -> bool:
        bas, haut = self._bornes(case)
        depart, arrivee = _arc(case)
        valeur = self._valeurs[case]
        if valeur < haut and _chemin(voisins, arrivee, depart, sauf=case):
            return True
        return valeur > bas and _chemin(voisins, depart, arrivee, sauf=case)

    def _residuel(self) -> dict[Noeud, list[tuple[Noeud, Case]]]:
        """De chaque nœud, où mènent les arcs qui peuvent encore bouger : dans leur sens s'ils peuvent croître."""
        voisins: dict[Noeud, list[tuple[Noeud, Case]]] = defaultdict(list)
        for case, valeur in self._valeurs.items():
            bas, haut = self._bornes(case)
            depart, arrivee = _arc(case)
            if valeur < haut:
                voisins[depart].append((arrivee, case))
            if valeur > bas:
                voisins[arrivee].append((depart, case))
        return voisins


def _chemin(
    voisins: Mapping[Noeud, Sequence[tuple[Noeud, Case]]], depart: Noeud, arrivee: Noeud, *, sauf: Case
) -> bool:
    """Un chemin d'arcs mobiles qui ne passe pas par la case elle-même."""
    atteints, a_voir = {depart}, [depart]
    while a_voir:
        for voisin, case in voisins.get(a_voir.pop(), ()):
            if case != sauf and voisin not in atteints:
                atteints.add(voisin)
                a_voir.append(voisin)
    return arrivee in atteints


def _arc(case: Case) -> tuple[Noeud, Noeud]:
    ligne, colonne = case
    if ligne is None:
        return (PUITS, SOURCE) if colonne is None else (("colonne", colonne), PUITS)
    return (SOURCE, ("ligne", ligne)) if colonne is None else (("ligne", ligne), ("colonne", colonne))


def _liees(case: Case, autre: Case) -> bool:
    """Vrai si les deux arcs se touchent : même ligne, même colonne, ou deux totaux de même sens."""
    return bool(set(_arc(case)) & set(_arc(autre)))


def _rang(case: Case) -> tuple[int, int]:
    ligne, colonne = case
    return (1 << 30 if ligne is None else ligne, 1 << 30 if colonne is None else colonne)
