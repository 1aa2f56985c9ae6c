/** La palette : choisir une étiquette au clavier, sa définition et ses exemples sous les yeux ; en créer une au besoin. */
import { bouton, citer, creer, plier } from "./outils.js";
import { decrire, memo, portees, propositions } from "./fiches.js";

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
  /**
   * actions : {etiqueter(id), creer({nom, parent, famille}), retirer(id), archiver(), surligner(), replacer(id),
   * noter(memo), borner(), exemplifier(id, prendre), fermer(), dire(phrase)}.
   */
  constructor(hote, actions) {
    this.hote = hote;
    this.actions = actions;
    this.element = null;
  }

  get ouverte() {
    return this.element !== null;
  }

  /**
   * contexte : {extrait, passage, etiquettes, recentes, epinglees, familles, aReplacer, lien, permise, complet}.
   * passage est null pour un nouveau ; permise(etiquette) : peut-elle se poser sur ces paroles ?
   */
  ouvrir(contexte) {
    this.fermer();
    this.contexte = contexte;
    this.vues = [];
    this.portees = new Set((contexte.passage?.etiquettes ?? []).map((etiquette) => etiquette.id));
    this.nouvelle = null;
    this.libelle = creer("label", { for: "recherche" });
    this.recherche = this.#champ();
    this.choix = creer("ul", { role: "listbox", id: "choix", "aria-label": "Étiquettes" });
    this.definition = creer("div", { class: "definition", id: "definition" });
    this.propositions = creer("section", { class: "propositions", "aria-label": "Étiquettes proposées", hidden: true });
    this.element = creer(
      "div",
      { class: "palette", role: "dialog", "aria-label": this.#titre(), onkeydown: (e) => this.#echappement(e) },
      creer("p", { class: "palette-titre", texte: this.#titre() }),
      creer("p", { class: "palette-extrait", texte: citer(contexte.extrait, 140) }),
      ...portees(contexte, this.actions),
      this.libelle,
      this.recherche,
      this.choix,
      this.definition,
      this.propositions,
      ...memo(contexte, this.actions),
      this.#pied(),
    );
    this.hote.append(this.element);
    this.#montrer();
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

  /** Montre les étiquettes que portent des citations semblables, jamais posées sans un geste ; rend leur nombre. */
  proposer(proposees) {
    const connues = this.contexte.etiquettes.filter(this.contexte.permise);
    const utiles = proposees.filter(({ id }) => !this.portees.has(id) && connues.some((e) => e.id === id));
    this.vues = utiles.map(({ id }) => id);
    this.propositions.hidden = !utiles.length;
    this.propositions.replaceChildren(...propositions(utiles, connues, (id) => this.actions.etiqueter(id)));
    return utiles.length;
  }

  #champ() {
    return creer("input", {
      type: "text",
      role: "combobox",
      id: "recherche",
      "aria-expanded": "true",
      "aria-controls": "choix",
      "aria-autocomplete": "list",
      "aria-describedby": "definition",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "120",
      placeholder: "Quelques lettres de l’étiquette",
      oninput: () => this.#montrer(),
      onkeydown: (evenement) => this.#clavier(evenement),
    });
  }

  #titre() {
    return this.contexte.passage ? `Passage ${this.contexte.passage.numero}` : "Étiqueter le passage";
  }

  #pied() {
    const { passage, aReplacer, lien } = this.contexte;
    const pied = creer("div", { class: "palette-pied" });
    if (passage) {
      pied.append(bouton("Déplacer les bornes", () => this.actions.borner()));
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

  /** Ce que la liste propose : des étiquettes, ou, pour une étiquette nouvelle, où la ranger. */
  #proposees() {
    const { etiquettes, recentes, epinglees, familles } = this.contexte;
    const cherche = this.recherche.value;
    if (this.nouvelle) return filtrer([...racines(familles), ...etiquettes], cherche, [], new Set());
    const premieres = [...recentes, ...epinglees.filter((id) => !recentes.includes(id))];
    const trouvees = filtrer(etiquettes, cherche, premieres, this.portees).slice(0, MONTREES);
    const nom = cherche.replace(/\s+/g, " ").trim();
    if (this.contexte.complet && plier(nom) && !etiquettes.some((etiquette) => etiquette.pliee === plier(nom))) {
      trouvees.push({ id: "nouvelle", nom: `Créer l’étiquette ${citer(nom, 60)}`, famille: "aucune", creation: nom });
    }
    return trouvees;
  }

  #montrer() {
    const quoi = this.portees.size ? "Ajouter une étiquette" : "Étiquette";
    this.libelle.textContent = this.nouvelle ? `Ranger ${citer(this.nouvelle, 60)} sous` : quoi;
    this.proposees = this.#proposees().slice(0, MONTREES + 1);
    this.choix.replaceChildren(...this.proposees.map((etiquette, rang) => this.#option(etiquette, rang)));
    this.choix.hidden = !this.proposees.length;
    this.actif = null;
    this.#activer(0);
    if (!this.proposees.length) this.definition.textContent = "Rien ne répond à cette recherche.";
  }

  #option(etiquette, rang) {
    const chiffre = this.nouvelle ? 0 : this.contexte.epinglees.indexOf(etiquette.id) + 1;
    const refusee = !this.nouvelle && !etiquette.creation && !this.contexte.permise(etiquette);
    return creer(
      "li",
      {
        role: "option",
        id: `choix-${etiquette.id}`,
        class: `famille-${etiquette.famille}`,
        "aria-selected": "false",
        "aria-disabled": refusee && "true",
        onmousedown: (evenement) => evenement.preventDefault(),
        onmousemove: () => this.#activer(rang),
        onclick: () => this.#retenir(etiquette),
      },
      creer("span", { class: "choix-nom", texte: etiquette.nom }, ...(chiffre ? [creer("kbd", { texte: chiffre })] : [])),
      creer("span", { class: "discret", texte: refusee ? RESERVEE : this.#chemin(etiquette) }),
    );
  }

  #chemin({ famille, parents, creation }) {
    if (creation) return "Elle n’existe pas encore : vous direz ensuite où la ranger";
    return [this.contexte.familles[famille], ...(parents ?? [])].join(" › ");
  }

  #retenir(etiquette) {
    if (etiquette.creation) {
      this.nouvelle = etiquette.creation;
      this.recherche.value = "";
      this.#montrer();
      this.actions.dire(`Où ranger ${citer(this.nouvelle, 60)} ? Flèches pour choisir, Entrée pour créer et poser.`);
    } else if (this.nouvelle) {
      const racine = typeof etiquette.id === "string";
      this.actions.creer({
        nom: this.nouvelle,
        parent: racine ? null : etiquette.id,
        famille: racine ? etiquette.famille : null,
      });
    } else if (this.contexte.permise(etiquette)) this.actions.etiqueter(etiquette.id);
    else this.actions.dire(`${RESERVEE}.`);
  }

  #activer(rang) {
    const etiquette = this.proposees[rang];
    if (!etiquette || this.actif === etiquette) return;
    this.choix.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    this.actif = etiquette;
    const option = this.choix.children[rang];
    option.setAttribute("aria-selected", "true");
    this.#garderEnVue(option);
    this.recherche.setAttribute("aria-activedescendant", option.id);
    this.definition.replaceChildren(...(etiquette.creation ? [] : decrire(etiquette)));
  }

  /** Fait défiler la liste seule : `scrollIntoView` entraînerait aussi la page. */
  #garderEnVue(option) {
    const bas = option.offsetTop + option.offsetHeight;
    if (option.offsetTop < this.choix.scrollTop) this.choix.scrollTop = option.offsetTop;
    else if (bas > this.choix.scrollTop + this.choix.clientHeight) this.choix.scrollTop = bas - this.choix.clientHeight;
  }

  #clavier(evenement) {
    const sauts = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (evenement.key in sauts) {
      evenement.preventDefault();
      const rang = this.proposees.indexOf(this.actif) + sauts[evenement.key];
      this.#activer(Math.max(0, Math.min(this.proposees.length - 1, rang)));
    } else if (evenement.key === "Enter" && !evenement.isComposing) {
      evenement.preventDefault();
      if (this.actif) this.#retenir(this.actif);
    } else if (/^[1-9]$/.test(evenement.key) && !this.recherche.value && !this.nouvelle) {
      const epinglee = this.contexte.etiquettes.find(({ id }) => id === this.contexte.epinglees[evenement.key - 1]);
      if (!epinglee) return;
      evenement.preventDefault();
      this.#retenir(epinglee);
    }
  }

  #echappement(evenement) {
    if (evenement.key !== "Escape") return;
    evenement.stopPropagation();
    if (!this.nouvelle) {
      this.actions.fermer();
      return;
    }
    this.recherche.value = this.nouvelle;
    this.nouvelle = null;
    this.#montrer();
    this.recherche.focus();
  }
}

const RESERVEE = "Réservée aux paroles de la personne interrogée";

/** Les familles, sous lesquelles une étiquette se range à la racine de la grille. */
function racines(familles) {
  return Object.entries(familles).map(([code, nom]) => ({
    id: `famille-${code}`,
    nom: `${nom} (à la racine)`,
    pliee: plier(nom),
    cherchee: ` ${plier(nom)}`,
    famille: code,
  }));
}
