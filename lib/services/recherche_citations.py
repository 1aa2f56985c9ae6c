"""Le SQL qui retrouve des citations : rapide à un million d'étiquetages, avec les index existants.

Deux chemins, choisis d'après les synthèses : un critère fréquent se trouve en remontant les citations récentes ; un
critère rare, en partant des étiquetages ou des entretiens qui le portent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select
from sqlalchemy.orm import Session

from lib.db.indexation import objets_qui_repondent
from lib.db.modeles import (
    Entretien,
    EntretienEnqueteur,
    Etiquetage,
    Organisation,
    SyntheseCitation,
    SyntheseEtiquette,
    Terrain,
    Texte,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain import mots
from lib.domain.axes import Dimension
from lib.domain.citations import TRIS_DE_L_EQUIPE, TriCitations, fin_de_mois
from lib.domain.droits import Perimetre, peut_lire_identites, peut_lire_le_detail
from lib.domain.mots import NatureIndexee, lire_recherche
from lib.domain.vocabulaire import AccordCitation, TailleEntreprise, TypeActeur
from lib.services.groupes import entretiens_du_groupe
from lib.services.mots_frequents import Bornes, borner
from lib.services.panier import du_panier
from lib.services.syntheses import compte_dans_les_chiffres
from lib.services.syntheses_citations import citations_nues

PAR_PAGE = 50
# Au-delà, compter coûterait plus que lire : on dit « plus de 1 000 ».
PLAFOND = 1_000
# Citations portant le critère à partir desquelles remonter les plus récentes trouve vite de quoi remplir une page…
FREQUENT = 20_000
# … du moins une des premières pages.
PREMIERES_PAGES = 20
# Pour ranger des citations d'après leur entretien, combien des premiers on essaie avant de les prendre tous.
ENTRETIENS_ESSAYES = (20, 100, 500)


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


def conditions_d_entretien(perimetre: Perimetre, filtres: FiltresCitations) -> list[ColumnElement[bool]]:
    """L'entretien se voit, compte dans les chiffres, et répond aux filtres qui le concernent."""
    conditions = [visible(Entretien, perimetre), compte_dans_les_chiffres(), *_situation(Entretien, filtres)]
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


def _situation(modele: Any, filtres: FiltresCitations) -> list[ColumnElement[bool]]:
    situation: list[tuple[Any, Any]] = [
        (modele.terrain_id, filtres.terrain_id),
        (modele.type_acteur, filtres.type_acteur),
    ]
    egales: list[ColumnElement[bool]] = [colonne == valeur for colonne, valeur in situation if valeur is not None]
    if filtres.parmi_terrains is None:
        return egales
    return [*egales, modele.terrain_id.in_(filtres.parmi_terrains)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """Une recherche prête à partir."""

    perimetre: Perimetre
    filtres: FiltresCitations
    entretiens: tuple[int, ...] | None = None
    dernieres: Bornes | None = None

    def parmi_les_dernieres(self, session: Session) -> "Recherche":
        """La même recherche, dans les dernières citations seulement quand les mots cherchés sont fréquents.

        Exacte dès qu'elle en trouve plus de PLAFOND : celles d'avant ne s'ouvriraient pas.
        """
        if self.mots.positive.vide or self._tri is not TriCitations.RECENTES or self.filtres.decroissant:
            return self
        bornes = borner(session, self.mots.positive, self._nature, self.perimetre.investigation_id, PLAFOND + 1)
        return replace(self, dernieres=bornes)

    def ranger(self, session: Session, page: int, compte: int) -> "Recherche":
        """La même recherche, bornée aux premiers entretiens de l'ordre demandé quand ils remplissent la page.

        L'ordre ne tient qu'à l'entretien : inutile de ranger un million de citations pour en montrer cinquante.
        """
        if self._tri is TriCitations.RECENTES or self._rares(compte) or not peut_lire_le_detail(self.perimetre):
            return self
        voulues = page * PAR_PAGE if self.compte_exact else PLAFOND + 1
        for combien in ENTRETIENS_ESSAYES:
            premiers = tuple(session.scalars(self._premiers(combien)))
            if len(premiers) < combien:
                return self
            bornee = replace(self, entretiens=premiers)
            suffisent = bornee.convenables(frequent=True, ordonner=False).limit(voulues).subquery()
            if session.scalar(select(func.count()).select_from(suffisent)) == voulues:
                return bornee
        return self

    def _rares(self, compte: int) -> bool:
        """Peu de citations peuvent répondre : les ranger toutes coûte moins que d'essayer."""
        filtres = self.filtres
        peu = bool(filtres.texte) or filtres.panier_de is not None or filtres.verbatim_id is not None
        return peu or compte < FREQUENT

    def _premiers(self, combien: int) -> Select[int]:
        requete = self._rangeable(select(Entretien.id))
        conditions = conditions_d_entretien(self.perimetre, self.filtres)
        return requete.where(*conditions).order_by(*self._ordre()[:2]).limit(combien)

    def sans_etiquette_tenu(self, session: Session) -> int:
        """Citations sans étiquette que les synthèses comptent, aux critères qu'elles connaissent."""
        table = SyntheseCitation
        mesure = table.sans_etiquette if self._equipe else table.citables_sans_etiquette
        conditions = [visible(table, self.perimetre), *_situation(table, self.filtres)]
        return session.scalar(select(func.coalesce(func.sum(mesure), 0)).where(*conditions)) or 0

    def compte_tenu(self, session: Session) -> int:
        """Étiquetages qui répondent aux critères connus des synthèses, sans les recompter."""
        mesure = SyntheseEtiquette.verbatims if self._equipe else SyntheseEtiquette.citables
        conditions = [visible(SyntheseEtiquette, self.perimetre), *_situation(SyntheseEtiquette, self.filtres)]
        if self.filtres.etiquettes is not None:
            conditions.append(SyntheseEtiquette.etiquette_id.in_(self.filtres.etiquettes))
        return session.scalar(select(func.coalesce(func.sum(mesure), 0)).where(*conditions)) or 0

    @property
    def compte_exact(self) -> bool:
        """Vrai si le compte tenu par les synthèses est le total : une seule étiquette, et rien qu'elles ignorent."""
        filtres = self.filtres
        ignores = (filtres.taille, filtres.enqueteur_id, filtres.codeur_id, filtres.du, filtres.au, filtres.accord)
        connus = not filtres.texte and not filtres.situes and not filtres.sans_etiquette
        connus = connus and filtres.panier_de is None and filtres.verbatim_id is None
        return connus and len(filtres.etiquettes or ()) == 1 and all(ignore is None for ignore in ignores)

    @property
    def mots(self) -> mots.Recherche:
        """Ce que la saisie cherche."""
        return lire_recherche(self.filtres.texte)

    def lister(self, page: int, compte: int) -> Select[*tuple[Any, ...]]:
        """Les lignes d'une page, et dans `trouvees` combien répondent (au plus PLAFOND + 1) ou le compte exact."""
        decalage = (page - 1) * PAR_PAGE
        # Une étiquette et des mots : les mots peuvent être rares, autant partir des étiquetages.
        rare = (self.filtres.texte or self.filtres.situes) and self.filtres.etiquettes
        recentes = compte >= FREQUENT and page <= PREMIERES_PAGES and not rare
        convenables = self.convenables(frequent=recentes or self.entretiens is not None)
        if self.compte_exact:
            rangs = convenables.limit(PAR_PAGE).offset(decalage).subquery()
            return self._presenter(select(rangs.c.id)).add_columns(literal(compte).label("trouvees"))
        plafonnees = convenables.add_columns(self._rang()).limit(PLAFOND + 1).cte("plafonnees")
        place = select(plafonnees.c.id).order_by(plafonnees.c.rang)
        rangs = place.limit(min(PAR_PAGE, max(0, PLAFOND - decalage))).offset(decalage).subquery()
        total = select(func.count()).select_from(plafonnees).scalar_subquery()
        return self._presenter(select(rangs.c.id)).add_columns(total.label("trouvees"))

    def _rang(self) -> ColumnElement[int]:
        """La place d'une citation dans l'ordre voulu ; par défaut, son numéro suffit à la dire."""
        if self._tri is TriCitations.RECENTES:
            return (Verbatim.id if self.filtres.decroissant else -Verbatim.id).label("rang")
        return func.row_number().over(order_by=self._ordre()).label("rang")

    def identifiants(self) -> Select[int]:
        """Les citations qui répondent, au plus PLAFOND + 1, dans l'ordre voulu."""
        return self.convenables(frequent=False).limit(PLAFOND + 1)

    def candidates(self) -> Select[int, int, str]:
        """Les citations dont les mots d'origine répondent, au plus PLAFOND + 1 : à relire une fois les noms effacés."""
        rangs = self.identifiants().subquery()
        requete = select(Verbatim.id, Verbatim.entretien_id, Verbatim.citation)
        requete = requete.join(Entretien, Entretien.id == Verbatim.entretien_id)
        requete = requete.join(Terrain, Terrain.id == Entretien.terrain_id)
        return requete.where(Verbatim.id.in_(select(rangs.c.id))).order_by(*self._ordre())

    def presenter(self, identifiants: Sequence[int]) -> Select[*tuple[Any, ...]]:
        """Ce que l'écran montre de citations déjà choisies."""
        return self._presenter(identifiants)

    def plafonner(self, trouvees: int) -> tuple[int, bool]:
        """(total à dire, vrai s'il y en a davantage)."""
        if self.compte_exact or trouvees <= PLAFOND:
            return trouvees, False
        return PLAFOND, True

    @property
    def _equipe(self) -> bool:
        return peut_lire_identites(self.perimetre)

    def convenables(self, *, frequent: bool, ordonner: bool = True) -> Select[int]:
        """Identifiants des citations qui répondent, les dernières surlignées d'abord.

        Les conditions vont de la moins chère à la plus chère à vérifier : SQLite les prend dans cet ordre.
        """
        investigation_id = self.perimetre.investigation_id
        conditions = [Verbatim.investigation_id == investigation_id, Verbatim.archive_le.is_(None)]
        if self.filtres.verbatim_id is not None:
            conditions.append(Verbatim.id == self.filtres.verbatim_id)
        conditions += self._portant_les_mots()
        if self.filtres.panier_de is not None:
            conditions.append(du_panier(self.filtres.panier_de, investigation_id))
        if self.filtres.etiquettes is not None:
            conditions.append(self._etiquetee(frequent=frequent))
        elif self._codeur is not None:
            conditions.append(exists().where(Etiquetage.verbatim_id == Verbatim.id, *self._pose_par()))
        if self.filtres.sans_etiquette:
            conditions.append(Verbatim.id.in_(citations_nues(investigation_id)))
        conditions.append(self._dans_un_entretien(frequent=frequent))
        if self.entretiens is not None:
            conditions.insert(0, Verbatim.entretien_id.in_(self.entretiens))
        requete = select(Verbatim.id)
        if not ordonner:
            return requete.where(*conditions)
        if self._tri is not TriCitations.RECENTES:
            requete = self._rangeable(requete.join(Entretien, Entretien.id == Verbatim.entretien_id))
        return requete.where(*conditions).order_by(*self._ordre())

    def _rangeable(self, requete: Select[int]) -> Select[int]:
        """Joint à l'entretien ce dont l'ordre demandé a besoin."""
        if self._tri is TriCitations.TERRAIN:
            requete = requete.join(Terrain, Terrain.id == Entretien.terrain_id)
        if self._tri in {TriCitations.SOURCE, TriCitations.TAILLE}:
            requete = requete.outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        return requete

    def _portant_les_mots(self) -> list[ColumnElement[bool]]:
        """Hors de l'équipe, ce qui est exclu se juge une fois les noms effacés : l'exclure ici les trahirait."""
        recherche = self.mots if self._equipe else self.mots.positive
        if recherche.vide:
            return []
        ou = (self._nature, self.perimetre.investigation_id, Verbatim.id)
        if self.dernieres is None:
            return objets_qui_repondent(recherche, *ou)
        portees = objets_qui_repondent(recherche, *ou, depuis=self.dernieres.morceau)
        return [Verbatim.id >= self.dernieres.citation, *portees]

    @property
    def _nature(self) -> NatureIndexee:
        return self.filtres.nature if self._equipe else NatureIndexee.CITATION

    def _ordre(self) -> list[Any]:
        """L'ordre demandé, départagé par les derniers entretiens consignés, puis les dernières surlignées."""
        if self._tri is TriCitations.RECENTES:
            return [Verbatim.id.asc() if self.filtres.decroissant else Verbatim.id.desc()]
        cle: Any = {
            TriCitations.DATE: Entretien.tenu_le,
            TriCitations.ENTRETIEN: Entretien.code,
            TriCitations.SOURCE: Organisation.nom_recherche,
            TriCitations.TYPE_ACTEUR: Entretien.type_acteur,
            TriCitations.TAILLE: Organisation.taille,
            TriCitations.TERRAIN: Terrain.nom,
        }[self._tri]
        voulu = cle.desc().nulls_last() if self.filtres.decroissant else cle.asc().nulls_last()
        # En visite, se suivre par entretien dirait quelles citations viennent d'une même personne.
        ensemble = [Entretien.id.desc()] if peut_lire_le_detail(self.perimetre) else []
        return [voulu, *ensemble, Verbatim.id.desc()]

    @property
    def _tri(self) -> TriCitations:
        """Hors de l'équipe, aucun ordre ne trahit ce qui ne se lit pas."""
        tri = self.filtres.tri
        return TriCitations.RECENTES if tri in TRIS_DE_L_EQUIPE and not self._equipe else tri

    @property
    def _codeur(self) -> int | None:
        return self.filtres.codeur_id if self._equipe else None

    def _pose_par(self) -> list[ColumnElement[bool]]:
        posee: list[ColumnElement[bool]] = [Etiquetage.retire_le.is_(None)]
        return posee if self._codeur is None else [*posee, Etiquetage.compte_id == self._codeur]

    def _dans_un_entretien(self, *, frequent: bool) -> ColumnElement[bool]:
        conditions = conditions_d_entretien(self.perimetre, self.filtres)
        if frequent or self.filtres.etiquettes is not None:
            return exists().where(Entretien.id == Verbatim.entretien_id, *conditions).correlate(Verbatim)
        return Verbatim.entretien_id.in_(select(Entretien.id).where(*conditions).correlate(None))

    def _etiquetee(self, *, frequent: bool) -> ColumnElement[bool]:
        portee = and_(Etiquetage.etiquette_id.in_(self.filtres.etiquettes or ()), *self._pose_par())
        if frequent:
            return exists().where(Etiquetage.verbatim_id == Verbatim.id, portee)
        return Verbatim.id.in_(select(Etiquetage.verbatim_id).where(portee))

    def _presenter(self, choisies: Any) -> Select[*tuple[Any, ...]]:
        """Ce que l'écran montre d'une citation, pour les seuls identifiants de la page."""
        return (
            select(
                Verbatim.id.label("verbatim_id"),
                Verbatim.entretien_id,
                Verbatim.citation,
                Verbatim.memo,
                Verbatim.ancrage,
                Entretien.code,
                Entretien.type_acteur,
                Entretien.terrain_id,
                Entretien.tenu_le,
                Entretien.mode,
                Entretien.accord_citation,
                Entretien.organisation_id,
                Organisation.nom.label("organisation"),
                Organisation.taille,
                Organisation.niveau_reseau,
                Terrain.nom.label("terrain"),
                Texte.nature,
            )
            .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
            .join(Terrain, Terrain.id == Entretien.terrain_id)
            .join(Texte, Texte.id == Verbatim.texte_id)
            .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
            .where(Verbatim.id.in_(choisies))
            .order_by(*self._ordre())
        )
