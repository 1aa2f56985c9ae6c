"""Étiquettes ensemble : les paires les plus fréquentes, cinquante par page, et leur carte de chaleur."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case as selon
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lib.analytics.confidentialite import PETIT, REGLE, SEUIL, est_cache, publier, sous_secret
from lib.db.modeles import Etiquette, SyntheseCooccurrence, SyntheseSituation
from lib.db.perimetre import visible
from lib.domain.droits import Perimetre, exiger, peut_lire_identites, peut_lire_indicateurs
from lib.domain.erreurs import AccesRefuse
from lib.domain.formats import compter, nombre, typographier
from lib.domain.matrices import Case, Cooccurrence
from lib.graphiques import chaleur
from lib.services.cases_protegees import SANS as SANS_ETIQUETTE
from lib.services.cases_protegees import lire_cases_protegees
from lib.services.matrices.commun import SANS, CaseLue, LigneMatrice, Matrice, dater, nombre_de_pages, paginer, sommes

TRACEES = 16
"""Étiquettes de la carte de chaleur, au plus."""
PAIRES_TUES = typographier(
    "Les étiquettes posées ensemble ne sont pas ouvertes à la visite : une étiquette moins une paire laisserait deviner"
    " une seule personne."
)
UNITES = {
    Cooccurrence.CITATION: "Citations",
    Cooccurrence.CHEVAUCHEMENT: "Passages qui se chevauchent",
    Cooccurrence.TOUR: "Tours de parole",
}


def lire_cooccurrences(session: Session, perimetre: Perimetre, *, nature: Cooccurrence, page: int = 1) -> Matrice:
    """Une page de paires, de la plus fréquente à la plus rare. Quatre requêtes, cinq hors de l'équipe.

    Hors de l'équipe, une paire se compte en entretiens, sans en laisser lire un ou deux. La visite n'en lit aucune :
    « six portent A », à côté de « cinq portent A et B », désigne celui qui porte A sans B. Taire les paires proches de
    leurs étiquettes ne suffirait pas : trois paires listées se bornent l'une l'autre, et seul un solveur dirait si
    l'une se déduit. Lève AccesRefuse.
    """
    exiger(peut_lire_indicateurs, perimetre)
    if sous_secret(perimetre):
        raise AccesRefuse(PAIRES_TUES)
    equipe = peut_lire_identites(perimetre)
    requete = _paires(perimetre, nature, equipe=equipe)
    paires = session.execute(paginer(requete, page)).all()
    tracees = paires if page == 1 else session.execute(paginer(requete, 1)).all()
    return Matrice(
        legende=typographier(f"Paires d'étiquettes, {nature.libelle.lower()}"),
        coin="Étiquettes",
        entetes=((UNITES[nature], "Entretiens") if equipe else ("Entretiens",)),
        lignes=(*(_ligne(paire, nature, equipe=equipe) for paire in paires), _sans(session, perimetre, equipe=equipe)),
        notes=(typographier(nature.aide), *([] if equipe else [REGLE]), dater(session, perimetre)),
        page=page,
        pages=nombre_de_pages(paires[0].toutes if paires else 0),
        **_tracer(tracees, nature, equipe=equipe),
    )


def _paires(perimetre: Perimetre, nature: Cooccurrence, *, equipe: bool) -> Any:
    """Hors de l'équipe, celles qui se taisent se suivent dans l'ordre de la grille : leur rang dirait deux ou un."""
    une, autre = aliased(Etiquette), aliased(Etiquette)
    groupes = (SyntheseCooccurrence.etiquette_id, SyntheseCooccurrence.autre_id)
    comptes = (
        select(*groupes, *sommes(SyntheseCooccurrence, ("rencontres", "entretiens")))
        .where(visible(SyntheseCooccurrence, perimetre), SyntheseCooccurrence.nature == nature)
        .group_by(*groupes)
        .having(func.sum(SyntheseCooccurrence.rencontres) > 0)
        .subquery()
    )
    dits = selon((comptes.c.entretiens >= SEUIL, comptes.c.entretiens), else_=0)
    rangs = (comptes.c.entretiens.desc(), comptes.c.rencontres.desc()) if equipe else (dits.desc(),)
    return (
        select(comptes, une.nom.label("une"), autre.nom.label("autre"), func.count().over().label("toutes"))
        .join(une, une.id == comptes.c.etiquette_id)
        .join(autre, autre.id == comptes.c.autre_id)
        .order_by(*rangs, comptes.c.etiquette_id, comptes.c.autre_id)
    )


def _ligne(paire: Any, nature: Cooccurrence, *, equipe: bool) -> LigneMatrice:
    case = Case(etiquette_id=paire.etiquette_id, autre_id=paire.autre_id, nature=nature)
    entretiens = nombre(paire.entretiens) if equipe else publier(paire.entretiens)
    cases = [CaseLue(texte=entretiens, ouvre=None if entretiens == PETIT else case)]
    if equipe:
        cases.insert(0, CaseLue(texte=nombre(paire.rencontres), ouvre=case))
    return LigneMatrice(nom=f"{paire.une} + {paire.autre}", cases=tuple(cases))


def s_ouvre(session: Session, perimetre: Perimetre, case: Case) -> bool:
    """Vrai si, hors de l'équipe, la liste des paires ouvre cette case : trois entretiens au moins, rien d'autre."""
    if sous_secret(perimetre) or any(champ is not None for champ in (case.terrain_id, case.type_acteur, case.taille)):
        return False
    une, autre = sorted((case.etiquette_id, case.autre_id or 0))
    requete = select(*sommes(SyntheseCooccurrence, ("entretiens",))).where(
        visible(SyntheseCooccurrence, perimetre),
        SyntheseCooccurrence.nature == case.nature,
        SyntheseCooccurrence.etiquette_id == une,
        SyntheseCooccurrence.autre_id == autre,
    )
    entretiens = int(session.scalar(requete) or 0)
    return entretiens > 0 and not est_cache(publier(entretiens))


def _sans(session: Session, perimetre: Perimetre, *, equipe: bool) -> LigneMatrice:
    """Ce qu'aucune paire ne peut compter."""
    requete = select(*sommes(SyntheseSituation, ("sans_etiquette", "entretiens_sans")))
    citations, entretiens = session.execute(requete.where(visible(SyntheseSituation, perimetre))).one()
    ouvre = Case(etiquette_id=0) if citations else None
    if not equipe:
        texte = lire_cases_protegees(session, perimetre, ()).ensemble(SANS_ETIQUETTE)
        protegee = CaseLue(texte=texte, ouvre=None if est_cache(texte) else ouvre)
        return LigneMatrice(nom=SANS, cases=(protegee,), total=True)
    textes = (compter(int(citations), "citation"), nombre(int(entretiens)))
    return LigneMatrice(nom=SANS, cases=tuple(CaseLue(texte=texte, ouvre=ouvre) for texte in textes), total=True)


def _tracer(paires: Sequence[Any], nature: Cooccurrence, *, equipe: bool) -> dict[str, Any]:
    """La carte des étiquettes qui se rencontrent le plus, parmi les cinquante premières paires."""
    noms: dict[int, str] = {}
    for paire in paires:
        for identifiant, nom in ((paire.etiquette_id, paire.une), (paire.autre_id, paire.autre)):
            if len(noms) < TRACEES:
                noms.setdefault(identifiant, nom)
    montrees = [paire for paire in paires if equipe or publier(paire.entretiens) != PETIT]
    comptes = {(p.etiquette_id, p.autre_id): float(p.entretiens) for p in montrees}
    valeurs = [[comptes.get((min(a, b), max(a, b))) for b in noms] for a in noms]
    titre = typographier(f"Quelles étiquettes vont ensemble ? Entretiens, {nature.libelle.lower()}")
    return chaleur.tracer(list(noms.values()), list(noms.values()), valeurs, titre, parts=False)
