"""Scinder une étiquette : chaque citation va où l'on dit, et revient si l'on se reprend."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Etiquette
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services.scission import Renvoi, Scission, lire_scission, ramener, renvoyer
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques


@dataclass(frozen=True)
class Monde:
    """« Temps » sur trois passages ; la première citation est aussi « Relances », par la même personne."""

    moteur: Engine
    perimetre: Perimetre
    temps: int
    relances: int
    verbatims: tuple[int, ...]

    def lire(self, apres: int = 0) -> Scission:
        with lecture(self.moteur) as session:
            return lire_scission(session, self.perimetre, etiquette_id=self.temps, apres=apres)

    def renvoyer(self, rang: int) -> Renvoi:
        with ecriture(self.moteur, self.perimetre) as session:
            cible = {"verbatim_id": self.verbatims[rang], "de_id": self.temps, "vers_id": self.relances}
            return renvoyer(session, self.perimetre, **cible)

    def portees(self, rang: int) -> list[int]:
        vivants = Etiquetage.verbatim_id == self.verbatims[rang], Etiquetage.retire_le.is_(None)
        with lecture(self.moteur) as session:
            return sorted(session.scalars(select(Etiquetage.etiquette_id).where(*vivants)))


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        texte = fabriques.un_texte(
            session,
            fabriques.un_entretien(session, fabriques.un_terrain(session, investigation)),
            "Un temps. Deux temps. Trois temps.",
        )
        verbatims = [fabriques.un_verbatim(session, texte, *bornes) for bornes in ((0, 9), (10, 21), (22, 34))]
        temps, relances = (fabriques.une_etiquette(session, investigation, nom=nom) for nom in ("Temps", "Relances"))
        for verbatim in verbatims:
            fabriques.un_etiquetage(session, verbatim, temps, compte)
        fabriques.un_etiquetage(session, verbatims[0], relances, compte)
        refaire(session, investigation.id)
    perimetre = fabriques.un_perimetre(compte, investigation)
    return Monde(moteur, perimetre, temps.id, relances.id, tuple(verbatim.id for verbatim in verbatims))


def test_les_citations_defilent_avec_ce_qui_les_entoure(monde: Monde) -> None:
    etat = monde.lire(apres=monde.verbatims[0])
    assert etat.reste == 3 and etat.suivante is not None
    assert (etat.suivante.avant, etat.suivante.citation, etat.suivante.apres) == (
        "Un temps. ",
        "Deux temps.",
        " Trois temps.",
    )
    assert monde.lire(apres=monde.verbatims[2]).suivante is None


def test_envoyer_change_l_etiquette_et_les_comptes_suivent(monde: Monde) -> None:
    monde.renvoyer(1)
    assert monde.portees(1) == [monde.relances]
    assert monde.lire().reste == 2
    with lecture(monde.moteur) as session:
        assert verifier(session, monde.perimetre.investigation_id or 0) == []


@pytest.mark.parametrize("rang", [0, 1])
def test_se_reprendre_rend_exactement_ce_qui_etait(monde: Monde, rang: int) -> None:
    avant = monde.portees(rang)
    renvoi = monde.renvoyer(rang)
    assert monde.portees(rang) == [monde.relances]
    with ecriture(monde.moteur, monde.perimetre) as session:
        ramener(session, monde.perimetre, renvoi)
        assert verifier(session, monde.perimetre.investigation_id or 0) == []
    assert monde.portees(rang) == avant


def test_envoyer_deux_fois_n_ecrit_qu_une_fois(monde: Monde) -> None:
    monde.renvoyer(1)
    second = monde.renvoyer(1)
    assert (second.passes, second.doublons, monde.portees(1)) == ((), (), [monde.relances])


def test_vers_elle_meme_ou_une_archivee_c_est_refuse(monde: Monde) -> None:
    with pytest.raises(DonneeInvalide, match="recevoir"):
        replace(monde, relances=monde.temps).renvoyer(1)
    with ecriture(monde.moteur, None) as session:
        session.get_one(Etiquette, monde.relances).archive_le = maintenant()
    with pytest.raises(DonneeInvalide, match="recevoir"):
        monde.renvoyer(1)


def test_hors_de_l_equipe_rien_ne_se_lit_ni_ne_s_envoie(monde: Monde) -> None:
    lecteur = replace(monde, perimetre=replace(monde.perimetre, role=Role.RELECTEUR))
    with pytest.raises(AccesRefuse):
        lecteur.lire()
    with pytest.raises(AccesRefuse):
        lecteur.renvoyer(0)
