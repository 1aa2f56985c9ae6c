"""Durées d'engagement : ce que la base sait des épisodes, et ce que chaque partie de la page en montre."""
