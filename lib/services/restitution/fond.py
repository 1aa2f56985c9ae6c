"""Ce qui existe déjà, et ce que nous concluons : du texte écrit par l'équipe, d'où les noms connus sont effacés."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import est_cache, proteger, publier
from lib.db.modeles import SolutionExistante
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.formats import compter, enumeration, guillemets, nombre, typographier
from lib.domain.scenes import BarreScene, CodeScene, FigureScene, Scene
from lib.domain.vocabulaire import FamilleEtiquette, NatureHypothese, StatutHypothese
from lib.services.cases_protegees import lire_cases_protegees
from lib.services.couverture import lire_couverture
from lib.services.grille import EtiquetteLue, lister_grille
from lib.services.hypotheses import HypotheseLue, lire_hypotheses
from lib.services.restitution.commun import (
    barre,
    effacer_les_noms,
    exiger_entiere,
    regle_si_cache,
    situer,
    tableau,
)
from lib.services.restitution.decision import DecisionPublique, dire_decision, lire_decision_ecrite

NON_DIT = "–"
EN_PARLENT = typographier("En parlent : acteurs dont l'entretien porte l'étiquette, sur tous ceux rencontrés.")
DOCTRINE = typographier(
    "Une hypothèse que personne n'a cherché à contredire n'est pas soutenue. Chaque statut est décidé par l'équipe, "
    "avec ses raisons et ses preuves."
)
ACCORDS = {
    StatutHypothese.SOUTENUE: ("soutenue", "soutenues"),
    StatutHypothese.CONTREDITE: ("contredite", "contredites"),
    StatutHypothese.OUVERTE: ("encore ouverte", "encore ouvertes"),
    StatutHypothese.ABANDONNEE: ("abandonnée", "abandonnées"),
}


# --- Ce qui existe ----------------------------------------------------------------------------------------------


Solution = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeeLue:
    """Une solution ou une idée de la grille. `ecrit` : combien d'acteurs en parlent ; `acteurs` : zéro s'il se tait."""

    nom: str
    ecrit: str
    acteurs: int


def lire_existant(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Quatre requêtes, dont une pour effacer les noms."""
    exiger_entiere(perimetre)
    rencontres = sum(terrain.realises for terrain in lire_couverture(session, perimetre))
    posees = _compter_etiquettes(session, perimetre, FamilleEtiquette.SOLUTION_EXISTANTE, rencontres)
    solutions, etiquettes = _sans_noms(session, perimetre, _lire_solutions(session, perimetre), posees)
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
                [[texte or NON_DIT for texte in solution] for solution in solutions],
            ),
        ),
        notes=(situer(au), EN_PARLENT, *regle_si_cache(e.ecrit for e in etiquettes)),
    )


def lire_idees(session: Session, perimetre: Perimetre) -> tuple[IdeeLue, ...]:
    """Les idées de la grille, des plus partagées aux moins. Trois requêtes. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    rencontres = sum(terrain.realises for terrain in lire_couverture(session, perimetre))
    idees = _compter_etiquettes(session, perimetre, FamilleEtiquette.IDEE, rencontres)
    return tuple(_sans_noms(session, perimetre, [], idees)[1])


def _lire_solutions(session: Session, perimetre: Perimetre) -> list[Solution]:
    """(nom, coût pour l'entreprise, coût pour l'association, ce qui manque), tels qu'ils sont écrits."""
    solution = SolutionExistante
    lignes = session.execute(
        select(solution.nom, solution.cout_entreprise, solution.cout_association, solution.manque)
        .where(visible(solution, perimetre), solution.archive_le.is_(None))
        .order_by(solution.nom)
    )
    return [tuple(ligne) for ligne in lignes]


def _sans_noms(
    session: Session, perimetre: Perimetre, solutions: Sequence[Solution], idees: Sequence[IdeeLue]
) -> tuple[list[Solution], list[IdeeLue]]:
    """Les mêmes, sans les noms connus, effacés en une fois."""
    textes = [texte for solution in solutions for texte in solution] + [idee.nom for idee in idees]
    propres = iter(effacer_les_noms(session, perimetre, textes))
    return (
        [tuple(next(propres) for _ in solution) for solution in solutions],
        [replace(idee, nom=next(propres)) for idee in idees],
    )


def _compter_etiquettes(
    session: Session, perimetre: Perimetre, famille: FamilleEtiquette, rencontres: int
) -> list[IdeeLue]:
    """Les étiquettes d'une famille et combien d'acteurs en parlent ; celles qui se taisent viennent en dernier."""
    posees = [e for e in lister_grille(session, perimetre) if e.famille is famille]
    ensembles = _ensembles(session, perimetre, posees)
    seuls = [proteger([e.entretiens, max(0, rencontres - e.entretiens)]).cases[0] for e in posees]
    ecrits = [ensemble if est_cache(ensemble) else seul for ensemble, seul in zip(ensembles, seuls, strict=True)]
    lues = [
        IdeeLue(nom=etiquette.nom_propre, ecrit=ecrit, acteurs=0 if est_cache(ecrit) else etiquette.entretiens)
        for ecrit, etiquette in zip(ecrits, posees, strict=True)
    ]
    return sorted(lues, key=lambda idee: (est_cache(idee.ecrit), -idee.acteurs))


def _ensembles(session: Session, perimetre: Perimetre, posees: Sequence[EtiquetteLue]) -> list[str]:
    """Ce que chacune compte d'entretiens, tel qu'il peut s'écrire ; hors de l'équipe, la grille l'a déjà lu."""
    if not peut_lire_identites(perimetre):
        return [etiquette.entretiens_ecrits for etiquette in posees]
    cases = lire_cases_protegees(session, perimetre, [etiquette.id for etiquette in posees])
    return [cases.ensemble(etiquette.id) for etiquette in posees]


def _barre_etiquette(etiquette: IdeeLue, rencontres: int) -> BarreScene:
    texte = f"{etiquette.ecrit} sur {publier(rencontres)}"
    return barre(etiquette.nom, etiquette.ecrit, etiquette.acteurs, rencontres, texte=texte)


def _dire_existant(solutions: Sequence[Solution], etiquettes: Sequence[IdeeLue], rencontres: int) -> str:
    recensees = compter(len(solutions), "solution existante recensée", "solutions existantes recensées")
    debut = f"{recensees}." if solutions else "Aucune solution existante n'est encore recensée."
    lisible = next((e for e in etiquettes if e.acteurs and not est_cache(e.ecrit)), None)
    if lisible is None:
        return typographier(debut)
    return typographier(
        f"{debut} Ce dont on parle le plus : {guillemets(lisible.nom)}, {lisible.ecrit} des {nombre(rencontres)} "
        "acteurs rencontrés."
    )


# --- Ce que nous concluons --------------------------------------------------------------------------------------


def lire_conclusion(session: Session, perimetre: Perimetre, au: date) -> Scene:
    """Sept requêtes : les hypothèses, la décision, leurs noms effacés d'un coup."""
    hypotheses, decision = _lire_conclusion(session, perimetre)
    nombres = Counter(hypothese.statut for hypothese in hypotheses)
    return Scene(
        code=CodeScene.CONCLUSION,
        phrase=_dire_conclusion(nombres, decision),
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
        notes=(
            typographier(f"Statuts lus au fil de l'enquête ; chiffres arrêtés au {au:%d/%m/%Y}."),
            DOCTRINE,
            *_raisons(decision),
        ),
    )


def lire_hypotheses_publiques(session: Session, perimetre: Perimetre) -> tuple[HypotheseLue, ...]:
    """Les hypothèses dans l'ordre de leurs codes, sans nom connu ni raison écrite. Six requêtes au plus."""
    exiger_entiere(perimetre)
    lues = _dans_l_ordre(lire_hypotheses(session, perimetre))
    return _taire(lues, effacer_les_noms(session, perimetre, [hypothese.enonce for hypothese in lues]))


def _lire_conclusion(
    session: Session, perimetre: Perimetre
) -> tuple[tuple[HypotheseLue, ...], DecisionPublique | None]:
    lues = _dans_l_ordre(lire_hypotheses(session, perimetre))
    decision = lire_decision_ecrite(session, perimetre)
    enonces = [hypothese.enonce for hypothese in lues]
    if decision is None:
        return _taire(lues, effacer_les_noms(session, perimetre, enonces)), None
    instance, raisons, *propres = effacer_les_noms(session, perimetre, [decision.instance, decision.raisons, *enonces])
    return _taire(lues, propres), replace(decision, instance=instance, raisons=raisons)


def _dans_l_ordre(hypotheses: Iterable[HypotheseLue]) -> list[HypotheseLue]:
    return sorted(hypotheses, key=lambda hypothese: hypothese.code)


def _taire(lues: Iterable[HypotheseLue], enonces: Iterable[str]) -> tuple[HypotheseLue, ...]:
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


def _raisons(decision: DecisionPublique | None) -> Iterator[str]:
    if decision and decision.raisons:
        yield typographier("Raisons de la décision : ") + decision.raisons


def _dire_conclusion(nombres: Counter[StatutHypothese], decision: DecisionPublique | None) -> str:
    total = sum(nombres.values())
    if not total:
        return typographier(f"Aucune hypothèse n'est encore posée. {dire_decision(decision)}")
    return typographier(f"{compter(total, 'hypothèse')} : {enumeration(_accorder(nombres))}. {dire_decision(decision)}")


def _accorder(nombres: Counter[StatutHypothese]) -> Iterator[str]:
    for statut, accords in ACCORDS.items():
        if nombres[statut]:
            yield compter(nombres[statut], *accords)
