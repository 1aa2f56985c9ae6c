"""Le bilan : quatre fichiers aux mêmes chiffres, journalisés, sans un nom, ouverts par de vrais lecteurs."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from html import escape
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from sqlalchemy import Engine, select

from lib.db.modeles import Hypothese, Interlocuteur, Investigation, LigneJournal, Organisation
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import ActionJournal, NatureHypothese, Role
from lib.echanges.rapport_graphiques import nommer
from lib.services import demonstration
from lib.services.bilan.fichiers import ETAPES, FichierBilan, FormatBilan, produire_bilan
from lib.services.bilan.rapport import assembler
from lib.services.restitution.lecture import SCENES
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import ORGANISATIONS, PERSONNES, Enquete, preparer

RUBRIQUES = (
    "## Contexte",
    "## Problème",
    "## Méthodologie d'investigation",
    "## Solutions envisagées en fin d'investigation",
    "## Fin d'investigation le 20 novembre 2026",
)


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


@pytest.fixture
def demo(moteur: Engine) -> Perimetre:
    with ecriture(moteur, None) as session:
        investigation_id = demonstration.charger(session)
    return Perimetre(compte_id=1, role=Role.RELECTEUR, investigation_id=investigation_id, fictive=True)


def produire(moteur: Engine, perimetre: Perimetre) -> dict[FormatBilan, FichierBilan]:
    return {fichier.format: fichier for fichier in produire_bilan(moteur, perimetre, auteur="diplp")}


def en_clair(fichier: FichierBilan) -> str:
    """Tout ce que contient le fichier, parties zippées comprises."""
    if not zipfile.is_zipfile(io.BytesIO(fichier.octets)):
        return fichier.octets.decode()
    with zipfile.ZipFile(io.BytesIO(fichier.octets)) as archive:
        return "".join(archive.read(nom).decode(errors="replace") for nom in archive.namelist())


def test_la_fiche_a_les_rubriques_de_beta_gouv(moteur: Engine, demo: Perimetre) -> None:
    fiche = produire(moteur, demo)[FormatBilan.FICHE].octets.decode().replace("\u00a0", " ")
    assert tuple(ligne for ligne in fiche.splitlines() if ligne.startswith("#")) == RUBRIQUES
    assert "La moitié des partenariats s'arrêtent dans les 15 mois" in fiche


def test_une_investigation_close_date_sa_fin(moteur: Engine, enquete: Enquete) -> None:
    from datetime import date

    with ecriture(moteur, None) as session:
        session.get_one(Investigation, enquete.investigation.id).fin = date(2027, 3, 27)
    fiche = produire(moteur, enquete.perimetre(Role.RELECTEUR))[FormatBilan.FICHE].octets.decode()
    assert "## Fin d'investigation le 27\u00a0mars\u00a02027" in fiche and "pas close" not in fiche


def test_les_quatre_fichiers_ont_les_memes_chiffres(moteur: Engine, demo: Perimetre) -> None:
    """Chaque tableau de chaque scène se retrouve, case par case, dans la page, le document et le classeur."""
    fichiers = produire(moteur, demo)
    with lecture(moteur) as session:
        rapport = assembler(session, demo)
    tableaux = [t for s in rapport.sections for t in (*s.tableaux, *(t for scene in s.scenes for t in scene.tableaux))]
    document = Document(io.BytesIO(fichiers[FormatBilan.DOCUMENT].octets))
    assert [tuple(tuple(c.text for c in r.cells) for r in t.rows) for t in document.tables] == [
        (t.entetes, *t.lignes) for t in tableaux
    ]
    classeur = openpyxl.load_workbook(io.BytesIO(fichiers[FormatBilan.CHIFFRES].octets))
    onglets = [[tuple(map(str, r)) for r in onglet.iter_rows(values_only=True)] for onglet in classeur.worksheets[1:]]
    assert onglets == [[t.entetes, *t.lignes] for t in tableaux]
    page = fichiers[FormatBilan.RAPPORT].octets.decode()
    for tableau in tableaux:
        for ligne in tableau.lignes:
            assert f"<td>{escape(ligne[-1])}</td>" in page
    for scene in (scene for section in rapport.sections for scene in section.scenes):
        assert scene.phrase in " ".join(p.text for p in document.paragraphs)


def test_le_document_montre_les_memes_figures_que_la_page(moteur: Engine, demo: Perimetre) -> None:
    """En graphiques Word, chacun décrit comme l'est celui de la page."""
    fichiers = produire(moteur, demo)
    document = Document(io.BytesIO(fichiers[FormatBilan.DOCUMENT].octets))
    page = fichiers[FormatBilan.RAPPORT].octets.decode()
    decrites = [forme._inline.docPr.get("descr") for forme in document.inline_shapes]
    assert len(decrites) == page.count("<svg") == len(SCENES)
    assert all(f'aria-label="{escape(decrite, quote=True)}"' in page for decrite in decrites)


@pytest.mark.lent
@pytest.mark.parametrize("url_base", ["sqlite"], indirect=True)
@pytest.mark.skipif(not shutil.which("soffice") or not shutil.which("pdftotext"), reason="LibreOffice absent")
def test_libreoffice_ouvre_le_document_et_dessine_ses_figures(moteur: Engine, demo: Perimetre, tmp_path: Path) -> None:
    """Converti en PDF : chaque figure y a le nom et l'effectif de chacune de ses barres."""
    document = tmp_path / "bilan.docx"
    document.write_bytes(produire(moteur, demo)[FormatBilan.DOCUMENT].octets)
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    commande = ["soffice", profil, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(document)]
    subprocess.run(commande, check=True, capture_output=True, timeout=120)
    lu = subprocess.run(
        [str(shutil.which("pdftotext")), str(tmp_path / "bilan.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    texte = " ".join(lu.stdout.decode().split())
    with lecture(moteur) as session:
        rapport = assembler(session, demo)
    for scene in (scene for section in rapport.sections for scene in section.scenes):
        assert scene.figure is not None
        for barre in scene.figure.barres:
            assert " ".join(nommer(barre).split()[-3:]) in texte, barre


def test_un_nombre_du_classeur_est_un_nombre(moteur: Engine, demo: Perimetre) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(produire(moteur, demo)[FormatBilan.CHIFFRES].octets))
    lignes = list(classeur["Qui nous avons rencontré"].iter_rows(values_only=True))
    assert lignes[1] == ("Ensemble", 27, 32)


def test_chaque_fichier_est_au_journal_avec_son_empreinte(moteur: Engine, enquete: Enquete) -> None:
    perimetre = enquete.perimetre(Role.RELECTEUR)
    fichiers = produire(moteur, perimetre)
    with lecture(moteur) as session:
        lignes = list(session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)))
    assert {ligne.objet_id: (ligne.apres or {})["sha256"] for ligne in lignes} == {
        fichier.nom: hashlib.sha256(fichier.octets).hexdigest() for fichier in fichiers.values()
    }
    assert {(ligne.compte_id, (ligne.apres or {})["identifie"]) for ligne in lignes} == {(perimetre.compte_id, False)}


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
def test_aucun_nom_ne_sort_pour_personne(moteur: Engine, enquete: Enquete, role: Role) -> None:
    with ecriture(moteur, None) as session:
        investigation = session.get_one(Investigation, enquete.investigation.id)
        investigation.probleme = f"{PERSONNES[0]} nous a alertés, et {ORGANISATIONS[1]} aussi."
        investigation.nom = f"Enquête chez {ORGANISATIONS[2]}"
        session.add(
            Hypothese(
                investigation_id=investigation.id,
                code="P1",
                nature=NatureHypothese.PROBLEME,
                enonce=f"{ORGANISATIONS[0]} manque de temps.",
                refutation="",
            )
        )
    for fichier in produire(moteur, enquete.perimetre(role)).values():
        assert not [nom for nom in (*PERSONNES, *ORGANISATIONS) if nom in en_clair(fichier)], fichier.format


def test_aucun_nom_de_la_demonstration_ne_sort(moteur: Engine, demo: Perimetre) -> None:
    with lecture(moteur) as session:
        noms = [*session.scalars(select(Interlocuteur.nom)), *session.scalars(select(Organisation.nom))]
    for fichier in produire(moteur, demo).values():
        assert not [nom for nom in noms if nom in en_clair(fichier)], fichier.format


def test_un_indicateur_trop_petit_se_masque(moteur: Engine, enquete: Enquete) -> None:
    """Trois acteurs sur quatre acceptent d'être cités : le quatrième se retrouverait."""
    with lecture(moteur) as session:
        rapport = assembler(session, enquete.perimetre(Role.RELECTEUR))
    lignes = {nom: reste for nom, *reste in rapport.sections[-1].tableaux[0].lignes}
    assert lignes["Acteurs qui acceptent d'être cités"][:2] == ["masqué", "masqué"]
    assert lignes["Entretiens réalisés sur le plan"][1] == "4/9"


def test_l_avancement_va_jusqu_au_bout(moteur: Engine, enquete: Enquete) -> None:
    etapes: list[tuple[str, int, int]] = []
    produire_bilan(
        moteur,
        enquete.perimetre(Role.RELECTEUR),
        auteur="diplp",
        suivre=lambda table, faites, total: etapes.append((table, faites, total)),
    )
    assert [faites for _, faites, _ in etapes] == list(range(ETAPES)) and {total for *_, total in etapes} == {ETAPES}
    assert len(SCENES) == 7


def test_rien_ne_sort_d_une_investigation_vide(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        perimetre = fabriques.un_perimetre(compte, investigation)
    with pytest.raises(DonneeInvalide, match="Cette investigation est vide"):
        produire(moteur, perimetre)
    with lecture(moteur) as session:
        assert session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)).all() == []


def test_la_visite_et_le_compte_d_un_terrain_n_ont_pas_de_bilan(moteur: Engine, enquete: Enquete) -> None:
    with pytest.raises(AccesRefuse):
        produire(moteur, enquete.perimetre(Role.DEMONSTRATION, fictive=True))
    with pytest.raises(AccesRefuse):
        produire(moteur, enquete.perimetre(Role.RELECTEUR, terrains=frozenset({enquete.marseille})))
