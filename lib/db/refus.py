"""Ce que la base refuse, dit en français. Une contrainte nommée, une phrase."""

import re
from collections.abc import Iterable

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from lib.db.base import Base
from lib.domain.erreurs import Conflit, DonneeInvalide, ErreurMetier

PHRASES = {
    "uq_comptes_identifiant": "Cet identifiant est déjà pris : choisissez-en un autre.",
    "uq_investigations_code": "Ce code d'investigation existe déjà : choisissez-en un autre.",
    "uq_terrains_investigation_id_code": "Ce code de terrain existe déjà dans l'investigation.",
    "uq_cibles_plan_terrain_id_type_acteur": "Ce terrain a déjà un objectif pour ce type d'acteur : modifiez-le.",
    "uq_entretiens_investigation_id_code": "Ce code d'entretien vient d'être pris : enregistrez à nouveau.",
    "uq_entretiens_investigation_id_cle_saisie": "Cet entretien vient d'être enregistré : retrouvez-le dans la liste.",
    "uq_brouillons_compte_id_investigation_id_formulaire_cle": (
        "Cette saisie continue dans un autre onglet : reprenez-la là-bas, ou rechargez cette page."
    ),
    "uq_etiquettes_investigation_id_code": "Une étiquette porte déjà ce code : choisissez-en un autre.",
    "uq_organisations_siret": "Une organisation porte déjà ce SIRET : retrouvez-la plutôt que de la recréer.",
    "uq_organisations_rna": "Une organisation porte déjà ce numéro RNA : retrouvez-la plutôt que de la recréer.",
    "uq_verbatims_passage": "Ce passage est déjà surligné.",
    "uq_doubles_codages_ouvert": "Cet entretien vient d'être confié à deux personnes : retrouvez-le dans la liste.",
    "uq_etiquetages_pose": "Vous avez déjà posé cette étiquette sur ce passage.",
    "uq_hypotheses_investigation_id_code": "Une autre hypothèse vient de prendre ce code : enregistrez à nouveau.",
    "uq_versions_reference_investigation_id_numero": (
        "Une autre version de référence vient d'être figée : relisez-la avant d'en figer une autre."
    ),
    "uq_messages_relecture_investigation_id_indicateur_rang": (
        "Quelqu'un d'autre vient d'écrire sur cet indicateur : relisez le fil. Votre message est gardé."
    ),
    "uq_lignes_decision_investigation_id_question": (
        "Quelqu'un d'autre vient de remplir cette ligne : relisez-la. Votre saisie est gardée."
    ),
    "uq_options_decision_investigation_id_nature": (
        "Quelqu'un d'autre vient de décrire cette option : relisez-la. Votre saisie est gardée."
    ),
    "uq_decisions_investigation_id": "La décision vient d'être prise par quelqu'un d'autre : elle est figée.",
    "ck_investigations_fin_apres_debut": "La fin de l'investigation précède son début.",
    "ck_entretiens_realise_avec_notice": "Un entretien réalisé demande la date de remise de la notice.",
    "ck_entretiens_realise_avec_date": "Un entretien réalisé demande sa date.",
    "ck_entretiens_duree_plausible": "La durée se compte en minutes, entre 1 et 1 440.",
    "ck_verbatims_bornes_ordonnees": "Le passage choisi est vide ou sort du texte.",
    "ck_partenariats_deux_organisations": "Un partenariat lie deux organisations différentes.",
    "ck_partenariats_fin_apres_debut": "La fin du partenariat précède son début.",
    "ck_evenements_partenariat_fin_motivee": "Une fin demande son motif (« Inconnu » s'il n'est pas connu).",
    "uq_evenements_partenariat_corrige_id": "Cet événement vient d'être corrigé par quelqu'un d'autre.",
    "ck_organisations_rna_hors_entreprise": "Un numéro RNA désigne une association, pas une entreprise.",
    "ck_organisations_taille_d_entreprise": "La taille ne se donne qu'à une entreprise.",
    **{
        f"uq_sources_decision_investigation_id_question_{source}": "Cette ligne s'appuie déjà là-dessus."
        for source in ("verbatim_id", "solution_id", "hypothese_id", "indicateur")
    },
    "ck_etiquettes_pas_son_propre_parent": "Une étiquette ne peut pas être rangée sous elle-même.",
}
CONCURRENCE = {
    "uq_decisions_investigation_id",
    "uq_hypotheses_investigation_id_code",
    "uq_lignes_decision_investigation_id_question",
    "uq_messages_relecture_investigation_id_indicateur_rang",
    "uq_options_decision_investigation_id_nature",
    "uq_versions_reference_investigation_id_numero",
    "uq_brouillons_compte_id_investigation_id_formulaire_cle",
    "uq_entretiens_investigation_id_cle_saisie",
    "uq_entretiens_investigation_id_code",
    "uq_evenements_partenariat_corrige_id",
}
PAR_DEFAUT = "La base a refusé cet enregistrement : vérifiez les champs, rien n'a été modifié."


def traduire(erreur: IntegrityError) -> ErreurMetier:
    """L'erreur du métier qui correspond à la contrainte violée."""
    contrainte = nom_contrainte(erreur)
    phrase = PHRASES.get(contrainte, PAR_DEFAUT)
    return Conflit(phrase) if contrainte in CONCURRENCE else DonneeInvalide(phrase)


def nom_contrainte(erreur: IntegrityError) -> str:
    """Nom de la contrainte violée, sur PostgreSQL comme sur SQLite ; chaîne vide si inconnu."""
    diagnostic = getattr(erreur.orig, "diag", None)
    if diagnostic is not None:
        return diagnostic.constraint_name or ""
    message = str(erreur.orig)
    if trouve := re.search(r"CHECK constraint failed: (\w+)|index '(\w+)'", message):
        return trouve[1] or trouve[2]
    if trouve := re.search(r"UNIQUE constraint failed: (.+)", message):
        return _unicite(trouve[1].split(", "))
    return ""


def _unicite(colonnes: Iterable[str]) -> str:
    """SQLite nomme les colonnes, pas la contrainte : on la retrouve dans les modèles."""
    noms = [colonne.split(".")[1] for colonne in colonnes]
    table = Base.metadata.tables[next(iter(colonnes)).split(".")[0]]
    uniques: list[UniqueConstraint | Index] = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    uniques += [index for index in table.indexes if index.unique]
    return next((str(u.name) for u in uniques if [colonne.name for colonne in u.columns] == noms), "")
