"""La page de saisie : ce qu'elle garde, ce qu'elle refuse, ce qu'elle enregistre."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Brouillon, Entretien, Organisation, Partenariat
from lib.domain.erreurs import BaseIndisponible
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import NatureTexte, Role, StatutEntretien
from lib.services import brouillons
from lib.services.entretiens import lire_fiche
from lib.services.transaction import ecriture, lecture
from lib.ui.composants import entretiens_brouillon
from tests import fabriques
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir
from tests.services.entretiens.monde import Monde

SAISIE = "entretiens/saisie"


@pytest.fixture
def ecran(un_monde: Monde, ouvrir: Ouvrir) -> AppTest:
    return ouvrir(SAISIE, un_monde.compte, un_monde.investigation)


def test_ouvrir_ne_suppose_rien_et_n_ecrit_rien(un_monde: Monde, ecran: AppTest) -> None:
    assert not ecran.exception and not ecran.error
    assert [titre.value for titre in ecran.title] == ["Consigner un entretien"]
    assert [champ.value for champ in ecran.date_input] == [None, None]
    assert "il manque le terrain" in ecran.info[0].value
    assert _compter(un_monde, Brouillon) == 0


def test_chaque_changement_est_garde_et_retrouve(un_monde: Monde, ouvrir: Ouvrir, ecran: AppTest) -> None:
    _champ(ecran.text_area, "Notes").set_value("« l'été 😡 »").run()
    _champ(ecran.selectbox, "Terrain").select(un_monde.terrain.id).run()
    assert _compter(un_monde, Brouillon) == 1
    assert any("Saisie gardée" in mention.value for mention in ecran.caption)
    retrouve = ouvrir(SAISIE, un_monde.compte, un_monde.investigation)
    assert "Brouillon du" in retrouve.info[0].value and "repris" in retrouve.info[0].value
    assert _champ(retrouve.text_area, "Notes").value == "« l'été 😡 »"
    assert _champ(retrouve.selectbox, "Terrain").value == un_monde.terrain.id


def test_les_saisies_de_chacun_restent_les_siennes(un_monde: Monde, ouvrir: Ouvrir, ecran: AppTest) -> None:
    _champ(ecran.text_area, "Notes").set_value("à moi").run()
    autre = ouvrir(SAISIE, un_monde.collegue, un_monde.investigation)
    assert _champ(autre.text_area, "Notes").value == ""


def test_enregistrer_trop_tot_dit_ce_qui_manque_et_garde_la_saisie(un_monde: Monde, ecran: AppTest) -> None:
    _champ(ecran.text_area, "Notes").set_value("à garder").run()
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert "il manque le terrain" in ecran.error[0].value
    assert _champ(ecran.text_area, "Notes").value == "à garder"
    assert _compter(un_monde, Entretien) == 0


def test_un_entretien_complet_s_enregistre_et_son_brouillon_disparait(un_monde: Monde, ecran: AppTest) -> None:
    _remplir(un_monde, ecran)
    assert any("Tout y est" in reussite.value for reussite in ecran.success)
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert not ecran.exception and not ecran.error
    entretien = _seul(un_monde, Entretien)
    assert (entretien.statut, entretien.code) == (StatutEntretien.REALISE, "E-MRS-001")
    assert [titre.value for titre in ecran.title] == ["E\\-MRS\\-001\\, L\\'Épicerie des Calanques"]
    assert any("enregistré comme réalisé" in reussite.value for reussite in ecran.success)
    assert _compter(un_monde, Brouillon) == 0


def test_sans_notice_il_s_enregistre_en_brouillon_seulement(un_monde: Monde, ecran: AppTest) -> None:
    _remplir(un_monde, ecran, notice=None)
    assert "la date de remise de la notice" in ecran.info[0].value
    assert [b.label for b in ecran.button if "Enregistrer" in b.label] == ["Enregistrer en brouillon"]
    _bouton(ecran, "Enregistrer en brouillon").click().run()
    assert _seul(un_monde, Entretien).statut is StatutEntretien.BROUILLON


def test_une_date_a_venir_se_refuse_puis_s_enregistre_en_brouillon(un_monde: Monde, ecran: AppTest) -> None:
    demain = aujourd_hui() + timedelta(days=1)
    _remplir(un_monde, ecran, jour=demain)
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert "dans l'avenir" in ecran.error[0].value
    assert _champ(ecran.date_input, "Date de l'entretien").value == demain
    assert _compter(un_monde, Entretien) == 0
    _bouton(ecran, "Enregistrer en brouillon").click().run()
    assert _seul(un_monde, Entretien).statut is StatutEntretien.BROUILLON


def test_un_caractere_illisible_se_dit_et_reste_a_l_ecran(un_monde: Monde, ecran: AppTest) -> None:
    _remplir(un_monde, ecran, notes="avant \0 après")
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert "caractère illisible après «\u00a0avant\u00a0»" in ecran.error[0].value
    assert _champ(ecran.text_area, "Notes").value == "avant \0 après"
    assert _compter(un_monde, Entretien) == 0


def test_une_organisation_se_cree_en_route_apres_ses_fautes(un_monde: Monde, ecran: AppTest) -> None:
    _champ(ecran.text_input, "Organisation rencontrée").set_value("Les Mains du Port").run()
    assert any("Aucune organisation connue" in mention.value for mention in ecran.caption)
    _bouton(ecran, "Créer «\u00a0Les Mains du Port\u00a0»").click().run()
    assert _champ(ecran.text_input, "Nom de l'organisation").value == "Les Mains du Port"
    _bouton(ecran, "Créer l'organisation").click().run()
    assert "association, d'une entreprise" in ecran.error[0].value
    _champ(ecran.radio, "Type").set_value("entreprise").run()
    _champ(ecran.text_input, "SIREN ou SIRET (facultatif)").set_value("35600000000049").run()
    _bouton(ecran, "Créer l'organisation").click().run()
    assert "clé de contrôle" in ecran.error[0].value
    assert _compter(un_monde, Organisation) == 2
    _champ(ecran.text_input, "SIREN ou SIRET (facultatif)").set_value("356 000 000 49837").run()
    _bouton(ecran, "Créer l'organisation").click().run()
    assert not ecran.exception and not ecran.error
    assert any("Les Mains du Port – Entreprise" in texte.value for texte in ecran.markdown)
    with lecture(un_monde.moteur) as session:
        creee = session.scalars(select(Organisation).order_by(Organisation.id.desc())).first()
        assert creee is not None and creee.siret == "35600000049837"


def test_la_creation_en_cours_survit_a_un_rechargement(un_monde: Monde, ouvrir: Ouvrir, ecran: AppTest) -> None:
    _champ(ecran.text_input, "Organisation rencontrée").set_value("Les Mains du Port").run()
    _bouton(ecran, "Créer «\u00a0Les Mains du Port\u00a0»").click().run()
    _champ(ecran.radio, "Type").set_value("association").run()
    _champ(ecran.text_input, "Numéro RNA (facultatif, W et neuf chiffres)").set_value("W1").run()
    retrouve = ouvrir(SAISIE, un_monde.compte, un_monde.investigation)
    assert _champ(retrouve.text_input, "Nom de l'organisation").value == "Les Mains du Port"
    assert _champ(retrouve.text_input, "Numéro RNA (facultatif, W et neuf chiffres)").value == "W1"


def test_un_doublon_possible_est_montre_avant_de_creer(un_monde: Monde, ecran: AppTest) -> None:
    _champ(ecran.text_input, "Organisation rencontrée").set_value("Epicerie des calanques bis").run()
    _bouton(ecran, "Créer «\u00a0Epicerie des calanques bis\u00a0»").click().run()
    _champ(ecran.radio, "Type").set_value("association").run()
    _champ(ecran.text_input, "Nom de l'organisation").set_value("Épicerie des Calanques").run()
    _bouton(ecran, "Créer l'organisation").click().run()
    assert "existe peut-être déjà" in ecran.warning[0].value
    next(b for b in ecran.button if b.label.startswith("Oui")).click().run()
    assert any("Calanques – Association" in texte.value for texte in ecran.markdown)
    assert _compter(un_monde, Organisation) == 2


def test_des_personnes_s_ajoutent_et_se_retirent(un_monde: Monde, ecran: AppTest) -> None:
    _remplir(un_monde, ecran)
    for nom in ("Camille Une", "Camille Deux"):
        _bouton(ecran, "Ajouter une personne").click().run()
        _champs(ecran.text_input, "Nom de la personne")[-1].set_value(nom).run()
    next(b for b in ecran.button if b.label == "Retirer").click().run()
    assert [champ.value for champ in _champs(ecran.text_input, "Nom de la personne")] == ["Camille Deux"]
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=_seul(un_monde, Entretien).id)
    assert [personne.nom for personne in fiche.interlocuteurs] == ["Camille Deux"]


def test_un_partenariat_raconte_se_cree_avec_l_entretien(un_monde: Monde, ecran: AppTest) -> None:
    _remplir(un_monde, ecran)
    _bouton(ecran, "Ajouter un partenariat").click().run()
    assert any("Association : **L\\'Épicerie des Calanques" in texte.value for texte in ecran.markdown)
    _champ(ecran.text_input, "Entreprise").set_value("frigo").run()
    _bouton(ecran, "Frigolive Logistique – Entreprise\\, Marseille").click().run()
    _champ(ecran.multiselect, "Formes d'engagement, la principale d'abord").select("pret").run()
    _champ(ecran.radio, "Rythme").set_value("recurrent").run()
    _champ(ecran.radio, "Aujourd'hui").set_value("en_cours").run()
    _champ(ecran.text_input, "Début").set_value("avant-hier").run()
    _champ(ecran.radio, "De quels partenariats l'entretien a-t-il parlé ?").set_value("vivants_seulement").run()
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert "ne se lit pas comme une date" in ecran.error[0].value
    assert ecran.error[0].value.startswith("Partenariat 1")
    assert _compter(un_monde, Entretien) == _compter(un_monde, Partenariat) == 0
    _champ(ecran.text_input, "Début").set_value("mars 2023").run()
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert not ecran.exception and not ecran.error
    partenariat = _seul(un_monde, Partenariat)
    assert partenariat.entreprise_id == un_monde.entreprise.id
    assert partenariat.source_entretien_id == _seul(un_monde, Entretien).id
    assert partenariat.debut is not None and partenariat.debut.year == 2023


def test_repartir_de_zero_demande_confirmation_et_se_reprend(un_monde: Monde, ecran: AppTest) -> None:
    _champ(ecran.text_area, "Notes").set_value("à reprendre").run()
    _bouton(ecran, "Repartir de zéro").click().run()
    assert "Effacer cette saisie" in ecran.warning[0].value
    _bouton(ecran, "Oui, l'effacer").click().run()
    assert _champ(ecran.text_area, "Notes").value == ""
    _bouton(ecran, "La reprendre").click().run()
    assert _champ(ecran.text_area, "Notes").value == "à reprendre"


def test_un_autre_onglet_a_continue_la_saisie(un_monde: Monde, ouvrir: Ouvrir, ecran: AppTest) -> None:
    _champ(ecran.text_area, "Notes").set_value("premier onglet").run()
    second = ouvrir(SAISIE, un_monde.compte, un_monde.investigation)
    _champ(second.text_area, "Notes").set_value("second onglet").run()
    _champ(ecran.text_area, "Notes").set_value("premier onglet, encore").run()
    assert any("autre onglet" in erreur.value for erreur in ecran.error)
    assert _notes_gardees(un_monde) == "second onglet"
    _bouton(ecran, "Garder celle de cette page").click().run()
    assert _notes_gardees(un_monde) == "premier onglet, encore"
    _champ(second.text_area, "Notes").set_value("second, encore").run()
    _bouton(second, "Reprendre la plus récente").click().run()
    assert _champ(second.text_area, "Notes").value == "premier onglet, encore"


def test_une_base_en_panne_ne_perd_pas_la_saisie(
    un_monde: Monde, ecran: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def en_panne(*_: Any, **__: Any) -> Iterator[None]:
        raise BaseIndisponible("La base ne répond pas.")
        yield

    with monkeypatch.context() as panne:
        panne.setattr(entretiens_brouillon, "ecriture", en_panne)
        _champ(ecran.text_area, "Notes").set_value("pendant la panne").run()
        assert "La base ne répond pas." in [erreur.value for erreur in ecran.error]
        assert _champ(ecran.text_area, "Notes").value == "pendant la panne"
    _champ(ecran.text_input, "Commune (facultatif)").set_value("x").run()
    assert not ecran.error
    assert _notes_gardees(un_monde) == "pendant la panne"


def test_corriger_part_de_ce_qui_est_enregistre(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert [titre.value for titre in ecran.title] == ["Corriger un entretien"]
    assert _compter(un_monde, Brouillon) == 0
    assert _champ(ecran.date_input, "Date de l'entretien").value == date(2026, 10, 5)
    assert _champ(ecran.radio, "L'entretien s'est tenu").value == "presentiel"
    _champ(ecran.text_area, "Notes").set_value("corrigé").run()
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert not ecran.error
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert fiche.texte(NatureTexte.NOTES) == "corrigé"
    assert [personne.nom for personne in fiche.interlocuteurs] == ["Dominique Exemple"]
    assert len(fiche.releves) == 2


def test_le_second_a_enregistrer_voit_ce_qui_differe_et_ne_perd_rien(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    _champ(ecran.text_area, "Notes").set_value("les miennes").run()
    un_monde.enregistrer(
        un_monde.saisie(notes="les siennes", duree_minutes=99),
        cle_saisie="collegue",
        entretien_id=fait.id,
        version=1,
        perimetre=fabriques.un_perimetre(un_monde.collegue, un_monde.investigation),
    )
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert "Karim Test a enregistré cet entretien" in ecran.error[0].value
    assert {"les miennes", "les siennes"} <= {texte.value for texte in ecran.text}
    assert any("repris tel quel : durée" in texte.value for texte in ecran.markdown)
    _bouton(ecran, "Poursuivre avec ces choix").click().run()
    assert _champ(ecran.text_area, "Notes").value == "les miennes"
    assert _champ(ecran.number_input, "Durée (minutes)").value == 99
    _bouton(ecran, "Enregistrer l'entretien").click().run()
    assert not ecran.error
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert (fiche.texte(NatureTexte.NOTES), fiche.duree_minutes, len(fiche.versions)) == ("les miennes", 99, 2)


def test_une_correction_laissee_en_plan_voit_le_conflit_des_son_retour(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    _champ(ecran.text_area, "Notes").set_value("les miennes").run()
    un_monde.enregistrer(un_monde.saisie(notes="b"), cle_saisie="b", entretien_id=fait.id, version=1)
    retour = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert any("a enregistré cet entretien pendant que" in erreur.value for erreur in retour.error)
    assert _champ(retour.text_area, "Notes").value == "les miennes"


@pytest.mark.parametrize("demande", ["99999", "abc", "-1", "0"])
def test_un_entretien_inconnu_se_dit_en_une_phrase(un_monde: Monde, ouvrir: Ouvrir, demande: str) -> None:
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=demande)
    assert [e.value for e in ecran.error] == ["Cet entretien n'existe pas, ou n'est pas ouvert à votre compte."]
    assert not ecran.text_area


def test_un_entretien_d_une_autre_investigation_est_inconnu(un_monde: Monde, ouvrir: Ouvrir) -> None:
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.un_terrain(session, fabriques.une_investigation(session))
        entretien = fabriques.un_entretien(session, ailleurs)
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation, entretien=entretien.id)
    assert "n'existe pas" in ecran.error[0].value


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_ne_voit_rien(un_monde: Monde, ouvrir: Ouvrir, role: Role) -> None:
    with ecriture(un_monde.moteur, None) as session:
        lecteur = fabriques.un_compte(session, role, un_monde.investigation)
    ecran = ouvrir(SAISIE, lecteur, un_monde.investigation, directement=True)
    assert not ecran.text_area and ecran.error
    assert [titre.value for titre in ecran.title] == ["Page fermée"]


def test_ouvrir_coute_peu_de_requetes(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    for params in ({}, {"entretien": fait.id}):
        with compter_requetes(un_monde.moteur) as requetes:
            ouvrir(SAISIE, un_monde.compte, un_monde.investigation, **params)
        lectures = [requete for requete in requetes if requete.lstrip().startswith("SELECT")]
        assert len(lectures) <= 8, lectures


def test_un_brouillon_abime_n_empeche_pas_d_ouvrir(un_monde: Monde, ouvrir: Ouvrir) -> None:
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        brouillons.ecrire(
            session, un_monde.perimetre, formulaire="entretien", contenu={"champs": {"notes": "seules"}}, attendu=None
        )
    ecran = ouvrir(SAISIE, un_monde.compte, un_monde.investigation)
    assert not ecran.exception and not ecran.error
    assert _champ(ecran.text_area, "Notes").value == "seules"


def _remplir(
    monde: Monde,
    ecran: AppTest,
    *,
    jour: date = date(2026, 10, 5),
    notice: date | None = date(2026, 10, 1),
    notes: str = "Le temps manque.",
) -> None:
    _champ(ecran.selectbox, "Terrain").select(monde.terrain.id)
    _champ(ecran.date_input, "Date de l'entretien").set_value(jour)
    _champ(ecran.radio, "L'entretien s'est tenu").set_value("visio")
    _champ(ecran.text_area, "Notes").set_value(notes)
    if notice:
        _champ(ecran.date_input, "Notice d'information (version 2) remise le").set_value(notice)
        _champ(ecran.radio, "Comment la notice a été remise").set_value("papier")
    _champ(ecran.text_input, "Organisation rencontrée").set_value("calanques").run()
    _bouton(ecran, "L\\'Épicerie des Calanques – Association\\, Marseille").click().run()


def _champs(collection: Any, libelle: str) -> list[Any]:
    return [champ for champ in collection if champ.label == libelle]


def _champ(collection: Any, libelle: str) -> Any:
    trouves = _champs(collection, libelle)
    assert len(trouves) == 1, [champ.label for champ in collection]
    return trouves[0]


def _bouton(ecran: AppTest, libelle: str) -> Any:
    return _champ(ecran.button, libelle)


def _compter(monde: Monde, modele: Any) -> int:
    with lecture(monde.moteur) as session:
        return fabriques.compter(session, modele)


def _seul(monde: Monde, modele: Any) -> Any:
    with lecture(monde.moteur) as session:
        return session.scalars(select(modele)).one()


def _notes_gardees(monde: Monde) -> str:
    return str(_seul(monde, Brouillon).contenu["champs"]["notes"])
