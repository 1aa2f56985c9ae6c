"""Une petite enquête complète, aux comptes connus d'avance : ce que vérifient les exports et les vues d'ensemble.

Deux terrains. Marseille : trois entretiens réalisés (dont un sans accord de citer), un brouillon sans notice, un
rendez-vous. Bourgogne : un entretien réalisé. Plan : 4 + 2 à Marseille, 3 en Bourgogne.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lib.db.modeles import CiblePlan, Compte, Entretien, EntretienInterlocuteur, Etiquette, Investigation, Terrain
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import (
    AccordCitation,
    FormeEngagement,
    NatureTexte,
    Releve,
    Role,
    StatutEntretien,
    TypeActeur,
)
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture
from tests import fabriques

PERSONNES = ("Judith Kermoal-Aubin", "Rémi Castagnol", "Nadège Orsattini")
COORDONNEES = ("judith@exemple.fr", "0601020304")
ORGANISATIONS = ("L'Épicerie des Calanques", "Frigolive Logistique", "Vergers du Doubs")
FORMULE = "=HYPERLINK(1) « cher »"
SANS_ACCORD = "Ne répétez pas que le trésorier est parti."
SANS_NOTICE = "Paroles recueillies sans notice."
SANS_ETIQUETTE = "Un camion, le mardi 🚚"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquete:
    """Les identifiants de l'enquête et un périmètre par rôle."""

    investigation: Investigation
    marseille: int
    bourgogne: int
    irritants: tuple[int, int]
    comptes: dict[Role, Compte]

    def perimetre(self, role: Role, **champs: object) -> Perimetre:
        return fabriques.un_perimetre(self.comptes[role], self.investigation, **champs)


def preparer(moteur: Engine, **champs: object) -> Enquete:
    """Écrit l'enquête dans une base vide. `champs` : attributs de l'investigation."""
    with ecriture(moteur, None) as session:
        return _preparer(session, **{"date_arret": date(2026, 11, 20), "nom": "Enquête d'essai"} | champs)


def _preparer(session: Session, **champs: object) -> Enquete:
    investigation = fabriques.une_investigation(session, **champs)
    comptes = {role: fabriques.un_compte(session, role, investigation) for role in Role}
    marseille = fabriques.un_terrain(session, investigation, nom="Marseille", ordre=1)
    bourgogne = fabriques.un_terrain(session, investigation, nom="Bourgogne", ordre=2)
    temps = fabriques.une_etiquette(session, investigation, code="temps", nom="Manque de temps", ordre=1)
    cout = fabriques.une_etiquette(session, investigation, code="cout", nom="Coût caché", ordre=2)
    _planifier(session, marseille, bourgogne)
    codeur = comptes[Role.ENQUETEUR]
    _marseille(session, marseille, (temps, cout), codeur)
    _bourgogne(session, bourgogne, (temps, cout), codeur)
    session.flush()
    refaire(session, investigation.id)
    return Enquete(
        investigation=investigation,
        marseille=marseille.id,
        bourgogne=bourgogne.id,
        irritants=(temps.id, cout.id),
        comptes=comptes,
    )


def _planifier(session: Session, marseille: Terrain, bourgogne: Terrain) -> None:
    for terrain, type_acteur, prevu in (
        (marseille, TypeActeur.ASSOCIATION, 4),
        (marseille, TypeActeur.ENTREPRISE, 2),
        (bourgogne, TypeActeur.ASSOCIATION, 3),
    ):
        session.add(
            CiblePlan(
                investigation_id=terrain.investigation_id,
                terrain_id=terrain.id,
                type_acteur=type_acteur,
                prevu=prevu,
                echeance=date(2026, 12, 4),
            )
        )


def _marseille(session: Session, terrain: Terrain, irritants: tuple[Etiquette, Etiquette], codeur: Compte) -> None:
    temps, cout = irritants
    epicerie = fabriques.une_organisation(session, terrain, nom=ORGANISATIONS[0])
    frigolive = fabriques.une_organisation(
        session, terrain, nom=ORGANISATIONS[1], type_acteur=TypeActeur.ENTREPRISE, siren="732829320"
    )
    judith = fabriques.un_interlocuteur(
        session, epicerie, nom=PERSONNES[0], courriel=COORDONNEES[0], telephone=COORDONNEES[1]
    )
    remi = fabriques.un_interlocuteur(session, frigolive, nom=PERSONNES[1])
    premier = _entretien(session, terrain, "E-MRS-001", organisation_id=epicerie.id, tenu_le=date(2026, 10, 5))
    second = _entretien(
        session,
        terrain,
        "E-MRS-002",
        organisation_id=frigolive.id,
        type_acteur=TypeActeur.ENTREPRISE,
        tenu_le=date(2026, 10, 12),
    )
    prive = _entretien(session, terrain, "E-MRS-003", tenu_le=date(2026, 10, 20), accord_citation=AccordCitation.NON)
    session.add_all(
        [
            EntretienInterlocuteur(entretien_id=premier.id, interlocuteur_id=judith.id),
            EntretienInterlocuteur(entretien_id=second.id, interlocuteur_id=remi.id),
        ]
    )
    notes = f"Judith accepte. {FORMULE}. M. Castagnol, de Frigolive Logistique, prête. {SANS_ETIQUETTE}."
    texte = fabriques.un_texte(session, premier, notes)
    a, b = notes.index(FORMULE), notes.index(SANS_ETIQUETTE)
    cite = fabriques.un_verbatim(session, texte, a, a + len(FORMULE))
    fabriques.un_etiquetage(session, cite, temps, codeur)
    fabriques.un_etiquetage(session, cite, cout, codeur)
    fabriques.un_verbatim(session, texte, b, b + len(SANS_ETIQUETTE))
    reserve = fabriques.un_texte(session, prive, SANS_ACCORD, nature=NatureTexte.TRANSCRIPTION)
    fabriques.un_etiquetage(session, fabriques.un_verbatim(session, reserve, 0, len(SANS_ACCORD)), temps, codeur)
    fabriques.un_irritant_releve(session, premier, temps, Releve.SPONTANE)
    fabriques.un_irritant_releve(session, premier, cout, Releve.RELANCE)
    fabriques.un_irritant_releve(session, second, temps, Releve.ECARTE)
    fabriques.un_irritant_releve(session, prive, temps, Releve.NON_ABORDE)
    _hors_chiffres(session, terrain, temps, codeur)
    partenariat = fabriques.un_partenariat(
        session, frigolive, epicerie, terrain, description="Rémi Castagnol porte le projet.", volume=1250.5
    )
    partenariat.source_entretien_id = premier.id
    _formes(session, partenariat.id)


def _formes(session: Session, partenariat_id: int) -> None:
    from lib.db.modeles import FormePartenariat

    session.add_all(
        [
            FormePartenariat(partenariat_id=partenariat_id, forme=FormeEngagement.PRET, principale=True),
            FormePartenariat(partenariat_id=partenariat_id, forme=FormeEngagement.MECENAT_NATURE),
        ]
    )


def _hors_chiffres(session: Session, terrain: Terrain, temps: Etiquette, codeur: Compte) -> None:
    """Un brouillon sans notice, pourtant étiqueté, et un rendez-vous : ni l'un ni l'autre ne sort ni ne compte."""
    brouillon = _entretien(session, terrain, "E-MRS-004", statut=StatutEntretien.BROUILLON, cree_par=codeur.id)
    texte = fabriques.un_texte(session, brouillon, SANS_NOTICE)
    fabriques.un_etiquetage(session, fabriques.un_verbatim(session, texte, 0, len(SANS_NOTICE)), temps, codeur)
    fabriques.un_irritant_releve(session, brouillon, temps, Releve.SPONTANE)
    _entretien(
        session, terrain, "E-MRS-005", statut=StatutEntretien.PREVU, tenu_le=date(2026, 11, 24), notice_remise_le=None
    )
    entreprise = fabriques.une_organisation(session, terrain, nom="Hors notice", type_acteur=TypeActeur.ENTREPRISE)
    association = fabriques.une_organisation(session, terrain, nom="Hors notice aussi")
    fabriques.un_partenariat(session, entreprise, association, terrain, source_entretien_id=brouillon.id)


def _bourgogne(session: Session, terrain: Terrain, irritants: tuple[Etiquette, Etiquette], codeur: Compte) -> None:
    temps, _ = irritants
    vergers = fabriques.une_organisation(session, terrain, nom=ORGANISATIONS[2])
    nadege = fabriques.un_interlocuteur(session, vergers, nom=PERSONNES[2])
    entretien = _entretien(session, terrain, "E-BFC-001", organisation_id=vergers.id, tenu_le=date(2026, 11, 2))
    session.add(EntretienInterlocuteur(entretien_id=entretien.id, interlocuteur_id=nadege.id))
    texte = fabriques.un_texte(session, entretien, "Nadège Orsattini : on manque de temps.")
    fabriques.un_etiquetage(session, fabriques.un_verbatim(session, texte, 0, 37), temps, codeur)
    fabriques.un_irritant_releve(session, entretien, temps, Releve.SPONTANE)


def _entretien(session: Session, terrain: Terrain, code: str, **champs: object) -> Entretien:
    return fabriques.un_entretien(session, terrain, code=code, **champs)
