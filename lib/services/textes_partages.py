"""Les textes que l'équipe écrit pour être lus hors d'elle : les noms connus s'en effacent."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from lib.domain.droits import Perimetre, peut_lire_identites
from lib.domain.textes import normaliser
from lib.services.pseudonymisation import effacer_partout

Partages = dict[str, str]


def nettoyer(session: Session, perimetre: Perimetre, texte: str, *, champ: str) -> str:
    """Un texte écrit pour la relecture, sans aucun nom connu dès l'enregistrement : il se lira partout tel quel.

    Une requête, une fois ; le relire n'en coûte aucune. Lève DonneeInvalide (signe interdit).
    """
    ecrit = normaliser(texte, champ=champ).strip()
    return effacer_partout(session, perimetre, [ecrit])[0] if ecrit else ""


def partager(session: Session, perimetre: Perimetre, textes: Collection[str]) -> Partages:
    """Texte écrit → texte lu. L'équipe lit le sien ; les autres, sans personne ni organisation, prénoms compris.

    Une requête hors de l'équipe, aucune dans l'équipe ou sans texte. Ces textes ne viennent d'aucun entretien en
    particulier : tous les prénoms de l'enquête s'y effacent.
    """
    ecrits = [texte for texte in dict.fromkeys(textes) if texte]
    if peut_lire_identites(perimetre) or not ecrits:
        return dict.fromkeys(textes, "") | {texte: texte for texte in ecrits}
    lus = effacer_partout(session, perimetre, ecrits)
    return dict.fromkeys(textes, "") | dict(zip(ecrits, lus, strict=True))
