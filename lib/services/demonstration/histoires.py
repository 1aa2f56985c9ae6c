"""Histoires de partenariats fictives, tirées d'une graine fixe (lois : docs/demonstration.md)."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from lib.domain.vocabulaire import (
    FormeEngagement,
    Initiateur,
    ModeRecueil,
    MotifFin,
    PrecisionDate,
    Rythme,
    TypeEvenement,
)

FORMES = {
    FormeEngagement.MECENAT_NATURE: 30,
    FormeEngagement.MECENAT_FINANCIER: 30,
    FormeEngagement.BENEVOLAT_ENTREPRISE: 13,
    FormeEngagement.MECENAT_COMPETENCES: 12,
    FormeEngagement.PRET: 8,
    FormeEngagement.EMPLOI_INSERTION: 4,
    FormeEngagement.FORMATION_MENTORAT: 3,
}
MOTIFS = {
    MotifFin.OBJECTIF_ATTEINT: 20,
    MotifFin.BUDGET: 16,
    MotifFin.DEPART_REFERENT_ENTREPRISE: 16,
    MotifFin.STRATEGIE: 8,
    MotifFin.MOYENS_ASSOCIATION: 8,
    MotifFin.DEPART_REFERENT_ASSOCIATION: 6,
    MotifFin.BESOIN_DISPARU: 6,
    MotifFin.ATTENTES_DIVERGENTES: 6,
    MotifFin.SANS_REPONSE: 6,
    MotifFin.CHARGE_ADMINISTRATIVE: 4,
    MotifFin.FERMETURE: 4,
    MotifFin.CRISE: 3,
    MotifFin.INCONNU: 6,
}
ECHELLE_MOIS = {"marseille": 29.0, "bfc": 46.0, "national": 38.0}
PREMIER_DEBUT = date(2021, 1, 4)
MOIS = 30.4375
UN_AN_PASSE = timedelta(days=380)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenementFictif:
    """Un événement d'une histoire."""

    type: TypeEvenement
    date_effet: date | None
    precision: PrecisionDate = PrecisionDate.JOUR
    motif: MotifFin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Histoire:
    """Un épisode fictif et ses événements, du plus ancien au plus récent."""

    forme: FormeEngagement
    rythme: Rythme
    initiateur: Initiateur
    mode_recueil: ModeRecueil = ModeRecueil.RETROSPECTIF_COMPLET
    premiere_observation: date | None = None
    evenements: list[EvenementFictif] = field(default_factory=list)


def tirer_histoire(alea: random.Random, terrain: str, arret: date) -> Histoire:
    """Une histoire au hasard : quelques projets sans début, des actions ponctuelles, des engagements suivis."""
    sort = alea.random()
    if sort < 0.10:
        return _sans_debut(alea, arret)
    if sort < 0.38:
        return _ponctuelle(alea, arret)
    return _suivie(alea, terrain, arret)


def _sans_debut(alea: random.Random, arret: date) -> Histoire:
    contact = arret - timedelta(days=alea.randint(20, 330))
    evenements = [EvenementFictif(type=TypeEvenement.PREMIER_CONTACT, date_effet=contact)]
    if (suite := alea.choice((None, TypeEvenement.DISCUSSION, TypeEvenement.SANS_SUITE))) is not None:
        evenements.append(EvenementFictif(type=suite, date_effet=contact + timedelta(days=alea.randint(5, 19))))
    return Histoire(
        forme=_tirer(alea, FORMES),
        rythme=Rythme.PONCTUEL,
        initiateur=alea.choice(list(Initiateur)),
        mode_recueil=ModeRecueil.PROSPECTIF,
        evenements=evenements,
    )


def _ponctuelle(alea: random.Random, arret: date) -> Histoire:
    debut = _jour(alea, PREMIER_DEBUT, arret - timedelta(days=70))
    fin = debut + timedelta(days=alea.choice((0, 0, 1, 5, 14, 30, 45, 60)))
    motif = MotifFin.ACTION_PREVUE_PONCTUELLE if alea.random() < 0.75 else _tirer(alea, MOTIFS)
    return Histoire(
        forme=_tirer(alea, FORMES),
        rythme=Rythme.PONCTUEL,
        initiateur=alea.choice(list(Initiateur)),
        evenements=[
            _imprecis(alea, EvenementFictif(type=TypeEvenement.SIGNATURE, date_effet=debut)),
            _fin(alea, debut, fin, motif),
        ],
    )


def _suivie(alea: random.Random, terrain: str, arret: date) -> Histoire:
    debut = _jour(alea, PREMIER_DEBUT, arret - timedelta(days=120))
    fin = debut + timedelta(days=round(_duree_mois(alea, terrain) * MOIS))
    rythme = alea.choice((Rythme.RECURRENT, Rythme.RECURRENT, Rythme.PLURIANNUEL))
    signature = _imprecis(alea, EvenementFictif(type=TypeEvenement.SIGNATURE, date_effet=debut))
    evenements = [signature, *_vie(alea, debut, min(fin, arret), rythme)]
    ouverte = fin >= arret
    if not ouverte:
        evenements.append(_fin(alea, debut, fin, _tirer(alea, MOTIFS)))
    elif alea.random() < 0.6:
        # Perdu de vue : rien n'a été appris depuis plus d'un an.
        evenements = [signature, *(e for e in evenements[1:] if e.date_effet and e.date_effet < arret - UN_AN_PASSE)]
    else:
        nouvelle = max(debut, arret - timedelta(days=alea.randint(3, 300)))
        evenements.append(EvenementFictif(type=TypeEvenement.NOUVELLE, date_effet=nouvelle))
    vivante = ouverte and alea.random() < 0.5 and debut < arret - timedelta(days=200)
    return Histoire(
        forme=_tirer(alea, FORMES),
        rythme=rythme,
        initiateur=alea.choice(list(Initiateur)),
        mode_recueil=ModeRecueil.VIVANTS_SEULEMENT if vivante else ModeRecueil.RETROSPECTIF_COMPLET,
        premiere_observation=arret - timedelta(days=alea.randint(5, 65)) if vivante else None,
        evenements=sorted(evenements, key=lambda e: e.date_effet or date.min),
    )


def _vie(alea: random.Random, debut: date, fin: date, rythme: Rythme) -> list[EvenementFictif]:
    """Renouvellements annuels, et parfois une pause suivie d'une reprise."""
    evenements = []
    anniversaire = _plus_un_an(debut)
    while anniversaire < fin - timedelta(days=20):
        if alea.random() < (0.85 if rythme is Rythme.PLURIANNUEL else 0.55):
            evenements.append(EvenementFictif(type=TypeEvenement.RENOUVELLEMENT, date_effet=anniversaire))
        anniversaire = _plus_un_an(anniversaire)
    if (fin - debut).days > 500 and alea.random() < 0.2:
        pause = debut + timedelta(days=alea.randint(100, 250))
        reprise = pause + timedelta(days=alea.randint(25, 90))
        evenements.append(EvenementFictif(type=TypeEvenement.PAUSE, date_effet=pause))
        evenements.append(EvenementFictif(type=TypeEvenement.REPRISE, date_effet=reprise))
    return evenements


def _duree_mois(alea: random.Random, terrain: str) -> float:
    """Durée de Weibull, avec une masse aux échéances de convention (12, 24, 36 mois)."""
    duree = max(2.0, alea.weibullvariate(ECHELLE_MOIS[terrain], 1.05))
    return max(12.0, round(duree / 12) * 12) if alea.random() < 0.35 else duree


def _fin(alea: random.Random, debut: date, fin: date, motif: MotifFin) -> EvenementFictif:
    exacte = EvenementFictif(type=TypeEvenement.FIN, date_effet=fin, motif=motif)
    if (fin - debut).days < 400:
        return exacte
    return _imprecis(alea, exacte)


def _imprecis(alea: random.Random, evenement: EvenementFictif) -> EvenementFictif:
    """Une date sur trois n'est connue qu'au mois ou à l'année : le premier jour la porte, la précision le dit."""
    sort = alea.random()
    jour = evenement.date_effet
    if jour is None or sort < 0.68:
        return evenement
    if sort < 0.89:
        return _avec(evenement, jour.replace(day=1), PrecisionDate.MOIS)
    if sort < 0.985 or evenement.type is TypeEvenement.FIN:
        return _avec(evenement, jour.replace(month=1, day=1), PrecisionDate.ANNEE)
    return _avec(evenement, None, PrecisionDate.INCONNUE)


def _avec(evenement: EvenementFictif, jour: date | None, precision: PrecisionDate) -> EvenementFictif:
    return EvenementFictif(type=evenement.type, date_effet=jour, precision=precision, motif=evenement.motif)


def _tirer(alea: random.Random, poids: dict[T, int]) -> T:
    return alea.choices(list(poids), weights=list(poids.values()))[0]


def _jour(alea: random.Random, debut: date, fin: date) -> date:
    # Plus de débuts récents que d'anciens : la mémoire des personnes rencontrées s'efface.
    part = alea.random() ** 0.7
    return debut + timedelta(days=round((fin - debut).days * part))


def _plus_un_an(jour: date) -> date:
    return jour + timedelta(days=365)
