"""Relire ce qui est sorti en .csv : nu pour l'équipe, dans une archive avec sa règle pour les autres."""

import io
import zipfile


def csv_de(octets: bytes) -> bytes:
    """Le .csv d'un export d'une table."""
    if not zipfile.is_zipfile(io.BytesIO(octets)):
        return octets
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        (nom,) = [nom for nom in archive.namelist() if nom.endswith(".csv")]
        return archive.read(nom)
