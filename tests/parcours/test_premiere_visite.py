"""La toute première visite après un démarrage, sans connexion : Streamlit pourrait y exécuter une page sans app.py.

Un serveur neuf par rubrique : la première page du dossier y est la toute première demandée, ses voisines suivent.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.ui.navigation import COMPTE, CONNEXION, ENTREES
from tests.mesures.client import Demande, Relance, Visiteur
from tests.outils.asgi import executer
from tests.outils.serveur import RACINE, servir
from tests.parcours.conftest import SECRET

DOSSIERS = sorted({page.parent for page in (RACINE / "pages").glob("*/*.py")})


def _adresses(page: Path) -> Iterator[str]:
    """Toutes les façons de nommer une page : son adresse au menu, son fichier, son chemin."""
    fichier = str(page.relative_to(RACINE / "pages").with_suffix(""))
    yield next(e.adresse for e in (*ENTREES, COMPTE, CONNEXION) if e.fichier == fichier)
    yield page.stem
    yield fichier


async def _visiter(origine: str, adresse: str) -> Relance:
    async with Visiteur(origine, Demande(adresse=adresse, parametres="entretien=1&partenariat=1")) as visiteur:
        return visiteur.premiere


@pytest.mark.lent
@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda dossier: dossier.name)
def test_la_premiere_requete_vers_une_page_ne_montre_que_la_connexion(modele_demo: Path, dossier: Path) -> None:
    environnement = {"ASSOCIE_BASE": f"sqlite:///{modele_demo}", "ASSOCIE_SECRET": SECRET}
    with servir(environnement=environnement) as serveur:
        for adresse in (adresse for page in sorted(dossier.glob("*.py")) for adresse in _adresses(page)):
            relance = executer(_visiter(serveur.adresse, adresse))
            assert relance.titres == ["Connexion"], adresse
            assert relance.defauts == [], adresse
