"""Un entretien prêt à coder, deux personnes et trois étiquettes : ce que les tests du codage ont en commun."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.modeles import Etiquetage, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import NatureTexte, Role
from lib.services import verbatims
from lib.services.gestes import Geste
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques

TEXTE = "Q : Et le temps ?\nR : Le temps manque 😡, on relance sans réponse, et rien ne dure."


@dataclass(frozen=True)
class Monde:
    moteur: Engine
    perimetre: Perimetre
    autre: Perimetre
    investigation_id: int
    entretien_id: int
    texte_id: int
    etiquettes: tuple[int, ...]

    def faire(self, service: Callable[..., Geste], perimetre: Perimetre | None = None, **arguments: Any) -> Geste:
        with ecriture(self.moteur, perimetre or self.perimetre) as session:
            return service(session, perimetre or self.perimetre, **arguments)

    def surligner(self, mots: str, etiquette: int | None = None, **champs: Any) -> Geste:
        debut = TEXTE.index(mots)
        bornes = {"debut": debut, "fin": debut + len(mots), "version": 1} | champs
        etiquette_id = None if etiquette is None else self.etiquettes[etiquette]
        return self.faire(verbatims.surligner, texte_id=self.texte_id, etiquette_id=etiquette_id, **bornes)

    def passages(self) -> list[tuple[str, list[int]]]:
        """(citation, rangs des étiquettes) des verbatims vivants, dans l'ordre du texte."""
        with lecture(self.moteur) as session:
            vivants = session.scalars(
                select(Verbatim).where(Verbatim.archive_le.is_(None)).order_by(Verbatim.debut, Verbatim.id)
            )
            return [(verbatim.citation, self._portees(session, verbatim)) for verbatim in vivants]

    def _portees(self, session: Session, verbatim: Verbatim) -> list[int]:
        poses = select(Etiquetage.etiquette_id).where(
            Etiquetage.verbatim_id == verbatim.id, Etiquetage.retire_le.is_(None)
        )
        return sorted({self.etiquettes.index(identifiant) for identifiant in session.scalars(poses)})


def un_monde(moteur: Engine) -> Monde:
    """L'entretien, en base, encore sans passage."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        comptes = [fabriques.un_compte(session, Role.ENQUETEUR, investigation) for _ in range(2)]
        terrain = fabriques.un_terrain(session, investigation)
        entretien = fabriques.un_entretien(session, terrain)
        texte = fabriques.un_texte(session, entretien, TEXTE, nature=NatureTexte.TRANSCRIPTION)
        noms = ("Manque de temps", "Sans réponse", "Courte durée")
        etiquettes = [fabriques.une_etiquette(session, investigation, nom=nom).id for nom in noms]
        refaire(session, investigation.id)
    return Monde(
        moteur=moteur,
        perimetre=fabriques.un_perimetre(comptes[0], investigation),
        autre=fabriques.un_perimetre(comptes[1], investigation),
        investigation_id=investigation.id,
        entretien_id=entretien.id,
        texte_id=texte.id,
        etiquettes=tuple(etiquettes),
    )
