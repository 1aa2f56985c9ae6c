"""Qui nous avons rencontré : par terrain et par type d'acteur, jamais croisés, sur ce qui était prévu."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache
from lib.domain.droits import Perimetre
from lib.domain.formats import compter, enumeration, nombre, typographier
from lib.domain.scenes import CodeScene, FigureScene, Scene
from lib.domain.vocabulaire import TypeActeur
from lib.services.couverture import TerrainCouvert, lire_couverture, publier_rencontres
from lib.services.restitution.commun import barre, exiger_entiere, regle_si_cache, situer, tableau

DEFINITION = typographier(
    "Rencontre : entretien tenu, notice d'information remise. Terrains et types d'acteur se comptent séparément, pour "
    "que personne ne se reconnaisse."
)


def lire(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Deux requêtes. Les mêmes effectifs, protégés de la même façon, que les statistiques publiques."""
    exiger_entiere(perimetre)
    terrains = lire_couverture(session, perimetre)
    publies = publier_rencontres(terrains)
    ecrits = [publies.lignes.get(terrain.terrain_id, "0") for terrain in terrains]
    types = [publies.colonnes.get(type_acteur, "0") for type_acteur in TypeActeur]
    fond = max((_visible(terrain, ecrit) for terrain, ecrit in zip(terrains, ecrits, strict=True)), default=1)
    lignes = [*_lignes_des_terrains(terrains, ecrits, publies.total), *_lignes_des_types(terrains, types)]
    return Scene(
        code=CodeScene.RENCONTRES,
        phrase=_dire(terrains, ecrits, publies.total),
        figure=FigureScene(
            titre=typographier("Combien d'acteurs, sur quels terrains ?"),
            barres=tuple(
                barre(t.nom, ecrit, t.realises, t.prevus or fond, texte=_sur(ecrit, t.prevus))
                for t, ecrit in zip(terrains, ecrits, strict=True)
            ),
        )
        if terrains
        else None,
        tableaux=tableau("Acteurs rencontrés et prévus", ("Groupe", "Rencontrés", "Prévus"), lignes),
        notes=(situer(au), DEFINITION, *regle_si_cache((*ecrits, *types))),
    )


def _visible(terrain: TerrainCouvert, ecrit: str) -> int:
    """Ce qui se lit de ce terrain : l'échelle de la figure ne doit rien à un effectif caché."""
    return terrain.prevus if est_cache(ecrit) else max(terrain.prevus, terrain.realises)


def _par_type(terrains: Sequence[TerrainCouvert], type_acteur: TypeActeur, quoi: str) -> int:
    return sum(getattr(c, quoi) for terrain in terrains for c in terrain.cellules if c.type_acteur is type_acteur)


def _lignes_des_terrains(
    terrains: Sequence[TerrainCouvert], ecrits: Sequence[str], total: str
) -> Iterator[tuple[str, ...]]:
    yield "Ensemble", total, nombre(sum(t.prevus for t in terrains))
    for terrain, ecrit in zip(terrains, ecrits, strict=True):
        yield f"Terrain – {terrain.nom}", ecrit, nombre(terrain.prevus)


def _lignes_des_types(terrains: Sequence[TerrainCouvert], ecrits: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for type_acteur, ecrit in zip(TypeActeur, ecrits, strict=True):
        yield f"Type – {type_acteur.libelle}", ecrit, nombre(_par_type(terrains, type_acteur, "prevus"))


def _dire(terrains: Sequence[TerrainCouvert], ecrits: Sequence[str], total: str) -> str:
    realises, prevus = sum(t.realises for t in terrains), sum(t.prevus for t in terrains)
    if not realises:
        return typographier("Personne n'a encore été rencontré : les entretiens prévus restent à tenir.")
    sur = f" sur {nombre(prevus)} prévus" if prevus else ""
    debut = f"{total} acteurs rencontrés{sur}, sur {compter(len(terrains), 'terrain')}."
    absents = [t.nom for t, ecrit in zip(terrains, ecrits, strict=True) if t.prevus and ecrit == "0"]
    suite = f" Prévu et resté sans rencontre : {enumeration(absents)}." if absents else ""
    return typographier(debut + suite)


def _sur(ecrit: str, prevus: int) -> str:
    return f"{ecrit} sur {nombre(prevus)} prévus" if prevus else f"{ecrit}, aucun prévu"
