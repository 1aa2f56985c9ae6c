"""Comptes tenus à l'écriture : combien de citations et d'entretiens par étiquette, combien par irritant relevé.

Compter un million d'étiquetages prend des dizaines de millisecondes ; lire une ligne tenue à jour, aucune.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    delete,
    distinct,
    exists,
    func,
    insert,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lib.db.journalisation import avancer_version
from lib.db.modeles import (
    Entretien,
    Etiquetage,
    IrritantReleve,
    Organisation,
    SyntheseCitation,
    SyntheseCooccurrence,
    SyntheseEtiquette,
    SyntheseIrritant,
    SyntheseLieu,
    SyntheseLieuEtiquette,
    SyntheseLieuIrritant,
    SyntheseNue,
    SyntheseSituation,
    Verbatim,
)
from lib.domain.vocabulaire import AccordCitation, StatutEntretien
from lib.services import syntheses_citations as par_citation
from lib.services import syntheses_lieux as par_lieu
from lib.services.synthese_cooccurrences import compter_cooccurrences

Requete = Select[*tuple[Any, ...]]
Cle = tuple[Any, ...]
Comptes = dict[Cle, Counter[str]]
_SUIVIS = "entretiens_suivis"


@contextmanager
def suivre(session: Session, entretien_id: int, *, neuf: bool = False) -> Iterator[None]:
    """Entoure toute modification d'un entretien, de ses verbatims, étiquetages ou irritants relevés.

    À la sortie, les comptes bougent de la différence entre ce que l'entretien apportait et ce qu'il apporte.
    neuf : l'entretien vient d'être écrit, il n'apportait rien.
    Imbriqué sur le même entretien, il ne compte qu'une fois. Sur erreur, rien ne bouge (la transaction s'annule).
    """
    suivis: set[int] = session.info.setdefault(_SUIVIS, set())
    if entretien_id in suivis:
        yield
        return
    suivis.add(entretien_id)
    try:
        avant = [{} for _ in _TABLES] if neuf else _apport_verrouille(session, entretien_id)
        yield
        session.flush()
        _reporter(session, avant, _apport(session, entretien_id))
    finally:
        suivis.discard(entretien_id)


def refaire(session: Session, investigation_id: int) -> None:
    """Recompte tout pour une investigation. À lancer dans une transaction d'écriture."""
    avancer_version(session, investigation_id)  # prend le rang : aucune écriture ne se glisse entre les deux ordres
    for table in _TABLES:
        session.execute(delete(table.modele).where(table.modele.investigation_id == investigation_id))
        table.remplir(session, Entretien.investigation_id == investigation_id)


def completer(session: Session) -> None:
    """Refait les synthèses des investigations qui n'en ont aucune : une migration les a vidées."""
    tenues = select(SyntheseSituation.investigation_id)
    comptent = select(Entretien.investigation_id).where(compte_dans_les_chiffres())
    for investigation_id in session.scalars(comptent.where(Entretien.investigation_id.not_in(tenues)).distinct()):
        refaire(session, investigation_id)


def refaire_etiquettes(session: Session, investigation_id: int, etiquettes: Sequence[int]) -> None:
    """Recompte quelques étiquettes, entretiens verrouillés par l'appelant : ce qui passe de l'une à l'autre."""
    avancer_version(session, investigation_id)
    for table in _TABLES:
        table.refaire_etiquettes(session, Entretien.investigation_id == investigation_id, etiquettes)


def verifier(session: Session, investigation_id: int) -> list[str]:
    """Une phrase par compte qui s'écarte de ce que disent les lignes ; liste vide si tout est juste."""
    ecarts = []
    for table in _TABLES:
        tenus = table.en_comptes(session.execute(table.relire(investigation_id)))
        justes = table.apporter(session, Entretien.investigation_id == investigation_id)
        ecarts += [_phrase(table, cle, tenus, justes) for cle in _differents(tenus, justes)]
    return ecarts


def compte_dans_les_chiffres() -> ColumnElement[bool]:
    """Condition SQL : l'entretien est réalisé, sa notice remise, et il n'est pas archivé."""
    return and_(
        Entretien.statut == StatutEntretien.REALISE,
        Entretien.notice_remise_le.is_not(None),
        Entretien.archive_le.is_(None),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Une table de synthèse : sa clé et ses mesures, dans l'ordre des lignes comptées."""

    modele: Any
    cles: tuple[str, ...]
    mesures: tuple[str, ...]

    def relire(self, investigation_id: int) -> Requete:
        """Les lignes tenues."""
        colonnes = [getattr(self.modele, nom) for nom in (*self.cles, *self.mesures)]
        return select(*colonnes).where(self.modele.investigation_id == investigation_id)

    def en_comptes(self, lignes: Iterable[Sequence[Any]]) -> Comptes:
        """Comptes par clé ; une ligne à zéro vaut une ligne absente."""
        taille = len(self.cles)
        return {
            tuple(ligne[:taille]): Counter(dict(zip(self.mesures, ligne[taille:], strict=True))) for ligne in lignes
        }


@dataclass(frozen=True, slots=True)
class _TableComptee(_Table):
    """Une table que la base sait recompter.

    porteuse : la colonne des lignes comptées qui dit leur étiquette, si la table compte par étiquette.
    """

    compter: Callable[[ColumnElement[bool]], Requete]
    porteuse: Any = None

    def apporter(self, session: Session, ou: ColumnElement[bool]) -> Comptes:
        """Ce que ces entretiens apportent."""
        return self.en_comptes(session.execute(self.compter(ou)))

    def refaire_etiquettes(self, session: Session, ou: ColumnElement[bool], etiquettes: Sequence[int]) -> None:
        """Recompte les lignes de ces étiquettes, si la table compte par étiquette."""
        if self.porteuse is not None:
            session.execute(delete(self.modele).where(self.modele.etiquette_id.in_(etiquettes)))
            self.remplir(session, and_(ou, self.porteuse.in_(etiquettes)))

    def remplir(self, session: Session, ou: ColumnElement[bool]) -> None:
        """Écrit d'un coup ce que ces entretiens apportent, dans une table vidée."""
        session.execute(insert(self.modele).from_select([*self.cles, *self.mesures], self.compter(ou)))


class _TableLue(_Table):
    """Une table dont les lignes se comptent en relisant les textes, hors de la base."""

    def apporter(self, session: Session, ou: ColumnElement[bool]) -> Comptes:
        """Ce que ces entretiens apportent."""
        return self.en_comptes(compter_cooccurrences(session, and_(ou, compte_dans_les_chiffres())))

    def refaire_etiquettes(self, session: Session, ou: ColumnElement[bool], etiquettes: Sequence[int]) -> None:
        """Recompte les rencontres où l'une de ces étiquettes paraît, toutes dans les entretiens qu'elle code."""
        vises, modele = set(etiquettes), self.modele
        session.execute(delete(modele).where(or_(modele.etiquette_id.in_(vises), modele.autre_id.in_(vises))))
        portent = select(Etiquetage.entretien_id).where(Etiquetage.etiquette_id.in_(vises))
        comptes = self.apporter(session, and_(ou, Entretien.id.in_(portent)))
        self._ecrire(session, {cle: mesures for cle, mesures in comptes.items() if vises & set(cle[:2])})

    def remplir(self, session: Session, ou: ColumnElement[bool]) -> None:
        """Écrit d'un coup ce que ces entretiens apportent, dans une table vidée."""
        self._ecrire(session, self.apporter(session, ou))

    def _ecrire(self, session: Session, comptes: Comptes) -> None:
        noms = (*self.cles, *self.mesures)
        lignes = [dict(zip(noms, (*cle, *mesures.values()), strict=True)) for cle, mesures in comptes.items()]
        if lignes:
            session.execute(insert(self.modele), lignes)


def _compter_etiquettes(ou: ColumnElement[bool]) -> Requete:
    groupes = (Etiquetage.etiquette_id, *_situation())
    citable = case((Entretien.accord_citation != AccordCitation.NON, Verbatim.id))
    return (
        select(
            *groupes,
            func.count(distinct(Verbatim.id)),
            func.count(distinct(citable)),
            func.count(distinct(Entretien.id)),
        )
        .join_from(Entretien, Verbatim, Verbatim.entretien_id == Entretien.id)
        .join(Etiquetage, Etiquetage.verbatim_id == Verbatim.id)
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(ou, compte_dans_les_chiffres(), Verbatim.archive_le.is_(None), Etiquetage.retire_le.is_(None))
        .group_by(*groupes)
    )


def _situation() -> tuple[ColumnElement[Any], ...]:
    """Ce qui situe un entretien ; sans entreprise ou sans taille connue, la taille est vide."""
    taille = func.coalesce(type_coerce(Organisation.taille, String), "")
    return (Entretien.terrain_id, Entretien.type_acteur, taille, Entretien.investigation_id)  # type: ignore[return-value]


def _compter_situations(ou: ColumnElement[bool]) -> Requete:
    """Une ligne par situation ; la jointure externe garde les entretiens que rien ne code."""
    posee = exists().where(Etiquetage.verbatim_id == Verbatim.id, Etiquetage.retire_le.is_(None))
    nu = case((and_(Verbatim.id.is_not(None), ~posee), Verbatim.id))
    groupes = _situation()
    return (
        select(
            *groupes,
            func.count(distinct(Entretien.id)),
            func.count(distinct(Verbatim.entretien_id)),
            func.count(distinct(case((posee, Verbatim.entretien_id)))),
            func.count(Verbatim.id),
            func.count(nu),
            func.count(distinct(case((nu.is_not(None), Entretien.id)))),
        )
        .join_from(
            Entretien,
            Verbatim,
            and_(Verbatim.entretien_id == Entretien.id, Verbatim.archive_le.is_(None)),
            isouter=True,
        )
        .outerjoin(Organisation, Organisation.id == Entretien.organisation_id)
        .where(ou, compte_dans_les_chiffres())
        .group_by(*groupes)
    )


def _compter_irritants(ou: ColumnElement[bool]) -> Requete:
    groupes = (
        IrritantReleve.etiquette_id,
        Entretien.terrain_id,
        Entretien.type_acteur,
        Entretien.investigation_id,
        IrritantReleve.releve,
    )
    intensite = IrritantReleve.intensite
    return (
        select(
            *groupes,
            func.count(distinct(Entretien.id)),
            func.count(intensite),
            func.coalesce(func.sum(intensite), 0),
        )
        .join_from(Entretien, IrritantReleve, IrritantReleve.entretien_id == Entretien.id)
        .where(ou, compte_dans_les_chiffres())
        .group_by(*groupes)
    )


def _des_chiffres(compter: Callable[[ColumnElement[bool]], Requete]) -> Callable[[ColumnElement[bool]], Requete]:
    return lambda ou: compter(and_(ou, compte_dans_les_chiffres()))


_SITUEE = ("terrain_id", "type_acteur", "taille", "investigation_id")
_TABLES = (
    _TableComptee(
        SyntheseEtiquette,
        ("etiquette_id", *_SITUEE),
        ("verbatims", "citables", "entretiens"),
        _compter_etiquettes,
        Etiquetage.etiquette_id,
    ),
    _TableComptee(
        SyntheseSituation,
        _SITUEE,
        ("entretiens", "codes", "etiquetes", "verbatims", "sans_etiquette", "entretiens_sans"),
        _compter_situations,
    ),
    _TableComptee(
        SyntheseIrritant,
        ("etiquette_id", "terrain_id", "type_acteur", "investigation_id", "releve"),
        ("entretiens", "notes", "intensites"),
        _compter_irritants,
        IrritantReleve.etiquette_id,
    ),
    _TableComptee(
        SyntheseCitation,
        ("terrain_id", "type_acteur", "investigation_id"),
        (
            "verbatims",
            "citables",
            "entretiens",
            "sans_etiquette",
            "citables_sans_etiquette",
            "entretiens_sans_etiquette",
        ),
        _des_chiffres(par_citation.compter_citations),
    ),
    _TableComptee(
        SyntheseNue,
        ("verbatim_id", "entretien_id", "investigation_id"),
        ("citations",),
        _des_chiffres(par_citation.compter_nues),
    ),
    _TableComptee(SyntheseLieu, par_lieu.SITUE, ("entretiens", "etiquetes"), _des_chiffres(par_lieu.compter_lieux)),
    _TableComptee(
        SyntheseLieuIrritant,
        ("etiquette_id", *par_lieu.SITUE, "releve"),
        ("entretiens", "notes", "intensites"),
        _des_chiffres(par_lieu.compter_irritants),
        IrritantReleve.etiquette_id,
    ),
    _TableComptee(
        SyntheseLieuEtiquette,
        ("etiquette_id", *par_lieu.SITUE),
        ("entretiens",),
        _des_chiffres(par_lieu.compter_etiquettes),
        Etiquetage.etiquette_id,
    ),
    _TableLue(
        SyntheseCooccurrence,
        ("etiquette_id", "autre_id", "nature", "terrain_id", "investigation_id"),
        ("rencontres", "entretiens"),
    ),
)


def _apport_verrouille(session: Session, entretien_id: int) -> list[Comptes]:
    """Ce que l'entretien apporte, sa ligne tenue : une autre personne qui le code attend son tour."""
    session.flush()
    session.execute(select(Entretien.id).where(Entretien.id == entretien_id).with_for_update(key_share=True))
    return _apport(session, entretien_id)


def _apport(session: Session, entretien_id: int) -> list[Comptes]:
    return [table.apporter(session, Entretien.id == entretien_id) for table in _TABLES]


def _differents(avant: Comptes, apres: Comptes) -> list[Cle]:
    """Clés dont les comptes diffèrent, triées : deux écritures simultanées prennent les lignes dans le même ordre."""
    return [
        cle for cle in sorted(avant.keys() | apres.keys()) if avant.get(cle, Counter()) != apres.get(cle, Counter())
    ]


def _reporter(session: Session, avant: list[Comptes], apres: list[Comptes]) -> None:
    for table, anciens, nouveaux in zip(_TABLES, avant, apres, strict=True):
        for cle in _differents(anciens, nouveaux):
            ecart = nouveaux.get(cle, Counter()).copy()
            ecart.subtract(anciens.get(cle, Counter()))
            _ajouter(session, table, cle, ecart)


def _ajouter(session: Session, table: _Table, cle: Cle, ecart: Counter[str]) -> None:
    """Crée la ligne de synthèse ou y ajoute l'écart, d'un seul ordre."""
    creer: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    valeurs = dict(zip(table.cles, cle, strict=True)) | {nom: ecart[nom] for nom in table.mesures}
    session.execute(
        creer(table.modele)
        .values(valeurs)
        .on_conflict_do_update(
            index_elements=list(table.modele.__table__.primary_key),
            set_={nom: getattr(table.modele, nom) + ecart[nom] for nom in table.mesures},
        )
    )


def _phrase(table: _Table, cle: Cle, tenus: Comptes, justes: Comptes) -> str:
    ou = ", ".join(f"{nom} {valeur}" for nom, valeur in zip(table.cles, cle, strict=True))
    nom_table = table.modele.__tablename__
    return f"{nom_table} ({ou}) : {_dire(table, tenus.get(cle))} au lieu de {_dire(table, justes.get(cle))}"


def _dire(table: _Table, mesures: Counter[str] | None) -> str:
    return ", ".join(f"{(mesures or Counter())[nom]} {nom}" for nom in table.mesures)
