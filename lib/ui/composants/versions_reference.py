"""Les versions de référence : les lire, en comparer deux, en figer une."""

from collections.abc import Sequence

import streamlit as st

from lib.domain.chiffres import Chiffre, dire_combien
from lib.domain.droits import peut_figer
from lib.domain.formats import date_et_heure, date_longue, nombre, typographier
from lib.domain.horloge import a_paris
from lib.services.sessions import Acces
from lib.services.versions_reference import (
    PARTIELLE,
    ChiffreFige,
    LigneComparee,
    VersionFigee,
    VersionLue,
    comparer_versions,
    figer_version,
    lire_versions,
    lister_versions,
)
from lib.ui.caches import vue
from lib.ui.composants.tableau_liens import tableau_en_cartes
from lib.ui.ecrire import ecrire, tour

ABSENT = "n'y était pas"
CLE_VUES = "_versions-vues"


def montrer(acces: Acces) -> None:
    """La liste, la comparaison de deux versions au choix, et de quoi en figer une."""
    if acces.perimetre.terrains is not None:
        st.info(typographier(PARTIELLE))
        return
    versions = vue(lister_versions, acces)
    if versions:
        _lister(versions)
        _comparer(versions, acces)
    else:
        st.info("Aucune version de référence n'est encore figée.")
    if peut_figer(acces.perimetre):
        _figer(acces)


def _lister(versions: Sequence[VersionLue]) -> None:
    entetes = ("Version", "Chiffres au", "Figée le", "Par", "Pourquoi")
    lignes = [
        (
            nombre(v.numero),
            date_longue(v.au),
            date_et_heure(a_paris(v.creee_le)),
            v.auteur or "–",
            v.motif or "–",
        )
        for v in versions
    ]
    tableau_en_cartes(entetes, lignes, legende="Versions de référence, la dernière d'abord", cle="versions")


def _comparer(versions: Sequence[VersionLue], acces: Acces) -> None:
    numeros = [version.numero for version in versions]
    _montrer_la_nouvelle(numeros)
    st.header("Ce qu'une version dit, ce qui a changé", anchor=False)
    with st.container(horizontal=True):
        apres = st.selectbox("Version", numeros, key="version", bind="query-params", width=200)
        precedentes = [numero for numero in numeros if numero != apres]
        avant = st.selectbox(
            "Comparée à",
            [None, *precedentes],
            index=1 if precedentes else 0,
            format_func=lambda numero: nombre(numero) if numero else "aucune",
            key="comparee",
            width=200,
        )
    lues = vue(lire_versions, acces, numeros=(apres, avant) if avant else (apres,))
    if avant is None:
        contenu(lues[apres])
        return
    premiere, derniere = sorted((avant, apres))
    _ecarts(lues[premiere], lues[derniere])


def _montrer_la_nouvelle(numeros: Sequence[int]) -> None:
    """Une version figée pendant la visite se montre d'elle-même, comparée à la précédente."""
    vues = st.session_state.get(CLE_VUES)
    st.session_state[CLE_VUES] = len(numeros)
    if vues is not None and vues != len(numeros):
        st.session_state["version"] = numeros[0]
        st.session_state["comparee"] = numeros[1] if len(numeros) > 1 else None


def contenu(figee: VersionFigee) -> None:
    """Les chiffres d'une version, avec la définition qu'ils avaient."""
    entetes = ("Indicateur", "Valeur", "n/N", "Intervalle à 95 %", "Définition")
    lignes = [(_nommer(c), c.ecrit, c.fraction, c.bornes, typographier(c.definition)) for c in figee.chiffres.values()]
    legende = f"Version {figee.version.numero}, un indicateur par ligne"
    tableau_en_cartes(entetes, lignes, legende=legende, cle=f"version-{figee.version.numero}")
    _dater(figee.version)


def _nommer(chiffre: ChiffreFige) -> str:
    return typographier(f"{chiffre.nom} : {chiffre.precision}") if chiffre.precision else chiffre.nom


def _ecarts(avant: VersionFigee, apres: VersionFigee) -> None:
    lignes = comparer_versions(avant, apres)
    st.write(typographier(dire_combien(sum(ligne.change for ligne in lignes), len(lignes))))
    entetes = ("Indicateur", f"Version {avant.version.numero}", f"Version {apres.version.numero}", "Ce qui a changé")
    legende = f"De la version {avant.version.numero} à la version {apres.version.numero}"
    cle = f"versions-{avant.version.numero}-{apres.version.numero}"
    tableau_en_cartes(entetes, [_rangee(ligne) for ligne in lignes], legende=legende, cle=cle)
    for version in (avant.version, apres.version):
        _dater(version)


def _rangee(ligne: LigneComparee) -> tuple[str, ...]:
    return ligne.nom, _ecrire(ligne.avant), _ecrire(ligne.apres), ligne.tendance


def _ecrire(chiffre: Chiffre | None) -> str:
    return chiffre.resume if chiffre else ABSENT


def _dater(version: VersionLue) -> None:
    st.caption(
        typographier(
            f"Version {version.numero} : chiffres arrêtés au {date_longue(version.au)}, version "
            f"{nombre(version.version_donnees)} des données."
        )
    )


def _figer(acces: Acces) -> None:
    st.header("Figer une version", anchor=False)
    st.write(
        typographier("Elle garde les chiffres du jour, leurs définitions et leur date ; rien ne la modifie ensuite.")
    )
    with st.form(f"version-{tour('version')}"):
        motif = st.text_input("Pourquoi maintenant (facultatif)", placeholder="Point de mi-parcours", max_chars=200)
        envoye = st.form_submit_button("Figer les chiffres du jour", type="primary")
    if envoye:
        ecrire(
            acces.perimetre,
            lambda session: figer_version(session, acces.perimetre, motif=motif),
            "La version de référence est figée.",
            neuf="version",
        )
