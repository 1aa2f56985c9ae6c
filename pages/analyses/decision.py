"""Décision : poursuivre ou arrêter, chaque question avec ses preuves, les options comparées, la décision figée."""

import streamlit as st

from lib.domain.droits import peut_relire
from lib.services.decision.pieces import GrilleLue, lire_grille
from lib.services.decision.prise import lire_decision
from lib.services.decision.saisies import lire_saisies
from lib.ui.acces import exiger_acces
from lib.ui.caches import vue
from lib.ui.composants import decision as blocs
from lib.ui.composants import decision_grille as grille
from lib.ui.composants import decision_options as options

acces = exiger_acces(peut_relire)
st.title("Décision", anchor=False)
entete = st.container()
partie = blocs.choisir_partie()
lue = vue(lire_grille, acces) if partie is blocs.PartieDecision.GRILLE else GrilleLue(saisies=vue(lire_saisies, acces))
prise = vue(lire_decision, acces) if lue.saisies.decidee else None
if prise:
    with entete:
        blocs.annoncer_prise(prise)
if partie is blocs.PartieDecision.GRILLE:
    grille.figee(prise, lue.saisies) if prise else grille.vivante(lue, acces)
elif partie is blocs.PartieDecision.OPTIONS:
    options.montrer(lue.saisies, prise, acces)
else:
    blocs.chiffres_du_jour(prise, acces) if prise else blocs.a_prendre(lue.saisies, acces)
