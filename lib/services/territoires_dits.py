"""Ce qui se dit autour d'une comparaison : sa situation, ce que la dimension ne permet pas, pourquoi elle est vide."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from lib.analytics.proportions import EFFECTIF_MINIMUM, plus_petit_ecart
from lib.analytics.retards import est_en_retard
from lib.domain.axes import Dimension, Ruralite
from lib.domain.formats import compter, date_longue, enumeration, pluriel, typographier
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.couverture import Cadre, dire_attentes
from lib.services.groupes import GroupesLus

RURALITE = typographier(
    "La grille communale de densité de l'Insee n'est pas livrée avec l'application : faute d'elle, la ruralité se lit"
    f" ici sur le type d'intercommunalité ({Ruralite.RURAL.libelle.lower()} : {Ruralite.RURAL.aide.lower()} ;"
    f" {Ruralite.URBAIN.libelle.lower()} : {Ruralite.URBAIN.aide.lower()}). Un bourg rattaché à une agglomération y"
    " passe pour urbain : c'est une approximation."
)
CODAGE = typographier(
    "Seuls les irritants sont demandés à chaque entretien. Ici, N compte les entretiens codés, n ceux dont un passage"
    " porte l'étiquette : ne pas en parler n'est pas dire non. Ni spontanéité ni intensité ne s'y mesurent."
)
SANS_EPCI = {Dimension.COMMUNE, Dimension.DEPARTEMENT, Dimension.REGION}
COTES_DITS = 4
"""Au-delà, dire ce que chaque groupe aurait pu démontrer ferait une page de phrases."""
DEMANDES = {
    FamilleEtiquette.IRRITANT: "irritant",
    FamilleEtiquette.BESOIN: "besoin",
    FamilleEtiquette.LEVIER: "levier",
    FamilleEtiquette.SOLUTION_EXISTANTE: "solution existante",
    FamilleEtiquette.IDEE: "idée",
}


def dire_situation(au: date, rencontres: Mapping[str, int | str]) -> str:
    """« Données arrêtées au … : 9 entretiens réalisés pour Marseille et 10 pour … » ; un texte est déjà protégé."""
    cotes = enumeration(f"{_realises(n)} pour {nom}" for nom, n in rencontres.items())
    return typographier(f"Données arrêtées au {date_longue(au)} : {cotes or 'aucun groupe à comparer'}.")


def avertir(cadre: Cadre, compares: Collection[str] | None, *, secret: bool) -> Iterable[str]:
    """Un terrain prévu et peu visité pèse sur toute comparaison : cela se dit avant les chiffres.

    compares : les terrains comparés, ou None quand la comparaison se fait sur autre chose et repose sur tous.
    """
    phrases = dire_attentes(cadre.terrains, debut=cadre.debut, au=cadre.au, secret=secret)
    for terrain in cadre.terrains:
        absent = terrain.prevus and not terrain.realises
        concerne = compares is None or terrain.nom in compares
        if absent or (concerne and est_en_retard(terrain.attente, debut=cadre.debut, au=cadre.au)):
            yield phrases[terrain.nom]


def dire_detectables(rencontres: Mapping[str, int]) -> Iterable[str]:
    """« Avec 8 et 9 entretiens, seul un écart de 0 à 5 serait démontré » : ce que l'échantillon pouvait voir."""
    effectifs, total = list(rencontres.values()), sum(rencontres.values())
    cotes = [tuple(effectifs)] if len(effectifs) == 2 else [(n, total - n) for n in effectifs[1:] and effectifs]
    for n, m in list(dict.fromkeys((min(paire), max(paire)) for paire in cotes))[:COTES_DITS]:
        plus_petit = plus_petit_ecart(n, m) if n >= EFFECTIF_MINIMUM else None
        if plus_petit is not None:
            yield typographier(
                f"Avec {n} et {m} entretiens, seul un écart de 0/{n} à {plus_petit}/{m} au moins serait démontré, "
                "avant correction."
            )


def _realises(effectif: int | str) -> str:
    if isinstance(effectif, str):
        return f"{effectif} entretiens réalisés"
    return compter(effectif, "entretien réalisé", "entretiens réalisés")


def remarquer(lus: GroupesLus, *, groupes: int, tracable: bool) -> Iterable[str]:
    """Ce que la dimension ou la famille ne permet pas de dire."""
    if lus.mots.dimension is Dimension.RURALITE:
        yield RURALITE
    if lus.mots.codage:
        yield CODAGE
    if lus.hors_groupes and lus.rencontres:
        verbe = pluriel(lus.hors_groupes, "reste", "restent")
        quoi = compter(lus.hors_groupes, "entretien")
        hors = "" if lus.mots.dimension in SANS_EPCI else ", ou hors intercommunalité,"
        yield typographier(f"{quoi} sans commune connue{hors} {verbe} hors de cette comparaison.")
    if not tracable:
        yield typographier(f"{groupes} groupes : la figure ne se lirait pas. Choisissez-en huit au plus pour la voir.")


def dire_rien(lus: GroupesLus, rencontres: Mapping[str, int]) -> str:
    """Pourquoi il n'y a rien à comparer, du plus général au plus précis."""
    if not lus.rencontres and not lus.hors_groupes:
        return "Aucun entretien réalisé : il n'y a encore rien à comparer."
    if not lus.rencontres:
        return (
            "Aucun entretien réalisé n'a de commune connue : indiquez la commune de l'entretien, ou celle de "
            "l'organisation rencontrée."
        )
    quoi = DEMANDES[lus.mots.famille]
    aucun = "Aucune" if quoi in {"solution existante", "idée"} else "Aucun"
    if not lus.etiquettes:
        return f"{aucun} {quoi} dans la grille de codage."
    if any(sum(mesures.values()) for siens in lus.comptes.values() for mesures in siens.values()) and any(
        rencontres.values()
    ):
        return _tous_non_abordes(lus)
    accord = "e" if aucun == "Aucune" else ""
    verbe = f"étiqueté{accord}" if lus.mots.codage else "relevé"
    return f"{aucun} {quoi} n'a encore été {verbe} pour ces critères."


def _tous_non_abordes(lus: GroupesLus) -> str:
    abordes = any(
        mesures[nom]
        for siens in lus.comptes.values()
        for mesures in siens.values()
        for nom in ("spontanes", "relances", "ecartes", "portees")
    )
    if abordes:
        return "Aucun irritant n'a encore été relevé pour ces critères."
    return typographier(
        "Tous les relevés disent « non abordé » : personne n'a été interrogé, et « non abordé » n'est pas « non »."
        " Il n'y a rien à comparer."
    )
