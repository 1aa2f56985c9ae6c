"""Trois entretiens codés deux fois : la seconde version s'écarte un peu de la première, et tout est arbitré."""

import random
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.double_codage import TexteCompare, separer
from lib.db.modeles import Arbitrage, DoubleCodage, Entretien, Etiquetage, PoseAveugle, Texte, Verbatim, VersionCodage
from lib.domain.double_codage import ChoixArbitrage
from lib.domain.passages import Passage
from lib.services.demonstration.depot import Depot
from lib.services.demonstration.monde import Monde

CHOISIS = {"E-BFC-004": ("lea", "karim"), "E-MRS-007": ("karim", "ines"), "E-NAT-004": ("lea", "ines")}
"""Entretien → qui l'a codé, et qui l'a recodé sans voir."""
GRAINE = 3
PAREIL, AUTRES_BORNES, OUBLI = 0.72, 0.84, 0.94
Version = dict[int, list[Passage]]


def poser_doubles(session: Session, depot: Depot, monde: Monde) -> None:
    """Pose les doubles codages. Le codage commun est déjà celui qui a été arbitré : la première version."""
    depot.vider()
    alea = random.Random(GRAINE)  # noqa: S311 - données fictives
    for rang, (code, (premier, second)) in enumerate(CHOISIS.items()):
        jour = datetime.combine(monde.arret, time(10), UTC) - timedelta(days=9 - rang)
        _poser_un(session, depot, monde, code, (monde.comptes[premier], monde.comptes[second]), jour, alea)


def _poser_un(
    session: Session,
    depot: Depot,
    monde: Monde,
    code: str,
    codeurs: tuple[int, int],
    jour: datetime,
    alea: random.Random,
) -> None:
    entretien_id = session.scalars(select(Entretien.id).where(Entretien.code == code)).one()
    situation = {"investigation_id": monde.investigation_id, "entretien_id": entretien_id}
    auteurs = {"cree_par": codeurs[0], "arbitre_par": codeurs[0]}
    dates = {"cree_le": jour, "arbitre_le": jour + timedelta(days=3)}
    situation["double_id"] = depot.ajouter(DoubleCodage, **situation, **auteurs, **dates)
    versions = [
        depot.ajouter(VersionCodage, **situation, compte_id=compte_id, fini_le=jour + timedelta(days=1 + rang))
        for rang, compte_id in enumerate(codeurs)
    ]
    for texte in session.execute(select(Texte.id, Texte.contenu).where(Texte.entretien_id == entretien_id)):
        premiere = _lire(session, texte.id)
        seconde = _recoder(premiere, texte.contenu, list(monde.etiquettes.values()), alea)
        for version_id, version in zip(versions, (premiere, seconde), strict=True):
            _poser(depot, version, version_id, jour, situation, texte.id)
        compare = TexteCompare(texte_id=texte.id, unites=(), premiere=premiere, seconde=seconde)
        _arbitrer(depot, compare, codeurs[0], situation)


def _arbitrer(depot: Depot, compare: TexteCompare, auteur: int, situation: dict[str, int]) -> None:
    """La première version l'emporte : c'est elle que porte déjà le codage commun."""
    for desaccord in separer(compare)[1]:
        depot.ajouter(
            Arbitrage,
            **situation,
            texte_id=compare.texte_id,
            etiquette_id=desaccord.etiquette_id,
            debut=desaccord.lieu.debut,
            fin=desaccord.lieu.fin,
            choix=ChoixArbitrage.PREMIER if desaccord.premiers else ChoixArbitrage.AUCUN,
            cree_par=auteur,
        )


def _lire(session: Session, texte_id: int) -> Version:
    requete = (
        select(Etiquetage.etiquette_id, Verbatim.debut, Verbatim.fin)
        .join(Verbatim, Verbatim.id == Etiquetage.verbatim_id)
        .where(Verbatim.texte_id == texte_id)
        .order_by(Verbatim.debut, Etiquetage.id)
    )
    version: Version = {}
    for etiquette_id, debut, fin in session.execute(requete):
        version.setdefault(etiquette_id, []).append(Passage(debut, fin))
    return version


def _recoder(premiere: Version, contenu: str, etiquettes: list[int], alea: random.Random) -> Version:
    """La même lecture, à quelques oublis, bornes et étiquettes près."""
    seconde: Version = {}
    for etiquette_id, passages in premiere.items():
        for passage in passages:
            sort = alea.random()
            choisie = etiquette_id if sort < OUBLI else alea.choice(etiquettes)
            if sort < PAREIL or sort >= OUBLI:
                _ajouter(seconde, choisie, passage)
            elif sort < AUTRES_BORNES:
                _ajouter(seconde, choisie, _raccourcir(passage, contenu))
    return {etiquette_id: sorted(passages) for etiquette_id, passages in seconde.items()}


def _raccourcir(passage: Passage, contenu: str) -> Passage:
    """Le passage sans ses derniers mots, s'il en reste plus de la moitié."""
    milieu = (passage.debut + passage.fin) // 2
    coupe = contenu.rfind(" ", milieu, passage.fin - 1)
    return Passage(passage.debut, coupe) if coupe > milieu else passage


def _ajouter(version: Version, etiquette_id: int, passage: Passage) -> None:
    passages = version.setdefault(etiquette_id, [])
    if not any(passage.chevauche(autre) for autre in passages):
        passages.append(passage)


def _poser(
    depot: Depot, version: Version, version_id: int, jour: datetime, situation: dict[str, int], texte_id: int
) -> None:
    lieu = {nom: situation[nom] for nom in ("investigation_id", "entretien_id")}
    for etiquette_id, passages in version.items():
        for passage in passages:
            depot.ajouter(
                PoseAveugle,
                **lieu,
                texte_id=texte_id,
                version_id=version_id,
                debut=passage.debut,
                fin=passage.fin,
                etiquette_id=etiquette_id,
                pose_le=jour,
            )
