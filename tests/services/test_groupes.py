"""Compter par groupe : chaque dimension dit le lieu de l'entretien, et chaque famille sa façon de compter."""

import pytest
from sqlalchemy import Engine, func, select

from lib.db.base import maintenant
from lib.db.modeles import Entretien, IrritantReleve, Verbatim
from lib.domain.axes import Dimension
from lib.domain.dire_comparaison import MotsComparaison
from lib.domain.droits import Perimetre
from lib.domain.vocabulaire import FamilleEtiquette, Releve, Role, StatutEntretien, TypeActeur
from lib.services.citations import FiltresCitations, lister_citations
from lib.services.groupes import GroupesLus, entretiens_du_groupe, lire_groupes
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.lieux import AVALLON, DIJON, MARSEILLE_15, OUESSANT, poser_lieux


class Monde:
    """Un entretien par lieu, un sans commune ; l'Avallonnais a sa commune par son organisation."""

    def __init__(self, moteur: Engine) -> None:
        with ecriture(moteur, None) as session:
            poser_lieux(session)
            self.investigation = fabriques.une_investigation(session)
            self.compte = fabriques.un_compte(session, Role.RELECTEUR, self.investigation)
            nord = fabriques.un_terrain(session, self.investigation, nom="Nord", ordre=1)
            sud = fabriques.un_terrain(session, self.investigation, nom="Sud", ordre=2)
            self.temps = fabriques.une_etiquette(session, self.investigation, nom="Temps")
            self.aide = fabriques.une_etiquette(
                session, self.investigation, nom="Une aide", famille=FamilleEtiquette.BESOIN
            )
            structure = fabriques.une_organisation(session, nord, commune_code=AVALLON)
            self.entretiens = [
                fabriques.un_entretien(session, sud, commune_code=MARSEILLE_15, type_acteur=TypeActeur.ENTREPRISE),
                fabriques.un_entretien(session, nord, commune_code=DIJON),
                fabriques.un_entretien(session, nord, organisation_id=structure.id),
                fabriques.un_entretien(session, nord, commune_code=OUESSANT),
                fabriques.un_entretien(session, nord),
            ]
            for entretien, releve in zip(self.entretiens, (*Releve, Releve.SPONTANE), strict=True):
                fabriques.un_irritant_releve(session, entretien, self.temps, releve)
            fabriques.un_entretien(session, nord, commune_code=DIJON, statut=StatutEntretien.BROUILLON)
            self._coder(session)
            refaire(session, self.investigation.id)

    def _coder(self, session: object) -> None:
        """Marseille et Dijon sont codés ; Marseille porte le besoin deux fois, Dijon seulement l'irritant."""
        marseille, dijon = self.entretiens[:2]
        texte = fabriques.un_texte(session, marseille, "une aide, vraiment une aide")
        for bornes in ((0, 8), (19, 27)):
            passage = fabriques.un_verbatim(session, texte, *bornes)
            fabriques.un_etiquetage(session, passage, self.aide, self.compte)
        passage = fabriques.un_verbatim(session, fabriques.un_texte(session, dijon, "le temps"), 0, 8)
        fabriques.un_etiquetage(session, passage, self.temps, self.compte)

    def perimetre(self) -> Perimetre:
        return fabriques.un_perimetre(self.compte, self.investigation)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return Monde(moteur)


def lire(
    moteur: Engine, monde: Monde, dimension: Dimension, famille: FamilleEtiquette = FamilleEtiquette.IRRITANT
) -> GroupesLus:
    with lecture(moteur) as session:
        return lire_groupes(session, monde.perimetre(), MotsComparaison(famille=famille, dimension=dimension))


@pytest.mark.parametrize(
    ("dimension", "groupes", "hors"),
    [
        (Dimension.TERRAIN, {"Nord": 4, "Sud": 1}, 0),
        (Dimension.TYPE_ACTEUR, {"Association": 4, "Entreprise": 1}, 0),
        (Dimension.REGION, {"Bourgogne-Franche-Comté": 2, "Bretagne": 1, "Provence-Alpes-Côte d'Azur": 1}, 1),
        (Dimension.DEPARTEMENT, {"Bouches-du-Rhône": 1, "Côte-d'Or": 1, "Finistère": 1, "Yonne": 1}, 1),
        (Dimension.COMMUNE, {"Avallon (89)": 1, "Dijon (21)": 1, "Marseille (13)": 1, "Ouessant (29)": 1}, 1),
        (Dimension.EPCI, {"Communauté d'agglomération": 1, "Communauté de communes": 1, "Métropole": 1}, 2),
        (
            Dimension.INTERCOMMUNALITE,
            {"CA de Dijon": 1, "CC Avallon - Vézelay - Morvan": 1, "Métropole d'Aix-Marseille-Provence": 1},
            2,
        ),
        (Dimension.RURALITE, {"Plutôt rural": 1, "Plutôt urbain": 2}, 2),
    ],
)
def test_chaque_dimension_range_les_entretiens(
    moteur: Engine, monde: Monde, dimension: Dimension, groupes: dict[str, int], hors: int
) -> None:
    """L'arrondissement compte pour sa métropole ; une île sans intercommunalité n'est ni urbaine ni rurale."""
    lus = lire(moteur, monde, dimension)
    assert {nom: lus.effectif(nom) for nom in lus.rencontres} == groupes
    assert lus.hors_groupes == hors
    (temps,) = lus.etiquettes
    assert sum(lus.relever(temps.id, nom).abordes for nom in lus.rencontres) <= sum(groupes.values())


def test_le_releve_de_chaque_groupe_et_son_denominateur(moteur: Engine, monde: Monde) -> None:
    lus = lire(moteur, monde, Dimension.DEPARTEMENT)
    releves = {nom: lus.relever(monde.temps.id, nom) for nom in lus.rencontres}
    assert releves["Bouches-du-Rhône"].spontanes == 1 and releves["Côte-d'Or"].relances == 1
    assert (releves["Yonne"].ecartes, releves["Yonne"].abordes, releves["Yonne"].evoques) == (1, 1, 0)
    assert (releves["Finistère"].abordes, releves["Finistère"].non_abordes) == (0, 1)
    assert lus.relever(monde.temps.id, "Côte-d'Or", TypeActeur.ENTREPRISE).abordes == 0


@pytest.mark.parametrize("dimension", [Dimension.TERRAIN, Dimension.DEPARTEMENT])
def test_un_besoin_se_compte_une_fois_par_entretien_code(moteur: Engine, monde: Monde, dimension: Dimension) -> None:
    lus = lire(moteur, monde, dimension, FamilleEtiquette.BESOIN)
    (besoin,) = lus.etiquettes
    cotes = [lus.relever(besoin.id, nom) for nom in lus.rencontres]
    portent = {r.terrain: (r.evoques, r.abordes, r.non_abordes) for r in cotes if r.abordes}
    attendus = {
        Dimension.TERRAIN: {"Nord": (0, 1, 3), "Sud": (1, 1, 0)},
        Dimension.DEPARTEMENT: {"Bouches-du-Rhône": (1, 1, 0), "Côte-d'Or": (0, 1, 0)},
    }
    assert portent == attendus[dimension] and all(r.codage for r in cotes)


def test_une_citation_archivee_ne_porte_plus_rien(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        for passage in session.query(Verbatim).where(Verbatim.entretien_id == monde.entretiens[0].id):
            passage.archive_le = maintenant()
        session.flush()
        refaire(session, monde.investigation.id)
    lus = lire(moteur, monde, Dimension.DEPARTEMENT, FamilleEtiquette.BESOIN)
    assert lus.relever(monde.aide.id, "Bouches-du-Rhône").abordes == 0


@pytest.mark.parametrize("dimension", [Dimension.TERRAIN, Dimension.RURALITE])
def test_l_intensite_se_lit_a_cote_par_les_deux_chemins(moteur: Engine, monde: Monde, dimension: Dimension) -> None:
    with ecriture(moteur, None) as session:
        for ligne, note in zip(session.query(IrritantReleve).order_by(IrritantReleve.id), (5, 2, 4), strict=False):
            ligne.intensite = note
        session.flush()
        refaire(session, monde.investigation.id)
        assert verifier(session, monde.investigation.id) == []
    lus = lire(moteur, monde, dimension)
    lues = {nom: lus.relever(monde.temps.id, nom) for nom in lus.rencontres}
    if dimension is Dimension.TERRAIN:
        # La note d'un acteur qui écarte l'irritant n'est pas une intensité.
        assert (lues["Nord"].notes, lues["Nord"].intensite, lues["Sud"].intensite) == (1, 2.0, 5.0)
    else:
        assert (lues["Plutôt urbain"].notes, lues["Plutôt urbain"].intensite) == (2, 3.5)
        assert lues["Plutôt rural"].intensite is None


@pytest.mark.parametrize("dimension", list(Dimension))
def test_chaque_groupe_retrouve_ses_entretiens(moteur: Engine, dimension: Dimension) -> None:
    """Le chemin inverse du compte : du nom d'un groupe à ses entretiens, autant que la page en compte."""
    monde = Monde(moteur)
    with lecture(moteur) as session:
        lus = lire_groupes(session, monde.perimetre(), MotsComparaison(dimension=dimension))
        assert lus.rencontres
        for nom in lus.rencontres:
            requete = select(func.count()).where(
                Entretien.id.in_(entretiens_du_groupe(dimension, nom)), Entretien.statut == StatutEntretien.REALISE
            )
            assert session.scalar(requete) == lus.effectif(nom)


@pytest.mark.parametrize(
    ("dimension", "lieu", "total"),
    [
        (Dimension.DEPARTEMENT, "Côte-d'Or", 1),
        (Dimension.DEPARTEMENT, "Bouches-du-Rhône", 2),
        (Dimension.RURALITE, "Plutôt urbain", 3),
        (Dimension.RURALITE, "Plutôt rural", 0),
        (Dimension.REGION, "Nulle part", 0),
    ],
)
def test_les_citations_d_un_lieu(moteur: Engine, dimension: Dimension, lieu: str, total: int) -> None:
    monde = Monde(moteur)
    with lecture(moteur) as session:
        filtres = FiltresCitations(dimension=dimension, lieu=lieu)
        assert lister_citations(session, monde.perimetre(), filtres=filtres).total == total
        une = FiltresCitations(dimension=dimension, lieu=lieu, etiquettes=(monde.aide.id,))
        attendues = 0 if lieu == "Côte-d'Or" else min(total, 2)
        assert lister_citations(session, monde.perimetre(), filtres=une).total == attendues
