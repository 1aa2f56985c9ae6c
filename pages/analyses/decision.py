"""Décision : poursuivre ou arrêter, chaque question avec ses preuves, les options comparées, la décision figée."""

import streamlit as st

from lib.domain.droits import peut_relire
from lib.services.decision.prise import lire_decision
from lib.services.decision.saisies import lire_saisies
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import decision as blocs
from lib.ui.composants import decision_grille as grille
from lib.ui.composants import decision_options as options

acces = exiger_acces(peut_relire)
st.title("Décision", anchor=False)
saisies = vue(lire_saisies, acces)
prise = vue(lire_decision, acces) if saisies.decidee else None
if prise:
    blocs.annoncer_prise(prise)
partie = blocs.choisir_partie()
if partie is blocs.PartieDecision.GRILLE:
    grille.figee(prise, saisies) if prise else grille.vivante(saisies, acces)
elif partie is blocs.PartieDecision.OPTIONS:
    options.montrer(saisies, prise, acces)
else:
    blocs.chiffres_du_jour(prise, acces) if prise else blocs.a_prendre(saisies, acces)
