"""Chaque page, chaque rôle : ce que le rôle n'ouvre pas ne montre rien, même sans le menu."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from lib.db.modeles import Compte, Investigation
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import Role
from lib.services.transaction import ecriture
from lib.ui.navigation import COMPTE, CONNEXION, ENTREES, Entree
from tests import fabriques
from tests.pages.conftest import Ouvrir

RACINE = Path(__file__).resolve().parents[2]
PAGES = sorted(str(page.relative_to(RACINE / "pages").with_suffix("")) for page in (RACINE / "pages").glob("*/*.py"))
GARDEES = [page for page in PAGES if page != CONNEXION.fichier]
REFUS = "Cette page n'est pas ouverte à votre compte."


def _entree(page: str) -> Entree:
    return next(entree for entree in (*ENTREES, COMPTE, CONNEXION) if entree.fichier == page)


def _ouverte(page: str, role: Role) -> bool:
    return _entree(page).droit(Perimetre(compte_id=1, role=role, investigation_id=1, fictive=True))


CAS = [(page, role) for page in GARDEES for role in Role]
OUVERTES = [cas for cas in CAS if _ouverte(*cas)]
FERMEES = [cas for cas in CAS if not _ouverte(*cas)]


@pytest.fixture
def fictive(moteur: Engine) -> Investigation:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, fictive=True)
        fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
    return investigation


def _compte(moteur: Engine, role: Role, investigation: Investigation, **champs: object) -> Compte:
    with ecriture(moteur, None) as session:
        return fabriques.un_compte(session, role, investigation, **champs)


def _montres(ecran: AppTest) -> list[object]:
    """Tout ce que l'écran montre, à plat."""
    return [element for element in ecran.main if not isinstance(element, Block)]


def test_chaque_page_du_disque_est_dans_la_navigation() -> None:
    assert set(PAGES) <= {entree.fichier for entree in (*ENTREES, COMPTE, CONNEXION)}


@pytest.mark.parametrize(("page", "role"), OUVERTES)
def test_une_page_ouverte_au_role_s_affiche(
    ouvrir: Ouvrir, moteur: Engine, fictive: Investigation, page: str, role: Role
) -> None:
    ecran = ouvrir(page, _compte(moteur, role, fictive), fictive)
    assert not ecran.exception
    assert REFUS not in [erreur.value for erreur in ecran.error]
    assert not any("défaut de notre fait" in erreur.value for erreur in ecran.error)
    assert len(ecran.title) == 1


@pytest.mark.parametrize(("page", "role"), FERMEES)
def test_une_page_fermee_au_role_ne_montre_rien(
    ouvrir: Ouvrir, moteur: Engine, fictive: Investigation, page: str, role: Role
) -> None:
    compte = _compte(moteur, role, fictive)
    seule = ouvrir(page, compte, fictive, directement=True)
    assert len(_montres(seule)) == 2
    assert [titre.value for titre in seule.title] == ["Page fermée"]
    assert [erreur.value for erreur in seule.error] == [REFUS]
    par_le_menu = ouvrir(page, compte, fictive)
    assert [erreur.value for erreur in par_le_menu.error] == [REFUS]
    assert [titre.value for titre in par_le_menu.title] == ["Page fermée"]


@pytest.mark.parametrize("page", GARDEES)
def test_sans_connexion_une_page_ne_montre_rien(ouvrir: Ouvrir, fictive: Investigation, page: str) -> None:
    seule = ouvrir(page, directement=True)
    assert [erreur.value for erreur in seule.error] == ["Connectez-vous pour ouvrir cette page."]
    assert len(_montres(seule)) == 2
    assert [titre.value for titre in ouvrir(page).title] == ["Connexion"]


@pytest.mark.parametrize("page", [page for page in GARDEES if page != COMPTE.fichier])
def test_un_mot_de_passe_provisoire_n_ouvre_que_mon_compte(
    ouvrir: Ouvrir, moteur: Engine, fictive: Investigation, page: str
) -> None:
    compte = _compte(moteur, Role.ADMINISTRATEUR, fictive, mot_de_passe_provisoire=True)
    ecran = ouvrir(page, compte, fictive, directement=True)
    assert len(_montres(ecran)) == 2
    assert "provisoire" in ecran.error[0].value


@pytest.mark.parametrize("page", [page for page in GARDEES if not _ouverte(page, Role.DEMONSTRATION)] or GARDEES)
def test_la_visite_de_demonstration_ne_voit_aucune_investigation_reelle(
    ouvrir: Ouvrir, moteur: Engine, page: str
) -> None:
    with ecriture(moteur, None) as session:
        reelle = fabriques.une_investigation(session)
    ecran = ouvrir(page, _compte(moteur, Role.DEMONSTRATION, reelle), reelle, directement=True)
    assert [erreur.value for erreur in ecran.error] == [REFUS]


# --- Par lecture du code ---


def _arbre(fichier: Path) -> ast.Module:
    return ast.parse(fichier.read_text(encoding="utf-8"))


def _premiere(page: str) -> ast.stmt:
    """Première instruction d'une page, sa docstring et ses imports passés."""
    suite = _arbre(RACINE / "pages" / f"{page}.py").body
    return next(
        noeud
        for noeud in suite
        if not isinstance(noeud, ast.Import | ast.ImportFrom)
        and not (isinstance(noeud, ast.Expr) and isinstance(noeud.value, ast.Constant))
    )


def _appel(noeud: ast.stmt) -> ast.Call | None:
    valeur = noeud.value if isinstance(noeud, ast.Assign | ast.Expr) else None
    return valeur if isinstance(valeur, ast.Call) and isinstance(valeur.func, ast.Name) else None


@pytest.mark.parametrize("page", GARDEES)
def test_la_garde_est_la_premiere_instruction_et_demande_le_droit_du_menu(page: str) -> None:
    appel = _appel(_premiere(page))
    assert appel is not None and isinstance(appel.func, ast.Name) and appel.func.id == "exiger_acces"
    demande = appel.args[0] if appel.args else None
    assert isinstance(demande, ast.Name), f"{page} : nommer le droit"
    assert demande.id == _entree(page).droit.__name__


def _debut(suite: list[ast.stmt]) -> list[ast.stmt]:
    """Les premières instructions, celles d'un bloc `with` comprises."""
    return [
        interne for noeud in suite[:3] for interne in (_debut(noeud.body) if isinstance(noeud, ast.With) else [noeud])
    ]


def _fragments() -> list[tuple[str, str, ast.FunctionDef]]:
    fichiers = [*(RACINE / "lib" / "ui").rglob("*.py"), *(RACINE / "pages").rglob("*.py")]
    return [
        (fichier.name, noeud.name, noeud)
        for fichier in sorted(fichiers)
        for noeud in ast.walk(_arbre(fichier))
        if isinstance(noeud, ast.FunctionDef)
        and any("fragment" in ast.unparse(decorateur) for decorateur in noeud.decorator_list)
    ]


@pytest.mark.parametrize(("fichier", "nom", "noeud"), [pytest.param(*f, id=f"{f[0]}-{f[1]}") for f in _fragments()])
def test_un_fragment_relit_les_droits_lui_meme(fichier: str, nom: str, noeud: ast.FunctionDef) -> None:
    """Un fragment se relance sans app.py : la garde de la page ne s'y refait pas."""
    appels = [
        appel.func.id for suite in _debut(noeud.body) if (appel := _appel(suite)) and isinstance(appel.func, ast.Name)
    ]
    assert "exiger_acces" in appels, f"{fichier} : {nom} commence sans garde"


def test_la_page_de_connexion_est_la_seule_sans_garde() -> None:
    assert CONNEXION.fichier in PAGES
    assert set(PAGES) - set(GARDEES) == {CONNEXION.fichier}
