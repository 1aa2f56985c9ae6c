/** Une page de citations : des mots de personnes, posés par textContent seulement. */
import { tableau } from "./grille.js";
import { caseDuPanier, citer, creer, exemples, lienVersSaPlace, pastilles, reserves } from "./outils.js";

function article(citation, gestes) {
  const source = creer("p", { class: "source", texte: citation.source });
  for (const reserve of reserves(citation)) source.append(" ", reserve);
  const element = creer(
    "article",
    { "aria-label": `Citation, ${citation.source}` },
    creer("blockquote", { texte: citer(citation.citation) }),
    pastilles(citation.etiquettes),
    source,
  );
  if (citation.memo) element.append(creer("p", { class: "memo", texte: `Mémo : ${citation.memo}` }));
  const pied = creer("div", { class: "pied" });
  if (citation.adresse) pied.append(lienVersSaPlace(citation, gestes.ouvrir));
  if ("retenue" in citation) pied.append(caseDuPanier(citation, gestes.retenir));
  pied.append(...exemples(citation, gestes.exemplifier));
  if (pied.childElementCount) element.append(pied);
  return element;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const gestes = {
    ouvrir: ({ entretien, verbatim }) => setTriggerValue("ouvrir", { entretien, verbatim }),
    retenir: (verbatim, garder) => setTriggerValue("retenir", { verbatim, garder }),
    exemplifier: (verbatim, etiquette, prendre) => setTriggerValue("exemple", { verbatim, etiquette, prendre }),
    trier: (colonne) => setTriggerValue("trier", colonne),
  };
  const racine = parentElement.querySelector(".citations");
  // Une relance qui ne change rien laisse l'écran, et le focus, où ils sont.
  const empreinte = JSON.stringify(data);
  if (racine.empreinte === empreinte) return;
  racine.empreinte = empreinte;
  const montrees = data.colonnes
    ? [tableau(data, gestes)]
    : data.citations.map((citation) => article(citation, gestes));
  const tenu = racine.getRootNode().activeElement?.dataset?.tenu;
  racine.replaceChildren(...montrees);
  // Ce que la personne vient de presser garde le focus, dans l'écran refait.
  if (tenu) racine.querySelector(`[data-tenu="${tenu}"]`)?.focus();
}
