"""Ce qu'une personne saisit d'un entretien, et ce qui manque pour qu'il compte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import date_longue
from lib.domain.vocabulaire import (
    AccordCitation,
    CanalRecrutement,
    FormeEngagement,
    ModeEntretien,
    ModeRecueil,
    MotifFin,
    MoyenNotice,
    Releve,
    Rythme,
    TypeActeur,
    Vocabulaire,
)
from lib.services.interlocuteurs import SaisieInterlocuteur

PREMIERE_ANNEE = 2000
DUREE_MAXIMALE = 1440


class Situation(Vocabulaire):
    """Où en est un partenariat le jour où l'on en parle."""

    EN_COURS = "en_cours", "En cours"
    TERMINE = "termine", "Terminé"
    EN_DISCUSSION = "en_discussion", "Encore en discussion"


ECHELLE_INTENSITE = range(1, 6)
"""D'un désagrément passager (1) à ce qui fait renoncer (5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisiePartenariat:
    """Un partenariat dont on a parlé. `debut` et `fin` s'écrivent comme on les sait : « mars 2024 », « inconnue »."""

    entreprise_id: int | None = None
    association_id: int | None = None
    situation: Situation | None = None
    debut: str = ""
    fin: str = ""
    motif_fin: MotifFin | None = None
    formes: tuple[FormeEngagement, ...] = ()
    rythme: Rythme | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieEntretien:
    """Un entretien tel qu'il est saisi : tout peut manquer, `enregistrer` dit quoi.

    enqueteurs : identifiants de comptes. interlocuteurs : personnes déjà connues. releves : irritant → ce que
    l'entretien en dit ; un irritant absent n'a pas été abordé. accord_enregistrement : None si la question
    n'a pas été posée. partenariats : ceux à créer ; mode_recueil : comment la liste en a été donnée.
    """

    terrain_id: int | None = None
    tenu_le: date | None = None
    mode: ModeEntretien | None = None
    duree_minutes: int | None = None
    canal: CanalRecrutement | None = None
    commune_code: str | None = None
    enqueteurs: tuple[int, ...] = ()
    organisation_id: int | None = None
    type_acteur: TypeActeur | None = None
    interlocuteurs: tuple[int, ...] = ()
    nouveaux_interlocuteurs: tuple[SaisieInterlocuteur, ...] = ()
    notice_remise_le: date | None = None
    notice_moyen: MoyenNotice | None = None
    notice_version: str | None = None
    accord_enregistrement: bool | None = None
    accord_citation: AccordCitation = AccordCitation.NON
    notes: str = ""
    transcription: str = ""
    releves: Mapping[int, Releve] = field(default_factory=dict)
    intensites: Mapping[int, int] = field(default_factory=dict)
    partenariats: tuple[SaisiePartenariat, ...] = ()
    mode_recueil: ModeRecueil | None = None


def indispensables(saisie: SaisieEntretien) -> tuple[str, ...]:
    """Ce sans quoi rien ne s'enregistre, même en brouillon."""
    return _absents(
        (saisie.terrain_id, "le terrain"),
        (saisie.mode, "la façon dont l'entretien s'est tenu"),
        (saisie.organisation_id or saisie.type_acteur, "l'organisation rencontrée (ou à défaut son type)"),
    )


def manques(saisie: SaisieEntretien) -> tuple[str, ...]:
    """Ce qu'il faut encore pour que l'entretien soit réalisé, dans l'ordre de la conversation."""
    return indispensables(saisie) + _absents(
        (saisie.tenu_le, "la date de l'entretien"),
        (saisie.notice_remise_le, "la date de remise de la notice d'information"),
        (saisie.notice_moyen, "le moyen de remise de la notice"),
        (_contenu(saisie), "des notes, une transcription ou un irritant relevé"),
    )


def verifier_dates(saisie: SaisieEntretien, *, realise: bool, aujourd_hui: date) -> None:
    """Lève DonneeInvalide pour une date impossible ; l'avenir n'est refusé qu'à un entretien réalisé."""
    for jour, champ, nom in (
        (saisie.tenu_le, "tenu_le", "L'entretien"),
        (saisie.notice_remise_le, "notice_remise_le", "La remise de la notice"),
    ):
        if jour is None:
            continue
        if jour.year < PREMIERE_ANNEE:
            raise DonneeInvalide(f"{nom} ne peut pas dater de {jour.year} : corrigez l'année.", champ=champ)
        if realise and jour > aujourd_hui:
            raise DonneeInvalide(
                f"{nom} est daté{'' if champ == 'tenu_le' else 'e'} du {date_longue(jour)}, dans l'avenir : "
                "corrigez la date, ou enregistrez l'entretien en brouillon.",
                champ=champ,
            )


def verifier_duree(duree_minutes: int | None) -> None:
    """Lève DonneeInvalide pour une durée impossible."""
    if duree_minutes is not None and not 1 <= duree_minutes <= DUREE_MAXIMALE:
        raise DonneeInvalide("La durée se compte en minutes, entre 1 et 1 440.", champ="duree_minutes")


def _contenu(saisie: SaisieEntretien) -> bool:
    releves = any(releve is not Releve.NON_ABORDE for releve in saisie.releves.values())
    return bool(saisie.notes.strip() or saisie.transcription.strip() or releves)


def _absents(*valeurs: tuple[object, str]) -> tuple[str, ...]:
    return tuple(nom for valeur, nom in valeurs if not valeur)
