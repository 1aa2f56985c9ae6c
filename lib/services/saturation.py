"""A-t-on assez écouté ? Les étiquettes de chaque entretien, dans l'ordre des dates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import sous_secret
from lib.analytics.saturation import Arret, aider_a_l_arret, tracer
from lib.db.modeles import Entretien, Etiquetage, SyntheseSituation, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import TypeActeur
from lib.graphiques import saturation
from lib.graphiques.commun import Tableau
from lib.services.etiquettes_portees import etiquettes_portees
from lib.services.syntheses import compte_dans_les_chiffres

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAXIMUM = 100
"""Entretiens suivis, au plus : la courbe en dit assez bien avant, et la page coûte pareil à toute échelle."""
LIGNES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class VueSaturation:
    """suivis : entretiens codés de la courbe ; codes : tous ceux qui le sont ; realises : tous les réalisés."""

    suivis: int
    codes: int
    realises: int
    arret: Arret
    figure: "go.Figure | None" = None
    alternative: str = ""
    tableau: Tableau | None = None


def lire_saturation(
    session: Session, perimetre: Perimetre, *, terrain_id: int | None = None, type_acteur: TypeActeur | None = None
) -> VueSaturation:
    """La courbe et l'aide à l'arrêt, sur les entretiens réalisés qui portent au moins une étiquette. Trois requêtes.

    Un entretien pas encore codé n'apporte rien de neuf par construction : il sort de la courbe, et se compte à part.
    """
    exiger(peut_lire_indicateurs, perimetre)
    if sous_secret(perimetre) and (terrain_id is not None or type_acteur is not None):
        raise AccesRefuse("Ce détail n'est pas ouvert à la visite : il laisserait deviner de petits effectifs.")
    situation = {"terrain_id": terrain_id, "type_acteur": type_acteur}
    choisie = [(nom, valeur) for nom, valeur in situation.items() if valeur is not None]
    conditions = [visible(Entretien, perimetre), compte_dans_les_chiffres()]
    conditions += [getattr(Entretien, nom) == valeur for nom, valeur in choisie]
    posee = exists().where(
        Etiquetage.entretien_id == Entretien.id,
        Etiquetage.retire_le.is_(None),
        Verbatim.id == Etiquetage.verbatim_id,
        Verbatim.archive_le.is_(None),
    )
    ordre = select(Entretien.id).where(*conditions, posee).order_by(Entretien.tenu_le, Entretien.id).limit(MAXIMUM)
    entretiens = list(session.scalars(ordre))
    portees = etiquettes_portees(session, entretiens)
    tenus = (getattr(SyntheseSituation, nom) == valeur for nom, valeur in choisie)
    comptes = select(
        func.coalesce(func.sum(SyntheseSituation.entretiens), 0),
        func.coalesce(func.sum(SyntheseSituation.etiquetes), 0),
    )
    realises, codes = session.execute(comptes.where(visible(SyntheseSituation, perimetre), *tenus)).one()
    return _composer([portees[entretien] for entretien in entretiens], codes=int(codes), realises=int(realises))


def _composer(suite: list[set[int]], *, codes: int, realises: int) -> VueSaturation:
    points, arret = tracer(suite), aider_a_l_arret(suite)
    if not points:
        return VueSaturation(suivis=0, codes=codes, realises=realises, arret=arret)
    return VueSaturation(
        suivis=len(points),
        codes=codes,
        realises=realises,
        arret=arret,
        figure=saturation.figure(points),
        alternative=saturation.description(points),
        tableau=saturation.table(points, depuis=max(0, len(points) - LIGNES)),
    )
