// Tableau des irritants : une ligne par irritant, une colonne par réponse. Aucun texte n'est lu comme du HTML.
export default function ({ parentElement, data, setStateValue }) {
  const racine = parentElement.querySelector(".releves");
  if (racine.dataset.naissance === data.naissance) return;
  racine.dataset.naissance = data.naissance;
  const choisis = { ...data.releves };
  const notes = { ...data.intensites };

  function creer(balise, texte, attributs = {}) {
    const element = document.createElement(balise);
    if (texte) element.textContent = texte;
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
    return element;
  }

  function ligneDeTitres() {
    const ligne = creer("tr");
    ligne.append(creer("th", "Irritant", { scope: "col" }));
    for (const choix of data.choix) ligne.append(creer("th", choix.libelle, { scope: "col" }));
    ligne.append(creer("th", data.intensite.nom, { scope: "col" }));
    const entete = creer("thead");
    entete.append(ligne);
    return entete;
  }

  function ligneDeGroupe(nom) {
    const ligne = creer("tr", "", { class: "groupe" });
    ligne.append(creer("th", nom, { scope: "colgroup", colspan: data.choix.length + 2 }));
    return ligne;
  }

  function ligneDIrritant(irritant) {
    const ligne = creer("tr");
    const titre = creer("th", irritant.nom, { scope: "row" });
    if (irritant.definition) titre.append(creer("small", irritant.definition));
    ligne.append(titre);
    const liste = listeDIntensite(irritant);
    for (const choix of data.choix) ligne.append(cellule(irritant, choix, liste));
    const case_ = creer("td", "", { class: "intensite" });
    case_.append(liste);
    ligne.append(case_);
    return ligne;
  }

  // L'intensité ne se note que si l'irritant est évoqué ; sinon la liste se ferme, et sa note s'oublie.
  function listeDIntensite(irritant) {
    const liste = creer("select", "", { "aria-label": `${irritant.nom} : ${data.intensite.nom.toLowerCase()}, de 1 à 5` });
    liste.append(creer("option", data.intensite.vide, { value: "" }));
    for (const note of data.intensite.echelle) liste.append(creer("option", `${note}/5`, { value: note }));
    liste.value = notes[irritant.id] ?? "";
    liste.disabled = !estEvoque(irritant.id);
    liste.addEventListener("change", () => noterIntensite(irritant.id, Number(liste.value)));
    return liste;
  }

  function estEvoque(id) {
    return data.evoques.includes(choisis[id]);
  }

  function noterIntensite(id, note) {
    if (note) notes[id] = note;
    else delete notes[id];
    setStateValue("intensites", { ...notes });
  }

  function cellule(irritant, choix, liste) {
    const bouton = creer("input", "", {
      type: "radio",
      name: `${data.naissance}-${irritant.id}`,
      value: choix.code,
      "aria-label": `${irritant.nom} : ${choix.libelle.toLowerCase()}`,
    });
    bouton.checked = (choisis[irritant.id] ?? data.absent) === choix.code;
    bouton.addEventListener("change", () => {
      noter(irritant.id, choix.code);
      liste.disabled = !estEvoque(irritant.id);
      if (liste.disabled && liste.value) {
        liste.value = "";
        noterIntensite(irritant.id, 0);
      }
    });
    const etiquette = creer("label");
    etiquette.append(bouton, creer("span", choix.libelle, { "aria-hidden": "true" }));
    const case_ = creer("td");
    case_.append(etiquette);
    return case_;
  }

  function noter(id, code) {
    if (code === data.absent) delete choisis[id];
    else choisis[id] = code;
    setStateValue("releves", { ...choisis });
  }

  const corps = creer("tbody");
  for (const groupe of data.groupes) {
    corps.append(ligneDeGroupe(groupe.nom), ...groupe.irritants.map(ligneDIrritant));
  }
  const tableau = creer("table");
  tableau.append(creer("caption", data.legende), ligneDeTitres(), corps);
  racine.replaceChildren(tableau);
}
