// Matrice dont chaque case ouvre ses citations : de vrais liens, qui passent par l'application quand on les suit ici.
// Aucun texte n'est lu comme du HTML.
export default function ({ parentElement, data, setTriggerValue }) {
  const racine = parentElement.querySelector(".matrice");
  const empreinte = JSON.stringify(data);
  if (racine.empreinte === empreinte) return;
  racine.empreinte = empreinte;

  function creer(balise, texte, attributs = {}) {
    const element = document.createElement(balise);
    if (texte) element.textContent = texte;
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
    return element;
  }

  function lien(texte, case_, nom) {
    const element = creer("a", texte, { href: data.adresse + encodeURIComponent(case_), "aria-label": nom });
    element.addEventListener("click", (clic) => {
      if (clic.ctrlKey || clic.metaKey || clic.shiftKey || clic.altKey) return;
      clic.preventDefault();
      setTriggerValue("ouverte", case_);
    });
    return element;
  }

  // Une case : son texte seul, ou son texte, ce qui le précise et ce qu'elle ouvre, que complète sa ligne.
  function cellule(ligne, lue, rang) {
    const [texte, precision, ouvre] = typeof lue === "string" ? [lue] : lue;
    const case_ = ouvre && ouvre + ligne.suite;
    const element = creer("td", case_ ? "" : texte);
    if (case_) element.append(lien(texte, case_, `${texte}, ${ligne.nom}, ${data.entetes[rang]} : voir les citations`));
    if (precision) element.append(creer("small", precision));
    return element;
  }

  function ranger(ligne) {
    const rangee = creer("tr", "", ligne.total ? { class: "total" } : {});
    rangee.append(creer("th", ligne.nom, { scope: "row" }), ...ligne.cases.map((c, rang) => cellule(ligne, c, rang)));
    return rangee;
  }

  const titres = creer("tr");
  titres.append(creer("th", data.coin, { scope: "col" }));
  for (const entete of data.entetes) {
    const titre = creer("th", "", { scope: "col" });
    titre.append(creer("span", entete));
    titres.append(titre);
  }
  const entete = creer("thead");
  entete.append(titres);
  const corps = creer("tbody");
  corps.append(...data.lignes.map(ranger));
  const tableau = creer("table", "", data.forme ? { class: data.forme } : {});
  tableau.append(creer("caption", data.legende), entete, corps);
  // Plus large que l'écran, elle défile dans son cadre, au doigt comme au clavier.
  const cadre = creer("div", "", { class: "cadre", role: "region", tabindex: "0", "aria-label": data.legende });
  cadre.append(tableau);
  racine.replaceChildren(cadre);
}
