"""Tous les modèles, pour que la métadonnée soit complète dès le premier import."""

from lib.db.modeles.bilan import FichierPrepare, PreparationBilan
from lib.db.modeles.codage import (
    Epingle,
    Etiquetage,
    Etiquette,
    SyntheseCitation,
    SyntheseEtiquette,
    SyntheseIrritant,
    Verbatim,
    VerbatimVersion,
)
from lib.db.modeles.compte import Billet, Compte, Habilitation, SessionOuverte, Tentative
from lib.db.modeles.decision import (
    AppuiDecision,
    ChiffreReference,
    Decision,
    LigneDecision,
    MentionRelecture,
    MessageRelecture,
    OptionDecision,
    SourceDecision,
    VersionReference,
)
from lib.db.modeles.double_codage import Arbitrage, DoubleCodage, PoseAveugle, VerbatimEcarte, VersionCodage
from lib.db.modeles.entretien import (
    Brouillon,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    IrritantReleve,
    Texte,
    TexteVersion,
)
from lib.db.modeles.exemple import ExempleEtiquette
from lib.db.modeles.fusion import ComplementFusion, DeplacementFusion, FusionOrganisation, PaireDistincte
from lib.db.modeles.grille import FusionEtiquettes, ReportFusion
from lib.db.modeles.hypothese import Hypothese, Preuve, StatutHypotheseDate
from lib.db.modeles.intervenant import IntervenantCorrige
from lib.db.modeles.investigation import CiblePlan, Investigation, Terrain, TerrainTerritoire, VersionDonnees
from lib.db.modeles.journal import LigneJournal
from lib.db.modeles.mise_en_relation import Besoin, EvenementProposition, Offre, Proposition
from lib.db.modeles.organisation import DemandeDroits, Interlocuteur, Organisation
from lib.db.modeles.panier import CitationRetenue
from lib.db.modeles.partenariat import (
    CitationPartenariat,
    EvenementPartenariat,
    FormePartenariat,
    Partenariat,
    SolutionExistante,
)
from lib.db.modeles.recherche import MotsIndexes
from lib.db.modeles.synthese import SyntheseCooccurrence, SyntheseNue, SyntheseSituation
from lib.db.modeles.synthese_lieux import SyntheseLieu, SyntheseLieuEtiquette, SyntheseLieuIrritant
from lib.db.modeles.territoire import Territoire

__all__ = [
    "AppuiDecision",
    "Arbitrage",
    "Besoin",
    "Billet",
    "Brouillon",
    "ChiffreReference",
    "CiblePlan",
    "CitationPartenariat",
    "CitationRetenue",
    "ComplementFusion",
    "Compte",
    "Decision",
    "DemandeDroits",
    "DeplacementFusion",
    "DoubleCodage",
    "Entretien",
    "EntretienEnqueteur",
    "EntretienInterlocuteur",
    "Epingle",
    "Etiquetage",
    "Etiquette",
    "EvenementPartenariat",
    "EvenementProposition",
    "ExempleEtiquette",
    "FichierPrepare",
    "FormePartenariat",
    "FusionEtiquettes",
    "FusionOrganisation",
    "Habilitation",
    "Hypothese",
    "Interlocuteur",
    "IntervenantCorrige",
    "Investigation",
    "IrritantReleve",
    "LigneDecision",
    "LigneJournal",
    "MentionRelecture",
    "MessageRelecture",
    "MotsIndexes",
    "Offre",
    "OptionDecision",
    "Organisation",
    "PaireDistincte",
    "Partenariat",
    "PoseAveugle",
    "PreparationBilan",
    "Preuve",
    "Proposition",
    "ReportFusion",
    "SessionOuverte",
    "SolutionExistante",
    "SourceDecision",
    "StatutHypotheseDate",
    "SyntheseCitation",
    "SyntheseCooccurrence",
    "SyntheseEtiquette",
    "SyntheseIrritant",
    "SyntheseLieu",
    "SyntheseLieuEtiquette",
    "SyntheseLieuIrritant",
    "SyntheseNue",
    "SyntheseSituation",
    "Tentative",
    "Terrain",
    "TerrainTerritoire",
    "Territoire",
    "Texte",
    "TexteVersion",
    "Verbatim",
    "VerbatimEcarte",
    "VerbatimVersion",
    "VersionCodage",
    "VersionDonnees",
    "VersionReference",
]
