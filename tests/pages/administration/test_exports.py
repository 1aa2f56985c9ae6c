"""La page d'export à l'écran : ce que chaque rôle peut demander, et le fichier qui en sort."""

import io
import zipfile

import pytest
from sqlalchemy import Engine, select
from streamlit.runtime.download_data_util import convert_data_to_bytes_and_infer_mime
from streamlit.testing.v1 import AppTest

from lib.db.modeles import Compte, LigneJournal
from lib.domain.erreurs import AccesRefuse
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services.transaction import ecriture, lecture
from lib.ui import acces
from lib.ui.composants.exports import servir
from tests.outils.enquete import PERSONNES, Enquete, preparer
from tests.outils.requetes import compter_requetes
from tests.pages.conftest import Ouvrir

PAGE = "administration/exports"


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


def fichier(ecran: AppTest) -> bytes:
    _, pret = ecran.session_state["exports_pret"]
    pret.fichier.seek(0)
    return pret.fichier.read()


def envoyer(ecran: AppTest) -> AppTest:
    return ecran.button[0].click().run()


def exports(moteur: Engine) -> list[LigneJournal]:
    with lecture(moteur) as session:
        return list(session.scalars(select(LigneJournal).where(LigneJournal.action == ActionJournal.EXPORT)))


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR, Role.ADMINISTRATEUR])
def test_un_export_pseudonymise(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete, role: Role) -> None:
    ecran = envoyer(ouvrir(PAGE, enquete.comptes[role], enquete.investigation))
    assert not ecran.exception and not ecran.error
    assert "est prêt" in ecran.success[0].value
    with zipfile.ZipFile(io.BytesIO(fichier(ecran))) as classeur:
        ecrit = "".join(classeur.read(nom).decode(errors="replace") for nom in classeur.namelist())
    assert "E-MRS-001" in ecrit and not [nom for nom in PERSONNES if nom in ecrit]
    (ligne,) = exports(moteur)
    assert ligne.compte_id == enquete.comptes[role].id


@pytest.mark.parametrize("role", [Role.ENQUETEUR, Role.RELECTEUR])
def test_l_identifie_ne_se_propose_qu_a_l_administration(ouvrir: Ouvrir, enquete: Enquete, role: Role) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[role], enquete.investigation)
    assert [radio.label for radio in ecran.radio] == ["Format"]
    assert "Personnes" not in ecran.multiselect[0].options


def test_sans_motif_rien_ne_sort_et_la_saisie_reste(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ADMINISTRATEUR], enquete.investigation)
    ecran.radio(key="exports_nature").set_value("Identifié").run()
    ecran.text_input(key="exports_motif").set_value("court")
    ecran = envoyer(ecran)
    assert "Dites pourquoi" in ecran.error[0].value
    assert ecran.text_input(key="exports_motif").value == "court"
    assert "exports_pret" not in ecran.session_state and exports(moteur) == []


def test_avec_un_motif_l_identifie_sort(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.ADMINISTRATEUR], enquete.investigation)
    ecran.radio(key="exports_nature").set_value("Identifié").run()
    ecran.radio(key="exports_format").set_value("Texte pour Excel français (.csv)")
    ecran.multiselect[0].set_value(["Personnes"])
    ecran.text_input(key="exports_motif").set_value("Demande d'accès du 3 novembre")
    ecran = envoyer(ecran)
    assert PERSONNES[0] in fichier(ecran).decode("utf-8-sig")
    (ligne,) = exports(moteur)
    assert ligne.motif == "Demande d'accès du 3 novembre"


def test_un_terrain_et_une_table(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    ecran.selectbox(key="exports_terrain").set_value("Bourgogne")
    ecran.multiselect[0].set_value(["Entretiens"])
    ecran = envoyer(ecran)
    (ligne,) = exports(moteur)
    assert ligne.apres is not None and ligne.apres["tables"] == {"entretiens": 1}


def test_la_demonstration_n_ouvre_pas_la_page(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = ouvrir(PAGE, enquete.comptes[Role.DEMONSTRATION], enquete.investigation)
    assert not ecran.button and "pas ouverte" in ecran.error[0].value


def test_huit_requetes_au_plus(ouvrir: Ouvrir, moteur: Engine, enquete: Enquete) -> None:
    with compter_requetes(moteur) as froides:
        ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation)
    assert len([ordre for ordre in froides if ordre.startswith("SELECT")]) <= 8
    with compter_requetes(moteur) as chaudes:
        ecran.run()
    assert len(chaudes) <= 2


def test_le_clic_sert_les_octets_du_fichier(ouvrir: Ouvrir, enquete: Enquete) -> None:
    ecran = envoyer(ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation))
    perimetre, pret = ecran.session_state["exports_pret"]
    octets, type_ = convert_data_to_bytes_and_infer_mime(
        servir(pret, perimetre, acces.relecture()), unsupported_error=AssertionError("Streamlit refuse ce fichier")
    )
    assert zipfile.is_zipfile(io.BytesIO(octets)) and type_ == "application/octet-stream"
    assert servir(pret, perimetre, acces.relecture()) == octets


@pytest.mark.parametrize("change", [{"actif": False}, {"role": Role.DEMONSTRATION}])
def test_le_clic_ne_sert_rien_une_fois_les_droits_retires(
    ouvrir: Ouvrir, moteur: Engine, enquete: Enquete, change: dict[str, object]
) -> None:
    compte = enquete.comptes[Role.RELECTEUR]
    ecran = envoyer(ouvrir(PAGE, compte, enquete.investigation))
    perimetre, pret = ecran.session_state["exports_pret"]
    relire = acces.relecture()
    with ecriture(moteur, None) as session:
        for champ, valeur in change.items():
            setattr(session.get_one(Compte, compte.id), champ, valeur)
    with pytest.raises(AccesRefuse):
        servir(pret, perimetre, relire)
