"""Versions de référence : tous les chiffres figés un jour donné, et ce qui a changé depuis."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import sous_secret
from lib.db.modeles import ChiffreReference, Compte, VersionDonnees, VersionReference
from lib.db.verrou import attendre_son_tour
from lib.domain.chiffres import INCHANGE, Chiffre, dire_tendance
from lib.domain.droits import (
    Perimetre,
    exiger,
    peut_exporter,
    peut_figer,
    peut_lire_identites,
    peut_lire_indicateurs,
)
from lib.domain.erreurs import DonneeInvalide
from lib.services.indicateur import Indicateur, Indicateurs
from lib.services.indicateurs import lire_indicateurs
from lib.services.textes_partages import nettoyer, partager

VIDE = "Cette investigation est vide : il n'y a aucun chiffre à figer."
PARTIELLE = "Une version de référence porte sur toute l'investigation ; votre compte n'en ouvre que certains terrains."
CHAMPS = (
    "definition",
    "numerateur_definition",
    "denominateur_definition",
    "unite",
    "numerateur",
    "denominateur",
    "valeur",
    "bas",
    "haut",
    "precision",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiffreFige(Chiffre):
    """Un indicateur tel qu'il se lisait, avec le nom qu'il portait."""

    code: str
    nom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLue:
    """Une version : ses chiffres étaient arrêtés au jour `au`. auteur : vide en visite.

    motif : vide en visite, et hors de l'équipe là où seuls les chiffres se lisent.
    """

    numero: int
    motif: str
    au: date
    version_donnees: int
    creee_le: datetime
    auteur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFigee:
    """Une version et tous ses chiffres, dans leur ordre d'alors."""

    version: VersionLue
    chiffres: Mapping[str, ChiffreFige]


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneComparee:
    """Un indicateur dans deux versions ; l'un des deux manque s'il n'y était pas."""

    nom: str
    avant: Chiffre | None
    apres: Chiffre | None

    @property
    def tendance(self) -> str:
        """Ce qui a changé, en mots."""
        return dire_tendance(self.avant, self.apres, rappel=False)

    @property
    def change(self) -> bool:
        """Vrai si quelque chose a changé."""
        return self.tendance != INCHANGE


def figer_version(session: Session, perimetre: Perimetre, *, motif: str = "") -> int:
    """Fige les chiffres du jour et rend l'identifiant de la version.

    Deux personnes qui figent en même temps obtiennent deux numéros.
    Lève AccesRefuse ; DonneeInvalide si l'investigation est vide.
    """
    exiger(peut_figer, perimetre)
    attendre_son_tour(session, f"version-{perimetre.investigation_id}")
    lus = lire_indicateurs(session, perimetre)
    if lus.vide:
        raise DonneeInvalide(VIDE)
    version = VersionReference(
        investigation_id=perimetre.investigation_id,
        numero=_dernier_numero(session, perimetre) + 1,
        motif=nettoyer(session, perimetre, motif, champ="motif"),
        au=lus.au,
        version_donnees=_version_des_donnees(session, perimetre),
        cree_par=perimetre.auteur_id,
    )
    session.add(version)
    session.flush()
    session.add_all(_chiffre(version, rang, indicateur) for rang, indicateur in enumerate(lus.tous))
    session.flush()
    return version.id


def lister_versions(session: Session, perimetre: Perimetre) -> tuple[VersionLue, ...]:
    """Toutes les versions et leur motif, la dernière d'abord. Lève AccesRefuse.

    Une requête, et une de plus en relecture : un nom appris depuis s'efface du motif.
    """
    exiger(peut_lire_indicateurs, perimetre)
    lignes = session.execute(_versions(perimetre).order_by(VersionReference.numero.desc())).all()
    motifs = partager(session, perimetre, {ligne.motif for ligne in lignes} if peut_exporter(perimetre) else set())
    return tuple(replace(_version(ligne, perimetre), motif=motifs.get(ligne.motif, "")) for ligne in lignes)


def lire_versions(session: Session, perimetre: Perimetre, *, numeros: tuple[int, ...]) -> dict[int, VersionFigee]:
    """Les versions demandées et leurs chiffres, par numéro, une inconnue en moins. Une requête. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    return _lire(session, perimetre, _avec_chiffres(perimetre).where(VersionReference.numero.in_(numeros)))


def lire_derniere(session: Session, perimetre: Perimetre) -> VersionFigee | None:
    """La dernière version et ses chiffres, s'il y en a une que ce compte peut lire. Une requête. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    derniere = select(func.max(VersionReference.numero)).where(
        VersionReference.investigation_id == perimetre.investigation_id
    )
    lues = _lire(
        session, perimetre, _avec_chiffres(perimetre).where(VersionReference.numero == derniere.scalar_subquery())
    )
    return next(iter(lues.values()), None)


def tendances(indicateurs: Indicateurs, derniere: VersionFigee | None) -> dict[str, str]:
    """Par indicateur, ce qui a changé depuis la dernière version ; vide s'il n'y en a pas."""
    if derniere is None:
        return {}
    return {
        i.code.value: dire_tendance(_sans_nom(derniere.chiffres.get(i.code.value)), chiffre_de(i))
        for i in indicateurs.tous
    }


def comparer_versions(avant: VersionFigee, apres: VersionFigee) -> tuple[LigneComparee, ...]:
    """Chaque indicateur des deux versions, dans l'ordre de la plus récente, puis ceux qui n'y sont plus."""
    codes = dict.fromkeys((*apres.chiffres, *avant.chiffres))
    return tuple(
        LigneComparee(
            nom=(apres.chiffres.get(code) or avant.chiffres[code]).nom,
            avant=_sans_nom(avant.chiffres.get(code)),
            apres=_sans_nom(apres.chiffres.get(code)),
        )
        for code in codes
    )


def chiffre_de(indicateur: Indicateur | ChiffreFige) -> Chiffre:
    """Le chiffre seul : ce qui se compare d'une version à l'autre."""
    return Chiffre(**{champ: getattr(indicateur, champ) for champ in (*CHAMPS, "tu")})


def _sans_nom(fige: ChiffreFige | None) -> Chiffre | None:
    return chiffre_de(fige) if fige else None


def _chiffre(version: VersionReference, rang: int, indicateur: Indicateur) -> ChiffreReference:
    return ChiffreReference(
        version_id=version.id,
        investigation_id=version.investigation_id,
        code=indicateur.code.value,
        nom=indicateur.nom,
        rang=rang,
        **{champ: getattr(indicateur, champ) for champ in CHAMPS},
    )


def _dernier_numero(session: Session, perimetre: Perimetre) -> int:
    requete = select(func.max(VersionReference.numero)).where(
        VersionReference.investigation_id == perimetre.investigation_id
    )
    return session.scalar(requete) or 0


def _version_des_donnees(session: Session, perimetre: Perimetre) -> int:
    requete = select(VersionDonnees.version).where(VersionDonnees.investigation_id == perimetre.investigation_id)
    return session.scalar(requete) or 0


COLONNES = (
    VersionReference.numero,
    VersionReference.motif,
    VersionReference.au,
    VersionReference.version_donnees,
    VersionReference.cree_le,
    Compte.nom_affiche,
)


def _versions(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    """Les versions de l'investigation ; aucune pour qui n'en ouvre que certains terrains, ni pour la visite.

    D'une version à l'autre, une différence compterait les derniers acteurs rencontrés.
    """
    requete = select(*COLONNES).outerjoin(Compte, Compte.id == VersionReference.cree_par)
    ouverte = perimetre.terrains is None and not sous_secret(perimetre)
    return requete.where(VersionReference.investigation_id == (perimetre.investigation_id if ouverte else None))


def _avec_chiffres(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    figes = [getattr(ChiffreReference, champ) for champ in CHAMPS]
    return (
        _versions(perimetre)
        .add_columns(ChiffreReference.code, ChiffreReference.nom, *figes)
        .join(ChiffreReference, ChiffreReference.version_id == VersionReference.id)
        .order_by(VersionReference.numero, ChiffreReference.rang)
    )


def _lire(session: Session, perimetre: Perimetre, requete: Select[*tuple[Any, ...]]) -> dict[int, VersionFigee]:
    versions: dict[int, VersionLue] = {}
    chiffres: dict[int, dict[str, ChiffreFige]] = {}
    for ligne in session.execute(requete):
        versions.setdefault(ligne.numero, _version(ligne, perimetre))
        fige = ChiffreFige(code=ligne.code, nom=ligne.nom, **{champ: getattr(ligne, champ) for champ in CHAMPS})
        chiffres.setdefault(ligne.numero, {})[ligne.code] = fige
    return {numero: VersionFigee(version=version, chiffres=chiffres[numero]) for numero, version in versions.items()}


def _version(ligne: Row[Any], perimetre: Perimetre) -> VersionLue:
    return VersionLue(
        numero=ligne.numero,
        motif=ligne.motif if peut_lire_identites(perimetre) else "",
        au=ligne.au,
        version_donnees=ligne.version_donnees,
        creee_le=ligne.cree_le,
        auteur=(ligne.nom_affiche or "") if peut_exporter(perimetre) else "",
    )
