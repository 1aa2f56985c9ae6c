/** Qui parle : des boutons pour ne montrer que les paroles d'une personne, et de quoi savoir qui prononce un passage. */
import { accorder, bouton, creer } from "./outils.js";

export class Intervenants {
  /** filtrer(nom ou null) : appelé quand une personne veut ne lire qu'un intervenant. */
  constructor(liste, filtrer) {
    this.liste = liste;
    this.filtrer = filtrer;
    this.choisi = null;
    this.tours = [];
  }

  /** À l'arrivée d'un texte. tours : [{debut, locuteur, interroge}], dans l'ordre ; fin : longueur du texte. */
  dessiner(tours, fin) {
    this.tours = tours.map((tour, rang) => ({ ...tour, fin: tours[rang + 1]?.debut ?? fin }));
    const parLocuteur = Map.groupBy(this.tours, (tour) => tour.locuteur);
    if (!parLocuteur.has(this.choisi)) this.choisi = null;
    this.liste.hidden = !parLocuteur.size;
    const signature = JSON.stringify([...parLocuteur].map(([nom, siens]) => [nom, siens.length, siens[0].interroge]));
    if (signature !== this.signature) {
      this.signature = signature;
      this.liste.replaceChildren(
        creer("span", { class: "discret", texte: "Ne lire que" }),
        ...[...parLocuteur].map(([nom, siens]) => this.#bouton(nom, siens)),
      );
    }
    this.#montrer();
  }

  #bouton(nom, tours) {
    const role = tours[0].interroge ? "personne interrogée" : "mène l’entretien";
    return bouton(`${nom} (${role}, ${accorder(tours.length, "tour")})`, () => this.#choisir(nom), { "data-nom": nom });
  }

  #choisir(nom) {
    this.choisi = this.choisi === nom ? null : nom;
    this.#montrer();
    this.filtrer(this.choisi);
  }

  #montrer() {
    for (const element of this.liste.querySelectorAll("button")) {
      element.setAttribute("aria-pressed", String(element.dataset.nom === this.choisi));
    }
  }

  /** Les tours des autres, à estomper. */
  autres() {
    return this.choisi ? this.tours.filter((tour) => tour.locuteur !== this.choisi) : [];
  }

  /** Ce qui annonce chaque tour : « R : ». */
  annonces(texte) {
    return this.tours.map((tour) => {
      const ligne = texte.extrait({ debut: tour.debut, fin: Math.min(tour.fin, tour.debut + 80) });
      return { debut: tour.debut, fin: tour.debut + [...ligne.slice(0, ligne.indexOf(":") + 1)].length };
    });
  }

  /** Qui prononce un passage : le nom, s'il n'y en a qu'un. */
  qui({ debut, fin }) {
    const noms = new Set(this.#traverses(debut, fin).map((tour) => tour.locuteur));
    return noms.size === 1 ? [...noms][0] : null;
  }

  /** Vrai si tout le passage est dit par la personne interrogée, ou si personne n'est nommé dans ce texte. */
  interroge({ debut, fin }) {
    if (!this.tours.length) return true;
    return debut >= this.tours[0].debut && this.#traverses(debut, fin).every((tour) => tour.interroge);
  }

  #traverses(debut, fin) {
    let bas = 0;
    let haut = this.tours.length;
    while (bas < haut) {
      const milieu = (bas + haut) >> 1;
      if (this.tours[milieu].fin <= debut) bas = milieu + 1;
      else haut = milieu;
    }
    let apres = bas;
    while (apres < this.tours.length && this.tours[apres].debut < fin) apres += 1;
    return this.tours.slice(bas, apres);
  }
}
