"""Chaque page, sur les deux bases : peu de requêtes, et le même nombre quand les données grandissent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from lib.db.modeles import Compte, Investigation
from lib.domain.axes import Dimension
from lib.domain.scenes import CodeScene
from lib.domain.vocabulaire import FamilleEtiquette
from lib.services import demonstration
from lib.services.transaction import ecriture, lecture
from lib.ui.navigation import COMPTE, ENTREES
from tests.outils.bases import sur_les_deux_bases
from tests.pages.conftest import Ouvrir, vider_caches

RACINE = Path(__file__).resolve().parents[2]
MAXIMUM = 8
# La garde lit la session une fois par passage, par la voie directe (lib.db.directe) que ce compte ne voit pas.
GARDE = 0
PARAMETRES = {
    "entretien": {"entretien": 1},
    "codage": {"entretien": 1},
    "partenariat": {"partenariat": 1},
    "double-codage": {"double": 1},
}
PAGES = [entree for entree in (*ENTREES, COMPTE) if (RACINE / "pages" / f"{entree.fichier}.py").exists()]


@contextmanager
def compter(moteur: Engine) -> Iterator[list[str]]:
    """Retient chaque ordre SQL envoyé à la base."""
    ordres: list[str] = []

    def noter(_c: object, _k: object, ordre: str, *_: object) -> None:
        if not ordre.startswith(("BEGIN", "PRAGMA", "SELECT pg_catalog")):
            ordres.append(ordre)

    event.listen(moteur, "before_cursor_execute", noter)
    yield ordres
    event.remove(moteur, "before_cursor_execute", noter)


def _charger(moteur: Engine, echelle: int) -> tuple[Compte, Investigation]:
    with ecriture(moteur, None) as session:
        demonstration.charger(session, echelle)
    with lecture(moteur) as session:
        admin = session.scalars(select(Compte).where(Compte.identifiant == "admin")).one()
        return admin, session.scalars(select(Investigation)).one()


def _mesurer(moteur: Engine, ouvrir: Ouvrir, qui: tuple[Compte, Investigation]) -> dict[str, list[str]]:
    mesures = {}
    for entree in PAGES:
        vider_caches()
        with compter(moteur) as ordres:
            ecran = ouvrir(entree.fichier, *qui, **PARAMETRES.get(entree.adresse, {}))
        assert not ecran.exception, entree.adresse
        assert not ecran.error, (entree.adresse, [erreur.value for erreur in ecran.error])
        mesures[entree.adresse] = [ordre for ordre in ordres if ordre.lstrip().upper().startswith("SELECT")]
    return mesures


@sur_les_deux_bases
def test_chaque_page_pose_peu_de_questions_a_la_base(moteur: Engine, ouvrir: Ouvrir) -> None:
    mesures = _mesurer(moteur, ouvrir, _charger(moteur, 27))
    trop = {adresse: len(ordres) for adresse, ordres in mesures.items() if len(ordres) > MAXIMUM + GARDE}
    assert trop == {}


@pytest.mark.parametrize("mots", ["", "temps"])
@pytest.mark.parametrize("filtres", [{}, {"citations_famille": "Irritant"}])
def test_des_citations_rangees_ou_cherchees_posent_peu_de_questions(
    moteur: Engine, ouvrir: Ouvrir, filtres: dict[str, str], mots: str
) -> None:
    """La grille et un ordre de colonne, avec ou sans mots, tiennent dans le plafond des autres pages."""
    rangees = {"citations_vue": "Grille", "citations_tri": "Structure, croissant"}
    ecran = ouvrir("irritants/citations", *_charger(moteur, 27), **rangees, **filtres)
    assert ecran.selectbox(key="citations_tri").value == "source"
    vider_caches()
    with compter(moteur) as ordres:
        ecran.text_input(key="citations_texte").set_value(mots).run()
    assert not ecran.exception
    assert len([ordre for ordre in ordres if ordre.lstrip().upper().startswith("SELECT")]) <= MAXIMUM


ANALYSES = (
    *(("analyses/decision", {"partie": partie}) for partie in ("Grille et preuves", "Options", "Décision")),
    *(("analyses/indicateurs", {"lecture": lu}) for lu in ("Chiffres du jour", "Versions de référence")),
    ("analyses/hypotheses", {}),
    *(("restitution/presentation", {"scene": scene.value}) for scene in CodeScene),
)


@pytest.mark.parametrize("identifiant", ["lea", "diplp", "visite"])
def test_relire_et_presenter_coutent_peu_a_chacun(moteur: Engine, ouvrir: Ouvrir, identifiant: str) -> None:
    """Hors de l'équipe, effacer les noms coûte une requête de plus : elle tient dans le même plafond."""
    _, investigation = _charger(moteur, 27)
    with lecture(moteur) as session:
        compte = session.scalars(select(Compte).where(Compte.identifiant == identifiant)).one()
    for fichier, parametres in ANALYSES:
        vider_caches()
        with compter(moteur) as ordres:
            ouvrir(fichier, compte, investigation, **parametres)
        lectures = [ordre for ordre in ordres if ordre.lstrip().upper().startswith("SELECT")]
        assert len(lectures) <= MAXIMUM + GARDE, (fichier, parametres)


# Le serveur relit aussi la session, et le menu : deux ordres de plus au pire, ce qui reste de huit.
SANS_LA_SESSION = 6
TERRITOIRES = [
    {"terrains_famille": famille.libelle, "terrains_dimension": dimension.libelle, "terrains_partie": partie}
    for famille in (FamilleEtiquette.IRRITANT, FamilleEtiquette.BESOIN)
    for dimension in Dimension
    for partie in ("Comparaison", "Carte")
]


@sur_les_deux_bases
def test_comparer_des_territoires_pose_huit_questions_quoi_que_l_on_compare(moteur: Engine, ouvrir: Ouvrir) -> None:
    qui = _charger(moteur, 1)
    trop = {}
    for parametres in TERRITOIRES:
        vider_caches()
        with compter(moteur) as ordres:
            ecran = ouvrir("analyses/territoires", *qui, **parametres)
        assert not ecran.exception and not ecran.error, parametres
        lectures = [ordre for ordre in ordres if ordre.lstrip().upper().startswith(("SELECT", "WITH"))]
        if len(lectures) > SANS_LA_SESSION:
            trop[tuple(parametres.values())] = len(lectures)
    assert trop == {}


@pytest.mark.lent
@sur_les_deux_bases
def test_le_nombre_de_questions_ne_depend_pas_du_nombre_de_lignes(moteur: Engine, ouvrir: Ouvrir) -> None:
    """À 120 entretiens, 6 000 étiquetages et 360 partenariats, le même plafond tient."""
    mesures = _mesurer(moteur, ouvrir, _charger(moteur, 120))
    assert max(len(ordres) for ordres in mesures.values()) <= MAXIMUM + GARDE


def test_toutes_les_pages_du_menu_existent() -> None:
    manquantes = [e.fichier for e in (*ENTREES, COMPTE) if not (RACINE / "pages" / f"{e.fichier}.py").exists()]
    assert manquantes == []


def test_toute_page_du_disque_est_au_menu() -> None:
    connues = {entree.fichier for entree in (*ENTREES, COMPTE)} | {"acces/connexion"}
    disque = {str(f.relative_to(RACINE / "pages").with_suffix("")) for f in (RACINE / "pages").rglob("*.py")}
    assert disque == connues
