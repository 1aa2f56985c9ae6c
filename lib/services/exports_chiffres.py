"""Sortir les chiffres d'une figure, avec leur ligne au journal : les mêmes qu'à l'écran, sans arrondi."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from lib.analytics.confidentialite import CACHE, PETIT, proteger
from lib.db.modeles import Investigation, LigneJournal
from lib.domain.droits import Perimetre, exiger, peut_exporter, peut_lire_identites
from lib.domain.mesures import Mesure
from lib.domain.vocabulaire import ActionJournal
from lib.echanges.tableur import Table, csv_en_octets
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
MASQUEES = {PETIT, CACHE}


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
    """Le fichier .csv, journalisé avant d'être rendu. Lève AccesRefuse ; alors rien n'est sorti.

    Hors de l'équipe, un groupe d'une ou deux unités ne sort pas, ni ce qui permettrait de le retrouver.
    """
    exiger(peut_exporter, perimetre)
    mesures = chiffres.mesures if peut_lire_identites(perimetre) else sans_petits_groupes(chiffres.mesures)
    fichier = csv_en_octets(Table(nom=chiffres.code, entetes=ENTETES, lignes=_lignes(chiffres, mesures)))
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


def sans_petits_groupes(mesures: Sequence[Mesure]) -> tuple[Mesure, ...]:
    """Sans les groupes d'une ou deux unités, ni celui qu'il faut taire pour qu'une soustraction ne les rende pas.

    Une part qui repose sur une ou deux unités, ou sur toutes sauf une ou deux, perd sa ligne elle aussi.
    """
    effectifs = {m.groupe: int(m.valeur or 0) for m in mesures if m.mesure == "effectif"}
    cases = proteger(list(effectifs.values())).cases if effectifs else ()
    caches = {groupe for groupe, case in zip(effectifs, cases, strict=True) if case in MASQUEES}
    return tuple(m for m in mesures if m.groupe not in caches and not _revele(m))


def _revele(m: Mesure) -> bool:
    if m.mesure not in {"termines", "numerateur", "fins"} or m.valeur is None:
        return False
    reste = (m.effectif or 0) - m.valeur
    return 0 < m.valeur < 3 or 0 < reste < 3
