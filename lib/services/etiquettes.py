"""Faire évoluer la grille de codage : créer, renommer, ranger, archiver — sans jamais rien effacer."""

from itertools import chain, count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Etiquette
from lib.db.perimetre import trouver, visible
from lib.db.verrou import attendre_son_tour
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import Conflit, DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.grille import lire_couleur
from lib.domain.textes import normaliser, normaliser_ligne, plier
from lib.domain.vocabulaire import FamilleEtiquette

LONGUEUR_NOM = 120
LONGUEUR_CODE = 50
TEXTES = ("definition", "inclusion", "exclusion", "exemples")


def creer(
    session: Session,
    perimetre: Perimetre,
    *,
    nom: str,
    famille: FamilleEtiquette | None = None,
    parent_id: int | None = None,
    couleur: str | None = None,
    nom_confirme: bool = False,
    **textes: str,
) -> int:
    """Ajoute une étiquette à la grille et rend son identifiant.

    famille : demandée à la racine ; sous un parent, c'est la sienne. textes : definition, inclusion, exclusion,
    exemples. nom_confirme : la personne sait qu'un nom ne diffère du sien que par les accents ou la casse.
    Lève DonneeInvalide si le nom manque, existe, ou ressemble ainsi à un autre sans avoir été confirmé.
    """
    exiger(peut_consigner, perimetre)
    parent = _parent(session, perimetre, parent_id)
    if parent is None and famille is None:
        raise DonneeInvalide("Choisissez la famille de l'étiquette, ou celle sous laquelle la ranger.", champ="famille")
    etiquette = Etiquette(
        investigation_id=perimetre.investigation_id,
        parent_id=parent_id,
        famille=parent.famille if parent else famille,
        code=_code_libre(session, perimetre, nom),
        ordre=_dernier_ordre(session, perimetre) + 1,
        cree_par=perimetre.auteur_id,
    )
    etiquette.couleur = lire_couleur(couleur)
    _decrire(session, perimetre, etiquette, nom, textes, nom_confirme=nom_confirme)
    session.add(etiquette)
    session.flush()
    return etiquette.id


def modifier(
    session: Session,
    perimetre: Perimetre,
    *,
    etiquette_id: int,
    version: int,
    nom: str,
    couleur: str | None = None,
    nom_confirme: bool = False,
    **textes: str,
) -> None:
    """Renomme, redéfinit, colore. Lève DonneeInvalide comme `creer`, Conflit si elle a changé depuis `version`."""
    etiquette = a_changer(session, perimetre, etiquette_id, version)
    etiquette.couleur = lire_couleur(couleur)
    _decrire(session, perimetre, etiquette, nom, textes, nom_confirme=nom_confirme)
    session.flush()


def ordonner(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int, rang: int) -> None:
    """Place une étiquette au rang voulu parmi ses sœurs (1 : la première). Lève Conflit comme `modifier`."""
    etiquette = a_changer(session, perimetre, etiquette_id, version)
    soeurs = _soeurs(session, etiquette)
    ordres = [soeur.ordre for soeur in soeurs]
    soeurs.remove(etiquette)
    soeurs.insert(max(rang - 1, 0), etiquette)
    dernier = min(ordres) - 1
    for soeur, ordre in zip(soeurs, sorted(ordres), strict=True):
        dernier = soeur.ordre = max(dernier + 1, ordre)
    session.flush()


def _soeurs(session: Session, etiquette: Etiquette) -> list[Etiquette]:
    """Celles qui sont rangées au même endroit, archivées comprises, dans l'ordre de la grille."""
    memes = [
        Etiquette.investigation_id == etiquette.investigation_id,
        Etiquette.famille == etiquette.famille,
        Etiquette.parent_id == etiquette.parent_id if etiquette.parent_id else Etiquette.parent_id.is_(None),
    ]
    return list(session.scalars(select(Etiquette).where(*memes).order_by(Etiquette.ordre, Etiquette.id)))


def deplacer(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int, parent_id: int | None) -> None:
    """Range une étiquette sous une autre, ou à la racine ; sa branche la suit et prend la famille d'arrivée.

    Lève DonneeInvalide si l'arrivée est dans sa propre branche, Conflit si elle a changé depuis `version`.
    """
    etiquette = a_changer(session, perimetre, etiquette_id, version)
    parent = _parent(session, perimetre, parent_id)
    branche = branche_de(session, etiquette)
    if parent_id in {membre.id for membre in branche}:
        raise DonneeInvalide("Une étiquette ne peut pas être rangée sous elle-même ni sous l'une de ses descendantes.")
    etiquette.parent_id = parent_id
    etiquette.ordre = _dernier_ordre(session, perimetre) + 1
    for membre in branche:
        membre.famille = parent.famille if parent else membre.famille
    session.flush()


def archiver(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int) -> None:
    """Retire une étiquette de la palette ; ses citations et ses comptes restent. Annulable.

    Lève DonneeInvalide si d'autres étiquettes sont rangées sous elle.
    """
    etiquette = a_changer(session, perimetre, etiquette_id, version)
    if any(membre.archive_le is None for membre in branche_de(session, etiquette)[1:]):
        raise DonneeInvalide(
            f"D'autres étiquettes sont rangées sous {guillemets(etiquette.nom)} : déplacez-les ou archivez-les d'abord."
        )
    etiquette.archive_le = maintenant()
    session.flush()


def retablir(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int) -> None:
    """Remet une étiquette archivée. Lève DonneeInvalide si son parent l'est encore ou si son nom a été repris."""
    etiquette = a_changer(session, perimetre, etiquette_id, version)
    if etiquette.fusionnee_dans_id is not None:
        raise DonneeInvalide(
            "Cette étiquette a été fusionnée : défaites la fusion pour la rétablir avec ses citations."
        )
    remettre(session, perimetre, etiquette)
    session.flush()


def remettre(session: Session, perimetre: Perimetre, etiquette: Etiquette) -> None:
    """La rend à la palette. Lève DonneeInvalide si son parent est archivé ou si son nom a été repris."""
    parent = session.get(Etiquette, etiquette.parent_id) if etiquette.parent_id else None
    if parent is not None and parent.archive_le is not None:
        raise DonneeInvalide(f"Rétablissez d'abord {guillemets(parent.nom)}, sous laquelle elle est rangée.")
    refuser_homonyme(session, perimetre, etiquette, etiquette.nom)
    etiquette.archive_le = None


def _decrire(
    session: Session,
    perimetre: Perimetre,
    etiquette: Etiquette,
    nom: str,
    textes: dict[str, str],
    *,
    nom_confirme: bool,
) -> None:
    nom = normaliser_ligne(nom, champ="nom", longueur=LONGUEUR_NOM)
    if not plier(nom):
        raise DonneeInvalide("Donnez un nom à l'étiquette.", champ="nom")
    # Qui ne touche pas au nom n'a pas à le confirmer une seconde fois.
    refuser_homonyme(session, perimetre, etiquette, nom, nom_confirme=nom_confirme or nom == etiquette.nom)
    etiquette.nom, etiquette.nom_recherche = nom, plier(nom)
    for champ, texte in textes.items():
        if champ not in TEXTES:
            raise TypeError(f"champ inconnu : {champ}")
        setattr(etiquette, champ, normaliser(texte, champ=champ).strip())


def refuser_homonyme(
    session: Session, perimetre: Perimetre, etiquette: Etiquette, nom: str, *, nom_confirme: bool = False
) -> None:
    """Lève DonneeInvalide si une autre porte ce nom, ou le même aux accents et à la casse près sans confirmation."""
    homonymes = session.scalars(
        select(Etiquette.nom).where(
            visible(Etiquette, perimetre),
            Etiquette.nom_recherche == plier(nom),
            Etiquette.archive_le.is_(None),
            Etiquette.id != (etiquette.id or 0),
        )
    ).all()
    if nom in homonymes:
        raise DonneeInvalide(
            f"La grille contient déjà {guillemets(nom)} : employez-la, ou précisez le nom.", champ="nom"
        )
    if homonymes and not nom_confirme:
        raise DonneeInvalide(
            f"La grille contient déjà {guillemets(homonymes[0])}, au même nom aux accents ou à la casse près : "
            "employez-la, précisez le nom, ou confirmez-le.",
            champ="nom",
        )


def a_changer(session: Session, perimetre: Perimetre, etiquette_id: int, version: int) -> Etiquette:
    """L'étiquette, seule à changer dans sa grille tant que dure la transaction. Lève Conflit, Introuvable."""
    exiger(peut_consigner, perimetre)
    attendre_son_tour(session, f"grille-{perimetre.investigation_id}")
    etiquette = trouver(session, Etiquette, etiquette_id, perimetre)
    if etiquette.version != version:
        raise Conflit(
            f"Quelqu'un d'autre vient de modifier {guillemets(etiquette.nom)} : relisez-la avant de reprendre."
        )
    return etiquette


def _parent(session: Session, perimetre: Perimetre, parent_id: int | None) -> Etiquette | None:
    if parent_id is None:
        return None
    parent = trouver(session, Etiquette, parent_id, perimetre)
    if parent.archive_le is not None:
        raise DonneeInvalide(
            f"{guillemets(parent.nom)} est archivée : choisissez où ranger l'étiquette.", champ="parent"
        )
    return parent


def branche_de(session: Session, etiquette: Etiquette) -> list[Etiquette]:
    """L'étiquette puis ses descendantes, niveau par niveau."""
    branche, niveau = [etiquette], [etiquette]
    while niveau:
        parents = [membre.id for membre in niveau]
        niveau = list(session.scalars(select(Etiquette).where(Etiquette.parent_id.in_(parents))))
        branche += niveau
    return branche


def _dernier_ordre(session: Session, perimetre: Perimetre) -> int:
    return session.scalar(select(func.max(Etiquette.ordre)).where(visible(Etiquette, perimetre))) or 0


def _code_libre(session: Session, perimetre: Perimetre, nom: str) -> str:
    """Code lisible tiré du nom, suivi d'un rang s'il est déjà pris."""
    lettres = "".join(c if c.isascii() and c.isalnum() else "-" for c in plier(nom))
    base = lettres[:LONGUEUR_CODE].strip("-") or "etiquette"
    proches = select(Etiquette.code).where(Etiquette.code.startswith(base, autoescape=True))
    pris = set(session.scalars(proches.where(visible(Etiquette, perimetre))))
    candidats = chain([base], (f"{base}-{rang}" for rang in count(2)))
    return next(code for code in candidats if code not in pris)
