"""La carte : où l'on est allé, où l'on devait aller, qui évoque quoi ; et le tableau des mêmes nombres."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from lib.db.modeles import TerrainTerritoire
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import FamilleEtiquette, NiveauTerritoire, Releve, Role, TypeActeur
from lib.services.carte import Cartes, VueCarte, lire_cartes
from lib.services.syntheses import refaire
from lib.services.tableau_de_bord import lire_vue
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.lieux import AVALLON, DIJON, MARSEILLE, poser_lieux
from tests.services.test_visite_ensemble import premier, resoudre


class Monde:
    """Quatre associations à Marseille, une entreprise à Dijon ; le terrain Bourgogne couvre la région entière."""

    def __init__(self, moteur: Engine, *, lieux: bool = True) -> None:
        with ecriture(moteur, None) as session:
            if lieux:
                poser_lieux(session)
            self.investigation = fabriques.une_investigation(session, fictive=True)
            self.comptes = {role: fabriques.un_compte(session, role, self.investigation) for role in Role}
            marseille = fabriques.un_terrain(session, self.investigation, nom="Marseille", ordre=1)
            bourgogne = fabriques.un_terrain(session, self.investigation, nom="Bourgogne", ordre=2)
            for terrain, niveau, code in (
                (marseille, NiveauTerritoire.COMMUNE, MARSEILLE),
                (bourgogne, NiveauTerritoire.REGION, "27"),
            ):
                session.add(TerrainTerritoire(terrain_id=terrain.id, niveau=niveau, code=code))
            temps = fabriques.une_etiquette(session, self.investigation, nom="Temps")
            rencontres = [fabriques.un_entretien(session, marseille, commune_code=MARSEILLE) for _ in range(4)]
            rencontres.append(
                fabriques.un_entretien(session, bourgogne, commune_code=DIJON, type_acteur=TypeActeur.ENTREPRISE)
            )
            releves = (Releve.SPONTANE, Releve.RELANCE, Releve.ECARTE, Releve.NON_ABORDE, Releve.NON_ABORDE)
            for entretien, releve in zip(rencontres, releves, strict=True):
                fabriques.un_irritant_releve(session, entretien, temps, releve)
            fabriques.un_entretien(session, bourgogne, commune_code="99999")
            refaire(session, self.investigation.id)

    def perimetre(self, role: Role = Role.RELECTEUR) -> Perimetre:
        return fabriques.un_perimetre(self.comptes[role], self.investigation)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def lire_toutes(moteur: Engine, monde: Monde, role: Role = Role.RELECTEUR, **choix: object) -> Cartes:
    with lecture(moteur) as session:
        return lire_cartes(session, monde.perimetre(role), **choix)  # type: ignore[arg-type]


def lire(
    moteur: Engine, monde: Monde, role: Role = Role.RELECTEUR, etiquette: str | None = None, **choix: object
) -> VueCarte:
    return lire_toutes(moteur, monde, role, **choix).dessiner(etiquette)


def propre(textes: Sequence[str] | str) -> str:
    return " ".join([textes] if isinstance(textes, str) else textes).replace("\xa0", " ").replace("\u202f", " ")


def test_visite_prevu_et_jamais_visite(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde)
    assert vue.tableau.lignes == (
        ("13", "Bouches-du-Rhône", "4", "oui"),
        ("21", "Côte-d'Or", "1", "oui"),
        ("89", "Yonne", "0", "oui"),
    )
    texte = propre(vue.phrases)
    assert "rencontrés dans 2 départements" in texte
    assert "1 entretien sans commune connue n'est pas sur la carte" in texte
    assert "Bourgogne : prévu et jamais visité, Yonne." in texte
    assert propre(vue.alternative).startswith("Où a-t-on rencontré des acteurs ? Bouches-du-Rhône : 4")
    assert any("Victor Cazanave" in note for note in vue.notes)
    assert lire_toutes(moteur, monde).etiquettes == ("Temps",)


def test_une_etiquette_se_lit_sur_la_carte_avec_son_denominateur(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, etiquette="Temps")
    assert vue.tableau.lignes == (("13", "Bouches-du-Rhône", "2/3", "4"), ("21", "Côte-d'Or", "non abordé", "1"))
    with pytest.raises(Introuvable):
        lire(moteur, monde, etiquette="Jamais vue")


def test_le_type_d_acteur_restreint_la_carte(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, type_acteur=TypeActeur.ENTREPRISE)
    assert vue.tableau.lignes[0][:3] == ("21", "Côte-d'Or", "1")
    assert "acteurs de type « entreprise »" in propre(vue.phrases)


def test_la_visite_ne_lit_aucun_petit_effectif(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, Role.DEMONSTRATION)
    # L'accueil tait les deux terrains, quatre et deux entretiens : leurs départements se taisent aussi.
    assert {ligne[1]: propre(ligne[2]) for ligne in vue.tableau.lignes} == {
        "Bouches-du-Rhône": "masqué",
        "Côte-d'Or": "masqué",
        "Yonne": "0",
    }
    assert "Des entretiens sans commune connue" in propre(vue.phrases)
    assert "Une ou deux unités" in propre(vue.notes)
    assert lire_toutes(moteur, monde, Role.DEMONSTRATION).etiquettes == ()
    for choix in ({"etiquette": "Temps"}, {"type_acteur": TypeActeur.ENTREPRISE}):
        with pytest.raises(AccesRefuse):
            lire(moteur, monde, Role.DEMONSTRATION, **choix)


def test_sans_territoires_officiels_la_carte_dit_pourquoi_elle_est_vide(moteur: Engine) -> None:
    vue = lire(moteur, Monde(moteur, lieux=False))
    assert vue.tableau.lignes == () and "ne sont pas chargés" in propre(vue.phrases)


def test_sans_commune_connue_la_carte_reste_vide(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        poser_lieux(session)
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        fabriques.un_entretien(session, fabriques.un_terrain(session, investigation))
    with lecture(moteur) as session:
        cartes = lire_cartes(session, fabriques.un_perimetre(compte, investigation), famille=FamilleEtiquette.LEVIER)
    vue = cartes.dessiner(None)
    assert "la carte reste vide" in propre(vue.phrases) and vue.tableau.lignes == ()


def test_la_visite_ne_resout_aucun_departement_par_le_total_d_un_terrain(moteur: Engine) -> None:
    """Un terrain à cheval sur deux régions : quatre entretiens, deux et deux, et son total se lit à l'accueil."""
    with ecriture(moteur, None) as session:
        poser_lieux(session)
        investigation = fabriques.une_investigation(session, fictive=True)
        visite = fabriques.un_compte(session, Role.DEMONSTRATION, investigation)
        ailleurs, cheval = (fabriques.un_terrain(session, investigation, nom=nom) for nom in ("Ailleurs", "À cheval"))
        for terrain, commune, n in (
            (cheval, MARSEILLE, 2),
            (cheval, DIJON, 2),
            (ailleurs, MARSEILLE, 5),
            (ailleurs, DIJON, 5),
        ):
            for _ in range(n):
                fabriques.un_entretien(session, terrain, commune_code=commune)
        refaire(session, investigation.id)
    perimetre = fabriques.un_perimetre(visite, investigation, fictive=True)
    with lecture(moteur) as session:
        vue = lire_cartes(session, perimetre).dessiner(None)
        accueil = lire_vue(session, perimetre)
    assert {ligne[0]: premier(ligne[-1]) for ligne in accueil.tableau.lignes} == {"Ailleurs": "10", "À cheval": "4"}
    assert {ligne[2] for ligne in vue.tableau.lignes} == {"masqué"}


@pytest.mark.parametrize("comptes", [(9, 5, 3), (9, 2, 3), (4, 1, 1), (2, 2, 2), (8, 3, 0)])
def test_la_visite_ne_resout_aucun_petit_departement(moteur: Engine, comptes: tuple[int, int, int]) -> None:
    """Le total de chaque terrain et de chaque région, tel que l'accueil l'écrit, joint à la carte."""
    with ecriture(moteur, None) as session:
        poser_lieux(session)
        investigation = fabriques.une_investigation(session, fictive=True)
        visite = fabriques.un_compte(session, Role.DEMONSTRATION, investigation)
        sud, nord = (fabriques.un_terrain(session, investigation, nom=nom) for nom in ("Sud", "Nord"))
        lieux = ((sud, MARSEILLE), (nord, DIJON), (nord, AVALLON))
        for (terrain, commune), n in zip(lieux, comptes, strict=True):
            for _ in range(n):
                fabriques.un_entretien(session, terrain, commune_code=commune)
        refaire(session, investigation.id)
    perimetre = fabriques.un_perimetre(visite, investigation, fictive=True)
    with lecture(moteur) as session:
        carte = {ligne[0]: ligne[2] for ligne in lire_cartes(session, perimetre).dessiner(None).tableau.lignes}
        accueil = {ligne[0]: premier(ligne[-1]) for ligne in lire_vue(session, perimetre).tableau.lignes}
    departements = {"13": comptes[0], "21": comptes[1], "89": comptes[2]}
    lus = [((code,), premier(texte)) for code, texte in carte.items()]
    lus += [(("13",), accueil["Sud"]), (("21", "89"), accueil["Nord"])]
    for code, n in departements.items():
        if n in {1, 2}:
            bas, haut = resoudre(list(departements), lus, (code,))
            assert bas < haut, (code, lus)
