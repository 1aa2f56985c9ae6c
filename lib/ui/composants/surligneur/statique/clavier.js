/** Lire et choisir au clavier : avancer par phrase ou tour de parole, prendre une unité d'une lettre, l'étendre. */
import { accorder, citer } from "./outils.js";

const LETTRES = { m: "mot", p: "phrase", t: "tour" };
const NOMS = { mot: "Mot", phrase: "Phrase", tour: "Tour de parole" };

export class Clavier {
  /** lecture() : de quoi découper le texte. actions : {dire, reveler, ouvrirSelection, ouvrirAuCurseur, epinglee, defaire}. */
  constructor(texte, lecture, actions) {
    this.texte = texte;
    this.lecture = lecture;
    this.actions = actions;
  }

  /** Traite une touche frappée dans le texte ; rend vrai si elle a servi. */
  recevoir(evenement) {
    const geste = this.#geste(evenement);
    if (!geste) return;
    evenement.preventDefault();
    geste();
  }

  #geste(evenement) {
    const { key, shiftKey: etendre, altKey } = evenement;
    const commande = evenement.ctrlKey || evenement.metaKey;
    const lettre = key.toLowerCase();
    if (key === "Enter") return () => this.#entrer();
    if (commande && lettre === "z") return () => this.actions.defaire(etendre ? "refaire" : "annuler");
    if (commande && lettre === "y") return () => this.actions.defaire("refaire");
    if (altKey && (key === "ArrowDown" || key === "ArrowUp")) return () => this.#aller("phrase", key, etendre);
    if (commande && (key === "ArrowDown" || key === "ArrowUp")) return () => this.#aller("tour", key, etendre);
    if (commande || altKey) return null;
    if (lettre in LETTRES) return () => this.#prendre(LETTRES[lettre], etendre);
    if (/^[1-9]$/.test(key)) return () => this.actions.epinglee(Number(key));
    const choisie = this.texte.selection();
    if (key === "Escape" && choisie && choisie.debut < choisie.fin) return () => this.texte.selectionner(choisie.fin);
    return null;
  }

  #entrer() {
    const choisie = this.texte.selection();
    if (!choisie) return;
    if (this.texte.extrait(choisie).trim()) this.actions.ouvrirSelection(choisie);
    else this.actions.ouvrirAuCurseur(choisie.debut);
  }

  /** Va à la phrase ou au tour d'à côté ; en étendant, la sélection le gagne ou le rend. */
  #aller(nature, touche, etendre) {
    const choisie = this.texte.selection();
    if (!choisie) return;
    const lecture = this.lecture();
    const foyer = this.texte.positions.versUnites(choisie.foyer);
    const bas = touche === "ArrowDown";
    const unite = bas ? (etendre ? lecture.ici(nature, foyer) : lecture.suivante(nature, foyer)) : lecture.precedente(nature, foyer);
    if (!unite) {
      this.actions.dire(bas ? "Fin du texte." : "Début du texte.");
      return;
    }
    const but = this.texte.positions.versPoints(etendre && bas ? unite.fin : unite.debut);
    const ancre = choisie.foyer === choisie.debut ? choisie.fin : choisie.debut;
    this.texte.selectionner(etendre ? ancre : but, but);
    this.actions.reveler(but);
    if (!etendre) this.#lire(nature, unite);
  }

  #lire(nature, unite) {
    const qui = this.lecture().locuteur(unite.debut);
    const mots = citer(this.texte.contenu.slice(unite.debut, unite.fin), 240);
    this.actions.dire([`${NOMS[nature]}.`, qui && `${qui} dit`, `${mots}.`].filter(Boolean).join(" "));
  }

  /** Prend l'unité sous le curseur, ou étend la sélection d'une unité ; avec Maj, la réduit d'autant. */
  #prendre(nature, reduire) {
    const choisie = this.texte.selection();
    if (!choisie) return;
    const { positions } = this.texte;
    const [debut, fin] = [positions.versUnites(choisie.debut), positions.versUnites(choisie.fin)];
    const lecture = this.lecture();
    if (reduire) {
      const derniere = lecture.precedente(nature, fin);
      const reste = derniere && lecture.precedente(nature, derniere.debut);
      if (reste && reste.fin > debut) this.#choisir(debut, reste.fin);
      return;
    }
    const unite = lecture.ici(nature, fin);
    if (!unite) this.actions.dire("Fin du texte.");
    else this.#choisir(debut < fin ? debut : unite.debut, unite.fin);
  }

  #choisir(debut, fin) {
    const { positions } = this.texte;
    this.texte.selectionner(positions.versPoints(debut), positions.versPoints(fin));
    this.actions.reveler(positions.versPoints(fin));
  }
}

/** Ce qu'une sélection contient, à dire à voix haute. */
export function annoncer(extrait, qui) {
  const mots = extrait.split(/\s+/).filter(Boolean).length;
  const par = qui ? `, dits par ${qui}` : "";
  return `${accorder(mots, "mot sélectionné", "mots sélectionnés")}${par} : ${citer(extrait, 160)}. Entrée pour étiqueter.`;
}
