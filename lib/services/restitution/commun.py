"""Ce que toutes les scènes partagent : qui peut les lire, effacer les noms, écrire figures, tableaux et notes."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import AccesRefuse
from lib.domain.formats import date_longue, typographier
from lib.domain.scenes import BarreScene, TableauScene
from lib.services.pseudonymisation import effacer_partout
from lib.services.statistiques import REGLE

PARTIELLE = (
    "La restitution porte sur toute l'investigation, et votre compte n'en ouvre que certains terrains : demandez à une "
    "personne qui administre l'outil de la présenter."
)


def exiger_entiere(perimetre: Perimetre) -> None:
    """Lève AccesRefuse sans droit de lire, ou si le compte ne voit que certains terrains.

    Les totaux de quelques terrains, rapprochés de ceux que l'application publie, rendraient ce qui est caché.
    """
    exiger(peut_lire_indicateurs, perimetre)
    if perimetre.terrains is not None:
        raise AccesRefuse(PARTIELLE)


def effacer_les_noms(session: Session, perimetre: Perimetre, textes: Iterable[str]) -> list[str]:
    """Les textes libres sans les personnes ni les organisations que l'investigation connaît. Une requête."""
    libres = list(textes)
    return effacer_partout(session, perimetre, libres) if any(libres) else libres


def situer(au: date) -> str:
    """« Parmi les acteurs rencontrés, au 20 novembre 2026. »"""
    return typographier(f"Parmi les acteurs rencontrés ; données arrêtées au {date_longue(au)}.")


def regle_si_cache(textes: Iterable[str]) -> tuple[str, ...]:
    """La règle des petits effectifs, si l'un de ces textes est caché."""
    return (REGLE,) if any(map(est_cache, textes)) else ()


def barre(libelle: str, ecrit: str, valeur: int, fond: float, *, texte: str = "") -> BarreScene:
    """Une barre d'effectif : sans longueur si `ecrit` est caché. texte : ce qui s'écrit au bout ; à défaut `ecrit`."""
    longueur = None if est_cache(ecrit) else float(valeur)
    return BarreScene(libelle=libelle, texte=texte or ecrit, longueur=longueur, fond=max(fond, longueur or 0))


def tableau(legende: str, entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> tuple[TableauScene, ...]:
    """Un tableau, sa légende à la typographie française ; aucun s'il n'a pas de ligne."""
    rangees = tuple(tuple(ligne) for ligne in lignes)
    return (TableauScene(legende=typographier(legende), entetes=tuple(entetes), lignes=rangees),) if rangees else ()
