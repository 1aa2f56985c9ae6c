"""Journal : qui a fait quoi, quand, avec ce qu'il y avait avant et ce qu'il y a après."""

import streamlit as st

from lib.domain.droits import peut_administrer
from lib.domain.formats import typographier
from lib.ui.acces import exiger_acces
from lib.ui.composants import journal

acces = exiger_acces(peut_administrer)
st.title("Journal", anchor=False)
st.write(
    typographier(
        "Chaque écriture, export et connexion y laisse une ligne que personne ne peut modifier ni effacer. "
        "Les noms de personnes et les propos n'y figurent pas : « ••• » dit qu'ils ont changé."
    )
)
journal.montrer(acces, journal.filtrer(acces))
