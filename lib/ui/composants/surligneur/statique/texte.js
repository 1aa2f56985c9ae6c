/** Le texte nu : une suite de nœuds, des plages, la sélection. Aucun élément dedans : les couleurs se posent par-dessus. */
import { Positions } from "./positions.js";

/** Longueur visée d'un nœud : le navigateur relit un nœud entier pour y mesurer une ligne. */
const NOEUD = 2000;

/** Découpe un texte en morceaux d'à peu près `longueur` unités, de préférence après un saut de ligne. */
export function couper(contenu, longueur = NOEUD) {
  const morceaux = [];
  for (let debut = 0; debut < contenu.length; ) {
    let fin = Math.min(debut + longueur, contenu.length);
    if (fin < contenu.length) {
      const ligne = contenu.lastIndexOf("\n", fin - 1) + 1;
      const blanc = contenu.lastIndexOf(" ", fin - 1) + 1;
      if (ligne > debut) fin = ligne;
      else if (blanc > debut) fin = blanc;
      else if (estDouble(contenu, fin)) fin += 1;
    }
    morceaux.push(contenu.slice(debut, fin));
    debut = fin;
  }
  return morceaux;
}

/** Vrai si couper ici séparerait les deux moitiés d'un même caractère. */
function estDouble(contenu, position) {
  const avant = contenu.charCodeAt(position - 1);
  return avant >= 0xd800 && avant <= 0xdbff;
}

export class Texte {
  constructor(zone) {
    this.zone = zone;
    this.contenu = null;
    this.positions = new Positions("");
    this.noeuds = [];
    this.debuts = [];
    this.places = new WeakMap();
  }

  /** Écrit le texte s'il a changé ; rend vrai s'il a fallu l'écrire. */
  ecrire(contenu) {
    if (contenu === this.contenu) return false;
    this.contenu = contenu;
    this.positions = new Positions(contenu);
    this.noeuds = couper(contenu).map((morceau) => document.createTextNode(morceau));
    this.debuts = [];
    let debut = 0;
    for (const noeud of this.noeuds) {
      this.debuts.push(debut);
      this.places.set(noeud, debut);
      debut += noeud.data.length;
    }
    this.zone.replaceChildren(...this.noeuds);
    return true;
  }

  /** Remet le texte que quelque chose (une saisie au doigt) aurait entamé. */
  reecrire() {
    const { contenu } = this;
    this.contenu = null;
    this.ecrire(contenu);
  }

  /** Une plage du document pour `[debut, fin[`, en points de code. */
  plage(debut, fin) {
    const plage = document.createRange();
    plage.setStart(...this.#lieu(this.positions.versUnites(debut), true));
    plage.setEnd(...this.#lieu(this.positions.versUnites(fin), false));
    return plage;
  }

  /** Nœud et décalage d'une position ; à la jointure de deux nœuds, celui qui suit si `apres`. */
  #lieu(unite, apres = false) {
    if (!this.noeuds.length) return [this.zone, 0];
    let bas = 0;
    let haut = this.noeuds.length - 1;
    while (bas < haut) {
      const milieu = (bas + haut + 1) >> 1;
      if (this.debuts[milieu] < unite || (apres && this.debuts[milieu] === unite)) bas = milieu;
      else haut = milieu - 1;
    }
    return [this.noeuds[bas], Math.min(unite - this.debuts[bas], this.noeuds[bas].data.length)];
  }

  /** La sélection en points de code {debut, fin, foyer}, ou null si elle est hors du texte. */
  selection() {
    const plage = this.#choisie();
    if (!plage || !this.zone.contains(plage.startContainer) || !this.zone.contains(plage.endContainer)) return null;
    const debut = this.#point(plage.startContainer, plage.startOffset);
    const fin = this.#point(plage.endContainer, plage.endOffset);
    return { debut, fin, foyer: window.getSelection()?.direction === "backward" ? debut : fin };
  }

  #choisie() {
    const selection = window.getSelection();
    const racine = this.zone.getRootNode();
    if (selection?.getComposedRanges && racine instanceof ShadowRoot) {
      return selection.getComposedRanges({ shadowRoots: [racine] })[0];
    }
    const locale = racine.getSelection ? racine.getSelection() : selection;
    return locale?.rangeCount ? locale.getRangeAt(0) : null;
  }

  #point(noeud, decalage) {
    const unite = noeud === this.zone ? (this.debuts[decalage] ?? this.contenu.length) : this.places.get(noeud) + decalage;
    return this.positions.versPoints(unite);
  }

  /** Place le curseur, ou une sélection de `ancre` à `foyer`, en points de code. */
  selectionner(ancre, foyer = ancre) {
    const [noeudAncre, de] = this.#lieu(this.positions.versUnites(ancre), ancre <= foyer);
    const [noeudFoyer, a] = this.#lieu(this.positions.versUnites(foyer), ancre > foyer);
    window.getSelection()?.setBaseAndExtent(noeudAncre, de, noeudFoyer, a);
  }

  extrait({ debut, fin }) {
    return this.contenu.slice(this.positions.versUnites(debut), this.positions.versUnites(fin));
  }

  /** Position, en points de code, sous un point de l'écran ; null hors du texte. */
  pointA(x, y) {
    const racine = this.zone.getRootNode();
    const options = racine instanceof ShadowRoot ? { shadowRoots: [racine] } : {};
    const lieu = document.caretPositionFromPoint?.(x, y, options);
    if (!lieu || !this.zone.contains(lieu.offsetNode)) return null;
    return this.#point(lieu.offsetNode, lieu.offset);
  }

  /** Vrai si un point de l'écran est sur les mots d'un passage, et non dans le blanc qui les suit. */
  touche(place, x, y) {
    return this.rectangles(place).some(({ left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom);
  }

  /** Rectangles d'un passage à l'écran, ligne par ligne. */
  rectangles({ debut, fin }) {
    return [...this.plage(debut, fin).getClientRects()].filter((rectangle) => rectangle.width);
  }
}
