"""Poursuivre ou arrêter : la grille et ses preuves, les options, la décision figée."""
