"""Les erreurs du métier : chacune porte une phrase française que l'on peut montrer telle quelle."""


class ErreurMetier(Exception):
    """Erreur prévue ; `str(erreur)` dit ce qui s'est passé et quoi faire."""


class DonneeInvalide(ErreurMetier):
    """Une saisie ne peut pas être enregistrée. `champ` nomme le champ en cause, s'il y en a un."""

    def __init__(self, message: str, *, champ: str | None = None) -> None:
        super().__init__(message)
        self.champ = champ


class AccesRefuse(ErreurMetier):
    """Le rôle du compte ne permet pas ce geste."""


class Introuvable(ErreurMetier):
    """L'objet n'existe pas, ou pas pour ce compte : les deux se disent de la même façon."""


class Conflit(ErreurMetier):
    """Quelqu'un d'autre a enregistré entre-temps ; rien n'est écrasé, la saisie est gardée."""


class BaseIndisponible(ErreurMetier):
    """La base ne répond pas pour le moment."""
