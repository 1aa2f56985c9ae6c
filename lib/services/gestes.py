"""Gestes de codage : ce qu'un geste a fait, et de quoi revenir dessus."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Etiquetage, Etiquette, Texte, Verbatim
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit
from lib.domain.passages import Passage, locuteur, tours_de_parole
from lib.domain.textes import plier
from lib.domain.vocabulaire import AncrageVerbatim
from lib.services.double_codage.garde import refuser_en_double_codage
from lib.services.syntheses import suivre

M = TypeVar("M", Etiquetage, Verbatim)
TEXTE_CHANGE = "Le texte a été corrigé entre-temps : rechargez la page avant de reprendre."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bornes:
    """Place d'un verbatim avant un geste."""

    verbatim_id: int
    debut: int
    fin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Geste:
    """Ce qu'un geste a changé, par identifiants ; `annuler` s'en sert pour revenir en arrière.

    message : phrase à montrer. version_texte : version du texte au moment du geste.
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
    deplaces: tuple[Bornes, ...] = ()

    @property
    def change(self) -> bool:
        """Faux quand tout était déjà fait : un double envoi n'écrit rien."""
        return bool(self.crees or self.archives or self.poses or self.retires or self.deplaces)


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
    deplaces: list[Bornes] = field(default_factory=list)

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
        self.deplaces.append(Bornes(verbatim_id=verbatim.id, debut=verbatim.debut, fin=verbatim.fin))
        self._placer(verbatim, passage)
        self.session.flush()

    def _placer(self, verbatim: Verbatim, passage: Passage) -> None:
        verbatim.debut, verbatim.fin = passage.debut, passage.fin
        verbatim.citation = passage.extraire(self.texte.contenu)
        verbatim.citation_recherche = plier(verbatim.citation)
        verbatim.locuteur = locuteur(tours_de_parole(self.texte.contenu, self.texte.nature), passage)
        verbatim.ancrage = AncrageVerbatim.SUR

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
            deplaces=tuple(self.deplaces),
        )


def annuler(session: Session, perimetre: Perimetre, geste: Geste) -> Geste:
    """Défait un geste et rend le geste inverse (qui, annulé à son tour, refait).

    Lève Conflit si le texte a été corrigé depuis et qu'il faudrait y remettre d'anciennes bornes.
    """
    exiger(peut_consigner, perimetre)
    trouver(session, Texte, geste.texte_id, perimetre)
    refuser_en_double_codage(session, geste.entretien_id)
    with suivre(session, geste.entretien_id):
        texte = session.get_one(Texte, geste.texte_id, populate_existing=True)
        if geste.deplaces and texte.version != geste.version_texte:
            raise Conflit(TEXTE_CHANGE)
        carnet = Carnet(session, perimetre.compte_id, texte)
        _defaire(carnet, geste)
        return carnet.clore(session.get_one(Verbatim, geste.verbatim_id), "Geste annulé.")


def _defaire(carnet: Carnet, geste: Geste) -> None:
    """Retire avant de remettre : une place n'est jamais tenue deux fois."""
    carnet.decoller(_lire(carnet, Etiquetage, geste.poses))
    for verbatim in _lire(carnet, Verbatim, geste.crees):
        carnet.archiver(verbatim)
    for place in geste.deplaces:
        for verbatim in _lire(carnet, Verbatim, (place.verbatim_id,)):
            carnet.deplacer(verbatim, Passage(place.debut, place.fin))
    for verbatim in _lire(carnet, Verbatim, geste.archives):
        carnet.retablir(verbatim)
    carnet.recoller(_lire(carnet, Etiquetage, geste.retires))


def _lire(carnet: Carnet, modele: type[M], identifiants: tuple[int, ...]) -> list[M]:
    """Les lignes du geste, dans le seul entretien du geste."""
    dans_l_entretien = modele.id.in_(identifiants), modele.entretien_id == carnet.texte.entretien_id
    return list(carnet.session.scalars(select(modele).where(*dans_l_entretien).order_by(modele.id)))
