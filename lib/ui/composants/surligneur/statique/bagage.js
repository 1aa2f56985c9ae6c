/**
 * Ce que la page tient déjà, le texte et la grille, ne voyage pas à chaque geste : le serveur n'en redit que l'empreinte.
 * Gardé pour toute la page : un écran refait les retrouve. Ce qui manque se redemande.
 */

const GARDES = 6;
const gardes = new Map();

/** Les données reçues, complétées de ce que la page tenait ; null s'il lui manque quelque chose. */
export function completer(data) {
  const bagages = {};
  for (const [nom, empreinte] of Object.entries(data.empreintes)) {
    const recu = data[nom] ?? gardes.get(empreinte);
    if (!recu) return null;
    garder(empreinte, recu);
    bagages[nom] = recu;
  }
  const { lecture, etiquettes } = bagages;
  return { ...data, texte: { ...data.texte, ...lecture }, etiquettes };
}

/** Les empreintes de ce que la page tient, à dire avec chaque message. */
export function connus() {
  return [...gardes.keys()];
}

/** Le plus récent vient en dernier ; les plus anciens s'en vont. */
function garder(empreinte, bagage) {
  gardes.delete(empreinte);
  gardes.set(empreinte, bagage);
  if (gardes.size > GARDES) gardes.delete(gardes.keys().next().value);
}
