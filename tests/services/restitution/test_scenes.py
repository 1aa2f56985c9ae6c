"""Les scènes de la restitution : les chiffres des pages, sans un nom, sans un effectif d'une ou deux unités."""

from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.analytics.confidentialite import CACHE, PETIT
from lib.db.modeles import Etiquette, Hypothese, Interlocuteur, Investigation, Organisation, SolutionExistante
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.scenes import CodeScene, Scene
from lib.domain.vocabulaire import NatureHypothese, Releve, Role
from lib.services import demonstration
from lib.services.indicateurs import lire_indicateurs
from lib.services.restitution.lecture import lire_scene
from lib.services.statistiques import lire_chiffres_publics
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import ORGANISATIONS, PERSONNES, Enquete, preparer


def lire(moteur: Engine, perimetre: Perimetre, code: CodeScene) -> Scene:
    with lecture(moteur) as session:
        scene = lire_scene(session, perimetre, code=code)
    assert scene is not None
    return scene


def lignes(scene: Scene, tableau: int = 0) -> dict[str, tuple[str, ...]]:
    """Première colonne → le reste."""
    return {nom: tuple(reste) for nom, *reste in scene.tableaux[tableau].lignes}


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


@pytest.fixture
def demo(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    return Perimetre(compte_id=0, role=Role.DEMONSTRATION, investigation_id=investigation_id, fictive=True)


def relever(moteur: Engine, enquete: Enquete, evoques: int, ecartes: int, *, terrain: str, irritant: int) -> None:
    """Ajoute un terrain où tant d'acteurs évoquent l'irritant, et tant l'écartent."""
    from lib.db.modeles import Etiquette

    with ecriture(moteur, None) as session:
        etiquette = session.get_one(Etiquette, enquete.irritants[irritant])
        lieu = fabriques.un_terrain(session, enquete.investigation, nom=terrain, ordre=9)
        for releve, combien in ((Releve.SPONTANE, evoques), (Releve.ECARTE, ecartes)):
            for _ in range(combien):
                fabriques.un_irritant_releve(session, fabriques.un_entretien(session, lieu), etiquette, releve)
        session.flush()
        refaire(session, enquete.investigation.id)


def test_les_rencontres_se_publient_comme_les_statistiques_publiques(moteur: Engine, enquete: Enquete) -> None:
    scene = lire(moteur, enquete.perimetre(Role.RELECTEUR), CodeScene.RENCONTRES)
    assert scene.phrase.startswith("4 acteurs rencontrés sur 9")
    lues = lignes(scene)
    assert lues["Ensemble"] == ("4", "9")
    with lecture(moteur) as session:
        publics = lire_chiffres_publics(session)
    assert publics is not None
    publies = {c.intitule.partition(" : ")[2]: c.valeur.partition(" sur ")[0] for c in publics.chiffres}
    for groupe in ("Marseille", "Bourgogne"):
        assert lues[f"Terrain – {groupe}"][0] == publies[groupe] == CACHE
    for type_acteur in ("Association", "Entreprise", "Institution", "Expertise"):
        assert lues[f"Type – {type_acteur}"][0] == publies[type_acteur]


def test_un_terrain_prevu_et_sans_rencontre_se_dit(moteur: Engine, demo: Perimetre) -> None:
    from lib.db.modeles import CiblePlan
    from lib.domain.vocabulaire import TypeActeur

    with ecriture(moteur, None) as session:
        investigation = session.get_one(Investigation, demo.investigation_id)
        lieu = fabriques.un_terrain(session, investigation, nom="Jura")
        session.add(
            CiblePlan(
                investigation_id=investigation.id,
                terrain_id=lieu.id,
                type_acteur=TypeActeur.EXPERT,
                prevu=3,
                echeance=date(2026, 12, 1),
            )
        )
    assert "resté sans rencontre : Jura" in lire(moteur, demo, CodeScene.RENCONTRES).phrase.replace("\u00a0", " ")


def test_un_irritant_d_un_seul_acteur_ne_se_lit_pas(moteur: Engine, enquete: Enquete) -> None:
    lues = lignes(lire(moteur, enquete.perimetre(Role.RELECTEUR), CodeScene.IRRITANTS))
    assert {valeurs[0] for valeurs in lues.values()} <= {PETIT, CACHE}
    assert {valeurs[1] for valeurs in lues.values()} == {CACHE}


def test_un_irritant_se_lit_avec_son_denominateur_et_son_intervalle(moteur: Engine, enquete: Enquete) -> None:
    relever(moteur, enquete, 10, 4, terrain="Jura", irritant=1)
    scene = lire(moteur, enquete.perimetre(Role.RELECTEUR), CodeScene.IRRITANTS)
    evoques, abordes, part = lignes(scene)["Coût caché"]
    assert (evoques, abordes) == ("11", "15") and part.startswith("73")
    assert "11 des 15 acteurs avec qui le sujet a été abordé" in scene.phrase.replace("\u00a0", " ")


def test_les_terrains_ne_se_comparent_pas_quand_l_un_se_tait(moteur: Engine, enquete: Enquete) -> None:
    scene = lire(moteur, enquete.perimetre(Role.RELECTEUR), CodeScene.DIFFERENCES)
    assert "ne se comparent pas" in scene.phrase and scene.tableaux == () and scene.figure is None


def test_la_demonstration_montre_ses_ecarts_sans_ses_petits_effectifs(moteur: Engine, demo: Perimetre) -> None:
    scene = lire(moteur, demo, CodeScene.DIFFERENCES)
    lues = lignes(scene)["Éloignement et mobilité"]
    assert lues[0].startswith(PETIT) and "Écart démontré" in lues[-1]
    assert "1 sur 9" not in str(asdict(scene)).replace("\u00a0", " ")


@pytest.mark.parametrize("code", [CodeScene.RENCONTRES, CodeScene.IRRITANTS, CodeScene.DIFFERENCES])
def test_deux_enquetes_que_seul_un_effectif_masque_separe_se_montrent_pareil(moteur: Engine, code: CodeScene) -> None:
    """Un acteur sur neuf au Nord et cinq au Sud, ou deux et quatre : rien à l'écran ne dit laquelle des deux."""
    vues = []
    for nord, sud in ((1, 5), (2, 4)):
        with ecriture(moteur, None) as session:
            investigation = fabriques.une_investigation(session, nom="Essai", date_arret=date(2026, 11, 20))
            compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
            etiquette = fabriques.une_etiquette(session, investigation, nom="Coût caché")
            for ordre, (nom, evoques) in enumerate((("Nord", nord), ("Sud", sud))):
                lieu = fabriques.un_terrain(session, investigation, nom=nom, ordre=ordre)
                for rang in range(9):
                    releve = Releve.SPONTANE if rang < evoques else Releve.ECARTE
                    fabriques.un_irritant_releve(session, fabriques.un_entretien(session, lieu), etiquette, releve)
            session.flush()
            refaire(session, investigation.id)
            perimetre = fabriques.un_perimetre(compte, investigation)
        vues.append(asdict(lire(moteur, perimetre, code)))
    assert vues[0] == vues[1]


def test_l_echelle_d_une_figure_ne_doit_rien_a_un_effectif_masque(moteur: Engine, demo: Perimetre) -> None:
    figure = lire(moteur, demo, CodeScene.FINS).figure
    assert figure is not None and {barre.fond for barre in figure.barres} == {45}
    assert [barre.longueur for barre in figure.barres if barre.texte in {PETIT, CACHE}] == [None] * 3


def test_les_durees_sont_celles_des_indicateurs(moteur: Engine, demo: Perimetre) -> None:
    lues = lignes(lire(moteur, demo, CodeScene.DUREES))
    with lecture(moteur) as session:
        indicateurs = {i.code: i for i in lire_indicateurs(session, demo).tous}
    mediane = indicateurs["duree_mediane"]
    assert lues["Durée médiane"] == (mediane.ecrit, mediane.bornes)
    for age in (12, 24):
        assert lues[f"Encore en cours à {age}\u00a0mois"] == (
            indicateurs[f"survie_{age}_mois"].ecrit,
            indicateurs[f"survie_{age}_mois"].bornes,
        )
    perennes = indicateurs["perennises"]
    assert lues["Pérennisés"] == (perennes.fraction.replace("/", " sur "), perennes.bornes)


def test_les_statuts_des_partenariats_sont_ceux_des_statistiques_publiques(moteur: Engine, demo: Perimetre) -> None:
    lues = lignes(lire(moteur, demo, CodeScene.DUREES))
    with lecture(moteur) as session:
        publics = lire_chiffres_publics(session)
    assert publics is not None
    publies = {c.intitule.rpartition(" : ")[2]: c.valeur for c in publics.chiffres if "Partenariats" in c.intitule}
    for statut in ("En cours", "Terminés", "À vérifier", "Pas commencés"):
        assert lues[f"Dont {statut.lower()}"][0] == publies[statut]
    # 78 commencés dont 2 à date inconnue : ni le 2, ni le 76 qui le rendrait, ne se lisent.
    assert lues["Commencés, mais à date inconnue"][0] == PETIT
    assert lues["Commencés, et dont la durée se mesure"][0] == CACHE


def test_les_fins_font_le_total_publie_sans_petite_case(moteur: Engine, demo: Perimetre) -> None:
    valeurs = [ligne[1] for ligne in lire(moteur, demo, CodeScene.FINS).tableaux[0].lignes]
    assert not {"1", "2"} & set(valeurs) and sum(v in {PETIT, CACHE} for v in valeurs) >= 2


@pytest.mark.parametrize("code", list(CodeScene))
def test_aucun_nom_ne_passe(moteur: Engine, enquete: Enquete, code: CodeScene) -> None:
    """Même écrit par l'équipe dans une hypothèse, une solution ou la grille."""
    with ecriture(moteur, None) as session:
        from lib.db.modeles import Etiquette

        communs = {"investigation_id": enquete.investigation.id}
        session.get_one(Etiquette, enquete.irritants[0]).nom = f"Comme dit {PERSONNES[0]}"
        session.add(SolutionExistante(nom=ORGANISATIONS[1], manque=f"Demander à {PERSONNES[1]}", **communs))
        session.add(
            Hypothese(
                code="P1",
                nature=NatureHypothese.PROBLEME,
                enonce=f"{ORGANISATIONS[2]} peine à trouver, et Judith le confirme.",
                refutation=f"{PERSONNES[2]} dit le contraire.",
                **communs,
            )
        )
    for role in (Role.RELECTEUR, Role.ADMINISTRATEUR):
        scene = str(asdict(lire(moteur, enquete.perimetre(role), code)))
        assert not [nom for nom in (*PERSONNES, *ORGANISATIONS) if nom in scene]


def test_aucun_nom_de_la_demonstration_ne_passe(moteur: Engine, demo: Perimetre) -> None:
    scene = "".join(str(asdict(lire(moteur, demo, code))) for code in CodeScene)
    with lecture(moteur) as session:
        noms = [*session.scalars(select(Interlocuteur.nom)), *session.scalars(select(Organisation.nom))]
    assert len(noms) > 20 and not [nom for nom in noms if nom in scene]


def test_chaque_scene_pleine_a_sa_figure_sa_phrase_et_son_tableau(moteur: Engine, demo: Perimetre) -> None:
    for code in CodeScene:
        scene = lire(moteur, demo, code)
        assert scene.phrase and scene.tableaux and scene.notes, code
        assert scene.figure is not None and scene.figure.barres, code


def test_une_investigation_vide_n_a_pas_de_scene(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        perimetre = fabriques.un_perimetre(compte, investigation)
    with lecture(moteur) as session:
        assert [lire_scene(session, perimetre, code=code) for code in CodeScene] == [None] * len(CodeScene)


@pytest.mark.parametrize("code", list(CodeScene))
def test_une_investigation_presque_vide_a_ses_phrases(moteur: Engine, code: CodeScene) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
        perimetre = fabriques.un_perimetre(compte, investigation)
    scene = lire(moteur, perimetre, code)
    assert scene.phrase and "1 acteur" not in scene.phrase


def test_un_compte_d_un_seul_terrain_ne_restitue_pas(moteur: Engine, enquete: Enquete) -> None:
    """Les totaux de son terrain, rapprochés de ceux que l'on publie, rendraient ce qui y est masqué."""
    perimetre = enquete.perimetre(Role.RELECTEUR, terrains=frozenset({enquete.marseille}))
    with lecture(moteur) as session, pytest.raises(AccesRefuse, match="toute l'investigation"):
        lire_scene(session, perimetre, code=CodeScene.RENCONTRES)


def test_deux_irritants_de_meme_nom_ont_chacun_sa_ligne(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[1]).nom = "Manque de temps"
    scene = lire(moteur, enquete.perimetre(Role.RELECTEUR), CodeScene.IRRITANTS)
    assert set(lignes(scene)) == {"Manque de temps (temps)", "Manque de temps (cout)"}
