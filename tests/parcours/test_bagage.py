"""La grille et le texte ne voyagent pas à chaque geste, et rien ne s'y perd : ni un changement, ni un écran refait."""

import pytest
from playwright.sync_api import WebSocket, expect
from sqlalchemy import select

from lib.db.modeles import Etiquette
from lib.services.transaction import ecriture
from tests.parcours.atelier import Atelier

pytestmark = pytest.mark.navigateur
DEFINITION = "Une définition que seule la grille porte."
OUBLIER = """async () => {
    const lus = performance.getEntriesByType('resource').map((ressource) => ressource.name);
    const adresse = lus.find((nom) => nom.includes('bagage.js'));
    const { completer, connus } = await import(adresse);
    for (let rang = 0; rang < 6; rang += 1) {
        completer({ texte: {}, etiquettes: [], empreintes: { etiquettes: `oubli-${rang}` } });
    }
    return connus();
}"""


@pytest.fixture
def recus(atelier: Atelier) -> list[bytes]:
    """Ce que le serveur envoie à la page, la grille portant une définition reconnaissable."""
    _changer(atelier, definition=DEFINITION)
    lus: list[bytes] = []

    def ecouter(lien: WebSocket) -> None:
        lien.on("framereceived", lambda recu: lus.append(recu if isinstance(recu, bytes) else recu.encode()))

    atelier.page.on("websocket", ecouter)
    return lus


def _changer(atelier: Atelier, **champs: str) -> None:
    with ecriture(atelier.lieu.moteur, None) as session:
        etiquette = session.scalars(select(Etiquette).where(Etiquette.nom == "Manque de temps")).one()
        for nom, valeur in champs.items():
            setattr(etiquette, nom, valeur)


def _porte(recus: list[bytes], mots: str) -> bool:
    ecrits = mots.encode(), mots.encode("unicode-escape")
    return any(ecrit in recu for recu in recus for ecrit in ecrits)


def test_un_geste_ne_ramene_ni_la_grille_ni_le_texte(atelier: Atelier, recus: list[bytes]) -> None:
    atelier.ouvrir()
    assert _porte(recus, "que seule la grille porte") and _porte(recus, "trente b")
    recus.clear()
    atelier.glisser("Le temps manque")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    assert not _porte(recus, "que seule la grille porte") and not _porte(recus, "trente b")


def test_une_etiquette_changee_par_un_collegue_arrive_avec_le_geste_suivant(
    atelier: Atelier, recus: list[bytes]
) -> None:
    atelier.ouvrir()
    _changer(atelier, definition="Redéfinie entre-temps.")
    atelier.glisser("Le temps manque")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    atelier.glisser("Personne ne répond")
    champ = atelier.page.get_by_role("combobox", name="Étiquette")
    champ.press_sequentially("manque de temps")
    expect(atelier.page.get_by_role("dialog")).to_contain_text("Redéfinie entre-temps.")


def test_une_page_qui_a_tout_oublie_le_redemande(atelier: Atelier, recus: list[bytes]) -> None:
    atelier.ouvrir()
    assert len(atelier.page.evaluate(OUBLIER)) == 6
    recus.clear()
    atelier.glisser("Le temps manque")
    atelier.choisir("manque de temps")
    atelier.annonce("posée")
    assert _porte(recus, "que seule la grille porte")
    assert atelier.passages() == [("Le temps manque", ["Manque de temps"])]
