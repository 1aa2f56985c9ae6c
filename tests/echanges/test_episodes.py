"""Une table d'épisodes : ce qui se lit, et tout ce qui se refuse avec sa ligne."""

from datetime import date

import pytest

from lib.domain.erreurs import DonneeInvalide
from lib.domain.vocabulaire import FormeEngagement, ModeRecueil, MotifFin, TailleEntreprise
from lib.echanges.episodes import COLONNES, lire_episodes

AUJOURD_HUI = date(2026, 11, 20)
ENTETES = ",".join(COLONNES)
VALIDE = dict.fromkeys(COLONNES, "") | {"entreprise": "Boulangerie", "association": "Panier", "terrain": "Marseille"}


def ligne(**colonnes: str) -> str:
    return ",".join((VALIDE | colonnes)[nom] for nom in COLONNES)


def lire(*lignes: str, entetes: str = ENTETES, encodage: str = "utf-8") -> tuple:
    return lire_episodes("\n".join([entetes, *lignes]).encode(encodage), aujourd_hui=AUJOURD_HUI)


def test_une_ligne_entiere() -> None:
    (lu,) = lire(
        ligne(
            debut="2024-01-15",
            fin="2025-02-01",
            motif="entreprise",
            mode_recueil="vivants_seulement",
            forme="pret",
            taille="tpe",
            premiere_observation="2024-06-01",
        )
    )
    assert (lu.debut, lu.fin, lu.premiere_observation) == (date(2024, 1, 15), date(2025, 2, 1), date(2024, 6, 1))
    assert (lu.motif, lu.mode_recueil) == (MotifFin.ENTREPRISE, ModeRecueil.VIVANTS_SEULEMENT)
    assert (lu.forme, lu.taille, lu.numero) == (FormeEngagement.PRET, TailleEntreprise.TPE, 2)


def test_le_vide_est_inconnu_ou_ouvert() -> None:
    (ouvert,) = lire(ligne())
    assert (ouvert.debut, ouvert.fin, ouvert.motif, ouvert.forme) == (None, None, None, None)
    (fini,) = lire(ligne(fin="2025-01-01"))
    assert fini.motif is MotifFin.INCONNU


def test_point_virgule_marque_d_ordre_et_lignes_vides() -> None:
    entetes, contenu = ENTETES.replace(",", ";"), ligne(debut="2024-01-15").replace(",", ";")
    (lu,) = lire(contenu, "", ";" * (len(COLONNES) - 1), entetes=entetes, encodage="utf-8-sig")
    assert lu.debut == date(2024, 1, 15)


@pytest.mark.parametrize(
    ("colonnes", "phrase"),
    [
        ({"entreprise": ""}, "entreprise est vide"),
        ({"terrain": " "}, "terrain est vide"),
        ({"debut": "15/01/2024"}, "debut : .* n'est pas une date AAAA-MM-JJ"),
        ({"debut": "20240115"}, "debut : .* n'est pas une date AAAA-MM-JJ"),
        ({"debut": "2024-02-30"}, "debut : .* n'est pas une date"),
        ({"debut": "0202-01-01"}, "l'année 0202 paraît être une faute de frappe"),
        ({"debut": "2027-01-01"}, "debut : 2027-01-01 est à venir"),
        ({"debut": "2025-01-01", "fin": "2024-01-01"}, "la fin précède le début"),
        ({"debut": "2025-01-01", "derniere_nouvelle": "2024-01-01"}, "la dernière nouvelle précède le début"),
        ({"fin": "2024-01-01", "derniere_nouvelle": "2025-01-01"}, "la dernière nouvelle suit la fin"),
        ({"motif": "lassitude"}, "motif : .*lassitude.* n'est pas un code connu"),
        ({"taille": "petite"}, "tpe, pme_hors_tpe, eti ou ge"),
        ({"association": "BOULANGERIE"}, "deux organisations différentes"),
        ({"entreprise": "a\x00b"}, "entreprise :"),
    ],
)
def test_une_valeur_impossible_dit_sa_ligne(colonnes: dict[str, str], phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=f"^Ligne 3 : .*{phrase}") as refus:
        lire(ligne(), ligne(**colonnes))
    assert "Rien n'a été enregistré" in str(refus.value)


def test_toutes_les_fautes_se_disent_les_vingt_premieres_en_entier() -> None:
    with pytest.raises(DonneeInvalide) as refus:
        lire(*[ligne(debut="hier")] * 25)
    dites = str(refus.value).splitlines()
    assert len(dites) == 22 and dites[20].startswith("Et 5") and dites[19].startswith("Ligne 21")


@pytest.mark.parametrize(
    ("entetes", "phrase"),
    [
        (ENTETES.replace(",taille", ""), "Il manque à ce fichier : taille"),
        (f"{ENTETES},budget", "colonnes que l'on n'attend pas : .*budget"),
        (f"{ENTETES},taille", "deux colonnes du même nom"),
        ("", "Il manque à ce fichier"),
    ],
)
def test_des_entetes_inattendus(entetes: str, phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        lire(ligne(), entetes=entetes)


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (f"{ENTETES}\n".encode(), "aucune ligne"),
        (f"{ENTETES}\nÉté".encode("cp1252"), "UTF-8"),
        (f"{ENTETES}\nun,deux".encode(), "2.valeurs pour 11 colonnes"),
        (f'{ENTETES}\n"un{"," * 10}'.encode(), "guillemets"),
        (b"x" * 50_000_001, "50 Mo"),
    ],
)
def test_un_fichier_impossible_se_dit(octets: bytes, phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        lire_episodes(octets, aujourd_hui=AUJOURD_HUI)
