"""Une table simple d'épisodes de partenariat, telle qu'un tableur ou un script l'écrit."""

from dataclasses import dataclass
from datetime import date

from lib.domain.dates_imprecises import ANNEE_MINIMALE
from lib.domain.textes import plier
from lib.domain.vocabulaire import FormeEngagement, ModeRecueil, MotifFin, TailleEntreprise
from lib.echanges.lignes_csv import FauteDeLigne, Ligne, lire_lignes

COLONNES = (
    "entreprise",
    "association",
    "terrain",
    "debut",
    "fin",
    "motif",
    "premiere_observation",
    "derniere_nouvelle",
    "mode_recueil",
    "forme",
    "taille",
)
DATES = ("debut", "fin", "premiere_observation", "derniere_nouvelle")


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneEpisode:
    """Un épisode lu. `motif` absent : il dure encore ; `fin` absente avec un motif : terminé à une date inconnue."""

    numero: int
    entreprise: str
    association: str
    terrain: str
    debut: date | None
    fin: date | None
    motif: MotifFin | None
    premiere_observation: date | None
    derniere_nouvelle: date | None
    mode_recueil: ModeRecueil
    forme: FormeEngagement | None
    taille: TailleEntreprise | None


def lire_episodes(octets: bytes, *, aujourd_hui: date) -> tuple[LigneEpisode, ...]:
    """Les épisodes d'un .csv aux colonnes `COLONNES`. Lève DonneeInvalide avec toutes les lignes fautives."""
    return lire_lignes(octets, COLONNES, lambda ligne: _episode(ligne, aujourd_hui))


def _episode(ligne: Ligne, aujourd_hui: date) -> LigneEpisode:
    jours = {colonne: ligne.jour(colonne) for colonne in DATES}
    _verifier_jours(jours, aujourd_hui)
    motif = ligne.code("motif", MotifFin)
    lu = LigneEpisode(
        numero=ligne.numero,
        entreprise=ligne.texte("entreprise"),
        association=ligne.texte("association"),
        terrain=ligne.texte("terrain"),
        motif=motif or (MotifFin.INCONNU if jours["fin"] else None),
        mode_recueil=ligne.code("mode_recueil", ModeRecueil) or ModeRecueil.RETROSPECTIF_COMPLET,
        forme=ligne.code("forme", FormeEngagement),
        taille=ligne.code("taille", TailleEntreprise),
        **jours,
    )
    if plier(lu.entreprise) == plier(lu.association):
        raise FauteDeLigne("un partenariat lie deux organisations différentes")
    return lu


def _verifier_jours(jours: dict[str, date | None], aujourd_hui: date) -> None:
    for colonne, jour in jours.items():
        if jour and jour.year < ANNEE_MINIMALE:
            raise FauteDeLigne(f"{colonne} : l'année {jour.year:04d} paraît être une faute de frappe")
        if jour and jour > aujourd_hui:
            raise FauteDeLigne(f"{colonne} : {jour.isoformat()} est à venir")
    debut, fin, nouvelle = jours["debut"], jours["fin"], jours["derniere_nouvelle"]
    if debut and fin and fin < debut:
        raise FauteDeLigne("la fin précède le début")
    if debut and nouvelle and nouvelle < debut:
        raise FauteDeLigne("la dernière nouvelle précède le début")
    if fin and nouvelle and nouvelle > fin:
        raise FauteDeLigne("la dernière nouvelle suit la fin")
