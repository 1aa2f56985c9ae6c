"""Le squelette des pages écrites par le serveur, et le pied de page commun à toute l'application."""

from html import escape

NOM = "ASSO'CIE"
SOUS_TITRE = "Startup d’État – phase d’investigation"
MENTION_ACCESSIBILITE = "Accessibilité : non conforme"

# Les libellés sont ceux que les contrôles publics de l'État recherchent : ne pas les reformuler.
PIED_DE_PAGE = {
    "/mentions-legales": "Mentions légales",
    "/confidentialite": "Politique de confidentialité",
    "/accessibilite": MENTION_ACCESSIBILITE,
    "/statistiques": "Statistiques",
}


def ecrire_page(titre: str, contenu: str, *, chemin: str) -> str:
    """Une page HTML entière, lisible sans JavaScript.

    titre : texte du h1 et début du titre de fenêtre. contenu : HTML sûr, placé après le h1.
    chemin : adresse de la page, marquée comme page courante dans le pied de page.
    """
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(titre)} – {NOM}</title>
<link rel="icon" href="/favicon.png">
<link rel="stylesheet" href="/associe.css">
</head>
<body>
<a class="evitement" href="#contenu">Aller au contenu principal</a>
<header role="banner"><p class="nom"><a href="/">{NOM}</a></p><p class="sous-titre">{SOUS_TITRE}</p></header>
<main id="contenu" tabindex="-1">
<h1>{escape(titre)}</h1>
{contenu}
</main>
<footer role="contentinfo">{ecrire_pied_de_page(chemin)}</footer>
</body>
</html>
"""


def ecrire_pied_de_page(chemin: str | None = None, *, style_liste: str = "", style_lien: str = "") -> str:
    """La navigation légale.

    chemin : adresse de la page courante, s'il s'agit de l'une d'elles. style_liste, style_lien : CSS écrit sur les
    éléments, là où notre feuille de style n'est pas chargée.
    """
    liens = "".join(f"<li>{_lien(adresse, chemin, style_lien)}</li>" for adresse in PIED_DE_PAGE)
    return f'<nav aria-label="Liens légaux"><ul{_style(style_liste)}>{liens}</ul></nav>'


def _lien(adresse: str, courante: str | None, style: str) -> str:
    repere = ' aria-current="page"' if adresse == courante else ""
    return f'<a href="{adresse}"{repere}{_style(style)}>{PIED_DE_PAGE[adresse]}</a>'


def _style(declarations: str) -> str:
    return f' style="{declarations}"' if declarations else ""
