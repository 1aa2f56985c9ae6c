/** Une page de citations : des mots de personnes, posés par textContent seulement. */

const INSECABLE = "\u00a0";

function creer(nom, { texte, ...attributs } = {}, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) element.setAttribute(cle, valeur);
  if (texte != null) element.textContent = texte;
  element.append(...enfants);
  return element;
}

/** Les guillemets d'une citation ; ceux qu'elle contient passent au second rang. */
function citer(texte) {
  const nue = texte.trim().replace(/^«\s*([^«»]*?)\s*»$/, "$1");
  const seconde = nue.replace(/«\s*/g, "“").replace(/\s*»/g, "”");
  return `«${INSECABLE}${seconde}${INSECABLE}»`;
}

function article(citation, ouvrir) {
  const etiquettes = citation.etiquettes.map((etiquette) =>
    creer("li", { class: `pastille famille-${etiquette.famille}`, texte: etiquette.nom }),
  );
  if (!etiquettes.length) etiquettes.push(creer("li", { class: "pastille sans", texte: "Sans étiquette" }));
  const source = creer("p", { class: "source", texte: citation.source });
  for (const reserve of citation.reserves) source.append(" ", creer("span", { class: "reserve", texte: reserve }));
  const element = creer(
    "article",
    { "aria-label": `Citation, ${citation.source}` },
    creer("blockquote", { texte: citer(citation.citation) }),
    creer("ul", { class: "etiquettes", "aria-label": "Étiquettes" }, ...etiquettes),
    source,
  );
  if (citation.adresse) {
    const lien = creer("a", { href: citation.adresse, texte: "Voir à sa place" });
    lien.setAttribute("aria-label", `Voir à sa place dans l’entretien ${citation.code}`);
    lien.onclick = (evenement) => {
      // Ctrl, Maj ou clic du milieu ouvrent un onglet : le navigateur s'en charge.
      if (evenement.ctrlKey || evenement.metaKey || evenement.shiftKey || evenement.button) return;
      evenement.preventDefault();
      ouvrir(citation);
    };
    element.append(lien);
  }
  return element;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const ouvrir = ({ entretien, verbatim }) => setTriggerValue("ouvrir", { entretien, verbatim });
  parentElement
    .querySelector(".citations")
    .replaceChildren(...data.citations.map((citation) => article(citation, ouvrir)));
}
