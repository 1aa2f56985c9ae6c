"""Un texte écrit pour être lu hors de l'équipe perd les noms connus, prénoms compris, et rien d'autre."""

from sqlalchemy import Engine

from lib.domain.vocabulaire import Role
from lib.services.textes_partages import partager
from lib.services.transaction import lecture
from tests.outils.enquete import ORGANISATIONS, PERSONNES, preparer
from tests.outils.requetes import compter_requetes

ECRIT = f"Selon {PERSONNES[0]}, puis Nadège et Rémi, {ORGANISATIONS[0]} attend deux mois."


def test_hors_de_l_equipe_aucun_nom_connu_ne_reste(moteur: Engine) -> None:
    enquete = preparer(moteur)
    with lecture(moteur) as session:
        lu = partager(session, enquete.perimetre(Role.RELECTEUR), [ECRIT, ""])
        assert lu[""] == "" and lu[ECRIT].endswith("] attend deux mois.")
        assert not any(mot in lu[ECRIT] for mot in ("Judith", "Nadège", "Rémi", "Calanques"))
        assert partager(session, enquete.perimetre(Role.ENQUETEUR), [ECRIT]) == {ECRIT: ECRIT}


def test_l_equipe_ne_paie_aucune_requete(moteur: Engine) -> None:
    enquete = preparer(moteur)
    with compter_requetes(moteur) as ordres, lecture(moteur) as session:
        partager(session, enquete.perimetre(Role.ENQUETEUR), [ECRIT])
        partager(session, enquete.perimetre(Role.RELECTEUR), ["", ""])
    assert ordres == []
