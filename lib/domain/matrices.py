"""Ce que croisent les matrices, et l'adresse d'une case : de quoi retrouver les citations qu'elle compte."""

import re
from dataclasses import dataclass

from lib.domain.vocabulaire import TailleEntreprise, TypeActeur, Vocabulaire


class VueMatrice(Vocabulaire):
    """Ce qui se croise avec les étiquettes."""

    ATTRIBUT = "attribut", "Étiquettes et attribut"
    COOCCURRENCE = "cooccurrence", "Étiquettes ensemble"
    ENTRETIEN = "entretien", "Étiquettes et entretiens"


class AttributMatrice(Vocabulaire):
    """Attribut de la personne rencontrée, en colonnes."""

    TERRAIN = "terrain", "Terrain"
    TYPE_ACTEUR = "type_acteur", "Type d'acteur"
    TAILLE = "taille", "Taille de l'entreprise"


class MesureMatrice(Vocabulaire):
    """Ce que compte une case."""

    ENTRETIENS = "entretiens", "Entretiens"
    CITATIONS = "citations", "Citations"


class Cooccurrence(Vocabulaire):
    """Ce qui fait que deux étiquettes vont ensemble, du plus serré au plus large."""

    CITATION = "citation", "Même citation", "Les deux étiquettes sont sur le même passage."
    CHEVAUCHEMENT = (
        "chevauchement",
        "Passages qui se chevauchent",
        "Un passage porte l'une, un passage l'autre, et ils partagent des mots ; un même passage compte aussi.",
    )
    TOUR = (
        "tour",
        "Même tour de parole",
        "Les deux sont dans la même prise de parole ; sans prises de parole, dans le même paragraphe.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Les citations que compte une case.

    etiquette_id : zéro, les citations sans étiquette. autre_id : seconde étiquette, avec sa `nature`.
    taille : vide, les entretiens sans taille d'entreprise ; None, peu importe.
    """

    etiquette_id: int
    autre_id: int | None = None
    nature: Cooccurrence | None = None
    terrain_id: int | None = None
    type_acteur: TypeActeur | None = None
    taille: str | None = None
    entretien_id: int | None = None

    def ecrire(self) -> str:
        """Forme courte, pour une adresse : « e12,t3 »."""
        valeurs = {
            "e": self.etiquette_id,
            "a": self.autre_id,
            "n": self.nature,
            "t": self.terrain_id,
            "y": self.type_acteur,
            "s": self.taille,
            "i": self.entretien_id,
        }
        return ",".join(f"{cle}{valeur}" for cle, valeur in valeurs.items() if valeur is not None)


_MORCEAU = re.compile(r"([eanytsi])([a-z_]{0,30}|[0-9]{1,11})")
_TAILLES = {"", *TailleEntreprise}


def lire_case(ecrite: str) -> Case | None:
    """La case d'une adresse, ou None si elle n'en désigne aucune."""
    lus = [_MORCEAU.fullmatch(morceau) for morceau in ecrite.split(",")]
    if not all(lus):
        return None
    champs = {lu[1]: lu[2] for lu in lus if lu}
    try:
        case = Case(
            etiquette_id=int(champs["e"]),
            autre_id=_entier(champs.get("a")),
            nature=Cooccurrence(champs["n"]) if "n" in champs else None,
            terrain_id=_entier(champs.get("t")),
            type_acteur=TypeActeur(champs["y"]) if "y" in champs else None,
            taille=champs.get("s"),
            entretien_id=_entier(champs.get("i")),
        )
    except (KeyError, ValueError):
        return None
    ensemble = (case.autre_id is None) == (case.nature is None)
    return case if ensemble and (case.taille is None or case.taille in _TAILLES) else None


def _entier(valeur: str | None) -> int | None:
    return None if valeur is None else int(valeur)
