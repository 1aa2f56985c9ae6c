"""Comptes : se connecter, changer de mot de passe, et ce que l'administration fait des comptes."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from lib.db.base import maintenant
from lib.db.modeles import Compte, Habilitation, Investigation, LigneJournal, Terrain
from lib.domain.droits import Perimetre, exiger, peut_administrer
from lib.domain.erreurs import AccesRefuse, Conflit, DonneeInvalide, Introuvable
from lib.domain.textes import normaliser_ligne
from lib.domain.vocabulaire import ActionJournal, Role
from lib.services import mots_de_passe, sessions, tentatives
from lib.services.transaction import CONFLIT, ecriture, lecture

# Une seule phrase pour tous les refus : elle ne dit pas si le compte existe.
REFUS = "Identifiant ou mot de passe incorrect."
IDENTIFIANT = re.compile(r"[a-z0-9][a-z0-9._@-]{2,79}")

Ouverture = tuple[int, int | None]
"""Une investigation et, pour s'y limiter, l'un de ses terrains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteProvisoire:
    """Un compte et le mot de passe à transmettre, qui ne se relira nulle part."""

    id: int
    mot_de_passe: str


# --- Se connecter -----------------------------------------------------------------------------------------------


def authentifier(moteur: Engine, *, identifiant: str, mot_de_passe: str, adresse: str) -> str:
    """Vérifie un mot de passe et rend un billet de session, valable une minute et une fois.

    Ouvre ses propres transactions : le calcul de l'empreinte dure un quart de seconde, et ne doit retenir ni
    connexion ni verrou. adresse : celle de la personne, pour ralentir les essais.
    Lève AccesRefuse (même phrase et même durée si le compte n'existe pas) ou TropDEssais.
    """
    nom = normaliser_identifiant(identifiant)
    with ecriture(moteur, None) as session:
        essai = tentatives.reserver(session, identifiant=nom, adresse=adresse, instant=maintenant())
    with lecture(moteur) as session:
        compte = session.scalars(select(Compte).where(Compte.identifiant == nom)).one_or_none()
    juste = mots_de_passe.est_juste(mot_de_passe, compte.mot_de_passe if compte else None)
    with ecriture(moteur, None) as session:
        if compte is not None and compte.actif and juste:
            tentatives.oublier(session, essai)
            _journaliser_connexion(session, compte)
            return sessions.creer_billet(session, compte.id, maintenant())
        _journaliser_echec(session, compte)
    raise AccesRefuse(REFUS)


def changer_mot_de_passe(
    moteur: Engine, perimetre: Perimetre, *, actuel: str, nouveau: str, confirmation: str, adresse: str
) -> str:
    """Remplace le mot de passe du compte, ferme toutes ses sessions et rend le billet d'une nouvelle.

    Ouvre ses propres transactions, comme `authentifier`. Lève DonneeInvalide, AccesRefuse ou TropDEssais.
    """
    if nouveau != confirmation:
        raise DonneeInvalide("Les deux saisies du nouveau mot de passe diffèrent.", champ="confirmation")
    if nouveau == actuel:
        raise DonneeInvalide("Le nouveau mot de passe est le même que l'actuel.", champ="mot_de_passe")
    with ecriture(moteur, None) as session:
        compte = session.get_one(Compte, perimetre.compte_id)
        essai = tentatives.reserver(session, identifiant=compte.identifiant, adresse=adresse, instant=maintenant())
    if not mots_de_passe.est_juste(actuel, compte.mot_de_passe):
        raise AccesRefuse("Le mot de passe actuel n'est pas le bon.")
    empreinte = mots_de_passe.empreinte(nouveau)
    with ecriture(moteur, perimetre) as session:
        tentatives.oublier(session, essai)
        _poser_mot_de_passe(session, session.get_one(Compte, perimetre.compte_id), empreinte, provisoire=False)
        return sessions.creer_billet(session, perimetre.compte_id, maintenant())


def normaliser_identifiant(saisie: str) -> str:
    """Un identifiant s'écrit en minuscules, sans blanc au bord."""
    return unicodedata.normalize("NFKC", saisie).strip().lower()


# --- Administrer les comptes ------------------------------------------------------------------------------------


def creer_compte(
    session: Session,
    perimetre: Perimetre,
    *,
    identifiant: str,
    nom: str,
    role: Role,
    ouvertures: Collection[Ouverture] = (),
    mot_de_passe: str | None = None,
) -> CompteProvisoire:
    """Crée un compte. mot_de_passe : choisi par la personne elle-même ; sinon un provisoire est inventé.

    Lève DonneeInvalide : identifiant mal formé ou pris, nom vide, mot de passe trop court, ouverture interdite.
    """
    exiger(peut_administrer, perimetre)
    donne = mot_de_passe or mots_de_passe.en_inventer_un()
    compte = Compte(
        identifiant=_identifiant_valide(identifiant),
        nom_affiche=_nom_valide(nom),
        role=role,
        mot_de_passe=mots_de_passe.empreinte(donne),
        mot_de_passe_provisoire=mot_de_passe is None,
        habilitations=_habilitations(session, role, ouvertures),
    )
    session.add(compte)
    session.flush()
    return CompteProvisoire(id=compte.id, mot_de_passe=donne)


def modifier_compte(
    session: Session,
    perimetre: Perimetre,
    *,
    compte_id: int,
    version: int,
    nom: str,
    role: Role,
    ouvertures: Collection[Ouverture],
) -> None:
    """Change le nom, le rôle et ce que le compte peut ouvrir ; effet au prochain geste de la personne.

    Lève Conflit si le compte a changé depuis la lecture, DonneeInvalide si l'administration se retirerait.
    """
    exiger(peut_administrer, perimetre)
    compte = _trouver(session, compte_id)
    if compte.version != version:
        raise Conflit(CONFLIT)
    if role is not Role.ADMINISTRATEUR:
        _proteger_l_administration(session, perimetre, compte)
    compte.nom_affiche = _nom_valide(nom)
    compte.role = role
    _remplacer_habilitations(session, compte, _habilitations(session, role, ouvertures))


def desactiver_compte(session: Session, perimetre: Perimetre, *, compte_id: int) -> None:
    """Ferme le compte et ses sessions ; il se réactive. Lève DonneeInvalide pour soi ou le dernier administrateur."""
    exiger(peut_administrer, perimetre)
    compte = _trouver(session, compte_id)
    _proteger_l_administration(session, perimetre, compte)
    compte.actif = False
    sessions.fermer_toutes(session, compte.id, maintenant())


def reactiver_compte(session: Session, perimetre: Perimetre, *, compte_id: int) -> None:
    """Rouvre un compte fermé, avec les mêmes droits."""
    exiger(peut_administrer, perimetre)
    _trouver(session, compte_id).actif = True


def reinitialiser_mot_de_passe(
    session: Session, perimetre: Perimetre, *, compte_id: int, mot_de_passe: str | None = None
) -> CompteProvisoire:
    """Donne un nouveau mot de passe et ferme les sessions du compte.

    mot_de_passe : choisi par la personne elle-même (ligne de commande) ; sinon un provisoire est inventé.
    """
    exiger(peut_administrer, perimetre)
    donne = mot_de_passe or mots_de_passe.en_inventer_un()
    empreinte = mots_de_passe.empreinte(donne)
    _poser_mot_de_passe(session, _trouver(session, compte_id), empreinte, provisoire=mot_de_passe is None)
    return CompteProvisoire(id=compte_id, mot_de_passe=donne)


def identifiant_vers_id(session: Session, identifiant: str) -> int:
    """Le compte qui porte cet identifiant. Lève Introuvable."""
    trouve = session.scalar(select(Compte.id).where(Compte.identifiant == normaliser_identifiant(identifiant)))
    if trouve is None:
        raise Introuvable("Aucun compte ne porte cet identifiant.")
    return trouve


# --- Règles -----------------------------------------------------------------------------------------------------


def _trouver(session: Session, compte_id: int) -> Compte:
    compte = session.get(Compte, compte_id)
    if compte is None:
        raise Introuvable("Ce compte n'existe pas.")
    return compte


def _identifiant_valide(saisie: str) -> str:
    identifiant = normaliser_identifiant(saisie)
    if not IDENTIFIANT.fullmatch(identifiant):
        raise DonneeInvalide(
            "Un identifiant compte de 3 à 80 signes : lettres sans accent, chiffres, point, tiret, « @ ».",
            champ="identifiant",
        )
    return identifiant


def _nom_valide(saisie: str) -> str:
    nom = normaliser_ligne(saisie, champ="nom", longueur=120)
    if not nom:
        raise DonneeInvalide("Donnez le nom à afficher pour ce compte.", champ="nom")
    return nom


def _proteger_l_administration(session: Session, perimetre: Perimetre, compte: Compte) -> None:
    """Personne ne se retire soi-même l'administration, et il reste toujours quelqu'un pour administrer."""
    if compte.role is not Role.ADMINISTRATEUR or not compte.actif:
        return
    if compte.id == perimetre.compte_id:
        raise DonneeInvalide("Vous ne pouvez pas vous retirer l'administration : demandez-le à une autre personne.")
    # Verrouillées : deux personnes qui se retirent l'une l'autre passent l'une après l'autre.
    actifs = select(Compte.id).where(Compte.role == Role.ADMINISTRATEUR, Compte.actif.is_(True))
    if len(session.scalars(actifs.order_by(Compte.id).with_for_update()).all()) < 2:
        raise DonneeInvalide("C'est le dernier compte d'administration : donnez d'abord ce rôle à quelqu'un d'autre.")


def _habilitations(session: Session, role: Role, ouvertures: Collection[Ouverture]) -> list[Habilitation]:
    """Une ligne par ouverture ; « toute l'investigation » rend inutiles ses terrains un par un."""
    entieres = {investigation for investigation, terrain in ouvertures if terrain is None}
    utiles = sorted({o for o in ouvertures if o[1] is None or o[0] not in entieres}, key=lambda o: (o[0], o[1] or 0))
    for investigation_id, terrain_id in utiles:
        _verifier_ouverture(session, role, investigation_id, terrain_id)
    return [Habilitation(investigation_id=i, terrain_id=t) for i, t in utiles]


def _verifier_ouverture(session: Session, role: Role, investigation_id: int, terrain_id: int | None) -> None:
    investigation = session.get(Investigation, investigation_id)
    if investigation is None:
        raise Introuvable("Cette investigation n'existe pas.")
    if role is Role.DEMONSTRATION and not investigation.fictive:
        raise DonneeInvalide("Une visite de démonstration n'ouvre que des investigations fictives.", champ="ouvertures")
    terrain = session.get(Terrain, terrain_id) if terrain_id is not None else None
    if terrain_id is not None and (terrain is None or terrain.investigation_id != investigation_id):
        raise Introuvable("Ce terrain n'appartient pas à cette investigation.")


def _remplacer_habilitations(session: Session, compte: Compte, voulues: list[Habilitation]) -> None:
    """N'écrit que ce qui change : le journal ne dit que ce qui s'est passé."""
    gardees = {(h.investigation_id, h.terrain_id): h for h in compte.habilitations}
    if set(gardees) == {(h.investigation_id, h.terrain_id) for h in voulues}:
        return
    compte.habilitations = [gardees.get((h.investigation_id, h.terrain_id), h) for h in voulues]
    session.flush()
    # Le verrou optimiste ne voit que les colonnes du compte : ses ouvertures comptent aussi.
    session.execute(update(Compte).where(Compte.id == compte.id).values(version=Compte.version + 1))


def _poser_mot_de_passe(session: Session, compte: Compte, empreinte: str, *, provisoire: bool) -> None:
    compte.mot_de_passe = empreinte
    compte.mot_de_passe_provisoire = provisoire
    compte.mot_de_passe_change_le = maintenant()
    sessions.fermer_toutes(session, compte.id, maintenant())


def _journaliser_connexion(session: Session, compte: Compte) -> None:
    ligne = LigneJournal(action=ActionJournal.CONNEXION, objet="comptes", objet_id=str(compte.id), compte_id=compte.id)
    session.add(ligne)


def _journaliser_echec(session: Session, compte: Compte | None) -> None:
    """L'identifiant tapé n'est jamais gardé : on y tape parfois un mot de passe."""
    motif = "Compte inconnu" if compte is None else "Mot de passe refusé" if compte.actif else "Compte désactivé"
    objet_id = str(compte.id) if compte else None
    session.add(LigneJournal(action=ActionJournal.ECHEC_CONNEXION, objet="comptes", objet_id=objet_id, motif=motif))
