"""Les pages mesurées : celles du menu, chacune avec ce que son adresse porte et la cible qui la juge."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from lib.config import reglages
from lib.domain.axes import Dimension
from lib.domain.matrices import AttributMatrice, MesureMatrice, VueMatrice
from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import FamilleEtiquette, TypeActeur
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

    `plus` : le reste de l'adresse ; entre accolades, des attributs de BaseMesuree.
    """

    nom: str
    adresse: str
    genre: Genre
    parametre: str = ""
    fiche: str = ""
    plus: str = ""
    connectee: bool = True

    def demande(self, base: BaseMesuree) -> Demande:
        """Ce qu'un visiteur demande pour ouvrir la page sur cette base."""
        return Demande(
            adresse=self.adresse,
            parametres=f"{self.parametre}={getattr(base, self.fiche)}" if self.fiche else self._suite(base),
            temoins={reglages().temoin: base.jeton} if self.connectee else {},
        )

    def _suite(self, base: BaseMesuree) -> str:
        """Ce que l'adresse porte en plus, écrit comme un navigateur l'écrirait."""
        return quote(self.plus.format(etiquette=base.etiquette, autre=base.autre), safe="=&,+")


# Ce qu'une adresse demande de plus que la page nue : les vues d'une matrice, ses cases, tris, filtres. Les mots
# cherchés restent hors de l'adresse, ils peuvent nommer quelqu'un : leur lecture se mesure à part.
VARIANTES = {
    "matrices": {
        "citations": f"matrices_mesure={MesureMatrice.CITATIONS.libelle}",
        "par taille": f"matrices_attribut={AttributMatrice.TAILLE.libelle}",
        "ensemble": f"matrices_vue={VueMatrice.COOCCURRENCE.libelle}",
        "en 0 ou 1": f"matrices_vue={VueMatrice.ENTRETIEN.libelle}",
        "case d'une étiquette": "case=e{etiquette}",
        "case d'une paire": "case=e{etiquette},a{autre},ncitation",
        "case d'une paire, même tour": "case=e{etiquette},a{autre},ntour",
    },
    "citations": {
        "triées par structure": "citations_vue=Grille&citations_tri=Structure, croissant",
        "triées par date": "citations_vue=Grille&citations_tri=Date, croissant",
        "filtrées": "citations_famille=Irritant",
        "sans étiquette": "citations_etiquette=sans étiquette",
    },
    "grille": {"une étiquette": "etiquette={etiquette}", "cherchée": "grille_mots=temps"},
    "terrains": {
        **{
            f"{famille.libelle}, {dimension.libelle.lower()}": f"terrains_famille={famille.libelle}"
            f"&terrains_dimension={dimension.libelle}"
            for famille in (FamilleEtiquette.IRRITANT, FamilleEtiquette.BESOIN)
            for dimension in Dimension
            if (famille, dimension) != (FamilleEtiquette.IRRITANT, Dimension.TERRAIN)
        },
        "carte": "terrains_partie=Carte",
    },
    "presentation": {code.libelle: f"scene={code.value}" for code in list(CodeScene)[1:]},
    "saturation": {"d'un type": f"saturation_acteur={TypeActeur.ASSOCIATION.libelle}"},
}
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
    if entree.adresse in DENSES:
        yield PageMesuree(nom=f"{entree.titre} (le plus étiqueté)", fiche="entretien_dense", **communs)
    for nom, plus in VARIANTES.get(entree.adresse, {}).items():
        yield PageMesuree(nom=f"{entree.titre} ({nom})", plus=plus, **communs)
