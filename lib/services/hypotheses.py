"""Hypothèses : chercher ce qui les réfute, peser les preuves, dire le statut et sa raison."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Entretien, Hypothese, Preuve, StatutHypotheseDate
from lib.db.perimetre import trouver, visible
from lib.domain.droits import Perimetre, exiger, peut_consigner, peut_lire_identites, peut_lire_indicateurs
from lib.domain.erreurs import DonneeInvalide
from lib.domain.textes import normaliser
from lib.domain.vocabulaire import NatureHypothese, SensPreuve, StatutHypothese
from lib.services.syntheses import compte_dans_les_chiffres

POIDS = range(1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutDate:
    """Un statut, quand il a été décidé, et sa raison (vide pour qui ne lit pas les identités)."""

    statut: StatutHypothese
    raison: str
    decide_le: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HypotheseLue:
    """Une hypothèse. `poids` : somme des poids de ses preuves par sens. `histoire` : la plus récente d'abord."""

    id: int
    code: str
    nature: NatureHypothese
    enonce: str
    refutation: str
    poids: Mapping[SensPreuve, int]
    preuves: int
    histoire: tuple[StatutDate, ...]

    @property
    def statut(self) -> StatutHypothese:
        """Le dernier décidé ; ouverte tant que rien ne l'est."""
        return self.histoire[0].statut if self.histoire else StatutHypothese.OUVERTE

    @property
    def eprouvee(self) -> bool:
        """Quelqu'un a cherché, et trouvé, de quoi la contredire."""
        return bool(self.poids.get(SensPreuve.CONTRE))


def lire_hypotheses(session: Session, perimetre: Perimetre) -> tuple[HypotheseLue, ...]:
    """Toutes les hypothèses, d'abord celles que rien ne contredit encore. Trois requêtes. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    histoires = _lire_histoires(session, perimetre)
    poids, nombres = _lire_preuves(session, perimetre)
    lignes = session.scalars(
        select(Hypothese)
        .where(visible(Hypothese, perimetre), Hypothese.archive_le.is_(None))
        .order_by(Hypothese.ordre, Hypothese.id)
    )
    lues = [
        HypotheseLue(
            id=h.id,
            code=h.code,
            nature=h.nature,
            enonce=h.enonce,
            refutation=h.refutation,
            poids=dict(poids[h.id]),
            preuves=nombres[h.id],
            histoire=tuple(histoires[h.id]),
        )
        for h in lignes
    ]
    return tuple(_sans_contradiction_d_abord(lues))


def changer_statut(
    session: Session, perimetre: Perimetre, *, hypothese_id: int, statut: StatutHypothese, raison: str
) -> None:
    """Ajoute un statut à l'histoire ; rien ne s'efface.

    Lève DonneeInvalide sans raison, ou si l'on conclut sans aucune preuve ; AccesRefuse ; Introuvable.
    """
    exiger(peut_consigner, perimetre)
    hypothese = trouver(session, Hypothese, hypothese_id, perimetre)
    ecrite = normaliser(raison).strip()
    if not ecrite:
        raise DonneeInvalide("Dites pourquoi le statut change : la raison reste dans l'histoire.", champ="raison")
    if statut in {StatutHypothese.SOUTENUE, StatutHypothese.CONTREDITE} and not _a_une_preuve(session, hypothese.id):
        raise DonneeInvalide("Cette hypothèse n'a aucune preuve : ajoutez-en une avant de conclure.", champ="statut")
    session.add(
        StatutHypotheseDate(
            investigation_id=hypothese.investigation_id,
            hypothese_id=hypothese.id,
            statut=statut,
            raison=ecrite,
            decide_par=perimetre.auteur_id,
        )
    )
    session.flush()


def verser_preuve(
    session: Session,
    perimetre: Perimetre,
    *,
    hypothese_id: int,
    entretien: str,
    sens: SensPreuve,
    poids: int,
    commentaire: str = "",
) -> None:
    """Verse une preuve qui pointe un entretien, désigné par son code.

    Lève DonneeInvalide si le code n'est celui d'aucun entretien qui compte, si le poids n'est pas de 1 à 3, ou si cet
    entretien pèse déjà de la même façon ; AccesRefuse ; Introuvable.
    """
    exiger(peut_consigner, perimetre)
    hypothese = trouver(session, Hypothese, hypothese_id, perimetre)
    if poids not in POIDS:
        raise DonneeInvalide("Le poids d'une preuve va de 1 à 3.", champ="poids")
    entretien_id = _entretien_qui_compte(session, perimetre, entretien)
    deja = select(Preuve.id).where(
        Preuve.hypothese_id == hypothese.id,
        Preuve.entretien_id == entretien_id,
        Preuve.sens == sens,
        Preuve.archive_le.is_(None),
    )
    if session.scalar(deja.limit(1)) is not None:
        raise DonneeInvalide("Cet entretien pèse déjà ainsi sur cette hypothèse.", champ="entretien")
    session.add(
        Preuve(
            investigation_id=hypothese.investigation_id,
            hypothese_id=hypothese.id,
            entretien_id=entretien_id,
            sens=sens,
            poids=poids,
            commentaire=normaliser(commentaire, champ="commentaire").strip(),
            cree_par=perimetre.auteur_id,
        )
    )
    session.flush()


def retirer_preuve(session: Session, perimetre: Perimetre, *, preuve_id: int) -> None:
    """Archive une preuve : elle ne pèse plus, et reste au journal. Lève Introuvable, AccesRefuse."""
    exiger(peut_consigner, perimetre)
    trouver(session, Preuve, preuve_id, perimetre).archive_le = maintenant()


def _entretien_qui_compte(session: Session, perimetre: Perimetre, code: str) -> int:
    requete = select(Entretien.id).where(
        visible(Entretien, perimetre), compte_dans_les_chiffres(), func.upper(Entretien.code) == code.strip().upper()
    )
    identifiant = session.scalar(requete)
    if identifiant is None:
        raise DonneeInvalide(
            "Aucun entretien réalisé ne porte ce code : recopiez-le depuis sa fiche (par exemple E-MRS-001).",
            champ="entretien",
        )
    return identifiant


@dataclass(frozen=True, slots=True, kw_only=True)
class PreuveLue:
    """Une preuve versée. `source` et `commentaire` : vides pour qui ne lit pas les identités."""

    id: int
    sens: SensPreuve
    poids: int
    source: str
    commentaire: str


def lire_preuves(session: Session, perimetre: Perimetre, *, hypothese_id: int) -> tuple[PreuveLue, ...]:
    """Les preuves d'une hypothèse, dans l'ordre où elles ont été versées. Lève AccesRefuse."""
    exiger(peut_lire_indicateurs, perimetre)
    nommee = peut_lire_identites(perimetre)
    lignes = session.execute(
        select(Preuve.id, Preuve.sens, Preuve.poids, Preuve.commentaire, Entretien.code)
        .outerjoin(Entretien, and_(Entretien.id == Preuve.entretien_id, visible(Entretien, perimetre)))
        .where(
            Preuve.investigation_id == perimetre.investigation_id,
            Preuve.hypothese_id == hypothese_id,
            Preuve.archive_le.is_(None),
        )
        .order_by(Preuve.id)
    )
    return tuple(
        PreuveLue(
            id=ligne.id,
            sens=ligne.sens,
            poids=ligne.poids,
            source=(ligne.code or "") if nommee else "",
            commentaire=ligne.commentaire if nommee else "",
        )
        for ligne in lignes
    )


def _lire_histoires(session: Session, perimetre: Perimetre) -> defaultdict[int, list[StatutDate]]:
    colonnes = (StatutHypotheseDate.statut, StatutHypotheseDate.raison, StatutHypotheseDate.decide_le)
    lignes = session.execute(
        select(StatutHypotheseDate.hypothese_id, *colonnes)
        .where(visible(StatutHypotheseDate, perimetre))
        .order_by(StatutHypotheseDate.id.desc())
    )
    # Un texte libre peut nommer quelqu'un : il reste à qui lit les identités.
    nommee = peut_lire_identites(perimetre)
    histoires: defaultdict[int, list[StatutDate]] = defaultdict(list)
    for hypothese_id, statut, raison, decide_le in lignes:
        dite = raison if nommee else ""
        histoires[hypothese_id].append(StatutDate(statut=statut, raison=dite, decide_le=decide_le))
    return histoires


def _lire_preuves(session: Session, perimetre: Perimetre) -> tuple[dict[int, Counter[SensPreuve]], Counter[int]]:
    # Une preuve peut pointer un indicateur : elle n'a alors pas d'entretien, et reste commune à l'investigation.
    lignes = session.execute(
        select(Preuve.hypothese_id, Preuve.sens, Preuve.poids).where(
            Preuve.investigation_id == perimetre.investigation_id, Preuve.archive_le.is_(None)
        )
    )
    poids: dict[int, Counter[SensPreuve]] = defaultdict(Counter)
    nombres: Counter[int] = Counter()
    for hypothese_id, sens, pese in lignes:
        poids[hypothese_id][sens] += pese
        nombres[hypothese_id] += 1
    return poids, nombres


def _a_une_preuve(session: Session, hypothese_id: int) -> bool:
    requete = select(Preuve.id).where(Preuve.hypothese_id == hypothese_id, Preuve.archive_le.is_(None)).limit(1)
    return session.scalar(requete) is not None


def _sans_contradiction_d_abord(lues: Iterable[HypotheseLue]) -> list[HypotheseLue]:
    return sorted(lues, key=lambda hypothese: hypothese.eprouvee)
