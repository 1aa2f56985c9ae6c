"""Les partenariats tels que les lit la visite de démonstration : des comptes protégés, jamais un partenariat seul.

Une liste, une frise ou une courbe de survie montrent chaque partenariat un par un. La visite lit à leur place ce que la
présentation publie déjà, ou ce qui s'en déduit sans rien rendre : aucune page n'en dit plus qu'une autre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import REGLE, est_cache, proteger_sous, publier
from lib.db import partenariats as en_sql
from lib.db.modeles import Partenariat, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import typographier
from lib.domain.scenes import FigureScene, Scene
from lib.graphiques import barres
from lib.graphiques.barres import Barre
from lib.graphiques.commun import Tableau
from lib.services.durees.lecture import FiltresDurees, conditions
from lib.services.partenariats_suivis import suivi
from lib.services.restitution.commun import situer
from lib.services.restitution.durees import lire_durees, lire_fins, lire_publies
from lib.services.restitution.lecture import lire_arret
from lib.services.statistiques import REGLE as REGLE_COURTE

if TYPE_CHECKING:
    import plotly.graph_objects as go

PRECISION = 1000
"""Une longueur de barre se garde au millième de la plus longue."""
AGREGES = typographier(
    "Les partenariats ne se lisent pas un par un pendant la visite de démonstration : seulement leurs comptes."
)
DEBUTS = typographier("Combien de partenariats ont commencé chaque année ?")
TROP_PEU = typographier("Trop peu de partenariats pour en dire l'année de début sans en désigner un.")
INCONNUE = "Date inconnue"
RIEN = "Aucun partenariat commencé n'est encore consigné."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocProtege:
    """Une question, sa réponse, sa figure et ses tableaux, déjà protégés. notes : date, définitions et règle."""

    titre: str
    phrase: str
    figure: "go.Figure | None" = None
    alternative: str = ""
    tableaux: tuple[Tableau, ...] = ()
    notes: tuple[str, ...] = ()


def lire_durees_protegees(session: Session, perimetre: Perimetre) -> tuple[BlocProtege, ...]:
    """Combien de temps cela dure et pourquoi cela s'arrête, tels que la présentation les donne. Lève AccesRefuse."""
    au = lire_arret(session, perimetre)
    if au is None:
        return ()
    return tuple(_bloc(lire(session, perimetre, au)) for lire in (lire_durees, lire_fins))


def lire_comptes_proteges(session: Session, perimetre: Perimetre) -> tuple[BlocProtege, ...]:
    """Combien de partenariats, par statut puis par terrain, jamais croisés. Lève AccesRefuse."""
    au = lire_arret(session, perimetre)
    if au is None:
        return ()
    publies = lire_publies(session, perimetre, au)
    total = publier(sum(publies.statuts.values()))
    par_terrain = _par_terrain(session, perimetre)
    terrains = dict(zip(par_terrain, proteger_sous(total, list(par_terrain.values())), strict=True))
    return (
        BlocProtege(
            titre="Partenariats suivis",
            phrase=AGREGES,
            tableaux=(
                _tableau("Partenariats suivis, par statut", "Statut", publies.ecrits, total),
                _tableau("Partenariats suivis, par terrain", "Terrain", terrains, total),
            ),
            notes=(situer(au), REGLE),
        ),
    )


def lire_debuts_proteges(session: Session, perimetre: Perimetre) -> tuple[BlocProtege, ...]:
    """Combien ont commencé chaque année, à la place d'une barre par partenariat. Lève AccesRefuse."""
    au = lire_arret(session, perimetre)
    if au is None:
        return ()
    publies, comptes = lire_publies(session, perimetre, au), _par_annee(session, perimetre, au)
    total = publies.mesures_ecrites[0]
    if (
        est_cache(total) and not publies.tait
    ):  # « date inconnue » se tait ailleurs : elle se protège ici avec les années
        total, comptes = publier(publies.commences), comptes | {INCONNUE: publies.commences - publies.mesures}
    ecrits = dict(zip(comptes, proteger_sous(total, list(comptes.values())), strict=True))
    return (_bloc_des_debuts(comptes, ecrits, total, au),)


def _bloc_des_debuts(par_annee: Mapping[str, int], ecrits: Mapping[str, str], total: str, au: date) -> BlocProtege:
    if not par_annee or est_cache(total):
        return BlocProtege(titre=DEBUTS, phrase=TROP_PEU if par_annee else RIEN, notes=(situer(au), REGLE))
    tracees = [
        Barre(libelle=annee, valeur=0 if est_cache(ecrits[annee]) else n, texte=ecrits[annee])
        for annee, n in par_annee.items()
    ]
    return BlocProtege(
        titre=DEBUTS,
        phrase=typographier(f"{AGREGES} {total} ont commencé."),
        figure=barres.figure(tracees, titre=DEBUTS),
        alternative=barres.description(tracees, titre=DEBUTS),
        tableaux=(_tableau("Partenariats commencés, par année de début", "Année", ecrits, total),),
        notes=(situer(au), REGLE),
    )


def _par_terrain(session: Session, perimetre: Perimetre) -> dict[str, int]:
    lignes = session.execute(
        select(Terrain.nom, func.count())
        .join(Partenariat, Partenariat.terrain_id == Terrain.id)
        .where(visible(Partenariat, perimetre), suivi())
        .group_by(Terrain.id, Terrain.nom, Terrain.ordre)
        .order_by(Terrain.ordre, Terrain.id)
    )
    return {str(nom): int(n) for nom, n in lignes}


def _par_annee(session: Session, perimetre: Perimetre, au: date) -> dict[str, int]:
    annee = cast(extract("year", Partenariat.debut), Integer)
    lignes = session.execute(
        select(annee, func.count())
        .where(*conditions(perimetre, FiltresDurees(), au), en_sql.mesurable(au))
        .group_by(annee)
        .order_by(annee)
    )
    return {str(lue): int(n) for lue, n in lignes}


# --- Écrire -----------------------------------------------------------------------------------------------------


def _tableau(legende: str, entete: str, ecrits: Mapping[str, str], total: str) -> Tableau:
    lignes = (*ecrits.items(), ("Ensemble", total))
    return Tableau(legende=typographier(legende), entetes=(entete, "Partenariats"), lignes=tuple(lignes))


def _bloc(scene: Scene) -> BlocProtege:
    notes = (*(note for note in scene.notes if note not in {REGLE, REGLE_COURTE}), REGLE)
    return BlocProtege(
        titre=scene.titre,
        phrase=scene.phrase,
        figure=_figure(scene.figure) if scene.figure else None,
        alternative=scene.figure.alternative if scene.figure else "",
        tableaux=tuple(Tableau(legende=t.legende, entetes=t.entetes, lignes=t.lignes) for t in scene.tableaux),
        notes=notes,
    )


def _figure(scene: FigureScene) -> "go.Figure":
    return barres.figure(_barres(scene), titre=scene.titre)


def _barres(scene: FigureScene) -> Sequence[Barre]:
    plus_long = max(barre.fond for barre in scene.barres) or 1.0
    return [
        Barre(
            libelle=barre.libelle,
            valeur=round(PRECISION * (barre.longueur or 0.0) / plus_long),
            fond=round(PRECISION * barre.fond / plus_long),
            texte=barre.texte,
        )
        for barre in scene.barres
    ]
