/** Ce que la palette montre d'une étiquette et d'un passage. */
import { accorder, bouton, citer, creer, INSECABLE } from "./outils.js";

/** Définition, règles et exemples d'une étiquette, sous les yeux pendant qu'on choisit. */
export function decrire({ definition, inclusion, exclusion, exemples, citations = [] }) {
  const phrases = [definition];
  if (inclusion) phrases.push(`Comprend${INSECABLE}: ${inclusion}`);
  if (exclusion) phrases.push(`Ne comprend pas${INSECABLE}: ${exclusion}`);
  const texte = phrases.filter(Boolean).join(" ") || "Cette étiquette n’a pas encore de définition.";
  const lignes = [creer("p", { texte })];
  if (exemples) lignes.push(creer("p", { class: "exemples", texte: `Exemples${INSECABLE}: ${exemples}` }));
  if (citations.length) {
    const dites = citations.map(({ citation }) => creer("li", { texte: citer(citation, 160) }));
    const titre = accorder(citations.length, "citation prise en exemple", "citations prises en exemple");
    lignes.push(creer("p", { class: "exemples-titre", texte: titre }), creer("ul", { class: "exemples" }, ...dites));
  }
  return lignes;
}

/** Les étiquettes d'un passage, avec qui les y a posées. */
export function portees({ passage, familles, etiquettes, complet }, actions) {
  if (!passage?.etiquettes.length) return [];
  const lignes = passage.etiquettes.map((etiquette) =>
    creer(
      "li",
      {},
      creer("span", { class: `pastille famille-${etiquette.famille}`, texte: etiquette.nom }),
      creer("span", { class: "discret", texte: `${familles[etiquette.famille]}, par ${etiquette.auteurs.join(", ")}` }),
      ...(complet ? [exemplaire(passage, etiquette, etiquettes, actions)] : []),
      bouton("Retirer", () => actions.retirer(etiquette.id), { "aria-label": `Retirer l’étiquette ${etiquette.nom}` }),
    ),
  );
  return [creer("ul", { class: "portees", "aria-label": "Étiquettes de ce passage" }, ...lignes)];
}

/** Faire de ce passage un exemple d'une de ses étiquettes, ou l'en retirer. */
function exemplaire({ id }, { id: etiquette, nom }, etiquettes, actions) {
  const pris = etiquettes.find((connue) => connue.id === etiquette)?.citations.some((exemple) => exemple.id === id);
  const texte = pris ? "Retirer des exemples" : "Prendre en exemple";
  return bouton(texte, () => actions.exemplifier(etiquette, !pris), { "aria-label": `${texte} de ${nom}` });
}

/** Le mémo d'un passage : ce que l'équipe en pense, à part de ce qui a été dit. */
export function memo({ passage, complet }, actions) {
  if (!passage || !complet) return [];
  const champ = creer("textarea", { id: "memo", rows: "2", maxlength: "4000" });
  champ.value = passage.memo;
  champ.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Enter" || !(evenement.ctrlKey || evenement.metaKey)) return;
    evenement.preventDefault();
    actions.noter(champ.value);
  });
  return [
    creer("label", { for: "memo", texte: "Mémo de l’équipe sur ce passage" }),
    champ,
    bouton("Enregistrer le mémo", () => actions.noter(champ.value), { class: "noter" }),
  ];
}

/** Chaque étiquette proposée, et les citations semblables qui la portent déjà. */
export function propositions(proposees, etiquettes, etiqueter) {
  if (!proposees.length) return [];
  const lignes = proposees.map(({ id, citations }) => {
    const { nom, famille } = etiquettes.find((etiquette) => etiquette.id === id);
    const semblables = citations.map(({ citation, source }) =>
      creer("li", { class: "discret", texte: `${citer(citation, 110)} (${source})` }),
    );
    const poser = bouton(nom, () => etiqueter(id), {
      class: `pastille famille-${famille}`,
      "aria-label": `Poser l’étiquette ${nom}`,
    });
    return creer("li", {}, poser, creer("ul", {}, ...semblables));
  });
  const titre = accorder(
    proposees.length,
    "étiquette proposée, que portent des citations semblables",
    "étiquettes proposées, que portent des citations semblables",
  );
  return [creer("p", { class: "propositions-titre", texte: titre }), creer("ul", {}, ...lignes)];
}
