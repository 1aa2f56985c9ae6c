"""Demander le bilan, le voir se préparer, prendre ses fichiers ; il attend en base, même si le serveur redémarre."""

import io
import zipfile
from collections.abc import Callable, Hashable, Iterable
from functools import partial

import streamlit as st

from lib.domain.droits import Perimetre, peut_exporter
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.formats import date_et_heure, taille_fichier, typographier
from lib.domain.horloge import a_paris
from lib.services.bilan.fichiers import MIMES, FichierBilan, FormatBilan, verifier_bilan
from lib.services.bilan.preparations import PreparationLue, balayer, demander, lire, mener, oublier, prendre
from lib.services.exports_fichier import Suivre
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture
from lib.ui.acces import exiger_acces, relecture
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.ressources import moteur
from lib.ui.textes import phrase
from lib.ui.travaux import TRAVAUX, Travail

EN_COURS = typographier("Le bilan se prépare : vous pouvez changer de page, il vous attendra ici.")
INTERROMPU = typographier(
    "La préparation s'est interrompue : le serveur s'est arrêté avant la fin. Rien n'est sorti ; relancez-la."
)
EFFACE = "Ce bilan s'est effacé, ou a été redemandé : préparez-le à nouveau."
A_RELIRE = typographier(
    "Les noms que l'outil connaît sont effacés, et les petits effectifs masqués. Un nom que l'outil ne connaît pas ne "
    "peut pas l'être : relisez avant de publier."
)
ATTENTE_S = 1.0


def bilan(acces: Acces) -> None:
    """Le bouton, l'avancement tant qu'il se prépare, puis les fichiers. Lève AccesRefuse."""
    verifier_bilan(acces.perimetre)
    if st.button("Préparer le bilan", type="primary", key="bilan_preparer"):
        _demander(acces)
    preparation = _lire(acces.perimetre)
    if preparation is None:
        balayer(moteur())
        return
    travail = TRAVAUX.lire(_cle(preparation.id))
    if preparation.finie and not preparation.refus:
        _remettre(preparation, acces.perimetre)
    elif refus := preparation.refus or (travail.refus if travail else ""):
        st.error(phrase(refus))
    elif _vit(preparation, travail):
        _suivre()
    else:
        st.warning(INTERROMPU)


def contenu() -> None:
    """Ce que contient chaque fichier."""
    st.header("Les quatre fichiers", anchor=False)
    lignes = [(format_.libelle, typographier(format_.aide)) for format_ in FormatBilan]
    afficher_tableau(("Fichier", "Contenu"), lignes, legende="Fichiers du bilan")


# --- Préparer ---------------------------------------------------------------------------------------------------


def _demander(acces: Acces) -> None:
    """Lance la préparation ; si la sienne est déjà en cours, la laisse finir."""
    en_cours = _lire(acces.perimetre)
    if en_cours and _vit(en_cours, TRAVAUX.lire(_cle(en_cours.id))):
        return
    with ecriture(moteur(), acces.perimetre) as session:
        preparation_id = demander(session, acces.perimetre)
    TRAVAUX.lancer(_cle(preparation_id), _mener(acces, preparation_id))


def _mener(acces: Acces, preparation_id: int) -> Callable[[Suivre], None]:
    base, auteur = moteur(), acces.identifiant
    return lambda suivre: mener(base, acces.perimetre, preparation_id=preparation_id, auteur=auteur, suivre=suivre)


def _lire(perimetre: Perimetre) -> PreparationLue | None:
    with lecture(moteur()) as session:
        return lire(session, perimetre)


def _vit(preparation: PreparationLue, travail: Travail | None) -> bool:
    """Ce serveur la mène, ou un autre en donne des nouvelles."""
    if preparation.finie or (travail and travail.fini):
        return False
    return travail is not None or not preparation.muette


def _cle(preparation_id: int) -> Hashable:
    return "bilan", preparation_id


@st.fragment(run_every=ATTENTE_S)
def _suivre() -> None:
    acces = exiger_acces(peut_exporter)
    preparation = _lire(acces.perimetre)
    travail = TRAVAUX.lire(_cle(preparation.id)) if preparation else None
    if preparation is None or not _vit(preparation, travail):
        st.rerun()
        return
    st.info(EN_COURS)
    part, etape = (travail.part, travail.etape) if travail else (preparation.part, preparation.etape)
    st.progress(part, text=etape or "En attente")


# --- Remettre ---------------------------------------------------------------------------------------------------


def _remettre(preparation: PreparationLue, perimetre: Perimetre) -> None:
    relire = relecture()
    quand = date_et_heure(a_paris(preparation.demandee_le))
    fin = date_et_heure(a_paris(preparation.jusqu_a))
    st.success(f"Le bilan demandé le {quand} est prêt. Chaque fichier est au journal.")
    st.caption(A_RELIRE)
    for fichier in preparation.fichiers:
        libelle = f"{fichier.format.libelle}, {taille_fichier(fichier.taille)}"
        donner = partial(_un_seul, fichier.format, perimetre, relire)
        _telecharger(libelle, fichier.nom, MIMES[fichier.format], donner)
    nom = f"{preparation.fichiers[0].nom.rpartition('.')[0]}.zip"
    taille = taille_fichier(sum(fichier.taille for fichier in preparation.fichiers))
    _telecharger(f"Tout (.zip), {taille}", nom, "application/zip", partial(_tous, perimetre, relire))
    st.caption(typographier(f"Pour vous seul : ces fichiers attendent ici jusqu'au {fin}, puis s'effacent du serveur."))
    if st.button("Effacer maintenant", key="bilan_effacer"):
        with ecriture(moteur(), perimetre) as session:
            oublier(session, perimetre)
        st.rerun()


def _telecharger(libelle: str, nom: str, mime: str, donner: Callable[[], bytes]) -> None:
    st.download_button(
        libelle,
        data=donner,
        file_name=nom,
        mime=mime,
        key=f"bilan_{nom}",
        on_click="ignore",
        icon=":material/download:",
    )


def _un_seul(format_: FormatBilan, perimetre: Perimetre, relire: Callable[[], Acces | None]) -> bytes:
    return next(fichier.octets for fichier in servir(perimetre, relire) if fichier.format is format_)


def _tous(perimetre: Perimetre, relire: Callable[[], Acces | None]) -> bytes:
    return reunir(servir(perimetre, relire))


def servir(perimetre: Perimetre, relire: Callable[[], Acces | None]) -> tuple[FichierBilan, ...]:
    """Les fichiers, au clic : hors de tout passage, les droits se relisent ici.

    Lève AccesRefuse s'ils ont changé, Introuvable si les fichiers se sont effacés entre-temps.
    """
    acces = relire()
    if acces is None or acces.perimetre != perimetre:
        raise AccesRefuse("Votre session ne permet plus de prendre ce fichier : rien n'est sorti.")
    with lecture(moteur()) as session:
        fichiers = prendre(session, perimetre)
    if not fichiers:
        raise Introuvable(EFFACE)
    return fichiers


def reunir(fichiers: Iterable[FichierBilan]) -> bytes:
    """Les fichiers en une archive."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for fichier in fichiers:
            archive.writestr(fichier.nom, fichier.octets)
    return tampon.getvalue()
