"""L'accord entre codeurs : la phrase, l'ensemble, chaque étiquette ; puis, pour l'équipe, les doubles codages."""

from collections.abc import Sequence

import streamlit as st

from lib.analytics.double_codage import SEUIL_PRUDENT, SEUIL_SUR, UNITES_PORTEUSES, Mesures
from lib.analytics.lecture_accord import dire_intervalle, dire_valeur, juger, lire_ensemble
from lib.domain.double_codage import EtapeDoubleCodage
from lib.domain.droits import Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import date_abregee, nombre, typographier
from lib.domain.horloge import a_paris
from lib.services.double_codage.accords import VueAccords
from lib.services.double_codage.lecture import DoubleCodageLu, EntretienACoder, entretiens_a_confier, lister_doubles
from lib.services.double_codage.ouverture import Codeur, codeurs_possibles, ouvrir
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.caches import vue
from lib.ui.composants.tableau_defilant import Cellule, tableau_defilant
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.messages import annoncer
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral, phrase

PAR_PAGE = 50
FICHE = Fiche(adresse="double-codage", parametre="double")
ENTETES = ("Étiquette", "Les deux", "Une seule", "Kappa", "Alpha", "Recouvrement", "Lecture")
DEFINITIONS = typographier(
    f"""- **Unité** : un tour de parole ; sans tours, un paragraphe. Les questions de l'enquête n'en sont que si l'une
  des deux personnes les a codées ; un texte que personne n'a codé n'en est pas.
- **Les deux, une seule** : unités où l'étiquette est posée par les deux, par une seule des deux.
- **Kappa** (Cohen, 1960) et **alpha** (Krippendorff, 2011, nominal) : accord au-delà du hasard, 1 au plus. Pour
  l'ensemble, une unité s'accorde quand les étiquettes y sont exactement les mêmes, ou qu'il n'y en a d'aucun côté.
- **Recouvrement** : caractères que les deux ont marqués, sur ceux qu'au moins une a marqués.
- **Intervalle à 95 %** : mille tirages des unités, avec remise. Il ignore que les unités d'un même entretien se
  ressemblent : il est plutôt étroit.
- **Lecture** : l'intervalle de l'alpha contre les seuils de Krippendorff (2004) : {nombre(SEUIL_SUR, 3)} pour
  s'appuyer dessus, {nombre(SEUIL_PRUDENT, 3)} pour des conclusions prudentes. Sous {UNITES_PORTEUSES} unités qui
  portent l'étiquette, rien ne se juge. Mesuré sur ce que chacune a rendu, avant tout arbitrage."""
)


def mesures(lus: VueAccords) -> None:
    """L'accord, ou comment commencer à le mesurer."""
    if lus.ensemble is None:
        st.info("Aucun entretien n'est encore codé par deux personnes : l'accord se mesure dès que deux ont fini.")
        return
    st.markdown(litteral(lire_ensemble(lus.ensemble, entretiens=lus.doubles)))
    if lus.plafonne:
        st.caption(typographier(f"Mesuré sur les {nombre(lus.doubles)} derniers doubles codages."))
    pages = -(-len(lus.etiquettes) // PAR_PAGE)
    page = st.pagination(pages, key="accord_page", bind="query-params") if pages > 1 else 1
    montrees = lus.etiquettes[(page - 1) * PAR_PAGE : page * PAR_PAGE]
    lignes = [_ligne("Ensemble", lus.ensemble), *(_ligne(lu.nom, lu.mesures) for lu in montrees)]
    tableau_defilant(ENTETES, lignes, legende="Accord entre codeurs, par étiquette", cle="accord-tableau")
    st.caption(DEFINITIONS)


def _ligne(nom: str, lues: Mesures) -> tuple[str, list[Cellule]]:
    return nom, [
        (nombre(lues.les_deux), ""),
        (nombre(lues.premier_seul + lues.second_seul), ""),
        *((dire_valeur(accord), dire_intervalle(accord)) for accord in (lues.kappa, lues.alpha, lues.recouvrement)),
        (juger(lues), ""),
    ]


def suivi(acces: Acces) -> None:
    """Ce qui attend ce compte, tous les doubles codages, et de quoi en ouvrir un."""
    st.header("Doubles codages", anchor=False)
    page = st.session_state.get("doubles_page") or 1
    doubles, pages = vue(lister_doubles, acces, page=page)
    _annoncer_les_miens(doubles, acces.perimetre)
    if doubles:
        tableau_ouvrant(
            ("Entretien", "Confié à", "Ouvert le", "Étape", "De votre côté"),
            [_rangee(double, acces.perimetre) for double in doubles],
            fiche=FICHE,
            legende="Doubles codages, les derniers ouverts d'abord",
            cle="doubles-codages",
        )
    if pages > 1:
        st.pagination(pages, key="doubles_page", bind="query-params")
    if st.checkbox("Confier un entretien à deux personnes", value=not doubles, key="double-confier"):
        _ouvrir(vue(entretiens_a_confier, acces), vue(codeurs_possibles, acces), acces.perimetre)


def _annoncer_les_miens(doubles: Sequence[DoubleCodageLu], perimetre: Perimetre) -> None:
    attendent = [d.code for d in doubles if _de_mon_cote(d, perimetre) == A_CODER]
    if attendent:
        st.info(typographier(f"À coder de votre côté : {', '.join(attendent)}."))


A_CODER = "À coder"


def _de_mon_cote(double: DoubleCodageLu, perimetre: Perimetre) -> str:
    mienne = double.mienne(perimetre.compte_id)
    if mienne is None or double.etape is not EtapeDoubleCodage.CODAGE:
        return ""
    return "Version rendue" if mienne.rendue else A_CODER


def _rangee(double: DoubleCodageLu, perimetre: Perimetre) -> LigneOuvrante:
    rendues = (f"{version.nom} ({'rendue' if version.rendue else 'en cours'})" for version in double.versions)
    cellules = (
        double.code,
        " et ".join(rendues),
        date_abregee(a_paris(double.ouvert_le).date()),
        double.etape.libelle,
        _de_mon_cote(double, perimetre),
    )
    return LigneOuvrante(id=double.id, cellules=cellules)


def _ouvrir(entretiens: Sequence[EntretienACoder], codeurs: Sequence[Codeur], perimetre: Perimetre) -> None:
    if not entretiens or len(codeurs) < 2:
        st.write("Il faut un entretien qui ait un texte, et deux personnes dans l'équipe.")
        return
    st.write(
        typographier(
            "Ce qui est déjà codé dans l'entretien quitte les citations, les exports et les chiffres jusqu'à "
            "l'arbitrage : personne ne le voit en codant. Son texte ne change plus d'ici là."
        )
    )
    with st.form("double-codage-ouvrir"):
        entretien = st.selectbox("Entretien", entretiens, format_func=lambda e: f"{e.code} – {e.source}")
        premier = st.selectbox("Première personne", codeurs, format_func=lambda c: c.nom)
        second = st.selectbox("Seconde personne", codeurs, index=1, format_func=lambda c: c.nom)
        envoye = st.form_submit_button("Ouvrir le double codage", type="primary")
    if not envoye:
        return
    try:
        with ecriture(moteur(), perimetre) as session:
            double_id = ouvrir(session, perimetre, entretien_id=entretien.id, codeurs=(premier.id, second.id))
    except ErreurMetier as erreur:
        st.error(phrase(str(erreur)))
        return
    annoncer(f"{entretien.code} est confié à {premier.nom} et {second.nom}, chacune à l'aveugle.")
    st.switch_page(chemin("double-codage"), query_params={"double": str(double_id)})
