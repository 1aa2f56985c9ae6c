"""Ligne de commande d'exploitation : `python -m lib <commande>`."""

import sys

from lib.commandes import application
from lib.config import ReglageInvalide
from lib.domain.erreurs import ErreurMetier


def principal() -> None:
    """Lance la commande ; une erreur prévue se dit en une phrase, sans trace."""
    try:
        application()
    except (ErreurMetier, ReglageInvalide) as erreur:
        print(erreur, file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    principal()
