"""Ce que le journal garde d'une erreur : où et de quelle sorte, jamais ce que la personne avait écrit.

Le message d'une exception cite souvent la valeur fautive (un nom, un passage d'entretien) : il n'est pas journalisé.
"""

import logging
import secrets
import traceback
from collections.abc import Iterator

JOURNAL = logging.getLogger("associe.erreurs")
# Le message de celles-ci ne cite que du code : il aide, et ne trahit personne.
SANS_RISQUE = (ImportError, NameError, AttributeError, SyntaxError)
# Ces journaux écriraient l'exception entière, message compris.
JOURNAUX_BAVARDS = ("streamlit.error_util", "uvicorn.error", "asyncio")


def journaliser_incident(erreur: BaseException, *, deja_tracee: bool = False) -> str:
    """Écrit la trace d'une erreur imprévue ; rend le repère à montrer à la personne (huit caractères).

    deja_tracee : la trace vient d'être écrite par un autre journal ; seul le repère manque.
    """
    repere = secrets.token_hex(4)
    description = nommer(erreur) if deja_tracee else f"\n{decrire_sans_contenu(erreur)}"
    JOURNAL.error("Défaut, repère %s : %s", repere, description)
    return repere


def nommer(erreur: BaseException) -> str:
    """Le type d'une erreur, module compris ; son message s'il ne peut citer que du code."""
    nom = f"{type(erreur).__module__}.{type(erreur).__qualname__}"
    return f"{nom}: {erreur}" if isinstance(erreur, SANS_RISQUE) else nom


def decrire_sans_contenu(erreur: BaseException) -> str:
    """Types et lieux de l'erreur et de ses causes, sans aucun message.

    La forme est celle des traces de Python, la première cause d'abord.
    """
    return "\n".join("".join(_decrire(maillon)) for maillon in reversed(list(_chaine(erreur))))


def taire_les_messages() -> None:
    """Pose le filtre sur les journaux qui écriraient le message ; sans effet s'il y est déjà."""
    for nom in JOURNAUX_BAVARDS:
        journal = logging.getLogger(nom)
        if not any(isinstance(filtre, SansContenu) for filtre in journal.filters):
            journal.addFilter(SansContenu())


class SansContenu(logging.Filter):
    """Remplace l'exception jointe à un message de journal par sa description sans contenu."""

    def filter(self, record: logging.LogRecord) -> bool:
        erreur = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if erreur is not None:
            premiere_ligne = record.getMessage().partition("\n")[0]
            record.msg = f"{premiere_ligne}\n{decrire_sans_contenu(erreur)}"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _chaine(erreur: BaseException) -> Iterator[BaseException]:
    vues: set[int] = set()
    maillon: BaseException | None = erreur
    while maillon is not None and id(maillon) not in vues:
        vues.add(id(maillon))
        yield maillon
        maillon = maillon.__cause__ or (None if maillon.__suppress_context__ else maillon.__context__)


def _decrire(erreur: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):\n"
    for lieu in traceback.extract_tb(erreur.__traceback__):
        yield f'  File "{lieu.filename}", line {lieu.lineno}, in {lieu.name}\n'
    yield nommer(erreur)
