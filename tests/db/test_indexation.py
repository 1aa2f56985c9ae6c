"""Les deux bases trouvent exactement ce que la règle du domaine trouve, et l'index suit chaque écriture."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lib.db.indexation import objets_qui_repondent, refaire_index
from lib.db.migrer import migrer, redescendre
from lib.db.modeles import Investigation, MotsIndexes, Texte, Verbatim
from lib.db.racines import racine
from lib.domain.mots import MOTS_PAR_MORCEAU, NatureIndexee, lire_recherche
from lib.services.transaction import ecriture, lecture
from tests import fabriques

VOCABULAIRE = (
    "le les temps temp manque manques préfecture PREFECTURES besoin besoins l'été d’été cheval chevaux peut-être "
    "100 1e5 b2b cœur www http x43c м 東京 réseau réseaux"
)
MOTS = st.sampled_from(VOCABULAIRE.split())
PHRASES = st.lists(MOTS, max_size=8).map(" ".join)
ELEMENTS = st.one_of(MOTS, PHRASES.map('"{}"'.format), MOTS.map("-{}".format), PHRASES.map('-"{}"'.format))
SAISIES = st.lists(ELEMENTS, min_size=1, max_size=4).map(" ".join)


class Retour(Exception):
    """Défait la transaction d'un exemple."""


def _texte(session: Session, contenu: str = "Un temps.") -> Texte:
    investigation = fabriques.une_investigation(session)
    terrain = fabriques.un_terrain(session, investigation)
    return fabriques.un_texte(session, fabriques.un_entretien(session, terrain), contenu)


def _trouves(session: Session, saisie: str, nature: NatureIndexee = NatureIndexee.TEXTE) -> set[int]:
    modele = Texte if nature is NatureIndexee.TEXTE else Verbatim
    investigation_id = session.scalars(select(Investigation.id)).one()
    conditions = objets_qui_repondent(lire_recherche(saisie), nature, investigation_id, modele.id)
    return set(session.scalars(select(modele.id).where(*conditions)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contenus=st.lists(PHRASES, min_size=1, max_size=6), saisie=SAISIES)
def test_chaque_base_trouve_ce_que_dit_la_regle(moteur: Engine, contenus: list[str], saisie: str) -> None:
    with pytest.raises(Retour), ecriture(moteur, None) as session:
        terrain = fabriques.un_terrain(session, fabriques.une_investigation(session))
        textes = [fabriques.un_texte(session, fabriques.un_entretien(session, terrain), mots) for mots in contenus]
        recherche = lire_recherche(saisie)
        attendus = {texte.id for texte in textes if recherche.repond(texte.contenu, racine)}
        assert _trouves(session, saisie) == attendus
        raise Retour


def test_l_index_suit_un_texte_corrige_une_citation_et_son_memo(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        texte = _texte(session, "Le temps manque.")
        verbatim = fabriques.un_verbatim(session, texte, 0, 8)
    with ecriture(moteur, None) as session:
        session.get_one(Texte, texte.id).contenu = "Les heures manquent."
        session.get_one(Verbatim, verbatim.id).memo = "À relire avec Karim"
    with ecriture(moteur, None) as session:
        assert _trouves(session, "temps") == set() and _trouves(session, "heure") == {texte.id}
        assert _trouves(session, "temps", NatureIndexee.CITATION) == {verbatim.id}
        assert _trouves(session, "relire", NatureIndexee.MEMO) == {verbatim.id}
        session.get_one(Verbatim, verbatim.id).memo = ""
        session.flush()
        assert _trouves(session, "relire", NatureIndexee.MEMO) == set()
        session.delete(session.get_one(Verbatim, verbatim.id))
        session.flush()
        assert _trouves(session, "temps", NatureIndexee.CITATION) == set()


def test_un_changement_sans_mots_ne_reecrit_rien(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        verbatim = fabriques.un_verbatim(session, _texte(session), 0, 8)
    with ecriture(moteur, None) as session:
        avant = session.scalars(select(MotsIndexes.id).order_by(MotsIndexes.id)).all()
        session.get_one(Verbatim, verbatim.id).debut = 1
        session.flush()
        assert session.scalars(select(MotsIndexes.id).order_by(MotsIndexes.id)).all() == avant


def test_dans_un_tres_long_texte_une_expression_a_cheval_et_une_exclusion_lointaine(moteur: Engine) -> None:
    mots = [f"mot{rang}" for rang in range(2 * MOTS_PAR_MORCEAU)]
    coupure = f'"mot{MOTS_PAR_MORCEAU - 1} mot{MOTS_PAR_MORCEAU}"'
    with ecriture(moteur, None) as session:
        texte = _texte(session, " ".join(mots))
        assert _trouves(session, coupure) == {texte.id}
        assert _trouves(session, f"mot1 -mot{len(mots) - 1}") == set()


def test_refaire_l_index_retrouve_le_meme(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        texte = _texte(session, "Le temps manque.")
        fabriques.un_verbatim(session, texte, 0, 8, memo="Urgent")
        avant = _mots(session)
        refaire_index(session, texte.investigation_id)
        assert _mots(session) == avant


def _mots(session: Session) -> list[tuple[str, int, str, str]]:
    colonnes = MotsIndexes.nature, MotsIndexes.objet_id, MotsIndexes.formes, MotsIndexes.racines
    return sorted(tuple(ligne) for ligne in session.execute(select(*colonnes)))


def test_la_mise_a_jour_indexe_ce_qui_existait(moteur_nu: Engine) -> None:
    migrer(moteur_nu)
    with ecriture(moteur_nu, None) as session:
        texte = _texte(session, "Des préfectures.")
    redescendre(moteur_nu, "0007")
    migrer(moteur_nu)
    with lecture(moteur_nu) as session:
        assert _trouves(session, "prefecture") == {texte.id}
        assert len(session.scalars(select(MotsIndexes.id)).all()) == 1
