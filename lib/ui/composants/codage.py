"""L'atelier de codage : chaque geste du surligneur est un cas d'usage, annulé et rétabli depuis le journal."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import date_abregee, typographier
from lib.domain.vocabulaire import AccordCitation, FamilleEtiquette
from lib.services import etiquettes, verbatims
from lib.services.atelier import Atelier, TexteLu, lire_atelier
from lib.services.exemples import laisser_en_exemple, prendre_en_exemple
from lib.services.gestes import Geste
from lib.services.grille import lister_grille
from lib.services.preferences_codage import lister_epinglees
from lib.services.retours import RECENTES, Retour, lister_retours, ouvrir_geste, revenir
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import acces_courant, exiger_acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants import intervenants
from lib.ui.composants.exemples import lire_exemples
from lib.ui.composants.preferences_codage import montrer_bilan, preferences
from lib.ui.composants.suggestions import proposer_pour
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
    "borner": (verbatims.borner, ("verbatim", "version", "debut", "fin")),
    "noter": (verbatims.noter, ("verbatim", "memo")),
    "prendre": (prendre_en_exemple, ("verbatim", "exemple")),
    "laisser": (laisser_en_exemple, ("verbatim", "exemple")),
}
"""Les gestes que l'écran peut demander, et ce que chacun doit dire."""
ARGUMENTS = {
    "texte": "texte_id",
    "verbatim": "verbatim_id",
    "etiquette": "etiquette_id",
    "exemple": "etiquette_id",
    "version": "version",
    "debut": "debut",
    "fin": "fin",
    "extrait": "extrait",
    "memo": "memo",
}
MOTS = {"extrait", "memo"}
DE_LA_GRILLE = {"prendre", "laisser"}
"""Ce qui ne change rien au codage : cela se reprend, sans entrer dans ce qui s'annule."""
GESTES_GARDES = 100


@dataclass(slots=True)
class Seance:
    """Ce que cette personne peut annuler et rétablir sur un entretien : le journal, gardé sous la main."""

    rang: int = 0
    message: dict[str, Any] | None = None
    proposees: dict[str, Any] | None = None
    faits: list[Retour] = field(default_factory=list)
    defaits: list[Retour] = field(default_factory=list)
    recentes: list[int] = field(default_factory=list)

    def retour(self) -> dict[str, Any]:
        """Ce que l'écran doit en savoir."""
        return {
            "rang": self.rang,
            "message": self.message,
            "proposees": self.proposees,
            "annuler": asdict(self.faits[-1]) if self.faits else None,
            "refaire": asdict(self.defaits[-1]) if self.defaits else None,
            "recentes": self.recentes,
        }


def seance(entretien_id: int, perimetre: Perimetre) -> Seance:
    """La séance en cours sur un entretien ; une séance neuve reprend au journal où la précédente s'est arrêtée."""
    cle = f"_seance-{entretien_id}"
    if cle not in st.session_state:
        with lecture(moteur()) as session:
            retours = lister_retours(session, perimetre, entretien_id=entretien_id)
        st.session_state[cle] = Seance(
            faits=list(retours.faits), defaits=list(retours.defaits), recentes=list(retours.recentes)
        )
    gardee: Seance = st.session_state[cle]
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
        _coder(atelier, texte, acces)
        montrer_bilan(acces)


def _coder(atelier: Atelier, texte: TexteLu, acces: Acces) -> None:
    cle, perimetre = f"surligneur-{texte.id}", acces.perimetre
    grille = vue(lister_grille, acces)
    if not grille:
        st.info("La grille de codage est vide : le premier passage surligné pourra créer sa première étiquette.")
        st.page_link(chemin("grille"), label="Ouvrir la grille de codage")
    with lecture(moteur()) as session:
        epinglees = lister_epinglees(session, perimetre)
    entretien_id = atelier.entretien_id
    # Session finie entre-temps : un geste peut arriver quand l'état du surligneur est déjà oublié.
    surligneur(
        atelier,
        texte,
        grille,
        key=cle,
        retour={**seance(entretien_id, perimetre).retour(), "epinglees": list(epinglees)},
        ouvert=identifiant("verbatim"),
        exemples=lire_exemples(grille, acces),
        au_geste=lambda: recevoir(entretien_id, (st.session_state.get(cle) or {}).get("geste")),
        a_la_demande=lambda: proposer(entretien_id, (st.session_state.get(cle) or {}).get("demande")),
    )
    intervenants.corriger(atelier, texte, perimetre)
    if grille:
        preferences(grille, epinglees)


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
    acces = acces_courant(relire=True)
    if acces is None:
        return  # la page dira de se reconnecter ; l'écran garde la sélection, et la retrouvera
    en_cours = seance(entretien_id, acces.perimetre)
    en_cours.rang += 1
    en_cours.proposees = None
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            geste = executer(session, acces.perimetre, recu)
            cle = str(session.info.get("geste", ""))
    except ErreurMetier as erreur:
        en_cours.message = {"texte": typographier(str(erreur)), "erreur": True}
        return
    retenir(en_cours, recu, geste, cle)
    acces_courant(relire=True)  # la version des données vient d'avancer : ne pas montrer la précédente


def proposer(entretien_id: int, demande: Mapping[str, Any] | None) -> None:
    """Cherche des étiquettes pour le passage que l'écran vient d'ouvrir."""
    acces = acces_courant()
    if not demande or acces is None:
        return
    place = {nom: int(demande[nom]) for nom in ("texte", "debut", "fin")}
    en_cours = seance(entretien_id, acces.perimetre)
    en_cours.proposees = {**proposer_pour(acces, **place), "demande": demande.get("rang", 0)}


def executer(session: Session, perimetre: Perimetre, recu: Mapping[str, Any]) -> Geste:
    """Traduit un message de l'écran en cas d'usage ; les services revalident tout ce qu'il contient.

    Lève ValueError si le message n'est pas de ceux que le surligneur envoie.
    """
    nature = recu.get("nature")
    if nature in {"annuler", "refaire"}:
        return revenir(session, perimetre, geste=str(recu["geste"]))
    if nature not in SERVICES:
        raise ValueError(f"geste inconnu : {nature}")
    service, champs = SERVICES[nature]
    if nature not in DE_LA_GRILLE:
        ouvrir_geste(session, suggestion=_suivie(recu))
    arguments = {ARGUMENTS[champ]: _lire(champ, recu.get(champ)) for champ in champs}
    if recu.get("nouvelle"):
        arguments["etiquette_id"] = _creer(session, perimetre, recu["nouvelle"])
    return service(session, perimetre, **arguments)


def _creer(session: Session, perimetre: Perimetre, nouvelle: Mapping[str, Any]) -> int:
    """Ajoute à la grille l'étiquette que l'écran vient de nommer ; elle s'annule avec le geste qui la pose."""
    parent = nouvelle.get("parent")
    return etiquettes.creer(
        session,
        perimetre,
        nom=str(nouvelle.get("nom", "")),
        parent_id=None if parent is None else int(parent),
        famille=FamilleEtiquette(nouvelle["famille"]) if nouvelle.get("famille") else None,
    )


def _suivie(recu: Mapping[str, Any]) -> bool | None:
    """L'étiquette posée était-elle proposée ? None si rien ne l'était, ou si le geste ne pose rien."""
    if not recu.get("proposees") or not (recu.get("etiquette") or recu.get("nouvelle")):
        return None
    return recu.get("etiquette") in recu["proposees"]


def _lire(champ: str, valeur: Any) -> Any:
    """Un nombre, sauf ce qui est fait de mots ; l'étiquette peut manquer."""
    if champ in MOTS:
        return None if valeur is None else str(valeur)
    return None if valeur is None else int(valeur)


def retenir(en_cours: Seance, recu: Mapping[str, Any], geste: Geste, cle: str) -> None:
    """Range le geste du bon côté : à annuler, ou à rétablir."""
    message = geste.message
    match recu["nature"]:
        case "annuler" | "refaire" as nature:
            quitte, rejoint = (en_cours.faits, en_cours.defaits)
            if nature == "refaire":
                quitte, rejoint = rejoint, quitte
            fait = next((retour for retour in quitte if retour.geste == recu["geste"]), Retour(cle, geste.message))
            quitte[:] = [retour for retour in quitte if retour.geste != recu["geste"]]
            rejoint.append(Retour(cle, fait.message))
            message = f"{'Annulé' if nature == 'annuler' else 'Rétabli'} : {fait.message}"
        case _ if geste.change:
            en_cours.faits = [*en_cours.faits[1 - GESTES_GARDES :], Retour(cle, typographier(message))]
            en_cours.defaits.clear()
    en_cours.message = {"texte": typographier(message), "verbatim": geste.verbatim_id, "erreur": False}
    if etiquette := recu.get("etiquette"):
        en_cours.recentes = [etiquette, *(e for e in en_cours.recentes if e != etiquette)][:RECENTES]
