"""Deux codages du même texte, comparés : ce qui s'accorde, ce qui se discute, et les mesures qui le résument."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lib.analytics.accord import Accord, mesurer_alpha, mesurer_kappa, mesurer_recouvrement
from lib.domain.double_codage import ChoixArbitrage
from lib.domain.passages import Passage
from lib.domain.unites import UniteDeParole, touchees

Passages = Mapping[int, Sequence[Passage]]
"""Étiquette → ses passages dans une version, sans chevauchement."""
SEUIL_SUR, SEUIL_PRUDENT = 0.8, 0.667
UNITES_PORTEUSES = 10
"""Unités qui portent une étiquette, chez l'un ou chez l'autre, sous lesquelles son coefficient ne se juge pas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TexteCompare:
    """Un texte que deux personnes ont codé."""

    texte_id: int
    unites: Sequence[UniteDeParole]
    premiere: Passages
    seconde: Passages


@dataclass(frozen=True, slots=True, kw_only=True)
class Desaccord:
    """Une étiquette que les deux versions ne posent pas sur les mêmes mots ; `lieu` réunit tous leurs passages."""

    texte_id: int
    etiquette_id: int
    lieu: Passage
    premiers: tuple[Passage, ...]
    seconds: tuple[Passage, ...]

    @property
    def choix(self) -> tuple[ChoixArbitrage, ...]:
        """Ce que l'on peut en retenir."""
        cotes = [
            *([ChoixArbitrage.PREMIER] if self.premiers else []),
            *([ChoixArbitrage.SECOND] if self.seconds else []),
        ]
        reunir = [ChoixArbitrage.UNION] if len(cotes) == 2 else []
        return (*cotes, *reunir, ChoixArbitrage.AUCUN)

    def retenir(self, choix: ChoixArbitrage) -> tuple[Passage, ...]:
        """Les passages qui restent."""
        return {
            ChoixArbitrage.PREMIER: self.premiers,
            ChoixArbitrage.SECOND: self.seconds,
            ChoixArbitrage.UNION: (self.lieu,),
            ChoixArbitrage.AUCUN: (),
        }[choix]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesures:
    """L'accord sur une étiquette, ou sur l'ensemble (`etiquette_id` absent).

    unites : ce que les deux devaient coder. les_deux, premier_seul, second_seul : unités où l'étiquette est posée ;
    pour l'ensemble, unités codées. pareilles : unités codées de même.
    """

    etiquette_id: int | None
    unites: int
    les_deux: int
    premier_seul: int
    second_seul: int
    pareilles: int
    kappa: Accord
    alpha: Accord
    recouvrement: Accord

    @property
    def portees(self) -> int:
        """Unités où au moins une personne a posé quelque chose."""
        return self.les_deux + self.premier_seul + self.second_seul


def separer(texte: TexteCompare) -> tuple[dict[int, list[Passage]], list[Desaccord]]:
    """(passages sur lesquels les deux versions s'accordent, désaccords dans l'ordre du texte)."""
    accords: dict[int, list[Passage]] = defaultdict(list)
    desaccords = []
    for etiquette_id in sorted(texte.premiere.keys() | texte.seconde.keys()):
        for premiers, seconds in _groupes(texte.premiere.get(etiquette_id, ()), texte.seconde.get(etiquette_id, ())):
            if premiers == seconds:
                accords[etiquette_id] += premiers
            else:
                desaccords.append(_desaccord(texte.texte_id, etiquette_id, premiers, seconds))
    return accords, sorted(desaccords, key=lambda d: (d.lieu, d.etiquette_id))


def _groupes(
    premiers: Sequence[Passage], seconds: Sequence[Passage]
) -> Iterator[tuple[tuple[Passage, ...], tuple[Passage, ...]]]:
    """Les passages des deux côtés qui se chevauchent de proche en proche."""
    tous = sorted([*((p, 0) for p in premiers), *((p, 1) for p in seconds)])
    groupe: tuple[list[Passage], list[Passage]] = ([], [])
    fin = 0
    for passage, cote in tous:
        if passage.debut >= fin and (groupe[0] or groupe[1]):
            yield tuple(groupe[0]), tuple(groupe[1])
            groupe = ([], [])
        groupe[cote].append(passage)
        fin = max(fin, passage.fin)
    if tous:
        yield tuple(groupe[0]), tuple(groupe[1])


def _desaccord(
    texte_id: int, etiquette_id: int, premiers: tuple[Passage, ...], seconds: tuple[Passage, ...]
) -> Desaccord:
    tous = (*premiers, *seconds)
    lieu = Passage(min(p.debut for p in tous), max(p.fin for p in tous))
    return Desaccord(texte_id=texte_id, etiquette_id=etiquette_id, lieu=lieu, premiers=premiers, seconds=seconds)


@dataclass(frozen=True, slots=True)
class UniteCodee:
    """Une unité, son rang dans le texte, et les étiquettes qu'y met chaque version."""

    rang: int
    unite: UniteDeParole
    premiere: frozenset[int]
    seconde: frozenset[int]


def unites_a_coder(texte: TexteCompare) -> list[UniteCodee]:
    """Ce que les deux devaient coder : tout, sauf les questions de l'enquête que personne n'a codées."""
    premieres, secondes = (_par_unite(texte.unites, version) for version in (texte.premiere, texte.seconde))
    codees = [
        UniteCodee(rang, unite, frozenset(premieres[rang]), frozenset(secondes[rang]))
        for rang, unite in enumerate(texte.unites)
    ]
    return [codee for codee in codees if codee.premiere or codee.seconde or not codee.unite.question]


def _par_unite(unites: Sequence[UniteDeParole], version: Passages) -> dict[int, set[int]]:
    portees: dict[int, set[int]] = defaultdict(set)
    for etiquette_id, passages in version.items():
        for passage in passages:
            for rang in touchees(unites, passage):
                portees[rang].add(etiquette_id)
    return portees


def mesurer(textes: Sequence[TexteCompare]) -> tuple[Mesures, list[Mesures]]:
    """(l'ensemble, chaque étiquette posée au moins une fois). L'unité est le tour de parole, ou le paragraphe.

    Un texte qu'aucune des deux n'a codé n'est pas de ce qu'elles devaient coder. Pour l'ensemble, une unité s'accorde
    quand les deux y ont mis exactement les mêmes étiquettes, ou aucune.
    """
    codes = [(texte, unites_a_coder(texte)) for texte in textes if texte.premiere or texte.seconde]
    codees = [codee for _, siennes in codes for codee in siennes]
    parts = {
        etiquette_id: [part for texte, siennes in codes for part in _recouvrir(texte, siennes, etiquette_id)]
        for etiquette_id in sorted({e for codee in codees for e in codee.premiere | codee.seconde})
    }
    toutes = [(sum(c for c, _ in siennes), sum(r for _, r in siennes)) for siennes in zip(*parts.values(), strict=True)]
    ensemble = _mesures(None, [(codee.premiere, codee.seconde) for codee in codees], toutes)
    return ensemble, [
        _mesures(etiquette_id, [(etiquette_id in c.premiere, etiquette_id in c.seconde) for c in codees], siennes)
        for etiquette_id, siennes in parts.items()
    ]


def _mesures(
    etiquette_id: int | None,
    paires: Sequence[tuple[frozenset[int] | bool, frozenset[int] | bool]],
    recouvrements: Sequence[tuple[int, int]],
) -> Mesures:
    return Mesures(
        etiquette_id=etiquette_id,
        unites=len(paires),
        les_deux=sum(bool(a) and bool(b) for a, b in paires),
        premier_seul=sum(bool(a) and not b for a, b in paires),
        second_seul=sum(bool(b) and not a for a, b in paires),
        pareilles=sum(a == b for a, b in paires),
        kappa=mesurer_kappa(paires),
        alpha=mesurer_alpha(paires),
        recouvrement=mesurer_recouvrement(recouvrements),
    )


def _recouvrir(texte: TexteCompare, codees: Sequence[UniteCodee], etiquette_id: int) -> list[tuple[int, int]]:
    """(caractères communs, caractères réunis) d'une étiquette, unité par unité."""
    un, autre = (_positions(texte.unites, version.get(etiquette_id, ())) for version in (texte.premiere, texte.seconde))
    return [(len(un[c.rang] & autre[c.rang]), len(un[c.rang] | autre[c.rang])) for c in codees]


def _positions(unites: Sequence[UniteDeParole], passages: Iterable[Passage]) -> dict[int, set[int]]:
    """Rang d'unité → caractères marqués."""
    marques: dict[int, set[int]] = defaultdict(set)
    for passage in passages:
        for rang in touchees(unites, passage):
            unite = unites[rang]
            marques[rang].update(range(max(passage.debut, unite.debut), min(passage.fin, unite.fin)))
    return marques
