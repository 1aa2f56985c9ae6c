"""Un bilan attend en base : propre à la personne et à ses droits, borné, effacé après un délai."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from lib.db.base import maintenant
from lib.db.modeles import FichierPrepare, LigneJournal, PreparationBilan, VersionDonnees
from lib.domain.droits import Perimetre
from lib.domain.erreurs import AccesRefuse, DonneeInvalide
from lib.domain.vocabulaire import Role
from lib.services.bilan import preparations
from lib.services.bilan.fichiers import FichierBilan, FormatBilan
from lib.services.bilan.preparations import PreparationLue, balayer, demander, garder, lire, mener, prendre
from lib.services.transaction import ecriture, lecture
from tests import fabriques
from tests.outils.enquete import Enquete, preparer
from tests.outils.requetes import compter_requetes


@pytest.fixture
def enquete(moteur: Engine) -> Enquete:
    return preparer(moteur, fictive=True)


@pytest.fixture
def perimetre(enquete: Enquete) -> Perimetre:
    return enquete.perimetre(Role.RELECTEUR)


def ouvrir(moteur: Engine, perimetre: Perimetre) -> int:
    with ecriture(moteur, perimetre) as session:
        return demander(session, perimetre)


def deposer(moteur: Engine, perimetre: Perimetre, octets: bytes = b"x") -> int:
    """Une préparation finie, sans produire de vrais fichiers."""
    numero = ouvrir(moteur, perimetre)
    fichiers = [FichierBilan(format=format_, nom=f"b.{format_.value}", octets=octets) for format_ in FormatBilan]
    with ecriture(moteur, perimetre) as session:
        garder(session, preparation_id=numero, fichiers=fichiers)
    return numero


def relire(moteur: Engine, perimetre: Perimetre) -> PreparationLue | None:
    with lecture(moteur) as session:
        return lire(session, perimetre)


def fichiers(moteur: Engine, perimetre: Perimetre) -> tuple[FichierBilan, ...]:
    with lecture(moteur) as session:
        return prendre(session, perimetre)


def combien(moteur: Engine) -> tuple[int, int]:
    with lecture(moteur) as session:
        return tuple(  # type: ignore[return-value]
            session.scalar(select(func.count()).select_from(modele)) for modele in (PreparationBilan, FichierPrepare)
        )


def vieillir(moteur: Engine, de: timedelta) -> None:
    with ecriture(moteur, None) as session:
        session.execute(update(PreparationBilan).values(demandee_le=maintenant() - de, vue_le=maintenant() - de))


def test_une_preparation_menee_garde_ses_fichiers(moteur: Engine, perimetre: Perimetre) -> None:
    numero = ouvrir(moteur, perimetre)
    attendue = relire(moteur, perimetre)
    assert attendue is not None and not attendue.finie and not attendue.muette and attendue.fichiers == ()
    etapes: list[str] = []
    mener(
        moteur,
        perimetre,
        preparation_id=numero,
        auteur="diplp",
        suivre=lambda table, faites, total: etapes.append(table),  # noqa: ARG005 - forme attendue de `Suivre`
    )
    lue = relire(moteur, perimetre)
    assert lue is not None and lue.finie and lue.part == 1.0 and lue.etape == etapes[-1]
    assert [(f.format, f.taille) for f in lue.fichiers] == [
        (f.format, len(f.octets)) for f in fichiers(moteur, perimetre)
    ]
    assert [f.format for f in lue.fichiers] == list(FormatBilan) and lue.jusqu_a - lue.demandee_le == timedelta(days=1)


def test_un_refus_se_garde_avec_sa_phrase(moteur: Engine) -> None:
    with ecriture(moteur, None) as session:
        investigation = fabriques.une_investigation(session)
        perimetre = fabriques.un_perimetre(fabriques.un_compte(session, Role.RELECTEUR, investigation), investigation)
    numero = ouvrir(moteur, perimetre)
    with pytest.raises(DonneeInvalide):
        mener(moteur, perimetre, preparation_id=numero, auteur="diplp", suivre=lambda *_: None)
    lue = relire(moteur, perimetre)
    assert lue is not None and lue.finie and "Cette investigation est vide" in lue.refus and lue.fichiers == ()


def test_un_bilan_n_est_qu_a_qui_l_a_demande(moteur: Engine, enquete: Enquete, perimetre: Perimetre) -> None:
    deposer(moteur, perimetre)
    autre = enquete.perimetre(Role.ENQUETEUR)
    assert relire(moteur, autre) is None and fichiers(moteur, autre) == ()
    for champs in ({"role": Role.ADMINISTRATEUR}, {"fictive": False}):
        change = replace(perimetre, **champs)  # type: ignore[arg-type]
        assert relire(moteur, change) is None and fichiers(moteur, change) == ()
    assert len(fichiers(moteur, perimetre)) == 4
    with pytest.raises(AccesRefuse):
        relire(moteur, replace(perimetre, role=Role.DEMONSTRATION))


def test_redemander_remplace_et_le_precedent_ne_revient_pas(moteur: Engine, perimetre: Perimetre) -> None:
    premier = deposer(moteur, perimetre)
    ouvrir(moteur, perimetre)
    assert fichiers(moteur, perimetre) == () and combien(moteur) == (1, 0)
    with ecriture(moteur, perimetre) as session:
        garder(session, preparation_id=premier + 100, fichiers=())
    assert combien(moteur) == (1, 0)


def test_un_bilan_qui_a_trop_attendu_s_efface(moteur: Engine, enquete: Enquete, perimetre: Perimetre) -> None:
    deposer(moteur, perimetre)
    vieillir(moteur, preparations.ATTENTE)
    assert relire(moteur, perimetre) is None and fichiers(moteur, perimetre) == ()
    ouvrir(moteur, enquete.perimetre(Role.ENQUETEUR))
    assert combien(moteur) == (1, 0)
    vieillir(moteur, preparations.ATTENTE)
    balayer(moteur)
    assert combien(moteur) == (0, 0)


def test_le_serveur_n_en_garde_qu_un_certain_nombre(
    moteur: Engine, enquete: Enquete, perimetre: Perimetre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparations, "MAXIMUM", 1)
    deposer(moteur, perimetre)
    vieillir(moteur, timedelta(hours=1))
    deposer(moteur, enquete.perimetre(Role.ENQUETEUR))
    ouvrir(moteur, enquete.perimetre(Role.ADMINISTRATEUR))
    assert relire(moteur, perimetre) is None


def test_un_bilan_trop_lourd_se_dit(moteur: Engine, perimetre: Perimetre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparations, "TAILLE_MAXIMUM", 3)
    with pytest.raises(DonneeInvalide, match=r"Le bilan pèse 4.o, plus que les 3.o"):
        deposer(moteur, perimetre)
    assert combien(moteur) == (1, 0)


def test_une_preparation_muette_est_interrompue(moteur: Engine, perimetre: Perimetre) -> None:
    ouvrir(moteur, perimetre)
    vieillir(moteur, 2 * preparations.SILENCE)
    lue = relire(moteur, perimetre)
    assert lue is not None and lue.muette


def test_attendre_n_ecrit_ni_au_journal_ni_dans_la_version(moteur: Engine, perimetre: Perimetre) -> None:
    def etat() -> tuple[object, ...]:
        with lecture(moteur) as session:
            return session.scalar(select(func.count(LigneJournal.id))), session.scalar(select(VersionDonnees.version))

    avant = etat()
    deposer(moteur, perimetre)
    assert etat() == avant
    with compter_requetes(moteur) as ordres:
        relire(moteur, perimetre)
    assert len(ordres) == 2
