"""Écrire le bilan en quatre fichiers aux mêmes chiffres, et les journaliser comme tout export."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Investigation
from lib.domain.droits import Perimetre, exiger, peut_exporter
from lib.domain.formats import date_et_heure, typographier
from lib.domain.horloge import a_paris
from lib.domain.scenes import Rapport, Scene
from lib.domain.vocabulaire import Vocabulaire
from lib.echanges.rapport_docx import ecrire_docx
from lib.echanges.rapport_html import ecrire_html
from lib.echanges.rapport_markdown import ecrire_markdown
from lib.echanges.tableur import Table, Valeur, xlsx_en_octets
from lib.services.bilan.rapport import assembler
from lib.services.exports import BilanExport, figer, journaliser
from lib.services.exports_fichier import Suivre
from lib.services.restitution.commun import exiger_entiere
from lib.services.restitution.lecture import SCENES
from lib.services.transaction import ecriture, lecture

ENTIER = re.compile("[0-9]+(?:\u202f[0-9]{3})*")
FILTRE = "toute l'investigation"


class FormatBilan(Vocabulaire):
    """Les quatre fichiers du bilan."""

    FICHE = "md", "Fiche publique (Markdown)", "Les rubriques d'une fiche de startup d'État, à relire puis à publier"
    RAPPORT = "html", "Rapport (page web autonome)", "Accessible, imprimable, avec ses figures"
    DOCUMENT = "docx", "Document à reprendre (.docx)", "Titres, figures et tableaux modifiables"
    CHIFFRES = "xlsx", "Chiffres (.xlsx)", "Un onglet par tableau du rapport"


MIMES = {
    FormatBilan.FICHE: "text/markdown",
    FormatBilan.RAPPORT: "text/html",
    FormatBilan.DOCUMENT: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FormatBilan.CHIFFRES: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

ETAPES = len(SCENES) + len(FormatBilan)


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierBilan:
    """Un fichier prêt à remettre."""

    format: FormatBilan
    nom: str
    octets: bytes

    @property
    def mime(self) -> str:
        """Type du contenu."""
        return MIMES[self.format]


def verifier_bilan(perimetre: Perimetre) -> None:
    """Lève AccesRefuse si le compte ne peut pas exporter, ou n'ouvre que certains terrains."""
    exiger(peut_exporter, perimetre)
    exiger_entiere(perimetre)


def produire_bilan(
    moteur: Engine,
    perimetre: Perimetre,
    *,
    auteur: str,
    suivre: Suivre | None = None,
    exploitation: bool = False,
) -> tuple[FichierBilan, ...]:
    """Les quatre fichiers, journalisés. Lue d'un seul instant, l'investigation leur donne les mêmes chiffres.

    auteur : écrit dans le classeur. exploitation : demandé en ligne de commande, sans compte.
    Lève DonneeInvalide si l'investigation est vide, AccesRefuse ; alors rien n'est sorti.
    """
    verifier_bilan(perimetre)
    with lecture(moteur) as session:
        figer(session)
        rapport = assembler(session, perimetre, suivre=suivre, etapes=ETAPES)
        code = session.scalar(select(Investigation.code).where(Investigation.id == perimetre.investigation_id)) or ""
    fichiers = tuple(_ecrire(rapport, code=code, auteur=auteur, suivre=suivre))
    with ecriture(moteur, None if exploitation else perimetre) as session:
        for fichier in fichiers:
            _journaliser(session, perimetre, rapport, fichier)
    return fichiers


def _ecrire(rapport: Rapport, *, code: str, auteur: str, suivre: Suivre | None) -> Iterator[FichierBilan]:
    debut = f"{a_paris(maintenant()):%Y-%m-%d-%Hh%M}-{code}-bilan"
    for rang, format_ in enumerate(FormatBilan):
        if suivre:
            suivre(format_.libelle, len(SCENES) + rang, ETAPES)
        yield FichierBilan(
            format=format_, nom=f"{debut}.{format_.value}", octets=_en_octets(rapport, format_, auteur=auteur)
        )


def _en_octets(rapport: Rapport, format_: FormatBilan, *, auteur: str) -> bytes:
    if format_ is FormatBilan.DOCUMENT:
        return ecrire_docx(rapport)
    if format_ is FormatBilan.CHIFFRES:
        return xlsx_en_octets(tables(rapport), _lisez_moi(rapport, auteur))
    return (ecrire_markdown if format_ is FormatBilan.FICHE else ecrire_html)(rapport).encode()


def _journaliser(session: Session, perimetre: Perimetre, rapport: Rapport, fichier: FichierBilan) -> None:
    bilan = BilanExport(
        nom=fichier.nom,
        mime=fichier.mime,
        lignes={scene.code.value: sum(len(t.lignes) for t in scene.tableaux) for scene in _scenes(rapport)},
        filtre=FILTRE,
        identifie=False,
        motif="",
        octets=len(fichier.octets),
        empreinte=hashlib.sha256(fichier.octets).hexdigest(),
    )
    journaliser(session, perimetre, bilan)


# --- Le classeur ------------------------------------------------------------------------------------------------


def tables(rapport: Rapport) -> list[Table]:
    """Un onglet par tableau du rapport, dans son ordre ; ce qui est un nombre y est un nombre."""
    lues = []
    for section in rapport.sections:
        lues += [Table(section.titre, t.entetes, list(map(_typer, t.lignes))) for t in section.tableaux]
        for scene in section.scenes:
            noms = [scene.titre, *(f"{scene.titre} ({rang})" for rang in range(2, 9))]
            lues += [
                Table(nom, t.entetes, list(map(_typer, t.lignes))) for nom, t in zip(noms, scene.tableaux, strict=False)
            ]
    return lues


def _typer(ligne: tuple[str, ...]) -> list[Valeur]:
    return [int(texte.replace("\u202f", "")) if ENTIER.fullmatch(texte) else texte for texte in ligne]


def _lisez_moi(rapport: Rapport, auteur: str) -> dict[str, Valeur]:
    return {
        "investigation": rapport.titre,
        "date": date_et_heure(a_paris(maintenant())),
        "auteur": auteur,
        "filtre": FILTRE,
        "n": sum(len(table.lignes) for table in tables(rapport) if isinstance(table.lignes, list)),
        "Nature": rapport.sous_titre,
        "Définitions": typographier("\n".join(_notes(rapport))),
    }


def _notes(rapport: Rapport) -> Iterator[str]:
    for scene in _scenes(rapport):
        yield from (f"{scene.titre} – {note}" for note in scene.notes)


def _scenes(rapport: Rapport) -> list[Scene]:
    return [scene for section in rapport.sections for scene in section.scenes]
