"""Le journal se tient seul : chaque écriture de l'ORM y laisse sa ligne, dans la même transaction."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Session

from lib.db.base import Base, maintenant
from lib.db.modeles import (
    Billet,
    Brouillon,
    CitationRetenue,
    Epingle,
    FichierPrepare,
    FormePartenariat,
    Investigation,
    LigneJournal,
    MotsIndexes,
    Partenariat,
    PreparationBilan,
    ReportFusion,
    SessionOuverte,
    SyntheseCitation,
    SyntheseCooccurrence,
    SyntheseEtiquette,
    SyntheseIrritant,
    SyntheseLieu,
    SyntheseLieuEtiquette,
    SyntheseLieuIrritant,
    SyntheseNue,
    SyntheseSituation,
    Tentative,
    Territoire,
    TexteVersion,
    VerbatimVersion,
    VersionDonnees,
)
from lib.domain.vocabulaire import ActionJournal

# Saisie en cours, sessions, épingles et synthèses ne sont pas des faits ; les versions se gardent elles-mêmes.
HORS_JOURNAL = (
    Billet,
    Brouillon,
    CitationRetenue,
    Epingle,
    FichierPrepare,
    LigneJournal,
    MotsIndexes,
    PreparationBilan,
    ReportFusion,
    SessionOuverte,
    SyntheseCitation,
    SyntheseCooccurrence,
    SyntheseEtiquette,
    SyntheseIrritant,
    SyntheseLieu,
    SyntheseLieuEtiquette,
    SyntheseLieuIrritant,
    SyntheseNue,
    SyntheseSituation,
    Tentative,
    Territoire,
    TexteVersion,
    VerbatimVersion,
    VersionDonnees,
)
MASQUE = "•••"


@event.listens_for(Session, "after_flush")
def tenir_journal(session: Session, _: Any) -> None:
    """Écrit les lignes du journal et fait avancer la version des données touchées."""
    lignes = [_ligne(session, action, objet) for action, objet in _ecritures(session)]
    if not lignes:
        return
    # Le rang d'abord : sous son verrou, les lignes d'une investigation se numérotent dans l'ordre où elles se valident.
    for investigation_id in sorted({ligne["investigation_id"] for ligne in lignes} - {None}):
        avancer_version(session, investigation_id)
    session.execute(insert(LigneJournal), lignes)


def avancer_version(session: Session, investigation_id: int) -> None:
    """Avance le compteur d'une investigation : toute vue gardée en mémoire redevient à calculer."""
    suivante = (
        update(VersionDonnees)
        .where(VersionDonnees.investigation_id == investigation_id)
        .values(version=VersionDonnees.version + 1, modifiee_le=maintenant())
        .execution_options(synchronize_session=False)
    )
    if session.connection().execute(suivante).rowcount == 0:
        session.execute(
            insert(VersionDonnees), {"investigation_id": investigation_id, "version": 1, "modifiee_le": maintenant()}
        )


def _ecritures(session: Session) -> Iterator[tuple[ActionJournal, Base]]:
    for action, objets in (
        (ActionJournal.CREATION, session.new),
        (ActionJournal.MODIFICATION, session.dirty),
        (ActionJournal.SUPPRESSION, session.deleted),
    ):
        for objet in objets:
            if isinstance(objet, HORS_JOURNAL):
                continue
            if action is not ActionJournal.MODIFICATION or session.is_modified(objet, include_collections=False):
                yield action, objet


def _ligne(session: Session, action: ActionJournal, objet: Base) -> dict[str, Any]:
    avant, apres = _changements(objet)
    return {
        "survenu_le": maintenant(),
        "compte_id": session.info.get("compte_id"),
        "investigation_id": _investigation(session, objet),
        "action": action,
        "objet": objet.__tablename__,
        "objet_id": "/".join(str(part) for part in inspect(objet).mapper.primary_key_from_instance(objet)),
        "avant": None if action is ActionJournal.CREATION else avant,
        "apres": None if action is ActionJournal.SUPPRESSION else apres,
        "motif": session.info.get("motif", ""),
        "geste": session.info.get("geste"),
        "revient_sur": session.info.get("revient_sur"),
        "suggestion": session.info.get("suggestion"),
    }


def _investigation(session: Session, objet: Base) -> int | None:
    if isinstance(objet, Investigation):
        return objet.id
    connue = getattr(objet, "investigation_id", None) or session.info.get("investigation_id")
    if connue is None and isinstance(objet, FormePartenariat):
        du_partenariat = select(Partenariat.investigation_id).where(Partenariat.id == objet.partenariat_id)
        return session.connection().scalar(du_partenariat)
    return connue


def _changements(objet: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """Valeurs avant et après des seules colonnes changées ; les colonnes discrètes sont masquées."""
    avant: dict[str, Any] = {}
    apres: dict[str, Any] = {}
    etat = inspect(objet)
    for attribut in etat.mapper.column_attrs:
        histoire = etat.attrs[attribut.key].history
        if not histoire.has_changes():
            continue
        discret = bool(attribut.columns[0].info.get("discret"))
        avant[attribut.key] = _valeur(histoire.deleted, discret=discret)
        apres[attribut.key] = _valeur(histoire.added, discret=discret)
    return avant, apres


def _valeur(valeurs: Any, *, discret: bool) -> Any:
    valeur = valeurs[0] if valeurs else None
    if valeur is None or valeur == "":
        return valeur
    if discret:
        return MASQUE
    if isinstance(valeur, (datetime, date)):
        return valeur.isoformat()
    return str(valeur) if isinstance(valeur, Decimal) else valeur
