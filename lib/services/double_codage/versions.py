"""Les versions rendues, prêtes à comparer : quatre requêtes, quel que soit le nombre de doubles codages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.double_codage import TexteCompare
from lib.db.modeles import DoubleCodage, Etiquette, IntervenantCorrige, PoseAveugle, Texte, VersionCodage
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre
from lib.domain.intervenants import Reconnaissance, RoleIntervenant
from lib.domain.passages import Passage
from lib.domain.unites import unites_de_parole
from lib.services.double_codage.garde import en_vigueur

Version = dict[int, list[Passage]]


@dataclass(frozen=True, slots=True)
class Grille:
    """Nom de chaque étiquette, dans l'ordre de la grille, et celle qui remplace une étiquette fusionnée."""

    noms: dict[int, str]
    remplacees: dict[int, int]

    def canonique(self, identifiant: int) -> int:
        """L'étiquette qui tient lieu de celle-ci, de fusion en fusion."""
        vues = {identifiant}
        while (suivante := self.remplacees.get(identifiant)) is not None and suivante not in vues:
            vues.add(suivante)
            identifiant = suivante
        return identifiant


def lire_grille(session: Session, perimetre: Perimetre) -> Grille:
    """Toutes les étiquettes de l'investigation, archivées et fusionnées comprises."""
    requete = select(Etiquette.id, Etiquette.nom, Etiquette.fusionnee_dans_id).where(visible(Etiquette, perimetre))
    lignes = session.execute(requete.order_by(Etiquette.ordre, Etiquette.id)).all()
    fusions = {ligne.id: ligne.fusionnee_dans_id for ligne in lignes if ligne.fusionnee_dans_id is not None}
    return Grille({ligne.id: ligne.nom for ligne in lignes}, fusions)


def comparer_versions(
    session: Session, grille: Grille, versions: Sequence[VersionCodage]
) -> list[tuple[Texte, TexteCompare]]:
    """Chaque texte et ses deux versions. L'appelant a vérifié qu'elles sont rendues, deux par double codage."""
    paires: dict[int, list[VersionCodage]] = defaultdict(list)
    for version in sorted(versions, key=lambda version: version.id):
        paires[version.double_id].append(version)
    textes = _textes(session, [version.entretien_id for version in versions])
    poses = _poses(session, grille, [version.id for version in versions])
    corrections = _corrections(session, list(paires))
    return [
        (
            texte,
            _comparer(
                texte, corrections[premiere.double_id], poses[premiere.id, texte.id], poses[seconde.id, texte.id]
            ),
        )
        for premiere, seconde in paires.values()
        for texte in textes[premiere.entretien_id]
    ]


def _corrections(session: Session, doubles: Sequence[int]) -> dict[int, Reconnaissance]:
    """Double codage → les débuts de ligne corrigés quand on l'a codé ; l'arbitrage les fige, comme l'accord."""
    requete = (
        select(DoubleCodage.id, IntervenantCorrige.nom, IntervenantCorrige.role)
        .join(IntervenantCorrige, IntervenantCorrige.entretien_id == DoubleCodage.entretien_id)
        .where(DoubleCodage.id.in_(doubles), en_vigueur())
        .order_by(IntervenantCorrige.nom)
    )
    lues: dict[int, Reconnaissance] = defaultdict(Reconnaissance)
    for double_id, nom, role in session.execute(requete):
        lues[double_id] = Reconnaissance(corrections=(*lues[double_id].corrections, (nom, role)))
    return lues


def _textes(session: Session, entretiens: Sequence[int]) -> dict[int, list[Texte]]:
    requete = select(Texte).where(Texte.entretien_id.in_(entretiens), Texte.contenu != "").order_by(Texte.nature)
    textes: dict[int, list[Texte]] = defaultdict(list)
    for texte in session.scalars(requete):
        textes[texte.entretien_id].append(texte)
    return textes


def _poses(session: Session, grille: Grille, versions: Sequence[int]) -> dict[tuple[int, int], Version]:
    """(version, texte) → étiquette → passages ; une étiquette fusionnée depuis prend le nom de celle qui reste."""
    vivantes = PoseAveugle.version_id.in_(versions), PoseAveugle.retire_le.is_(None)
    requete = select(
        PoseAveugle.version_id, PoseAveugle.texte_id, PoseAveugle.etiquette_id, PoseAveugle.debut, PoseAveugle.fin
    ).order_by(PoseAveugle.debut, PoseAveugle.fin)
    lues: dict[tuple[int, int], Version] = defaultdict(dict)
    for pose in session.execute(requete.where(*vivantes)):
        if pose.debut == pose.fin:  # ses mots ont disparu d'un texte corrigé depuis
            continue
        passages = lues[pose.version_id, pose.texte_id].setdefault(grille.canonique(pose.etiquette_id), [])
        _ajouter(passages, Passage(pose.debut, pose.fin))
    return lues


def _ajouter(passages: list[Passage], passage: Passage) -> None:
    """Deux étiquettes devenues une seule : leurs passages qui se chevauchent n'en font qu'un."""
    if passages and passages[-1].chevauche(passage):
        passages[-1] = passages[-1].union(passage)
    else:
        passages.append(passage)


def _comparer(texte: Texte, corrections: Reconnaissance, premiere: Version, seconde: Version) -> TexteCompare:
    corriges = dict(corrections.corrections)
    unites = tuple(
        replace(unite, menee=corriges[unite.locuteur] is RoleIntervenant.MENE) if unite.locuteur in corriges else unite
        for unite in unites_de_parole(texte.contenu, texte.nature, *corrections.noms())
    )
    return TexteCompare(texte_id=texte.id, unites=unites, premiere=premiere, seconde=seconde)
