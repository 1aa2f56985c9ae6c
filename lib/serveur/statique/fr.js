// Chargé avant Streamlit. Six choses que Streamlit ne fait pas : parler français, dire où l'on arrive après un
// changement de page, ne pas perdre une frappe en cours, annoncer la langue aux bibliothèques qu'il embarque, porter
// une connexion ou une déconnexion à la route HTTP qui pose ou retire le témoin, rendre accessibles son menu et ses
// tableaux sur un petit écran.
// __TRADUCTIONS__ et __REGLAGES__ sont remplacés par le serveur (lib/serveur/traduction.py).
(() => {
  "use strict";
  const traductions = __TRADUCTIONS__;
  const reglages = __REGLAGES__;

  // --- Langue : calendriers, nombres et messages des bibliothèques suivent la langue du navigateur ---------------

  const langues = ["fr-FR", "fr", ...navigator.languages.filter((langue) => !langue.startsWith("fr"))];
  Object.defineProperty(Navigator.prototype, "language", { get: () => "fr-FR", configurable: true });
  Object.defineProperty(Navigator.prototype, "languages", { get: () => langues, configurable: true });

  // --- Traduction : uniquement ce que Streamlit écrit lui-même, jamais ce qu'une personne a saisi -----------------

  const ATTRIBUTS = ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder",
    "alt", "data-title"];
  // Ce qui vient des scripts et des personnes : on n'y touche pas.
  const CONTENU = [
    "stMarkdownContainer", "stText", "stCode", "stHtml", "stTable", "stJson", "stMetricValue", "stMetricLabel",
    "stHeading",
  ].map((nom) => `[data-testid="${nom}"]`).join(",") + ",textarea,pre,code,canvas,svg,script,style";
  const dictionnaire = new Map(Object.entries(traductions.exactes));
  const motifs = traductions.motifs.map(([motif, remplacement]) => [new RegExp(motif, "s"), remplacement]);
  const situees = traductions.situees.map(([selecteur, mots]) => [selecteur, new Map(Object.entries(mots))]);

  function traduire(texte, element) {
    const nu = texte.trim();
    if (!/[A-Za-z]/.test(nu) || nu.length > 400) return null;
    const francais = chercher(nu, element);
    return francais === undefined ? null : texte.replace(nu, () => francais);
  }

  function chercher(nu, element) {
    if (dictionnaire.has(nu)) return dictionnaire.get(nu);
    for (const [selecteur, mots] of situees) {
      if (mots.has(nu) && element.closest(selecteur)) return mots.get(nu);
    }
    for (const [motif, remplacement] of motifs) {
      const parties = motif.exec(nu);
      const francais = parties && completer(remplacement, parties, element);
      if (francais) return francais;
    }
    return undefined;
  }

  // « {1} » reprend le morceau ; « {1*} » le traduit, sinon le motif ne vaut pas ; « {1n} » nombre ; « {1d} » date.
  function completer(remplacement, parties, element) {
    let entier = true;
    const francais = remplacement.replace(/\{(\d)([*nd]?)\}/g, (_, rang, sorte) => {
      const morceau = parties[Number(rang)];
      if (sorte === "n") return morceau.replace(/\.0$/, "").replace(".", ",");
      if (sorte === "d") return new Date(morceau).toLocaleDateString("fr-FR", { dateStyle: "long" });
      if (sorte === "") return morceau;
      const traduit = chercher(morceau, element);
      entier &&= traduit !== undefined;
      return traduit;
    });
    return entier ? francais : undefined;
  }

  function traduireNoeud(noeud) {
    if (noeud.nodeType === Node.TEXT_NODE) return traduireTexte(noeud);
    if (noeud.nodeType !== Node.ELEMENT_NODE) return;
    traduireAttributs(noeud);
    const suivants = document.createTreeWalker(noeud, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (suivants.nextNode()) {
      const suivant = suivants.currentNode;
      if (suivant.nodeType === Node.TEXT_NODE) traduireTexte(suivant);
      else traduireAttributs(suivant);
    }
  }

  function traduireTexte(noeud) {
    const parent = noeud.parentElement;
    if (!parent || !noeud.nodeValue.trim()) return;
    const francais = traduire(noeud.nodeValue, parent);
    if (francais === null || francais === noeud.nodeValue || estContenu(parent)) return;
    noeud.nodeValue = francais;
  }

  // Quelques phrases de Streamlit passent par son moteur Markdown : infobulles d'erreur et fenêtre de connexion.
  function estContenu(element) {
    const zone = element.closest(CONTENU);
    return zone !== null && !zone.closest(reglages.markdownDeStreamlit);
  }

  function traduireAttributs(element) {
    for (const attribut of ATTRIBUTS) {
      const valeur = element.getAttribute(attribut);
      if (!valeur) continue;
      const francais = traduire(valeur, element);
      if (francais !== null && francais !== valeur) element.setAttribute(attribut, francais);
    }
  }

  // --- Changement de page : le lecteur d'écran et le clavier repartent du titre -----------------------------------

  let chemin = location.pathname;
  let arrivee = null;

  function suivrePage() {
    if (location.pathname !== chemin) {
      chemin = location.pathname;
      arrivee = { couru: false };
      const celleCi = arrivee;
      setTimeout(() => { celleCi.couru = true; suivrePage(); }, 1500);
    }
    if (!arrivee) return;
    const etat = document.querySelector('[data-testid="stApp"]')?.getAttribute("data-test-script-state");
    if (etat !== "notRunning") arrivee.couru = true;
    else if (arrivee.couru) placerSurTitre();
  }

  function placerSurTitre() {
    const titre = document.querySelector('[data-testid="stMain"] h1');
    if (!titre) return;
    arrivee = null;
    if (document.querySelector('[role="dialog"]')) return;
    titre.setAttribute("tabindex", "-1");
    titre.style.outlineOffset = "4px";
    titre.focus();
  }

  // La personne a déjà repris la main (touche, clic) : on ne lui vole pas le focus.
  for (const geste of ["keydown", "pointerdown"]) {
    addEventListener(geste, (evenement) => { if (evenement.isTrusted) arrivee = null; }, true);
  }

  // --- Frappe en cours : transmise toutes les cinq secondes, et quand la page s'efface ----------------------------

  const CHAMPS = [
    '[class*="st-key-brouillon"] [data-testid="stTextArea"] textarea',
    '[class*="st-key-brouillon"] [data-testid="stTextInput"] input:not([type="password"])',
  ].join(",");
  const enAttente = new Set();
  let composition = false;
  let departDeFrappe = false;

  addEventListener("compositionstart", () => { composition = true; }, true);
  addEventListener("compositionend", () => { composition = false; }, true);
  addEventListener("input", ({ target: champ }) => {
    if (champ.matches?.(CHAMPS) && !champ.closest('[data-testid="stForm"]')) enAttente.add(champ);
  }, true);
  // Quitter un champ : Streamlit transmet de lui-même.
  addEventListener("focusout", ({ target: champ }) => enAttente.delete(champ), true);

  function transmettre() {
    if (composition) return;
    for (const champ of enAttente) {
      enAttente.delete(champ);
      if (champ.isConnected && document.activeElement === champ && !champ.disabled) valider(champ);
    }
  }

  // La touche que Streamlit attend pour valider ; simulée, elle ne déplace ni le focus ni le curseur.
  function valider(champ) {
    const ctrlKey = champ.tagName === "TEXTAREA";
    const touche = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey, bubbles: true, cancelable: true };
    champ.dispatchEvent(new KeyboardEvent("keydown", touche));
  }

  setInterval(transmettre, reglages.intervalleFrappe);
  document.addEventListener("visibilitychange", () => { if (document.hidden) transmettre(); });
  for (const depart of ["beforeunload", "pagehide"]) addEventListener(depart, transmettreAuDepart);

  // Streamlit remet ses envois à la prochaine tâche : au départ, il n'y en aura pas. On les fait passer tout de suite.
  function transmettreAuDepart() {
    if (enAttente.size === 0) return;
    const differer = window.setTimeout;
    window.setTimeout = (tache, delai, ...reste) =>
      delai ? differer(tache, delai, ...reste) : (queueMicrotask(() => tache(...reste)), 0);
    differer(() => { window.setTimeout = differer; }, 0);
    departDeFrappe = true;
    transmettre();
  }

  // Le serveur abandonne le travail d'une liaison fermée : lui laisser le temps de recevoir la dernière frappe.
  addEventListener("beforeunload", () => {
    const fin = performance.now() + (departDeFrappe ? reglages.sursisAuDepart : 0);
    departDeFrappe = false;
    while (performance.now() < fin);
  });

  // --- Connexion : le formulaire écrit par lib/ui/envoi.py part seul, une fois ; son bouton sert de repli ---------

  function envoyerAussitot() {
    const formulaire = document.querySelector("form.envoi-immediat:not([data-parti])");
    if (!formulaire) return;
    formulaire.dataset.parti = "";
    formulaire.requestSubmit();
  }

  // La bibliothèque du formulaire écrit autocomplete="off" : les gestionnaires de mots de passe doivent s'y retrouver.
  function nommerIdentifiants() {
    for (const champ of document.querySelectorAll('.st-key-connexion input[autocomplete="off"]')) {
      champ.autocomplete = champ.type === "password" ? "current-password" : "username";
    }
  }

  // --- Petit écran : le menu n'est pas une liste bien formée, ce qui est trop large ne défile pas au clavier ------

  const LARGES = ".stTable > div, .st-key-carte-large";
  const defilables = new ResizeObserver((vus) => {
    for (const cadre of new Set(vus.map(({ target: vu }) => vu.closest(LARGES)))) {
      if (!cadre) continue;
      if (cadre.scrollWidth > cadre.clientWidth) cadre.tabIndex = 0;
      else cadre.removeAttribute("tabindex");
    }
  });

  function rendreAccessible() {
    for (const liste of document.querySelectorAll('ul[data-testid="stSidebarNavItems"]')) {
      liste.setAttribute("role", "group");
      liste.querySelectorAll("li:not([role])").forEach((ligne) => ligne.setAttribute("role", "none"));
    }
    for (const cadre of document.querySelectorAll(LARGES)) {
      if ("suivi" in cadre.dataset) continue;
      cadre.dataset.suivi = "";
      defilables.observe(cadre);
      if (cadre.firstElementChild) defilables.observe(cadre.firstElementChild);
    }
  }

  // --- Un seul guetteur pour tout --------------------------------------------------------------------------------

  const guetteur = new MutationObserver((mutations) => {
    for (const mutation of mutations) {
      if (mutation.type === "childList") mutation.addedNodes.forEach(traduireNoeud);
      else if (mutation.type === "characterData") traduireTexte(mutation.target);
      else traduireAttributs(mutation.target);
    }
    suivrePage();
    envoyerAussitot();
    nommerIdentifiants();
    rendreAccessible();
  });
  guetteur.observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: [...ATTRIBUTS, "data-test-script-state"],
  });
})();
