"""Choisir ce que l'on sort, voir le fichier se préparer, le télécharger."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import cast

import streamlit as st

from lib.domain.droits import Perimetre, peut_exporter_identites
from lib.domain.erreurs import AccesRefuse
from lib.domain.formats import compter, nombre, taille_fichier, typographier
from lib.services.exports import DemandeExport, ExportPret, produire, tables_ouvertes, verifier
from lib.services.exports_fichier import FormatExport, Suivre
from lib.services.sessions import Acces
from lib.services.terrains import TerrainLu
from lib.ui.acces import relecture
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

PSEUDONYMISE, IDENTIFIE = "Pseudonymisé", "Identifié"
AIDES = (
    typographier("Ni personne ni coordonnées ; organisations sous un nom d'emprunt"),
    "Tout, noms et coordonnées compris",
)
TOUS_TERRAINS = "Tous les terrains"
PAR_LIBELLE = {format_.libelle: format_ for format_ in FormatExport}
_CLE = "exports_pret"
_UN_LECTEUR = Lock()


def choisir(acces: Acces, terrains: Sequence[TerrainLu]) -> DemandeExport | None:
    """Le formulaire ; la demande quand il vient d'être envoyé."""
    identifie = _choisir_nature(acces.perimetre)
    tables = {table.nom: table.code for table in tables_ouvertes(acces.perimetre, identifie=identifie)}
    par_nom = {terrain.nom: terrain.id for terrain in terrains}
    with st.form("exports_formulaire", border=True):
        format_ = st.radio(
            "Format", list(PAR_LIBELLE), captions=[typographier(f.aide) for f in FormatExport], key="exports_format"
        )
        terrain = st.selectbox("Terrain", [TOUS_TERRAINS, *par_nom], key="exports_terrain")
        choisies = st.multiselect(
            typographier("Tables (aucune : toutes)"),
            list(tables),
            placeholder="Toutes les tables",
            key=f"exports_tables_{identifie}",
        )
        motif = _demander_motif() if identifie else ""
        envoye = st.form_submit_button("Préparer le fichier", type="primary")
    if not envoye:
        return None
    return DemandeExport(
        format=PAR_LIBELLE[format_],
        tables=tuple(tables[nom] for nom in choisies),
        terrain_id=par_nom.get(terrain),
        identifie=identifie,
        motif=motif,
    )


def _choisir_nature(perimetre: Perimetre) -> bool:
    """Seule l'administration a le choix ; hors du formulaire, pour que le motif apparaisse."""
    if not peut_exporter_identites(perimetre):
        return False
    choix = [PSEUDONYMISE, IDENTIFIE]
    return st.radio("Nature de l'export", choix, captions=AIDES, key="exports_nature") == IDENTIFIE


def _demander_motif() -> str:
    st.warning("Cet export contient des données personnelles. Son motif, votre compte et la date restent au journal.")
    return st.text_input(
        typographier("Pourquoi ces données doivent-elles sortir identifiées ?"),
        key="exports_motif",
        placeholder="Par exemple\N{NO-BREAK SPACE}: demande d'accès reçue le 3 novembre",
    )


def preparer(acces: Acces, demande: DemandeExport) -> None:
    """Écrit et journalise le fichier en montrant où il en est. Lève les erreurs du service ; l'ancien est oublié."""
    _oublier()
    verifier(acces.perimetre, demande)
    place = st.empty()
    with place.status("Préparation du fichier…", expanded=True):
        pret = produire(moteur(), acces.perimetre, demande, auteur=acces.identifiant, suivre=_montrer_avancement())
    place.empty()
    st.session_state[_CLE] = (acces.perimetre, pret)


def _montrer_avancement() -> Suivre:
    barre = st.progress(0.0, text="Lecture des tables")

    def suivre(table: str, faites: int, total: int) -> None:
        texte = typographier(f"{table} : {nombre(faites)} lignes sur {nombre(total)}")
        barre.progress(faites / total, text=litteral(texte))

    return suivre


def telecharger(acces: Acces) -> None:
    """Le bouton qui sert le fichier journalisé, et ce qu'il contient ; rien sans fichier préparé dans ce périmètre."""
    perimetre, pret = st.session_state.get(_CLE, (None, None))
    if pret is None or perimetre != acces.perimetre:
        return
    bilan, relire = pret.bilan, relecture()
    lignes = compter(bilan.total, "ligne")
    st.success(f"{litteral(bilan.nom)} est prêt : {lignes}, {taille_fichier(bilan.octets)}. L'export est au journal.")
    st.download_button(
        f"Télécharger le fichier ({taille_fichier(bilan.octets)})",
        data=lambda: servir(pret, perimetre, relire),
        file_name=bilan.nom,
        mime=bilan.mime,
        key="exports_telecharger",
        on_click="ignore",
        icon=":material/download:",
    )


def servir(pret: ExportPret, perimetre: Perimetre, relire: Callable[[], Acces | None]) -> bytes:
    """Le fichier, au clic : hors de tout passage, les droits se relisent ici. Lève AccesRefuse s'ils ont changé."""
    acces = relire()
    if acces is None or acces.perimetre != perimetre:
        raise AccesRefuse("Votre session ne permet plus de prendre ce fichier : rien n'est sorti.")
    with _UN_LECTEUR:
        pret.fichier.seek(0)
        return pret.fichier.read()


def _oublier() -> None:
    ancien = st.session_state.pop(_CLE, None)
    if ancien is not None:
        cast("ExportPret", ancien[1]).fichier.close()


def contenu(perimetre: Perimetre) -> None:
    """Ce que chaque table contient."""
    st.header("Ce que contient chaque table", anchor=False)
    lignes = [
        (table.nom, table.aide) for table in tables_ouvertes(perimetre, identifie=peut_exporter_identites(perimetre))
    ]
    afficher_tableau(("Table", "Contenu"), lignes, legende="Tables que l'on peut exporter")
