// Tableau dont chaque ligne ouvre une fiche : de vrais liens, qui passent par l'application quand on les suit ici.
// Une ligne sans adresse se lit seulement. Au téléphone, chaque ligne devient une carte.
// Aucun texte n'est lu comme du HTML.
export default function ({ parentElement, data, setTriggerValue }) {
  const racine = parentElement.querySelector(".tableau");
  const empreinte = JSON.stringify(data);
  if (racine.empreinte === empreinte) return;
  racine.empreinte = empreinte;

  function creer(balise, texte, attributs = {}) {
    const element = document.createElement(balise);
    if (texte) element.textContent = texte;
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
    return element;
  }

  function lien(ligne, texte) {
    const element = creer("a", texte, { href: ligne.adresse });
    if (texte.length < 24) element.classList.add("court");
    element.addEventListener("click", (clic) => {
      if (clic.ctrlKey || clic.metaKey || clic.shiftKey || clic.altKey) return;
      clic.preventDefault();
      setTriggerValue("ouverte", ligne.cle);
    });
    return element;
  }

  function geste(ligne) {
    const cellule = creer("td", "", { class: "geste" });
    const bouton = creer("button", data.geste, { type: "button", "aria-label": `${data.geste} : ${ligne.cellules[0]}` });
    bouton.addEventListener("click", () => setTriggerValue("touchee", ligne.cle));
    cellule.append(bouton);
    return cellule;
  }

  function ranger(ligne) {
    const rangee = creer("tr");
    ligne.cellules.forEach((texte, rang) => {
      const cellule = creer(rang ? "td" : "th", rang ? texte : "", { "data-entete": data.entetes[rang] });
      if (!rang) {
        cellule.setAttribute("scope", "row");
        if (ligne.teinte) {
          const marque = creer("span", "", { class: "teinte", "aria-hidden": "true" });
          marque.style.background = ligne.teinte;
          cellule.append(marque);
        }
        cellule.append(ligne.adresse ? lien(ligne, texte) : texte);
      }
      if (data.nombres.includes(rang)) cellule.classList.add("nombre");
      rangee.append(cellule);
    });
    if (data.geste) rangee.append(geste(ligne));
    return rangee;
  }

  const titres = creer("tr");
  data.entetes.forEach((texte, rang) => {
    const titre = creer("th", texte, { scope: "col" });
    if (data.nombres.includes(rang)) titre.classList.add("nombre");
    titres.append(titre);
  });
  if (data.geste) titres.append(creer("th", "Geste", { scope: "col" }));
  const entete = creer("thead");
  entete.append(titres);
  const corps = creer("tbody");
  corps.append(...data.lignes.map(ranger));
  const tableau = creer("table");
  tableau.append(creer("caption", data.legende), entete, corps);
  racine.replaceChildren(tableau);
}
