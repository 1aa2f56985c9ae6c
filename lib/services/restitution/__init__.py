"""La restitution aux parties prenantes : une scène par question, anonyme par construction.

Chaque scène lit les services que lisent les pages d'analyse, puis passe tout effectif par
`lib.analytics.confidentialite` : ce qui en sort peut se projeter.
"""
