"""Les pages publiques disent ce que la loi et les contrôles de l'État y cherchent, et se lisent sans rien charger."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from starlette.applications import Starlette

from lib.serveur.pages_legales import Exploitant, routes_publiques
from lib.serveur.statistiques import ChiffrePublic, StatistiquesPubliques, ecrire_json, ecrire_statistiques
from tests.outils.asgi import demander
from tests.outils.serveur import Reponse

EXPLOITANT = Exploitant(contact="equipe@exemple.fr", hebergeur="Hébergeur & fils, 1 rue <du> Port")
PAGES = ("/mentions-legales", "/confidentialite", "/accessibilite", "/statistiques")
PIED = {
    "/mentions-legales": "Mentions légales",
    "/confidentialite": "Politique de confidentialité",
    "/accessibilite": "Accessibilité : non conforme",
    "/statistiques": "Statistiques",
}


def _lire(chemin: str) -> Reponse:
    return demander(Starlette(routes=routes_publiques(EXPLOITANT)), chemin)


def _texte(chemin: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", _lire(chemin).texte)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("chemin", PAGES)
def test_une_page_est_entiere_titree_et_en_francais(chemin: str) -> None:
    reponse = _lire(chemin)
    assert reponse.statut == 200 and reponse.entetes["content-type"].startswith("text/html")
    assert reponse.texte.startswith('<!doctype html>\n<html lang="fr">')
    assert reponse.texte.count("<h1>") == 1 and reponse.texte.count("<main") == 1


def test_chaque_page_a_son_propre_titre() -> None:
    titres = [re.findall(r"<title>(.*?)</title>", _lire(chemin).texte) for chemin in PAGES]
    assert all(len(titre) == 1 and titre[0].endswith("– ASSO'CIE") for titre in titres)
    assert len({titre[0] for titre in titres}) == len(PAGES)


@pytest.mark.parametrize("chemin", PAGES)
def test_une_page_n_a_ni_script_ni_style_en_ligne_ni_ressource_exterieure(chemin: str) -> None:
    reponse = _lire(chemin)
    assert "<script" not in reponse.texte and " style=" not in reponse.texte and "<style" not in reponse.texte
    assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', reponse.texte)
    assert reponse.entetes["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("chemin", PAGES)
def test_le_pied_de_page_mene_partout(chemin: str) -> None:
    pied = _lire(chemin).texte.partition("<footer")[2]
    for adresse, libelle in PIED.items():
        courante = ' aria-current="page"' if adresse == chemin else ""
        assert f'<a href="{adresse}"{courante}>{libelle}</a>' in pied


@pytest.mark.parametrize("chemin", PAGES)
def test_les_liens_internes_menent_quelque_part(chemin: str) -> None:
    internes = set(re.findall(r'href="(/[^"#]*)"', _lire(chemin).texte)) - {"/", "/favicon.png"}
    assert internes and all(_lire(interne).statut == 200 for interne in internes)


@pytest.mark.parametrize(
    "mots", [("directeur", "directrice"), ("publication",), ("hébergeur", "hébergement"), ("éditeur", "édité par")]
)
def test_les_mentions_legales_ont_les_mots_attendus(mots: tuple[str, ...]) -> None:
    assert any(mot in _texte("/mentions-legales").lower() for mot in mots)


@pytest.mark.parametrize("mot", ["@", "finalité", "durée de conservation", "sous-traitant", "mission d’intérêt public"])
def test_la_politique_de_confidentialite_a_les_mots_attendus(mot: str) -> None:
    assert mot in _texte("/confidentialite").lower()


def test_la_declaration_d_accessibilite_a_ses_parties_obligatoires() -> None:
    texte = _texte("/accessibilite")
    for partie in ("Accessibilité : non conforme", "État de conformité", "RGAA", "Établissement de cette déclaration"):
        assert partie in texte
    assert "Défenseur des droits" in texte and "equipe@exemple.fr" in texte


def test_l_exploitant_est_nomme_et_jamais_interprete() -> None:
    page = _lire("/mentions-legales").texte
    assert "Hébergeur &amp; fils, 1 rue &lt;du&gt; Port" in page and "<du>" not in page
    assert 'href="mailto:equipe@exemple.fr"' in page


def test_aucun_trou_de_gabarit_ne_reste() -> None:
    assert all("${" not in _lire(chemin).texte for chemin in PAGES)


def test_sans_chiffres_la_page_dit_en_une_phrase_ce_qui_viendra() -> None:
    assert "Cette page publiera, sans aucune donnée personnelle" in _lire("/statistiques").texte
    assert "<table" not in _lire("/statistiques").texte


def test_les_chiffres_fournis_sont_publies_dans_un_tableau_titre() -> None:
    chiffres = (ChiffrePublic(intitule="Entretiens <menés>", valeur="27 sur 32", definition="Notice remise."),)
    fournies = StatistiquesPubliques(arretees_au=date(2024, 3, 27), chiffres=chiffres)
    application = Starlette(routes=routes_publiques(EXPLOITANT, fournir_statistiques=lambda: fournies))
    page = demander(application, "/statistiques").texte
    assert '<th scope="row">Entretiens &lt;menés&gt;</th><td>27 sur 32</td>' in page
    assert "<caption>Données arrêtées au 27\u00a0mars\u00a02024</caption>" in page


def test_une_enquete_seule_se_nomme_une_fois() -> None:
    """Répété à chaque ligne, son nom ferait au téléphone un tableau de trois écrans."""
    noms = ("Entretiens réalisés – Solidarité <fictive>", "Entretiens réalisés – Solidarité <fictive> : Marseille")
    chiffres = tuple(
        ChiffrePublic(intitule=nom, valeur="9", definition="Comptés.", enquete="Solidarité <fictive>") for nom in noms
    )
    statistiques = StatistiquesPubliques(arretees_au=date(2026, 11, 20), chiffres=chiffres)
    contenu = ecrire_statistiques(statistiques)
    assert contenu.count("Solidarité &lt;fictive&gt;") == 1
    assert '<th scope="row">Entretiens réalisés : Marseille</th>' in contenu
    assert all(nom in ecrire_json(statistiques) for nom in noms)


def test_la_sante_suit_la_verification() -> None:
    def en_panne() -> None:
        raise OSError("mot de passe de la base")

    saine = demander(Starlette(routes=routes_publiques(EXPLOITANT)), "/sante")
    malade = demander(Starlette(routes=routes_publiques(EXPLOITANT, verifier_sante=en_panne)), "/sante")
    assert (saine.statut, saine.texte) == (200, '{"etat":"ok"}')
    assert (malade.statut, malade.texte) == (503, '{"etat":"indisponible"}')


def test_le_fichier_de_securite_est_valable_moins_d_un_an() -> None:
    champs = dict(ligne.split(": ", 1) for ligne in _lire("/.well-known/security.txt").texte.splitlines())
    fin = datetime.strptime(champs["Expires"], "%Y-%m-%dT%H:%M:%S%z")
    assert timedelta(days=30) < fin - datetime.now(UTC) < timedelta(days=365)
    assert champs["Contact"] == "mailto:equipe@exemple.fr"


def test_les_robots_sont_tenus_dehors() -> None:
    assert _lire("/robots.txt").texte == "User-agent: *\nDisallow: /\n"


def test_la_feuille_de_style_a_un_theme_sombre() -> None:
    reponse = _lire("/associe.css")
    assert reponse.entetes["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in reponse.texte and "url(" not in reponse.texte


def test_les_memes_chiffres_en_json_et_en_csv() -> None:
    fournies = StatistiquesPubliques(
        arretees_au=date(2026, 11, 20),
        chiffres=(ChiffrePublic(intitule="=Entretiens ; menés", valeur="<\xa03", definition="Rencontres tenues."),),
    )
    application = Starlette(routes=routes_publiques(EXPLOITANT, fournir_statistiques=lambda: fournies))
    lu = json.loads(demander(application, "/statistiques.json").texte)
    assert lu["arretees_au"] == "2026-11-20" and "soustraction" in lu["regle"]
    assert lu["chiffres"] == [
        {"intitule": "=Entretiens ; menés", "valeur": "<\xa03", "definition": "Rencontres tenues."}
    ]
    tableau = demander(application, "/statistiques.csv").texte.removeprefix("\ufeff").splitlines()
    assert tableau[0] == "arretees_au;intitule;valeur;definition"
    assert tableau[1] == '2026-11-20;"\'=Entretiens ; menés";<\xa03;Rencontres tenues.'


def test_sans_donnees_json_et_csv_restent_lisibles() -> None:
    application = Starlette(routes=routes_publiques(EXPLOITANT))
    lu = json.loads(demander(application, "/statistiques.json").texte)
    assert (lu["arretees_au"], lu["chiffres"]) == (None, [])
    assert len(demander(application, "/statistiques.csv").texte.splitlines()) == 1
