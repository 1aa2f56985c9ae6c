"""Étiquettes et entretiens, en 0 ou 1 : cinquante de chaque par page, pour l'équipe seulement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, SyntheseNue, SyntheseSituation, Terrain, Verbatim
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites
from lib.domain.formats import nombre, typographier
from lib.domain.matrices import Case
from lib.domain.vocabulaire import FamilleEtiquette
from lib.graphiques import chaleur
from lib.services.etiquettes_portees import etiquettes_portees
from lib.services.matrices.commun import (
    SANS,
    CaseLue,
    LigneMatrice,
    Matrice,
    dater,
    lister_lignes,
    nombre_de_pages,
    paginer,
)
from lib.services.syntheses import compte_dans_les_chiffres

PAS_CODE = "–"
ABSENTE, NON_CODEE = CaseLue(texte="0"), CaseLue(texte=PAS_CODE)


def lire_presences(
    session: Session, perimetre: Perimetre, *, famille: FamilleEtiquette | None = None, page: int = 1, tranche: int = 1
) -> Matrice:
    """Une page d'entretiens, du plus récent au plus ancien. Six requêtes.

    famille : étiquettes en colonnes ; tranche : lesquelles, cinquante au plus. Une ligne, une personne : lève
    AccesRefuse hors de l'équipe.
    """
    exiger(peut_lire_identites, perimetre)
    entretiens = session.execute(paginer(_entretiens(perimetre), page)).all()
    etiquettes, tranches = lister_lignes(session, perimetre, tranche, famille=famille)
    colonnes = {etiquette.id: etiquette.nom for etiquette in etiquettes}
    portees = _portees(session, [entretien.id for entretien in entretiens])
    presentes = {e: CaseLue(texte="1", ouvre=Case(etiquette_id=e)) for e in (*colonnes, 0)}
    lignes = [_ligne(entretien, presentes, portees[entretien.id]) for entretien in entretiens]
    noms = [*colonnes.values(), SANS]
    return Matrice(
        legende="Étiquettes posées dans chaque entretien",
        coin="Entretien",
        entetes=tuple(noms),
        lignes=(*lignes, _recapituler(portees.values(), [*colonnes, 0])),
        notes=(_definir(tranche, tranches), dater(session, perimetre)),
        page=page,
        pages=nombre_de_pages(_realises(session, perimetre)),
        tranche=tranche,
        tranches=tranches,
        **_tracer(entretiens, noms, [*colonnes, 0], portees),
    )


def _entretiens(perimetre: Perimetre) -> Any:
    code = exists().where(Verbatim.entretien_id == Entretien.id, Verbatim.archive_le.is_(None))
    return (
        select(Entretien.id, Entretien.code, Terrain.nom, code.label("est_code"))
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(visible(Entretien, perimetre), compte_dans_les_chiffres())
        .order_by(Entretien.tenu_le.desc(), Entretien.id.desc())
    )


def _realises(session: Session, perimetre: Perimetre) -> int:
    """Entretiens réalisés, tels que les synthèses les comptent."""
    requete = select(func.coalesce(func.sum(SyntheseSituation.entretiens), 0))
    return int(session.scalar(requete.where(visible(SyntheseSituation, perimetre))) or 0)


def _portees(session: Session, entretiens: Sequence[int]) -> dict[int, set[int]]:
    """Étiquettes de chaque entretien ; zéro s'il a une citation sans étiquette."""
    posees = etiquettes_portees(session, entretiens)
    nues = select(SyntheseNue.entretien_id).where(SyntheseNue.entretien_id.in_(entretiens), SyntheseNue.citations > 0)
    sans = set(session.scalars(nues.distinct()))
    return {e: posees.get(e, set()) | ({0} if e in sans else set()) for e in entretiens}


def _ligne(entretien: Any, colonnes: Mapping[int, CaseLue], portees: set[int]) -> LigneMatrice:
    """Une case présente est la même pour tous les entretiens : il y en a des milliers."""
    if not entretien.est_code:
        return LigneMatrice(nom=f"{entretien.code} (pas encore codé)", cases=(NON_CODEE,) * len(colonnes))
    cases = tuple(presente if e in portees else ABSENTE for e, presente in colonnes.items())
    return LigneMatrice(nom=f"{entretien.code} · {entretien.nom}", cases=cases, entretien_id=entretien.id)


def _recapituler(portees: Iterable[set[int]], colonnes: Sequence[int]) -> LigneMatrice:
    toutes = list(portees)
    sommes = (sum(etiquette_id in siennes for siennes in toutes) for etiquette_id in colonnes)
    cases = tuple(CaseLue(texte=nombre(somme)) for somme in sommes)
    return LigneMatrice(nom="Entretiens de cette page", cases=cases, total=True)


def _definir(tranche: int, tranches: int) -> str:
    reste = f" Étiquettes en colonnes : page {tranche} sur {tranches}." if tranches > 1 else ""
    return typographier(
        "1 : l'étiquette est posée au moins une fois dans l'entretien. 0 : elle ne l'est pas, ce qui ne dit pas que la "
        f"personne pense le contraire. « {PAS_CODE} » : entretien pas encore codé.{reste}"
    )


def _tracer(
    entretiens: Sequence[Any], noms: Sequence[str], colonnes: Sequence[int], portees: dict[int, set[int]]
) -> dict[str, Any]:
    valeurs: list[list[float | None]] = [
        [float(etiquette_id in portees[e.id]) if e.est_code else None for etiquette_id in colonnes] for e in entretiens
    ]
    titre = typographier("Quelles étiquettes dans quels entretiens ?")
    return chaleur.tracer(
        [e.code for e in entretiens], noms, valeurs, titre, parts=False, echelle=False, noms_entiers=False
    )
