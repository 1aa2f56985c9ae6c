"""Bases de démonstration que le banc mesure : construites une fois, gardées hors du dépôt, copiées à chaque fois."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.journalisation import avancer_version
from lib.db.migrer import migrer
from lib.db.modeles import (
    Compte,
    DoubleCodage,
    Entretien,
    Etiquetage,
    EvenementPartenariat,
    Investigation,
    Partenariat,
    SessionOuverte,
    SyntheseCooccurrence,
)
from lib.db.moteur import ouvrir_moteur
from lib.domain.matrices import Cooccurrence
from lib.domain.vocabulaire import Role, StatutEntretien
from lib.services.demonstration import charger
from lib.services.referentiels import charger_territoires
from lib.services.sessions import DUREE_ABSOLUE, empreinte
from lib.services.transaction import ecriture, lecture
from tests.outils.serveur import RACINE

# Ce qui change le contenu d'une base gardée ; un autre contenu porte un autre nom.
SOURCES = ("lib/db/migrations/versions", "lib/services/demonstration", "data/demonstration")
JETON = "jeton-du-banc"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMesuree:
    """Une copie de base, prête à servir.

    jeton : session de connexion d'une personne qui administre. etiquetages : taille, pour le rapport.
    entretien, entretien_dense : le premier entretien réalisé, et celui qui porte le plus d'étiquetages.
    etiquette, autre : les deux étiquettes qui se rencontrent le plus sur une même citation.
    """

    echelle: int
    url: str
    moteur: Engine
    investigation_id: int
    jeton: str
    etiquetages: int
    entretien: int
    entretien_dense: int
    partenariat: int
    double: int
    etiquette: int
    autre: int

    def changer_les_donnees(self, *, evenement: bool = False) -> None:
        """Avance la version des données, comme le ferait l'écriture d'un collègue : toute vue gardée est périmée.

        evenement : ce collègue a noté un événement de partenariat, et ce qui en dépend se relit.
        """
        with ecriture(self.moteur, None) as session:
            if evenement:
                partenariat = session.get_one(Partenariat, self.partenariat)
                partenariat.renouvellements += 1
            else:
                avancer_version(session, self.investigation_id)


@contextmanager
def ouvrir_base(echelle: int) -> Iterator[BaseMesuree]:
    """Copie jetable de la base à cette échelle, construite d'abord si elle manque (dix minutes à 10 000)."""
    with TemporaryDirectory(prefix="associe-banc-") as dossier:
        fichier = shutil.copy(base_gardee(echelle), Path(dossier) / "banc.db")
        moteur = ouvrir_moteur(f"sqlite:///{fichier}")
        try:
            yield _preparer(moteur, echelle)
        finally:
            moteur.dispose()


def base_gardee(echelle: int) -> Path:
    """Fichier de la base à cette échelle ; les versions périmées de la même échelle sont retirées."""
    dossier = dossier_des_bases()
    fichier = dossier / f"demonstration-{echelle}-{_empreinte_des_sources()}.db"
    if not fichier.exists():
        dossier.mkdir(parents=True, exist_ok=True)
        for perimee in dossier.glob(f"demonstration-{echelle}-*.db*"):
            perimee.unlink()
        _construire(fichier, echelle)
    return fichier


def dossier_des_bases() -> Path:
    """Le cache de la personne qui mesure, jamais le dépôt."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "associe-mesures"


def _construire(fichier: Path, echelle: int) -> None:
    """Construit à côté, puis renomme : une construction interrompue ne laisse pas une base à moitié pleine."""
    chantier = fichier.with_suffix(".chantier")
    chantier.unlink(missing_ok=True)
    moteur = ouvrir_moteur(f"sqlite:///{chantier}")
    migrer(moteur)
    with ecriture(moteur, None) as session:
        charger_territoires(session)
        charger(session, echelle)
    moteur.dispose()
    with sqlite3.connect(chantier) as connexion:
        connexion.execute("ANALYZE")
        connexion.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connexion.close()
    chantier.rename(fichier)


def _empreinte_des_sources() -> str:
    somme = hashlib.sha256()
    for source in SOURCES:
        for fichier in sorted((RACINE / source).rglob("*")):
            if fichier.suffix in {".py", ".toml"}:
                somme.update(fichier.read_bytes())
    return somme.hexdigest()[:12]


def _preparer(moteur: Engine, echelle: int) -> BaseMesuree:
    with lecture(moteur) as session:
        investigation_id = session.scalars(select(Investigation.id)).one()
        compte_id = session.scalars(select(Compte.id).where(Compte.role == Role.ADMINISTRATEUR)).first()
        realise = select(func.min(Entretien.id)).where(Entretien.statut == StatutEntretien.REALISE)
        evenements = (
            select(EvenementPartenariat.partenariat_id)
            .join(Partenariat, Partenariat.id == EvenementPartenariat.partenariat_id)
            .group_by(EvenementPartenariat.partenariat_id)
            .having(func.count() >= 3)
            .order_by(EvenementPartenariat.partenariat_id)
        )
        denses = (
            select(Etiquetage.entretien_id)
            .group_by(Etiquetage.entretien_id)
            .order_by(func.count().desc(), Etiquetage.entretien_id)
        )
        etiquette, autre = _paire(session)
        return BaseMesuree(
            echelle=echelle,
            url=str(moteur.url),
            moteur=moteur,
            investigation_id=investigation_id,
            jeton=_ouvrir_session(moteur, compte_id or 0, investigation_id),
            etiquetages=session.scalar(select(func.count()).select_from(Etiquetage)) or 0,
            entretien=session.scalar(realise) or 0,
            entretien_dense=session.scalars(denses.limit(1)).one(),
            etiquette=etiquette,
            autre=autre,
            partenariat=session.scalars(evenements.limit(1)).one(),
            double=session.scalars(select(func.min(DoubleCodage.id))).one() or 0,
        )


def _paire(session: Session) -> tuple[int, int]:
    tenue = SyntheseCooccurrence
    requete = select(tenue.etiquette_id, tenue.autre_id).where(tenue.nature == Cooccurrence.CITATION)
    frequentes = requete.group_by(tenue.etiquette_id, tenue.autre_id).order_by(func.sum(tenue.rencontres).desc())
    etiquette, autre = session.execute(frequentes).first() or (0, 0)
    return etiquette, autre


def _ouvrir_session(moteur: Engine, compte_id: int, investigation_id: int) -> str:
    """Une session de connexion comme celle que pose la route de connexion."""
    instant = maintenant()
    with ecriture(moteur, None) as session:
        session.add(
            SessionOuverte(
                empreinte=empreinte(JETON),
                compte_id=compte_id,
                investigation_id=investigation_id,
                ouverte_le=instant,
                vue_le=instant,
                expire_le=instant + DUREE_ABSOLUE,
            )
        )
    return JETON
