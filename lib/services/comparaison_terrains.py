"""La comparaison des groupes pour un script : chaque part, chaque test, chaque verdict, et son objet JSON."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lib.analytics.lecture import lire_comparaison, lire_ecart
from lib.analytics.proportions import Comparaison, Ecart, Part, boschloo, comparer, fisher
from lib.analytics.releves import Releves
from lib.analytics.stratification import ajuster
from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.groupes import EtiquetteComparee, GroupesLus, lire_groupes
from lib.services.territoires_dits import dire_rien, remarquer

AUTRES = "autres"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparaisonGroupes:
    """Les étiquettes comparées entre groupes, et les comptes dont elles viennent."""

    lus: GroupesLus
    etiquettes: tuple[EtiquetteComparee, ...]
    comparaison: Comparaison

    @property
    def groupes(self) -> tuple[str, ...]:
        """Les groupes où quelqu'un a été rencontré."""
        return tuple(self.lus.rencontres)


def comparer_groupes(
    session: Session,
    perimetre: Perimetre,
    dimension: Dimension = Dimension.TERRAIN,
    famille: FamilleEtiquette = FamilleEtiquette.IRRITANT,
) -> ComparaisonGroupes:
    """Compare toutes les étiquettes d'une famille entre les groupes d'une dimension, comptées en SQL.

    Lève DonneeInvalide s'il n'y a aucun groupe à comparer, AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    lus = lire_groupes(session, perimetre, MotsComparaison(famille=famille, dimension=dimension))
    if not lus.rencontres:
        raise DonneeInvalide(dire_rien(lus, {}))
    dites = tuple(etiquette for etiquette in lus.etiquettes if lus.comptes.get(etiquette.id))
    observations = [lus.relever(e.id, nom).observer(e.nom) for e in dites for nom in lus.rencontres]
    return ComparaisonGroupes(lus=lus, etiquettes=dites, comparaison=comparer(observations))


def dire(lue: ComparaisonGroupes) -> str:
    """Le résumé, ce que la dimension ne permet pas de dire, puis une phrase par écart, du plus grand au plus petit."""
    mots, lignes = lue.lus.mots, lue.comparaison.par_ecart()
    if not any(part.denominateur for ligne in lignes for part in ligne.parts.values()):
        return dire_rien(lue.lus, {nom: lue.lus.effectif(nom) for nom in lue.groupes})
    phrases = [
        f"{ligne.irritant} – {lire_ecart(ecart, groupes=mots.groupes)}" for ligne in lignes for ecart in ligne.ecarts
    ]
    remarques = remarquer(lue.lus, groupes=len(lue.groupes), tracable=True)
    return "\n".join([lire_comparaison(lue.comparaison, mots=mots), *remarques, *phrases])


# --- JSON -------------------------------------------------------------------------------------------------------


def decrire(lue: ComparaisonGroupes) -> dict[str, Any]:
    """L'objet JSON d'une comparaison ; son schéma est dans docs/statistiques.md."""
    par_nom = {ligne.irritant: ligne for ligne in lue.comparaison.lignes}
    return {
        "famille": lue.comparaison.taille_famille,
        "groupes": [{"nom": nom, "n": lue.lus.effectif(nom)} for nom in lue.groupes],
        "hors_groupes": lue.lus.hors_groupes,
        "irritants": [
            {
                "nom": etiquette.nom,
                "par_groupe": [
                    _part(lue.lus.relever(etiquette.id, nom), par_nom[etiquette.nom].parts[nom]) for nom in lue.groupes
                ],
                "comparaisons": [_ecart(ecart, etiquette, lue) for ecart in par_nom[etiquette.nom].ecarts],
            }
            for etiquette in lue.etiquettes
        ],
    }


def _part(releves: Releves, part: Part) -> dict[str, Any]:
    return {
        "groupe": releves.terrain,
        "n": part.numerateur,
        "N": part.denominateur,
        "p": part.valeur,
        "bas": part.bas,
        "haut": part.haut,
        "spontanes": None if releves.codage else releves.spontanes,
        "intensite": releves.intensite,
    }


def _ecart(ecart: Ecart, etiquette: EtiquetteComparee, lue: ComparaisonGroupes) -> dict[str, Any]:
    gauche, droite = ecart.part, ecart.part_reference
    effectifs = (gauche.numerateur, gauche.denominateur, droite.numerateur, droite.denominateur)
    mesurable = bool(gauche.denominateur and droite.denominateur)
    autres = [ecart.reference] if ecart.reference else [nom for nom in lue.groupes if nom != ecart.groupe]
    ajuste = ajuster(lue.lus.strates(etiquette.id, ecart.groupe, autres), effectif_minimum=1)
    return {
        "a": ecart.groupe,
        "b": ecart.reference or AUTRES,
        "difference": ecart.difference,
        "bas": ecart.bas,
        "haut": ecart.haut,
        "fisher_p": fisher(*effectifs) if mesurable else None,
        "boschloo_p": boschloo(*effectifs) if mesurable else None,
        "q": ecart.q,
        "verdict": ecart.verdict.libelle.lower(),
        "mh_rapport": ajuste.rapport,
        "mh_p": ajuste.p,
    }
