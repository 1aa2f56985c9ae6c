"""Un petit monde pour les entretiens : une investigation, un terrain, une équipe, une association, une entreprise."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Etiquette, Investigation, Organisation, Terrain
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import (
    AccordCitation,
    FormeEngagement,
    ModeEntretien,
    MotifFin,
    MoyenNotice,
    Releve,
    Role,
    Rythme,
    StatutEntretien,
    TypeActeur,
)
from lib.services.entretiens import Enregistrement, SaisieEntretien, SaisiePartenariat, Situation, enregistrer
from lib.services.interlocuteurs import SaisieInterlocuteur
from lib.services.transaction import ecriture
from tests import fabriques


@dataclass(frozen=True)
class Monde:
    """Ce que les tests d'entretiens ont sous la main."""

    moteur: Engine
    investigation: Investigation
    terrain: Terrain
    compte: Compte
    collegue: Compte
    association: Organisation
    entreprise: Organisation
    irritants: tuple[Etiquette, ...]
    perimetre: Perimetre

    def saisie(self, **champs: Any) -> SaisieEntretien:
        """Une saisie complète, prête à être enregistrée comme réalisée."""
        complete = SaisieEntretien(
            terrain_id=self.terrain.id,
            tenu_le=date(2026, 10, 5),
            mode=ModeEntretien.PRESENTIEL,
            duree_minutes=50,
            enqueteurs=(self.compte.id,),
            organisation_id=self.association.id,
            nouveaux_interlocuteurs=(SaisieInterlocuteur(nom="Dominique Exemple", fonction="Directrice"),),
            notice_remise_le=date(2026, 10, 1),
            notice_moyen=MoyenNotice.COURRIEL,
            accord_citation=AccordCitation.ANONYME,
            notes="« On y passe nos soirées. »\nDeux lignes 😡.",
            releves={self.irritants[0].id: Releve.SPONTANE, self.irritants[1].id: Releve.ECARTE},
        )
        return replace(complete, **champs)

    def raconte(self, **champs: Any) -> SaisiePartenariat:
        """Un partenariat raconté, terminé, complet."""
        complet = SaisiePartenariat(
            entreprise_id=self.entreprise.id,
            association_id=self.association.id,
            situation=Situation.TERMINE,
            debut="mars 2023",
            fin="2025",
            motif_fin=MotifFin.BUDGET,
            formes=(FormeEngagement.PRET,),
            rythme=Rythme.RECURRENT,
        )
        return replace(complet, **champs)

    def enregistrer(
        self,
        saisie: SaisieEntretien | None = None,
        *,
        statut: StatutEntretien = StatutEntretien.REALISE,
        cle_saisie: str = "cle-1",
        perimetre: Perimetre | None = None,
        **suite: Any,
    ) -> Enregistrement:
        """Enregistre dans sa propre transaction."""
        qui = perimetre or self.perimetre
        with ecriture(self.moteur, qui) as session:
            return enregistrer(session, qui, saisie or self.saisie(), statut=statut, cle_saisie=cle_saisie, **suite)


def monde(session: Session, moteur: Engine) -> Monde:
    """Le monde, écrit dans la session donnée."""
    investigation = fabriques.une_investigation(session, notice_version="2")
    terrain = fabriques.un_terrain(session, investigation, code="MRS", nom="Marseille")
    compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche="Léa Test")
    collegue = fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche="Karim Test")
    parent = fabriques.une_etiquette(session, investigation, nom="Manque de temps")
    irritants = tuple(
        fabriques.une_etiquette(session, investigation, nom=nom, parent_id=parent.id)
        for nom in ("Recherche chronophage", "Charge administrative", "Sursollicitation")
    )
    return Monde(
        moteur=moteur,
        investigation=investigation,
        terrain=terrain,
        compte=compte,
        collegue=collegue,
        association=fabriques.une_organisation(session, terrain, nom="L'Épicerie des Calanques"),
        entreprise=fabriques.une_organisation(
            session, terrain, nom="Frigolive Logistique", type_acteur=TypeActeur.ENTREPRISE
        ),
        irritants=irritants,
        perimetre=fabriques.un_perimetre(compte, investigation),
    )
