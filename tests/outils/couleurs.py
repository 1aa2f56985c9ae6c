"""Contraste (WCAG) et écart perçu entre deux couleurs, pour juger un thème."""

# Machado, Oliveira et Fernandes (2009), sévérité 1, en composantes linéaires.
VISIONS = {
    "ordinaire": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopie": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopie": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}
Triplet = tuple[float, float, float]


def contraste(premiere: str, seconde: str) -> float:
    """Rapport de contraste WCAG 2 entre deux couleurs « #rrggbb », de 1 à 21."""
    clair, fonce = sorted((_luminance(premiere), _luminance(seconde)), reverse=True)
    return (clair + 0.05) / (fonce + 0.05)


def ecart(premiere: str, seconde: str, vision: str = "ordinaire") -> float:
    """Distance dans OKLab, multipliée par 100, pour une vision donnée (clés de VISIONS) ; 2 est à peine visible."""
    a, b = _oklab(premiere, vision), _oklab(seconde, vision)
    return 100 * sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5


def _luminance(couleur: str) -> float:
    rouge, vert, bleu = _lineaires(couleur)
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def _lineaires(couleur: str) -> Triplet:
    rouge, vert, bleu = (int(couleur[rang : rang + 2], 16) / 255 for rang in (1, 3, 5))
    return _lineariser(rouge), _lineariser(vert), _lineariser(bleu)


def _lineariser(composante: float) -> float:
    return composante / 12.92 if composante <= 0.04045 else ((composante + 0.055) / 1.055) ** 2.4


def _oklab(couleur: str, vision: str) -> Triplet:
    vues = [max(0.0, _produit(ligne, _lineaires(couleur))) for ligne in VISIONS[vision]]
    cones = (
        0.4122214708 * vues[0] + 0.5363325363 * vues[1] + 0.0514459929 * vues[2],
        0.2119034982 * vues[0] + 0.6806995451 * vues[1] + 0.1073969566 * vues[2],
        0.0883024619 * vues[0] + 0.2817188376 * vues[1] + 0.6299787005 * vues[2],
    )
    racines = (cones[0] ** (1 / 3), cones[1] ** (1 / 3), cones[2] ** (1 / 3))
    return (
        _produit((0.2104542553, 0.793617785, -0.0040720468), racines),
        _produit((1.9779984951, -2.428592205, 0.4505937099), racines),
        _produit((0.0259040371, 0.7827717662, -0.808675766), racines),
    )


def _produit(ligne: Triplet, valeurs: Triplet) -> float:
    return sum(a * b for a, b in zip(ligne, valeurs, strict=True))
