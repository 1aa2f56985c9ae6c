"""Exporter : tout sortir de l'application, sans perdre un caractère, sous pseudonyme sauf motif de l'administration."""

import streamlit as st

from lib.domain.droits import peut_exporter
from lib.services.terrains import lister_terrains
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import exports as blocs
from lib.ui.erreurs import afficher_erreurs

acces = exiger_acces(peut_exporter)
st.title("Exporter", anchor=False)
st.write(
    "Seuls sortent les entretiens réalisés dont la notice a été remise. Sous pseudonyme, les noms connus de l'outil "
    "sont effacés des textes, et les paroles sans accord de citation retirées. Chaque export est inscrit au journal."
)
demande = blocs.choisir(acces, vue(lister_terrains, acces))
if demande is not None:
    with afficher_erreurs():
        blocs.preparer(acces, demande)
blocs.telecharger(acces)
blocs.contenu(acces.perimetre)
