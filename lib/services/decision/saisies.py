"""Ce que l'équipe écrit avant de décider : l'avis de chaque ligne de la grille, et les options chiffrées."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Row, Select, String, case, cast, literal, null, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from lib.db.modeles import (
    AppuiDecision,
    Decision,
    Entretien,
    LigneDecision,
    OptionDecision,
    SolutionExistante,
    Terrain,
)
from lib.domain.decision import AvisDecision, NatureOption, QuestionDecision
from lib.domain.droits import Perimetre, exiger, peut_figer, peut_lire_identites, peut_relire
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import euros, typographier
from lib.domain.vocabulaire import TypeActeur
from lib.services.decision.appuis import AppuiLu, appuyer
from lib.services.syntheses import compte_dans_les_chiffres
from lib.services.textes_partages import nettoyer, partager
from lib.services.transaction import CONFLIT

DEJA_PRISE = "La décision est prise : la grille et les options sont figées avec elle."
COUT_MAXIMUM = 100_000_000
DELAI_MAXIMUM = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneLue:
    """Une ligne de la grille. version : celle à rendre à `remplir_ligne` ; zéro si rien n'est encore écrit."""

    question: QuestionDecision
    avis: AvisDecision = AvisDecision.A_INSTRUIRE
    constat: str = ""
    appuis: tuple[AppuiLu, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLue:
    """Une option. version : celle à rendre à `decrire_option` ; zéro si elle n'est pas encore décrite."""

    nature: NatureOption
    description: str = ""
    cout_euros: int | None = None
    delai_mois: int | None = None
    territoire: str = ""
    critere: str = ""
    version: int = 0

    @property
    def complete(self) -> bool:
        """Coût, délai, territoire et critère de succès sont dits : elle se compare aux autres."""
        return None not in {self.cout_euros, self.delai_mois} and bool(self.territoire and self.critere)

    @property
    def resume(self) -> str:
        """« Conciergerie sans code : 46 000 €, 3 mois, Bourgogne-Franche-Comté »."""
        delai = "délai non dit" if self.delai_mois is None else f"{self.delai_mois}\N{NO-BREAK SPACE}mois"
        cout = "coût non dit" if self.cout_euros is None else euros(self.cout_euros)
        return typographier(f"{self.nature.libelle} : ") + ", ".join((cout, delai, self.territoire or "lieu non dit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionCitee:
    """Une solution du registre : ce qu'elle coûte à chacun, ce qui lui manque ; sans nom connu hors de l'équipe."""

    nom: str
    cout_entreprise: str
    cout_association: str
    manque: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisies:
    """Tout ce qui est écrit avant de décider. decidee : la décision est prise, plus rien ne s'écrit."""

    lignes: Mapping[QuestionDecision, LigneLue] = field(default_factory=dict)
    options: Mapping[NatureOption, OptionLue] = field(default_factory=dict)
    solutions: tuple[SolutionCitee, ...] = ()
    decidee: bool = False

    @property
    def a_instruire(self) -> tuple[QuestionDecision, ...]:
        """Les questions auxquelles rien ne répond encore."""
        return tuple(q for q, ligne in self.lignes.items() if ligne.avis is AvisDecision.A_INSTRUIRE)


def lire_saisies(session: Session, perimetre: Perimetre) -> Saisies:
    """La grille entière, les trois options, les solutions existantes. Lève AccesRefuse.

    Une requête, et deux de plus pour effacer les noms des solutions lues hors de l'équipe.
    """
    exiger(peut_relire, perimetre)
    par_genre: dict[str, list[Row[Any]]] = {}
    for rangee in session.execute(_requete(perimetre)):
        par_genre.setdefault(rangee.genre, []).append(rangee)
    ecrites = {QuestionDecision(r.cle): r for r in par_genre.get("ligne", ())}
    appuis = _appuis(perimetre, par_genre.get("appui", ()))
    decrites = {NatureOption(r.cle): r for r in par_genre.get("option", ())}
    return Saisies(
        lignes={q: _ligne(q, ecrites.get(q), appuis.get(q.value, ())) for q in QuestionDecision},
        options={n: _option(n, decrites.get(n)) for n in NatureOption},
        solutions=_citer(session, perimetre, par_genre.get("solution", [])),
        decidee="decision" in par_genre,
    )


def remplir_ligne(
    session: Session,
    perimetre: Perimetre,
    *,
    question: QuestionDecision,
    avis: AvisDecision,
    constat: str,
    version: int,
    appuis: Iterable[str] = (),
) -> None:
    """Écrit l'avis, ce qui le fonde, et les codes des entretiens qui l'appuient.

    Les noms connus s'effacent, car la relecture le lit.
    Lève AccesRefuse ; DonneeInvalide (avis sans constat, code inconnu, décision déjà prise) ; Conflit si quelqu'un
    d'autre a écrit depuis la version lue.
    """
    exiger(peut_figer, perimetre)
    _exiger_ouverte(session, perimetre)
    ecrit = nettoyer(session, perimetre, constat, champ="constat")
    if avis is not AvisDecision.A_INSTRUIRE and not ecrit:
        raise DonneeInvalide("Dites ce qui fonde cet avis.", champ="constat")
    ligne = session.scalars(
        select(LigneDecision).where(
            LigneDecision.investigation_id == perimetre.investigation_id, LigneDecision.question == question
        )
    ).one_or_none()
    if (ligne.version if ligne else 0) != version:
        raise Conflit(CONFLIT)
    if ligne is None:
        ligne = LigneDecision(
            investigation_id=perimetre.investigation_id, question=question, cree_par=perimetre.auteur_id
        )
        session.add(ligne)
    ligne.avis, ligne.constat = avis, ecrit
    session.flush()
    if appuyer(session, perimetre, ligne, appuis) and ligne.version == version:
        flag_modified(ligne, "constat")  # des appuis changés seuls comptent comme une écriture de la ligne
    session.flush()


def decrire_option(session: Session, perimetre: Perimetre, *, option: OptionLue) -> None:
    """Écrit une option ; sa version est celle qui a été lue. Les noms connus s'effacent de ses textes.

    Lève AccesRefuse ; DonneeInvalide (nombre impossible, décision déjà prise) ; Conflit.
    """
    exiger(peut_figer, perimetre)
    _exiger_ouverte(session, perimetre)
    _borner(option.cout_euros, COUT_MAXIMUM, "Le coût se compte en euros, de 0 à 100 millions.", "cout_euros")
    _borner(option.delai_mois, DELAI_MAXIMUM, "Le délai se compte en mois, de 0 à 120.", "delai_mois")
    textes = {
        champ: nettoyer(session, perimetre, getattr(option, champ), champ=champ)
        for champ in ("description", "territoire", "critere")
    }
    decrite = session.scalars(
        select(OptionDecision).where(
            OptionDecision.investigation_id == perimetre.investigation_id, OptionDecision.nature == option.nature
        )
    ).one_or_none()
    if (decrite.version if decrite else 0) != option.version:
        raise Conflit(CONFLIT)
    if decrite is None:
        decrite = OptionDecision(
            investigation_id=perimetre.investigation_id, nature=option.nature, cree_par=perimetre.auteur_id
        )
        session.add(decrite)
    decrite.cout_euros, decrite.delai_mois = option.cout_euros, option.delai_mois
    for champ, texte in textes.items():
        setattr(decrite, champ, texte)
    session.flush()


def _exiger_ouverte(session: Session, perimetre: Perimetre) -> None:
    prise = select(Decision.id).where(Decision.investigation_id == perimetre.investigation_id)
    if session.scalar(prise) is not None:
        raise DonneeInvalide(DEJA_PRISE)


def _borner(nombre: int | None, maximum: int, phrase: str, champ: str) -> None:
    if nombre is not None and not 0 <= nombre <= maximum:
        raise DonneeInvalide(phrase, champ=champ)


# --- Lire d'une seule requête -----------------------------------------------------------------------------------


def _requete(perimetre: Perimetre) -> Any:
    """Quatre petites tables lues ensemble : la page n'a que huit requêtes, les chiffres en prennent six."""
    numero = perimetre.investigation_id
    lignes = _rangees(
        "ligne",
        (LigneDecision.question, LigneDecision.avis, LigneDecision.constat),
        version=LigneDecision.version,
    ).where(LigneDecision.investigation_id == numero)
    options = _rangees(
        "option",
        (OptionDecision.nature, OptionDecision.description, OptionDecision.territoire, OptionDecision.critere),
        nombres=(OptionDecision.cout_euros, OptionDecision.delai_mois),
        version=OptionDecision.version,
    ).where(OptionDecision.investigation_id == numero)
    solutions = _rangees(
        "solution",
        (
            SolutionExistante.id,
            SolutionExistante.nom,
            SolutionExistante.cout_entreprise,
            SolutionExistante.cout_association,
            SolutionExistante.manque,
        ),
        version=SolutionExistante.version,
    ).where(SolutionExistante.investigation_id == numero, SolutionExistante.archive_le.is_(None))
    decisions = _rangees("decision", (Decision.retenue,), version=Decision.id).where(
        Decision.investigation_id == numero
    )
    return union_all(lignes, options, solutions, decisions, _rangees_des_appuis(perimetre))


def _rangees(
    genre: str, textes: tuple[Any, ...], *, version: Any, nombres: tuple[Any, Any] | None = None
) -> Select[*tuple[Any, ...]]:
    """Une table en colonnes communes : genre, cle, textes a à d, nombres n et m, version."""
    cle, *autres = textes
    manquants = (literal(""),) * (4 - len(autres))
    colonnes = zip("abcd", (*autres, *manquants), strict=True)
    n, m = nombres or (null(), null())
    return select(
        literal(genre).label("genre"),
        cast(cle, String).label("cle"),
        *(cast(colonne, String).label(nom) for nom, colonne in colonnes),
        cast(n, Integer).label("n"),
        cast(m, Integer).label("m"),
        cast(version, Integer).label("version"),
    )


def _rangees_des_appuis(perimetre: Perimetre) -> Select[*tuple[Any, ...]]:
    rangees = _rangees(
        "appui",
        (LigneDecision.question, Entretien.code, Entretien.type_acteur, Terrain.nom),
        nombres=(Entretien.id, case((compte_dans_les_chiffres(), 1), else_=0)),
        version=LigneDecision.version,
    )
    return (
        rangees.join_from(AppuiDecision, LigneDecision, LigneDecision.id == AppuiDecision.ligne_id)
        .join(Entretien, Entretien.id == AppuiDecision.entretien_id)
        .join(Terrain, Terrain.id == Entretien.terrain_id)
        .where(AppuiDecision.investigation_id == perimetre.investigation_id)
    )


def _appuis(perimetre: Perimetre, rangees: Iterable[Row[Any]]) -> dict[str, list[AppuiLu]]:
    equipe = peut_lire_identites(perimetre)
    appuis: dict[str, list[AppuiLu]] = {}
    for r in sorted(rangees, key=lambda r: str(r.a)):
        appui = AppuiLu(
            code=r.a if equipe else "",
            type_acteur=TypeActeur(r.b),
            terrain=r.c,
            compte=bool(r.m),
            entretien_id=r.n if equipe else None,
        )
        appuis.setdefault(r.cle, []).append(appui)
    return appuis


def _citer(session: Session, perimetre: Perimetre, rangees: list[Row[Any]]) -> tuple[SolutionCitee, ...]:
    lus = partager(session, perimetre, {texte for r in rangees for texte in (r.a, r.b, r.c, r.d)})
    return tuple(
        SolutionCitee(nom=lus[r.a], cout_entreprise=lus[r.b], cout_association=lus[r.c], manque=lus[r.d])
        for r in sorted(rangees, key=lambda r: int(r.cle))
    )


def _ligne(question: QuestionDecision, rangee: Row[Any] | None, appuis: Iterable[AppuiLu]) -> LigneLue:
    if rangee is None:
        return LigneLue(question=question)
    avis = AvisDecision(rangee.a)
    return LigneLue(question=question, avis=avis, constat=rangee.b, appuis=tuple(appuis), version=rangee.version)


def _option(nature: NatureOption, rangee: Row[Any] | None) -> OptionLue:
    if rangee is None:
        return OptionLue(nature=nature)
    return OptionLue(
        nature=nature,
        description=rangee.a,
        territoire=rangee.b,
        critere=rangee.c,
        cout_euros=rangee.n,
        delai_mois=rangee.m,
        version=rangee.version,
    )
