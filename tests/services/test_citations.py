"""Retrouver les citations d'un irritant : toutes celles qu'on a le droit de lire, et aucune autre."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import (
    Compte,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    Etiquetage,
    Etiquette,
    Terrain,
    Texte,
    Verbatim,
)
from lib.domain.citations import TriCitations
from lib.domain.droits import Perimetre
from lib.domain.mots import NatureIndexee
from lib.domain.textes import plier
from lib.domain.vocabulaire import (
    AccordCitation,
    FamilleEtiquette,
    Role,
    StatutEntretien,
    TailleEntreprise,
    TypeActeur,
)
from lib.services import recherche_citations
from lib.services.citations import FiltresCitations, PageCitations, lister_citations, trouver_citations
from lib.services.citations_protegees import TYPE_TU
from lib.services.grille import choisir, lister_grille
from lib.services.pseudonymisation import charger_pseudonymisation
from lib.services.syntheses import refaire, suivre
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.requetes import compter_requetes

NOM = "Le Panier de la Bigue"


@dataclass(frozen=True)
class Monde:
    """Temps > Recherche (irritants), Réseau (levier) ; deux terrains, un entretien dans chacun."""

    moteur: Engine
    perimetre: Perimetre
    terrains: tuple[int, ...]
    entretiens: tuple[int, ...]
    etiquettes: dict[str, int] = field(default_factory=dict)

    def citer(self, mots: str, *etiquettes: str, entretien: int = 0) -> int:
        with ecriture(self.moteur, None) as session:
            return self._citer(session, mots, etiquettes, self.entretiens[entretien])

    def _citer(self, session: Session, mots: str, etiquettes: tuple[str, ...], entretien_id: int) -> int:
        texte = session.scalars(select(Texte).where(Texte.entretien_id == entretien_id)).one()
        debut = len(texte.contenu)
        texte.contenu += mots + "\n"
        with suivre(session, entretien_id):
            verbatim = fabriques.un_verbatim(session, texte, debut, debut + len(mots), citation_recherche=plier(mots))
            codeur = session.get_one(Compte, self.perimetre.compte_id)
            for nom in etiquettes:
                etiquette = session.get_one(Etiquette, self.etiquettes[nom])
                fabriques.un_etiquetage(session, verbatim, etiquette, codeur)
        return verbatim.id

    def modifier(self, entretien: int, **champs: Any) -> None:
        identifiant = self.entretiens[entretien]
        with ecriture(self.moteur, None) as session, suivre(session, identifiant):
            for champ, valeur in champs.items():
                setattr(session.get_one(Entretien, identifiant), champ, valeur)

    def chercher(
        self, role: Role = Role.ENQUETEUR, page: int = 1, *, contexte: bool = False, **filtres: Any
    ) -> PageCitations:
        perimetre = replace(self.perimetre, role=role, terrains=filtres.pop("terrains", None))
        choix = {nom: filtres.pop(nom) for nom in ("descendantes", "famille") if nom in filtres}
        if "etiquette" in filtres:
            choix["etiquette_id"] = self.etiquettes[filtres.pop("etiquette")]
        with lecture(self.moteur) as session:
            filtres["etiquettes"] = choisir(lister_grille(session, perimetre, archivees=True), **choix)
            return lister_citations(
                session, perimetre, filtres=FiltresCitations(**filtres), page=page, contexte=contexte
            )

    def mots(self, role: Role = Role.ENQUETEUR, **filtres: Any) -> list[str]:
        return [citation.citation for citation in self.chercher(role, **filtres).citations]


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        terrains = [fabriques.un_terrain(session, investigation, nom=nom) for nom in ("Marseille", "Dijon")]
        types = (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE)
        entretiens = []
        for terrain, type_acteur, nom in zip(terrains, types, (NOM, "Frigolive Logistique"), strict=True):
            taille = TailleEntreprise.PME_HORS_TPE if type_acteur is TypeActeur.ENTREPRISE else None
            organisation = fabriques.une_organisation(session, terrain, nom=nom, type_acteur=type_acteur, taille=taille)
            entretien = fabriques.un_entretien(
                session, terrain, type_acteur=type_acteur, organisation_id=organisation.id, tenu_le=date(2026, 9, 15)
            )
            fabriques.un_texte(session, entretien, "Notes.\n")
            personne = fabriques.un_interlocuteur(session, organisation, nom="Judith Lœb")
            session.add(EntretienInterlocuteur(entretien_id=entretien.id, interlocuteur_id=personne.id))
            session.add(EntretienEnqueteur(entretien_id=entretien.id, compte_id=compte.id))
            entretiens.append(entretien.id)
        temps = fabriques.une_etiquette(session, investigation, nom="Temps")
        recherche = fabriques.une_etiquette(session, investigation, nom="Recherche", parent_id=temps.id)
        reseau = fabriques.une_etiquette(session, investigation, nom="Réseau", famille=FamilleEtiquette.LEVIER)
    return Monde(
        moteur=moteur,
        perimetre=fabriques.un_perimetre(compte, investigation),
        terrains=tuple(terrain.id for terrain in terrains),
        entretiens=tuple(entretiens),
        etiquettes={"Temps": temps.id, "Recherche": recherche.id, "Réseau": reseau.id},
    )


@pytest.fixture
def remplie(monde: Monde) -> Monde:
    monde.citer("le temps manque", "Temps")
    monde.citer("on cherche des heures", "Recherche", "Réseau")
    monde.citer("la mairie présente les gens", "Réseau", entretien=1)
    monde.citer("rien de spécial")
    return monde


@pytest.mark.parametrize(
    ("filtres", "attendues"),
    [
        ({}, ["rien de spécial", "la mairie présente les gens", "on cherche des heures", "le temps manque"]),
        ({"etiquette": "Temps"}, ["on cherche des heures", "le temps manque"]),
        ({"etiquette": "Temps", "descendantes": False}, ["le temps manque"]),
        ({"etiquette": "Recherche"}, ["on cherche des heures"]),
        ({"famille": FamilleEtiquette.LEVIER}, ["la mairie présente les gens", "on cherche des heures"]),
        ({"etiquette": "Temps", "famille": FamilleEtiquette.LEVIER}, []),
        ({"type_acteur": TypeActeur.ENTREPRISE}, ["la mairie présente les gens"]),
        ({"type_acteur": TypeActeur.EXPERT}, []),
        ({"sans_etiquette": True}, ["rien de spécial"]),
        ({"texte": "PRESENTE"}, ["la mairie présente les gens"]),
        ({"texte": "100 %"}, []),
        ({"texte": "heure gens"}, []),
        ({"texte": "heure"}, ["on cherche des heures"]),
        ({"texte": '"le temps"'}, ["le temps manque"]),
        ({"texte": "-temps -mairie", "etiquette": "Réseau"}, ["on cherche des heures"]),
        ({"du": date(2026, 9, 16)}, []),
        ({"au": date(2026, 9, 15), "sans_etiquette": True}, ["rien de spécial"]),
        ({"accord": AccordCitation.NON}, []),
        ({"taille": TailleEntreprise.PME_HORS_TPE}, ["la mairie présente les gens"]),
        ({"texte": "temps", "etiquette": "Temps"}, ["le temps manque"]),
        ({"etiquette": "Réseau", "type_acteur": TypeActeur.ASSOCIATION}, ["on cherche des heures"]),
    ],
)
@pytest.mark.parametrize("frequent", [0, 10**9])
def test_chaque_filtre_par_les_deux_chemins(
    remplie: Monde,
    monkeypatch: pytest.MonkeyPatch,
    filtres: dict[str, Any],
    attendues: list[str],
    frequent: int,
) -> None:
    monkeypatch.setattr(recherche_citations, "FREQUENT", frequent)
    page = remplie.chercher(**filtres)
    assert [citation.citation for citation in page.citations] == attendues
    assert (page.total, page.plafonne) == (len(attendues), False)


def test_un_terrain_se_filtre_et_borne_le_perimetre(remplie: Monde) -> None:
    dijon = remplie.terrains[1]
    assert remplie.mots(terrain_id=dijon) == ["la mairie présente les gens"]
    assert remplie.mots(terrains=frozenset({dijon})) == ["la mairie présente les gens"]
    assert remplie.mots(terrains=frozenset({dijon}), terrain_id=remplie.terrains[0]) == []
    assert remplie.chercher(terrains=frozenset({dijon}), etiquette="Réseau").total == 1


def test_une_autre_investigation_ne_voit_rien(remplie: Monde) -> None:
    ailleurs = replace(remplie, perimetre=replace(remplie.perimetre, investigation_id=10**6))
    assert ailleurs.mots() == []


def test_une_citation_dit_d_ou_elle_vient_et_ce_qu_elle_porte(remplie: Monde) -> None:
    citation = remplie.chercher(etiquette="Recherche").citations[0]
    assert (citation.source, citation.terrain, citation.tenu_le) == (NOM, "Marseille", date(2026, 9, 15))
    assert [etiquette.nom for etiquette in citation.etiquettes] == ["Recherche", "Réseau"]


SITUATIONS = [
    {"statut": StatutEntretien.BROUILLON, "notice_remise_le": None},
    {"statut": StatutEntretien.PREVU, "notice_remise_le": None, "tenu_le": None},
    {"archive_le": maintenant()},
]


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("role", list(Role))
def test_sans_notice_ou_archive_aucune_citation_nulle_part(
    remplie: Monde, situation: dict[str, Any], role: Role
) -> None:
    remplie.modifier(0, **situation)
    remplie = replace(remplie, perimetre=replace(remplie.perimetre, fictive=True))
    assert remplie.mots(role) == ["la mairie présente les gens"]
    for etiquette, total in (("Temps", 0), ("Recherche", 0), ("Réseau", 1)):
        assert remplie.chercher(role, etiquette=etiquette).total == total


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_sans_accord_la_citation_ne_sort_jamais_de_l_equipe(remplie: Monde, role: Role) -> None:
    remplie.modifier(0, accord_citation=AccordCitation.NON)
    remplie = replace(remplie, perimetre=replace(remplie.perimetre, fictive=True))
    assert remplie.mots(role) == ["la mairie présente les gens"]
    assert remplie.mots(role, texte="temps") == []
    assert remplie.chercher(role, etiquette="Réseau").total == 1
    equipe = remplie.chercher(etiquette="Temps").citations
    assert [citation.diffusable for citation in equipe] == [False, False]


def test_un_lecteur_ne_lit_ni_nom_ni_jour(monde: Monde) -> None:
    monde.citer("Judith, de chez Frigolive Logistique, aide le Panier de la Bigue ; Mme LŒB aussi", "Temps")
    citation = monde.chercher(Role.RELECTEUR).citations[0]
    ecrit = str(citation).lower()
    assert not any(nom in ecrit for nom in ("bigue", "frigolive", "judith", "lœb"))
    assert citation.source.startswith("Association\u00a0")
    assert citation.tenu_le == date(2026, 9, 1)


@pytest.mark.parametrize("nom", ["Judith", "frigolive", "Panier de la Bigue", "LŒB", "loeb aussi"])
def test_un_lecteur_ne_retrouve_pas_une_citation_par_un_nom_efface(monde: Monde, nom: str) -> None:
    monde.citer("Judith, de chez Frigolive Logistique, aide le Panier de la Bigue ; Mme LŒB aussi", "Temps")
    assert monde.chercher(texte=nom).total == 1
    page = monde.chercher(Role.RELECTEUR, texte=nom)
    assert (page.total, page.citations) == (0, ())


def test_un_lecteur_cherche_dans_ce_qu_il_lit(monde: Monde) -> None:
    for rang in range(60):
        monde.citer(f"Judith trouve que le temps manque, fois {rang}", "Temps")
    premiere = monde.chercher(Role.RELECTEUR, texte="TEMPS manque")
    assert (premiere.total, premiere.pages, len(premiere.citations), premiere.plafonne) == (60, 2, 50, False)
    seconde = monde.chercher(Role.RELECTEUR, texte="temps manque", page=2)
    lues = [c.verbatim_id for c in (*premiere.citations, *seconde.citations)]
    assert len(set(lues)) == 60 and lues == sorted(lues, reverse=True)
    assert not any("Judith" in c.citation for c in premiere.citations)
    assert monde.chercher(Role.RELECTEUR, texte="temps manque", page=9).page == 1


def test_masquer_une_page_efface_autant_que_masquer_tout(monde: Monde) -> None:
    mots = "Judith Loeb et Lœb, Saint-Panier de la Bigue ; panier de la bigue-ouest, FRIGOLIVE\u00a0Logistique, loeb"
    with lecture(monde.moteur) as session:
        extrait = (monde.entretiens[0], mots)
        entier = charger_pseudonymisation(session, monde.perimetre)
        reduit = charger_pseudonymisation(session, monde.perimetre, extraits=[extrait])
    assert reduit.masquer(mots, monde.entretiens[0]) == entier.masquer(mots, monde.entretiens[0]) != mots


def test_cinquante_par_page_et_aucune_perdue(monde: Monde) -> None:
    for rang in range(120):
        monde.citer(f"citation {rang}", "Temps")
    lues = [c.verbatim_id for page in (1, 2, 3) for c in monde.chercher(etiquette="Temps", page=page).citations]
    assert len(lues) == len(set(lues)) == 120
    premiere = monde.chercher(etiquette="Temps")
    assert (premiere.total, premiere.pages, len(premiere.citations)) == (120, 3, 50)
    assert monde.chercher(page=3).total == 120


def test_une_page_qui_n_existe_plus_ramene_a_la_premiere(remplie: Monde) -> None:
    page = remplie.chercher(page=12)
    assert (page.page, page.total, len(page.citations)) == (1, 4, 4)


def test_au_dela_du_plafond_on_dit_qu_il_y_en_a_plus(remplie: Monde, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recherche_citations, "PLAFOND", 3)
    page = remplie.chercher()
    assert (page.total, page.plafonne) == (3, True)
    assert not remplie.chercher(etiquette="Temps", descendantes=False).plafonne


def test_une_etiquette_archivee_garde_ses_citations(remplie: Monde) -> None:
    with ecriture(remplie.moteur, None) as session:
        session.get_one(Etiquette, remplie.etiquettes["Recherche"]).archive_le = maintenant()
    assert remplie.mots(etiquette="Recherche") == ["on cherche des heures"]
    assert remplie.mots(etiquette="Temps") == ["on cherche des heures", "le temps manque"]


def test_ce_qui_est_retire_ne_se_montre_plus(remplie: Monde) -> None:
    with ecriture(remplie.moteur, None) as session:
        premier = session.scalars(select(Verbatim).where(Verbatim.citation == "le temps manque")).one()
        premier.archive_le = maintenant()
        for pose in session.scalars(select(Etiquetage).where(Etiquetage.etiquette_id == remplie.etiquettes["Réseau"])):
            pose.retire_le = maintenant()
        refaire(session, remplie.perimetre.investigation_id or 0)
    assert remplie.mots(etiquette="Réseau") == []
    assert "le temps manque" not in remplie.mots()
    assert remplie.mots(sans_etiquette=True) == ["rien de spécial", "la mairie présente les gens"]


@pytest.mark.parametrize(("role", "plafond"), [(Role.ENQUETEUR, 3), (Role.RELECTEUR, 4)])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_citations(remplie: Monde, role: Role, plafond: int) -> None:
    for rang in range(60):
        remplie.citer(f"citation {rang}", "Temps")
    filtres = FiltresCitations(etiquettes=(remplie.etiquettes["Temps"],))
    with lecture(remplie.moteur) as session, compter_requetes(remplie.moteur) as ordres:
        page = lister_citations(session, replace(remplie.perimetre, role=role), filtres=filtres)
    assert len(page.citations) == 50 and len(ordres) <= plafond


def test_qui_a_mene_et_qui_a_code_se_filtrent(remplie: Monde) -> None:
    moi, autre = remplie.perimetre.compte_id, 10**6
    assert len(remplie.mots(enqueteur_id=moi)) == 4 and remplie.mots(enqueteur_id=autre) == []
    assert remplie.mots(codeur_id=moi) == ["la mairie présente les gens", "on cherche des heures", "le temps manque"]
    assert remplie.mots(codeur_id=autre) == [] and remplie.mots(codeur_id=autre, etiquette="Temps") == []


@pytest.mark.parametrize("tri", list(TriCitations))
def test_chaque_ordre_dans_les_deux_sens_montre_tout_une_fois(remplie: Monde, tri: TriCitations) -> None:
    croissant, decroissant = remplie.mots(tri=tri), remplie.mots(tri=tri, decroissant=True)
    assert sorted(croissant) == sorted(decroissant) and len(set(croissant)) == 4
    if tri is TriCitations.TERRAIN:
        assert croissant[0] == decroissant[-1] == "la mairie présente les gens"


def test_un_ordre_se_pagine_sans_perte(monde: Monde) -> None:
    for rang in range(60):
        monde.citer(f"citation {rang}", "Temps", entretien=rang % 2)
    for filtres in ({}, {"etiquette": "Temps"}):
        lues = [c for page in (1, 2) for c in monde.chercher(page=page, tri=TriCitations.TERRAIN, **filtres).citations]
        assert len({c.verbatim_id for c in lues}) == 60
        assert [c.terrain for c in lues] == ["Dijon"] * 30 + ["Marseille"] * 30


def test_l_equipe_lit_les_attributs_de_la_personne_jamais_son_nom(remplie: Monde) -> None:
    citation = remplie.chercher(contexte=True, type_acteur=TypeActeur.ENTREPRISE).citations[0]
    assert citation.contexte is not None
    assert (citation.contexte.taille, citation.contexte.fonctions) == (TailleEntreprise.PME_HORS_TPE, ("Direction",))
    assert citation.contexte.enqueteurs == ("Camille Test",)
    assert "Judith" not in str(citation.contexte)
    assert remplie.chercher(Role.RELECTEUR, contexte=True).citations[0].contexte is None


def test_les_memos_se_cherchent_dans_l_equipe_seule(remplie: Monde) -> None:
    with ecriture(remplie.moteur, None) as session:
        session.scalars(select(Verbatim).where(Verbatim.citation == "rien de spécial")).one().memo = "Relire avec Karim"
    assert remplie.mots(texte="karim") == []
    assert remplie.mots(texte="karim", nature=NatureIndexee.MEMO) == ["rien de spécial"]
    assert remplie.mots(Role.RELECTEUR, texte="karim", nature=NatureIndexee.MEMO) == []


def test_hors_de_l_equipe_ni_exclusion_ni_jour_ni_taille_ne_trahissent(monde: Monde) -> None:
    monde.citer("Judith trouve que le temps manque", "Temps")
    assert monde.mots(texte="temps -judith") == []
    assert len(monde.mots(Role.RELECTEUR, texte="temps -judith")) == 1
    assert len(monde.mots(Role.RELECTEUR, du=date(2026, 9, 20))) == 1, "le mois, jamais le jour"
    assert monde.mots(Role.RELECTEUR, au=date(2026, 8, 31)) == []
    assert len(monde.mots(Role.RELECTEUR, taille=TailleEntreprise.GE, codeur_id=10**6)) == 1
    assert len(monde.mots(Role.RELECTEUR, accord=AccordCitation.NON)) == 1


def test_trouver_tout_ce_qui_repond_suit_les_memes_regles(remplie: Monde) -> None:
    for role in (Role.ENQUETEUR, Role.RELECTEUR):
        for filtres in (FiltresCitations(), FiltresCitations(texte="temps"), FiltresCitations(sans_etiquette=True)):
            perimetre = replace(remplie.perimetre, role=role)
            with lecture(remplie.moteur) as session:
                page = lister_citations(session, perimetre, filtres=filtres)
                trouvees = trouver_citations(session, perimetre, filtres=filtres)
            assert trouvees == [citation.verbatim_id for citation in page.citations]


def test_la_visite_ne_lit_pas_un_terrain_et_un_type_qui_designent(monde: Monde) -> None:
    """Un seul acteur par terrain : son type se tait, aucun numéro ne se compte, choisir un type ne trahit rien."""
    monde = replace(monde, perimetre=replace(monde.perimetre, fictive=True))
    monde.citer("On manque de temps.", "Temps")
    monde.citer("Le réseau aide.", "Réseau", entretien=1)
    lues = monde.chercher(Role.DEMONSTRATION)
    assert lues.total == 2 and {c.terrain for c in lues.citations} == {"Marseille", "Dijon"}
    assert {(c.source, c.type_dit) for c in lues.citations} == {(TYPE_TU, TYPE_TU)}
    for type_acteur in (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE):
        assert monde.chercher(Role.DEMONSTRATION, type_acteur=type_acteur).total == 0
        assert monde.chercher(Role.RELECTEUR, type_acteur=type_acteur).total == 1
    ranges = [
        [c.verbatim_id for c in monde.chercher(Role.DEMONSTRATION, tri=tri).citations]
        for tri in (TriCitations.TYPE_ACTEUR, TriCitations.RECENTES)
    ]
    assert ranges[0] == ranges[1]


def test_la_visite_lit_le_type_de_trois_acteurs(moteur: Engine, monde: Monde) -> None:
    monde = replace(monde, perimetre=replace(monde.perimetre, fictive=True))
    monde.citer("On manque de temps.", "Temps")
    with ecriture(moteur, None) as session:
        for identifiant in monde.terrains:
            terrain = session.get_one(Terrain, identifiant)
            for type_acteur in (*(TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE) * 3,):
                fabriques.un_entretien(session, terrain, type_acteur=type_acteur)
    (lue,) = monde.chercher(Role.DEMONSTRATION).citations
    assert (lue.terrain, lue.type_dit, lue.source) == ("Marseille", "Association", "Association")
    assert monde.chercher(Role.DEMONSTRATION, type_acteur=TypeActeur.ASSOCIATION).total == 1
