"""Des événements, même mal datés, à l'histoire d'un partenariat."""

from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.dates_imprecises import INCONNUE, DateImprecise, lire
from lib.domain.erreurs import DonneeInvalide
from lib.domain.partenariats import (
    PERMIS,
    SANS_DATE_PERMIS,
    Episode,
    Evenement,
    duree_mois,
    en_vigueur,
    entree_mois,
    lectures,
    place,
    ranger,
    reconstituer,
    sortie,
    statut,
    verifier_evenement,
)
from lib.domain.vocabulaire import ModeRecueil, MotifFin, PlaceDuree, PrecisionDate, StatutPartenariat, TypeEvenement

T, S = TypeEvenement, StatutPartenariat
AUJOURD_HUI = date(2026, 11, 20)


def fait(rang: int, type_evenement: TypeEvenement, quand: str, **champs: object) -> Evenement:
    """Événement daté comme on l'écrit : « 2024 », « mars 2024 », « ? »."""
    motif = MotifFin.BUDGET if type_evenement is T.FIN else None
    valeurs: dict = {"su_le": AUJOURD_HUI, "motif": motif} | champs
    return Evenement(id=rang, type=type_evenement, quand=lire(quand), **valeurs)


def histoire(*faits: tuple[TypeEvenement, str]) -> list[Evenement]:
    return [fait(rang, *donnees) for rang, donnees in enumerate(faits, start=1)]


def types(evenements: object) -> list[TypeEvenement]:
    return [evenement.type for evenement in evenements]  # type: ignore[attr-defined]


VIE = histoire(
    (T.PREMIER_CONTACT, "10/01/2023"),
    (T.DISCUSSION, "février 2023"),
    (T.SIGNATURE, "15/03/2023"),
    (T.RENOUVELLEMENT, "15/03/2024"),
    (T.PAUSE, "01/06/2024"),
    (T.REPRISE, "01/09/2024"),
    (T.RENOUVELLEMENT, "15/03/2025"),
    (T.FIN, "15/03/2026"),
)


# --- Histoire ---------------------------------------------------------------------------------------------------


def test_une_vie_entiere() -> None:
    episode = reconstituer(VIE)
    assert episode == Episode(
        premier_contact=date(2023, 1, 10),
        en_discussion=True,
        debut=date(2023, 3, 15),
        precision_debut=PrecisionDate.JOUR,
        fin=date(2026, 3, 15),
        precision_fin=PrecisionDate.JOUR,
        motif_fin=MotifFin.BUDGET,
        derniere_nouvelle=date(2026, 3, 15),
        precision_nouvelle=PrecisionDate.JOUR,
        renouvellements=2,
    )
    assert duree_mois(episode, AUJOURD_HUI) == 36


@pytest.mark.parametrize(
    ("au", "attendu"),
    [
        (date(2023, 1, 9), S.ENVISAGE),
        (date(2023, 1, 20), S.ENVISAGE),
        (date(2023, 3, 1), S.EN_DISCUSSION),
        (date(2023, 3, 15), S.ACTIF),
        (date(2024, 7, 1), S.SUSPENDU),
        (date(2024, 9, 1), S.ACTIF),
        (date(2026, 3, 14), S.ACTIF),
        (date(2026, 3, 16), S.TERMINE),
    ],
)
def test_le_statut_suit_la_date_d_arret(au: date, attendu: StatutPartenariat) -> None:
    assert statut(reconstituer(VIE, au=au), au) is attendu


def test_sans_nouvelle_depuis_plus_de_douze_mois_il_est_a_verifier_ni_termine_ni_actif() -> None:
    episode = reconstituer(histoire((T.SIGNATURE, "20/11/2024"), (T.NOUVELLE, "20/11/2025")))
    assert statut(episode, date(2026, 11, 20)) is S.ACTIF
    assert statut(episode, date(2026, 11, 21)) is S.A_VERIFIER
    assert place(episode, date(2026, 11, 21)) is PlaceDuree.A_VERIFIER
    assert sortie(episode, date(2026, 11, 21)) == date(2025, 11, 20)
    assert duree_mois(episode, date(2026, 11, 21)) == 12


def test_une_pause_sans_nouvelle_est_a_verifier_aussi() -> None:
    episode = reconstituer(histoire((T.SIGNATURE, "2024"), (T.PAUSE, "01/02/2025")))
    assert statut(episode, date(2025, 6, 1)) is S.SUSPENDU
    assert statut(episode, date(2026, 6, 1)) is S.A_VERIFIER


def test_un_contact_sans_suite_n_est_jamais_un_partenariat() -> None:
    episode = reconstituer(histoire((T.PREMIER_CONTACT, "2024"), (T.SANS_SUITE, "mars 2024")))
    assert statut(episode, AUJOURD_HUI) is S.SANS_SUITE
    assert place(episode, AUJOURD_HUI) is PlaceDuree.NON_COMMENCE
    assert duree_mois(episode, AUJOURD_HUI) is None


def test_debut_ou_fin_a_date_inconnue_ne_se_mesurent_pas() -> None:
    sans_debut = reconstituer(histoire((T.SIGNATURE, "?"), (T.NOUVELLE, "2026")))
    assert (statut(sans_debut, AUJOURD_HUI), place(sans_debut, AUJOURD_HUI)) == (S.ACTIF, PlaceDuree.DEBUT_INCONNU)
    sans_fin = reconstituer(histoire((T.SIGNATURE, "2023"), (T.FIN, "?")))
    assert (statut(sans_fin, AUJOURD_HUI), place(sans_fin, AUJOURD_HUI)) == (S.TERMINE, PlaceDuree.FIN_INCONNUE)
    assert duree_mois(sans_debut, AUJOURD_HUI) is duree_mois(sans_fin, AUJOURD_HUI) is None


def test_un_debut_imprecis_se_place_avant_ce_qui_suit() -> None:
    suite = ranger(histoire((T.FIN, "15/03/2024"), (T.SIGNATURE, "2024")))
    assert types(suite) == [T.SIGNATURE, T.FIN]
    assert lectures(suite) == (date(2024, 2, 7), date(2024, 3, 15))


def test_l_annee_en_cours_ne_deborde_pas_sur_l_avenir() -> None:
    episode = reconstituer([fait(1, T.SIGNATURE, "2026", su_le=date(2026, 3, 1))])
    assert episode.debut == date(2026, 1, 30)


def test_une_nouvelle_plus_vieille_que_le_debut_ne_donne_pas_de_duree_negative() -> None:
    repris = Episode(
        debut=date(2024, 6, 1),
        precision_debut=PrecisionDate.JOUR,
        derniere_nouvelle=date(2023, 1, 1),
        renouvellements=0,
    )
    assert duree_mois(repris, AUJOURD_HUI) == 0


def test_vivants_seulement_on_n_a_suivi_qu_a_partir_de_la_premiere_observation() -> None:
    episode = reconstituer(histoire((T.SIGNATURE, "20/11/2024"), (T.NOUVELLE, "20/05/2026")))
    vus = {"premiere_observation": date(2026, 5, 20)}
    assert entree_mois(episode, AUJOURD_HUI, mode_recueil=ModeRecueil.VIVANTS_SEULEMENT, **vus) == 18
    assert entree_mois(episode, AUJOURD_HUI, mode_recueil=ModeRecueil.PROSPECTIF, **vus) is None
    sans_date = entree_mois(episode, AUJOURD_HUI, mode_recueil=ModeRecueil.VIVANTS_SEULEMENT, premiere_observation=None)
    assert sans_date == duree_mois(episode, AUJOURD_HUI) == 24


# --- Corrections ------------------------------------------------------------------------------------------------


def test_corriger_remplace_annuler_retire_et_rien_ne_disparait() -> None:
    premier = fait(1, T.SIGNATURE, "2023")
    pause = fait(2, T.PAUSE, "2024")
    corrige = fait(3, T.SIGNATURE, "2022", corrige_id=1)
    annule = fait(4, T.PAUSE, "2024", corrige_id=2, annule=True)
    assert en_vigueur([premier, pause, corrige, annule]) == (corrige,)
    encore = fait(5, T.SIGNATURE, "2021", corrige_id=3)
    assert en_vigueur([premier, pause, corrige, annule, encore]) == (encore,)


# --- Refus ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faits", "phrase"),
    [
        ([(T.SIGNATURE, "05/05/2024"), (T.FIN, "03/03/2024")], "« Fin » (3 mars 2024) : cette date précède le début"),
        ([(T.SIGNATURE, "2024"), (T.PAUSE, "2023")], "« Pause » (2023) : cette date précède le début"),
        ([(T.SIGNATURE, "2023"), (T.SIGNATURE, "2024")], "a déjà un début. Pour une suite, choisissez « Renouv"),
        ([(T.SIGNATURE, "2023"), (T.FIN, "2024"), (T.RENOUVELLEMENT, "2025")], "qui clôt l'épisode. Corrigez la fin"),
        ([(T.SIGNATURE, "2023"), (T.FIN, "2024"), (T.FIN, "2025")], "qui clôt l'épisode"),
        ([(T.SIGNATURE, "2023"), (T.REPRISE, "2024")], "n'était pas en pause"),
        ([(T.SIGNATURE, "2023"), (T.PAUSE, "01/02/2024"), (T.PAUSE, "01/03/2024")], "déjà en pause"),
        ([(T.SIGNATURE, "2023"), (T.PAUSE, "01/02/2024"), (T.RENOUVELLEMENT, "01/03/2024")], "d'abord sa reprise"),
        ([(T.SIGNATURE, "2023"), (T.SANS_SUITE, "2024")], "enregistrez sa fin et son motif"),
        ([(T.SIGNATURE, "2023"), (T.DISCUSSION, "2024")], "avait déjà commencé"),
        ([(T.SIGNATURE, "2023"), (T.PREMIER_CONTACT, "2024")], "avait déjà commencé"),
        ([(T.PREMIER_CONTACT, "2023"), (T.PREMIER_CONTACT, "2024")], "avant tout le reste, et une seule fois"),
        ([(T.PREMIER_CONTACT, "2023"), (T.FIN, "2024")], "choisissez « Sans suite »"),
        ([(T.PREMIER_CONTACT, "2023"), (T.NOUVELLE, "2024")], "Enregistrez d'abord son début"),
        ([(T.SANS_SUITE, "2024")], "rien n'avait été engagé"),
        ([(T.DISCUSSION, "2023"), (T.SANS_SUITE, "2024"), (T.SIGNATURE, "2025")], "ou consignez un nouvel épisode"),
        ([(T.SIGNATURE, "2020"), (T.PAUSE, "2021"), (T.REPRISE, "2023")], "plus de douze mois"),
    ],
)
def test_ce_qui_ne_peut_pas_arriver_se_refuse_en_une_phrase(faits: list[tuple[T, str]], phrase: str) -> None:
    with pytest.raises(DonneeInvalide) as refus:
        ranger(histoire(*faits))
    ecrit = str(refus.value).replace("\N{NO-BREAK SPACE}", " ")
    assert phrase in ecrit and ecrit.endswith(".")


def test_toute_transition_interdite_a_sa_phrase() -> None:
    """Aucun refus ne tombe sur une phrase manquante, quels que soient le statut et l'événement."""
    chemins: dict[S | None, list[tuple[T, str]]] = {
        None: [],
        S.ENVISAGE: [(T.PREMIER_CONTACT, "2020")],
        S.EN_DISCUSSION: [(T.DISCUSSION, "2020")],
        S.ACTIF: [(T.SIGNATURE, "2020")],
        S.SUSPENDU: [(T.SIGNATURE, "2020"), (T.PAUSE, "2021")],
        S.TERMINE: [(T.SIGNATURE, "2020"), (T.FIN, "2021")],
        S.SANS_SUITE: [(T.PREMIER_CONTACT, "2020"), (T.SANS_SUITE, "2021")],
    }
    assert set(chemins) == set(PERMIS)
    for etat, type_evenement in product(PERMIS, T):
        if type_evenement not in PERMIS[etat]:
            with pytest.raises(DonneeInvalide, match=r"[.:] .+\.$"):
                ranger(histoire(*chemins[etat], (type_evenement, "2024")))


@pytest.mark.parametrize(
    ("evenement", "phrase", "champ"),
    [
        (fait(1, T.SIGNATURE, "21/11/2026"), "cette date est à venir", "date"),
        (fait(1, T.SIGNATURE, "2027"), "cette date est à venir", "date"),
        (fait(1, T.FIN, "2025", motif=None), "demande son motif", "motif"),
        (fait(1, T.PAUSE, "2025", motif=MotifFin.BUDGET), "ne se donne qu'à une fin", "motif"),
        (fait(1, T.NOUVELLE, "?"), "donnez au moins l'année", "date"),
    ],
)
def test_un_evenement_impossible_se_refuse(evenement: Evenement, phrase: str, champ: str) -> None:
    with pytest.raises(DonneeInvalide, match=phrase) as refus:
        verifier_evenement(evenement, aujourd_hui=AUJOURD_HUI)
    assert refus.value.champ == champ


def test_l_an_202_est_une_faute_de_frappe() -> None:
    quand = DateImprecise(date(202, 3, 1), PrecisionDate.JOUR)
    with pytest.raises(DonneeInvalide, match="L'année 0202 paraît être une faute de frappe"):
        verifier_evenement(Evenement(id=1, type=T.SIGNATURE, quand=quand, su_le=AUJOURD_HUI), aujourd_hui=AUJOURD_HUI)


def test_l_annee_en_cours_s_enregistre() -> None:
    verifier_evenement(fait(1, T.SIGNATURE, "2026"), aujourd_hui=AUJOURD_HUI)
    verifier_evenement(fait(1, T.SIGNATURE, "novembre 2026"), aujourd_hui=AUJOURD_HUI)


# --- Propriétés -------------------------------------------------------------------------------------------------

JOURS = st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 12, 31))
PRECISIONS = st.sampled_from([PrecisionDate.JOUR, PrecisionDate.MOIS, PrecisionDate.ANNEE])


@st.composite
def evenements(dessin: st.DrawFn, taille: int = 5) -> list[Evenement]:
    """Quelques événements de 2024, dans n'importe quel ordre, datés n'importe comment."""
    suite = dessin(st.lists(st.tuples(st.sampled_from(T), JOURS, PRECISIONS, st.booleans()), max_size=taille))
    return [
        Evenement(
            id=rang,
            type=type_evenement,
            quand=INCONNUE if inconnue and type_evenement in SANS_DATE_PERMIS else DateImprecise(jour, precision),
            su_le=AUJOURD_HUI,
            motif=MotifFin.INCONNU if type_evenement is T.FIN else None,
        )
        for rang, (type_evenement, jour, precision, inconnue) in enumerate(suite, start=1)
    ]


@st.composite
def histoires(dessin: st.DrawFn, taille: int = 6) -> list[Evenement]:
    """Une vie permise, dans l'ordre, dont les dates se savent plus ou moins bien."""
    suite: list[Evenement] = []
    etat: StatutPartenariat | None = None
    for rang, jour in enumerate(sorted(dessin(st.lists(JOURS, min_size=1, max_size=taille))), start=1):
        if not PERMIS[etat]:
            break
        type_evenement = dessin(st.sampled_from(sorted(PERMIS[etat])))
        inconnue = type_evenement in SANS_DATE_PERMIS and dessin(st.booleans())
        quand = INCONNUE if inconnue else DateImprecise(jour, dessin(PRECISIONS))
        motif = MotifFin.INCONNU if type_evenement is T.FIN else None
        suite.append(Evenement(id=rang, type=type_evenement, quand=quand, su_le=AUJOURD_HUI, motif=motif))
        etat = PERMIS[etat][type_evenement]
    return suite


def _permis(suite: tuple[Evenement, ...]) -> bool:
    etat: StatutPartenariat | None = None
    for evenement in suite:
        if evenement.type not in PERMIS[etat]:
            return False
        etat = PERMIS[etat][evenement.type]
    return True


def _datable(suite: tuple[Evenement, ...]) -> bool:
    plus_tot = date.min
    for evenement in suite:
        plus_tot = max(plus_tot, evenement.au_plus_tot)
        if plus_tot > evenement.au_plus_tard:
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(evenements())
def test_ranger_trouve_un_ordre_des_qu_il_en_existe_un(faits: list[Evenement]) -> None:
    possible = any(_permis(ordre) and _datable(ordre) for ordre in permutations(faits))
    try:
        suite = ranger(faits)
    except DonneeInvalide:
        assert not possible
        return
    assert possible and _permis(suite) and _datable(suite) and set(suite) == set(faits)


@settings(max_examples=300, deadline=None)
@given(evenements(), st.randoms(use_true_random=False))
def test_l_ordre_de_saisie_ne_change_rien(faits: list[Evenement], hasard: object) -> None:
    melange = list(faits)
    hasard.shuffle(melange)  # type: ignore[attr-defined]
    assert _reconstitue(melange) == _reconstitue(faits)


def _reconstitue(faits: list[Evenement]) -> Episode | None:
    """L'épisode, ou None si ces faits ne se rangent dans aucun ordre."""
    try:
        return reconstituer(faits)
    except DonneeInvalide:
        return None


@settings(max_examples=300, deadline=None)
@given(histoires(), st.dates(min_value=date(2023, 12, 1), max_value=date(2027, 1, 1)))
def test_un_episode_se_tient_toujours(faits: list[Evenement], au: date) -> None:
    episode = reconstituer(faits)
    if episode.debut and episode.fin:
        assert episode.debut <= episode.fin
    duree = duree_mois(episode, au)
    assert (duree is None) == (
        place(episode, au) in {PlaceDuree.NON_COMMENCE, PlaceDuree.DEBUT_INCONNU, PlaceDuree.FIN_INCONNUE}
    )
    for vu in (None, date(2024, 6, 1)):
        entree = entree_mois(episode, au, mode_recueil=ModeRecueil.VIVANTS_SEULEMENT, premiere_observation=vu)
        assert (entree is None) == (duree is None)
        assert entree is None or 0 <= entree <= duree


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=2000), st.integers(min_value=0, max_value=800))
def test_plus_le_temps_passe_moins_un_partenariat_muet_est_actif(age: int, silence: int) -> None:
    debut = AUJOURD_HUI - timedelta(days=age + silence)
    nouvelle = debut + timedelta(days=age)
    episode = reconstituer(
        [
            Evenement(id=1, type=T.SIGNATURE, quand=DateImprecise.au_jour(debut), su_le=AUJOURD_HUI),
            Evenement(id=2, type=T.NOUVELLE, quand=DateImprecise.au_jour(nouvelle), su_le=AUJOURD_HUI),
        ]
    )
    attendu = S.A_VERIFIER if silence > 365 else S.ACTIF
    assert statut(episode, AUJOURD_HUI) is attendu
