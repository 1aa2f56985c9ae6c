"""Dire un accord entre codeurs sans lui faire dire plus que ses nombres."""

from lib.analytics.accord import Accord
from lib.analytics.double_codage import SEUIL_PRUDENT, SEUIL_SUR, UNITES_PORTEUSES, Mesures
from lib.domain.formats import compter, intervalle, nombre, typographier

ABSENT = "ne se calcule pas"


def dire_coefficient(accord: Accord) -> str:
    """« 0,71 [0,55 ; 0,84] » ; sans valeur, on le dit."""
    return " ".join(filter(None, (dire_valeur(accord), dire_intervalle(accord))))


def dire_valeur(accord: Accord) -> str:
    """« 0,71 »."""
    return ABSENT if accord.valeur is None else nombre(accord.valeur, 2)


def dire_intervalle(accord: Accord) -> str:
    """« [0,55 ; 0,84] » ; vide si rien ne se calcule."""
    if accord.valeur is None or accord.bas is None:
        return ""
    return intervalle(accord.bas, accord.haut, lambda borne: nombre(borne, 2))


def lire_ensemble(mesures: Mesures, *, entretiens: int) -> str:
    """La phrase de lecture : l'alpha, son intervalle, ses unités, et ce que les seuils usuels permettent d'en dire."""
    unites = f"{compter(mesures.unites, 'unité de parole', 'unités de parole')} de {compter(entretiens, 'entretien')}"
    pareilles = f"{nombre(mesures.pareilles)} sur {nombre(mesures.unites)} sont codées exactement de même"
    if mesures.alpha.valeur is None:
        return typographier(f"Sur {unites}, {pareilles} ; rien n'y varie assez pour mesurer un accord.")
    return typographier(
        f"Sur {unites}, {pareilles}. "
        f"Alpha de Krippendorff : {dire_coefficient(mesures.alpha)}. {_situer(mesures.alpha)}"
    )


def juger(mesures: Mesures) -> str:
    """Pour une étiquette : ce que son intervalle permet de dire, ou pourquoi rien ne se dit."""
    if mesures.alpha.valeur is None:
        return "Rien ne varie"
    if mesures.portees < UNITES_PORTEUSES:
        return typographier(f"Trop rare pour juger ({compter(mesures.portees, 'unité')})")
    bas, haut = _bornes(mesures.alpha)
    if bas >= SEUIL_SUR:
        return "On peut s'y appuyer"
    if bas >= SEUIL_PRUDENT:
        return "Avec prudence"
    return "À redéfinir" if haut < SEUIL_PRUDENT else "Ne tranche pas"


def _situer(alpha: Accord) -> str:
    bas, haut = _bornes(alpha)
    if bas >= SEUIL_SUR:
        return f"Tout l'intervalle dépasse {nombre(SEUIL_SUR, 3)} : on peut s'appuyer sur ce codage."
    if bas >= SEUIL_PRUDENT:
        return f"Tout l'intervalle dépasse {nombre(SEUIL_PRUDENT, 3)} : des conclusions prudentes se tiennent."
    if haut < SEUIL_PRUDENT:
        return f"Tout l'intervalle reste sous {nombre(SEUIL_PRUDENT, 3)} : la grille est à préciser avant de conclure."
    return f"L'intervalle passe de part et d'autre de {nombre(SEUIL_PRUDENT, 3)} : ce qui est codé ne tranche pas."


def _bornes(alpha: Accord) -> tuple[float, float]:
    valeur = alpha.valeur or 0.0
    return (valeur if alpha.bas is None else alpha.bas), (valeur if alpha.haut is None else alpha.haut)
