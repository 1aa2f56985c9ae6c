"""La page des matrices : chaque vue, une case ouverte par l'adresse, et ce que voit la relecture."""

import pytest
from sqlalchemy import Engine, select

from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Verbatim
from lib.domain.matrices import Cooccurrence, VueMatrice
from lib.domain.vocabulaire import Role
from lib.services.syntheses import refaire
from lib.services.transaction import ecriture
from tests import fabriques
from tests.outils.ecran import lire_ecran
from tests.outils.enquete import SANS_ACCORD, preparer
from tests.pages.conftest import Ouvrir

PAGE = "irritants/matrices"


@pytest.mark.parametrize("regardee", list(VueMatrice), ids=lambda membre: membre.value)
def test_chaque_matrice_a_sa_carte_et_son_tableau(ouvrir: Ouvrir, moteur: Engine, regardee: VueMatrice) -> None:
    enquete = preparer(moteur)
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, matrices_vue=regardee.libelle)
    assert not ecran.exception and not ecran.error
    assert len(ecran.get("plotly_chart")) == 1 and len(ecran.get("bidi_component")) == 1


def test_une_case_s_ouvre_par_son_adresse_et_se_referme(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur)
    temps, cout = enquete.irritants
    case = f"e{temps},a{cout},n{Cooccurrence.CITATION}"
    ecran = ouvrir(PAGE, enquete.comptes[Role.ENQUETEUR], enquete.investigation, case=case)
    assert "« Manque de temps » et « Coût caché », même citation" in lire_ecran(ecran).replace("\u00a0", " ").replace(
        "\\", ""
    )
    assert len(ecran.get("plotly_chart")) == 0
    ecran.button[0].click().run()
    assert not ecran.exception and len(ecran.get("plotly_chart")) == 1


@pytest.mark.parametrize("case", ["e999999", "n'importe quoi", "e1,i1"])
def test_une_case_inventee_se_dit_en_une_phrase(ouvrir: Ouvrir, moteur: Engine, case: str) -> None:
    enquete = preparer(moteur)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, case=case)
    assert not ecran.exception and not ecran.error and len(ecran.info) == 1


def test_la_relecture_lit_les_citations_permises_sans_lien_ni_code(ouvrir: Ouvrir, moteur: Engine) -> None:
    enquete = preparer(moteur)
    ecran = ouvrir(PAGE, enquete.comptes[Role.RELECTEUR], enquete.investigation, case=f"e{enquete.irritants[0]}")
    texte = lire_ecran(ecran)
    assert SANS_ACCORD not in texte and "E-MRS-001" not in texte and "E-BFC" not in texte
    assert len(ecran.table) == 1


def test_sans_codage_la_page_dit_quand_elle_commencera(ouvrir: Ouvrir, moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        compte = fabriques.un_compte(session, Role.RELECTEUR, investigation)
    ecran = ouvrir(PAGE, compte, investigation)
    assert not ecran.exception and "commencent au premier" in ecran.info[0].value


def test_la_visite_ne_croise_pas_deux_etiquettes(ouvrir: Ouvrir, moteur: Engine) -> None:
    """Le lien d'un collègue montre à la visite ce qu'elle peut lire, et une paire se refuse en une phrase."""
    enquete = preparer(moteur, fictive=True)
    visite, temps, cout = enquete.comptes[Role.DEMONSTRATION], *enquete.irritants
    ecran = ouvrir(PAGE, visite, enquete.investigation, matrices_vue=VueMatrice.COOCCURRENCE.libelle)
    assert not ecran.exception and not ecran.error and VueMatrice.COOCCURRENCE.libelle not in lire_ecran(ecran)
    paire = ouvrir(PAGE, visite, enquete.investigation, case=f"e{temps},a{cout},n{Cooccurrence.CITATION}")
    assert not paire.exception and len(paire.info) == 1


def test_au_dela_de_cinquante_etiquettes_les_suivantes_sont_a_la_page_d_apres(ouvrir: Ouvrir, moteur: Engine) -> None:
    """Une page, ou une famille, où rien n'est posé le dit et garde son tableau."""
    enquete = preparer(moteur)
    with ecriture(moteur, None) as session:
        for _ in range(51):
            fabriques.une_etiquette(session, enquete.investigation)
        posees = select(Etiquetage.verbatim_id)
        for nue in session.scalars(select(Verbatim).where(Verbatim.id.not_in(posees))):
            nue.archive_le = maintenant()
        session.flush()
        refaire(session, enquete.investigation.id)
    qui = enquete.comptes[Role.ENQUETEUR], enquete.investigation
    zero_un = {"matrices_vue": VueMatrice.ENTRETIEN.libelle}
    premiere = ouvrir(PAGE, *qui, **zero_un)
    assert (len(premiere.get("plotly_chart")), len(premiere.get("pagination")), len(premiere.info)) == (1, 1, 0)
    for suite, pages in ({"matrices_etiquettes": 2}, 1), ({"matrices_famille": "Idée"}, 0):
        ecran = ouvrir(PAGE, *qui, **zero_un, **suite)
        assert not ecran.exception and ecran.info[0].value.startswith("Aucune de ces étiquettes")
        assert (len(ecran.get("bidi_component")), len(ecran.get("pagination"))) == (1, pages)
