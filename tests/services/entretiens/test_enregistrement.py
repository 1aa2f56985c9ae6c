"""Consigner un entretien : tout est gardé, rien à moitié, chaque faute se dit en une phrase."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from lib.db.modeles import (
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    Interlocuteur,
    IrritantReleve,
    LigneJournal,
    Organisation,
    Partenariat,
    SyntheseIrritant,
    Texte,
    TexteVersion,
    Verbatim,
)
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, ErreurMetier, Introuvable
from lib.domain.formats import date_imprecise
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import (
    AccordCitation,
    ModeRecueil,
    MotifFin,
    NatureTexte,
    Releve,
    Role,
    StatutEntretien,
    TypeActeur,
)
from lib.services import entretiens, syntheses
from lib.services.entretiens import Situation, archiver, lire_fiche, lire_version, retablir
from lib.services.entretiens.correction import lire_pour_corriger
from lib.services.interlocuteurs import SaisieInterlocuteur
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde

DEMAIN = aujourd_hui() + timedelta(days=1)


def test_un_entretien_complet_est_realise_avec_tout_ce_qu_il_porte(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    assert (fait.code, fait.statut, fait.deja) == ("E-MRS-001", StatutEntretien.REALISE, False)
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert fiche.texte(NatureTexte.NOTES) == "« On y passe nos soirées. »\nDeux lignes 😡."
    assert fiche.texte(NatureTexte.TRANSCRIPTION) == ""
    assert [(p.nom, p.fonction) for p in fiche.interlocuteurs] == [("Dominique Exemple", "Directrice")]
    assert list(fiche.enqueteurs.values()) == ["Léa Test"]
    assert [(r.nom, r.releve) for r in fiche.releves] == [
        ("Recherche chronophage", Releve.SPONTANE),
        ("Charge administrative", Releve.ECARTE),
    ]
    assert (fiche.notice_version, fiche.type_acteur) == ("2", TypeActeur.ASSOCIATION)
    assert fiche.accord_citation is AccordCitation.ANONYME


def test_les_comptes_d_irritants_suivent(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    with lecture(un_monde.moteur) as session:
        assert syntheses.verifier(session, un_monde.investigation.id) == []
        assert fabriques.compter(session, SyntheseIrritant) == 2
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        archiver(session, un_monde.perimetre, entretien_id=fait.id, version=_version(un_monde, fait.id))
    with lecture(un_monde.moteur) as session:
        assert syntheses.verifier(session, un_monde.investigation.id) == []


def test_le_code_suit_le_dernier_du_terrain(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        fabriques.un_entretien(session, un_monde.terrain, code="E-MRS-009")
        autre = fabriques.un_terrain(session, un_monde.investigation, code="marne")
        fabriques.un_entretien(session, un_monde.terrain, code="annexe")
    assert un_monde.enregistrer().code == "E-MRS-010"
    assert un_monde.enregistrer(un_monde.saisie(terrain_id=autre.id), cle_saisie="2").code == "E-MAR-001"


def test_un_double_envoi_n_ecrit_qu_une_fois(un_monde: Monde) -> None:
    premier = un_monde.enregistrer()
    second = un_monde.enregistrer()
    assert (second.id, second.deja) == (premier.id, True)
    with lecture(un_monde.moteur) as session:
        assert fabriques.compter(session, Entretien) == 1
        assert fabriques.compter(session, Interlocuteur) == 1


def test_des_enregistrements_simultanes_recoivent_chacun_leur_code(un_monde: Monde) -> None:
    ensemble = Barrier(4)

    def envoyer(cle_saisie: str) -> str:
        ensemble.wait()
        return un_monde.enregistrer(un_monde.saisie(nouveaux_interlocuteurs=()), cle_saisie=cle_saisie).code

    with ThreadPoolExecutor(4) as personnes:
        codes = list(personnes.map(envoyer, ("a", "b", "c", "c")))
    assert sorted(set(codes)) == ["E-MRS-001", "E-MRS-002", "E-MRS-003"]
    assert codes[2] == codes[3]


def test_une_correction_envoyee_deux_fois_n_est_pas_un_conflit(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    version = _version(un_monde, fait.id)
    for _ in range(2):
        un_monde.enregistrer(
            un_monde.saisie(notes="corrigé"), cle_saisie="cle-2", entretien_id=fait.id, version=version
        )
    assert _version(un_monde, fait.id) == version + 1
    with lecture(un_monde.moteur) as session:
        assert fabriques.compter(session, TexteVersion) == 1


def test_la_seconde_personne_voit_le_conflit_et_rien_n_est_ecrase(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    version = _version(un_monde, fait.id)
    un_monde.enregistrer(un_monde.saisie(notes="la première"), cle_saisie="a", entretien_id=fait.id, version=version)
    with pytest.raises(Conflit, match="entre-temps"):
        un_monde.enregistrer(un_monde.saisie(notes="la seconde"), cle_saisie="b", entretien_id=fait.id, version=version)
    with lecture(un_monde.moteur) as session:
        assert lire_fiche(session, un_monde.perimetre, entretien_id=fait.id).texte(NatureTexte.NOTES) == "la première"


def test_meme_une_correction_des_seules_notes_fait_avancer_la_version(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    avant = _version(un_monde, fait.id)
    un_monde.enregistrer(un_monde.saisie(notes="autres"), cle_saisie="b", entretien_id=fait.id, version=avant)
    assert _version(un_monde, fait.id) == avant + 1


def test_une_correction_garde_l_ancien_texte_et_fait_suivre_les_verbatims(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(notes="Le temps manque. Les dossiers pèsent."))
    with ecriture(un_monde.moteur, None) as session:
        texte = session.scalars(select(Texte)).one()
        verbatim = fabriques.un_verbatim(session, texte, 17, 36)
        assert verbatim.citation == "Les dossiers pèsent"
    _corriger(un_monde, fait.id, notes="En bref : le temps manque 😡. Les dossiers pèsent.")
    with lecture(un_monde.moteur) as session:
        suivi = session.scalars(select(Verbatim)).one()
        texte = session.scalars(select(Texte)).one()
        assert texte.contenu[suivi.debut : suivi.fin] == suivi.citation == "Les dossiers pèsent"
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
        assert [(v.numero, v.remplace_par) for v in fiche.versions] == [(1, "Léa Test")]
        ancien = lire_version(session, un_monde.perimetre, version_id=fiche.versions[0].id)
    assert ancien == "Le temps manque. Les dossiers pèsent."


def test_vider_un_texte_code_ne_perd_aucune_citation(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(notes="Le temps manque."))
    with ecriture(un_monde.moteur, None) as session:
        fabriques.un_verbatim(session, session.scalars(select(Texte)).one(), 0, 15)
    _corriger(un_monde, fait.id, notes="")
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert [c.citation for c in fiche.citations] == ["Le temps manque"]
    assert fiche.texte(NatureTexte.NOTES) == ""


@pytest.mark.parametrize(
    ("changements", "phrase", "champ"),
    [
        ({"tenu_le": DEMAIN}, "dans l'avenir", "tenu_le"),
        ({"notice_remise_le": DEMAIN}, "dans l'avenir", "notice_remise_le"),
        ({"tenu_le": date(26, 10, 5)}, "corrigez l'année", "tenu_le"),
        ({"notice_remise_le": None}, "il manque la date de remise de la notice", None),
        ({"notice_moyen": None}, "il manque le moyen de remise", None),
        ({"tenu_le": None}, "il manque la date de l'entretien", None),
        ({"terrain_id": None}, "il manque le terrain", None),
        ({"organisation_id": None}, "il manque l'organisation rencontrée", None),
        ({"mode": None}, "la façon dont l'entretien s'est tenu", None),
        ({"duree_minutes": 0}, "entre 1 et 1 440", "duree_minutes"),
        ({"duree_minutes": 1441}, "entre 1 et 1 440", "duree_minutes"),
        ({"notes": " \n", "releves": {}}, "des notes, une transcription ou un irritant", None),
        ({"notes": "avant \0 après"}, "caractère illisible", "notes"),
        ({"transcription": "x" * 1_000_001}, "1\u202f000\u202f000 au plus", "transcription"),
        ({"nouveaux_interlocuteurs": (SaisieInterlocuteur(nom=" "),)}, "nom de la personne", "nom"),
        ({"nouveaux_interlocuteurs": (SaisieInterlocuteur(nom="A", courriel="ab"),)}, "électronique", "courriel"),
        ({"enqueteurs": (999_999,)}, "L'un des enquêteurs", "enqueteurs"),
        ({"releves": {999_999: Releve.SPONTANE}}, "plus dans la grille", "releves"),
    ],
)
def test_une_saisie_fautive_se_refuse_en_une_phrase_sans_rien_ecrire(
    un_monde: Monde, changements: dict[str, Any], phrase: str, champ: str | None
) -> None:
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        un_monde.enregistrer(un_monde.saisie(**changements))
    assert refus.value.champ == champ
    _rien_d_ecrit(un_monde)


@pytest.mark.parametrize("champ", ["terrain_id", "organisation_id", "interlocuteurs", "entretien_id"])
def test_un_identifiant_inconnu_ou_hors_perimetre_est_introuvable(un_monde: Monde, champ: str) -> None:
    with ecriture(un_monde.moteur, None) as session:
        ailleurs = fabriques.un_terrain(session, fabriques.une_investigation(session))
        organisation = fabriques.une_organisation(session, ailleurs)
        personne = fabriques.un_interlocuteur(session, organisation)
        entretien = fabriques.un_entretien(session, ailleurs)
    refuses: dict[str, Callable[[], object]] = {
        "terrain_id": lambda: un_monde.enregistrer(un_monde.saisie(terrain_id=ailleurs.id)),
        "organisation_id": lambda: un_monde.enregistrer(un_monde.saisie(organisation_id=organisation.id)),
        "interlocuteurs": lambda: un_monde.enregistrer(un_monde.saisie(interlocuteurs=(personne.id,))),
        "entretien_id": lambda: un_monde.enregistrer(entretien_id=entretien.id, version=1),
    }
    with pytest.raises(Introuvable, match="n'existe pas"):
        refuses[champ]()


def test_sans_notice_remise_l_entretien_reste_un_brouillon_sans_trace_de_notice(un_monde: Monde) -> None:
    saisie = un_monde.saisie(notice_remise_le=None)
    fait = un_monde.enregistrer(saisie, statut=StatutEntretien.BROUILLON)
    assert fait.statut is StatutEntretien.BROUILLON
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
        assert (fiche.notice_moyen, fiche.notice_version) == (None, None)
        assert fabriques.compter(session, SyntheseIrritant) == 0


def test_un_brouillon_peut_etre_date_dans_l_avenir(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(tenu_le=DEMAIN), statut=StatutEntretien.BROUILLON)
    assert fait.statut is StatutEntretien.BROUILLON


@pytest.mark.parametrize(
    "texte",
    [
        "😡 colère, 👩🏽‍🚒 et drapeau 🇫🇷",
        "\u202eעברית\u202c et العربية",
        "« dix\u202f000\u00a0€ »",
        "=SOMME(A1:A9)",
        "<script>alert(1)</script> **gras** [lien](http://exemple.fr)",
        "é" * 1_000_000,
    ],
    ids=["emoji", "droite a gauche", "insecables", "formule", "html", "un million"],
)
def test_un_texte_revient_tel_qu_il_a_ete_ecrit(un_monde: Monde, texte: str) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(notes=texte))
    with lecture(un_monde.moteur) as session:
        assert lire_fiche(session, un_monde.perimetre, entretien_id=fait.id).texte(NatureTexte.NOTES) == texte


def test_les_fins_de_ligne_sont_normalisees_et_un_texte_inchange_ne_fait_pas_de_version(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(notes="\ufeffun\r\ndeux"))
    _corriger(un_monde, fait.id, notes="un\ndeux")
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert (fiche.texte(NatureTexte.NOTES), fiche.versions) == ("un\ndeux", ())


def test_une_correction_ajoute_change_et_retire_releves_personnes_et_equipe(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    un, deux, trois = (irritant.id for irritant in un_monde.irritants)
    with ecriture(un_monde.moteur, None) as session:
        connue = fabriques.un_interlocuteur(session, un_monde.association, nom="Camille Connue")
    _corriger(
        un_monde,
        fait.id,
        releves={un: Releve.RELANCE, deux: Releve.NON_ABORDE, trois: Releve.SPONTANE},
        interlocuteurs=(connue.id,),
        nouveaux_interlocuteurs=(),
        enqueteurs=(un_monde.collegue.id,),
    )
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
        assert {r.etiquette_id: r.releve for r in fiche.releves} == {un: Releve.RELANCE, trois: Releve.SPONTANE}
        assert [p.nom for p in fiche.interlocuteurs] == ["Camille Connue"]
        assert list(fiche.enqueteurs.values()) == ["Karim Test"]
        assert syntheses.verifier(session, un_monde.investigation.id) == []


def test_l_intensite_se_note_se_corrige_et_s_oublie_avec_ce_qui_n_est_plus_evoque(un_monde: Monde) -> None:
    un, deux, _ = (irritant.id for irritant in un_monde.irritants)
    fait = un_monde.enregistrer(
        un_monde.saisie(releves={un: Releve.SPONTANE, deux: Releve.ECARTE}, intensites={un: 4, deux: 5})
    )
    assert _intensites(un_monde, fait.id) == {un: 4, deux: None}
    _corriger(un_monde, fait.id, releves={un: Releve.RELANCE}, intensites={un: 2})
    assert _intensites(un_monde, fait.id) == {un: 2}
    with lecture(un_monde.moteur) as session:
        champs = lire_pour_corriger(session, un_monde.perimetre, entretien_id=fait.id).champs
        assert champs["intensites"] == {str(un): 2}
        assert syntheses.verifier(session, un_monde.investigation.id) == []
    _corriger(un_monde, fait.id, releves={un: Releve.ECARTE}, intensites={un: 2})
    assert _intensites(un_monde, fait.id) == {un: None}


def test_une_intensite_hors_de_l_echelle_se_refuse(un_monde: Monde) -> None:
    un = un_monde.irritants[0].id
    with pytest.raises(DonneeInvalide, match="de 1 à 5"):
        un_monde.enregistrer(un_monde.saisie(releves={un: Releve.SPONTANE}, intensites={un: 6}))


def _intensites(un_monde: Monde, entretien_id: int) -> dict[int, int | None]:
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=entretien_id)
    return {releve.etiquette_id: releve.intensite for releve in fiche.releves}


def test_sans_organisation_le_type_d_acteur_suffit(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(un_monde.saisie(organisation_id=None, type_acteur=TypeActeur.EXPERT))
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
    assert (fiche.organisation, fiche.type_acteur) == ("", TypeActeur.EXPERT)


def test_les_partenariats_racontes_sont_crees_avec_l_entretien(un_monde: Monde) -> None:
    fait = un_monde.enregistrer(
        un_monde.saisie(
            mode_recueil=ModeRecueil.RETROSPECTIF_COMPLET,
            partenariats=(un_monde.raconte(), un_monde.raconte(situation=Situation.EN_DISCUSSION, debut="2026")),
        )
    )
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
        assert [(p.entreprise, date_imprecise(p.debut, p.precision_debut)) for p in fiche.partenariats] == [
            ("Frigolive Logistique", "mars\u00a02023"),
            ("Frigolive Logistique", "date inconnue"),
        ]
        termine = session.get_one(Partenariat, fiche.partenariats[0].id)
        assert termine.fin is not None and termine.fin.year == 2025
        assert (termine.motif_fin, termine.terrain_id) == (MotifFin.BUDGET, un_monde.terrain.id)


@pytest.mark.parametrize(
    ("changements", "phrase"),
    [
        ({"association_id": None}, "Partenariat 1 : il manque l'association"),
        ({"situation": None}, "Partenariat 1 : il manque où il en est"),
        ({"formes": ()}, "Partenariat 1 : il manque la forme d'engagement"),
        ({"rythme": None}, "Partenariat 1 : il manque le rythme"),
        ({"motif_fin": None}, "Partenariat 1 : il manque le motif de fin"),
        ({"debut": "hier"}, "Partenariat 1 : .*ne se lit pas comme une date"),
        ({"fin": "2019"}, "Partenariat 1 : "),
    ],
)
def test_un_partenariat_mal_raconte_n_enregistre_rien(
    un_monde: Monde, changements: dict[str, Any], phrase: str
) -> None:
    saisie = un_monde.saisie(
        mode_recueil=ModeRecueil.RETROSPECTIF_COMPLET, partenariats=(un_monde.raconte(**changements),)
    )
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        un_monde.enregistrer(saisie)
    assert refus.value.champ == "partenariats"
    _rien_d_ecrit(un_monde)


@pytest.mark.parametrize("geste", ["archiver", "retablir"])
def test_archiver_puis_retablir(un_monde: Monde, geste: str) -> None:
    fait = un_monde.enregistrer()
    for nom in ("archiver", "retablir")[: 1 if geste == "archiver" else 2]:
        version = _version(un_monde, fait.id)
        with ecriture(un_monde.moteur, un_monde.perimetre) as session:
            {"archiver": archiver, "retablir": retablir}[nom](
                session, un_monde.perimetre, entretien_id=fait.id, version=version
            )
    with lecture(un_monde.moteur) as session:
        fiche = lire_fiche(session, un_monde.perimetre, entretien_id=fait.id)
        assert (fiche.archive_le is not None) == (geste == "archiver")
        assert syntheses.verifier(session, un_monde.investigation.id) == []


def test_archiver_une_fiche_qui_a_change_est_un_conflit(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    with pytest.raises(Conflit), ecriture(un_monde.moteur, un_monde.perimetre) as session:
        archiver(session, un_monde.perimetre, entretien_id=fait.id, version=0)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_n_ecrit_ni_ne_lit(un_monde: Monde, role: Role) -> None:
    fait = un_monde.enregistrer()
    lecteur = replace(un_monde.perimetre, role=role, fictive=True)
    with pytest.raises(AccesRefuse):
        un_monde.enregistrer(perimetre=lecteur, cle_saisie="autre")
    with pytest.raises(AccesRefuse), lecture(un_monde.moteur) as session:
        lire_fiche(session, lecteur, entretien_id=fait.id)


def test_un_compte_limite_a_un_terrain_ne_sort_pas_de_lui(un_monde: Monde) -> None:
    with ecriture(un_monde.moteur, None) as session:
        autre = fabriques.un_terrain(session, un_monde.investigation)
        ailleurs = fabriques.un_entretien(session, autre)
    limite = replace(un_monde.perimetre, terrains=frozenset({un_monde.terrain.id}))
    assert un_monde.enregistrer(perimetre=limite).code == "E-MRS-001"
    with pytest.raises(ErreurMetier, match="pas ouvert à votre compte"):
        un_monde.enregistrer(un_monde.saisie(terrain_id=autre.id), perimetre=limite, cle_saisie="2")
    with pytest.raises(Introuvable), lecture(un_monde.moteur) as session:
        lire_fiche(session, limite, entretien_id=ailleurs.id)


def test_le_journal_dit_qui_et_quoi_sans_les_mots(un_monde: Monde) -> None:
    fait = un_monde.enregistrer()
    with lecture(un_monde.moteur) as session:
        lignes = session.scalars(select(LigneJournal).where(LigneJournal.compte_id == un_monde.compte.id)).all()
    objets = {ligne.objet for ligne in lignes}
    assert {"entretiens", "textes", "interlocuteurs", "irritants_releves", "entretien_enqueteurs"} <= objets
    tout = " ".join(f"{ligne.avant} {ligne.apres}" for ligne in lignes)
    assert "soirées" not in tout and "Dominique" not in tout
    assert any(ligne.objet_id == str(fait.id) for ligne in lignes if ligne.objet == "entretiens")


def test_les_reperes_donnent_les_feuilles_de_la_grille_et_l_equipe(un_monde: Monde) -> None:
    with lecture(un_monde.moteur) as session:
        reperes = entretiens.lire_reperes(session, un_monde.perimetre)
        equipe = entretiens.lister_enqueteurs(session, un_monde.perimetre)
    assert [i.nom for i in reperes.irritants] == ["Recherche chronophage", "Charge administrative", "Sursollicitation"]
    assert {i.groupe for i in reperes.irritants} == {"Manque de temps"}
    assert (reperes.notice_version, [t.nom for t in reperes.terrains]) == ("2", ["Marseille"])
    assert list(equipe.values()) == ["Karim Test", "Léa Test"]


def _corriger(un_monde: Monde, entretien_id: int, **champs: Any) -> None:
    un_monde.enregistrer(
        un_monde.saisie(**champs),
        cle_saisie=f"correction {champs}"[:36],
        entretien_id=entretien_id,
        version=_version(un_monde, entretien_id),
    )


def _version(un_monde: Monde, entretien_id: int) -> int:
    with lecture(un_monde.moteur) as session:
        return session.get_one(Entretien, entretien_id).version


def _rien_d_ecrit(un_monde: Monde) -> None:
    with lecture(un_monde.moteur) as session:
        for modele in (Entretien, Texte, IrritantReleve, Interlocuteur, Partenariat, EntretienEnqueteur):
            assert fabriques.compter(session, modele) == 0
        assert fabriques.compter(session, EntretienInterlocuteur) == 0
        assert fabriques.compter(session, Organisation) == 2
