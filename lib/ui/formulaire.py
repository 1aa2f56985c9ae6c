"""Un formulaire dont la saisie se garde en continu : des widgets nés d'un brouillon, et leurs valeurs ramassées."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from lib.domain.vocabulaire import Vocabulaire

Valeurs = dict[str, Any]
V = TypeVar("V")


class Formulaire:
    """Pose des widgets et retient, champ par champ, des valeurs que JSON sait écrire.

    prefixe : début de la clé de chaque widget ; le changer fait naître des widgets neufs.
    depart : valeurs de naissance. Elles ne sont données qu'à la naissance d'un widget : ensuite, ce qui est à
    l'écran prime, y compris ce qui a été tapé pendant que le serveur redémarrait.
    """

    def __init__(self, prefixe: str, depart: Mapping[str, Any]) -> None:
        self.prefixe = prefixe
        self.depart = depart
        self.valeurs: Valeurs = {}

    def cle(self, nom: str) -> str:
        """Clé d'un widget."""
        return f"{self.prefixe}.{nom}"

    def ligne(self, nom: str, libelle: str, **options: Any) -> str:
        """Champ d'une ligne."""
        lu = st.text_input(libelle, value=self.depart.get(nom) or "", key=self.cle(nom), **options) or ""
        return self._retenir(nom, lu)

    def texte(self, nom: str, libelle: str, **options: Any) -> str:
        """Texte long."""
        lu = st.text_area(libelle, value=self.depart.get(nom) or "", key=self.cle(nom), **options) or ""
        return self._retenir(nom, lu)

    def entier(self, nom: str, libelle: str, **options: Any) -> int | None:
        """Nombre entier, ou rien."""
        lu = st.number_input(libelle, value=self.depart.get(nom), key=self.cle(nom), step=1, **options)
        return self._retenir(nom, None if lu is None else int(lu))

    def date(self, nom: str, libelle: str, **options: Any) -> str | None:
        """Date (AAAA-MM-JJ), ou rien."""
        naissance = self.depart.get(nom)
        lu = st.date_input(
            libelle,
            value=date.fromisoformat(naissance) if naissance else None,
            format="DD/MM/YYYY",
            key=self.cle(nom),
            **options,
        )
        return self._retenir(nom, lu.isoformat() if isinstance(lu, date) else None)

    def liste(self, nom: str, libelle: str, choix: Mapping[Any, str], **options: Any) -> Any:
        """Une valeur parmi beaucoup, ou rien."""
        codes = list(choix)
        lu = st.selectbox(
            libelle,
            codes,
            index=_rang(codes, self.depart.get(nom)),
            format_func=_ecrire(choix),
            key=self.cle(nom),
            **options,
        )
        return self._retenir(nom, lu)

    def bouton(self, nom: str, libelle: str, choix: Mapping[Any, str], **options: Any) -> Any:
        """Une valeur parmi peu, toutes visibles, ou rien."""
        codes = list(choix)
        lu = st.radio(
            libelle,
            codes,
            index=_rang(codes, self.depart.get(nom)),
            format_func=_ecrire(choix),
            horizontal=True,
            key=self.cle(nom),
            **options,
        )
        return self._retenir(nom, lu)

    def plusieurs(self, nom: str, libelle: str, choix: Mapping[Any, str], **options: Any) -> list[Any]:
        """Plusieurs valeurs ; celle qui n'est plus proposée reste au choix plutôt que de se perdre en silence."""
        depart: Sequence[Any] = self.depart.get(nom) or []
        codes = [*choix, *(code for code in depart if code not in choix)]
        lus = st.multiselect(libelle, codes, default=depart, format_func=_ecrire(choix), key=self.cle(nom), **options)
        return self._retenir(nom, list(lus))

    def _retenir(self, nom: str, valeur: V) -> V:
        self.valeurs[nom] = valeur
        return valeur


def libelles(membres: Iterable[Vocabulaire]) -> dict[str, str]:
    """Code → libellé d'un vocabulaire (ou d'une partie), prêt pour une liste de choix."""
    return {membre.value: membre.libelle for membre in membres}


def _rang(codes: Sequence[Any], valeur: Any) -> int | None:
    return codes.index(valeur) if valeur in codes else None


def _ecrire(choix: Mapping[Any, str]) -> Callable[[Any], str]:
    def ecrire(code: Any) -> str:
        cle = code.value if isinstance(code, StrEnum) else code
        return choix.get(cle, "Choix retiré")

    return ecrire
