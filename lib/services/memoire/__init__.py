"""Ce que le serveur garde des partenariats et des noms connus d'une lecture à l'autre, tenu à jour par le journal."""
