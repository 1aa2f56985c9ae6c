"""Surligner et étiqueter : jamais deux fois, jamais hors du texte, toujours annulable."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Etiquetage, Etiquette, LigneJournal, Texte, Verbatim
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import AncrageVerbatim, Role
from lib.services import verbatims
from lib.services.gestes import Geste
from lib.services.retours import annuler
from lib.services.syntheses import refaire, verifier
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.codage import TEXTE, Monde, un_monde


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    return un_monde(moteur)


def test_surligner_garde_les_mots_qui_parle_et_le_passage_plie(monde: Monde) -> None:
    geste = monde.surligner("Le temps manque 😡", 0)
    with lecture(monde.moteur) as session:
        verbatim = session.get_one(Verbatim, geste.verbatim_id)
    assert (verbatim.citation, verbatim.locuteur) == ("Le temps manque 😡", "R")
    assert verbatim.citation_recherche == "le temps manque 😡"
    assert verbatim.cree_par == monde.perimetre.compte_id
    assert geste.message == "«\u00a0Manque de temps\u00a0» posée."


def test_un_double_envoi_n_ecrit_qu_une_fois(monde: Monde) -> None:
    monde.surligner("manque 😡", 0)
    second = monde.surligner("manque 😡", 0)
    assert not second.change
    assert "déjà posée" in second.message
    assert monde.passages() == [("manque 😡", [0])]


def test_surligner_sans_etiquette_est_permis_et_ne_se_double_pas(monde: Monde) -> None:
    assert monde.surligner("manque").change
    assert not monde.surligner("manque").change
    assert monde.passages() == [("manque", [])]


def test_deux_personnes_d_accord_partagent_le_passage(monde: Monde) -> None:
    premier = monde.surligner("manque", 0)
    debut = TEXTE.index("manque")
    second = monde.faire(
        verbatims.surligner,
        monde.autre,
        texte_id=monde.texte_id,
        version=1,
        debut=debut,
        fin=debut + 6,
        etiquette_id=monde.etiquettes[0],
    )
    assert (second.verbatim_id, second.change) == (premier.verbatim_id, True)
    assert monde.passages() == [("manque", [0])]


@pytest.mark.parametrize(
    ("debut", "fin", "phrase"),
    [(-1, 4, "sort du texte"), (0, 10_000, "sort du texte"), (5, 5, "est vide"), (3, 4, "est vide")],
)
def test_une_citation_hors_du_texte_ou_vide_est_refusee(monde: Monde, debut: int, fin: int, phrase: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase):
        monde.surligner("Q", 0, debut=debut, fin=fin)
    assert monde.passages() == []


def test_un_texte_corrige_entre_temps_est_un_conflit(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        session.get_one(Texte, monde.texte_id).contenu = "Note. " + TEXTE
    with pytest.raises(Conflit, match="corrigé entre-temps"):
        monde.surligner("manque", 0)


def test_des_mots_differents_de_ceux_qu_on_a_vus_sont_un_conflit(monde: Monde) -> None:
    with pytest.raises(Conflit):
        monde.surligner("manque", 0, extrait="autre chose")
    assert monde.surligner("manque", 0, extrait="manque").change


def test_le_meme_irritant_sur_des_passages_qui_se_chevauchent_les_reunit(monde: Monde) -> None:
    premier = monde.surligner("Le temps manque", 0)
    geste = monde.surligner("manque 😡, on relance", 0)
    assert "réuni" in geste.message
    assert geste.verbatim_id == premier.verbatim_id
    assert monde.passages() == [("Le temps manque 😡, on relance", [0])]


def test_la_fusion_laisse_les_autres_etiquettes_a_leur_place(monde: Monde) -> None:
    monde.surligner("Le temps manque", 0)
    monde.surligner("Le temps manque", 1)
    monde.surligner("manque 😡, on relance", 0)
    assert monde.passages() == [("Le temps manque", [1]), ("Le temps manque 😡, on relance", [0])]


def test_la_fusion_gagne_de_proche_en_proche(monde: Monde) -> None:
    monde.surligner("Le temps", 0)
    monde.surligner("relance sans réponse", 0)
    monde.surligner("temps manque 😡, on relance", 0)
    assert monde.passages() == [("Le temps manque 😡, on relance sans réponse", [0])]


def test_un_passage_deja_compris_dans_un_autre_ne_change_rien(monde: Monde) -> None:
    monde.surligner("Le temps manque", 0)
    geste = monde.surligner("temps", 0, debut=TEXTE.index("Le temps") + 3, fin=TEXTE.index("Le temps") + 8)
    assert not geste.change
    assert "fait déjà partie" in geste.message


def test_deux_etiquettes_se_chevauchent_sans_se_meler(monde: Monde) -> None:
    monde.surligner("Le temps manque", 0)
    monde.surligner("manque 😡", 1)
    assert monde.passages() == [("Le temps manque", [0]), ("manque 😡", [1])]


def test_des_passages_qui_se_touchent_ne_se_reunissent_pas(monde: Monde) -> None:
    monde.surligner("Le temps ", 0)
    monde.surligner("manque", 0)
    assert len(monde.passages()) == 2


def test_ajouter_puis_retirer_une_etiquette(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.etiqueter, verbatim_id=verbatim, etiquette_id=monde.etiquettes[1])
    assert monde.passages() == [("manque", [0, 1])]
    monde.faire(verbatims.retirer, verbatim_id=verbatim, etiquette_id=monde.etiquettes[0])
    assert monde.passages() == [("manque", [1])]
    assert not monde.faire(verbatims.retirer, verbatim_id=verbatim, etiquette_id=monde.etiquettes[0]).change


def test_retirer_vaut_pour_toutes_les_personnes_qui_l_ont_posee(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.etiqueter, monde.autre, verbatim_id=verbatim, etiquette_id=monde.etiquettes[0])
    geste = monde.faire(verbatims.retirer, verbatim_id=verbatim, etiquette_id=monde.etiquettes[0])
    assert len(geste.retires) == 2
    assert monde.passages() == [("manque", [])]


def test_archiver_puis_retablir(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.archiver, verbatim_id=verbatim)
    assert monde.passages() == []
    monde.faire(verbatims.retablir, verbatim_id=verbatim)
    assert monde.passages() == [("manque", [0])]


def test_retablir_sur_un_passage_repris_est_refuse_sans_rien_perdre(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.archiver, verbatim_id=verbatim)
    monde.surligner("manque", 1)
    with pytest.raises(DonneeInvalide, match="déjà surligné"):
        monde.faire(verbatims.retablir, verbatim_id=verbatim)
    assert monde.passages() == [("manque", [1])]


def test_un_surlignage_retire_ne_s_etiquette_plus(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.archiver, verbatim_id=verbatim)
    with pytest.raises(DonneeInvalide, match="vient d'être retiré"):
        monde.faire(verbatims.etiqueter, verbatim_id=verbatim, etiquette_id=monde.etiquettes[1])


def test_replacer_une_citation_a_verifier(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    with ecriture(monde.moteur, None) as session:
        session.get_one(Verbatim, verbatim).ancrage = AncrageVerbatim.A_VERIFIER
    debut = TEXTE.index("rien ne dure")
    place = {"version": 1, "debut": debut, "fin": debut + 12}
    geste = monde.faire(verbatims.replacer, verbatim_id=verbatim, **place)
    assert monde.passages() == [("rien ne dure", [0])]
    with pytest.raises(Conflit):
        monde.faire(verbatims.replacer, verbatim_id=verbatim, **place | {"version": 0})
    assert (geste.verbatim_id, len(geste.versions)) == (verbatim, 1)


GESTES: tuple[Callable[[Monde], Geste], ...] = (
    lambda monde: monde.surligner("Le temps manque", 0),
    lambda monde: monde.surligner("manque 😡, on", 0),
    lambda monde: monde.surligner("manque 😡, on", 1),
    lambda monde: monde.surligner("relance sans réponse", 0),
    lambda monde: monde.surligner("on relance", 2),
    lambda monde: monde.surligner("temps manque 😡, on relance", 0),
    lambda monde: monde.faire(verbatims.archiver, verbatim_id=_premier(monde)),
    lambda monde: monde.faire(verbatims.retirer, verbatim_id=_premier(monde), etiquette_id=monde.etiquettes[0]),
    lambda monde: monde.faire(verbatims.etiqueter, verbatim_id=_premier(monde), etiquette_id=monde.etiquettes[2]),
)


def _premier(monde: Monde) -> int:
    with lecture(monde.moteur) as session:
        vivants = select(Verbatim.id).where(Verbatim.archive_le.is_(None)).order_by(Verbatim.debut, Verbatim.id)
        return session.scalars(vivants).first() or 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rangs=st.lists(st.integers(0, len(GESTES) - 1), min_size=1, max_size=6))
def test_tout_geste_s_annule_et_se_refait(monde: Monde, rangs: list[int]) -> None:
    _effacer(monde)
    etats, faits = [monde.passages()], []
    for rang in rangs:
        with suppress(Introuvable):  # plus rien à archiver ni à étiqueter
            faits.append(GESTES[rang](monde))
            etats.append(monde.passages())
    inverses = []
    for geste, avant in zip(reversed(faits), reversed(etats[:-1]), strict=True):
        inverses.append(monde.faire(annuler, geste=geste))
        assert monde.passages() == avant
    for geste in reversed(inverses):
        monde.faire(annuler, geste=geste)
    assert monde.passages() == etats[-1]
    with lecture(monde.moteur) as session:
        assert verifier(session, monde.investigation_id) == []


def _effacer(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        for ligne in session.scalars(select(Etiquetage).where(Etiquetage.retire_le.is_(None))):
            ligne.retire_le = maintenant()
        for verbatim in session.scalars(select(Verbatim).where(Verbatim.archive_le.is_(None))):
            verbatim.archive_le = maintenant()
        refaire(session, monde.investigation_id)


def test_annuler_une_fusion_apres_correction_du_texte_est_un_conflit(monde: Monde) -> None:
    monde.surligner("Le temps manque", 0)
    geste = monde.surligner("manque 😡, on relance", 0)
    with ecriture(monde.moteur, None) as session:
        session.get_one(Texte, monde.texte_id).contenu = TEXTE + " Fin."
    with pytest.raises(Conflit):
        monde.faire(annuler, geste=geste)


def test_un_lecteur_ne_code_pas(monde: Monde) -> None:
    lecteur = Perimetre(
        compte_id=monde.perimetre.compte_id, role=Role.RELECTEUR, investigation_id=monde.investigation_id
    )
    with pytest.raises(AccesRefuse):
        monde.faire(verbatims.surligner, lecteur, texte_id=monde.texte_id, version=1, debut=0, fin=1)
    geste = monde.surligner("manque", 0)
    for service in (verbatims.archiver, verbatims.retablir):
        with pytest.raises(AccesRefuse):
            monde.faire(service, lecteur, verbatim_id=geste.verbatim_id)
    with pytest.raises(AccesRefuse):
        monde.faire(annuler, lecteur, geste=geste)


def test_hors_du_perimetre_c_est_introuvable(monde: Monde) -> None:
    geste = monde.surligner("manque", 0)
    ailleurs = replace(monde.perimetre, investigation_id=10**6)
    borne = replace(monde.perimetre, terrains=frozenset({10**6}))
    for perimetre in (ailleurs, borne):
        with pytest.raises(Introuvable):
            monde.faire(verbatims.surligner, perimetre, texte_id=monde.texte_id, version=1, debut=0, fin=1)
        with pytest.raises(Introuvable):
            monde.faire(verbatims.archiver, perimetre, verbatim_id=geste.verbatim_id)
        with pytest.raises(Introuvable):
            monde.faire(annuler, perimetre, geste=geste)


def test_une_etiquette_archivee_ou_d_ailleurs_ne_se_pose_pas(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        ailleurs = fabriques.une_etiquette(session, fabriques.une_investigation(session)).id
        session.get_one(Etiquette, monde.etiquettes[0]).archive_le = maintenant()
    with pytest.raises(DonneeInvalide, match="est archivée"):
        monde.surligner("manque", 0)
    debut = TEXTE.index("manque")
    with pytest.raises(Introuvable):
        monde.faire(
            verbatims.surligner, texte_id=monde.texte_id, version=1, debut=debut, fin=debut + 6, etiquette_id=ailleurs
        )
    assert monde.passages() == []


def test_un_entretien_archive_ne_se_code_plus(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        session.get_one(Entretien, monde.entretien_id).archive_le = maintenant()
    with pytest.raises(DonneeInvalide, match="archivé"):
        monde.surligner("manque", 0)


def test_le_journal_dit_le_geste_sans_les_mots(monde: Monde) -> None:
    monde.surligner("Le temps manque", 0)
    with lecture(monde.moteur) as session:
        lignes = session.scalars(select(LigneJournal).where(LigneJournal.compte_id == monde.perimetre.compte_id)).all()
    assert [ligne.objet for ligne in lignes] == ["verbatims", "etiquetages"]
    assert "manque" not in str([ligne.apres for ligne in lignes])


def _borner(monde: Monde, verbatim: int, mots: str, **champs: Any) -> Geste:
    debut = TEXTE.index(mots)
    place = {"version": 1, "debut": debut, "fin": debut + len(mots)} | champs
    return monde.faire(verbatims.borner, verbatim_id=verbatim, **place)


def test_deplacer_les_bornes_fait_suivre_la_citation(monde: Monde) -> None:
    verbatim = monde.surligner("manque 😡", 0).verbatim_id
    geste = _borner(monde, verbatim, "Le temps manque 😡")
    assert geste.message == "Bornes déplacées : «\u00a0Le temps manque 😡\u00a0»."
    assert monde.passages() == [("Le temps manque 😡", [0])]
    assert not _borner(monde, verbatim, "Le temps manque 😡").change


def test_deplacer_les_bornes_sur_un_voisin_de_meme_etiquette_les_reunit(monde: Monde) -> None:
    verbatim = monde.surligner("Le temps", 0).verbatim_id
    monde.faire(verbatims.etiqueter, verbatim_id=verbatim, etiquette_id=monde.etiquettes[1])
    monde.surligner("relance sans réponse", 0)
    geste = _borner(monde, verbatim, "Le temps manque 😡, on relance")
    assert "réuni avec un voisin qui portait déjà «\u00a0Manque de temps\u00a0»" in geste.message
    assert monde.passages() == [
        ("Le temps manque 😡, on relance", [1]),
        ("Le temps manque 😡, on relance sans réponse", [0]),
    ]


@pytest.mark.parametrize(("debut", "fin"), [(0, 10_000), (5, 5), (3, 4)])
def test_des_bornes_impossibles_laissent_le_passage_a_sa_place(monde: Monde, debut: int, fin: int) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    with pytest.raises(DonneeInvalide):
        _borner(monde, verbatim, "manque", debut=debut, fin=fin)
    assert monde.passages() == [("manque", [0])]


def test_des_bornes_lues_sur_un_ancien_texte_sont_un_conflit(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    with pytest.raises(Conflit, match="corrigé entre-temps"):
        _borner(monde, verbatim, "Le temps", version=0)


def test_des_bornes_deja_tenues_par_un_autre_passage_sont_refusees(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.surligner("rien ne dure", 1)
    with pytest.raises(DonneeInvalide, match="déjà surligné"):
        _borner(monde, verbatim, "rien ne dure")


def test_un_memo_s_ecrit_se_garde_et_ne_s_ecrit_pas_deux_fois(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    assert monde.faire(verbatims.noter, verbatim_id=verbatim, memo=" À revoir\r\navec Karim ").change
    assert not monde.faire(verbatims.noter, verbatim_id=verbatim, memo="À revoir\navec Karim").change
    with pytest.raises(DonneeInvalide, match=r"4\s000 caractères"):
        monde.faire(verbatims.noter, verbatim_id=verbatim, memo="x" * 4_001)
    with lecture(monde.moteur) as session:
        assert session.get_one(Verbatim, verbatim).memo == "À revoir\navec Karim"


def test_le_journal_tait_les_mots_du_memo(monde: Monde) -> None:
    verbatim = monde.surligner("manque", 0).verbatim_id
    monde.faire(verbatims.noter, verbatim_id=verbatim, memo="Judith en sait plus")
    with lecture(monde.moteur) as session:
        lignes = session.scalars(select(LigneJournal)).all()
    assert not any("Judith" in f"{ligne.avant}{ligne.apres}{ligne.motif}" for ligne in lignes)


def test_une_etiquette_reservee_ne_se_pose_que_sur_une_reponse(monde: Monde) -> None:
    with ecriture(monde.moteur, None) as session:
        session.get_one(Etiquette, monde.etiquettes[0]).reservee = True
    for question in ("Et le temps", "temps ?\nR : Le temps"):
        with pytest.raises(DonneeInvalide, match="paroles de la personne interrogée"):
            monde.surligner(question, 0)
    verbatim = monde.surligner("Et le temps", 1).verbatim_id
    with pytest.raises(DonneeInvalide, match="paroles de la personne interrogée"):
        monde.faire(verbatims.etiqueter, verbatim_id=verbatim, etiquette_id=monde.etiquettes[0])
    reponse = monde.surligner("Le temps manque", 0).verbatim_id
    with pytest.raises(DonneeInvalide, match="paroles de la personne interrogée"):
        _borner(monde, reponse, "Et le temps")
    assert monde.passages() == [("Et le temps", [1]), ("Le temps manque", [0])]


def test_deux_personnes_codent_le_meme_passage_au_meme_instant(monde: Monde) -> None:
    """Les deux écritures aboutissent : un seul passage, une étiquette posée par chacune, des comptes justes."""
    depart = Barrier(2)

    def coder(perimetre: Perimetre) -> bool:
        debut = TEXTE.index("manque")
        depart.wait(timeout=20)
        geste = monde.faire(
            verbatims.surligner,
            perimetre,
            texte_id=monde.texte_id,
            version=1,
            debut=debut,
            fin=debut + 6,
            etiquette_id=monde.etiquettes[0],
        )
        return geste.change

    with ThreadPoolExecutor(2) as executeur:
        assert list(executeur.map(coder, (monde.perimetre, monde.autre))) == [True, True]
    assert monde.passages() == [("manque", [0])]
    with lecture(monde.moteur) as session:
        assert verifier(session, monde.investigation_id) == []
        vivants = select(Etiquetage).where(Etiquetage.retire_le.is_(None))
        assert {pose.compte_id for pose in session.scalars(vivants)} == {
            monde.perimetre.compte_id,
            monde.autre.compte_id,
        }


# Ce que Word laisse dans un presse-papiers : puces privées, césures et tirets insécables, tabulations verticales,
# séparateurs de ligne, guillemets et apostrophes courbes, marques de sens d'écriture.
COLLE_DE_WORD = (
    "\ufeff\uf0b7\tL\u2019aide\u00a0: \u201cbien\u201d\x0bmanque\u00ad ici\u2028et l\u00e0\u2011bas"
    " \u200e😡\u200f fin\x07.\r\n"
)


@pytest.mark.parametrize(
    "mots", ["\uf0b7\tL\u2019aide", "bien\u201d\x0bmanque\u00ad ici", "l\u00e0\u2011bas \u200e😡", "ici\u2028et"]
)
def test_un_texte_colle_de_word_se_code_a_ses_places(monde: Monde, mots: str) -> None:
    contenu = normaliser(COLLE_DE_WORD)
    with ecriture(monde.moteur, None) as session:
        session.get_one(Texte, monde.texte_id).contenu = contenu
    debut = contenu.index(mots)
    place = {"texte_id": monde.texte_id, "version": 2, "debut": debut, "fin": debut + len(mots)}
    monde.faire(verbatims.surligner, **place, extrait=mots, etiquette_id=monde.etiquettes[0])
    assert monde.passages() == [(mots, [0])]
