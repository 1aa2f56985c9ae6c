"""Épisodes : ce qui entre dans une analyse de durée, et ce qui en est refusé."""

import math

import numpy as np
import pytest

from lib.analytics.episodes import SANS_ENTREE, Episodes, GroupeEpisodes, suivis_apres, suivis_avant


def test_les_groupes_se_rassemblent_et_se_trient() -> None:
    episodes = Episodes.depuis_durees([12, 3, 12], [False, True, False], [None, None, 6])
    assert episodes.groupes == (
        GroupeEpisodes(duree=3.0, termine=True),
        GroupeEpisodes(duree=12.0, termine=False),
        GroupeEpisodes(duree=12.0, termine=False, entree=6.0),
    )
    assert (episodes.effectif, episodes.termines, episodes.en_cours, episodes.tronques) == (3, 1, 2, True)


def test_connu_seulement_par_sa_survie_et_jamais_revu_n_apprend_rien() -> None:
    episodes = Episodes.depuis_groupes(
        [
            GroupeEpisodes(duree=20, termine=False, effectif=7, entree=20),
            GroupeEpisodes(duree=20, termine=False, effectif=2, entree=19),
        ]
    )
    assert (episodes.effectif, episodes.sans_suivi) == (2, 7)


def test_un_effectif_nul_ne_compte_pas() -> None:
    assert Episodes.depuis_groupes([GroupeEpisodes(duree=1, termine=True, effectif=0)]).groupes == ()


@pytest.mark.parametrize(
    ("groupe", "message"),
    [
        (GroupeEpisodes(duree=-1, termine=True), "Durée impossible"),
        (GroupeEpisodes(duree=math.nan, termine=True), "Durée impossible"),
        (GroupeEpisodes(duree=math.inf, termine=False), "Durée impossible"),
        (GroupeEpisodes(duree=1, termine=True, effectif=-2), "Effectif impossible"),
        (GroupeEpisodes(duree=10, termine=True, entree=11), "Entrée impossible"),
        (GroupeEpisodes(duree=10, termine=True, entree=-1), "Entrée impossible"),
    ],
)
def test_ce_qui_est_impossible_est_refuse(groupe: GroupeEpisodes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Episodes.depuis_groupes([groupe])


def test_des_suites_de_longueurs_differentes_sont_refusees() -> None:
    with pytest.raises(ValueError, match="zip"):
        Episodes.depuis_durees([1, 2], [True])


def test_tableaux() -> None:
    groupes = Episodes.depuis_groupes(
        [
            GroupeEpisodes(duree=2, termine=True, effectif=3),
            GroupeEpisodes(duree=5, termine=False, effectif=1, entree=4),
        ]
    ).tableaux()
    assert groupes.effectifs.tolist() == [3, 1]
    assert groupes.entrees.tolist() == [SANS_ENTREE, 4]
    assert groupes.termines.tolist() == [1, 0]


def test_suivis_avant_et_apres_un_instant() -> None:
    """Trois suivis dès le début (dont un fini le jour même), deux entrés à 4 mois."""
    tableaux = Episodes.depuis_groupes(
        [
            GroupeEpisodes(duree=0, termine=True),
            GroupeEpisodes(duree=6, termine=True, effectif=2),
            GroupeEpisodes(duree=9, termine=False, effectif=2, entree=4),
        ]
    ).tableaux()
    instants = np.array([0.0, 4.0, 5.0, 6.0, 9.0, 10.0])
    assert suivis_avant(tableaux, instants).tolist() == [3, 2, 4, 4, 2, 0]
    assert suivis_apres(tableaux, instants).tolist() == [3, 4, 4, 2, 0, 0]


def test_aucun_episode() -> None:
    vide = Episodes.depuis_groupes([])
    assert (vide.effectif, vide.termines, vide.en_cours, vide.tronques) == (0, 0, 0, False)
    assert len(vide.tableaux().durees) == 0
