"""Les partenariats tenus en mémoire disent toujours ce que dirait une lecture complète, quoi qu'il arrive à la base."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, insert, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import (
    Entretien,
    Etiquette,
    FormePartenariat,
    Interlocuteur,
    LigneJournal,
    Organisation,
    Partenariat,
    Terrain,
)
from lib.db.moteur import ouvrir_moteur
from lib.domain.axes import AxeDuree
from lib.domain.droits import Perimetre
from lib.domain.textes import plier
from lib.domain.vocabulaire import (
    ActionJournal,
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Role,
    Rythme,
    StatutEntretien,
    TailleEntreprise,
    TypeActeur,
)
from lib.services.chronologie import CriteresChronologie, _un_par_annee
from lib.services.chronologie import preparer as preparer_chronologie
from lib.services.durees.courbes import preparer
from lib.services.durees.criteres import CriteresDurees
from lib.services.durees.lecture import EpisodesLus, FiltresDurees, lire_episodes
from lib.services.durees.perennisation import mesurer
from lib.services.memoire import fil
from lib.services.pseudonymisation import effacer_partout
from lib.services.tableau_de_bord import lire_vue
from lib.services.transaction import ecriture, lecture
from tests import fabriques

AU = date(2026, 11, 20)
NOTICE = {"statut": StatutEntretien.REALISE, "notice_remise_le": AU}
SANS_NOTICE = {"statut": StatutEntretien.BROUILLON, "notice_remise_le": None}


class Monde:
    """Deux terrains, deux entreprises, une association, trois partenariats dont un raconté en entretien."""

    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            investigation = fabriques.une_investigation(session, date_arret=AU)
            terrains = [fabriques.un_terrain(session, investigation, ordre=rang) for rang in range(2)]
            entreprises = [
                fabriques.une_organisation(session, terrains[rang], type_acteur=TypeActeur.ENTREPRISE)
                for rang in range(2)
            ]
            association = fabriques.une_organisation(session, terrains[0])
            entretien = fabriques.un_entretien(session, terrains[0])
            self.partenariats = [
                fabriques.un_partenariat(session, entreprises[rang % 2], association, terrains[rang % 2]).id
                for rang in range(3)
            ]
            session.get_one(Partenariat, self.partenariats[0]).source_entretien_id = entretien.id
            self.etiquette = fabriques.une_etiquette(session, investigation).id
            self.terrains = [terrain.id for terrain in terrains]
            self.entreprises = [entreprise.id for entreprise in entreprises]
            self.entretien = entretien.id
            compte = fabriques.un_compte(session, Role.RELECTEUR)
            self.perimetre = fabriques.un_perimetre(compte, investigation)
            self.restreint = fabriques.un_perimetre(compte, investigation, terrains=frozenset(self.terrains[:1]))

    def changer(self, modele: type[Any], numero: int, **champs: Any) -> None:
        with ecriture(self.moteur, self.perimetre) as session:
            objet = session.get_one(modele, numero)
            for nom, valeur in champs.items():
                setattr(objet, nom, valeur)

    def ajouter(self, **champs: Any) -> None:
        with ecriture(self.moteur, self.perimetre) as session:
            entreprise, association = (
                session.get_one(Organisation, numero) for numero in (self.entreprises[0], self._association(session))
            )
            fabriques.un_partenariat(
                session, entreprise, association, session.get_one(Terrain, self.terrains[0]), **champs
            )

    def lire(self, perimetre: Perimetre | None = None, **choix: Any) -> EpisodesLus:
        with lecture(self.moteur) as session:
            return lire_episodes(session, perimetre or self.perimetre, **choix)

    def _association(self, session: Session) -> int:
        return session.get_one(Partenariat, self.partenariats[0]).association_id


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


LECTURES: tuple[Callable[[Session, Perimetre], Any], ...] = (
    lambda s, p: _contenu(lire_episodes(s, p)),
    *(
        lambda s, p, axe=axe: _contenu(lire_episodes(s, p, axe=axe))  # type: ignore[misc]
        for axe in AxeDuree
    ),
    lambda s, p: _contenu(lire_episodes(s, p, strates=AxeDuree.TAILLE, axe=AxeDuree.TERRAIN)),
    lambda s, p: _contenu(lire_episodes(s, p, filtres=FiltresDurees(rythme=Rythme.PONCTUEL, survivants=False))),
    lambda s, p: _contenu(lire_episodes(s, p, filtres=FiltresDurees(forme=FormeEngagement.PRET, a_verifier=False))),
    lambda s, p: _contenu(lire_episodes(s, p, au=AU - timedelta(days=400))),
    lambda s, p: mesurer(s, p, au=AU, filtres=FiltresDurees()),
    lambda s, p: lire_vue(s, p).partenariats,
    lambda s, p: preparer(s, p, criteres=CriteresDurees()).comptes,
    lambda s, p: preparer_chronologie(s, p, criteres=CriteresChronologie()).traits,
    lambda s, p: _un_par_annee(s, p, CriteresChronologie(), AU),
    lambda s, p: _un_par_annee(s, p, CriteresChronologie(axe=AxeDuree.FORME), AU),
)


def _contenu(lus: EpisodesLus) -> Any:
    """Les lignes sans leur ordre dans un même groupe, qu'aucune mesure ne regarde."""
    return lus.au, sorted(map(repr, lus.lignes)), {place: n for place, n in lus.places.items() if n}


def comparer(monde: Monde) -> None:
    """Chaque lecture, avec la mémoire puis sans elle, pour deux périmètres."""
    with lecture(monde.moteur) as session, monde.moteur.connect() as connexion, Session(connexion) as nue:
        for perimetre in (monde.perimetre, monde.restreint):
            for lire in LECTURES:
                assert lire(session, perimetre) == lire(nue, perimetre)


# --- Gestes tirés au hasard -------------------------------------------------------------------------------------

jours = st.integers(0, 1200).map(lambda age: AU - timedelta(days=age))
rangs = st.integers(0, 2)


def _dater(monde: Monde, rang: int, debut: date, fin: date | None) -> None:
    fini = fin is not None and fin >= debut
    champs = {
        "debut": debut,
        "derniere_nouvelle": fin or debut,
        "fin": fin if fini else None,
        "precision_fin": PrecisionDate.JOUR if fini else None,
        "motif_fin": MotifFin.OBJECTIF_ATTEINT if fini else None,
    }
    monde.changer(Partenariat, monde.partenariats[rang], **champs)


def _former(monde: Monde, rang: int, forme: FormeEngagement) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        deja = select(FormePartenariat).where(FormePartenariat.partenariat_id == monde.partenariats[rang])
        for ancienne in session.scalars(deja):
            session.delete(ancienne)
        session.flush()
        session.add(FormePartenariat(partenariat_id=monde.partenariats[rang], forme=forme, principale=True))


def _annuler(monde: Monde, rang: int, debut: date) -> None:
    """Une écriture qui lit ce qu'elle change, puis s'annule : personne d'autre n'en voit rien."""

    class Renonce(Exception):
        pass

    with pytest.raises(Renonce), ecriture(monde.moteur, monde.perimetre) as session:
        partenariat = session.get_one(Partenariat, monde.partenariats[rang])
        partenariat.debut = min(debut, partenariat.fin or debut)
        session.flush()
        lire_episodes(session, monde.perimetre)
        raise Renonce


GESTES = st.one_of(
    st.tuples(st.just(_dater), rangs, jours, st.none() | jours),
    st.tuples(st.just(_former), rangs, st.sampled_from(FormeEngagement)),
    st.tuples(st.just(_annuler), rangs, jours),
    st.builds(
        lambda rang, archive: (Monde.changer, Partenariat, rang, {"archive_le": maintenant() if archive else None}),
        rangs,
        st.booleans(),
    ),
    st.builds(
        lambda rang, rythme, mode: (Monde.changer, Partenariat, rang, {"rythme": rythme, "mode_recueil": mode}),
        rangs,
        st.sampled_from(Rythme),
        st.sampled_from(ModeRecueil),
    ),
    st.builds(lambda rang: (Monde.changer, Partenariat, rang, {"terrain": 1}), rangs),
    st.builds(
        lambda rang, taille: (Monde.changer, Organisation, rang % 2, {"taille": taille}),
        rangs,
        st.sampled_from(TailleEntreprise),
    ),
    st.builds(
        lambda remise: (Monde.changer, Entretien, 0, NOTICE if remise else SANS_NOTICE),
        st.booleans(),
    ),
    st.builds(lambda nom: (Monde.changer, Terrain, 0, {"nom": nom}), st.sampled_from(["Ici", "Là", "Ailleurs"])),
    st.builds(lambda debut: (Monde.ajouter, {"debut": debut}), jours),
    st.just((Monde.changer, Etiquette, 0, {"definition": "Autre"})),
)


def jouer(monde: Monde, geste: tuple[Any, ...]) -> None:
    """Un geste, ses rangs devenus des numéros."""
    action, *reste = geste
    if action is Monde.ajouter:
        monde.ajouter(**reste[0])
    elif action is Monde.changer:
        modele, rang, champs = reste
        numeros = {
            Partenariat: monde.partenariats,
            Organisation: monde.entreprises,
            Entretien: [monde.entretien],
            Terrain: monde.terrains,
            Etiquette: [monde.etiquette],
        }[modele]
        if "terrain" in champs:
            champs = {"terrain_id": monde.terrains[champs["terrain"]]}
        monde.changer(modele, numeros[rang], **champs)
    else:
        action(monde, *reste)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GESTES, min_size=1, max_size=6))
def test_apres_une_suite_quelconque_d_ecritures_la_memoire_dit_ce_que_dit_la_base(
    moteur: Engine, gestes: list[tuple[Any, ...]]
) -> None:
    monde = Monde(moteur)
    comparer(monde)
    for geste in gestes:
        jouer(monde, geste)
        comparer(monde)


# --- Ce qui se relit, et quand ----------------------------------------------------------------------------------


def _requetes(monde: Monde, lire: Callable[[], Any]) -> list[str]:
    vues: list[str] = []

    def noter(*arguments: Any) -> None:
        vues.append(arguments[2])

    event.listen(monde.moteur, "before_cursor_execute", noter)
    try:
        lire()
    finally:
        event.remove(monde.moteur, "before_cursor_execute", noter)
    return vues


def test_poser_une_etiquette_ne_relit_aucun_partenariat(monde: Monde) -> None:
    avant = monde.lire(au=AU)
    monde.changer(Etiquette, monde.etiquette, definition="Autre")
    assert not any("partenariats" in requete for requete in _requetes(monde, lambda: monde.lire(au=AU)))
    assert monde.lire(au=AU) is avant


def test_un_partenariat_change_et_lui_seul_se_relit(monde: Monde) -> None:
    monde.lire(au=AU)
    monde.changer(Partenariat, monde.partenariats[1], debut=AU - timedelta(days=90))
    (requete,) = [r for r in _requetes(monde, lambda: monde.lire(au=AU)) if "partenariats" in r]
    assert "partenariats.id IN" in requete


def test_l_ecriture_d_un_autre_processus_se_voit(monde: Monde, url_base: str) -> None:
    monde.lire()
    autre = ouvrir_moteur(url_base)
    with ecriture(autre, monde.perimetre) as session:
        session.get_one(Partenariat, monde.partenariats[0]).archive_le = maintenant()
    autre.dispose()
    assert monde.lire().mesures == 2
    comparer(monde)


def test_au_dela_de_ce_qui_se_suit_tout_se_relit(monde: Monde) -> None:
    monde.lire()
    ligne = {
        "survenu_le": maintenant(),
        "investigation_id": monde.perimetre.investigation_id,
        "action": ActionJournal.MODIFICATION,
        "objet": "etiquetages",
        "objet_id": "1",
    }
    with ecriture(monde.moteur, monde.perimetre) as session:
        session.execute(insert(LigneJournal), [ligne] * (fil.SUIVIES + 1))
        session.get_one(Partenariat, monde.partenariats[0]).archive_le = maintenant()
    assert monde.lire().mesures == 2


def test_une_base_remise_en_arriere_se_relit(monde: Monde, url_base: str, tmp_path: Any) -> None:
    """Restaurée par-dessous, puis écrite autant de fois : ni la version ni les numéros ne le disent, le journal si."""
    if not url_base.startswith("sqlite"):
        pytest.skip("seule une base SQLite se restaure sous le serveur")
    fichier, copie = url_base.removeprefix("sqlite:///"), tmp_path / "copie.db"
    with sqlite3.connect(fichier) as source, sqlite3.connect(copie) as cible:
        source.backup(cible)
    monde.changer(Partenariat, monde.partenariats[0], archive_le=maintenant())
    assert monde.lire().mesures == 2
    with sqlite3.connect(copie) as source, sqlite3.connect(fichier) as cible:
        source.backup(cible)
    assert monde.lire().mesures == 3
    monde.changer(Organisation, monde.entreprises[0], taille=TailleEntreprise.TPE)
    assert monde.lire().mesures == 3
    comparer(monde)
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_les_lignes_d_une_investigation_se_numerotent_dans_l_ordre_ou_elles_se_valident(monde: Monde) -> None:
    """Sinon le fil passerait une ligne validée après une plus récente."""

    def ecrire_derriere() -> None:
        monde.changer(Organisation, monde.entreprises[1], taille=TailleEntreprise.TPE)

    with ecriture(monde.moteur, monde.perimetre) as session:
        premier = session.get_one(Partenariat, monde.partenariats[0])
        premier.rythme = Rythme.PONCTUEL
        session.flush()
        autre = Thread(target=ecrire_derriere)
        autre.start()
        autre.join(timeout=0.3)
        premier.rythme = Rythme.PLURIANNUEL
        session.flush()
    autre.join()
    with lecture(monde.moteur) as session:
        derniere = session.scalars(select(LigneJournal).order_by(LigneJournal.id.desc()).limit(1)).one()
    assert derniere.objet == "organisations"


def test_une_forme_changee_en_ligne_de_commande_porte_son_investigation(monde: Monde) -> None:
    monde.lire(axe=AxeDuree.FORME)
    with ecriture(monde.moteur, None) as session:
        session.add(FormePartenariat(partenariat_id=monde.partenariats[0], forme=FormeEngagement.PRET, principale=True))
    assert any(ligne.groupe == FormeEngagement.PRET.libelle for ligne in monde.lire(axe=AxeDuree.FORME).lignes)


# --- Les noms connus --------------------------------------------------------------------------------------------

PHRASE = "Judith Ferrand, l'Atelier Neuf et les Moulins d'Or l'ont dit ; Judith aussi."


def _effacer(monde: Monde) -> str:
    """Avec la mémoire, puis sans elle : le même texte."""
    with lecture(monde.moteur) as session, monde.moteur.connect() as connexion, Session(connexion) as nue:
        (garde,) = effacer_partout(session, monde.perimetre, [PHRASE])
        assert [garde] == effacer_partout(nue, monde.perimetre, [PHRASE])
    return garde


def test_un_nom_appris_s_efface_des_la_lecture_suivante(monde: Monde) -> None:
    assert _effacer(monde) == PHRASE
    with ecriture(monde.moteur, monde.perimetre) as session:
        entreprise = session.get_one(Organisation, monde.entreprises[0])
        personne = fabriques.un_interlocuteur(session, entreprise, nom="Judith Ferrand").id
    assert "Judith" not in _effacer(monde)
    monde.changer(Interlocuteur, personne, nom="Paule Ferrand")
    assert "Judith aussi" in _effacer(monde)
    monde.changer(Organisation, monde.entreprises[1], nom="Atelier Neuf", nom_recherche=plier("Atelier Neuf"))
    assert "Atelier Neuf" not in _effacer(monde)
    monde.changer(Organisation, monde.entreprises[1], nom="Moulins d'Or", nom_recherche=plier("Moulins d'Or"))
    assert "Atelier Neuf" in _effacer(monde) and "Moulins" not in _effacer(monde)


def test_les_noms_ne_se_relisent_que_s_ils_changent(monde: Monde) -> None:
    _effacer(monde)
    monde.changer(Partenariat, monde.partenariats[0], rythme=Rythme.PONCTUEL)

    def relire() -> None:
        with lecture(monde.moteur) as session:
            effacer_partout(session, monde.perimetre, [PHRASE])

    assert not any("interlocuteurs" in requete for requete in _requetes(monde, relire))


def test_une_ecriture_lit_le_nom_qu_elle_vient_d_ecrire(monde: Monde) -> None:
    _effacer(monde)
    with ecriture(monde.moteur, monde.perimetre) as session:
        fabriques.un_interlocuteur(session, session.get_one(Organisation, monde.entreprises[0]), nom="Judith Ferrand")
        assert "Judith" not in effacer_partout(session, monde.perimetre, [PHRASE])[0]
