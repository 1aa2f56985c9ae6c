"""Un double codage à son étape : coder sa version, attendre l'autre, comparer et arbitrer."""

import re
from collections.abc import Sequence

import streamlit as st

from lib.domain.double_codage import ChoixArbitrage, EtapeDoubleCodage
from lib.domain.droits import peut_consigner
from lib.domain.erreurs import ErreurMetier
from lib.domain.formats import compter, guillemets, nombre, typographier
from lib.services.double_codage.comparaison import (
    Comparaison,
    DesaccordLu,
    TourCompare,
    arbitrer,
    lire_comparaison,
    trancher,
)
from lib.services.double_codage.lecture import DoubleCodageLu
from lib.services.double_codage.ouverture import abandonner, rendre, reprendre
from lib.services.sessions import Acces
from lib.services.transaction import ecriture
from lib.ui.acces import acces_courant
from lib.ui.caches import vue
from lib.ui.composants.codage_aveugle import coder_a_l_aveugle
from lib.ui.composants.confirmation import Geste, bouton_a_confirmer
from lib.ui.composants.tableau_defilant import Cellule, tableau_defilant
from lib.ui.messages import signaler
from lib.ui.navigation import chemin
from lib.ui.ressources import moteur
from lib.ui.textes import litteral

PAR_PAGE = 50
RIEN = "Rien"
DEDANS = re.compile(r"«\s*|\s*»")


def montrer(double: DoubleCodageLu, acces: Acces) -> None:
    """L'écran de l'étape où l'on en est, pour cette personne."""
    premiere, seconde = double.versions
    st.caption(litteral(f"{double.code} – confié à {premiere.nom} et {seconde.nom} – {double.etape.libelle.lower()}"))
    if double.etape is EtapeDoubleCodage.CODAGE:
        _codage(double, acces)
    elif double.etape is EtapeDoubleCodage.ABANDONNE:
        st.info("Ce double codage est abandonné : le codage d'avant est revenu, les deux versions restent gardées.")
    else:
        _comparer(double, acces)
    if double.etape in {EtapeDoubleCodage.CODAGE, EtapeDoubleCodage.ARBITRAGE}:
        _proposer_d_abandonner(double)


# --- Coder, rendre ----------------------------------------------------------------------------------------------


def _codage(double: DoubleCodageLu, acces: Acces) -> None:
    mienne = double.mienne(acces.perimetre.compte_id)
    autres = [version for version in double.versions if version is not mienne]
    etats = " ; ".join(f"{v.nom} : {'version rendue' if v.rendue else 'code encore'}" for v in autres)
    if double.repris:
        st.warning(
            typographier(
                "Cet entretien était déjà codé quand le double codage s'est ouvert : l'autre personne a pu lire ce "
                "codage. L'accord mesuré peut en être plus haut."
            )
        )
    if mienne is None:
        st.info(litteral(typographier(f"{etats}. Rien de leur travail ne se voit avant que les deux aient fini.")))
        return
    st.info(
        litteral(typographier(f"{etats}. Vous ne verrez sa version, et elle la vôtre, qu'une fois les deux rendues."))
    )
    if mienne.rendue:
        st.write("Votre version est rendue.")
        bouton_a_confirmer(_reprise(double))
        return
    coder_a_l_aveugle(double.id)
    bouton_a_confirmer(_rendu(double))


def _rendu(double: DoubleCodageLu) -> Geste:
    return Geste(
        cle=f"double-rendre-{double.id}",
        bouton="J'ai fini, rendre ma version",
        question=typographier(
            "Votre version ne changera plus, sauf à la reprendre avant que l'autre soit rendue. "
            "Quand les deux le sont, chacune voit l'autre."
        ),
        faire=lambda session, perimetre: rendre(session, perimetre, double_id=double.id),
        droit=peut_consigner,
        fait="Votre version est rendue.",
    )


def _reprise(double: DoubleCodageLu) -> Geste:
    return Geste(
        cle=f"double-reprendre-{double.id}",
        bouton="Reprendre ma version",
        question="Votre version redevient modifiable ; il faudra la rendre à nouveau.",
        faire=lambda session, perimetre: reprendre(session, perimetre, double_id=double.id),
        droit=peut_consigner,
        fait="Votre version est rouverte.",
    )


def _proposer_d_abandonner(double: DoubleCodageLu) -> None:
    bouton_a_confirmer(
        Geste(
            cle=f"double-abandonner-{double.id}",
            bouton="Abandonner ce double codage",
            question="Le codage d'avant revient dans les citations et les chiffres. Les versions restent gardées.",
            faire=lambda session, perimetre: abandonner(
                session, perimetre, double_id=double.id, version=double.version
            ),
            droit=peut_consigner,
            fait="Le double codage est abandonné.",
        )
    )


# --- Comparer, arbitrer -----------------------------------------------------------------------------------------


def _comparer(double: DoubleCodageLu, acces: Acces) -> None:
    comparaison = vue(lire_comparaison, acces, double_id=double.id)
    total = len(comparaison.desaccords)
    st.markdown(
        typographier(
            f"{compter(comparaison.accords, 'passage codé de même', 'passages codés de même')}, "
            f"{compter(total, 'désaccord')}, {nombre(comparaison.restants)} à trancher."
        )
    )
    if double.etape is EtapeDoubleCodage.ARBITRE:
        st.success(litteral(f"Arbitré par {double.arbitre} : la version retenue est dans le codage commun."))
        st.page_link(
            chemin("codage"), label="Voir le codage commun", query_params={"entretien": str(double.entretien_id)}
        )
    elif comparaison.restants:
        _trancher(double, comparaison)
    else:
        bouton_a_confirmer(_arbitrage(double))
    _cote_a_cote(double, comparaison)
    _lister(double, comparaison)
    if double.etape is EtapeDoubleCodage.ARBITRAGE and total and not comparaison.restants:
        _trancher(double, comparaison)


def _arbitrage(double: DoubleCodageLu) -> Geste:
    return Geste(
        cle=f"double-arbitrer-{double.id}",
        bouton="Arbitrer : verser cette version dans le codage commun",
        question=typographier(
            "Les passages codés de même et ce que vous avez retenu des désaccords deviennent le codage commun : "
            "il revient dans les citations, les exports et les chiffres. Il se corrige ensuite comme un autre."
        ),
        faire=lambda session, perimetre: arbitrer(session, perimetre, double_id=double.id, version=double.version),
        droit=peut_consigner,
        fait="La version arbitrée est dans le codage commun.",
    )


def _trancher(double: DoubleCodageLu, comparaison: Comparaison) -> None:
    """Un désaccord à la fois, le premier qui reste d'abord ; les autres au choix."""
    st.header("Trancher les désaccords", anchor=False)
    cle = f"double-desaccord-{double.id}"
    rangs = range(len(comparaison.desaccords))
    premier = next((rang for rang in rangs if comparaison.desaccords[rang].choix is None), 0)
    rang = st.selectbox(
        "Désaccord",
        rangs,
        index=premier,
        format_func=lambda rang: _nommer(rang, comparaison.desaccords[rang]),
        key=f"{cle}-{comparaison.restants}",
    )
    desaccord = comparaison.desaccords[rang]
    st.markdown(f"…{litteral(desaccord.avant)} **\\[…\\]** {litteral(desaccord.apres)}…")
    cotes = zip(double.versions, (desaccord.premiers, desaccord.seconds), st.columns(2), strict=True)
    for version, passages, colonne in cotes:
        with colonne, st.container(border=True):
            st.markdown(f"**{litteral(version.nom)}**")
            st.markdown("\n\n".join(litteral(_entre_guillemets(passage)) for passage in passages) or RIEN)
    with st.container(horizontal=True):
        for choix in desaccord.permis:
            st.button(
                litteral(_libelle(choix, double)),
                key=f"{cle}-{choix.value}-{desaccord.cle}",
                type="primary" if choix is desaccord.choix else "secondary",
                on_click=_decider,
                args=(double.id, desaccord, choix),
            )


def _nommer(rang: int, desaccord: DesaccordLu) -> str:
    etat = desaccord.choix.libelle.lower() if desaccord.choix else "à trancher"
    return typographier(f"{rang + 1}. {desaccord.etiquette} : {etat}")


def _libelle(choix: ChoixArbitrage, double: DoubleCodageLu) -> str:
    noms = {ChoixArbitrage.PREMIER: double.versions[0].nom, ChoixArbitrage.SECOND: double.versions[1].nom}
    return f"Garder la version de {noms[choix]}" if choix in noms else choix.libelle


def _decider(double_id: int, desaccord: DesaccordLu, choix: ChoixArbitrage) -> None:
    acces = acces_courant(relire=True)
    if acces is None:
        signaler("Votre session est terminée : reconnectez-vous, rien n'est perdu.")
        return
    try:
        with ecriture(moteur(), acces.perimetre) as session:
            trancher(session, acces.perimetre, double_id=double_id, cle=desaccord.cle, choix=choix)
    except ErreurMetier as erreur:
        signaler(str(erreur))


def _cote_a_cote(double: DoubleCodageLu, comparaison: Comparaison) -> None:
    st.header("Les deux versions côte à côte", anchor=False)
    seuls = st.checkbox("Les unités en désaccord seulement", value=True, key=f"double-seuls-{double.id}")
    tours = [tour for tour in comparaison.tours if not (seuls and tour.accord)]
    pages = -(-len(tours) // PAR_PAGE)
    page = st.pagination(pages, key=f"double-page-{double.id}-{seuls}") if pages > 1 else 1
    if not tours:
        st.write("Chaque unité porte les mêmes étiquettes des deux côtés.")
        return
    tableau_defilant(
        ("Unité", "Ce qui est dit", *(version.nom for version in double.versions), "Accord"),
        [_rangee(tour) for tour in tours[(page - 1) * PAR_PAGE : page * PAR_PAGE]],
        legende="Étiquettes de chaque unité de parole, dans les deux versions",
        cle=f"double-unites-{double.id}",
    )


def _rangee(tour: TourCompare) -> tuple[str, list[Cellule]]:
    etiquettes = (", ".join(noms) or RIEN for noms in (tour.premiere, tour.seconde))
    textes = (tour.texte, *etiquettes, "Oui" if tour.accord else "Non")
    return typographier(f"{tour.nature.libelle} {nombre(tour.numero)}"), [(texte, "") for texte in textes]


def _lister(double: DoubleCodageLu, comparaison: Comparaison) -> None:
    if not comparaison.desaccords:
        return
    st.header("Les désaccords", anchor=False)
    lignes = [_desaccord(rang, desaccord, double) for rang, desaccord in enumerate(comparaison.desaccords, start=1)]
    pages = -(-len(lignes) // PAR_PAGE)
    page = st.pagination(pages, key=f"double-desaccords-{double.id}") if pages > 1 else 1
    tableau_defilant(
        ("Désaccord", *(version.nom for version in double.versions), "Ce qui est retenu"),
        lignes[(page - 1) * PAR_PAGE : page * PAR_PAGE],
        legende="Désaccords entre les deux versions",
        cle=f"double-liste-{double.id}",
    )


def _desaccord(rang: int, desaccord: DesaccordLu, double: DoubleCodageLu) -> tuple[str, list[Cellule]]:
    retenu = _libelle(desaccord.choix, double) if desaccord.choix else "À trancher"
    textes = (_citer(desaccord.premiers), _citer(desaccord.seconds), retenu)
    return f"{nombre(rang)}. {desaccord.etiquette}", [(texte, "") for texte in textes]


def _citer(passages: Sequence[str]) -> str:
    return " ; ".join(map(_entre_guillemets, passages)) or RIEN


def _entre_guillemets(passage: str) -> str:
    """Les guillemets de la citation deviennent ceux d'une citation dans la citation."""
    return guillemets(DEDANS.sub(lambda trouve: "“" if "«" in trouve[0] else "”", passage))
