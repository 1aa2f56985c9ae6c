/** Le texte et ses passages : dessin, curseur, sélection. Jamais de HTML tiré des données : textContent seulement. */
import { Positions } from "./positions.js";

/** Découpe le texte aux bornes des passages : [{debut, fin, passages}], en unités UTF-16, sans trou. */
export function decouper(longueur, passages) {
  const bornes = new Set([0, longueur]);
  for (const passage of passages) bornes.add(passage.de).add(passage.a);
  const triees = [...bornes].filter((borne) => borne >= 0 && borne <= longueur).sort((x, y) => x - y);
  const ouvrants = [...passages].sort((x, y) => x.de - y.de);
  const morceaux = [];
  let actifs = [];
  let suivant = 0;
  for (let rang = 0; rang + 1 < triees.length; rang += 1) {
    const [debut, fin] = [triees[rang], triees[rang + 1]];
    while (suivant < ouvrants.length && ouvrants[suivant].de <= debut) actifs.push(ouvrants[suivant++]);
    actifs = actifs.filter((passage) => passage.a > debut);
    morceaux.push({ debut, fin, passages: actifs.slice() });
  }
  return morceaux;
}

export class Texte {
  constructor(zone) {
    this.zone = zone;
    this.contenu = "";
    this.positions = new Positions("");
    /** Morceaux de chaque passage, dans l'ordre du texte. */
    this.morceaux = new Map();
  }

  /** passages : [{id, numero, debut, fin, famille}] ; choisi : passage provisoire {debut, fin} ou null. */
  dessiner(contenu, passages, choisi) {
    if (contenu !== this.contenu) {
      this.contenu = contenu;
      this.positions = new Positions(contenu);
    }
    const places = passages.map((passage) => this.#placer(passage));
    if (choisi) places.push({ ...this.#placer(choisi), choisi: true });
    this.morceaux.clear();
    this.zone.replaceChildren(...decouper(contenu.length, places).map((morceau) => this.#noeud(morceau)));
  }

  #placer(passage) {
    return {
      ...passage,
      de: this.positions.versUnites(passage.debut),
      a: this.positions.versUnites(passage.fin),
    };
  }

  #noeud({ debut, fin, passages }) {
    const mots = this.contenu.slice(debut, fin);
    if (!passages.length) return document.createTextNode(mots);
    const marque = document.createElement("mark");
    marque.textContent = mots;
    const codes = passages.filter((passage) => !passage.choisi);
    if (codes.length < passages.length) marque.classList.add("choisi");
    if (!codes.length) return marque;
    const proche = codes.reduce((x, y) => (y.a - y.de <= x.a - x.de ? y : x));
    marque.classList.add("code", `famille-${proche.famille}`);
    if (codes.length > 1) marque.classList.add("plusieurs");
    marque.dataset.proche = proche.id;
    const nouveaux = codes.filter((passage) => !this.morceaux.has(passage.id));
    if (nouveaux.length) marque.dataset.numeros = nouveaux.map((passage) => passage.numero).join(" ");
    nouveaux.forEach((passage) => this.morceaux.set(passage.id, []));
    codes.forEach((passage) => this.morceaux.get(passage.id).push(marque));
    return marque;
  }

  /** Premier morceau d'un passage. */
  marque(id) {
    return this.marques(id)[0];
  }

  marques(id) {
    return this.morceaux.get(Number(id)) ?? [];
  }

  /** La sélection en points de code {debut, fin}, ou null si elle est hors du texte. */
  selection() {
    const plage = this.#plage();
    if (!plage || !this.zone.contains(plage.startContainer) || !this.zone.contains(plage.endContainer)) return null;
    return {
      debut: this.#point(plage.startContainer, plage.startOffset),
      fin: this.#point(plage.endContainer, plage.endOffset),
    };
  }

  #plage() {
    const selection = window.getSelection();
    const racine = this.zone.getRootNode();
    if (selection?.getComposedRanges && racine instanceof ShadowRoot) {
      return selection.getComposedRanges({ shadowRoots: [racine] })[0];
    }
    const locale = racine.getSelection ? racine.getSelection() : selection;
    return locale?.rangeCount ? locale.getRangeAt(0) : null;
  }

  #point(noeud, decalage) {
    const plage = document.createRange();
    plage.setStart(this.zone, 0);
    plage.setEnd(noeud, decalage);
    return this.positions.versPoints(plage.toString().length);
  }

  /** Place le curseur, ou une sélection, en points de code. */
  selectionner(debut, fin = debut) {
    const [noeudDebut, de] = this.#noeudA(this.positions.versUnites(debut));
    const [noeudFin, a] = this.#noeudA(this.positions.versUnites(fin));
    window.getSelection()?.setBaseAndExtent(noeudDebut, de, noeudFin, a);
  }

  #noeudA(unite) {
    const marcheur = document.createTreeWalker(this.zone, NodeFilter.SHOW_TEXT);
    let reste = unite;
    let dernier = null;
    for (let noeud = marcheur.nextNode(); noeud; noeud = marcheur.nextNode()) {
      if (reste <= noeud.data.length) return [noeud, reste];
      reste -= noeud.data.length;
      dernier = noeud;
    }
    return dernier ? [dernier, dernier.data.length] : [this.zone, 0];
  }

  extrait({ debut, fin }) {
    return this.contenu.slice(this.positions.versUnites(debut), this.positions.versUnites(fin));
  }

  /** Rectangle du dernier morceau choisi, pour placer la palette dessous. */
  rectangle() {
    const choisis = this.zone.querySelectorAll("mark.choisi");
    return choisis.length ? choisis[choisis.length - 1].getBoundingClientRect() : null;
  }
}
