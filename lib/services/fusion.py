"""La même étiquette sur des passages qui se chevauchent : un seul passage, et on le dit."""

from lib.db.modeles import Etiquette, Verbatim
from lib.domain.formats import guillemets
from lib.domain.passages import Passage
from lib.services.gestes import Carnet, Geste


def reunir(carnet: Carnet, passage: Passage, etiquette: Etiquette) -> Geste:
    """Pose l'étiquette sur le passage, réuni à ceux qui la portent déjà et le chevauchent.

    Les autres étiquettes des passages voisins restent où elles sont.
    """
    voisins, entier = _voisins(carnet, passage, etiquette)
    origine = carnet.au_passage(passage)
    absorbes = [*([origine] if origine and origine not in voisins else []), *voisins]
    hote = carnet.au_passage(entier) or _disponible(carnet, absorbes, etiquette) or carnet.creer(entier)
    for verbatim in absorbes:
        if verbatim is not hote:
            _vider(carnet, verbatim, etiquette)
    carnet.deplacer(hote, entier)
    carnet.poser(hote, etiquette)
    return carnet.clore(hote, _dire(carnet, passage, voisins, etiquette))


def absorber(carnet: Carnet, hote: Verbatim, etiquette: Etiquette) -> bool:
    """Réunit à un verbatim déplacé ceux que ses nouvelles bornes chevauchent et qui portent la même étiquette.

    Ce que l'étiquette couvrait reste couvert : l'hôte s'étend s'il ne porte qu'elle, sinon elle passe à leur union.
    Rend vrai si quelque chose a été réuni.
    """
    passage = Passage(hote.debut, hote.fin)
    voisins, _ = _voisins(carnet, passage, etiquette)
    if all(voisin is hote for voisin in voisins):
        return False
    reunir(carnet, passage, etiquette)
    return True


def _voisins(carnet: Carnet, passage: Passage, etiquette: Etiquette) -> tuple[list[Verbatim], Passage]:
    """Les verbatims étiquetés de même que l'union gagne de proche en proche, et cette union."""
    restants, voisins, entier = carnet.porteurs(etiquette.id), list[Verbatim](), passage
    while atteints := [v for v in restants if entier.chevauche(Passage(v.debut, v.fin))]:
        voisins += atteints
        restants = [verbatim for verbatim in restants if verbatim not in atteints]
        for verbatim in atteints:
            entier = entier.union(Passage(verbatim.debut, verbatim.fin))
    return voisins, entier


def _disponible(carnet: Carnet, verbatims: list[Verbatim], etiquette: Etiquette) -> Verbatim | None:
    """Un verbatim qui ne porte rien d'autre : ses bornes peuvent changer sans déplacer une autre étiquette."""
    return next((verbatim for verbatim in verbatims if carnet.portees(verbatim) <= {etiquette.id}), None)


def _vider(carnet: Carnet, verbatim: Verbatim, etiquette: Etiquette) -> None:
    """L'étiquette est passée à l'hôte ; ce qui porte autre chose, ou un mémo, reste."""
    carnet.retirer(verbatim, etiquette.id)
    if not carnet.portees(verbatim) and not verbatim.memo:
        carnet.archiver(verbatim)


def _dire(carnet: Carnet, passage: Passage, voisins: list[Verbatim], etiquette: Etiquette) -> str:
    nom = guillemets(etiquette.nom)
    if carnet.versions or carnet.archives or (carnet.crees and voisins):
        return f"{nom} : passage réuni avec un passage voisin qui portait déjà cette étiquette."
    if any(Passage(voisin.debut, voisin.fin) != passage for voisin in voisins):
        return f"Ce passage fait déjà partie d'un passage étiqueté {nom}."
    if carnet.poses:
        return f"{nom} posée."
    return f"{nom} est déjà posée sur ce passage."
