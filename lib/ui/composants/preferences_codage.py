"""Sous l'atelier : ce que chacun garde sous la main, et combien de fois les propositions ont servi."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.domain.formats import compter, effectif, intervalle, pourcentage, typographier
from lib.services.grille import EtiquetteLue
from lib.services.preferences_codage import EPINGLES, epingler, reserver
from lib.services.sessions import Acces
from lib.services.suggestions import bilan
from lib.services.transaction import ecriture
from lib.ui.acces import acces_courant, exiger_acces
from lib.ui.caches import vue
from lib.ui.ressources import moteur

CLE_VOLET = "codage-preferences"
CLE_EPINGLEES = "codage-epinglees"
CLE_RESERVEES = "codage-reservees"


def preferences(grille: Sequence[EtiquetteLue], epinglees: Sequence[int]) -> None:
    """Les étiquettes sous les chiffres 1 à 9, et celles que seules les réponses peuvent porter."""
    volet = st.expander("Étiquettes épinglées et étiquettes réservées aux réponses", key=CLE_VOLET, on_change="rerun")
    if not volet.open:
        return  # deux mille étiquettes n'ont pas à voyager à chaque geste
    noms = {etiquette.id: " › ".join(etiquette.chemin) for etiquette in grille}
    reservees = [etiquette.id for etiquette in grille if etiquette.reservee]
    with volet:
        _choisir(
            "Épinglées, dans l'ordre des chiffres",
            noms,
            [etiquette for etiquette in epinglees if etiquette in noms],
            CLE_EPINGLEES,
            epingler,
            max_selections=EPINGLES,
            help="À vous seul : un passage sélectionné, un chiffre, et l'étiquette est posée.",
        )
        _choisir(
            "Réservées aux paroles de la personne interrogée",
            noms,
            reservees,
            CLE_RESERVEES,
            partial(reserver, montrees=reservees),
            help="Pour toute l'équipe : elles ne se posent plus sur une question. Ce qui est déjà posé le reste.",
        )


def _choisir(
    libelle: str, noms: dict[int, str], choisies: list[int], cle: str, service: Callable[..., None], **options: Any
) -> None:
    def enregistrer() -> None:
        acces = exiger_acces(peut_consigner)
        with ecriture(moteur(), acces.perimetre) as session:
            service(session, acces.perimetre, etiquettes=st.session_state[cle])
        acces_courant(relire=True)

    st.session_state[cle] = choisies  # ce qui est en base, y compris ce qu'une autre personne vient d'y changer
    st.multiselect(
        libelle,
        list(noms),
        format_func=lambda identifiant: noms.get(identifiant, ""),
        placeholder="Choisir des étiquettes",
        key=cle,
        on_change=enregistrer,
        **options,
    )


def montrer_bilan(acces: Acces) -> None:
    """Combien de fois une étiquette proposée a été suivie."""
    part = vue(bilan, acces)
    if not part.denominateur:
        st.caption(
            "Suggestions : jusqu'à trois étiquettes sont proposées quand des citations semblables les portent ; "
            "aucune ne l'a encore été au moment de poser une étiquette."
        )
        return
    fois = compter(part.denominateur, "passage étiqueté", "passages étiquetés")
    st.caption(
        typographier(
            f"Suggestions : suivies {effectif(part.numerateur, part.denominateur)} "
            f"({pourcentage(part.valeur)}, intervalle à 95 % {intervalle(part.bas, part.haut, pourcentage)}) "
            f"sur les {fois} sous une proposition, gestes annulés à part, d'après le journal."
        )
    )
