"""Assembler le rapport : les rubriques d'une fiche de fin d'investigation, et les scènes qui les portent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lib.db.modeles import Investigation
from lib.domain.droits import Perimetre
from lib.domain.erreurs import DonneeInvalide
from lib.domain.formats import compter, date_longue, guillemets, typographier
from lib.domain.scenes import CodeScene, Rapport, Scene, Section
from lib.services.bilan.indicateurs import tableau_des_indicateurs
from lib.services.decision.saisies import OptionLue
from lib.services.exports_fichier import Suivre
from lib.services.hypotheses import HypotheseLue
from lib.services.restitution.commun import effacer_les_noms, tableau
from lib.services.restitution.decision import (
    DecisionPublique,
    DossierPublic,
    dire_decision,
    dire_options,
    lire_dossier_public,
    tableau_des_options,
)
from lib.services.restitution.fond import (
    IdeeLue,
    lire_hypotheses_publiques,
    lire_idees,
    problemes_et_solutions,
)
from lib.services.restitution.lecture import SCENES, VIDE, lire_arret

ANONYME = typographier(
    "Document anonyme : ni nom de personne, ni nom d'organisation, ni effectif d'une ou deux unités."
)
QUALITATIF = typographier(
    "Démarche qualitative : les acteurs rencontrés ne sont pas un échantillon. Chaque chiffre se lit parmi eux, "
    "avec son effectif et son intervalle à 95 %."
)
OUVERTE = typographier(
    "L'investigation n'est pas close : la date est celle de l'arrêt des chiffres, et la décision reste à prendre."
)
METHODE = (
    typographier("Entretiens individuels, notice d'information remise avant de commencer, accord de citation séparé."),
    typographier("Passages étiquetés avec une grille commune ; « non abordé » n'est pas « non »."),
    typographier("Hypothèses écrites avec ce qui les réfuterait, et mises à l'épreuve."),
    typographier("Durées estimées par Kaplan-Meier : un partenariat en cours n'est jamais compté comme terminé."),
)


def assembler(
    session: Session, perimetre: Perimetre, *, suivre: Suivre | None = None, etapes: int = len(SCENES)
) -> Rapport:
    """Le rapport, prêt à écrire. suivre : reçoit chaque étape, sur `etapes` en tout.

    Lève DonneeInvalide si l'investigation est vide, AccesRefuse.
    """
    au = lire_arret(session, perimetre)
    if au is None:
        raise DonneeInvalide(VIDE)
    restitue = replace(perimetre, restitue=True)
    scenes = dict(_lire_scenes(session, restitue, au, suivre, etapes))
    investigation = _decrire(session, perimetre)
    nom, probleme = effacer_les_noms(session, perimetre, [investigation.nom, investigation.probleme])
    dossier = lire_dossier_public(session, perimetre)
    problemes, solutions = problemes_et_solutions(lire_hypotheses_publiques(session, perimetre))
    return Rapport(
        titre=f"Bilan d'investigation – {nom}",
        sous_titre=typographier(f"Données fictives. {ANONYME}") if investigation.fictive else ANONYME,
        au=au,
        sections=(
            _contexte(nom, investigation, au),
            _probleme(probleme, problemes, scenes),
            Section(
                titre="Méthodologie d'investigation",
                paragraphes=(QUALITATIF,),
                puces=METHODE,
                scenes=(scenes[CodeScene.RENCONTRES],),
            ),
            _solutions(solutions, lire_idees(session, restitue), dossier.options, scenes),
            _fin(investigation.fin, au, dossier, scenes),
            _annexe(session, restitue),
        ),
    )


def _lire_scenes(
    session: Session, perimetre: Perimetre, au: date, suivre: Suivre | None, etapes: int
) -> Iterator[tuple[CodeScene, Scene]]:
    for rang, (code, lire) in enumerate(SCENES.items()):
        if suivre:
            suivre(code.libelle, rang, etapes)
        yield code, lire(session, perimetre, au)


def _decrire(session: Session, perimetre: Perimetre) -> Row[str, str, bool, date, date | None]:
    colonnes = (
        Investigation.nom,
        Investigation.probleme,
        Investigation.fictive,
        Investigation.debut,
        Investigation.fin,
    )
    return session.execute(select(*colonnes).where(Investigation.id == perimetre.investigation_id)).one()


def _contexte(nom: str, investigation: Row[str, str, bool, date, date | None], au: date) -> Section:
    jusque = f"close le {date_longue(investigation.fin)}" if investigation.fin else "toujours ouverte"
    phrase = typographier(
        f"Investigation {guillemets(nom)}, commencée le {date_longue(investigation.debut)}, {jusque} ; "
        f"chiffres arrêtés au {date_longue(au)}."
    )
    return Section(titre="Contexte", paragraphes=(phrase,))


def _probleme(probleme: str, hypotheses: Sequence[HypotheseLue], scenes: Mapping[CodeScene, Scene]) -> Section:
    voulues = (CodeScene.IRRITANTS, CodeScene.DIFFERENCES, CodeScene.DUREES, CodeScene.FINS)
    return Section(
        titre="Problème",
        paragraphes=(probleme,) if probleme else (),
        puces=tuple(map(_dire_hypothese, hypotheses)),
        scenes=tuple(scenes[code] for code in voulues),
    )


def _solutions(
    hypotheses: Sequence[HypotheseLue],
    idees: Sequence[IdeeLue],
    options: Sequence[OptionLue],
    scenes: Mapping[CodeScene, Scene],
) -> Section:
    recueillies = [typographier(f"Idée recueillie : {idee.nom} (en parlent : {idee.ecrit})") for idee in idees]
    return Section(
        titre="Solutions envisagées en fin d'investigation",
        puces=(*map(_dire_hypothese, hypotheses), *recueillies, *dire_options(options)),
        tableaux=tableau_des_options(options),
        scenes=(scenes[CodeScene.EXISTANT],),
    )


def _dire_hypothese(hypothese: HypotheseLue) -> str:
    epreuve = "preuve contraire trouvée" if hypothese.eprouvee else "aucune preuve contraire"
    return typographier(f"{hypothese.code} – {hypothese.enonce} ({hypothese.statut.libelle.lower()}, {epreuve})")


def _fin(fin: date | None, au: date, dossier: DossierPublic, scenes: Mapping[CodeScene, Scene]) -> Section:
    decision = dossier.decision
    date_de_fin = fin or (decision.decidee_le if decision else None)
    return Section(
        titre=f"Fin d'investigation le {date_longue(date_de_fin or au)}",
        paragraphes=tuple(_dire_fin(decision)) if date_de_fin else (OUVERTE,),
        tableaux=tableau(
            "Ce qui fonde la décision", ("Question", "Avis", "Constat"), [list(ligne) for ligne in dossier.grille]
        ),
        scenes=(scenes[CodeScene.CONCLUSION],),
    )


def _dire_fin(decision: DecisionPublique | None) -> Iterator[str]:
    yield dire_decision(decision)
    if decision:
        yield typographier("Décidé par : ") + decision.instance
        yield decision.raisons


def _annexe(session: Session, perimetre: Perimetre) -> Section:
    tableaux = tableau_des_indicateurs(session, perimetre)
    combien = compter(sum(len(tableau.lignes) for tableau in tableaux), "indicateur")
    return Section(
        titre="Annexe – Indicateurs",
        paragraphes=(typographier(f"{combien} de la page des indicateurs ; un effectif trop petit y est masqué."),),
        tableaux=tableaux,
        publique=False,
    )
