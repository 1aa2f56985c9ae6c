"""Les verdicts du banc : une cible manquée se voit, et dit de combien. Aucune durée n'est mesurée ici."""

import pytest

from lib.services.exports_fichier import FormatExport
from tests.mesures.cibles import Banc, MesurePage, Verdict, juger
from tests.mesures.client import Demande, Relance
from tests.mesures.exports import MesureExport, MesuresExports
from tests.mesures.mesures import Ensemble, Lot, PageEnDefaut, Poste, Serie, quantile, verifier
from tests.mesures.pages import Genre, PageMesuree
from tests.mesures.rapport import en_donnees, rediger
from tests.mesures.statistiques import MesureRoute
from tests.outils.serveur import ASGI, Serveur

ANALYSE = PageMesuree(nom="Durées", adresse="durees", genre=Genre.ANALYSE)


def serie(*processeurs: float) -> Serie:
    return Serie(lots=[Lot(cpu=cpu, durees=(cpu, 2 * cpu), octets=1000) for cpu in processeurs])


def un_banc(*, petite: float, grande: float, froide: float) -> Banc:
    """Une page d'analyse, face à une page vide de 1 ms et une page par défaut de 40 ms."""
    ensemble = Ensemble(sessions=50, cpu=grande, p50=1, p95=2, debit=100, memoire=0.1)
    page = MesurePage(
        page=ANALYSE,
        chaudes={1: serie(petite, petite), 10_000: serie(grande, grande)},
        froides={1: serie(froide), 10_000: serie(froide)},
        vide=serie(1, 1),
        vide_froid=serie(1),
        requetes={10_000: (1, 5)},
        ensemble=ensemble,
    )
    return Banc(
        pages=[page],
        planchers={"vide": serie(1), "défaut": serie(40)},
        ensembles={
            "vide": Ensemble(sessions=50, cpu=1, p50=1, p95=2, debit=1, memoire=0.1),
            "défaut": Ensemble(sessions=50, cpu=40, p50=1, p95=2, debit=1, memoire=0.1),
        },
        demarrages={"Streamlit nu": [700.0], "Connexion": [1500.0]},
        memoire={"Durées": [100.0, 103.0, 120.0]},
    )


def manques(banc: Banc) -> set[str]:
    return {verdict.cible for verdict in juger(banc) if not verdict.tenue}


def test_tout_est_tenu_sauf_la_memoire_et_le_demarrage() -> None:
    assert manques(un_banc(petite=2, grande=2.5, froide=11)) == {"mémoire gagnée (Mio)", "démarrage, en Streamlit nus"}


@pytest.mark.parametrize(
    ("mesures", "cible"),
    [
        ({"petite": 3.1, "grande": 3.1, "froide": 3.1}, "analyse à chaud, en pages vides réglées"),
        ({"petite": 2, "grande": 2, "froide": 13}, "analyse à froid, en pages vides réglées"),
        ({"petite": 1, "grande": 1.6, "froide": 2}, "croissance entre échelles, à chaud"),
        ({"petite": 41, "grande": 41, "froide": 2}, "moins qu'une page vide par défaut, à chaud"),
        ({"petite": 41, "grande": 41, "froide": 2}, "moins qu'une page vide par défaut, tous ensemble"),
        ({"petite": 3.1, "grande": 3.1, "froide": 3.1}, "analyse tous ensemble, en pages vides réglées"),
    ],
)
def test_une_cible_manquee_se_voit(mesures: dict[str, float], cible: str) -> None:
    assert cible in manques(un_banc(**mesures))


def test_un_verdict_dit_de_combien() -> None:
    verdict = Verdict(cible="c", objet="o", mesure=6.0, seuil=4.0)
    assert verdict.phrase == "manquée de 2,0 (× 1,5 du seuil)"
    assert Verdict(cible="c", objet="o", mesure=4.0, seuil=4.0).phrase == "tenue"


def test_le_rapport_se_lit_et_se_compare() -> None:
    banc = un_banc(petite=2, grande=4, froide=20)
    verdicts = juger(banc)
    texte = rediger(banc, verdicts)
    assert "| Durées | analyse |" in texte and "manquée de 1,0" in texte
    donnees = en_donnees(banc, verdicts)
    assert donnees["pages"][0]["rapport_vide"][10_000] == pytest.approx(4)
    assert donnees["pages"][0]["croissance"] == pytest.approx(2)


def test_une_page_en_erreur_ou_une_autre_page_n_est_jamais_mesuree() -> None:
    serveur = Serveur(script=ASGI, journal=ASGI)
    poste = Poste(serveur=serveur, demande=Demande(adresse="durees"))
    with pytest.raises(PageEnDefaut, match="une autre page"):
        verifier(poste, Relance(page="autre", titres=["Connexion"]))
    with pytest.raises(PageEnDefaut, match="défaut de notre fait"):
        verifier(poste, Relance(defauts=["Cette page a rencontré un défaut de notre fait."]))


def test_quantile_par_rang() -> None:
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile(range(101), 0.95) == 95
    assert quantile([], 0.5) == 0


def test_un_export_se_juge_contre_la_boucle_nue_et_le_dit() -> None:
    banc = un_banc(petite=1, grande=1, froide=1)
    banc.exports = MesuresExports(
        citations=10_500,
        formats=(MesureExport(format=FormatExport.CSV, nue=0.08, pseudonymise=0.2, identifie=0.15),),
        repos=0.01,
        pendant=0.02,
    )
    verdicts = {verdict.objet: verdict for verdict in juger(banc) if verdict.objet in {"csv", "exports"}}
    assert verdicts["csv"].mesure == pytest.approx(2.5) and not verdicts["csv"].tenue
    assert verdicts["exports"].tenue
    assert "## Exports de dix mille citations" in rediger(banc, juger(banc))
    assert en_donnees(banc, [])["exports"]["citations"] == 10_500


def test_les_chiffres_publics_se_jugent_comme_une_analyse() -> None:
    banc = un_banc(petite=2, grande=2, froide=2)
    route = MesureRoute(
        adresse="/statistiques", vide=1, chaudes={1: 0.5, 10_000: 0.6}, froides={1: 5, 10_000: 13}, requetes=9
    )
    banc.statistiques = [route]
    siens = {verdict.cible for verdict in juger(banc) if verdict.objet == "/statistiques" and not verdict.tenue}
    assert siens == {
        "analyse à froid, en pages vides réglées",
        "croissance entre échelles, à froid",
        "requêtes SQL à froid",
    }
    assert "| /statistiques | 0,60 | 0,60 | 1,20 | 13,00 | 13,00 | 2,60 | 9 |" in rediger(banc, juger(banc))
