/** La marge : chaque passage en toutes lettres, à sa hauteur quand la place le permet. */
import { bouton, citer, creer } from "./outils.js";

const ECART = 6;

export class Marge {
  constructor(liste) {
    this.liste = liste;
  }

  /** passages : [{id, numero, citation, etiquettes}] ; ouvrir, montrer : appelés avec l'identifiant. */
  dessiner(passages, { ouvrir, montrer }) {
    this.liste.replaceChildren(...passages.map((passage) => this.#carte(passage, ouvrir, montrer)));
  }

  #carte(passage, ouvrir, montrer) {
    const etiquettes = passage.etiquettes.length
      ? passage.etiquettes.map((etiquette) =>
          creer("span", { class: `pastille famille-${etiquette.famille}`, texte: etiquette.nom }),
        )
      : [creer("span", { class: "pastille sans", texte: "Sans étiquette" })];
    const carte = bouton("", () => ouvrir(passage.id), {
      class: "carte",
      "data-id": passage.id,
      onfocus: () => montrer(passage.id),
      onblur: () => montrer(null),
      onmouseenter: () => montrer(passage.id),
      onmouseleave: () => montrer(null),
    });
    carte.append(
      creer("span", { class: "numero", texte: `${passage.numero}` }),
      creer("span", { class: "carte-citation", texte: citer(passage.citation) }),
      creer("span", { class: "carte-etiquettes" }, ...etiquettes),
    );
    return creer("li", {}, carte);
  }

  carte(id) {
    return this.liste.querySelector(`[data-id="${Number(id)}"]`);
  }

  /** Aligne chaque carte sur son passage, sans qu'elles se recouvrent ; en écran étroit, simple liste. */
  aligner(texte, cote) {
    this.liste.classList.toggle("alignee", cote);
    if (!cote) {
      this.liste.style.minHeight = "";
      return;
    }
    const haut = this.liste.getBoundingClientRect().top;
    const voulues = [...this.liste.children].map((element) => {
      const marque = texte.marque(element.firstElementChild.dataset.id);
      return [element, marque ? marque.getBoundingClientRect().top - haut : 0, element.offsetHeight];
    });
    let libre = 0;
    for (const [element, voulu, hauteur] of voulues) {
      const place = Math.max(libre, voulu);
      element.style.top = `${place}px`;
      libre = place + hauteur + ECART;
    }
    this.liste.style.minHeight = `${libre}px`;
  }
}
