"""La fiche d'un partenariat : son statut en mots, sa frise, son histoire en lignes, ses détails."""

from collections.abc import Sequence

import streamlit as st

from lib.domain.erreurs import Introuvable
from lib.domain.formats import compter, date_abregee, date_et_heure, date_longue, typographier
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import StatutPartenariat
from lib.graphiques.frise import LEGENDE
from lib.services.details_partenariat import ecrire_quantite
from lib.services.partenariat_fiche import EvenementLu, FichePartenariat, VuePartenariat, preparer
from lib.services.sessions import Acces
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.figures import SANS_BARRE
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.navigation import chemin
from lib.ui.textes import litteral

COULEURS = {
    StatutPartenariat.ACTIF: "green",
    StatutPartenariat.SUSPENDU: "orange",
    StatutPartenariat.A_VERIFIER: "orange",
    StatutPartenariat.TERMINE: "gray",
    StatutPartenariat.SANS_SUITE: "gray",
    StatutPartenariat.EN_DISCUSSION: "blue",
    StatutPartenariat.ENVISAGE: "blue",
}


def ouvrir(acces: Acces) -> VuePartenariat | None:
    """Le partenariat que demande l'adresse ; sinon dit ce qui manque, et où choisir."""
    partenariat_id = identifiant("partenariat")
    try:
        if partenariat_id is not None:
            return vue(preparer, acces, partenariat_id=partenariat_id)
        phrase = "Aucun partenariat n'est choisi."
    except Introuvable as absente:
        phrase = str(absente)
    st.title("Fiche de partenariat", anchor=False)
    st.info(phrase)
    st.page_link(chemin("partenariats"), label="Choisir un partenariat dans la liste")
    return None


def entete(montree: VuePartenariat) -> None:
    """Titre, statut en mots et, s'il le faut, ce qui cloche."""
    fiche = montree.fiche
    st.title(f"{litteral(fiche.entreprise)} – {litteral(fiche.association)}", anchor=False)
    badge = f":{COULEURS[fiche.statut]}-badge[{fiche.statut.libelle}]"
    st.markdown(f"{badge} {litteral(fiche.terrain)}, statut au {date_longue(fiche.au)}\n\n{litteral(montree.phrase)}")
    if fiche.archive:
        st.warning("Ce partenariat est archivé : il n'apparaît plus dans les listes ni dans les chiffres.")
    if fiche.incoherence:
        st.warning(f"Cette histoire ne se tient pas. {litteral(fiche.incoherence)}")
    if fiche.posterieurs:
        st.info(
            f"Des événements sont postérieurs au {date_longue(fiche.au)}, date d'arrêt des chiffres : ils figurent "
            "dans l'histoire et n'entrent pas encore dans les durées."
        )
    _voisins(fiche)


def histoire(montree: VuePartenariat) -> None:
    """La frise, puis les mêmes faits en lignes, puis ce qui a été corrigé."""
    st.header("Histoire", anchor=False)
    st.plotly_chart(montree.frise, config=SANS_BARRE, alt=montree.alternative)
    st.caption(LEGENDE)
    _tableau(montree.fiche.suite, legende="Événements du partenariat, du plus ancien au plus récent")
    if montree.fiche.retires:
        titre = compter(len(montree.fiche.retires), "ligne corrigée ou annulée", "lignes corrigées ou annulées")
        with st.expander(f"{titre} : rien ne s'efface"):
            _tableau(montree.fiche.retires, legende="Événements corrigés ou annulés, gardés pour mémoire")


def details(fiche: FichePartenariat) -> None:
    """Ce qui ne se date pas."""
    st.header("Détails", anchor=False)
    connus = [(nom, valeur) for nom, valeur in _lignes_des_details(fiche) if valeur]
    afficher_tableau(
        ("Ce que l'on sait", "Valeur"),
        [(nom, litteral(valeur)) for nom, valeur in connus],
        legende="Détails du partenariat",
    )


def _voisins(fiche: FichePartenariat) -> None:
    """Les épisodes d'avant et d'après entre les mêmes."""
    voisins = ((fiche.episode_precedent_id, "Épisode précédent"), (fiche.episode_suivant_id, "Épisode suivant"))
    for voisin, libelle in voisins:
        if voisin:
            st.page_link(
                chemin("partenariat"),
                label=f"{libelle} entre ces deux organisations",
                query_params={"partenariat": str(voisin)},
            )


def _tableau(evenements: Sequence[EvenementLu], *, legende: str) -> None:
    lignes = [_ligne(evenement) for evenement in evenements]
    # Une colonne vide partout n'apprend rien.
    gardees = [rang for rang in range(len(COLONNES)) if rang < 2 or any(ligne[rang] for ligne in lignes)]
    afficher_tableau(
        [COLONNES[rang] for rang in gardees],
        [[litteral(ligne[rang]) for rang in gardees] for ligne in lignes],
        legende=legende,
    )


COLONNES = ("Date", "Événement", "Motif", "Commentaire", "Entretien", "Saisi", "Devenu")


def _ligne(evenement: EvenementLu) -> tuple[str, ...]:
    fait = evenement.fait
    return (
        fait.quand.ecrire(),
        f"{fait.type.libelle} (annulation)" if fait.annule else fait.type.libelle,
        fait.motif.libelle if fait.motif else "",
        evenement.commentaire,
        evenement.source,
        _saisi(evenement),
        f"Remplacé par la saisie n° {evenement.remplace_par}" if evenement.remplace_par else "",
    )


def _saisi(evenement: EvenementLu) -> str:
    """« Léa, le 23 novembre 2026 à 9 h 05 » ; rien pour qui ne lit pas les identités."""
    if not evenement.saisi_par:
        return ""
    return f"{evenement.saisi_par}, {date_et_heure(a_paris(evenement.saisi_le))}"


def _lignes_des_details(fiche: FichePartenariat) -> list[tuple[str, str]]:
    details_ = fiche.details
    parts = details_.parts or {}
    formes = [f"{f.libelle} ({parts[f]} %)" if f in parts else f.libelle for f in details_.formes]
    convention = [date_abregee(jour) for jour in (details_.convention_debut, details_.convention_fin) if jour]
    return [
        ("Forme principale", formes[0] if formes else ""),
        ("Autres formes", ", ".join(formes[1:])),
        ("Rythme", details_.rythme.libelle),
        ("Terrain", fiche.terrain),
        ("Premier pas", details_.initiateur.libelle),
        ("Comment on l'a appris", details_.mode_recueil.libelle),
        ("Par quel outil", fiche.solution),
        ("Quantité", ecrire_quantite(details_.volume, details_.unite)),
        ("Convention", typographier(" au ".join(convention))),
        ("Renouvellements", str(fiche.episode.renouvellements) if fiche.episode.renouvellements else ""),
        ("Description", details_.description),
    ]
