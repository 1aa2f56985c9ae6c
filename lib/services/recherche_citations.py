"""Le SQL qui retrouve des citations : rapide à un million d'étiquetages, avec les index existants.

Deux chemins, choisis d'après les synthèses : un critère fréquent se trouve en remontant les citations récentes ; un
critère rare, en partant des étiquetages ou des entretiens qui le portent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from lib.db.indexation import entretiens_qui_repondent, objets_qui_disent, objets_qui_repondent
from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    Etiquetage,
    Interlocuteur,
    Organisation,
    Terrain,
    Texte,
    Verbatim,
)
from lib.domain import mots
from lib.domain.citations import TRIS_DE_L_EQUIPE, TriCitations
from lib.domain.droits import Perimetre, peut_lire_identites, peut_lire_le_detail
from lib.domain.mots import NatureIndexee, lire_recherche
from lib.services.ampleur_citations import Ampleur, lire_ampleur
from lib.services.filtres_citations import FiltresCitations, conditions_d_entretien
from lib.services.mots_frequents import Bornes, borner
from lib.services.panier import du_panier
from lib.services.syntheses_citations import citations_nues

PAR_PAGE = 50
# Au-delà, compter coûterait plus que lire : on dit « plus de 1 000 ».
PLAFOND = 1_000
# Entre des noms lus d'un coup : un signe qu'aucune ligne saisie ne garde.
SEPARE = "\x1f"
# Citations portant le critère à partir desquelles remonter les plus récentes trouve vite de quoi remplir une page…
FREQUENT = 20_000
# … du moins une des premières pages.
PREMIERES_PAGES = 20
# Quand les premiers entretiens d'un ordre ne remplissent pas la page, combien de fois plus on en essaie.
ENCORE = 4
UNE, AUTRE = aliased(Organisation), aliased(Organisation)
TRIS_PAR_ORGANISATION = frozenset((TriCitations.SOURCE, TriCitations.TAILLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """Une recherche prête à partir.

    entretiens : ne lire que les premiers de l'ordre demandé ; porteurs : les premiers de ceux qui portent les mots.
    dernieres : ne lire que les dernières citations. Les deux ensemble, l'une remplit la page, l'autre dit le total.
    contexte : présenter aussi qui était là.
    """

    perimetre: Perimetre
    filtres: FiltresCitations
    ampleur: Ampleur = field(default_factory=Ampleur)
    entretiens: int | None = None
    porteurs: bool = False
    dernieres: Bornes | None = None
    contexte: bool = False

    def mesurer(self, session: Session) -> "Recherche":
        """La même, sachant ce que les synthèses disent de ce qu'elle trouvera."""
        return replace(self, ampleur=lire_ampleur(session, self.perimetre, self.filtres))

    def approcher(self, session: Session, page: int) -> Iterator["Recherche"]:
        """La même recherche, bornée à ce qui remplit sans doute la page : de la moins à la plus chère."""
        if not self.mots.positive.vide:
            bornee = self.parmi_les_dernieres(session)
            if bornee.dernieres is None:
                return
            yield from [bornee] if self.recentes else bornee.par_entretien_qui_le_dit(page)
        elif not self.recentes:
            voulues = page * PAR_PAGE if self.compte_connu else PLAFOND + 1
            for marge in (1, ENCORE):
                yield from self.par_entretien(marge * voulues)

    def parmi_les_dernieres(self, session: Session) -> "Recherche":
        """La même recherche, dans les dernières citations seulement quand les mots cherchés sont fréquents.

        Exacte dès qu'elle en trouve plus de PLAFOND : celles d'avant ne s'ouvriraient pas.
        """
        if self.mots.positive.vide or (self._tri is TriCitations.RECENTES and self.filtres.decroissant):
            return self
        bornes = borner(session, self.mots.positive, self._nature, self.perimetre.investigation_id, PLAFOND + 1)
        return replace(self, dernieres=bornes)

    def par_entretien(self, voulues: int, *, part: float = 1.0) -> Iterator["Recherche"]:
        """Bornée aux premiers entretiens de l'ordre demandé, qui ne tient qu'à eux : inutile de ranger un million de
        citations pour en montrer cinquante. part : celle des citations que gardent les mots."""
        rares = self.filtres.panier_de is not None or self.filtres.verbatim_id is not None
        if not rares and peut_lire_le_detail(self.perimetre):
            entretiens = self.ampleur.entretiens_a_lire(self.filtres, voulues, part=part)
            if entretiens is not None:
                yield replace(self, entretiens=entretiens)

    def par_entretien_qui_le_dit(self, page: int) -> Iterator["Recherche"]:
        """De même pour des mots fréquents ; s'ils se pressent ailleurs que dans les premiers entretiens, bornée aux
        premiers de ceux qui les portent."""
        part = self.dernieres.frequence / max(1, self.ampleur.citations) if self.dernieres else 0.0
        for bornee in self.par_entretien(page * PAR_PAGE, part=min(1.0, part)):
            yield bornee
            yield replace(bornee, entretiens=3 + page * PAR_PAGE // 2, porteurs=True)

    def suffit(self, lignes: Sequence[Any], page: int) -> bool:
        """Vrai si ces lignes sont celles que la recherche entière aurait rendues."""
        if not lignes:
            return False
        pleine = self.entretiens is None or len(lignes) == min(PAR_PAGE, PLAFOND - (page - 1) * PAR_PAGE)
        return pleine and (self.compte_connu or lignes[0].trouvees > PLAFOND)

    def _premiers(self, combien: int) -> Select[int]:
        """Ceux que l'ordre ne sait pas placer viennent les derniers, dans les deux sens : ils ne sont pas parmi eux."""
        cle = self._cle()
        conditions = [*conditions_d_entretien(self.perimetre, self.filtres), cle.is_not(None)]
        if self.porteurs:
            conditions += entretiens_qui_repondent(self.mots.positive, self._nature, self.perimetre.investigation_id)
        requete = select(Entretien.id)
        if self._tri in TRIS_PAR_ORGANISATION:
            requete = requete.join(Organisation, Organisation.id == Entretien.organisation_id)
        elif self._tri is TriCitations.TERRAIN:
            requete = requete.join(Terrain, Terrain.id == Entretien.terrain_id)
        if self._tri is TriCitations.SOURCE and not self.porteurs:
            conditions.append(Entretien.organisation_id.in_(self._premieres(combien)))
        voulu = cle.desc() if self.filtres.decroissant else cle.asc()
        return requete.where(*conditions).order_by(voulu, Entretien.id.desc()).limit(combien)

    def _premieres(self, combien: int) -> Select[int]:
        """Les premières organisations rencontrées dans l'ordre des noms, que leur index donne : une par entretien."""
        decroissant = self.filtres.decroissant
        rencontree = exists().where(
            Entretien.organisation_id == UNE.id, *conditions_d_entretien(self.perimetre, self.filtres)
        )
        ici = UNE.investigation_id == self.perimetre.investigation_id
        ordre = UNE.nom_recherche.desc() if decroissant else UNE.nom_recherche.asc()
        rang = select(UNE.nom_recherche).where(ici, rencontree).order_by(ordre).limit(1).offset(combien - 1)
        seuil = rang.scalar_subquery()
        avant = AUTRE.nom_recherche >= seuil if decroissant else AUTRE.nom_recherche <= seuil
        return select(AUTRE.id).where(AUTRE.investigation_id == self.perimetre.investigation_id, avant)

    @property
    def vaine(self) -> bool:
        """Vrai si les comptes tenus disent déjà que rien ne répond."""
        if self.filtres.sans_etiquette and not self.ampleur.nues:
            return True
        return self.filtres.etiquettes is not None and not self.ampleur.poses

    @property
    def compte_exact(self) -> bool:
        """Vrai si le compte tenu par les synthèses est le total : une seule étiquette, et rien qu'elles ignorent."""
        filtres = self.filtres
        return filtres.tenus and not filtres.sans_etiquette and len(filtres.etiquettes or ()) == 1

    @property
    def compte_connu(self) -> bool:
        """Vrai si l'on sait sans compter ce qui se dira du total : lui-même, ou « plus de »."""
        return self.compte_exact or self.ampleur.au_moins(self.filtres) > PLAFOND

    @property
    def mots(self) -> mots.Recherche:
        """Ce que la saisie cherche."""
        return lire_recherche(self.filtres.texte)

    def lister(self, page: int) -> Select[*tuple[Any, ...]]:
        """Les lignes d'une page, et dans `trouvees` combien répondent (au plus PLAFOND + 1) ou le compte exact."""
        decalage = (page - 1) * PAR_PAGE
        convenables = self.convenables(frequent=self._en_remontant(page))
        ouvrables = PAR_PAGE if self.compte_exact else min(PAR_PAGE, max(0, PLAFOND - decalage))
        if self.compte_connu or (self.dernieres is not None and self.entretiens is not None):
            rangs = convenables.limit(ouvrables).offset(decalage).subquery()
            return self._presenter(select(rangs.c.id)).add_columns(self._trouvees().label("trouvees"))
        plafonnees = convenables.add_columns(self._rang()).limit(PLAFOND + 1).cte("plafonnees")
        place = select(plafonnees.c.id).order_by(plafonnees.c.rang)
        rangs = place.limit(ouvrables).offset(decalage).subquery()
        total = select(func.count()).select_from(plafonnees).scalar_subquery()
        return self._presenter(select(rangs.c.id)).add_columns(total.label("trouvees"))

    def _trouvees(self) -> ColumnElement[int]:
        """Ce que les synthèses en disent ; pour des mots fréquents, ce qu'en comptent les dernières citations."""
        if self.compte_connu:
            return literal(self.ampleur.poses if self.compte_exact else PLAFOND + 1)
        dernieres = replace(self, entretiens=None).convenables(frequent=True, ordonner=False).limit(PLAFOND + 1)
        return select(func.count()).select_from(dernieres.subquery()).scalar_subquery()

    def _en_remontant(self, page: int) -> bool:
        """Vrai si un critère fréquent se vérifie citation après citation, plutôt que d'en lire tous les porteurs."""
        # Une étiquette et des mots : les mots peuvent être rares, autant partir des étiquetages.
        rare = (self.filtres.texte or self.filtres.situes) and self.filtres.etiquettes
        recentes = self.ampleur.poses >= FREQUENT and page <= PREMIERES_PAGES and not rare
        return recentes or self.entretiens is not None

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
            conditions.insert(0, Verbatim.entretien_id.in_(self._premiers(self.entretiens)))
        requete = select(Verbatim.id)
        if not ordonner:
            return requete.where(*conditions)
        if self._tri is not TriCitations.RECENTES:
            requete = self._rangeable(requete)
        return requete.where(*conditions).order_by(*self._ordre())

    def _rangeable(self, requete: Select[int]) -> Select[int]:
        """Joint à la citation ce dont l'ordre demandé a besoin."""
        requete = requete.join(Entretien, Entretien.id == Verbatim.entretien_id)
        if self._tri is TriCitations.TERRAIN:
            requete = requete.join(Terrain, Terrain.id == Entretien.terrain_id)
        if self._tri in TRIS_PAR_ORGANISATION:
            requete = requete.outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        return requete

    def _portant_les_mots(self) -> list[ColumnElement[bool]]:
        """Hors de l'équipe, ce qui est exclu se juge une fois les noms effacés : l'exclure ici les trahirait."""
        recherche = self.mots if self._equipe else self.mots.positive
        if recherche.vide:
            return []
        ou = (self._nature, self.perimetre.investigation_id, Verbatim.id)
        if self.entretiens is not None:
            return objets_qui_disent(recherche, *ou)
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
        cle = self._cle()
        voulu = cle.desc().nulls_last() if self.filtres.decroissant else cle.asc().nulls_last()
        # En visite, se suivre par entretien dirait quelles citations viennent d'une même personne.
        ensemble = [Entretien.id.desc()] if peut_lire_le_detail(self.perimetre) else []
        return [voulu, *ensemble, Verbatim.id.desc()]

    def _cle(self) -> Any:
        cles = {
            TriCitations.DATE: Entretien.tenu_le,
            TriCitations.ENTRETIEN: Entretien.code,
            TriCitations.SOURCE: Organisation.nom_recherche,
            TriCitations.TYPE_ACTEUR: Entretien.type_acteur,
            TriCitations.TAILLE: Organisation.taille,
            TriCitations.TERRAIN: Terrain.nom,
        }
        return cles[self._tri]

    @property
    def recentes(self) -> bool:
        """Vrai si les dernières surlignées, ou les premières, viennent d'abord."""
        return self._tri is TriCitations.RECENTES

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
        presents = (_fonctions().label("fonctions"), _meneurs().label("meneurs")) if self.contexte else ()
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
                *presents,
            )
            .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
            .join(Terrain, Terrain.id == Entretien.terrain_id)
            .join(Texte, Texte.id == Verbatim.texte_id)
            .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
            .where(Verbatim.id.in_(choisies))
            .order_by(*self._ordre())
        )


def _fonctions() -> ColumnElement[str]:
    """Les fonctions des personnes rencontrées, jamais leurs noms."""
    dites = func.aggregate_strings(Interlocuteur.fonction, SEPARE)
    requete = select(dites).join(EntretienInterlocuteur, EntretienInterlocuteur.interlocuteur_id == Interlocuteur.id)
    ici = EntretienInterlocuteur.entretien_id == Entretien.id, Interlocuteur.fonction != ""
    return requete.where(*ici).correlate(Entretien).scalar_subquery()


def _meneurs() -> ColumnElement[str]:
    requete = select(func.aggregate_strings(Compte.nom_affiche, SEPARE))
    requete = requete.join(EntretienEnqueteur, EntretienEnqueteur.compte_id == Compte.id)
    return requete.where(EntretienEnqueteur.entretien_id == Entretien.id).correlate(Entretien).scalar_subquery()
