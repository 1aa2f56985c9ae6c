"""Le rapport du banc : un texte Markdown à lire, un fichier JSON à comparer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib.domain.formats import nombre
from tests.mesures.cibles import Banc, MesurePage, Verdict, mediane_de
from tests.mesures.mesures import Ensemble, Serie
from tests.mesures.statistiques import ENTETES, en_lignes


def ecrire_rapport(banc: Banc, verdicts: Sequence[Verdict], dossier: Path) -> str:
    """Écrit `banc.md` et `banc.json` dans le dossier ; rend le texte Markdown."""
    texte = rediger(banc, verdicts)
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / "banc.md").write_text(texte, encoding="utf-8")
    donnees = json.dumps(en_donnees(banc, verdicts), ensure_ascii=False, indent=1)
    (dossier / "banc.json").write_text(donnees, encoding="utf-8")
    return texte


def rediger(banc: Banc, verdicts: Sequence[Verdict]) -> str:
    """Le rapport entier, en Markdown."""
    parties = [
        "# Vitesse, page par page",
        _conditions(banc),
        "## Planchers",
        _tableau(["page", "processeur (ms)", "× vide", "p50 (ms)", "p95 (ms)"], _planchers(banc)),
        "## Un visiteur à la fois",
        _LECTURE,
        _tableau(_ENTETE_SEUL, [_ligne_seule(mesure, banc) for mesure in banc.pages]),
        "## Tous ensemble, à la plus grande échelle",
        _tableau(_ENTETE_ENSEMBLE, _lignes_ensemble(banc)),
        "## Mémoire d'une session relancée sans fin (Mio)",
        _tableau(["page", "après la mise en route", "à la fin", "gagné"], _lignes_memoire(banc)),
        "## Démarrage à froid, jusqu'à la première page",
        _tableau(["serveur", "médiane (ms)", "× Streamlit nu"], _lignes_demarrage(banc)),
        *_exports(banc),
        *_statistiques(banc),
        "## Cibles",
        _resume(verdicts),
        _tableau(["cible", "objet", "mesure", "seuil", "verdict"], [_ligne_verdict(v) for v in verdicts]),
    ]
    if banc.en_defaut:
        parties += ["## Pages en défaut, non mesurées", _liste(f"{nom} : {mot}" for nom, mot in banc.en_defaut.items())]
    return "\n\n".join(parties) + "\n"


PLANCHERS = {
    "vide": "vide, serveur réglé",
    "thème gardé": "vide, serveur réglé, thème gardé",
    "défaut": "vide, Streamlit par défaut",
}
_LECTURE = (
    "« × vide » : rapport du processeur à celui de la page vide réglée, mesurée aux mêmes instants ; "
    "« froid » : juste après un changement des données."
)
_ENTETE_SEUL = [
    "page",
    "genre",
    "petite : ms",
    "grande : ms",
    "p50",
    "p95",
    "× vide",
    "× défaut",
    "froid : ms",
    "froid × vide",
    "croissance",
    "croissance à froid",
    "1er affichage (ko)",
    "relance (ko)",
    "SQL chaud / froid",
]
_ENTETE_ENSEMBLE = ["page", "sessions", "processeur (ms)", "× vide", "p50", "p95", "relances/s", "Mio par session"]


def _conditions(banc: Banc) -> str:
    tailles = ", ".join(
        f"échelle {echelle} = {nombre(taille)} étiquetages" for echelle, taille in banc.etiquetages.items()
    )
    return "\n".join([f"Bases : {tailles}.", *(f"{nom} : {valeur}." for nom, valeur in banc.conditions.items())])


def _planchers(banc: Banc) -> list[list[str]]:
    return [
        [PLANCHERS[cle], nombre(serie.cpu, 2), nombre(serie.rapport(banc.planchers["vide"]), 2), *_quantiles(serie)]
        for cle, serie in banc.planchers.items()
    ]


def _ligne_seule(mesure: MesurePage, banc: Banc) -> list[str]:
    petite, grande = mesure.chaudes[min(mesure.chaudes)], mesure.chaudes[mesure.grande]
    froide = mesure.froides.get(mesure.grande)
    chaud, froid = mesure.requetes.get(mesure.grande, ("–", "–"))
    return [
        mesure.page.nom,
        mesure.page.genre,
        nombre(petite.cpu, 2),
        nombre(grande.cpu, 2),
        *_quantiles(grande),
        nombre(mesure.rapport_vide(mesure.grande), 1),
        nombre(grande.cpu / banc.defaut.cpu, 2),
        nombre(froide.cpu, 1) if froide else "–",
        nombre(mesure.rapport_vide(mesure.grande, froide=True), 1) if froide else "–",
        nombre(mesure.croissance, 2),
        nombre(mesure.croissance_froide, 2) if froide else "–",
        nombre(grande.premier_affichage.octets / 1000, 1),
        nombre(grande.octets / 1000, 1),
        f"{chaud} / {froid}",
    ]


def _lignes_ensemble(banc: Banc) -> list[list[str]]:
    tous = {"vide, serveur réglé": banc.ensembles.get("vide"), "vide, par défaut": banc.ensembles.get("défaut")}
    tous |= {mesure.page.nom: mesure.ensemble for mesure in banc.pages}
    vide = banc.ensembles.get("vide")
    return [_ligne_ensemble(nom, ensemble, vide) for nom, ensemble in tous.items() if ensemble]


def _ligne_ensemble(nom: str, ensemble: Ensemble, vide: Ensemble | None) -> list[str]:
    rapport = nombre(ensemble.cpu / vide.cpu, 1) if vide else "–"
    durees = [nombre(ensemble.p50, 0), nombre(ensemble.p95, 0), nombre(ensemble.debit, 0)]
    return [nom, str(ensemble.sessions), nombre(ensemble.cpu, 2), rapport, *durees, nombre(ensemble.memoire, 2)]


def _lignes_memoire(banc: Banc) -> list[list[str]]:
    return [
        [nom, nombre(releves[0], 1), nombre(releves[-1], 1), nombre(releves[-1] - releves[0], 1)]
        for nom, releves in banc.memoire.items()
    ]


def _lignes_demarrage(banc: Banc) -> list[list[str]]:
    nu = mediane_de(banc.demarrages.get("Streamlit nu", []))
    return [
        [nom, nombre(mediane_de(durees)), nombre(mediane_de(durees) / nu, 2) if nu else "–"]
        for nom, durees in banc.demarrages.items()
    ]


def _exports(banc: Banc) -> list[str]:
    if banc.exports is None:
        return []
    mesures = banc.exports
    lignes = [
        [m.format.value, *(nombre(duree, 3) for duree in (m.nue, m.pseudonymise, m.identifie)), nombre(m.rapport, 2)]
        for m in mesures.formats
    ]
    latences = (
        f"{nombre(1000 * mesures.repos, 1)} ms au repos, {nombre(1000 * mesures.pendant, 1)} ms pendant un export"
    )
    return [
        "## Exports de dix mille citations (secondes de processeur)",
        "« nue » : la même requête, ses lignes écrites telles quelles par `csv` ou XlsxWriter.",
        _tableau(["format", "nue", "sous pseudonyme", "identifié", "sous pseudonyme × nue"], lignes),
        f"Une écriture d'un collègue : {latences}.",
    ]


def _statistiques(banc: Banc) -> list[str]:
    if not banc.statistiques:
        return []
    return ["## Chiffres publics, à la plus grande échelle", _tableau(ENTETES, en_lignes(banc.statistiques))]


def _ligne_verdict(verdict: Verdict) -> list[str]:
    return [verdict.cible, verdict.objet, nombre(verdict.mesure, 2), nombre(verdict.seuil, 1), verdict.phrase]


def _resume(verdicts: Sequence[Verdict]) -> str:
    manquees = sum(not verdict.tenue for verdict in verdicts)
    return f"{len(verdicts)} verdicts, {manquees} manqués." if manquees else f"{len(verdicts)} verdicts, tous tenus."


def _quantiles(serie: Serie) -> list[str]:
    return [nombre(serie.quantile(0.5), 1), nombre(serie.quantile(0.95), 1)]


def _tableau(entete: Sequence[str], lignes: Iterable[Sequence[str]]) -> str:
    rangees = [entete, ["---"] * len(entete), *lignes]
    return "\n".join(f"| {' | '.join(rangee)} |" for rangee in rangees)


def _liste(elements: Iterable[str]) -> str:
    return "\n".join(f"- {element.splitlines()[0]}" for element in elements)


def en_donnees(banc: Banc, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Les mêmes résultats, pour une machine."""
    return {
        "conditions": banc.conditions,
        "etiquetages": banc.etiquetages,
        "planchers": {nom: _donnees_serie(serie) for nom, serie in banc.planchers.items()},
        "pages": [_donnees_page(mesure) for mesure in banc.pages],
        "ensembles": {nom: _donnees_ensemble(ensemble) for nom, ensemble in banc.ensembles.items()},
        "memoire_mio": banc.memoire,
        "demarrages_ms": banc.demarrages,
        "exports": asdict(banc.exports) if banc.exports else None,
        "statistiques": [asdict(route) for route in banc.statistiques],
        "en_defaut": banc.en_defaut,
        "verdicts": [
            {"cible": v.cible, "objet": v.objet, "mesure": v.mesure, "seuil": v.seuil, "tenue": v.tenue}
            for v in verdicts
        ],
    }


def _donnees_page(mesure: MesurePage) -> dict[str, Any]:
    return {
        "page": mesure.page.nom,
        "adresse": mesure.page.adresse,
        "genre": mesure.page.genre,
        "chaudes": {echelle: _donnees_serie(serie) for echelle, serie in mesure.chaudes.items()},
        "froides": {echelle: _donnees_serie(serie) for echelle, serie in mesure.froides.items()},
        "rapport_vide": {echelle: mesure.rapport_vide(echelle) for echelle in mesure.chaudes},
        "croissance": mesure.croissance,
        "requetes_chaud_froid": mesure.requetes,
        "ensemble": _donnees_ensemble(mesure.ensemble) if mesure.ensemble else None,
    }


def _donnees_serie(serie: Serie) -> dict[str, float]:
    return {
        "processeur_ms": serie.cpu,
        "p50_ms": serie.quantile(0.5),
        "p95_ms": serie.quantile(0.95),
        "octets": serie.octets,
        "premier_affichage_octets": serie.premier_affichage.octets,
    }


def _donnees_ensemble(ensemble: Ensemble) -> dict[str, float]:
    return {nom: getattr(ensemble, nom) for nom in ("sessions", "cpu", "p50", "p95", "debit", "memoire")}
