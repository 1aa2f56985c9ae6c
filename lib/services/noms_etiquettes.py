"""Le nom qui désigne une étiquette et une seule, à l'écran comme dans une adresse."""

from sqlalchemy import ColumnElement, and_, case, exists, literal_column, or_
from sqlalchemy.orm import aliased

from lib.db.modeles import Etiquette

_Autre = aliased(Etiquette)


def nom_propre() -> ColumnElement[str]:
    """En SQL, le nom de l'étiquette, suivi de son code si une autre porte le même dans l'investigation.

    Une vivante et une archivée se distinguent déjà : l'archivée prend son code et se dit archivée.
    Aucun paramètre : l'expression se groupe telle quelle sous PostgreSQL.
    """
    homonyme = exists().where(
        and_(
            _Autre.investigation_id == Etiquette.investigation_id,
            _Autre.nom == Etiquette.nom,
            _Autre.id != Etiquette.id,
            or_(_Autre.archive_le.is_(None), Etiquette.archive_le.is_not(None)),
        )
    )
    avec_code = Etiquette.nom.concat(literal_column("' ('")).concat(Etiquette.code).concat(literal_column("')'"))
    return case((homonyme, avec_code), else_=Etiquette.nom)
