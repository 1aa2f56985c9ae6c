"""Les partenariats dont un entretien a parlé : créés avec lui, ou pas du tout."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from lib.db.modeles import Entretien
from lib.domain.dates_imprecises import lire as lire_date
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import enumeration
from lib.domain.vocabulaire import ModeRecueil, PrecisionDate, TypeEvenement
from lib.services import partenariats
from lib.services.entretiens.saisie import SaisieEntretien, SaisiePartenariat, Situation


def creer(session: Session, perimetre: Perimetre, entretien: Entretien, saisie: SaisieEntretien) -> None:
    """Crée chaque partenariat raconté, avec l'entretien pour source. Lève DonneeInvalide (`partenariats`)."""
    for rang, raconte in enumerate(saisie.partenariats, start=1):
        try:
            partenariats.creer(session, perimetre, **_champs(entretien, raconte, saisie.mode_recueil))
        except DonneeInvalide as refus:
            raise DonneeInvalide(f"Partenariat {rang} : {refus}", champ="partenariats") from refus


def _champs(entretien: Entretien, raconte: SaisiePartenariat, mode_recueil: ModeRecueil | None) -> dict[str, Any]:
    _exiger_complet(raconte, mode_recueil)
    debut, precision_debut = _date(raconte.debut)
    return {
        "entreprise_id": raconte.entreprise_id,
        "association_id": raconte.association_id,
        "terrain_id": entretien.terrain_id,
        "mode_recueil": mode_recueil,
        "rythme": raconte.rythme,
        "formes": raconte.formes,
        "debut": debut,
        "precision_debut": precision_debut,
        "source_entretien_id": entretien.id,
        **_issue(raconte),
    }


def _issue(raconte: SaisiePartenariat) -> dict[str, Any]:
    if raconte.situation is Situation.EN_DISCUSSION:
        return {"premier_evenement": TypeEvenement.DISCUSSION}
    if raconte.situation is Situation.EN_COURS:
        return {}
    fin, precision_fin = _date(raconte.fin)
    return {"fin": fin, "precision_fin": precision_fin, "motif_fin": raconte.motif_fin}


def _exiger_complet(raconte: SaisiePartenariat, mode_recueil: ModeRecueil | None) -> None:
    termine = raconte.situation is Situation.TERMINE
    attendus = (
        (raconte.entreprise_id, "l'entreprise"),
        (raconte.association_id, "l'association"),
        (raconte.situation, "où il en est aujourd'hui"),
        (raconte.formes, "la forme d'engagement"),
        (raconte.rythme, "le rythme"),
        (not termine or raconte.motif_fin, "le motif de fin (« Inconnu » s'il n'est pas connu)"),
        (mode_recueil, "la façon dont la liste des partenariats a été donnée"),
    )
    if absents := [nom for valeur, nom in attendus if not valeur]:
        raise DonneeInvalide(f"il manque {enumeration(absents)}.", champ="partenariats")


def _date(texte: str) -> tuple[date | None, PrecisionDate]:
    """La date telle qu'elle est sue ; un champ vide vaut « inconnue »."""
    lue = lire_date(texte.strip() or "inconnue")
    return lue.jour, lue.precision
