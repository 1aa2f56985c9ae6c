"""Verser une preuve, la lire avec sa source, la retirer."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Compte, Entretien, Hypothese, Organisation, Preuve, SolutionExistante, Terrain, Verbatim
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_exporter, peut_lire_identites
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.preuves import SourcePreuve
from lib.domain.pseudonymes import designer_organisation
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import AccordCitation, SensPreuve
from lib.services.balances import preuves_visibles
from lib.services.designations import citation_designee, indicateur_designe, solution_designee
from lib.services.indicateur import dire
from lib.services.indicateurs import lire_indicateurs
from lib.services.pseudonymisation import charger_pseudonymisation
from lib.services.syntheses import compte_dans_les_chiffres

POIDS = range(1, 4)
MAXIMUM = 200
"""Preuves lues d'une hypothèse ; au-delà, elles pèsent mais ne se listent pas."""
CITATION_RETIREE = "La citation a été retirée : la preuve reste, ses mots ne se lisent plus."
SANS_ACCORD = "L'accord de citer n'est pas donné : la preuve reste, ses mots ne se lisent pas."
HORS_CHIFFRES = "L'entretien n'entre plus dans les chiffres : la preuve est à relire."
SOLUTION_RETIREE = "La solution n'est plus recensée : la preuve est à relire."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cible:
    """Ce que désigne une preuve.

    reference : code d'un entretien (« E-MRS-001 ») ou d'un indicateur, numéro d'une citation ou d'une solution.
    """

    source: SourcePreuve
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreuveLue:
    """Une preuve versée, telle que ce compte peut la lire.

    designation : sa source ; le code de l'entretien pour l'équipe, un nom d'emprunt pour les autres. mots : la
    citation, ou ce que disait l'indicateur. absence : pourquoi les mots manquent. commentaire : pour l'équipe seule.
    entretien_id, verbatim_id, indicateur : où l'ouvrir, pour qui le peut.
    """

    id: int
    sens: SensPreuve
    poids: int
    source: SourcePreuve
    designation: str
    mots: str
    absence: str
    commentaire: str
    auteur: str
    versee_le: datetime
    entretien_id: int | None = None
    verbatim_id: int | None = None
    indicateur: CodeIndicateur | None = None


def verser_preuve(
    session: Session,
    perimetre: Perimetre,
    *,
    hypothese_id: int,
    cible: Cible,
    sens: SensPreuve,
    poids: int,
    commentaire: str = "",
) -> None:
    """Verse une preuve. Celle d'un indicateur retient ce qu'il disait ce jour-là.

    Lève DonneeInvalide si la cible n'existe pas ou ne compte pas, si le poids n'est pas de 1 à 3, ou si elle pèse
    déjà de la même façon ; AccesRefuse ; Introuvable.
    """
    exiger(peut_consigner, perimetre)
    hypothese = trouver(session, Hypothese, hypothese_id, perimetre)
    if poids not in POIDS:
        raise DonneeInvalide("Le poids d'une preuve va de 1 à 3.", champ="poids")
    visee = _viser(session, perimetre, cible)
    deja = select(Preuve.id).where(
        Preuve.hypothese_id == hypothese.id,
        Preuve.sens == sens,
        Preuve.archive_le.is_(None),
        *(getattr(Preuve, colonne).is_not_distinct_from(valeur) for colonne, valeur in visee.items()),
    )
    if session.scalar(deja.limit(1)) is not None:
        raise DonneeInvalide("Cette source pèse déjà ainsi sur cette hypothèse.", champ="cible")
    session.add(
        Preuve(
            **visee,
            investigation_id=hypothese.investigation_id,
            hypothese_id=hypothese.id,
            sens=sens,
            poids=poids,
            chiffre_vu=_chiffre(session, perimetre, visee["indicateur"]),
            commentaire=normaliser(commentaire, champ="commentaire").strip(),
            cree_par=perimetre.auteur_id,
        )
    )
    session.flush()


def retirer_preuve(session: Session, perimetre: Perimetre, *, preuve_id: int) -> None:
    """Archive une preuve : elle ne pèse plus, et reste au journal. Lève Introuvable, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    preuve = session.scalars(select(Preuve).where(Preuve.id == preuve_id, preuves_visibles(perimetre))).one_or_none()
    if preuve is None:
        raise Introuvable("Cette preuve n'existe plus, ou n'est pas ouverte à votre compte.")
    preuve.archive_le = maintenant()


# --- Désigner ---------------------------------------------------------------------------------------------------


def _viser(session: Session, perimetre: Perimetre, cible: Cible) -> dict[str, Any]:
    visee: dict[str, Any] = dict.fromkeys(("entretien_id", "verbatim_id", "solution_id", "indicateur"))
    reference = cible.reference.strip()
    if cible.source is SourcePreuve.CITATION:
        visee["verbatim_id"], visee["entretien_id"] = citation_designee(session, perimetre, reference, champ="cible")
    elif cible.source is SourcePreuve.ENTRETIEN:
        visee["entretien_id"] = _entretien(session, perimetre, reference)
    elif cible.source is SourcePreuve.SOLUTION:
        visee["solution_id"] = solution_designee(session, perimetre, reference, champ="cible")
    else:
        visee["indicateur"] = indicateur_designe(reference, champ="cible").value
    return visee


def _entretien(session: Session, perimetre: Perimetre, code: str) -> int:
    requete = select(Entretien.id).where(
        visible(Entretien, perimetre), compte_dans_les_chiffres(), func.upper(Entretien.code) == code.upper()
    )
    identifiant = session.scalar(requete)
    if identifiant is None:
        raise DonneeInvalide(
            "Aucun entretien réalisé ne porte ce code : recopiez-le depuis sa fiche (par exemple E-MRS-001).",
            champ="cible",
        )
    return identifiant


def _chiffre(session: Session, perimetre: Perimetre, indicateur: str | None) -> str:
    if indicateur is None:
        return ""
    return next(dire(lu) for lu in lire_indicateurs(session, perimetre).tous if lu.code == indicateur)


# --- Lire -------------------------------------------------------------------------------------------------------


def lire_preuves(session: Session, perimetre: Perimetre, *, hypothese_id: int) -> tuple[PreuveLue, ...]:
    """Les preuves d'une hypothèse, dans l'ordre où elles ont été versées. Lève AccesRefuse.

    Une requête, et une de plus pour effacer les noms des citations lues hors de l'équipe. Une citation retirée ou
    privée d'accord ne rend ses mots à personne, pas même à l'équipe.
    """
    exiger(peut_exporter, perimetre)
    lignes = session.execute(_requete(perimetre, hypothese_id)).all()
    mots = {ligne.id: _mots(ligne) for ligne in lignes}
    if peut_lire_identites(perimetre):
        return tuple(_lire(ligne, mots[ligne.id], nommee=True) for ligne in lignes)
    citees = [(ligne.entretien_id, mots[ligne.id]) for ligne in lignes if ligne.verbatim_id and mots[ligne.id]]
    citees += [(0, ligne.solution) for ligne in lignes if ligne.solution]
    if not citees:
        return tuple(_lire(ligne, mots[ligne.id], nommee=False) for ligne in lignes)
    masques = charger_pseudonymisation(session, perimetre, extraits=citees)
    mots = {ligne.id: masques.masquer(mots[ligne.id], ligne.entretien_id) for ligne in lignes}
    lues = (_lire(ligne, mots[ligne.id], nommee=False) for ligne in lignes)
    return tuple(replace(lue, designation=masques.masquer(lue.designation)) for lue in lues)


def _requete(perimetre: Perimetre, hypothese_id: int) -> Any:
    return (
        select(
            *(Preuve.id, Preuve.sens, Preuve.poids, Preuve.commentaire, Preuve.chiffre_vu, Preuve.cree_le),
            *(Preuve.entretien_id, Preuve.verbatim_id, Preuve.indicateur, Preuve.solution_id),
            *(Entretien.code, Entretien.type_acteur, Entretien.organisation_id, Entretien.accord_citation),
            compte_dans_les_chiffres().label("compte"),
            *(Verbatim.citation, Verbatim.archive_le.label("citation_retiree")),
            *(SolutionExistante.nom.label("solution"), SolutionExistante.archive_le.label("solution_retiree")),
            *(Organisation.nom.label("organisation"), Terrain.nom.label("terrain"), Compte.nom_affiche),
        )
        .outerjoin(Entretien, Entretien.id == Preuve.entretien_id)
        .outerjoin(Terrain, Terrain.id == Entretien.terrain_id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .outerjoin(Verbatim, Verbatim.id == Preuve.verbatim_id)
        .outerjoin(SolutionExistante, SolutionExistante.id == Preuve.solution_id)
        .outerjoin(Compte, Compte.id == Preuve.cree_par)
        .where(preuves_visibles(perimetre), Preuve.hypothese_id == hypothese_id)
        .order_by(Preuve.id)
        .limit(MAXIMUM)
    )


def _lire(ligne: Row[Any], mots: str, *, nommee: bool) -> PreuveLue:
    return PreuveLue(
        id=ligne.id,
        sens=ligne.sens,
        poids=ligne.poids,
        source=_source(ligne),
        designation=_designer(ligne, nommee=nommee),
        mots=mots,
        absence=_absence(ligne),
        commentaire=ligne.commentaire if nommee else "",
        auteur=ligne.nom_affiche or "",
        versee_le=ligne.cree_le,
        entretien_id=ligne.entretien_id if nommee else None,
        verbatim_id=ligne.verbatim_id,
        indicateur=CodeIndicateur(ligne.indicateur) if ligne.indicateur in list(CodeIndicateur) else None,
    )


def _source(ligne: Row[Any]) -> SourcePreuve:
    if ligne.verbatim_id is not None:
        return SourcePreuve.CITATION
    if ligne.entretien_id is not None:
        return SourcePreuve.ENTRETIEN
    return SourcePreuve.SOLUTION if ligne.solution_id is not None else SourcePreuve.INDICATEUR


def _designer(ligne: Row[Any], *, nommee: bool) -> str:
    if ligne.entretien_id is None:
        connu = ligne.indicateur in list(CodeIndicateur)
        return ligne.solution or (CodeIndicateur(ligne.indicateur).libelle if connu else ligne.indicateur)
    emprunt = (
        designer_organisation(ligne.type_acteur, ligne.organisation_id)
        if ligne.organisation_id
        else ligne.type_acteur.libelle
    )
    qui = f"{ligne.code}, {ligne.organisation or ligne.type_acteur.libelle}" if nommee else emprunt
    return f"{qui}, {ligne.terrain}"


def _mots(ligne: Row[Any]) -> str:
    if ligne.verbatim_id is None:
        return str(ligne.chiffre_vu)
    return "" if _absence(ligne) else str(ligne.citation)


def _absence(ligne: Row[Any]) -> str:
    if ligne.entretien_id is not None and not ligne.compte:
        return HORS_CHIFFRES
    if ligne.citation_retiree is not None:
        return CITATION_RETIREE
    if ligne.verbatim_id is not None and ligne.accord_citation is AccordCitation.NON:
        return SANS_ACCORD
    return SOLUTION_RETIREE if ligne.solution_retiree is not None else ""
