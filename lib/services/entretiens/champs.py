"""Le formulaire d'entretien comme il se garde en brouillon : des valeurs simples, relues avec indulgence."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

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
)
from lib.services.entretiens.saisie import ECHELLE_INTENSITE, SaisieEntretien, SaisiePartenariat, Situation
from lib.services.interlocuteurs import SaisieInterlocuteur

Champs = dict[str, Any]
E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")

LIBELLES = {
    "terrain_id": "Terrain",
    "tenu_le": "Date",
    "mode": "Tenu",
    "duree_minutes": "Durée",
    "canal": "Canal",
    "commune_code": "Commune",
    "enqueteurs": "Équipe",
    "organisation_id": "Organisation",
    "type_acteur": "Type d'acteur",
    "interlocuteurs": "Personnes connues",
    "nouveaux": "Personnes ajoutées",
    "notice_remise_le": "Notice remise le",
    "notice_moyen": "Notice remise",
    "accord_citation": "Accord de citer",
    "accord_enregistrement": "Accord d'enregistrer",
    "notes": "Notes",
    "transcription": "Transcription",
    "releves": "Irritants relevés",
    "intensites": "Intensité des irritants",
    "partenariats": "Partenariats ajoutés",
    "mode_recueil": "Recueil des partenariats",
}
"""Champs comparés en cas de conflit, dans l'ordre de la conversation."""


def vierges(compte_id: int) -> Champs:
    """Un formulaire neuf : la personne qui saisit mène l'entretien, rien d'autre n'est supposé."""
    return {
        "terrain_id": None,
        "tenu_le": None,
        "mode": None,
        "duree_minutes": None,
        "canal": None,
        "commune_code": None,
        "enqueteurs": [compte_id],
        "organisation_id": None,
        "type_acteur": None,
        "interlocuteurs": [],
        "nouveaux": [],
        "notice_remise_le": None,
        "notice_moyen": None,
        "notice_version": None,
        "accord_citation": AccordCitation.NON.value,
        "accord_enregistrement": None,
        "notes": "",
        "transcription": "",
        "releves": {},
        "intensites": {},
        "partenariats": [],
        "mode_recueil": None,
    }


def en_saisie(champs: Champs) -> SaisieEntretien:
    """Ce que dit le formulaire, prêt à être enregistré. Une ligne laissée vide ne compte pas."""
    return SaisieEntretien(
        terrain_id=champs.get("terrain_id"),
        tenu_le=_date(champs.get("tenu_le")),
        mode=_parmi(ModeEntretien, champs.get("mode")),
        duree_minutes=champs.get("duree_minutes"),
        canal=_parmi(CanalRecrutement, champs.get("canal")),
        commune_code=champs.get("commune_code"),
        enqueteurs=tuple(champs.get("enqueteurs", ())),
        organisation_id=champs.get("organisation_id"),
        type_acteur=_parmi(TypeActeur, champs.get("type_acteur")),
        interlocuteurs=tuple(champs.get("interlocuteurs", ())),
        nouveaux_interlocuteurs=_remplies(_personne, champs.get("nouveaux", ())),
        notice_remise_le=_date(champs.get("notice_remise_le")),
        notice_moyen=_parmi(MoyenNotice, champs.get("notice_moyen")),
        notice_version=champs.get("notice_version"),
        accord_enregistrement=champs.get("accord_enregistrement"),
        accord_citation=_parmi(AccordCitation, champs.get("accord_citation")) or AccordCitation.NON,
        notes=champs.get("notes") or "",
        transcription=champs.get("transcription") or "",
        releves=_releves(champs.get("releves", {})),
        intensites=_intensites(champs.get("intensites", {})),
        partenariats=_remplies(_partenariat, champs.get("partenariats", ())),
        mode_recueil=_parmi(ModeRecueil, champs.get("mode_recueil")),
    )


def differences(origine: Champs, mienne: Champs, leur: Champs) -> tuple[list[str], list[str]]:
    """(champs que nous avons tous deux changés autrement, champs que l'autre seul a changés).

    origine : les valeurs à l'ouverture ; mienne : ma saisie ; leur : ce qui est enregistré maintenant.
    """
    ecarts = [champ for champ in LIBELLES if mienne.get(champ) != leur.get(champ)]
    a_trancher = [champ for champ in ecarts if mienne.get(champ) != origine.get(champ) != leur.get(champ)]
    a_reprendre = [champ for champ in ecarts if mienne.get(champ) == origine.get(champ)]
    return a_trancher, a_reprendre


def reunir(mienne: Champs, leur: Champs, prendre: Iterable[str]) -> Champs:
    """Ma saisie, où les champs donnés prennent la valeur enregistrée par l'autre."""
    return mienne | {champ: leur.get(champ) for champ in prendre}


def _personne(ligne: Champs) -> SaisieInterlocuteur | None:
    valeurs = {nom: ligne.get(nom) or "" for nom in ("nom", "fonction", "courriel", "telephone")}
    return SaisieInterlocuteur(**valeurs) if any(valeur.strip() for valeur in valeurs.values()) else None


def _partenariat(ligne: Champs) -> SaisiePartenariat:
    return SaisiePartenariat(
        entreprise_id=ligne.get("entreprise_id"),
        association_id=ligne.get("association_id"),
        situation=_parmi(Situation, ligne.get("situation")),
        debut=ligne.get("debut") or "",
        fin=ligne.get("fin") or "",
        motif_fin=_parmi(MotifFin, ligne.get("motif_fin")),
        formes=tuple(forme for code in ligne.get("formes", ()) if (forme := _parmi(FormeEngagement, code))),
        rythme=_parmi(Rythme, ligne.get("rythme")),
    )


def _releves(codes: dict[str, str]) -> dict[int, Releve]:
    return {int(cle): releve for cle, code in codes.items() if cle.isdigit() and (releve := _parmi(Releve, code))}


def _intensites(notes: dict[str, int]) -> dict[int, int]:
    return {int(cle): note for cle, note in notes.items() if cle.isdigit() and note in ECHELLE_INTENSITE}


def _remplies(lire: Callable[[Champs], V | None], lignes: Iterable[Champs]) -> tuple[V, ...]:
    return tuple(lue for ligne in lignes if (lue := lire(ligne)) is not None)


def _parmi(vocabulaire: type[E], code: object) -> E | None:
    """Le membre de ce code ; None si le brouillon vient d'une version qui en connaissait un autre."""
    return next((membre for membre in vocabulaire if membre.value == code), None)


def _date(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None
