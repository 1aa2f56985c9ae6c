"""Ce que l'équipe écrit avant de décider : l'avis de chaque ligne de la grille, et les options chiffrées."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from lib.db.modeles import LigneDecision, OptionDecision
from lib.domain.decision import AbsenceSource, AvisDecision, NatureOption, QuestionDecision, SourceAppui
from lib.domain.droits import Perimetre, exiger, peut_figer, peut_lire_identites, peut_relire
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import euros, nombre, typographier
from lib.domain.vocabulaire import NatureHypothese, SensPreuve, StatutHypothese, TypeActeur
from lib.services.decision.appuis import AppuiLu, appuyer
from lib.services.decision.rangees import requete
from lib.services.decision.sources import SourceLue, exiger_ouverte
from lib.services.textes_partages import Partages, nettoyer, partager
from lib.services.transaction import CONFLIT

COUT_MAXIMUM = 100_000_000
DELAI_MAXIMUM = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneLue:
    """Une ligne de la grille. version : celle à rendre à `remplir_ligne` ; zéro si rien n'est encore écrit."""

    question: QuestionDecision
    avis: AvisDecision = AvisDecision.A_INSTRUIRE
    constat: str = ""
    appuis: tuple[AppuiLu, ...] = ()
    sources: tuple[SourceLue, ...] = ()
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

    id: int
    nom: str
    cout_entreprise: str
    cout_association: str
    manque: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesePesee:
    """Une hypothèse, son dernier statut, et ce que pèsent ses preuves."""

    code: str
    nature: NatureHypothese
    enonce: str
    statut: StatutHypothese
    poids: Mapping[SensPreuve, int]

    @property
    def dite(self) -> str:
        """« P1, soutenue (pour 7, contre 2, nuance 0) : énoncé »."""
        poids = ", ".join(f"{sens.libelle.lower()} {nombre(self.poids[sens])}" for sens in SensPreuve)
        return typographier(f"{self.code}, {self.statut.libelle.lower()} ({poids}) : {self.enonce}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisies:
    """Tout ce qui est écrit avant de décider. decidee : la décision est prise, plus rien ne s'écrit."""

    lignes: Mapping[QuestionDecision, LigneLue] = field(default_factory=dict)
    options: Mapping[NatureOption, OptionLue] = field(default_factory=dict)
    solutions: tuple[SolutionCitee, ...] = ()
    hypotheses: tuple[HypothesePesee, ...] = ()
    decidee: bool = False

    @property
    def a_instruire(self) -> tuple[QuestionDecision, ...]:
        """Les questions auxquelles rien ne répond encore."""
        return tuple(q for q, ligne in self.lignes.items() if ligne.avis is AvisDecision.A_INSTRUIRE)


def lire_saisies(session: Session, perimetre: Perimetre) -> Saisies:
    """La grille entière, les options, les solutions existantes, les hypothèses. Lève AccesRefuse.

    Une requête, et une de plus pour effacer les noms connus de tout ce qui se lit hors de l'équipe.
    """
    exiger(peut_relire, perimetre)
    par_genre: dict[str, list[Row[Any]]] = {}
    for rangee in session.execute(requete(perimetre)):
        par_genre.setdefault(rangee.genre, []).append(rangee)
    lus = partager(session, perimetre, {texte or "" for texte in _textes(par_genre)}) | {"": ""}
    ecrites = {r.cle: r for r in par_genre.get("ligne", ())}
    decrites = {r.cle: r for r in par_genre.get("option", ())}
    appuis = _appuis(perimetre, par_genre.get("appui", ()))
    sources = _sources(perimetre, par_genre.get("source", ()), lus)
    return Saisies(
        lignes={q: _ligne(q, ecrites.get(q.value), lus, appuis, sources) for q in QuestionDecision},
        options={n: _option(n, decrites.get(n.value), lus) for n in NatureOption},
        solutions=_citer(par_genre.get("solution", ()), lus),
        hypotheses=_peser(par_genre.get("hypothese", ()), lus),
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
    exiger_ouverte(session, perimetre)
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
    exiger_ouverte(session, perimetre)
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


def _borner(saisi: int | None, maximum: int, phrase: str, champ: str) -> None:
    if saisi is not None and not 0 <= saisi <= maximum:
        raise DonneeInvalide(phrase, champ=champ)


# --- Lire -------------------------------------------------------------------------------------------------------


def _textes(par_genre: Mapping[str, list[Row[Any]]]) -> set[str]:
    """Tout ce qui est écrit à la main : les noms connus au moment de la lecture s'en effacent hors de l'équipe."""
    ecrits = {r.b for genre in ("ligne", "hypothese") for r in par_genre.get(genre, ())}
    ecrits |= {texte for r in par_genre.get("option", ()) for texte in (r.a, r.b, r.c)}
    ecrits |= {texte for r in par_genre.get("solution", ()) for texte in (r.a, r.b, r.c, r.d)}
    return ecrits | {texte for r in par_genre.get("source", ()) for texte in (r.b, r.c)}


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


def _sources(perimetre: Perimetre, rangees: Iterable[Row[Any]], lus: Partages) -> dict[str, list[SourceLue]]:
    sources: dict[str, list[SourceLue]] = {}
    for r in sorted(rangees, key=lambda r: int(r.version)):
        sources.setdefault(r.cle, []).append(_source(r, lus, equipe=peut_lire_identites(perimetre)))
    return sources


def _source(r: Row[Any], lus: Partages, *, equipe: bool) -> SourceLue:
    nature = SourceAppui(r.a)
    citation = nature is SourceAppui.CITATION
    cachee = citation and not equipe
    return SourceLue(
        id=r.version,
        source=nature,
        nom="" if cachee else lus[r.b] if nature is SourceAppui.SOLUTION else r.b,
        mots=lus[r.c or ""],
        absence=AbsenceSource(r.d) if r.d else None,
        type_acteur=TypeActeur(r.e) if r.e else None,
        terrain=r.f or "",
        entretien_id=r.n if citation and equipe else None,
        verbatim_id=r.m,
        solution_id=None if citation else r.n,
    )


def _citer(rangees: Iterable[Row[Any]], lus: Partages) -> tuple[SolutionCitee, ...]:
    return tuple(
        SolutionCitee(id=int(r.cle), nom=lus[r.a], cout_entreprise=lus[r.b], cout_association=lus[r.c], manque=lus[r.d])
        for r in sorted(rangees, key=lambda r: int(r.cle))
    )


def _peser(rangees: Iterable[Row[Any]], lus: Partages) -> tuple[HypothesePesee, ...]:
    return tuple(
        HypothesePesee(
            code=r.cle,
            nature=NatureHypothese(r.a),
            enonce=lus[r.b],
            statut=StatutHypothese(r.c) if r.c else StatutHypothese.OUVERTE,
            poids={SensPreuve.POUR: r.n, SensPreuve.CONTRE: r.m, SensPreuve.NUANCE: r.version},
        )
        for r in sorted(rangees, key=lambda r: (int(r.d), int(r.e)))
    )


def _ligne(
    question: QuestionDecision,
    rangee: Row[Any] | None,
    lus: Partages,
    appuis: Mapping[str, list[AppuiLu]],
    sources: Mapping[str, list[SourceLue]],
) -> LigneLue:
    siennes = tuple(sources.get(question.value, ()))
    if rangee is None:
        return LigneLue(question=question, sources=siennes)
    return LigneLue(
        question=question,
        avis=AvisDecision(rangee.a),
        constat=lus[rangee.b],
        appuis=tuple(appuis.get(question.value, ())),
        sources=siennes,
        version=rangee.version,
    )


def _option(nature: NatureOption, rangee: Row[Any] | None, lus: Partages) -> OptionLue:
    if rangee is None:
        return OptionLue(nature=nature)
    return OptionLue(
        nature=nature,
        description=lus[rangee.a],
        territoire=lus[rangee.b],
        critere=lus[rangee.c],
        cout_euros=rangee.n,
        delai_mois=rangee.m,
        version=rangee.version,
    )
