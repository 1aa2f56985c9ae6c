"""Les champs d'un partenariat, communs à la saisie et à la correction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from lib.domain.dates_imprecises import ECRITURES, DateImprecise
from lib.domain.dates_imprecises import lire as lire_date
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import typographier
from lib.domain.vocabulaire import FormeEngagement, Initiateur, ModeRecueil, Rythme
from lib.services.details_partenariat import DetailsPartenariat, ecrire_quantite, lire_quantite
from lib.services.sessions import Acces
from lib.services.solutions import choix_de_solutions
from lib.services.terrains import TerrainLu, lister_terrains
from lib.ui.caches import vue
from lib.ui.formulaire import Formulaire, libelles

INDICATION_DATE = f"{ECRITURES}, ou rien si l'on ne sait pas"
RECUEILS = {
    ModeRecueil.PROSPECTIF.value: "Nous le suivons depuis son début",
    ModeRecueil.RETROSPECTIF_COMPLET.value: "On nous a donné tous les partenariats, même finis",
    ModeRecueil.VIVANTS_SEULEMENT.value: "On nous a donné seulement ceux qui durent encore",
}
POURQUOI_LE_RECUEIL = (
    "Qui ne cite que les partenariats encore en vie fait croire qu'ils durent plus longtemps : la mesure en tient "
    "compte si on le sait."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoixEngagement:
    """Ce qui se choisit dans le formulaire et vient de la base."""

    terrains: tuple[TerrainLu, ...]
    solutions: Mapping[int, str]


def lire_choix(acces: Acces) -> ChoixEngagement:
    """Les terrains et les solutions existantes ouverts au compte."""
    return ChoixEngagement(terrains=vue(lister_terrains, acces), solutions=vue(choix_de_solutions, acces))


def champs_de_l_engagement(formulaire: Formulaire, choix: ChoixEngagement) -> None:
    """Terrain, formes, rythme, recueil, puis ce qui est facultatif."""
    gauche, droite = st.columns(2)
    with gauche:
        formulaire.plusieurs(
            "formes",
            "Formes d'engagement, la principale d'abord",
            libelles(FormeEngagement),
            placeholder="Choisir une ou plusieurs formes",
        )
        formulaire.liste(
            "terrain_id", "Terrain", {t.id: t.nom for t in choix.terrains}, placeholder="Choisir un terrain"
        )
        formulaire.liste(
            "solution_id",
            "Outil ou réseau qui les a mis en relation (facultatif)",
            choix.solutions,
            placeholder="Aucun, ou inconnu",
        )
    with droite:
        formulaire.bouton("rythme", "Rythme", libelles(Rythme))
        formulaire.bouton("initiateur", "Qui a fait le premier pas", libelles(Initiateur))
    formulaire.bouton("mode_recueil", "Comment l'avons-nous appris", RECUEILS, help=typographier(POURQUOI_LE_RECUEIL))
    formulaire.ligne(
        "quantite",
        "Quantité (facultatif)",
        placeholder="3 000 euros par an, 12 palettes, 4 journées",
        autocomplete="off",
    )
    formulaire.texte("description", "Description (facultatif)", height=68, max_chars=4000)


def lire_details(valeurs: Mapping[str, Any], ouverts: DetailsPartenariat | None = None) -> DetailsPartenariat:
    """Les détails saisis. Lève DonneeInvalide (un champ) s'il en manque un.

    ouverts : ceux que l'on corrige, dont ce formulaire ne montre pas tout.
    """
    if not valeurs.get("rythme"):
        raise DonneeInvalide("Choisissez le rythme : ponctuel, récurrent ou pluriannuel.", champ="rythme")
    if not valeurs.get("mode_recueil"):
        raise DonneeInvalide("Dites comment vous avez appris ce partenariat.", champ="mode_recueil")
    formes = tuple(FormeEngagement(code) for code in valeurs.get("formes") or ())
    volume, unite = lire_quantite(valeurs.get("quantite") or "")
    saisis: dict[str, Any] = {
        "mode_recueil": ModeRecueil(valeurs["mode_recueil"]),
        "rythme": Rythme(valeurs["rythme"]),
        "formes": formes,
        "initiateur": Initiateur(valeurs.get("initiateur") or Initiateur.INCONNU),
        "solution_id": valeurs.get("solution_id"),
        "volume": volume,
        "unite": unite,
        "description": valeurs.get("description") or "",
    }
    if ouverts is None:
        return DetailsPartenariat(**saisis)
    parts = {forme: part for forme, part in (ouverts.parts or {}).items() if forme in formes}
    return replace(ouverts, parts=parts, **saisis)


def valeurs_des_details(details: DetailsPartenariat, terrain_id: int) -> dict[str, Any]:
    """Les valeurs de naissance du formulaire, depuis des détails enregistrés."""
    return {
        "formes": [forme.value for forme in details.formes],
        "terrain_id": terrain_id,
        "rythme": details.rythme.value,
        "initiateur": details.initiateur.value,
        "mode_recueil": details.mode_recueil.value,
        "solution_id": details.solution_id,
        "quantite": ecrire_quantite(details.volume, details.unite),
        "description": details.description,
    }


def lire_quand(texte: str | None) -> DateImprecise:
    """La date écrite ; un champ vide vaut « inconnue ». Lève DonneeInvalide."""
    return lire_date((texte or "").strip() or "inconnue")
