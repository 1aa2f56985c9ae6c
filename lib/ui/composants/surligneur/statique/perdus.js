/** Citations dont la place s'est perdue à la correction du texte : une personne dit où elles sont. */
import { accorder, bouton, citer, creer } from "./outils.js";

/** actions : {replacer(perdu), archiver(id)}. */
export function dessinerPerdus(section, perdus, texte, actions) {
  section.hidden = !perdus.length;
  section.replaceChildren(
    creer("h3", { texte: `${accorder(perdus.length, "citation")} à replacer` }),
    creer("p", {
      texte: "Le texte a été corrigé à cet endroit. Les mots d’origine sont gardés : dites où ils se trouvent désormais.",
    }),
    creer("ul", {}, ...perdus.map((perdu) => ligne(perdu, texte, actions))),
  );
}

function ligne(perdu, texte, actions) {
  const ici = texte.extrait(perdu).trim();
  const element = creer("li", {}, creer("p", { texte: citer(perdu.citation, 300) }));
  const gestes = creer("div", { class: "gestes" });
  if (ici) {
    element.append(creer("p", { class: "discret", texte: `À cet endroit, on lit maintenant ${citer(ici, 140)}` }));
    gestes.append(bouton("C’est ce passage", () => actions.replacer(perdu)));
  }
  gestes.append(bouton("Retirer la citation", () => actions.archiver(perdu.id)));
  element.append(gestes);
  return element;
}
