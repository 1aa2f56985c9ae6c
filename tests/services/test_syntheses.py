"""Les comptes tenus à l'écriture disent toujours ce que dirait un recompte complet."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import (
    Compte,
    Entretien,
    Etiquetage,
    Etiquette,
    IrritantReleve,
    SyntheseCooccurrence,
    SyntheseEtiquette,
    SyntheseIrritant,
    SyntheseLieu,
    SyntheseSituation,
    Terrain,
    Texte,
    Verbatim,
)
from lib.domain.matrices import Cooccurrence
from lib.domain.vocabulaire import AccordCitation, Releve, StatutEntretien, TypeActeur
from lib.services.syntheses import completer, refaire, suivre, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques


class Monde:
    """Une investigation minuscule : deux terrains, trois entretiens, trois étiquettes, deux codeurs."""

    def __init__(self, session: Session) -> None:
        investigation = fabriques.une_investigation(session)
        self.investigation_id = investigation.id
        terrains = [fabriques.un_terrain(session, investigation) for _ in range(2)]
        self.terrains = [terrain.id for terrain in terrains]
        self.comptes = [fabriques.un_compte(session).id for _ in range(2)]
        self.etiquettes = [fabriques.une_etiquette(session, investigation).id for _ in range(3)]
        entretiens = [fabriques.un_entretien(session, terrains[rang % 2]) for rang in range(3)]
        self.entretiens = [entretien.id for entretien in entretiens]
        for entretien in entretiens:
            fabriques.un_texte(session, entretien, "abcdefghijklmnopqrstuvwxyz")
        refaire(session, investigation.id)


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    with ecriture(moteur, None) as session:
        return Monde(session)


def _coder(session: Session, monde: Monde, entretien: int, debut: int, etiquette: int, codeur: int = 0) -> Etiquetage:
    """Étiquette le passage de trois lettres, surligné au besoin."""
    texte = session.scalars(select(Texte).where(Texte.entretien_id == monde.entretiens[entretien])).one()
    verbatim = session.scalars(
        select(Verbatim).where(Verbatim.texte_id == texte.id, Verbatim.debut == debut, Verbatim.archive_le.is_(None))
    ).one_or_none() or fabriques.un_verbatim(session, texte, debut, debut + 3)
    cle = {
        "verbatim_id": verbatim.id,
        "etiquette_id": monde.etiquettes[etiquette],
        "compte_id": monde.comptes[codeur],
        "retire_le": None,
    }
    pose = session.scalars(select(Etiquetage).filter_by(**cle)).one_or_none()
    return pose or fabriques.un_etiquetage(
        session,
        verbatim,
        session.get_one(Etiquette, monde.etiquettes[etiquette]),
        session.get_one(Compte, monde.comptes[codeur]),
    )


def _retirer(session: Session, monde: Monde, entretien: int, rang: int) -> None:
    poses = session.scalars(
        select(Etiquetage)
        .where(Etiquetage.entretien_id == monde.entretiens[entretien], Etiquetage.retire_le.is_(None))
        .order_by(Etiquetage.id)
    ).all()
    if poses:
        poses[rang % len(poses)].retire_le = maintenant()


def _archiver_verbatim(session: Session, monde: Monde, entretien: int, rang: int) -> None:
    vivants = session.scalars(
        select(Verbatim)
        .where(Verbatim.entretien_id == monde.entretiens[entretien], Verbatim.archive_le.is_(None))
        .order_by(Verbatim.id)
    ).all()
    if vivants:
        vivants[rang % len(vivants)].archive_le = maintenant()


def _relever(session: Session, monde: Monde, entretien: int, etiquette: int, releve: Releve) -> None:
    cle = {"entretien_id": monde.entretiens[entretien], "etiquette_id": monde.etiquettes[etiquette]}
    ligne = session.scalars(select(IrritantReleve).filter_by(**cle)).one_or_none()
    if ligne:
        ligne.releve = releve
    else:
        session.add(IrritantReleve(investigation_id=monde.investigation_id, releve=releve, **cle))


def _modifier(session: Session, monde: Monde, entretien: int, champ: str, valeur: Any) -> None:
    setattr(session.get_one(Entretien, monde.entretiens[entretien]), champ, valeur)


def _deplacer(session: Session, monde: Monde, entretien: int, terrain: int) -> None:
    _modifier(session, monde, entretien, "terrain_id", monde.terrains[terrain])


PETIT = st.integers(0, 2)
CHANGEMENT = st.one_of(
    st.tuples(st.just("archive_le"), st.sampled_from([None, maintenant()])),
    st.tuples(st.just("statut"), st.sampled_from([StatutEntretien.REALISE, StatutEntretien.BROUILLON])),
    st.tuples(st.just("accord_citation"), st.sampled_from(list(AccordCitation))),
    st.tuples(st.just("type_acteur"), st.sampled_from(list(TypeActeur))),
)
GESTE = st.one_of(
    st.tuples(st.just(_coder), PETIT, st.integers(0, 4), PETIT, st.integers(0, 1)),
    st.tuples(st.just(_retirer), PETIT, PETIT),
    st.tuples(st.just(_archiver_verbatim), PETIT, PETIT),
    st.tuples(st.just(_relever), PETIT, PETIT, st.sampled_from(list(Releve))),
    st.tuples(st.just(_deplacer), PETIT, st.integers(0, 1)),
    st.builds(lambda entretien, change: (_modifier, entretien, *change), PETIT, CHANGEMENT),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=st.lists(GESTE, min_size=1, max_size=12))
def test_une_suite_de_gestes_laisse_les_memes_comptes_qu_un_recompte(moteur: Engine, gestes: list[Any]) -> None:
    with ecriture(moteur, None) as session:
        monde = Monde(session)
    for agir, entretien, *reste in gestes:
        with ecriture(moteur, None) as session, suivre(session, monde.entretiens[entretien]):
            agir(session, monde, entretien, *reste)
    with ecriture(moteur, None) as session:
        tenus = _etat(session, monde)
        assert verifier(session, monde.investigation_id) == []
        refaire(session, monde.investigation_id)
        assert _etat(session, monde) == tenus


def _etat(session: Session, monde: Monde) -> list[tuple[Any, ...]]:
    lignes: list[tuple[Any, ...]] = []
    tables = (
        (SyntheseEtiquette, "verbatims"),
        (SyntheseIrritant, "entretiens"),
        (SyntheseSituation, "entretiens"),
        (SyntheseCooccurrence, "rencontres"),
    )
    for table, mesure in tables:
        colonnes = [colonne for colonne in table.__table__.columns]  # noqa: C416 - une copie, pas la vue
        vivantes = table.investigation_id == monde.investigation_id, getattr(table, mesure) > 0
        lignes += sorted(map(tuple, session.execute(select(*colonnes).where(*vivantes))), key=str)
    return lignes


def _une_etiquette(moteur: Engine, monde: Monde, etiquette: int = 0) -> tuple[int, int, int]:
    """(verbatims, citables, entretiens) d'une étiquette, tous terrains confondus."""
    mesures = (SyntheseEtiquette.verbatims, SyntheseEtiquette.citables, SyntheseEtiquette.entretiens)
    sommes = [func.coalesce(func.sum(mesure), 0) for mesure in mesures]
    requete = select(*sommes).where(SyntheseEtiquette.etiquette_id == monde.etiquettes[etiquette])
    with lecture(moteur) as session:
        return tuple(session.execute(requete).one())  # type: ignore[return-value]


def _suivi(moteur: Engine, monde: Monde, entretien: int, agir: Callable[[Session], Any]) -> None:
    with ecriture(moteur, None) as session, suivre(session, monde.entretiens[entretien]):
        agir(session)


def test_deux_codeurs_d_accord_ne_font_qu_une_citation(moteur: Engine, monde: Monde) -> None:
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0, codeur=0))
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0, codeur=1))
    assert _une_etiquette(moteur, monde) == (1, 1, 1)


def test_sans_accord_la_citation_compte_mais_n_est_pas_citable(moteur: Engine, monde: Monde) -> None:
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "accord_citation", AccordCitation.NON))
    assert _une_etiquette(moteur, monde) == (1, 0, 1)


def test_un_brouillon_ou_un_entretien_archive_ne_compte_nulle_part(moteur: Engine, monde: Monde) -> None:
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "statut", StatutEntretien.BROUILLON))
    _suivi(moteur, monde, 2, lambda s: _coder(s, monde, 2, 1, 0))
    _suivi(moteur, monde, 2, lambda s: _modifier(s, monde, 2, "archive_le", maintenant()))
    assert _une_etiquette(moteur, monde) == (0, 0, 0)


def test_une_etiquette_archivee_reste_comptee(moteur: Engine, monde: Monde) -> None:
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    with ecriture(moteur, None) as session:
        session.get_one(Etiquette, monde.etiquettes[0]).archive_le = maintenant()
        refaire(session, monde.investigation_id)
    assert _une_etiquette(moteur, monde) == (1, 1, 1)


def test_imbrique_sur_le_meme_entretien_il_ne_compte_qu_une_fois(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session, suivre(session, monde.entretiens[0]):
        _coder(session, monde, 0, 1, 0)
        with suivre(session, monde.entretiens[0]):
            _coder(session, monde, 0, 6, 0)
    assert _une_etiquette(moteur, monde) == (2, 2, 1)


def test_une_erreur_laisse_les_comptes_comme_avant(moteur: Engine, monde: Monde) -> None:
    def echouer(session: Session) -> None:
        _coder(session, monde, 0, 1, 0)
        raise KeyError

    with pytest.raises(KeyError):
        _suivi(moteur, monde, 0, echouer)
    assert _une_etiquette(moteur, monde) == (0, 0, 0)


def test_un_entretien_neuf_compte_par_ce_qu_on_y_ajoute(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        entretien = fabriques.un_entretien(session, session.get_one(Terrain, monde.terrains[0]))
        with suivre(session, entretien.id, neuf=True):
            fabriques.un_irritant_releve(session, entretien, session.get_one(Etiquette, monde.etiquettes[0]))
    with lecture(moteur) as session:
        ligne = session.execute(select(SyntheseIrritant.releve, SyntheseIrritant.entretiens)).one()
        rencontres = session.scalar(select(func.sum(SyntheseSituation.entretiens)))
        assert verifier(session, monde.investigation_id) == []
    assert (tuple(ligne), rencontres) == ((Releve.SPONTANE, 1), 4)


def test_une_base_migree_sans_synthese_se_complete(moteur: Engine, monde: Monde) -> None:
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    with ecriture(moteur, None) as session:
        session.execute(delete(SyntheseSituation))
        session.execute(delete(SyntheseEtiquette))
        completer(session)
        assert verifier(session, monde.investigation_id) == []
    assert _une_etiquette(moteur, monde) == (1, 1, 1)


def test_deux_etiquettes_ensemble_se_comptent_au_plus_serre(moteur: Engine, monde: Monde) -> None:
    """Deux sur la même citation, puis une troisième sur un passage qui la chevauche, dans le même paragraphe."""
    for debut, etiquette in ((1, 0), (1, 1), (3, 2)):
        _suivi(moteur, monde, 0, lambda s, d=debut, e=etiquette: _coder(s, monde, 0, d, e))  # type: ignore[misc]
    requete = select(
        SyntheseCooccurrence.etiquette_id,
        SyntheseCooccurrence.autre_id,
        SyntheseCooccurrence.nature,
        SyntheseCooccurrence.rencontres,
        SyntheseCooccurrence.entretiens,
    )
    with lecture(moteur) as session:
        lignes = {tuple(ligne) for ligne in session.execute(requete)}
    a, b, c = monde.etiquettes
    chevauchent, tour = Cooccurrence.CHEVAUCHEMENT, Cooccurrence.TOUR
    assert lignes == {
        (a, b, Cooccurrence.CITATION, 1, 1),
        *((un, autre, nature, 1, 1) for nature in (chevauchent, tour) for un, autre in ((a, b), (a, c), (b, c))),
    }


def test_verifier_nomme_chaque_compte_faux(moteur: Engine, monde: Monde) -> None:
    with ecriture(moteur, None) as session:
        _coder(session, monde, 0, 1, 0)  # sans suivre : la faute que verifier doit trouver
        ecarts = verifier(session, monde.investigation_id)
        assert len(ecarts) == 5  # l'étiquette, sa situation, le total des citations, son lieu et l'étiquette en ce lieu
        assert "syntheses_situations" in ecarts[1] and "1 verbatims" in ecarts[1]
        assert "0 verbatims, 0 citables, 0 entretiens au lieu de 1 verbatims" in ecarts[0]
        refaire(session, monde.investigation_id)
        assert verifier(session, monde.investigation_id) == []


def test_le_nombre_de_requetes_ne_depend_pas_de_la_taille_de_l_enquete(moteur: Engine, monde: Monde) -> None:
    """Le recompte reste borné à l'entretien : sa condition porte toujours sur son identifiant."""
    from sqlalchemy import event

    ordres: list[str] = []
    event.listen(moteur, "before_cursor_execute", lambda *a: ordres.append(a[2]))
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    comptages = [ordre for ordre in ordres if "count(distinct" in ordre.lower()]
    assert len(comptages) == 12
    assert all("entretiens.id = " in ordre for ordre in comptages)


def test_une_date_de_notice_oubliee_ne_peut_pas_compter(moteur: Engine, monde: Monde) -> None:
    """Un entretien seulement prévu, même codé par avance, n'apporte rien tant qu'il n'est pas réalisé."""
    _suivi(moteur, monde, 0, lambda s: _coder(s, monde, 0, 1, 0))
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "statut", StatutEntretien.PREVU))
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "notice_remise_le", None))
    assert _une_etiquette(moteur, monde) == (0, 0, 0)
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "notice_remise_le", date(2026, 10, 1)))
    _suivi(moteur, monde, 0, lambda s: _modifier(s, monde, 0, "statut", StatutEntretien.REALISE))
    assert _une_etiquette(moteur, monde) == (1, 1, 1)


def test_la_commune_de_l_organisation_deplace_ses_comptes(moteur: Engine, monde: Monde) -> None:
    """Un entretien sans commune prend celle de son organisation : la corriger suit, et rien ne se perd."""
    with ecriture(moteur, None) as session:
        entretien = session.scalars(select(Entretien).order_by(Entretien.id)).first()
        assert entretien is not None
        terrain = session.get_one(Terrain, entretien.terrain_id)
        organisation = fabriques.une_organisation(session, terrain, commune_code="21231")
        with suivre(session, entretien.id):
            entretien.organisation_id = organisation.id
        assert _communes(session)["21231"] == 1
        with suivre(session, entretien.id):
            organisation.commune_code = "89025"
        communes = _communes(session)
        assert communes["89025"] == 1 and not communes["21231"]
        assert verifier(session, monde.investigation_id) == []


def _communes(session: Session) -> Counter[str]:
    lignes = session.execute(select(SyntheseLieu.commune_code, SyntheseLieu.entretiens))
    return Counter({code: n for code, n in lignes if n})
