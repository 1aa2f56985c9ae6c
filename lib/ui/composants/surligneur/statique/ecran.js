/** Ce qui entoure le texte : couleurs des passages, légende, titre de la marge, messages. */
import { accorder, creer } from "./outils.js";
import { recouvrements } from "./surlignages.js";

export class Ecran {
  constructor(racine, surlignages) {
    this.racine = racine;
    this.surlignages = surlignages;
    this.legende = null;
  }

  /** passages : ceux à montrer. choisi : l'intervenant dont on ne lit que les paroles, ou null. */
  dessiner(passages, { choisi, familles }) {
    this.#colorer(passages, familles);
    this.#legender(passages, familles);
    const compte = accorder(passages.length, "passage codé", "passages codés");
    const titre = passages.length ? compte : "Aucun passage codé pour l’instant";
    this.racine.querySelector(".marge-titre").textContent = choisi ? `${titre}, chez ${choisi}` : titre;
  }

  #colorer(passages, familles) {
    const parFamille = Object.fromEntries([...Object.keys(familles), "aucune"].map((code) => [code, []]));
    for (const passage of passages) {
      const siennes = new Set(passage.etiquettes.map((etiquette) => etiquette.famille));
      for (const famille of siennes.size ? siennes : ["aucune"]) parFamille[famille].push(passage);
    }
    for (const [famille, siens] of Object.entries(parFamille)) this.surlignages.poser(famille, siens);
    this.surlignages.poser("chevauchement", recouvrements(passages));
  }

  #legender(passages, familles) {
    const presentes = new Set(passages.flatMap((passage) => passage.etiquettes.map((e) => e.famille)));
    const codes = Object.keys(familles).filter((code) => presentes.has(code));
    if (codes.join() === this.legende) return;
    this.legende = codes.join();
    const lignes = codes.map((code) =>
      creer("li", {}, creer("span", { class: `pastille famille-${code}`, texte: familles[code] })),
    );
    this.racine.querySelector(".legende").replaceChildren(...lignes);
  }

  /** Lit une phrase à voix haute ; montrer : l'écrit aussi à l'écran. */
  dire(phrase, montrer, erreur) {
    this.racine.querySelector(".annonce").textContent = phrase;
    if (!montrer) return;
    const message = this.racine.querySelector(".message");
    message.textContent = phrase;
    message.classList.toggle("erreur", Boolean(erreur));
  }
}
