"""Ce qui existe déjà, et ce que nous concluons : du texte écrit par l'équipe, d'où les noms connus sont effacés."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache, proteger, publier
from lib.db.modeles import SolutionExistante
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.formats import compter, enumeration, guillemets, nombre, typographier
from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Scene
from lib.domain.vocabulaire import FamilleEtiquette, NatureHypothese, StatutHypothese
from lib.services.couverture import lire_couverture, lire_dates
from lib.services.grille import lister_grille
from lib.services.hypotheses import HypotheseLue, lire_hypotheses
from lib.services.restitution.commun import (
    barre,
    effacer_les_noms,
    exiger_entiere,
    regle_si_cache,
    situer,
    tableau,
)

NON_DIT = "–"
EN_PARLENT = typographier("En parlent : acteurs dont l'entretien porte l'étiquette, sur tous ceux rencontrés.")
DOCTRINE = typographier(
    "Une hypothèse que personne n'a cherché à contredire n'est pas soutenue. Chaque statut est décidé par l'équipe, "
    "avec ses raisons et ses preuves."
)
SANS_DECISION = typographier("La décision de poursuivre ou d'arrêter n'est pas encore prise.")
ACCORDS = {
    StatutHypothese.SOUTENUE: ("soutenue", "soutenues"),
    StatutHypothese.CONTREDITE: ("contredite", "contredites"),
    StatutHypothese.OUVERTE: ("encore ouverte", "encore ouvertes"),
    StatutHypothese.ABANDONNEE: ("abandonnée", "abandonnées"),
}


# --- Ce qui existe ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionLue:
    """Une solution existante, telle qu'elle peut se projeter."""

    nom: str
    cout_entreprise: str
    cout_association: str
    manque: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Etiquette:
    nom: str
    ecrit: str
    entretiens: int


def lire_solutions(session: Session, perimetre: Perimetre) -> tuple[SolutionLue, ...]:
    """Les solutions recensées, les noms connus effacés. Trois requêtes. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    colonnes = ("nom", "cout_entreprise", "cout_association", "manque")
    lignes = session.execute(
        select(*(getattr(SolutionExistante, colonne) for colonne in colonnes))
        .where(visible(SolutionExistante, perimetre), SolutionExistante.archive_le.is_(None))
        .order_by(SolutionExistante.nom)
    ).all()
    textes = effacer_les_noms(session, perimetre, [texte for ligne in lignes for texte in ligne])
    rangees = zip(*[iter(textes)] * len(colonnes), strict=True)
    return tuple(SolutionLue(**dict(zip(colonnes, rangee, strict=True))) for rangee in rangees)


def lire_existant(session: Session, perimetre: Perimetre) -> Scene:
    """Sept requêtes au plus."""
    solutions = lire_solutions(session, perimetre)
    rencontres = sum(terrain.realises for terrain in lire_couverture(session, perimetre))
    etiquettes = _proteger(session, perimetre, rencontres)
    _, au = lire_dates(session, perimetre)
    return Scene(
        code=CodeScene.EXISTANT,
        phrase=_dire_existant(solutions, etiquettes, rencontres),
        figure=FigureScene(
            titre=typographier("Combien d'acteurs parlent de ce qui existe ?"),
            barres=tuple(_barre_etiquette(e, rencontres) for e in etiquettes),
        )
        if etiquettes
        else None,
        tableaux=(
            *tableau("Ce dont parlent les acteurs", ("Solution", "En parlent"), [(e.nom, e.ecrit) for e in etiquettes]),
            *tableau(
                "Solutions existantes, ce qu'elles coûtent et ce qui leur manque",
                ("Solution existante", "Pour l'entreprise", "Pour l'association", "Ce qui manque"),
                [_ranger(solution) for solution in solutions],
            ),
        ),
        notes=(situer(au), EN_PARLENT, *regle_si_cache(e.ecrit for e in etiquettes)),
    )


def _proteger(session: Session, perimetre: Perimetre, rencontres: int) -> list[_Etiquette]:
    grille = lister_grille(session, perimetre)
    posees = [(e.nom, e.entretiens) for e in grille if e.famille is FamilleEtiquette.SOLUTION_EXISTANTE]
    ecrits = [proteger([n, max(0, rencontres - n)]).cases[0] for _, n in posees]
    lues = [_Etiquette(nom=nom, ecrit=ecrit, entretiens=n) for (nom, n), ecrit in zip(posees, ecrits, strict=True)]
    return sorted(lues, key=lambda e: (est_cache(e.ecrit), 0 if est_cache(e.ecrit) else -e.entretiens))


def _barre_etiquette(etiquette: _Etiquette, rencontres: int) -> BarreScene:
    texte = f"{etiquette.ecrit} sur {publier(rencontres)}"
    return barre(etiquette.nom, etiquette.ecrit, etiquette.entretiens, rencontres, texte=texte)


def _ranger(solution: SolutionLue) -> tuple[str, ...]:
    valeurs = (solution.nom, solution.cout_entreprise, solution.cout_association, solution.manque)
    return tuple(valeur or NON_DIT for valeur in valeurs)


def _dire_existant(solutions: Sequence[SolutionLue], etiquettes: Sequence[_Etiquette], rencontres: int) -> str:
    recensees = compter(len(solutions), "solution existante recensée", "solutions existantes recensées")
    debut = f"{recensees}." if solutions else "Aucune solution existante n'est encore recensée."
    lisible = next((e for e in etiquettes if e.entretiens and not est_cache(e.ecrit)), None)
    if lisible is None:
        return typographier(debut)
    return typographier(
        f"{debut} Ce dont on parle le plus : {guillemets(lisible.nom)}, {lisible.ecrit} des {nombre(rencontres)} "
        "acteurs rencontrés."
    )


# --- Ce que nous concluons --------------------------------------------------------------------------------------


def lire_conclusion(session: Session, perimetre: Perimetre) -> Scene:
    """Six requêtes."""
    hypotheses = lire_hypotheses_publiques(session, perimetre)
    _, au = lire_dates(session, perimetre)
    nombres = Counter(hypothese.statut for hypothese in hypotheses)
    return Scene(
        code=CodeScene.CONCLUSION,
        phrase=_dire_conclusion(nombres),
        figure=FigureScene(
            titre=typographier("Que sont devenues nos hypothèses ?"),
            barres=tuple(_barre_statut(statut, nombres[statut], len(hypotheses)) for statut in StatutHypothese),
        )
        if hypotheses
        else None,
        tableaux=tableau(
            "Hypothèses de l'investigation",
            ("Hypothèse", "Porte sur", "Statut", "Preuve contraire"),
            [(f"{h.code} – {h.enonce}", h.nature.libelle, h.statut.libelle, _epreuve(h)) for h in hypotheses],
        ),
        notes=(typographier(f"Statuts lus au fil de l'enquête ; chiffres arrêtés au {au:%d/%m/%Y}."), DOCTRINE),
    )


def lire_hypotheses_publiques(session: Session, perimetre: Perimetre) -> tuple[HypotheseLue, ...]:
    """Les hypothèses dans l'ordre de leurs codes, sans nom connu ni raison écrite. Cinq requêtes."""
    exiger_entiere(perimetre)
    lues = sorted(lire_hypotheses(session, perimetre), key=lambda hypothese: hypothese.code)
    enonces = effacer_les_noms(session, perimetre, [hypothese.enonce for hypothese in lues])
    return tuple(replace(h, enonce=enonce, refutation="") for h, enonce in zip(lues, enonces, strict=True))


def problemes_et_solutions(
    hypotheses: Iterable[HypotheseLue],
) -> tuple[list[HypotheseLue], list[HypotheseLue]]:
    """Ce que l'on croit du problème, puis de la solution."""
    toutes = list(hypotheses)
    sur_probleme = [h for h in toutes if h.nature is NatureHypothese.PROBLEME]
    return sur_probleme, [h for h in toutes if h.nature is NatureHypothese.SOLUTION]


def _epreuve(hypothese: HypotheseLue) -> str:
    return "Trouvée" if hypothese.eprouvee else "Aucune trouvée"


def _barre_statut(statut: StatutHypothese, combien: int, total: int) -> BarreScene:
    return BarreScene(libelle=statut.libelle, texte=nombre(combien), longueur=float(combien), fond=float(total))


def _dire_conclusion(nombres: Counter[StatutHypothese]) -> str:
    total = sum(nombres.values())
    if not total:
        return typographier(f"Aucune hypothèse n'est encore posée. {SANS_DECISION}")
    return typographier(f"{compter(total, 'hypothèse')} : {enumeration(_accorder(nombres))}. {SANS_DECISION}")


def _accorder(nombres: Counter[StatutHypothese]) -> Iterator[str]:
    for statut, accords in ACCORDS.items():
        if nombres[statut]:
            yield compter(nombres[statut], *accords)
