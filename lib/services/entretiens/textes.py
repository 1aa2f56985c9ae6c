"""Notes et transcription : la version précédente est gardée, les verbatims suivent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.db.modeles import Entretien, Texte, TexteVersion
from lib.domain.droits import Perimetre
from lib.domain.textes import normaliser, plier
from lib.domain.vocabulaire import NatureTexte
from lib.services.ancrage import reancrer
from lib.services.double_codage.garde import TEXTE_GELE, refuser_en_double_codage
from lib.services.double_codage.suites import suivre_les_poses


def poser(session: Session, perimetre: Perimetre, entretien: Entretien, nature: NatureTexte, saisie: str) -> bool:
    """Enregistre un texte normalisé et rend vrai s'il a changé ; un texte vide jamais écrit n'est pas créé.

    À appeler sous `syntheses.suivre`. Lève DonneeInvalide (`notes` ou `transcription`).
    """
    contenu = normaliser(saisie, champ=nature.value)
    requete = select(Texte).where(Texte.entretien_id == entretien.id, Texte.nature == nature)
    texte = session.scalars(requete).one_or_none()
    if texte is None:
        if contenu:
            refuser_en_double_codage(session, entretien.id, phrase=TEXTE_GELE)
        return bool(contenu) and _creer(session, entretien, nature, contenu)
    if texte.contenu == contenu:
        return False
    refuser_en_double_codage(session, entretien.id, phrase=TEXTE_GELE)
    _remplacer(session, perimetre, texte, contenu)
    return True


def _creer(session: Session, entretien: Entretien, nature: NatureTexte, contenu: str) -> bool:
    texte = Texte(
        investigation_id=entretien.investigation_id,
        entretien_id=entretien.id,
        nature=nature,
        contenu=contenu,
        contenu_recherche=plier(contenu),
    )
    session.add(texte)
    session.flush()
    return True


def _remplacer(session: Session, perimetre: Perimetre, texte: Texte, contenu: str) -> None:
    ancien = texte.contenu
    dernier = session.scalar(select(func.max(TexteVersion.numero)).where(TexteVersion.texte_id == texte.id)) or 0
    session.add(TexteVersion(texte_id=texte.id, numero=dernier + 1, contenu=ancien, remplace_par=perimetre.compte_id))
    texte.contenu = contenu
    texte.contenu_recherche = plier(contenu)
    session.flush()
    reancrer(session, texte, ancien, contenu)
    suivre_les_poses(session, texte, ancien, contenu)
