/** Un geste à la fois, les suivants attendent leur tour ; si la réponse tarde (liaison coupée), on le dit. */
import { connus } from "./bagage.js";

const REPONSE_MAX_MS = 8000;
const REDEMANDE_MS = 1200;

export class Envoi {
  /** dire(phrase) : montre et lit une phrase. */
  constructor(racine, dire) {
    this.racine = racine;
    this.dire = dire;
    this.file = [];
    this.depart = null;
    this.demandes = 0;
    this.occupe = false;
    this.declencher = null;
  }

  /** preparer() : le geste tel qu'il est au moment de partir, ou rien s'il n'a plus lieu d'être. */
  envoyer(preparer) {
    if (this.occupe) {
      this.file.push(preparer);
      return;
    }
    const geste = preparer();
    if (!geste) {
      this.suivant();
      return;
    }
    this.#attendre(true);
    this.depart = geste.debut;
    this.declencher("geste", { ...geste, connus: connus() });
  }

  /** Demande des étiquettes proposées ; la réponse vient quand elle peut, ou ne vient pas. */
  demander(place) {
    clearTimeout(this.reprise);
    this.place = place;
    if (!this.occupe) this.declencher("demande", { ...place, rang: (this.demandes += 1), connus: connus() });
  }

  /** Le serveur croyait la page mieux pourvue : qu'il renvoie le texte et la grille entiers. */
  relire() {
    this.declencher("geste", { nature: "relire", connus: [] });
  }

  /** Les propositions ne sont pas prêtes : on les redemande, tant que le passage reste ouvert. */
  redemander(encore) {
    clearTimeout(this.reprise);
    this.reprise = setTimeout(() => encore() && this.demander(this.place), REDEMANDE_MS);
  }

  /** La réponse est là. */
  fini() {
    this.#attendre(false);
  }

  suivant() {
    const preparer = this.file.shift();
    if (preparer) this.envoyer(preparer);
  }

  #attendre(oui) {
    this.occupe = oui;
    this.racine.setAttribute("aria-busy", String(oui));
    clearTimeout(this.patience);
    if (!oui) return;
    this.patience = setTimeout(() => {
      this.#attendre(false);
      this.dire("Le serveur tarde à répondre : votre sélection est gardée, réessayez dans un instant.");
    }, REPONSE_MAX_MS);
  }
}
