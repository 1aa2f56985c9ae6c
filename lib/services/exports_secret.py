"""Les petits effectifs qu'un fichier sorti hors de l'équipe d'enquête ne laisse ni lire ni déduire.

Les lignes restent : ce qui désignerait l'un des deux seuls acteurs d'un type rencontrés sur un terrain se tait. Tout se
calcule sur le périmètre entier du compte, jamais sur le seul terrain exporté : comparer deux fichiers ne rend rien.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache, proteger_croisement, sous_secret
from lib.db.modeles import Entretien, Organisation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import TypeActeur
from lib.services.couverture import TerrainCouvert, lire_couverture
from lib.services.exports_colonnes import Tus
from lib.services.syntheses import compte_dans_les_chiffres

EFFECTIFS = ("realises", "contactes", "planifies", "refuses")
Cellule = tuple[str, TypeActeur]


def charger_tus(session: Session, perimetre: Perimetre) -> Tus:
    """Ce qui se tait dans un fichier sorti par ce compte ; rien pour l'équipe. Quatre requêtes."""
    if not sous_secret(perimetre, export=True):
        return Tus()
    terrains = lire_couverture(session, perimetre)
    plan = {nom: proteger_croisement(_cellules(terrains, nom)).cases for nom in EFFECTIFS}
    dits = frozenset(cellule for cellule, texte in plan["realises"].items() if not est_cache(texte))
    return Tus(dits=dits, organisations=_organisations_tues(session, perimetre, dits), plan=plan)


def _cellules(terrains: Sequence[TerrainCouvert], effectif: str) -> dict[Cellule, int]:
    """Zéro où rien n'est prévu ni rencontré ; un terrain archivé n'y est pas, et se tait."""
    vides = {(terrain.nom, type_acteur): 0 for terrain in terrains for type_acteur in TypeActeur}
    return vides | {(c.terrain, c.type_acteur): getattr(c, effectif) for terrain in terrains for c in terrain.cellules}


def _organisations_tues(session: Session, perimetre: Perimetre, dits: frozenset[Cellule]) -> frozenset[int]:
    """Celles que leur type désigne sur leur terrain, et celles des entretiens dont le type se tait."""
    lignes = session.execute(
        select(Organisation.id, Organisation.terrain_id, Organisation.type_acteur).where(
            visible(Organisation, perimetre), Organisation.archive_le.is_(None)
        )
    ).all()
    comptes = Counter((str(terrain_id), type_acteur) for _, terrain_id, type_acteur in lignes)
    textes = proteger_croisement(comptes).cases
    tues = {id_ for id_, terrain_id, type_acteur in lignes if est_cache(textes[str(terrain_id), type_acteur])}
    return frozenset(tues | _rencontrees(session, perimetre, dits))


def _rencontrees(session: Session, perimetre: Perimetre, dits: frozenset[Cellule]) -> set[int]:
    noms = {terrain.terrain_id: terrain.nom for terrain in lire_couverture(session, perimetre)}
    lignes = session.execute(
        select(Entretien.organisation_id, Entretien.terrain_id, Entretien.type_acteur)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres(), Entretien.organisation_id.is_not(None))
        .distinct()
    )
    return {
        int(id_ or 0) for id_, terrain_id, type_acteur in lignes if (noms.get(terrain_id, ""), type_acteur) not in dits
    }
