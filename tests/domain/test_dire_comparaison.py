"""Les mots d'une comparaison s'accordent avec ce que l'on compare et ce qui fait les groupes."""

import pytest

from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.vocabulaire import FamilleEtiquette


@pytest.mark.parametrize(
    ("famille", "dimension", "titre"),
    [
        (FamilleEtiquette.IRRITANT, Dimension.TERRAIN, "Les irritants diffèrent-ils d'un terrain à l'autre ?"),
        (FamilleEtiquette.IDEE, Dimension.REGION, "Les idées diffèrent-elles d'une région à l'autre ?"),
        (FamilleEtiquette.LEVIER, Dimension.RURALITE, "Les leviers diffèrent-ils de la ville à la campagne ?"),
    ],
)
def test_le_titre_pose_la_question(famille: FamilleEtiquette, dimension: Dimension, titre: str) -> None:
    mots = MotsComparaison(famille=famille, dimension=dimension)
    assert mots.titre.replace("\u202f", " ").replace("\xa0", " ") == titre


@pytest.mark.parametrize("famille", list(FamilleEtiquette))
@pytest.mark.parametrize("dimension", list(Dimension))
def test_chaque_famille_et_chaque_dimension_ont_leurs_mots(famille: FamilleEtiquette, dimension: Dimension) -> None:
    mots = MotsComparaison(famille=famille, dimension=dimension)
    assert all((mots.titre, mots.legende, mots.groupes, mots.ce_qui_est_trace, *mots.compares))
    assert mots.codage is (famille is not FamilleEtiquette.IRRITANT)
    assert ("codés" in mots.legende) is mots.codage
