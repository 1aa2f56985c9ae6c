"""Réunir deux fiches d'une même organisation : tout ce qui pointait l'une pointe l'autre, et l'on peut revenir."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lib.db.base import maintenant
from lib.db.modeles import (
    Besoin,
    ComplementFusion,
    DeplacementFusion,
    Entretien,
    FusionOrganisation,
    Interlocuteur,
    Offre,
    Organisation,
    Partenariat,
)
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.fusions import COMPLETES, Rattachee, refuser_fusion
from lib.domain.horloge import a_paris
from lib.services.syntheses import suivre

COLONNES: Mapping[Rattachee, InstrumentedAttribute[Any]] = {
    Rattachee.PARTENARIAT_ENTREPRISE: Partenariat.entreprise_id,
    Rattachee.PARTENARIAT_ASSOCIATION: Partenariat.association_id,
    Rattachee.ENTRETIEN: Entretien.organisation_id,
    Rattachee.INTERLOCUTEUR: Interlocuteur.organisation_id,
    Rattachee.FILIALE: Organisation.organisation_parente_id,
    Rattachee.FUSIONNEE: Organisation.fusionnee_dans_id,
    Rattachee.BESOIN: Besoin.association_id,
    Rattachee.OFFRE: Offre.entreprise_id,
}
"""Chaque clé étrangère vers une organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionLue:
    """Une fusion en vigueur. deplaces : combien de lignes ont suivi, par nature."""

    id: int
    absorbee: str
    gardee: str
    faite_le: date
    deplaces: Mapping[Rattachee, int]


def fusionner(session: Session, perimetre: Perimetre, *, absorbee_id: int, gardee_id: int) -> int:
    """Réunit deux fiches ; rend le numéro de la fusion, qui sert à la défaire.

    La fiche gardée conserve ce qu'elle sait et reprend ce qu'elle ignorait. Les partenariats successifs restent
    chacun ce qu'ils sont. Lève DonneeInvalide, Introuvable, AccesRefuse.
    """
    exiger(peut_consigner, perimetre)
    absorbee, gardee = _tenir(session, perimetre, absorbee_id), _tenir(session, perimetre, gardee_id)
    refuser_fusion(
        absorbee=absorbee.id,
        gardee=gardee.id,
        types=(absorbee.type_acteur, gardee.type_acteur),
        parentes=(absorbee.organisation_parente_id, gardee.organisation_parente_id),
        numeros=[(getattr(absorbee, nom), getattr(gardee, nom)) for nom in ("siren", "rna")],
    )
    fusion = FusionOrganisation(
        investigation_id=gardee.investigation_id,
        absorbee_id=absorbee.id,
        gardee_id=gardee.id,
        cree_par=perimetre.auteur_id,
    )
    session.add(fusion)
    session.flush()
    with _entretiens_suivis(session, absorbee.id, gardee.id):
        _deplacer(session, fusion)
        # L'absorbée sort d'abord des fiches vivantes : son SIRET n'y est admis qu'une fois.
        absorbee.fusionnee_dans_id, absorbee.archive_le = gardee.id, maintenant()
        session.flush()
        _completer(session, fusion, absorbee, gardee)
        session.flush()
    return fusion.id


def defaire(session: Session, perimetre: Perimetre, *, fusion_id: int) -> None:
    """Rend à la fiche absorbée ce qui venait d'elle ; ce qui est né depuis reste à la fiche gardée.

    Lève Conflit si la fusion est déjà défaite ou si la fiche gardée a elle-même été absorbée, Introuvable.
    """
    exiger(peut_consigner, perimetre)
    fusion = trouver(session, FusionOrganisation, fusion_id, perimetre)
    absorbee = trouver(session, Organisation, fusion.absorbee_id, perimetre)
    gardee = trouver(session, Organisation, fusion.gardee_id, perimetre)
    if fusion.defaite_le is not None:
        raise Conflit("Cette fusion a déjà été défaite.")
    if gardee.fusionnee_dans_id is not None:
        raise Conflit("La fiche gardée a depuis rejoint une autre fiche : défaites d'abord cette fusion-là.")
    with _entretiens_suivis(session, absorbee.id, gardee.id):
        _vider_complements(session, fusion, absorbee, gardee)
        session.flush()
        absorbee.fusionnee_dans_id = absorbee.archive_le = None
        _ramener(session, fusion)
        fusion.defaite_le, fusion.defaite_par = maintenant(), perimetre.auteur_id
        session.flush()


def lister_fusions(session: Session, perimetre: Perimetre, *, limite: int = 20) -> tuple[FusionLue, ...]:
    """Les fusions en vigueur, la plus récente d'abord, avec ce qui a suivi. Deux lectures."""
    exiger(peut_lire_identites, perimetre)
    absorbee, gardee = aliased(Organisation, name="absorbee"), aliased(Organisation, name="gardee")
    requete = (
        select(
            FusionOrganisation.id,
            FusionOrganisation.cree_le,
            absorbee.nom.label("absorbee"),
            gardee.nom.label("gardee"),
        )
        .join(absorbee, absorbee.id == FusionOrganisation.absorbee_id)
        .join(gardee, gardee.id == FusionOrganisation.gardee_id)
        .where(
            visible(FusionOrganisation, perimetre),
            visible(absorbee, perimetre),
            visible(gardee, perimetre),
            FusionOrganisation.defaite_le.is_(None),
        )
        .order_by(FusionOrganisation.id.desc())
        .limit(limite)
    )
    lignes = session.execute(requete).all()
    deplaces = _compter_deplaces(session, [ligne.id for ligne in lignes])
    return tuple(
        FusionLue(
            id=ligne.id,
            absorbee=ligne.absorbee,
            gardee=ligne.gardee,
            faite_le=a_paris(ligne.cree_le).date(),
            deplaces=deplaces.get(ligne.id, {}),
        )
        for ligne in lignes
    )


# --- Ce qui suit ------------------------------------------------------------------------------------------------


def _tenir(session: Session, perimetre: Perimetre, organisation_id: int) -> Organisation:
    """L'organisation, si elle est vivante. Lève Introuvable, DonneeInvalide."""
    organisation = trouver(session, Organisation, organisation_id, perimetre)
    if organisation.fusionnee_dans_id is not None:
        raise DonneeInvalide(f"{organisation.nom} a déjà rejoint une autre fiche : choisissez celle-là.")
    if organisation.archive_le is not None:
        raise DonneeInvalide(f"{organisation.nom} est archivée : choisissez une autre fiche.")
    return organisation


@contextmanager
def _entretiens_suivis(session: Session, *organisations: int) -> Iterator[None]:
    """Leurs citations se comptent selon la taille de l'organisation : les synthèses suivent."""
    menes = select(Entretien.id).where(Entretien.organisation_id.in_(organisations)).order_by(Entretien.id)
    with ExitStack() as suivis:
        for entretien_id in session.scalars(menes).all():
            suivis.enter_context(suivre(session, entretien_id))
        yield


def _deplacer(session: Session, fusion: FusionOrganisation) -> None:
    """Toute l'investigation, archives comprises : une ligne oubliée pointerait une fiche que l'on ne voit plus."""
    for rattachee, ligne in _rattachees(session, fusion.absorbee_id):
        setattr(ligne, COLONNES[rattachee].key, fusion.gardee_id)
        session.add(
            DeplacementFusion(
                investigation_id=fusion.investigation_id, fusion_id=fusion.id, rattachee=rattachee, ligne_id=ligne.id
            )
        )
    session.flush()


def _rattachees(session: Session, organisation_id: int) -> Iterator[tuple[Rattachee, Any]]:
    for rattachee, colonne in COLONNES.items():
        modele = colonne.class_
        for ligne in session.scalars(select(modele).where(colonne == organisation_id).order_by(modele.id)).all():
            yield rattachee, ligne


def _ramener(session: Session, fusion: FusionOrganisation) -> None:
    """Ce qui pointe encore la fiche gardée ; ce que quelqu'un a corrigé depuis garde sa correction."""
    deplaces = select(DeplacementFusion).where(DeplacementFusion.fusion_id == fusion.id)
    for deplacement in session.scalars(deplaces.order_by(DeplacementFusion.id)).all():
        colonne = COLONNES[deplacement.rattachee]
        modele: type[Any] = COLONNES[deplacement.rattachee].property.parent.class_
        ligne = session.get_one(modele, deplacement.ligne_id)
        if getattr(ligne, colonne.key) == fusion.gardee_id:
            setattr(ligne, colonne.key, fusion.absorbee_id)


def _completer(session: Session, fusion: FusionOrganisation, absorbee: Organisation, gardee: Organisation) -> None:
    for champ in COMPLETES:
        if getattr(gardee, champ) in (None, "") and getattr(absorbee, champ) not in (None, ""):
            setattr(gardee, champ, getattr(absorbee, champ))
            session.add(ComplementFusion(investigation_id=fusion.investigation_id, fusion_id=fusion.id, champ=champ))


def _vider_complements(
    session: Session, fusion: FusionOrganisation, absorbee: Organisation, gardee: Organisation
) -> None:
    """Ce que la fusion avait appris à la fiche gardée, si personne ne l'a corrigé depuis."""
    for champ in session.scalars(select(ComplementFusion.champ).where(ComplementFusion.fusion_id == fusion.id)):
        if getattr(gardee, champ) == getattr(absorbee, champ):
            setattr(gardee, champ, "" if champ == "secteur" else None)


def _compter_deplaces(session: Session, fusions: list[int]) -> dict[int, dict[Rattachee, int]]:
    d = DeplacementFusion
    requete = select(d.fusion_id, d.rattachee, func.count()).where(d.fusion_id.in_(fusions))
    comptes: dict[int, dict[Rattachee, int]] = {}
    for fusion_id, rattachee, combien in session.execute(requete.group_by(d.fusion_id, d.rattachee)):
        comptes.setdefault(fusion_id, {})[rattachee] = combien
    return comptes
