"""Des étiquettes proposées parce que des citations semblables les portent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.analytics.suggestions import CITATIONS_MONTREES, PROPOSEES, CitationCodee, Semblables

TEMPS, RESEAU, TRANSPORT, COUT = 1, 2, 3, 4
CITATIONS = [
    ("le temps manque pour relancer les entreprises", {TEMPS}),
    ("on manque de temps, tout simplement", {TEMPS}),
    ("relancer prend un temps fou chaque semaine", {TEMPS, RESEAU}),
    ("nous ne connaissons personne dans les entreprises du coin", {RESEAU}),
    ("il faudrait un camion pour aller chercher les dons", {TRANSPORT}),
    ("le camion passe le mardi, prêté par le voisin", {TRANSPORT}),
    ("l'abonnement coûte trop cher pour une petite association", {COUT}),
]


@pytest.fixture(scope="module")
def semblables() -> Semblables:
    return Semblables(
        [
            CitationCodee(verbatim_id=rang, citation=citation, etiquettes=frozenset(etiquettes))
            for rang, (citation, etiquettes) in enumerate(CITATIONS)
        ]
    )


@pytest.mark.parametrize(
    ("passage", "etiquette", "voisine"),
    [
        ("Le temps nous manque toujours", TEMPS, 0),
        ("Avec un camion, on irait chercher les palettes", TRANSPORT, 4),
        ("C'est trop cher, cet abonnement", COUT, 6),
    ],
)
def test_la_premiere_proposition_est_celle_des_citations_les_plus_proches(
    semblables: Semblables, passage: str, etiquette: int, voisine: int
) -> None:
    premiere, *_ = semblables.proposer(passage)
    assert premiere.etiquette_id == etiquette
    assert voisine in premiere.verbatims


def test_les_accents_les_majuscules_et_la_fin_des_mots_comptent_peu(semblables: Semblables) -> None:
    premiere, *_ = semblables.proposer("RELANCES AUX ENTREPRISES, PAR MANQUE DE TEMPS")
    assert premiere.etiquette_id == TEMPS


def test_rien_de_semblable_ne_propose_rien(semblables: Semblables) -> None:
    for passage in ("Zzz kkk www", "", "   ", "😡"):
        assert semblables.proposer(passage) == ()


def test_le_passage_lui_meme_ne_se_justifie_pas(semblables: Semblables) -> None:
    citation = CITATIONS[6][0]
    assert semblables.proposer(citation)[0].etiquette_id == COUT
    assert all(p.etiquette_id != COUT for p in semblables.proposer(citation, sauf=frozenset({6})))


@pytest.mark.parametrize("nombre", [0, 4])
def test_trop_peu_de_citations_ne_disent_rien(nombre: int) -> None:
    citations = [
        CitationCodee(verbatim_id=rang, citation="le temps manque", etiquettes=frozenset({TEMPS}))
        for rang in range(nombre)
    ]
    assert Semblables(citations).proposer("le temps manque") == ()


@settings(max_examples=40)
@given(passage=st.text(max_size=80))
def test_trois_au_plus_toujours_justifiees_par_des_citations_qui_les_portent(
    semblables: Semblables, passage: str
) -> None:
    propositions = semblables.proposer(passage)
    assert len(propositions) <= PROPOSEES
    for proposition in propositions:
        assert 1 <= len(proposition.verbatims) <= CITATIONS_MONTREES
        assert all(proposition.etiquette_id in CITATIONS[verbatim][1] for verbatim in proposition.verbatims)
    assert list(propositions) == sorted(propositions, key=lambda p: (-p.ressemblance, p.etiquette_id))
