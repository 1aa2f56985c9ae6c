"""Les deux versions côte à côte, leurs désaccords, et ce qu'on en retient ; rien avant que les deux aient fini."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.double_codage import Desaccord, TexteCompare, UniteCodee, separer, unites_a_coder
from lib.db.base import maintenant
from lib.db.modeles import Arbitrage, DoubleCodage, Etiquetage, Etiquette, Texte, Verbatim, VersionCodage
from lib.db.perimetre import trouver
from lib.domain.double_codage import ChoixArbitrage, EtapeDoubleCodage
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import compter
from lib.domain.passages import Passage
from lib.domain.vocabulaire import AncrageVerbatim, NatureTexte
from lib.services.double_codage.ouverture import etape, verbatims_ecartes
from lib.services.double_codage.versions import Grille, comparer_versions, lire_grille
from lib.services.gestes import Carnet
from lib.services.syntheses import suivre
from lib.services.transaction import CONFLIT

AVEUGLE = "Les deux versions ne se voient pas encore : elles se comparent quand les deux personnes ont fini."
CONTEXTE = 90
Cle = tuple[int, int, int, int]
"""(texte, étiquette, début, fin) d'un désaccord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TourCompare:
    """Une unité de parole et les étiquettes de chaque version. texte : son début."""

    numero: int
    nature: NatureTexte
    texte: str
    premiere: tuple[str, ...]
    seconde: tuple[str, ...]

    @property
    def accord(self) -> bool:
        """Les mêmes étiquettes des deux côtés."""
        return self.premiere == self.seconde


@dataclass(frozen=True, slots=True, kw_only=True)
class DesaccordLu:
    """Un désaccord à trancher. avant, apres : les mots qui l'entourent ; choix : ce qui est décidé, ou None."""

    cle: Cle
    etiquette: str
    nature: NatureTexte
    avant: str
    apres: str
    premiers: tuple[str, ...]
    seconds: tuple[str, ...]
    permis: tuple[ChoixArbitrage, ...]
    choix: ChoixArbitrage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparaison:
    """Deux versions rendues. accords : passages posés de même des deux côtés."""

    tours: tuple[TourCompare, ...]
    desaccords: tuple[DesaccordLu, ...]
    accords: int

    @property
    def restants(self) -> int:
        """Désaccords à trancher."""
        return sum(desaccord.choix is None for desaccord in self.desaccords)


def lire_comparaison(session: Session, perimetre: Perimetre, *, double_id: int) -> Comparaison:
    """Les deux versions côte à côte. Lève DonneeInvalide tant que l'une n'est pas rendue, ou si c'est abandonné."""
    grille = lire_grille(session, perimetre)
    double, textes = _comparer(session, perimetre, double_id, grille)
    noms = grille.noms
    choix = _choix(session, double.id)
    separes = [(texte, separer(compare)) for texte, compare in textes]
    return Comparaison(
        tours=tuple(_tours(textes, noms)),
        desaccords=tuple(
            _lu(texte, desaccord, noms, choix) for texte, (_, desaccords) in separes for desaccord in desaccords
        ),
        accords=sum(len(passages) for _, (accords, _) in separes for passages in accords.values()),
    )


def trancher(session: Session, perimetre: Perimetre, *, double_id: int, cle: Cle, choix: ChoixArbitrage) -> None:
    """Décide d'un désaccord ; on peut y revenir jusqu'à l'arbitrage. Lève DonneeInvalide."""
    double, textes = _comparer(session, perimetre, double_id)
    _a_arbitrer(double)
    vus = {cle_de(desaccord): desaccord for _, compare in textes for desaccord in separer(compare)[1]}
    if cle not in vus or choix not in vus[cle].choix:
        raise DonneeInvalide("Ce choix ne convient pas à ce désaccord : rechargez la page.")
    texte_id, etiquette_id, debut, fin = cle
    deja = session.scalars(
        select(Arbitrage).where(
            Arbitrage.double_id == double.id,
            Arbitrage.texte_id == texte_id,
            Arbitrage.etiquette_id == etiquette_id,
            Arbitrage.debut == debut,
            Arbitrage.fin == fin,
        )
    ).one_or_none()
    arbitrage = deja or Arbitrage(
        investigation_id=double.investigation_id,
        entretien_id=double.entretien_id,
        double_id=double.id,
        texte_id=texte_id,
        etiquette_id=etiquette_id,
        debut=debut,
        fin=fin,
    )
    arbitrage.choix, arbitrage.cree_par = choix, perimetre.auteur_id
    session.add(arbitrage)
    session.flush()


def arbitrer(session: Session, perimetre: Perimetre, *, double_id: int, version: int) -> None:
    """Verse la version arbitrée dans le codage commun : accords, et ce que chaque désaccord a laissé.

    Lève DonneeInvalide s'il reste un désaccord à trancher, Conflit si quelqu'un vient d'y toucher.
    """
    double, textes = _comparer(session, perimetre, double_id)
    _a_arbitrer(double)
    if double.version != version:
        raise Conflit(CONFLIT)
    choix = _choix(session, double.id)
    retenus = {texte.id: _retenir(compare, choix) for texte, compare in textes}
    with suivre(session, double.entretien_id):
        _retablir(session, perimetre, double, retenus)
        for texte, _ in textes:
            _verser(Carnet(session, perimetre.compte_id, texte), retenus[texte.id])
        double.arbitre_le, double.arbitre_par = maintenant(), perimetre.auteur_id


def cle_de(desaccord: Desaccord) -> Cle:
    """Ce qui désigne un désaccord d'une lecture à l'autre."""
    return desaccord.texte_id, desaccord.etiquette_id, desaccord.lieu.debut, desaccord.lieu.fin


def _a_arbitrer(double: DoubleCodage) -> None:
    if double.arbitre_le is not None:
        raise DonneeInvalide("Ce double codage est déjà arbitré : sa version est dans le codage commun.")


def _comparer(
    session: Session, perimetre: Perimetre, double_id: int, grille: Grille | None = None
) -> tuple[DoubleCodage, list[tuple[Texte, TexteCompare]]]:
    exiger(peut_consigner, perimetre)
    double = trouver(session, DoubleCodage, double_id, perimetre)
    versions = session.scalars(select(VersionCodage).where(VersionCodage.double_id == double.id)).all()
    if etape(double, versions) not in {EtapeDoubleCodage.ARBITRAGE, EtapeDoubleCodage.ARBITRE}:
        raise DonneeInvalide(AVEUGLE)
    return double, comparer_versions(session, grille or lire_grille(session, perimetre), versions)


def _choix(session: Session, double_id: int) -> dict[Cle, ChoixArbitrage]:
    arbitrages = session.scalars(select(Arbitrage).where(Arbitrage.double_id == double_id))
    return {(a.texte_id, a.etiquette_id, a.debut, a.fin): a.choix for a in arbitrages}


def _tours(textes: Iterable[tuple[Texte, TexteCompare]], noms: dict[int, str]) -> Iterable[TourCompare]:
    for texte, compare in textes:
        for numero, codee in enumerate(unites_a_coder(compare), start=1):
            yield TourCompare(
                numero=numero,
                nature=texte.nature,
                texte=_extrait(texte, codee),
                premiere=_nommer(codee.premiere, noms),
                seconde=_nommer(codee.seconde, noms),
            )


def _extrait(texte: Texte, codee: UniteCodee) -> str:
    entier = " ".join(texte.contenu[codee.unite.debut : codee.unite.fin].split())
    return entier if len(entier) <= 2 * CONTEXTE else f"{entier[: 2 * CONTEXTE].rstrip()}…"


def _nommer(etiquettes: Iterable[int], noms: dict[int, str]) -> tuple[str, ...]:
    return tuple(sorted(noms.get(etiquette_id, "Étiquette retirée") for etiquette_id in etiquettes))


def _lu(texte: Texte, desaccord: Desaccord, noms: dict[int, str], choix: dict[Cle, ChoixArbitrage]) -> DesaccordLu:
    contenu, lieu = texte.contenu, desaccord.lieu
    return DesaccordLu(
        cle=cle_de(desaccord),
        etiquette=noms.get(desaccord.etiquette_id, "Étiquette retirée"),
        nature=texte.nature,
        avant=contenu[max(0, lieu.debut - CONTEXTE) : lieu.debut],
        apres=contenu[lieu.fin : lieu.fin + CONTEXTE],
        premiers=tuple(passage.extraire(contenu) for passage in desaccord.premiers),
        seconds=tuple(passage.extraire(contenu) for passage in desaccord.seconds),
        permis=desaccord.choix,
        choix=choix.get(cle_de(desaccord)),
    )


def _retenir(compare: TexteCompare, choix: dict[Cle, ChoixArbitrage]) -> dict[Passage, set[int]]:
    """Passage → étiquettes de la version arbitrée."""
    accords, desaccords = separer(compare)
    restants = sum(cle_de(desaccord) not in choix for desaccord in desaccords)
    if restants:
        raise DonneeInvalide(f"Il reste {compter(restants, 'désaccord')} à trancher avant d'arbitrer.")
    poses = [(passage, etiquette_id) for etiquette_id, passages in accords.items() for passage in passages]
    for desaccord in desaccords:
        poses += [(passage, desaccord.etiquette_id) for passage in desaccord.retenir(choix[cle_de(desaccord)])]
    retenus: dict[Passage, set[int]] = {}
    for passage, etiquette_id in poses:
        retenus.setdefault(passage, set()).add(etiquette_id)
    return retenus


def _retablir(
    session: Session, perimetre: Perimetre, double: DoubleCodage, retenus: dict[int, dict[Passage, set[int]]]
) -> None:
    """Remet ce que la version arbitrée garde, et ce qui n'était pas en jeu : passages nus ou à replacer."""
    for verbatim in verbatims_ecartes(session, double.id):
        portees = _portees(session, verbatim)
        gardees = retenus.get(verbatim.texte_id, {}).get(Passage(verbatim.debut, verbatim.fin), set())
        hors_jeu = verbatim.ancrage is not AncrageVerbatim.SUR or not portees
        if not (gardees or hors_jeu):
            continue
        carnet = Carnet(session, perimetre.compte_id, session.get_one(Texte, verbatim.texte_id))
        carnet.retablir(verbatim)
        if not hors_jeu:
            carnet.decoller(pose for pose in portees if pose.etiquette_id not in gardees)


def _portees(session: Session, verbatim: Verbatim) -> list[Etiquetage]:
    vivants = Etiquetage.verbatim_id == verbatim.id, Etiquetage.retire_le.is_(None)
    return list(session.scalars(select(Etiquetage).where(*vivants)))


def _verser(carnet: Carnet, retenus: dict[Passage, set[int]]) -> None:
    for passage, etiquettes in sorted(retenus.items()):
        verbatim = carnet.au_passage(passage) or carnet.creer(passage)
        deja = carnet.portees(verbatim)
        for etiquette_id in sorted(etiquettes - deja):
            carnet.poser(verbatim, carnet.session.get_one(Etiquette, etiquette_id))
