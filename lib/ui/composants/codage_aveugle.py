"""Sa version d'un double codage : le surligneur, branché sur des poses que personne d'autre ne lit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_consigner
from lib.domain.erreurs import DonneeInvalide, ErreurMetier
from lib.domain.formats import typographier
from lib.services.atelier import Atelier, TexteLu
from lib.services.double_codage import aveugle
from lib.services.double_codage.aveugle import GesteAveugle, lire_version
from lib.services.exemples import Exemple
from lib.services.grille import lister_grille
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import acces_courant, exiger_acces
from lib.ui.caches import vue
from lib.ui.composants.exemples import lire_exemples
from lib.ui.composants.surligneur import surligneur
from lib.ui.erreurs import afficher_erreurs
from lib.ui.ressources import moteur

SERVICES: dict[str, tuple[Callable[..., GesteAveugle], dict[str, str]]] = {
    "surligner": (
        aveugle.surligner,
        {
            "texte": "texte_id",
            "version": "version",
            "debut": "debut",
            "fin": "fin",
            "extrait": "extrait",
            "etiquette": "etiquette_id",
        },
    ),
    "etiqueter": (aveugle.etiqueter, {"verbatim": "verbatim_id", "etiquette": "etiquette_id"}),
    "retirer": (aveugle.retirer, {"verbatim": "verbatim_id", "etiquette": "etiquette_id"}),
    "archiver": (aveugle.archiver, {"verbatim": "verbatim_id"}),
    "replacer": (
        aveugle.replacer,
        {"verbatim": "verbatim_id", "version": "version", "debut": "debut", "fin": "fin"},
    ),
}
SERVICES["borner"] = SERVICES["replacer"]
"""Les gestes du surligneur qui ont un sens ici, et ce que chacun doit dire."""
RECENTES, GESTES_GARDES = 5, 100
DERNIER = "dernier"
FIGE = (
    "Pendant un double codage, la grille ne bouge pas et un passage n'a pas de mémo : les deux personnes codent avec "
    "les mêmes étiquettes. Notez votre idée, elle se discutera à l'arbitrage."
)


@dataclass(slots=True)
class SeanceAveugle:
    """Ce que cette séance a fait, et peut défaire."""

    rang: int = 0
    message: dict[str, Any] | None = None
    faits: list[GesteAveugle] = field(default_factory=list)
    defaits: list[GesteAveugle] = field(default_factory=list)
    recentes: list[int] = field(default_factory=list)

    def retour(self) -> dict[str, Any]:
        """Ce que l'écran doit en savoir."""
        return {
            "rang": self.rang,
            "message": self.message,
            "annuler": {"geste": DERNIER, "message": self.faits[-1].message} if self.faits else None,
            "refaire": {"geste": DERNIER, "message": "Refaire le dernier geste annulé"} if self.defaits else None,
            "recentes": self.recentes,
        }

    def retenir(self, nature: str, geste: GesteAveugle, etiquette: int | None) -> None:
        """Range le geste du bon côté : à annuler, ou à refaire."""
        message = geste.message
        if nature == "annuler":
            message = f"Annulé : {self.faits.pop().message}"
            self.defaits.append(geste)
        elif nature == "refaire":
            self.defaits.pop()
            message = "Geste refait."
            self.faits.append(geste)
        elif geste.change:
            self.faits = [*self.faits[1 - GESTES_GARDES :], geste]
            self.defaits.clear()
        self.message = {"texte": typographier(message), "verbatim": geste.verbatim_id, "erreur": False}
        if etiquette:
            self.recentes = [etiquette, *(e for e in self.recentes if e != etiquette)][:RECENTES]


def seance_aveugle(double_id: int) -> SeanceAveugle:
    """La séance en cours sur une version."""
    gardee: SeanceAveugle = st.session_state.setdefault(f"_aveugle-{double_id}", SeanceAveugle())
    return gardee


@st.fragment
def coder_a_l_aveugle(double_id: int) -> None:
    """Le texte et les passages de ce compte. La lecture n'est jamais gardée en mémoire commune."""
    with afficher_erreurs():
        acces = exiger_acces(peut_consigner)
        with lecture(moteur()) as session:
            atelier = lire_version(session, acces.perimetre, double_id=double_id)
        texte = _choisir_texte(atelier, double_id)
        cle, grille = f"aveugle-{double_id}-{texte.id}", vue(lister_grille, acces)
        surligneur(
            atelier,
            texte,
            grille,
            key=cle,
            retour=seance_aveugle(double_id).retour(),
            ouvert=None,
            exemples=_exemples_d_ailleurs(lire_exemples(grille, acces), atelier.entretien_id),
            au_geste=lambda: recevoir(double_id, (st.session_state.get(cle) or {}).get("geste")),
        )


def _exemples_d_ailleurs(
    exemples: Mapping[int, tuple[Exemple, ...]], entretien_id: int
) -> dict[int, tuple[Exemple, ...]]:
    """Ceux qui viennent de cet entretien diraient comment quelqu'un d'autre l'a codé."""
    return {
        etiquette: tuple(e for e in siens if e.entretien_id != entretien_id) for etiquette, siens in exemples.items()
    }


def _choisir_texte(atelier: Atelier, double_id: int) -> TexteLu:
    if len(atelier.textes) < 2:
        return atelier.textes[0]
    natures = {texte.nature.libelle: texte for texte in atelier.textes}
    choisi = st.radio("Texte", list(natures), horizontal=True, key=f"aveugle-texte-{double_id}")
    return natures[choisi]


def recevoir(double_id: int, recu: Mapping[str, Any] | None) -> None:
    """Fait le geste demandé par l'écran, avec des droits relus."""
    if not recu:
        return
    en_cours = seance_aveugle(double_id)
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
    en_cours.retenir(recu["nature"], geste, recu.get("etiquette"))
    acces_courant(relire=True)


def executer(session: Session, perimetre: Perimetre, recu: Mapping[str, Any], en_cours: SeanceAveugle) -> GesteAveugle:
    """Traduit un message de l'écran en cas d'usage ; les services revalident tout ce qu'il contient.

    Lève DonneeInvalide si le geste ne se fait pas à l'aveugle, ValueError si le surligneur ne l'envoie jamais.
    """
    nature = recu.get("nature")
    if nature == "annuler" and en_cours.faits:
        return aveugle.annuler(session, perimetre, en_cours.faits[-1])
    if nature == "refaire" and en_cours.defaits:
        return aveugle.annuler(session, perimetre, en_cours.defaits[-1])
    if nature == "noter" or recu.get("nouvelle"):
        raise DonneeInvalide(typographier(FIGE))
    if nature not in SERVICES:
        raise ValueError(f"geste inconnu : {nature}")
    service, champs = SERVICES[nature]
    lus = {argument: _lire(champ, recu.get(champ)) for champ, argument in champs.items()}
    return service(session, perimetre, **lus)


def _lire(champ: str, valeur: Any) -> Any:
    return valeur if valeur is None or champ == "extrait" else int(valeur)
