"""Les matrices disent ce que disent les lignes, ouvrent ce qu'elles comptent, et taisent les petits effectifs."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Etiquetage, Etiquette, SyntheseEtiquette, Terrain, Texte, Verbatim
from lib.domain.erreurs import AccesRefuse, Introuvable
from lib.domain.matrices import AttributMatrice, Case, Cooccurrence, MesureMatrice
from lib.domain.vocabulaire import FamilleEtiquette, Role, TailleEntreprise, TypeActeur
from lib.services import organisations
from lib.services.matrices import (
    LigneMatrice,
    Matrice,
    lire_cooccurrences,
    lire_croisement,
    lire_presences,
    ouvrir_case,
)
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes

ATTRIBUTS = list(AttributMatrice)


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def lisible(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def _textes(matrice: Matrice) -> dict[str, list[str]]:
    return {lisible(ligne.nom): [lisible(case.texte) for case in ligne.cases] for ligne in matrice.lignes}


def _entetes(matrice: Matrice) -> list[str]:
    return [lisible(entete) for entete in matrice.entetes]


def _croiser(moteur: Engine, enquete: Enquete, role: Role, attribut: AttributMatrice, mesure: MesureMatrice) -> Matrice:
    with lecture(moteur) as session:
        return lire_croisement(session, enquete.perimetre(role), attribut=attribut, mesure=mesure)


def test_citations_par_terrain(moteur: Engine, enquete: Enquete) -> None:
    """Marseille : « temps » sur deux citations, « coût » sur l'une d'elles, une citation sans étiquette."""
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, AttributMatrice.TERRAIN, MesureMatrice.CITATIONS)
    assert _entetes(matrice) == [
        "Marseille (N = 3)",
        "Bourgogne (N = 1)",
        "Ensemble (N = 4)",
    ]
    assert _textes(matrice) == {
        "Manque de temps": ["2 (67 %)", "1 (100 %)", "3 (75 %)"],
        "Coût caché": ["1 (33 %)", "0", "1 (25 %)"],
        "Sans étiquette": ["1 (33 %)", "0", "1 (25 %)"],
        "Toutes les étiquettes": ["3", "1", "4"],
        "Total, avec « sans étiquette »": ["4", "1", "5"],
        "Citations différentes": ["3", "1", "4"],
    }


def test_entretiens_par_type_d_acteur_avec_leur_intervalle(moteur: Engine, enquete: Enquete) -> None:
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, AttributMatrice.TYPE_ACTEUR, MesureMatrice.ENTRETIENS)
    # L'entreprise rencontrée n'a aucune citation : elle n'est pas codée, donc pas au dénominateur.
    assert _entetes(matrice) == [
        "Association (N = 3)",
        "Entreprise (N = 0)",
        "Ensemble (N = 3)",
    ]
    temps = matrice.lignes[0].cases[0]
    assert (lisible(temps.texte), lisible(temps.precision)) == ("3 (100 %)", "[44 % ; 100 %]")
    assert temps.ouvre == Case(etiquette_id=enquete.irritants[0], type_acteur=TypeActeur.ASSOCIATION)


@pytest.mark.parametrize("attribut", ATTRIBUTS)
def test_etiquettes_et_sans_font_le_total(moteur: Engine, enquete: Enquete, attribut: AttributMatrice) -> None:
    """Rien ne se perd : chaque colonne refait le nombre d'étiquetages et de citations nues de la base."""
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, attribut, MesureMatrice.CITATIONS)

    def entiers(ligne: LigneMatrice) -> list[int]:
        return [int(lisible(case.texte).split(" (")[0].replace(" ", "")) for case in ligne.cases]

    lignes = {lisible(ligne.nom): entiers(ligne) for ligne in matrice.lignes}
    detail = [valeurs for nom, valeurs in lignes.items() if nom in {"Manque de temps", "Coût caché", "Sans étiquette"}]
    assert [sum(colonne) for colonne in zip(*detail, strict=True)] == lignes["Total, avec « sans étiquette »"]
    assert lignes["Total, avec « sans étiquette »"][-1] == 5


@pytest.mark.parametrize("attribut", ATTRIBUTS)
def test_chaque_case_ouvre_exactement_ce_qu_elle_compte(
    moteur: Engine, enquete: Enquete, attribut: AttributMatrice
) -> None:
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, attribut, MesureMatrice.CITATIONS)
    with lecture(moteur) as session:
        for ligne in matrice.lignes:
            for case in ligne.cases:
                if case.ouvre:
                    ouverte = ouvrir_case(session, enquete.perimetre(Role.ENQUETEUR), case=case.ouvre)
                    assert ouverte.total == int(case.texte.split("\u00a0")[0].split(" ")[0]), (ligne.nom, case)


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_hors_de_l_equipe_ni_un_ni_deux_ne_se_lisent(moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    matrice = _croiser(moteur, enquete, role, AttributMatrice.TERRAIN, MesureMatrice.CITATIONS)
    assert _textes(matrice) == {
        "Manque de temps": ["masqué", "masqué", "3"],
        "Coût caché": ["masqué", "masqué", "< 3"],
        "Sans étiquette": ["masqué", "masqué", "< 3"],
    }
    assert [entete.replace("\N{NO-BREAK SPACE}", " ") for entete in matrice.entetes] == [
        "Marseille (N = masqué)",
        "Bourgogne (N = masqué)",
        "Ensemble (N = masqué)",
    ]
    assert matrice.lignes[0].cases[0].ouvre is None
    with lecture(moteur) as session:
        if role is Role.RELECTEUR:
            paires = lire_cooccurrences(session, enquete.perimetre(role), nature=Cooccurrence.CITATION)
            assert _textes(paires) == {"Manque de temps + Coût caché": ["< 3"], "Sans étiquette": ["< 3"]}
            assert paires.figure is None
        with pytest.raises(AccesRefuse):
            lire_presences(session, enquete.perimetre(role))
        with pytest.raises(AccesRefuse):
            ouvrir_case(session, enquete.perimetre(role), case=Case(etiquette_id=0, entretien_id=1))


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_hors_de_l_equipe_une_adresse_n_ouvre_que_ce_qu_une_matrice_ouvre(moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    perimetre = enquete.perimetre(role)
    temps, cout = sorted(enquete.irritants)
    paire = Case(etiquette_id=temps, autre_id=cout, nature=Cooccurrence.CITATION)
    adresses = [
        *_toutes_les_cases(enquete),
        paire,
        replace(paire, etiquette_id=cout, autre_id=temps),
        replace(paire, autre_id=temps),
        replace(paire, type_acteur=TypeActeur.ASSOCIATION),
        Case(etiquette_id=temps, type_acteur=TypeActeur.ASSOCIATION, taille=""),
    ]
    with lecture(moteur) as session:
        matrices = [lire_croisement(session, perimetre, attribut=attribut) for attribut in ATTRIBUTS]
        if role is Role.RELECTEUR:
            matrices += [lire_cooccurrences(session, perimetre, nature=nature) for nature in Cooccurrence]
        ouvertes = {case.ouvre for matrice in matrices for ligne in matrice.lignes for case in ligne.cases}
        assert Case(etiquette_id=temps) in ouvertes
        for case in adresses:
            if case in ouvertes:
                assert ouvrir_case(session, perimetre, case=case).total
            else:
                with pytest.raises(AccesRefuse):
                    ouvrir_case(session, perimetre, case=case)


def test_une_etiquette_moins_une_paire_ne_designe_personne(moteur: Engine) -> None:
    """Cinq portent « Temps » et « Coût », six portent « Temps » : la visite soustrairait ; elle ne lit aucune paire."""
    enquete = preparer(moteur, fictive=True)
    paire = Case(etiquette_id=enquete.irritants[0], autre_id=enquete.irritants[1], nature=Cooccurrence.CITATION)
    with ecriture(moteur, None) as session:
        terrain = session.get_one(Terrain, enquete.marseille)
        for _ in range(4):
            texte = fabriques.un_texte(session, fabriques.un_entretien(session, terrain), "Le temps manque.")
            verbatim = fabriques.un_verbatim(session, texte, 0, 8)
            for irritant in enquete.irritants:
                etiquette = session.get_one(Etiquette, irritant)
                fabriques.un_etiquetage(session, verbatim, etiquette, enquete.comptes[Role.ENQUETEUR])
        refaire(session, enquete.investigation.id)
    with lecture(moteur) as session:
        equipe, visite = enquete.perimetre(Role.ENQUETEUR), enquete.perimetre(Role.DEMONSTRATION)
        assert lire_cooccurrences(session, equipe, nature=Cooccurrence.CITATION).lignes[0].cases[1].texte == "5"
        for nature in Cooccurrence:
            with pytest.raises(AccesRefuse, match="ne sont pas ouvertes à la visite"):
                lire_cooccurrences(session, visite, nature=nature)
            with pytest.raises(AccesRefuse):
                ouvrir_case(session, visite, case=replace(paire, nature=nature))


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_hors_de_l_equipe_une_case_montree_s_ouvre_et_sa_voisine_tue_ne_s_ouvre_pas(moteur: Engine, role: Role) -> None:
    """Neuf associations sur 21 portent l'étiquette, quatre institutions sur douze, deux entreprises sur neuf."""
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session, fictive=True)
        terrain = fabriques.un_terrain(session, investigation, nom="Marseille")
        reseau, autre = (fabriques.une_etiquette(session, investigation, nom=nom) for nom in ("Réseau", "Autre"))
        codeur = fabriques.un_compte(session, Role.ENQUETEUR, investigation)
        lecteur = fabriques.un_compte(session, role, investigation)
        for type_acteur, portent, rencontres in (
            (TypeActeur.ASSOCIATION, 9, 21),
            (TypeActeur.INSTITUTION, 4, 12),
            (TypeActeur.ENTREPRISE, 2, 9),
        ):
            for rang in range(rencontres):
                entretien = fabriques.un_entretien(session, terrain, type_acteur=type_acteur)
                texte = fabriques.un_texte(session, entretien, "Le temps manque.")
                etiquette = reseau if rang < portent else autre
                fabriques.un_etiquetage(session, fabriques.un_verbatim(session, texte, 0, 8), etiquette, codeur)
        refaire(session, investigation.id)
    perimetre = fabriques.un_perimetre(lecteur, investigation)
    with lecture(moteur) as session:
        matrice = lire_croisement(session, perimetre, attribut=AttributMatrice.TYPE_ACTEUR)
        montree, cachee = (
            Case(etiquette_id=reseau.id, type_acteur=t) for t in (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE)
        )
        textes = dict(zip(matrice.entetes, matrice.lignes[0].cases, strict=True))
        lues = {propre(entete).split(" (")[0]: case for entete, case in textes.items()}
        assert (propre(lues["Association"].texte), lues["Association"].ouvre) == ("9 (43 %)", montree)
        assert (propre(lues["Entreprise"].texte), lues["Entreprise"].ouvre) == ("< 3", None)
        assert (lues["Institution"].texte, lues["Institution"].ouvre) == ("masqué", None)
        assert ouvrir_case(session, perimetre, case=montree).total == 9
        for case in (cachee, replace(cachee, type_acteur=TypeActeur.INSTITUTION)):
            with pytest.raises(AccesRefuse):
                ouvrir_case(session, perimetre, case=case)


def propre(texte: str) -> str:
    return texte.replace("\xa0", " ").replace("\u202f", " ")


def _toutes_les_cases(enquete: Enquete) -> list[Case]:
    return [
        case
        for etiquette_id in (0, *enquete.irritants)
        for case in (
            Case(etiquette_id=etiquette_id),
            *(Case(etiquette_id=etiquette_id, terrain_id=lieu) for lieu in (enquete.marseille, enquete.bourgogne)),
            *(Case(etiquette_id=etiquette_id, type_acteur=type_acteur) for type_acteur in TypeActeur),
            *(Case(etiquette_id=etiquette_id, taille=taille) for taille in ("", *TailleEntreprise)),
        )
    ]


def test_hors_de_l_equipe_une_case_ne_rend_que_ce_qui_peut_se_citer(moteur: Engine, enquete: Enquete) -> None:
    with lecture(moteur) as session:
        ouverte = ouvrir_case(session, enquete.perimetre(Role.RELECTEUR), case=Case(etiquette_id=enquete.irritants[0]))
    textes = " ".join(citation.citation for citation in ouverte.citations)
    assert ouverte.total == 2 and "trésorier" not in textes and "Nadège" not in textes


def test_un_terrain_ferme_ne_compte_ni_ne_s_ouvre(moteur: Engine, enquete: Enquete) -> None:
    borne = enquete.perimetre(Role.ENQUETEUR, terrains=frozenset({enquete.bourgogne}))
    with lecture(moteur) as session:
        matrice = lire_croisement(session, borne, attribut=AttributMatrice.TERRAIN, mesure=MesureMatrice.CITATIONS)
        assert _entetes(matrice) == ["Bourgogne (N = 1)", "Ensemble (N = 1)"]
        assert ouvrir_case(session, borne, case=Case(etiquette_id=enquete.irritants[0])).total == 1
        ailleurs = ouvrir_case(
            session, borne, case=Case(etiquette_id=enquete.irritants[0], terrain_id=enquete.marseille)
        )
        assert ailleurs.total == 0
        with pytest.raises(Introuvable):
            ouvrir_case(session, borne, case=Case(etiquette_id=10**6))
        assert [ligne.nom for ligne in lire_presences(session, borne).lignes[:-1]] == ["E-BFC-001 · Bourgogne"]


def test_une_etiquette_archivee_reste_tant_qu_on_la_porte(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, enquete.irritants[1]).archive_le = maintenant()
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, AttributMatrice.TERRAIN, MesureMatrice.CITATIONS)
    assert "Coût caché (archivée)" in _textes(matrice)


def test_la_taille_suit_la_fiche_de_l_organisation(moteur: Engine, enquete: Enquete) -> None:
    """Corriger la taille d'une entreprise déplace ses citations d'une colonne à l'autre, sans rien refaire."""
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, perimetre) as session:
        entretien = session.scalars(select(Entretien).where(Entretien.code == "E-MRS-002")).one()
        texte = fabriques.un_texte(session, entretien, "Trop cher.")
        verbatim = fabriques.un_verbatim(session, texte, 0, 9)
        codeur = enquete.comptes[Role.ENQUETEUR]
        fabriques.un_etiquetage(session, verbatim, session.get_one(Etiquette, enquete.irritants[1]), codeur)
        refaire(session, enquete.investigation.id)
        assert entretien.organisation_id
        fiche = organisations.lire(session, perimetre, organisation_id=entretien.organisation_id)
        corrigee = replace(fiche.saisie, taille=TailleEntreprise.PME_HORS_TPE)
        organisations.corriger(session, perimetre, corrigee, organisation_id=fiche.id, version=fiche.version)
        assert verifier(session, enquete.investigation.id) == []
    matrice = _croiser(moteur, enquete, Role.ENQUETEUR, AttributMatrice.TAILLE, MesureMatrice.CITATIONS)
    assert _entetes(matrice)[:2] == ["PME hors TPE (N = 1)", "Sans taille (N = 4)"]
    assert _textes(matrice)["Coût caché"][0] == "1 (100 %)"


def test_deux_etiquettes_ensemble_et_leurs_citations(moteur: Engine, enquete: Enquete) -> None:
    temps, cout = sorted(enquete.irritants)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with ecriture(moteur, None) as session:
        _chevaucher(session, enquete)
    with lecture(moteur) as session:
        attendus = {Cooccurrence.CITATION: ("1", 1), Cooccurrence.CHEVAUCHEMENT: ("2", 2), Cooccurrence.TOUR: ("1", 2)}
        for nature, (rencontres, citations) in attendus.items():
            matrice = lire_cooccurrences(session, perimetre, nature=nature)
            ligne = matrice.lignes[0]
            assert [case.texte for case in ligne.cases] == [rencontres, "1"], nature
            assert ligne.cases[0].ouvre == Case(etiquette_id=temps, autre_id=cout, nature=nature)
            assert ouvrir_case(session, perimetre, case=ligne.cases[0].ouvre).total == citations, nature
            # L'ordre des deux étiquettes ne change rien à ce qui les réunit.
            inverse = Case(etiquette_id=cout, autre_id=temps, nature=nature)
            assert ouvrir_case(session, perimetre, case=inverse).total == citations, nature
            assert _textes(matrice)["Sans étiquette"] == ["1 citation", "1"]


def _chevaucher(session: Session, enquete: Enquete) -> None:
    """Un passage « coût » qui mord sur celui qui porte les deux étiquettes."""
    deja = session.scalars(
        select(Verbatim).join(Etiquetage).where(Etiquetage.etiquette_id == enquete.irritants[1])
    ).one()

    texte = session.get_one(Texte, deja.texte_id)
    mordant = fabriques.un_verbatim(session, texte, deja.fin - 3, deja.fin + 2)
    cout = session.get_one(Etiquette, enquete.irritants[1])
    fabriques.un_etiquetage(session, mordant, cout, enquete.comptes[Role.ENQUETEUR])
    refaire(session, enquete.investigation.id)


def test_zero_un_par_entretien(moteur: Engine, enquete: Enquete) -> None:
    with lecture(moteur) as session:
        perimetre = enquete.perimetre(Role.ENQUETEUR)
        matrice = lire_presences(session, perimetre)
        assert matrice.entetes == ("Manque de temps", "Coût caché", "Sans étiquette")
        assert _textes(matrice) == {
            "E-BFC-001 · Bourgogne": ["1", "0", "0"],
            "E-MRS-003 · Marseille": ["1", "0", "0"],
            "E-MRS-002 (pas encore codé)": ["–", "–", "–"],
            "E-MRS-001 · Marseille": ["1", "1", "1"],
            "Entretiens de cette page": ["3", "1", "1"],
        }
        ouvre = matrice.lignes[3].ouvre(1)
        assert ouvre and ouvrir_case(session, perimetre, case=ouvre).total == 1
        leviers = lire_presences(session, perimetre, famille=FamilleEtiquette.LEVIER)
        assert leviers.entetes == ("Sans étiquette",)


def test_cinquante_par_page(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        terrain = session.get_one(Terrain, enquete.marseille)
        for _ in range(51):
            fabriques.une_etiquette(session, enquete.investigation)
            fabriques.un_entretien(session, terrain)
        refaire(session, enquete.investigation.id)
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    with lecture(moteur) as session, compter_requetes(moteur) as ordres:
        seconde = lire_croisement(session, perimetre, attribut=AttributMatrice.TERRAIN, page=2)
        assert (len(seconde.lignes), seconde.pages) == (3 + 1, 2)
        presences = lire_presences(session, perimetre, page=2)
        assert (len(presences.lignes), presences.pages, presences.tranches) == (5 + 1, 2, 2)
    assert len(ordres) <= 12
    with lecture(moteur) as session:
        tranches = [lire_presences(session, perimetre, tranche=tranche).entetes for tranche in (1, 2)]
        assert [len(noms) for noms in tranches] == [50 + 1, 3 + 1] and len({n for t in tranches for n in t}) == 53 + 1
    with lecture(moteur) as session:
        assert session.scalar(select(func.count()).select_from(SyntheseEtiquette))


def test_une_case_ne_lit_que_sa_page_et_compte_tout(moteur: Engine, enquete: Enquete) -> None:
    """Deux personnes ont posé les mêmes étiquettes : une citation se montre une fois, la dernière d'abord."""
    temps, cout = enquete.irritants[:2]
    with ecriture(moteur, None) as session:
        entretien = session.scalars(select(Entretien).where(Entretien.code == "E-MRS-002")).one()
        texte = fabriques.un_texte(session, entretien, "Trop cher. " * 60)
        posees = [fabriques.un_verbatim(session, texte, 11 * rang, 11 * rang + 10) for rang in range(60)]
        for verbatim, etiquette_id, role in product(posees, (temps, cout), (Role.ENQUETEUR, Role.ADMINISTRATEUR)):
            etiquette = session.get_one(Etiquette, etiquette_id)
            fabriques.un_etiquetage(session, verbatim, etiquette, enquete.comptes[role])
        refaire(session, enquete.investigation.id)
        attendues = [verbatim.id for verbatim in reversed(posees)]
    perimetre = enquete.perimetre(Role.ENQUETEUR)
    ensemble = Case(etiquette_id=temps, autre_id=cout, nature=Cooccurrence.CITATION)
    with lecture(moteur) as session:
        for case in (Case(etiquette_id=cout, terrain_id=entretien.terrain_id), ensemble):
            premiere = ouvrir_case(session, perimetre, case=case)
            assert [citation.verbatim_id for citation in premiere.citations] == attendues[:50]
            assert premiere.pages == 2 and premiere.plafonne is (case is ensemble)
            seconde = ouvrir_case(session, perimetre, case=case, page=2)
            assert [citation.verbatim_id for citation in seconde.citations][:10] == attendues[50:]
            assert seconde.total == 50 + len(seconde.citations) and not seconde.plafonne
        assert ouvrir_case(session, perimetre, case=Case(etiquette_id=cout), page=9).page == 1
