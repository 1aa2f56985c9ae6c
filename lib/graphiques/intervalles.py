"""Irritants par terrain : une part et son intervalle par ligne, du plus grand écart au plus petit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.analytics.lecture import lire_comparaison
from lib.analytics.proportions import Comparaison, Ecart, LigneIrritant, Part, Verdict
from lib.domain.dire_comparaison import IRRITANTS_PAR_TERRAIN, MotsComparaison
from lib.domain.formats import ABSENT, INSECABLE, effectif, enumeration, intervalle, pourcentage, typographier
from lib.graphiques.commun import (
    GRADUATIONS_PARTS,
    HAUTEUR_LIGNE,
    Cadre,
    Morceau,
    Tableau,
    composer,
    decouper,
    dire_vide,
    ecrire,
    habiller,
    largeur_pixels,
)
from lib.graphiques.palette import ECRAN, Palette, Style, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = IRRITANTS_PAR_TERRAIN.titre
MAXIMUM = 12
"""Irritants tracés ; au-delà la figure ne se lit plus. Le tableau les donne tous."""

LARGEUR_ENTETE = 40
BORD = 1.06
"""Fin de l'axe, un peu après 100 % : un point à 100 % ne touche pas l'effectif écrit à sa droite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bloc:
    """Un irritant sur la figure : ordonnées (pixels depuis le haut) de son titre, de ses terrains et de sa fin."""

    ligne: LigneIrritant
    entete: str
    hauteur_entete: int
    haut: float
    bas: float
    rangees: dict[str, float]


def figure(
    comparaison: Comparaison, *, titre: str = TITRE, palette: Palette = ECRAN, maximum: int = MAXIMUM
) -> "go.Figure":
    """Points et intervalles de Wilson, n/N au bout de chaque ligne, verdict dans le titre de chaque irritant."""
    if not comparaison.lignes:
        return dire_vide(titre, "Aucun irritant relevé pour ces critères", palette)
    blocs = _disposer(comparaison, maximum)
    points = [_points(blocs, groupe, style(rang, palette)) for rang, groupe in enumerate(comparaison.groupes)]
    return composer(
        [*points, _entetes(blocs), _effectifs(blocs)], titre=titre, cadre=_cadre(comparaison, blocs), palette=palette
    )


def description(
    comparaison: Comparaison,
    *,
    titre: str = TITRE,
    maximum: int = MAXIMUM,
    mots: MotsComparaison = IRRITANTS_PAR_TERRAIN,
) -> str:
    """Texte alternatif : chaque irritant tracé, ses parts par terrain et son verdict."""
    lignes = comparaison.par_ecart()[:maximum]
    phrases = " ".join(f"{ligne.irritant} : {_parts_en_mots(ligne)}. {_phrase_verdict(ligne)}" for ligne in lignes)
    resume = lire_comparaison(comparaison, mots=mots)
    return typographier(f"{titre} {mots.ce_qui_est_trace} {phrases} {resume}")


def table(comparaison: Comparaison, *, mots: MotsComparaison = IRRITANTS_PAR_TERRAIN) -> Tableau:
    """Tous les irritants, du plus grand écart au plus petit : part par terrain, écart et verdict."""
    return Tableau(
        legende=mots.legende,
        entetes=(mots.objet, *comparaison.groupes, "Écart"),
        lignes=tuple(
            (
                ligne.irritant,
                *(_cellule(ligne.parts[groupe]) for groupe in comparaison.groupes),
                _verdict(ligne) or ABSENT,
            )
            for ligne in comparaison.par_ecart()
        ),
    )


# --- Disposition ------------------------------------------------------------------------------------------------


def _disposer(comparaison: Comparaison, maximum: int) -> list[_Bloc]:
    """Empile les blocs de haut en bas : le titre sur toute la largeur, puis une rangée par terrain."""
    blocs, haut = [], 0.0
    hauteurs = {groupe: HAUTEUR_LIGNE * len(decouper(groupe, 14)) + 4 for groupe in comparaison.groupes}
    for ligne in comparaison.par_ecart()[:maximum]:
        entete = _entete(ligne)
        hauteur_entete = HAUTEUR_LIGNE * (1 + entete.count("<br>"))
        bas = haut + hauteur_entete + 4
        rangees = {}
        for groupe in comparaison.groupes:
            rangees[groupe] = bas + hauteurs[groupe] / 2
            bas += hauteurs[groupe]
        blocs.append(
            _Bloc(ligne=ligne, entete=entete, hauteur_entete=hauteur_entete, haut=haut, bas=bas, rangees=rangees)
        )
        haut = bas + 12
    return blocs


def _points(blocs: Sequence[_Bloc], groupe: str, apparence: Style) -> Morceau:
    connus = [(bloc.rangees[groupe], bloc.ligne) for bloc in blocs if bloc.ligne.parts[groupe].valeur is not None]
    parts = [ligne.parts[groupe] for _, ligne in connus]
    valeurs = [part.valeur or 0.0 for part in parts]
    return {
        "type": "scatter",
        "name": groupe,
        "x": valeurs,
        "y": [ordonnee for ordonnee, _ in connus],
        "mode": "markers",
        "marker": {"symbol": apparence.symbole, "size": 11, "color": apparence.couleur},
        "error_x": _intervalles(parts, apparence),
        "hovertext": [
            f"{habiller(ligne.irritant, 40)}<br>{habiller(groupe, 40)}{INSECABLE}: {_cellule(ligne.parts[groupe])}"
            for _, ligne in connus
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[ligne.irritant, groupe] for _, ligne in connus],
        "cliponaxis": False,
    }


def _intervalles(parts: Sequence[Part], apparence: Style) -> Morceau:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(part.haut or 0.0) - (part.valeur or 0.0) for part in parts],
        "arrayminus": [(part.valeur or 0.0) - (part.bas or 0.0) for part in parts],
        "color": apparence.couleur,
        "thickness": 2,
        "width": 5,
    }


def _entetes(blocs: Sequence[_Bloc]) -> Morceau:
    return ecrire([(0, bloc.haut + bloc.hauteur_entete / 2, bloc.entete) for bloc in blocs])


def _effectifs(blocs: Sequence[_Bloc]) -> Morceau:
    """n/N après 100 % ; où le point manque, ce qui manque se dit au départ de la ligne."""
    parts = [(ordonnee, bloc.ligne.parts[groupe]) for bloc in blocs for groupe, ordonnee in bloc.rangees.items()]
    return ecrire([(0 if part.valeur is None else BORD, ordonnee, _sans_part(part)) for ordonnee, part in parts])


def _cadre(comparaison: Comparaison, blocs: Sequence[_Bloc]) -> Cadre:
    rangees = [(ordonnee, groupe) for bloc in blocs for groupe, ordonnee in bloc.rangees.items()]
    hauteur = blocs[-1].bas + 4
    fractions = [_fraction(part) for bloc in blocs for part in bloc.ligne.parts.values() if part.valeur is not None]
    return Cadre(
        hauteur=round(hauteur),
        marges={"l": 14 + largeur_pixels(comparaison.groupes), "r": 16 + largeur_pixels(fractions, 60), "b": 36},
        axe_x={"range": [0, BORD], "zeroline": False, "showgrid": True, **GRADUATIONS_PARTS},
        axe_y={
            "range": [hauteur, 0],
            "tickvals": [ordonnee for ordonnee, _ in rangees],
            "ticktext": [habiller(groupe) for _, groupe in rangees],
            "showgrid": False,
            "zeroline": False,
        },
        reglages={},
    )


# --- Textes -----------------------------------------------------------------------------------------------------


def _entete(ligne: LigneIrritant) -> str:
    """L'irritant en gras, son verdict dessous."""
    nom = [f"<b>{habiller(morceau, 80)}</b>" for morceau in decouper(ligne.irritant, LARGEUR_ENTETE)]
    verdict = _verdict(ligne)
    return "<br>".join([*nom, habiller(verdict, LARGEUR_ENTETE)] if verdict else nom)


def _verdict(ligne: LigneIrritant) -> str:
    """Le verdict le plus fort ; avec plus de deux terrains, on dit lesquels se distinguent."""
    ecarts = _ecarts_a_dire(ligne)
    if not ecarts:
        return ""
    marquant = ecarts[0].verdict in {Verdict.ECART_DEMONTRE, Verdict.ECART_POSSIBLE}
    nommes = enumeration(ecart.groupe for ecart in ecarts) if marquant and ecarts[0].reference is None else ""
    return f"{ecarts[0].verdict.libelle} ({nommes})" if nommes else ecarts[0].verdict.libelle


def _ecarts_a_dire(ligne: LigneIrritant) -> list[Ecart]:
    """Les écarts du verdict le plus fort : démontrés s'il y en a, sinon possibles, sinon un seul pour tous."""
    for verdict in (Verdict.ECART_DEMONTRE, Verdict.ECART_POSSIBLE):
        trouves = [ecart for ecart in ligne.ecarts if ecart.verdict is verdict]
        if trouves:
            return trouves
    non_demontres = [ecart for ecart in ligne.ecarts if ecart.verdict is Verdict.ECART_NON_DEMONTRE]
    return (non_demontres or list(ligne.ecarts))[:1]


def _phrase_verdict(ligne: LigneIrritant) -> str:
    verdict = _verdict(ligne)
    return f"{verdict}." if verdict else ""


def _parts_en_mots(ligne: LigneIrritant) -> str:
    return ", ".join(f"{groupe} {_courte(part)}" for groupe, part in ligne.parts.items())


def _courte(part: Part) -> str:
    return _sans_part(part) if part.valeur is None else f"{_fraction(part)} ({pourcentage(part.valeur)})"


def _sans_part(part: Part) -> str:
    """n/N seul ; sous l'effectif minimum, l'appelant a retiré la part, et on dit pourquoi."""
    insuffisant = part.valeur is None and part.denominateur
    return f"{_fraction(part)}, effectif insuffisant" if insuffisant else _fraction(part)


def _fraction(part: Part) -> str:
    return effectif(part.numerateur, part.denominateur) if part.denominateur else "non abordé"


def _cellule(part: Part) -> str:
    if part.valeur is None:
        return _sans_part(part)
    return f"{_fraction(part)}, {pourcentage(part.valeur)} {intervalle(part.bas, part.haut, pourcentage)}"
