/** Les bornes d'un passage ouvert : deux poignées, à la souris ou aux flèches. */
import { citer, creer } from "./outils.js";

export class Bornes {
  /** actions : {montrer({debut, fin}), valider({debut, fin}), annuler()}. point(x, y) : position dans le texte. */
  constructor(calque, texte, lecture, actions) {
    this.calque = calque;
    this.texte = texte;
    this.lecture = lecture;
    this.actions = actions;
    this.poignees = {};
  }

  ouvrir({ debut, fin }) {
    this.fermer();
    this.depart = { debut, fin };
    this.bornes = { debut, fin };
    for (const [cote, nom] of [["debut", "Début"], ["fin", "Fin"]]) {
      this.poignees[cote] = creer("span", {
        class: `poignee ${cote}`,
        role: "slider",
        tabindex: "0",
        "aria-label": `${nom} du passage`,
        "aria-valuemin": "0",
        "aria-valuemax": `${this.texte.positions.versPoints(this.texte.contenu.length)}`,
        title: "Glissez, ou flèches pour avancer d’un mot, Maj et flèches d’un caractère, Entrée pour valider",
        onkeydown: (evenement) => this.#clavier(evenement, cote),
        onpointerdown: (evenement) => this.#saisir(evenement, cote),
      });
    }
    this.calque.append(this.poignees.debut, this.poignees.fin);
    this.placer();
  }

  get ouvertes() {
    return Boolean(this.poignees.debut);
  }

  fermer() {
    for (const poignee of Object.values(this.poignees)) poignee.remove();
    this.poignees = {};
  }

  prendre() {
    this.poignees.debut?.focus({ preventScroll: true });
  }

  placer() {
    if (!this.ouvertes) return;
    const cadre = this.calque.getBoundingClientRect();
    const rectangles = this.texte.rectangles(this.bornes);
    if (!rectangles.length) return;
    this.#poser("debut", rectangles[0].left - cadre.left, rectangles[0], cadre);
    this.#poser("fin", rectangles.at(-1).right - cadre.left, rectangles.at(-1), cadre);
    const mots = citer(this.texte.extrait(this.bornes), 160);
    for (const [cote, poignee] of Object.entries(this.poignees)) {
      poignee.setAttribute("aria-valuenow", `${this.bornes[cote]}`);
      poignee.setAttribute("aria-valuetext", mots);
    }
  }

  #poser(cote, gauche, rectangle, cadre) {
    const { style } = this.poignees[cote];
    style.left = `${gauche}px`;
    style.top = `${rectangle.top - cadre.top}px`;
    style.height = `${rectangle.height}px`;
  }

  #changer(cote, valeur) {
    const limite = this.texte.positions.versPoints(this.texte.contenu.length);
    const { debut, fin } = this.bornes;
    const borne =
      cote === "debut" ? Math.max(0, Math.min(valeur, fin - 1)) : Math.min(limite, Math.max(valeur, debut + 1));
    this.bornes = { ...this.bornes, [cote]: borne };
    this.placer();
    this.actions.montrer(this.bornes);
  }

  #clavier(evenement, cote) {
    const pas = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[evenement.key];
    if (pas) {
      evenement.preventDefault();
      this.#changer(cote, evenement.shiftKey ? this.bornes[cote] + pas : this.#auMot(cote, pas));
    } else if (evenement.key === "Enter") {
      evenement.preventDefault();
      this.valider();
    } else if (evenement.key === "Escape") {
      evenement.stopPropagation();
      this.actions.annuler();
    }
  }

  /** La borne un mot plus loin : au début d'un mot pour l'une, à sa fin pour l'autre. */
  #auMot(cote, pas) {
    const { positions } = this.texte;
    const ici = positions.versUnites(this.bornes[cote]);
    if (cote === "debut") {
      const mot = pas > 0 ? this.lecture().suivante("mot", ici) : this.lecture().precedente("mot", ici);
      return mot ? positions.versPoints(mot.debut) : this.bornes.debut;
    }
    let mot = pas > 0 ? this.lecture().ici("mot", ici) : this.lecture().precedente("mot", ici);
    if (pas < 0 && mot && mot.fin >= ici) mot = this.lecture().precedente("mot", mot.debut);
    return mot ? positions.versPoints(mot.fin) : this.bornes.fin;
  }

  valider() {
    const { debut, fin } = this.bornes;
    if (debut === this.depart.debut && fin === this.depart.fin) this.actions.annuler();
    else this.actions.valider({ debut, fin });
  }

  #saisir(evenement, cote) {
    evenement.preventDefault();
    const poignee = this.poignees[cote];
    poignee.setPointerCapture(evenement.pointerId);
    poignee.onpointermove = ({ clientX, clientY }) => {
      const point = this.texte.pointA(clientX, clientY);
      if (point !== null) this.#changer(cote, point);
    };
    poignee.onpointerup = () => {
      poignee.onpointermove = poignee.onpointerup = null;
      const { debut, fin } = this.depart;
      if (this.bornes.debut !== debut || this.bornes.fin !== fin) this.valider();
    };
  }
}
