// Une scène de la restitution : sa phrase, ses barres, ses tableaux, ses notes. Aucun texte n'est lu comme du HTML.
export default function ({ parentElement, data }) {
  const racine = parentElement.querySelector(".scene");
  const empreinte = JSON.stringify(data);
  if (racine.empreinte === empreinte) return;
  racine.empreinte = empreinte;

  function creer(balise, { texte = "", classe = "", attributs = {} } = {}, ...enfants) {
    const element = document.createElement(balise);
    if (texte) element.textContent = texte;
    if (classe) element.className = classe;
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
    element.append(...enfants);
    return element;
  }

  function barre(lue) {
    const piste = creer("span", { classe: lue.longueur === null ? "piste cachee" : "piste" });
    piste.style.inlineSize = `${lue.place}%`;
    if (lue.longueur !== null) {
      const plein = creer("span", { classe: "plein" });
      plein.style.inlineSize = `${lue.longueur}%`;
      piste.append(plein);
    }
    return creer("li", {},
      creer("span", { texte: lue.libelle, classe: "libelle" }),
      creer("span", { classe: "mesure" },
        creer("span", { classe: "rail" }, piste),
        creer("span", { texte: lue.texte, classe: "valeur" })));
  }

  function figure(lue) {
    return creer("figure", {},
      creer("figcaption", { texte: lue.titre }),
      creer("ul", {}, ...lue.barres.map(barre)));
  }

  function rangee(cellules, entetes) {
    return creer("tr", {}, ...cellules.map((texte, rang) => rang
      ? creer("td", { texte, attributs: { "data-entete": entetes[rang] } })
      : creer("th", { texte, attributs: { scope: "row" } })));
  }

  function tableau(lu) {
    return creer("table", {},
      creer("caption", { texte: lu.legende }),
      creer("thead", {}, creer("tr", {},
        ...lu.entetes.map((texte) => creer("th", { texte, attributs: { scope: "col" } })))),
      creer("tbody", {}, ...lu.lignes.map((ligne) => rangee(ligne, lu.entetes))));
  }

  const montre = [];
  if (data.figure) montre.push(figure(data.figure));
  if (data.tableaux.length) montre.push(creer("div", { classe: "tableaux" }, ...data.tableaux.map(tableau)));
  racine.replaceChildren(
    creer("p", { texte: data.phrase, classe: "phrase", attributs: { "aria-live": "polite" } }),
    creer("div", { classe: "montre" }, ...montre),
    creer("div", { classe: "notes" }, ...data.notes.map((texte) => creer("p", { texte }))),
  );
}
