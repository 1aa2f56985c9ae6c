"""La fiche publique de la startup d'État, en Markdown : les rubriques du rapport, sans figure ni grand tableau."""

import re

from lib.domain.scenes import Rapport, Section

# Ce que Markdown ou HTML liraient dans un mot cité.
ACTIFS = re.compile(r"([\\`*_\[\]<>|~])")
# En tête de ligne, ce qui ferait d'une phrase un titre, une puce ou une citation.
TETE = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)", re.MULTILINE)


def ecrire_markdown(rapport: Rapport) -> str:
    """Le corps de la fiche ; l'en-tête (mission, phases) se tient dans le dépôt de beta.gouv.fr."""
    return "\n\n".join(_section(section) for section in rapport.sections if section.publique) + "\n"


def _section(section: Section) -> str:
    puces = [*section.puces, *(f"{scene.titre}\N{NO-BREAK SPACE}: {scene.phrase}" for scene in section.scenes)]
    blocs = [f"## {echapper(section.titre)}", *map(_paragraphe, section.paragraphes)]
    if puces:
        blocs.append("\n".join(f"- {echapper(puce)}" for puce in puces))
    return "\n\n".join(blocs)


def _paragraphe(texte: str) -> str:
    return "\n\n".join(echapper(morceau) for morceau in texte.split("\n") if morceau.strip())


def echapper(texte: str) -> str:
    """Le texte tel qu'il est écrit, là où Markdown y lirait une mise en forme."""
    return TETE.sub(r"\1\\\2", ACTIFS.sub(r"\\\1", " ".join(texte.split(" "))))
