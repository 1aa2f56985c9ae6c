"""Les mots d'une comparaison entre groupes : ce que l'on compte, et ce qui fait les groupes."""

from dataclasses import dataclass

from lib.domain.axes import Dimension
from lib.domain.formats import typographier
from lib.domain.vocabulaire import FamilleEtiquette

_COMPARES = {
    FamilleEtiquette.IRRITANT: ("irritant comparé", "irritants comparés"),
    FamilleEtiquette.BESOIN: ("besoin comparé", "besoins comparés"),
    FamilleEtiquette.LEVIER: ("levier comparé", "leviers comparés"),
    FamilleEtiquette.SOLUTION_EXISTANTE: ("solution comparée", "solutions comparées"),
    FamilleEtiquette.IDEE: ("idée comparée", "idées comparées"),
}
_PLURIELS = {
    FamilleEtiquette.IRRITANT: "Les irritants",
    FamilleEtiquette.BESOIN: "Les besoins",
    FamilleEtiquette.LEVIER: "Les leviers",
    FamilleEtiquette.SOLUTION_EXISTANTE: "Les solutions existantes",
    FamilleEtiquette.IDEE: "Les idées",
}
_GROUPES = {
    Dimension.TERRAIN: ("terrains", "d'un terrain à l'autre"),
    Dimension.COMMUNE: ("communes", "d'une commune à l'autre"),
    Dimension.INTERCOMMUNALITE: ("intercommunalités", "d'une intercommunalité à l'autre"),
    Dimension.EPCI: ("types d'intercommunalité", "d'un type d'intercommunalité à l'autre"),
    Dimension.DEPARTEMENT: ("départements", "d'un département à l'autre"),
    Dimension.REGION: ("régions", "d'une région à l'autre"),
    Dimension.RURALITE: ("groupes", "de la ville à la campagne"),
    Dimension.TYPE_ACTEUR: ("types d'acteur", "d'un type d'acteur à l'autre"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MotsComparaison:
    """Ce que l'on compare et entre quoi ; de là se tirent titres, légendes et résumés."""

    famille: FamilleEtiquette = FamilleEtiquette.IRRITANT
    dimension: Dimension = Dimension.TERRAIN

    @property
    def codage(self) -> bool:
        """Vrai si l'on compte des passages étiquetés : seul un irritant se demande, les autres s'entendent."""
        return self.famille is not FamilleEtiquette.IRRITANT

    @property
    def objet(self) -> str:
        """« Irritant »."""
        return self.famille.libelle

    @property
    def compares(self) -> tuple[str, str]:
        """« irritant comparé », « irritants comparés »."""
        return _COMPARES[self.famille]

    @property
    def groupes(self) -> str:
        """« terrains »."""
        return _GROUPES[self.dimension][0]

    @property
    def titre(self) -> str:
        """« Les irritants diffèrent-ils d'un terrain à l'autre ? »"""
        pronom = "elles" if self.compares[0].endswith("ée") else "ils"
        return typographier(f"{_PLURIELS[self.famille]} diffèrent-{pronom} {_GROUPES[self.dimension][1]} ?")

    @property
    def legende(self) -> str:
        """Ce que disent les cases du tableau."""
        if self.codage:
            return typographier(
                "Part des entretiens codés dont un passage porte l'étiquette (intervalle de Wilson à 95 %)"
            )
        return typographier(
            "Part des acteurs rencontrés qui évoquent l'irritant, parmi ceux avec qui il a été abordé"
            " (intervalle de Wilson à 95 %)"
        )

    @property
    def ce_qui_est_trace(self) -> str:
        """Ce que montre la figure, pour qui ne la voit pas."""
        par = f"par {self.dimension.libelle.lower()}" if self.dimension is not Dimension.TERRAIN else "par terrain"
        if self.codage:
            return typographier(
                f"Part des entretiens codés dont un passage porte chaque étiquette, {par}, avec intervalle à 95 %."
            )
        return typographier(
            "Part des acteurs qui évoquent chaque irritant parmi ceux avec qui il a été abordé,"
            f" {par}, avec intervalle à 95 %."
        )


IRRITANTS_PAR_TERRAIN = MotsComparaison()
