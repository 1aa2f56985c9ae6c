"""Le jeu fictif est écrit comme il faut : volumes, balises, identifiants qui ne peuvent exister."""

import re
from collections import Counter

import pytest

from lib.echanges.demonstration import EntretienFictif, extraire_passages, lire, lire_entretiens, lire_organisations

ENTRETIENS = list(lire_entretiens())
ORGANISATIONS = lire_organisations()
CODES = {etiquette["code"] for etiquette in lire("grille.toml")["etiquette"]}


def test_le_balisage_rend_le_texte_nu_et_les_bornes_exactes() -> None:
    texte = extraire_passages("Avant 😡 {{temps|le passage}} puis {{cout+temps|l’autre}}.\n")
    assert texte.contenu == "Avant 😡 le passage puis l’autre."
    assert [(texte.contenu[p.debut : p.fin], p.codes) for p in texte.passages] == [
        ("le passage", ("temps",)),
        ("l’autre", ("cout", "temps")),
    ]


def test_les_volumes_annonces() -> None:
    assert len(ENTRETIENS) == 27
    assert sum("transcription" in entretien.textes for entretien in ENTRETIENS) == 8
    assert len(ORGANISATIONS) == 60
    passages = sum(len(texte.passages) for entretien in ENTRETIENS for texte in entretien.textes.values())
    assert 380 <= passages <= 430


@pytest.mark.parametrize("entretien", ENTRETIENS, ids=lambda entretien: entretien.champs["code"])
def test_un_entretien_est_credible_et_coherent(entretien: EntretienFictif) -> None:
    mots = {nature: len(re.findall(r"\w[\w’'-]*", texte.contenu)) for nature, texte in entretien.textes.items()}
    assert 150 <= mots["notes"] <= 400
    assert 850 <= mots.get("transcription", 1000) <= 1200
    assert entretien.champs["date"].weekday() < 5
    for texte in entretien.textes.values():
        assert "{{" not in texte.contenu and "}}" not in texte.contenu
        assert {code for passage in texte.passages for code in passage.codes} <= CODES


def test_aucun_identifiant_ne_peut_exister() -> None:
    assert all(re.fullmatch(r"W000000\d{3}", organisation.get("rna", "W000000000")) for organisation in ORGANISATIONS)
    assert not any("siren" in organisation or "siret" in organisation for organisation in ORGANISATIONS)
    assert Counter(o["cle"] for o in ORGANISATIONS).most_common(1)[0][1] == 1


def test_un_terrain_est_visiblement_en_retard() -> None:
    prevus = {terrain["code"]: sum(terrain["plan"].values()) for terrain in lire("investigation.toml")["terrain"]}
    faits = Counter(entretien.champs["terrain"] for entretien in ENTRETIENS)
    assert sum(prevus.values()) == 32
    assert {terrain: (faits[terrain], prevu) for terrain, prevu in prevus.items()} == {
        "marseille": (9, 14),
        "bfc": (10, 10),
        "national": (8, 8),
    }
