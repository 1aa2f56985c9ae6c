/** Petites aides de construction : des éléments, jamais de HTML en texte. */

export const INSECABLE = "\u00a0";

/** Élément avec ses attributs, son texte et ses enfants. */
export function creer(nom, { texte, ...attributs } = {}, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) {
    if (valeur === false || valeur == null) continue;
    if (cle.startsWith("on")) element.addEventListener(cle.slice(2), valeur);
    else element.setAttribute(cle, valeur === true ? "" : valeur);
  }
  if (texte != null) element.textContent = texte;
  element.append(...enfants);
  return element;
}

export function bouton(texte, action, attributs = {}) {
  return creer("button", { type: "button", texte, onclick: action, ...attributs });
}

/** Sans casse, accents, apostrophes ni tirets : la recherche trouve « préfecture » avec « prefecture ». */
export function plier(texte) {
  return texte
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/['’‘`´\-‐‑–—]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Début et fin d'une citation longue, coupée au mot. */
export function abreger(texte, longueur = 90) {
  const ligne = texte.replace(/\s+/g, " ").trim();
  if (ligne.length <= longueur) return ligne;
  const coupe = ligne.slice(0, longueur);
  return `${coupe.slice(0, Math.max(coupe.lastIndexOf(" "), longueur / 2))}…`;
}

/** Une citation entre guillemets ; ceux qu'elle contient passent au second rang, pour n'en jamais voir deux de suite. */
export function citer(texte, longueur) {
  const nue = texte.trim().replace(/^«\s*([^«»]*?)\s*»$/, "$1");
  const seconde = nue.replace(/«\s*/g, "“").replace(/\s*»/g, "”");
  return `«${INSECABLE}${abreger(seconde, longueur)}${INSECABLE}»`;
}

export function accorder(nombre, singulier, pluriel = `${singulier}s`) {
  return `${nombre.toLocaleString("fr-FR")}${INSECABLE}${nombre < 2 ? singulier : pluriel}`;
}
