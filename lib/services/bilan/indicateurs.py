"""Les indicateurs de la page, tels qu'ils peuvent sortir : un effectif de une ou deux unités ne s'y lit pas."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, est_cache, publier_part
from lib.domain.droits import Perimetre
from lib.domain.formats import ABSENT, typographier
from lib.domain.scenes import TableauScene
from lib.services.indicateur import Indicateur
from lib.services.indicateurs import lire_indicateurs
from lib.services.restitution.commun import effacer_les_noms, exiger_entiere, tableau

# Des personnes ou des partenariats : leur numérateur et ce qu'il laisse se protègent.
PERSONNES = ("citables", "codes", "premier_irritant", "spontanes", "perennises")
# Des cibles, des irritants, des hypothèses, des outils : leur nombre ne désigne personne.
CHOSES = ("plan", "cibles", "irritants_partages", "hypotheses_eprouvees", "solutions")
# Durées et écarts sont dans leurs scènes, où l'on a vérifié ensemble ce qui peut s'en dire.


def tableau_des_indicateurs(session: Session, perimetre: Perimetre) -> tuple[TableauScene, ...]:
    """Nom, valeur, n/N, intervalle et définition. Lève AccesRefuse."""
    exiger_entiere(perimetre)
    lus = {indicateur.code: indicateur for indicateur in lire_indicateurs(session, perimetre).tous}
    voulus = [lus[code] for code in lus if code in PERSONNES + CHOSES]
    rencontres = lus["citables"].denominateur or 0
    noms = effacer_les_noms(session, perimetre, [_nommer(indicateur) for indicateur in voulus])
    return tableau(
        "Indicateurs de l'investigation",
        ("Indicateur", "Valeur", "Effectifs", typographier("Intervalle à 95 %"), "Définition"),
        [(nom, *_ecrire(i, rencontres)) for nom, i in zip(noms, voulus, strict=True)],
    )


def _nommer(indicateur: Indicateur) -> str:
    return typographier(f"{indicateur.nom} : {indicateur.precision}") if indicateur.precision else indicateur.nom


def _ecrire(indicateur: Indicateur, rencontres: int) -> Iterator[str]:
    """Valeur, effectifs, intervalle, définition."""
    lisible = indicateur.code in CHOSES or _se_lit(indicateur, rencontres)
    yield indicateur.ecrit if lisible else CACHE
    yield indicateur.fraction if lisible else CACHE
    yield indicateur.bornes if lisible else ABSENT
    yield indicateur.definition


def _se_lit(indicateur: Indicateur, rencontres: int) -> bool:
    n, total = indicateur.numerateur or 0, indicateur.denominateur or 0
    # Le premier irritant se rapporte à ceux avec qui il a été abordé : les autres se déduiraient de leur nombre.
    exclus = max(0, rencontres - total) if indicateur.code == "premier_irritant" else 0
    return not any(map(est_cache, publier_part(n, total - n, exclus=exclus)))
