"""Étiquettes et attribut : combien d'entretiens, combien de citations, dans chaque groupe de personnes rencontrées."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.analytics.confidentialite import CACHE, REGLE, est_cache, sous_secret
from lib.analytics.proportions import wilson
from lib.db.modeles import SyntheseEtiquette, SyntheseSituation, Terrain
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites, peut_lire_indicateurs
from lib.domain.formats import intervalle, nombre, pourcentage, typographier
from lib.domain.matrices import AttributMatrice, Case, MesureMatrice
from lib.domain.vocabulaire import TailleEntreprise, TypeActeur
from lib.graphiques import chaleur
from lib.services.cases_protegees import CasesProtegees, lire_cases_protegees
from lib.services.matrices.commun import (
    SANS,
    CaseLue,
    EtiquetteDeLigne,
    LigneMatrice,
    Matrice,
    dater,
    lister_lignes,
    sommes,
)
from lib.services.matrices.marges import Marges, lire_marges

Comptes = Counter[tuple[int, Any]]
"""(étiquette, valeur de l'attribut) → entretiens ou citations."""
CHAMPS = {
    AttributMatrice.TERRAIN: "terrain_id",
    AttributMatrice.TYPE_ACTEUR: "type_acteur",
    AttributMatrice.TAILLE: "taille",
}
"""L'attribut, et le champ de la case qui le porte."""
SANS_TAILLE = "Sans taille"
TOUS = "Ensemble"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Colonne:
    """Une valeur de l'attribut. population : entretiens codés, ou citations ; sans : ce qui n'a pas d'étiquette.

    publie : la population telle qu'elle se lit. tait : son effectif de rencontres se tait partout, ses cases aussi.
    """

    cle: Any
    nom: str
    population: int
    sans: int
    rencontres: int = 0
    publie: str = ""
    tait: bool = False


def lire_croisement(
    session: Session,
    perimetre: Perimetre,
    *,
    attribut: AttributMatrice,
    mesure: MesureMatrice = MesureMatrice.ENTRETIENS,
    page: int = 1,
) -> Matrice:
    """Une page d'étiquettes. Six requêtes, neuf hors de l'équipe, sur des comptes tenus.

    Hors de l'équipe, seuls les entretiens se comptent, et aucune case n'en laisse lire un ou deux.
    """
    exiger(peut_lire_indicateurs, perimetre)
    equipe = peut_lire_identites(perimetre)
    mesure = mesure if equipe else MesureMatrice.ENTRETIENS
    colonnes = _lire_colonnes(session, perimetre, attribut, mesure)
    marges = None if equipe else lire_marges(session, perimetre, attribut)
    toutes = _publier(colonnes, marges)
    etiquettes, pages = lister_lignes(session, perimetre, page)
    comptes = _compter(session, perimetre, attribut, mesure, [etiquette.id for etiquette in etiquettes])
    noms = [(etiquette, [comptes[etiquette.id, colonne.cle] for colonne in colonnes]) for etiquette in etiquettes]
    noms.append((EtiquetteDeLigne(id=0, nom=SANS), [colonne.sans for colonne in colonnes]))
    ids = [etiquette.id for etiquette in etiquettes]
    ecrire = _preparer_ecriture(session, perimetre, attribut, mesure, toutes, ids)
    lignes = [ecrire.ligne(etiquette, siens) for etiquette, siens in noms]
    if mesure is MesureMatrice.CITATIONS:
        lignes += _recapituler(colonnes, _totaliser(session, perimetre, attribut))
    parts = [ecrire.parts(*siens) for siens in noms]
    return Matrice(
        legende=typographier(f"{mesure.libelle} par étiquette et selon : {attribut.libelle.lower()}"),
        coin="Étiquette",
        entetes=ecrire.entetes,
        lignes=tuple(lignes),
        notes=(_definir(mesure), *([] if equipe else [REGLE]), dater(session, perimetre)),
        page=page,
        pages=pages,
        **chaleur.tracer([e.nom for e, _ in noms], [c.nom for c in colonnes], parts, _titre(mesure)),
    )


def _publier(colonnes: Sequence[_Colonne], marges: Marges | None) -> list[_Colonne]:
    """Les colonnes et leur ensemble, chacune avec son N tel qu'il peut se lire ; sans marges, tout se lit."""
    population, sans = (sum(getattr(c, nom) for c in colonnes) for nom in ("population", "sans"))
    toutes = [*colonnes, _Colonne(cle=None, nom=TOUS, population=population, sans=sans)]
    if marges is None:
        return [replace(colonne, publie=nombre(colonne.population)) for colonne in toutes]
    ecrites = marges.ecrire({c.cle: (c.population, max(0, c.rencontres - c.population)) for c in colonnes})
    return [replace(c, publie=ecrites[c.cle], tait=marges.tait(c.cle)) for c in toutes]


def s_ouvre(session: Session, perimetre: Perimetre, case: Case) -> bool:
    """Vrai si, hors de l'équipe, le croisement ouvre cette case à ce compte : elle compte, et ne se tait pas."""
    choisis = [attribut for attribut, champ in CHAMPS.items() if getattr(case, champ) is not None]
    if len(choisis) > 1:
        return False
    attribut, mesure = (choisis or [AttributMatrice.TYPE_ACTEUR])[0], MesureMatrice.ENTRETIENS
    colonnes = _lire_colonnes(session, perimetre, attribut, mesure)
    toutes = _publier(colonnes, lire_marges(session, perimetre, attribut))
    ecrire = _preparer_ecriture(session, perimetre, attribut, mesure, toutes, [case.etiquette_id])
    comptes = _compter(session, perimetre, attribut, mesure, [case.etiquette_id])
    siens = [comptes[case.etiquette_id, c.cle] if case.etiquette_id else c.sans for c in colonnes]
    ligne = ecrire.ligne(EtiquetteDeLigne(id=case.etiquette_id, nom=""), siens)
    return any(lue.ouvre == case for lue in ligne.cases)


def _preparer_ecriture(
    session: Session,
    perimetre: Perimetre,
    attribut: AttributMatrice,
    mesure: MesureMatrice,
    toutes: Sequence[_Colonne],
    etiquettes: Sequence[int],
) -> "_Ecriture":
    equipe = peut_lire_identites(perimetre)
    return _Ecriture(
        attribut=attribut,
        mesure=mesure,
        toutes=toutes,
        cases=None if equipe else lire_cases_protegees(session, perimetre, etiquettes),
        ferme=attribut is AttributMatrice.TERRAIN and sous_secret(perimetre),
    )


def _axe(modele: Any, attribut: AttributMatrice) -> Any:
    return {
        AttributMatrice.TERRAIN: modele.terrain_id,
        AttributMatrice.TYPE_ACTEUR: modele.type_acteur,
        AttributMatrice.TAILLE: modele.taille,
    }[attribut]


def _lire_colonnes(
    session: Session, perimetre: Perimetre, attribut: AttributMatrice, mesure: MesureMatrice
) -> list[_Colonne]:
    """Les valeurs de l'attribut qui ont au moins un entretien réalisé, dans leur ordre habituel."""
    axe = _axe(SyntheseSituation, attribut)
    noms = ("entretiens", "codes", "verbatims", "sans_etiquette", "entretiens_sans")
    requete = select(axe.label("cle"), *sommes(SyntheseSituation, noms)).where(visible(SyntheseSituation, perimetre))
    lues = {ligne.cle: ligne for ligne in session.execute(requete.group_by(axe))}
    par_entretien = mesure is MesureMatrice.ENTRETIENS
    return [
        _Colonne(
            cle=cle,
            nom=nom,
            population=lues[cle].codes if par_entretien else lues[cle].verbatims,
            sans=lues[cle].entretiens_sans if par_entretien else lues[cle].sans_etiquette,
            rencontres=lues[cle].entretiens,
        )
        for cle, nom in _valeurs(session, perimetre, attribut).items()
        if cle in lues and lues[cle].entretiens
    ]


def _valeurs(session: Session, perimetre: Perimetre, attribut: AttributMatrice) -> Mapping[Any, str]:
    if attribut is AttributMatrice.TERRAIN:
        terrains = select(Terrain.id, Terrain.nom).where(visible(Terrain, perimetre))
        return {ligne.id: ligne.nom for ligne in session.execute(terrains.order_by(Terrain.ordre, Terrain.nom))}
    if attribut is AttributMatrice.TYPE_ACTEUR:
        return {membre: membre.libelle for membre in TypeActeur}
    return {**{membre.value: membre.libelle for membre in TailleEntreprise}, "": SANS_TAILLE}


def _compter(
    session: Session, perimetre: Perimetre, attribut: AttributMatrice, mesure: MesureMatrice, etiquettes: Sequence[int]
) -> Comptes:
    axe = _axe(SyntheseEtiquette, attribut)
    colonne = "entretiens" if mesure is MesureMatrice.ENTRETIENS else "verbatims"
    requete = (
        select(SyntheseEtiquette.etiquette_id, axe, *sommes(SyntheseEtiquette, (colonne,)))
        .where(visible(SyntheseEtiquette, perimetre), SyntheseEtiquette.etiquette_id.in_(etiquettes))
        .group_by(SyntheseEtiquette.etiquette_id, axe)
    )
    return Counter({(etiquette_id, cle): int(compte) for etiquette_id, cle, compte in session.execute(requete)})


def _totaliser(session: Session, perimetre: Perimetre, attribut: AttributMatrice) -> Counter[Any]:
    """Étiquettes posées par groupe, toutes pages réunies."""
    axe = _axe(SyntheseEtiquette, attribut)
    requete = select(axe, *sommes(SyntheseEtiquette, ("verbatims",))).where(visible(SyntheseEtiquette, perimetre))
    return Counter({cle: int(compte) for cle, compte in session.execute(requete.group_by(axe))})


def _recapituler(colonnes: Sequence[_Colonne], poses: Counter[Any]) -> list[LigneMatrice]:
    """Étiquettes + sans étiquette = total : rien ne se perd en route."""
    recap = {
        "Toutes les étiquettes": [poses[colonne.cle] for colonne in colonnes],
        "Total, avec « sans étiquette »": [poses[colonne.cle] + colonne.sans for colonne in colonnes],
        "Citations différentes": [colonne.population for colonne in colonnes],
    }
    return [
        LigneMatrice(
            nom=typographier(nom),
            cases=tuple(CaseLue(texte=nombre(valeur)) for valeur in (*valeurs, sum(valeurs))),
            total=True,
        )
        for nom, valeurs in recap.items()
    ]


def _definir(mesure: MesureMatrice) -> str:
    if mesure is MesureMatrice.CITATIONS:
        return typographier(
            "Une case : citations du groupe qui portent l'étiquette, et leur part parmi les N citations du groupe. "
            "Une citation qui porte deux étiquettes compte sur deux lignes. Les citations d'un même entretien se "
            "ressemblent : leurs parts n'ont pas d'intervalle."
        )
    return typographier(
        "Une case : entretiens du groupe où l'étiquette est posée, leur part parmi les N entretiens codés du groupe, "
        "et l'intervalle de Wilson à 95 %. Une étiquette absente d'un entretien ne dit pas que la personne pense le "
        "contraire. « Sans étiquette » : entretiens dont au moins une citation n'en porte aucune."
    )


def _titre(mesure: MesureMatrice) -> str:
    return typographier(f"Où chaque étiquette est-elle posée ? Part des {mesure.libelle.lower()} du groupe")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ecriture:
    """Écrit les lignes d'un croisement, pour l'équipe ou sous la règle des petits effectifs.

    cases : ce qui peut se lire hors de l'équipe ; absent pour elle, qui lit tout.
    ferme : une case n'ouvre pas ses citations, qui diraient ensemble le terrain et le type d'acteur.
    """

    attribut: AttributMatrice
    mesure: MesureMatrice
    toutes: Sequence[_Colonne]
    cases: CasesProtegees | None
    ferme: bool = False

    @property
    def entetes(self) -> tuple[str, ...]:
        """Chaque colonne et son N, puis leur ensemble."""
        return tuple(typographier(f"{colonne.nom} (N = {colonne.publie})") for colonne in self.toutes)

    @property
    def colonnes(self) -> Sequence[_Colonne]:
        """Sans leur ensemble."""
        return self.toutes[:-1]

    def ligne(self, etiquette: EtiquetteDeLigne, comptes: Sequence[int]) -> LigneMatrice:
        """Une ligne et son ensemble."""
        valeurs = zip((*comptes, sum(comptes)), self.toutes, self._textes(etiquette, comptes), strict=True)
        return LigneMatrice(nom=etiquette.nom, cases=tuple(self._case(etiquette, *valeur) for valeur in valeurs))

    def _textes(self, etiquette: EtiquetteDeLigne, comptes: Sequence[int]) -> list[str]:
        """Chaque compte tel qu'il peut se lire, et leur ensemble.

        Sous une colonne qui se tait, une case en donnerait le moins que son effectif puisse être : elle se tait aussi.
        """
        if self.cases is None:
            return [nombre(compte) for compte in (*comptes, sum(comptes))]
        ligne = self.cases.ligne(etiquette.id, self.attribut)
        textes = [*(ligne[str(colonne.cle)] for colonne in self.colonnes), self.cases.ensemble(etiquette.id)]
        return [CACHE if colonne.tait else texte for colonne, texte in zip(self.toutes, textes, strict=True)]

    def _case(self, etiquette: EtiquetteDeLigne, compte: int, colonne: _Colonne, texte: str) -> CaseLue:
        if est_cache(texte):
            return CaseLue(texte=texte)
        ouvre = self._ouvrir(etiquette, colonne) if compte else None
        if not compte or not colonne.population or est_cache(colonne.publie):
            return CaseLue(texte=texte, ouvre=ouvre)
        part = wilson(compte, colonne.population)
        precision = intervalle(part.bas, part.haut, pourcentage) if self.mesure is MesureMatrice.ENTRETIENS else ""
        return CaseLue(
            texte=typographier(f"{texte} ({pourcentage(part.valeur)})"),
            precision=precision,
            ouvre=ouvre,
        )

    def _ouvrir(self, etiquette: EtiquetteDeLigne, colonne: _Colonne) -> Case | None:
        if self.ferme and colonne.cle is not None:
            return None
        if colonne.cle is None:
            return Case(etiquette_id=etiquette.id)
        return Case(etiquette_id=etiquette.id, **{CHAMPS[self.attribut]: colonne.cle})

    def parts(self, etiquette: EtiquetteDeLigne, comptes: Sequence[int]) -> list[float | None]:
        """Parts à peindre ; une case cachée ne se peint pas."""
        textes = self._textes(etiquette, comptes)[:-1]
        colonnes = zip(comptes, self.colonnes, textes, strict=True)
        return [
            None if est_cache(texte) or est_cache(c.publie) or not c.population else compte / c.population
            for compte, c, texte in colonnes
        ]
