/** Un passage sous la souris ou sous le curseur met sa carte en évidence, comme une carte montre son passage. */
import { accorder } from "./outils.js";

const MARCHE_MS = 400;

export class Survol {
  /** passagesEn(point) : les passages à une position, le plus court d'abord. actions : {viser(id ou null), dire(phrase)}. */
  constructor(zone, texte, passagesEn, actions) {
    this.texte = texte;
    this.passagesEn = passagesEn;
    this.actions = actions;
    this.survole = this.tenu = null;
    this.marche = -Infinity;
    zone.addEventListener("pointermove", (evenement) => this.#suivre(evenement));
    zone.addEventListener("pointerleave", () => this.#survoler(null));
    zone.addEventListener("keydown", (evenement) => this.#noter(evenement));
    zone.addEventListener("blur", () => this.#tenir(null));
  }

  /** Le curseur est à cette position du texte, ou nulle part (null). */
  curseur(point) {
    const ici = point === null ? [] : this.passagesEn(point);
    const garde = ici.find((passage) => passage.id === this.tenu) ?? ici[0] ?? null;
    const entre = garde && garde.id !== this.tenu;
    this.#tenir(garde?.id ?? null);
    if (entre && performance.now() - this.marche < MARCHE_MS) this.actions.dire(annoncerPassage(garde, ici.length));
  }

  /** Une flèche seule ne dit rien d'autre : c'est là, et là seulement, que le passage s'annonce. */
  #noter({ key, altKey, ctrlKey, metaKey, shiftKey }) {
    if (/^(Arrow|Home|End)/.test(key) && !(altKey || ctrlKey || metaKey || shiftKey)) this.marche = performance.now();
  }

  /** Une lecture de la souris par image : elle bouge plus vite que l'écran. */
  #suivre({ clientX, clientY, buttons }) {
    if (this.attend || buttons) return;
    this.attend = requestAnimationFrame(() => {
      this.attend = null;
      const point = this.texte.pointA(clientX, clientY);
      const ici = point === null ? [] : this.passagesEn(point);
      this.#survoler(ici.find((passage) => this.texte.touche(passage, clientX, clientY))?.id ?? null);
    });
  }

  #survoler(id) {
    if (id === this.survole) return;
    this.survole = id;
    this.actions.viser(id ?? this.tenu);
  }

  #tenir(id) {
    if (id === this.tenu) return;
    this.tenu = id;
    this.actions.viser(this.survole ?? id);
  }
}

/** Ce que porte un passage, à dire à voix haute quand le curseur y entre. */
export function annoncerPassage({ numero, etiquettes }, ensemble) {
  const noms = etiquettes.map(({ nom }) => nom).join(", ") || "sans étiquette";
  const autres = ensemble > 1 ? `, avec ${accorder(ensemble - 1, "autre passage", "autres passages")} ici` : "";
  return `Passage ${numero}, ${noms}${autres}.`;
}
