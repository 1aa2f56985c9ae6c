"""Les indicateurs de la page, tels qu'ils peuvent sortir : un effectif de une ou deux unités ne s'y lit pas."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, est_cache, publier_part
from lib.domain.droits import Perimetre
from lib.domain.formats import ABSENT, typographier
from lib.domain.scenes import TableauScene
from lib.services.indicateur import Indicateur
from lib.services.indicateurs import lire_indicateurs
from lib.services.restitution.commun import exiger_entiere, tableau

# Des personnes ou des partenariats : leur numérateur et ce qu'il laisse se protègent.
PERSONNES = ("citables", "codes", "perennises")
# Des cibles, des irritants, des hypothèses, des outils : leur nombre ne désigne personne.
CHOSES = ("plan", "cibles", "irritants_partages", "hypotheses_eprouvees", "solutions")
# Le reste est dans les scènes, où l'on a vérifié ensemble ce qui peut s'en dire. Un total d'évocations, par exemple,
# rendrait par soustraction le seul irritant masqué.


def tableau_des_indicateurs(session: Session, perimetre: Perimetre) -> tuple[TableauScene, ...]:
    """Nom, valeur, n/N, intervalle et définition. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    voulus = [i for i in lire_indicateurs(session, perimetre).tous if i.code in PERSONNES + CHOSES]
    return tableau(
        "Indicateurs de l'investigation",
        ("Indicateur", "Valeur", "Effectifs", typographier("Intervalle à 95 %"), "Définition"),
        [(i.nom, *_ecrire(i)) for i in voulus],
    )


def _ecrire(indicateur: Indicateur) -> Iterator[str]:
    """Valeur, effectifs, intervalle, définition."""
    lisible = indicateur.code in CHOSES or _se_lit(indicateur)
    yield indicateur.ecrit if lisible else CACHE
    yield indicateur.fraction if lisible else CACHE
    yield indicateur.bornes if lisible else ABSENT
    yield indicateur.definition


def _se_lit(indicateur: Indicateur) -> bool:
    n, total = indicateur.numerateur or 0, indicateur.denominateur or 0
    return not any(map(est_cache, publier_part(n, total - n, exclus=0)))
