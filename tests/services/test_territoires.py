"""Comparer les terrains : des effectifs comptés à la main, et des mots qui ne vont pas plus loin qu'eux."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import CiblePlan, Entretien, Etiquette, Investigation, IrritantReleve, Terrain
from lib.domain.axes import Dimension
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.vocabulaire import FamilleEtiquette, Releve, Role, TypeActeur
from lib.services.syntheses import refaire
from lib.services.territoires import CriteresTerrains, VueTerrains, comparer_terrains, lister_groupes
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.lieux import AVALLON, MARSEILLE, poser_lieux

SPONTANE, RELANCE, ECARTE, NON_ABORDE = Releve


class Monde:
    """Marseille (10 associations) et Bourgogne (9), un National prévu et jamais visité."""

    def __init__(self, moteur: Engine) -> None:
        with ecriture(moteur, None) as session:
            self.investigation = fabriques.une_investigation(
                session, debut=date(2026, 9, 1), date_arret=date(2026, 11, 20)
            )
            self.compte = fabriques.un_compte(session, Role.RELECTEUR, self.investigation)
            self.marseille = fabriques.un_terrain(session, self.investigation, nom="Marseille", ordre=1)
            self.bourgogne = fabriques.un_terrain(session, self.investigation, nom="Bourgogne", ordre=2)
            self.national = fabriques.un_terrain(session, self.investigation, nom="National", ordre=3)
            session.add(
                CiblePlan(
                    investigation_id=self.investigation.id,
                    terrain_id=self.national.id,
                    type_acteur=TypeActeur.EXPERT,
                    prevu=8,
                    echeance=date(2026, 12, 4),
                )
            )
            self.sollicite = fabriques.une_etiquette(
                session, self.investigation, nom="Trop sollicités", definition="Débordés par les demandes.", ordre=1
            )
            self.cout = fabriques.une_etiquette(session, self.investigation, nom="Coût", ordre=2)
            fabriques.une_etiquette(session, self.investigation, nom="Jamais dit", ordre=3)
            self._rencontrer(
                session, self.marseille, 10, [[SPONTANE] * 6 + [RELANCE] * 3, [SPONTANE] * 3 + [ECARTE] * 4]
            )
            self._rencontrer(session, self.bourgogne, 9, [[RELANCE] + [ECARTE] * 8, [SPONTANE] * 2 + [NON_ABORDE] * 7])
            refaire(session, self.investigation.id)

    def _rencontrer(self, session: object, terrain: Terrain, nombre: int, releves: Sequence[Sequence[Releve]]) -> None:
        entretiens = [
            fabriques.un_entretien(
                session, terrain, type_acteur=TypeActeur.ENTREPRISE if rang == 0 else TypeActeur.ASSOCIATION
            )
            for rang in range(nombre)
        ]
        for etiquette, liste in zip((self.sollicite, self.cout), releves, strict=True):
            for entretien, releve in zip(entretiens, liste, strict=False):
                fabriques.un_irritant_releve(session, entretien, etiquette, releve)

    def perimetre(self, **champs: object) -> Perimetre:
        return fabriques.un_perimetre(self.compte, self.investigation, **champs)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def lire(moteur: Engine, monde: Monde, perimetre: Perimetre | None = None, **criteres: object) -> VueTerrains:
    with lecture(moteur) as session:
        return comparer_terrains(session, perimetre or monde.perimetre(), criteres=CriteresTerrains(**criteres))


def propre(texte: str) -> str:
    return texte.replace("\xa0", " ").replace("\u202f", " ")


def test_les_effectifs_de_chaque_irritant(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde)
    lignes = {ligne[0]: [propre(cellule) for cellule in ligne[1:]] for ligne in vue.tableau.lignes}
    assert list(lignes) == ["Trop sollicités", "Coût"]
    assert lignes["Trop sollicités"] == [
        "9/9, 100 % [70 % ; 100 %] ; spontanément 6/9 ; non abordé 1",
        "1/9, 11 % [2 % ; 43 %] ; spontanément 0/1",
        "Écart démontré",
    ]
    assert lignes["Coût"] == [
        "3/7, effectif insuffisant ; spontanément 3/3 ; non abordé 3",
        "2/2, effectif insuffisant ; spontanément 2/2 ; non abordé 7",
        "Effectif insuffisant",
    ]
    assert vue.rencontres == {"Marseille": 10, "Bourgogne": 9}
    assert vue.famille == 1
    assert vue.au == date(2026, 11, 20)


def test_le_detail_donne_definition_phrases_et_verdict(moteur: Engine, monde: Monde) -> None:
    premier, second = lire(moteur, monde).details
    assert (premier.etiquette_id, premier.definition) == (monde.sollicite.id, "Débordés par les demandes.")
    assert propre(premier.par_groupe[0]).startswith("Marseille : 9/9 l'évoquent, soit 100 % [70 % ; 100 %]")
    assert "Écart démontré : +89 points" in propre(premier.ecarts[0])
    assert "parmi les acteurs rencontrés" in premier.ecarts[0].lower()
    assert [propre(phrase) for phrase in second.ecarts] == [
        "Marseille et Bourgogne : effectif insuffisant, moins de 8 acteurs d'un côté, aucune comparaison n'est faite."
    ]
    assert "%" not in "".join((*second.par_groupe, *second.ecarts))


def test_un_terrain_prevu_et_jamais_visite_se_dit(moteur: Engine, monde: Monde) -> None:
    (avertissement,) = lire(moteur, monde).avertissements
    assert propre(avertissement).startswith("National est en retard : aucun entretien réalisé sur 8 prévus")


def test_la_paire_choisit_les_terrains_et_leur_ordre(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, groupes=("Bourgogne", "Marseille"))
    assert vue.tableau.entetes[1:3] == ("Bourgogne", "Marseille")
    assert "−89 points" in propre(vue.details[0].ecarts[0])


def test_le_type_d_acteur_restreint_numerateur_et_denominateur(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, type_acteur=TypeActeur.ENTREPRISE)
    assert vue.rencontres == {"Marseille": 1, "Bourgogne": 1}
    assert [propre(phrase) for phrase in vue.details[0].par_groupe] == [
        "Marseille : 1/1 l'évoque (effectif insuffisant pour une part : moins de 8 acteurs), dont 1 spontanément.",
        "Bourgogne : 1/1 l'évoque (effectif insuffisant pour une part : moins de 8 acteurs), dont 0 spontanément.",
    ]


def test_un_terrain_hors_du_perimetre_est_introuvable(moteur: Engine, monde: Monde) -> None:
    restreint = monde.perimetre(terrains=frozenset({monde.marseille.id}))
    with pytest.raises(Introuvable):
        lire(moteur, monde, restreint, groupes=("Marseille", "Bourgogne"))
    vue = lire(moteur, monde, restreint)
    assert list(vue.rencontres) == ["Marseille"]
    assert "au moins deux terrains" in vue.resume
    assert "Bourgogne" not in str(vue.tableau)


def test_une_etiquette_archivee_ou_d_une_autre_famille_ne_se_compare_pas(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, monde.cout.id).archive_le = maintenant()
        session.get_one(Etiquette, monde.sollicite.id).famille = FamilleEtiquette.BESOIN
    vue = lire(moteur, monde)
    assert not vue.details and vue.tableau.lignes == ()
    assert vue.figure is None


def test_deux_irritants_de_meme_nom_se_distinguent(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, monde.cout.id).nom = "Trop sollicités"
    noms = [detail.nom for detail in lire(moteur, monde).details]
    assert noms == [f"Trop sollicités ({monde.sollicite.code})", f"Trop sollicités ({monde.cout.code})"]


def test_figure_et_texte_alternatif_disent_le_tableau(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde)
    assert "Marseille 9/9 (100 %)" in propre(vue.alternative)
    assert "Coût" not in vue.alternative and vue.non_traces == 1
    assert vue.figure is not None and list(vue.figure.data[0].x) == [1.0]


def test_sans_droit_rien(moteur: Engine, monde: Monde) -> None:
    with pytest.raises(AccesRefuse):
        lire(moteur, monde, monde.perimetre(investigation_id=None))


@pytest.mark.parametrize(
    ("effectifs", "alerte"),
    [
        # 8/12 contre 5/12 en tout, mais moins d'un côté dans chaque type d'acteur.
        ((((8, 10), (0, 2)), ((2, 2), (3, 10))), "le sens s'inverse"),
        # 17/25 contre 8/25 en tout ; dans chaque type d'acteur, les mêmes parts.
        ((((16, 20), (1, 5)), ((4, 5), (4, 20))), "l'écart ne se retrouve pas"),
        # 10/25 contre 9/25 en tout ; dans chaque type d'acteur, un côté l'évoque bien plus.
        ((((5, 5), (5, 20)), ((9, 20), (0, 5))), "un écart apparaît"),
        ((((9, 10), (9, 10)), ((1, 10), (1, 10))), ""),
    ],
)
def test_brut_et_type_egal_qui_se_contredisent_se_disent(
    moteur: Engine, effectifs: tuple[tuple[tuple[int, int], ...], ...], alerte: str
) -> None:
    """Simpson, sous ses trois formes ; et deux lectures qui s'accordent."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        irritant = fabriques.une_etiquette(session, investigation)
        for ordre, siens in enumerate(effectifs):
            terrain = fabriques.un_terrain(session, investigation, ordre=ordre)
            for type_acteur, (evoques, abordes) in zip(list(TypeActeur)[:2], siens, strict=True):
                for rang in range(abordes):
                    entretien = fabriques.un_entretien(session, terrain, type_acteur=type_acteur)
                    releve = SPONTANE if rang < evoques else ECARTE
                    fabriques.un_irritant_releve(session, entretien, irritant, releve)
        refaire(session, investigation.id)
    with lecture(moteur) as session:
        vue = comparer_terrains(session, fabriques.un_perimetre(compte, investigation), criteres=CriteresTerrains())
    (ecart,) = vue.details[0].ecarts
    assert ("Attention" in ecart) is bool(alerte) and alerte in ecart
    n = sum(abordes for _, abordes in effectifs[0])
    assert f"Avec {n} et {n} entretiens" in vue.resume


# --- Entrées mauvaises : chacune sa phrase ------------------------------------------------------------------------


def test_un_groupe_sans_entretien_se_dit_et_ne_se_compare_pas(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, groupes=("Marseille", "National"))
    assert "National : aucun entretien réalisé pour ces critères" in propre(vue.avertissements[-1])
    assert vue.famille == 0 and vue.figure is None
    assert [ligne[-1] for ligne in vue.tableau.lignes] == ["Effectif insuffisant"] * 2


def test_un_seul_groupe_demande_un_autre_groupe(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, monde.perimetre(terrains=frozenset({monde.marseille.id})))
    assert vue.resume == "Il faut au moins deux terrains pour comparer."


def test_tout_non_aborde_n_est_pas_non(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        for releve in session.scalars(select(IrritantReleve)):
            releve.releve = NON_ABORDE
        session.flush()
        refaire(session, monde.investigation.id)
    vue = lire(moteur, monde)
    assert not vue.details and propre(vue.rien).startswith("Tous les relevés disent « non abordé »")


@pytest.mark.parametrize(
    ("criteres", "phrase"),
    [
        ({"dimension": Dimension.DEPARTEMENT}, "Aucun entretien réalisé n'a de commune connue"),
        ({"famille": FamilleEtiquette.IDEE}, "Aucune idée dans la grille de codage."),
        ({"type_acteur": TypeActeur.EXPERT}, "Aucun irritant n'a encore été relevé pour ces critères."),
    ],
)
def test_rien_a_comparer_dit_pourquoi(moteur: Engine, monde: Monde, criteres: dict[str, object], phrase: str) -> None:
    vue = lire(moteur, monde, **criteres)
    assert not vue.details and vue.rien.startswith(phrase)


def test_un_groupe_inconnu_est_introuvable(moteur: Engine, monde: Monde) -> None:
    with pytest.raises(Introuvable):
        lire(moteur, monde, groupes=("Marseille", "Atlantide"))


# --- Dimensions, familles, petits effectifs -----------------------------------------------------------------------


def test_la_ruralite_dit_son_approximation_et_compte_les_lieux(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        poser_lieux(session)
        for rang, entretien in enumerate(session.scalars(select(Entretien).order_by(Entretien.id))):
            entretien.commune_code = MARSEILLE if rang < 10 else AVALLON
        session.flush()
        refaire(session, monde.investigation.id)
    vue = lire(moteur, monde, dimension=Dimension.RURALITE)
    assert vue.rencontres == {"Plutôt rural": 9, "Plutôt urbain": 10}
    assert "grille communale de densité de l'Insee n'est pas livrée" in propre(vue.remarques[0])
    assert vue.tableau.lignes[0][-1] == "Écart démontré"
    assert propre(vue.figure.layout.title.text).startswith("Les irritants diffèrent-ils de la ville")  # type: ignore[union-attr]


def test_au_dela_de_huit_groupes_la_figure_se_tait_et_le_dit(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        for rang in range(8):
            terrain = fabriques.un_terrain(session, monde.investigation, nom=f"Lieu {rang}", ordre=10 + rang)
            fabriques.un_irritant_releve(session, fabriques.un_entretien(session, terrain), monde.sollicite)
        refaire(session, monde.investigation.id)
    vue = lire(moteur, monde)
    assert vue.figure is None and "10 groupes : la figure ne se lirait pas" in propre(vue.remarques[0])


def test_un_type_d_acteur_se_compare_sans_se_stratifier_lui_meme(moteur: Engine, monde: Monde) -> None:
    vue = lire(moteur, monde, dimension=Dimension.TYPE_ACTEUR)
    assert vue.rencontres == {"Association": 17, "Entreprise": 2}
    assert "type d'acteur égal" not in str(tuple(vue.details))


def test_la_visite_ne_lit_aucun_petit_effectif_et_ne_croise_rien(moteur: Engine, monde: Monde) -> None:
    """Bourgogne l'évoque 1 fois sur 9 : la case se tait, et avec elle tout ce qui la rendrait."""
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, monde.investigation.id).fictive = True
        visite = fabriques.un_compte(session, Role.DEMONSTRATION)
    perimetre = fabriques.un_perimetre(visite, monde.investigation, fictive=True)
    vue = lire(moteur, monde, perimetre)
    lignes = {ligne[0]: [propre(case) for case in ligne[1:]] for ligne in vue.tableau.lignes}
    assert vue.tableau.entetes[1:] == ("Marseille", "Bourgogne", "Tous réunis", "Écart")
    sollicite = lignes["Trop sollicités"]
    assert sollicite[1] == "< 3 l'évoquent" and sollicite[-1] == "non publié"
    assert sollicite[0] == sollicite[2] == "masqué"
    dit = propre(str((vue.tableau, tuple(vue.details), vue.alternative)))
    assert "1/9" not in dit and "9/9" not in dit and "spontan" not in dit and "type d'acteur égal" not in dit
    assert vue.regle and vue.figure is None
    for interdit in ({"type_acteur": TypeActeur.EXPERT}, {"dimension": Dimension.DEPARTEMENT}):
        with pytest.raises(AccesRefuse):
            lire(moteur, monde, perimetre, **interdit)


def test_la_visite_ne_lit_aucun_denominateur_que_l_accueil_tait(moteur: Engine, monde: Monde) -> None:
    """Un seul acteur national : l'accueil tait Bourgogne avec lui, et « 0/9 » ici rendrait les deux."""
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, monde.investigation.id).fictive = True
        visite = fabriques.un_compte(session, Role.DEMONSTRATION)
        national = session.scalars(select(Terrain).where(Terrain.nom == "National")).one()
        fabriques.un_entretien(session, national)
        session.flush()
        refaire(session, monde.investigation.id)
    perimetre = fabriques.un_perimetre(visite, monde.investigation, fictive=True)
    vue = lire(moteur, monde, perimetre)
    dit = propre(str((vue.tableau, tuple(vue.details), vue.situation, vue.resume, vue.alternative)))
    assert "masqué entretiens réalisés pour Bourgogne" in dit and "/9" not in dit
    assert {propre(ligne[2]) for ligne in vue.tableau.lignes} == {"masqué"}


def test_en_visite_seule_la_famille_publiee_se_compare(moteur: Engine, monde: Monde) -> None:
    """Un irritant tu n'entre ni dans les q des autres, ni dans les verdicts comptés, ni dans l'ordre des lignes."""
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, monde.investigation.id).fictive = True
        visite = fabriques.un_compte(session, Role.DEMONSTRATION)
        partage = fabriques.une_etiquette(session, monde.investigation, nom="Partagé", ordre=4)
        entretiens = session.scalars(select(Entretien).order_by(Entretien.id)).all()
        for rang, entretien in enumerate(entretiens):
            siens = (SPONTANE if rang % 10 < 5 else ECARTE) if rang < 10 else (SPONTANE if rang < 14 else ECARTE)
            fabriques.un_irritant_releve(session, entretien, partage, siens)
        session.flush()
        refaire(session, monde.investigation.id)
    vue = lire(moteur, monde, fabriques.un_perimetre(visite, monde.investigation, fictive=True))
    assert [ligne[0] for ligne in vue.tableau.lignes] == ["Partagé", "Trop sollicités", "Coût"]
    assert [ligne[-1] for ligne in vue.tableau.lignes] == ["Écart non démontré", "non publié", "non publié"]
    assert vue.famille == 1 and "1 irritant comparé" in propre(vue.resume) and "démontrés" not in vue.resume
    assert "2 lignes du tableau ne se comparent pas ici" in propre(vue.resume)
    publie, tu = vue.details[0], vue.details[1]
    assert propre(publie.par_groupe[0]).startswith("Marseille : 5/10 (50 %") and "q = " in propre(publie.ecarts[0])
    assert "non publié" in propre(tu.ecarts[0])
    entiere = lire(moteur, monde).details
    assert propre(next(d for d in entiere if d.nom == "Partagé").ecarts[0]) not in propre(str(publie.ecarts))


def test_les_groupes_a_choisir(moteur: Engine, monde: Monde) -> None:
    with lecture(moteur) as session:
        assert lister_groupes(session, monde.perimetre(), dimension=Dimension.TERRAIN) == (
            "Marseille",
            "Bourgogne",
            "National",
        )
        assert lister_groupes(session, monde.perimetre(), dimension=Dimension.REGION) == ()


def test_les_communes_ne_se_comparent_que_dans_l_equipe(moteur: Engine, monde: Monde) -> None:
    """Une commune et un type d'acteur désigneraient : la relecture ne lit que des lieux plus larges."""
    with lecture(moteur) as session:
        with pytest.raises(AccesRefuse, match="que dans l'équipe"):
            lister_groupes(session, monde.perimetre(), dimension=Dimension.COMMUNE)
        with pytest.raises(AccesRefuse, match="que dans l'équipe"):
            comparer_terrains(session, monde.perimetre(), criteres=CriteresTerrains(dimension=Dimension.COMMUNE))
        equipe = monde.perimetre(role=Role.ENQUETEUR)
        assert lister_groupes(session, equipe, dimension=Dimension.COMMUNE) == ()
