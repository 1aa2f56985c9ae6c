"""Consigner un partenariat à l'écran : organisations trouvées ou créées, saisie gardée, refus en une phrase."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Brouillon, EvenementPartenariat, FormePartenariat, Organisation, Partenariat
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import (
    FormeEngagement,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Role,
    Rythme,
    TypeActeur,
    TypeEvenement,
)
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import ORGANISATIONS, Enquete, preparer
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/saisie"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur)


def _ouvrir(ouvrir: Ouvrir, enquete: Enquete, **params: object) -> AppTest:
    return ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, **params)


def _cliquer(ecran: AppTest, libelle: str) -> AppTest:
    return next(b for b in ecran.button if libelle in b.label.replace("\\", "")).click().run()


def _champ(ecran: AppTest, fin: str) -> str:
    champs = (*ecran.text_input, *ecran.text_area, *ecran.selectbox, *ecran.radio, *ecran.multiselect)
    return next(str(c.key) for c in champs if str(c.key).endswith(fin))


def _choisir_organisations(ecran: AppTest) -> None:
    for cote, recherche, nom in (
        ("entreprise_id.texte", "frigolive", ORGANISATIONS[1]),
        ("association_id.texte", "calanques", ORGANISATIONS[0]),
    ):
        ecran.text_input(key=_champ(ecran, cote)).input(recherche).run()
        _cliquer(ecran, nom)


def _remplir(ecran: AppTest, enquete: Enquete, debut: str = "mars 2026") -> None:
    _choisir_organisations(ecran)
    ecran.multiselect(key=_champ(ecran, ".formes")).set_value(["pret", "mecenat_nature"]).run()
    ecran.selectbox(key=_champ(ecran, ".terrain_id")).set_value(enquete.marseille).run()
    ecran.radio(key=_champ(ecran, ".rythme")).set_value("recurrent").run()
    ecran.radio(key=_champ(ecran, ".mode_recueil")).set_value("vivants_seulement").run()
    ecran.text_input(key=_champ(ecran, ".debut")).input(debut).run()


def _partenariats(moteur: Engine) -> list[Partenariat]:
    with lecture(moteur) as session:
        return list(session.scalars(select(Partenariat).order_by(Partenariat.id.desc())))


def test_consigner_du_debut_a_la_fin(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    assert not ecran.exception and [t.value for t in ecran.title] == ["Consigner un partenariat"]
    _remplir(ecran, enquete)
    assert "Ces deux organisations ont déjà un partenariat consigné" in ecran.warning[0].value
    _cliquer(ecran, "Enregistrer le partenariat")
    assert not ecran.error and not ecran.exception
    neuf = _partenariats(moteur)[0]
    assert (neuf.precision_debut, neuf.rythme, neuf.mode_recueil) == (
        PrecisionDate.MOIS,
        Rythme.RECURRENT,
        ModeRecueil.VIVANTS_SEULEMENT,
    )
    assert neuf.derniere_nouvelle == neuf.premiere_observation == aujourd_hui()
    with lecture(moteur) as session:
        formes = session.execute(
            select(FormePartenariat.forme, FormePartenariat.principale).where(
                FormePartenariat.partenariat_id == neuf.id
            )
        ).all()
        types = session.scalars(
            select(EvenementPartenariat.type).where(EvenementPartenariat.partenariat_id == neuf.id)
        ).all()
        assert fabriques.compter(session, Brouillon) == 0
    assert set(formes) == {(FormeEngagement.PRET, True), (FormeEngagement.MECENAT_NATURE, False)}
    assert set(types) == {TypeEvenement.SIGNATURE, TypeEvenement.NOUVELLE}


def test_un_partenariat_fini_demande_son_motif(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    _remplir(ecran, enquete)
    ecran.radio(key=_champ(ecran, ".mode_recueil")).set_value("retrospectif_complet").run()
    ecran.radio(key=_champ(ecran, ".situation")).set_value("termine").run()
    ecran.text_input(key=_champ(ecran, ".fin")).input("15/09/2026").run()
    _cliquer(ecran, "Enregistrer le partenariat")
    assert "Dites pourquoi il a pris fin" in ecran.error[0].value
    ecran.selectbox(key=_champ(ecran, ".motif_fin")).set_value(MotifFin.OBJECTIF_ATTEINT.value).run()
    _cliquer(ecran, "Enregistrer le partenariat")
    assert not ecran.error
    assert (_partenariats(moteur)[0].fin, _partenariats(moteur)[0].motif_fin) == (
        date(2026, 9, 15),
        MotifFin.OBJECTIF_ATTEINT,
    )


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        (".debut", "31/02/2026", "n'existe pas dans le calendrier"),
        (".debut", "2999", "cette date est à venir"),
        (".debut", "0202", "faute de frappe"),
        (".quantite", "3000", "Un volume demande son unité"),
        (".quantite", "beaucoup", "Commencez par un nombre"),
        (".en_cours_le", "demain", "ne se lit pas comme une date"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_reste(
    ouvrir: Ouvrir, enquete: Enquete, moteur: Engine, champ: str, valeur: str, phrase: str
) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    _remplir(ecran, enquete)
    ecran.text_input(key=_champ(ecran, champ)).input(valeur).run()
    _cliquer(ecran, "Enregistrer le partenariat")
    assert phrase in ecran.error[0].value
    assert ecran.text_input(key=_champ(ecran, champ)).value == valeur
    assert len(_partenariats(moteur)) == 2


def test_ce_qui_manque_se_dit_dans_l_ordre(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    phrases = []
    for geste in (
        lambda: None,
        lambda: _choisir_organisations(ecran),
        lambda: ecran.selectbox(key=_champ(ecran, ".terrain_id")).set_value(enquete.marseille).run(),
        lambda: ecran.radio(key=_champ(ecran, ".rythme")).set_value("ponctuel").run(),
        lambda: ecran.radio(key=_champ(ecran, ".mode_recueil")).set_value("prospectif").run(),
    ):
        geste()
        phrases.append(_cliquer(ecran, "Enregistrer le partenariat").error[0].value)
    assert phrases == [
        "Choisissez l'entreprise, ou créez-la.",
        "Choisissez le terrain.",
        "Choisissez le rythme : ponctuel, récurrent ou pluriannuel.",
        "Dites comment vous avez appris ce partenariat.",
        "Choisissez au moins une forme d'engagement.",
    ]


def test_une_organisation_se_cree_en_route(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.text_input(key=_champ(ecran, "association_id.texte")).input("Les Amis du Four").run()
    _cliquer(ecran, "Créer «")
    _cliquer(ecran, "Créer l'organisation")
    assert "Association : **Les Amis du Four" in lire_ecran(ecran)
    with lecture(moteur) as session:
        (creee,) = session.scalars(select(Organisation).where(Organisation.nom == "Les Amis du Four"))
    assert creee.type_acteur is TypeActeur.ASSOCIATION


def test_la_saisie_se_retrouve_apres_une_coupure(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    with lecture(moteur) as session:
        assert fabriques.compter(session, Brouillon) == 0  # ouvrir la page n'écrit rien
    _remplir(ecran, enquete, debut="mars 2026")
    ecran.text_area(key=_champ(ecran, ".description")).input("Invendus 🥖").run()
    revenu = _ouvrir(ouvrir, enquete)
    texte = lire_ecran(revenu)
    assert "retrouvée : rien n'est perdu" in texte
    assert f"Entreprise : **{ORGANISATIONS[1]}" in texte and f"Association : **{ORGANISATIONS[0]}" in texte
    assert revenu.text_input(key=_champ(revenu, ".debut")).value == "mars 2026"
    assert revenu.text_area(key=_champ(revenu, ".description")).value == "Invendus 🥖"
    _cliquer(revenu, "Enregistrer le partenariat")
    assert not revenu.error and len(_partenariats(moteur)) == 3


def test_repartir_de_zero(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    _remplir(_ouvrir(ouvrir, enquete), enquete)
    revenu = _cliquer(_ouvrir(ouvrir, enquete), "Repartir de zéro")
    assert revenu.text_input(key=_champ(revenu, ".debut")).value == ""
    with lecture(moteur) as session:
        assert fabriques.compter(session, Brouillon) == 0


def test_une_suite_part_de_l_episode_clos(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        clos = session.get_one(Partenariat, 2)
        fabriques.un_evenement(session, clos, TypeEvenement.FIN, date(2025, 3, 1), motif=MotifFin.BUDGET)
        clos.fin, clos.precision_fin, clos.motif_fin = date(2025, 3, 1), PrecisionDate.JOUR, MotifFin.BUDGET
    ecran = _ouvrir(ouvrir, enquete, suite=2)
    assert f"Entreprise : **{ORGANISATIONS[1]}" in lire_ecran(ecran)
    ecran.text_input(key=_champ(ecran, ".debut")).input("01/12/2025").run()
    _cliquer(ecran, "Enregistrer le partenariat")
    assert "moins de douze mois" in ecran.error[0].value
    ecran.text_input(key=_champ(ecran, ".debut")).input("01/06/2026").run()
    _cliquer(ecran, "Enregistrer le partenariat")
    assert not ecran.error
    assert _partenariats(moteur)[0].episode_precedent_id == 2


def test_depuis_un_entretien_la_source_est_gardee(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete, entretien=1)
    _remplir(ecran, enquete, debut="2025")
    _cliquer(ecran, "Enregistrer le partenariat")
    assert not ecran.error
    neuf = _partenariats(moteur)[0]
    assert (neuf.source_entretien_id, neuf.derniere_nouvelle) == (1, date(2026, 10, 5))


def test_un_numero_inconnu_se_dit(ouvrir: Ouvrir, enquete: Enquete) -> None:
    for params in ({"suite": 9999}, {"entretien": 9999}):
        ecran = _ouvrir(ouvrir, enquete, **params)
        assert "n'existe pas" in ecran.error[0].value


@pytest.mark.parametrize("role", [Role.RELECTEUR, Role.DEMONSTRATION])
def test_qui_ne_consigne_pas_ne_voit_pas_le_formulaire(ouvrir: Ouvrir, moteur: Engine, role: Role) -> None:
    enquete = preparer(moteur, fictive=True)
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation, directement=True)
    assert "n'est pas ouverte à votre compte" in ecran.error[0].value
    assert not ecran.text_input
