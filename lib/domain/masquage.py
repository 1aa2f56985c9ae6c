"""Retirer d'un texte libre les noms que l'outil connaît, avant qu'il ne sorte sous pseudonyme.

La comparaison ignore la casse, les accents et la forme des apostrophes, et ne s'arrête qu'aux mots entiers. Un nom
d'un seul mot (nom de famille) n'est retiré que s'il porte une majuscule : « petit » reste, « M. Petit » s'efface.
Un nom que l'outil ne connaît pas reste dans le texte : relire avant de diffuser demeure nécessaire.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

PERSONNE = "[personne]"
MOT = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
ARTICLES = re.compile(r"^(?:(?:les?|la|une?|des?)\s+|l'\s*)(?=\S)", re.IGNORECASE)
CIVILITES = frozenset({"m", "mr", "mme", "mlle", "dr", "me", "monsieur", "madame", "docteur", "maitre"})
LETTRES_DU_NOM_SEUL = 3
"""Un nom d'un seul mot de moins de trois lettres se confondrait avec un mot ordinaire."""


def _lettre(caractere: str) -> str:
    """La lettre de base, en minuscule, si elle tient en un caractère ; sinon le caractère lui-même."""
    base = "".join(c for c in unicodedata.normalize("NFD", caractere) if unicodedata.category(c) != "Mn").lower()
    return base if len(base) == 1 else caractere


# Un caractère pour un caractère : les positions trouvées dans le texte replié valent dans le texte d'origine.
REPLI = str.maketrans(
    {chr(point): _lettre(chr(point)) for point in (*range(0x41, 0x5B), *range(0xC0, 0x250))}
    | dict.fromkeys("’‘ʼ′`´", "'")
    | dict.fromkeys("\u00a0\u202f\n\t", " ")
    | dict.fromkeys("\u2010\u2011", "-")
)


def _octet(octet: int) -> int:
    """La lettre de base en cp1252, ou une espace : de quoi comparer des mots, pas de quoi les relire."""
    try:
        lettre = bytes((octet,)).decode("cp1252").translate(REPLI)
        return lettre.encode("cp1252")[0] if lettre.isalnum() else ord(" ")
    except UnicodeError:
        return ord(" ")


OCTETS = bytes(map(_octet, range(256)))


def mots_simples(texte: str) -> list[bytes] | None:
    """Les mots repliés d'un texte, coupés aussi aux tirets ; None s'il sort du jeu de caractères français usuel.

    Dix fois plus vite que replier le texte : assez pour savoir qu'aucun nom connu ne s'y trouve.
    """
    try:
        return texte.encode("cp1252").translate(OCTETS).split()
    except UnicodeEncodeError:
        return None


class Masque:
    """Des noms et ce qui les remplace. Se construit une fois, sert à tous les textes d'un export."""

    def __init__(self, remplacements: Mapping[str, str]) -> None:
        self._par_premier_mot: dict[str, list[tuple[str, str, bool]]] = {}
        self._debuts: dict[bytes, list[frozenset[bytes]]] = {}
        self._insaisissable = False
        for nom, remplacement in remplacements.items():
            self._retenir(nom, remplacement)
        for noms in self._par_premier_mot.values():
            noms.sort(key=lambda trouve: -len(trouve[0]))

    def _retenir(self, nom: str, remplacement: str) -> None:
        replie = replier(nom)
        mots = MOT.findall(replie)
        if mots and len(replie) >= LETTRES_DU_NOM_SEUL:
            self._par_premier_mot.setdefault(mots[0], []).append((replie, remplacement, len(mots) == 1))
            simples = mots_simples(replie)
            if simples:
                self._debuts.setdefault(simples[0], []).append(frozenset(simples))
            else:
                self._insaisissable = True

    def ignore(self, mots: Collection[bytes] | None) -> bool:
        """Aucun nom n'a tous ses mots parmi ces mots simples : il n'y a rien à remplacer."""
        if mots is None or self._insaisissable:
            return False
        if self._debuts.keys().isdisjoint(mots):
            return True
        connus = set(mots)
        possibles = (noms for mot in connus for noms in self._debuts.get(mot, ()))
        return not any(noms <= connus for noms in possibles)

    def masquer(self, texte: str) -> str:
        """Le texte, chaque nom connu remplacé ; rendu tel quel s'il n'en contient aucun."""
        if not self._par_premier_mot or not texte:
            return texte
        replie, connus = texte.translate(REPLI), self._par_premier_mot
        if connus.keys().isdisjoint(MOT.findall(replie)):
            return texte
        morceaux: list[str] = []
        repris = 0
        for mot in MOT.finditer(replie):
            if mot[0] in connus and mot.start() >= repris and (trouve := self._trouver(texte, replie, mot)):
                morceaux += [texte[repris : mot.start()], trouve[1]]
                repris = trouve[0]
        return "".join([*morceaux, texte[repris:]])

    def _trouver(self, texte: str, replie: str, mot: re.Match[str]) -> tuple[int, str] | None:
        for nom, remplacement, seul in self._par_premier_mot[mot[0]]:
            fin = mot.start() + len(nom)
            if not replie.startswith(nom, mot.start()) or replie[fin : fin + 1].isalnum():
                continue
            if not seul or texte[mot.start()].isupper():
                return fin, remplacement
        return None


def replier(nom: str) -> str:
    """Le nom tel qu'on le cherche : minuscules sans accent, apostrophes droites, espaces simples."""
    return " ".join(nom.translate(REPLI).split())


def noms_de_personne(nom: str) -> tuple[str, ...]:
    """Ce qui désigne quelqu'un : son nom entier, et son nom de famille (tout ce qui suit le premier mot)."""
    mots = [mot for mot in nom.split() if replier(mot).strip(".") not in CIVILITES]
    return tuple(dict.fromkeys(" ".join(partie) for partie in (mots, mots[1:] or mots) if partie))


def prenom(nom: str) -> str:
    """Le premier mot d'un nom entier ; vide quand il n'y en a qu'un."""
    mots = [mot for mot in nom.split() if replier(mot).strip(".") not in CIVILITES]
    return mots[0] if len(mots) > 1 else ""


def masque_des_personnes(noms: Iterable[str]) -> dict[str, str]:
    """Remplacements qui effacent des personnes partout où on les nomme."""
    return {partie: PERSONNE for nom in noms for partie in noms_de_personne(nom)}


def sans_article(nom: str) -> str:
    """« Le Panier de la Bigue » → « Panier de la Bigue » : dans une phrase, l'article change."""
    return ARTICLES.sub("", nom.translate(str.maketrans("’‘", "''"))).strip() or nom
