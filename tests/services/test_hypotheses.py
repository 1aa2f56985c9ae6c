"""Hypothèses : d'abord celles que rien ne contredit ; pas de conclusion sans preuve ni raison."""

import pytest
from sqlalchemy import Engine

from lib.db.modeles import Hypothese, Preuve
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role, SensPreuve, StatutHypothese
from lib.services.hypotheses import HypotheseLue, changer_statut, lire_hypotheses
from lib.services.transaction import ecriture, lecture
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    enquete = preparer(moteur)
    numeros = {"investigation_id": enquete.investigation.id}
    with ecriture(moteur, None) as session:
        eprouvee, nue = (
            Hypothese(code=code, ordre=rang, nature="probleme", enonce="…", **numeros)
            for rang, code in enumerate(("P1", "P2"))
        )
        session.add_all([eprouvee, nue])
        session.flush()
        for sens, poids in ((SensPreuve.CONTRE, 2), (SensPreuve.POUR, 1), (SensPreuve.CONTRE, 3)):
            session.add(Preuve(hypothese_id=eprouvee.id, sens=sens, poids=poids, indicateur="plan", **numeros))
    return enquete


def lire(moteur: Engine, enquete: Enquete, role: Role = Role.RELECTEUR) -> dict[str, HypotheseLue]:
    with lecture(moteur) as session:
        return {h.code: h for h in lire_hypotheses(session, enquete.perimetre(role))}


def changer(moteur: Engine, enquete: Enquete, code: str, raison: str, role: Role = Role.ENQUETEUR) -> None:
    perimetre, hypothese_id = enquete.perimetre(role), lire(moteur, enquete)[code].id
    with ecriture(moteur, perimetre) as session:
        changer_statut(session, perimetre, hypothese_id=hypothese_id, statut=StatutHypothese.CONTREDITE, raison=raison)


def test_celles_que_rien_ne_contredit_viennent_d_abord(moteur: Engine, enquete: Enquete) -> None:
    lues = lire(moteur, enquete)
    assert list(lues) == ["P2", "P1"]
    assert lues["P1"].poids == {SensPreuve.CONTRE: 5, SensPreuve.POUR: 1} and lues["P1"].preuves == 3


def test_l_histoire_du_statut_garde_sa_raison(moteur: Engine, enquete: Enquete) -> None:
    changer(moteur, enquete, "P1", "  Deux acteurs sur trois disent le contraire. ")
    lue = lire(moteur, enquete, Role.ENQUETEUR)["P1"]
    assert lue.statut is StatutHypothese.CONTREDITE
    assert [s.raison for s in lue.histoire] == ["Deux acteurs sur trois disent le contraire."]
    relue = lire(moteur, enquete)["P1"]
    assert relue.statut is StatutHypothese.CONTREDITE and [s.raison for s in relue.histoire] == [""]


def test_une_hypothese_sans_preuve_ne_se_conclut_pas(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="n'a aucune preuve"):
        changer(moteur, enquete, "P2", "On le sent.")


def test_un_statut_demande_sa_raison(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(DonneeInvalide, match="Dites pourquoi"):
        changer(moteur, enquete, "P1", "   ")


def test_la_relecture_ne_change_pas_un_statut(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        changer(moteur, enquete, "P1", "Relu.", role=Role.RELECTEUR)
    assert lire(moteur, enquete)["P1"].histoire == ()


# --- Ce qui se lit hors de l'équipe -----------------------------------------------------------------------------


def dire(moteur: Engine, enquete: Enquete, raison: str, *, diffusable: bool) -> None:
    perimetre, hypothese_id = enquete.perimetre(Role.ENQUETEUR), lire(moteur, enquete)["P1"].id
    with ecriture(moteur, perimetre) as session:
        changer_statut(
            session,
            perimetre,
            hypothese_id=hypothese_id,
            statut=StatutHypothese.CONTREDITE,
            raison=raison,
            diffusable=diffusable,
        )


def test_une_raison_diffusable_se_lit_en_relecture_sans_aucun_nom_connu(moteur: Engine, enquete: Enquete) -> None:
    dire(moteur, enquete, "Judith et Rémi Castagnol, de Frigolive Logistique, disent le contraire.", diffusable=True)
    (relue,) = lire(moteur, enquete)["P1"].histoire
    assert relue.raison.startswith("[personne] et [personne], de [Entreprise")
    assert "Judith" not in relue.raison and "Frigolive" not in relue.raison and relue.auteur == "Camille Test"
    assert "Judith" in lire(moteur, enquete, Role.ENQUETEUR)["P1"].histoire[0].raison


def test_la_meme_raison_non_diffusable_reste_dans_l_equipe(moteur: Engine, enquete: Enquete) -> None:
    dire(moteur, enquete, "Mêmes mots.", diffusable=True)
    dire(moteur, enquete, "Mêmes mots.", diffusable=False)
    assert [s.raison for s in lire(moteur, enquete)["P1"].histoire] == ["", "Mêmes mots."]


# --- Ce qui manque ----------------------------------------------------------------------------------------------


def test_ce_qui_manque_dit_les_terrains_et_les_acteurs_muets(moteur: Engine, enquete: Enquete) -> None:
    lues = lire(moteur, enquete)
    assert lues["P2"].manques[0] == "Aucune preuve n'est versée."
    assert any("Marseille et Bourgogne" in phrase for phrase in lues["P1"].manques)
    assert any("association et entreprise" in phrase for phrase in lues["P1"].manques)


def test_l_equipe_et_la_relecture_lisent_en_peu_de_requetes(moteur: Engine, enquete: Enquete) -> None:
    dire(moteur, enquete, "Judith le dit.", diffusable=True)
    for role, nombre in ((Role.ENQUETEUR, 4), (Role.RELECTEUR, 5)):
        with compter_requetes(moteur) as ordres:
            lire(moteur, enquete, role)
        assert len(ordres) == nombre
