"""Le brouillon redevient une saisie, et deux saisies se comparent champ par champ."""

import json
from dataclasses import replace
from datetime import date

import pytest

from lib.domain.erreurs import Introuvable
from lib.domain.vocabulaire import AccordCitation, FormeEngagement, ModeEntretien, Releve, Rythme
from lib.services.entretiens import SaisieEntretien, SaisiePartenariat, Situation
from lib.services.entretiens.champs import LIBELLES, differences, en_saisie, reunir, vierges
from lib.services.entretiens.correction import EntretienACorriger, lire_pour_corriger
from lib.services.interlocuteurs import SaisieInterlocuteur
from lib.services.transaction import lecture
from tests.outils.requetes import compter_requetes
from tests.services.entretiens.monde import Monde


def test_un_formulaire_neuf_ne_suppose_que_la_personne_qui_saisit() -> None:
    assert en_saisie(vierges(7)) == SaisieEntretien(enqueteurs=(7,))
    assert set(LIBELLES) == set(vierges(7)) - {"notice_version"}


def test_ce_qui_est_enregistre_se_rouvre_a_l_identique(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(transcription="Q : ?", accord_enregistrement=False))
    ouvert = _ouvrir(un_monde, fait.id)
    assert json.loads(json.dumps(ouvert.champs)) == ouvert.champs
    assert (ouvert.code, ouvert.champs["organisation_id"], ouvert.champs["mode"]) == ("E-MRS-001", 1, "presentiel")
    assert ouvert.organisation is not None and ouvert.organisation.nom == "L'Épicerie des Calanques"
    un_monde.enregistrer(en_saisie(ouvert.champs), cle_saisie="2", entretien_id=fait.id, version=ouvert.version)
    assert _ouvrir(un_monde, fait.id).champs == ouvert.champs


def test_rouvrir_coute_deux_requetes(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    with lecture(un_monde.moteur) as session, compter_requetes(un_monde.moteur) as requetes:
        lire_pour_corriger(session, un_monde.perimetre, entretien_id=fait.id)
    assert len(requetes) == 2


def test_un_entretien_d_ailleurs_ne_se_rouvre_pas(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    limite = replace(un_monde.perimetre, terrains=frozenset({un_monde.terrain.id + 1}))
    with pytest.raises(Introuvable), lecture(un_monde.moteur) as session:
        lire_pour_corriger(session, limite, entretien_id=fait.id)


def test_une_saisie_se_lit_dans_le_brouillon() -> None:
    champs = vierges(7) | {
        "tenu_le": "2026-11-03",
        "mode": "visio",
        "nouveaux": [{"ligne": 1, "nom": "Dominique", "fonction": "Élue"}, {"ligne": 2, "nom": " "}],
        "releves": {"12": "relance"},
        "intensites": {"12": 4, "x": 2, "13": 9},
        "accord_citation": "nominative",
        "partenariats": [{"entreprise_id": 3, "situation": "termine", "formes": ["pret"], "rythme": "ponctuel"}],
    }
    saisie = en_saisie(champs)
    assert (saisie.tenu_le, saisie.mode) == (date(2026, 11, 3), ModeEntretien.VISIO)
    assert saisie.nouveaux_interlocuteurs == (SaisieInterlocuteur(nom="Dominique", fonction="Élue"),)
    assert (saisie.releves, saisie.accord_citation) == ({12: Releve.RELANCE}, AccordCitation.NOMINATIVE)
    assert saisie.intensites == {12: 4}
    assert saisie.partenariats == (
        SaisiePartenariat(
            entreprise_id=3, situation=Situation.TERMINE, formes=(FormeEngagement.PRET,), rythme=Rythme.PONCTUEL
        ),
    )


def test_un_code_que_l_on_ne_connait_plus_est_oublie_sans_bruit() -> None:
    champs = vierges(7) | {"mode": "pigeon", "releves": {"12": "crie", "x": "spontane"}, "accord_citation": "?"}
    assert en_saisie(champs) == SaisieEntretien(enqueteurs=(7,))


def test_qui_a_change_quoi() -> None:
    origine = vierges(1) | {"notes": "a", "mode": "visio", "duree_minutes": 10}
    mienne = origine | {"notes": "b", "duree_minutes": 20}
    leur = origine | {"notes": "c", "mode": "telephone", "duree_minutes": 20}
    assert differences(origine, mienne, leur) == (["notes"], ["mode"])
    assert reunir(mienne, leur, ["mode"]) == mienne | {"mode": "telephone"}


def test_mes_seuls_changements_ne_sont_pas_un_desaccord() -> None:
    origine = vierges(1)
    assert differences(origine, origine | {"notes": "b"}, origine) == ([], [])


def _ouvrir(monde: Monde, entretien_id: int) -> EntretienACorriger:
    with lecture(monde.moteur) as session:
        return lire_pour_corriger(session, monde.perimetre, entretien_id=entretien_id)
