"""La fiche d'un entretien : tout y est, rien n'y est interprété, rien n'en sort vers qui ne doit pas lire."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Entretien, Interlocuteur, Organisation, Texte
from lib.domain.vocabulaire import ModeRecueil, Role, StatutEntretien
from lib.services.entretiens import archiver
from lib.services.transaction import ecriture, lecture
from lib.ui import ressources
from tests import fabriques
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir
from tests.services.entretiens.monde import Monde

FICHE = "entretiens/fiche"
PIEGE = "**gras** <script>alert(1)</script> [lien](http://exemple.fr)\n=1+1\n:red[rouge] 😡 \u202eעברית"


def test_la_fiche_dit_tout(un_monde: Monde, ouvrir: Ouvrir) -> None:
    saisie = un_monde.saisie(
        notes=PIEGE, mode_recueil=ModeRecueil.RETROSPECTIF_COMPLET, partenariats=(un_monde.raconte(),)
    )
    fait = un_monde.enregistrer(saisie)
    _surligner(un_monde)
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert not ecran.exception and not ecran.error
    assert len(ecran.title) == 1 and "Calanques" in ecran.title[0].value
    assert PIEGE in [texte.value for texte in ecran.text]
    ecrits = " ".join(texte.value for texte in ecran.markdown)
    for attendu in ("Marseille", "Léa Test", "Dominique Exemple", "50\u00a0minutes", "Citer sans nommer", "version 2"):
        assert attendu in ecrits.replace("\\", ""), attendu
    partenariats, citations = _tableaux(ecran)
    assert partenariats[0]["cellules"] == ["Frigolive Logistique", "L'Épicerie des Calanques", "mars\u00a02023"]
    assert partenariats[0]["adresse"] == f"/partenariat?partenariat={partenariats[0]['cle']}"
    assert citations[0]["cellules"] == ["«\u00a0**gras**\u00a0»", "Recherche chronophage", "Notes"]
    assert citations[0]["adresse"].startswith(f"/codage?entretien={fait.id}&verbatim=")
    assert [lien.label for lien in ecran.page_link] == ["Corriger l'entretien", "Coder le texte"]


def test_le_contenu_d_une_personne_ne_se_lit_pas_comme_du_markdown(un_monde: Monde, ouvrir: Ouvrir) -> None:
    with ecriture(un_monde.moteur, None) as session:
        organisation = fabriques.une_organisation(session, un_monde.terrain, nom="**Ruse** :red[x] [l](http://e.fr)")
    fait = un_monde.enregistrer(un_monde.saisie(organisation_id=organisation.id))
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert "\\*\\*Ruse\\*\\*" in ecran.title[0].value and "](http" not in ecran.title[0].value


def test_archiver_demande_confirmation_puis_se_retablit(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    next(b for b in ecran.button if b.label == "Archiver l'entretien").click().run()
    assert any("vous pourrez le rétablir" in texte.value for texte in ecran.markdown)
    with lecture(un_monde.moteur) as session:
        assert session.scalars(select(Entretien.archive_le)).one() is None
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        archiver(session, un_monde.perimetre, entretien_id=fait.id, version=1)
    archivee = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert "Entretien archivé le" in archivee.warning[0].value
    assert "Rétablir l'entretien" in [bouton.label for bouton in archivee.button]


def test_un_brouillon_le_dit(un_monde: Monde, ouvrir: Ouvrir) -> None:
    saisie = un_monde.saisie(notice_remise_le=None, tenu_le=None, notes="", releves={}, nouveaux_interlocuteurs=())
    fait = un_monde.enregistrer(saisie, statut=StatutEntretien.BROUILLON)
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert "ne compte dans aucun chiffre" in ecran.info[0].value
    ecrits = " ".join(texte.value for texte in ecran.markdown)
    for attendu in ("pas encore donnée", "pas encore remise", "Aucune personne nommée", "Ni notes ni transcription"):
        assert attendu in ecrits


def test_les_versions_d_un_texte_se_relisent(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(notes="la première"))
    un_monde.enregistrer(un_monde.saisie(notes="la seconde"), cle_saisie="2", entretien_id=fait.id, version=1)
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert "la première" not in [texte.value for texte in ecran.text]
    ecran.selectbox[0].select_index(0).run()
    assert {"la première", "la seconde"} <= {texte.value for texte in ecran.text}


@pytest.mark.parametrize("demande", ["99999", "abc", ""])
def test_une_fiche_inconnue_se_dit_en_une_phrase(un_monde: Monde, ouvrir: Ouvrir, demande: str) -> None:
    ecran = ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=demande)
    assert [titre.value for titre in ecran.title] == ["Entretien introuvable"]
    assert [e.value for e in ecran.error] == ["Cet entretien n'existe pas, ou n'est pas ouvert à votre compte."]


def test_la_fiche_coute_peu_de_requetes(un_monde: Monde, ouvrir: Ouvrir) -> None:
    fait = un_monde.enregistrer()
    with compter_requetes(un_monde.moteur) as requetes:
        ouvrir(FICHE, un_monde.compte, un_monde.investigation, entretien=fait.id)
    assert len([requete for requete in requetes if requete.lstrip().startswith("SELECT")]) <= 8


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_lit_pas_les_identites_ne_voit_rien(un_monde: Monde, ouvrir: Ouvrir, role: Role) -> None:
    fait = un_monde.enregistrer()
    with ecriture(un_monde.moteur, None) as session:
        lecteur = fabriques.un_compte(session, role, un_monde.investigation)
    ecran = ouvrir(FICHE, lecteur, un_monde.investigation, directement=True, entretien=fait.id)
    assert ecran.error and not ecran.text
    assert [titre.value for titre in ecran.title] == ["Page fermée"]


def test_une_organisation_et_une_personne_se_corrigent(un_monde: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ressources, "base", lambda: un_monde.moteur)
    un_monde.enregistrer()
    fenetre = AppTest.from_function(_fenetres, args=(un_monde.perimetre, un_monde.association.id))
    fenetre.run(timeout=60)
    assert not fenetre.exception
    fenetre.text_input[1].set_value("123").run()
    fenetre.button[0].click().run()
    assert "Écrivez neuf chiffres" in fenetre.error[0].value
    fenetre.text_input[1].set_value("732 829 320").run()
    fenetre.text_input[0].set_value("L'Épicerie du Port").run()
    fenetre.button[0].click().run()
    nom = next(champ for champ in fenetre.text_input if champ.label == "Nom de la personne")
    nom.set_value(" ").run()
    fenetre.button[1].click().run()
    assert "nom de la personne" in fenetre.error[0].value
    next(champ for champ in fenetre.text_input if champ.label == "Nom de la personne").set_value("Camille Juste").run()
    fenetre.button[1].click().run()
    with lecture(un_monde.moteur) as session:
        organisation = session.get_one(Organisation, un_monde.association.id)
        assert (organisation.nom, organisation.siren) == ("L'Épicerie du Port", "732829320")
        assert session.scalars(select(Interlocuteur.nom)).one() == "Camille Juste"


def _fenetres(perimetre: object, organisation_id: int) -> None:
    """Les deux formulaires de correction, hors de leurs fenêtres (AppTest relance tout le script)."""
    from lib.services import interlocuteurs
    from lib.services.transaction import lecture
    from lib.ui.composants import corrections
    from lib.ui.ressources import moteur

    corrections.formulaire_organisation(perimetre, organisation_id)
    with lecture(moteur()) as session:
        personne = interlocuteurs.lister(session, perimetre, organisation_id=organisation_id)[0]
    corrections.formulaire_personne(perimetre, personne)


def _surligner(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        verbatim = fabriques.un_verbatim(session, session.scalars(select(Texte)).one(), 0, 8)
        fabriques.un_etiquetage(session, verbatim, monde.irritants[0], monde.compte)
        fabriques.un_etiquetage(session, verbatim, monde.irritants[0], monde.collegue)


def _tableaux(ecran: AppTest) -> list[Any]:
    return [json.loads(tableau.proto.json)["lignes"] for tableau in ecran.get("bidi_component")]
