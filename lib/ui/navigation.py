"""Le menu : une liste de pages, chacune avec le droit qui l'ouvre."""

from copy import copy
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.util import calc_hash

from lib.config import RACINE
from lib.domain.droits import (
    Droit,
    Perimetre,
    est_connecte,
    peut_administrer,
    peut_consigner,
    peut_exporter,
    peut_lire_indicateurs,
    peut_lire_le_detail,
    peut_relire,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entree:
    """Une page du menu. `cachee` : atteinte par un lien, absente du menu."""

    rubrique: str
    fichier: str
    titre: str
    adresse: str
    droit: Droit
    cachee: bool = False


ENTREES = (
    Entree(
        rubrique="",
        fichier="accueil/tableau_de_bord",
        titre="Tableau de bord",
        adresse="tableau-de-bord",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/liste",
        titre="Entretiens",
        adresse="entretiens",
        droit=peut_consigner,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/saisie",
        titre="Consigner un entretien",
        adresse="saisie",
        droit=peut_consigner,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/plan",
        titre="Plan d'entretiens",
        adresse="plan",
        droit=peut_consigner,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/fiche",
        titre="Fiche d'entretien",
        adresse="entretien",
        droit=peut_consigner,
        cachee=True,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/codage",
        titre="Codage d'un entretien",
        adresse="codage",
        droit=peut_consigner,
        cachee=True,
    ),
    Entree(
        rubrique="Entretiens",
        fichier="entretiens/double_codage",
        titre="Double codage",
        adresse="double-codage",
        droit=peut_consigner,
        cachee=True,
    ),
    Entree(
        rubrique="Irritants",
        fichier="irritants/citations",
        titre="Citations",
        adresse="citations",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Irritants",
        fichier="irritants/grille",
        titre="Grille de codage",
        adresse="grille",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Irritants",
        fichier="irritants/matrices",
        titre="Matrices",
        adresse="matrices",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Irritants",
        fichier="irritants/saturation",
        titre="Saturation",
        adresse="saturation",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Irritants",
        fichier="irritants/accord",
        titre="Accord entre codeurs",
        adresse="accord",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/liste",
        titre="Partenariats",
        adresse="partenariats",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/chronologie",
        titre="Chronologie",
        adresse="chronologie",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/saisie",
        titre="Consigner un partenariat",
        adresse="nouveau-partenariat",
        droit=peut_consigner,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/organisations",
        titre="Organisations",
        adresse="organisations",
        droit=peut_consigner,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/solutions",
        titre="Solutions existantes",
        adresse="solutions",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Partenariats",
        fichier="partenariats/fiche",
        titre="Fiche de partenariat",
        adresse="partenariat",
        droit=peut_lire_le_detail,
        cachee=True,
    ),
    Entree(
        rubrique="Analyses",
        fichier="analyses/durees",
        titre="Durées d'engagement",
        adresse="durees",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Analyses",
        fichier="analyses/territoires",
        titre="Territoires",
        adresse="terrains",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Analyses",
        fichier="analyses/hypotheses",
        titre="Hypothèses",
        adresse="hypotheses",
        droit=peut_exporter,
    ),
    Entree(
        rubrique="Analyses",
        fichier="analyses/indicateurs",
        titre="Indicateurs",
        adresse="indicateurs",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Analyses",
        fichier="analyses/decision",
        titre="Décision",
        adresse="decision",
        droit=peut_relire,
    ),
    Entree(
        rubrique="Restitution",
        fichier="restitution/presentation",
        titre="Présentation",
        adresse="presentation",
        droit=peut_lire_indicateurs,
    ),
    Entree(
        rubrique="Restitution",
        fichier="restitution/bilan",
        titre="Bilan",
        adresse="bilan",
        droit=peut_exporter,
    ),
    Entree(
        rubrique="Données", fichier="administration/exports", titre="Exporter", adresse="exports", droit=peut_exporter
    ),
    Entree(
        rubrique="Administration",
        fichier="administration/comptes",
        titre="Comptes",
        adresse="comptes",
        droit=peut_administrer,
    ),
    Entree(
        rubrique="Administration",
        fichier="administration/investigations",
        titre="Investigations",
        adresse="investigations",
        droit=peut_administrer,
    ),
    Entree(
        rubrique="Administration",
        fichier="administration/journal",
        titre="Journal",
        adresse="journal",
        droit=peut_administrer,
    ),
)

CONNEXION = Entree(
    rubrique="", fichier="acces/connexion", titre="Connexion", adresse="connexion", droit=lambda _: True, cachee=True
)
COMPTE = Entree(rubrique="Compte", fichier="acces/compte", titre="Mon compte", adresse="compte", droit=est_connecte)


class PageDuMenu(StreamlitPage):
    """La page d'une entrée ; Streamlit en redemande l'empreinte trois fois par passage : elle est connue d'avance."""

    def __init__(self, entree: Entree, defaut: bool) -> None:
        super().__init__(
            RACINE / "pages" / f"{entree.fichier}.py",
            title=entree.titre,
            url_path=entree.adresse,
            default=defaut,
            visibility="hidden" if entree.cachee else "visible",
        )
        self._empreinte = calc_hash(entree.adresse)

    @property
    def _script_hash(self) -> str:
        return self._empreinte


def page(entree: Entree, *, defaut: bool = False) -> StreamlitPage:
    """La page Streamlit d'une entrée, neuve à chaque appel : Streamlit y écrit pendant le passage."""
    if get_script_run_ctx() is None:  # hors d'un passage, Streamlit ne construit la page qu'à moitié
        return PageDuMenu(entree, defaut)
    return copy(_modele(entree, defaut))


# Construire interroge le disque : dix-sept pages par passage coûtaient plus que la page affichée (docs/vitesse.md).
_modele = cache(PageDuMenu)


def menu(perimetre: Perimetre | None, *, provisoire: bool = False) -> dict[str, list[StreamlitPage]]:
    """Toutes les pages, par rubrique ; ne se voient que celles qui sont ouvertes à ce périmètre.

    Les autres restent joignables, hors rubrique : leur garde répond par une phrase, là où Streamlit dirait la page
    inexistante. Sans connexion, chaque adresse montre le formulaire et se retrouve une fois connecté.
    provisoire : le mot de passe vient de quelqu'un d'autre ; seule s'ouvre la page où le changer.
    """
    commun = replace(perimetre, compte_id=0) if perimetre else None
    return {
        rubrique: [page(entree, defaut=defaut) for entree, defaut in entrees]
        for rubrique, entrees in _plan(commun, provisoire)
    }


@lru_cache(maxsize=256)
def _plan(perimetre: Perimetre | None, provisoire: bool) -> tuple[tuple[str, tuple[tuple[Entree, bool], ...]], ...]:
    """Les rubriques et leurs entrées, chacune avec « est la page d'accueil » : le même plan à droits égaux."""
    if perimetre is None:
        return (("", ((_a_l_accueil(CONNEXION), True), *((entree, False) for entree in _SANS_CONNEXION))),)
    accueil, *suite = [COMPTE] if provisoire else [entree for entree in _ECRITES if entree.droit(perimetre)]
    rubriques = {accueil.rubrique: [(_a_l_accueil(accueil), True)]}
    for entree in suite:
        rubriques.setdefault(entree.rubrique, []).append((entree, False))
    cachees = (entree for entree in (*_ECRITES, CONNEXION) if entree not in suite)
    rubriques.setdefault("", []).extend((_cachee(entree), False) for entree in cachees)
    return tuple((rubrique, tuple(entrees)) for rubrique, entrees in rubriques.items())


@cache
def _a_l_accueil(entree: Entree) -> Entree:
    """La page d'accueil se sert à la racine seulement : sa propre adresse reste à une page cachée, sa jumelle."""
    return replace(entree, adresse="accueil")


@cache
def _cachee(entree: Entree) -> Entree:
    return replace(entree, cachee=True)


def _ecrite(entree: Entree) -> bool:
    """Une page annoncée dont le fichier manque encore ne doit pas empêcher les autres de s'ouvrir."""
    return (RACINE / "pages" / f"{entree.fichier}.py").exists()


_ECRITES = tuple(entree for entree in (*ENTREES, COMPTE) if _ecrite(entree))
_SANS_CONNEXION = (CONNEXION, *(replace(CONNEXION, adresse=entree.adresse) for entree in (*ENTREES, COMPTE)))


_PAR_ADRESSE = {entree.adresse: entree for entree in (*ENTREES, CONNEXION, COMPTE)}


def chemin(adresse: str) -> StreamlitPage:
    """Où mène cette adresse, pour st.switch_page et st.page_link : la page elle-même, qu'ils n'ont pas à chercher."""
    return page(_PAR_ADRESSE[adresse])


def est_ouverte(adresse: str, perimetre: Perimetre) -> bool:
    """La page est ouverte à ce périmètre : on n'y mène personne qui la trouverait fermée."""
    return _PAR_ADRESSE[adresse].droit(perimetre)
