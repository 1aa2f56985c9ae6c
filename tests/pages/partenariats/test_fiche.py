"""La fiche à l'écran : l'histoire, les gestes de l'équipe, ce que les autres comptes n'y voient pas."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from lib.db.modeles import EvenementPartenariat, Partenariat, Verbatim
from lib.domain.horloge import aujourd_hui
from lib.domain.vocabulaire import MotifFin, PrecisionDate, Role, Rythme, TypeEvenement
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import FORMULE, ORGANISATIONS, PERSONNES, Enquete, preparer
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "partenariats/fiche"
T = TypeEvenement
NUMERO = 2


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    """Un partenariat n° 2, commencé le 15 janvier 2025, appris d'un entretien."""
    return preparer(moteur, fictive=True)


def _ouvrir(ouvrir: Ouvrir, enquete: Enquete, role: Role = Role.ENQUETEUR) -> AppTest:
    return ouvrir(PAGE, enquete.comptes[role], enquete.investigation, partenariat=NUMERO)


def _bouton(ecran: AppTest, libelle: str) -> AppTest:
    return next(b for b in ecran.button if b.label == libelle).click().run()


def _champ(ecran: AppTest, fin_de_cle: str) -> str:
    return next(c.key for c in (*ecran.text_input, *ecran.selectbox, *ecran.radio) if str(c.key).endswith(fin_de_cle))


def _evenements(moteur: Engine) -> list[EvenementPartenariat]:
    with lecture(moteur) as session:
        requete = select(EvenementPartenariat).where(EvenementPartenariat.partenariat_id == NUMERO)
        return list(session.scalars(requete.order_by(EvenementPartenariat.id)))


def test_la_fiche_dit_le_statut_l_histoire_et_ce_qui_reste_a_citer(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    assert not ecran.exception and not ecran.error
    texte = lire_ecran(ecran)
    assert f"{ORGANISATIONS[1]} – {ORGANISATIONS[0]}" in texte
    assert "À vérifier : sans nouvelle depuis le 15 janvier 2025" in texte
    assert "Début (signature ou première action) : 15 janvier 2025" in texte  # texte alternatif de la frise
    assert list(ecran.table[0].value.iloc[0])[:2] == [
        "15\N{NO-BREAK SPACE}janvier\N{NO-BREAK SPACE}2025",
        "Début \\(signature ou première action\\)",
    ]
    assert [titre.value for titre in ecran.header] == [
        "Histoire",
        "Mettre à jour",
        "Détails",
        "Ce qu'on en dit",
    ]


def test_une_citation_se_rattache_puis_se_detache(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    with lecture(moteur) as session:
        passage = session.scalars(select(Verbatim.id).where(Verbatim.citation.contains(FORMULE))).one()
    ecran = _ouvrir(ouvrir, enquete)
    assert "Aucune citation n'est encore rattachée" in lire_ecran(ecran)
    ecran.toggle(key=f"p{NUMERO}.rattacher").set_value(True).run()
    choix = next(c for c in ecran.selectbox if str(c.key).endswith(".passage"))
    choix.set_value(passage).run()
    _bouton(ecran, "Rattacher cette citation")
    assert [m.value for m in ecran.success] == ["Citation rattachée au partenariat."]
    assert FORMULE in lire_ecran(ecran)
    _bouton(ecran, "Détacher cette citation")
    assert FORMULE not in "".join(m.value for m in ecran.markdown)


def test_la_relecture_lit_sans_nom_ni_geste(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = _ouvrir(ouvrir, enquete, Role.RELECTEUR)
    texte = lire_ecran(ecran)
    assert "À vérifier : sans nouvelle" in texte
    assert not any(nom in texte for nom in (*ORGANISATIONS, *PERSONNES, "Castagnol", FORMULE, "E-MRS-001", "1250"))
    assert [titre.value for titre in ecran.header] == ["Histoire", "Détails"]


def test_sans_numero_ou_avec_un_numero_inconnu_la_page_le_dit(ouvrir: Ouvrir, enquete: Enquete) -> None:
    sans = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation)
    assert "Aucun partenariat n'est choisi." in sans.info[0].value
    for numero in ("9999", "1"):  # le second vient d'un entretien sans notice
        ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, partenariat=numero)
        assert "n'existe pas, ou n'est pas ouverte" in ecran.info[0].value
        assert [titre.value for titre in ecran.title] == ["Fiche de partenariat"]


def test_ajouter_une_pause_en_deux_gestes(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.radio(key=_champ(ecran, ".type")).set_value(T.PAUSE).run()
    ecran.text_input(key=_champ(ecran, "pause.quand")).input("juin 2025").run()
    _bouton(ecran, "Enregistrer l'événement")
    assert [m.value for m in ecran.success] == ["Événement enregistré : pause."]
    pause = _evenements(moteur)[-1]
    assert (pause.type, pause.date_effet, pause.precision) == (T.PAUSE, date(2025, 6, 1), PrecisionDate.MOIS)
    assert "Pause : juin 2025" in lire_ecran(ecran)


def test_une_fin_demande_son_motif(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.radio(key=_champ(ecran, ".type")).set_value(T.FIN).run()
    ecran.text_input(key=_champ(ecran, "fin.quand")).input("15/06/2026").run()
    _bouton(ecran, "Enregistrer l'événement")
    assert "Une fin demande son motif" in ecran.error[0].value
    assert ecran.text_input(key=_champ(ecran, "fin.quand")).value == "15/06/2026"
    assert len(_evenements(moteur)) == 1
    ecran.selectbox(key=_champ(ecran, "fin.motif")).set_value(MotifFin.BUDGET).run()
    _bouton(ecran, "Enregistrer l'événement")
    assert not ecran.error
    assert "Terminé le 15 juin 2026, après 1 an et 5 mois. Motif : budget (du côté de l'entreprise)." in lire_ecran(
        ecran
    )


@pytest.mark.parametrize(
    ("type_evenement", "quand", "phrase"),
    [
        (T.NOUVELLE, "demain", "ne se lit pas comme une date"),
        (T.NOUVELLE, "", "donnez au moins l'année"),
        (T.NOUVELLE, "01/01/2999", "cette date est à venir"),
        (T.RENOUVELLEMENT, "2023", "cette date précède le début du partenariat"),
        (T.REPRISE, "2026", "n'était pas en pause"),
        (T.PAUSE, "0202", "faute de frappe"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit_et_reste_a_l_ecran(
    ouvrir: Ouvrir, enquete: Enquete, moteur: Engine, type_evenement: T, quand: str, phrase: str
) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.radio(key=_champ(ecran, ".type")).set_value(type_evenement).run()
    ecran.text_input(key=_champ(ecran, f"{type_evenement}.quand")).input(quand).run()
    _bouton(ecran, "Enregistrer l'événement")
    assert phrase in ecran.error[0].value
    assert ecran.text_input(key=_champ(ecran, f"{type_evenement}.quand")).value == quand
    assert len(_evenements(moteur)) == 1


def test_corriger_garde_l_origine(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.segmented_control(key=f"geste-{NUMERO}").set_value("Corriger un événement").run()
    ecran.selectbox(key=_champ(ecran, "a_corriger")).set_value(_evenements(moteur)[0].id).run()
    assert ecran.text_input(key=_champ(ecran, ".quand")).value == "15 janvier 2025"
    ecran.text_input(key=_champ(ecran, ".quand")).input("2024").run()
    ecran.text_input(key=_champ(ecran, ".commentaire")).input("La convention *disait* 2024").run()
    _bouton(ecran, "Enregistrer la correction")
    assert not ecran.error
    ancien, nouveau = _evenements(moteur)
    assert (ancien.date_effet, nouveau.corrige_id, nouveau.date_effet) == (
        date(2025, 1, 15),
        ancien.id,
        date(2024, 1, 1),
    )
    assert [volet.label for volet in ecran.expander] == [
        "1\N{NO-BREAK SPACE}ligne corrigée ou annulée : rien ne s'efface"
    ]
    assert "Début (signature ou première action) : 2024" in lire_ecran(ecran)


def test_annuler_le_seul_evenement_se_refuse(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.segmented_control(key=f"geste-{NUMERO}").set_value("Corriger un événement").run()
    ecran.selectbox(key=_champ(ecran, "a_corriger")).set_value(_evenements(moteur)[0].id).run()
    _bouton(ecran, "Cet événement n'a pas eu lieu")
    assert "archivez plutôt ce partenariat" in ecran.error[0].value
    assert len(_evenements(moteur)) == 1


def test_modifier_les_details(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.segmented_control(key=f"geste-{NUMERO}").set_value("Modifier les détails").run()
    ecran.radio(key=_champ(ecran, ".rythme")).set_value("pluriannuel").run()
    ecran.text_input(key=_champ(ecran, ".quantite")).input("douze palettes").run()
    _bouton(ecran, "Enregistrer les détails")
    assert "Commencez par un nombre" in ecran.error[0].value
    ecran.text_input(key=_champ(ecran, ".quantite")).input("12,5 palettes par mois").run()
    _bouton(ecran, "Enregistrer les détails")
    assert not ecran.error
    with lecture(moteur) as session:
        partenariat = session.get_one(Partenariat, NUMERO)
    assert (partenariat.rythme, float(partenariat.volume or 0)) == (Rythme.PLURIANNUEL, 12.5)
    assert partenariat.unite == "palettes par mois"
    assert partenariat.description == "Rémi Castagnol porte le projet."


def test_quelqu_un_d_autre_a_modifie_entre_temps(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    ecran = _ouvrir(ouvrir, enquete)
    ecran.segmented_control(key=f"geste-{NUMERO}").set_value("Modifier les détails").run()
    ecran.text_input(key=_champ(ecran, ".quantite")).input("3 camions").run()
    with ecriture(moteur, None) as session:
        session.get_one(Partenariat, NUMERO).description = "Autre version"
    _bouton(ecran, "Enregistrer les détails")
    assert "Cette fiche a changé depuis que vous l'avez ouverte" in ecran.warning[0].value
    assert ecran.text_input(key=_champ(ecran, ".quantite")).value == "3 camions"
    with lecture(moteur) as session:
        assert session.get_one(Partenariat, NUMERO).description == "Autre version"


def test_un_evenement_apres_la_date_d_arret_se_voit_et_se_dit(ouvrir: Ouvrir, enquete: Enquete) -> None:
    assert aujourd_hui() > date(2026, 11, 20)
    ecran = _ouvrir(ouvrir, enquete)
    _bouton(ecran, "Enregistrer l'événement")  # « Toujours en cours », aujourd'hui
    assert any(
        "postérieurs au 20 novembre 2026" in info.value.replace("\N{NO-BREAK SPACE}", " ") for info in ecran.info
    )


def test_un_texte_de_personne_n_est_pas_du_markdown(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        session.get_one(Partenariat, NUMERO).description = "# Gros <b>titre</b> :material/star: 🥖"
    lignes = dict(_ouvrir(ouvrir, enquete).table[-1].value.itertuples(index=False))
    assert lignes["Description"].startswith("\\# Gros \\<b\\>titre")


def test_une_fiche_coute_peu_de_requetes(ouvrir: Ouvrir, enquete: Enquete, moteur: Engine) -> None:
    with compter_requetes(moteur) as requetes:
        _ouvrir(ouvrir, enquete)
    assert len(requetes) <= 9
    with ecriture(moteur, None) as session:
        partenariat = session.get_one(Partenariat, NUMERO)
        for jour in range(1, 29):
            fabriques.un_evenement(session, partenariat, T.NOUVELLE, date(2026, 2, jour))
    with compter_requetes(moteur) as davantage:
        _ouvrir(ouvrir, enquete)
    assert len(davantage) == len(requetes)
