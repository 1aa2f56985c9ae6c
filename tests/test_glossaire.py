"""Le glossaire dit chaque table et chaque vocabulaire ; un synonyme interdit n'apparaît nulle part dans le code."""

import inspect
import re
from pathlib import Path

import pytest

from lib.db import modeles
from lib.db.base import Base
from lib.domain import vocabulaire
from lib.domain.vocabulaire import Vocabulaire

RACINE = Path(__file__).resolve().parent.parent
GLOSSAIRE = (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")
ENUMERATIONS = [
    nom
    for nom, classe in inspect.getmembers(vocabulaire, inspect.isclass)
    if issubclass(classe, Vocabulaire) and classe is not Vocabulaire
]

# Noms qu'une bibliothèque impose à qui redéfinit sa méthode.
IMPOSES = {"get", "get_cookie"}


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_chaque_table_est_au_glossaire(table: str) -> None:
    assert modeles.__all__
    assert f"`{table}`" in GLOSSAIRE


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_chaque_vocabulaire_est_au_glossaire(enumeration: str) -> None:
    assert f"`{enumeration}`" in GLOSSAIRE


def test_les_synonymes_interdits_ne_servent_pas_dans_le_code() -> None:
    interdits = re.findall(r"^\| `([a-z_]+)` \|", GLOSSAIRE.split("## Synonymes interdits")[1], flags=re.MULTILINE)
    assert len(interdits) >= 10
    motif = re.compile(r"(?<![a-z])(?:" + "|".join(interdits) + r")(?![a-z])")
    fautes = [
        f"{fichier.relative_to(RACINE)} : {trouve[0]}"
        for dossier in ("lib", "pages")
        for fichier in (RACINE / dossier).rglob("*.py")
        for nom in re.findall(r"\b(?:def|class) (\w+)", fichier.read_text(encoding="utf-8"))
        if nom not in IMPOSES and (trouve := motif.search(nom))
    ]
    assert fautes == []
