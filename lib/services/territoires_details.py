"""Une étiquette comparée, dite en phrases : chacune ne s'écrit que lorsqu'un écran la demande."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import overload

from lib.analytics.lecture import lire_ecart, lire_ecart_ajuste
from lib.analytics.proportions import SEUIL, Comparaison, Ecart
from lib.analytics.releves import Releves, dire_releves
from lib.analytics.stratification import EcartAjuste, ajuster
from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.formats import typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.groupes import EtiquetteComparee, GroupesLus


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailEtiquette:
    """Une étiquette : sa définition, une phrase par groupe, une phrase par comparaison."""

    etiquette_id: int
    nom: str
    definition: str
    par_groupe: tuple[str, ...]
    ecarts: tuple[str, ...]


class Details(Sequence[DetailEtiquette]):
    """Les étiquettes comparées, du plus grand écart au plus petit ; une page n'en montre qu'une à la fois.

    noms : dans l'ordre. ecrire : de quoi en écrire une ; le résultat se garde.
    """

    def __init__(self, noms: Iterable[str], ecrire: Callable[[str], DetailEtiquette]) -> None:
        self.noms = tuple(noms)
        self.ecrire = cache(ecrire)

    def __len__(self) -> int:
        return len(self.noms)

    @overload
    def __getitem__(self, rang: int) -> DetailEtiquette: ...

    @overload
    def __getitem__(self, rang: slice) -> tuple[DetailEtiquette, ...]: ...

    def __getitem__(self, rang: int | slice) -> DetailEtiquette | tuple[DetailEtiquette, ...]:
        if isinstance(rang, slice):
            return tuple(map(self.ecrire, self.noms[rang]))
        return self.ecrire(self.noms[rang])


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparee:
    """Les étiquettes dont on a parlé, ce que chaque groupe en dit, leur comparaison. type_acteur : None pour tous."""

    mots: MotsComparaison
    type_acteur: TypeActeur | None
    etiquettes: tuple[EtiquetteComparee, ...]
    releves: Mapping[str, tuple[Releves, ...]]
    comparaison: Comparaison


def detailler(comparee: Comparee, lus: GroupesLus, ordre: Sequence[str]) -> Details:
    """Les phrases de chaque étiquette comparée, dans l'ordre du tableau."""
    etiquettes = {etiquette.nom: etiquette for etiquette in comparee.etiquettes}
    lignes = {ligne.irritant: ligne for ligne in comparee.comparaison.lignes}

    def ecrire(nom: str) -> DetailEtiquette:
        etiquette, ligne = etiquettes[nom], lignes[nom]
        return DetailEtiquette(
            etiquette_id=etiquette.id,
            nom=nom,
            definition=etiquette.definition,
            par_groupe=tuple(dire_releves(r, ligne.parts[r.terrain]) for r in comparee.releves[nom]),
            ecarts=tuple(
                " ".join([dire_ecart(ecart, comparee), *_a_type_egal(ecart, etiquette, comparee, lus)])
                for ecart in ligne.ecarts
            ),
        )

    return Details(ordre, ecrire)


def dire_ecart(ecart: Ecart, comparee: Comparee) -> str:
    """La phrase du verdict ; sous l'effectif minimum, sans aucune part."""
    minimum, groupes = comparee.comparaison.effectif_minimum, comparee.mots.groupes
    if ecart.p is not None:
        return lire_ecart(ecart, effectif_minimum=minimum, groupes=groupes)
    reference = ecart.reference or f"autres {groupes}"
    raison = f"moins de {minimum} acteurs d'un côté, aucune comparaison n'est faite"
    return typographier(f"{ecart.groupe} et {reference} : {ecart.verdict.libelle.lower()}, {raison}.")


def _a_type_egal(ecart: Ecart, etiquette: EtiquetteComparee, comparee: Comparee, lus: GroupesLus) -> Iterable[str]:
    """L'écart à type d'acteur égal (Mantel-Haenszel), et l'alerte quand il contredit l'écart brut."""
    if ecart.p is None or comparee.type_acteur or comparee.mots.dimension is Dimension.TYPE_ACTEUR:
        return
    compares = comparee.comparaison.groupes
    autres = [ecart.reference] if ecart.reference else [nom for nom in compares if nom != ecart.groupe]
    ajuste = ajuster(lus.strates(etiquette.id, ecart.groupe, autres))
    yield lire_ecart_ajuste(ajuste)
    if alerte := _alerter(ecart.p, ajuste):
        yield typographier(f"Attention : à type d'acteur égal, {alerte}")


def _alerter(p_brut: float, ajuste: EcartAjuste) -> str:
    """Ce qui oppose l'écart brut à l'écart ajusté : leur sens, ou ce que leur test montre. Vide s'ils s'accordent."""
    if ajuste.brut is None or ajuste.ajuste is None:
        return ""
    if ajuste.brut * ajuste.ajuste < 0:
        return "le sens s'inverse ; l'écart brut tient aux acteurs rencontrés."
    if ajuste.p is None or (p_brut <= SEUIL) is (ajuste.p <= SEUIL):
        return ""
    if p_brut <= SEUIL:
        return "l'écart ne se retrouve pas ; l'écart brut peut ne tenir qu'aux acteurs rencontrés."
    return "un écart apparaît, que les acteurs rencontrés cachent dans l'écart brut."
