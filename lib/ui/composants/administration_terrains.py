"""Administration des terrains d'une investigation et de leur plan d'entretiens."""

from datetime import date

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.domain.formats import nombre
from lib.domain.vocabulaire import TypeActeur
from lib.services import investigations, plan
from lib.services.investigations import TerrainLu, lister_terrains
from lib.services.plan import PREVU_MAXIMUM, Cible
from lib.services.sessions import Acces
from lib.services.transaction import ecriture, lecture_directe
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableaux import afficher_tableau
from lib.ui.erreurs import afficher_erreurs
from lib.ui.messages import annoncer
from lib.ui.ressources import moteur
from lib.ui.textes import litteral
from lib.ui.versions import proposer_de_relire, rouvrir, version_ouverte


def regler_terrains(acces: Acces, investigation_id: int) -> None:
    """Les terrains : tableau, ajout, fiche."""
    terrains = _lire(acces, investigation_id)
    if terrains:
        afficher_tableau(
            ["Ordre", "Terrain", "Entretiens", "État"],
            [[nombre(t.ordre), litteral(t.nom), nombre(t.entretiens), _etat(t)] for t in terrains],
            legende="Terrains de l'investigation",
        )
    else:
        st.info("Aucun terrain : ajoutez le premier. Un entretien se consigne toujours sur un terrain.")
    _ajouter(acces, investigation_id)
    if terrain := _choisir(terrains, f"terrain-{investigation_id}"):
        _modifier(acces, terrain)


def regler_plan(acces: Acces, investigation_id: int) -> None:
    """Le plan : ce qui est prévu par terrain et type d'acteur, puis les objectifs d'un terrain."""
    terrains = [terrain for terrain in _lire(acces, investigation_id) if not terrain.archive]
    if not terrains:
        st.info("Le plan se règle terrain par terrain : ajoutez d'abord un terrain.")
        return
    _montrer_plan(acces, investigation_id, terrains)
    if terrain := _choisir(terrains, f"plan-{investigation_id}"):
        _fixer(acces, terrain)


def _lire(acces: Acces, investigation_id: int) -> list[TerrainLu]:
    with lecture_directe(moteur()) as session:
        return lister_terrains(session, acces.perimetre, investigation_id=investigation_id)


def _choisir(terrains: list[TerrainLu], cle: str) -> TerrainLu | None:
    noms = {terrain.id: f"{terrain.nom} ({_etat(terrain)})" if terrain.archive else terrain.nom for terrain in terrains}
    choisi = st.selectbox(
        "Terrain à régler",
        list(noms),
        index=None,
        format_func=lambda identifiant: noms[identifiant],
        placeholder="Choisir un terrain",
        key=cle,
    )
    return next((terrain for terrain in terrains if terrain.id == choisi), None)


# --- Terrains ---------------------------------------------------------------------------------------------------


def _ajouter(acces: Acces, investigation_id: int) -> None:
    with st.expander("Ajouter un terrain"), st.form("terrain-creation", border=False, clear_on_submit=False):
        nom = st.text_input("Nom du terrain", max_chars=120)
        description = st.text_area("Ce qu'il recouvre")
        if st.form_submit_button("Ajouter le terrain", type="primary"):
            with afficher_erreurs():
                with ecriture(moteur(), acces.perimetre) as session:
                    investigations.creer_terrain(
                        session,
                        acces.perimetre,
                        investigation_id=investigation_id,
                        nom=nom,
                        description=description,
                    )
                annoncer("Le terrain est ajouté.")
                st.rerun()


def _modifier(acces: Acces, terrain: TerrainLu) -> None:
    fiche = f"terrain-{terrain.id}"
    version = version_ouverte(fiche, terrain.version)
    proposer_de_relire(fiche, version, terrain.version)
    cle = f"{fiche}-{version}"
    with st.form(cle, border=False):
        nom = st.text_input("Nom du terrain", terrain.nom, max_chars=120, key=f"{cle}-nom")
        description = st.text_area("Ce qu'il recouvre", terrain.description, key=f"{cle}-description")
        ordre = st.number_input("Ordre d'affichage", 0, 99, terrain.ordre, key=f"{cle}-ordre")
        if st.form_submit_button("Enregistrer le terrain", type="primary"):
            with afficher_erreurs():
                with ecriture(moteur(), acces.perimetre) as session:
                    investigations.modifier_terrain(
                        session,
                        acces.perimetre,
                        terrain_id=terrain.id,
                        version=version,
                        nom=nom,
                        description=description,
                        ordre=int(ordre),
                    )
                rouvrir(fiche)
                annoncer("Le terrain est enregistré.")
                st.rerun()
    bouton_a_confirmer(_retablissement(terrain) if terrain.archive else _archivage(terrain))


def _archivage(terrain: TerrainLu) -> Geste:
    return Geste(
        cle=f"terrain-{terrain.id}-archiver",
        bouton="Archiver le terrain",
        question="Il ne se proposera plus pour un nouvel entretien. Ses entretiens restent, et il se rétablit ici.",
        faire=lambda session, perimetre: investigations.archiver_terrain(session, perimetre, terrain_id=terrain.id),
        droit=peut_administrer,
        fiche=f"terrain-{terrain.id}",
        fait="Le terrain est archivé.",
    )


def _retablissement(terrain: TerrainLu) -> Geste:
    return Geste(
        cle=f"terrain-{terrain.id}-retablir",
        bouton="Rétablir le terrain",
        question="Il se proposera de nouveau pour les entretiens.",
        faire=lambda session, perimetre: investigations.retablir_terrain(session, perimetre, terrain_id=terrain.id),
        droit=peut_administrer,
        fiche=f"terrain-{terrain.id}",
        fait="Le terrain est rétabli.",
    )


def _etat(terrain: TerrainLu) -> str:
    return "archivé" if terrain.archive else "en service"


# --- Plan -------------------------------------------------------------------------------------------------------


def _montrer_plan(acces: Acces, investigation_id: int, terrains: list[TerrainLu]) -> None:
    with lecture_directe(moteur()) as session:
        prevus = plan.lire_prevus(session, acces.perimetre, investigation_id=investigation_id)
    lignes = [
        [litteral(t.nom), *(nombre(prevus.get((t.id, a), 0)) for a in TypeActeur), nombre(_total(prevus, t.id))]
        for t in terrains
    ]
    entetes = ["Terrain", *(type_acteur.libelle for type_acteur in TypeActeur), "Total prévu"]
    afficher_tableau(entetes, lignes, legende="Entretiens prévus par terrain et type d'acteur")


def _total(prevus: dict[tuple[int, TypeActeur], int], terrain_id: int) -> int:
    return sum(prevu for (terrain, _), prevu in prevus.items() if terrain == terrain_id)


def _fixer(acces: Acces, terrain: TerrainLu) -> None:
    with lecture_directe(moteur()) as session:
        cibles = plan.lire_cibles(session, acces.perimetre, terrain_id=terrain.id)
    fiche = f"plan-{terrain.id}"
    enregistree = hash(tuple(cibles.items()))
    ouverte = version_ouverte(fiche, enregistree)
    proposer_de_relire(fiche, ouverte, enregistree)
    lues = st.session_state.setdefault(f"{fiche}-{ouverte}", cibles)
    with st.form(f"{fiche}-{ouverte}-formulaire", border=False):
        saisies = {type_acteur: _champs(f"{fiche}-{ouverte}", type_acteur, lues[type_acteur]) for type_acteur in lues}
        if st.form_submit_button("Enregistrer le plan de ce terrain", type="primary"):
            with afficher_erreurs():
                with ecriture(moteur(), acces.perimetre) as session:
                    plan.enregistrer_cibles(session, acces.perimetre, terrain_id=terrain.id, cibles=saisies)
                rouvrir(fiche)
                annoncer("Le plan est enregistré.")
                st.rerun()


def _champs(cle: str, type_acteur: TypeActeur, lue: Cible) -> Cible:
    gauche, droite = st.columns(2)
    prevu = gauche.number_input(
        f"{type_acteur.libelle} : entretiens prévus", 0, PREVU_MAXIMUM, lue.prevu, key=f"{cle}-{type_acteur}-prevu"
    )
    echeance = droite.date_input(
        f"{type_acteur.libelle} : échéance", lue.echeance, format="DD/MM/YYYY", key=f"{cle}-{type_acteur}-echeance"
    )
    return Cible(prevu=int(prevu), echeance=echeance if isinstance(echeance, date) else None, version=lue.version)
