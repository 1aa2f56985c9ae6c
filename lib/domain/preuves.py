"""Ce qui fait une preuve, et ce qui manque encore pour conclure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.domain.formats import compter, enumeration, nombre, typographier
from lib.domain.vocabulaire import SensPreuve, Vocabulaire

ACTEURS_MINIMUM = 3
"""En deçà, une conclusion ne tiendrait qu'à une ou deux histoires."""


class SourcePreuve(Vocabulaire):
    """Ce qu'une preuve désigne."""

    CITATION = "citation", "Citation"
    ENTRETIEN = "entretien", "Entretien"
    INDICATEUR = "indicateur", "Indicateur"
    SOLUTION = "solution", "Solution existante"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Ce que l'on sait d'une hypothèse au moment de conclure.

    acteurs : entretiens distincts d'où viennent ses preuves. terrains_muets, types_muets : d'où aucune ne vient.
    perdues : preuves dont la source ne se lit plus.
    """

    refutation: str
    poids: Mapping[SensPreuve, int]
    acteurs: int
    terrains_muets: tuple[str, ...] = ()
    types_muets: tuple[str, ...] = ()
    perdues: int = 0


def manques(dossier: Dossier) -> tuple[str, ...]:
    """Ce qui manque pour conclure, le plus grave d'abord ; vide si rien ne manque."""
    if not any(dossier.poids.values()):
        return ("Aucune preuve n'est versée.", *_sans_refutation(dossier))
    return tuple(map(typographier, (*_sans_refutation(dossier), *_equilibre(dossier), *_provenance(dossier))))


def _sans_refutation(dossier: Dossier) -> list[str]:
    return [] if dossier.refutation.strip() else ["Ce qui la réfuterait n'est pas dit."]


def _equilibre(dossier: Dossier) -> list[str]:
    pour, contre = (dossier.poids.get(sens, 0) for sens in (SensPreuve.POUR, SensPreuve.CONTRE))
    if not contre:
        return ["Aucune preuve contraire n'a été trouvée : cherchez ce qui la réfuterait avant de la dire soutenue."]
    if pour == contre:
        return [f"Le pour et le contre se valent ({nombre(pour)} et {nombre(contre)}) : rien ne tranche."]
    return []


def _provenance(dossier: Dossier) -> list[str]:
    phrases = []
    if dossier.acteurs < ACTEURS_MINIMUM:
        venues = compter(dossier.acteurs, "acteur rencontré", "acteurs rencontrés")
        phrases.append(f"Ses preuves viennent de {venues} : il en faut {ACTEURS_MINIMUM} au moins.")
    if dossier.terrains_muets:
        phrases.append(f"Aucune preuve ne vient de ce terrain : {enumeration(dossier.terrains_muets)}.")
    if dossier.types_muets:
        phrases.append(f"Aucune preuve ne vient de ce type d'acteur : {enumeration(dossier.types_muets)}.")
    if dossier.perdues:
        perdues = compter(dossier.perdues, "preuve n'a plus", "preuves n'ont plus")
        phrases.append(f"{perdues} de source lisible : à relire, ou à remplacer.")
    return phrases
