"""Ce qui sort, à qui, sous quel nom ; et ce qui ne sort jamais."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from lib.db.modeles import Entretien, Investigation, LigneJournal, Partenariat, Terrain
from lib.domain.erreurs import AccesRefuse, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import ActionJournal, Role, TypeActeur
from lib.echanges.tableur import relire_csv, relire_xlsx
from lib.services.exports import DemandeExport, FormatExport, produire, tables_ouvertes
from lib.services.exports_entretiens import RESERVE
from lib.services.partenariat_fiche import lire_fiche
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import (
    COORDONNEES,
    FORMULE,
    ORGANISATIONS,
    PERSONNES,
    SANS_ACCORD,
    SANS_ETIQUETTE,
    SANS_NOTICE,
    Enquete,
    preparer,
)

MOTIF = "Demande du délégué à la protection des données"
IDENTIFIE = DemandeExport(identifie=True, motif=MOTIF)
TOUT = DemandeExport()
CSV = DemandeExport(format=FormatExport.CSV)


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def sortir(moteur: Engine, enquete: Enquete, role: Role, demande: DemandeExport = TOUT) -> bytes:
    pret = produire(moteur, enquete.perimetre(role), demande, auteur="essai")
    return pret.fichier.read()


def onglets(contenu: bytes) -> dict[str, list[dict[str, object]]]:
    """Nom d'onglet → lignes, par en-tête."""
    return {
        nom: [dict(zip(lignes[0], ligne, strict=True)) for ligne in lignes[1:]]
        for nom, lignes in relire_xlsx(contenu).items()
    }


def tout_ce_qui_est_ecrit(contenu: bytes) -> Iterator[str]:
    """Chaque fichier d'une archive (un classeur en est une), en clair."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        for nom in archive.namelist():
            yield archive.read(nom).decode("utf-8", errors="replace")


def mots_interdits() -> list[str]:
    noms_de_famille = [nom.split()[-1] for nom in PERSONNES]
    return [*PERSONNES, *noms_de_famille, *COORDONNEES, *ORGANISATIONS, "Frigolive", "Calanques", "732829320", "Judith"]


# --- Ce qui ne sort jamais --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
@pytest.mark.parametrize("demande", [DemandeExport(), CSV])
def test_aucun_nom_dans_un_export_pseudonymise(
    moteur: Engine, enquete: Enquete, role: Role, demande: DemandeExport
) -> None:
    ecrit = "\n".join(tout_ce_qui_est_ecrit(sortir(moteur, enquete, role, demande)))
    assert "E-MRS-001" in ecrit
    assert [mot for mot in mots_interdits() if mot in ecrit] == []


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
@pytest.mark.parametrize("demande", [DemandeExport(), CSV])
def test_sans_notice_rien_ne_sort(moteur: Engine, enquete: Enquete, role: Role, demande: DemandeExport) -> None:
    ecrit = "\n".join(tout_ce_qui_est_ecrit(sortir(moteur, enquete, role, demande)))
    assert SANS_NOTICE not in ecrit
    assert "E-MRS-004" not in ecrit and "E-MRS-005" not in ecrit


def test_sans_notice_rien_ne_sort_meme_identifie(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ADMINISTRATEUR, IDENTIFIE))
    assert [ligne["Entretien"] for ligne in tables["Entretiens"]] == [
        "E-MRS-001",
        "E-MRS-002",
        "E-MRS-003",
        "E-BFC-001",
    ]
    assert len(tables["Partenariats"]) == 1
    assert SANS_NOTICE not in str(tables)


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
@pytest.mark.parametrize("demande", [DemandeExport(), CSV])
def test_sans_accord_les_mots_ne_sortent_pas(
    moteur: Engine, enquete: Enquete, role: Role, demande: DemandeExport
) -> None:
    assert SANS_ACCORD not in "\n".join(tout_ce_qui_est_ecrit(sortir(moteur, enquete, role, demande)))


def test_sans_accord_l_equipe_garde_la_ligne_pas_les_mots(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ENQUETEUR))
    citations = {ligne["Citation"] for ligne in tables["Citations"] if ligne["Entretien"] == "E-MRS-003"}
    textes = {ligne["Texte"] for ligne in tables["Textes"] if ligne["Entretien"] == "E-MRS-003"}
    assert citations == textes == {RESERVE}


def test_le_relecteur_ne_recoit_que_le_citable_et_aucun_texte(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.RELECTEUR))
    assert {ligne["Entretien"] for ligne in tables["Citations"]} == {"E-MRS-001", "E-BFC-001"}
    assert {ligne["Entretien"] for ligne in tables["Étiquetages"]} == {"E-MRS-001", "E-BFC-001"}
    assert not {"Textes", "Personnes", "Présences", "Enquêteurs"} & tables.keys()
    assert "Posée le" not in tables["Étiquetages"][0]
    assert "Mémo" not in tables["Citations"][0] and "Description" not in tables["Partenariats"][0]


def test_le_jour_d_une_rencontre_ne_sort_pas_de_l_equipe(moteur: Engine, enquete: Enquete) -> None:
    for role, attendu in ((Role.ENQUETEUR, date), (Role.RELECTEUR, str)):
        tables = onglets(sortir(moteur, enquete, role))
        lus = [ligne[nom] for ligne in tables["Entretiens"] for nom in ("Date", "Notice remise le")]
        lus += [ligne["Date"] for ligne in tables["Citations"]]
        assert lus and all(isinstance(lu, attendu) for lu in lus)
        if role is Role.RELECTEUR:
            assert all(re.fullmatch(r"\w+\u00a0\d{4}", str(lu)) for lu in lus)


def test_un_entretien_d_un_autre_terrain_n_est_pas_nomme_comme_source(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        partenariat = session.scalars(select(Partenariat).where(Partenariat.terrain_id == enquete.marseille)).first()
        ailleurs = session.scalars(select(Entretien).where(Entretien.code == "E-BFC-001")).one()
        assert partenariat is not None
        partenariat.source_entretien_id = ailleurs.id
    borne = enquete.perimetre(Role.ENQUETEUR, terrains=frozenset({enquete.marseille}))
    pret = produire(moteur, borne, TOUT, auteur="essai")
    assert "E-BFC" not in "".join(tout_ce_qui_est_ecrit(pret.fichier.read()))
    with lecture(moteur) as session:
        fiche = lire_fiche(session, borne, partenariat_id=partenariat.id)
    assert (fiche.source, fiche.source_id) == ("", None)


def test_un_episode_precedent_sans_notice_n_est_pas_designe(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        brouillon = session.scalars(select(Entretien).where(Entretien.code == "E-MRS-004")).one()
        partenariats = session.scalars(select(Partenariat)).all()
        (cache,) = (p for p in partenariats if p.source_entretien_id == brouillon.id)
        (sorti,) = (p for p in partenariats if p is not cache)
        sorti.episode_precedent_id = cache.id
    for role, demande in ((Role.RELECTEUR, TOUT), (Role.ADMINISTRATEUR, IDENTIFIE)):
        (ligne,) = onglets(sortir(moteur, enquete, role, demande))["Partenariats"]
        assert ligne["Épisode précédent n°"] is None


def test_la_demonstration_n_exporte_pas(moteur: Engine) -> None:
    enquete = preparer(moteur, fictive=True)
    with pytest.raises(AccesRefuse):
        sortir(moteur, enquete, Role.DEMONSTRATION)


def test_un_autre_terrain_ne_sort_pas(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.ENQUETEUR, terrains=frozenset({enquete.bourgogne}))
    pret = produire(moteur, perimetre, DemandeExport(), auteur="essai")
    tables = onglets(pret.fichier.read())
    assert {ligne["Entretien"] for ligne in tables["Entretiens"]} == {"E-BFC-001"}
    assert {ligne["Terrain"] for ligne in tables["Plan d'entretiens"]} == {"Bourgogne"}
    assert tables["Partenariats"] == []
    with pytest.raises(Introuvable):
        produire(moteur, perimetre, DemandeExport(terrain_id=enquete.marseille), auteur="essai")


def test_une_autre_investigation_ne_sort_pas(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        autre = fabriques.une_investigation(session)
        terrain = fabriques.un_terrain(session, autre)
        fabriques.un_entretien(session, terrain, code="E-AUTRE")
        etranger = terrain.id
    assert "E-AUTRE" not in "".join(tout_ce_qui_est_ecrit(sortir(moteur, enquete, Role.ADMINISTRATEUR, IDENTIFIE)))
    with pytest.raises(Introuvable):
        sortir(moteur, enquete, Role.ADMINISTRATEUR, DemandeExport(terrain_id=etranger))


# --- Données identifiées ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("motif", ["", "   ", "trop court", "a    b    c"])
def test_sans_motif_pas_d_export_identifie(moteur: Engine, enquete: Enquete, motif: str) -> None:
    court = motif[:9] if motif == "trop court" else motif
    with pytest.raises(DonneeInvalide, match="pourquoi") as refus:
        sortir(moteur, enquete, Role.ADMINISTRATEUR, DemandeExport(identifie=True, motif=court))
    assert refus.value.champ == "motif"
    assert journal(moteur) == []


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_l_identifie_est_a_l_administration(moteur: Engine, enquete: Enquete, role: Role) -> None:
    with pytest.raises(AccesRefuse):
        sortir(moteur, enquete, role, IDENTIFIE)
    assert journal(moteur) == []


@pytest.mark.parametrize("table", ["personnes", "textes", "inconnue"])
def test_une_table_interdite_se_refuse(moteur: Engine, enquete: Enquete, table: str) -> None:
    with pytest.raises(DonneeInvalide, match="ne peut pas sortir"):
        sortir(moteur, enquete, Role.RELECTEUR, DemandeExport(tables=(table,)))


def test_l_identifie_garde_tout(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ADMINISTRATEUR, IDENTIFIE))
    assert sorted(str(ligne["Nom"]) for ligne in tables["Personnes"]) == sorted(PERSONNES)
    assert tables["Personnes"][0]["Téléphone"] == COORDONNEES[1]
    textes = {ligne["Entretien"]: ligne["Texte"] for ligne in tables["Textes"]}
    assert textes["E-MRS-003"] == SANS_ACCORD
    assert "M. Castagnol, de Frigolive Logistique" in str(textes["E-MRS-001"])
    assert set(ORGANISATIONS) <= {ligne["Nom"] for ligne in tables["Organisations"]}


# --- Rien ne se perd --------------------------------------------------------------------------------------------


def test_chaque_citation_a_sa_ligne_etiquetee_ou_non(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ENQUETEUR))
    citations = {ligne["Citation"]: ligne for ligne in tables["Citations"]}
    assert len(tables["Citations"]) == 4
    assert citations[SANS_ETIQUETTE]["Nombre d'étiquettes"] == 0
    assert citations[FORMULE]["Étiquettes"] == "Manque de temps ; Coût caché"
    lignes = sum(max(1, int(str(ligne["Nombre d'étiquettes"]))) for ligne in tables["Citations"])
    assert lignes == len(tables["Étiquetages"])
    assert [ligne["Étiquette"] for ligne in tables["Étiquetages"]].count("Sans étiquette") == 1


def test_une_citation_commencant_par_egal_reste_un_texte(moteur: Engine, enquete: Enquete) -> None:
    contenu = sortir(moteur, enquete, Role.ENQUETEUR)
    assert not any("<f>" in partie for partie in tout_ce_qui_est_ecrit(contenu))
    assert FORMULE in {ligne["Citation"] for ligne in onglets(contenu)["Citations"]}
    brut = sortir(moteur, enquete, Role.ENQUETEUR, replace(CSV, tables=("citations",)))
    assert f";'{FORMULE};".encode() in brut
    entetes, *lignes = relire_csv(brut)
    assert FORMULE in {ligne[entetes.index("Citation")] for ligne in lignes}


def test_le_csv_et_le_classeur_disent_la_meme_chose(moteur: Engine, enquete: Enquete) -> None:
    with zipfile.ZipFile(io.BytesIO(sortir(moteur, enquete, Role.ENQUETEUR, CSV))) as archive:
        relus = {nom.removesuffix(".csv"): relire_csv(archive.read(nom)) for nom in archive.namelist() if ".csv" in nom}
        assert "Nature : Données pseudonymisées" in archive.read("Lisez-moi.txt").decode().replace("\xa0", " ")
    classeur = relire_xlsx(sortir(moteur, enquete, Role.ENQUETEUR))
    assert list(relus) == [nom for nom in classeur if nom != "Lisez-moi"]
    for nom, lignes in relus.items():
        textes = [[valeur for valeur in ligne if isinstance(valeur, str)] for ligne in classeur[nom]]
        assert all(set(attendus) <= set(ligne) for attendus, ligne in zip(textes, lignes, strict=True))


def test_un_partenariat_et_ses_evenements(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ENQUETEUR))
    (partenariat,) = tables["Partenariats"]
    assert partenariat["Forme principale"] == "Prêt (locaux, matériel, véhicule)"
    assert partenariat["Autres formes"] == "Don en nature"
    assert partenariat["Volume"] == 1250.5
    assert partenariat["Entretien source"] == "E-MRS-001"
    assert partenariat["Description"] == "[personne] porte le projet."
    assert partenariat["Statut"] == "À vérifier"
    assert [ligne["Partenariat n°"] for ligne in tables["Événements"]] == [partenariat["Partenariat n°"]]


def test_le_plan_dit_prevu_et_fait(moteur: Engine, enquete: Enquete) -> None:
    plan = onglets(sortir(moteur, enquete, Role.ENQUETEUR))["Plan d'entretiens"]
    assert [(ligne["Terrain"], ligne["Prévus"], ligne["Réalisés"], ligne["Rendez-vous pris"]) for ligne in plan] == [
        ("Marseille", 4, 2, 1),
        ("Marseille", 2, 1, 0),
        ("Bourgogne", 3, 1, 0),
    ]


def test_un_terrain_choisi_filtre_tout(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.ENQUETEUR, DemandeExport(terrain_id=enquete.bourgogne)))
    assert {ligne["Entretien"] for ligne in tables["Citations"]} == {"E-BFC-001"}
    notice = {ligne["Rubrique"]: ligne["Contenu"] for ligne in tables["Lisez-moi"]}
    assert "« Bourgogne »" in str(notice["Filtre appliqué"]).replace("\xa0", " ")


# --- Le journal -------------------------------------------------------------------------------------------------


def journal(moteur: Engine) -> list[LigneJournal]:
    with lecture(moteur) as session:
        return list(session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)))


def test_l_export_est_journalise_avec_l_empreinte_du_fichier_servi(moteur: Engine, enquete: Enquete) -> None:
    contenu = sortir(moteur, enquete, Role.ADMINISTRATEUR, IDENTIFIE)
    (ligne,) = journal(moteur)
    assert ligne.compte_id == enquete.comptes[Role.ADMINISTRATEUR].id
    assert ligne.investigation_id == enquete.investigation.id
    assert ligne.motif == MOTIF
    assert ligne.apres is not None
    assert ligne.apres["sha256"] == hashlib.sha256(contenu).hexdigest()
    assert ligne.apres["octets"] == len(contenu)
    assert ligne.apres["identifie"] is True
    assert ligne.apres["tables"]["entretiens"] == 4
    assert ligne.apres["lignes"] == sum(ligne.apres["tables"].values())
    assert ligne.apres["filtre"].startswith("tous les terrains")


def test_l_export_pseudonymise_est_journalise_aussi(moteur: Engine, enquete: Enquete) -> None:
    sortir(moteur, enquete, Role.RELECTEUR, replace(CSV, tables=("citations",)))
    (ligne,) = journal(moteur)
    assert ligne.apres is not None and ligne.apres["identifie"] is False
    assert ligne.apres["tables"] == {"citations": 3}
    assert ligne.objet_id is not None and ligne.objet_id.endswith("-citations-pseudonymise.zip")


def test_hors_de_l_equipe_une_seule_table_porte_la_regle(moteur: Engine, enquete: Enquete) -> None:
    """Un .csv nu ne dirait pas ce qui y est tu ; celui de l'équipe, à qui rien n'est tu, reste un .csv."""
    une = replace(CSV, tables=("plan",))
    with zipfile.ZipFile(io.BytesIO(sortir(moteur, enquete, Role.RELECTEUR, une))) as archive:
        assert len(archive.namelist()) == 2
        assert "Une ou deux unités" in archive.read("Lisez-moi.txt").decode().replace("\xa0", " ")
    assert relire_csv(sortir(moteur, enquete, Role.ENQUETEUR, une))[0][0] == "Terrain"


def test_le_journal_ne_porte_ni_mots_ni_noms(moteur: Engine, enquete: Enquete) -> None:
    sortir(moteur, enquete, Role.ADMINISTRATEUR, IDENTIFIE)
    (ligne,) = journal(moteur)
    assert not any(mot in str(ligne.apres) for mot in (*PERSONNES, FORMULE, SANS_ACCORD))


def test_un_export_ne_perime_aucune_vue(moteur: Engine, enquete: Enquete) -> None:
    from lib.db.modeles import VersionDonnees

    with lecture(moteur) as session:
        avant = session.get_one(VersionDonnees, enquete.investigation.id).version
    sortir(moteur, enquete, Role.ENQUETEUR)
    with lecture(moteur) as session:
        assert session.get_one(VersionDonnees, enquete.investigation.id).version == avant


def test_une_investigation_fictive_se_dit(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Investigation, enquete.investigation.id).fictive = True
    notice = onglets(sortir(moteur, enquete, Role.RELECTEUR))["Lisez-moi"]
    assert any("fictives" in str(ligne["Contenu"]) for ligne in notice)


def test_l_avancement_va_jusqu_au_bout(moteur: Engine, enquete: Enquete, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.services.exports_fichier.LIGNES_ENTRE_NOUVELLES", 1)
    nouvelles: list[tuple[int, int]] = []
    pret = produire(
        moteur,
        enquete.perimetre(Role.ENQUETEUR),
        DemandeExport(),
        auteur="essai",
        suivre=lambda table, faites, total: nouvelles.append((faites, total)),  # noqa: ARG005 - signature de Suivre
    )
    assert nouvelles[-1] == (pret.bilan.total, pret.bilan.total)
    assert [faites for faites, _ in nouvelles] == list(range(1, pret.bilan.total + 1))


def test_le_fichier_disparait_avec_l_export(moteur: Engine, enquete: Enquete) -> None:
    pret = produire(moteur, enquete.perimetre(Role.RELECTEUR), DemandeExport(), auteur="essai")
    fichier = pret.fichier
    del pret
    assert fichier.closed


def test_les_tables_ouvertes_suivent_le_role(enquete: Enquete) -> None:
    codes = {role: {table.code for table in tables_ouvertes(enquete.perimetre(role))} for role in Role}
    assert "textes" in codes[Role.ENQUETEUR] and "textes" not in codes[Role.RELECTEUR]
    assert "personnes" not in codes[Role.ADMINISTRATEUR]
    identifiees = {table.code for table in tables_ouvertes(enquete.perimetre(Role.ADMINISTRATEUR), identifie=True)}
    assert identifiees - codes[Role.ADMINISTRATEUR] == {"personnes", "presences", "enqueteurs"}


# --- Petits effectifs : la règle d'un fichier sorti hors de l'équipe --------------------------------------------------


def test_hors_de_l_equipe_les_petits_effectifs_du_plan_se_taisent(moteur: Engine, enquete: Enquete) -> None:
    """Réalisés, Marseille : 2 associations, 1 entreprise ; Bourgogne : 1 association. Tout y est petit."""
    plan = onglets(sortir(moteur, enquete, Role.RELECTEUR))["Plan d'entretiens"]
    assert {str(ligne["Réalisés"]).replace("\xa0", " ") for ligne in plan} <= {"< 3", "masqué"}
    assert {ligne["Refus"] for ligne in plan} == {0}
    equipe = onglets(sortir(moteur, enquete, Role.ENQUETEUR))["Plan d'entretiens"]
    assert [ligne["Réalisés"] for ligne in equipe] == [2, 1, 1]


def test_hors_de_l_equipe_le_type_d_un_acteur_trop_rare_se_tait_partout(moteur: Engine, enquete: Enquete) -> None:
    tables = onglets(sortir(moteur, enquete, Role.RELECTEUR))
    for nom in ("Entretiens", "Irritants relevés", "Organisations"):
        assert {ligne["Type d'acteur"] for ligne in tables[nom]} == {"masqué"}, nom
    empruntes = {str(ligne["Organisation"]).split("\xa0")[0] for ligne in tables["Entretiens"] if ligne["Organisation"]}
    assert empruntes == {"Organisation"}
    assert {ligne["Taille"] for ligne in tables["Organisations"]} == {"masqué"}
    ecrit = "\n".join(tout_ce_qui_est_ecrit(sortir(moteur, enquete, Role.RELECTEUR, CSV)))
    assert "Une ou deux unités" in ecrit.replace("\xa0", " ") and "[Entreprise" not in ecrit


def test_des_acteurs_assez_nombreux_gardent_leur_type(moteur: Engine, enquete: Enquete) -> None:
    with ecriture(moteur, None) as session:
        marseille, bourgogne = (session.get_one(Terrain, id_) for id_ in (enquete.marseille, enquete.bourgogne))
        for terrain in (marseille, bourgogne):
            for type_acteur in (TypeActeur.ASSOCIATION, TypeActeur.ENTREPRISE):
                for _ in range(3):
                    structure = fabriques.une_organisation(session, terrain, type_acteur=type_acteur)
                    fabriques.un_entretien(session, terrain, type_acteur=type_acteur, organisation_id=structure.id)
    tables = onglets(sortir(moteur, enquete, Role.RELECTEUR))
    assert {ligne["Type d'acteur"] for ligne in tables["Entretiens"]} == {"Association", "Entreprise"}
    assert [ligne["Réalisés"] for ligne in tables["Plan d'entretiens"]] == [5, 4, 4]


def test_un_seul_terrain_exporte_ne_rend_rien_de_plus(moteur: Engine, enquete: Enquete) -> None:
    demande = DemandeExport(terrain_id=enquete.marseille)
    plan = onglets(sortir(moteur, enquete, Role.RELECTEUR, demande))["Plan d'entretiens"]
    assert plan and all(not isinstance(ligne["Réalisés"], int) for ligne in plan)
