"""Ce que disent les codes des territoires officiels."""

from collections.abc import Mapping

TYPES_EPCI: Mapping[str, str] = {
    "METRO": "Métropole",
    "MET69": "Métropole",
    "CU": "Communauté urbaine",
    "CA": "Communauté d'agglomération",
    "CC": "Communauté de communes",
}
"""Type d'une intercommunalité à fiscalité propre (DGCL) : la métropole de Lyon a le sien."""
