"""Les propositions d'étiquettes : apprises à l'écart, gardées dix minutes, sans jamais faire attendre un geste."""

import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from lib.analytics.suggestions import Semblables
from lib.domain.droits import Perimetre
from lib.domain.erreurs import ErreurMetier
from lib.services.sessions import Acces
from lib.services.suggestions import EtiquetteProposee, apprendre, proposer
from lib.services.transaction import lecture
from lib.ui.ressources import moteur


@dataclass(slots=True)
class Modeles:
    """Ce qui a été appris, par périmètre (sans le compte : deux personnes de mêmes droits partagent).

    duree : secondes au bout desquelles on rapprend. Ce retard ne montre rien de périmé : les citations sont relues au
    moment de les proposer. maximum : nombre de modèles gardés.
    """

    duree: float = 600.0
    maximum: int = 20
    # Un seul à la fois : apprendre occupe un processeur une fraction de seconde, que les gestes n'ont pas à attendre.
    _ouvrier: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "suggestions"))
    _gardes: "OrderedDict[Perimetre, tuple[float, Future[Semblables]]]" = field(default_factory=OrderedDict)
    _verrou: Lock = field(default_factory=Lock)

    def lire(self, base: Engine, perimetre: Perimetre) -> Semblables | None:
        """Le modèle s'il est prêt ; sinon None, et on l'apprend pour la prochaine demande."""
        commun = replace(perimetre, compte_id=0)
        with self._verrou:
            expire, appris = self._gardes.get(commun, (0.0, None))
            if appris is None or expire <= time.monotonic() or (appris.done() and appris.exception()):
                appris = self._ouvrier.submit(_apprendre, base, commun)
                self._gardes[commun] = (time.monotonic() + self.duree, appris)
            self._gardes.move_to_end(commun)
            while len(self._gardes) > self.maximum:
                self._gardes.popitem(last=False)
        return appris.result() if appris.done() and not appris.exception() else None


def _apprendre(base: Engine, perimetre: Perimetre) -> Semblables:
    with lecture(base) as session:
        return apprendre(session, perimetre)


MODELES = Modeles()


def proposer_pour(acces: Acces, *, texte: int, debut: int, fin: int) -> dict[str, Any]:
    """Les étiquettes proposées pour un passage. `pretes` : faux tant que l'on apprend ; l'écran redemandera."""
    place = {"debut": debut, "fin": fin}
    modele = MODELES.lire(moteur(), acces.perimetre)
    if modele is None:
        return {**place, "pretes": False, "etiquettes": []}
    try:
        with lecture(moteur()) as session:
            proposees: tuple[EtiquetteProposee, ...] = proposer(
                session, acces.perimetre, modele, texte_id=texte, **place
            )
    except ErreurMetier:  # un passage vide, ou un texte corrigé entre-temps : le geste, lui, le dira
        proposees = ()
    return {**place, "pretes": True, "etiquettes": [_en_donnees(proposee) for proposee in proposees]}


def _en_donnees(proposee: EtiquetteProposee) -> dict[str, Any]:
    citations = [{"citation": semblable.citation, "source": semblable.source} for semblable in proposee.citations]
    return {"id": proposee.id, "citations": citations}
