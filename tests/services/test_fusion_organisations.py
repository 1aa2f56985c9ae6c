"""Réunir deux fiches, revenir dessus, et ne rien perdre en route."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.base import Base, maintenant
from lib.db.modeles import Entretien, Interlocuteur, LigneJournal, Organisation, Partenariat
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.fusions import Rattachee
from lib.domain.pseudonymes import designer_organisation
from lib.domain.vocabulaire import Role, TailleEntreprise, TypeActeur
from lib.services import fusion_organisations as fusions
from lib.services import organisations, syntheses
from lib.services.organisations import SaisieOrganisation
from lib.services.pseudonymisation import charger_pseudonymisation
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.services.entretiens.monde import Monde

SIRET = "73282932000074"


def _paire(monde: Monde, type_acteur: TypeActeur = TypeActeur.ENTREPRISE, **champs: Any) -> tuple[int, int]:
    """(absorbée, gardée), du même type."""
    with ecriture(monde.moteur, None) as session:
        gardee = fabriques.une_organisation(session, monde.terrain, nom="Frigolive", type_acteur=type_acteur)
        absorbee = fabriques.une_organisation(
            session, monde.terrain, **({"nom": "Frigo live SARL", "type_acteur": type_acteur} | champs)
        )
        return absorbee.id, gardee.id


def _fusionner(monde: Monde, absorbee: int, gardee: int) -> int:
    with ecriture(monde.moteur, monde.perimetre) as session:
        return fusions.fusionner(session, monde.perimetre, absorbee_id=absorbee, gardee_id=gardee)


def _defaire(monde: Monde, fusion: int) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        fusions.defaire(session, monde.perimetre, fusion_id=fusion)


def _etat(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Toutes les colonnes de ce qu'une fusion peut toucher, sauf le numéro de version."""
    modeles: tuple[type[Base], ...] = (Organisation, Partenariat, Entretien, Interlocuteur)
    return {
        modele.__tablename__: [
            tuple(ligne)
            for ligne in session.execute(
                select(*(c for c in modele.__table__.columns if c.name != "version")).order_by(modele.__table__.c.id)
            )
        ]
        for modele in modeles
    }


def test_tout_ce_qui_pointait_l_une_pointe_l_autre(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde)
    with ecriture(un_monde.moteur, None) as session:
        vieille = session.get_one(Organisation, absorbee)
        association = fabriques.une_organisation(session, un_monde.terrain, nom="Calanques propres")
        anciens = [
            fabriques.un_partenariat(session, session.get_one(Organisation, cle), association, un_monde.terrain).id
            for cle in (absorbee, gardee)
        ]
        entretien = fabriques.un_entretien(session, un_monde.terrain, organisation_id=absorbee).id
        personne = fabriques.un_interlocuteur(session, vieille).id
    _fusionner(un_monde, absorbee, gardee)
    with lecture(un_monde.moteur) as session:
        assert {session.get_one(Partenariat, cle).entreprise_id for cle in anciens} == {gardee}
        assert session.get_one(Entretien, entretien).organisation_id == gardee
        assert session.get_one(Interlocuteur, personne).organisation_id == gardee
        trouvees = organisations.chercher(session, un_monde.perimetre, texte="frigo")
        assert [o.id for o in trouvees if o.nom.startswith("Frigo l") or o.nom == "Frigolive"] == [gardee]
        (lue,) = fusions.lister_fusions(session, un_monde.perimetre)
    assert (lue.absorbee, lue.gardee) == ("Frigo live SARL", "Frigolive")
    assert lue.deplaces == {
        Rattachee.PARTENARIAT_ENTREPRISE: 1,
        Rattachee.ENTRETIEN: 1,
        Rattachee.INTERLOCUTEUR: 1,
    }


def test_la_fiche_gardee_apprend_ce_qu_elle_ignorait_et_garde_ce_qu_elle_sait(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde, siret=SIRET, siren=SIRET[:9], taille=TailleEntreprise.ETI, secteur="Froid")
    with ecriture(un_monde.moteur, None) as session:
        session.get_one(Organisation, gardee).secteur = "Logistique"
    fusion = _fusionner(un_monde, absorbee, gardee)
    with lecture(un_monde.moteur) as session:
        tenue = session.get_one(Organisation, gardee)
        assert (tenue.siret, tenue.siren, tenue.taille) == (SIRET, SIRET[:9], TailleEntreprise.ETI)
        assert tenue.secteur == "Logistique"
    _defaire(un_monde, fusion)
    with lecture(un_monde.moteur) as session:
        assert session.get_one(Organisation, gardee).siret is None
        assert session.get_one(Organisation, absorbee).siret == SIRET


def test_ce_qui_a_change_depuis_reste_change_quand_on_defait(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde, secteur="Froid")
    fusion = _fusionner(un_monde, absorbee, gardee)
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        session.get_one(Organisation, gardee).secteur = "Transport"
        fabriques.un_interlocuteur(session, session.get_one(Organisation, gardee), nom="Neuve Depuis")
    _defaire(un_monde, fusion)
    with lecture(un_monde.moteur) as session:
        assert session.get_one(Organisation, gardee).secteur == "Transport"
        assert session.scalars(select(Interlocuteur.organisation_id)).all()[-1] == gardee
        assert fusions.lister_fusions(session, un_monde.perimetre) == ()


@given(
    partenariats=st.lists(st.booleans(), max_size=3),
    personnes=st.lists(st.booleans(), max_size=2),
    siren=st.booleans(),
    secteurs=st.tuples(st.sampled_from(["", "Froid"]), st.sampled_from(["", "Transport"])),
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fusionner_puis_defaire_ne_change_rien(
    un_monde: Monde, partenariats: list[bool], personnes: list[bool], siren: bool, secteurs: tuple[str, str]
) -> None:
    absorbee, gardee = _paire(un_monde, siren=SIRET[:9] if siren else None, secteur=secteurs[0])
    with ecriture(un_monde.moteur, None) as session:
        session.get_one(Organisation, gardee).secteur = secteurs[1]
        association = fabriques.une_organisation(session, un_monde.terrain)
        for a_l_absorbee in partenariats:
            tenue = session.get_one(Organisation, absorbee if a_l_absorbee else gardee)
            fabriques.un_partenariat(session, tenue, association, un_monde.terrain)
        for a_l_absorbee in personnes:
            fabriques.un_interlocuteur(session, session.get_one(Organisation, absorbee if a_l_absorbee else gardee))
    with lecture(un_monde.moteur) as session:
        avant = _etat(session)
    fusion = _fusionner(un_monde, absorbee, gardee)
    with lecture(un_monde.moteur) as session:
        assert _etat(session) != avant
    _defaire(un_monde, fusion)
    with lecture(un_monde.moteur) as session:
        assert _etat(session) == avant


def test_une_fusion_en_suit_une_autre_et_se_defait_dans_l_ordre(un_monde: Monde) -> None:
    premiere, deuxieme = _paire(un_monde)
    with ecriture(un_monde.moteur, None) as session:
        derniere = fabriques.une_organisation(
            session, un_monde.terrain, nom="Froid & Cie", type_acteur=TypeActeur.ENTREPRISE
        ).id
    ancienne = _fusionner(un_monde, premiere, deuxieme)
    recente = _fusionner(un_monde, deuxieme, derniere)
    with lecture(un_monde.moteur) as session:
        assert session.get_one(Organisation, premiere).fusionnee_dans_id == derniere
        masques = charger_pseudonymisation(session, un_monde.perimetre)
        tenue = f"[{designer_organisation(TypeActeur.ENTREPRISE, derniere)}]"
        assert masques.masquer("Frigo live SARL et Frigolive") == f"{tenue} et {tenue}"
    with pytest.raises(Conflit, match="défaites d'abord"):
        _defaire(un_monde, ancienne)
    _defaire(un_monde, recente)
    _defaire(un_monde, ancienne)
    with pytest.raises(Conflit, match="déjà été défaite"):
        _defaire(un_monde, ancienne)
    with lecture(un_monde.moteur) as session:
        assert session.get_one(Organisation, premiere).fusionnee_dans_id is None


def test_une_organisation_ne_rejoint_ni_elle_meme_ni_une_autre_sorte_ni_sa_mere(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde, siren="732829320")
    with ecriture(un_monde.moteur, None) as session:
        association = fabriques.une_organisation(session, un_monde.terrain, nom="Autre sorte").id
        entreprise = {"type_acteur": TypeActeur.ENTREPRISE}
        fille = fabriques.une_organisation(
            session, un_monde.terrain, nom="Fille", organisation_parente_id=gardee, **entreprise
        ).id
        numerotee = fabriques.une_organisation(
            session, un_monde.terrain, nom="Numérotée", siren="356000000", **entreprise
        ).id
        archivee = fabriques.une_organisation(
            session, un_monde.terrain, nom="Archivée", archive_le=maintenant(), **entreprise
        ).id
    for une, autre, phrase in (
        (gardee, gardee, "elle-même"),
        (absorbee, association, "même type d'acteur"),
        (fille, gardee, "structure mère"),
        (gardee, fille, "structure mère"),
        (absorbee, numerotee, "numéros officiels différents"),
        (absorbee, archivee, "est archivée"),
    ):
        with pytest.raises(DonneeInvalide, match=phrase):
            _fusionner(un_monde, une, autre)
    _fusionner(un_monde, absorbee, gardee)
    with pytest.raises(DonneeInvalide, match="a déjà rejoint une autre fiche"):
        _fusionner(un_monde, absorbee, fille)


def test_les_comptes_par_taille_suivent_la_fusion_et_son_retour(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde, taille=TailleEntreprise.ETI)
    with ecriture(un_monde.moteur, un_monde.perimetre) as session:
        entretien = fabriques.un_entretien(
            session, un_monde.terrain, organisation_id=gardee, type_acteur=TypeActeur.ENTREPRISE
        )
        texte = fabriques.un_texte(session, entretien, "Un camion chaque mardi.")
        verbatim = fabriques.un_verbatim(session, texte, 0, 9)
        fabriques.un_etiquetage(session, verbatim, un_monde.irritants[0], un_monde.compte)
        syntheses.refaire(session, un_monde.investigation.id)
    fusion = _fusionner(un_monde, absorbee, gardee)
    with lecture(un_monde.moteur) as session:
        assert syntheses.verifier(session, un_monde.investigation.id) == []
    _defaire(un_monde, fusion)
    with lecture(un_monde.moteur) as session:
        assert syntheses.verifier(session, un_monde.investigation.id) == []


def test_une_fusion_refusee_n_ecrit_rien(un_monde: Monde) -> None:
    absorbee, _ = _paire(un_monde)
    with lecture(un_monde.moteur) as session:
        avant = fabriques.compter(session, LigneJournal)
    with pytest.raises(Introuvable):
        _fusionner(un_monde, absorbee, 99_999)
    with lecture(un_monde.moteur) as session:
        assert fabriques.compter(session, LigneJournal) == avant


def test_seule_l_equipe_reunit_des_fiches(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde)
    with ecriture(un_monde.moteur, None) as session:
        lecteur = fabriques.un_perimetre(
            fabriques.un_compte(session, Role.RELECTEUR, un_monde.investigation), un_monde.investigation
        )
    with ecriture(un_monde.moteur, lecteur) as session, pytest.raises(AccesRefuse):
        fusions.fusionner(session, lecteur, absorbee_id=absorbee, gardee_id=gardee)
    with lecture(un_monde.moteur) as session, pytest.raises(AccesRefuse):
        fusions.lister_fusions(session, lecteur)


def test_la_saisie_d_un_partenariat_refuse_la_fiche_absorbee(un_monde: Monde) -> None:
    absorbee, gardee = _paire(un_monde)
    _fusionner(un_monde, absorbee, gardee)
    with lecture(un_monde.moteur) as session:
        assert organisations.designer(session, un_monde.perimetre, identifiants=[absorbee]) == {}
        saisie = SaisieOrganisation(nom="Frigo live SARL", type_acteur=TypeActeur.ENTREPRISE)
        voisines = organisations.chercher_doublons(session, un_monde.perimetre, saisie)
    assert absorbee not in {voisine.id for voisine in voisines}
