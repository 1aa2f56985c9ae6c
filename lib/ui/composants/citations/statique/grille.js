/** Les citations en tableau : une par ligne, les attributs de la personne en colonnes, un titre commande l'ordre. */
import { caseDuPanier, citer, creer, exemples, lienVersSaPlace, pastilles, reserves } from "./outils.js";

function titre(colonne, data, gestes) {
  const cellule = creer("th", { scope: "col" });
  if (!colonne.tri) {
    cellule.textContent = colonne.titre;
    return cellule;
  }
  const actif = data.tri === colonne.tri;
  if (actif) cellule.setAttribute("aria-sort", data.decroissant ? "descending" : "ascending");
  const fleche = actif ? (data.decroissant ? "\u00a0↓" : "\u00a0↑") : "";
  const bouton = creer("button", { type: "button", texte: colonne.titre });
  bouton.append(creer("span", { texte: fleche, "aria-hidden": "true" }));
  bouton.onclick = () => gestes.trier(colonne.tri);
  cellule.append(bouton);
  return cellule;
}

function rangee(citation, colonnes, gestes) {
  const mots = creer("th", { scope: "row", "data-entete": colonnes[0].titre }, citer(citation.citation));
  const pied = creer("div", { class: "pied" }, ...reserves(citation));
  if (citation.memo) pied.append(creer("p", { class: "memo", texte: `Mémo : ${citation.memo}` }));
  if (citation.adresse) pied.append(lienVersSaPlace(citation, gestes.ouvrir));
  if ("retenue" in citation) pied.append(caseDuPanier(citation, gestes.retenir));
  pied.append(...exemples(citation, gestes.exemplifier));
  mots.append(pied);
  const portees = creer("td", { "data-entete": colonnes[1].titre }, pastilles(citation.etiquettes));
  const attributs = citation.cellules.map((texte, rang) =>
    creer("td", { texte, "data-entete": colonnes[rang + 2].titre }),
  );
  return creer("tr", {}, mots, portees, ...attributs);
}

export function tableau(data, gestes) {
  const titres = creer("tr", {}, ...data.colonnes.map((colonne) => titre(colonne, data, gestes)));
  const corps = creer("tbody", {}, ...data.citations.map((citation) => rangee(citation, data.colonnes, gestes)));
  const legende = creer("caption", { texte: "Citations, une par ligne, avec ce que l'on sait de la personne" });
  const table = creer("table", {}, legende, creer("thead", {}, titres), corps);
  // Plus large que l'écran, le tableau défile ; il se parcourt alors au clavier.
  return creer("div", { class: "defilant", tabindex: "0", role: "region", "aria-label": "Citations en grille" }, table);
}
