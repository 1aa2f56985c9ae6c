"""Les citations d'une case, telles que ce compte peut les lire."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from lib.analytics.cooccurrences import rencontres
from lib.db.modeles import (
    Entretien,
    Etiquetage,
    Etiquette,
    Organisation,
    SyntheseCooccurrence,
    SyntheseEtiquette,
    SyntheseSituation,
    Terrain,
    Verbatim,
)
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites, peut_lire_indicateurs, peut_lire_le_detail
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.formats import guillemets
from lib.domain.matrices import Case, Cooccurrence
from lib.domain.vocabulaire import AccordCitation, AncrageVerbatim, TailleEntreprise
from lib.services.citations import Citation, lire_citations
from lib.services.matrices import cooccurrences, croisement
from lib.services.matrices.commun import PAR_PAGE, SANS, nombre_de_pages
from lib.services.synthese_cooccurrences import lire_textes_codes
from lib.services.syntheses import compte_dans_les_chiffres
from lib.services.syntheses_citations import citations_nues

PLAFOND = 500
SE_TAIT = "Cette case ne s'ouvre pas : elle compte trop peu d'acteurs pour se lire hors de l'équipe d'enquête."
POSE, AUTRE_POSE = aliased(Etiquetage), aliased(Etiquetage)
ICI, CROISE = aliased(Verbatim), aliased(Verbatim)
LOT = 20
"""Entretiens relus ensemble quand une case se cherche dans les textes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOuverte:
    """Une page des citations d'une case. plafonne : elle en compte davantage que celles qui s'ouvrent ici."""

    titre: str
    citations: tuple[Citation, ...]
    total: int
    plafonne: bool
    page: int
    pages: int


def ouvrir_case(session: Session, perimetre: Perimetre, *, case: Case, page: int = 1) -> CaseOuverte:
    """Les citations d'une case, les plus récentes d'abord. Hors de l'équipe : celles que l'on peut citer, masquées.

    Lève Introuvable si la case désigne ce que ce compte ne voit pas ; AccesRefuse si, hors de l'équipe, aucune matrice
    ne l'ouvre : une adresse écrite à la main ne rend pas ce qu'une page tait.
    """
    exiger(peut_lire_indicateurs, perimetre)
    if case.entretien_id is not None:
        exiger(peut_lire_identites, perimetre)
    if case.terrain_id is not None:
        exiger(peut_lire_le_detail, perimetre)
    titre = _nommer(session, perimetre, case)
    if not peut_lire_identites(perimetre):
        _refuser_ce_qui_se_tait(session, perimetre, case)
    trouvees = (_une_etiquette if case.autre_id is None else _une_paire)(session, perimetre, case, max(1, page))
    return CaseOuverte(
        titre=titre,
        citations=lire_citations(session, perimetre, trouvees.choisies),
        total=trouvees.total,
        plafonne=trouvees.plafonne,
        page=trouvees.page,
        pages=trouvees.pages,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouvees:
    """Les citations d'une page, et ce qui se dit de toutes les autres."""

    choisies: Sequence[int]
    total: int
    plafonne: bool
    page: int
    pages: int


def _une_paire(session: Session, perimetre: Perimetre, case: Case, page: int) -> _Trouvees:
    """Ce qui est lu s'arrête à la page demandée : le reste se dit « plus de »."""
    plafond = page * PAR_PAGE
    trouvees = _ensemble(session, perimetre, case, plafond + 1)
    montrees = trouvees[:plafond]
    page = page if page <= nombre_de_pages(len(montrees)) else 1
    return _Trouvees(
        choisies=_de_la_page(montrees, page),
        total=len(montrees),
        plafonne=len(trouvees) > plafond,
        page=page,
        pages=nombre_de_pages(len(trouvees)),
    )


def _refuser_ce_qui_se_tait(session: Session, perimetre: Perimetre, case: Case) -> None:
    s_ouvre = croisement.s_ouvre if case.autre_id is None else cooccurrences.s_ouvre
    if not s_ouvre(session, perimetre, case):
        raise AccesRefuse(SE_TAIT)


def _une_etiquette(session: Session, perimetre: Perimetre, case: Case, page: int) -> _Trouvees:
    """Quand les synthèses disent combien de citations compte la case, seule la page demandée se lit."""
    compte = _compte_tenu(session, perimetre, case)
    if compte is None:
        trouvees = _chercher(session, perimetre, case, PLAFOND + 1)
        compte = len(trouvees)
    else:
        trouvees = _dernieres(session, perimetre, case, min(compte, PLAFOND, page * PAR_PAGE))
    total = min(compte, PLAFOND)
    if page > nombre_de_pages(total):  # un lien ancien, ou des citations retirées depuis
        page = 1
    return _Trouvees(
        choisies=_de_la_page(trouvees[:PLAFOND], page),
        total=total,
        plafonne=compte > PLAFOND,
        page=page,
        pages=nombre_de_pages(total),
    )


def _de_la_page(trouvees: Sequence[int], page: int) -> Sequence[int]:
    return trouvees[(page - 1) * PAR_PAGE : page * PAR_PAGE]


def _compte_tenu(session: Session, perimetre: Perimetre, case: Case) -> int | None:
    """Citations de l'étiquette dans la situation, que ce compte peut lire ; None si les synthèses l'ignorent."""
    if case.entretien_id is not None or not case.etiquette_id:
        return None
    tenue = SyntheseEtiquette
    mesure = tenue.verbatims if peut_lire_identites(perimetre) else tenue.citables
    conditions = [visible(tenue, perimetre), tenue.etiquette_id == case.etiquette_id, *_situation(tenue, case)]
    return int(session.scalar(select(func.coalesce(func.sum(mesure), 0)).where(*conditions)) or 0)


def _situation(modele: Any, case: Case) -> list[ColumnElement[bool]]:
    situation = {"terrain_id": case.terrain_id, "type_acteur": case.type_acteur, "taille": case.taille}
    return [getattr(modele, nom) == valeur for nom, valeur in situation.items() if valeur is not None]


def _dernieres(session: Session, perimetre: Perimetre, case: Case, plafond: int) -> list[int]:
    """Les dernières citations de l'étiquette, ou des deux : ses poses se suivent dans leur index, on s'y arrête."""
    conditions = [POSE.etiquette_id == case.etiquette_id, POSE.retire_le.is_(None)]
    if case.autre_id is not None:
        aussi = (
            AUTRE_POSE.verbatim_id == POSE.verbatim_id,
            AUTRE_POSE.etiquette_id == case.autre_id,
            AUTRE_POSE.retire_le.is_(None),
        )
        conditions.append(exists().where(*aussi).correlate(POSE))
    ici = Verbatim.id == POSE.verbatim_id, Verbatim.archive_le.is_(None), Entretien.id == Verbatim.entretien_id
    conditions.append(exists().where(*ici, _ou(perimetre, case)).correlate(POSE))
    requete = select(POSE.verbatim_id).where(*conditions).order_by(POSE.verbatim_id.desc()).distinct()
    return list(session.scalars(requete.limit(plafond))) if plafond else []


def _ou(perimetre: Perimetre, case: Case) -> ColumnElement[bool]:
    """Condition sur l'entretien."""
    conditions = [visible(Entretien, perimetre), compte_dans_les_chiffres()]
    if not peut_lire_identites(perimetre):
        conditions.append(Entretien.accord_citation != AccordCitation.NON)
    if case.terrain_id is not None:
        conditions.append(Entretien.terrain_id == case.terrain_id)
    if case.type_acteur is not None:
        conditions.append(Entretien.type_acteur == case.type_acteur)
    if case.entretien_id is not None:
        conditions.append(Entretien.id == case.entretien_id)
    if case.taille is not None:
        conditions.append(_de_taille(case.taille))
    return and_(*conditions)


def _de_taille(taille: str) -> ColumnElement[bool]:
    mesurees = select(Organisation.id).where(Organisation.taille.is_not(None))
    if not taille:
        return Entretien.organisation_id.is_(None) | Entretien.organisation_id.not_in(mesurees)
    return Entretien.organisation_id.in_(mesurees.where(Organisation.taille == TailleEntreprise(taille)))


def _chercher(session: Session, perimetre: Perimetre, case: Case, plafond: int) -> list[int]:
    """Les citations d'une étiquette ; celles sans étiquette s'arrêtent à ce que les synthèses en comptent."""
    posee = select(Etiquetage.verbatim_id).where(Etiquetage.retire_le.is_(None))
    if case.etiquette_id:
        portee: ColumnElement[bool] = _portee(posee, case)
    else:
        portee = Verbatim.id.in_(citations_nues(perimetre.investigation_id))
        plafond = min(plafond, _sans_etiquette(session, perimetre, case))
    requete = (
        select(Verbatim.id)
        .join(Entretien, Entretien.id == Verbatim.entretien_id)
        .where(Verbatim.archive_le.is_(None), portee, _ou(perimetre, case))
        .order_by(Verbatim.id.desc())
    )
    return list(session.scalars(requete.limit(plafond))) if plafond else []


def _portee(posee: Select[int], case: Case) -> ColumnElement[bool]:
    """Dans un seul entretien, on part de ses citations ; ailleurs, de celles de l'étiquette."""
    if case.entretien_id is None:
        return Verbatim.id.in_(posee.where(Etiquetage.etiquette_id == case.etiquette_id))
    ici = Etiquetage.entretien_id == case.entretien_id, Etiquetage.etiquette_id == case.etiquette_id
    return Verbatim.id.in_(posee.where(*ici))


def _sans_etiquette(session: Session, perimetre: Perimetre, case: Case) -> int:
    """Citations sans étiquette de la situation."""
    conditions = [visible(SyntheseSituation, perimetre), *_situation(SyntheseSituation, case)]
    requete = select(func.coalesce(func.sum(SyntheseSituation.sans_etiquette), 0))
    return int(session.scalar(requete.where(*conditions)) or 0)


def _ensemble(session: Session, perimetre: Perimetre, case: Case, plafond: int) -> list[int]:
    """Les citations qui font se rencontrer deux étiquettes ; un tour de parole se relit dans les textes, par lots, les
    derniers d'abord."""
    if case.nature is Cooccurrence.CITATION:
        return _dernieres(session, perimetre, case, plafond)
    if case.nature is Cooccurrence.CHEVAUCHEMENT:
        return _chevauchantes(session, perimetre, case, plafond)
    return _du_meme_tour(session, perimetre, case, plafond)


def _du_meme_tour(session: Session, perimetre: Perimetre, case: Case, plafond: int) -> list[int]:
    """Les synthèses disent combien d'entretiens les font se rencontrer : une paire rare n'en relit pas dix mille."""
    porteurs = (
        exists().where(
            Etiquetage.entretien_id == Entretien.id,
            Etiquetage.etiquette_id == etiquette_id,
            Etiquetage.retire_le.is_(None),
        )
        for etiquette_id in (case.etiquette_id, case.autre_id)
    )
    trouvees: list[int] = []
    lus, attendus = 0, -1
    for lot in _lots(session, and_(_ou(perimetre, case), *porteurs)):
        for siennes in _rencontrees(session, lot, case):
            lus += 1
            trouvees += siennes
        if len(trouvees) < plafond and attendus < 0:
            attendus = _entretiens_de_la_paire(session, perimetre, case)
        if len(trouvees) >= plafond or lus >= attendus:
            break
    return trouvees[:plafond]


def _entretiens_de_la_paire(session: Session, perimetre: Perimetre, case: Case) -> int:
    """Au plus : le type d'acteur, la taille et l'accord de citer en écartent peut-être."""
    tenue, (une, autre) = SyntheseCooccurrence, sorted((case.etiquette_id, case.autre_id or 0))
    conditions = [tenue.etiquette_id == une, tenue.autre_id == autre, tenue.nature == case.nature]
    if case.terrain_id is not None:
        conditions.append(tenue.terrain_id == case.terrain_id)
    requete = select(func.coalesce(func.sum(tenue.entretiens), 0))
    return int(session.scalar(requete.where(visible(tenue, perimetre), *conditions)) or 0)


def _chevauchantes(session: Session, perimetre: Perimetre, case: Case, plafond: int) -> list[int]:
    """Les dernières citations de l'une qui partagent des mots avec une citation de l'autre, et réciproquement."""
    paire = case.etiquette_id, case.autre_id
    ou = _ou(perimetre, case)
    cotes = (_croisees(ou, *cote).limit(plafond).subquery() for cote in (paire, paire[::-1]))
    toutes = union(*(select(cote.c.verbatim_id) for cote in cotes)).subquery()
    return list(session.scalars(select(toutes.c.verbatim_id).order_by(toutes.c.verbatim_id.desc()).limit(plafond)))


def _croisees(ou: ColumnElement[bool], etiquette_id: int | None, croisee_id: int | None) -> Select[int]:
    """Ses poses se suivent dans leur index, de la dernière à la première : la lecture s'arrête à la page."""
    place = (
        CROISE.texte_id == ICI.texte_id,
        ICI.ancrage == AncrageVerbatim.SUR,
        CROISE.ancrage == AncrageVerbatim.SUR,
        CROISE.debut < ICI.fin,
        ICI.debut < CROISE.fin,
    )
    posee = (
        AUTRE_POSE.entretien_id == POSE.entretien_id,
        AUTRE_POSE.etiquette_id == croisee_id,
        AUTRE_POSE.retire_le.is_(None),
    )
    lisible = ICI.id == POSE.verbatim_id, ICI.archive_le.is_(None), Entretien.id == ICI.entretien_id
    passage = CROISE.id == AUTRE_POSE.verbatim_id, CROISE.archive_le.is_(None), or_(CROISE.id == ICI.id, and_(*place))
    conditions = [POSE.etiquette_id == etiquette_id, POSE.retire_le.is_(None)]
    conditions.append(exists().where(*lisible, ou, *posee, *passage).correlate(POSE))
    return select(POSE.verbatim_id).where(*conditions).order_by(POSE.verbatim_id.desc()).distinct()


def _lots(session: Session, ou: ColumnElement[bool]) -> Iterator[Sequence[int]]:
    """Les entretiens qui conviennent, les derniers d'abord, quelques-uns à la fois."""
    requete = select(Entretien.id).where(ou).order_by(Entretien.id.desc()).limit(LOT)
    lot = session.scalars(requete).all()
    while lot:
        yield lot
        lot = session.scalars(requete.where(Entretien.id < lot[-1])).all()


def _rencontrees(session: Session, entretiens: Sequence[int], case: Case) -> Iterator[list[int]]:
    """Pour chaque entretien où elles se rencontrent, les citations qui le font."""
    cherchee = tuple(sorted((case.etiquette_id, case.autre_id or 0)))
    ou = Entretien.id.in_(entretiens)
    for _, textes in lire_textes_codes(session, ou, recents=True, etiquettes=cherchee):
        trouvees = {
            identifiant
            for texte in textes
            for nature, paire, passages in rencontres(*texte)
            if nature is case.nature and paire == cherchee
            for identifiant in passages
        }
        if trouvees:
            yield sorted(trouvees, reverse=True)


def _nommer(session: Session, perimetre: Perimetre, case: Case) -> str:
    """« Manque de temps » et « Coût caché », même citation ; Marseille ; E-MRS-001."""
    voulues = [identifiant for identifiant in (case.etiquette_id, case.autre_id) if identifiant]
    lues = select(Etiquette.id, Etiquette.nom).where(visible(Etiquette, perimetre), Etiquette.id.in_(voulues))
    noms = {ligne.id: ligne.nom for ligne in session.execute(lues)}
    if len(noms) < len(set(voulues)):
        raise Introuvable("Cette étiquette n'existe pas, ou n'est pas ouverte à votre compte.")
    morceaux = [" et ".join(guillemets(noms[identifiant]) for identifiant in voulues) or SANS]
    morceaux += [case.nature.libelle.lower()] if case.nature else []
    morceaux += [case.type_acteur.libelle] if case.type_acteur else []
    if case.taille is not None:
        morceaux.append(TailleEntreprise(case.taille).libelle if case.taille else "sans taille d'entreprise")
    return ", ".join([*morceaux, *_situer(session, perimetre, case)])


def _situer(session: Session, perimetre: Perimetre, case: Case) -> Iterator[str]:
    for modele, identifiant, nom in (
        (Terrain, case.terrain_id, Terrain.nom),
        (Entretien, case.entretien_id, Entretien.code),
    ):
        if identifiant is not None:
            trouve = session.scalar(select(nom).where(modele.id == identifiant, visible(modele, perimetre)))
            if trouve is None:
                raise Introuvable("Cette case n'existe pas, ou n'est pas ouverte à votre compte.")
            yield trouve
