"""Le tableau des indicateurs, puis chacun en entier : définition, tendance, et ce qui le porte."""

from collections.abc import Mapping

import streamlit as st

from lib.domain.droits import Perimetre
from lib.domain.formats import date_longue, enumeration, guillemets, typographier
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import Vocabulaire
from lib.services.indicateur import Indicateur, Indicateurs
from lib.services.relecture import Relecture
from lib.services.versions_reference import VersionFigee, tendances
from lib.ui.composants.tableau_de_bord import lien
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.navigation import est_ouverte
from lib.ui.textes import litteral

ENTETES = ("Indicateur", "Valeur", "n/N", "Intervalle à 95 %")
CLE = "indicateur"


class PartieIndicateurs(Vocabulaire):
    """Ce que la page montre à la fois."""

    CHIFFRES = "chiffres", "Chiffres du jour"
    VERSIONS = "versions", "Versions de référence"


PARTIES = {partie.libelle: partie for partie in PartieIndicateurs}


def choisir_partie() -> PartieIndicateurs:
    """Les chiffres, ou leurs versions figées ; le choix est dans l'adresse."""
    choix = st.radio(
        "Lire", list(PARTIES), horizontal=True, key="lecture", bind="query-params", label_visibility="collapsed"
    )
    return PARTIES[choix or PartieIndicateurs.CHIFFRES.libelle]


def indicateur_choisi() -> CodeIndicateur:
    """L'indicateur que l'adresse ou la liste désigne ; le premier à défaut."""
    nom = st.session_state.get(CLE) or st.query_params.get(CLE)
    return next((code for code in CodeIndicateur if code.libelle == nom), next(iter(CodeIndicateur)))


def ensemble(
    indicateurs: Indicateurs, derniere: VersionFigee | None, relecture: Relecture | None, perimetre: Perimetre
) -> None:
    """Tous les chiffres d'un coup d'œil, chacun ouvrant ce qui le porte ; au téléphone, l'un sous l'autre.

    relecture : où en est chacun, pour qui relit.
    """
    evolutions = tendances(indicateurs, derniere)
    entetes = [*ENTETES]
    if derniere:
        entetes.append(f"Depuis la version {derniere.version.numero}")
    if relecture:
        entetes.append("Relecture")
    lignes = [
        LigneOuvrante(id=rang, cellules=_rangee(i, evolutions, relecture), fiche=_fiche(i, perimetre))
        for rang, i in enumerate(indicateurs.tous)
    ]
    legende = "Indicateurs, un par ligne ; chaque nom ouvre ce qu'il compte"
    tableau_ouvrant(entetes, lignes, fiche=None, legende=typographier(legende), cle="indicateurs-ensemble")
    regle = f"\n\n{litteral(indicateurs.regle)}" if indicateurs.regle else ""
    st.caption(typographier(_comment_lire(indicateurs, derniere)) + regle)


def attendus(relecture: Relecture) -> None:
    """Où la personne est appelée."""
    if relecture.attendus:
        noms = enumeration(guillemets(CodeIndicateur(code).libelle) for code in relecture.attendus)
        st.info(typographier(f"Votre réponse est attendue sur {noms}."))


def un_seul(indicateurs: Indicateurs, derniere: VersionFigee | None, perimetre: Perimetre) -> Indicateur:
    """Un indicateur au choix, lié à l'adresse, avec sa définition et le chemin vers ses lignes."""
    st.header("Ce que compte un indicateur", anchor=False)
    noms = [indicateur.nom for indicateur in indicateurs.tous]
    nom = st.selectbox("Indicateur", noms, key=CLE, bind="query-params")
    choisi = indicateurs.tous[noms.index(nom)]
    tendance = tendances(indicateurs, derniere).get(choisi.code.value, "")
    depuis = f"\n- **Depuis la version {derniere.version.numero}** : {litteral(tendance)}" if derniere else ""
    st.markdown(
        typographier(
            f"- **Aujourd'hui** : {litteral(choisi.resume)}\n"
            f"- **Définition** : {litteral(choisi.definition)}\n"
            f"- **Numérateur** : {litteral(choisi.numerateur_definition)}\n"
            f"- **Dénominateur** : {litteral(choisi.denominateur_definition)}{depuis}"
        )
    )
    if est_ouverte(choisi.source.page, perimetre):
        lien(choisi.source.page, choisi.source.libelle, **choisi.source.parametres)
    return choisi


def vide() -> None:
    """Rien n'a été recueilli."""
    st.info(typographier("Cette investigation est vide : les indicateurs naîtront avec le premier entretien réalisé."))


def _comment_lire(indicateurs: Indicateurs, derniere: VersionFigee | None) -> str:
    version = ""
    if derniere:
        numero, au = derniere.version.numero, date_longue(derniere.version.au)
        version = f" La version {numero} était arrêtée au {au}."
    return (
        f"Chiffres arrêtés au {date_longue(indicateurs.au)}, parmi les acteurs rencontrés, choisis et non tirés au "
        "sort : l'intervalle dit l'ordre de grandeur du hasard. « n. d. » : la valeur ne s'estime pas. « Sans "
        "intervalle » : compte complet, ou unités qui ne sont pas des acteurs distincts. Partenariats encore "
        f"en cours : la part vient de Kaplan-Meier, n est l'effectif encore suivi à cet âge.{version}"
    )


def _rangee(indicateur: Indicateur, evolutions: Mapping[str, str], relecture: Relecture | None) -> tuple[str, ...]:
    cellules = [_titrer(indicateur), indicateur.ecrit, indicateur.fraction, indicateur.bornes]
    code = indicateur.code.value
    if code in evolutions:
        cellules.append(evolutions[code])
    if relecture:
        cellules.append(relecture.etat(code, indicateur.resume).libelle)
    return tuple(cellules)


def _fiche(indicateur: Indicateur, perimetre: Perimetre) -> Fiche | None:
    """La page qui porte ce chiffre, si elle est ouverte à ce compte."""
    source = indicateur.source
    if est_ouverte(source.page, perimetre):
        return Fiche(adresse=source.page, parametre="", fixes=tuple(source.parametres.items()))
    return None


def _titrer(indicateur: Indicateur) -> str:
    return typographier(f"{indicateur.nom} : {indicateur.precision}") if indicateur.precision else indicateur.nom
