"""Ce que les entretiens d'un terrain disent d'un irritant, et comment le lire sans en dire plus que les chiffres."""

from dataclasses import dataclass, replace

from lib.analytics.proportions import EFFECTIF_MINIMUM, Comparaison, LigneIrritant, Observation, Part
from lib.domain.formats import compter, effectif, intervalle, nombre, pluriel, pourcentage, typographier


@dataclass(frozen=True, slots=True, kw_only=True)
class Releves:
    """Nombre d'entretiens par relevé ; `rencontres` : tous les entretiens réalisés sur ce terrain, abordé ou non.

    notes, intensites : combien de ceux qui l'évoquent ont noté son intensité (1 à 5), et la somme de ces notes.
    codage : compté sur des passages étiquetés ; « relances » sont les entretiens qui portent l'étiquette, « ecartes »
    ceux qui, codés, ne la portent pas. Lève `ValueError` pour un nombre négatif.
    """

    terrain: str
    spontanes: int = 0
    relances: int = 0
    ecartes: int = 0
    rencontres: int = 0
    notes: int = 0
    intensites: int = 0
    codage: bool = False

    def __post_init__(self) -> None:
        nombres = (self.spontanes, self.relances, self.ecartes, self.rencontres, self.notes, self.intensites)
        if min(nombres) < 0:
            raise ValueError(f"Relevés impossibles : {self}.")

    @property
    def evoques(self) -> int:
        """Évoqué, spontanément ou sur relance."""
        return self.spontanes + self.relances

    @property
    def abordes(self) -> int:
        """Le dénominateur : « non abordé » n'est pas « non »."""
        return self.evoques + self.ecartes

    @property
    def non_abordes(self) -> int:
        """Entretiens exclus du dénominateur."""
        return max(0, self.rencontres - self.abordes)

    @property
    def intensite(self) -> float | None:
        """Intensité moyenne, de 1 à 5 ; absente si personne ne l'a notée."""
        return self.intensites / self.notes if self.notes else None

    def observer(self, irritant: str) -> Observation:
        """De quoi comparer ce terrain aux autres."""
        return Observation(irritant=irritant, groupe=self.terrain, evoques=self.evoques, abordes=self.abordes)


def dire_releves(releves: Releves, part: Part, *, effectif_minimum: int = EFFECTIF_MINIMUM) -> str:
    """« Marseille : 9/9 l'évoquent, soit 100 % [70 % ; 100 %], dont 6 spontanément. »

    part : la part et son intervalle, tels que la comparaison les a déjà calculés.
    """
    if not releves.abordes:
        rencontres = compter(releves.rencontres, "entretien réalisé", "entretiens réalisés")
        rien = "aucun entretien codé" if releves.codage else "sujet jamais abordé"
        return typographier(f"{releves.terrain} : {rien} ({rencontres}).")
    debut = f"{releves.terrain} : {_fraction(releves)}{_part(part, effectif_minimum)}"
    phrases = [f"{debut}{_spontaneite(releves)}{_intensite(releves)}."]
    if releves.non_abordes:
        exclus = compter(releves.non_abordes, "entretien")
        verbe = pluriel(releves.non_abordes, "exclu", "exclus")
        quoi = "Pas encore codé" if releves.codage else "Non abordé dans"
        lien = pluriel(releves.non_abordes, " :", "s :") if releves.codage else ""
        phrases.append(f"{quoi}{lien} {exclus} sur {releves.rencontres}, {verbe} du calcul.")
    return typographier(" ".join(phrases))


def dire_spontaneite(releves: Releves) -> str:
    """« 6/9 » : spontanément, sur ceux qui l'évoquent ; « – » si personne."""
    return effectif(releves.spontanes, releves.evoques) if releves.evoques else "–"


def dire_intensite(releves: Releves) -> str:
    """« 3,8/5 (6 notes) » ; vide si personne ne l'a notée."""
    if releves.intensite is None:
        return ""
    return f"{nombre(releves.intensite, 1)}/5 ({compter(releves.notes, 'note')})"


def taire_petits(comparaison: Comparaison) -> Comparaison:
    """La comparaison où un terrain sous l'effectif minimum garde son n/N, sans pourcentage ni intervalle."""
    return replace(comparaison, lignes=tuple(_taire_ligne(c, comparaison.effectif_minimum) for c in comparaison.lignes))


def comparables(comparaison: Comparaison) -> tuple[LigneIrritant, ...]:
    """Les irritants dont au moins deux terrains gardent une part, du plus grand écart au plus petit."""
    lignes = comparaison.par_ecart()
    return tuple(ligne for ligne in lignes if sum(part.valeur is not None for part in ligne.parts.values()) > 1)


def _taire_ligne(ligne: LigneIrritant, minimum: int) -> LigneIrritant:
    return replace(ligne, parts={groupe: _taire(part, minimum) for groupe, part in ligne.parts.items()})


def _taire(part: Part, minimum: int) -> Part:
    return part if part.denominateur >= minimum else replace(part, valeur=None, bas=None, haut=None)


def _fraction(releves: Releves) -> str:
    verbe = pluriel(releves.evoques, "l'évoque", "l'évoquent")
    if releves.codage:
        verbe = f"{pluriel(releves.abordes, 'entretien codé', 'entretiens codés')} en parle"
        verbe += "" if releves.evoques < 2 else "nt"
    return f"{effectif(releves.evoques, releves.abordes)} {verbe}"


def _part(part: Part, effectif_minimum: int) -> str:
    if part.denominateur < effectif_minimum:
        return f" (effectif insuffisant pour une part : moins de {effectif_minimum} acteurs)"
    return f", soit {pourcentage(part.valeur)} {intervalle(part.bas, part.haut, pourcentage)}"


def _spontaneite(releves: Releves) -> str:
    return f", dont {releves.spontanes} spontanément" if releves.evoques and not releves.codage else ""


def _intensite(releves: Releves) -> str:
    return f", intensité moyenne {dire_intensite(releves)}" if releves.notes else ""
