"""Une table simple de relevés : ce que chaque entretien dit de chaque irritant."""

from dataclasses import dataclass

from lib.domain.textes import plier
from lib.domain.vocabulaire import Releve, TypeActeur
from lib.echanges.lignes_csv import FauteDeLigne, Ligne, lire_lignes

COLONNES = ("entretien", "terrain", "type_acteur", "irritant", "etat")
LONGUEUR_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneReleve:
    """Un entretien, un irritant, ce qu'il en dit."""

    numero: int
    entretien: str
    terrain: str
    type_acteur: TypeActeur
    irritant: str
    releve: Releve


def lire_releves(octets: bytes) -> tuple[LigneReleve, ...]:
    """Les relevés d'un .csv aux colonnes `COLONNES`. Lève DonneeInvalide avec toutes les lignes fautives."""
    entretiens: dict[str, tuple[str, TypeActeur]] = {}
    vus: set[tuple[str, str]] = set()

    def interpreter(ligne: Ligne) -> LigneReleve:
        lu = _releve(ligne)
        _verifier_coherence(lu, entretiens, vus)
        return lu

    return lire_lignes(octets, COLONNES, interpreter)


def _releve(ligne: Ligne) -> LigneReleve:
    type_acteur, releve = ligne.code("type_acteur", TypeActeur), ligne.code("etat", Releve)
    if type_acteur is None or releve is None:
        raise FauteDeLigne(f"{'type_acteur' if type_acteur is None else 'etat'} est vide")
    entretien = ligne.texte("entretien")
    if len(entretien) > LONGUEUR_CODE:
        raise FauteDeLigne(f"entretien : {LONGUEUR_CODE} caractères au plus")
    return LigneReleve(
        numero=ligne.numero,
        entretien=entretien,
        terrain=ligne.texte("terrain"),
        type_acteur=type_acteur,
        irritant=ligne.texte("irritant"),
        releve=releve,
    )


def _verifier_coherence(
    lu: LigneReleve, entretiens: dict[str, tuple[str, TypeActeur]], vus: set[tuple[str, str]]
) -> None:
    """Un entretien n'a qu'un terrain et qu'un type d'acteur, et ne dit qu'une chose d'un irritant."""
    if entretiens.setdefault(lu.entretien, (lu.terrain, lu.type_acteur)) != (lu.terrain, lu.type_acteur):
        raise FauteDeLigne(f"l'entretien {lu.entretien} a déjà un autre terrain ou un autre type d'acteur")
    if (lu.entretien, plier(lu.irritant)) in vus:
        raise FauteDeLigne(f"l'entretien {lu.entretien} a déjà un relevé pour cet irritant")
    vus.add((lu.entretien, plier(lu.irritant)))
