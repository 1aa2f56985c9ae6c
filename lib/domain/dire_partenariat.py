"""Dire un partenariat en français : son statut en une phrase, et ce qui le fonde."""

from collections.abc import Mapping, Sequence
from datetime import date

from lib.domain.dates_imprecises import DateImprecise
from lib.domain.formats import date_longue, duree_lisible, typographier
from lib.domain.partenariats import Episode, Evenement, duree_mois, statut
from lib.domain.vocabulaire import FamilleMotif, PrecisionDate, StatutPartenariat, TypeEvenement

PAS_COMPTE = "Il n'entre dans aucune durée."


def dire_statut(episode: Episode, au: date, suite: Sequence[Evenement] = ()) -> str:
    """Le statut à une date d'arrêt, ce qui le fonde, et ce qu'il devient dans les durées.

    suite : les événements rangés, pour dire chaque date avec sa précision.
    """
    etat = statut(episode, au)
    dates = {evenement.type: evenement.quand for evenement in suite}
    if etat is StatutPartenariat.TERMINE:
        phrase = _termine(episode, au)
    elif etat is StatutPartenariat.A_VERIFIER:
        phrase = _a_verifier(episode, au)
    elif etat is StatutPartenariat.SUSPENDU:
        pause = _depuis(dates.get(TypeEvenement.PAUSE))
        phrase = f"En pause{pause}, commencé {_quand(episode.debut, episode.precision_debut)}."
    elif etat is StatutPartenariat.ACTIF:
        debut = DateImprecise(episode.debut, episode.precision_debut) if episode.precision_debut else None
        phrase = f"En cours {depuis(debut)}{_age(episode, au)}{_nouvelle(episode)}."
    else:
        phrase = _sans_debut(etat, dates)
    return typographier(phrase)


def _termine(episode: Episode, au: date) -> str:
    quand = _quand(episode.fin, episode.precision_fin)
    age = duree_mois(episode, au)
    duree = f", après {duree_lisible(age)}" if age else ""
    if episode.motif_fin is None or episode.motif_fin.famille is FamilleMotif.INCONNU:
        return f"Terminé {quand}{duree}. Motif inconnu."
    motif, famille = episode.motif_fin.libelle.lower(), episode.motif_fin.famille.libelle.lower()
    return f"Terminé {quand}{duree}. Motif : {motif} ({famille})."


def _a_verifier(episode: Episode, au: date) -> str:
    if episode.derniere_nouvelle is None or episode.precision_nouvelle is None:
        return "À vérifier : on ne sait pas de quand date la dernière nouvelle."
    nouvelle = _depuis(DateImprecise(episode.derniere_nouvelle, episode.precision_nouvelle))
    return (
        f"À vérifier : sans nouvelle{nouvelle}, plus de douze mois avant le {date_longue(au)}. "
        "Dans les durées il compte jusqu'à cette nouvelle, ni terminé ni en cours."
    )


def _sans_debut(etat: StatutPartenariat, dates: Mapping[TypeEvenement, DateImprecise]) -> str:
    if etat is StatutPartenariat.SANS_SUITE:
        return f"Resté sans suite{_depuis(dates.get(TypeEvenement.SANS_SUITE))}. {PAS_COMPTE}"
    contact = dates.get(TypeEvenement.PREMIER_CONTACT)
    precise = f" (premier contact {_quand(contact.jour, contact.precision)})" if contact and contact.connue else ""
    mot = "En discussion" if etat is StatutPartenariat.EN_DISCUSSION else "Envisagé"
    return f"{mot}{precise} : rien n'a commencé. {PAS_COMPTE}"


def _quand(jour: date | None, precision: PrecisionDate | None) -> str:
    """« le 15 mars 2024 », « en mars 2024 », « en 2024 » ou « à une date inconnue »."""
    if jour is None or precision is None or precision is PrecisionDate.INCONNUE:
        return "à une date inconnue"
    ecrite = DateImprecise(jour, precision).ecrire()
    return f"le {ecrite}" if precision is PrecisionDate.JOUR else f"en {ecrite}"


def depuis(quand: DateImprecise | None, *, abrege: bool = False) -> str:
    """« depuis le 9 février 2024 », « depuis févr. 2024 » ; « depuis une date inconnue » s'il le faut."""
    if quand is None or not quand.connue:
        return "depuis une date inconnue"
    article = "le " if quand.precision is PrecisionDate.JOUR else ""
    return f"depuis {article}{quand.abreger() if abrege else quand.ecrire()}"


def _depuis(quand: DateImprecise | None) -> str:
    """Le même, précédé d'une espace ; vide si la date est inconnue."""
    return f" {depuis(quand)}" if quand and quand.connue else ""


def _age(episode: Episode, au: date) -> str:
    age = duree_mois(episode, au)
    return f" ({duree_lisible(age)})" if age is not None else ""


def _nouvelle(episode: Episode) -> str:
    if episode.derniere_nouvelle is None or episode.derniere_nouvelle == episode.debut:
        return ""
    return f", dernière nouvelle {_quand(episode.derniere_nouvelle, episode.precision_nouvelle)}"
