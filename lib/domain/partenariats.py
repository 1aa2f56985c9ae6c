"""Un partenariat est un épisode fait d'événements : d'eux se déduisent son histoire, son statut, sa durée.

Bibliothèque standard seulement. Les dates peuvent être imprécises : deux événements ne se suivent avec certitude
que si le dernier jour possible de l'un précède le premier jour possible de l'autre.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from lib.domain.dates_imprecises import ANNEE_MINIMALE, DateImprecise, ajouter_mois, milieu, mois_ecoules
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.vocabulaire import (
    ModeRecueil,
    MotifFin,
    PlaceDuree,
    PrecisionDate,
    StatutPartenariat,
    TypeEvenement,
)

MOIS_SANS_NOUVELLE = 12
"""Au-delà, un partenariat n'est ni terminé ni actif : il est à vérifier."""
MOIS_ENTRE_EPISODES = 12
"""Un arrêt plus long ouvre un nouvel épisode ; plus court, c'était une pause."""

T, S = TypeEvenement, StatutPartenariat

PERMIS: dict[StatutPartenariat | None, dict[TypeEvenement, StatutPartenariat]] = {
    None: {T.PREMIER_CONTACT: S.ENVISAGE, T.DISCUSSION: S.EN_DISCUSSION, T.SIGNATURE: S.ACTIF},
    S.ENVISAGE: {T.DISCUSSION: S.EN_DISCUSSION, T.SIGNATURE: S.ACTIF, T.SANS_SUITE: S.SANS_SUITE},
    S.EN_DISCUSSION: {T.DISCUSSION: S.EN_DISCUSSION, T.SIGNATURE: S.ACTIF, T.SANS_SUITE: S.SANS_SUITE},
    S.ACTIF: {T.NOUVELLE: S.ACTIF, T.RENOUVELLEMENT: S.ACTIF, T.PAUSE: S.SUSPENDU, T.FIN: S.TERMINE},
    S.SUSPENDU: {T.NOUVELLE: S.SUSPENDU, T.REPRISE: S.ACTIF, T.FIN: S.TERMINE},
    S.TERMINE: {},
    S.SANS_SUITE: {},
}
"""Statut avant l'événement → événement permis → statut après. Le reste est refusé par une phrase (`_refus`)."""

SANS_DATE_PERMIS = frozenset({T.PREMIER_CONTACT, T.DISCUSSION, T.SIGNATURE, T.RENOUVELLEMENT, T.FIN})
"""Événements que l'on peut connaître sans savoir quand ; les autres ne disent rien sans leur date."""

# À dates égales ou trop vagues pour trancher, l'ordre de la vie d'un partenariat.
_ORDRE = (
    T.PREMIER_CONTACT,
    T.DISCUSSION,
    T.SIGNATURE,
    T.NOUVELLE,
    T.RENOUVELLEMENT,
    T.REPRISE,
    T.PAUSE,
    T.FIN,
    T.SANS_SUITE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evenement:
    """Ce qui est arrivé, et quand on l'a su.

    corrige_id : l'événement que celui-ci remplace ; avec `annule`, il l'efface de l'histoire sans le remplacer.
    su_le : jour de la saisie ; rien de ce qui est raconté ne peut lui être postérieur.
    """

    id: int
    type: TypeEvenement
    quand: DateImprecise
    su_le: date
    motif: MotifFin | None = None
    corrige_id: int | None = None
    annule: bool = False

    @property
    def au_plus_tot(self) -> date:
        """Premier jour possible."""
        return self.quand.au_plus_tot

    @property
    def au_plus_tard(self) -> date:
        """Dernier jour possible, jamais après la saisie."""
        return max(self.au_plus_tot, min(self.quand.au_plus_tard, self.su_le))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Ce que les événements disent d'un partenariat.

    Les dates sont des jours de calcul : le milieu de ce que permettent la précision et l'ordre des événements.
    `precision_debut` dit qu'il a commencé, `motif_fin` qu'il s'est terminé, même à une date inconnue.
    """

    premier_contact: date | None = None
    en_discussion: bool = False
    debut: date | None = None
    precision_debut: PrecisionDate | None = None
    fin: date | None = None
    precision_fin: PrecisionDate | None = None
    motif_fin: MotifFin | None = None
    sans_suite_le: date | None = None
    suspendu_depuis: date | None = None
    derniere_nouvelle: date | None = None
    precision_nouvelle: PrecisionDate | None = None
    renouvellements: int = 0


# --- Événements -------------------------------------------------------------------------------------------------


def verifier_evenement(evenement: Evenement, *, aujourd_hui: date) -> None:
    """Lève DonneeInvalide si l'événement, pris seul, ne peut pas s'enregistrer."""
    if evenement.quand.connue and evenement.au_plus_tot.year < ANNEE_MINIMALE:
        annee = f"{evenement.au_plus_tot.year:04d}"
        raise DonneeInvalide(f"L'année {annee} paraît être une faute de frappe : corrigez-la.", champ="date")
    if evenement.quand.connue and evenement.au_plus_tot > aujourd_hui:
        raise DonneeInvalide(
            f"{nommer(evenement)} : cette date est à venir. On n'enregistre que ce qui est arrivé.", champ="date"
        )
    if not evenement.quand.connue and evenement.type not in SANS_DATE_PERMIS:
        raise DonneeInvalide(
            f"{guillemets(evenement.type.libelle)} demande une date : donnez au moins l'année.", champ="date"
        )
    _verifier_motif(evenement)


def _verifier_motif(evenement: Evenement) -> None:
    if evenement.type is T.FIN and evenement.motif is None:
        raise DonneeInvalide("Une fin demande son motif (« Inconnu » s'il n'est pas connu).", champ="motif")
    if evenement.type is not T.FIN and evenement.motif is not None:
        raise DonneeInvalide("Un motif ne se donne qu'à une fin.", champ="motif")


def nommer(evenement: Evenement) -> str:
    """« Pause » (3 mars 2024)."""
    return f"{guillemets(evenement.type.libelle)} ({evenement.quand.ecrire()})"


def en_vigueur(evenements: Iterable[Evenement]) -> tuple[Evenement, ...]:
    """Les événements qui tiennent encore : ni remplacés par une correction, ni annulés."""
    tous = tuple(evenements)
    remplaces = {evenement.corrige_id for evenement in tous}
    return tuple(evenement for evenement in tous if evenement.id not in remplaces and not evenement.annule)


def ranger(evenements: Iterable[Evenement]) -> tuple[Evenement, ...]:
    """Les événements en vigueur, dans un ordre que permettent leurs dates et la vie d'un partenariat.

    Lève DonneeInvalide, avec la phrase qui dit quoi corriger, s'il n'existe aucun ordre possible. Quand il en existe
    un, il est trouvé : prendre d'abord ce qui ne change pas le statut, puis ce qui presse le plus, ne ferme jamais
    une suite possible (les tests comparent à tous les ordres).
    """
    reste = list(en_vigueur(evenements))
    statut: StatutPartenariat | None = None
    suite: list[Evenement] = []
    while reste:
        suivant = _suivant(statut, reste, suite)
        reste.remove(suivant)
        suite.append(suivant)
        statut = PERMIS[statut][suivant.type]
    _verifier_pauses(suite)
    return tuple(suite)


def proposes(suite: Sequence[Evenement]) -> tuple[TypeEvenement, ...]:
    """Ce qui peut encore s'ajouter à une histoire : d'abord sa suite naturelle, puis ce qui a pu y manquer."""
    statut: StatutPartenariat | None = None
    for evenement in suite:
        statut = PERMIS[statut].get(evenement.type, statut)
    naturels = tuple(PERMIS[statut])
    if not any(evenement.type is T.SIGNATURE for evenement in suite):
        return naturels
    oublies = (T.RENOUVELLEMENT, T.PAUSE, T.REPRISE, T.NOUVELLE, T.DISCUSSION, T.PREMIER_CONTACT)
    uniques = {evenement.type for evenement in suite} & {T.PREMIER_CONTACT}
    return (*naturels, *(type_ for type_ in oublies if type_ not in naturels and type_ not in uniques))


def _suivant(statut: StatutPartenariat | None, reste: list[Evenement], suite: list[Evenement]) -> Evenement:
    presse = min(evenement.au_plus_tard for evenement in reste)
    possibles = sorted((evenement for evenement in reste if evenement.au_plus_tot <= presse), key=_rang)
    for evenement in possibles:
        if evenement.type in PERMIS[statut]:
            return evenement
    raise DonneeInvalide(_refus(statut, possibles[0], reste, suite), champ="date")


def _rang(evenement: Evenement) -> tuple[int, date, date, int]:
    return _ORDRE.index(evenement.type), evenement.au_plus_tard, evenement.au_plus_tot, evenement.id


def _verifier_pauses(suite: list[Evenement]) -> None:
    """Une pause qui a sûrement dépassé douze mois n'en était pas une."""
    bascules = [evenement for evenement in suite if evenement.type in (T.PAUSE, T.REPRISE)]
    for pause, reprise in zip(bascules[::2], bascules[1::2], strict=False):
        if reprise.au_plus_tot > ajouter_mois(pause.au_plus_tard, MOIS_ENTRE_EPISODES):
            raise DonneeInvalide(
                f"{nommer(reprise)} : la pause aurait duré plus de douze mois. Enregistrez la fin de cet épisode, "
                "puis consignez un nouvel épisode qui lui fait suite.",
                champ="date",
            )


def _refus(
    statut: StatutPartenariat | None, evenement: Evenement, reste: list[Evenement], suite: list[Evenement]
) -> str:
    """La phrase qui dit pourquoi l'événement n'a pas sa place, et quoi faire."""
    if statut is S.TERMINE:
        return f"{nommer(evenement)} viendrait après {nommer(suite[-1])}, qui clôt l'épisode. {_APRES_FIN}"
    if statut is S.SANS_SUITE:
        return f"{nommer(evenement)} viendrait après {nommer(suite[-1])}, qui clôt l'épisode. {_APRES_SANS_SUITE}"
    if statut in (S.ACTIF, S.SUSPENDU):
        return f"{nommer(evenement)} : {_REFUS_EN_COURS[statut][evenement.type]}"
    return f"{nommer(evenement)} : {_refus_avant_debut(evenement, reste)}"


_APRES_FIN = (
    "Corrigez la fin si elle est fausse, ou consignez un nouvel épisode s'il a repris plus de douze mois après."
)
_APRES_SANS_SUITE = "Corrigez cet événement s'il est faux, ou consignez un nouvel épisode."
_DEJA_COMMENCE = "le partenariat avait déjà commencé à cette date. Corrigez l'une des deux dates."
_UN_SEUL_DEBUT = "ce partenariat a déjà un début. Pour une suite, choisissez « Renouvellement »."
_PAS_SANS_SUITE = "ce partenariat a commencé. S'il s'est arrêté, enregistrez sa fin et son motif."

_REFUS_EN_COURS: dict[StatutPartenariat, dict[TypeEvenement, str]] = {
    S.ACTIF: {
        T.PREMIER_CONTACT: _DEJA_COMMENCE,
        T.DISCUSSION: _DEJA_COMMENCE,
        T.SIGNATURE: _UN_SEUL_DEBUT,
        T.REPRISE: "ce partenariat n'était pas en pause à cette date.",
        T.SANS_SUITE: _PAS_SANS_SUITE,
    },
    S.SUSPENDU: {
        T.PREMIER_CONTACT: _DEJA_COMMENCE,
        T.DISCUSSION: _DEJA_COMMENCE,
        T.SIGNATURE: _UN_SEUL_DEBUT,
        T.RENOUVELLEMENT: "ce partenariat était en pause à cette date. Enregistrez d'abord sa reprise.",
        T.PAUSE: "ce partenariat était déjà en pause à cette date.",
        T.SANS_SUITE: _PAS_SANS_SUITE,
    },
}


def _refus_avant_debut(evenement: Evenement, reste: list[Evenement]) -> str:
    debut = next((autre for autre in reste if autre.type is T.SIGNATURE), None)
    if evenement.type is T.PREMIER_CONTACT:
        return "le premier contact vient avant tout le reste, et une seule fois."
    if evenement.type is T.SANS_SUITE:
        return "rien n'avait été engagé à cette date. Enregistrez d'abord le premier contact ou la discussion."
    if debut is not None:
        return f"cette date précède le début du partenariat ({debut.quand.ecrire()}). Corrigez l'une des deux."
    if evenement.type is T.FIN:
        return "ce partenariat n'a pas commencé. S'il n'a rien donné, choisissez « Sans suite »."
    return "ce partenariat n'a pas commencé. Enregistrez d'abord son début."


# --- Épisode et statut ------------------------------------------------------------------------------------------


def bornes(suite: Sequence[Evenement]) -> tuple[tuple[date, date], ...]:
    """Au plus tôt et au plus tard pour chaque événement rangé, compte tenu de ceux qui l'entourent.

    Un début « 2024 » suivi d'une fin le 15 mars 2024 se place entre le 1er janvier et le 15 mars.
    """
    tots = accumulate((evenement.au_plus_tot for evenement in suite), max)
    tards = list(accumulate((evenement.au_plus_tard for evenement in reversed(suite)), min))[::-1]
    return tuple(zip(tots, tards, strict=True))


def lectures(suite: Sequence[Evenement]) -> tuple[date | None, ...]:
    """Le jour de calcul de chaque événement rangé : le milieu de ses bornes ; None si la date est inconnue."""
    return tuple(
        milieu(tot, tard) if evenement.quand.connue else None
        for evenement, (tot, tard) in zip(suite, bornes(suite), strict=True)
    )


def reconstituer(evenements: Iterable[Evenement], *, au: date | None = None) -> Episode:
    """L'épisode que racontent les événements, en ignorant ceux d'après `au`. Lève DonneeInvalide (voir `ranger`)."""
    suite = ranger(evenements)
    dates = lectures(suite)
    return _resumer([(e, jour) for e, jour in zip(suite, dates, strict=True) if not (au and jour and jour > au)])


def _resumer(faits: list[tuple[Evenement, date | None]]) -> Episode:
    par_type = {evenement.type: (evenement, jour) for evenement, jour in faits}
    debut, fin = par_type.get(T.SIGNATURE), par_type.get(T.FIN)
    derniere = next((fait for fait in reversed(faits) if fait[1]), None)
    return Episode(
        premier_contact=par_type[T.PREMIER_CONTACT][1] if T.PREMIER_CONTACT in par_type else None,
        en_discussion=T.DISCUSSION in par_type,
        debut=debut[1] if debut else None,
        precision_debut=debut[0].quand.precision if debut else None,
        fin=fin[1] if fin else None,
        precision_fin=fin[0].quand.precision if fin else None,
        motif_fin=fin[0].motif if fin else None,
        sans_suite_le=par_type[T.SANS_SUITE][1] if T.SANS_SUITE in par_type else None,
        suspendu_depuis=None if fin else _pause_ouverte(faits),
        derniere_nouvelle=derniere[1] if derniere else None,
        precision_nouvelle=derniere[0].quand.precision if derniere else None,
        renouvellements=sum(evenement.type is T.RENOUVELLEMENT for evenement, _ in faits),
    )


def _pause_ouverte(faits: list[tuple[Evenement, date | None]]) -> date | None:
    bascules = [(evenement.type, jour) for evenement, jour in faits if evenement.type in (T.PAUSE, T.REPRISE)]
    return bascules[-1][1] if bascules and bascules[-1][0] is T.PAUSE else None


def limite_sans_nouvelle(au: date) -> date:
    """Premier jour qui compte encore comme une nouvelle récente : avant lui, le partenariat est à vérifier."""
    return ajouter_mois(au, -MOIS_SANS_NOUVELLE)


def statut(episode: Episode, au: date) -> StatutPartenariat:
    """Statut à une date d'arrêt. Sans nouvelle depuis plus de douze mois : à vérifier, ni terminé ni actif."""
    if episode.sans_suite_le and episode.sans_suite_le <= au:
        return S.SANS_SUITE
    if not a_commence(episode, au):
        return S.EN_DISCUSSION if episode.en_discussion else S.ENVISAGE
    if est_termine(episode, au):
        return S.TERMINE
    if episode.derniere_nouvelle is None or episode.derniere_nouvelle < limite_sans_nouvelle(au):
        return S.A_VERIFIER
    return S.SUSPENDU if episode.suspendu_depuis and episode.suspendu_depuis <= au else S.ACTIF


def a_commence(episode: Episode, au: date) -> bool:
    """Vrai si le partenariat avait commencé à cette date (un début inconnu compte comme un début)."""
    return episode.precision_debut is not None and (episode.debut is None or episode.debut <= au)


def est_termine(episode: Episode, au: date) -> bool:
    """Vrai si le partenariat était terminé à cette date (une fin inconnue compte comme une fin)."""
    return episode.motif_fin is not None and (episode.fin is None or episode.fin <= au)


# --- Durée ------------------------------------------------------------------------------------------------------


def place(episode: Episode, au: date) -> PlaceDuree:
    """Ce que l'épisode devient dans une mesure de durée arrêtée à cette date."""
    if not a_commence(episode, au):
        return PlaceDuree.NON_COMMENCE
    if episode.debut is None:
        return PlaceDuree.DEBUT_INCONNU
    etat = statut(episode, au)
    if etat is S.TERMINE:
        return PlaceDuree.TERMINE if episode.fin else PlaceDuree.FIN_INCONNUE
    return PlaceDuree.A_VERIFIER if etat is S.A_VERIFIER else PlaceDuree.EN_COURS


def sortie(episode: Episode, au: date) -> date | None:
    """Jour où l'on cesse de suivre l'épisode : sa fin, la dernière nouvelle s'il est à vérifier, sinon l'arrêt.

    Une nouvelle plus vieille que le début (données reprises d'ailleurs) ne donne aucune durée.
    """
    derniers = {
        PlaceDuree.TERMINE: episode.fin,
        PlaceDuree.A_VERIFIER: max(filter(None, (episode.derniere_nouvelle, episode.debut)), default=None),
        PlaceDuree.EN_COURS: au,
    }
    return derniers.get(place(episode, au))


def duree_mois(episode: Episode, au: date) -> int | None:
    """Durée suivie, en mois entiers ; None si l'épisode n'entre pas dans la mesure."""
    dernier = sortie(episode, au)
    return mois_ecoules(episode.debut, dernier) if episode.debut and dernier else None


def entree_mois(
    episode: Episode, au: date, *, mode_recueil: ModeRecueil, premiere_observation: date | None
) -> int | None:
    """Âge (mois) auquel on a commencé à suivre l'épisode, s'il n'est connu que parce qu'il durait encore.

    None quand on l'aurait connu même terminé. Jamais plus que sa durée : à égalité, il n'apprend rien.
    """
    dernier = sortie(episode, au)
    if mode_recueil is not ModeRecueil.VIVANTS_SEULEMENT or episode.debut is None or dernier is None:
        return None
    vu = min(premiere_observation or dernier, dernier)
    return mois_ecoules(episode.debut, max(vu, episode.debut))
