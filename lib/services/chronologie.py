"""Les partenariats dans le temps : un trait par épisode, ou par groupe et par année quand ils sont trop nombreux."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, extract, func, select
from sqlalchemy.orm import Session, aliased

from lib.db import partenariats as en_sql
from lib.db.modeles import FormePartenariat, Organisation, Partenariat, Terrain
from lib.domain.axes import AxeDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_le_detail
from lib.domain.formats import compter, nombre, typographier
from lib.domain.vocabulaire import PlaceDuree, PrecisionDate, TypeActeur
from lib.graphiques import chronologie
from lib.graphiques.chronologie import Trait
from lib.graphiques.commun import Tableau
from lib.services.durees.lecture import Entreprise, FiltresDurees, conditions, joindre, nommer
from lib.services.investigations import date_des_chiffres
from lib.services.memoire.vues import tenue_par_les_partenariats
from lib.services.partenariats_lecture import designer

if TYPE_CHECKING:
    import plotly.graph_objects as go

Requete = Select[*tuple[Any, ...]]
TRAITS_MAXIMUM = 120
"""Au-delà, les épisodes se réunissent par groupe et par année de début."""
AXES = (AxeDuree.TERRAIN, AxeDuree.FORME, AxeDuree.TAILLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteresChronologie:
    """Ce qui range les traits, et sur quels épisodes."""

    axe: AxeDuree = AxeDuree.TERRAIN
    filtres: FiltresDurees = field(default_factory=FiltresDurees)


@dataclass(frozen=True, slots=True, kw_only=True)
class VueChronologie:
    """La figure, son texte, et les mêmes traits en tableau. `reunis` : un trait vaut plusieurs épisodes."""

    au: date
    traits: tuple[Trait, ...]
    reunis: bool
    phrase: str
    figure: "go.Figure"
    alternative: str
    tableau: Tableau


@tenue_par_les_partenariats
def preparer(session: Session, perimetre: Perimetre, *, criteres: CriteresChronologie) -> VueChronologie:
    """Trois lectures. Hors de l'équipe, les organisations portent un nom d'emprunt. Lève AccesRefuse."""
    exiger(peut_lire_le_detail, perimetre)
    au = date_des_chiffres(session, perimetre)
    reunis = _depassent(session, perimetre, criteres, au)
    traits = (_un_par_annee if reunis else _un_par_episode)(session, perimetre, criteres, au)
    titre = typographier("Qui s'est engagé avec qui, et pendant combien de temps ?")
    return VueChronologie(
        au=au,
        traits=traits,
        reunis=reunis,
        phrase=_phrase(len(traits), reunis),
        figure=chronologie.figure(traits, titre=titre),
        alternative=chronologie.description(traits, titre=titre),
        tableau=chronologie.table(traits, groupe=criteres.axe.libelle),
    )


def _phrase(combien: int, reunis: bool) -> str:
    if reunis:
        return typographier(
            f"Plus de {nombre(TRAITS_MAXIMUM)} partenariats : chaque trait réunit ceux d'un groupe commencés la même "
            "année. Filtrez pour voir chacun."
        )
    return f"{compter(combien, 'partenariat commencé', 'partenariats commencés')} et dont on connaît la date de début."


# --- Lectures ---------------------------------------------------------------------------------------------------

Association = aliased(Organisation)


def _groupe(axe: AxeDuree) -> tuple[Any, Any]:
    """(valeur du groupe, ce qui range les groupes)."""
    if axe is AxeDuree.TERRAIN:
        return Terrain.nom, Terrain.ordre
    colonne: Any = FormePartenariat.forme if axe is AxeDuree.FORME else Entreprise.taille
    return colonne, colonne


def _traces(perimetre: Perimetre, criteres: CriteresChronologie, au: date) -> tuple[ColumnElement[bool], ...]:
    return *conditions(perimetre, criteres.filtres, au), en_sql.mesurable(au)


def _depassent(session: Session, perimetre: Perimetre, criteres: CriteresChronologie, au: date) -> bool:
    """Plus d'épisodes que de traits lisibles ; la base s'arrête de compter dès qu'elle le sait."""
    premiers = select(Partenariat.id).where(*_traces(perimetre, criteres, au)).limit(TRAITS_MAXIMUM + 1).subquery()
    return session.scalar(select(func.count()).select_from(premiers)) == TRAITS_MAXIMUM + 1


def _un_par_episode(
    session: Session, perimetre: Perimetre, criteres: CriteresChronologie, au: date
) -> tuple[Trait, ...]:
    groupe, ordre = _groupe(criteres.axe)
    colonnes = select(
        groupe.label("groupe"),
        Partenariat.id,
        Partenariat.debut,
        Partenariat.precision_debut,
        en_sql.sortie(au).label("fin"),
        en_sql.place(au).label("place"),
        Entreprise.id.label("entreprise_id"),
        Entreprise.nom.label("entreprise"),
        Association.id.label("association_id"),
        Association.nom.label("association"),
    )
    requete = colonnes.join(Entreprise, Entreprise.id == Partenariat.entreprise_id)
    requete = requete.join(Association, Association.id == Partenariat.association_id)
    if criteres.axe is not AxeDuree.TAILLE:
        requete = joindre(requete, criteres.axe)
    rangee = requete.where(*_traces(perimetre, criteres, au)).order_by(ordre, groupe, Partenariat.debut, Partenariat.id)
    return tuple(_trait(ligne, perimetre, criteres.axe) for ligne in session.execute(rangee))


def _trait(ligne: Any, perimetre: Perimetre, axe: AxeDuree) -> Trait:
    entreprise = designer(perimetre, TypeActeur.ENTREPRISE, ligne.entreprise_id, ligne.entreprise)
    association = designer(perimetre, TypeActeur.ASSOCIATION, ligne.association_id, ligne.association)
    return Trait(
        groupe=nommer(axe, ligne.groupe),
        libelle=f"{entreprise} – {association}",
        debut=ligne.debut,
        fin=_jour(ligne.fin),
        place=PlaceDuree(ligne.place),
        imprecis=ligne.precision_debut is not PrecisionDate.JOUR,
        adresse=f"partenariat?partenariat={ligne.id}",
        fiche_id=ligne.id,
    )


def _un_par_annee(session: Session, perimetre: Perimetre, criteres: CriteresChronologie, au: date) -> tuple[Trait, ...]:
    groupe, ordre = _groupe(criteres.axe)
    annee = cast(extract("year", Partenariat.debut), Integer)
    en_cours = func.sum(case((en_sql.place(au) == PlaceDuree.EN_COURS.value, 1), else_=0))
    colonnes = select(
        groupe.label("groupe"),
        annee.label("annee"),
        func.count().label("combien"),
        en_cours.label("en_cours"),
        func.min(Partenariat.debut).label("debut"),
        func.max(en_sql.sortie(au)).label("fin"),
    )
    requete = joindre(colonnes, criteres.axe).where(*_traces(perimetre, criteres, au))
    rangee = requete.group_by(ordre, groupe, annee).order_by(ordre, groupe, annee)
    return tuple(_trait_reuni(ligne, criteres.axe) for ligne in session.execute(rangee))


def _trait_reuni(ligne: Any, axe: AxeDuree) -> Trait:
    return Trait(
        groupe=nommer(axe, ligne.groupe),
        libelle=f"{ligne.annee} – {compter(ligne.combien, 'partenariat')}, {nombre(ligne.en_cours)} en cours",
        debut=_jour(ligne.debut),
        fin=_jour(ligne.fin),
        place=PlaceDuree.EN_COURS if ligne.en_cours else PlaceDuree.TERMINE,
    )


def _jour(valeur: date | str) -> date:
    """SQLite rend en texte une date calculée."""
    return valeur if isinstance(valeur, date) else date.fromisoformat(valeur)
