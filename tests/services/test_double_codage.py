"""Double codage : l'aveugle tient partout, les désaccords se tranchent, la version arbitrée redevient un codage."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lib.db.modeles import (
    Arbitrage,
    Compte,
    Entretien,
    Etiquetage,
    Etiquette,
    LigneJournal,
    PoseAveugle,
    Terrain,
    Texte,
    Verbatim,
    VersionCodage,
)
from lib.domain.double_codage import ChoixArbitrage, EtapeDoubleCodage
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.matrices import AttributMatrice, Case, MesureMatrice
from lib.domain.vocabulaire import AncrageVerbatim, NatureTexte, Role
from lib.services import verbatims
from lib.services.atelier import lire_atelier
from lib.services.citations import FiltresCitations, lister_citations
from lib.services.double_codage import aveugle
from lib.services.double_codage.accords import lire_accords
from lib.services.double_codage.comparaison import arbitrer, lire_comparaison, trancher
from lib.services.double_codage.lecture import double_ouvert, entretiens_a_confier, lire_double, lister_doubles
from lib.services.double_codage.ouverture import abandonner, codeurs_possibles, ouvrir, rendre, reprendre
from lib.services.entretiens.textes import poser as poser_texte
from lib.services.exports import DemandeExport, ecrire
from lib.services.exports_fichier import FormatExport
from lib.services.fusion_etiquettes import fusionner
from lib.services.matrices import lire_croisement, ouvrir_case
from lib.services.retours import annuler
from lib.services.saturation import lire_saturation
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques

NOTES = "Le temps manque toujours.\nLes papiers coûtent cher.\nOn se débrouille entre voisins.\nRien à ajouter."
MOTS = {"temps": "Le temps manque", "papiers": "Les papiers coûtent cher", "voisins": "entre voisins"}


@dataclass
class Atelier:
    """Une enquête, deux codeuses, un arbitre, et un entretien que la première a déjà commencé."""

    moteur: Engine
    lea: Perimetre
    karim: Perimetre
    admin: Perimetre
    diplp: Perimetre
    entretien_id: int
    texte_id: int
    temps: int
    cout: int

    def faire(self, qui: Perimetre, agir: Callable[..., Any], *arguments: Any, **champs: Any) -> Any:
        with ecriture(self.moteur, qui) as session:
            return agir(session, qui, *arguments, **champs)

    def lire(self, qui: Perimetre, lecture_de: Callable[..., Any], **champs: Any) -> Any:
        with lecture(self.moteur) as session:
            return lecture_de(session, qui, **champs)

    def ouvrir(self) -> int:
        codeurs = (self.lea.compte_id, self.karim.compte_id)
        return int(self.faire(self.lea, ouvrir, entretien_id=self.entretien_id, codeurs=codeurs))

    def coder(self, qui: Perimetre, mots: str, etiquette_id: int | None) -> aveugle.GesteAveugle:
        debut = NOTES.index(mots)
        place = {"debut": debut, "fin": debut + len(mots), "extrait": mots}
        geste = self.faire(
            qui, aveugle.surligner, texte_id=self.texte_id, version=1, etiquette_id=etiquette_id, **place
        )
        assert isinstance(geste, aveugle.GesteAveugle)
        return geste

    def version(self, qui: Perimetre, double_id: int) -> list[tuple[str, list[str]]]:
        passages = self.lire(qui, aveugle.lire_version, double_id=double_id).passages
        return [(p.citation, [e.nom for e in p.etiquettes]) for p in passages]

    def rendre_les_deux(self, double_id: int) -> None:
        for qui in (self.lea, self.karim):
            self.faire(qui, rendre, double_id=double_id)

    def commun(self) -> list[tuple[str, set[int]]]:
        """Le codage commun, dans l'ordre du texte."""
        with lecture(self.moteur) as session:
            vivants = select(Verbatim).where(Verbatim.entretien_id == self.entretien_id, Verbatim.archive_le.is_(None))
            return [(v.citation, _portees(session, v)) for v in session.scalars(vivants.order_by(Verbatim.debut))]

    def justes(self) -> bool:
        with lecture(self.moteur) as session:
            return verifier(session, self.lea.investigation_id or 0) == []


def _portees(session: Session, verbatim: Verbatim) -> set[int]:
    vivants = Etiquetage.verbatim_id == verbatim.id, Etiquetage.retire_le.is_(None)
    return set(session.scalars(select(Etiquetage.etiquette_id).where(*vivants)))


@pytest.fixture
def atelier(moteur: Engine) -> Atelier:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        terrain = fabriques.un_terrain(session, investigation)
        lea, karim = (
            fabriques.un_compte(session, Role.ENQUETEUR, investigation, nom_affiche=n) for n in ("Léa", "Karim")
        )
        admin = fabriques.un_compte(session, Role.ADMINISTRATEUR, investigation)
        diplp = fabriques.un_compte(session, Role.RELECTEUR, investigation)
        temps, cout = (fabriques.une_etiquette(session, investigation, nom=nom) for nom in ("Temps", "Coût"))
        entretien = fabriques.un_entretien(session, terrain)
        texte = fabriques.un_texte(session, entretien, NOTES)
        verbatim = fabriques.un_verbatim(session, texte, 0, len(MOTS["temps"]))
        fabriques.un_etiquetage(session, verbatim, temps, lea)
        refaire(session, investigation.id)
        perimetres = [fabriques.un_perimetre(compte, investigation) for compte in (lea, karim, admin, diplp)]
    return Atelier(moteur, *perimetres, entretien.id, texte.id, temps.id, cout.id)


# --- L'aveugle --------------------------------------------------------------------------------------------------


def test_une_etiquette_reservee_aux_reponses_l_est_aussi_a_l_aveugle(atelier: Atelier) -> None:
    with ecriture(atelier.moteur, None) as session:
        texte = session.get_one(Texte, atelier.texte_id)
        texte.contenu, texte.nature = f"Q : {NOTES}\nR : Rien de plus.", NatureTexte.TRANSCRIPTION
        session.get_one(Etiquette, atelier.cout).reservee = True
    atelier.ouvrir()
    place = {"texte_id": atelier.texte_id, "version": 2, "etiquette_id": atelier.cout}
    with pytest.raises(DonneeInvalide, match="personne interrogée"):
        atelier.faire(atelier.lea, aveugle.surligner, debut=4, fin=20, **place)
    pose = atelier.faire(atelier.lea, aveugle.surligner, debut=len(NOTES) + 9, fin=len(NOTES) + 16, **place)
    assert pose.change
    with pytest.raises(DonneeInvalide, match="personne interrogée"):
        atelier.faire(atelier.lea, aveugle.replacer, verbatim_id=pose.verbatim_id, version=2, debut=4, fin=20)


def test_en_cours_rien_du_travail_d_une_version_ne_se_lit_nulle_part(atelier: Atelier) -> None:
    """Surligneur, citations, recherche, exports, matrices, saturation, journal : pour l'autre comme pour tous."""
    double_id = atelier.ouvrir()
    atelier.coder(atelier.lea, MOTS["papiers"], atelier.cout)
    for qui in (atelier.karim, atelier.admin, atelier.diplp, atelier.lea):
        assert atelier.lire(qui, lister_citations, filtres=FiltresCitations()).total == 0
        assert atelier.lire(qui, lister_citations, filtres=FiltresCitations(texte="papiers")).total == 0
        assert atelier.lire(qui, lire_saturation).codes == 0
        if qui == atelier.diplp:  # hors de l'équipe, une case vide ne s'ouvre même pas
            with pytest.raises(AccesRefuse):
                atelier.lire(qui, ouvrir_case, case=Case(etiquette_id=atelier.cout))
        else:
            assert atelier.lire(qui, ouvrir_case, case=Case(etiquette_id=atelier.cout)).total == 0
        matrice = atelier.lire(qui, lire_croisement, attribut=AttributMatrice.TERRAIN, mesure=MesureMatrice.CITATIONS)
        assert all(case.ouvre is None for ligne in matrice.lignes for case in ligne.cases)
        assert atelier.lire(qui, lire_accords).ensemble is None
    assert atelier.lire(atelier.karim, lire_atelier, entretien_id=atelier.entretien_id).passages == ()
    assert atelier.version(atelier.karim, double_id) == []
    with lecture(atelier.moteur) as session:
        sorti = _exporter(session, atelier.admin)
    assert "papiers" not in sorti and "temps manque" not in sorti
    with lecture(atelier.moteur) as session:
        lignes = session.scalars(select(LigneJournal).where(LigneJournal.objet == "poses_aveugles")).all()
        assert {ligne.apres[champ] for ligne in lignes for champ in ("debut", "fin", "etiquette_id")} <= {
            "•••",
            None,
            0,
        }
    assert atelier.justes()


def _exporter(session: Session, perimetre: Perimetre) -> str:
    """Ce que l'administration sort d'identifié, citations et étiquetages."""
    demande = DemandeExport(
        format=FormatExport.CSV, tables=("citations", "etiquetages"), identifie=True, motif="essai de l'aveugle"
    )
    fichier = BytesIO()
    ecrire(session, perimetre, demande, fichier, auteur="essai")
    with ZipFile(fichier) as archive:
        return "".join(archive.read(nom).decode("utf-8") for nom in archive.namelist())


def test_comparer_avant_la_fin_est_refuse_meme_a_qui_administre(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.faire(atelier.lea, rendre, double_id=double_id)
    for qui in (atelier.lea, atelier.karim, atelier.admin):
        with pytest.raises(DonneeInvalide, match="ne se voient pas encore"):
            atelier.lire(qui, lire_comparaison, double_id=double_id)
    with pytest.raises(Introuvable):
        atelier.lire(atelier.admin, aveugle.lire_version, double_id=double_id)
    for lire in (lire_comparaison, lire_double):
        with pytest.raises(AccesRefuse):
            atelier.lire(atelier.diplp, lire, double_id=double_id)


def test_ce_qui_etait_code_devient_le_debut_de_la_version_de_son_autrice(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    assert atelier.version(atelier.lea, double_id) == [(MOTS["temps"], ["Temps"])]
    lu = atelier.lire(atelier.lea, lire_double, double_id=double_id)
    assert lu.repris and lu.etape is EtapeDoubleCodage.CODAGE
    assert [(v.nom, v.rendue) for v in lu.versions] == [("Léa", False), ("Karim", False)]
    assert atelier.lire(atelier.lea, double_ouvert, entretien_id=atelier.entretien_id) == double_id
    assert atelier.lire(atelier.lea, entretiens_a_confier) == ()


def test_l_entretien_ne_se_code_ni_ne_se_corrige_ailleurs(atelier: Atelier) -> None:
    place = {"texte_id": atelier.texte_id, "version": 1, "debut": 26, "fin": 37}
    geste = atelier.faire(atelier.lea, verbatims.surligner, etiquette_id=atelier.cout, **place)
    atelier.ouvrir()
    for agir in (
        lambda: atelier.faire(atelier.karim, verbatims.surligner, etiquette_id=atelier.cout, **place),
        lambda: atelier.faire(atelier.lea, verbatims.retablir, verbatim_id=geste.verbatim_id),
        lambda: atelier.faire(atelier.lea, annuler, geste),
    ):
        with pytest.raises(DonneeInvalide, match="double codage"):
            agir()
    with ecriture(atelier.moteur, atelier.lea) as session:
        entretien = session.get_one(Entretien, atelier.entretien_id)
        assert not poser_texte(session, atelier.lea, entretien, NatureTexte.NOTES, NOTES)
        for nature, saisie in ((NatureTexte.NOTES, "Autre chose."), (NatureTexte.TRANSCRIPTION, "Q : Oui ?")):
            with pytest.raises(DonneeInvalide, match="son texte ne change pas"):
                poser_texte(session, atelier.lea, entretien, nature, saisie)


# --- Ouvrir -----------------------------------------------------------------------------------------------------


def test_ouvrir_demande_deux_personnes_de_l_equipe_et_un_entretien_libre(atelier: Atelier) -> None:
    lea, karim, admin, diplp = (p.compte_id for p in (atelier.lea, atelier.karim, atelier.admin, atelier.diplp))
    assert {c.id for c in atelier.lire(atelier.lea, codeurs_possibles)} == {lea, karim, admin}
    for codeurs, motif in (
        ((lea, lea), "deux personnes différentes"),
        ((lea, diplp), "de l'équipe"),
        ((karim, admin), "Léa a déjà codé"),
    ):
        with pytest.raises(DonneeInvalide, match=motif):
            atelier.faire(atelier.lea, ouvrir, entretien_id=atelier.entretien_id, codeurs=codeurs)
    with pytest.raises(AccesRefuse):
        atelier.faire(atelier.diplp, ouvrir, entretien_id=atelier.entretien_id, codeurs=(lea, karim))
    atelier.ouvrir()
    with pytest.raises(DonneeInvalide, match="double codage"):
        atelier.ouvrir()


def test_sans_texte_il_n_y_a_rien_a_confier(atelier: Atelier) -> None:
    with ecriture(atelier.moteur, None) as session:
        terrain = session.scalars(select(Terrain)).one()
        vide = fabriques.un_entretien(session, terrain).id
    with pytest.raises(DonneeInvalide, match="ni notes ni transcription"):
        atelier.faire(atelier.lea, ouvrir, entretien_id=vide, codeurs=(atelier.lea.compte_id, atelier.karim.compte_id))


def test_abandonner_rend_le_codage_d_avant(atelier: Atelier) -> None:
    avant = atelier.commun()
    double_id = atelier.ouvrir()
    assert atelier.commun() == []
    with pytest.raises(Conflit):
        atelier.faire(atelier.karim, abandonner, double_id=double_id, version=9)
    atelier.faire(atelier.karim, abandonner, double_id=double_id, version=1)
    assert atelier.commun() == avant and atelier.justes()
    assert atelier.lire(atelier.lea, lister_doubles)[0][0].etape is EtapeDoubleCodage.ABANDONNE
    with pytest.raises(DonneeInvalide, match="refermé"):
        atelier.faire(atelier.lea, rendre, double_id=double_id)
    with pytest.raises(DonneeInvalide, match="déjà refermé"):
        atelier.faire(atelier.karim, abandonner, double_id=double_id, version=2)
    assert atelier.ouvrir() != double_id


# --- Coder sa version -------------------------------------------------------------------------------------------


def test_les_gestes_d_une_version_s_annulent_et_se_refont(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    pose = atelier.coder(atelier.karim, MOTS["papiers"], atelier.cout)
    assert atelier.version(atelier.karim, double_id) == [(MOTS["papiers"], ["Coût"])]
    assert not atelier.coder(atelier.karim, MOTS["papiers"], atelier.cout).change  # double envoi
    assert pose.verbatim_id
    seconde = atelier.faire(atelier.karim, aveugle.etiqueter, verbatim_id=pose.verbatim_id, etiquette_id=atelier.temps)
    assert atelier.version(atelier.karim, double_id) == [(MOTS["papiers"], ["Temps", "Coût"])]
    defait = atelier.faire(atelier.karim, aveugle.annuler, seconde)
    assert atelier.version(atelier.karim, double_id) == [(MOTS["papiers"], ["Coût"])]
    atelier.faire(atelier.karim, aveugle.annuler, defait)
    assert atelier.version(atelier.karim, double_id) == [(MOTS["papiers"], ["Temps", "Coût"])]
    atelier.faire(atelier.karim, aveugle.retirer, verbatim_id=pose.verbatim_id, etiquette_id=atelier.temps)
    bornes = {"debut": NOTES.index("papiers"), "fin": NOTES.index("papiers") + 7}
    deplace = atelier.faire(atelier.karim, aveugle.replacer, verbatim_id=pose.verbatim_id, version=1, **bornes)
    assert atelier.version(atelier.karim, double_id) == [("papiers", ["Coût"])]
    atelier.faire(atelier.karim, aveugle.archiver, verbatim_id=deplace.verbatim_id)
    assert atelier.version(atelier.karim, double_id) == []
    assert atelier.version(atelier.lea, double_id) == [(MOTS["temps"], ["Temps"])]


def test_la_meme_etiquette_qui_chevauche_se_reunit(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.coder(atelier.karim, "Les papiers", atelier.cout)
    geste = atelier.coder(atelier.karim, "papiers coûtent", atelier.cout)
    assert atelier.version(atelier.karim, double_id) == [("Les papiers coûtent", ["Coût"])]
    assert "réuni" in geste.message
    atelier.faire(atelier.karim, aveugle.annuler, geste)
    assert atelier.version(atelier.karim, double_id) == [("Les papiers", ["Coût"])]


def test_un_geste_impossible_se_dit(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    with pytest.raises(DonneeInvalide, match="porte toujours une étiquette"):
        atelier.coder(atelier.karim, MOTS["papiers"], None)
    with pytest.raises(Conflit):
        atelier.faire(
            atelier.karim,
            aveugle.surligner,
            texte_id=atelier.texte_id,
            version=2,
            debut=0,
            fin=4,
            etiquette_id=atelier.cout,
        )
    with pytest.raises(DonneeInvalide, match="à l'aveugle"):
        atelier.coder(atelier.admin, MOTS["papiers"], atelier.cout)
    geste = atelier.coder(atelier.karim, MOTS["papiers"], atelier.cout)
    with pytest.raises(DonneeInvalide, match="vient d'être retiré"):
        atelier.faire(atelier.lea, aveugle.archiver, verbatim_id=geste.verbatim_id)
    atelier.faire(atelier.karim, rendre, double_id=double_id)
    with pytest.raises(DonneeInvalide, match="est rendue"):
        atelier.coder(atelier.karim, MOTS["voisins"], atelier.temps)
    atelier.faire(atelier.karim, reprendre, double_id=double_id)
    atelier.coder(atelier.karim, MOTS["voisins"], atelier.temps)
    with pytest.raises(DonneeInvalide, match="confié à deux autres"):
        atelier.faire(atelier.admin, rendre, double_id=double_id)


def test_deux_versions_rendues_ne_changent_plus(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.rendre_les_deux(double_id)
    with pytest.raises(DonneeInvalide, match="ne changent plus"):
        atelier.faire(atelier.lea, reprendre, double_id=double_id)


# --- Comparer, arbitrer -----------------------------------------------------------------------------------------


def _coder_les_deux(atelier: Atelier) -> int:
    """Accord sur « voisins » ; bornes différentes sur « temps » ; « papiers » d'un seul côté."""
    double_id = atelier.ouvrir()
    atelier.coder(atelier.lea, MOTS["voisins"], atelier.cout)
    atelier.coder(atelier.lea, MOTS["papiers"], atelier.cout)
    atelier.coder(atelier.karim, MOTS["voisins"], atelier.cout)
    atelier.coder(atelier.karim, "temps manque toujours", atelier.temps)
    atelier.rendre_les_deux(double_id)
    return double_id


def test_cote_a_cote_puis_la_version_arbitree_devient_le_codage(atelier: Atelier) -> None:
    double_id = _coder_les_deux(atelier)
    with lecture(atelier.moteur) as session:
        d_origine = session.scalars(select(Verbatim.id)).one()
    comparaison = atelier.lire(atelier.karim, lire_comparaison, double_id=double_id)
    assert (comparaison.accords, comparaison.restants, len(comparaison.desaccords)) == (1, 2, 2)
    assert [(t.premiere, t.seconde) for t in comparaison.tours] == [
        (("Temps",), ("Temps",)),
        (("Coût",), ()),
        (("Coût",), ("Coût",)),
        ((), ()),
    ]
    bornes, seul = comparaison.desaccords
    assert (bornes.premiers, bornes.seconds) == ((MOTS["temps"],), ("temps manque toujours",))
    assert seul.permis == (ChoixArbitrage.PREMIER, ChoixArbitrage.AUCUN)
    with pytest.raises(DonneeInvalide, match=r"reste 2.désaccords"):
        atelier.faire(atelier.admin, arbitrer, double_id=double_id, version=1)
    with pytest.raises(DonneeInvalide, match="ne convient pas"):
        atelier.faire(atelier.admin, trancher, double_id=double_id, cle=seul.cle, choix=ChoixArbitrage.SECOND)
    atelier.faire(atelier.admin, trancher, double_id=double_id, cle=bornes.cle, choix=ChoixArbitrage.UNION)
    atelier.faire(atelier.admin, trancher, double_id=double_id, cle=bornes.cle, choix=ChoixArbitrage.PREMIER)
    atelier.faire(atelier.admin, trancher, double_id=double_id, cle=seul.cle, choix=ChoixArbitrage.AUCUN)
    assert atelier.commun() == []
    atelier.faire(atelier.admin, arbitrer, double_id=double_id, version=1)
    assert atelier.commun() == [(MOTS["temps"], {atelier.temps}), (MOTS["voisins"], {atelier.cout})]
    assert atelier.justes()
    with lecture(atelier.moteur) as session:
        assert session.get_one(Verbatim, d_origine).archive_le is None  # rétabli, non refait
        assert session.scalar(select(func.count()).select_from(Arbitrage)) == 2
    lu = atelier.lire(atelier.lea, lire_double, double_id=double_id)
    assert lu.etape is EtapeDoubleCodage.ARBITRE
    with pytest.raises(DonneeInvalide, match="déjà arbitré"):
        atelier.faire(atelier.admin, arbitrer, double_id=double_id, version=2)
    # Le codage commun reprend son cours, et l'accord reste celui des deux versions rendues.
    atelier.faire(atelier.karim, verbatims.archiver, verbatim_id=d_origine)
    assert atelier.lire(atelier.lea, lire_comparaison, double_id=double_id).accords == 1


def test_reunir_puis_ne_plus_garder_l_etiquette_d_un_passage(atelier: Atelier) -> None:
    """L'union fait un passage neuf ; celui d'avant, que rien ne garde, reste archivé avec ses étiquettes."""
    double_id = _coder_les_deux(atelier)
    for desaccord in atelier.lire(atelier.lea, lire_comparaison, double_id=double_id).desaccords:
        choix = ChoixArbitrage.UNION if ChoixArbitrage.UNION in desaccord.permis else ChoixArbitrage.PREMIER
        atelier.faire(atelier.lea, trancher, double_id=double_id, cle=desaccord.cle, choix=choix)
    atelier.faire(atelier.lea, arbitrer, double_id=double_id, version=1)
    assert atelier.commun() == [
        ("Le temps manque toujours", {atelier.temps}),
        (MOTS["papiers"], {atelier.cout}),
        (MOTS["voisins"], {atelier.cout}),
    ]
    assert atelier.justes()


def test_ce_qui_n_etait_pas_en_jeu_revient_tel_quel(atelier: Atelier) -> None:
    """Un passage sans étiquette et une citation à replacer ne sont dans aucune version : l'arbitrage les rend."""
    with ecriture(atelier.moteur, None) as session:
        texte = session.get_one(Texte, atelier.texte_id)
        fabriques.un_verbatim(session, texte, 60, 65)
        perdu = fabriques.un_verbatim(session, texte, 66, 70, ancrage=AncrageVerbatim.A_VERIFIER)
        fabriques.un_etiquetage(
            session, perdu, session.get_one(Etiquette, atelier.cout), session.get_one(Compte, atelier.lea.compte_id)
        )
        refaire(session, atelier.lea.investigation_id or 0)
    double_id = atelier.ouvrir()
    atelier.coder(atelier.karim, MOTS["temps"], atelier.temps)
    atelier.rendre_les_deux(double_id)
    atelier.faire(atelier.admin, arbitrer, double_id=double_id, version=1)
    assert [portees for _, portees in atelier.commun()] == [{atelier.temps}, set(), {atelier.cout}]
    assert atelier.justes()


def test_une_etiquette_fusionnee_depuis_se_compare_sous_son_nouveau_nom(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.coder(atelier.karim, MOTS["temps"], atelier.cout)
    atelier.rendre_les_deux(double_id)
    assert atelier.lire(atelier.lea, lire_comparaison, double_id=double_id).restants == 2
    with ecriture(atelier.moteur, None) as session:
        session.get_one(Etiquette, atelier.cout).fusionnee_dans_id = atelier.temps
    comparaison = atelier.lire(atelier.lea, lire_comparaison, double_id=double_id)
    assert (comparaison.accords, comparaison.restants) == (1, 0)


def test_une_etiquette_fusionnee_en_plein_codage_emporte_ses_poses(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.coder(atelier.karim, MOTS["papiers"], atelier.cout)
    with ecriture(atelier.moteur, atelier.admin) as session:
        version = session.get_one(Etiquette, atelier.cout).version
        fusionner(session, atelier.admin, etiquette_id=atelier.cout, version=version, dans_id=atelier.temps)
    assert atelier.version(atelier.karim, double_id) == [(MOTS["papiers"], ["Temps"])]
    deja = atelier.coder(atelier.karim, MOTS["papiers"], atelier.temps)
    assert not deja.change and deja.verbatim_id is not None
    place = {"verbatim_id": deja.verbatim_id, "etiquette_id": atelier.temps}
    retrait = atelier.faire(atelier.karim, aveugle.retirer, **place)
    assert atelier.version(atelier.karim, double_id) == []
    atelier.faire(atelier.karim, aveugle.annuler, retrait)
    atelier.coder(atelier.lea, MOTS["papiers"], atelier.temps)
    atelier.rendre_les_deux(double_id)
    comparaison = atelier.lire(atelier.lea, lire_comparaison, double_id=double_id)
    assert (comparaison.accords, comparaison.restants) == (1, 1)


def test_un_texte_corrige_apres_l_arbitrage_garde_l_accord(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.coder(atelier.karim, MOTS["temps"], atelier.temps)
    atelier.rendre_les_deux(double_id)
    atelier.faire(atelier.lea, arbitrer, double_id=double_id, version=1)
    avant = atelier.lire(atelier.lea, lire_accords)
    with ecriture(atelier.moteur, atelier.lea) as session:
        entretien = session.get_one(Entretien, atelier.entretien_id)
        poser_texte(session, atelier.lea, entretien, NatureTexte.NOTES, f"Préambule 😡.\n{NOTES}")
    with lecture(atelier.moteur) as session:
        texte = session.get_one(Texte, atelier.texte_id).contenu
        poses = session.execute(select(PoseAveugle.debut, PoseAveugle.fin)).all()
        assert [texte[debut:fin] for debut, fin in poses] == [MOTS["temps"]] * 2
    apres = atelier.lire(atelier.lea, lire_accords)
    assert apres.ensemble.les_deux == avant.ensemble.les_deux == 1


def test_l_accord_se_mesure_et_se_lit_sans_nommer_personne(atelier: Atelier) -> None:
    """Quatre paragraphes : temps 1-1, coût 1-0 puis 1-1, rien. Ensemble : 3 pareils sur 4."""
    _coder_les_deux(atelier)
    lus = atelier.lire(atelier.diplp, lire_accords)
    assert (lus.doubles, lus.ensemble.unites, lus.ensemble.pareilles) == (1, 4, 3)
    par_nom = {lu.nom: lu.mesures for lu in lus.etiquettes}
    assert par_nom["Temps"].kappa.valeur == pytest.approx(1.0)
    # Coût : tableau 1, 1, 0, 2 ; observé 3/4, attendu (2×1 + 2×3)/16 = 1/2.
    assert par_nom["Coût"].kappa.valeur == pytest.approx(0.5)
    assert "Léa" not in repr(lus) and "Karim" not in repr(lus)


def test_rendre_en_meme_temps_rend_bien_les_deux(atelier: Atelier) -> None:
    double_id = atelier.ouvrir()
    atelier.rendre_les_deux(double_id)
    atelier.faire(atelier.lea, rendre, double_id=double_id)  # un double envoi ne change rien
    with lecture(atelier.moteur) as session:
        assert all(version.fini_le for version in session.scalars(select(VersionCodage)))
