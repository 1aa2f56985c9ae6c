"""Scinder une étiquette : ses citations défilent, un geste envoie chacune vers l'une des nouvelles."""

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter, guillemets, typographier
from lib.services import etiquettes
from lib.services.grille import EtiquetteLue
from lib.services.scission import CitationASituer, Renvoi, Scission, lire_scission, ramener, renvoyer
from lib.services.transaction import ecriture, lecture
from lib.ui.composants.grille.formulaires import bouton_vers, saisir_nom
from lib.ui.messages import signaler
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase

CHIFFRES = 9


@dataclass(slots=True)
class _Lecture:
    """Où en est la personne : la dernière citation laissée en place, et ce qu'elle a fait, pour y revenir."""

    faits: list[Renvoi | int] = field(default_factory=list)

    @property
    def apres(self) -> int:
        """La dernière citation laissée ; zéro au départ."""
        return max((fait for fait in self.faits if isinstance(fait, int)), default=0)


def scinder(etiquette: EtiquetteLue, grille: tuple[EtiquetteLue, ...], perimetre: Perimetre) -> None:
    """Choisir ou créer les étiquettes d'arrivée, puis situer les citations une à une."""
    st.header(litteral(f"Scinder {guillemets(etiquette.nom)}"), anchor=False)
    lue: _Lecture = st.session_state.setdefault(f"_scission-{etiquette.id}", _Lecture())
    noms = {e.id: " › ".join(e.chemin) for e in grille if e.id != etiquette.id and not e.archivee}
    arrivees = _choisir_arrivees(etiquette, noms)
    with st.expander("Créer une étiquette d'arrivée", expanded=not arrivees):
        _creer_arrivee(etiquette, perimetre)
    with lecture(moteur()) as session:
        etat = lire_scission(session, perimetre, etiquette_id=etiquette.id, apres=lue.apres)
    if not arrivees:
        st.info("Choisissez ou créez au moins une étiquette d'arrivée : les citations défileront ensuite ici.")
    elif etat.suivante:
        _situer(etat, etat.suivante, {id_: noms[id_] for id_ in arrivees}, etiquette, perimetre, lue)
    else:
        _finir(etat, lue)
    with st.container(horizontal=True):
        if lue.faits:
            st.button("Revenir sur le dernier geste", on_click=_revenir, args=(perimetre, lue), shortcut="Ctrl+Z")
        bouton_vers("Revenir à l'étiquette", etiquette=etiquette.id)


def _choisir_arrivees(etiquette: EtiquetteLue, noms: dict[int, str]) -> list[int]:
    cle, creee = f"scission-{etiquette.id}-arrivees", f"_scission-{etiquette.id}-creee"
    if (nouvelle := st.session_state.pop(creee, None)) in noms:
        st.session_state[cle] = [*st.session_state.get(cle, []), nouvelle]
    return st.multiselect(
        "Étiquettes d'arrivée",
        list(noms),
        format_func=lambda identifiant: noms[identifiant],
        max_selections=CHIFFRES,
        placeholder="Choisir dans la grille",
        key=cle,
    )


def _creer_arrivee(etiquette: EtiquetteLue, perimetre: Perimetre) -> None:
    with st.form(f"scission-{etiquette.id}-creation", border=False, clear_on_submit=False):
        nom, confirme = saisir_nom("", f"scission-{etiquette.id}")
        definition = st.text_input("Définition", key=f"scission-{etiquette.id}-definition", autocomplete="off")
        if not st.form_submit_button("Créer et retenir"):
            return
        try:
            with ecriture(moteur(), perimetre) as session:
                creee = etiquettes.creer(
                    session,
                    perimetre,
                    nom=nom,
                    nom_confirme=confirme,
                    famille=etiquette.famille,
                    parent_id=etiquette.parent_id,
                    definition=definition or "",
                )
        except ErreurMetier as erreur:
            st.error(phrase(str(erreur)))
            return
    st.session_state[f"_scission-{etiquette.id}-creee"] = creee
    st.rerun()


def _situer(
    etat: Scission,
    citation: CitationASituer,
    arrivees: dict[int, str],
    etiquette: EtiquetteLue,
    perimetre: Perimetre,
    lue: _Lecture,
) -> None:
    st.markdown(
        f"**{compter(etat.reste, 'citation')}** {'porte' if etat.reste == 1 else 'portent'} encore l'étiquette."
    )
    with st.container(border=True):
        if citation.avant.strip():
            st.caption(litteral(f"…{citation.avant}"))
        st.markdown(f"**{litteral(guillemets(citation.citation))}**")
        if citation.apres.strip():
            st.caption(litteral(f"{citation.apres}…"))
        place = {"entretien": str(citation.entretien_id), "verbatim": str(citation.verbatim_id)}
        st.page_link(chemin("codage"), label=f"Voir à sa place dans {litteral(citation.code)}", query_params=place)
    envoyer = partial(_envoyer, perimetre, lue, citation.verbatim_id, etiquette.id)
    with st.container(horizontal=True):
        for rang, (identifiant, nom) in enumerate(arrivees.items(), start=1):
            st.button(
                litteral(nom),
                key=f"scission-vers-{identifiant}",
                on_click=envoyer,
                args=(identifiant,),
                shortcut=str(rang),
            )
        st.button(
            "La laisser", key="scission-laisser", on_click=lue.faits.append, args=(citation.verbatim_id,), shortcut="0"
        )


def _envoyer(perimetre: Perimetre, lue: _Lecture, verbatim_id: int, de_id: int, vers_id: int) -> None:
    try:
        with ecriture(moteur(), perimetre) as session:
            lue.faits.append(renvoyer(session, perimetre, verbatim_id=verbatim_id, de_id=de_id, vers_id=vers_id))
    except ErreurMetier as erreur:
        signaler(str(erreur))


def _revenir(perimetre: Perimetre, lue: _Lecture) -> None:
    fait = lue.faits.pop()
    if isinstance(fait, int):
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            ramener(session, perimetre, fait)
    except ErreurMetier as erreur:
        signaler(str(erreur))


def _finir(etat: Scission, lue: _Lecture) -> None:
    if etat.reste == 0:
        st.success("L'étiquette ne porte plus aucune citation : vous pouvez l'archiver.")
        return
    st.success(typographier(f"Toutes les citations ont été relues ; {compter(etat.reste, 'citation')} y restent."))
    st.button("Relire celles qui restent", on_click=_oublier_laissees, args=(lue,))


def _oublier_laissees(lue: _Lecture) -> None:
    lue.faits[:] = [fait for fait in lue.faits if not isinstance(fait, int)]
