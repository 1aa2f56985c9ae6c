"""Les indicateurs de l'investigation : une seule définition de chacun, la même à l'écran et en ligne de commande."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import sous_secret
from lib.analytics.durees import courbe_de_tous
from lib.analytics.proportions import Observation, Verdict, comparer, wilson
from lib.analytics.survie import Courbe, survie_aux
from lib.db.modeles import (
    Entretien,
    Etiquette,
    Hypothese,
    Investigation,
    Preuve,
    SolutionExistante,
    SyntheseIrritant,
    SyntheseSituation,
)
from lib.db.perimetre import visible
from lib.domain.axes import PartDuree
from lib.domain.droits import Perimetre, exiger, peut_lire_indicateurs
from lib.domain.formats import guillemets
from lib.domain.horloge import aujourd_hui
from lib.domain.indicateurs import CodeIndicateur
from lib.domain.vocabulaire import AccordCitation, FamilleEtiquette, Releve, SensPreuve
from lib.services.couverture import TerrainCouvert, lire_couverture
from lib.services.durees.lecture import FiltresDurees, lire_episodes
from lib.services.durees.perennisation import Definition, Perennisation, mesurer
from lib.services.indicateur import Indicateur, Indicateurs, Source
from lib.services.indicateurs_proteges import proteger_indicateurs
from lib.services.memoire.vues import tenue_par_les_partenariats
from lib.services.noms_etiquettes import nom_propre
from lib.services.syntheses import compte_dans_les_chiffres
from lib.services.terrains_absents import dire_absent

PARTAGE = 3
"""Un irritant est dit partagé à partir de trois acteurs."""
AGES = (12, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lus:
    """Les comptes dont plusieurs indicateurs dépendent."""

    au: date
    couverture: tuple[TerrainCouvert, ...]
    citables: int
    codes: int
    hypotheses: int
    eprouvees: int
    solutions: int
    perennisation: Definition
    noms: Mapping[int, str]
    irritants: Mapping[int, Mapping[tuple[int, Releve], int]]

    @property
    def realises(self) -> int:
        return sum(terrain.realises for terrain in self.couverture)


def lire_indicateurs(session: Session, perimetre: Perimetre) -> Indicateurs:
    """Tous les indicateurs du périmètre. Six requêtes au plus, agrégées par la base. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    lus = _lire(session, perimetre)
    courbe = _courbe(session, perimetre, au=lus.au)
    perennisation = mesurer(session, perimetre, au=lus.au, filtres=FiltresDurees(), definition=lus.perennisation)
    tous = (
        *_terrain(lus),
        *_irritants(lus),
        *_durees(lus.au, courbe),
        _perennes(lus.au, perennisation),
        *_fond(lus),
    )
    absents = tuple(dire_absent(t.nom, t.prevus) for t in lus.couverture if t.prevus and not t.realises)
    lues = Indicateurs(au=lus.au, tous=tous, absents=absents)
    secret = sous_secret(perimetre)
    return proteger_indicateurs(lues, courbe=courbe, irritants=lus.irritants) if secret else lues


@tenue_par_les_partenariats
def _courbe(session: Session, perimetre: Perimetre, *, au: date) -> Courbe | None:
    episodes = lire_episodes(session, perimetre, au=au)
    return courbe_de_tous(episodes.lignes) if episodes.mesures else None


def _lire(session: Session, perimetre: Perimetre) -> _Lus:
    comptes = _comptes(perimetre)
    reglages = (
        Investigation.date_arret,
        Investigation.seuil_perennisation_mois,
        Investigation.renouvellements_perennisation,
    )
    requete = select(*reglages, *(compte.scalar_subquery().label(nom) for nom, compte in comptes.items()))
    lu = session.execute(requete.where(Investigation.id == perimetre.investigation_id)).one()
    irritants, noms = _lire_irritants(session, perimetre)
    return _Lus(
        au=lu.date_arret or aujourd_hui(),
        couverture=lire_couverture(session, perimetre),
        perennisation=Definition(
            seuil_mois=lu.seuil_perennisation_mois, renouvellements=lu.renouvellements_perennisation
        ),
        noms=noms,
        irritants=irritants,
        **{nom: getattr(lu, nom) for nom in comptes},
    )


def _comptes(perimetre: Perimetre) -> dict[str, Select[int]]:
    """Ce qui se compte d'une ligne, réuni en une seule requête."""
    entretiens = select(func.count(Entretien.id)).where(visible(Entretien, perimetre), compte_dans_les_chiffres())
    codes = select(func.coalesce(func.sum(SyntheseSituation.etiquetes), 0)).where(visible(SyntheseSituation, perimetre))
    hypotheses = select(func.count(Hypothese.id)).where(visible(Hypothese, perimetre), Hypothese.archive_le.is_(None))
    contraire = exists().where(
        Preuve.hypothese_id == Hypothese.id, Preuve.archive_le.is_(None), Preuve.sens == SensPreuve.CONTRE
    )
    solutions = select(func.count(SolutionExistante.id)).where(
        visible(SolutionExistante, perimetre), SolutionExistante.archive_le.is_(None)
    )
    return {
        "citables": entretiens.where(Entretien.accord_citation != AccordCitation.NON),
        "codes": codes,
        "hypotheses": hypotheses,
        "eprouvees": hypotheses.where(contraire),
        "solutions": solutions,
    }


Irritants = dict[int, dict[tuple[int, Releve], int]]


def _lire_irritants(session: Session, perimetre: Perimetre) -> tuple[Irritants, dict[int, str]]:
    """Par irritant non archivé, nombre d'entretiens par terrain et par relevé, depuis les comptes tenus ; et son nom.

    Deux irritants de même nom restent deux : c'est leur identité qui les range, et leur code qui les distingue.
    """
    cles = (Etiquette.id, nom_propre(), SyntheseIrritant.terrain_id, SyntheseIrritant.releve)
    lignes = session.execute(
        select(*cles, func.sum(SyntheseIrritant.entretiens))
        .join(Etiquette, Etiquette.id == SyntheseIrritant.etiquette_id)
        .where(
            visible(SyntheseIrritant, perimetre),
            Etiquette.famille == FamilleEtiquette.IRRITANT,
            Etiquette.archive_le.is_(None),
        )
        .group_by(*cles)
        .order_by(Etiquette.id)
    )
    lus: Irritants = defaultdict(dict)
    noms: dict[int, str] = {}
    for etiquette_id, nom, terrain_id, releve, n in lignes:
        noms[etiquette_id] = nom
        lus[etiquette_id][terrain_id, Releve(releve)] = int(n)
    return lus, noms


def _part(numerateur: int, denominateur: int, *, hasard: bool = True) -> dict[str, Any]:
    """Numérateur, dénominateur, part, et l'intervalle de Wilson si les unités sont des acteurs distincts."""
    part = wilson(numerateur, denominateur)
    bornes = {"bas": part.bas, "haut": part.haut} if hasard else {}
    return {"numerateur": numerateur, "denominateur": denominateur, "valeur": part.valeur, "unite": "part", **bornes}


# --- Le terrain -------------------------------------------------------------------------------------------------


def _terrain(lus: _Lus) -> Iterable[Indicateur]:
    yield from _plan(lus)
    yield from _recueil(lus)


def _plan(lus: _Lus) -> Iterable[Indicateur]:
    cellules = [cellule for terrain in lus.couverture for cellule in terrain.cellules if cellule.prevus]
    plan = Source(page="tableau-de-bord", libelle="Voir le plan, terrain par terrain", parametres={})
    yield Indicateur(
        code=CodeIndicateur.PLAN,
        definition="Où en est l'enquête par rapport à ce qu'elle avait prévu.",
        numerateur_definition="Entretiens réalisés, notice remise, non archivés",
        denominateur_definition="Entretiens prévus au plan",
        au=lus.au,
        source=plan,
        **_part_du_plan(lus.realises, sum(cellule.prevus for cellule in cellules)),
    )
    yield Indicateur(
        code=CodeIndicateur.CIBLES,
        definition="Une cible est un type d'acteur sur un terrain ; un terrain prévu et délaissé se voit ici.",
        numerateur_definition="Cibles dont le nombre prévu est réalisé",
        denominateur_definition="Cibles prévues au plan",
        au=lus.au,
        source=plan,
        **_part(sum(c.realises >= c.prevus for c in cellules), len(cellules), hasard=False),
    )


def _recueil(lus: _Lus) -> Iterable[Indicateur]:
    citations = Source(page="citations", libelle="Lire les citations", parametres={})
    yield Indicateur(
        code=CodeIndicateur.CITABLES,
        definition="Accord donné, en nommant ou sans nommer.",
        numerateur_definition="Entretiens dont l'accord de citation est donné",
        denominateur_definition="Entretiens réalisés",
        au=lus.au,
        source=citations,
        **_part(lus.citables, lus.realises),
    )
    yield Indicateur(
        code=CodeIndicateur.CODES,
        definition="Part des entretiens dont l'analyse a commencé : le reste ne porte encore aucun chiffre d'irritant.",
        numerateur_definition="Entretiens réalisés portant au moins une étiquette",
        denominateur_definition="Entretiens réalisés",
        au=lus.au,
        source=citations,
        **_part(lus.codes, lus.realises, hasard=False),
    )


def _part_du_plan(realises: int, prevus: int) -> dict[str, Any]:
    """Un plan dépassé fait plus de 100 % : ce n'est pas une part, il n'a pas d'intervalle."""
    valeur = realises / prevus if prevus else None
    return {"numerateur": realises, "denominateur": prevus, "valeur": valeur, "unite": "part"}


# --- Les irritants ----------------------------------------------------------------------------------------------


def _irritants(lus: _Lus) -> Iterable[Indicateur]:
    totaux = {irritant: _totaliser(comptes) for irritant, comptes in lus.irritants.items()}
    evoques = {irritant: t[Releve.SPONTANE] + t[Releve.RELANCE] for irritant, t in totaux.items()}
    abordes = {irritant: evoques[irritant] + t[Releve.ECARTE] for irritant, t in totaux.items()}
    connus = [irritant for irritant in totaux if abordes[irritant]]
    yield Indicateur(
        code=CodeIndicateur.IRRITANTS_PARTAGES,
        definition=f"Un irritant évoqué par au moins {PARTAGE} acteurs n'est pas l'histoire d'un seul.",
        numerateur_definition=f"Irritants évoqués par {PARTAGE} acteurs rencontrés ou plus",
        denominateur_definition="Irritants abordés au moins une fois",
        au=lus.au,
        source=Source(page="terrains", libelle="Comparer les irritants", parametres={}),
        **_part(sum(evoques[irritant] >= PARTAGE for irritant in connus), len(connus), hasard=False),
    )
    premier = max(connus, key=lambda irritant: evoques[irritant], default=None)
    yield _premier(lus, premier, evoques.get(premier or 0, 0), abordes.get(premier or 0, 0))
    yield Indicateur(
        code=CodeIndicateur.SPONTANES,
        definition="Ce qui se dit sans relance pèse plus. Un acteur compte une fois par irritant qu'il évoque.",
        numerateur_definition="Évocations spontanées (acteur × irritant)",
        denominateur_definition="Évocations, spontanées ou sur relance",
        au=lus.au,
        source=Source(page="citations", libelle="Lire les citations", parametres={}),
        **_part(sum(t[Releve.SPONTANE] for t in totaux.values()), sum(evoques.values()), hasard=False),
    )
    yield _ecarts(lus)


def _totaliser(comptes: Mapping[tuple[int, Releve], int]) -> dict[Releve, int]:
    return {voulu: sum(n for (_, releve), n in comptes.items() if releve is voulu) for voulu in Releve}


def _premier(lus: _Lus, irritant: int | None, evoques: int, abordes: int) -> Indicateur:
    nom = lus.noms[irritant] if irritant else ""
    parametres = {"citations_etiquette": nom} if nom else {}
    return Indicateur(
        code=CodeIndicateur.PREMIER_IRRITANT,
        definition="L'irritant que le plus d'acteurs évoquent. « Non abordé » n'est pas « non » : il est exclu.",
        numerateur_definition="Acteurs qui l'évoquent, spontanément ou sur relance",
        denominateur_definition="Acteurs avec qui il a été abordé",
        au=lus.au,
        source=Source(page="citations", libelle="Lire ses citations", parametres=parametres),
        precision=guillemets(nom) if nom else "",
        **_part(evoques, abordes),
    )


def _ecarts(lus: _Lus) -> Indicateur:
    """Même comparaison que la page des terrains : chaque terrain visité face aux autres réunis."""
    visites = [terrain for terrain in lus.couverture if terrain.realises]
    ecarts = [ecart for ligne in comparer(_observer(lus, visites)).lignes for ecart in ligne.ecarts]
    demontres = sum(ecart.verdict is Verdict.ECART_DEMONTRE for ecart in ecarts)
    return Indicateur(
        code=CodeIndicateur.ECARTS_DEMONTRES,
        definition="Le hasard seul les expliquerait mal (q ≤ 0,05 après correction de Benjamini-Hochberg).",
        numerateur_definition="Écarts démontrés",
        denominateur_definition="Écarts testés, effectifs suffisants des deux côtés",
        au=lus.au,
        source=Source(page="terrains", libelle="Comparer les terrains", parametres={}),
        **_part(demontres, sum(ecart.p is not None for ecart in ecarts), hasard=False),
    )


def _observer(lus: _Lus, terrains: Iterable[TerrainCouvert]) -> list[Observation]:
    liste = list(terrains)
    observations = []
    for irritant, comptes in lus.irritants.items():
        for terrain in liste:
            n = {releve: comptes.get((terrain.terrain_id, releve), 0) for releve in Releve}
            evoques = n[Releve.SPONTANE] + n[Releve.RELANCE]
            abordes = evoques + n[Releve.ECARTE]
            # L'identité, pas le nom : deux homonymes se comparent chacun pour soi.
            observations.append(
                Observation(irritant=str(irritant), groupe=terrain.nom, evoques=evoques, abordes=abordes)
            )
    abordes_quelque_part = {o.irritant for o in observations if o.abordes}
    return [o for o in observations if o.irritant in abordes_quelque_part]


# --- Les durées -------------------------------------------------------------------------------------------------


def _durees(au: date, courbe: Courbe | None) -> Iterable[Indicateur]:
    source = _liste(PartDuree.MESURES, "Ouvrir les partenariats mesurés", au)
    mesures = courbe.episodes.effectif if courbe else 0
    fins = sum(marche.evenements for marche in courbe.marches) if courbe else 0
    estimee = courbe.mediane if courbe and courbe.estimable else None
    yield Indicateur(
        code=CodeIndicateur.DUREE_MEDIANE,
        definition="Kaplan-Meier : un partenariat en cours compte jusqu'à la dernière nouvelle, jamais comme terminé.",
        numerateur_definition="Fins observées sur la courbe",
        denominateur_definition="Partenariats dont la durée se mesure",
        unite="mois",
        au=au,
        source=source,
        numerateur=fins,
        denominateur=mesures,
        valeur=estimee.valeur if estimee else None,
        bas=estimee.bas if estimee else None,
        haut=estimee.haut if estimee else None,
        precision="Non atteinte : plus de la moitié durent encore" if estimee and estimee.valeur is None else "",
    )
    for age in AGES:
        yield _survie(au, courbe, age, mesures)


def _liste(part: PartDuree, libelle: str, au: date) -> Source:
    """La liste exacte des partenariats que compte un chiffre."""
    adresse = {"partenariats_part": part.value, "partenariats_au": au.isoformat()}
    return Source(page="partenariats", libelle=libelle, parametres=adresse)


def _survie(au: date, courbe: Courbe | None, age: int, mesures: int) -> Indicateur:
    point = survie_aux(courbe, (age,))[0] if courbe else None
    return Indicateur(
        code=CodeIndicateur(f"survie_{age}_mois"),
        definition="Part estimée par Kaplan-Meier ; ce n'est pas le rapport des deux effectifs donnés ici.",
        numerateur_definition=f"Partenariats encore suivis à {age} mois",
        denominateur_definition="Partenariats dont la durée se mesure",
        unite="part",
        au=au,
        source=_liste(PartDuree(f"suivis_{age}"), f"Ouvrir les partenariats suivis à {age} mois", au),
        numerateur=point.a_risque if point else 0,
        denominateur=mesures,
        valeur=point.survie if point else None,
        bas=point.bas if point else None,
        haut=point.haut if point else None,
    )


def _perennes(au: date, mesure: Perennisation) -> Indicateur:
    seuil, fois = mesure.definition.seuil_mois, mesure.definition.renouvellements
    return Indicateur(
        code=CodeIndicateur.PERENNISES,
        definition=f"A duré {seuil} mois au moins, renouvelé {fois} fois au moins, en cours ou achevé accompli.",
        numerateur_definition="Partenariats pérennisés",
        denominateur_definition=f"Partenariats commencés depuis {seuil} mois ou plus et suivis jusque-là",
        au=au,
        source=_liste(PartDuree.PERENNES, "Ouvrir les partenariats pérennisés", au),
        **_part(mesure.perennes, mesure.observables),
    )


# --- Les hypothèses et l'existant -------------------------------------------------------------------------------


def _fond(lus: _Lus) -> Iterable[Indicateur]:
    yield Indicateur(
        code=CodeIndicateur.HYPOTHESES_EPROUVEES,
        definition="Une hypothèse à laquelle personne n'a cherché de contradiction n'est pas soutenue.",
        numerateur_definition="Hypothèses ayant au moins une preuve contraire",
        denominateur_definition="Hypothèses de l'investigation",
        au=lus.au,
        source=Source(page="hypotheses", libelle="Lire les hypothèses et leurs preuves", parametres={}),
        **_part(lus.eprouvees, lus.hypotheses, hasard=False),
    )
    yield Indicateur(
        code=CodeIndicateur.SOLUTIONS,
        definition="Outils et réseaux qui mettent déjà en relation, avec leur coût et ce qui leur manque.",
        numerateur_definition="Solutions recensées, non archivées",
        denominateur_definition="Sans dénominateur",
        unite="compte",
        au=lus.au,
        source=Source(page="solutions", libelle="Voir les solutions existantes", parametres={}),
        valeur=float(lus.solutions),
    )
