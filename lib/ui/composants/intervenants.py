"""Qui parle dans un texte : ce que l'outil a reconnu, et de quoi le corriger pour cet entretien."""

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre
from lib.domain.formats import compter, pluriel, typographier
from lib.domain.intervenants import RoleIntervenant
from lib.services.atelier import Atelier, TexteLu
from lib.services.intervenants import corriger_intervenants
from lib.ui.ecrire import ecrire
from lib.ui.textes import litteral

RECONNU = "Comme reconnu"


def corriger(atelier: Atelier, texte: TexteLu, perimetre: Perimetre) -> None:
    """Un choix par début de ligne ; rien s'il n'y en a pas, ou si l'entretien est archivé."""
    reconnus = {tour.locuteur: tour.interroge for tour in texte.tours}
    noms = [*reconnus, *texte.ignores]
    if not noms or atelier.archive:
        return
    with st.expander("Qui parle : corriger ce qui est mal reconnu"):
        st.caption(
            typographier(
                "Chaque ligne qui commence par un nom suivi de deux points. Ce que vous choisissez vaut pour cet "
                "entretien, s'écrit au journal, et se reprend en choisissant de nouveau « Comme reconnu »."
            )
        )
        montres = {nom: dict(atelier.corrections).get(nom) for nom in noms}
        with st.form(f"intervenants-{texte.id}", border=False):
            roles = {nom: _choisir(nom, reconnus.get(nom), montres[nom], texte.id) for nom in noms}
            if st.form_submit_button("Enregistrer les intervenants"):
                _enregistrer(atelier.entretien_id, perimetre, roles, montres)


def _choisir(nom: str, interroge: bool | None, actuel: RoleIntervenant | None, texte_id: int) -> RoleIntervenant | None:
    choix: list[RoleIntervenant | None] = [None, *RoleIntervenant]
    reconnu = {True: RoleIntervenant.REPOND, False: RoleIntervenant.MENE, None: RoleIntervenant.PERSONNE}[interroge]
    return st.radio(
        litteral(nom),
        choix,
        index=choix.index(actuel),
        format_func=lambda role: role.libelle if role else (RECONNU if actuel else f"{RECONNU} ({reconnu.libelle})"),
        key=f"intervenant-{texte_id}-{nom}-{actuel}",
        horizontal=True,
    )


def _enregistrer(
    entretien_id: int,
    perimetre: Perimetre,
    roles: dict[str, RoleIntervenant | None],
    montres: dict[str, RoleIntervenant | None],
) -> None:
    changes = sum(role is not montres[nom] for nom, role in roles.items())
    if not changes:
        st.info("Rien n'a changé.")
        return

    def faire(session: Session) -> None:
        corriger_intervenants(session, perimetre, entretien_id=entretien_id, roles=roles, montres=montres)

    fait = f"{compter(changes, 'intervenant')} {pluriel(changes, 'corrigé')} : les paroles sont relues."
    ecrire(perimetre, faire, typographier(fait))
