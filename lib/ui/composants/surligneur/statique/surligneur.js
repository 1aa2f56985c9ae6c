/** Le surligneur : lire, sélectionner à la souris ou au clavier, étiqueter, défaire. */
import { Marge } from "./marge.js";
import { accorder, bouton, citer, creer } from "./outils.js";
import { Palette } from "./palette.js";
import { Texte } from "./texte.js";

const LARGEUR_A_DEUX_COLONNES = 760;
const REPONSE_MAX_MS = 8000;
const instances = new WeakMap();

export default function (composant) {
  let surligneur = instances.get(composant.parentElement);
  if (!surligneur) {
    surligneur = new Surligneur(composant.parentElement.querySelector(".surligneur"));
    instances.set(composant.parentElement, surligneur);
  }
  surligneur.recevoir(composant);
  return () => {
    surligneur.demonter();
    instances.delete(composant.parentElement);
  };
}

class Surligneur {
  constructor(racine) {
    this.racine = racine;
    const prendre = (nom) => racine.querySelector(`.${nom}`);
    this.zone = prendre("texte");
    this.annonce = prendre("annonce");
    this.message = prendre("message");
    this.perdus = prendre("perdus");
    this.titreMarge = prendre("marge-titre");
    this.texte = new Texte(this.zone);
    this.marge = new Marge(prendre("cartes"));
    this.palette = new Palette(racine, {
      etiqueter: (id) => this.#etiqueter(id),
      retirer: (id) => this.#envoyer({ nature: "retirer", verbatim: this.passage.id, etiquette: id }),
      archiver: () => this.#envoyer({ nature: "archiver", verbatim: this.passage.id }),
      surligner: () => this.#surligner(null),
      replacer: (id) => this.#envoyer({ nature: "replacer", verbatim: id, ...this.#bornes(this.choisi) }),
      fermer: () => this.#fermer(),
    });
    this.boutons = this.#barre(prendre("barre"));
    this.selection = null;
    this.choisi = null;
    this.passage = null;
    this.#ecouter();
  }

  #barre(barre) {
    const boutons = {
      etiqueter: bouton("Étiqueter le passage", () => this.#ouvrirSelection(), { class: "principal" }),
      annuler: bouton("Annuler", () => this.#envoyer({ nature: "annuler" })),
      refaire: bouton("Refaire", () => this.#envoyer({ nature: "refaire" })),
    };
    // Sans cela, presser un bouton viderait la sélection avant qu'il ne s'en serve.
    for (const element of Object.values(boutons)) element.onmousedown = (evenement) => evenement.preventDefault();
    barre.replaceChildren(...Object.values(boutons));
    return boutons;
  }

  recevoir({ data, setTriggerValue }) {
    this.declencher = setTriggerValue;
    const premiere = !this.donnees;
    const nouvelle = premiere || data.rang !== this.donnees.rang || data.texte.id !== this.donnees.texte.id;
    this.donnees = data;
    this.etiquettes = data.etiquettes;
    this.passages = data.passages.map((passage, rang) => ({
      ...passage,
      numero: rang + 1,
      famille: passage.etiquettes[0]?.famille ?? "aucune",
    }));
    if (nouvelle) this.#repondre(premiere);
    this.#dessiner();
    if (premiere && data.ouvert) requestAnimationFrame(() => this.#montrerPassage(data.ouvert));
  }

  /** Une réponse du serveur : fin de l'attente, message lu à voix haute, curseur rendu au texte. */
  #repondre(premiere) {
    this.#attendre(false);
    this.palette.fermer();
    this.choisi = null;
    this.passage = null;
    const { message } = this.donnees;
    this.message.textContent = message?.texte ?? "";
    this.message.classList.toggle("erreur", Boolean(message?.erreur));
    if (premiere || !message) return;
    this.annonce.textContent = message.texte;
    const touche = this.passages.find((passage) => passage.id === message.verbatim);
    requestAnimationFrame(() => {
      this.zone.focus({ preventScroll: true });
      if (touche) this.texte.selectionner(touche.fin);
    });
  }

  #dessiner() {
    const { texte, familles } = this.donnees;
    this.zone.setAttribute("aria-label", texte.nom);
    this.texte.dessiner(texte.contenu, this.passages, this.choisi);
    this.titreMarge.textContent = this.passages.length
      ? accorder(this.passages.length, "passage codé", "passages codés")
      : "Aucun passage codé pour l’instant";
    this.marge.dessiner(this.passages, {
      ouvrir: (id) => this.#ouvrirPassage(id),
      montrer: (id) => this.#viser(id),
    });
    this.#dessinerPerdus();
    this.#legende(familles);
    this.boutons.annuler.disabled = !this.donnees.annuler;
    this.boutons.refaire.disabled = !this.donnees.refaire;
    this.boutons.annuler.title = this.donnees.annuler ?? "";
    this.boutons.refaire.title = this.donnees.refaire ?? "";
    this.#actualiserBouton();
    requestAnimationFrame(() => this.#disposer());
  }

  #legende(familles) {
    const presentes = new Set(this.passages.flatMap((passage) => passage.etiquettes.map((e) => e.famille)));
    const legende = this.racine.querySelector(".legende");
    legende.replaceChildren(
      ...Object.entries(familles)
        .filter(([code]) => presentes.has(code))
        .map(([code, nom]) => creer("li", {}, creer("span", { class: `pastille famille-${code}`, texte: nom }))),
    );
  }

  /** Citations dont la place s'est perdue à la correction du texte : une personne dit où elles sont. */
  #dessinerPerdus() {
    const { perdus } = this.donnees;
    this.perdus.hidden = !perdus.length;
    this.perdus.replaceChildren(
      creer("h3", { texte: `${accorder(perdus.length, "citation")} à replacer` }),
      creer("p", {
        texte: "Le texte a été corrigé à cet endroit. Les mots d’origine sont gardés : dites où ils se trouvent désormais.",
      }),
      creer("ul", {}, ...perdus.map((perdu) => this.#perdu(perdu))),
    );
  }

  #perdu(perdu) {
    const ici = this.texte.extrait(perdu).trim();
    const ligne = creer("li", {}, creer("p", { texte: citer(perdu.citation, 300) }));
    if (ici) ligne.append(creer("p", { class: "discret", texte: `À cet endroit, on lit maintenant ${citer(ici, 140)}` }));
    const gestes = creer("div", { class: "gestes" });
    if (ici) {
      const place = { nature: "replacer", verbatim: perdu.id, ...this.#bornes(perdu) };
      gestes.append(bouton("C’est ce passage", () => this.#envoyer(place)));
    }
    gestes.append(bouton("Retirer la citation", () => this.#envoyer({ nature: "archiver", verbatim: perdu.id })));
    ligne.append(gestes);
    return ligne;
  }

  #disposer() {
    const cadre = this.racine.getBoundingClientRect();
    const cote = cadre.width >= LARGEUR_A_DEUX_COLONNES;
    this.racine.classList.toggle("deux-colonnes", cote);
    this.marge.aligner(this.texte, cote);
    if (this.palette.ouverte) this.#placerPalette();
    else this.racine.style.minHeight = "";
  }

  #placerPalette() {
    const cadre = this.racine.getBoundingClientRect();
    this.palette.placer(this.texte.rectangle() ?? this.#rectanglePassage(), cadre);
    const bas = this.palette.element.getBoundingClientRect().bottom - cadre.top;
    this.racine.style.minHeight = `${Math.ceil(bas) + 16}px`;
  }

  /** À l'ouverture seulement : le passage d'abord, puis la palette si les deux tiennent à l'écran. */
  #reveler() {
    const marque = this.zone.querySelector("mark.choisi") ?? this.texte.marque(this.passage?.id);
    marque?.scrollIntoView({ block: "nearest" });
    this.palette.element.scrollIntoView({ block: "nearest" });
    marque?.scrollIntoView({ block: "nearest" });
  }

  #rectanglePassage() {
    const marques = this.texte.marques(this.passage?.id);
    return marques.length ? marques[marques.length - 1].getBoundingClientRect() : null;
  }

  #ecouter() {
    this.#surSelection = () => {
      clearTimeout(this.minuterie);
      this.minuterie = setTimeout(() => this.#lireSelection(), 120);
    };
    this.#dehors = (evenement) => {
      if (this.palette.ouverte && !evenement.composedPath().includes(this.racine)) this.#fermer({ rendre: false });
    };
    document.addEventListener("selectionchange", this.#surSelection);
    document.addEventListener("pointerdown", this.#dehors);
    this.taille = new ResizeObserver(() => this.#disposer());
    this.taille.observe(this.racine);
    // Un texte qu'on lit au curseur sans pouvoir l'écrire : le navigateur garde ses flèches, ses mots, ses lecteurs d'écran.
    this.zone.addEventListener("beforeinput", (evenement) => evenement.preventDefault());
    this.zone.addEventListener("input", () => this.#dessiner());
    this.zone.addEventListener("dragstart", (evenement) => evenement.preventDefault());
    this.zone.addEventListener("keydown", (evenement) => this.#clavier(evenement));
    this.zone.addEventListener("pointerup", (evenement) => setTimeout(() => this.#pointe(evenement), 0));
  }

  #surSelection;
  #dehors;

  demonter() {
    clearTimeout(this.minuterie);
    document.removeEventListener("selectionchange", this.#surSelection);
    document.removeEventListener("pointerdown", this.#dehors);
    this.taille.disconnect();
  }

  #lireSelection() {
    const lue = this.texte.selection();
    if (lue) this.selection = lue;
    else if (!this.palette.ouverte) this.selection = null;
    this.#actualiserBouton();
    if (this.#etendue() && !this.palette.ouverte) {
      const extrait = this.texte.extrait(this.selection);
      const mots = extrait.split(/\s+/).filter(Boolean).length;
      this.annonce.textContent = `${accorder(mots, "mot sélectionné", "mots sélectionnés")}. Entrée pour étiqueter.`;
    }
  }

  /** Vrai si la sélection contient autre chose que des blancs. */
  #etendue() {
    const { selection } = this;
    return Boolean(selection && selection.fin > selection.debut && this.texte.extrait(selection).trim());
  }

  #actualiserBouton() {
    this.boutons.etiqueter.disabled = !this.#etendue() || this.occupe;
  }

  #clavier(evenement) {
    const commande = evenement.ctrlKey || evenement.metaKey;
    if (evenement.key === "Enter") {
      evenement.preventDefault();
      this.selection = this.texte.selection() ?? this.selection;
      if (this.#etendue()) this.#ouvrirSelection();
      else if (this.selection) this.#ouvrirAuCurseur(this.selection.debut);
    } else if (commande && evenement.key.toLowerCase() === "z") {
      evenement.preventDefault();
      this.#defaire(evenement.shiftKey ? "refaire" : "annuler");
    } else if (commande && evenement.key.toLowerCase() === "y") {
      evenement.preventDefault();
      this.#defaire("refaire");
    } else if (evenement.key === "Escape" && this.#etendue()) {
      this.texte.selectionner(this.selection.fin);
    }
  }

  #defaire(nature) {
    if (this.donnees[nature]) this.#envoyer({ nature });
  }

  #pointe(evenement) {
    this.selection = this.texte.selection() ?? this.selection;
    this.#actualiserBouton();
    if (this.#etendue()) {
      // Au doigt, les poignées servent encore à ajuster : le bouton « Étiqueter le passage » attend.
      if (evenement.pointerType !== "touch") this.#ouvrirSelection();
      return;
    }
    const marque = evenement.composedPath().find((noeud) => noeud.dataset?.proche);
    if (marque) this.#ouvrirPassage(Number(marque.dataset.proche));
  }

  #ouvrirAuCurseur(point) {
    const ici = this.passages.filter((passage) => passage.debut <= point && point <= passage.fin);
    if (!ici.length) {
      this.annonce.textContent = "Sélectionnez un passage (Maj et les flèches), puis Entrée.";
      return;
    }
    this.#ouvrirPassage(ici.reduce((x, y) => (y.fin - y.debut < x.fin - x.debut ? y : x)).id);
  }

  #ouvrirSelection() {
    if (!this.#etendue() || this.occupe) return;
    const { debut, fin } = this.selection;
    const deja = this.passages.find((passage) => passage.debut === debut && passage.fin === fin);
    if (deja) {
      this.#ouvrirPassage(deja.id);
      return;
    }
    this.choisi = { debut, fin };
    this.passage = null;
    this.#ouvrir(this.texte.extrait(this.choisi));
  }

  #ouvrirPassage(id) {
    const passage = this.passages.find((candidat) => candidat.id === id);
    if (!passage || this.occupe) return;
    this.passage = passage;
    this.choisi = null;
    this.#ouvrir(passage.citation);
  }

  #ouvrir(extrait) {
    const { recentes, familles, perdus, lien } = this.donnees;
    this.texte.dessiner(this.donnees.texte.contenu, this.passages, this.choisi);
    this.palette.ouvrir({
      extrait,
      passage: this.passage,
      etiquettes: this.etiquettes,
      recentes,
      familles,
      aReplacer: perdus,
      lien: this.passage ? `${lien}&verbatim=${this.passage.id}` : "",
    });
    this.#placerPalette();
    this.#reveler();
    if (this.passage) this.#viser(this.passage.id);
  }

  #fermer({ rendre = true } = {}) {
    const retour = this.choisi ?? (this.passage && { debut: this.passage.debut, fin: this.passage.debut });
    this.palette.fermer();
    this.choisi = null;
    this.passage = null;
    this.#dessiner();
    if (!rendre || !retour) return;
    this.zone.focus({ preventScroll: true });
    this.texte.selectionner(retour.debut, retour.fin);
  }

  #etiqueter(id) {
    if (this.passage) this.#envoyer({ nature: "etiqueter", verbatim: this.passage.id, etiquette: id });
    else this.#surligner(id);
  }

  #surligner(etiquette) {
    this.#envoyer({
      nature: "surligner",
      etiquette,
      extrait: this.texte.extrait(this.choisi),
      ...this.#bornes(this.choisi),
    });
  }

  #bornes({ debut, fin }) {
    return { texte: this.donnees.texte.id, version: this.donnees.texte.version, debut, fin };
  }

  #envoyer(geste) {
    if (this.occupe) return;
    this.#attendre(true);
    this.declencher("geste", geste);
  }

  /** Un geste à la fois ; si la réponse tarde (liaison coupée), la main est rendue et on le dit. */
  #attendre(oui) {
    this.occupe = oui;
    this.racine.setAttribute("aria-busy", String(oui));
    clearTimeout(this.patience);
    if (!oui) return;
    this.patience = setTimeout(() => {
      this.#attendre(false);
      this.message.textContent = "Le serveur tarde à répondre : votre sélection est gardée, réessayez dans un instant.";
      this.annonce.textContent = this.message.textContent;
    }, REPONSE_MAX_MS);
  }

  #viser(id) {
    for (const marque of this.zone.querySelectorAll("mark.vise")) marque.classList.remove("vise");
    for (const carte of this.racine.querySelectorAll(".carte.visee")) carte.classList.remove("visee");
    if (id == null) return;
    for (const marque of this.texte.marques(id)) marque.classList.add("vise");
    this.marge.carte(id)?.classList.add("visee");
  }

  #montrerPassage(id) {
    const marque = this.texte.marque(id);
    if (!marque) return;
    const passage = this.passages.find((candidat) => candidat.id === id);
    this.zone.focus({ preventScroll: true });
    this.texte.selectionner(passage.debut);
    marque.scrollIntoView({ block: "center" });
    this.#viser(id);
    this.annonce.textContent = `Passage ${passage.numero} ouvert à sa place.`;
  }
}
