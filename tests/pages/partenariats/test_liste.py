"""La liste des partenariats à l'écran : rappels, filtres dans l'adresse, états vides, noms d'emprunt."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import EvenementPartenariat
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import Role, TypeActeur, TypeEvenement
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, Enquete, preparer
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/liste"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def test_sans_partenariat_la_page_dit_quoi_faire(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        equipe = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        relecture = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, equipe, investigation)
    assert [titre.value for titre in ecran.title] == ["Partenariats"]
    assert "Aucun partenariat consigné" in ecran.info[0].value
    assert "Consigner un partenariat" in lire_ecran(ecran)
    assert "Consigner un partenariat" not in lire_ecran(ouvrir(PAGE, relecture, investigation))


def test_la_liste_et_son_bilan(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert not ecran.exception and not ecran.error
    assert "2 partenariats. Statuts au 20 novembre 2026." in lire_ecran(ecran)
    assert f"{ORGANISATIONS[1]} – {ORGANISATIONS[0]}" in lire_ecran(ecran)


def test_la_visite_ne_lit_que_des_comptes(ouvrir: Ouvrir, moteur: Engine) -> None:
    """Une liste de partenariats un par un est un tableau dont chaque case vaut un."""
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation, partenariats_statut="À vérifier")
    texte = lire_ecran(ecran)
    assert not ecran.exception and not ecran.error and not ecran.text_input
    assert "ne se lisent pas un par un" in texte and "Une ou deux unités" in texte
    assert "Entreprise " not in texte and not any(nom in texte for nom in ORGANISATIONS)


def test_qui_ne_lit_pas_les_identites_ne_voit_aucun_nom(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    texte = lire_ecran(ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation))
    assert "1 partenariat. Statuts" in texte  # celui d'un entretien sans notice n'y est pas
    assert not any(nom in texte for nom in (*ORGANISATIONS, "Hors notice"))
    assert "Entreprise " in texte and "à rappeler" not in texte


def test_les_filtres_viennent_de_l_adresse(ouvrir: Ouvrir, enquete: Enquete) -> None:
    def ouvrir_avec(**params: str) -> str:
        return lire_ecran(ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, **params))

    assert "2 partenariats. Statuts" in ouvrir_avec(partenariats_statut="À vérifier")
    assert "Aucun partenariat pour ces critères" in ouvrir_avec(partenariats_statut="Terminé")
    assert "1 partenariat. Statuts" in ouvrir_avec(partenariats_forme="Don en nature")
    assert "Aucun partenariat pour ces critères" in ouvrir_avec(partenariats_terrain="Bourgogne")
    assert "2 partenariats. Statuts" in ouvrir_avec(partenariats_statut="Licorne", partenariats_page="0x9")


def test_un_chiffre_des_durees_ouvre_ses_episodes(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, partenariats_place="a_verifier")
    texte = lire_ecran(ecran)
    assert "Les épisodes derrière un chiffre des durées : « À vérifier » au 20 novembre 2026." in texte
    assert "1 partenariat. Statuts" in texte
    bouton = next(b for b in ecran.button if b.label == "Voir tous les partenariats")
    assert "2 partenariats. Statuts" in lire_ecran(bouton.click().run())


def test_la_recherche(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    ecran.text_input(key="p_recherche").input("frigolive").run()
    assert "1 partenariat. Statuts" in lire_ecran(ecran)
    assert "frigolive" not in str(dict(ecran.query_params))


def test_un_geste_note_qu_il_dure_encore(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert "2 partenariats à rappeler" in lire_ecran(ecran)
    ecran.text_input(key="p_nouvelle").input("15/11/2026").run()
    boutons = [b for b in ecran.button if b.label.startswith("Toujours en cours : ")]
    boutons[0].click().run()
    assert not ecran.error
    assert "1 partenariat à rappeler" in lire_ecran(ecran)
    assert any("noté « toujours en cours »" in m.value for m in ecran.success)
    with lecture(moteur) as session:
        (nouvelle,) = session.scalars(
            select(EvenementPartenariat).where(EvenementPartenariat.type == TypeEvenement.NOUVELLE)
        )
    assert nouvelle.date_effet == date(2026, 11, 15)
    assert nouvelle.saisi_par == enquete.comptes[Role.ENQUETEUR].id


def test_une_date_illisible_se_dit_et_n_ecrit_rien(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    for saisie, phrase in (("hier", "ne se lit pas comme une date"), ("01/01/2999", "cette date est à venir")):
        ecran.text_input(key="p_nouvelle").input(saisie).run()
        next(b for b in ecran.button if b.label.startswith("Toujours en cours : ")).click().run()
        assert phrase in ecran.error[0].value
        assert ecran.text_input(key="p_nouvelle").value == saisie
    assert "2 partenariats à rappeler" in lire_ecran(ecran)


def test_cinquante_lignes_par_page_et_le_meme_nombre_de_requetes(
    ouvrir: Ouvrir, enquete: Enquete, moteur: Engine
) -> None:
    compte = enquete.comptes[Role.ENQUETEUR]
    with compter_requetes(moteur) as peu:
        ouvrir(PAGE, compte, enquete.investigation)
    with ecriture(moteur, None) as session:
        terrain = session.get_one(fabriques.Terrain, enquete.marseille)
        entreprise = fabriques.une_organisation(session, terrain, type_acteur=TypeActeur.ENTREPRISE)
        association = fabriques.une_organisation(session, terrain)
        for _ in range(60):
            fabriques.un_partenariat(session, entreprise, association, terrain, debut=aujourd_hui())
    with compter_requetes(moteur) as beaucoup:
        ecran = ouvrir(PAGE, compte, enquete.investigation)
    assert "62 partenariats, page 1 sur 2." in lire_ecran(ecran)
    assert len(beaucoup) == len(peu) <= 9
    suivante = next(b for b in ecran.button if b.label == "Page suivante").click().run()
    assert "62 partenariats, page 2 sur 2." in lire_ecran(suivante)
    assert suivante.query_params["partenariats_page"] == "2"
