"""Ce qu'une étiquette compte d'entretiens, tel que hors de l'équipe tout écran peut l'écrire, ou doit le taire.

Les matrices, la grille, les cases que l'on ouvre et les citations que l'on filtre le demandent ici : ce que l'une
cache, aucune autre ne le rend.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, null, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, est_cache, proteger_ensemble, proteger_groupes, publier
from lib.db.modeles import SyntheseEtiquette, SyntheseSituation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.matrices import AttributMatrice
from lib.domain.vocabulaire import TypeActeur

Situation = tuple[int, TypeActeur, str]
"""(terrain, type d'acteur, taille)."""
RANGS = {AttributMatrice.TERRAIN: 0, AttributMatrice.TYPE_ACTEUR: 1, AttributMatrice.TAILLE: 2}
SANS = 0
"""L'étiquette de ce qui n'en a pas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesProtegees:
    """Entretiens codés par situation, et par étiquette ceux qui la portent ; `SANS` : une citation y est nue."""

    codes: Mapping[Situation, int]
    porteurs: Mapping[int, Mapping[Situation, int]]

    def ensemble(self, etiquette_id: int) -> str:
        """Tous groupes réunis ; se tait partout dès qu'un attribut l'oblige à se taire."""
        return proteger_ensemble([self._groupes(etiquette_id, attribut) for attribut in RANGS])

    def case(self, etiquette_id: int, attribut: AttributMatrice, cle: Any) -> str:
        """Une valeur de l'attribut ; « 0 » si personne n'y a été rencontré."""
        return self.ligne(etiquette_id, attribut).get(str(cle), "0")

    def ligne(self, etiquette_id: int, attribut: AttributMatrice) -> dict[str, str]:
        """Toutes les valeurs de l'attribut. « 7 sur 8 » désignerait le huitième : les deux se protègent ensemble."""
        lus = proteger_groupes(self._groupes(etiquette_id, attribut)).par_groupe
        tait = est_cache(self.ensemble(etiquette_id))
        return {
            cle: lu.evoques if est_cache(lu.evoques) or (lu.clair and not tait) else CACHE for cle, lu in lus.items()
        }

    def s_ouvre(self, etiquette_id: int, *, terrain_id: int | None, type_acteur: TypeActeur | None) -> bool:
        """Vrai si les citations d'une étiquette, sur ce terrain et de ce type d'acteur, n'ouvrent rien qui se taise."""
        textes = [self.ensemble(etiquette_id)]
        if terrain_id is not None:
            textes.append(self.case(etiquette_id, AttributMatrice.TERRAIN, terrain_id))
        if type_acteur is not None:
            textes.append(self.case(etiquette_id, AttributMatrice.TYPE_ACTEUR, type_acteur))
        if terrain_id is not None and type_acteur is not None:
            porteurs = self.porteurs.get(etiquette_id, {}).items()
            textes.append(
                publier(sum(n for (lieu, type_, _), n in porteurs if (lieu, type_) == (terrain_id, type_acteur)))
            )
        return not any(map(est_cache, textes))

    def _groupes(self, etiquette_id: int, attribut: AttributMatrice) -> dict[str, tuple[int, int]]:
        """Valeur de l'attribut → (portent l'étiquette, ne la portent pas)."""
        rang = RANGS[attribut]
        codes, portent = _sommer(self.codes, rang), _sommer(self.porteurs.get(etiquette_id, {}), rang)
        return {str(cle): (portent[cle], max(0, code - portent[cle])) for cle, code in codes.items()}


def _sommer(comptes: Mapping[Situation, int], rang: int) -> Counter[Any]:
    sommes: Counter[Any] = Counter()
    for situation, compte in comptes.items():
        sommes[situation[rang]] += compte
    return sommes


def lire_cases_protegees(
    session: Session, perimetre: Perimetre, etiquettes: Sequence[int] | None = None
) -> CasesProtegees:
    """De quoi écrire les cases de ces étiquettes, ou de toutes. Une requête, sur des comptes tenus."""
    codes: dict[Situation, int] = {}
    porteurs: dict[int, dict[Situation, int]] = {SANS: {}}
    for terrain_id, type_acteur, taille, etiquette_id, compte, nus in session.execute(_requete(perimetre, etiquettes)):
        situation = (terrain_id, type_acteur, taille)
        if etiquette_id is None:
            codes[situation], porteurs[SANS][situation] = compte, nus
        else:
            porteurs.setdefault(etiquette_id, {})[situation] = compte
    return CasesProtegees(codes=codes, porteurs=porteurs)


def _requete(perimetre: Perimetre, etiquettes: Sequence[int] | None) -> Any:
    """Une ligne par situation (sans étiquette), puis une par situation et étiquette."""
    tenues, portees, rien = SyntheseSituation, SyntheseEtiquette, cast(null(), Integer)
    situations = _par_situation(tenues, perimetre, rien.label("etiquette_id"), tenues.codes, tenues.entretiens_sans)
    posees = _par_situation(portees, perimetre, portees.etiquette_id, portees.entretiens, rien)
    if etiquettes is not None:
        posees = posees.where(portees.etiquette_id.in_(etiquettes))
    return situations.where(tenues.entretiens > 0).union_all(posees)


def _par_situation(modele: Any, perimetre: Perimetre, *mesures: Any) -> Any:
    return select(modele.terrain_id, modele.type_acteur, modele.taille, *mesures).where(visible(modele, perimetre))
