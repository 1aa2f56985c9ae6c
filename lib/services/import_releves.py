"""Charger une table de relevés dans une investigation : un entretien réalisé par code, tout ou rien."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Etiquette, IrritantReleve
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_consigner
from lib.domain.erreurs import DonneeInvalide
from lib.domain.horloge import aujourd_hui
from lib.domain.textes import plier
from lib.domain.vocabulaire import FamilleEtiquette, ModeEntretien, MoyenNotice, StatutEntretien
from lib.echanges.lignes_csv import dire_fautes
from lib.echanges.releves import LigneReleve, lire_releves
from lib.services import etiquettes
from lib.services.syntheses import suivre
from lib.services.terrains import terrains_du_fichier


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilan:
    """Ce que l'import a écrit."""

    entretiens: int
    releves: int
    irritants: int


def importer_releves(session: Session, perimetre: Perimetre, octets: bytes) -> Bilan:
    """Enregistre un entretien réalisé par code du fichier, et ses relevés ; les irritants inconnus sont créés.

    Importer vaut déclaration que chaque notice a été remise : sans elle, un entretien ne compterait dans aucun chiffre.
    Le fichier ne disant pas le jour, l'entretien porte celui de l'import.
    Lève DonneeInvalide avec toutes les lignes fautives, AccesRefuse ; alors la transaction n'écrit rien.
    """
    exiger(peut_consigner, perimetre)
    lignes = lire_releves(octets)
    terrains = terrains_du_fichier(session, perimetre, lignes)
    _refuser_les_connus(session, perimetre, lignes)
    connus = _irritants(session, perimetre)
    avant = len(connus)
    for ligne in lignes:
        if plier(ligne.irritant) not in connus:
            famille = FamilleEtiquette.IRRITANT
            connus[plier(ligne.irritant)] = etiquettes.creer(session, perimetre, nom=ligne.irritant, famille=famille)
    par_entretien: dict[str, list[LigneReleve]] = defaultdict(list)
    for ligne in lignes:
        par_entretien[ligne.entretien].append(ligne)
    for siennes in par_entretien.values():
        _poser(session, perimetre, siennes, terrains[plier(siennes[0].terrain)], connus)
    return Bilan(entretiens=len(par_entretien), releves=len(lignes), irritants=len(connus) - avant)


def _refuser_les_connus(session: Session, perimetre: Perimetre, lignes: Sequence[LigneReleve]) -> None:
    requete = select(Entretien.code).where(Entretien.investigation_id == perimetre.investigation_id)
    pris = set(session.scalars(requete))
    fautes = [
        f"Ligne {ligne.numero} : l'entretien {ligne.entretien} existe déjà ; corrigez-le depuis sa fiche."
        for ligne in lignes
        if ligne.entretien in pris
    ]
    if fautes:
        raise DonneeInvalide(dire_fautes(fautes))


def _irritants(session: Session, perimetre: Perimetre) -> dict[str, int]:
    requete = select(Etiquette.nom, Etiquette.id).where(
        visible(Etiquette, perimetre),
        Etiquette.famille == FamilleEtiquette.IRRITANT,
        Etiquette.archive_le.is_(None),
    )
    return {plier(nom): id_ for nom, id_ in session.execute(requete)}


def _poser(
    session: Session, perimetre: Perimetre, lignes: Sequence[LigneReleve], terrain_id: int, irritants: dict[str, int]
) -> None:
    jour = aujourd_hui()
    entretien = Entretien(
        investigation_id=perimetre.investigation_id,
        terrain_id=terrain_id,
        code=lignes[0].entretien,
        type_acteur=lignes[0].type_acteur,
        tenu_le=jour,
        mode=ModeEntretien.PRESENTIEL,
        statut=StatutEntretien.REALISE,
        notice_remise_le=jour,
        notice_moyen=MoyenNotice.PAPIER,
        cree_par=perimetre.auteur_id,
    )
    session.add(entretien)
    session.flush()
    with suivre(session, entretien.id, neuf=True):
        for ligne in lignes:
            session.add(
                IrritantReleve(
                    investigation_id=perimetre.investigation_id,
                    entretien_id=entretien.id,
                    etiquette_id=irritants[plier(ligne.irritant)],
                    releve=ligne.releve,
                )
            )
