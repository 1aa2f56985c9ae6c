"""Ce qu'on cherche dans les citations, et ce que cela demande à leur entretien."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from lib.db.modeles import Entretien, EntretienEnqueteur, Organisation
from lib.db.perimetre import visible
from lib.domain.axes import Dimension
from lib.domain.citations import TriCitations, fin_de_mois
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.mots import NatureIndexee
from lib.domain.vocabulaire import AccordCitation, TailleEntreprise, TypeActeur
from lib.services.groupes import entretiens_du_groupe
from lib.services.syntheses import compte_dans_les_chiffres


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltresCitations:
    """Ce qu'on cherche.

    etiquettes : identifiants dont une citation porte au moins un (voir `grille.choisir`) ; None, peu importe.
    texte : mots cherchés (voir `lib.domain.mots`), dans la citation ou, pour l'équipe, dans son mémo. taille,
    enqueteur_id, codeur_id, accord : hors de l'équipe, sans effet. panier_de : le compte dont on lit le panier.
    dimension, lieu : un lieu officiel, par son nom dans sa dimension (« Département », « Doubs ») ; vides ensemble.
    parmi_terrains : ceux qui disent ce type d'acteur (voir `citations_protegees`) ; None ne restreint rien.
    """

    etiquettes: tuple[int, ...] | None = None
    terrain_id: int | None = None
    type_acteur: TypeActeur | None = None
    sans_etiquette: bool = False
    texte: str = ""
    nature: NatureIndexee = NatureIndexee.CITATION
    taille: TailleEntreprise | None = None
    enqueteur_id: int | None = None
    codeur_id: int | None = None
    du: date | None = None
    au: date | None = None
    accord: AccordCitation | None = None
    panier_de: int | None = None
    tri: TriCitations = TriCitations.RECENTES
    decroissant: bool = False
    verbatim_id: int | None = None
    parmi_terrains: tuple[int, ...] | None = None
    dimension: Dimension | None = None
    lieu: str = ""

    @property
    def situes(self) -> bool:
        """Vrai si l'on ne veut que les citations d'un lieu."""
        return self.dimension is not None and bool(self.lieu)

    @property
    def tenus(self) -> bool:
        """Vrai si les synthèses connaissent tous ces critères : elles disent alors ce qui répond."""
        personnes = (self.enqueteur_id, self.codeur_id, self.panier_de)
        ignores = (*personnes, self.taille, self.du, self.au, self.accord, self.verbatim_id)
        return not self.texte and not self.situes and all(ignore is None for ignore in ignores)


def conditions_d_entretien(perimetre: Perimetre, filtres: FiltresCitations) -> list[ColumnElement[bool]]:
    """L'entretien se voit, compte dans les chiffres, et répond aux filtres qui le concernent."""
    conditions = [visible(Entretien, perimetre), compte_dans_les_chiffres(), *situer(Entretien, filtres)]
    du, au = filtres.du, filtres.au
    if not peut_lire_identites(perimetre):  # le mois, jamais le jour
        du, au = du and du.replace(day=1), au and fin_de_mois(au)
        conditions.append(Entretien.accord_citation != AccordCitation.NON)
    if filtres.dimension is not None and filtres.lieu:
        conditions.append(Entretien.id.in_(entretiens_du_groupe(filtres.dimension, filtres.lieu)))
    conditions += [Entretien.tenu_le >= du] if du else []
    conditions += [Entretien.tenu_le <= au] if au else []
    if not peut_lire_identites(perimetre):
        return conditions
    if filtres.accord is not None:
        conditions.append(Entretien.accord_citation == filtres.accord)
    if filtres.taille is not None:
        tailles = select(Organisation.id).where(visible(Organisation, perimetre), Organisation.taille == filtres.taille)
        conditions.append(Entretien.organisation_id.in_(tailles))
    if filtres.enqueteur_id is not None:
        menes = select(EntretienEnqueteur.entretien_id).where(EntretienEnqueteur.compte_id == filtres.enqueteur_id)
        conditions.append(Entretien.id.in_(menes))
    return conditions


def situer(modele: Any, filtres: FiltresCitations) -> list[ColumnElement[bool]]:
    """Les critères que l'entretien et les synthèses disent sous les mêmes noms."""
    situation: list[tuple[Any, Any]] = [
        (modele.terrain_id, filtres.terrain_id),
        (modele.type_acteur, filtres.type_acteur),
    ]
    egales: list[ColumnElement[bool]] = [colonne == valeur for colonne, valeur in situation if valeur is not None]
    if filtres.parmi_terrains is None:
        return egales
    return [*egales, modele.terrain_id.in_(filtres.parmi_terrains)]
