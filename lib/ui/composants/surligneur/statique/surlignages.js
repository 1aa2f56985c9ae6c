/** Les couleurs posées sur le texte (CSS Custom Highlight) : mille passages sans un seul élément de plus. */

const PREFIXE = "associe-";
export const POSSIBLE = typeof Highlight !== "undefined" && typeof CSS !== "undefined" && Boolean(CSS.highlights);

/** Ce qui passe par-dessus quand plusieurs surlignages se recouvrent ; les familles sont toutes à zéro. */
const PRIORITES = { autres: -1, chevauchement: 1, attente: 2, vise: 3, choisi: 4 };

/** Endroits couverts par au moins deux passages : [{debut, fin}], dans l'ordre, sans se toucher. */
export function recouvrements(passages) {
  const bornes = passages.flatMap(({ debut, fin }) => [
    [debut, 1],
    [fin, -1],
  ]);
  bornes.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  const trouves = [];
  let ouverts = 0;
  let debut = 0;
  for (const [position, pas] of bornes) {
    if (ouverts >= 2 && position > debut) trouves.push({ debut, fin: position });
    ouverts += pas;
    debut = position;
  }
  return trouves.reduce((reunis, { debut: de, fin }) => {
    const dernier = reunis.at(-1);
    if (dernier?.fin === de) dernier.fin = fin;
    else reunis.push({ debut: de, fin });
    return reunis;
  }, []);
}

export class Surlignages {
  constructor(texte) {
    this.texte = texte;
    this.couches = new Map();
    this.plages = new Map();
  }

  /** Pose une couche : places = [{debut, fin}] en points de code. Ce qui n'a pas bougé n'est pas touché. */
  poser(nom, places) {
    const couche = this.#couche(nom);
    if (!couche) return;
    const voulues = new Set(places.filter(({ debut, fin }) => debut < fin).map((place) => this.#plage(place)));
    for (const plage of [...couche]) if (!voulues.has(plage)) couche.delete(plage);
    for (const plage of voulues) couche.add(plage);
  }

  /** Les mots que porte une couche, pour qui vérifie ce que l'écran montre. */
  lire(nom) {
    return [...(this.couches.get(nom) ?? [])].map((plage) => plage.toString());
  }

  /** Oublie tout : le texte vient de changer. */
  vider() {
    this.plages.clear();
    for (const couche of this.couches.values()) couche.clear();
  }

  demonter() {
    for (const [nom, couche] of this.couches) {
      if (CSS.highlights.get(PREFIXE + nom) === couche) CSS.highlights.delete(PREFIXE + nom);
    }
  }

  #couche(nom) {
    if (!POSSIBLE) return null;
    let couche = this.couches.get(nom);
    if (!couche) {
      couche = new Highlight();
      couche.priority = PRIORITES[nom] ?? 0;
      this.couches.set(nom, couche);
      CSS.highlights.set(PREFIXE + nom, couche);
    }
    return couche;
  }

  #plage({ debut, fin }) {
    const cle = `${debut}-${fin}`;
    if (!this.plages.has(cle)) this.plages.set(cle, this.texte.plage(debut, fin));
    return this.plages.get(cle);
  }
}
