/** Positions en points de code (Python) et en unités UTF-16 (navigateur) : « 😡 » compte pour un d'un côté, deux de l'autre. */
export class Positions {
  constructor(texte) {
    this.longueur = texte.length;
    /** Points de code placés avant chaque caractère double, en ordre croissant. */
    this.doubles = [];
    for (let unite = 0; unite < texte.length; unite += 1) {
      const code = texte.charCodeAt(unite);
      if (code >= 0xd800 && code <= 0xdbff) {
        this.doubles.push(unite - this.doubles.length);
        unite += 1;
      }
    }
  }

  /** Nombre de caractères doubles avant un point de code. */
  #doublesAvant(point) {
    let bas = 0;
    let haut = this.doubles.length;
    while (bas < haut) {
      const milieu = (bas + haut) >> 1;
      if (this.doubles[milieu] < point) bas = milieu + 1;
      else haut = milieu;
    }
    return bas;
  }

  versUnites(point) {
    return point + this.#doublesAvant(point);
  }

  versPoints(unite) {
    let bas = 0;
    let haut = unite;
    while (bas < haut) {
      const milieu = (bas + haut) >> 1;
      if (this.versUnites(milieu) < unite) bas = milieu + 1;
      else haut = milieu;
    }
    return bas;
  }
}
