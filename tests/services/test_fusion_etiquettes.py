"""Fusionner deux étiquettes, et revenir exactement en arrière."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.base import Base
from lib.db.modeles import (
    Compte,
    Etiquetage,
    Etiquette,
    FusionEtiquettes,
    IrritantReleve,
    SyntheseCitation,
    SyntheseEtiquette,
    SyntheseIrritant,
    Verbatim,
)
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.vocabulaire import FamilleEtiquette, Releve, Role
from lib.services import etiquettes, verbatims
from lib.services.fusion_etiquettes import defusionner, fusionner
from lib.services.retours import annuler
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques

TEXTE = "Le temps manque. On relance dix fois. Personne ne répond. La mairie aide parfois."
PASSAGES = ((0, 15), (17, 36), (38, 56), (58, 80))
NOMS = ("Temps", "Relances", "Relances écrites", "Silence")


@dataclass(frozen=True)
class Monde:
    """Temps, Relances > Relances écrites, Silence ; deux entretiens de quatre passages ; deux personnes codent."""

    moteur: Engine
    perimetre: Perimetre
    etiquettes: tuple[int, ...]
    verbatims: tuple[int, ...]
    entretiens: tuple[int, ...]
    comptes: tuple[int, ...]

    def poser(self, session: Session, verbatim: int, etiquette: int, compte: int = 0) -> None:
        fabriques.un_etiquetage(
            session,
            session.get_one(Verbatim, self.verbatims[verbatim]),
            session.get_one(Etiquette, self.etiquettes[etiquette]),
            session.get_one(Compte, self.comptes[compte]),
        )

    def fusionner(self, session: Session, absorbee: int, gardee: int) -> int:
        return fusionner(
            session,
            self.perimetre,
            etiquette_id=self.etiquettes[absorbee],
            version=self._version(session, absorbee),
            dans_id=self.etiquettes[gardee],
        )

    def defusionner(self, session: Session, absorbee: int) -> None:
        cible = {"etiquette_id": self.etiquettes[absorbee], "version": self._version(session, absorbee)}
        defusionner(session, self.perimetre, **cible)

    def _version(self, session: Session, rang: int) -> int:
        return session.get_one(Etiquette, self.etiquettes[rang], populate_existing=True).version

    def porteurs(self, session: Session, rang: int) -> set[int]:
        portee = Etiquetage.etiquette_id == self.etiquettes[rang], Etiquetage.retire_le.is_(None)
        return set(session.scalars(select(Etiquetage.verbatim_id).where(*portee)))


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        comptes = [fabriques.un_compte(session, Role.ENQUETEUR, investigation) for _ in range(2)]
        terrain = fabriques.un_terrain(session, investigation)
        entretiens = [fabriques.un_entretien(session, terrain) for _ in range(2)]
        textes = [fabriques.un_texte(session, entretien, TEXTE) for entretien in entretiens]
        poses = [fabriques.un_verbatim(session, texte, *passage) for texte in textes for passage in PASSAGES]
        grille = [fabriques.une_etiquette(session, investigation, nom=nom) for nom in NOMS]
        grille[2].parent_id = grille[1].id
        session.flush()
        refaire(session, investigation.id)
    return Monde(
        moteur,
        fabriques.un_perimetre(comptes[0], investigation),
        tuple(etiquette.id for etiquette in grille),
        tuple(verbatim.id for verbatim in poses),
        tuple(entretien.id for entretien in entretiens),
        tuple(compte.id for compte in comptes),
    )


def _etat(session: Session) -> dict[str, Any]:
    """Tout ce qu'une fusion peut toucher, versions exceptées : elles ne font qu'avancer."""
    session.expire_all()
    etat = {}
    for modele in (Etiquette, Etiquetage, IrritantReleve, SyntheseEtiquette, SyntheseIrritant, SyntheseCitation):
        etat[modele.__tablename__] = _lignes(session, modele)
    return etat


def _lignes(session: Session, modele: type[Base]) -> list[Any]:
    colonnes = [colonne for colonne in modele.__table__.columns if colonne.name != "version"]
    lignes = [tuple(ligne) for ligne in session.execute(select(*colonnes))]
    if modele.__tablename__.startswith("syntheses"):  # une ligne à zéro vaut une ligne absente
        mesures = [i for i, c in enumerate(colonnes) if c.default is not None]
        lignes = [ligne for ligne in lignes if any(ligne[i] for i in mesures)]
    return sorted(lignes, key=repr)


class Retour(Exception):
    """Défait la transaction d'un exemple."""


POSES = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 1)), max_size=20)
RELEVES = st.dictionaries(
    st.tuples(st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.sampled_from(Releve), st.none() | st.integers(1, 5)),
    max_size=6,
)
COUPLES = st.permutations(range(4)).map(lambda rangs: tuple(rangs[:2])).filter(lambda couple: couple != (1, 2))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(poses=POSES, releves=RELEVES, couple=COUPLES)
def test_fusionner_puis_defusionner_est_l_identite(
    monde: Monde,
    poses: set[tuple[int, int, int]],
    releves: dict[tuple[int, int], tuple[Releve, int | None]],
    couple: tuple[int, int],
) -> None:
    absorbee, gardee = couple
    investigation = monde.perimetre.investigation_id or 0
    with pytest.raises(Retour), ecriture(monde.moteur, monde.perimetre) as session:
        for verbatim, etiquette, compte in sorted(poses):
            monde.poser(session, verbatim, etiquette, compte)
        for (entretien, etiquette), (releve, intensite) in releves.items():
            session.add(
                IrritantReleve(
                    investigation_id=investigation,
                    entretien_id=monde.entretiens[entretien],
                    etiquette_id=monde.etiquettes[etiquette],
                    releve=releve,
                    intensite=intensite,
                )
            )
        session.flush()
        refaire(session, investigation)
        avant, portaient = _etat(session), monde.porteurs(session, absorbee) | monde.porteurs(session, gardee)
        monde.fusionner(session, absorbee, gardee)
        assert verifier(session, investigation) == []
        assert monde.porteurs(session, gardee) == portaient and monde.porteurs(session, absorbee) == set()
        monde.defusionner(session, absorbee)
        assert verifier(session, investigation) == []
        assert _etat(session) == avant
        raise Retour


def test_une_fusion_reunit_citations_releves_et_branche(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.poser(session, 0, 1)
        monde.poser(session, 0, 0)
        monde.poser(session, 1, 1, compte=1)
        monde.fusionner(session, 1, 0)
        assert monde.porteurs(session, 0) == {monde.verbatims[0], monde.verbatims[1]}
        relances, ecrites = (session.get_one(Etiquette, monde.etiquettes[rang]) for rang in (1, 2))
        assert relances.archive_le and relances.fusionnee_dans_id == monde.etiquettes[0]
        assert ecrites.parent_id == monde.etiquettes[0]


@pytest.mark.parametrize(("absorbee", "gardee"), [(0, 0), (1, 2)])
def test_dans_elle_meme_ou_sa_descendante_c_est_refuse(monde: Monde, absorbee: int, gardee: int) -> None:
    with pytest.raises(DonneeInvalide, match="descendantes"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, absorbee, gardee)


def test_dans_son_parent_c_est_permis(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 2, 1)
        monde.defusionner(session, 2)
        assert session.get_one(Etiquette, monde.etiquettes[2]).parent_id == monde.etiquettes[1]


def test_une_archivee_ou_une_autre_famille_est_refusee(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        session.get_one(Etiquette, monde.etiquettes[3]).famille = FamilleEtiquette.LEVIER
    with pytest.raises(DonneeInvalide, match="famille"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 0, 3)
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 2, 1)
    with pytest.raises(DonneeInvalide, match="archivée"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 0, 2)


def test_une_chaine_de_fusions_se_defait_dans_l_ordre(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.poser(session, 0, 0)
        monde.fusionner(session, 0, 1)
        monde.fusionner(session, 1, 3)
    with pytest.raises(DonneeInvalide, match="d'abord"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.defusionner(session, 0)
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.defusionner(session, 1)
        monde.defusionner(session, 0)
        assert monde.porteurs(session, 0) == {monde.verbatims[0]}
        assert len(session.scalars(select(FusionEtiquettes).where(FusionEtiquettes.defaite_le.is_not(None))).all()) == 2


def test_ce_qui_a_change_depuis_la_fusion_reste(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.poser(session, 0, 0)
        monde.poser(session, 1, 0)
        monde.fusionner(session, 0, 1)
        monde.poser(session, 2, 1)
        envoye = session.scalars(select(Etiquetage).where(Etiquetage.verbatim_id == monde.verbatims[1])).one()
        envoye.etiquette_id = monde.etiquettes[3]
        ecrites = session.get_one(Etiquette, monde.etiquettes[2])
        ecrites.parent_id = None
        session.flush()
        monde.defusionner(session, 0)
        assert monde.porteurs(session, 0) == {monde.verbatims[0]}
        assert monde.porteurs(session, 1) == {monde.verbatims[2]}
        assert monde.porteurs(session, 3) == {monde.verbatims[1]}


def test_defusionner_ne_cree_pas_de_boucle(monde: Monde) -> None:
    """Relances > Relances écrites ; le parent de Relances se range sous Relances écrites pendant la fusion."""
    temps, relances, ecrites, _ = monde.etiquettes
    with ecriture(monde.moteur, monde.perimetre) as session:
        session.get_one(Etiquette, relances).parent_id = temps
        session.flush()
        monde.fusionner(session, 1, 3)
        version = session.get_one(Etiquette, temps).version
        etiquettes.deplacer(session, monde.perimetre, etiquette_id=temps, version=version, parent_id=ecrites)
        monde.defusionner(session, 1)
        assert session.get_one(Etiquette, ecrites).parent_id == monde.etiquettes[3]


def test_un_geste_de_codage_s_annule_apres_la_fusion(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        geste = verbatims.etiqueter(
            session, monde.perimetre, verbatim_id=monde.verbatims[0], etiquette_id=monde.etiquettes[0]
        )
        monde.fusionner(session, 0, 1)
        annuler(session, monde.perimetre, geste)
        assert monde.porteurs(session, 1) == set()
        assert verifier(session, monde.perimetre.investigation_id or 0) == []


def test_retablir_une_fusionnee_renvoie_a_la_fusion_et_rien_ne_se_defait_deux_fois(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 0, 1)
    with lecture(monde.moteur) as session:
        cible = {"etiquette_id": monde.etiquettes[0], "version": monde._version(session, 0)}
    with pytest.raises(DonneeInvalide, match="défaites la fusion"), ecriture(monde.moteur, monde.perimetre) as session:
        etiquettes.retablir(session, monde.perimetre, **cible)
    with ecriture(monde.moteur, monde.perimetre) as session:
        defusionner(session, monde.perimetre, **cible)
    with pytest.raises(Conflit), ecriture(monde.moteur, monde.perimetre) as session:
        defusionner(session, monde.perimetre, **cible)
    with pytest.raises(DonneeInvalide, match="rien à défaire"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.defusionner(session, 0)


def test_un_nom_repris_depuis_empeche_de_defaire_et_le_dit(monde: Monde) -> None:
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.fusionner(session, 0, 1)
        etiquettes.creer(session, monde.perimetre, nom="Temps", famille=FamilleEtiquette.IDEE)
    with pytest.raises(DonneeInvalide, match="contient déjà"), ecriture(monde.moteur, monde.perimetre) as session:
        monde.defusionner(session, 0)


def test_hors_de_l_equipe_ou_du_perimetre_rien_ne_se_fusionne(monde: Monde) -> None:
    cible = {"etiquette_id": monde.etiquettes[0], "version": 1, "dans_id": monde.etiquettes[1]}
    lecteur = replace(monde.perimetre, role=Role.RELECTEUR)
    with pytest.raises(AccesRefuse), ecriture(monde.moteur, lecteur) as session:
        fusionner(session, lecteur, **cible)
    ailleurs = replace(monde.perimetre, investigation_id=10**6)
    with pytest.raises(Introuvable), ecriture(monde.moteur, ailleurs) as session:
        fusionner(session, ailleurs, **cible)


def test_deux_fusions_croisees_en_meme_temps_une_seule_se_fait(monde: Monde) -> None:
    """« Temps » dans « Silence » pendant que l'autre fait l'inverse : ni boucle, ni citation perdue."""
    with ecriture(monde.moteur, monde.perimetre) as session:
        monde.poser(session, 0, 0)
        monde.poser(session, 1, 3)
        investigation_id = session.get_one(Verbatim, monde.verbatims[0]).investigation_id
        refaire(session, investigation_id)

    def verser(paire: tuple[int, int]) -> str:
        try:
            with ecriture(monde.moteur, monde.perimetre) as session:
                monde.fusionner(session, *paire)
        except (Conflit, DonneeInvalide) as erreur:
            return str(erreur)
        return ""

    with ThreadPoolExecutor(2) as executeur:
        refus = [phrase for phrase in executeur.map(verser, [(0, 3), (3, 0)]) if phrase]
    assert len(refus) == 1
    with lecture(monde.moteur) as session:
        versees = select(Etiquette.id).where(Etiquette.fusionnee_dans_id.is_not(None))
        assert len(session.scalars(versees).all()) == 1
        portees = select(Etiquetage.etiquette_id).where(Etiquetage.retire_le.is_(None)).distinct()
        assert len(session.scalars(portees).all()) == 1
        assert verifier(session, investigation_id) == []
