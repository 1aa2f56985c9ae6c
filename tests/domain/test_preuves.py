"""Ce qui manque pour conclure : le plus grave d'abord, et rien seulement quand rien ne manque."""

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.preuves import ACTEURS_MINIMUM, Dossier, manques
from lib.domain.vocabulaire import SensPreuve

POUR, CONTRE = SensPreuve.POUR, SensPreuve.CONTRE


def test_un_dossier_complet_ne_manque_de_rien() -> None:
    assert manques(Dossier(refutation="L'inverse.", poids={POUR: 4, CONTRE: 1}, acteurs=ACTEURS_MINIMUM)) == ()


def test_sans_preuve_on_ne_reproche_pas_le_reste() -> None:
    dossier = Dossier(refutation="", poids={}, acteurs=0, terrains_muets=("Marseille",))
    assert manques(dossier) == ("Aucune preuve n'est versée.", "Ce qui la réfuterait n'est pas dit.")


def test_une_preuve_contraire_se_cherche_d_abord() -> None:
    dossier = Dossier(
        refutation="…", poids={POUR: 9}, acteurs=1, terrains_muets=("Marseille", "National"), types_muets=(), perdues=2
    )
    contraire, acteurs, terrains, perdues = manques(dossier)
    assert contraire.startswith("Aucune preuve contraire")
    assert "1\N{NO-BREAK SPACE}acteur rencontré" in acteurs
    assert "Marseille et National" in terrains and perdues.startswith("2\N{NO-BREAK SPACE}preuves n'ont plus")


@given(
    poids=st.dictionaries(st.sampled_from(list(SensPreuve)), st.integers(0, 20)),
    acteurs=st.integers(0, 9),
    muets=st.lists(st.sampled_from(("Marseille", "BFC")), unique=True),
)
def test_rien_ne_manque_seulement_si_les_deux_cotes_se_sont_exprimes(
    poids: dict[SensPreuve, int], acteurs: int, muets: list[str]
) -> None:
    dossier = Dossier(refutation="…", poids=poids, acteurs=acteurs, terrains_muets=tuple(muets))
    complet = bool(poids.get(CONTRE)) and poids.get(POUR, 0) != poids[CONTRE] and acteurs >= 3 and not muets
    assert (manques(dossier) == ()) is complet
