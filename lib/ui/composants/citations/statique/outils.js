/** Petits outils communs aux deux façons de montrer les citations. */

const INSECABLE = "\u00a0";

export function creer(nom, { texte, ...attributs } = {}, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) element.setAttribute(cle, valeur);
  if (texte != null) element.textContent = texte;
  element.append(...enfants);
  return element;
}

/** Les guillemets d'une citation ; ceux qu'elle contient passent au second rang. */
export function citer(texte) {
  const nue = texte.trim().replace(/^«\s*([^«»]*?)\s*»$/, "$1");
  const seconde = nue.replace(/«\s*/g, "“").replace(/\s*»/g, "”");
  return `«${INSECABLE}${seconde}${INSECABLE}»`;
}

export function pastilles(etiquettes) {
  const elements = etiquettes.map((etiquette) => {
    const pastille = creer("li", { class: `pastille famille-${etiquette.famille}`, texte: etiquette.nom });
    if (etiquette.couleur) pastille.style.setProperty("--teinte", etiquette.couleur);
    return pastille;
  });
  if (!elements.length) elements.push(creer("li", { class: "pastille sans", texte: "Sans étiquette" }));
  return creer("ul", { class: "etiquettes", "aria-label": "Étiquettes" }, ...elements);
}

export function lienVersSaPlace(citation, ouvrir) {
  const lien = creer("a", { href: citation.adresse, texte: "Voir à sa place" });
  lien.setAttribute("aria-label", `Voir à sa place dans l’entretien ${citation.code}`);
  lien.onclick = (evenement) => {
    // Ctrl, Maj ou clic du milieu ouvrent un onglet : le navigateur s'en charge.
    if (evenement.ctrlKey || evenement.metaKey || evenement.shiftKey || evenement.button) return;
    evenement.preventDefault();
    ouvrir(citation);
  };
  return lien;
}

/** La case du panier ; son nom dit de quelle citation il s'agit. */
export function caseDuPanier(citation, retenir) {
  const coche = creer("input", { type: "checkbox" });
  coche.dataset.tenu = `panier-${citation.cle}`;
  coche.checked = citation.retenue;
  coche.onchange = () => retenir(citation.cle, coche.checked);
  const debut = citation.citation.trim().slice(0, 40);
  coche.setAttribute("aria-label", `Retenir au panier : ${debut}`);
  return creer("label", { class: "panier" }, coche, creer("span", { texte: "Retenir", "aria-hidden": "true" }));
}

/** Un bouton par étiquette portée : prendre la citation en exemple de ce qu'elle veut dire, ou l'en retirer. */
export function exemples({ verbatim, exemples: possibles = [] }, exemplifier) {
  return possibles.map(({ id, nom, pris }) => {
    const texte = pris ? "Retirer des exemples" : "Prendre en exemple";
    const bouton = creer("button", { type: "button", class: "exemple", "aria-label": `${texte} de ${citer(nom)}` });
    bouton.textContent = possibles.length > 1 ? `${texte} de ${citer(nom)}` : texte;
    bouton.dataset.tenu = `exemple-${verbatim}-${id}`;
    bouton.onclick = () => exemplifier(verbatim, id, !pris);
    return bouton;
  });
}

export function reserves(citation) {
  return citation.reserves.map((reserve) => creer("span", { class: "reserve", texte: reserve }));
}
