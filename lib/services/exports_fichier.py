"""Le fichier d'un export : ce que dit sa notice, ses lignes au fil de l'eau, et l'avancement donné pendant ce temps."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from sqlalchemy.orm import Session

from lib.domain.formats import typographier
from lib.domain.vocabulaire import Vocabulaire
from lib.echanges.tableur import Ligne, Table, Valeur, ecrire_csv, ecrire_xlsx
from lib.services.exports_colonnes import Contexte, TableExportee

LIGNES_ENTRE_NOUVELLES = 2000
LISEZ_MOI = "Lisez-moi.txt"
RUBRIQUES = {
    "investigation": "Investigation",
    "date": "Date de l'export",
    "auteur": "Exporté par",
    "filtre": "Filtre appliqué",
    "n": "Nombre de lignes",
}

IDENTIFIE = typographier(
    "Données identifiées : noms, coordonnées et paroles sans accord de citation y figurent. "
    "Ne pas diffuser ; détruire dès que le motif n'a plus cours."
)
PSEUDONYMISE = typographier(
    "Données pseudonymisées : ni personne ni coordonnées ; organisations sous un nom d'emprunt ; noms connus de "
    "l'outil effacés des textes. Ce n'est pas anonyme : relire avant de diffuser."
)
ABSENTS = typographier(
    "Les entretiens sans notice remise, non réalisés ou archivés. Sous pseudonyme, les mots des personnes qui n'ont "
    "pas donné leur accord pour être citées sont remplacés par une mention."
)


class FormatExport(Vocabulaire):
    """Ce dans quoi on sort les données."""

    XLSX = "xlsx", "Classeur Excel (.xlsx)", "Un onglet par table ; à préférer, rien ne s'y déforme"
    CSV = (
        "csv",
        "Texte pour Excel français (.csv)",
        "Une table : un .csv ; plusieurs, ou hors de l'équipe : une archive .zip",
    )


class Suivre(Protocol):
    """Reçoit l'avancement : table en cours, lignes écrites, lignes à écrire."""

    def __call__(self, table: str, faites: int, total: int) -> None: ...


@dataclass(slots=True)
class EcritureSuivie:
    """Les tables à écrire, dont les lignes se comptent à mesure qu'elles passent.

    ecrites : lignes écrites par table. total : lignes annoncées.
    """

    choisies: Sequence[TableExportee]
    session: Session
    contexte: Contexte
    suivre: Suivre | None
    ecrites: dict[str, int] = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.ecrites = {table.code: 0 for table in self.choisies}
        self.total = sum(table.compter_lignes(self.session, self.contexte) for table in self.choisies)

    def tables(self) -> list[Table]:
        """Les tables, prêtes pour l'écriture ; chacune ne se lit qu'une fois."""
        return [Table(table.nom, table.entetes(self.contexte), self._lire(table)) for table in self.choisies]

    def _lire(self, table: TableExportee) -> Iterator[Ligne]:
        ecrites, code = self.ecrites, table.code
        for ligne in table.lire_lignes(self.session, self.contexte):
            ecrites[code] += 1
            if self.suivre and (faites := sum(self.ecrites.values())) % LIGNES_ENTRE_NOUVELLES == 0:
                self.suivre(table.nom, faites, max(self.total, faites))
            yield ligne


def ecrire_fichier(tables: Sequence[Table], sortie: BinaryIO, extension: str, notice: Mapping[str, Valeur]) -> None:
    """Un classeur, un .csv ou une archive, selon ce que dit `extension_de`."""
    if extension == "xlsx":
        ecrire_xlsx(tables, sortie, notice)
    elif extension == "csv":
        ecrire_csv(tables[0], sortie)
    else:
        ecrire_archive(tables, sortie, notice)


def extension_de(format_: FormatExport, tables: Sequence[object], *, secret: bool) -> str:
    """« csv » pour une seule table ; « zip » pour plusieurs, ou si le fichier doit porter la règle qui s'y applique."""
    if format_ is FormatExport.XLSX:
        return "xlsx"
    return "csv" if len(tables) == 1 and not secret else "zip"


def ecrire_archive(tables: Sequence[Table], sortie: BinaryIO, notice: Mapping[str, Valeur]) -> None:
    """Un .csv par table, et « Lisez-moi »."""
    lignes = (f"{RUBRIQUES.get(cle, cle)}\N{NO-BREAK SPACE}: {texte}\r\n" for cle, texte in notice.items())
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LISEZ_MOI, "".join(lignes))
        for table in tables:
            with archive.open(f"{table.nom}.csv", "w", force_zip64=True) as flux:
                ecrire_csv(table, flux)  # type: ignore[arg-type]
