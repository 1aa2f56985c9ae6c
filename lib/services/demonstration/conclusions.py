"""Ce que l'équipe fictive conclut : preuves, statuts, relecture, versions de référence, grille de décision."""

from datetime import UTC, date, datetime, time
from typing import Any

from lib.db.modeles import Preuve, StatutHypotheseDate
from lib.echanges.demonstration import lire
from lib.services.demonstration.monde import Monde

MATIN = time(9, 30)


def poser_conclusions(monde: Monde) -> None:
    """Tout ce qui suit l'enquête elle-même."""
    for preuve in lire("preuves.toml")["preuve"]:
        _preuve(monde, preuve)
    for statut in lire("preuves.toml")["statut"]:
        monde.depot.ajouter(
            StatutHypotheseDate,
            investigation_id=monde.investigation_id,
            hypothese_id=monde.hypotheses[statut["hypothese"]],
            statut=statut["statut"],
            raison=statut["raison"],
            diffusable=statut["diffusable"],
            decide_le=_instant(statut["jour"]),
            decide_par=monde.comptes[statut["auteur"]],
        )


def _preuve(monde: Monde, preuve: dict[str, Any]) -> None:
    entretien = preuve.get("entretien")
    monde.depot.ajouter(
        Preuve,
        investigation_id=monde.investigation_id,
        hypothese_id=monde.hypotheses[preuve["hypothese"]],
        sens=preuve["sens"],
        poids=preuve["poids"],
        entretien_id=monde.entretiens[entretien] if entretien else None,
        verbatim_id=_verbatim(monde, entretien, preuve["mots"]) if entretien else None,
        solution_id=monde.solutions[preuve["solution"]] if "solution" in preuve else None,
        indicateur=preuve.get("indicateur"),
        chiffre_vu=preuve.get("chiffre_vu", ""),
        commentaire=preuve.get("commentaire", ""),
        cree_le=_instant(preuve["jour"]),
        cree_par=monde.comptes[preuve["auteur"]],
    )


def _verbatim(monde: Monde, entretien: str, mots: str) -> int:
    return next(verbatim_id for verbatim_id, citation in monde.citations[entretien] if mots in citation)


def _instant(jour: date) -> datetime:
    return datetime.combine(jour, MATIN, UTC)
