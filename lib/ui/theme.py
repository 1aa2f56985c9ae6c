"""Le thème envoyé au navigateur : lu une fois dans les réglages, et non à chaque passage de chaque personne.

Streamlit relit ses soixante-dix réglages de thème au début de chaque passage, sur le fil qui sert tout le monde : un
quart du coût d'une page vide (docs/vitesse.md). Ils ne changent plus une fois le serveur lancé.
"""

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

remplir_de_streamlit = app_session._populate_theme_msg  # noqa: SLF001


def garder_le_theme() -> None:
    """À appeler au lancement du serveur, une fois les réglages connus."""
    app_session._populate_theme_msg = remplir_une_fois  # noqa: SLF001


def remplir_une_fois(msg: CustomThemeConfig, section: str = "theme") -> None:
    """Remplit `msg` comme Streamlit le ferait ; une section sans réglage reste absente."""
    garde = _section(section)
    if garde.ByteSize():
        msg.MergeFrom(garde)


@cache
def _section(section: str) -> CustomThemeConfig:
    message = CustomThemeConfig()
    remplir_de_streamlit(message, section)
    return message
