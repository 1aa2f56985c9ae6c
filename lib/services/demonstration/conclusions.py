"""Ce que l'équipe fictive conclut : preuves, statuts, relecture, versions de référence, grille de décision."""

from datetime import UTC, date, datetime, time
from typing import Any

from lib.db.base import Base
from lib.db.modeles import (
    AppuiDecision,
    ChiffreReference,
    LigneDecision,
    MentionRelecture,
    MessageRelecture,
    OptionDecision,
    Preuve,
    SourceDecision,
    StatutHypotheseDate,
    VersionReference,
)
from lib.domain.formats import typographier
from lib.echanges.demonstration import lire
from lib.services.demonstration.monde import Monde
from lib.services.indicateur import Indicateur, Indicateurs

MATIN = time(9, 30)
MESURES = ("numerateur", "denominateur", "valeur", "bas", "haut")


def poser_conclusions(monde: Monde) -> None:
    """Tout ce qui suit l'enquête elle-même."""
    for preuve in lire("preuves.toml")["preuve"]:
        _preuve(monde, preuve)
    for statut in lire("preuves.toml")["statut"]:
        monde.depot.ajouter(
            StatutHypotheseDate,
            investigation_id=monde.investigation_id,
            hypothese_id=monde.hypotheses[statut["hypothese"]],
            statut=statut["statut"],
            raison=statut["raison"],
            diffusable=statut["diffusable"],
            decide_le=_instant(statut["jour"]),
            decide_par=monde.comptes[statut["auteur"]],
        )
    decision = lire("decision.toml")
    for modele, lignes in ((LigneDecision, decision["ligne"]), (OptionDecision, decision["option"])):
        for champs in lignes:
            _saisie(monde, modele, champs)


def _saisie(monde: Monde, modele: type[Base], champs: dict[str, Any]) -> None:
    numeros = {"investigation_id": monde.investigation_id, "cree_par": monde.comptes["lea"], "version": 1}
    propres = {nom: valeur for nom, valeur in champs.items() if nom not in {"appuis", "sources"}}
    saisie_id = monde.depot.ajouter(modele, **numeros, **propres)
    for code in champs.get("appuis", ()):
        monde.depot.ajouter(
            AppuiDecision,
            ligne_id=saisie_id,
            entretien_id=monde.entretiens[code],
            investigation_id=monde.investigation_id,
        )
    for source in champs.get("sources", ()):
        monde.depot.ajouter(
            SourceDecision,
            question=champs["question"],
            verbatim_id=monde.citation(source["entretien"], source["mots"]) if "mots" in source else None,
            solution_id=monde.solutions[source["solution"]] if "solution" in source else None,
            hypothese_id=monde.hypotheses[source["hypothese"]] if "hypothese" in source else None,
            indicateur=source.get("indicateur"),
            **{nom: numeros[nom] for nom in ("investigation_id", "cree_par")},
        )


def poser_relecture(monde: Monde, lus: Indicateurs) -> None:
    """Les versions de référence et les fils ; une définition qui n'est pas redite est celle d'aujourd'hui."""
    actuels = {lu.code.value: lu for lu in lus.tous}
    relecture = lire("relecture.toml")
    for version in relecture["version"]:
        _version(monde, version, actuels)
    for rang, message in enumerate(relecture["message"]):
        fil = [autre for autre in relecture["message"][:rang] if autre["indicateur"] == message["indicateur"]]
        _message(monde, message, rang=len(fil) + 1)


def _version(monde: Monde, version: dict[str, Any], actuels: dict[str, Indicateur]) -> None:
    version_id = monde.depot.ajouter(
        VersionReference,
        investigation_id=monde.investigation_id,
        numero=version["numero"],
        motif=version["motif"],
        au=version["au"],
        version_donnees=version["version_donnees"],
        cree_le=_instant(version["jour"]),
        cree_par=monde.comptes[version["auteur"]],
    )
    for rang, (code, nombres) in enumerate(version["chiffres"].items()):
        actuel = actuels[code]
        mesures = (None if nombre == "n" else nombre for nombre in nombres)
        monde.depot.ajouter(
            ChiffreReference,
            version_id=version_id,
            code=code,
            investigation_id=monde.investigation_id,
            rang=rang,
            nom=actuel.nom,
            definition=version["definitions"].get(code, actuel.definition),
            numerateur_definition=actuel.numerateur_definition,
            denominateur_definition=actuel.denominateur_definition,
            unite=actuel.unite,
            precision=typographier(version["precisions"].get(code, "")),
            **dict(zip(MESURES, mesures, strict=True)),
        )


def _message(monde: Monde, message: dict[str, Any], *, rang: int) -> None:
    message_id = monde.depot.ajouter(
        MessageRelecture,
        investigation_id=monde.investigation_id,
        indicateur=message["indicateur"],
        rang=rang,
        etat=message["etat"],
        texte=typographier(message["texte"]),
        chiffre_vu=typographier(message["chiffre_vu"]),
        cree_le=_instant(message["jour"]),
        cree_par=monde.comptes[message["auteur"]],
    )
    for identifiant in message.get("mentions", ()):
        monde.depot.ajouter(
            MentionRelecture,
            message_id=message_id,
            compte_id=monde.comptes[identifiant],
            investigation_id=monde.investigation_id,
        )


def _preuve(monde: Monde, preuve: dict[str, Any]) -> None:
    entretien = preuve.get("entretien")
    monde.depot.ajouter(
        Preuve,
        investigation_id=monde.investigation_id,
        hypothese_id=monde.hypotheses[preuve["hypothese"]],
        sens=preuve["sens"],
        poids=preuve["poids"],
        entretien_id=monde.entretiens[entretien] if entretien else None,
        verbatim_id=monde.citation(entretien, preuve["mots"]) if entretien else None,
        solution_id=monde.solutions[preuve["solution"]] if "solution" in preuve else None,
        indicateur=preuve.get("indicateur"),
        chiffre_vu=preuve.get("chiffre_vu", ""),
        commentaire=preuve.get("commentaire", ""),
        cree_le=_instant(preuve["jour"]),
        cree_par=monde.comptes[preuve["auteur"]],
    )


def _instant(jour: date) -> datetime:
    return datetime.combine(jour, MATIN, UTC)
