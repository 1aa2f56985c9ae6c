"""Le surligneur : un texte, ses passages en couleur et en toutes lettres, une palette d'étiquettes au clavier."""

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.vocabulaire import FamilleEtiquette
from lib.services.atelier import Atelier, PassageLu, TexteLu
from lib.services.exemples import Exemple
from lib.services.grille import EtiquetteLue
from lib.ui.composants.greffon import Greffon

SQUELETTE = """
<div class="surligneur">
  <div class="entete">
    <div class="barre" role="toolbar" aria-label="Gestes de codage"></div>
    <p class="message"></p>
  </div>
  <p class="annonce hors-ecran" aria-live="polite"></p>
  <p class="mode-emploi" id="mode-emploi">
    Sélectionnez un passage à la souris, ou au clavier dans le texte&nbsp;: <kbd>P</kbd> prend la phrase,
    <kbd>T</kbd> le tour de parole, <kbd>M</kbd> le mot, et la même touche étend. Puis <kbd>Entrée</kbd>, ou un chiffre
    pour une étiquette épinglée. Sur un passage déjà codé, <kbd>Entrée</kbd> ou un clic l’ouvre.
  </p>
  <details class="raccourcis">
    <summary>Tous les raccourcis du texte</summary>
    <dl>
      <div><dt><kbd>Ctrl</kbd> <kbd>←</kbd> <kbd>→</kbd></dt><dd>mot précédent, suivant</dd></div>
      <div><dt><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt><dd>phrase précédente, suivante</dd></div>
      <div><dt><kbd>Ctrl</kbd> <kbd>↑</kbd> <kbd>↓</kbd></dt><dd>tour de parole précédent, suivant</dd></div>
      <div><dt><kbd>Maj</kbd> avec l’un d’eux</dt><dd>étendre la sélection</dd></div>
      <div><dt><kbd>Maj</kbd> <kbd>P</kbd>, <kbd>T</kbd>, <kbd>M</kbd></dt><dd>réduire la sélection d’autant</dd></div>
      <div><dt><kbd>1</kbd> à <kbd>9</kbd></dt><dd>poser l’étiquette épinglée sous ce chiffre</dd></div>
      <div><dt><kbd>Ctrl</kbd> <kbd>Z</kbd>, <kbd>Ctrl</kbd> <kbd>Y</kbd></dt><dd>annuler, rétablir</dd></div>
    </dl>
  </details>
  <section class="perdus" aria-label="Citations à replacer" hidden></section>
  <ul class="legende" aria-label="Couleurs des familles"></ul>
  <div class="intervenants" role="group" aria-label="Intervenants" hidden></div>
  <div class="corps">
    <div class="lecture">
      <div class="texte" contenteditable="true" role="textbox" aria-label="Texte de l’entretien"
           aria-multiline="true" aria-readonly="true"
           aria-describedby="mode-emploi" tabindex="0" spellcheck="false" autocorrect="off" autocapitalize="off"
           inputmode="none" translate="no"></div>
      <div class="reperes" aria-hidden="true"></div>
      <div class="poignees"></div>
      <span class="sonde" aria-hidden="true"></span>
    </div>
    <aside class="marge" aria-label="Passages codés">
      <h2 class="marge-titre"></h2>
      <ol class="cartes"></ol>
    </aside>
  </div>
</div>
"""
RELIRE = "relire"
_GREFFON = Greffon("surligneur", Path(__file__).parent / "statique", SQUELETTE)


def surligneur(
    atelier: Atelier,
    texte: TexteLu,
    grille: Sequence[EtiquetteLue],
    *,
    key: str,
    retour: Mapping[str, Any],
    ouvert: int | None,
    exemples: Mapping[int, Sequence[Exemple]],
    au_geste: Callable[[], None],
    a_la_demande: Callable[[], None] | None = None,
) -> None:
    """Affiche un texte à coder.

    retour : état de la séance — `rang` (compteur de gestes), `message` ({texte, verbatim, erreur}), `annuler` et
    `refaire` ({geste, message}, ou None), `recentes` (étiquettes posées dernièrement), `epinglees`, `proposees`
    ({debut, fin, etiquettes}, ou None). ouvert : passage à montrer. exemples : citations
    prises en exemple de chaque étiquette, qui se lisent pendant qu'on choisit.
    au_geste : appelé après chaque geste ; `st.session_state[key]["geste"]` le décrit (voir `codage.executer`).
    a_la_demande : appelé quand un passage s'ouvre ; `["demande"]` en donne les bornes (voir `codage.proposer`). Sans
    lui (double codage à l'aveugle), ni proposition, ni mémo, ni étiquette nouvelle : la grille commune ne bouge pas.
    """
    passages = [passage for passage in atelier.passages if passage.texte_id == texte.id]
    lecture = {"contenu": texte.contenu, "tours": [asdict(tour) for tour in texte.tours]}
    bagages = {"lecture": lecture, "etiquettes": list(_palette(grille, exemples))}
    _GREFFON.monter(
        key=key,
        data={
            "texte": {
                "id": texte.id,
                "nom": f"{texte.nature.libelle} de {atelier.code}",
                "version": texte.version,
            },
            "passages": [_passage(passage) for passage in passages if not passage.a_verifier],
            "perdus": [_passage(p) | {"citation": p.citation} for p in passages if p.a_verifier],
            **alleger(bagages, _connus(st.session_state.get(key))),
            "familles": {famille.value: famille.libelle for famille in FamilleEtiquette},
            "ouvert": ouvert,
            "lien": f"?entretien={atelier.entretien_id}",
            "complet": a_la_demande is not None,
            "epinglees": [],
            "proposees": None,
            **retour,
        },
        on_geste_change=lambda: None if _relit(st.session_state.get(key)) else au_geste(),
        **({"on_demande_change": a_la_demande} if a_la_demande else {}),
    )


def alleger(bagages: Mapping[str, Any], connus: Container[str]) -> dict[str, Any]:
    """Les bagages (le texte, la grille) et leurs empreintes ; ceux que la page tient déjà ne voyagent pas.

    À deux mille étiquettes, la grille pèse un demi-mégaoctet : elle ne part que si elle a changé.
    """
    empreintes = {nom: _empreinte(contenu) for nom, contenu in bagages.items()}
    envoyes = {nom: None if empreintes[nom] in connus else contenu for nom, contenu in bagages.items()}
    return {"empreintes": empreintes, **envoyes}


def _empreinte(contenu: Any) -> str:
    return hashlib.blake2b(json.dumps(contenu).encode(), digest_size=12).hexdigest()


def _connus(etat: Any) -> frozenset[str]:
    """Les empreintes que la page a dites avec son dernier message ; rien d'autre ne s'en déduit."""
    messages = [(etat or {}).get(nom) or {} for nom in ("geste", "demande")]
    return frozenset(str(empreinte) for message in messages for empreinte in message.get("connus") or ())


def _relit(etat: Any) -> bool:
    """Vrai si la page redemande seulement ce qu'elle n'a plus : ce n'est pas un geste de codage."""
    return ((etat or {}).get("geste") or {}).get("nature") == RELIRE


def _passage(passage: PassageLu) -> dict[str, Any]:
    """Sans sa citation, que l'écran lit dans le texte : mille passages voyagent à chaque geste."""
    return {
        "id": passage.id,
        "debut": passage.debut,
        "fin": passage.fin,
        "auteur": passage.auteur,
        "memo": passage.memo,
        "etiquettes": [
            {"id": e.id, "nom": e.nom, "famille": e.famille.value, "auteurs": list(e.auteurs)}
            for e in passage.etiquettes
        ],
    }


def _palette(grille: Iterable[EtiquetteLue], exemples: Mapping[int, Sequence[Exemple]]) -> Iterable[dict[str, Any]]:
    """Les étiquettes que l'on peut poser, avec de quoi les chercher et les comprendre."""
    for etiquette in grille:
        yield {
            "id": etiquette.id,
            "nom": etiquette.nom,
            "pliee": etiquette.nom_recherche,
            "cherchee": f" {etiquette.nom_recherche}",
            "famille": etiquette.famille.value,
            "parents": list(etiquette.chemin[:-1]),
            "definition": etiquette.definition,
            "inclusion": etiquette.inclusion,
            "exclusion": etiquette.exclusion,
            "exemples": etiquette.exemples,
            "reservee": etiquette.reservee,
            "citations": [{"id": e.verbatim_id, "citation": e.citation} for e in exemples.get(etiquette.id, ())],
        }
