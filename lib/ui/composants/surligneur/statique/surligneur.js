/** Le surligneur : lire, sélectionner à la souris ou au clavier, étiqueter, défaire. */
import { completer } from "./bagage.js";
import { Bornes } from "./bornes.js";
import { annoncer, Clavier } from "./clavier.js";
import { Ecran } from "./ecran.js";
import { Envoi } from "./envoi.js";
import { Intervenants } from "./intervenants.js";
import { Lecture } from "./lecture.js";
import { Marge } from "./marge.js";
import { partir, repondu, retenir, retrouver } from "./memoire.js";
import { accorder, bouton } from "./outils.js";
import { Palette } from "./palette.js";
import { dessinerPerdus } from "./perdus.js";
import { Reperes } from "./reperes.js";
import { POSSIBLE, Surlignages } from "./surlignages.js";
import { Survol } from "./survol.js";
import { Texte } from "./texte.js";

const LARGEUR_A_DEUX_COLONNES = 760;
const SOURIS_MAX_MS = 4000;
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
    this.sonde = prendre("sonde");
    this.texte = new Texte(this.zone);
    this.surlignages = new Surlignages(this.texte);
    this.ecran = new Ecran(racine, this.surlignages);
    this.reperes = new Reperes(prendre("reperes"), this.texte);
    this.marge = new Marge(prendre("cartes"), {
      ouvrir: (id) => this.#ouvrirPassage(id),
      montrer: (id) => this.#viser(id),
    });
    this.intervenants = new Intervenants(prendre("intervenants"), () => this.#dessiner());
    this.bornes = new Bornes(prendre("poignees"), this.texte, () => this.#lecture(), {
      montrer: (bornes) => this.surlignages.poser("choisi", [bornes]),
      valider: (bornes) => this.#geste({ nature: "borner", verbatim: this.passage.id, ...this.#bornes(bornes) }),
      annuler: () => this.#fermer(),
    });
    this.clavier = new Clavier(this.texte, () => this.#lecture(), {
      dire: (phrase) => this.#dire(phrase),
      reveler: (point) => this.#reveler({ debut: point, fin: point + 1 }),
      ouvrirSelection: (selection) => this.#ouvrirSelection(selection),
      ouvrirAuCurseur: (point) => this.#ouvrirAuCurseur(point),
      epinglee: (rang) => this.#epinglee(rang),
      defaire: (nature) => this.#defaire(nature),
    });
    this.survol = new Survol(this.zone, this.texte, (point) => this.#passagesEn(point), {
      viser: (id) => this.palette.ouverte || this.#viser(id),
      dire: (phrase) => this.#dire(phrase),
    });
    this.palette = new Palette(racine, this.#actions());
    this.envoi = new Envoi(racine, (phrase) => this.#dire(phrase, true));
    this.boutons = this.#barre(prendre("barre"));
    this.selection = this.choisi = this.passage = this.attendu = null;
    this.#ecouter();
  }

  #actions() {
    const verbatim = () => this.passage.id;
    return {
      etiqueter: (id) => this.#etiqueter({ etiquette: id }),
      creer: (nouvelle) => this.#etiqueter({ etiquette: null, nouvelle }),
      retirer: (id) => this.#geste({ nature: "retirer", verbatim: verbatim(), etiquette: id }),
      archiver: () => this.#geste({ nature: "archiver", verbatim: verbatim() }),
      exemplifier: (id, prendre) =>
        this.#geste({ nature: prendre ? "prendre" : "laisser", verbatim: verbatim(), exemple: id }),
      noter: (memo) => this.#geste({ nature: "noter", verbatim: verbatim(), memo }),
      surligner: () => this.#etiqueter({ etiquette: null }),
      replacer: (id) => this.#geste({ nature: "replacer", verbatim: id, ...this.#bornes(this.choisi) }),
      borner: () => this.#borner(),
      fermer: () => this.#fermer(),
      dire: (phrase) => this.#dire(phrase),
    };
  }

  #barre(barre) {
    const boutons = {
      etiqueter: bouton("Étiqueter le passage", () => this.#ouvrirSelection(this.selection), { class: "principal" }),
      annuler: bouton("Annuler", () => this.#defaire("annuler")),
      refaire: bouton("Rétablir", () => this.#defaire("refaire")),
    };
    // Sans cela, presser un bouton viderait la sélection avant qu'il ne s'en serve.
    for (const element of Object.values(boutons)) element.onmousedown = (evenement) => evenement.preventDefault();
    barre.replaceChildren(...Object.values(boutons));
    return boutons;
  }

  recevoir(recu) {
    this.envoi.declencher = recu.setTriggerValue;
    clearTimeout(this.tenue);
    this.retenu = this.tire ? recu : null;
    if (this.retenu) {
      // Une légende qui paraît décalerait les mots sous la souris : on attend qu'elle soit lâchée.
      this.tenue = setTimeout(this.#lache, SOURIS_MAX_MS);
      return;
    }
    const data = completer(recu.data);
    if (!data) {
      this.envoi.relire();
      return;
    }
    const avant = this.donnees;
    this.donnees = data;
    if (this.texte.ecrire(data.texte.contenu)) {
      if (avant) this.#texteCorrige();
      this.#oublierLeTexte();
      this.intervenants.dessiner(data.texte.tours, this.#longueur());
      this.annonces = this.intervenants.annonces(this.texte);
    }
    this.passages = data.passages.map((passage, rang) => ({
      ...passage,
      numero: rang + 1,
      citation: this.texte.extrait(passage),
      locuteur: this.intervenants.qui(passage),
    }));
    const reponse = avant ? data.rang !== avant.rang || data.texte.id !== avant.texte.id : repondu(data.texte, data.rang);
    if (reponse) this.#repondre();
    this.#dessiner();
    if (data.proposees) this.#proposer(data.proposees);
    if (!avant) this.#commencer();
    if (reponse) this.envoi.suivant();
  }

  #commencer() {
    const { ouvert, texte } = this.donnees;
    document.fonts?.ready.then(() => this.#disposer());
    if (!POSSIBLE) this.#dire("Ce navigateur ne sait pas colorer les passages : la marge les liste tous.", true);
    const gardee = retrouver(texte);
    if (ouvert) requestAnimationFrame(() => this.#montrerPassage(ouvert));
    else if (gardee) {
      this.texte.selectionner(gardee.debut, gardee.fin);
      this.#dire("Votre sélection a été retrouvée : Entrée dans le texte pour l’étiqueter.", true);
    }
  }

  /** Le texte vient de changer sous les yeux : des bornes prises dans l'ancien n'y désignent plus les mêmes mots. */
  #texteCorrige() {
    const enCours = this.palette.ouverte || this.bornes.ouvertes;
    this.#refermer();
    this.selection = this.attendu = null;
    if (enCours) this.#dire("Le texte a été corrigé entre-temps : sélectionnez à nouveau votre passage.", true, true);
  }

  #oublierLeTexte() {
    this.surlignages.vider();
    this.decoupe = null;
  }

  #lecture() {
    const versUnites = (tour) => ({ ...tour, debut: this.texte.positions.versUnites(tour.debut) });
    this.decoupe ??= new Lecture(this.texte.contenu, this.donnees.texte.tours.map(versUnites));
    return this.decoupe;
  }

  #longueur() {
    return this.texte.positions.versPoints(this.texte.contenu.length);
  }

  /** Une réponse du serveur : message lu à voix haute, curseur rendu au texte, ou sélection rendue si c'est un refus. */
  #repondre() {
    const { message } = this.donnees;
    const attendu = this.attendu;
    this.attendu = null;
    this.envoi.fini();
    partir(this.donnees.texte, null);
    if (!message) return;
    this.#dire(message.texte, true, message.erreur);
    if (this.palette.ouverte || this.bornes.ouvertes) return;
    const touche = this.passages.find((passage) => passage.id === message.verbatim);
    if (!message.erreur) retenir(this.donnees.texte, null);
    requestAnimationFrame(() => {
      if (this.#ailleurs()) return;
      this.zone.focus({ preventScroll: true });
      if (message.erreur && attendu) this.texte.selectionner(attendu.debut, attendu.fin);
      else if (touche) this.texte.selectionner(touche.fin);
    });
  }

  /** Vrai si la personne a déjà sélectionné autre chose pendant que le serveur répondait. */
  #ailleurs() {
    const ici = this.texte.selection();
    return this.tire || this.palette.ouverte || (ici && ici.debut < ici.fin && ici.debut !== this.envoi.depart);
  }

  #dire(phrase, montrer = false, erreur = false) {
    this.ecran.dire(phrase, montrer, erreur);
  }

  #dessiner() {
    const { texte, familles, perdus, annuler, refaire } = this.donnees;
    const { choisi } = this.intervenants;
    const montres = choisi ? this.passages.filter((passage) => passage.locuteur === choisi) : this.passages;
    this.zone.setAttribute("aria-label", texte.nom);
    this.ecran.dessiner(montres, { choisi, familles });
    this.surlignages.poser("annonce", this.annonces);
    this.surlignages.poser("autres", this.intervenants.autres());
    this.surlignages.poser("attente", this.attendu ? [this.attendu] : []);
    this.surlignages.poser("choisi", this.choisi ? [this.choisi] : []);
    this.reperes.dessiner(montres);
    this.marge.dessiner(montres);
    dessinerPerdus(this.racine.querySelector(".perdus"), perdus, this.texte, {
      replacer: (perdu) => this.#geste({ nature: "replacer", verbatim: perdu.id, ...this.#bornes(perdu) }),
      archiver: (id) => this.#geste({ nature: "archiver", verbatim: id }),
    });
    for (const [nom, retour] of Object.entries({ annuler, refaire })) {
      this.boutons[nom].disabled = !retour;
      this.boutons[nom].title = retour?.message ?? "";
    }
    this.#actualiserBouton();
    this.racine.dataset.rang = this.donnees.rang;
    requestAnimationFrame(() => this.#disposer());
  }

  #disposer() {
    const cadre = this.racine.getBoundingClientRect();
    this.largeur = cadre.width;
    const cote = cadre.width >= LARGEUR_A_DEUX_COLONNES;
    this.racine.classList.toggle("deux-colonnes", cote);
    this.marge.aligner(this.reperes.placer(), cote);
    this.bornes.placer();
    this.#placerPalette();
    this.racine.dataset.pret = this.donnees.passages.length;
  }

  #placerPalette() {
    if (!this.palette.ouverte) {
      this.racine.style.minHeight = "";
      return;
    }
    const cadre = this.racine.getBoundingClientRect();
    this.palette.placer(this.texte.rectangles(this.choisi ?? this.passage).at(-1), cadre);
    const bas = this.palette.element.getBoundingClientRect().bottom - cadre.top;
    this.racine.style.minHeight = `${Math.ceil(bas) + 16}px`;
  }

  /** Amène un passage à l'écran : un repère invisible s'y pose, que le navigateur sait faire défiler. */
  #reveler(place, block = "nearest") {
    const cadre = this.zone.parentElement.getBoundingClientRect();
    for (const rectangle of [this.texte.rectangles(place).at(-1), this.texte.rectangles(place)[0]]) {
      if (!rectangle) return;
      this.sonde.style.top = `${rectangle.top - cadre.top}px`;
      this.sonde.style.height = `${rectangle.height}px`;
      this.sonde.scrollIntoView({ block });
    }
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
    document.addEventListener("pointerup", this.#lache);
    document.addEventListener("pointercancel", this.#lache);
    this.taille = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width !== this.largeur) this.#disposer();
    });
    this.taille.observe(this.racine);
    // Un texte qu'on lit au curseur sans pouvoir l'écrire : le navigateur garde ses flèches, ses mots, ses lecteurs d'écran.
    this.zone.addEventListener("beforeinput", (evenement) => evenement.preventDefault());
    this.zone.addEventListener("input", () => {
      this.texte.reecrire();
      this.#oublierLeTexte();
      this.#dessiner();
    });
    this.zone.addEventListener("dragstart", (evenement) => evenement.preventDefault());
    this.zone.addEventListener("keydown", (evenement) => this.clavier.recevoir(evenement));
    this.zone.addEventListener("pointerdown", () => (this.tire = true));
    this.zone.addEventListener("pointerup", (evenement) => setTimeout(() => this.#pointe(evenement), 0));
  }

  #surSelection;
  #dehors;
  /** La souris a fini de sélectionner : une réponse peut de nouveau rendre le curseur au texte. */
  #lache = () =>
    setTimeout(() => {
      this.tire = false;
      if (this.retenu) this.recevoir(this.retenu);
    }, 0);

  demonter() {
    clearTimeout(this.minuterie);
    clearTimeout(this.tenue);
    this.retenu = null;
    this.envoi.fini();
    document.removeEventListener("selectionchange", this.#surSelection);
    document.removeEventListener("pointerdown", this.#dehors);
    document.removeEventListener("pointerup", this.#lache);
    document.removeEventListener("pointercancel", this.#lache);
    this.taille.disconnect();
    this.surlignages.demonter();
  }

  #lireSelection() {
    const lue = this.texte.selection();
    if (lue) this.selection = lue;
    else if (!this.palette.ouverte) this.selection = null;
    this.#actualiserBouton();
    if (this.palette.ouverte || !lue) return;
    const etendue = this.#etendue(lue);
    this.survol.curseur(lue.debut === lue.fin && this.#tientLeCurseur() ? lue.debut : null);
    if (!this.envoi.occupe) retenir(this.donnees.texte, etendue ? { debut: lue.debut, fin: lue.fin } : null);
    if (etendue) this.#dire(annoncer(this.texte.extrait(lue), this.intervenants.qui(lue)));
  }

  #tientLeCurseur() {
    return this.zone.getRootNode().activeElement === this.zone;
  }

  /** Vrai si la sélection contient autre chose que des blancs. */
  #etendue(selection) {
    return Boolean(selection && selection.fin > selection.debut && this.texte.extrait(selection).trim());
  }

  #actualiserBouton() {
    this.boutons.etiqueter.disabled = !this.#etendue(this.selection);
  }

  #pointe({ clientX, clientY, pointerType }) {
    this.selection = this.texte.selection() ?? this.selection;
    this.#actualiserBouton();
    if (this.#etendue(this.selection)) {
      // Au doigt, les poignées servent encore à ajuster : le bouton « Étiqueter le passage » attend.
      if (pointerType !== "touch") this.#ouvrirSelection(this.selection);
      return;
    }
    const [ici] = this.#passagesEn(this.selection?.debut).filter((passage) => this.texte.touche(passage, clientX, clientY));
    if (ici) this.#ouvrirPassage(ici.id);
  }

  /** Les passages à une position, le plus court d'abord. */
  #passagesEn(point) {
    const ici = (this.passages ?? []).filter((passage) => passage.debut <= point && point <= passage.fin);
    return ici.sort((x, y) => x.fin - x.debut - (y.fin - y.debut));
  }

  #ouvrirAuCurseur(point) {
    const [passage] = this.#passagesEn(point);
    if (passage) this.#ouvrirPassage(passage.id);
    else this.#dire("Sélectionnez un passage : P pour la phrase, T pour le tour de parole, ou Maj et les flèches.");
  }

  #ouvrirSelection(selection) {
    if (!this.#etendue(selection)) return;
    const { debut, fin } = selection;
    const deja = this.passages.find((passage) => passage.debut === debut && passage.fin === fin);
    if (deja) {
      this.#ouvrirPassage(deja.id);
      return;
    }
    this.choisi = { debut, fin };
    this.passage = null;
    retenir(this.donnees.texte, this.choisi);
    this.#ouvrir(this.choisi);
  }

  #ouvrirPassage(id) {
    const passage = this.passages.find((candidat) => candidat.id === id);
    if (!passage) return;
    this.passage = passage;
    this.choisi = null;
    this.#ouvrir(passage);
    this.#viser(id);
  }

  #ouvrir({ debut, fin }) {
    const { recentes, epinglees, familles, perdus, lien, etiquettes, complet } = this.donnees;
    const interroge = this.intervenants.interroge({ debut, fin });
    this.surlignages.poser("choisi", this.choisi ? [this.choisi] : []);
    this.bornes.fermer();
    if (this.passage) this.bornes.ouvrir({ debut, fin });
    this.palette.ouvrir({
      extrait: this.texte.extrait({ debut, fin }),
      passage: this.passage,
      etiquettes,
      recentes,
      epinglees,
      familles,
      aReplacer: perdus,
      lien: this.passage ? `${lien}&verbatim=${this.passage.id}` : "",
      complet,
      permise: (etiquette) => interroge || !etiquette.reservee,
    });
    if (complet) this.envoi.demander({ texte: this.donnees.texte.id, debut, fin });
    this.#placerPalette();
    this.#reveler({ debut, fin });
    this.palette.element.scrollIntoView({ block: "nearest" });
    this.#reveler({ debut, fin });
  }

  #proposer({ debut, fin, etiquettes, pretes }) {
    const ouvert = () => {
      const vise = this.choisi ?? this.passage;
      return this.palette.ouverte && vise?.debut === debut && vise?.fin === fin;
    };
    if (!ouvert()) return;
    if (!pretes) {
      this.envoi.redemander(ouvert);
      return;
    }
    const montrees = this.palette.proposer(etiquettes);
    if (montrees) this.#dire(`${accorder(montrees, "étiquette proposée", "étiquettes proposées")}, après la liste.`);
    this.#placerPalette();
  }

  #borner() {
    this.palette.fermer();
    this.#placerPalette();
    this.surlignages.poser("choisi", [this.passage]);
    this.bornes.prendre();
    this.#dire("Début du passage : flèches pour avancer d’un mot, Tabulation pour la fin, Entrée pour valider, Échap pour laisser.");
  }

  #fermer({ rendre = true } = {}) {
    const retour = this.choisi ?? (this.passage && { debut: this.passage.debut, fin: this.passage.debut });
    this.#refermer();
    if (!rendre || !retour) return;
    this.zone.focus({ preventScroll: true });
    this.texte.selectionner(retour.debut, retour.fin);
  }

  #refermer() {
    this.palette.fermer();
    this.bornes.fermer();
    this.choisi = this.passage = null;
    this.surlignages.poser("choisi", []);
    this.#viser(null);
    this.#placerPalette();
  }

  #epinglee(rang) {
    const selection = this.texte.selection();
    const etiquette = this.donnees.etiquettes.find(({ id }) => id === this.donnees.epinglees[rang - 1]);
    if (!etiquette) this.#dire(`Aucune étiquette n’est épinglée sous le chiffre ${rang}.`);
    else if (!this.#etendue(selection)) this.#dire("Sélectionnez d’abord un passage.");
    else {
      this.choisi = { debut: selection.debut, fin: selection.fin };
      this.passage = this.passages.find(({ debut, fin }) => debut === selection.debut && fin === selection.fin) ?? null;
      this.#etiqueter({ etiquette: etiquette.id });
    }
  }

  /** Étiquette le passage ouvert, ou surligne la sélection : la couleur se voit avant même la réponse. */
  #etiqueter(champs) {
    const proposees = this.palette.ouverte ? this.palette.vues : [];
    if (this.passage) {
      this.#geste({ nature: "etiqueter", verbatim: this.passage.id, ...champs, proposees });
      return;
    }
    const place = this.choisi;
    this.attendu = place;
    this.surlignages.poser("attente", [place]);
    this.#geste({
      nature: "surligner",
      ...champs,
      proposees,
      extrait: this.texte.extrait(place),
      ...this.#bornes(place),
    });
  }

  #bornes({ debut, fin }) {
    return { texte: this.donnees.texte.id, version: this.donnees.texte.version, debut, fin };
  }

  #geste(geste) {
    this.#refermer();
    this.#envoyer(() => geste);
  }

  /** Le geste à défaire se lit au moment de partir : deux demandes pressées en défont deux. */
  #defaire(nature) {
    this.#refermer();
    this.#envoyer(() => this.donnees[nature] && { nature, geste: this.donnees[nature].geste });
  }

  #envoyer(preparer) {
    partir(this.donnees.texte, this.donnees.rang);
    this.envoi.envoyer(preparer);
  }

  #viser(id) {
    const passage = this.passages.find((candidat) => candidat.id === id);
    this.surlignages.poser("vise", passage ? [passage] : []);
    this.racine.querySelector(".carte.visee")?.classList.remove("visee");
    this.marge.carte(id)?.classList.add("visee");
  }

  #montrerPassage(id) {
    const passage = this.passages.find((candidat) => candidat.id === id);
    if (!passage) return;
    this.zone.focus({ preventScroll: true });
    this.texte.selectionner(passage.debut);
    this.#reveler(passage, "center");
    this.#viser(id);
    this.#dire(`Passage ${passage.numero} ouvert à sa place.`);
  }
}
