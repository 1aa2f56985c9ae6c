"""L'heure légale française : celle que lisent les personnes, et le jour qui sert à dire « dans l'avenir »."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FUSEAU = ZoneInfo("Europe/Paris")


def a_paris(instant: datetime) -> datetime:
    """L'instant (porteur de son fuseau) à l'heure de Paris."""
    return instant.astimezone(FUSEAU)


def aujourd_hui() -> date:
    """Le jour présent, à Paris."""
    return a_paris(datetime.now(UTC)).date()
