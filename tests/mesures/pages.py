"""Les pages mesurées : celles du menu, chacune avec ce que son adresse porte et la cible qui la juge."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from lib.config import reglages
from lib.domain.axes import Dimension
from lib.domain.vocabulaire import FamilleEtiquette
from lib.ui.navigation import COMPTE, CONNEXION, ENTREES, Entree
from tests.mesures.bases import BaseMesuree
from tests.mesures.client import Demande
from tests.outils.serveur import RACINE


class Genre(StrEnum):
    """Ce que la page demande au serveur, donc ce qu'on lui permet."""

    ANALYSE = "analyse"
    COURANTE = "liste, fiche, formulaire"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMesuree:
    """Une page à mesurer. `fiche` : attribut de BaseMesuree que l'adresse porte sous le nom `parametre`.

    choix : ce que l'adresse porte quand on n'y ouvre pas une fiche.
    """

    nom: str
    adresse: str
    genre: Genre
    parametre: str = ""
    fiche: str = ""
    connectee: bool = True
    choix: str = ""

    def demande(self, base: BaseMesuree) -> Demande:
        """Ce qu'un visiteur demande pour ouvrir la page sur cette base."""
        return Demande(
            adresse=self.adresse,
            parametres=f"{self.parametre}={getattr(base, self.fiche)}" if self.fiche else self.choix,
            temoins={reglages().temoin: base.jeton} if self.connectee else {},
        )


FICHES = {
    "entretien": ("entretien", "entretien"),
    "codage": ("entretien", "entretien"),
    "partenariat": ("partenariat", "partenariat"),
    "double-codage": ("double", "double"),
}
ANALYSES = (
    "accueil/",
    "analyses/",
    "irritants/saturation",
    "irritants/matrices",
    "irritants/accord",
    "restitution/presentation",
)
# Une variante par façon de grouper : chacune lit d'autres comptes.
VARIANTES = {
    "terrains": {
        **{
            f"{famille.libelle}, {dimension.libelle.lower()}": urlencode(
                {"terrains_famille": famille.libelle, "terrains_dimension": dimension.libelle}
            )
            for famille in (FamilleEtiquette.IRRITANT, FamilleEtiquette.BESOIN)
            for dimension in Dimension
            if (famille, dimension) != (FamilleEtiquette.IRRITANT, Dimension.TERRAIN)
        },
        "carte": urlencode({"terrains_partie": "Carte"}),
    }
}
# Le même entretien aux deux échelles dit la croissance ; le plus étiqueté dit le pire cas.
DENSES = {"entretien", "codage"}


def pages_mesurees(voulues: Collection[str] = ()) -> tuple[PageMesuree, ...]:
    """Les pages du menu dont le fichier existe. `voulues` : leurs adresses ; vide, toutes."""
    return tuple(page for page in _toutes() if not voulues or page.adresse in voulues)


def _toutes() -> Iterator[PageMesuree]:
    for entree in (*ENTREES, COMPTE, CONNEXION):
        if (RACINE / "pages" / f"{entree.fichier}.py").exists():
            yield from _variantes(entree)


def _variantes(entree: Entree) -> Iterator[PageMesuree]:
    parametre, fiche = FICHES.get(entree.adresse, ("", ""))
    genre = Genre.ANALYSE if entree.fichier.startswith(ANALYSES) else Genre.COURANTE
    connectee = entree is not CONNEXION
    communs = {"adresse": entree.adresse, "genre": genre, "parametre": parametre, "connectee": connectee}
    yield PageMesuree(nom=entree.titre, fiche=fiche, **communs)
    for quoi, choix in VARIANTES.get(entree.adresse, {}).items():
        yield PageMesuree(nom=f"{entree.titre} ({quoi})", choix=choix, **communs)
    if entree.adresse in DENSES:
        yield PageMesuree(nom=f"{entree.titre} (le plus étiqueté)", fiche="entretien_dense", **communs)
