"""Registre des solutions existantes : ce qui met déjà en relation, à quel coût pour chacun, et ce qui y manque."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import proteger_sous, publier, sous_secret
from lib.db.base import maintenant
from lib.db.modeles import Partenariat, SolutionExistante
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_indicateurs
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import guillemets, nombre
from lib.domain.textes import normaliser, normaliser_ligne, plier
from lib.services.partenariats_suivis import suivi
from lib.services.textes_partages import partager
from lib.services.transaction import CONFLIT

LONGUEUR_COUT = 200
LONGUEUR_LIEN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieSolution:
    """Une solution telle qu'elle se saisit ; les coûts sont des phrases courtes (« 30 € par mois », « gratuit »)."""

    nom: str
    cout_entreprise: str = ""
    cout_association: str = ""
    manque: str = ""
    lien: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionLue:
    """Une solution du registre, et combien de partenariats suivis en viennent ; `ecrits` : ce qui peut s'en lire."""

    id: int
    version: int
    saisie: SaisieSolution
    archivee: bool
    partenariats: int
    partenariats_ecrits: str


def lister_solutions(session: Session, perimetre: Perimetre, *, archivees: bool = False) -> tuple[SolutionLue, ...]:
    """Le registre par ordre alphabétique, et les partenariats de chacune, comptés en SQL.

    Hors de l'équipe, les noms connus s'effacent des textes libres, prénoms compris.
    """
    exiger(peut_lire_indicateurs, perimetre)
    s = SolutionExistante
    siens = and_(Partenariat.solution_id == s.id, visible(Partenariat, perimetre), Partenariat.archive_le.is_(None))
    compte = select(func.count(Partenariat.id)).where(siens, suivi(Partenariat)).scalar_subquery()
    requete = select(s, compte).where(visible(s, perimetre)).order_by(s.nom, s.id)
    if not archivees:
        requete = requete.where(s.archive_le.is_(None))
    lues = tuple(_lue(solution, combien) for solution, combien in session.execute(requete))
    lues = _proteger(session, perimetre, lues) if sous_secret(perimetre) else lues
    return _partager(session, perimetre, lues)


def choix_de_solutions(session: Session, perimetre: Perimetre) -> Mapping[int, str]:
    """Nom de chaque solution vivante, à choisir dans un partenariat."""
    exiger(peut_consigner, perimetre)
    s = SolutionExistante
    requete = select(s.id, s.nom).where(visible(s, perimetre), s.archive_le.is_(None)).order_by(s.nom, s.id)
    return {ligne.id: ligne.nom for ligne in session.execute(requete)}


def creer(session: Session, perimetre: Perimetre, saisie: SaisieSolution) -> int:
    """Inscrit une solution au registre. Lève DonneeInvalide (un champ), AccesRefuse."""
    exiger(peut_consigner, perimetre)
    solution = SolutionExistante(
        investigation_id=perimetre.investigation_id,
        cree_par=perimetre.auteur_id,
        **_verifier(session, perimetre, saisie),
    )
    session.add(solution)
    session.flush()
    return solution.id


def corriger(session: Session, perimetre: Perimetre, saisie: SaisieSolution, *, solution_id: int, version: int) -> None:
    """Corrige une solution lue à cette version. Lève Conflit, DonneeInvalide, Introuvable."""
    exiger(peut_consigner, perimetre)
    solution = trouver(session, SolutionExistante, solution_id, perimetre)
    if solution.version != version:
        raise Conflit(CONFLIT)
    for nom, valeur in _verifier(session, perimetre, saisie, solution_id).items():
        setattr(solution, nom, valeur)
    session.flush()


def archiver(session: Session, perimetre: Perimetre, *, solution_id: int) -> None:
    """Retire une solution du registre ; les partenariats qui en viennent la gardent."""
    exiger(peut_consigner, perimetre)
    trouver(session, SolutionExistante, solution_id, perimetre).archive_le = maintenant()


def retablir(session: Session, perimetre: Perimetre, *, solution_id: int) -> None:
    """Remet une solution au registre. Lève DonneeInvalide si son nom a été repris."""
    exiger(peut_consigner, perimetre)
    solution = trouver(session, SolutionExistante, solution_id, perimetre)
    _refuser_doublon(session, perimetre, solution.nom, solution_id)
    solution.archive_le = None


def _lue(solution: SolutionExistante, combien: int) -> SolutionLue:
    champs = {nom: getattr(solution, nom) for nom in SaisieSolution.__dataclass_fields__}
    return SolutionLue(
        id=solution.id,
        version=solution.version,
        saisie=SaisieSolution(**champs),
        archivee=solution.archive_le is not None,
        partenariats=combien,
        partenariats_ecrits=nombre(combien),
    )


def _proteger(session: Session, perimetre: Perimetre, lues: tuple[SolutionLue, ...]) -> tuple[SolutionLue, ...]:
    """Une rangée, avec ceux qui ne viennent d'aucune de ces solutions : leur total se lit ailleurs."""
    suivis = session.scalar(select(func.count(Partenariat.id)).where(visible(Partenariat, perimetre), suivi())) or 0
    comptes = [lue.partenariats for lue in lues]
    ecrits = proteger_sous(publier(suivis), [*comptes, max(0, suivis - sum(comptes))])
    return tuple(replace(lue, partenariats_ecrits=ecrit) for lue, ecrit in zip(lues, ecrits[:-1], strict=True))


def _partager(session: Session, perimetre: Perimetre, lues: tuple[SolutionLue, ...]) -> tuple[SolutionLue, ...]:
    noms = tuple(SaisieSolution.__dataclass_fields__)
    lus = partager(session, perimetre, {getattr(lue.saisie, nom) for lue in lues for nom in noms})
    return tuple(
        replace(lue, saisie=SaisieSolution(**{nom: lus[getattr(lue.saisie, nom)] for nom in noms})) for lue in lues
    )


def _verifier(
    session: Session, perimetre: Perimetre, saisie: SaisieSolution, solution_id: int | None = None
) -> dict[str, str]:
    nom = normaliser_ligne(saisie.nom, champ="nom")
    if not nom:
        raise DonneeInvalide("Donnez le nom de la solution.", champ="nom")
    _refuser_doublon(session, perimetre, nom, solution_id)
    couts = {
        champ: normaliser_ligne(getattr(saisie, champ), champ=champ, longueur=LONGUEUR_COUT)
        for champ in ("cout_entreprise", "cout_association")
    }
    manque = normaliser(saisie.manque, champ="manque").strip()
    return {"nom": nom, "manque": manque, "lien": _lien(saisie.lien), **couts}


def _lien(saisi: str) -> str:
    """L'adresse, si c'en est une du web : rien d'autre ne doit pouvoir s'ouvrir d'un clic."""
    lien = normaliser_ligne(saisi, champ="lien", longueur=LONGUEUR_LIEN)
    try:
        decoupe = urlsplit(lien)
    except ValueError:
        decoupe = urlsplit("")
    if lien and (decoupe.scheme not in {"http", "https"} or not decoupe.hostname or " " in lien):
        raise DonneeInvalide("Donnez une adresse complète : https://exemple.fr, ou rien.", champ="lien")
    return lien


def _refuser_doublon(session: Session, perimetre: Perimetre, nom: str, solution_id: int | None) -> None:
    """Deux solutions vivantes de même nom, aux accents et à la casse près, se confondraient dans les figures."""
    s = SolutionExistante
    autres = select(s.nom).where(s.investigation_id == perimetre.investigation_id, s.archive_le.is_(None))
    if solution_id is not None:
        autres = autres.where(s.id != solution_id)
    if plier(nom) in {plier(autre) for autre in session.scalars(autres)}:
        raise DonneeInvalide(f"Le registre a déjà une solution nommée {guillemets(nom)}.", champ="nom")
