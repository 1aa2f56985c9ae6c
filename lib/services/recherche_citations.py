"""Le SQL qui retrouve des citations : rapide à un million d'étiquetages, avec les index existants.

Deux chemins, choisis d'après les synthèses : un critère fréquent se trouve en remontant les citations récentes ; un
critère rare, en partant des étiquetages ou des entretiens qui le portent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquetage, Organisation, SyntheseEtiquette, Terrain, Texte, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.textes import plier
from lib.domain.vocabulaire import AccordCitation, TypeActeur
from lib.services.syntheses import compte_dans_les_chiffres

PAR_PAGE = 25
# Au-delà, compter coûterait plus que lire : on dit « plus de 1 000 ».
PLAFOND = 1_000
# Citations portant le critère à partir desquelles remonter les plus récentes trouve vite de quoi remplir une page…
FREQUENT = 20_000
# … du moins une des premières pages.
PREMIERES_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FiltresCitations:
    """Ce qu'on cherche.

    etiquettes : identifiants dont une citation porte au moins un (voir `grille.choisir`) ; None, peu importe.
    texte : mots de la citation, sans accents ni casse.
    """

    etiquettes: tuple[int, ...] | None = None
    terrain_id: int | None = None
    type_acteur: TypeActeur | None = None
    sans_etiquette: bool = False
    texte: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recherche:
    """Une recherche prête à partir."""

    perimetre: Perimetre
    filtres: FiltresCitations

    def compte_tenu(self, session: Session) -> int:
        """Étiquetages qui répondent aux critères connus des synthèses, sans les recompter."""
        mesure = SyntheseEtiquette.verbatims if self._equipe else SyntheseEtiquette.citables
        conditions = [visible(SyntheseEtiquette, self.perimetre), *self._situation(SyntheseEtiquette)]
        if self.filtres.etiquettes is not None:
            conditions.append(SyntheseEtiquette.etiquette_id.in_(self.filtres.etiquettes))
        return session.scalar(select(func.coalesce(func.sum(mesure), 0)).where(*conditions)) or 0

    @property
    def compte_exact(self) -> bool:
        """Vrai si le compte tenu par les synthèses est le total : une seule étiquette, et rien qu'elles ignorent."""
        filtres = self.filtres
        return len(filtres.etiquettes or ()) == 1 and not filtres.texte and not filtres.sans_etiquette

    def lister(self, page: int, compte: int) -> Select[*tuple[Any, ...]]:
        """Les lignes d'une page, et dans `trouvees` combien répondent (au plus PLAFOND + 1) ou le compte exact."""
        decalage = (page - 1) * PAR_PAGE
        # Une étiquette et des mots : les mots peuvent être rares, autant partir des étiquetages.
        sans_mots = not (self.filtres.texte and self.filtres.etiquettes)
        convenables = self._convenables(frequent=compte >= FREQUENT and page <= PREMIERES_PAGES and sans_mots)
        if self.compte_exact:
            rangs = convenables.limit(PAR_PAGE).offset(decalage).subquery()
            return _presenter(rangs.c.id).add_columns(literal(compte).label("trouvees"))
        plafonnees = convenables.limit(PLAFOND + 1).cte("plafonnees")
        rangs = select(plafonnees.c.id).order_by(plafonnees.c.id.desc()).limit(PAR_PAGE).offset(decalage).subquery()
        total = select(func.count()).select_from(plafonnees).scalar_subquery()
        return _presenter(rangs.c.id).add_columns(total.label("trouvees"))

    def candidates(self) -> Select[int, int, str]:
        """Les citations dont les mots d'origine répondent, au plus PLAFOND + 1 : à relire une fois les noms effacés."""
        rangs = self._convenables(frequent=False).limit(PLAFOND + 1).subquery()
        requete = select(Verbatim.id, Verbatim.entretien_id, Verbatim.citation)
        return requete.where(Verbatim.id.in_(select(rangs.c.id))).order_by(Verbatim.id.desc())

    def plafonner(self, trouvees: int) -> tuple[int, bool]:
        """(total à dire, vrai s'il y en a davantage)."""
        if self.compte_exact or trouvees <= PLAFOND:
            return trouvees, False
        return PLAFOND, True

    @property
    def _equipe(self) -> bool:
        return peut_lire_identites(self.perimetre)

    def _convenables(self, *, frequent: bool) -> Select[int]:
        """Identifiants des citations qui répondent, les dernières surlignées d'abord.

        Les conditions vont de la moins chère à la plus chère à vérifier : SQLite les prend dans cet ordre.
        """
        conditions = [Verbatim.investigation_id == self.perimetre.investigation_id, Verbatim.archive_le.is_(None)]
        if mots := plier(self.filtres.texte):
            conditions.append(Verbatim.citation_recherche.contains(mots, autoescape=True))
        if self.filtres.etiquettes is not None:
            conditions.append(self._etiquetee(frequent=frequent))
        if self.filtres.sans_etiquette:
            conditions.append(~exists().where(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None)))
        conditions.append(self._dans_un_entretien(frequent=frequent))
        return select(Verbatim.id).where(*conditions).order_by(Verbatim.id.desc())

    def _dans_un_entretien(self, *, frequent: bool) -> ColumnElement[bool]:
        conditions = [visible(Entretien, self.perimetre), compte_dans_les_chiffres(), *self._situation(Entretien)]
        if not self._equipe:
            conditions.append(Entretien.accord_citation != AccordCitation.NON)
        if frequent or self.filtres.etiquettes is not None:
            return exists().where(Entretien.id == Verbatim.entretien_id, *conditions)
        return Verbatim.entretien_id.in_(select(Entretien.id).where(*conditions))

    def _etiquetee(self, *, frequent: bool) -> ColumnElement[bool]:
        portee = and_(Etiquetage.etiquette_id.in_(self.filtres.etiquettes or ()), Etiquetage.retire_le.is_(None))
        if frequent:
            return exists().where(Etiquetage.verbatim_id == Verbatim.id, portee)
        return Verbatim.id.in_(select(Etiquetage.verbatim_id).where(portee))

    def _situation(self, modele: Any) -> list[ColumnElement[bool]]:
        situation: list[tuple[Any, Any]] = [
            (modele.terrain_id, self.filtres.terrain_id),
            (modele.type_acteur, self.filtres.type_acteur),
        ]
        return [colonne == valeur for colonne, valeur in situation if valeur is not None]


def presenter(identifiants: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Ce que l'écran montre de citations déjà choisies."""
    return _presenter_parmi(Verbatim.id.in_(identifiants))


def _presenter(identifiant: Any) -> Select[*tuple[Any, ...]]:
    """Ce que l'écran montre d'une citation, pour les seuls identifiants de la page."""
    return _presenter_parmi(Verbatim.id.in_(select(identifiant)))


def _presenter_parmi(choisies: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Verbatim.id.label("verbatim_id"),
            Verbatim.entretien_id,
            Verbatim.citation,
            Verbatim.ancrage,
            Entretien.code,
            Entretien.type_acteur,
            Entretien.tenu_le,
            Entretien.accord_citation,
            Entretien.organisation_id,
            Organisation.nom.label("organisation"),
            Terrain.nom.label("terrain"),
            Texte.nature,
        )
        .join_from(Verbatim, Entretien, Entretien.id == Verbatim.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .join(Texte, Texte.id == Verbatim.texte_id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(choisies)
        .order_by(Verbatim.id.desc())
    )
