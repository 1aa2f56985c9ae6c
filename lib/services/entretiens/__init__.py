"""Entretiens : consigner, retrouver, relire, archiver."""

from lib.services.entretiens.enregistrement import Enregistrement, archiver, enregistrer, retablir
from lib.services.entretiens.fiche import FicheEntretien, lire_fiche, lire_version
from lib.services.entretiens.liste import CriteresEntretiens, PageEntretiens, TriEntretiens, lister, nommer
from lib.services.entretiens.reperes import Reperes, lire_reperes, lister_enqueteurs
from lib.services.entretiens.saisie import (
    SaisieEntretien,
    SaisiePartenariat,
    Situation,
    indispensables,
    manques,
)

__all__ = [
    "CriteresEntretiens",
    "Enregistrement",
    "FicheEntretien",
    "PageEntretiens",
    "Reperes",
    "SaisieEntretien",
    "SaisiePartenariat",
    "Situation",
    "TriEntretiens",
    "archiver",
    "enregistrer",
    "indispensables",
    "lire_fiche",
    "lire_reperes",
    "lire_version",
    "lister",
    "lister_enqueteurs",
    "manques",
    "nommer",
    "retablir",
]
