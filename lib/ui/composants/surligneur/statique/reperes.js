/** Le numéro de chaque passage, posé au-dessus de son premier mot : il se reconnaît sans sa couleur. */
import { creer } from "./outils.js";

export class Reperes {
  constructor(calque, texte) {
    this.calque = calque;
    this.texte = texte;
    this.debuts = [];
  }

  /** passages : [{debut, numero}], dans l'ordre du texte ; ceux qui partent du même mot partagent un repère. */
  dessiner(passages) {
    const numeros = new Map();
    for (const { debut, numero } of passages) numeros.set(debut, [...(numeros.get(debut) ?? []), numero]);
    this.debuts = [...numeros.keys()];
    while (this.calque.childElementCount < numeros.size) {
      this.calque.append(creer("span", { class: "repere" }, document.createTextNode("")));
    }
    while (this.calque.childElementCount > numeros.size) this.calque.lastElementChild.remove();
    [...numeros.values()].forEach((groupe, rang) => {
      const ecrit = groupe.join(" ");
      const mot = this.calque.children[rang].firstChild;
      if (mot.data !== ecrit) mot.data = ecrit;
    });
  }

  /** Lit toutes les places, puis les écrit toutes : une seule mise en page. Rend la hauteur de chaque début. */
  placer() {
    const cadre = this.calque.getBoundingClientRect();
    const places = this.debuts.map((debut) => {
      const [premier] = this.texte.plage(debut, debut + 1).getClientRects();
      return premier ? [premier.left - cadre.left, premier.top - cadre.top] : [0, 0];
    });
    places.forEach(([gauche, haut], rang) => {
      const voulu = `translate(${Math.round(gauche)}px, ${Math.round(haut)}px)`;
      const { style } = this.calque.children[rang];
      if (style.transform !== voulu) style.transform = voulu;
    });
    return new Map(this.debuts.map((debut, rang) => [debut, places[rang][1] + cadre.top]));
  }
}
