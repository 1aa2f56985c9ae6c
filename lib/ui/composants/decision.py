"""La décision : ce qui manque pour la prendre, de quoi la prendre, et ce qu'elle était une fois prise."""

from datetime import date

import streamlit as st

from lib.domain.decision import NatureOption
from lib.domain.droits import Perimetre, peut_figer
from lib.domain.formats import compter, date_et_heure, date_longue, guillemets, typographier
from lib.domain.horloge import a_paris, aujourd_hui
from lib.domain.vocabulaire import Vocabulaire
from lib.services.decision.prise import DecisionLue, decider
from lib.services.decision.saisies import Saisies
from lib.services.sessions import Acces
from lib.services.versions_reference import lire_versions
from lib.ui.caches import vue
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.composants.versions_reference import contenu
from lib.ui.ecrire import ecrire, tour
from lib.ui.textes import litteral

AIDE = typographier(
    "La relecture le lira. Les noms que l'outil connaît s'effacent à l'enregistrement ; n'y mettez ni un autre nom, ni "
    "les mots de quelqu'un qui n'a pas accepté d'être cité."
)


class PartieDecision(Vocabulaire):
    """Ce que la page montre à la fois."""

    GRILLE = "grille", "Grille et preuves"
    OPTIONS = "options", "Options"
    DECISION = "decision", "Décision"


PARTIES = {partie.libelle: partie for partie in PartieDecision}


def choisir_partie() -> PartieDecision:
    """La grille, les options ou la décision ; le choix est dans l'adresse."""
    choix = st.radio(
        "Voir", list(PARTIES), horizontal=True, key="partie", bind="query-params", label_visibility="collapsed"
    )
    return PARTIES[choix or PartieDecision.GRILLE.libelle]


def annoncer_prise(prise: DecisionLue) -> None:
    """La décision en tête de page : quoi, qui, quand, pourquoi."""
    jour = date_longue(prise.decidee_le)
    st.success(f"**{prise.retenue.libelle}** – décidé le {jour}, {litteral(prise.instance)}.")
    st.markdown(typographier("**Raisons** : ") + litteral(prise.raisons))
    quand = date_et_heure(a_paris(prise.enregistree_le))
    st.caption(
        typographier(
            f"Enregistrée par {litteral(prise.auteur)}, {quand}. La grille, les options et les chiffres sont ceux de "
            f"ce jour-là (version de référence {prise.version}) ; rien ne les modifie."
        )
    )


def chiffres_du_jour(prise: DecisionLue, acces: Acces) -> None:
    """Les chiffres figés avec la décision."""
    st.header("Les chiffres du jour de la décision", anchor=False)
    contenu(vue(lire_versions, acces, numeros=(prise.version,))[prise.version])
    lien("indicateurs", "Comparer à une autre version", lecture="Versions de référence", version=prise.version)


def a_prendre(saisies: Saisies, acces: Acces) -> None:
    """Ce qui manque encore, puis de quoi décider, pour qui le peut."""
    _manques(saisies)
    if not peut_figer(acces.perimetre):
        st.info("Aucune décision n'est encore prise dans cette investigation.")
        return
    _decider(acces.perimetre)


def _manques(saisies: Saisies) -> None:
    if saisies.a_instruire:
        restent = compter(len(saisies.a_instruire), "ligne reste", "lignes restent")
        noms = "\n".join(f"- {question.libelle}" for question in saisies.a_instruire)
        st.warning(typographier(f"{restent} à instruire :\n\n{noms}"))
    incompletes = [option.nature for option in saisies.options.values() if not option.complete]
    if incompletes:
        noms = ", ".join(guillemets(nature.libelle) for nature in incompletes)
        st.warning(typographier(f"Options à décrire pour se comparer : {noms}."))


def _decider(perimetre: Perimetre) -> None:
    st.header("Prendre la décision", anchor=False)
    st.write(
        typographier(
            "Elle ne se prend qu'une fois : elle fige une version de référence, la grille et les options. Un arrêt est "
            "une issue normale d'investigation, pas un échec."
        )
    )
    with st.form(f"decision-{tour('decision')}"):
        retenue = st.radio(
            "Option retenue", list(NatureOption), format_func=lambda n: n.libelle, index=None, horizontal=True
        )
        raisons = st.text_area("Raisons", max_chars=4000, help=AIDE)
        instance = st.text_input("Qui a décidé", placeholder="Comité de fin d'investigation", max_chars=200, help=AIDE)
        jour = st.date_input("Décidé le", value=aujourd_hui(), format="DD/MM/YYYY")
        envoye = st.form_submit_button("Prendre la décision, définitivement", type="primary")
    if not envoye:
        return
    if retenue is None:
        st.error("Choisissez l'option retenue.")
        return
    ecrire(
        perimetre,
        lambda session: decider(
            session,
            perimetre,
            retenue=retenue,
            raisons=raisons,
            instance=instance,
            decidee_le=jour if isinstance(jour, date) else aujourd_hui(),
        ),
        "La décision est prise et figée avec les chiffres du jour.",
        neuf="decision",
    )
