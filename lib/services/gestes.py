"""Gestes de codage : ce qu'un geste a fait, et de quoi revenir dessus."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Etiquette, Texte, Verbatim, VerbatimVersion
from lib.domain.intervenants import Reconnaissance
from lib.domain.passages import Passage, TourDeParole, locuteur
from lib.domain.textes import plier
from lib.domain.vocabulaire import AncrageVerbatim
from lib.services.intervenants import lire_corrections

TEXTE_CHANGE = "Le texte a été corrigé entre-temps : rechargez la page avant de reprendre."


@dataclass(frozen=True, slots=True, kw_only=True)
class Geste:
    """Ce qu'un geste a changé, par identifiants ; `retours.annuler` s'en sert pour revenir en arrière.

    message : phrase à montrer. version_texte : version du texte au moment du geste. versions : ce que les verbatims
    déplacés ou annotés étaient avant. nees, rangees : étiquettes entrées dans la grille, ou sorties. etiquettes :
    celles qu'il a posées, quand il est relu au journal.
    """

    message: str
    entretien_id: int
    verbatim_id: int
    texte_id: int
    version_texte: int
    crees: tuple[int, ...] = ()
    archives: tuple[int, ...] = ()
    poses: tuple[int, ...] = ()
    retires: tuple[int, ...] = ()
    versions: tuple[int, ...] = ()
    nees: tuple[int, ...] = ()
    rangees: tuple[int, ...] = ()
    etiquettes: tuple[int, ...] = ()

    @property
    def change(self) -> bool:
        """Faux quand tout était déjà fait : un double envoi n'écrit rien."""
        return any((self.crees, self.archives, self.poses, self.retires, self.versions, self.nees, self.rangees))


@dataclass(slots=True)
class Carnet:
    """Note chaque changement au moment où il se fait, pour un texte et une personne."""

    session: Session
    compte_id: int
    texte: Texte
    crees: list[int] = field(default_factory=list)
    archives: list[int] = field(default_factory=list)
    poses: list[int] = field(default_factory=list)
    retires: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    nees: list[int] = field(default_factory=list)
    rangees: list[int] = field(default_factory=list)
    tours: tuple[TourDeParole, ...] | None = None

    def au_passage(self, passage: Passage) -> Verbatim | None:
        """Le verbatim vivant qui tient exactement ce passage."""
        bornes = Verbatim.debut == passage.debut, Verbatim.fin == passage.fin
        return self.session.scalars(self.vivants().where(*bornes)).one_or_none()

    def porteurs(self, etiquette_id: int) -> list[Verbatim]:
        """Les verbatims vivants du texte qui portent une étiquette."""
        portee = Etiquetage.etiquette_id == etiquette_id, Etiquetage.retire_le.is_(None)
        porteurs = select(Etiquetage.verbatim_id).where(Etiquetage.entretien_id == self.texte.entretien_id, *portee)
        return list(self.session.scalars(self.vivants().where(Verbatim.id.in_(porteurs)).order_by(Verbatim.debut)))

    def portees(self, verbatim: Verbatim) -> set[int]:
        """Les étiquettes que porte un verbatim."""
        vivants = Etiquetage.verbatim_id == verbatim.id, Etiquetage.retire_le.is_(None)
        return set(self.session.scalars(select(Etiquetage.etiquette_id).where(*vivants)))

    def vivants(self) -> Select[Verbatim]:
        """Les verbatims en place dans le texte."""
        return select(Verbatim).where(
            Verbatim.texte_id == self.texte.id,
            Verbatim.archive_le.is_(None),
            Verbatim.ancrage == AncrageVerbatim.SUR,
        )

    def creer(self, passage: Passage) -> Verbatim:
        """Surligne un passage neuf."""
        verbatim = Verbatim(
            investigation_id=self.texte.investigation_id,
            entretien_id=self.texte.entretien_id,
            texte_id=self.texte.id,
            cree_par=self.compte_id,
        )
        self._placer(verbatim, passage)
        self.session.add(verbatim)
        self.session.flush()
        self.crees.append(verbatim.id)
        return verbatim

    def deplacer(self, verbatim: Verbatim, passage: Passage) -> None:
        """Change les bornes d'un verbatim ; sa citation suit."""
        if (verbatim.debut, verbatim.fin, verbatim.ancrage) == (passage.debut, passage.fin, AncrageVerbatim.SUR):
            return
        self._garder(verbatim)
        self._placer(verbatim, passage)
        self.session.flush()

    def noter(self, verbatim: Verbatim, memo: str) -> None:
        """Change le mémo d'un verbatim."""
        if verbatim.memo != memo:
            self._garder(verbatim)
            verbatim.memo = memo
            self.session.flush()

    def remettre(self, verbatim: Verbatim, version: VerbatimVersion, *, place: bool, memo: bool) -> None:
        """Rend à un verbatim sa place et ses mots d'avant, son mémo d'avant, ou les deux."""
        self._garder(verbatim)
        if place:
            self._placer(verbatim, Passage(version.debut, version.fin))
            verbatim.citation, verbatim.citation_recherche = version.citation, plier(version.citation)
            verbatim.ancrage = version.ancrage
        if memo:
            verbatim.memo = version.memo
        self.session.flush()

    def _garder(self, verbatim: Verbatim) -> None:
        """Garde ce que le verbatim est, avant qu'il ne change : le journal, lui, tait les mots."""
        version = VerbatimVersion(
            verbatim_id=verbatim.id,
            geste=self.session.info.get("geste"),
            debut=verbatim.debut,
            fin=verbatim.fin,
            citation=verbatim.citation,
            memo=verbatim.memo,
            ancrage=verbatim.ancrage,
            remplace_par=self.compte_id,
        )
        self.session.add(version)
        self.session.flush()
        self.versions.append(version.id)

    def _placer(self, verbatim: Verbatim, passage: Passage) -> None:
        verbatim.debut, verbatim.fin = passage.debut, passage.fin
        verbatim.citation = passage.extraire(self.texte.contenu)
        verbatim.citation_recherche = plier(verbatim.citation)
        verbatim.locuteur = locuteur(self._tours(), passage)
        verbatim.ancrage = AncrageVerbatim.SUR

    def _tours(self) -> tuple[TourDeParole, ...]:
        if self.tours is None:
            corrections = Reconnaissance(corrections=lire_corrections(self.session, self.texte.entretien_id))
            self.tours = corrections.tours(self.texte.contenu, self.texte.nature)
        return self.tours

    def archiver(self, verbatim: Verbatim) -> None:
        """Retire un verbatim de partout, sans rien effacer."""
        if verbatim.archive_le is None:
            verbatim.archive_le = maintenant()
            self.archives.append(verbatim.id)
            self.session.flush()

    def retablir(self, verbatim: Verbatim) -> None:
        """Remet un verbatim archivé."""
        if verbatim.archive_le is not None:
            verbatim.archive_le = None
            self.crees.append(verbatim.id)
            self.session.flush()

    def poser(self, verbatim: Verbatim, etiquette: Etiquette) -> None:
        """Pose une étiquette, une seule fois par personne."""
        if any(etiquetage.compte_id == self.compte_id for etiquetage in self._poses(verbatim, etiquette.id)):
            return
        etiquetage = Etiquetage(
            investigation_id=verbatim.investigation_id,
            entretien_id=verbatim.entretien_id,
            verbatim_id=verbatim.id,
            etiquette_id=etiquette.id,
            compte_id=self.compte_id,
        )
        self.session.add(etiquetage)
        self.session.flush()
        self.poses.append(etiquetage.id)

    def retirer(self, verbatim: Verbatim, etiquette_id: int) -> None:
        """Retire une étiquette d'un verbatim, quelles que soient les personnes qui l'y ont posée."""
        self.decoller(self._poses(verbatim, etiquette_id))

    def decoller(self, etiquetages: Iterable[Etiquetage]) -> None:
        """Retire des étiquetages précis."""
        for etiquetage in etiquetages:
            if etiquetage.retire_le is None:
                etiquetage.retire_le, etiquetage.retire_par = maintenant(), self.compte_id
                self.retires.append(etiquetage.id)
        self.session.flush()

    def recoller(self, etiquetages: Iterable[Etiquetage]) -> None:
        """Remet des étiquetages retirés, à leur auteur ; celui qu'on a reposé depuis reste seul."""
        for etiquetage in etiquetages:
            repose = self._repose(etiquetage)
            if etiquetage.retire_le is not None and not repose:
                etiquetage.retire_le = etiquetage.retire_par = None
                self.poses.append(etiquetage.id)
        self.session.flush()

    def _repose(self, etiquetage: Etiquetage) -> bool:
        vivants = select(Etiquetage.compte_id).where(
            Etiquetage.verbatim_id == etiquetage.verbatim_id,
            Etiquetage.etiquette_id == etiquetage.etiquette_id,
            Etiquetage.retire_le.is_(None),
        )
        return etiquetage.compte_id in self.session.scalars(vivants).all()

    def _poses(self, verbatim: Verbatim, etiquette_id: int) -> list[Etiquetage]:
        vivants = select(Etiquetage).where(
            Etiquetage.verbatim_id == verbatim.id,
            Etiquetage.etiquette_id == etiquette_id,
            Etiquetage.retire_le.is_(None),
        )
        return list(self.session.scalars(vivants))

    def clore(self, verbatim: Verbatim, message: str) -> Geste:
        """Le geste accompli."""
        return Geste(
            message=message,
            entretien_id=self.texte.entretien_id,
            verbatim_id=verbatim.id,
            texte_id=self.texte.id,
            version_texte=self.texte.version,
            crees=tuple(self.crees),
            archives=tuple(self.archives),
            poses=tuple(self.poses),
            retires=tuple(self.retires),
            versions=tuple(self.versions),
            nees=tuple(self.nees),
            rangees=tuple(self.rangees),
        )
