"""Sortir les chiffres d'une figure, avec leur ligne au journal : les mêmes qu'à l'écran, sans arrondi.

L'équipe prend un .csv. Hors de l'équipe la règle des petits effectifs s'applique, et le fichier la porte : une archive,
le .csv et son « Lisez-moi » (décision 0013).
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from lib.analytics.confidentialite import REGLE, sous_secret
from lib.db.modeles import Investigation, LigneJournal
from lib.domain.droits import Perimetre, exiger, peut_exporter
from lib.domain.formats import date_longue, typographier
from lib.domain.mesures import Mesure
from lib.domain.vocabulaire import ActionJournal
from lib.echanges.tableur import Table, csv_en_octets
from lib.services.exports_chiffres_proteges import LISEZ_MOI_CHIFFRES, proteger_mesures
from lib.services.exports_fichier import ecrire_archive
from lib.services.transaction import ecriture

ENTETES = (
    "figure",
    "arrete_au",
    "filtre",
    "groupe",
    "mesure",
    "unite",
    "age",
    "valeur",
    "bas_95",
    "haut_95",
    "effectif",
)
CSV, ARCHIVE = "text/csv", "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chiffres:
    """Les chiffres d'une figure. code : nom du fichier et de la figure. filtre : ce qui a été choisi, en mots.

    unite : celle des âges et des durées.
    """

    code: str
    au: date
    filtre: str
    mesures: tuple[Mesure, ...]
    unite: str = ""


def sortir(moteur: Engine, perimetre: Perimetre, chiffres: Chiffres) -> bytes:
    """Le fichier, journalisé avant d'être rendu. Lève AccesRefuse ; alors rien n'est sorti.

    Hors de l'équipe, un groupe d'une ou deux unités ne sort pas, ni ce qui permettrait de le retrouver.
    """
    exiger(peut_exporter, perimetre)
    secret = sous_secret(perimetre, export=True)
    mesures = proteger_mesures(chiffres.code, chiffres.mesures) if secret else chiffres.mesures
    table = Table(nom=chiffres.code, entetes=ENTETES, lignes=_lignes(chiffres, mesures))
    fichier = _archiver(table, chiffres) if secret else csv_en_octets(table)
    with ecriture(moteur, perimetre) as session:
        code = session.scalar(select(Investigation.code).where(Investigation.id == perimetre.investigation_id))
        session.add(
            LigneJournal(
                compte_id=session.info.get("compte_id"),
                investigation_id=perimetre.investigation_id,
                action=ActionJournal.EXPORT,
                objet="exports",
                objet_id=f"{code}-{chiffres.code}"[:60],
                apres={
                    "tables": {chiffres.code: len(mesures)},
                    "lignes": len(mesures),
                    "filtre": chiffres.filtre,
                    "identifie": False,
                    "octets": len(fichier),
                    "sha256": hashlib.sha256(fichier).hexdigest(),
                },
                motif="",
            )
        )
    return fichier


def nommer(perimetre: Perimetre, chiffres: Chiffres) -> tuple[str, str]:
    """Le nom du fichier et sa nature : une archive quand la règle des petits effectifs s'y applique."""
    secret = sous_secret(perimetre, export=True)
    extension, nature = ("zip", ARCHIVE) if secret else ("csv", CSV)
    return f"{chiffres.au.isoformat()}-{chiffres.code}.{extension}", nature


def _archiver(table: Table, chiffres: Chiffres) -> bytes:
    tampon = io.BytesIO()
    notice = {
        "Figure": chiffres.code,
        "Chiffres arrêtés au": date_longue(chiffres.au),
        "filtre": chiffres.filtre,
        "Ce qui n'y est pas": typographier(LISEZ_MOI_CHIFFRES),
        "Petits effectifs": REGLE,
    }
    ecrire_archive([table], tampon, notice)
    return tampon.getvalue()


def _lignes(chiffres: Chiffres, mesures: Iterable[Mesure]) -> Iterable[tuple[str | date | float | int | None, ...]]:
    for m in mesures:
        yield (
            chiffres.code,
            chiffres.au,
            chiffres.filtre,
            m.groupe,
            m.mesure,
            chiffres.unite,
            m.age,
            m.valeur,
            m.bas,
            m.haut,
            m.effectif,
        )
