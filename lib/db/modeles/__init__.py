"""Tous les modèles, pour que la métadonnée soit complète dès le premier import."""

from lib.db.modeles.codage import (
    Epingle,
    Etiquetage,
    Etiquette,
    SyntheseEtiquette,
    SyntheseIrritant,
    Verbatim,
    VerbatimVersion,
)
from lib.db.modeles.compte import Billet, Compte, Habilitation, SessionOuverte, Tentative
from lib.db.modeles.entretien import (
    Brouillon,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    IrritantReleve,
    Texte,
    TexteVersion,
)
from lib.db.modeles.hypothese import Hypothese, Preuve, StatutHypotheseDate
from lib.db.modeles.investigation import CiblePlan, Investigation, Terrain, TerrainTerritoire, VersionDonnees
from lib.db.modeles.journal import LigneJournal
from lib.db.modeles.mise_en_relation import Besoin, EvenementProposition, Offre, Proposition
from lib.db.modeles.organisation import DemandeDroits, Interlocuteur, Organisation
from lib.db.modeles.partenariat import EvenementPartenariat, FormePartenariat, Partenariat, SolutionExistante
from lib.db.modeles.territoire import Territoire

__all__ = [
    "Besoin",
    "Billet",
    "Brouillon",
    "CiblePlan",
    "Compte",
    "DemandeDroits",
    "Entretien",
    "EntretienEnqueteur",
    "EntretienInterlocuteur",
    "Epingle",
    "Etiquetage",
    "Etiquette",
    "EvenementPartenariat",
    "EvenementProposition",
    "FormePartenariat",
    "Habilitation",
    "Hypothese",
    "Interlocuteur",
    "Investigation",
    "IrritantReleve",
    "LigneJournal",
    "Offre",
    "Organisation",
    "Partenariat",
    "Preuve",
    "Proposition",
    "SessionOuverte",
    "SolutionExistante",
    "StatutHypotheseDate",
    "SyntheseEtiquette",
    "SyntheseIrritant",
    "Tentative",
    "Terrain",
    "TerrainTerritoire",
    "Territoire",
    "Texte",
    "TexteVersion",
    "Verbatim",
    "VerbatimVersion",
    "VersionDonnees",
]
