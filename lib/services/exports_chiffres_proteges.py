"""Les chiffres d'une figure tels qu'ils sortent hors de l'équipe : aucun effectif de un ou deux, ni lu ni déduit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lib.analytics.confidentialite import ages_publiables, est_cache, proteger, proteger_groupes, publier_part
from lib.domain.mesures import Mesure
from lib.services.durees.mesures import AGE_MARCHE, SENSIBILITE

PART_EN_COURS = "part_en_cours"
TEST = "log_rank"
MOTIFS = "incidence"
LISEZ_MOI_CHIFFRES = (
    "Hors de l'équipe d'enquête : ni courbe, ni effectif à risque, ni part finie par motif et par âge (chaque marche "
    "est un partenariat) ; la part encore en cours aux seuls âges entre lesquels trois partenariats au moins "
    "s'arrêtent, ou aucun ; ni groupe d'une ou deux unités, ni ce qui le rendrait."
)


def proteger_mesures(code: str, mesures: Sequence[Mesure]) -> tuple[Mesure, ...]:
    """Ce qui peut sortir de cette figure. Les scénarios d'une sensibilité s'emboîtent : seule leur médiane sort."""
    if code == SENSIBILITE:
        return tuple(_sans_effectif(m) for m in mesures if m.mesure == "mediane")
    par_groupe: dict[str, list[Mesure]] = defaultdict(list)
    for mesure in mesures:
        par_groupe[mesure.groupe].append(mesure)
    caches = {*_groupes_caches(par_groupe), *_motifs_caches(mesures), *_parts_cachees(mesures)}
    sortent = (m for nom, siennes in par_groupe.items() if nom not in caches for m in _d_un_groupe(siennes))
    return tuple(m for m in sortent if not (caches and m.mesure.startswith(TEST)))


def _d_un_groupe(mesures: Sequence[Mesure]) -> Iterable[Mesure]:
    ages = _ages(mesures)
    for mesure in mesures:
        if mesure.mesure == AGE_MARCHE or mesure.mesure.startswith(MOTIFS):
            continue
        if mesure.mesure == PART_EN_COURS:
            if mesure.age in ages:
                yield _sans_effectif(mesure)
        else:
            yield mesure


def _ages(mesures: Sequence[Mesure]) -> tuple[int, ...]:
    """Les âges publiables de ce groupe, d'après ses marches ; aucun quand elles ne sont pas connues."""
    marches = [m for m in mesures if m.mesure == AGE_MARCHE]
    lues = sorted(int(m.age or 0) for m in mesures if m.mesure == PART_EN_COURS and m.valeur is not None)
    return ages_publiables(_fins(marches), lues) if marches else ()


def _fins(marches: Sequence[Mesure]) -> list[tuple[float, int]]:
    """Combien s'arrêtent à chaque marche : ce que la courbe perd, rapporté à ceux qui la portaient."""
    fins, avant = [], 1.0
    for marche in marches:
        apres = marche.valeur or 0.0
        if avant:
            fins.append((marche.age or 0.0, round((marche.effectif or 0) * (1 - apres / avant))))
        avant = apres
    return fins


def _groupes_caches(par_groupe: Mapping[str, Sequence[Mesure]]) -> set[str]:
    """Terminés et autres, groupe par groupe, protégés ensemble : leur total se lit sur une autre figure."""
    cases = {nom: case for nom, siennes in par_groupe.items() if (case := _terminaison(siennes)) is not None}
    if not any(termines for termines, _ in cases.values()):
        textes = proteger([autres for _, autres in cases.values()]).cases
        return {nom for nom, texte in zip(cases, textes, strict=True) if est_cache(texte)}
    proteges = proteger_groupes(cases).par_groupe
    return {nom for nom, groupe in proteges.items() if not groupe.clair}


def _terminaison(mesures: Iterable[Mesure]) -> tuple[int, int] | None:
    lues = {m.mesure: m for m in mesures if m.mesure in {"effectif", "termines"}}
    if not lues:
        return None
    effectif = max(m.effectif or 0 for m in lues.values())
    termines = int(lues["termines"].valeur or 0) if "termines" in lues else 0
    return termines, max(0, effectif - termines)


def _motifs_caches(mesures: Iterable[Mesure]) -> set[str]:
    """Les fins de chaque motif et ce qui dure encore : une rangée dont le total est l'effectif."""
    fins = [m for m in mesures if m.mesure == "fins"]
    if not fins:
        return set()
    comptes = [int(m.valeur or 0) for m in fins]
    rangee = proteger([*comptes, max(0, (fins[0].effectif or 0) - sum(comptes))])
    return {m.groupe for m in fins} if rangee.masque else set()


def _parts_cachees(mesures: Iterable[Mesure]) -> set[str]:
    return {m.groupe for m in mesures if m.mesure == "numerateur" and _isole(m)}


def _isole(mesure: Mesure) -> bool:
    n, total = int(mesure.valeur or 0), mesure.effectif or 0
    return est_cache(publier_part(n, total - n, exclus=0)[1])


def _sans_effectif(mesure: Mesure) -> Mesure:
    return Mesure(
        groupe=mesure.groupe,
        mesure=mesure.mesure,
        valeur=mesure.valeur,
        age=mesure.age,
        bas=mesure.bas,
        haut=mesure.haut,
    )
