"""Courbes de durée d'engagement : part des partenariats encore en cours, mois après mois."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lib.analytics.survie import Courbe, PointSurvie, graduations, survie_aux
from lib.domain.axes import UniteDuree
from lib.domain.formats import ABSENT, compter, duree, intervalle, nombre, pourcentage, typographier
from lib.graphiques.commun import (
    GRADUATIONS_PARTS,
    HAUTEUR_LIGNE,
    LARGEUR_ETIQUETTE,
    Cadre,
    Morceau,
    Tableau,
    composer,
    decouper,
    dire_vide,
    habiller,
    largeur_pixels,
    nommer_les_ordonnees,
)
from lib.graphiques.palette import ECRAN, Palette, Style, style

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITRE = typographier("Combien de temps durent les partenariats ?")
HAUTEUR = 320
SOMMET = 1.04
OPACITE_BANDE = 0.13
MAXIMUM_BANDES = 4
MARGE_GAUCHE = 50
MARGE_DROITE = 1.05
"""L'axe dépasse un peu la dernière durée, pour que les étiquettes ne touchent pas les bouts de courbe."""


def figure(courbes: Mapping[str, Courbe], *, titre: str = TITRE, palette: Palette = ECRAN) -> "go.Figure":
    """Une courbe en escalier par groupe, son intervalle, ses censures, son nom et sa médiane au bout.

    Au-delà de quatre courbes les intervalles ne se tracent plus (le tableau les garde). Les groupes d'effectif
    insuffisant ne sont pas tracés : la description et le tableau les nomment. Le style suit le rang dans `courbes` :
    un groupe garde le sien quand un autre disparaît.
    """
    styles = {nom: style(rang, palette) for rang, nom in enumerate(courbes)}
    tracees = {nom: courbe for nom, courbe in courbes.items() if courbe.estimable}
    if not tracees:
        return dire_vide(titre, "Effectif insuffisant pour tracer une courbe", palette)
    etiquettes = {nom: _etiquette(nom, courbe, seule=len(courbes) == 1) for nom, courbe in tracees.items()}
    hauteur = max(HAUTEUR, HAUTEUR_LIGNE * sum(map(len, etiquettes.values())))
    bandes = [trace for nom, c in tracees.items() for trace in _bande(c, styles[nom])]
    lignes = [trace for nom, c in tracees.items() for trace in _traces(nom, c, styles[nom])]
    return composer(
        [*(bandes if len(tracees) <= MAXIMUM_BANDES else []), *lignes],
        titre=titre,
        cadre=_cadre(tracees, etiquettes, hauteur, palette),
        palette=palette,
        annotations=[
            *_etiqueter(tracees, etiquettes, hauteur, palette),
            nommer_les_ordonnees("Part encore en cours", marge=MARGE_GAUCHE),
        ],
    )


def description(courbes: Mapping[str, Courbe], *, titre: str = TITRE) -> str:
    """Texte alternatif : la figure entière en mots, tirée des mêmes chiffres."""
    groupes = " ".join(_decrire(nom, courbe) for nom, courbe in courbes.items())
    bandes = 0 < sum(courbe.estimable for courbe in courbes.values()) <= MAXIMUM_BANDES
    selon = f"{_unite(courbes).value}{', avec intervalle à 95 %' if bandes else ''}"
    return typographier(
        f"{titre} Courbe de Kaplan-Meier : part des partenariats encore en cours selon leur durée en {selon}."
        f" {groupes or 'Aucun partenariat suivi.'}"
    )


def table(courbes: Mapping[str, Courbe], ages: Sequence[float] = ()) -> Tableau:
    """Les valeurs lues sur les courbes, avec l'effectif encore suivi à chacune. ages : à défaut, des dates rondes."""
    unite = _unite(courbes)
    dates = ages or graduations(max((courbe.fin for courbe in courbes.values()), default=0), unite=unite)
    return Tableau(
        legende="Part des partenariats encore en cours selon leur durée",
        entetes=("Groupe", "Durée", "Encore en cours", typographier("Intervalle à 95 %"), "Partenariats suivis"),
        lignes=tuple(
            _ligne(nom, point, unite) for nom, courbe in courbes.items() for point in survie_aux(courbe, dates)
        ),
    )


def table_medianes(courbes: Mapping[str, Courbe]) -> Tableau:
    """Effectifs et durée médiane de chaque groupe."""
    return Tableau(
        legende="Durée médiane des partenariats",
        entetes=("Groupe", "Suivis", "Terminés", "En cours", "Médiane", typographier("Intervalle à 95 %")),
        lignes=tuple(
            (
                nom,
                nombre(courbe.episodes.effectif),
                nombre(courbe.episodes.termines),
                nombre(courbe.episodes.en_cours),
                _mediane(courbe),
                _intervalle_mediane(courbe),
            )
            for nom, courbe in courbes.items()
        ),
    )


# --- Tracés -----------------------------------------------------------------------------------------------------


def _traces(nom: str, courbe: Courbe, apparence: Style) -> list[Morceau]:
    return [_escalier(nom, courbe, apparence), *_censures(courbe, apparence), _bout(courbe, apparence)]


def _escalier(nom: str, courbe: Courbe, apparence: Style) -> Morceau:
    instants = [courbe.debut, *(marche.instant for marche in courbe.marches), courbe.fin]
    survies = [1.0, *(marche.survie for marche in courbe.marches)]
    survies.append(survies[-1])
    titre = habiller(nom, 40)
    return {
        "type": "scatter",
        "name": nom,
        "x": instants,
        "y": survies,
        "mode": "lines",
        "line": {"shape": "hv", "color": apparence.couleur, "dash": apparence.tiret, "width": 2.5},
        "hovertext": [
            f"{titre}<br>{pourcentage(survie)} encore en cours à {_duree(instant, courbe.unite)}"
            for instant, survie in zip(instants, survies, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _bande(courbe: Courbe, apparence: Style) -> list[Morceau]:
    """Contour de l'intervalle, marche par marche ; il commence à la première fin observée."""
    bornees = [marche for marche in courbe.marches if marche.bas is not None and marche.haut is not None]
    if not bornees:
        return []
    fins = [*(marche.instant for marche in courbe.marches[1 : len(bornees)]), _fin_de_bande(courbe, len(bornees))]
    aller = [(x, m.haut) for m, fin in zip(bornees, fins, strict=True) for x in (m.instant, fin)]
    retour = [(x, m.bas) for m, fin in zip(bornees[::-1], fins[::-1], strict=True) for x in (fin, m.instant)]
    contour = {
        "type": "scatter",
        "x": [x for x, _ in aller + retour],
        "y": [y for _, y in aller + retour],
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": apparence.couleur,
        "opacity": OPACITE_BANDE,
        "hoverinfo": "skip",
    }
    return [contour]


def _fin_de_bande(courbe: Courbe, bornees: int) -> float:
    """La marche qui vide la courbe n'a pas d'intervalle : la bande s'arrête où elle tombe."""
    return courbe.marches[bornees].instant if bornees < len(courbe.marches) else courbe.fin


def _censures(courbe: Courbe, apparence: Style) -> list[Morceau]:
    if not courbe.censures:
        return []
    points = survie_aux(courbe, [instant for instant, _ in courbe.censures])
    marques = {
        "type": "scatter",
        "x": [point.instant for point in points],
        "y": [point.survie for point in points],
        "mode": "markers",
        "marker": {"symbol": "line-ns", "size": 9, "line": {"color": apparence.couleur, "width": 1.5}},
        "hovertext": [
            f"{compter(effectif, 'partenariat')} encore en cours à {_duree(instant, courbe.unite)}, suivi arrêté là"
            for instant, effectif in courbe.censures
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return [marques]


def _bout(courbe: Courbe, apparence: Style) -> Morceau:
    return {
        "type": "scatter",
        "x": [courbe.fin],
        "y": [_derniere(courbe)],
        "mode": "markers",
        "marker": {"symbol": apparence.symbole, "size": 10, "color": apparence.couleur},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _etiqueter(
    courbes: Mapping[str, Courbe], etiquettes: Mapping[str, list[str]], hauteur: int, palette: Palette
) -> list[Morceau]:
    """Nom et médiane à droite, à la hauteur où finit chaque courbe, sans se chevaucher, reliés à leur bout."""
    droite = MARGE_DROITE * max(courbe.fin for courbe in courbes.values())
    hauteurs = {nom: SOMMET * HAUTEUR_LIGNE * len(lignes) / hauteur for nom, lignes in etiquettes.items()}
    places = _ecarter({nom: _derniere(courbe) for nom, courbe in courbes.items()}, hauteurs)
    return [
        {
            "x": courbe.fin,
            "y": _derniere(courbe),
            "axref": "x",
            "ayref": "y",
            "ax": droite,
            "ay": places[nom],
            "text": _mettre_en_gras(etiquettes[nom]),
            "align": "left",
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": palette.neutre,
            "standoff": 6,
            "font": {"size": 12},
        }
        for nom, courbe in courbes.items()
    ]


def _mettre_en_gras(lignes: list[str]) -> str:
    """Le nom en gras, au-dessus des deux lignes de la médiane."""
    *nom, mediane, valeur = (habiller(ligne, 60) for ligne in lignes)
    return "<br>".join([*(f"<b>{ligne}</b>" for ligne in nom), mediane, valeur])


def _ecarter(voulues: Mapping[str, float], hauteurs: Mapping[str, float]) -> dict[str, float]:
    """Milieux d'étiquettes proches des hauteurs voulues (de 0 à 1), sans chevauchement, du bas vers le haut."""
    ordre = sorted(voulues, key=lambda nom: voulues[nom])
    places: dict[str, float] = {}
    plancher = 0.0
    for nom in ordre:
        places[nom] = max(voulues[nom], plancher + hauteurs[nom] / 2)
        plancher = places[nom] + hauteurs[nom] / 2
    plafond = SOMMET
    for nom in reversed(ordre):
        places[nom] = min(places[nom], plafond - hauteurs[nom] / 2)
        plafond = places[nom] - hauteurs[nom] / 2
    return places


def _cadre(tracees: Mapping[str, Courbe], etiquettes: Mapping[str, list[str]], hauteur: int, palette: Palette) -> Cadre:
    fin = max(courbe.fin for courbe in tracees.values())
    unite = _unite(tracees)
    dates = graduations(fin, unite=unite)
    droite = 12 + largeur_pixels([ligne for lignes in etiquettes.values() for ligne in lignes], 60)
    return Cadre(
        hauteur=hauteur,
        marges={"l": MARGE_GAUCHE, "r": droite, "b": 46, "t": 26},
        axe_x={
            "range": [0, MARGE_DROITE * fin],
            "showgrid": True,
            "tickvals": list(dates),
            "ticktext": [nombre(date) for date in dates],
            "title": {
                "text": f"{unite.libelle} depuis le début du partenariat",
                "standoff": 8,
                "font": {"size": 12, "color": palette.texte},
            },
        },
        axe_y={"range": [0, SOMMET], **GRADUATIONS_PARTS},
        reglages={"shapes": [_repere_de_la_moitie(palette)]},
    )


def _repere_de_la_moitie(palette: Palette) -> Morceau:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0.5,
        "y1": 0.5,
        "layer": "below",
        "line": {"color": palette.neutre, "width": 1, "dash": "dot"},
    }


# --- Textes -----------------------------------------------------------------------------------------------------


def _derniere(courbe: Courbe) -> float:
    return courbe.marches[-1].survie if courbe.marches else 1.0


def _duree(valeur: float, unite: UniteDuree) -> str:
    return duree(valeur, unite.value, 0 if float(valeur).is_integer() else 1)


def _unite(courbes: Mapping[str, Courbe]) -> UniteDuree:
    """Celle des courbes, toutes mesurées ensemble."""
    return next((courbe.unite for courbe in courbes.values()), UniteDuree.MOIS)


def _mediane(courbe: Courbe) -> str:
    if not courbe.estimable:
        return "effectif insuffisant"
    return "non atteinte" if courbe.mediane.valeur is None else _duree(courbe.mediane.valeur, courbe.unite)


def _intervalle_mediane(courbe: Courbe) -> str:
    if courbe.mediane.valeur is None or courbe.mediane.bas is None:
        return ABSENT
    return intervalle(courbe.mediane.bas, courbe.mediane.haut, _court, borne_absente="non atteinte")


def _court(duree: float | None) -> str:
    return ABSENT if duree is None else nombre(duree, 0 if float(duree).is_integer() else 1)


def _etiquette(nom: str, courbe: Courbe, *, seule: bool) -> list[str]:
    """Lignes de l'étiquette. Une courbe seule se passe de nom, pas de sa médiane."""
    return [*([] if seule else decouper(nom, LARGEUR_ETIQUETTE)), "médiane", _mediane(courbe)]


def _decrire(nom: str, courbe: Courbe) -> str:
    effectifs = (
        f"{nom} : {compter(courbe.episodes.effectif, 'partenariat suivi', 'partenariats suivis')},"
        f" {compter(courbe.episodes.termines, 'terminé')}"
    )
    if not courbe.estimable:
        return f"{effectifs}, effectif insuffisant pour une courbe."
    points = survie_aux(courbe, [date for date in graduations(courbe.fin, unite=courbe.unite) if date > courbe.debut])
    lus = ", ".join(f"{pourcentage(point.survie)} à {_duree(point.instant, courbe.unite)}" for point in points)
    return f"{effectifs} ; {lus} ; médiane {_mediane(courbe)}{_precision_mediane(courbe)}."


def _precision_mediane(courbe: Courbe) -> str:
    limites = _intervalle_mediane(courbe)
    return "" if limites == ABSENT else f", intervalle {limites}"


def _ligne(nom: str, point: PointSurvie, unite: UniteDuree) -> tuple[str, ...]:
    bornes = ABSENT if point.bas is None else intervalle(point.bas, point.haut, pourcentage)
    return (nom, _duree(point.instant, unite), pourcentage(point.survie), bornes, nombre(point.a_risque))
