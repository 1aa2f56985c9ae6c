"""Reconnaître deux fiches d'une même organisation : par leurs numéros, puis par leurs noms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Organisation, PaireDistincte
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.textes import plier
from lib.domain.vocabulaire import TypeActeur

# « Le Panier », « Association Le Panier » et « Panier » se proposent l'un pour l'autre.
MOTS_VIDES = {"association", "asso", "societe", "sarl", "sas", "sa", "le", "la", "les", "l", "de", "du", "des", "d"}
RESSEMBLANCE = 88
"""Score de rapidfuzz, sur 100, à partir duquel deux noms se proposent l'un pour l'autre."""
RESSEMBLANCE_DES_PAIRES = 90
COMPAREES = 1500
"""Au-delà de tant de fiches, les noms ne se comparent plus deux à deux : leur nombre croît comme un carré."""
VALEURS = 50
"""Combien de SIREN ou de noms partagés se lisent à la fois, au-delà."""
Candidate = tuple[Any, Any, str]
"""Deux fiches, et pourquoi elles se proposent l'une pour l'autre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaireProbable:
    """Deux fiches vivantes qui semblent n'en faire qu'une. `pourquoi` : « même SIREN », « noms voisins »."""

    premiere_id: int
    premiere: str
    seconde_id: int
    seconde: str
    type_acteur: TypeActeur
    pourquoi: str


def noyau(nom: str) -> str:
    """Le nom plié, sans les mots qui ne distinguent rien ; entier s'il n'a qu'eux."""
    plie = plier(nom)
    return " ".join(mot for mot in plie.split() if mot not in MOTS_VIDES) or plie


def noms_voisins(session: Session, perimetre: Perimetre, nom: str, *, limite: int = 5) -> tuple[int, ...]:
    """Les fiches vivantes dont le nom ressemble à celui-ci, le plus proche d'abord.

    `token_set_ratio` de rapidfuzz : l'ordre des mots, une faute de frappe et des mots en plus n'empêchent rien.
    """
    from rapidfuzz import fuzz, process

    cherche = noyau(nom)
    if not cherche:
        return ()
    connus = {ligne.id: noyau(ligne.nom) for ligne in session.execute(_vivantes(perimetre))}
    trouves = process.extract(cherche, connus, scorer=fuzz.token_set_ratio, score_cutoff=RESSEMBLANCE, limit=limite)
    return tuple(identifiant for _, _, identifiant in trouves)


def paires_probables(session: Session, perimetre: Perimetre, *, limite: int = 8) -> tuple[PaireProbable, ...]:
    """Les fiches à réunir peut-être : même SIREN d'abord, puis les noms les plus proches. Réservé à l'équipe.

    Deux SIREN ou deux RNA différents font deux organisations, quels que soient leurs noms ; deux fiches que l'équipe
    a dites différentes ne se proposent plus. Au-delà de `COMPAREES` fiches, seules se proposent celles de même SIREN
    ou de même nom, que la base retrouve par ses index.
    """
    exiger(peut_consigner, perimetre)
    lignes = session.execute(_vivantes(perimetre).order_by(Organisation.id).limit(COMPAREES + 1)).all()
    if len(lignes) > COMPAREES:
        candidates = chain(_de_meme(session, perimetre, "siren"), _de_meme(session, perimetre, "nom_recherche"))
    else:
        candidates = chain(_par_siren(lignes), _par_nom(lignes))
    return tuple(islice(_retenues(candidates, _dites_distinctes(session, perimetre)), limite))


def _retenues(candidates: Iterable[Candidate], ecartees: set[tuple[int, int]]) -> Iterator[PaireProbable]:
    vues = set(ecartees)
    for premiere, seconde, pourquoi in candidates:
        cle = (min(premiere.id, seconde.id), max(premiere.id, seconde.id))
        if cle not in vues and not _numeros_differents(premiere, seconde):
            vues.add(cle)
            yield _paire(premiere, seconde, pourquoi)


def _dites_distinctes(session: Session, perimetre: Perimetre) -> set[tuple[int, int]]:
    requete = select(PaireDistincte.premiere_id, PaireDistincte.seconde_id).where(
        visible(PaireDistincte, perimetre), PaireDistincte.annulee_le.is_(None)
    )
    return {(ligne.premiere_id, ligne.seconde_id) for ligne in session.execute(requete)}


def _vivantes(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    o = Organisation
    return select(o.id, o.nom, o.nom_recherche, o.type_acteur, o.siren, o.rna).where(
        visible(o, perimetre), o.archive_le.is_(None)
    )


def _de_meme(session: Session, perimetre: Perimetre, champ: str) -> Iterator[Candidate]:
    """Les fiches vivantes qui partagent une valeur, cherchée dans l'index de la colonne, page après page."""
    colonne, derniere = getattr(Organisation, champ), ""
    while communes := _partagees(session, perimetre, colonne, derniere):
        requete = _vivantes(perimetre).where(colonne.in_(communes)).order_by(colonne, Organisation.id)
        lignes = session.execute(requete).all()
        yield from _par_valeur(lignes, champ, "même SIREN" if champ == "siren" else "même nom")
        derniere = communes[-1]


def _partagees(session: Session, perimetre: Perimetre, colonne: Any, apres: str) -> Sequence[str]:
    """Les prochaines valeurs que portent plusieurs fiches, même archivées : l'index suffit à les trouver."""
    requete = (
        select(colonne)
        .where(Organisation.investigation_id == perimetre.investigation_id, colonne > apres)
        .group_by(colonne)
        .having(func.count() > 1)
        .order_by(colonne)
        .limit(VALEURS)
    )
    return session.scalars(requete).all()


def _par_siren(vivantes: Sequence[Any]) -> Iterator[Candidate]:
    return _par_valeur(vivantes, "siren", "même SIREN")


def _par_valeur(vivantes: Sequence[Any], champ: str, pourquoi: str) -> Iterator[Candidate]:
    porteuses = defaultdict(list)
    for ligne in vivantes:
        if valeur := getattr(ligne, champ):
            porteuses[(ligne.type_acteur, valeur)].append(ligne)
    for lignes in porteuses.values():
        yield from ((*paire, pourquoi) for paire in combinations(lignes, 2))


def _par_nom(vivantes: Sequence[Any]) -> Iterator[Candidate]:
    """Les plus ressemblantes d'abord, tous types confondus."""
    par_type: dict[TypeActeur, list[Any]] = defaultdict(list)
    for ligne in vivantes:
        par_type[ligne.type_acteur].append(ligne)
    proches = [proche for lignes in par_type.values() for proche in _proches(lignes)]
    for _, premiere, seconde in sorted(proches, key=lambda proche: -proche[0]):
        yield premiere, seconde, "noms voisins"


def _proches(lignes: Sequence[Any]) -> Iterator[tuple[float, Any, Any]]:
    import numpy as np
    from rapidfuzz import fuzz, process

    noms = [noyau(ligne.nom) for ligne in lignes]
    scores = process.cdist(noms, noms, scorer=fuzz.token_sort_ratio, score_cutoff=RESSEMBLANCE_DES_PAIRES)
    for i, j in zip(*np.nonzero(np.triu(scores, k=1)), strict=True):
        yield float(scores[i, j]), lignes[i], lignes[j]


def _numeros_differents(premiere: Any, seconde: Any) -> bool:
    numeros = [(getattr(premiere, nom), getattr(seconde, nom)) for nom in ("siren", "rna")]
    return any(l_un and l_autre and l_un != l_autre for l_un, l_autre in numeros)


def _paire(premiere: Any, seconde: Any, pourquoi: str) -> PaireProbable:
    return PaireProbable(
        premiere_id=premiere.id,
        premiere=premiere.nom,
        seconde_id=seconde.id,
        seconde=seconde.nom,
        type_acteur=TypeActeur(premiere.type_acteur),
        pourquoi=pourquoi,
    )
