"""Tout sortir de l'application, dans un tableur : sous pseudonyme par défaut, et toujours avec une ligne au journal.

Un entretien sans notice ne sort jamais. Les mots d'une personne qui n'a pas donné son accord pour être citée ne
sortent que d'un export identifié : celui-là est réservé à l'administration, motivé, et garde tout.
"""

import hashlib
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import REGLE
from lib.db.base import maintenant
from lib.db.modeles import Investigation, LigneJournal, Terrain
from lib.domain.droits import Perimetre, exiger, peut_exporter, peut_exporter_identites
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.formats import date_et_heure, guillemets, typographier
from lib.domain.horloge import a_paris, aujourd_hui
from lib.domain.vocabulaire import ActionJournal
from lib.echanges.tableur import Valeur
from lib.services.exports_codage import CITATIONS, ETIQUETAGES, ETIQUETTES, IRRITANTS
from lib.services.exports_colonnes import Contexte, TableExportee
from lib.services.exports_entretiens import ENQUETEURS, ENTRETIENS, PERSONNES, PRESENCES, TEXTES
from lib.services.exports_fichier import (
    ABSENTS,
    IDENTIFIE,
    PSEUDONYMISE,
    EcritureSuivie,
    FormatExport,
    Suivre,
    ecrire_fichier,
    extension_de,
)
from lib.services.exports_partenariats import EVENEMENTS, ORGANISATIONS, PARTENARIATS, PLAN
from lib.services.exports_secret import charger_tus
from lib.services.investigations import date_des_chiffres
from lib.services.pseudonymisation import charger_pseudonymisation
from lib.services.transaction import ecriture, lecture

TABLES = (
    ENTRETIENS,
    TEXTES,
    CITATIONS,
    ETIQUETAGES,
    ETIQUETTES,
    IRRITANTS,
    ORGANISATIONS,
    PARTENARIATS,
    EVENEMENTS,
    PLAN,
    PERSONNES,
    PRESENCES,
    ENQUETEURS,
)
LONGUEUR_MOTIF = 10
# Les tables qu'un panier sait restreindre.
DU_PANIER = (CITATIONS.code, ETIQUETAGES.code)


MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeExport:
    """Ce que l'on veut sortir. `tables` vide : toutes. `terrain_id` absent : tous les terrains du compte.

    panier : seulement les citations que la personne a retenues, et leurs étiquetages.
    """

    format: FormatExport = FormatExport.XLSX
    tables: tuple[str, ...] = ()
    terrain_id: int | None = None
    identifie: bool = False
    motif: str = ""
    panier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BilanExport:
    """Ce qui est sorti, tel que le journal le retient. `lignes` : nombre de lignes par table, dans l'ordre."""

    nom: str
    mime: str
    lignes: Mapping[str, int]
    filtre: str
    identifie: bool
    motif: str
    octets: int = 0
    empreinte: str = ""

    @property
    def total(self) -> int:
        """Nombre de lignes, toutes tables réunies."""
        return sum(self.lignes.values())


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class ExportPret:
    """Le fichier journalisé, ouvert en lecture ; il disparaît avec cet objet, car il n'a pas de nom sur le disque."""

    fichier: BinaryIO
    bilan: BilanExport

    def __post_init__(self) -> None:
        weakref.finalize(self, self.fichier.close)


def tables_ouvertes(perimetre: Perimetre, *, identifie: bool = False) -> tuple[TableExportee, ...]:
    """Les tables que le compte peut sortir, dans l'ordre des onglets."""
    niveau = Contexte(perimetre=perimetre, identifie=identifie, arret=aujourd_hui()).niveau
    return tuple(table for table in TABLES if table.niveau <= niveau)


def verifier(perimetre: Perimetre, demande: DemandeExport) -> None:
    """Lève AccesRefuse si le compte n'a pas le droit, DonneeInvalide s'il manque un motif ou une table."""
    exiger(peut_exporter, perimetre)
    if demande.identifie:
        exiger(peut_exporter_identites, perimetre)
        if len(" ".join(demande.motif.split())) < LONGUEUR_MOTIF:
            raise DonneeInvalide(
                f"Dites pourquoi ces données sortent identifiées, en {LONGUEUR_MOTIF} caractères au moins : "
                "le motif est gardé au journal.",
                champ="motif",
            )
    permises = {table.code for table in tables_ouvertes(perimetre, identifie=demande.identifie)}
    permises &= set(DU_PANIER) if demande.panier else permises
    if inconnues := sorted(set(demande.tables) - permises):
        noms = ", ".join(map(guillemets, inconnues))
        raise DonneeInvalide(f"Votre compte ne peut pas sortir {noms} : choisissez d'autres tables.", champ="tables")


def produire(
    moteur: Engine,
    perimetre: Perimetre,
    demande: DemandeExport,
    *,
    auteur: str,
    suivre: Suivre | None = None,
    exploitation: bool = False,
) -> ExportPret:
    """Écrit le fichier, le journalise, puis le rend.

    Deux transactions, contre l'usage : l'écriture d'un long fichier ne retient pas le verrou de la base.
    auteur : qui exporte, écrit dans le fichier. exploitation : demandé en ligne de commande, sans compte.
    Lève AccesRefuse, DonneeInvalide ou Introuvable ; alors rien n'est sorti.
    """
    verifier(perimetre, demande)
    fichier: BinaryIO = tempfile.TemporaryFile(prefix="associe-export-")  # noqa: SIM115 - rendu ouvert
    try:
        with lecture(moteur) as session:
            bilan = ecrire(session, perimetre, demande, fichier, auteur=auteur, suivre=suivre)
        with ecriture(moteur, None if exploitation else perimetre) as session:
            journaliser(session, perimetre, bilan)
    except BaseException:
        fichier.close()
        raise
    fichier.seek(0)
    return ExportPret(fichier=fichier, bilan=bilan)


def ecrire(
    session: Session,
    perimetre: Perimetre,
    demande: DemandeExport,
    sortie: BinaryIO,
    *,
    auteur: str,
    suivre: Suivre | None = None,
) -> BilanExport:
    """Écrit l'export au fil des lignes, dans un fichier ouvert en lecture et en écriture. Voir `produire`."""
    verifier(perimetre, demande)
    figer(session)
    contexte = _contexte(session, perimetre, demande)
    choisies = _choisir(contexte, demande)
    ecriture_suivie = EcritureSuivie(choisies, session, contexte, suivre)
    bilan = BilanExport(
        nom=_nommer(session, contexte, demande, choisies),
        mime=MIMES[_extension(contexte, demande, choisies)],
        lignes=ecriture_suivie.ecrites,
        filtre=_filtre(session, perimetre, demande, choisies),
        identifie=demande.identifie,
        motif=demande.motif.strip(),
    )
    notice = _notice(session, contexte, bilan, auteur, ecriture_suivie.total)
    ecrire_fichier(ecriture_suivie.tables(), sortie, _extension(contexte, demande, choisies), notice)
    sortie.seek(0)
    empreinte = hashlib.file_digest(sortie, "sha256").hexdigest()  # type: ignore[arg-type]
    return replace(bilan, octets=sortie.tell(), empreinte=empreinte)


def journaliser(session: Session, perimetre: Perimetre, bilan: BilanExport) -> None:
    """Une ligne au journal : quoi, combien, quel filtre, pourquoi, et l'empreinte du fichier servi."""
    detail = {
        "tables": dict(bilan.lignes),
        "lignes": bilan.total,
        "filtre": bilan.filtre,
        "identifie": bilan.identifie,
        "octets": bilan.octets,
        "sha256": bilan.empreinte,
    }
    session.add(
        LigneJournal(
            compte_id=session.info.get("compte_id"),
            investigation_id=perimetre.investigation_id,
            action=ActionJournal.EXPORT,
            objet="exports",
            objet_id=bilan.nom[:60],
            apres=detail,
            motif=bilan.motif,
        )
    )


# --- Préparer ---------------------------------------------------------------------------------------------------


def figer(session: Session) -> None:
    """Toutes les tables d'un export montrent le même instant ; SQLite le garantit déjà."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _contexte(session: Session, perimetre: Perimetre, demande: DemandeExport) -> Contexte:
    restreint = _restreindre(perimetre, demande.terrain_id)
    tus = charger_tus(session, perimetre)
    masques = None if demande.identifie else charger_pseudonymisation(session, perimetre, neutres=tus.organisations)
    return Contexte(
        perimetre=restreint,
        identifie=demande.identifie,
        arret=date_des_chiffres(session, restreint),
        panier_de=perimetre.compte_id if demande.panier else None,
        pseudonymisation=masques,
        tus=tus,
    )


def _restreindre(perimetre: Perimetre, terrain_id: int | None) -> Perimetre:
    if terrain_id is None:
        return perimetre
    if perimetre.terrains is not None and terrain_id not in perimetre.terrains:
        raise Introuvable("Ce terrain n'existe pas, ou n'est pas ouvert à votre compte.")
    return replace(perimetre, terrains=frozenset({terrain_id}))


def _choisir(contexte: Contexte, demande: DemandeExport) -> list[TableExportee]:
    ouvertes = tables_ouvertes(contexte.perimetre, identifie=demande.identifie)
    voulues = demande.tables or (DU_PANIER if demande.panier else ())
    return [table for table in ouvertes if not voulues or table.code in voulues]


def _extension(contexte: Contexte, demande: DemandeExport, choisies: Sequence[TableExportee]) -> str:
    return extension_de(demande.format, choisies, secret=not contexte.tus.vide)


def _nommer(session: Session, contexte: Contexte, demande: DemandeExport, choisies: Sequence[TableExportee]) -> str:
    code = session.scalar(select(Investigation.code).where(Investigation.id == contexte.perimetre.investigation_id))
    quoi = (
        "panier"
        if demande.panier
        else choisies[0].code
        if len(choisies) == 1
        else "tout"
        if not demande.tables
        else "choix"
    )
    nature = "identifie" if demande.identifie else "pseudonymise"
    instant = f"{a_paris(maintenant()):%Y-%m-%d-%Hh%M}"
    return f"{instant}-{code}-{quoi}-{nature}.{_extension(contexte, demande, choisies)}"


def _filtre(session: Session, perimetre: Perimetre, demande: DemandeExport, choisies: Sequence[TableExportee]) -> str:
    terrain = "tous les terrains ouverts au compte"
    if demande.terrain_id is not None:
        appartient = Terrain.investigation_id == perimetre.investigation_id
        nom = session.scalar(select(Terrain.nom).where(Terrain.id == demande.terrain_id, appartient))
        if nom is None:
            raise Introuvable("Ce terrain n'existe pas, ou n'est pas ouvert à votre compte.")
        terrain = f"terrain {guillemets(nom)}"
    tables = ", ".join(table.nom for table in choisies) if demande.tables else "toutes les tables"
    panier = " ; panier de citations" if demande.panier else ""
    return typographier(f"{terrain} ; {tables}{panier}")


def _notice(session: Session, contexte: Contexte, bilan: BilanExport, auteur: str, total: int) -> dict[str, Valeur]:
    """Ce que dit « Lisez-moi »."""
    investigation = session.get_one(Investigation, contexte.perimetre.investigation_id)
    notice: dict[str, Valeur] = {
        "investigation": investigation.nom + (" (données fictives)" if investigation.fictive else ""),
        "date": date_et_heure(a_paris(maintenant())),
        "auteur": auteur,
        "filtre": bilan.filtre,
        "n": total,
        "Nature": IDENTIFIE if bilan.identifie else PSEUDONYMISE,
    }
    if bilan.identifie:
        notice["Motif"] = bilan.motif
    notice["Ce qui n'y est pas"] = ABSENTS
    if not contexte.tus.vide:
        notice["Petits effectifs"] = REGLE
    return notice
