/** La marge : chaque passage en toutes lettres, un bouton par passage, à sa hauteur quand la place le permet. */
import { bouton, citer, creer, INSECABLE } from "./outils.js";

const ECART = 6;

export class Marge {
  /** actions : {ouvrir(id), montrer(id ou null)}. */
  constructor(liste, actions) {
    this.liste = liste;
    this.actions = actions;
    /** id → {element, carte, numero, mot, signature, hauteur}. Une carte inchangée n'est ni refaite ni remesurée. */
    this.cartes = new Map();
    this.passages = [];
    this.largeur = 0;
  }

  /** passages : [{id, numero, debut, citation, etiquettes, auteur, locuteur, memo}], dans l'ordre du texte. */
  dessiner(passages) {
    this.passages = passages;
    const gardees = new Set(passages.map((passage) => passage.id));
    for (const [id, { element }] of this.cartes) {
      if (gardees.has(id)) continue;
      element.remove();
      this.cartes.delete(id);
    }
    let suivant = this.liste.firstElementChild;
    for (const passage of passages) {
      const { element } = this.#mettreAJour(passage);
      if (element === suivant) suivant = suivant.nextElementSibling;
      else this.liste.insertBefore(element, suivant);
    }
  }

  #mettreAJour(passage) {
    const signature = JSON.stringify([passage.citation, passage.etiquettes, passage.auteur, passage.locuteur, passage.memo]);
    let tenue = this.cartes.get(passage.id);
    if (!tenue) {
      const carte = this.#carte(passage.id);
      const mot = document.createTextNode("");
      tenue = { element: creer("li", {}, carte), carte, mot, numero: creer("span", { class: "numero" }, mot), hauteur: 0 };
      this.cartes.set(passage.id, tenue);
    }
    if (tenue.signature !== signature) {
      tenue.signature = signature;
      tenue.hauteur = 0;
      tenue.carte.replaceChildren(tenue.numero, ...contenu(passage));
    }
    const numero = `${passage.numero}`;
    if (tenue.mot.data !== numero) tenue.mot.data = numero;
    return tenue;
  }

  #carte(id) {
    return bouton("", () => this.actions.ouvrir(id), {
      class: "carte",
      "data-id": id,
      onfocus: () => this.actions.montrer(id),
      onblur: () => this.actions.montrer(null),
      onmouseenter: () => this.actions.montrer(id),
      onmouseleave: () => this.actions.montrer(null),
    });
  }

  carte(id) {
    return this.cartes.get(Number(id))?.carte;
  }

  /** Aligne chaque carte sur son passage, sans qu'elles se recouvrent ; en écran étroit, simple liste. */
  aligner(hauteurs, cote) {
    this.liste.classList.toggle("alignee", cote);
    if (!cote) {
      this.liste.style.minHeight = "";
      return;
    }
    const cadre = this.liste.getBoundingClientRect();
    const changee = cadre.width !== this.largeur;
    this.largeur = cadre.width;
    const tenues = this.passages.map((passage) => this.cartes.get(passage.id));
    for (const tenue of tenues) if (changee || !tenue.hauteur) tenue.hauteur = tenue.element.offsetHeight;
    let libre = 0;
    this.passages.forEach((passage, rang) => {
      const place = Math.round(Math.max(libre, (hauteurs.get(passage.debut) ?? 0) - cadre.top));
      const { element, hauteur } = tenues[rang];
      if (element.style.top !== `${place}px`) element.style.top = `${place}px`;
      libre = place + hauteur + ECART;
    });
    this.liste.style.minHeight = `${libre}px`;
  }
}

function contenu({ citation, etiquettes, auteur, locuteur, memo }) {
  const pastilles = etiquettes.length
    ? etiquettes.map(({ famille, nom }) => creer("span", { class: `pastille famille-${famille}`, texte: nom }))
    : [creer("span", { class: "pastille sans", texte: "Sans étiquette" })];
  const pied = [locuteur && `dit par ${locuteur}`, auteur && `codé par ${auteur}`].filter(Boolean).join(", ");
  return [
    creer("span", { class: "carte-etiquettes" }, ...pastilles),
    creer("span", { class: "carte-citation", texte: citer(citation) }),
    ...(pied ? [creer("span", { class: "carte-pied", texte: pied })] : []),
    ...(memo ? [creer("span", { class: "carte-memo", texte: `Mémo${INSECABLE}: ${memo}` })] : []),
  ];
}
