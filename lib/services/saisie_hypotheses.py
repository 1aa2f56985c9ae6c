"""Poser une hypothèse, et corriger ce qu'elle dit."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Hypothese, StatutHypotheseDate
from lib.db.perimetre import trouver
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.vocabulaire import NatureHypothese, StatutHypothese
from lib.services.textes_partages import nettoyer
from lib.services.transaction import CONFLIT

PREFIXES = {NatureHypothese.PROBLEME: "P", NatureHypothese.SOLUTION: "S"}
LONGUEUR = 500
POSEE = "Hypothèse posée."


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieHypothese:
    """Ce que l'on croit, et ce qui le réfuterait."""

    enonce: str
    refutation: str


def poser_hypothese(session: Session, perimetre: Perimetre, *, nature: NatureHypothese, saisie: SaisieHypothese) -> str:
    """Pose une hypothèse ouverte et rend son code (« P5 »). Lève AccesRefuse, DonneeInvalide."""
    exiger(peut_consigner, perimetre)
    textes = _nettoyer(session, perimetre, saisie)
    attendre_son_tour(session, f"hypothese-{perimetre.investigation_id}")
    hypothese = Hypothese(
        investigation_id=perimetre.investigation_id,
        code=_code_libre(session, perimetre, PREFIXES[nature]),
        nature=nature,
        ordre=_dernier_ordre(session, perimetre) + 1,
        cree_par=perimetre.auteur_id,
        **textes,
    )
    session.add(hypothese)
    session.flush()
    session.add(
        StatutHypotheseDate(
            investigation_id=hypothese.investigation_id,
            hypothese_id=hypothese.id,
            statut=StatutHypothese.OUVERTE,
            raison=POSEE,
            diffusable=True,
            decide_par=perimetre.auteur_id,
        )
    )
    session.flush()
    return hypothese.code


def corriger_hypothese(
    session: Session, perimetre: Perimetre, *, hypothese_id: int, version: int, saisie: SaisieHypothese
) -> None:
    """Corrige l'énoncé ou ce qui le réfuterait. Lève AccesRefuse, DonneeInvalide, Introuvable, Conflit."""
    exiger(peut_consigner, perimetre)
    hypothese = trouver(session, Hypothese, hypothese_id, perimetre)
    if hypothese.version != version:
        raise Conflit(CONFLIT)
    for champ, texte in _nettoyer(session, perimetre, saisie).items():
        setattr(hypothese, champ, texte)
    session.flush()


def _nettoyer(session: Session, perimetre: Perimetre, saisie: SaisieHypothese) -> dict[str, str]:
    """Les noms connus s'effacent : tous les comptes lisent une hypothèse."""
    enonce = nettoyer(session, perimetre, saisie.enonce, champ="enonce")
    refutation = nettoyer(session, perimetre, saisie.refutation, champ="refutation")
    if not enonce or len(enonce) > LONGUEUR:
        raise DonneeInvalide(f"Dites ce que vous croyez, en {LONGUEUR} signes au plus.", champ="enonce")
    if not refutation:
        raise DonneeInvalide(
            "Dites ce qui la réfuterait : une hypothèse que rien ne peut contredire ne s'éprouve pas.",
            champ="refutation",
        )
    return {"enonce": enonce, "refutation": refutation}


def _code_libre(session: Session, perimetre: Perimetre, prefixe: str) -> str:
    """Le suivant ; un code archivé reste pris."""
    pris = session.scalars(select(Hypothese.code).where(Hypothese.investigation_id == perimetre.investigation_id))
    numeros = [int(code[1:]) for code in pris if code.startswith(prefixe) and code[1:].isdecimal()]
    return f"{prefixe}{max(numeros, default=0) + 1}"


def _dernier_ordre(session: Session, perimetre: Perimetre) -> int:
    requete = select(func.max(Hypothese.ordre)).where(Hypothese.investigation_id == perimetre.investigation_id)
    return session.scalar(requete) or 0
