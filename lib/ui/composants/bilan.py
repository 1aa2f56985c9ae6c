"""Demander le bilan, le voir se préparer, prendre ses fichiers."""

import io
import zipfile
from collections.abc import Callable, Hashable

import streamlit as st

from lib.domain.droits import Perimetre, peut_exporter
from lib.domain.erreurs import AccesRefuse
from lib.domain.formats import taille_fichier, typographier
from lib.services.bilan.fichiers import FichierBilan, FormatBilan, produire_bilan, verifier_bilan
from lib.services.exports_fichier import Suivre
from lib.services.sessions import Acces
from lib.ui.acces import exiger_acces, relecture
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.ressources import moteur
from lib.ui.textes import phrase
from lib.ui.travaux import TRAVAUX, Travail

EN_COURS = typographier("Le bilan se prépare : vous pouvez changer de page, il vous attendra ici.")
A_RELIRE = typographier(
    "Les noms que l'outil connaît sont effacés, et les petits effectifs masqués. Un nom que l'outil ne connaît pas ne "
    "peut pas l'être : relisez avant de publier."
)
ATTENTE_S = 1.0


def bilan(acces: Acces) -> None:
    """Le bouton, l'avancement tant qu'il se prépare, puis les fichiers. Lève AccesRefuse."""
    verifier_bilan(acces.perimetre)
    if st.button("Préparer le bilan", type="primary", key="bilan_preparer"):
        TRAVAUX.lancer(_cle(acces.perimetre), _mener(acces))
    travail = TRAVAUX.lire(_cle(acces.perimetre))
    if travail is None:
        return
    if not travail.fini:
        _suivre()
    elif travail.refus:
        st.error(phrase(travail.refus))
    else:
        _remettre(travail.resultat, acces.perimetre)


def contenu() -> None:
    """Ce que contient chaque fichier."""
    st.header("Les quatre fichiers", anchor=False)
    lignes = [(format_.libelle, typographier(format_.aide)) for format_ in FormatBilan]
    afficher_tableau(("Fichier", "Contenu"), lignes, legende="Fichiers du bilan")


def _cle(perimetre: Perimetre) -> Hashable:
    """Un bilan par compte et par investigation, perdu si les droits changent."""
    return "bilan", perimetre


def _mener(acces: Acces) -> Callable[[Suivre], tuple[FichierBilan, ...]]:
    base = moteur()
    return lambda avancer: produire_bilan(base, acces.perimetre, auteur=acces.identifiant, suivre=avancer)


@st.fragment(run_every=ATTENTE_S)
def _suivre() -> None:
    acces = exiger_acces(peut_exporter)
    travail = TRAVAUX.lire(_cle(acces.perimetre))
    if travail is None or travail.fini:
        st.rerun()
    else:
        _montrer_avancement(travail)


def _montrer_avancement(travail: Travail) -> None:
    st.info(EN_COURS)
    st.progress(travail.part, text=travail.etape or "En attente")


def _remettre(fichiers: tuple[FichierBilan, ...], perimetre: Perimetre) -> None:
    relire = relecture()
    st.success("Le bilan est prêt. Chaque fichier est au journal.")
    st.caption(A_RELIRE)
    for fichier in fichiers:
        _telecharger(fichier.format.libelle, fichier.nom, fichier.mime, fichier.octets, perimetre, relire)
    nom = f"{fichiers[0].nom.rpartition('.')[0]}.zip"
    _telecharger("Tout (.zip)", nom, "application/zip", reunir(fichiers), perimetre, relire)


def _telecharger(
    libelle: str, nom: str, mime: str, octets: bytes, perimetre: Perimetre, relire: Callable[[], Acces | None]
) -> None:
    st.download_button(
        f"{libelle}, {taille_fichier(len(octets))}",
        data=lambda: servir(octets, perimetre, relire),
        file_name=nom,
        mime=mime,
        key=f"bilan_{nom}",
        on_click="ignore",
        icon=":material/download:",
    )


def servir(octets: bytes, perimetre: Perimetre, relire: Callable[[], Acces | None]) -> bytes:
    """Le fichier, au clic : hors de tout passage, les droits se relisent ici. Lève AccesRefuse s'ils ont changé."""
    acces = relire()
    if acces is None or acces.perimetre != perimetre:
        raise AccesRefuse("Votre session ne permet plus de prendre ce fichier : rien n'est sorti.")
    return octets


def reunir(fichiers: tuple[FichierBilan, ...]) -> bytes:
    """Les fichiers en une archive."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for fichier in fichiers:
            archive.writestr(fichier.nom, fichier.octets)
    return tampon.getvalue()
