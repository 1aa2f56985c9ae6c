"""Deux personnes ont corrigé le même entretien : dire ce qui diffère, et ne rien perdre."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.formats import compter, date_longue, enumeration
from lib.domain.vocabulaire import (
    AccordCitation,
    CanalRecrutement,
    ModeEntretien,
    MoyenNotice,
    Releve,
    TypeActeur,
    Vocabulaire,
)
from lib.services.entretiens.champs import LIBELLES, Champs, differences, reunir
from lib.services.entretiens.correction import lire_dernier_auteur, lire_pour_corriger
from lib.services.transaction import lecture
from lib.ui.composants.entretiens_brouillon import SaisieEnCours
from lib.ui.ressources import moteur

MA_SAISIE, LA_SIENNE = "La mienne", "Celle qui est enregistrée"
RIEN = "(rien)"
TEXTES = {"notes", "transcription"}
LONGUEUR_MONTREE = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Noms:
    """De quoi écrire en clair les identifiants d'une saisie."""

    terrains: dict[int, str]
    equipe: dict[int, str]
    irritants: dict[int, str]


def constater(etat: SaisieEnCours, perimetre: Perimetre) -> bool:
    """Relit l'entretien après un refus ; vrai si quelqu'un l'a bien changé depuis notre lecture."""
    if etat.entretien is None:
        return False
    with lecture(moteur()) as session:
        etat.entretien = lire_pour_corriger(session, perimetre, entretien_id=etat.entretien.id)
    return a_resoudre(etat)


def a_resoudre(etat: SaisieEnCours) -> bool:
    """Vrai si l'entretien enregistré a avancé pendant que nous le corrigions."""
    return etat.entretien is not None and etat.entretien.version != etat.version


def resoudre(etat: SaisieEnCours, perimetre: Perimetre, noms: Noms) -> None:
    """Montre les désaccords et repart de la version enregistrée, avec les choix de la personne."""
    if etat.entretien is None:
        return
    leur = etat.entretien.champs
    a_trancher, a_reprendre = differences(etat.origine, etat.champs, leur)
    _annoncer(etat, perimetre, a_trancher, a_reprendre)
    gardes = {champ: _trancher(etat, champ, leur, noms) for champ in a_trancher}
    prendre = [*a_reprendre, *(champ for champ, choix in gardes.items() if choix == LA_SIENNE)]
    st.button(
        "Poursuivre avec ces choix" if a_trancher else "Poursuivre",
        key=f"{etat.prefixe}.trancher",
        type="primary",
        on_click=_poursuivre,
        args=(etat, prendre),
    )


def _annoncer(etat: SaisieEnCours, perimetre: Perimetre, a_trancher: list[str], a_reprendre: list[str]) -> None:
    st.error(
        f"{_qui(etat, perimetre)} a enregistré cet entretien pendant que vous le corrigiez. "
        "Votre saisie est gardée, rien n'est "
        + (f"écrasé : {compter(len(a_trancher), 'point')} à trancher." if a_trancher else "écrasé.")
    )
    if a_reprendre:
        reprises = enumeration(LIBELLES[champ].lower() for champ in a_reprendre)
        st.markdown(f"Changé par l'autre personne seule, repris tel quel : {reprises}.")


def _qui(etat: SaisieEnCours, perimetre: Perimetre) -> str:
    if etat.entretien is None:
        return "Quelqu'un d'autre"
    with lecture(moteur()) as session:
        return lire_dernier_auteur(session, perimetre, entretien_id=etat.entretien.id) or "Quelqu'un d'autre"


def _trancher(etat: SaisieEnCours, champ: str, leur: Champs, noms: Noms) -> str:
    with st.container(border=True):
        mienne, sienne = dire(champ, etat.champs.get(champ), noms), dire(champ, leur.get(champ), noms)
        if champ in TEXTES:
            mienne, sienne = seules_differences(mienne, sienne)
        gauche, droite = st.columns(2)
        for colonne, titre, valeur in ((gauche, MA_SAISIE, mienne), (droite, LA_SIENNE, sienne)):
            with colonne:
                st.caption(titre)
                st.text(valeur)
        choix = st.radio(
            f"{LIBELLES[champ]} : quelle version garder ?",
            [MA_SAISIE, LA_SIENNE],
            key=f"{etat.prefixe}.conflit.{champ}",
            horizontal=True,
        )
    return choix or MA_SAISIE


def seules_differences(un: str, autre: str) -> tuple[str, str]:
    """Deux textes réduits aux lignes par où ils diffèrent, bornées ; « … » remplace ce qui leur est commun."""
    lignes = un.split("\n"), autre.split("\n")
    debut = _communes(*lignes)
    fin = _communes(*(texte[debut:][::-1] for texte in lignes))
    return tuple(_resserrer(texte, debut, fin) for texte in lignes)  # type: ignore[return-value]


def _communes(un: list[str], autre: list[str]) -> int:
    """Nombre de lignes communes en tête."""
    rang = 0
    while rang < min(len(un), len(autre)) and un[rang] == autre[rang]:
        rang += 1
    return rang


def _resserrer(lignes: list[str], debut: int, fin: int) -> str:
    milieu = "\n".join(lignes[debut : len(lignes) - fin])
    court = milieu if len(milieu) <= LONGUEUR_MONTREE else f"{milieu[:LONGUEUR_MONTREE]}…"
    return "\n".join([*(["…"] if debut else []), court or RIEN, *(["…"] if fin else [])])


def _poursuivre(etat: SaisieEnCours, prendre: list[str]) -> None:
    if etat.entretien is None:
        return
    leur = etat.entretien.champs
    etat.renaitre(reunir(etat.champs, leur, prendre))
    etat.version, etat.origine, etat.a_ecrire = etat.entretien.version, leur, True


def dire(champ: str, valeur: Any, noms: Noms) -> str:
    """Une valeur du formulaire, écrite pour être lue."""
    if valeur in (None, "", [], {}):
        return RIEN
    ecrire = _ECRITURES.get(champ)
    return ecrire(valeur, noms) if ecrire else str(valeur)


def _parmi(vocabulaire: type[Vocabulaire]) -> Callable[[Any, Noms], str]:
    return lambda code, _: next((membre.libelle for membre in vocabulaire if membre.value == code), str(code))


def _personnes(lignes: Any, _: Noms) -> str:
    return enumeration(ligne.get("nom") or "sans nom" for ligne in lignes)


def _releves(releves: Any, noms: Noms) -> str:
    libelle = _parmi(Releve)
    return "\n".join(
        f"{noms.irritants.get(int(cle), 'Irritant retiré')} : {libelle(code, noms).lower()}"
        for cle, code in sorted(releves.items())
    )


def _intensites(notes: Any, noms: Noms) -> str:
    return "\n".join(
        f"{noms.irritants.get(int(cle), 'Irritant retiré')}\N{NO-BREAK SPACE}: {note}/5"
        for cle, note in sorted(notes.items())
    )


_ECRITURES: dict[str, Callable[[Any, Noms], str]] = {
    "terrain_id": lambda cle, noms: noms.terrains.get(cle, "Terrain retiré"),
    "tenu_le": lambda iso, _: date_longue(date.fromisoformat(iso)),
    "notice_remise_le": lambda iso, _: date_longue(date.fromisoformat(iso)),
    "mode": _parmi(ModeEntretien),
    "canal": _parmi(CanalRecrutement),
    "type_acteur": _parmi(TypeActeur),
    "notice_moyen": _parmi(MoyenNotice),
    "accord_citation": _parmi(AccordCitation),
    "accord_enregistrement": lambda oui, _: "Oui" if oui else "Non",
    "duree_minutes": lambda minutes, _: compter(minutes, "minute"),
    "enqueteurs": lambda comptes, noms: enumeration(noms.equipe.get(cle, "Compte fermé") for cle in comptes),
    "organisation_id": lambda _cle, _: "Une autre organisation",
    "interlocuteurs": lambda personnes, _: compter(len(personnes), "personne"),
    "nouveaux": _personnes,
    "partenariats": lambda lignes, _: compter(len(lignes), "partenariat"),
    "releves": _releves,
    "intensites": _intensites,
}
