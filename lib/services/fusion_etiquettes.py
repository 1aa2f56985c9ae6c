"""Verser une étiquette dans une autre, et pouvoir revenir exactement en arrière.

Les étiquetages changent d'étiquette sur place : leur auteur, leur date et l'annulation d'un geste de codage tiennent.
Ils passent par le SQL et non par l'ORM, car ils peuvent être cent mille ; ce que la fusion a changé à chacun se garde
dans `reports_fusion`, et le journal en dit la fusion.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from lib.db.base import maintenant
from lib.db.journalisation import avancer_version
from lib.db.modeles import Entretien, Etiquetage, Etiquette, FusionEtiquettes, IrritantReleve, ReportFusion
from lib.db.perimetre import trouver
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import guillemets
from lib.domain.grille import NatureReport, plus_fort, plus_intense
from lib.domain.vocabulaire import Releve
from lib.services.etiquettes import a_changer, branche_de, remettre
from lib.services.syntheses import refaire_etiquettes


@dataclass(frozen=True, slots=True)
class _Travail:
    """Une fusion en cours ou défaite : deux étiquettes, et qui agit."""

    session: Session
    perimetre: Perimetre
    fusion: FusionEtiquettes

    def noter(self, nature: NatureReport, lignes: Any) -> None:
        """Retient les lignes (`id`, ou `id` et `avant`) que la fusion va changer."""
        colonnes = [ReportFusion.fusion_id, ReportFusion.nature, ReportFusion.objet_id]
        source = select(literal(self.fusion.id), literal(nature, ReportFusion.nature.type), lignes.c.id)
        self.session.execute(insert(ReportFusion).from_select(colonnes, source))

    def notees(self, nature: NatureReport) -> Any:
        """Les identifiants retenus."""
        return select(ReportFusion.objet_id).where(
            ReportFusion.fusion_id == self.fusion.id, ReportFusion.nature == nature
        )

    def changer(self, modele: Any, condition: ColumnElement[bool], **valeurs: Any) -> None:
        """Change des lignes sans les charger."""
        ordre = update(modele).where(condition).values(**valeurs)
        self.session.execute(ordre.execution_options(synchronize_session=False))


def fusionner(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int, dans_id: int) -> int:
    """Verse une étiquette dans une autre de la même famille et rend le numéro de la fusion.

    Ses citations, ses relevés et ce qui est rangé sous elle passent à l'autre ; elle-même est archivée.
    Lève DonneeInvalide (elle-même, sa propre descendante, une autre famille, une archivée), Conflit.
    """
    absorbee = a_changer(session, perimetre, etiquette_id, version)
    gardee = trouver(session, Etiquette, dans_id, perimetre)
    _refuser(session, absorbee, gardee)
    _tenir(session, perimetre, absorbee.id, gardee.id)
    fusion = FusionEtiquettes(
        investigation_id=absorbee.investigation_id,
        absorbee_id=absorbee.id,
        gardee_id=gardee.id,
        cree_par=perimetre.auteur_id,
    )
    session.add(fusion)
    absorbee.archive_le, absorbee.fusionnee_dans_id = maintenant(), gardee.id
    session.flush()
    travail = _Travail(session, perimetre, fusion)
    _passer_etiquetages(travail)
    _passer_releves(travail)
    _ranger_sous_la_gardee(travail)
    refaire_etiquettes(session, absorbee.investigation_id, (absorbee.id, gardee.id))
    return fusion.id


def defusionner(session: Session, perimetre: Perimetre, *, etiquette_id: int, version: int) -> None:
    """Rend à une étiquette fusionnée tout ce qui lui a été pris ; ce qui a changé depuis reste où il est.

    Lève DonneeInvalide si elle n'est pas fusionnée, si l'autre l'a été à son tour, ou si son nom a été repris.
    """
    absorbee = a_changer(session, perimetre, etiquette_id, version)
    fusion = session.scalars(
        select(FusionEtiquettes)
        .where(FusionEtiquettes.absorbee_id == absorbee.id, FusionEtiquettes.defaite_le.is_(None))
        .order_by(FusionEtiquettes.id.desc())
    ).first()
    if fusion is None or absorbee.fusionnee_dans_id is None:
        raise DonneeInvalide("Cette étiquette n'est pas fusionnée : il n'y a rien à défaire.")
    _refuser_suite(session.get_one(Etiquette, fusion.gardee_id))
    _tenir(session, perimetre, absorbee.id, fusion.gardee_id)
    absorbee.fusionnee_dans_id = None
    remettre(session, perimetre, absorbee)
    fusion.defaite_le, fusion.defaite_par = maintenant(), perimetre.auteur_id
    session.flush()
    travail = _Travail(session, perimetre, fusion)
    _rendre_etiquetages(travail)
    _rendre_releves(travail)
    _rendre_rangees(travail, absorbee)
    refaire_etiquettes(session, absorbee.investigation_id, (absorbee.id, fusion.gardee_id))


def _refuser(session: Session, absorbee: Etiquette, gardee: Etiquette) -> None:
    if gardee.id in {membre.id for membre in branche_de(session, absorbee)}:
        raise DonneeInvalide(
            "Une étiquette ne se fusionne ni dans elle-même ni dans l'une de ses descendantes : "
            "fusionnez plutôt la descendante dans celle-ci."
        )
    for etiquette in (absorbee, gardee):
        if etiquette.archive_le is not None:
            raise DonneeInvalide(f"{guillemets(etiquette.nom)} est archivée : rétablissez-la avant de fusionner.")
    if absorbee.famille is not gardee.famille:
        raise DonneeInvalide(
            f"{guillemets(absorbee.nom)} et {guillemets(gardee.nom)} ne sont pas de la même famille : "
            "rangez d'abord l'une auprès de l'autre."
        )


def _refuser_suite(gardee: Etiquette) -> None:
    if gardee.fusionnee_dans_id is not None:
        raise DonneeInvalide(f"{guillemets(gardee.nom)} a été fusionnée à son tour : défaites d'abord cette fusion-là.")


def _tenir(session: Session, perimetre: Perimetre, *etiquettes: int) -> None:
    """Verrouille les entretiens touchés, puis le rang d'écriture : personne n'y code pendant la fusion."""
    codes = select(Etiquetage.entretien_id).where(Etiquetage.etiquette_id.in_(etiquettes))
    releves = select(IrritantReleve.entretien_id).where(IrritantReleve.etiquette_id.in_(etiquettes))
    touches = Entretien.id.in_(codes.union(releves))
    session.execute(select(Entretien.id).where(touches).order_by(Entretien.id).with_for_update(key_share=True)).all()
    avancer_version(session, perimetre.investigation_id or 0)


# --- Étiquetages ------------------------------------------------------------------------------------------------


def _passer_etiquetages(travail: _Travail) -> None:
    fusion = travail.fusion
    vivants = select(Etiquetage.id).where(Etiquetage.etiquette_id == fusion.absorbee_id, Etiquetage.retire_le.is_(None))
    travail.noter(NatureReport.DOUBLON, vivants.where(_deja_pose(fusion.gardee_id)).subquery())
    doublons = travail.notees(NatureReport.DOUBLON)
    auteur = travail.perimetre.auteur_id
    travail.changer(Etiquetage, Etiquetage.id.in_(doublons), retire_le=maintenant(), retire_par=auteur)
    travail.noter(NatureReport.PASSE, vivants.subquery())
    passes = travail.notees(NatureReport.PASSE)
    travail.changer(Etiquetage, Etiquetage.id.in_(passes), etiquette_id=fusion.gardee_id)


def _deja_pose(etiquette_id: int) -> ColumnElement[bool]:
    """La même personne a posé cette étiquette-là sur le même verbatim."""
    autre = aliased(Etiquetage)
    return exists().where(
        autre.verbatim_id == Etiquetage.verbatim_id,
        autre.compte_id == Etiquetage.compte_id,
        autre.etiquette_id == etiquette_id,
        autre.retire_le.is_(None),
    )


def _rendre_etiquetages(travail: _Travail) -> None:
    """Ce que quelqu'un a envoyé ailleurs, ou reposé, depuis la fusion n'est pas repris."""
    fusion = travail.fusion
    passes = and_(
        Etiquetage.id.in_(travail.notees(NatureReport.PASSE)),
        Etiquetage.etiquette_id == fusion.gardee_id,
        ~_deja_pose(fusion.absorbee_id),
    )
    travail.changer(Etiquetage, passes, etiquette_id=fusion.absorbee_id)
    doublons = and_(Etiquetage.id.in_(travail.notees(NatureReport.DOUBLON)), ~_deja_pose(fusion.absorbee_id))
    travail.changer(Etiquetage, doublons, retire_le=None, retire_par=None)


# --- Relevés ----------------------------------------------------------------------------------------------------


def _passer_releves(travail: _Travail) -> None:
    """Là où les deux étaient relevées, la gardée prend le plus fort ; le relevé de l'autre reste avec elle."""
    fusion, garde = travail.fusion, aliased(IrritantReleve)
    meme = and_(garde.entretien_id == IrritantReleve.entretien_id, garde.etiquette_id == fusion.gardee_id)
    pris = IrritantReleve.etiquette_id == fusion.absorbee_id
    travail.noter(NatureReport.RELEVE_PASSE, select(IrritantReleve.id).where(pris, ~exists().where(meme)).subquery())
    doubles = travail.session.execute(
        select(IrritantReleve.releve, IrritantReleve.intensite, garde).join(garde, meme).where(pris)
    ).all()
    for releve, intensite, tenu in doubles:
        _renforcer(travail, tenu, releve, intensite)
    travail.session.flush()
    passes = IrritantReleve.id.in_(travail.notees(NatureReport.RELEVE_PASSE))
    suivante = IrritantReleve.version + 1
    travail.changer(IrritantReleve, passes, etiquette_id=fusion.gardee_id, version=suivante)


def _renforcer(travail: _Travail, tenu: IrritantReleve, releve: Releve, intensite: int | None) -> None:
    avant = {"releve": tenu.releve.value, "intensite": tenu.intensite}
    tenu.releve, tenu.intensite = plus_fort(tenu.releve, releve), plus_intense(tenu.intensite, intensite)
    apres = {"releve_apres": tenu.releve.value, "intensite_apres": tenu.intensite}
    travail.session.add(
        ReportFusion(
            fusion_id=travail.fusion.id, nature=NatureReport.RELEVE_RETENU, objet_id=tenu.id, avant=avant | apres
        )
    )


def _rendre_releves(travail: _Travail) -> None:
    """Un relevé corrigé depuis la fusion garde sa correction."""
    fusion, autre = travail.fusion, aliased(IrritantReleve)
    passes = and_(
        IrritantReleve.id.in_(travail.notees(NatureReport.RELEVE_PASSE)),
        IrritantReleve.etiquette_id == fusion.gardee_id,
        IrritantReleve.entretien_id.not_in(select(autre.entretien_id).where(autre.etiquette_id == fusion.absorbee_id)),
    )
    travail.changer(IrritantReleve, passes, etiquette_id=fusion.absorbee_id, version=IrritantReleve.version + 1)
    retenus = select(ReportFusion.avant, IrritantReleve).join(
        IrritantReleve,
        and_(ReportFusion.objet_id == IrritantReleve.id, ReportFusion.nature == NatureReport.RELEVE_RETENU),
    )
    for avant, tenu in travail.session.execute(retenus.where(ReportFusion.fusion_id == fusion.id)).all():
        if (tenu.releve.value, tenu.intensite) == (avant["releve_apres"], avant["intensite_apres"]):
            tenu.releve, tenu.intensite = Releve(avant["releve"]), avant["intensite"]
    travail.session.flush()


# --- Ce qui est rangé dessous -----------------------------------------------------------------------------------


def _ranger_sous_la_gardee(travail: _Travail) -> None:
    session, fusion = travail.session, travail.fusion
    for etiquette in session.scalars(select(Etiquette).where(Etiquette.parent_id == fusion.absorbee_id)).all():
        etiquette.parent_id = fusion.gardee_id
        session.add(ReportFusion(fusion_id=fusion.id, nature=NatureReport.RANGEE, objet_id=etiquette.id))
    session.flush()


def _rendre_rangees(travail: _Travail, absorbee: Etiquette) -> None:
    """Celle qu'on a rangée ailleurs depuis y reste ; aucune ne devient sa propre descendante."""
    session, fusion = travail.session, travail.fusion
    notees = Etiquette.id.in_(travail.notees(NatureReport.RANGEE)), Etiquette.parent_id == fusion.gardee_id
    for etiquette in session.scalars(select(Etiquette).where(*notees)).all():
        if absorbee.id not in {membre.id for membre in branche_de(session, etiquette)}:
            etiquette.parent_id = absorbee.id
            session.flush()
