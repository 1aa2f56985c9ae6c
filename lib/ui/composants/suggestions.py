"""Les propositions d'étiquettes, avec un modèle gardé en mémoire : le refaire à chaque geste coûterait trop."""

from dataclasses import replace

from lib.analytics.suggestions import Semblables
from lib.domain.erreurs import ErreurMetier
from lib.services.sessions import Acces
from lib.services.suggestions import EtiquetteProposee, apprendre, proposer
from lib.services.transaction import lecture
from lib.ui.caches import Cle, Vues
from lib.ui.ressources import moteur

DIX_MINUTES = 600.0
# Dix minutes de retard ne montrent rien de périmé : les citations sont relues au moment de les proposer.
MODELES = Vues(maximum=20, duree=DIX_MINUTES)


def proposer_pour(acces: Acces, *, texte: int, debut: int, fin: int) -> tuple[EtiquetteProposee, ...]:
    """Les étiquettes proposées pour un passage ; rien si le passage ne s'y prête pas."""
    commun = replace(acces.perimetre, compte_id=0)

    def calculer() -> Semblables:
        with lecture(moteur()) as session:
            return apprendre(session, commun)

    modele = MODELES.lire(Cle("suggestions", commun, "", 0), calculer)
    try:
        with lecture(moteur()) as session:
            return proposer(session, commun, modele, texte_id=texte, debut=debut, fin=fin)
    except ErreurMetier:
        return ()
