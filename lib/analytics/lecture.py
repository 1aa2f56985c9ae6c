"""Dire les chiffres en français : la même phrase à l'écran, sous une figure, dans un export.

Chaque fonction prend un résultat d'analyse et rend une ou plusieurs phrases complètes, espaces insécables posées.
`lieu` est un complément prêt à lire (« à Marseille », « en Bourgogne-Franche-Comté ») ; vide, on parle de tous.
"""

from collections.abc import Iterable
from datetime import date

from lib.analytics.comparaison_durees import EcartDurees, LogRank, RaisonSansTest
from lib.analytics.couverture import CouvertureTerrain
from lib.analytics.incidence import Incidences
from lib.analytics.proportions import Comparaison, Ecart, Part, Verdict
from lib.analytics.stratification import EcartAjuste
from lib.analytics.survie import Courbe, PointSurvie, Quantile
from lib.domain.axes import UniteDuree
from lib.domain.dire_comparaison import IRRITANTS_PAR_TERRAIN, MotsComparaison
from lib.domain.formats import (
    INSECABLE,
    compter,
    date_longue,
    duree,
    effectif,
    enumeration,
    guillemets,
    nombre,
    nombre_signe,
    pluriel,
    points,
    pourcentage,
    typographier,
    valeur_p,
)

# --- Durées d'engagement ----------------------------------------------------------------------------------------


def lire_courbe(courbe: Courbe, *, lieu: str = "", arret: date | None = None) -> str:
    """Le paragraphe qui accompagne une courbe : effectifs, médiane, et toute réserve qui s'impose."""
    phrases = [lire_suivi(courbe, lieu=lieu, arret=arret), lire_mediane(courbe), lire_reserves(courbe)]
    return " ".join(phrase for phrase in phrases if phrase)


def lire_suivi(courbe: Courbe, *, lieu: str = "", arret: date | None = None) -> str:
    """« Parmi les 42 partenariats suivis à Marseille, 18 avaient pris fin au 31 mai 2026 et 24 duraient encore. »"""
    episodes = courbe.episodes
    ou, quand = f" {lieu}" if lieu else "", f" au {date_longue(arret)}" if arret else ""
    if not episodes.effectif:
        return f"Aucun partenariat suivi{ou}."
    if episodes.effectif == 1:
        issue = f"avait pris fin{quand}" if episodes.termines else f"durait encore{quand}"
        return f"Le seul partenariat suivi{ou} {issue}."
    debut = f"Parmi les {compter(episodes.effectif, 'partenariat')} suivis{ou},"
    if not episodes.termines:
        return f"{debut} aucun n'avait pris fin{quand}."
    if not episodes.en_cours:
        return f"{debut} tous avaient pris fin{quand}."
    fini, dure = _avaient(episodes.termines), pluriel(episodes.en_cours, "durait", "duraient")
    return f"{debut} {nombre(episodes.termines)} {fini} pris fin{quand} et {nombre(episodes.en_cours)} {dure} encore."


def lire_mediane(courbe: Courbe) -> str:
    """La durée médiane et son intervalle, ou pourquoi il n'y en a pas ; jamais un chiffre à sa place."""
    if not courbe.estimable:
        return typographier(
            f"Effectif insuffisant : il faut au moins {compter(courbe.minimum_a_risque, 'partenariat')} suivis"
            " au même âge pour estimer une durée."
        )
    if courbe.mediane.valeur is None:
        return _mediane_non_atteinte(courbe)
    peu = courbe.mediane.valeur > courbe.fin
    reserve = f" sur moins de {compter(courbe.minimum_a_risque, 'partenariat')} encore suivis" if peu else ""
    bornes = _bornes_mediane(courbe.mediane, courbe.unite)
    return typographier(
        f"La moitié prend fin en {_duree(courbe.mediane.valeur, courbe.unite)} au plus"
        f" (médiane estimée{reserve} ; intervalle à {pourcentage(courbe.niveau)} : {bornes})."
    )


def lire_reserves(courbe: Courbe) -> str:
    """Ce que la courbe ne dit pas : départ tardif, partenariats sans suivi. Vide s'il n'y a rien à dire."""
    reserves = []
    if courbe.conditionnelle and courbe.estimable:
        age = _duree(courbe.debut, courbe.unite)
        reserves.append(
            f"La courbe commence à {age}, faute de {compter(courbe.minimum_a_risque, 'partenariat')} suivis plus tôt :"
            " elle ne vaut que pour ceux qui ont atteint cet âge."
        )
    if courbe.episodes.sans_suivi:
        sans_suivi = courbe.episodes.sans_suivi
        reserves.append(
            f"{compter(sans_suivi, 'autre partenariat', 'autres partenariats')}"
            f" {pluriel(sans_suivi, 'est connu', 'sont connus')} seulement pour avoir survécu, sans nouvelle depuis :"
            f" {pluriel(sans_suivi, 'il ne peut', 'ils ne peuvent')} rien dire de la durée."
        )
    return typographier(" ".join(reserves))


def lire_point(point: PointSurvie, unite: UniteDuree = UniteDuree.MOIS) -> str:
    """« À 12 mois, 64 % durent encore (intervalle à 95 % : 48 % à 76 %). »"""
    age = _duree(point.instant, unite)
    if point.survie is None:
        suivis = compter(point.a_risque, "partenariat suivi", "partenariats suivis")
        return typographier(f"À {age}, non estimable : {suivis} seulement.")
    if point.bas is None or point.haut is None:
        return typographier(f"À {age}, {pourcentage(point.survie)} durent encore.")
    bornes = f"{pourcentage(point.bas)} à {pourcentage(point.haut)}"
    return typographier(f"À {age}, {pourcentage(point.survie)} durent encore (intervalle à 95 % : {bornes}).")


def lire_ecart_durees(ecart: EcartDurees, *, lieu: str, reference: str, unite: UniteDuree = UniteDuree.MOIS) -> str:
    """Différence de durées moyennes restreintes : `lieu` comparé à `reference`, deux compléments prêts à lire."""
    sens = "de plus" if ecart.difference >= 0 else "de moins"
    bornes = f"{nombre_signe(ecart.bas, 1)} à {_duree_signee(ecart.haut, unite)}"
    conclusion = "" if ecart.exclut_zero else " L'intervalle contient zéro : écart non démontré."
    return typographier(
        f"Sur les {_chiffre(ecart.horizon)} premiers {unite.value}, un partenariat dure en moyenne"
        f" {nombre(abs(ecart.difference), 1)} {unite.value} {sens} {lieu} {_que(reference)}"
        f" (écart : {_duree_signee(ecart.difference, unite)} ; intervalle à 95 % : {bornes}).{conclusion}"
    )


def lire_log_rank(resultat: LogRank) -> str:
    """Ce que le test du log-rank permet de dire, ou pourquoi il n'est pas fait."""
    if resultat.p is None:
        return _sans_log_rank(resultat)
    if resultat.significatif:
        return typographier(
            f"Écart de durée démontré : le hasard seul l'expliquerait mal (log-rank, {valeur_p(resultat.p)})."
        )
    return typographier(
        f"Écart de durée non démontré : non significatif au seuil de 5 % (log-rank, {valeur_p(resultat.p)})."
        " Cela ne prouve pas que les durées sont égales."
    )


def lire_incidence(
    incidences: Incidences, motif: str, libelle: str, instant: float, unite: UniteDuree = UniteDuree.MOIS
) -> str:
    """« À 24 mois, 20 % des partenariats ont pris fin pour le motif « Objectif accompli ». »"""
    age, part = _duree(instant, unite), incidences.a(motif, instant)
    if part is None:
        return typographier(f"À {age}, part non estimable pour le motif {guillemets(libelle)} : trop peu de suivis.")
    return typographier(
        f"À {age}, {pourcentage(part)} des partenariats ont pris fin pour le motif {guillemets(libelle)}."
    )


def lire_sensibilite(medianes: Iterable[float | None], unite: UniteDuree = UniteDuree.MOIS) -> str:
    """Étendue de la médiane selon la date retenue pour les débuts connus à l'année près."""
    valeurs = list(medianes)
    connues = sorted(valeur for valeur in valeurs if valeur is not None)
    if not connues:
        return "Quelle que soit la date retenue pour les débuts imprécis, la médiane n'est pas atteinte."
    if len(connues) == len(valeurs) and connues[0] == connues[-1]:
        return "La date retenue pour les débuts imprécis ne change pas la médiane."
    plus_longue = connues[-1] if len(connues) == len(valeurs) else None
    haut = "une durée non atteinte" if plus_longue is None else _duree(plus_longue, unite)
    bas = _chiffre(connues[0]) if plus_longue else _duree(connues[0], unite)
    return f"Selon la date retenue pour les débuts imprécis, la médiane va de {bas} à {haut}."


# --- Écarts entre terrains --------------------------------------------------------------------------------------


def lire_part(part: Part) -> str:
    """« 12/20 (60 % ; intervalle à 95 % : 39 % à 78 %) »."""
    if part.valeur is None or part.bas is None or part.haut is None:
        return "aucun acteur avec qui le sujet a été abordé"
    return typographier(
        f"{effectif(part.numerateur, part.denominateur)} ({pourcentage(part.valeur)} ;"
        f" intervalle à 95 % : {pourcentage(part.bas)} à {pourcentage(part.haut)})"
    )


def lire_ecart(ecart: Ecart, *, effectif_minimum: int = 8, groupes: str = "terrains") -> str:
    """Un irritant, deux côtés, un verdict. « Non démontré » ne se dit jamais « pas d'écart »."""
    reference = ecart.reference or f"autres {groupes}"
    cotes = f"{ecart.groupe} {_fraction(ecart.part)}, {reference} {_fraction(ecart.part_reference)}"
    return typographier(f"Parmi les acteurs rencontrés : {cotes}. {_conclusion(ecart, effectif_minimum)}")


def lire_ecart_ajuste(ecart: EcartAjuste, *, strates: str = "type d'acteur") -> str:
    """L'écart à composition égale, en regard de l'écart brut ; ce qui n'a pas pu être comparé se dit."""
    if ecart.ajuste is None:
        return typographier(f"À {strates} égal, rien n'est comparable : aucun {strates} rencontré des deux côtés.")
    test = "test non fait, effectif insuffisant" if ecart.p is None else f"Mantel-Haenszel, {valeur_p(ecart.p)}"
    ecartees = f" Non comparables : {', '.join(ecart.ecartees)}." if ecart.ecartees else ""
    return typographier(
        f"À {strates} égal, écart de {points(ecart.ajuste)} (écart brut : {points(ecart.brut)} ; {test}).{ecartees}"
    )


def lire_comparaison(comparaison: Comparaison, *, mots: MotsComparaison = IRRITANTS_PAR_TERRAIN) -> str:
    """Résumé d'une famille d'étiquettes : combien d'écarts de chaque sorte, sur combien de tests corrigés ensemble."""
    ecarts = [ecart for ligne in comparaison.lignes for ecart in ligne.ecarts]
    if not ecarts:
        return f"Il faut au moins deux {mots.groupes} pour comparer."
    comptes = [(sum(ecart.verdict is verdict for ecart in ecarts), verdict) for verdict in Verdict]
    verdicts = enumeration(f"{nombre(n)} {_verdict_accorde(verdict, n)}" for n, verdict in comptes if n)
    tests = compter(comparaison.taille_famille, "test corrigé", "tests corrigés")
    return typographier(
        f"{compter(len(comparaison.lignes), *mots.compares)}, {tests} ensemble"
        f" (Benjamini-Hochberg) : {verdicts}."
        " Ces parts décrivent les acteurs rencontrés, choisis et non tirés au sort."
    )


# --- Plan d'entretiens ------------------------------------------------------------------------------------------


def lire_couverture(couvertures: Iterable[CouvertureTerrain]) -> str:
    """« 27 entretiens réalisés sur 32 prévus. Reste à mener : 5 pour Marseille. » Le plus en retard d'abord."""
    liste = list(couvertures)
    realises, prevus = sum(c.realises for c in liste), sum(c.prevus for c in liste)
    if not prevus:
        return f"{compter(realises, 'entretien réalisé', 'entretiens réalisés')}, aucun prévu au plan."
    faits = compter(realises, "entretien réalisé", "entretiens réalisés")
    debut = f"{faits} sur {nombre(prevus)} {pluriel(prevus, 'prévu')}."
    manques = sorted((c for c in liste if c.restants), key=lambda c: -c.restants)
    if not manques:
        return f"{debut} Le plan est couvert."
    restes = enumeration(f"{nombre(c.restants)} pour {c.terrain}" for c in manques)
    return typographier(f"{debut} Reste à mener : {restes}.")


# --- Morceaux de phrases ----------------------------------------------------------------------------------------


def _chiffre(duree: float) -> str:
    """Une durée entière s'écrit sans décimale, les autres avec une."""
    return nombre(duree, 0 if float(duree).is_integer() else 1)


def _duree(valeur: float, unite: UniteDuree) -> str:
    return duree(valeur, unite.value, 0 if float(valeur).is_integer() else 1)


def _duree_signee(valeur: float, unite: UniteDuree) -> str:
    return f"{nombre_signe(valeur, 1)}{INSECABLE}{unite.value}"


def _avaient(quantite: int) -> str:
    return pluriel(quantite, "avait", "avaient")


def _que(complement: str) -> str:
    """« qu'à Marseille », « que dans le Jura »."""
    return f"qu'{complement}" if complement[:1].lower() in "aàâeéèêiîoôuû" else f"que {complement}"


def _bornes_mediane(mediane: Quantile, unite: UniteDuree) -> str:
    if mediane.bas is None:
        return "non calculable"
    if mediane.haut is None:
        return f"à partir de {_duree(mediane.bas, unite)}, borne haute non atteinte"
    return f"{_chiffre(mediane.bas)} à {_duree(mediane.haut, unite)}"


def _mediane_non_atteinte(courbe: Courbe) -> str:
    reste = courbe.marches[-1].survie if courbe.marches else 1.0
    return typographier(
        f"Médiane non atteinte : à {_duree(courbe.fin, courbe.unite)}, dernière durée où au moins"
        f" {compter(courbe.minimum_a_risque, 'partenariat')} sont suivis, {pourcentage(reste)} durent encore."
    )


def _sans_log_rank(resultat: LogRank) -> str:
    if resultat.raison is RaisonSansTest.TROP_PEU_DE_FINS:
        fins = " ; ".join(f"{groupe} : {nombre(n)}" for groupe, n in resultat.fins.items())
        return typographier(
            "Effectif insuffisant pour un test :"
            f" il faut au moins {compter(resultat.minimum_evenements, 'fin')} observées de chaque côté ({fins})."
        )
    if resultat.raison is RaisonSansTest.SUIVIS_DISJOINTS:
        return "Pas de test : les groupes n'ont jamais été suivis aux mêmes âges."
    return "Pas de test : il faut au moins deux groupes."


def _fraction(part: Part) -> str:
    if part.valeur is None:
        return "sans réponse"
    return f"{effectif(part.numerateur, part.denominateur)} ({pourcentage(part.valeur)})"


def _conclusion(ecart: Ecart, effectif_minimum: int) -> str:
    if ecart.p is None or ecart.q is None:
        return f"Effectif insuffisant : moins de {effectif_minimum} acteurs d'un côté, aucun test."
    bas = nombre_signe(None if ecart.bas is None else 100 * ecart.bas)
    return (
        f"{ecart.verdict.libelle} : {points(ecart.difference)}"
        f" (intervalle à 95 % : {bas} à {points(ecart.haut)} ; {valeur_p(ecart.p)} ; {valeur_p(ecart.q, nom='q')})."
    )


def _verdict_accorde(verdict: Verdict, quantite: int) -> str:
    formes = {
        Verdict.ECART_DEMONTRE: ("écart démontré", "écarts démontrés"),
        Verdict.ECART_POSSIBLE: ("écart possible", "écarts possibles"),
        Verdict.ECART_NON_DEMONTRE: ("écart non démontré", "écarts non démontrés"),
        Verdict.EFFECTIF_INSUFFISANT: ("effectif insuffisant", "effectifs insuffisants"),
    }
    return pluriel(quantite, *formes[verdict])
