"""Le rapport en une page HTML autonome : ni script, ni image, ni police d'ailleurs ; lisible par tous, imprimable."""

from collections.abc import Iterable, Iterator
from html import escape

from lib.domain.formats import date_longue
from lib.domain.scenes import FigureScene, Rapport, Scene, Section, TableauScene
from lib.echanges.rapport_figures import ecrire_figure

STYLE = """
:root { color-scheme: light dark; --encre: #161616; --fond: #fff; --trait: #666; --plein: #000091; --tete: #eee; }
@media (prefers-color-scheme: dark) {
  :root { --encre: #e5e5e5; --fond: #161616; --trait: #a0a0a0; --plein: #8585f6; --tete: #2a2a2a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem 3rem; color: var(--encre); background: var(--fond);
  font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; line-height: 1.6; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 2px solid var(--trait); }
h3 { margin-top: 2rem; }
a { color: inherit; }
a:focus-visible, .defile:focus-visible { outline: 3px solid var(--plein); outline-offset: 2px; }
.evitement { position: absolute; inset-inline-start: -100rem; }
.evitement:focus { inset-inline-start: 1rem; background: var(--fond); padding: 0.5rem; }
.phrase { font-size: 1.2rem; font-weight: 700; }
.notes { font-size: 0.9rem; }
.defile { overflow-x: auto; margin: 1rem 0; }
figure { margin: 1rem 0; }
figcaption, caption { padding-bottom: 0.5rem; font-weight: 700; text-align: start; }
svg { display: block; width: 100%; height: auto; max-width: 36rem; }
svg text { fill: var(--encre); font: 18px system-ui, "Liberation Sans", Arial, sans-serif; }
svg .valeur { font-weight: 700; }
svg .piste { fill: none; stroke: var(--trait); stroke-width: 2; }
svg .cachee { stroke-dasharray: 6 4; }
svg .plein { fill: var(--plein); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--trait); text-align: start; vertical-align: top; }
thead th { background: var(--tete); }
tbody th { font-weight: 400; }
@media print {
  body { max-width: none; }
  h2 { break-before: page; }
  h2, h3, .phrase, figcaption, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  nav { display: none; }
}
"""


def ecrire_html(rapport: Rapport) -> str:
    """La page entière."""
    titre = escape(rapport.titre)
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{titre}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="evitement" href="#contenu">Aller au contenu</a>
<header>
<h1>{titre}</h1>
<p>{escape(rapport.sous_titre)}</p>
<p>Données arrêtées au {escape(date_longue(rapport.au))}.</p>
</header>
<nav aria-label="Sommaire">
<ol>
{_lignes(f'<li><a href="#partie-{rang}">{escape(s.titre)}</a></li>' for rang, s in _numeroter(rapport.sections))}
</ol>
</nav>
<main id="contenu" tabindex="-1">
{_lignes(_section(rang, section) for rang, section in _numeroter(rapport.sections))}
</main>
</body>
</html>
"""


def _numeroter(sections: Iterable[Section]) -> Iterator[tuple[int, Section]]:
    return enumerate(sections, start=1)


def _lignes(morceaux: Iterable[str]) -> str:
    return "\n".join(morceaux)


def _section(rang: int, section: Section) -> str:
    paragraphes = _lignes(
        f"<p>{escape(p)}</p>" for texte in section.paragraphes for p in texte.split("\n") if p.strip()
    )
    puces = _lignes(f"<li>{escape(puce)}</li>" for puce in section.puces)
    liste = f"<ul>\n{puces}\n</ul>" if puces else ""
    scenes = _lignes(map(_scene, section.scenes))
    tableaux = _lignes(map(_tableau, section.tableaux))
    return f"""<section aria-labelledby="partie-{rang}">
<h2 id="partie-{rang}">{escape(section.titre)}</h2>
{_lignes(filter(None, (paragraphes, liste, tableaux, scenes)))}
</section>"""


def _scene(scene: Scene) -> str:
    morceaux = [
        f"<h3>{escape(scene.titre)}</h3>",
        f'<p class="phrase">{escape(scene.phrase)}</p>',
        _figure(scene.figure) if scene.figure else "",
        *map(_tableau, scene.tableaux),
        *(f'<p class="notes">{escape(note)}</p>' for note in scene.notes),
    ]
    return _lignes(filter(None, morceaux))


def _figure(figure: FigureScene) -> str:
    return f"<figure>\n<figcaption>{escape(figure.titre)}</figcaption>\n{ecrire_figure(figure)}\n</figure>"


def _tableau(tableau: TableauScene) -> str:
    entetes = "".join(f'<th scope="col">{escape(entete)}</th>' for entete in tableau.entetes)
    corps = _lignes(
        f'<tr><th scope="row">{escape(nom)}</th>{"".join(f"<td>{escape(texte)}</td>" for texte in reste)}</tr>'
        for nom, *reste in tableau.lignes
    )
    legende = escape(tableau.legende)
    return f"""<div class="defile" tabindex="0" role="region" aria-label="{legende}">
<table>
<caption>{legende}</caption>
<thead><tr>{entetes}</tr></thead>
<tbody>
{corps}
</tbody>
</table>
</div>"""
