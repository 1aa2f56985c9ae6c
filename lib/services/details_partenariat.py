"""Ce qui se saisit d'un partenariat en dehors de ses événements : recueil, rythme, formes, volume, description."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import FormePartenariat, Partenariat, SolutionExistante
from lib.db.perimetre import trouver
from lib.domain import formats
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.textes import normaliser, normaliser_ligne
from lib.domain.vocabulaire import FormeEngagement, Initiateur, ModeRecueil, Rythme

LONGUEUR_UNITE = 40
VOLUME_MAXIMAL = Decimal(10) ** 12
_QUANTITE = re.compile(r"(?P<nombre>\d[\d\s]*(?:[.,]\d+)?)(?P<unite>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsPartenariat:
    """Les détails d'un partenariat, tels qu'ils se saisissent.

    formes : la première est la principale. parts : pour cent de l'engagement, par forme, quand on les connaît.
    volume et unite vont ensemble : 12 « véhicules », 3 000 « euros par an ».
    """

    mode_recueil: ModeRecueil
    rythme: Rythme
    formes: tuple[FormeEngagement, ...]
    parts: Mapping[FormeEngagement, int] | None = None
    initiateur: Initiateur = Initiateur.INCONNU
    solution_id: int | None = None
    volume: Decimal | float | None = None
    unite: str = ""
    description: str = ""
    convention_debut: date | None = None
    convention_fin: date | None = None


def verifier_details(session: Session, perimetre: Perimetre, details: DetailsPartenariat) -> dict[str, Any]:
    """Les colonnes à enregistrer. Lève DonneeInvalide (un champ) ou Introuvable."""
    _verifier_formes(details)
    if details.convention_debut and details.convention_fin and details.convention_fin < details.convention_debut:
        raise DonneeInvalide("La convention finit avant de commencer : corrigez ses dates.", champ="convention_fin")
    if details.solution_id is not None:
        trouver(session, SolutionExistante, details.solution_id, perimetre)
    volume, unite = _quantite(details)
    return {
        "mode_recueil": details.mode_recueil,
        "rythme": details.rythme,
        "initiateur": details.initiateur,
        "solution_id": details.solution_id,
        "volume": volume,
        "unite": unite,
        "description": normaliser(details.description, champ="description").strip(),
        "convention_debut": details.convention_debut,
        "convention_fin": details.convention_fin,
    }


def poser_formes(session: Session, partenariat: Partenariat, details: DetailsPartenariat) -> None:
    """Remplace les formes d'un partenariat par celles de la saisie."""
    voulues = {forme: rang == 0 for rang, forme in enumerate(details.formes)}
    parts = details.parts or {}
    requete = select(FormePartenariat).where(FormePartenariat.partenariat_id == partenariat.id)
    for ligne in session.scalars(requete).all():
        if ligne.forme not in voulues:
            session.delete(ligne)
            continue
        ligne.principale, ligne.part = voulues.pop(ligne.forme), parts.get(ligne.forme)
    for forme, principale in voulues.items():
        session.add(
            FormePartenariat(partenariat_id=partenariat.id, forme=forme, principale=principale, part=parts.get(forme))
        )
    session.flush()


def _verifier_formes(details: DetailsPartenariat) -> None:
    if not details.formes:
        raise DonneeInvalide("Choisissez au moins une forme d'engagement.", champ="formes")
    if len(set(details.formes)) != len(details.formes):
        raise DonneeInvalide("Une forme d'engagement est choisie deux fois.", champ="formes")
    parts = details.parts or {}
    if set(parts) - set(details.formes):
        raise DonneeInvalide("Une part ne se donne qu'à une forme choisie.", champ="parts")
    if any(not 0 <= part <= 100 for part in parts.values()) or sum(parts.values()) > 100:
        raise DonneeInvalide("Les parts vont de 0 à 100 %, et leur somme ne dépasse pas 100 %.", champ="parts")


def _quantite(details: DetailsPartenariat) -> tuple[Decimal | None, str | None]:
    """(volume, unité), tous deux connus ou tous deux absents."""
    unite = normaliser_ligne(details.unite, champ="unite", longueur=LONGUEUR_UNITE)
    if details.volume is None:
        return None, unite or None
    volume = Decimal(str(details.volume))
    if not volume.is_finite() or not 0 <= volume < VOLUME_MAXIMAL:
        raise DonneeInvalide("Le volume est un nombre positif : corrigez-le.", champ="volume")
    if not unite:
        raise DonneeInvalide("Un volume demande son unité : « euros par an », « véhicules »…", champ="unite")
    return volume.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), unite


def lire_quantite(texte: str) -> tuple[Decimal | None, str]:
    """« 3 000 euros par an » → (3000, « euros par an ») ; rien si le texte est vide. Lève DonneeInvalide (`volume`)."""
    if not texte.strip():
        return None, ""
    lue = _QUANTITE.fullmatch(texte.strip())
    if lue is None:
        raise DonneeInvalide("Commencez par un nombre, puis son unité : « 12 palettes par mois ».", champ="volume")
    nombre = "".join(lue["nombre"].split()).replace(",", ".")
    return Decimal(nombre), " ".join(lue["unite"].split())


def ecrire_quantite(volume: Decimal | float | None, unite: str) -> str:
    """L'inverse de `lire_quantite`."""
    if volume is None:
        return unite
    return f"{formats.nombre(float(volume), 0 if volume == int(volume) else 2)} {unite}"
