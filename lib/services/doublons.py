"""Reconnaître deux fiches d'une même organisation : par leurs numéros, puis par leurs noms."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Organisation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.textes import plier
from lib.domain.vocabulaire import TypeActeur

# « Le Panier », « Association Le Panier » et « Panier » se proposent l'un pour l'autre.
MOTS_VIDES = {"association", "asso", "societe", "sarl", "sas", "sa", "le", "la", "les", "l", "de", "du", "des", "d"}
RESSEMBLANCE = 88
"""Score de rapidfuzz, sur 100, à partir duquel deux noms se proposent l'un pour l'autre."""
RESSEMBLANCE_DES_PAIRES = 90
BLOC = 1500
"""Au-delà de tant de fiches d'un même type, on ne compare que celles dont le nom commence par la même lettre."""
NUMEROS = ("siret", "rna", "siren")


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
    connus = {ligne.id: noyau(ligne.nom) for ligne in _vivantes(session, perimetre)}
    trouves = process.extract(cherche, connus, scorer=fuzz.token_set_ratio, score_cutoff=RESSEMBLANCE, limit=limite)
    return tuple(identifiant for _, _, identifiant in trouves)


def paires_probables(session: Session, perimetre: Perimetre, *, limite: int = 8) -> tuple[PaireProbable, ...]:
    """Les fiches à réunir peut-être : même numéro d'abord, puis les noms les plus proches. Réservé à l'équipe.

    Deux SIREN ou deux RNA différents font deux organisations, quels que soient leurs noms.
    """
    exiger(peut_consigner, perimetre)
    vivantes = _vivantes(session, perimetre)
    retenues: dict[tuple[int, int], PaireProbable] = {}
    for premiere, seconde, pourquoi in (*_par_numero(vivantes), *_par_nom(vivantes)):
        paire = _paire(premiere, seconde, pourquoi)
        if not _distinctes(premiere, seconde):
            retenues.setdefault((paire.premiere_id, paire.seconde_id), paire)
    return tuple(retenues.values())[:limite]


def _vivantes(session: Session, perimetre: Perimetre) -> Sequence[Any]:
    o = Organisation
    requete = select(o.id, o.nom, o.type_acteur, o.siren, o.siret, o.rna).where(
        visible(o, perimetre), o.archive_le.is_(None), o.fusionnee_dans_id.is_(None)
    )
    return session.execute(requete.order_by(o.id)).all()


def _par_numero(vivantes: Sequence[Any]) -> Iterator[tuple[Any, Any, str]]:
    for numero in NUMEROS:
        porteuses = defaultdict(list)
        for ligne in vivantes:
            if valeur := getattr(ligne, numero):
                porteuses[(ligne.type_acteur, valeur)].append(ligne)
        for lignes in porteuses.values():
            yield from ((*paire, f"même {numero.upper()}") for paire in combinations(lignes, 2))


def _par_nom(vivantes: Sequence[Any]) -> Iterator[tuple[Any, Any, str]]:
    """Les plus ressemblantes d'abord, tous blocs confondus."""
    proches = [proche for bloc in _blocs(vivantes) for proche in _proches(bloc)]
    for _, premiere, seconde in sorted(proches, key=lambda proche: -proche[0]):
        yield premiere, seconde, "noms voisins"


def _blocs(vivantes: Sequence[Any]) -> Iterator[list[tuple[Any, str]]]:
    par_type: dict[TypeActeur, list[tuple[Any, str]]] = defaultdict(list)
    for ligne in vivantes:
        par_type[ligne.type_acteur].append((ligne, noyau(ligne.nom)))
    for lignes in par_type.values():
        if len(lignes) <= BLOC:
            yield lignes
            continue
        par_lettre: dict[str, list[tuple[Any, str]]] = defaultdict(list)
        for ligne, nom in lignes:
            par_lettre[nom[:1]].append((ligne, nom))
        yield from par_lettre.values()


def _proches(bloc: Sequence[tuple[Any, str]]) -> Iterator[tuple[float, Any, Any]]:
    import numpy as np
    from rapidfuzz import fuzz, process

    noms = [nom for _, nom in bloc]
    scores = process.cdist(noms, noms, scorer=fuzz.token_sort_ratio, score_cutoff=RESSEMBLANCE_DES_PAIRES)
    for i, j in zip(*np.nonzero(np.triu(scores, k=1)), strict=True):
        yield float(scores[i, j]), bloc[i][0], bloc[j][0]


def _distinctes(premiere: Any, seconde: Any) -> bool:
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
