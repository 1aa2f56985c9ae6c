"""Les partenariats dans le temps : un trait par épisode, ou par groupe et par année quand ils sont trop nombreux."""

from dataclasses import dataclass, field
from datetime import date
from functools import partial
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
from lib.services.memoire.comptes import Comptees, tenir_comptes
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
    """Deux comptes tenus : par jour de début, puis par dernier jour suivi. Chaque trait va du premier au dernier."""
    cle = ("chronologie", criteres, au)
    detail = partial(_detail, perimetre, criteres, au)
    reunis = tenir_comptes(session, perimetre, partial(detail, _debuts(au)), (*cle, "débuts"), _reunir)
    fins = tenir_comptes(session, perimetre, partial(detail, _fins(au)), (*cle, "fins"), _derniers)
    return tuple(_trait_reuni(reuni, fins[reuni.ordre, reuni.groupe, reuni.annee], criteres.axe) for reuni in reunis)


def _detail(
    perimetre: Perimetre, criteres: CriteresChronologie, au: date, colonnes: tuple[ColumnElement[Any], ...]
) -> Requete:
    """Une ligne par épisode tracé : son groupe, son année de début, et ces colonnes."""
    groupe, ordre = _groupe(criteres.axe)
    annee = cast(extract("year", Partenariat.debut), Integer)
    requete = select(ordre.label("ordre"), groupe.label("groupe"), annee.label("annee"), *colonnes)
    return joindre(requete, criteres.axe).where(*_traces(perimetre, criteres, au))


def _debuts(au: date) -> tuple[ColumnElement[Any], ...]:
    en_cours = case((en_sql.place(au) == PlaceDuree.EN_COURS.value, 1), else_=0)
    return en_cours.label("en_cours"), Partenariat.debut.label("debut")


def _fins(au: date) -> tuple[ColumnElement[Any], ...]:
    return (en_sql.sortie(au).label("fin"),)


@dataclass(slots=True, kw_only=True)
class _Reuni:
    """Les épisodes d'un groupe commencés la même année."""

    ordre: Any
    groupe: str | None
    annee: int
    debut: date
    combien: int = 0
    en_cours: int = 0


def _reunir(comptees: Comptees) -> tuple[_Reuni, ...]:
    reunis: dict[tuple[Any, ...], _Reuni] = {}
    for (ordre, groupe, annee, en_cours, debut), n in comptees:
        cle = (ordre is None, ordre, groupe or "", annee)
        if cle not in reunis:
            reunis[cle] = _Reuni(ordre=ordre, groupe=groupe, annee=annee, debut=debut)
        reuni = reunis[cle]
        reuni.combien += n
        reuni.en_cours += n * en_cours
        reuni.debut = min(reuni.debut, debut)
    return tuple(reunis[cle] for cle in sorted(reunis))


def _derniers(comptees: Comptees) -> dict[tuple[Any, str | None, int], date]:
    """Le dernier jour suivi de chaque groupe et année ; le texte que rend SQLite se range comme la date qu'il dit."""
    derniers: dict[tuple[Any, str | None, int], Any] = {}
    for (*cle, fin), _ in comptees:
        ou = (cle[0], cle[1], cle[2])
        if ou not in derniers or fin > derniers[ou]:
            derniers[ou] = fin
    return {cle: _jour(fin) for cle, fin in derniers.items()}


def _trait_reuni(reuni: _Reuni, fin: date, axe: AxeDuree) -> Trait:
    return Trait(
        groupe=nommer(axe, reuni.groupe),
        libelle=f"{reuni.annee} – {compter(reuni.combien, 'partenariat')}, {nombre(reuni.en_cours)} en cours",
        debut=reuni.debut,
        fin=fin,
        place=PlaceDuree.EN_COURS if reuni.en_cours else PlaceDuree.TERMINE,
    )


def _jour(valeur: date | str) -> date:
    """SQLite rend en texte une date calculée."""
    return valeur if isinstance(valeur, date) else date.fromisoformat(valeur)
