"""Quoi faire ensuite : chaque entretien au bon endroit, une seule fois, et seulement pour l'équipe."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from lib.db import partenariats as en_sql
from lib.db.modeles import Brouillon, Entretien, EntretienEnqueteur, Organisation, Partenariat, Terrain
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import (
    AncrageVerbatim,
    MotifFin,
    PrecisionDate,
    Role,
    StatutEntretien,
    StatutPartenariat,
    TypeActeur,
)
from lib.services import a_faire
from lib.services.a_faire import AFaire, Tache, quoi_faire, saisies_en_cours
from lib.services.partenariats_suivis import a_verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer

AU = date(2026, 11, 20)


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, date_arret=AU)


def lire(moteur: Engine, enquete: Enquete, **champs: object) -> dict[AFaire, Tache]:
    perimetre = enquete.perimetre(Role.ENQUETEUR, **champs)
    with lecture(moteur) as session:
        taches = quoi_faire(session, perimetre, compte_id=enquete.comptes[Role.ENQUETEUR].id, au=AU)
    return {tache.quoi: tache for tache in taches}


def codes(taches: dict[AFaire, Tache]) -> dict[AFaire, list[str]]:
    return {quoi: [renvoi.code for renvoi in tache.premiers] for quoi, tache in taches.items()}


def test_l_enquete_d_essai(moteur: Engine, enquete: Enquete) -> None:
    assert codes(lire(moteur, enquete)) == {
        AFaire.NOTICE: ["E-MRS-004"],
        AFaire.RENDEZ_VOUS: ["E-MRS-005"],
        AFaire.A_CODER: ["E-MRS-002"],
        AFaire.A_VERIFIER: [],
    }


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"statut": StatutEntretien.PREVU, "tenu_le": AU}, AFaire.RENDEZ_VOUS),
        ({"statut": StatutEntretien.CONTACTE, "tenu_le": AU + timedelta(days=6)}, AFaire.RENDEZ_VOUS),
        ({"statut": StatutEntretien.PREVU, "tenu_le": AU + timedelta(days=7)}, None),
        ({"statut": StatutEntretien.PREVU, "tenu_le": None}, None),
        ({"statut": StatutEntretien.PREVU, "tenu_le": AU - timedelta(days=1)}, AFaire.DEPASSE),
        ({"statut": StatutEntretien.REFUSE, "tenu_le": AU - timedelta(days=1)}, None),
        ({"statut": StatutEntretien.BROUILLON, "tenu_le": AU}, AFaire.NOTICE),
        ({"statut": StatutEntretien.BROUILLON, "tenu_le": None}, None),
        ({"statut": StatutEntretien.REALISE}, AFaire.A_CODER),
    ],
)
def test_un_entretien_va_a_sa_place(
    moteur: Engine, enquete: Enquete, champs: dict[str, object], attendu: AFaire | None
) -> None:
    avant = {quoi: tache.nombre for quoi, tache in lire(moteur, enquete).items()}
    ajouter(moteur, enquete, **champs)
    apres = {quoi: tache.nombre for quoi, tache in lire(moteur, enquete).items()}
    attendus = dict(avant) if attendu is None else {**avant, attendu: avant.get(attendu, 0) + 1}
    assert apres == attendus


@pytest.mark.parametrize("comment", ["cree", "mene"])
def test_mon_brouillon_est_a_moi(moteur: Engine, enquete: Enquete, comment: str) -> None:
    moi = enquete.comptes[Role.ENQUETEUR].id
    with ecriture(moteur, None) as session:
        terrain_id = enquete.marseille
        entretien = fabriques.un_entretien(
            session,
            fabriques.un_terrain(session, enquete.investigation),
            code="E-A-MOI",
            statut=StatutEntretien.BROUILLON,
            tenu_le=None,
            terrain_id=terrain_id,
            cree_par=moi if comment == "cree" else None,
        )
        if comment == "mene":
            session.add(EntretienEnqueteur(entretien_id=entretien.id, compte_id=moi))
    assert codes(lire(moteur, enquete))[AFaire.BROUILLON] == ["E-A-MOI"]
    with lecture(moteur) as session:
        autres = quoi_faire(session, enquete.perimetre(Role.ENQUETEUR), compte_id=0, au=AU)
    assert AFaire.BROUILLON not in {tache.quoi for tache in autres}


def test_une_citation_a_replacer_renvoie_a_son_entretien(moteur: Engine, enquete: Enquete) -> None:
    entretien = ajouter(moteur, enquete, code="E-DEPLACE")
    with ecriture(moteur, None) as session:
        texte = fabriques.un_texte(session, session.get_one(Entretien, entretien.id), "abcdefgh")
        for debut in (0, 4):
            verbatim = fabriques.un_verbatim(session, texte, debut, debut + 2, ancrage=AncrageVerbatim.A_VERIFIER)
        archive = fabriques.un_verbatim(session, texte, 5, 7, ancrage=AncrageVerbatim.A_VERIFIER)
        archive.archive_le = verbatim.cree_le
    tache = lire(moteur, enquete)[AFaire.A_REPLACER]
    assert (tache.nombre, [renvoi.code for renvoi in tache.premiers]) == (1, ["E-DEPLACE"])


def test_trois_renvois_au_plus_mais_le_vrai_nombre(moteur: Engine, enquete: Enquete) -> None:
    for _ in range(5):
        ajouter(moteur, enquete, statut=StatutEntretien.REALISE)
    tache = lire(moteur, enquete)[AFaire.A_CODER]
    assert (tache.nombre, len(tache.premiers)) == (6, 3)


def test_au_dela_du_plafond_on_ne_compte_plus(
    moteur: Engine, enquete: Enquete, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not lire(moteur, enquete)[AFaire.A_VERIFIER].plafonne
    with ecriture(moteur, None) as session:
        modele = session.scalars(select(Partenariat).where(a_verifier(AU))).first()
        assert modele is not None
        paire = (
            session.get_one(Organisation, modele.entreprise_id),
            session.get_one(Organisation, modele.association_id),
        )
        fabriques.un_partenariat(session, *paire, session.get_one(Terrain, modele.terrain_id), debut=date(2024, 1, 1))
    monkeypatch.setattr(a_faire, "BEAUCOUP", 1)
    tache = lire(moteur, enquete)[AFaire.A_VERIFIER]
    assert (tache.nombre, tache.plafonne) == (1, True)


def test_hors_du_perimetre_rien(moteur: Engine, enquete: Enquete) -> None:
    assert lire(moteur, enquete, terrains=frozenset({enquete.bourgogne})) == {}


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_reserve_a_l_equipe(moteur: Engine, enquete: Enquete, role: Role) -> None:
    perimetre = enquete.perimetre(role, fictive=True)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        quoi_faire(session, perimetre, compte_id=1, au=AU)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        saisies_en_cours(session, perimetre)


def test_les_saisies_en_cours_sont_a_une_personne(moteur: Engine, enquete: Enquete) -> None:
    moi, autre = enquete.comptes[Role.ENQUETEUR], enquete.comptes[Role.ADMINISTRATEUR]
    with ecriture(moteur, None) as session:
        for rang, compte in enumerate((moi, autre)):
            session.add(
                Brouillon(
                    compte_id=compte.id,
                    investigation_id=enquete.investigation.id,
                    formulaire="entretien",
                    cle=str(rang),
                    contenu={},
                )
            )
    with lecture(moteur) as session:
        saisies = saisies_en_cours(session, enquete.perimetre(Role.ENQUETEUR))
    assert [(saisie.formulaire, saisie.cle) for saisie in saisies] == [("entretien", "0")]


def ajouter(moteur: Engine, enquete: Enquete, **champs: object) -> Entretien:
    with ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, enquete.investigation)
        return fabriques.un_entretien(
            session, terrain, **{"terrain_id": enquete.marseille, "type_acteur": TypeActeur.EXPERT} | champs
        )


def test_le_perimetre_ferme_refuse(moteur: Engine, enquete: Enquete) -> None:
    perimetre: Perimetre = enquete.perimetre(Role.ENQUETEUR, investigation_id=None)
    with lecture(moteur) as session, pytest.raises(AccesRefuse):
        quoi_faire(session, perimetre, compte_id=1, au=AU)


@pytest.mark.parametrize("debut", [date(2024, 1, 1), AU + timedelta(days=1), None])
@pytest.mark.parametrize("fin", [None, date(2025, 6, 1), AU + timedelta(days=1)])
@pytest.mark.parametrize("nouvelle", [None, date(2025, 11, 19), date(2025, 11, 20), date(2026, 1, 1)])
def test_a_verifier_est_bien_le_statut(
    moteur: Engine, enquete: Enquete, debut: date | None, fin: date | None, nouvelle: date | None
) -> None:
    if debut and fin and fin < debut:
        debut = fin
    with ecriture(moteur, None) as session:
        partenariat = session.scalars(select(Partenariat).where(Partenariat.source_entretien_id.is_not(None))).first()
        assert partenariat is not None
        partenariat.debut, partenariat.fin, partenariat.derniere_nouvelle = debut, fin, nouvelle
        partenariat.precision_debut = PrecisionDate.JOUR if debut else PrecisionDate.INCONNUE
        partenariat.motif_fin = MotifFin.BUDGET if fin else None
    with lecture(moteur) as session:
        ligne = session.execute(select(en_sql.statut(AU), a_verifier(AU)).where(Partenariat.id == partenariat.id)).one()
    assert bool(ligne[1]) is (ligne[0] == StatutPartenariat.A_VERIFIER.value)
