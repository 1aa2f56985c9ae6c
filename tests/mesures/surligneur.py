"""L'atelier de codage sous charge : mille passages dans deux cent mille caractères. Lancé par `make bench`, ou
`python -m tests.mesures.surligneur [--tours 5]`.

Mesure dans un vrai navigateur l'ouverture de la page et l'ajout d'un passage, à côté du même atelier presque vide sur
la même machine : la charge des voisins s'y voit aussi. Les bornes de l'issue s'affichent, aucune ne fait échouer.
"""

import argparse
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.db.modeles import Compte, Entretien, Etiquetage, Etiquette, Texte, Verbatim
from lib.domain.formats import nombre
from lib.domain.textes import plier
from lib.domain.vocabulaire import FamilleEtiquette, NatureTexte
from lib.services.entretiens import textes
from lib.services.syntheses import refaire, suivre
from lib.services.transaction import ecriture
from tests.mesures.bases import BaseMesuree, ouvrir_base
from tests.mesures.serveurs import charge_de_la_machine, servir_application
from tests.outils.navigateur import ouvrir_navigateur, visiter
from tests.outils.serveur import RACINE

LONGUEUR = 200_000
PASSAGES = 1_000
ETIQUETTES = 2_000
TEMOIN = "associe_session"
CIBLES = {"ouverture": 1_500.0, "ajout": 150.0}
REPLIQUE = (
    "Q : Et sur le terrain, comment cela se passe-t-il ?\n"
    "R : On relance 😡 les entreprises trois fois avant d’avoir une réponse, et le temps manque pour tenir le lien. "
    "Le mardi, un camion passe ; le jeudi, personne. On finit par appeler ceux qu’on connaît déjà.\n"
)
# Du premier octet demandé jusqu'à l'image où les passages sont colorés et leurs cartes en place.
OUVERT = """(voulus) => new Promise((fini) => {
    const voir = () => {
        const hote = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.surligneur'));
        const racine = hote?.shadowRoot.querySelector('.surligneur');
        if (Number(racine?.dataset.pret) >= voulus) requestAnimationFrame(() => fini(performance.now()));
        else requestAnimationFrame(voir);
    };
    voir();
})"""
# Entre la touche qui étiquette et l'image où la couleur se voit, puis celle où le serveur a répondu.
AJOUTER = """([debut, fin]) => new Promise((fini) => {
    const hote = [...document.querySelectorAll('*')].find((e) => e.shadowRoot?.querySelector('.surligneur'));
    const racine = hote.shadowRoot.querySelector('.surligneur');
    const zone = racine.querySelector('.texte');
    const lieu = (position) => {
        let reste = position;
        for (const noeud of zone.childNodes) {
            if (reste <= noeud.data.length) return [noeud, reste];
            reste -= noeud.data.length;
        }
    };
    zone.focus({ preventScroll: true });
    getSelection().setBaseAndExtent(...lieu(debut), ...lieu(fin));
    const rang = racine.dataset.rang;
    const temps = {};
    setTimeout(() => {
        const depart = performance.now();
        zone.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
        const voir = () => {
            if (!temps.vu && CSS.highlights.get('associe-attente')?.size) temps.vu = performance.now() - depart;
            if (racine.dataset.rang !== rang) {
                temps.su = performance.now() - depart;
                fini([temps.vu ?? temps.su, temps.su]);
            } else requestAnimationFrame(voir);
        };
        requestAnimationFrame(voir);
    }, 400);
})"""


@dataclass
class Serie:
    """Les temps d'un atelier, en millisecondes, et les kilo-octets que le serveur envoie pour un geste."""

    ouvertures: list[float] = field(default_factory=list)
    visibles: list[float] = field(default_factory=list)
    enregistres: list[float] = field(default_factory=list)
    octets: list[float] = field(default_factory=list)


def preparer(session: Session, base: BaseMesuree, rang: int, longueur: int, passages: int) -> int:
    """Un entretien long et très codé ; rend son identifiant."""
    realise = select(Entretien).where(Entretien.id == base.entretien)
    modele = session.scalars(realise).one()
    entretien = Entretien(
        investigation_id=modele.investigation_id,
        terrain_id=modele.terrain_id,
        code=f"BANC-{rang}",
        type_acteur=modele.type_acteur,
        mode=modele.mode,
        tenu_le=modele.tenu_le,
        statut=modele.statut,
        notice_remise_le=modele.notice_remise_le,
        notice_moyen=modele.notice_moyen,
        notice_version=modele.notice_version,
    )
    session.add(entretien)
    session.flush()
    contenu = (REPLIQUE * (longueur // len(REPLIQUE) + 1))[:longueur]
    textes._creer(session, entretien, NatureTexte.TRANSCRIPTION, contenu)
    texte = session.scalars(select(Texte).where(Texte.entretien_id == entretien.id)).one()
    with suivre(session, entretien.id):
        _coder(session, texte, passages)
    refaire(session, entretien.investigation_id)
    return entretien.id


def _coder(session: Session, texte: Texte, passages: int) -> None:
    """Passages de quarante à cent vingt caractères, un sur quatre chevauchant le suivant, une ou deux étiquettes."""
    etiquettes = session.scalars(select(Etiquette.id).where(Etiquette.archive_le.is_(None))).all()
    compte = session.scalars(select(Compte.id)).first()
    pas = len(texte.contenu) // (passages + 1)
    commun = {"investigation_id": texte.investigation_id, "entretien_id": texte.entretien_id}
    for rang in range(passages):
        debut = rang * pas + 5
        fin = debut + 40 + (rang * 37) % 80 + (pas if rang % 4 == 0 else 0)
        citation = texte.contenu[debut:fin]
        place = {"texte_id": texte.id, "debut": debut, "fin": fin, "citation": citation}
        verbatim = Verbatim(**commun, **place, citation_recherche=plier(citation), cree_par=compte)
        session.add(verbatim)
        session.flush()
        for saut in range(1 + rang % 2):
            etiquette_id = etiquettes[(rang + 7 * saut) % len(etiquettes)]
            pose = {"verbatim_id": verbatim.id, "etiquette_id": etiquette_id, "compte_id": compte}
            session.add(Etiquetage(**commun, **pose))


def epingler(session: Session, base: BaseMesuree) -> None:
    """Une étiquette sous le chiffre 1 de la personne qui mesure."""
    from lib.db.modeles import Epingle, SessionOuverte

    compte_id = session.scalars(select(SessionOuverte.compte_id)).first()
    etiquette_id = session.scalars(select(Etiquette.id).where(Etiquette.archive_le.is_(None))).first()
    session.add(Epingle(compte_id=compte_id, etiquette_id=etiquette_id, investigation_id=base.investigation_id, rang=1))


def grossir(session: Session, investigation_id: int) -> None:
    """Une grille de deux mille étiquettes, chacune définie, bornée et illustrée."""
    aide = "Ce que la personne dit quand elle raconte ce qui lui a manqué pour nouer ou tenir un partenariat."
    for rang in range(ETIQUETTES):
        nom = f"Étiquette de banc {rang:04}"
        regles = {"definition": aide, "inclusion": aide, "exclusion": aide}
        commun = {"investigation_id": investigation_id, "code": f"banc-{rang}", "famille": FamilleEtiquette.IRRITANT}
        session.add(Etiquette(**commun, **regles, nom=nom, nom_recherche=plier(nom), ordre=1_000 + rang))


def mesurer(tours: int) -> dict[str, Serie]:
    """Ouvertures et ajouts : un atelier chargé et un presque vide tour à tour, puis les mêmes, grille de 2 000."""
    return _mesurer(tours, "") | _mesurer(tours, ", 2 000 étiquettes")


def _mesurer(tours: int, grille: str) -> dict[str, Serie]:
    series = {f"{nom}{grille}": Serie() for nom in ("1 000 passages, 200 000 caractères", "10 passages, 2 000")}
    with ouvrir_base(1) as base:
        with ecriture(base.moteur, None) as session:
            grand = preparer(session, base, 1, LONGUEUR, PASSAGES)
            petit = preparer(session, base, 2, 2_000, 10)
            epingler(session, base)
            if grille:
                grossir(session, base.investigation_id)
        ateliers = dict(zip(series, ((grand, PASSAGES), (petit, 10)), strict=True))
        with servir_application(base.url) as serveur, ouvrir_navigateur() as navigateur:
            for tour in range(tours + 1):  # le premier tour met en route, il ne compte pas
                for nom, (entretien, passages) in ateliers.items():
                    with _visite(navigateur, serveur.adresse, base) as page:
                        serie = series[nom] if tour else Serie()
                        _mesurer_une(page, f"{serveur.adresse}/codage?entretien={entretien}", passages, serie, tour)
    return series


@contextmanager
def _visite(navigateur: object, adresse: str, base: BaseMesuree) -> Iterator[Page]:
    with visiter(navigateur, adresse) as visite:  # type: ignore[arg-type]
        hote = str(urlsplit(adresse).hostname)
        visite.page.context.add_cookies([{"name": TEMOIN, "value": base.jeton, "domain": hote, "path": "/"}])
        visite.aller("/")  # les fichiers de Streamlit sont en cache, comme chez qui travaille
        yield visite.page


def _mesurer_une(page: Page, adresse: str, passages: int, serie: Serie, tour: int) -> None:
    recus: list[int] = []
    page.on("websocket", lambda lien: lien.on("framereceived", lambda recu: recus.append(len(recu))))
    page.goto(adresse, wait_until="commit")
    serie.ouvertures.append(page.evaluate(OUVERT, passages))
    page.wait_for_timeout(1_000)
    debut = (60 + 11 * tour) if passages < PASSAGES else LONGUEUR // 2 + 211 * tour
    recus.clear()
    vu, su = page.evaluate(AJOUTER, [debut, debut + 9])
    serie.octets.append(sum(recus) / 1_000)
    serie.visibles.append(vu)
    serie.enregistres.append(su)


def rediger(series: dict[str, Serie], charge: float) -> str:
    """Le tableau des médianes."""
    lignes = [
        "# Atelier de codage, dans le navigateur (médianes, ms)",
        f"Charge de la machine avant : {nombre(charge, 2)} par cœur. {_dire_cibles()}",
        "| atelier | ouverture | ajout visible | ajout enregistré | ko reçus par ajout |",
        "| --- | --- | --- | --- | --- |",
    ]
    for nom, serie in series.items():
        temps = (serie.ouvertures, serie.visibles, serie.enregistres, serie.octets)
        lignes.append(f"| {nom} | {' | '.join(nombre(statistics.median(releves)) for releves in temps)} |")
    return "\n".join([lignes[0], "", lignes[1], "", *lignes[2:]]) + "\n"


def _dire_cibles() -> str:
    ouverture, ajout = (nombre(CIBLES[nom]) for nom in ("ouverture", "ajout"))
    return f"Cibles : ouverture ≤ {ouverture}, ajout jusqu'au visible ≤ {ajout}."


def main() -> None:
    """Mesure, écrit le rapport à côté de celui du banc, l'affiche."""
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--tours", type=int, default=5)
    charge = charge_de_la_machine()
    texte = rediger(mesurer(lecteur.parse_args().tours), charge)
    dossier = RACINE / "tests" / "resultats"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / "surligneur.md").write_text(texte, encoding="utf-8")
    print(texte)


if __name__ == "__main__":
    main()
