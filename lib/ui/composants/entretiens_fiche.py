"""La fiche d'un entretien : tout ce qui en est su, et ce que l'on peut en faire."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.domain.droits import peut_consigner
from lib.domain.erreurs import Introuvable
from lib.domain.formats import compter, date_et_heure, date_imprecise, date_longue, enumeration, guillemets
from lib.domain.horloge import a_paris
from lib.domain.vocabulaire import AncrageVerbatim, StatutEntretien
from lib.services import entretiens
from lib.services.entretiens import FicheEntretien, lire_fiche, lire_version
from lib.services.interlocuteurs import InterlocuteurLu
from lib.services.sessions import Acces
from lib.services.transaction import lecture
from lib.ui.adresse import identifiant
from lib.ui.caches import vue
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.corrections import bouton_corriger_organisation, bouton_corriger_personne
from lib.ui.composants.tableau_liens import Fiche, LigneOuvrante, tableau_ouvrant
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

COULEURS = {StatutEntretien.REALISE: "green", StatutEntretien.BROUILLON: "orange"}
LARGEUR = 1000


def lire(acces: Acces) -> FicheEntretien | None:
    """La fiche que demande l'adresse ; None si elle n'existe pas ou n'est pas ouverte au compte."""
    try:
        return vue(lire_fiche, acces, entretien_id=identifiant("entretien") or 0)
    except Introuvable:
        return None


def titre(fiche: FicheEntretien | None) -> str:
    """« E-MRS-001, Le Panier de la Bigue »."""
    if fiche is None:
        return "Entretien introuvable"
    return litteral(", ".join(filter(None, [fiche.code, fiche.organisation or fiche.type_acteur.libelle])))


def introuvable() -> None:
    """Une phrase, et le chemin du retour."""
    st.error("Cet entretien n'existe pas, ou n'est pas ouvert à votre compte.")
    st.page_link(chemin("entretiens"), label="Retrouver un entretien", icon=":material/search:")


def montrer(fiche: FicheEntretien, acces: Acces) -> None:
    """La fiche entière, dans l'ordre de la conversation."""
    with st.container(width=LARGEUR):
        _gestes(fiche)
        _essentiel(fiche)
        _personnes(fiche.interlocuteurs)
        _accords(fiche)
        _textes(fiche)
        _irritants(fiche)
        _partenariats(fiche)
        _citations(fiche)
        _versions(fiche, acces)


def _gestes(fiche: FicheEntretien) -> None:
    if fiche.archive_le:
        st.warning(
            f"Entretien archivé le {date_longue(a_paris(fiche.archive_le).date())} : il ne compte plus nulle part."
        )
    elif fiche.statut is StatutEntretien.BROUILLON:
        st.info("Brouillon : cet entretien ne compte dans aucun chiffre tant qu'il n'est pas complété.")
    ici = {"entretien": str(fiche.id)}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(fiche.statut.libelle, color=COULEURS.get(fiche.statut, "gray"))  # type: ignore[arg-type]
        st.page_link(
            chemin("saisie"), label="Corriger l'entretien", icon=":material/edit:", query_params=ici, width="content"
        )
        if fiche.textes:
            st.page_link(
                chemin("codage"),
                label="Coder le texte",
                icon=":material/ink_highlighter:",
                query_params=ici,
                width="content",
            )
        if fiche.organisation_id:
            bouton_corriger_organisation(fiche.organisation_id)
        _ranger(fiche)


def _ranger(fiche: FicheEntretien) -> None:
    """Archiver, ou rétablir ce qui l'a été."""
    suite: dict[str, Any] = {"entretien_id": fiche.id, "version": fiche.version}
    if fiche.archive_le:
        geste = Geste(
            cle="fiche-retablir",
            bouton="Rétablir l'entretien",
            question=f"{fiche.code} retrouvera sa place dans les listes et dans les chiffres.",
            faire=lambda session, perimetre: entretiens.retablir(session, perimetre, **suite),
            droit=peut_consigner,
            fait=f"Entretien {fiche.code} rétabli.",
        )
    else:
        geste = Geste(
            cle="fiche-archiver",
            bouton="Archiver l'entretien",
            question=f"{fiche.code} quittera listes et chiffres. Rien n'est détruit : vous pourrez le rétablir.",
            faire=lambda session, perimetre: entretiens.archiver(session, perimetre, **suite),
            droit=peut_consigner,
            fait=f"Entretien {fiche.code} archivé. Vous pouvez le rétablir depuis sa fiche.",
        )
    bouton_a_confirmer(geste)


def _essentiel(fiche: FicheEntretien) -> None:
    duree = compter(fiche.duree_minutes, "minute") if fiche.duree_minutes else ""
    gauche, droite = st.columns(2)
    with gauche:
        _definitions(
            ("Terrain", fiche.terrain),
            ("Date", date_longue(fiche.tenu_le, avec_jour=True) if fiche.tenu_le else "pas encore donnée"),
            ("Tenu", ", ".join(filter(None, [fiche.mode.libelle, duree]))),
        )
    with droite:
        _definitions(
            ("Mené par", enumeration(fiche.enqueteurs.values())),
            ("Type d'acteur", fiche.type_acteur.libelle),
            ("Commune", fiche.commune or ""),
            ("Trouvé par", fiche.canal.libelle if fiche.canal else ""),
        )


def _definitions(*paires: tuple[str, str]) -> None:
    """Des repères, un par ligne ; ce qui n'est pas su ne s'écrit pas."""
    lignes = [f"**{nom}** : {litteral(valeur)}" for nom, valeur in paires if valeur]
    st.markdown("  \n".join(lignes))


def _personnes(personnes: Sequence[InterlocuteurLu]) -> None:
    st.header("Personnes rencontrées", anchor=False)
    if not personnes:
        st.markdown("Aucune personne nommée.")
    for personne in personnes:
        details = filter(None, [personne.nom, personne.fonction, personne.courriel, personne.telephone])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(litteral(", ".join(details)), width="content")
            if personne.modifiable:
                bouton_corriger_personne(personne)


def _accords(fiche: FicheEntretien) -> None:
    st.header("Information et accords", anchor=False)
    if fiche.notice_remise_le:
        moyen = f", {fiche.notice_moyen.libelle.lower()}" if fiche.notice_moyen else ""
        notice = f"version {fiche.notice_version or 'inconnue'}, remise le {date_longue(fiche.notice_remise_le)}{moyen}"
    else:
        notice = "pas encore remise"
    enregistrement = {True: "oui", False: "non", None: "question non posée"}[fiche.accord_enregistrement]
    _definitions(
        ("Notice d'information", notice),
        ("Accord de citer", fiche.accord_citation.libelle),
        ("Accord d'enregistrer", enregistrement),
    )


def _textes(fiche: FicheEntretien) -> None:
    for texte in fiche.textes:
        if texte.contenu:
            st.header(texte.nature.libelle, anchor=False)
            _texte(texte.contenu)
    if not any(texte.contenu for texte in fiche.textes):
        st.header("Notes", anchor=False)
        st.markdown("Ni notes ni transcription pour le moment.")


def _texte(contenu: str) -> None:
    """Le texte tel qu'il a été écrit : ni Markdown ni HTML, retours à la ligne gardés."""
    with st.container(border=True):
        st.text(contenu, width="stretch")


def _irritants(fiche: FicheEntretien) -> None:
    st.header("Irritants relevés", anchor=False)
    if not fiche.releves:
        st.markdown("Aucun irritant relevé.")
        return
    afficher_tableau(
        ("Irritant", "Ce qu'en dit l'entretien", "Intensité"),
        [
            (litteral(ligne.nom), ligne.releve.libelle, f"{ligne.intensite}/5" if ligne.intensite else "–")
            for ligne in fiche.releves
        ],
        legende="Irritants relevés dans cet entretien",
    )


def _partenariats(fiche: FicheEntretien) -> None:
    if not fiche.partenariats:
        return
    st.header("Partenariats dont on a parlé", anchor=False)
    tableau_ouvrant(
        ("Entreprise", "Association", "Début"),
        [
            LigneOuvrante(id=p.id, cellules=(p.entreprise, p.association, date_imprecise(p.debut, p.precision_debut)))
            for p in fiche.partenariats
        ],
        fiche=Fiche(adresse="partenariat", parametre="partenariat"),
        legende="Partenariats dont cet entretien est la source",
        cle="fiche-partenariats",
    )


def _citations(fiche: FicheEntretien) -> None:
    st.header(f"Citations ({len(fiche.citations)})", anchor=False)
    if not fiche.citations:
        st.markdown("Aucun passage surligné pour le moment.")
        return
    tableau_ouvrant(
        ("Citation", "Étiquettes", "Texte"),
        [
            LigneOuvrante(
                id=citation.id,
                cellules=(
                    _citer(citation.citation),
                    enumeration(citation.etiquettes) or "sans étiquette",
                    citation.nature.libelle + ("" if citation.ancrage is AncrageVerbatim.SUR else ", place à vérifier"),
                ),
            )
            for citation in fiche.citations
        ],
        fiche=Fiche(adresse="codage", parametre="verbatim", fixes=(("entretien", str(fiche.id)),)),
        legende="Citations de cet entretien, dans l'ordre du texte",
        cle="fiche-citations",
    )


def _citer(citation: str) -> str:
    """La citation sur une ligne, entre guillemets si elle n'en porte pas déjà."""
    texte = " ".join(citation.split())
    return texte if texte.startswith("«") else guillemets(texte)


def _versions(fiche: FicheEntretien, acces: Acces) -> None:
    if not fiche.versions:
        return
    st.header("Versions précédentes des textes", anchor=False)
    libelles = {
        v.id: f"{v.nature.libelle}, remplacée le {date_et_heure(a_paris(v.remplace_le))}"
        + (f" par {v.remplace_par}" if v.remplace_par else "")
        for v in fiche.versions
    }
    choisie = st.selectbox(
        "Relire une version",
        list(libelles),
        index=None,
        format_func=lambda cle: libelles[cle],
        placeholder="Choisir une version",
        key=f"fiche-version-{fiche.id}",
    )
    if choisie is not None:
        with lecture(moteur()) as session:
            _texte(lire_version(session, acces.perimetre, version_id=choisie))
