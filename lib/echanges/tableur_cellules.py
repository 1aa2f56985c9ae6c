"""Faire tenir n'importe quel texte dans les cellules d'un classeur .xlsx, et l'en ressortir à l'identique."""

import re
from bisect import bisect_right

CARACTERES_PAR_CELLULE = 32_767
"""Limite d'Excel, en unités UTF-16 : un emoji en vaut deux."""

FORMAT_JOUR = "dd/mm/yyyy"
FORMAT_INSTANT = "dd/mm/yyyy hh:mm:ss"

SUITES = "Suites"
ENTETES_SUITES = ("Onglet", "Cellule", "Partie", "Texte")
DEBUT_RENVOI = f"\n[Texte trop long pour une cellule : la suite est dans l'onglet « {SUITES} », ligne "
FIN_RENVOI = ".]"
PREMIER_MORCEAU = CARACTERES_PAR_CELLULE - len(DEBUT_RENVOI) - len("1048576") - len(FIN_RENVOI)

# Le « < » de tête : XlsxWriter prend un texte « <r>…</r> » pour du XML déjà prêt et le recopierait tel quel.
A_ECHAPPER = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|^<(?=r>)")
ECHAPPE = re.compile("_x([0-9A-Fa-f]{4})_")
EXPANSION_MAXIMALE = len("_x0000_")


def echapper(texte: str) -> str:
    """Écrit `_xHHHH_`, la convention d'Excel, ce que XML interdit ; protège ce qui en avait déjà l'air."""
    if texte.isprintable() and "_" not in texte and not texte.startswith("<r>"):  # presque tous les textes
        return texte
    return A_ECHAPPER.sub(lambda trouve: f"_x{ord(trouve[0]):04X}_", texte)


def desechapper(texte: str) -> str:
    """L'exact inverse d'`echapper`."""
    return ECHAPPE.sub(lambda trouve: chr(int(trouve[1], 16)), texte)


def poids(texte: str) -> int:
    """Place que prend le texte dans une cellule, échappements compris, en unités UTF-16."""
    return len(echapper(texte).encode("utf-16-le")) // 2


def tient(texte: str) -> bool:
    """Vrai si le texte tient dans une cellule."""
    return len(texte) * EXPANSION_MAXIMALE <= CARACTERES_PAR_CELLULE or poids(texte) <= CARACTERES_PAR_CELLULE


def decouper(texte: str) -> list[str]:
    """Coupe un texte en morceaux qui tiennent chacun dans une cellule ; le premier laisse la place du renvoi.

    Recollés, les morceaux redonnent le texte ; aucun caractère n'est coupé en deux.
    """
    morceaux, debut, limite = [], 0, PREMIER_MORCEAU
    while debut < len(texte):
        longueur = _longueur_tenant(texte[debut : debut + limite], limite)
        morceaux.append(texte[debut : debut + longueur])
        debut, limite = debut + longueur, CARACTERES_PAR_CELLULE
    return morceaux


def renvoi(ligne: int) -> str:
    """Ce que la cellule dit, après le premier morceau, de l'endroit où lire la suite."""
    return f"{DEBUT_RENVOI}{ligne}{FIN_RENVOI}"


def sans_renvoi(texte: str) -> str:
    """Le premier morceau seul ; le renvoi est toujours le dernier du texte."""
    return texte.rpartition(DEBUT_RENVOI)[0]


def _longueur_tenant(texte: str, limite: int) -> int:
    if poids(texte) <= limite:
        return len(texte)
    return bisect_right(range(1, len(texte) + 1), limite, key=lambda longueur: poids(texte[:longueur]))
