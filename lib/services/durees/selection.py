"""Les épisodes exacts derrière un chiffre des durées : un groupe, une part, une famille de motifs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lib.db import partenariats as en_sql
from lib.db.modeles import Partenariat
from lib.domain.axes import AxeDuree, PartDuree
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import FamilleMotif, MotifFin
from lib.services.durees.lecture import INCONNUS, LIBELLES, joindre, valeur_de
from lib.services.durees.perennisation import condition_de_part
from lib.services.partenariats_suivis import suivi


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Ce qu'un chiffre a compté ; les critères donnés se cumulent. groupe : son nom affiché, sur l'axe donné."""

    axe: AxeDuree | None = None
    groupe: str = ""
    part: PartDuree | None = None
    famille: FamilleMotif | None = None


TOUT = Selection()


def conditions_de(session: Session, perimetre: Perimetre, selection: Selection, au: date) -> list[ColumnElement[bool]]:
    """Conditions SQL sur les partenariats ; vide si rien n'est choisi."""
    conditions: list[ColumnElement[bool]] = []
    if selection.axe is not None:
        conditions += [_du_groupe(selection.axe, selection.groupe), en_sql.mesurable(au)]
    if selection.famille is not None:
        conditions.append(_de_la_famille(selection.famille, au))
    if selection.part is not None:
        conditions.append(condition_de_part(session, perimetre, selection.part, au))
    return [*conditions, suivi()] if conditions else []


def _du_groupe(axe: AxeDuree, nom: str) -> ColumnElement[bool]:
    """Le groupe affiché sous ce nom ; plusieurs codes peuvent porter le même nom (« Métropole »)."""
    valeur = valeur_de(axe)
    if nom == INCONNUS.get(axe):
        choisi: ColumnElement[bool] = valeur.is_(None)
    else:
        codes = [code for code, libelle in LIBELLES.get(axe, {}).items() if libelle == nom] or [nom]
        choisi = valeur.in_(codes)
    return Partenariat.id.in_(joindre(select(Partenariat.id), axe).where(choisi))


def _de_la_famille(famille: FamilleMotif, au: date) -> ColumnElement[bool]:
    """Les fins comptées pour cette famille : celles des épisodes suivis depuis leur début."""
    motifs = [motif for motif in MotifFin if motif.famille is famille]
    return and_(
        en_sql.mesurable(au),
        en_sql.est_termine(au),
        Partenariat.motif_fin.in_(motifs),
        en_sql.jours_avant_suivi(au).is_(None),
    )
