"""Ce qui se montre aux parties prenantes : des scènes, et le rapport qui les réunit. Déjà écrit, déjà anonyme."""

from dataclasses import dataclass
from datetime import date

from lib.domain.vocabulaire import Vocabulaire


class CodeScene(Vocabulaire):
    """Les scènes de la restitution, dans leur ordre ; le libellé est la question que la scène pose."""

    RENCONTRES = "rencontres", "Qui nous avons rencontré"
    IRRITANTS = "irritants", "Ce qui fait mal"
    DIFFERENCES = "differences", "Où cela diffère"
    DUREES = "durees", "Combien de temps cela dure"
    FINS = "fins", "Pourquoi cela s'arrête"
    EXISTANT = "existant", "Ce qui existe déjà"
    CONCLUSION = "conclusion", "Ce que nous concluons"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarreScene:
    """Une barre : `longueur` sur `fond`, et ce qui s'écrit au bout. Une valeur cachée n'a pas de longueur."""

    libelle: str
    texte: str
    longueur: float | None
    fond: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureScene:
    """Des barres et la question qu'elles posent."""

    titre: str
    barres: tuple[BarreScene, ...]

    @property
    def alternative(self) -> str:
        """La figure en mots, pour qui ne la voit pas."""
        return f"{self.titre} " + "\N{NARROW NO-BREAK SPACE}; ".join(
            f"{barre.libelle}\N{NO-BREAK SPACE}: {barre.texte}" for barre in self.barres
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableauScene:
    """Les chiffres de la scène, déjà écrits ; la première colonne nomme la ligne."""

    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Une question, sa réponse en une phrase, ce qui la montre et ce qui la précise.

    phrase : ce qu'il faut retenir. figure, tableaux : absents quand il n'y a rien à montrer. notes : définitions, date,
    règle des petits effectifs si quelque chose est caché.
    """

    code: CodeScene
    phrase: str
    figure: FigureScene | None = None
    tableaux: tuple[TableauScene, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def titre(self) -> str:
        """La question que la scène pose."""
        return self.code.libelle


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Une partie du rapport : ses paragraphes, ses puces, ses tableaux, puis ses scènes.

    publique : elle est une rubrique de la fiche publique.
    """

    titre: str
    paragraphes: tuple[str, ...] = ()
    puces: tuple[str, ...] = ()
    tableaux: tuple[TableauScene, ...] = ()
    scenes: tuple[Scene, ...] = ()
    publique: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapport:
    """Le bilan d'une investigation, prêt à écrire dans n'importe quel format."""

    titre: str
    sous_titre: str
    au: date
    sections: tuple[Section, ...]
