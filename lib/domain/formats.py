"""Écrire nombres, durées et dates comme on les lit en français.

Bibliothèque standard seulement, sans réglage régional du système : le même texte partout, à l'écran comme dans
un export. Conventions : virgule décimale ; espace fine insécable (U+202F) entre les milliers et devant « ; » ;
espace insécable (U+00A0) devant une unité et dans les guillemets ; vrai signe moins (U+2212) ; arrondi au plus
proche, les demis s'éloignant de zéro (celui que refait le lecteur à la main), jamais l'arrondi bancaire.
"""

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

INSECABLE = "\u00a0"
FINE = "\u202f"
MOINS = "\u2212"
ABSENT = f"n.{INSECABLE}d."
"""Ce qui s'écrit à la place d'une valeur qui manque ou ne se calcule pas (« non disponible »)."""

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MOIS_ABREGES = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


# --- Nombres ----------------------------------------------------------------------------------------------------


def _manque(valeur: float | None) -> bool:
    return valeur is None or not math.isfinite(valeur)


def _arrondir(valeur: float, decimales: int) -> Decimal:
    """L'écriture décimale la plus courte du flottant, arrondie : 0,125 → 0,13, et −0 n'existe pas."""
    arrondi = Decimal(str(float(valeur))).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)
    return arrondi or abs(arrondi)


def _centiemes(part: float) -> float:
    """Cent fois la part sans bruit binaire : 0,285 donne 28,5 et non 28,499…"""
    return float(100 * Decimal(str(float(part))))


def nombre(valeur: float | None, decimales: int = 0) -> str:
    """`1234.5` → « 1 234,5 » ; une valeur absente ou non finie donne « n. d. »."""
    if valeur is None or _manque(valeur):
        return ABSENT
    # Un entier ne s'arrondit pas : il s'écrit dix fois plus vite que par une écriture décimale.
    entier = not decimales and valeur == int(valeur)
    texte = f"{int(valeur):,d}" if entier else f"{_arrondir(valeur, decimales):,f}"
    return texte.replace(",", FINE).replace(".", ",").replace("-", MOINS)


def nombre_signe(valeur: float | None, decimales: int = 0) -> str:
    """Comme `nombre`, avec un « + » devant les valeurs positives : pour les écarts."""
    texte = nombre(valeur, decimales)
    return f"+{texte}" if valeur is not None and not _manque(valeur) and _arrondir(valeur, decimales) > 0 else texte


def pourcentage(part: float | None, decimales: int = 0) -> str:
    """Part entre 0 et 1 : `0.476` → « 48 % »."""
    return ABSENT if part is None or _manque(part) else f"{nombre(_centiemes(part), decimales)}{INSECABLE}%"


def points(ecart: float | None, decimales: int = 0) -> str:
    """Différence de deux parts, en points de pourcentage : `0.285` → « +29 points »."""
    if ecart is None or _manque(ecart):
        return ABSENT
    centiemes = _centiemes(ecart)
    mot = pluriel(float(_arrondir(centiemes, decimales)), "point")
    return f"{nombre_signe(centiemes, decimales)}{INSECABLE}{mot}"


def effectif(numerateur: int, denominateur: int) -> str:
    """`12, 42` → « 12/42 » : toujours donner le dénominateur avec la part."""
    return f"{nombre(numerateur)}/{nombre(denominateur)}"


def euros(montant: float | None, decimales: int = 0) -> str:
    """`1200` → « 1 200 € »."""
    return ABSENT if montant is None or _manque(montant) else f"{nombre(montant, decimales)}{INSECABLE}€"


def taille_fichier(octets: int) -> str:
    """`1_250_000` → « 1,3 Mo » (unités décimales, comme les affichent les systèmes récents)."""
    valeur, unite = float(octets), "o"
    for suivante in ("ko", "Mo", "Go"):
        if valeur < 1000:
            break
        valeur, unite = valeur / 1000, suivante
    return f"{nombre(valeur, 0 if unite == 'o' or valeur >= 100 else 1)}{INSECABLE}{unite}"


def valeur_p(p: float | None, *, nom: str = "p", seuil: float = 0.05) -> str:
    """Valeur p (ou q) d'un test, écrite du bon côté du seuil : `0.05011612` → « p = 0,0501 », jamais « p = 0,05 ».

    Quatre décimales ; davantage quand l'arrondi se confondrait avec le seuil sans lui être égal.
    """
    if p is None or _manque(p):
        return f"{nom}{INSECABLE}non calculée"
    if p < 0.0001:
        return f"{nom}{INSECABLE}<{INSECABLE}0,0001"
    borne = Decimal(str(seuil))
    decimales = next((d for d in range(4, 16) if _arrondir(p, d) != borne), 4)
    return f"{nom}{INSECABLE}={INSECABLE}{nombre(p, decimales)}"


# --- Intervalles et suites --------------------------------------------------------------------------------------


def intervalle(
    bas: float | None,
    haut: float | None,
    ecrire: Callable[[float | None], str] = nombre,
    *,
    borne_absente: str = ABSENT,
) -> str:
    """`intervalle(0.12, 0.4, pourcentage)` → « [12 % ; 40 %] » ; `borne_absente` remplace une borne inconnue."""
    textes = (borne_absente if borne is None or _manque(borne) else ecrire(borne) for borne in (bas, haut))
    return f"[{f'{FINE}; '.join(textes)}]"


def enumeration(elements: Iterable[str], *, liaison: str = "et") -> str:
    """« a », « a et b », « a, b et c » ; chaîne vide si rien."""
    *debut, fin = list(elements) or [""]
    return f"{', '.join(debut)} {liaison} {fin}" if debut else fin


def guillemets(texte: str) -> str:
    """« texte », espaces insécables comprises."""
    return f"«{INSECABLE}{texte}{INSECABLE}»"


# --- Accords ----------------------------------------------------------------------------------------------------


def pluriel(quantite: float, singulier: str, forme_plurielle: str | None = None) -> str:
    """Le mot accordé, sans le nombre. En français le pluriel commence à deux : 0 et 1,5 restent au singulier."""
    return singulier if abs(quantite) < 2 else (forme_plurielle or f"{singulier}s")


def compter(quantite: int, singulier: str, forme_plurielle: str | None = None) -> str:
    """`3, "entretien"` → « 3 entretiens » ; `2, "cheval", "chevaux"` → « 2 chevaux »."""
    return f"{nombre(quantite)}{INSECABLE}{pluriel(quantite, singulier, forme_plurielle)}"


# --- Durées -----------------------------------------------------------------------------------------------------


def duree_mois(mois: float | None, decimales: int = 0) -> str:
    """`12.5, 1` → « 12,5 mois »."""
    return ABSENT if mois is None or _manque(mois) else f"{nombre(mois, decimales)}{INSECABLE}mois"


def duree(valeur: float | None, unite: str, decimales: int = 0) -> str:
    """`310, "jours"` → « 310 jours » ; l'unité s'accorde (« 1 jour », « 1 mois »)."""
    if valeur is None or _manque(valeur):
        return ABSENT
    mot = unite.removesuffix("s") if unite != "mois" and abs(valeur) < 2 else unite
    return f"{nombre(valeur, decimales)}{INSECABLE}{mot}"


def duree_lisible(mois: float | None) -> str:
    """Durée en mois, dite en années et en mois entiers : `30` → « 2 ans et 6 mois »."""
    if mois is None or _manque(mois):
        return ABSENT
    annees, reste = divmod(int(_arrondir(mois, 0)), 12)
    morceaux = [compter(annees, "an")] if annees else []
    if reste or not annees:
        morceaux.append(f"{reste}{INSECABLE}mois")
    return enumeration(morceaux)


# --- Dates ------------------------------------------------------------------------------------------------------


def date_longue(jour: date | None, *, avec_jour: bool = False) -> str:
    """« 23 novembre 2026 », « 1er mai 2026 » ; avec le jour : « lundi 23 novembre 2026 »."""
    if jour is None:
        return ABSENT
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    prefixe = f"{JOURS[jour.weekday()]} " if avec_jour else ""
    return f"{prefixe}{quantieme}{INSECABLE}{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def date_abregee(jour: date | None) -> str:
    """« 23 nov. 2026 » : pour les tableaux et les étiquettes de figures."""
    if jour is None:
        return ABSENT
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{INSECABLE}{MOIS_ABREGES[jour.month - 1]}{INSECABLE}{jour.year}"


def date_courte(jour: date | None) -> str:
    """« 23/11/2026 »."""
    return ABSENT if jour is None else f"{jour.day:02d}/{jour.month:02d}/{jour.year:04d}"


def mois_annee(jour: date | None) -> str:
    """« novembre 2026 »."""
    return ABSENT if jour is None else f"{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def date_imprecise(jour: date | None, precision: str) -> str:
    """Une date dite seulement avec la précision connue (`jour`, `mois`, `annee` ; toute autre : inconnue).

    On n'invente jamais un jour : « 23 novembre 2026 », « novembre 2026 », « 2026 » ou « date inconnue ».
    """
    if jour is None:
        return "date inconnue"
    ecritures: dict[str, Callable[[date], str]] = {
        "jour": date_longue,
        "mois": mois_annee,
        "annee": lambda d: str(d.year),
    }
    ecrire = ecritures.get(precision)
    return ecrire(jour) if ecrire else "date inconnue"


def heure(instant: datetime) -> str:
    """« 9 h 05 »."""
    return f"{instant.hour}{INSECABLE}h{INSECABLE}{instant.minute:02d}"


def date_et_heure(instant: datetime | None) -> str:
    """« 23 novembre 2026 à 9 h 05 » ; l'appelant a déjà choisi le fuseau."""
    return ABSENT if instant is None else f"{date_longue(instant)} à {heure(instant)}"


# --- Typographie ------------------------------------------------------------------------------------------------


def typographier(texte: str) -> str:
    """Rend insécables les espaces que la typographie française veut telles, dans une phrase écrite au clavier.

    Espace insécable devant « : », « » », « % », « € » et après « « » ; fine insécable devant « ; », « ! », « ? ».
    Typographier deux fois ne change rien. À réserver aux textes de l'application : jamais à ceux d'une personne.
    """
    texte = re.sub(r" ([:»%€])", rf"{INSECABLE}\1", texte)
    return re.sub(r" ([;!?])", rf"{FINE}\1", texte).replace("« ", f"«{INSECABLE}")
