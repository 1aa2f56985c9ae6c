"""L'atelier de codage : chaque geste du surligneur est un cas d'usage, annulable pendant la séance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import date_abregee, typographier
from lib.domain.vocabulaire import AccordCitation
from lib.services import verbatims
from lib.services.atelier import Atelier, TexteLu, lire_atelier
from lib.services.gestes import Geste, annuler
from lib.services.grille import EtiquetteLue, lister_grille
from lib.services.transaction import ecriture
from lib.ui.acces import acces_courant, exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.surligneur import surligneur
from lib.ui.erreurs import afficher_erreurs
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

SERVICES: dict[str, tuple[Callable[..., Geste], tuple[str, ...]]] = {
    "surligner": (verbatims.surligner, ("texte", "version", "debut", "fin", "extrait", "etiquette")),
    "etiqueter": (verbatims.etiqueter, ("verbatim", "etiquette")),
    "retirer": (verbatims.retirer, ("verbatim", "etiquette")),
    "archiver": (verbatims.archiver, ("verbatim",)),
    "replacer": (verbatims.replacer, ("verbatim", "version", "debut", "fin")),
}
"""Les gestes que l'écran peut demander, et ce que chacun doit dire."""
ARGUMENTS = {
    "texte": "texte_id",
    "verbatim": "verbatim_id",
    "etiquette": "etiquette_id",
    "version": "version",
    "debut": "debut",
    "fin": "fin",
    "extrait": "extrait",
}
RECENTES = 5
GESTES_GARDES = 100


@dataclass(slots=True)
class Seance:
    """Ce que cette séance de codage a fait, et peut défaire."""

    rang: int = 0
    message: dict[str, Any] | None = None
    faits: list[Geste] = field(default_factory=list)
    defaits: list[Geste] = field(default_factory=list)
    recentes: list[int] = field(default_factory=list)

    def retour(self) -> dict[str, Any]:
        """Ce que l'écran doit en savoir."""
        return {
            "rang": self.rang,
            "message": self.message,
            "annuler": self.faits[-1].message if self.faits else None,
            "refaire": "Refaire le dernier geste annulé" if self.defaits else None,
            "recentes": self.recentes,
        }


def seance(entretien_id: int) -> Seance:
    """La séance en cours sur un entretien."""
    gardee: Seance = st.session_state.setdefault(f"_seance-{entretien_id}", Seance())
    return gardee


@st.fragment
def atelier_de_codage(entretien_id: int) -> None:
    """Le texte et ses passages. Un geste ne relance que ce bloc, et non toute la page."""
    with afficher_erreurs():
        acces = exiger_acces(peut_consigner)
        atelier = vue(lire_atelier, acces, entretien_id=entretien_id)
        _presenter(atelier)
        texte = _choisir_texte(atelier)
        if texte is None:
            st.info("Cet entretien n'a encore ni notes ni transcription à coder.")
            st.page_link(chemin("saisie"), label="Écrire les notes", query_params={"entretien": str(entretien_id)})
            return
        _coder(atelier, texte, vue(lister_grille, acces))


def _coder(atelier: Atelier, texte: TexteLu, grille: tuple[EtiquetteLue, ...]) -> None:
    cle = f"surligneur-{texte.id}"
    if not grille:
        st.warning("La grille de codage est vide : créez-y une première étiquette pour pouvoir en poser.")
        st.page_link(chemin("grille"), label="Ouvrir la grille de codage")
    surligneur(
        atelier,
        texte,
        grille,
        key=cle,
        retour=seance(atelier.entretien_id).retour(),
        ouvert=identifiant("verbatim"),
        au_geste=lambda: recevoir(atelier.entretien_id, st.session_state[cle].get("geste")),
    )


def _presenter(atelier: Atelier) -> None:
    """D'où vient le texte, et ce que ses citations peuvent devenir."""
    vise = identifiant("verbatim")
    if vise and all(passage.id != vise for passage in atelier.passages):
        st.info("Le passage demandé n'est plus surligné dans cet entretien.")
    quand = f", {date_abregee(atelier.tenu_le)}" if atelier.tenu_le else ""
    st.caption(f"{litteral(atelier.code)} – {litteral(atelier.source)}{quand}")
    if atelier.archive:
        st.warning("Cet entretien est archivé : il se lit, mais ne se code plus.")
    elif not atelier.compte:
        st.warning(
            typographier(
                "Cet entretien n'est pas encore réalisé avec sa notice remise : ses passages codés restent ici, "
                "sans paraître dans aucun chiffre ni aucune citation."
            )
        )
    elif atelier.accord is AccordCitation.NON:
        st.info("La personne n'a pas donné son accord pour être citée : ses citations ne sortent pas de l'équipe.")


def _choisir_texte(atelier: Atelier) -> TexteLu | None:
    """Les notes ou la transcription ; un lien vers un passage ouvre le texte qui le contient."""
    if len(atelier.textes) < 2:
        return atelier.textes[0] if atelier.textes else None
    natures = {texte.nature.libelle: texte for texte in atelier.textes}
    vise = identifiant("verbatim")
    porteur = next((passage.texte_id for passage in atelier.passages if passage.id == vise), None)
    defaut = next((nom for nom, texte in natures.items() if texte.id == porteur), next(iter(natures)))
    choisi = st.segmented_control(
        "Texte", list(natures), default=defaut, required=True, key=f"codage-texte-{atelier.entretien_id}"
    )
    return natures[choisi or defaut]


def recevoir(entretien_id: int, recu: Mapping[str, Any] | None) -> None:
    """Fait le geste demandé par l'écran, avec des droits relus ; son résultat s'affiche au passage suivant."""
    if not recu:
        return
    en_cours = seance(entretien_id)
    en_cours.rang += 1
    acces = acces_courant(relire=True)
    if acces is None:
        en_cours.message = {"texte": "Votre session est terminée : reconnectez-vous, rien n'est perdu.", "erreur": True}
        return
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            geste = executer(session, acces.perimetre, recu, en_cours)
    except ErreurMetier as erreur:
        en_cours.message = {"texte": str(erreur), "erreur": True}
        return
    _retenir(en_cours, recu, geste)
    acces_courant(relire=True)  # la version des données vient d'avancer : ne pas montrer la précédente


def executer(session: Session, perimetre: Perimetre, recu: Mapping[str, Any], en_cours: Seance) -> Geste:
    """Traduit un message de l'écran en cas d'usage ; les services revalident tout ce qu'il contient.

    Lève ValueError si le message n'est pas de ceux que le surligneur envoie.
    """
    nature = recu.get("nature")
    if nature == "annuler" and en_cours.faits:
        return annuler(session, perimetre, en_cours.faits[-1])
    if nature == "refaire" and en_cours.defaits:
        return annuler(session, perimetre, en_cours.defaits[-1])
    if nature not in SERVICES:
        raise ValueError(f"geste inconnu : {nature}")
    service, champs = SERVICES[nature]
    return service(session, perimetre, **{ARGUMENTS[champ]: _lire(champ, recu.get(champ)) for champ in champs})


def _lire(champ: str, valeur: Any) -> Any:
    """Un nombre, sauf les mots sélectionnés ; l'étiquette peut manquer."""
    if valeur is None or champ == "extrait":
        return valeur
    return int(valeur)


def _retenir(en_cours: Seance, recu: Mapping[str, Any], geste: Geste) -> None:
    """Range le geste du bon côté : à annuler, ou à refaire."""
    message = geste.message
    match recu["nature"]:
        case "annuler":
            message = f"Annulé : {en_cours.faits.pop().message}"
            en_cours.defaits.append(geste)
        case "refaire":
            en_cours.defaits.pop()
            message = "Geste refait."
            en_cours.faits.append(geste)
        case _ if geste.change:
            en_cours.faits = [*en_cours.faits[1 - GESTES_GARDES :], geste]
            en_cours.defaits.clear()
    en_cours.message = {"texte": typographier(message), "verbatim": geste.verbatim_id, "erreur": False}
    if etiquette := recu.get("etiquette"):
        en_cours.recentes = [etiquette, *(e for e in en_cours.recentes if e != etiquette)][:RECENTES]
