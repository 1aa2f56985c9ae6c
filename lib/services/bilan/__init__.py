"""Le bilan de fin d'investigation : un rapport assemblé des scènes de la restitution, écrit en quatre fichiers."""
