/**
 * Ce que l'onglet garde d'un texte : la sélection en cours, et le geste parti sans réponse. Une liaison coupée, une
 * session finie ou un écran refait ne les perdent pas. Des bornes et un compteur, jamais des mots.
 */

const SELECTION = "associe-selection";
const ENVOI = "associe-envoi";

export function retenir(texte, bornes) {
  garder(`${SELECTION}-${texte.id}`, bornes && { version: texte.version, ...bornes });
}

/** Les bornes gardées pour cette version du texte, ou null. */
export function retrouver(texte) {
  const gardee = lire(`${SELECTION}-${texte.id}`);
  return gardee && gardee.version === texte.version && gardee.debut < gardee.fin ? gardee : null;
}

/** Un geste part : on garde le compteur de gestes d'avant. La réponse l'efface (null). */
export function partir(texte, rang) {
  garder(`${ENVOI}-${texte.id}`, rang === null ? null : { rang });
}

/** Vrai si un geste parti avant que l'écran ne soit refait a reçu sa réponse depuis. */
export function repondu(texte, rang) {
  const parti = lire(`${ENVOI}-${texte.id}`);
  partir(texte, null);
  return Boolean(parti) && rang > parti.rang;
}

function garder(cle, valeur) {
  essayer(() => (valeur ? sessionStorage.setItem(cle, JSON.stringify(valeur)) : sessionStorage.removeItem(cle)));
}

function lire(cle) {
  return essayer(() => JSON.parse(sessionStorage.getItem(cle) ?? "null"));
}

/** Un navigateur peut refuser toute mémoire à une page : on s'en passe. */
function essayer(geste) {
  try {
    return geste();
  } catch {
    return null;
  }
}
