"""Les durées à l'écran : les chiffres du service, ceux que l'on refait à la main, et ce qu'on ne montre pas."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from lib.commandes import application
from lib.db.modeles import Compte, Investigation, Partenariat, Terrain
from lib.domain.dates_imprecises import ajouter_mois
from lib.domain.formats import duree_mois, pourcentage, typographier
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PlaceDuree, PrecisionDate, Role, Rythme, TypeActeur
from lib.echanges.tableur import relire_csv, texte_csv
from lib.services import demarrage
from lib.services.durees.bloc import BlocDurees
from lib.services.durees.courbes import preparer
from lib.services.durees.criteres import CriteresDurees
from lib.services.durees.lecture import FiltresDurees
from lib.services.exports_chiffres import Chiffres, sortir
from lib.services.transaction import ecriture, lecture
from lib.ui.composants.derriere import adresse
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "analyses/durees"
ARRET = date(2026, 11, 20)
AML = ("9", "13", "13+", "18", "23", "28+", "31", "34", "45+", "48", "161+")
"""Le groupe « Maintained » du jeu aml : médiane 31 mois, S(12) = 91 %, S(24) = 61 %, calculés à la main."""


class Monde:
    def __init__(self, moteur: Engine) -> None:
        self.moteur = moteur
        with ecriture(moteur, None) as session:
            self.investigation: Investigation = fabriques.une_investigation(session, date_arret=ARRET, fictive=True)
            self.terrains: list[Terrain] = [
                fabriques.un_terrain(session, self.investigation, nom=nom, ordre=rang)
                for rang, nom in enumerate(("Marseille", "Bourgogne-Franche-Comté"))
            ]
            self.comptes: dict[Role, Compte] = {r: fabriques.un_compte(session, r, self.investigation) for r in Role}

    def poser(self, *durees: str, terrain: int = 0, **champs: Any) -> None:
        """« 12 » : terminé à douze mois ; « 12+ » : en cours à douze mois."""
        with ecriture(self.moteur, None) as session:
            for duree in durees:
                fini = not duree.endswith("+")
                valeurs = {
                    "mode_recueil": ModeRecueil.PROSPECTIF,
                    "rythme": Rythme.RECURRENT,
                    "debut": ajouter_mois(ARRET, -int(duree.rstrip("+"))),
                    "precision_debut": PrecisionDate.JOUR,
                    "fin": ARRET if fini else None,
                    "precision_fin": PrecisionDate.JOUR if fini else None,
                    "motif_fin": MotifFin.BUDGET if fini else None,
                    "derniere_nouvelle": ARRET,
                } | champs
                lieu = self.terrains[terrain]
                entreprise = fabriques.une_organisation(session, lieu, type_acteur=TypeActeur.ENTREPRISE)
                association = fabriques.une_organisation(session, lieu)
                session.add(
                    Partenariat(
                        investigation_id=self.investigation.id,
                        terrain_id=lieu.id,
                        entreprise_id=entreprise.id,
                        association_id=association.id,
                        **valeurs,
                    )
                )


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEMONSTRATION])
def test_tous_les_comptes_lisent_les_memes_durees(ouvrir: Ouvrir, monde: Monde, role: Role) -> None:
    monde.poser(*AML)
    ecran = ouvrir(PAGE, monde.comptes[role], monde.investigation)
    assert not ecran.exception and not ecran.error
    assert [titre.value for titre in ecran.title] == ["Durées d'engagement"]
    valeurs = {m.label: m.value.replace("\N{NO-BREAK SPACE}", " ") for m in ecran.metric}
    assert valeurs == {
        "Durée médiane": "31 mois",
        "Encore en cours à 12\N{NO-BREAK SPACE}mois": "91 %",
        "Encore en cours à 24\N{NO-BREAK SPACE}mois": "61 %",
    }
    texte = lire_ecran(ecran)
    assert "11 épisodes mesurés, dont **7 terminés**, **4 en cours** et **0 à vérifier**." in texte
    assert "Parmi les 11 partenariats suivis, 7 avaient pris fin au 20 novembre 2026 et 4 duraient encore." in texte
    assert "Aucun partenariat suivi sur le terrain Bourgogne-Franche-Comté." in texte


def test_la_visite_ne_lit_pas_de_courbe(ouvrir: Ouvrir, monde: Monde) -> None:
    """Chaque marche est un partenariat : ni courbe, ni effectif à risque, ni filtre, même demandés par l'adresse."""
    monde.poser(*AML)
    visite = monde.comptes[Role.DEMONSTRATION]
    ecran = ouvrir(PAGE, visite, monde.investigation, durees_au="2026-01-01", durees_partie="Motifs de fin")
    texte = lire_ecran(ecran)
    assert not ecran.exception and not ecran.error and not ecran.selectbox
    assert [titre.value for titre in ecran.header] == ["Combien de temps cela dure", "Pourquoi cela s'arrête"]
    assert "encore suivis à chaque âge" not in texte and "Une ou deux unités" in texte


def test_la_page_montre_ce_que_dit_le_service(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    monde.poser("3", "6", "6+", "12", "15", "20+", terrain=1)
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation)
    with lecture(monde.moteur) as session:
        perimetre = fabriques.un_perimetre(monde.comptes[Role.RELECTEUR], monde.investigation)
        vue = preparer(session, perimetre, criteres=CriteresDurees())
    assert vue.ensemble is not None and vue.groupes is not None
    montres = [tuple(map(tuple, tableau.value.astype(str).to_numpy())) for tableau in ecran.table]
    attendus = [*vue.ensemble.tableaux, *vue.groupes.tableaux]
    nus = [tuple(tuple(c.replace("\\", "") for c in ligne) for ligne in tableau) for tableau in montres]
    assert nus == [tableau.lignes for tableau in attendus]
    texte = lire_ecran(ecran)
    for phrase in (*vue.ensemble.phrases, *vue.groupes.phrases):
        assert phrase.translate({0xA0: " ", 0x202F: " "}) in texte


def test_ce_qui_n_est_pas_mesure_se_dit(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    monde.poser("5+", debut=None, precision_debut=PrecisionDate.INCONNUE)
    monde.poser("5+", debut=None, precision_debut=None)
    monde.poser("30+", derniere_nouvelle=ajouter_mois(ARRET, -20))
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation)
    texte = lire_ecran(ecran)
    assert "Chiffres arrêtés au 20 novembre 2026 : 12 épisodes mesurés, dont **7 terminés**" in texte
    assert "Écartés et comptés à part : **1 au début inconnu** et **1 pas commencé**." in texte
    assert "sont jamais comptés" in texte


def test_jamais_la_moyenne_des_termines(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    texte = lire_ecran(ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation))
    assert "Cette page ne donne pas la durée moyenne des partenariats terminés" in texte
    moyenne = (9 + 13 + 18 + 23 + 31 + 34 + 48) / 7
    assert f"{moyenne:.1f}".replace(".", ",") not in texte and f"{round(moyenne)} mois" not in texte


def test_chaque_nombre_ouvre_ses_episodes(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    monde.poser("1", rythme=Rythme.PONCTUEL)
    texte = lire_ecran(ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, durees_rythme="Récurrent"))
    assert "Terminé (7)" in texte and "En cours (4)" in texte
    for place, combien in ((PlaceDuree.TERMINE, "7 partenariats"), (PlaceDuree.EN_COURS, "4 partenariats")):
        liste = ouvrir(
            "partenariats/liste",
            monde.comptes[Role.RELECTEUR],
            monde.investigation,
            **adresse(CriteresDurees(filtres=FiltresDurees(rythme=Rythme.RECURRENT)), place=place),
        )
        assert f"{combien}. Statuts" in lire_ecran(liste)


def test_effectif_insuffisant_se_dit_sans_chiffre(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser("12", "6+")
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation)
    valeurs = [m.value for m in ecran.metric][-3:]
    assert valeurs == ["Effectif insuffisant"] * 3
    assert "Effectif insuffisant : il faut au moins 5 partenariats" in lire_ecran(ecran)


def test_rien_a_mesurer(ouvrir: Ouvrir, monde: Monde) -> None:
    equipe = ouvrir(PAGE, monde.comptes[Role.ENQUETEUR], monde.investigation)
    assert "il n'y a pas de durée à mesurer" in equipe.info[0].value
    assert "Consigner un partenariat" in lire_ecran(equipe)
    monde.poser(*AML)
    ponctuels = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, durees_rythme="Ponctuel")
    assert "Aucun partenariat à mesurer avec ces filtres" in ponctuels.info[0].value


def test_la_page_pose_peu_de_questions_quel_que_soit_le_nombre_d_episodes(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    with compter_requetes(monde.moteur) as peu:
        ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation)
    monde.poser(*AML, *AML, terrain=1)
    with compter_requetes(monde.moteur) as davantage:
        ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation)
    assert len(peu) <= 8 and len(davantage) <= 8


@pytest.mark.parametrize(
    ("partie", "titres", "morceau"),
    [
        ("Motifs de fin", ["Pourquoi les partenariats s'arrêtent"], "7 fins connues parmi 11 partenariats suivis"),
        (
            "Pérennisation et cohortes",
            ["Ce que veut dire « pérennisé »", "Du ponctuel au durable", "Par trimestre de début"],
            "a duré au moins 24 mois, avec au moins 1 renouvellement",
        ),
        (
            "La conclusion tient-elle ?",
            ["Les mêmes chiffres, en changeant ce qui pourrait les faire"],
            "Tous les épisodes mesurés",
        ),
    ],
)
def test_une_question_a_la_fois(ouvrir: Ouvrir, monde: Monde, partie: str, titres: list[str], morceau: str) -> None:
    monde.poser(*AML)
    adresse = typographier(partie)
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, durees_partie=adresse)
    assert not ecran.exception
    lus = [titre.value.translate({0xA0: " ", 0x202F: " "}) for titre in ecran.header]
    assert lus == [*titres, "Comment lire ces chiffres"]
    assert morceau in lire_ecran(ecran)


def test_comparer_selon_autre_chose_a_une_autre_date(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    demande = {"durees_groupe": "Rythme", "durees_au": "2026-06-20"}
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, **demande)
    texte = lire_ecran(ecran)
    assert "Chiffres arrêtés au 20 juin 2026 : 11 épisodes mesurés, dont **0 terminé**" in texte
    assert "sur le terrain" not in texte
    trop_tot = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, durees_au="2001-01-01")
    assert "choisissez une date plus tardive" in trop_tot.info[0].value


def test_la_liste_ouverte_garde_la_date_d_arret(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    parametres = adresse(CriteresDurees(au=date(2026, 6, 20)), place=PlaceDuree.EN_COURS)
    liste = ouvrir("partenariats/liste", monde.comptes[Role.RELECTEUR], monde.investigation, **parametres)
    assert "11 partenariats. Statuts au 20 juin 2026" in lire_ecran(liste)


def test_le_meme_chiffre_a_la_page_dans_l_export_et_en_ligne_de_commande(
    monde: Monde, ouvrir: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monde.poser(*AML)
    monde.poser("5", "5", "8", "8", "12", "16+", "23", "27", "30", "33", "43", "45", terrain=1)
    monkeypatch.setattr(demarrage, "base", lambda: monde.moteur)
    code = monde.investigation.code
    mots = ["durees", "--investigation", code, "--groupe", "terrain", "--temps", "12", "--json"]
    commande = json.loads(CliRunner().invoke(application, mots, catch_exceptions=False).stdout)
    perimetre = fabriques.un_perimetre(monde.comptes[Role.ENQUETEUR], monde.investigation)
    with lecture(monde.moteur) as session:
        bloc = preparer(session, perimetre, criteres=CriteresDurees()).groupes
    assert bloc is not None
    _, *lignes = relire_csv(sortir(monde.moteur, perimetre, _chiffres(bloc)))
    export = {(ligne[3], ligne[4], ligne[6]): ligne[7:10] for ligne in lignes}
    ecran = lire_ecran(ouvrir(PAGE, monde.comptes[Role.ENQUETEUR], monde.investigation))
    for groupe in commande["groupes"]:
        (un_an,) = groupe["survie"]
        assert export[groupe["nom"], "mediane", ""] == [texte_csv(v) for v in _mediane(groupe)]
        a_un_an = export[groupe["nom"], "part_en_cours", texte_csv(12)]
        assert a_un_an == [texte_csv(un_an[nom]) for nom in ("s", "bas", "haut")]
        for ecrit in (duree_mois(groupe["mediane"]), pourcentage(un_an["s"])):
            assert ecrit.replace("\N{NO-BREAK SPACE}", " ") in ecran


def _mediane(groupe: dict[str, Any]) -> list[float | None]:
    return [groupe["mediane"], *groupe["mediane_ic"]]


def _chiffres(bloc: BlocDurees) -> Chiffres:
    return Chiffres(code=bloc.code, au=ARRET, filtre="selon le terrain", mesures=bloc.mesures)


def test_chaque_figure_s_exporte_sauf_en_visite(monde: Monde, ouvrir: Ouvrir) -> None:
    monde.poser(*AML)
    for role, attendus in ((Role.RELECTEUR, 1), (Role.DEMONSTRATION, 0)):
        ecran = ouvrir(PAGE, monde.comptes[role], monde.investigation)
        boutons = [b for b in ecran.get("download_button") if "Exporter ces chiffres" in b.proto.label]
        assert len(boutons) == attendus + (attendus and 1)


def test_en_jours_la_page_dit_des_jours(ouvrir: Ouvrir, monde: Monde) -> None:
    monde.poser(*AML)
    ecran = ouvrir(PAGE, monde.comptes[Role.RELECTEUR], monde.investigation, durees_unite="Jours")
    texte = lire_ecran(ecran)
    assert "La moitié prend fin en 944 jours au plus" in texte  # du 20 avril 2024 au 20 novembre 2026
    assert "À 365 jours, 91 % durent encore" in texte and "selon leur durée en jours" in texte
    assert "31 mois" not in texte
