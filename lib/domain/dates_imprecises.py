"""Dates dont on ne sait parfois que le mois ou l'année. On ne devine jamais un jour : on garde ce qui est su.

Pour calculer, une date imprécise devient un intervalle (au plus tôt, au plus tard) ; son milieu sert aux durées,
ses bornes à dire de combien le résultat pourrait changer.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from lib.domain import formats
from lib.domain.erreurs import DonneeInvalide
from lib.domain.textes import plier
from lib.domain.vocabulaire import PrecisionDate

ANNEE_MINIMALE = 1900
ECRITURES = "« 15/03/2024 », « mars 2024 » ou « 2024 »"
"""Les trois façons d'écrire une date, telles que les formulaires les rappellent."""

_MOIS = {plier(nom): rang for rang, nom in enumerate(formats.MOIS, start=1)} | {
    plier(nom).rstrip("."): rang for rang, nom in enumerate(formats.MOIS_ABREGES, start=1)
}
_FRANCAISE = re.compile(
    r"(?:(?:(?P<jour>\d{1,2}) )?(?P<mois>\d{1,2}|[a-z]+) )?(?P<annee>\d{4})",
    re.ASCII,
)
_INTERNATIONALE = re.compile(r"(?P<annee>\d{4}) (?P<mois>\d{1,2})(?: (?P<jour>\d{1,2}))?", re.ASCII)
_INCONNUES = {"?", "inconnue", "inconnu", "date inconnue"}


@dataclass(frozen=True, slots=True)
class DateImprecise:
    """Une date et ce que l'on en sait vraiment.

    jour : premier jour possible (le 1er du mois ou de l'année quand le jour n'est pas connu) ; None si inconnue.
    Lève ValueError si une précision est donnée sans date.
    """

    jour: date | None
    precision: PrecisionDate

    def __post_init__(self) -> None:
        if self.precision is PrecisionDate.INCONNUE:
            object.__setattr__(self, "jour", None)
        elif self.jour is None:
            raise ValueError("une date précise au jour, au mois ou à l'année demande sa date")
        elif self.precision is PrecisionDate.MOIS:
            object.__setattr__(self, "jour", self.jour.replace(day=1))
        elif self.precision is PrecisionDate.ANNEE:
            object.__setattr__(self, "jour", self.jour.replace(month=1, day=1))

    @classmethod
    def au_jour(cls, jour: date) -> Self:
        """Date connue au jour près."""
        return cls(jour, PrecisionDate.JOUR)

    @property
    def connue(self) -> bool:
        """Faux pour une date inconnue."""
        return self.jour is not None

    @property
    def au_plus_tot(self) -> date:
        """Premier jour possible ; le début du calendrier si la date est inconnue."""
        return self.jour or date.min

    @property
    def au_plus_tard(self) -> date:
        """Dernier jour possible ; la fin du calendrier si la date est inconnue."""
        if self.jour is None:
            return date.max
        if self.precision is PrecisionDate.ANNEE:
            return self.jour.replace(month=12, day=31)
        if self.precision is PrecisionDate.MOIS:
            return self.jour.replace(day=calendar.monthrange(self.jour.year, self.jour.month)[1])
        return self.jour

    @property
    def milieu(self) -> date | None:
        """Le jour du milieu de ce qui est possible ; None si la date est inconnue."""
        return milieu(self.au_plus_tot, self.au_plus_tard) if self.connue else None

    def ecrire(self) -> str:
        """« 15 mars 2024 », « mars 2024 », « 2024 » ou « date inconnue »."""
        return formats.date_imprecise(self.jour, self.precision)

    def abreger(self) -> str:
        """« 15 mars 2024 », « févr. 2024 », « 2024 » ou « date inconnue » : pour les tableaux."""
        if self.jour is not None and self.precision is PrecisionDate.JOUR:
            return formats.date_abregee(self.jour)
        if self.jour is not None and self.precision is PrecisionDate.MOIS:
            return f"{formats.MOIS_ABREGES[self.jour.month - 1]}{formats.INSECABLE}{self.jour.year}"
        return self.ecrire()


INCONNUE = DateImprecise(None, PrecisionDate.INCONNUE)


def milieu(tot: date, tard: date) -> date:
    """Le jour à mi-chemin de deux dates, le premier des deux s'il y en a deux."""
    return tot + timedelta(days=(tard - tot).days // 2)


def ajouter_mois(jour: date, mois: int) -> date:
    """Le même quantième tant de mois plus tard (ou plus tôt), ramené au dernier jour d'un mois plus court."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return date(annee, rang + 1, min(jour.day, calendar.monthrange(annee, rang + 1)[1]))


def mois_ecoules(debut: date, fin: date) -> int:
    """Durée entre deux jours, arrondie au mois entier le plus proche (un mois vaut 30,4375 jours).

    Même calcul que la base (lib.db.partenariats) : 487/16 jours par mois, en entiers, sans erreur d'arrondi.
    """
    return (32 * (fin - debut).days + 487) // 974


def lire(texte: str) -> DateImprecise:
    """Date écrite au clavier : « 15/03/2024 », « mars 2024 », « 03/2024 », « 2024 » ou « inconnue ».

    Lève DonneeInvalide, avec une phrase, pour toute autre écriture et pour un jour qui n'existe pas.
    """
    if plier(texte) in _INCONNUES or texte.strip() == "?":
        return INCONNUE
    if not texte.strip():
        raise DonneeInvalide(f"Écrivez la date comme vous la savez : {ECRITURES}, ou « inconnue ».", champ="date")
    annee, mois, jour = _composantes(texte)
    if annee < ANNEE_MINIMALE:
        raise DonneeInvalide(f"L'année {annee:04d} paraît être une faute de frappe : corrigez-la.", champ="date")
    return _dater(texte, annee, mois, jour)


def _dater(texte: str, annee: int, mois: int | None, jour: int | None) -> DateImprecise:
    try:
        if mois is None:
            return DateImprecise(date(annee, 1, 1), PrecisionDate.ANNEE)
        if jour is None:
            return DateImprecise(date(annee, mois, 1), PrecisionDate.MOIS)
        return DateImprecise.au_jour(date(annee, mois, jour))
    except ValueError:
        raise DonneeInvalide(
            f"« {texte.strip()} » n'existe pas dans le calendrier : corrigez la date.", champ="date"
        ) from None


def _composantes(texte: str) -> tuple[int, int | None, int | None]:
    """(année, mois, jour) lus dans le texte ; ce qui n'est pas écrit vaut None."""
    mots = " ".join(re.sub(r"[/.\-,]", " ", plier(texte)).replace("1er ", "1 ").split())
    lue = _FRANCAISE.fullmatch(mots) or _INTERNATIONALE.fullmatch(mots)
    mois = lue and lue["mois"]
    if lue is None or (mois and not mois.isdigit() and mois not in _MOIS):
        raise DonneeInvalide(
            f"« {texte.strip()[:40]} » ne se lit pas comme une date : écrivez {ECRITURES}, ou « inconnue ».",
            champ="date",
        )
    rang = None if mois is None else _MOIS.get(mois) or int(mois)
    return int(lue["annee"]), rang, int(lue["jour"]) if lue["jour"] else None
