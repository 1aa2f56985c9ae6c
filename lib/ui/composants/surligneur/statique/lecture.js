/** Avancer dans un texte par mot, phrase ou tour de parole. Positions en unités UTF-16, comme celles de `String`. */

const PHRASES = new Intl.Segmenter("fr", { granularity: "sentence" });
const MOTS = new Intl.Segmenter("fr", { granularity: "word" });
/** Ce qui annonce qui parle : « R : », « Mme D. : ». */
const ANNONCE = /^[ \t]*[^\n:]{1,60}?[ \t\u00a0\u202f]*:[ \t\u00a0\u202f]+/;

export class Lecture {
  /** tours : [{debut, locuteur}] dans l'ordre. */
  constructor(contenu, tours) {
    this.contenu = contenu;
    this.tours = tours;
    this.gardees = new Map();
  }

  /** L'unité de lecture à cette position, ou la suivante s'il n'y en a pas ici ; null à la fin du texte. */
  ici(nature, position) {
    return this.#chercher(nature, position, (unite) => unite.fin > position);
  }

  suivante(nature, position) {
    return this.#chercher(nature, position, (unite) => unite.debut > position);
  }

  precedente(nature, position) {
    for (let ligne = this.#ligne(Math.max(0, position - 1)); ; ligne = this.#ligne(ligne.debut - 1)) {
      const trouvee = this.#unites(nature, ligne).findLast((unite) => unite.debut < position);
      if (trouvee) return trouvee;
      if (ligne.debut === 0) return null;
    }
  }

  /** Qui parle à cette position, ou chaîne vide. */
  locuteur(position) {
    return this.tours.findLast((tour) => tour.debut <= position)?.locuteur ?? "";
  }

  #chercher(nature, position, convient) {
    for (let ligne = this.#ligne(position); ligne; ligne = this.#ligne(ligne.fin + 1)) {
      const trouvee = this.#unites(nature, ligne).find(convient);
      if (trouvee) return trouvee;
    }
    return null;
  }

  /** La ligne du texte qui contient une position, sans son saut de ligne. */
  #ligne(position) {
    if (position > this.contenu.length) return null;
    const debut = this.contenu.lastIndexOf("\n", position - 1) + 1;
    const fin = this.contenu.indexOf("\n", position);
    return { debut: position === 0 ? 0 : debut, fin: fin < 0 ? this.contenu.length : fin };
  }

  #unites(nature, ligne) {
    if (nature === "tour") return this.#tour(ligne);
    const cle = `${nature}-${ligne.debut}`;
    if (!this.gardees.has(cle)) this.gardees.set(cle, [...this.#segmenter(nature, ligne)]);
    return this.gardees.get(cle);
  }

  *#segmenter(nature, { debut, fin }) {
    const parole = debut + this.#annonce(debut, fin);
    const segments = (nature === "mot" ? MOTS : PHRASES).segment(this.contenu.slice(parole, fin));
    for (const { segment, index, isWordLike } of segments) {
      if (nature === "mot" ? !isWordLike : !segment.trim()) continue;
      const depart = parole + index + (segment.length - segment.trimStart().length);
      yield { debut: depart, fin: depart + segment.trim().length };
    }
  }

  /** Longueur de ce qui annonce le locuteur en tête de ligne : ses paroles viennent après. */
  #annonce(debut, fin) {
    if (!this.tours.some((tour) => tour.debut === debut)) return 0;
    return ANNONCE.exec(this.contenu.slice(debut, fin))?.[0].length ?? 0;
  }

  /** Le tour de parole d'une ligne ; sans personne de nommé, le paragraphe. */
  #tour(ligne) {
    const rang = this.tours.findLastIndex((tour) => tour.debut <= ligne.debut);
    const limites = rang < 0 ? this.#avantLesTours(ligne) : this.#dansUnTour(rang);
    const paroles = this.contenu.slice(limites.debut, limites.fin);
    if (!paroles.trim()) return [];
    const debut = limites.debut + (paroles.length - paroles.trimStart().length);
    return [{ debut, fin: debut + paroles.trim().length }];
  }

  #avantLesTours(ligne) {
    return { debut: ligne.debut, fin: Math.min(ligne.fin, this.tours[0]?.debut ?? ligne.fin) };
  }

  #dansUnTour(rang) {
    const debut = this.tours[rang].debut;
    const fin = this.tours[rang + 1]?.debut ?? this.contenu.length;
    return { debut: debut + this.#annonce(debut, fin), fin };
  }
}
