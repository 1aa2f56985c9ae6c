"""Le monde fictif : investigation, organisations, entretiens et leur codage, à l'échelle demandée."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lib.db.modeles import (
    CiblePlan,
    Compte,
    Entretien,
    EntretienEnqueteur,
    EntretienInterlocuteur,
    Etiquetage,
    Etiquette,
    Habilitation,
    Hypothese,
    Interlocuteur,
    Investigation,
    IrritantReleve,
    Organisation,
    SolutionExistante,
    StatutHypotheseDate,
    Terrain,
    TerrainTerritoire,
    Texte,
    Verbatim,
)
from lib.domain import passages as domaine
from lib.domain.textes import plier
from lib.domain.vocabulaire import NatureTexte, Releve, Role, StatutEntretien, StatutHypothese, TypeActeur
from lib.echanges.demonstration import EntretienFictif, Passage, lire, lire_entretiens, lire_organisations
from lib.services.demonstration.depot import Depot

ETIQUETAGES_PAR_ENTRETIEN = 101


@dataclass(frozen=True, slots=True)
class TextePose:
    """Un texte déjà inséré, et qui le code."""

    entretien_id: int
    texte_id: int
    nature: NatureTexte
    contenu: str
    compte_id: int


class Monde:
    """Pose les lignes du monde fictif et retient les identifiants utiles à la suite."""

    def __init__(self, depot: Depot, alea: random.Random, empreinte_mot_de_passe: str) -> None:
        self.depot = depot
        self.alea = alea
        self.description = lire("investigation.toml")
        self.arret: date = self.description["date_arret"]
        self._empreinte = empreinte_mot_de_passe
        self.terrains: dict[str, int] = {}
        self.comptes: dict[str, int] = {}
        self.organisations: dict[str, int] = {}
        self.fiches: dict[str, dict[str, Any]] = {}
        self.etiquettes: dict[str, int] = {}
        self.entretiens: dict[str, int] = {}
        self.hypotheses: dict[str, int] = {}
        self.solutions: dict[str, int] = {}
        self.citations: dict[str, list[tuple[int, str]]] = {}
        self.entretien_par_organisation: dict[str, int] = {}
        self.par_terrain: dict[tuple[str, str], list[str]] = {}
        self._interlocuteurs: dict[tuple[str, str], int] = {}
        self.investigation_id = self._investigation()

    def _investigation(self) -> int:
        d = self.description
        return self.depot.ajouter(
            Investigation,
            code=d["code"],
            nom=d["nom"],
            probleme=d["probleme"],
            debut=d["debut"],
            date_arret=d["date_arret"],
            fictive=True,
        )

    def peupler(self, echelle: int) -> None:
        """Tout, sauf les partenariats. `echelle` : nombre d'entretiens voulu, 27 au moins."""
        self._terrains()
        self._comptes()
        self._organisations(copies=max(1, echelle // 27))
        self._grille()
        self._hypotheses()
        base = list(lire_entretiens())
        for rang, entretien in enumerate(self._a_l_echelle(base, echelle)):
            self._entretien(entretien, copie=rang // len(base))
        for champs in self.description["en_attente"]:
            self._en_attente(champs)

    def _terrains(self) -> None:
        for ordre, terrain in enumerate(self.description["terrain"]):
            terrain_id = self.depot.ajouter(
                Terrain,
                investigation_id=self.investigation_id,
                code=terrain["code"],
                nom=terrain["nom"],
                description=terrain["description"],
                ordre=ordre,
            )
            self.terrains[terrain["code"]] = terrain_id
            for niveau, code in terrain["territoires"]:
                self.depot.ajouter(TerrainTerritoire, terrain_id=terrain_id, niveau=niveau, code=code)
            for type_acteur, prevu in terrain["plan"].items():
                self.depot.ajouter(
                    CiblePlan,
                    investigation_id=self.investigation_id,
                    terrain_id=terrain_id,
                    type_acteur=TypeActeur(type_acteur),
                    prevu=prevu,
                    echeance=terrain["echeance"],
                )

    def _comptes(self) -> None:
        for compte in self.description["compte"]:
            compte_id = self.depot.ajouter(
                Compte,
                identifiant=compte["identifiant"],
                nom_affiche=compte["nom"],
                mot_de_passe=self._empreinte,
                role=Role(compte["role"]),
                actif=True,
                demonstration=True,
            )
            self.comptes[compte["identifiant"]] = compte_id
            self.depot.ajouter(Habilitation, compte_id=compte_id, investigation_id=self.investigation_id)

    def _organisations(self, copies: int) -> None:
        fiches = lire_organisations()
        for copie in range(copies):
            for fiche in fiches:
                suffixe = f" ({copie + 1})" if copie else ""
                self._organisation(fiche | {"cle": f"{fiche['cle']}{suffixe}", "nom": f"{fiche['nom']}{suffixe}"})

    def _organisation(self, fiche: dict[str, Any]) -> None:
        communs = ("objet_social", "type_juridique", "niveau_reseau", "taille", "rattachement", "secteur")
        self.fiches[fiche["cle"]] = fiche
        self.par_terrain.setdefault((fiche["terrain"], fiche["type_acteur"]), []).append(fiche["cle"])
        self.organisations[fiche["cle"]] = self.depot.ajouter(
            Organisation,
            investigation_id=self.investigation_id,
            terrain_id=self.terrains[fiche["terrain"]],
            type_acteur=TypeActeur(fiche["type_acteur"]),
            nom=fiche["nom"],
            nom_recherche=plier(fiche["nom"]),
            rna=fiche.get("rna") if "(" not in fiche["cle"] else None,
            identifiants_fictifs=True,
            commune_code=fiche.get("commune"),
            **{champ: fiche[champ] for champ in communs if champ in fiche},
        )

    def _grille(self) -> None:
        for ordre, etiquette in enumerate(lire("grille.toml")["etiquette"]):
            self.etiquettes[etiquette["code"]] = self.depot.ajouter(
                Etiquette,
                investigation_id=self.investigation_id,
                parent_id=self.etiquettes.get(etiquette.get("parent", "")),
                famille=etiquette["famille"],
                code=etiquette["code"],
                nom=etiquette["nom"],
                nom_recherche=plier(etiquette["nom"]),
                definition=etiquette["definition"],
                inclusion=etiquette.get("inclusion", ""),
                exclusion=etiquette.get("exclusion", ""),
                ordre=ordre,
            )

    def _hypotheses(self) -> None:
        for ordre, champs in enumerate(lire("hypotheses.toml")["hypothese"]):
            hypothese_id = self.depot.ajouter(Hypothese, investigation_id=self.investigation_id, ordre=ordre, **champs)
            self.hypotheses[champs["code"]] = hypothese_id
            self.depot.ajouter(
                StatutHypotheseDate,
                investigation_id=self.investigation_id,
                hypothese_id=hypothese_id,
                statut=StatutHypothese.OUVERTE,
                raison="Hypothèse posée à l'ouverture de l'investigation.",
                diffusable=True,
                decide_le=datetime.combine(self.description["debut"], time(9), UTC),
            )
        for solution in lire("solutions.toml")["solution"]:
            champs = {nom: valeur for nom, valeur in solution.items() if nom != "cle"}
            self.solutions[solution["cle"]] = self.depot.ajouter(
                SolutionExistante, investigation_id=self.investigation_id, **champs
            )

    def _a_l_echelle(self, base: list[EntretienFictif], echelle: int) -> Iterator[EntretienFictif]:
        """Les entretiens écrits, puis leurs copies aux codes, dates et passages variés."""
        yield from base
        for rang in range(len(base), echelle):
            modele = base[rang % len(base)]
            copie = rang // len(base)
            champs = modele.champs | {
                "code": f"{modele.champs['code'][:5]}{rang + 1:05}",
                "date": modele.champs["date"] - timedelta(days=self.alea.randint(1, 700)),
                "organisation": f"{modele.champs['organisation']} ({copie + 1})"
                if f"{modele.champs['organisation']} ({copie + 1})" in self.organisations
                else modele.champs["organisation"],
            }
            yield EntretienFictif(champs=champs, textes=modele.textes)

    def _entretien(self, fictif: EntretienFictif, *, copie: int) -> None:
        champs = fictif.champs
        entretien_id = self._poser_entretien(champs, StatutEntretien.REALISE, notice=champs["date"])
        self.entretien_par_organisation[champs["organisation"]] = entretien_id
        enqueteurs = [self.comptes[nom] for nom in champs["enqueteurs"]]
        for compte_id in enqueteurs:
            self.depot.ajouter(EntretienEnqueteur, entretien_id=entretien_id, compte_id=compte_id)
        for personne in champs["interlocuteur"]:
            self._presence(entretien_id, champs["organisation"], personne)
        for code, dit in champs.get("irritants", {}).items():
            releve, _, intensite = dit.partition(" ")
            self._releve(entretien_id, code, Releve(releve), intensite, bruit=copie > 0)
        for nature, texte in fictif.textes.items():
            pose = self._texte(entretien_id, NatureTexte(nature), texte.contenu, enqueteurs[0])
            self._coder(pose, texte.passages, retenues=self.citations.setdefault(champs["code"], []))
        if copie:
            self._completer_codage(pose, fictif)

    def _poser_entretien(self, champs: dict[str, Any], statut: StatutEntretien, notice: date | None) -> int:
        entretien_id = self.depot.ajouter(
            Entretien,
            investigation_id=self.investigation_id,
            terrain_id=self.terrains[champs["terrain"]],
            code=champs["code"],
            organisation_id=self.organisations[champs["organisation"]],
            type_acteur=TypeActeur(self.fiches[champs["organisation"]]["type_acteur"]),
            tenu_le=champs.get("date"),
            mode=champs["mode"],
            statut=statut,
            canal=champs.get("canal"),
            duree_minutes=champs.get("duree_minutes"),
            commune_code=champs.get("commune"),
            notice_remise_le=notice,
            notice_version="1" if notice else None,
            notice_moyen="papier" if notice else None,
            accord_participation=True,
            accord_citation=champs.get("citation", "non"),
            cree_par=self.comptes[champs.get("enqueteurs", ["lea"])[0]],
        )
        self.entretiens[champs["code"]] = entretien_id
        return entretien_id

    def _en_attente(self, champs: dict[str, Any]) -> None:
        rang = sum(code.startswith("E-MRS-") for code in self.entretiens) + 1
        statut = StatutEntretien(champs["statut"])
        entretien_id = self._poser_entretien(champs | {"code": f"E-MRS-{rang:03}"}, statut, notice=None)
        self.depot.ajouter(EntretienEnqueteur, entretien_id=entretien_id, compte_id=self.comptes["lea"])
        if "notes" in champs:
            self._texte(entretien_id, NatureTexte.NOTES, champs["notes"], self.comptes["lea"])

    def _presence(self, entretien_id: int, organisation: str, personne: dict[str, str]) -> None:
        cle = (organisation, personne["nom"])
        if cle not in self._interlocuteurs:
            self._interlocuteurs[cle] = self.depot.ajouter(
                Interlocuteur,
                investigation_id=self.investigation_id,
                organisation_id=self.organisations[organisation],
                nom=personne["nom"],
                fonction=personne["fonction"],
            )
        self.depot.ajouter(
            EntretienInterlocuteur, entretien_id=entretien_id, interlocuteur_id=self._interlocuteurs[cle]
        )

    def _releve(self, entretien_id: int, code: str, releve: Releve, intensite: str, *, bruit: bool) -> None:
        if bruit and self.alea.random() < 0.2:
            releve = self.alea.choice((Releve.SPONTANE, Releve.RELANCE, Releve.ECARTE))
        self.depot.ajouter(
            IrritantReleve,
            investigation_id=self.investigation_id,
            entretien_id=entretien_id,
            etiquette_id=self.etiquettes[code],
            releve=releve,
            intensite=int(intensite) if intensite and releve is not Releve.ECARTE else None,
        )

    def _texte(self, entretien_id: int, nature: NatureTexte, contenu: str, compte_id: int) -> TextePose:
        texte_id = self.depot.ajouter(
            Texte,
            investigation_id=self.investigation_id,
            entretien_id=entretien_id,
            nature=nature,
            contenu=contenu,
            contenu_recherche=plier(contenu),
        )
        return TextePose(entretien_id, texte_id, nature, contenu, compte_id)

    def citation(self, entretien: str, mots: str) -> int:
        """Le verbatim d'un entretien écrit qui porte ces mots."""
        return next(verbatim_id for verbatim_id, citation in self.citations[entretien] if mots in citation)

    def _coder(
        self, pose: TextePose, passages: tuple[Passage, ...], retenues: list[tuple[int, str]] | None = None
    ) -> None:
        """Pose les verbatims et leurs étiquettes ; ajoute à `retenues` ce qu'une preuve pourra désigner."""
        tours = domaine.tours_de_parole(pose.contenu, pose.nature)
        for passage in passages:
            citation = pose.contenu[passage.debut : passage.fin]
            verbatim_id = self.depot.ajouter(
                Verbatim,
                investigation_id=self.investigation_id,
                entretien_id=pose.entretien_id,
                texte_id=pose.texte_id,
                debut=passage.debut,
                fin=passage.fin,
                citation=citation,
                citation_recherche=plier(citation),
                locuteur=domaine.locuteur(tours, domaine.Passage(passage.debut, passage.fin)),
                cree_par=pose.compte_id,
            )
            if retenues is not None:
                retenues.append((verbatim_id, citation))
            for code in passage.codes:
                self._etiqueter(pose, verbatim_id, code)

    def _etiqueter(self, pose: TextePose, verbatim_id: int, code: str) -> None:
        self.depot.ajouter(
            Etiquetage,
            investigation_id=self.investigation_id,
            entretien_id=pose.entretien_id,
            verbatim_id=verbatim_id,
            etiquette_id=self.etiquettes[code],
            compte_id=pose.compte_id,
        )

    def _completer_codage(self, pose: TextePose, fictif: EntretienFictif) -> None:
        """Aux grandes échelles : des passages au hasard, jusqu'à une centaine d'étiquetages par entretien."""
        textes = list(fictif.textes.values())
        deja = sum(len(passage.codes) for texte in textes for passage in texte.passages)
        bornes = {(passage.debut, passage.fin) for passage in textes[-1].passages}
        codes = list(self.etiquettes)
        nouveaux: list[Passage] = []
        while len(nouveaux) < ETIQUETAGES_PAR_ENTRETIEN - deja:
            debut = self.alea.randrange(0, len(pose.contenu) - 120)
            fin = debut + self.alea.randint(30, 110)
            if (debut, fin) not in bornes:
                bornes.add((debut, fin))
                nouveaux.append(Passage(debut, fin, (self.alea.choice(codes),)))
        self._coder(pose, tuple(nouveaux))
