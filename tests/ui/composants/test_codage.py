"""Chaque message du surligneur devient un cas d'usage, et un seul ; ce qui n'en est pas un est refusé."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Texte
from lib.domain.droits import Perimetre
from lib.domain.erreurs import Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import Role
from lib.services.atelier import Atelier, lire_atelier
from lib.services.transaction import ecriture, lecture
from lib.ui.composants import codage
from tests import fabriques
from tests.outils.enquete import Enquete, preparer


@dataclass
class Ecran:
    """L'écran d'une personne qui code l'entretien de Bourgogne."""

    moteur: Engine
    enquete: Enquete
    perimetre: Perimetre
    texte: Texte
    seance: codage.Seance

    def envoyer(self, **recu: Any) -> None:
        with ecriture(self.moteur, self.perimetre) as session:
            geste = codage.executer(session, self.perimetre, recu)
            cle = str(session.info["geste"])
        codage.retenir(self.seance, recu, geste, cle)

    def defaire(self, nature: str) -> None:
        """Annuler ou rétablir, comme l'écran le demande : avec la clé du geste."""
        retour = self.seance.retour()[nature]
        self.envoyer(nature=nature, geste=retour["geste"])

    def surligner(self, debut: int, fin: int, etiquette: int | None = None, **champs: Any) -> None:
        bornes = {"texte": self.texte.id, "version": 1, "debut": debut, "fin": fin, "etiquette": etiquette}
        self.envoyer(nature="surligner", extrait=self.texte.contenu[debut:fin], **bornes | champs)

    def passages(self) -> list[str]:
        return [passage.citation for passage in self.atelier().passages]

    def atelier(self) -> Atelier:
        with lecture(self.moteur) as session:
            return lire_atelier(session, self.perimetre, entretien_id=self.texte.entretien_id)


@pytest.fixture
def ecran(moteur: Engine) -> Ecran:
    enquete = preparer(moteur)
    with lecture(moteur) as session:
        texte = session.scalars(select(Texte).where(Texte.contenu.startswith("Nadège"))).one()
    return Ecran(moteur, enquete, enquete.perimetre(Role.ENQUETEUR), texte, codage.Seance())


def test_surligner_etiqueter_retirer_archiver(ecran: Ecran) -> None:
    _, cout = ecran.enquete.irritants
    with ecriture(ecran.moteur, None) as session:
        reseau = fabriques.une_etiquette(session, ecran.enquete.investigation, nom="Réseau").id
    ecran.surligner(0, 6, cout)
    verbatim = ecran.atelier().passages[0].id
    ecran.envoyer(nature="etiqueter", verbatim=verbatim, etiquette=reseau)
    assert [e.id for e in ecran.atelier().passages[0].etiquettes] == [cout, reseau]
    ecran.envoyer(nature="retirer", verbatim=verbatim, etiquette=cout)
    assert [e.id for e in ecran.atelier().passages[0].etiquettes] == [reseau]
    ecran.envoyer(nature="archiver", verbatim=verbatim)
    assert "Nadège" not in ecran.passages()
    assert ecran.seance.recentes == [cout, reseau]


def test_annuler_et_refaire_toute_la_seance(ecran: Ecran) -> None:
    depart = ecran.passages()
    ecran.surligner(0, 6, ecran.enquete.irritants[1])
    ecran.surligner(7, 16)
    arrivee = ecran.passages()
    for _ in range(2):
        ecran.defaire("annuler")
    assert ecran.passages() == depart
    assert ecran.seance.message is not None and ecran.seance.message["texte"].startswith("Annulé\u00a0:")
    for _ in range(2):
        ecran.defaire("refaire")
    assert ecran.passages() == arrivee
    assert (len(ecran.seance.faits), ecran.seance.defaits) == (2, [])


def test_un_geste_neuf_efface_ce_qui_pouvait_se_refaire(ecran: Ecran) -> None:
    ecran.surligner(0, 6)
    ecran.defaire("annuler")
    ecran.surligner(7, 16)
    assert ecran.seance.retour()["refaire"] is None


def test_un_double_envoi_ne_s_annule_qu_une_fois(ecran: Ecran) -> None:
    for _ in range(2):
        ecran.surligner(0, 6)
    assert len(ecran.seance.faits) == 1


def test_replacer_une_citation(ecran: Ecran) -> None:
    ecran.surligner(0, 6)
    verbatim = ecran.atelier().passages[0].id
    place = {"texte": ecran.texte.id, "version": 1, "debut": 7, "fin": 16}
    ecran.envoyer(nature="replacer", verbatim=verbatim, **place)
    assert "Orsattini" in ecran.passages()


def test_un_texte_corrige_ailleurs_ne_laisse_rien_passer(ecran: Ecran) -> None:
    with ecriture(ecran.moteur, None) as session:
        session.get_one(Texte, ecran.texte.id).contenu = "Autre chose."
    avant = ecran.passages()
    with pytest.raises(Conflit):
        ecran.surligner(0, 6)
    assert (ecran.passages(), ecran.seance.faits) == (avant, [])


@pytest.mark.parametrize(
    "recu",
    [{}, {"nature": "inventee"}, {"nature": "surligner"}, {"nature": "noter"}, {"nature": "archiver", "verbatim": "x"}],
)
def test_un_message_qui_n_est_pas_le_notre_n_ecrit_rien(ecran: Ecran, recu: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, Introuvable)):
        ecran.envoyer(**recu)
    assert ecran.seance.faits == []


def test_une_etiquette_nouvelle_nait_avec_le_passage(ecran: Ecran) -> None:
    parent = ecran.enquete.irritants[0]
    ecran.surligner(0, 6, nouvelle={"nom": "Relances", "parent": parent, "famille": None})
    assert [etiquette.nom for etiquette in ecran.atelier().passages[0].etiquettes] == ["Relances"]
    with pytest.raises(DonneeInvalide, match="contient déjà"):
        ecran.surligner(7, 16, nouvelle={"nom": "rELANCES", "parent": None, "famille": "idee"})
    ecran.defaire("annuler")
    assert "Nadège" not in ecran.passages()


def test_les_bornes_et_le_memo(ecran: Ecran) -> None:
    ecran.surligner(0, 6)
    verbatim = ecran.atelier().passages[0].id
    ecran.envoyer(nature="borner", verbatim=verbatim, texte=ecran.texte.id, version=1, debut=0, fin=16)
    ecran.envoyer(nature="noter", verbatim=verbatim, memo="La directrice 😡")
    passage = ecran.atelier().passages[0]
    assert (passage.citation, passage.memo) == ("Nadège Orsattini", "La directrice 😡")


@pytest.mark.parametrize(
    ("recu", "suivie"),
    [
        ({"etiquette": 4, "proposees": [4, 5]}, True),
        ({"etiquette": 6, "proposees": [4, 5]}, False),
        ({"nouvelle": {"nom": "x"}, "proposees": [4]}, False),
        ({"etiquette": 4, "proposees": []}, None),
        ({"etiquette": None, "proposees": [4]}, None),
    ],
)
def test_le_journal_dit_si_une_proposition_a_ete_suivie(recu: dict[str, Any], suivie: bool | None) -> None:
    assert codage._suivie(recu) is suivie
