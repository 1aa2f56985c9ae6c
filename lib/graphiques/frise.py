"""Frise d'un partenariat : ce qui est arrivé, quand on le sait, et ce que l'on ne sait pas.

La première rangée dit la vie de l'épisode (en cours, en pause, sans nouvelle) ; puis une rangée par événement. Une
date connue au jour est un point plein ; une date imprécise, un segment de tout ce qui est possible et un point creux.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from lib.domain.formats import INSECABLE, MOIS_ABREGES, date_abregee, date_longue, typographier
from lib.domain.partenariats import Evenement, bornes, limite_sans_nouvelle
from lib.domain.vocabulaire import PrecisionDate, TypeEvenement
from lib.graphiques.commun import HAUTEUR_LIGNE, Cadre, Morceau, Tableau, composer, dire_vide, ecrire, habiller
from lib.graphiques.palette import ECRAN, Palette, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = typographier("Que s'est-il passé, et quand ?")
LEGENDE = typographier(
    "Trait épais : en cours. Tirets : en pause. Pointillés : sans nouvelle, ou date seulement approchée. Point plein : "
    "jour connu ; point creux : milieu de ce qui est possible."
)
RANGEE = 46
MARGE_JOURS = 0.03
MAXIMUM_GRADUATIONS = 5
LARGEUR_LIBELLE = 60

Intervalle = tuple[date, date]


def figure(suite: Sequence[Evenement], *, au: date, titre: str = TITRE, palette: Palette = ECRAN) -> "go.Figure":
    """La frise des événements rangés (`lib.domain.partenariats.ranger`), avec la date d'arrêt `au` en repère."""
    if not any(evenement.quand.connue for evenement in suite):
        return dire_vide(titre, "Aucune date connue : rien à placer sur une frise", palette)
    limites = bornes(suite)
    etendue = _etendue(suite, limites, au)
    traces = [*_vie(suite, limites, au, palette), *_evenements(suite, limites, etendue, palette)]
    return composer(
        [*traces, ecrire(_libelles(suite, etendue))],
        titre=titre,
        cadre=_cadre(len(suite), etendue, au, palette),
        palette=palette,
        annotations=[_dire_arret(au)] if au <= etendue[1] else [],
    )


def description(suite: Sequence[Evenement], *, au: date, titre: str = TITRE) -> str:
    """Texte alternatif : chaque événement et sa date, dans l'ordre."""
    faits = " ; ".join(f"{evenement.type.libelle} : {_dater(evenement)}" for evenement in suite)
    return typographier(f"{titre} {faits or 'Aucun événement'}. Repère : {date_longue(au)}, date d'arrêt des chiffres.")


def table(suite: Sequence[Evenement]) -> Tableau:
    """Les mêmes faits en lignes."""
    return Tableau(
        legende="Événements du partenariat, du plus ancien au plus récent",
        entetes=("Événement", "Date", "Ce que l'on sait de la date", "Motif"),
        lignes=tuple(
            (
                evenement.type.libelle,
                evenement.quand.ecrire(),
                evenement.quand.precision.libelle,
                evenement.motif.libelle if evenement.motif else "",
            )
            for evenement in suite
        ),
    )


# --- Vie de l'épisode -------------------------------------------------------------------------------------------


def _vie(suite: Sequence[Evenement], limites: Sequence[Intervalle], au: date, palette: Palette) -> list[Morceau]:
    """Du début à la fin (ou à la date d'arrêt) : en cours, en pause, puis sans nouvelle s'il est à vérifier."""
    bascules = [(e.type, limite) for e, limite in zip(suite, limites, strict=True) if e.type in _APRES]
    if not bascules:
        return []
    if bascules[-1][0] is not TypeEvenement.FIN:
        bascules.append((TypeEvenement.FIN, _horizon(suite, limites, au)))
    traces = [
        trace
        for (type_evenement, depart), (_, arrivee) in pairwise(bascules)
        for trace in _troncon(_APRES[type_evenement], depart, arrivee, palette)
    ]
    return [*traces, *_silence(suite, limites, au, palette)] or [_un_jour(bascules[0][1][0], palette)]


_APRES = {
    TypeEvenement.SIGNATURE: "En cours",
    TypeEvenement.PAUSE: "En pause",
    TypeEvenement.REPRISE: "En cours",
    TypeEvenement.FIN: "",
}


def _horizon(suite: Sequence[Evenement], limites: Sequence[Intervalle], au: date) -> Intervalle:
    """Jusqu'où l'on sait que l'épisode durait : la date d'arrêt, ou la dernière nouvelle si elle est trop vieille."""
    derniere = max(tard for e, (_, tard) in zip(suite, limites, strict=True) if e.quand.connue)
    connu = derniere if derniere < limite_sans_nouvelle(au) else max(au, derniere)
    return connu, connu


def _troncon(etat: str, depart: Intervalle, arrivee: Intervalle, palette: Palette) -> list[Morceau]:
    """Ce qui est sûr en trait plein, ce qui n'est que possible en pointillés."""
    sur = (depart[1], arrivee[0])
    couleur = style(0, palette).couleur if etat == "En cours" else palette.neutre
    trait: Morceau = (
        {"color": couleur, "width": 12} if etat == "En cours" else {"color": couleur, "width": 3, "dash": "dash"}
    )
    traces = (
        [_segment(sur, 0, trait, f"{etat} du {date_longue(sur[0])} au {date_longue(sur[1])}")]
        if sur[0] < sur[1]
        else []
    )
    for debut, fin in (depart, arrivee):
        if debut < fin:
            incertain: Morceau = {"color": couleur, "width": 3, "dash": "dot"}
            traces.append(_segment((debut, fin), 0, incertain, "Date seulement approchée"))
    return traces


def _silence(suite: Sequence[Evenement], limites: Sequence[Intervalle], au: date, palette: Palette) -> list[Morceau]:
    connu = _horizon(suite, limites, au)[0]
    if connu >= au or any(evenement.type is TypeEvenement.FIN for evenement in suite):
        return []
    trait: Morceau = {"color": palette.neutre, "width": 3, "dash": "dot"}
    return [_segment((connu, au), 0, trait, f"Sans nouvelle depuis le {date_longue(connu)} : à vérifier")]


def _un_jour(jour: date, palette: Palette) -> Morceau:
    """Une action d'un seul jour n'a pas de longueur : un losange la montre."""
    return {
        "type": "scatter",
        "x": [jour.isoformat()],
        "y": [_hauteur(0)],
        "mode": "markers",
        "marker": {"symbol": "diamond", "size": 13, "color": style(0, palette).couleur},
        "hovertext": [f"Un seul jour : {date_longue(jour)}"],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _segment(dates: Intervalle, rang: int, trait: Morceau, survol: str) -> Morceau:
    texte = habiller(typographier(survol), 40)
    return {
        "type": "scatter",
        "x": [jour.isoformat() for jour in dates],
        "y": [_hauteur(rang)] * 2,
        "mode": "lines",
        "line": trait,
        "hovertext": [texte] * 2,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


# --- Événements -------------------------------------------------------------------------------------------------


def _evenements(
    suite: Sequence[Evenement], limites: Sequence[Intervalle], etendue: Intervalle, palette: Palette
) -> list[Morceau]:
    traces: list[Morceau] = []
    couleur = style(0, palette).couleur
    for rang, (evenement, (tot, tard)) in enumerate(zip(suite, limites, strict=True), start=1):
        dates = (max(tot, etendue[0]), min(tard, etendue[1]))
        survol = f"{evenement.type.libelle} : {_dater(evenement)}"
        if evenement.quand.precision is not PrecisionDate.JOUR:
            traces.append(_segment(dates, rang, {"color": couleur, "width": 3, "dash": "dot"}, survol))
        if evenement.quand.connue:
            traces.append(_point(evenement, dates, rang, couleur, survol))
    return traces


def _point(evenement: Evenement, dates: Intervalle, rang: int, couleur: str, survol: str) -> Morceau:
    precis = evenement.quand.precision is PrecisionDate.JOUR
    milieu = dates[0] + (dates[1] - dates[0]) // 2
    return {
        "type": "scatter",
        "x": [milieu.isoformat()],
        "y": [_hauteur(rang)],
        "mode": "markers",
        "marker": {
            "symbol": "circle" if precis else "circle-open",
            "size": 11,
            "color": couleur,
            "line": {"width": 2, "color": couleur},
        },
        "hovertext": [habiller(typographier(survol), 40)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _libelles(suite: Sequence[Evenement], etendue: Intervalle) -> list[tuple[str, float, str]]:
    """Un libellé au-dessus de chaque rangée, calé à gauche."""
    commence = any(evenement.type in _APRES for evenement in suite)
    textes = [
        "Vie du partenariat" if commence else "Pas encore commencé",
        *(f"{e.type.libelle} – {_dater(e)}" for e in suite),
    ]
    debut = etendue[0].isoformat()
    return [
        (
            debut,
            _hauteur(rang) - 20,
            f"<b>{habiller(texte, LARGEUR_LIBELLE)}</b>" if rang == 0 else habiller(texte, LARGEUR_LIBELLE),
        )
        for rang, texte in enumerate(textes)
    ]


def _dater(evenement: Evenement) -> str:
    ecrite = evenement.quand.ecrire()
    return f"{ecrite} ({evenement.motif.libelle.lower()})" if evenement.motif else ecrite


# --- Cadre ------------------------------------------------------------------------------------------------------


def _hauteur(rang: int) -> float:
    """Ordonnée de la rangée, en pixels depuis le haut."""
    return RANGEE * rang + 30


def _etendue(suite: Sequence[Evenement], limites: Sequence[Intervalle], au: date) -> Intervalle:
    """Premier et dernier jour de l'axe : tout ce qui est daté, et la date d'arrêt si l'histoire est ouverte."""
    connues = [limite for e, limite in zip(suite, limites, strict=True) if e.quand.connue]
    debut = min(tot for tot, _ in connues)
    close = any(evenement.type in (TypeEvenement.FIN, TypeEvenement.SANS_SUITE) for evenement in suite)
    fin = max([tard for _, tard in connues] if close else [au, *(tard for _, tard in connues)])
    bord = timedelta(days=max(10, round(MARGE_JOURS * (fin - debut).days)))
    return debut - bord, fin + bord


def _cadre(evenements: int, etendue: Intervalle, au: date, palette: Palette) -> Cadre:
    hauteur = _hauteur(evenements) + 20
    graduees = _graduations(etendue)
    return Cadre(
        hauteur=round(hauteur),
        marges={"l": 8, "r": 12, "b": 30, "t": HAUTEUR_LIGNE},
        axe_x={
            "type": "date",
            "range": [jour.isoformat() for jour in etendue],
            "showgrid": True,
            "tickvals": [jour.isoformat() for jour in graduees],
            "ticktext": list(graduees.values()),
        },
        axe_y={"range": [hauteur, 0], "visible": False},
        reglages={"shapes": [_trait_arret(au, palette)] if au <= etendue[1] else []},
    )


def _graduations(etendue: Intervalle) -> dict[date, str]:
    """Six repères au plus, au 1er janvier ou au 1er d'un mois ; jamais collés au bord, où ils seraient coupés."""
    debut, fin = etendue
    dernier = fin - (fin - debut) * 0.06
    mois = (fin.year - debut.year) * 12 + fin.month - debut.month
    pas = next((p for p in (1, 2, 3, 6, 12, 24, 36, 60, 120, 240) if mois / p <= MAXIMUM_GRADUATIONS), 600)
    premier = debut.year * 12
    rangs = range(premier, premier + mois + 24, pas)
    jours = [date(rang // 12, rang % 12 + 1, 1) for rang in rangs]
    return {
        jour: str(jour.year) if pas >= 12 else f"{MOIS_ABREGES[jour.month - 1]}{INSECABLE}{jour.year}"
        for jour in jours
        if debut <= jour <= dernier
    }


def _trait_arret(au: date, palette: Palette) -> Morceau:
    return {
        "type": "line",
        "x0": au.isoformat(),
        "x1": au.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": palette.neutre, "width": 1, "dash": "dot"},
    }


def _dire_arret(au: date) -> Morceau:
    return {
        "text": f"{date_abregee(au)}{INSECABLE}: arrêt des chiffres",
        "x": au.isoformat(),
        "y": 1,
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 12},
    }
