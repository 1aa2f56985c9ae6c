/** La palette : choisir une étiquette au clavier, sa définition sous les yeux. */
import { bouton, citer, creer, INSECABLE, plier } from "./outils.js";

const MONTREES = 40;

/** Étiquettes qui répondent à la recherche : celles dont un mot commence ainsi d'abord, puis l'ordre de la grille. */
export function filtrer(etiquettes, recherche, recentes, portees) {
  const mots = plier(recherche).split(" ").filter(Boolean);
  const retenues = etiquettes.filter(
    (etiquette) => !portees.has(etiquette.id) && mots.every((mot) => etiquette.cherchee.includes(mot)),
  );
  const rang = (etiquette) => {
    if (!mots.length) return recentes.includes(etiquette.id) ? recentes.indexOf(etiquette.id) : recentes.length;
    return etiquette.pliee.startsWith(mots[0]) ? 0 : etiquette.pliee.includes(` ${mots[0]}`) ? 1 : 2;
  };
  return retenues
    .map((etiquette, ordre) => ({ etiquette, ordre, rang: rang(etiquette) }))
    .sort((x, y) => x.rang - y.rang || x.ordre - y.ordre)
    .map(({ etiquette }) => etiquette);
}

export class Palette {
  /** actions : {etiqueter(id), retirer(id), archiver(), surligner(), replacer(id), fermer()}. */
  constructor(hote, actions) {
    this.hote = hote;
    this.actions = actions;
    this.element = null;
  }

  get ouverte() {
    return this.element !== null;
  }

  /** contexte : {extrait, passage, etiquettes, recentes, familles, aReplacer, lien}. passage est null pour un nouveau. */
  ouvrir(contexte) {
    this.fermer();
    this.contexte = contexte;
    this.portees = new Set((contexte.passage?.etiquettes ?? []).map((etiquette) => etiquette.id));
    this.recherche = creer("input", {
      type: "text",
      role: "combobox",
      id: "recherche",
      "aria-expanded": "true",
      "aria-controls": "choix",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "Quelques lettres de l’étiquette",
      oninput: () => this.#montrer(0),
      onkeydown: (evenement) => this.#clavier(evenement),
    });
    this.choix = creer("ul", { role: "listbox", id: "choix", "aria-label": "Étiquettes" });
    this.definition = creer("p", { class: "definition", id: "definition" });
    this.element = creer(
      "div",
      { class: "palette", role: "dialog", "aria-label": this.#titre(), onkeydown: (e) => this.#echappement(e) },
      creer("p", { class: "palette-titre", texte: this.#titre() }),
      creer("p", { class: "palette-extrait", texte: citer(contexte.extrait, 140) }),
      ...this.#portees(),
      creer("label", { for: "recherche", texte: this.portees.size ? "Ajouter une étiquette" : "Étiquette" }),
      this.recherche,
      this.choix,
      this.definition,
      this.#pied(),
    );
    this.hote.append(this.element);
    this.#montrer(0);
    this.recherche.focus({ preventScroll: true });
  }

  fermer() {
    this.element?.remove();
    this.element = null;
  }

  placer(rectangle, cadre) {
    if (!this.element || !rectangle) return;
    const largeur = Math.min(440, cadre.width);
    this.element.style.width = `${largeur}px`;
    this.element.style.top = `${rectangle.bottom - cadre.top + 8}px`;
    this.element.style.left = `${Math.max(0, Math.min(rectangle.left - cadre.left, cadre.width - largeur))}px`;
  }

  #titre() {
    return this.contexte.passage ? `Passage ${this.contexte.passage.numero}` : "Étiqueter le passage";
  }

  #portees() {
    const { passage, familles } = this.contexte;
    if (!passage?.etiquettes.length) return [];
    const lignes = passage.etiquettes.map((etiquette) =>
      creer(
        "li",
        {},
        creer("span", { class: `pastille famille-${etiquette.famille}`, texte: etiquette.nom }),
        creer("span", {
          class: "discret",
          texte: `${familles[etiquette.famille]}, par ${etiquette.auteurs.join(", ")}`,
        }),
        bouton("Retirer", () => this.actions.retirer(etiquette.id), {
          "aria-label": `Retirer l’étiquette ${etiquette.nom}`,
        }),
      ),
    );
    return [creer("ul", { class: "portees", "aria-label": "Étiquettes de ce passage" }, ...lignes)];
  }

  #pied() {
    const { passage, aReplacer, lien } = this.contexte;
    const pied = creer("div", { class: "palette-pied" });
    if (passage) {
      pied.append(bouton("Retirer le surlignage", () => this.actions.archiver()));
      pied.append(creer("a", { href: lien, texte: "Lien vers ce passage" }));
    } else {
      pied.append(bouton("Surligner sans étiquette", () => this.actions.surligner()));
      for (const perdu of aReplacer) {
        pied.append(bouton(`Replacer ici ${citer(perdu.citation, 40)}`, () => this.actions.replacer(perdu.id)));
      }
    }
    pied.append(bouton("Fermer", () => this.actions.fermer()));
    return pied;
  }

  #montrer(actif) {
    const { etiquettes, recentes, familles } = this.contexte;
    const toutes = filtrer(etiquettes, this.recherche.value, recentes, this.portees);
    this.proposees = toutes.slice(0, MONTREES);
    this.choix.replaceChildren(
      ...this.proposees.map((etiquette, rang) =>
        creer(
          "li",
          {
            role: "option",
            id: `choix-${etiquette.id}`,
            class: `famille-${etiquette.famille}`,
            "aria-selected": "false",
            onmousedown: (evenement) => evenement.preventDefault(),
            onmousemove: () => this.#activer(rang),
            onclick: () => this.actions.etiqueter(etiquette.id),
          },
          creer("span", { class: "choix-nom", texte: etiquette.nom }),
          creer("span", { class: "discret", texte: [familles[etiquette.famille], ...etiquette.parents].join(" › ") }),
        ),
      ),
    );
    this.choix.hidden = !this.proposees.length;
    if (!toutes.length) this.definition.textContent = "Aucune étiquette ne répond. La grille de codage permet d’en créer.";
    else this.#activer(Math.min(actif, this.proposees.length - 1));
  }

  #activer(rang) {
    const etiquette = this.proposees[rang];
    if (!etiquette || (this.actif === etiquette && this.choix.querySelector("[aria-selected=true]"))) return;
    this.actif = etiquette;
    for (const option of this.choix.children) option.setAttribute("aria-selected", "false");
    const option = this.choix.children[rang];
    option.setAttribute("aria-selected", "true");
    this.#garderEnVue(option);
    this.recherche.setAttribute("aria-activedescendant", option.id);
    this.recherche.setAttribute("aria-describedby", "definition");
    this.definition.textContent = decrire(etiquette);
  }

  /** Fait défiler la liste seule : `scrollIntoView` entraînerait aussi la page. */
  #garderEnVue(option) {
    const bas = option.offsetTop + option.offsetHeight;
    if (option.offsetTop < this.choix.scrollTop) this.choix.scrollTop = option.offsetTop;
    else if (bas > this.choix.scrollTop + this.choix.clientHeight) this.choix.scrollTop = bas - this.choix.clientHeight;
  }

  #clavier(evenement) {
    const rang = this.proposees.indexOf(this.actif);
    const sauts = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (evenement.key in sauts) {
      evenement.preventDefault();
      const dernier = this.proposees.length - 1;
      this.#activer(Math.max(0, Math.min(dernier, rang + sauts[evenement.key])));
    } else if (evenement.key === "Enter" && !evenement.isComposing) {
      evenement.preventDefault();
      if (this.actif && this.proposees.includes(this.actif)) this.actions.etiqueter(this.actif.id);
    }
  }

  #echappement(evenement) {
    if (evenement.key !== "Escape") return;
    evenement.stopPropagation();
    this.actions.fermer();
  }
}

function decrire({ definition, inclusion, exclusion }) {
  const suite = [definition];
  if (inclusion) suite.push(`Comprend${INSECABLE}: ${inclusion}`);
  if (exclusion) suite.push(`Ne comprend pas${INSECABLE}: ${exclusion}`);
  return suite.filter(Boolean).join(" ") || "Cette étiquette n’a pas encore de définition.";
}
