"""Le fil de relecture d'un indicateur : ce qui s'est dit, et de quoi demander, répondre ou valider."""

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_valider
from lib.domain.formats import date_et_heure, typographier
from lib.domain.horloge import a_paris
from lib.domain.relecture import EtatRelecture
from lib.services.indicateur import Indicateur
from lib.services.relecture import LONGUEUR, MessageLu, Relecture, ecrire_message
from lib.services.sessions import Acces
from lib.ui.ecrire import ecrire, tour
from lib.ui.textes import litteral, phrase
from lib.ui.versions import rouvrir, version_ouverte

AIDE = typographier(
    "L'équipe et la relecture lisent ce fil. « @identifiant » appelle quelqu'un. Les noms que l'outil connaît s'y "
    "effacent à l'enregistrement : désignez un entretien autrement que par un nom."
)
FAITS = {
    EtatRelecture.A_RELIRE: "Votre message est au fil : l'indicateur est à relire.",
    EtatRelecture.QUESTION: "Votre question est au fil.",
    EtatRelecture.VALIDE: "L'indicateur est validé, sur le chiffre que vous avez lu.",
}


def fil(indicateur: Indicateur, relecture: Relecture, acces: Acces) -> None:
    """Où en est la relecture, le fil du plus ancien au plus récent, et la saisie."""
    st.subheader("Relecture", anchor=False)
    etat = relecture.etat(indicateur.code.value, indicateur.resume)
    st.markdown(typographier(f"**{etat.libelle}**") + _pourquoi(indicateur, relecture))
    if relecture.fil:
        st.markdown("\n".join(map(_dire, relecture.fil)))
    _saisir(indicateur, relecture.rang(indicateur.code.value), acces)


def _pourquoi(indicateur: Indicateur, relecture: Relecture) -> str:
    code = indicateur.code.value
    if not relecture.rang(code):
        return typographier(" : personne ne s'est encore prononcé.")
    if relecture.depasse(code, indicateur.resume):
        vu = litteral(relecture.derniers[code].chiffre_vu)
        return typographier(" : il avait été validé sur ") + vu + typographier(", et le chiffre a changé depuis.")
    return "."


def _dire(message: MessageLu) -> str:
    """« - **Question**, Diane Fictive (relecture DIPLP), 20 novembre 2026 à 9 h 05, sur 44 % (12/27) : texte »."""
    role = f" ({message.role.libelle})" if message.role and message.role.libelle not in message.auteur else ""
    quand = date_et_heure(a_paris(message.ecrit_le))
    debut = typographier(f"- **{message.etat.libelle}**, ") + f"{litteral(message.auteur + role)}, {quand}, sur "
    texte = typographier(" : ") + litteral(message.texte) if message.texte else ""
    return f"{debut}{litteral(message.chiffre_vu)}{texte}"


def _saisir(indicateur: Indicateur, rang: int, acces: Acces) -> None:
    famille = f"fil-{indicateur.code.value}"
    vu = version_ouverte(famille, rang)
    if vu != rang:
        st.warning("Quelqu'un a écrit depuis que vous lisez ce fil. Votre message est encore dans le formulaire.")
        st.button("J'ai relu le fil", key=f"{famille}-relu", on_click=rouvrir, args=(famille,))
    with st.form(f"{famille}-{tour(famille)}"):
        etat = st.radio("Votre avis", _etats(acces.perimetre), format_func=lambda e: e.libelle, horizontal=True)
        texte = st.text_area("Message", max_chars=LONGUEUR, help=AIDE)
        envoye = st.form_submit_button("Écrire au fil", type="primary")
    if envoye and etat is not None:
        _envoyer(indicateur, etat, texte, vu, acces, famille)


def _envoyer(indicateur: Indicateur, etat: EtatRelecture, texte: str, vu: int, acces: Acces, famille: str) -> None:
    def geste(session: Session) -> None:
        ecrire_message(
            session,
            acces.perimetre,
            indicateur=indicateur.code,
            etat=etat,
            texte=texte,
            chiffre=indicateur.resume,
            rang=vu,
        )
        rouvrir(famille)

    ecrire(acces.perimetre, geste, phrase(FAITS[etat]), neuf=famille)


def _etats(perimetre: Perimetre) -> list[EtatRelecture]:
    return [etat for etat in EtatRelecture if etat is not EtatRelecture.VALIDE or peut_valider(perimetre)]
