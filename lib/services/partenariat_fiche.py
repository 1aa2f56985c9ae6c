"""La fiche d'un partenariat : ce qu'il est, son histoire, et ce qui en a été corrigé."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from lib.db.modeles import (
    Compte,
    Entretien,
    EvenementPartenariat,
    FormePartenariat,
    Partenariat,
    SolutionExistante,
    Terrain,
)
from lib.db.perimetre import visible
from lib.domain.dates_imprecises import DateImprecise
from lib.domain.dire_partenariat import dire_statut
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_le_detail
from lib.domain.erreurs import DonneeInvalide, Introuvable
from lib.domain.horloge import a_paris
from lib.domain.partenariats import (
    Episode,
    Evenement,
    duree_mois,
    en_vigueur,
    limite_sans_nouvelle,
    place,
    ranger,
    statut,
)
from lib.domain.vocabulaire import (
    FormeEngagement,
    Initiateur,
    ModeRecueil,
    MotifFin,
    PlaceDuree,
    Rythme,
    StatutPartenariat,
    TypeActeur,
    TypeEvenement,
)
from lib.graphiques import frise
from lib.services.citations_partenariat import CitationLue, lire_citations
from lib.services.details_partenariat import DetailsPartenariat
from lib.services.investigations import date_des_chiffres
from lib.services.partenariats_lecture import ASSOCIATION, ENTREPRISE, SYNTHESE, designer
from lib.services.partenariats_suivis import suivi

if TYPE_CHECKING:
    import plotly.graph_objects as go

PRECEDENT, SUITE = aliased(Partenariat, name="precedent"), aliased(Partenariat, name="suite")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenementLu:
    """Un événement de la fiche. `remplace_par` : la correction ou l'annulation qui l'a retiré, sans l'effacer."""

    fait: Evenement
    commentaire: str
    saisi_le: datetime
    saisi_par: str
    source: str
    remplace_par: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FichePartenariat:
    """Un partenariat entier.

    au : date des statuts et des durées. suite : événements en vigueur, dans l'ordre ; retires : les autres.
    incoherence : pourquoi l'histoire ne se tient pas, vide d'ordinaire. modifiable : le compte peut y écrire.
    """

    id: int
    version: int
    entreprise_id: int
    association_id: int
    terrain_id: int
    entreprise: str
    association: str
    terrain: str
    details: DetailsPartenariat
    solution: str
    source_id: int | None
    source: str
    episode: Episode
    episode_precedent_id: int | None
    episode_suivant_id: int | None
    archive: bool
    statut: StatutPartenariat
    place: PlaceDuree
    duree: int | None
    au: date
    suite: tuple[EvenementLu, ...]
    retires: tuple[EvenementLu, ...]
    incoherence: str
    modifiable: bool

    @property
    def posterieurs(self) -> bool:
        """Vrai si l'histoire continue après la date des statuts."""
        return any(evenement.fait.quand.connue and evenement.fait.au_plus_tot > self.au for evenement in self.suite)

    @property
    def sans_nouvelle_avant(self) -> date:
        """Le jour avant lequel une dernière nouvelle est trop vieille."""
        return limite_sans_nouvelle(self.au)


def lire_fiche(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> FichePartenariat:
    """La fiche, sous noms d'emprunt et sans textes libres pour qui ne lit pas les identités. Lève Introuvable."""
    exiger(peut_lire_le_detail, perimetre)
    ligne = _lire_partenariat(session, perimetre, partenariat_id)
    au = date_des_chiffres(session, perimetre)
    evenements = _lire_evenements(session, perimetre, partenariat_id)
    suite, incoherence = _ranger(evenements)
    formes = _lire_formes(session, partenariat_id)
    episode = Episode(**{nom: getattr(ligne, nom) for nom in SYNTHESE})
    equipe = peut_consigner(perimetre)
    return FichePartenariat(
        id=ligne.id,
        version=ligne.version,
        entreprise_id=ligne.entreprise_id,
        association_id=ligne.association_id,
        terrain_id=ligne.terrain_id,
        entreprise=designer(perimetre, TypeActeur.ENTREPRISE, ligne.entreprise_id, ligne.entreprise),
        association=designer(perimetre, TypeActeur.ASSOCIATION, ligne.association_id, ligne.association),
        terrain=ligne.terrain,
        details=_details(ligne, formes, equipe=equipe),
        solution=(ligne.solution or "") if equipe else "",
        source_id=ligne.source_entretien_id if equipe and ligne.source else None,
        source=(ligne.source or "") if equipe else "",
        episode=episode,
        episode_precedent_id=ligne.precedent_lisible_id,
        episode_suivant_id=ligne.episode_suivant_id,
        archive=ligne.archive_le is not None,
        statut=statut(episode, au),
        place=place(episode, au),
        duree=duree_mois(episode, au),
        au=au,
        suite=suite,
        retires=tuple(e for e in evenements if e not in suite),
        incoherence=incoherence,
        modifiable=equipe and ligne.archive_le is None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VuePartenariat:
    """La fiche, sa frise prête à afficher, et ce qu'en disent les entretiens (pour l'équipe)."""

    fiche: FichePartenariat
    phrase: str
    frise: "go.Figure"
    alternative: str
    citations: tuple[CitationLue, ...]


def preparer(session: Session, perimetre: Perimetre, *, partenariat_id: int) -> VuePartenariat:
    """Tout ce que montre la page d'un partenariat. Lève Introuvable."""
    fiche = lire_fiche(session, perimetre, partenariat_id=partenariat_id)
    suite = tuple(evenement.fait for evenement in fiche.suite)
    return VuePartenariat(
        fiche=fiche,
        phrase=dire_statut(fiche.episode, fiche.au, suite),
        frise=frise.figure(suite, au=fiche.au),
        alternative=frise.description(suite, au=fiche.au),
        citations=lire_citations(session, perimetre, partenariat_id=partenariat_id),
    )


def _lire_partenariat(session: Session, perimetre: Perimetre, partenariat_id: int) -> Any:
    precedent = select(PRECEDENT.id).where(
        PRECEDENT.id == Partenariat.episode_precedent_id, _lisible(PRECEDENT, perimetre)
    )
    suivant = select(SUITE.id).where(
        SUITE.episode_precedent_id == Partenariat.id, SUITE.archive_le.is_(None), _lisible(SUITE, perimetre)
    )
    requete = (
        select(
            *Partenariat.__table__.columns,
            Terrain.nom.label("terrain"),
            ENTREPRISE.nom.label("entreprise"),
            ASSOCIATION.nom.label("association"),
            SolutionExistante.nom.label("solution"),
            Entretien.code.label("source"),
            precedent.scalar_subquery().label("precedent_lisible_id"),
            suivant.limit(1).scalar_subquery().label("episode_suivant_id"),
        )
        .join_from(Partenariat, Terrain, Terrain.id == Partenariat.terrain_id)
        .join(ENTREPRISE, ENTREPRISE.id == Partenariat.entreprise_id)
        .join(ASSOCIATION, ASSOCIATION.id == Partenariat.association_id)
        .outerjoin(SolutionExistante, SolutionExistante.id == Partenariat.solution_id)
        .outerjoin(Entretien, and_(Entretien.id == Partenariat.source_entretien_id, visible(Entretien, perimetre)))
        .where(Partenariat.id == partenariat_id, _lisible(Partenariat, perimetre))
    )
    ligne = session.execute(requete).one_or_none()
    if ligne is None:
        raise Introuvable("Cette fiche n'existe pas, ou n'est pas ouverte à votre compte.")
    return ligne


def _lisible(modele: Any, perimetre: Perimetre) -> ColumnElement[bool]:
    """Condition : ce compte peut ouvrir la fiche ; un épisode voisin qu'il ne peut pas ouvrir ne se devine pas."""
    dans_le_perimetre = visible(modele, perimetre)
    return dans_le_perimetre if peut_consigner(perimetre) else and_(dans_le_perimetre, suivi(modele))


def _lire_formes(session: Session, partenariat_id: int) -> dict[FormeEngagement, int | None]:
    """Part de chaque forme, la principale d'abord."""
    requete = (
        select(FormePartenariat.forme, FormePartenariat.part)
        .where(FormePartenariat.partenariat_id == partenariat_id)
        .order_by(FormePartenariat.principale.desc(), FormePartenariat.forme)
    )
    return {ligne.forme: ligne.part for ligne in session.execute(requete)}


def _details(ligne: Any, formes: dict[FormeEngagement, int | None], *, equipe: bool) -> DetailsPartenariat:
    volume: Decimal | None = ligne.volume if equipe else None
    return DetailsPartenariat(
        mode_recueil=ModeRecueil(ligne.mode_recueil),
        rythme=Rythme(ligne.rythme),
        formes=tuple(formes),
        parts={forme: part for forme, part in formes.items() if part is not None},
        initiateur=Initiateur(ligne.initiateur),
        solution_id=ligne.solution_id if equipe else None,
        volume=volume,
        unite=(ligne.unite or "") if equipe else "",
        description=ligne.description if equipe else "",
        convention_debut=ligne.convention_debut,
        convention_fin=ligne.convention_fin,
    )


def _lire_evenements(session: Session, perimetre: Perimetre, partenariat_id: int) -> tuple[EvenementLu, ...]:
    """Tous les événements, dans l'ordre de saisie."""
    equipe = peut_consigner(perimetre)
    requete = (
        select(*EvenementPartenariat.__table__.columns, Compte.nom_affiche, Entretien.code.label("source"))
        .select_from(EvenementPartenariat)
        .outerjoin(Compte, Compte.id == EvenementPartenariat.saisi_par)
        .outerjoin(
            Entretien, and_(Entretien.id == EvenementPartenariat.source_entretien_id, visible(Entretien, perimetre))
        )
        .where(EvenementPartenariat.partenariat_id == partenariat_id)
        .order_by(EvenementPartenariat.id)
    )
    lignes = session.execute(requete).all()
    remplaces = {ligne.corrige_id: ligne.id for ligne in lignes if ligne.corrige_id is not None}
    return tuple(
        EvenementLu(
            fait=_fait(ligne),
            commentaire=ligne.commentaire if equipe else "",
            saisi_le=ligne.saisi_le,
            saisi_par=(ligne.nom_affiche or "") if equipe else "",
            source=(ligne.source or "") if equipe else "",
            remplace_par=remplaces.get(ligne.id),
        )
        for ligne in lignes
    )


def _fait(ligne: Any) -> Evenement:
    return Evenement(
        id=ligne.id,
        type=TypeEvenement(ligne.type),
        quand=DateImprecise(ligne.date_effet, ligne.precision),
        su_le=a_paris(ligne.saisi_le).date(),
        motif=MotifFin(ligne.motif) if ligne.motif else None,
        corrige_id=ligne.corrige_id,
        annule=ligne.annule,
    )


def _ranger(evenements: tuple[EvenementLu, ...]) -> tuple[tuple[EvenementLu, ...], str]:
    """Les événements en vigueur dans l'ordre de l'histoire ; à défaut, par date, et la phrase qui dit ce qui cloche."""
    par_id = {evenement.fait.id: evenement for evenement in evenements}
    faits = en_vigueur(evenement.fait for evenement in evenements)
    try:
        return tuple(par_id[fait.id] for fait in ranger(faits)), ""
    except DonneeInvalide as erreur:  # des données reprises d'ailleurs : la fiche doit s'ouvrir pour les corriger
        ordre = sorted(faits, key=lambda fait: (fait.au_plus_tot, fait.id))
        return tuple(par_id[fait.id] for fait in ordre), str(erreur)
