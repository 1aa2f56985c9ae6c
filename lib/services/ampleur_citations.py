"""Ce que les comptes tenus à l'écriture disent d'une recherche de citations avant qu'elle se fasse."""

from dataclasses import dataclass

from sqlalchemy import Subquery, func, select, true
from sqlalchemy.orm import Session

from lib.db.modeles import SyntheseCitation, SyntheseEtiquette
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.services.filtres_citations import FiltresCitations, situer

MARGE = 1.5
"""Combien de fois plus d'entretiens que si les citations s'y répartissaient également."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ampleur:
    """Aux critères que les synthèses connaissent, et à eux seuls.

    poses : étiquetages des étiquettes cherchées (de toutes, si l'on n'en cherche aucune) ; majeure : ceux de la plus
    posée. citations, entretiens : toutes les citations, et les entretiens qui en ont ; nues : celles sans étiquette.
    """

    poses: int = 0
    majeure: int = 0
    citations: int = 0
    nues: int = 0
    entretiens: int = 0

    def au_moins(self, filtres: FiltresCitations) -> int:
        """Combien de citations répondent pour sûr : une citation porte plusieurs étiquettes, elle ne vaut qu'une."""
        if not filtres.tenus:
            return 0
        if filtres.etiquettes is not None:
            return 0 if filtres.sans_etiquette else self.majeure
        return self.nues if filtres.sans_etiquette else self.citations

    def entretiens_a_lire(self, filtres: FiltresCitations, voulues: int, *, part: float = 1.0) -> int | None:
        """Combien des premiers entretiens d'un ordre portent sans doute `voulues` citations qui répondent.

        part : celle des citations que gardent encore les mots cherchés. None si tout lire coûte moins.
        """
        attendues = part * self._attendues(filtres)
        if not attendues:
            return None
        entretiens = 3 + int(MARGE * voulues * self.entretiens / attendues)
        return entretiens if 2 * entretiens * self.citations < attendues * self.entretiens else None

    def _attendues(self, filtres: FiltresCitations) -> int:
        if filtres.sans_etiquette:
            return self.nues
        return self.citations if filtres.etiquettes is None else min(self.citations, max(self.majeure, self.poses // 2))


def lire_ampleur(session: Session, perimetre: Perimetre, filtres: FiltresCitations) -> Ampleur:
    """Une requête, sur les seules synthèses."""
    equipe = peut_lire_identites(perimetre)
    poses = _poses_par_etiquette(perimetre, filtres, equipe=equipe).c.poses
    totaux = _totaux(perimetre, filtres, equipe=equipe)
    requete = (
        select(
            func.coalesce(func.sum(poses), 0),
            func.coalesce(func.max(poses), 0),
            func.max(totaux.c.citations),
            func.max(totaux.c.nues),
            func.max(totaux.c.entretiens),
        )
        .select_from(totaux)
        .outerjoin(poses.table, true())
    )
    poses_lues, majeure, citations, nues, entretiens = map(int, session.execute(requete).one())
    return Ampleur(poses=poses_lues, majeure=majeure, citations=citations, nues=nues, entretiens=entretiens)


def _poses_par_etiquette(perimetre: Perimetre, filtres: FiltresCitations, *, equipe: bool) -> Subquery:
    tenue = SyntheseEtiquette
    conditions = [visible(tenue, perimetre), *situer(tenue, filtres)]
    if filtres.etiquettes is not None:
        conditions.append(tenue.etiquette_id.in_(filtres.etiquettes))
    poses = func.sum(tenue.verbatims if equipe else tenue.citables).label("poses")
    return select(poses).where(*conditions).group_by(tenue.etiquette_id).subquery()


def _totaux(perimetre: Perimetre, filtres: FiltresCitations, *, equipe: bool) -> Subquery:
    tenue = SyntheseCitation
    mesures = {
        "citations": tenue.verbatims if equipe else tenue.citables,
        "nues": tenue.sans_etiquette if equipe else tenue.citables_sans_etiquette,
        "entretiens": tenue.entretiens,
    }
    sommes = (func.coalesce(func.sum(mesure), 0).label(nom) for nom, mesure in mesures.items())
    return select(*sommes).where(visible(tenue, perimetre), *situer(tenue, filtres)).subquery()
