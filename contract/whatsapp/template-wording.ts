/**
 * Wording that gets a template refused: advertising in a utility template, and asking for numbers that nobody should send by
 * chat (Meta's commerce policy); and whether a text is in the language that it claims. Found by whole words, without case and accents,
 * in one pass over the text.
 */
import { findWords, type FoundWord } from '../rules/fold-text.ts';

/** `#`: any number. Words that honest service messages need, too ("sale", "oferta de empleo", "compra"), stand only within a longer phrase. */
const PROMOTIONAL = [
  // Spanish
  'promo, promos, promocion, promociones, promocional, promocionales, oferta, ofertas, oferton, descuento, descuentos, rebaja, rebajas, rebajado, rebajados, ganga, gangas',
  'liquidacion total, gran liquidacion, cupon, cupones, sorteo, sorteos, rifa, rifas, premio, premios, regalo, regalos, gratis',
  'precio especial, precios especiales, precio increible, precios increibles, mejor precio, mejores precios, precio bajo, precios bajos, super precio, super precios',
  'compra ya, compre ya, compra ahora, compre ahora, compra hoy, compre hoy, aprovecha, aproveche, aprovechala, aprovechelo, aprovechelas, no te lo pierdas, no se lo pierda',
  'ultima oportunidad, ultimos dias, tiempo limitado, cupos limitados, unidades limitadas, hasta agotar existencias, solo por hoy, solo hoy',
  'edicion limitada, nueva coleccion, nuevos productos, exclusivo para ti, exclusiva para ti, exclusivo para usted, gana, gane, ahorra, ahorre, viernes negro, cyber monday',
  'suscribete, suscribase, recomienda a un amigo, recomiende a un amigo, meses sin intereses',
  // English
  'promotion, promotions, promotional, discount, discounts, discounted, coupon, coupons, voucher, vouchers, giveaway, giveaways, sweepstakes, bargain, bargains, clearance',
  'special offer, special offers, exclusive offer, exclusive offers, limited offer, our offer, our offers, new offer, new offers, great offer, great offers, limited time, offer ends, offer expires',
  'on sale, for sale, flash sale, big sale, summer sale, winter sale, sale ends, sale starts, best deal, best deals, great deal, great deals, hot deals, top deals, deal of the day',
  'for free, free gift, free gifts, free shipping, free trial, free delivery, get it free, get one free, special price, special prices, best price, best prices, low prices',
  'buy now, buy today, buy one get, shop now, dont miss, don t miss, last chance, hurry up, act now, while stocks last, while supplies last, save up to, save #, # off, black friday, new collection',
  'new arrival, new arrivals, win a, you have won, refer a friend, subscribe now, sign up now',
];

/** What asks for something. */
const REQUESTS = [
  'envie, envia, envienos, envianos, enviar, enviarnos, mande, manda, mandenos, mandanos, mandar, proporcione, proporciona, proporcionenos, proporcionar, brinde, brindenos, brindar, facilite, facilitenos, facilitar',
  'indique, indica, indiquenos, indicanos, indicar, comparta, comparte, compartanos, compartir, ingrese, ingresa, ingresar, escriba, escribe, escribir, digite, digita, digitar, anote, confirme, confirma, confirmenos, confirmar',
  'responda con, responde con, conteste con, diganos, dinos, necesitamos, requerimos, solicitamos, verifique, verifica, verificar, actualice, actualiza, actualizar, cual es',
  'send, share, provide, enter, type, give us, tell us, reply with, respond with, confirm, verify, submit, update, we need, we require, what is',
];
/** `*`: up to two further words. */
const SECRETS = [
  'numero * tarjeta, numeros * tarjeta, numero completo * tarjeta, numero * cuenta, numero completo * cuenta, datos * tarjeta, datos * cuenta bancaria, cvv, cvc, codigo de seguridad * tarjeta, pin * tarjeta',
  'contrasena, clave de acceso, dpi, numero * dpi, cui, numero * identificacion, documento de identidad, documento de identificacion, numero * documento, numero * pasaporte, cedula, numero * cedula, seguro social',
  'password, card number, card numbers, card details, credit card details, account number, account numbers, bank account details, iban, security code, social security, ssn, passport number, identity number, identification number, id number, national id',
];
/** The last digits alone are allowed. */
const PARTIAL = ['ultimos # digitos, ultimos cuatro, ultimos #, ultimos tres, ultimas # cifras, terminada en, terminado en, termina en, last four, last #, ending in, ends in'];

type Phrase = readonly string[];
/** By the first word. */
type Phrases = ReadonlyMap<string, readonly Phrase[]>;

function readPhrases(lines: readonly string[]): Phrases {
  const phrases = new Map<string, Phrase[]>();
  for (const phrase of lines.flatMap((line) => line.split(', ')).map((text) => text.split(' '))) {
    const [first = ''] = phrase;
    phrases.set(first, [...(phrases.get(first) ?? []), phrase]);
  }
  return phrases;
}

const phrases = { promotional: readPhrases(PROMOTIONAL), requests: readPhrases(REQUESTS), secrets: readPhrases(SECRETS), partial: readPhrases(PARTIAL) };

/** Where a phrase that begins at a word ends: the number of its last word; null: it is not there. */
function endOf(phrase: Phrase, words: readonly FoundWord[], at: number): number | null {
  let next = at;
  for (const [place, wanted] of phrase.entries()) {
    if (wanted === '*') {
      const after = phrase[place + 1];
      for (let skipped = 0; skipped < 2 && words[next] !== undefined && words[next]?.word !== after; skipped += 1) next += 1;
      continue;
    }
    const word = words[next]?.word;
    if (word === undefined || (wanted === '#' ? !/^\d+$/.test(word) : word !== wanted)) return null;
    next += 1;
  }
  return next - 1;
}

/** Where the phrases stand, the longest of those that begin at one word. */
function findPhrases(words: readonly FoundWord[], wanted: Phrases): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const candidates = [...(wanted.get(words[at]?.word ?? '') ?? []), ...(/^\d/.test(words[at]?.word ?? '') ? (wanted.get('#') ?? []) : [])];
    const last = Math.max(-1, ...candidates.map((phrase) => endOf(phrase, words, at) ?? -1));
    if (last < 0) continue;
    found.push({ first: at, last });
    at = last;
  }
  return found;
}

export type Wording = { start: number; end: number };

/** Advertising: `2x1`, and the words above. */
export function findPromotion(text: string): Wording[] {
  const words = findWords(text);
  const offers = words.filter(({ word }) => /^[2-9]x[1-9]$/.test(word));
  return [...placesOf(words, findPhrases(words, phrases.promotional)), ...offers.map(({ start, end }) => ({ start, end }))];
}

/** Sentences that ask for a whole card, account or identity number: where each number is named. */
export function findSecretRequests(text: string): Wording[] {
  const words = findWords(text);
  const sentences: FoundWord[][] = [[]];
  for (const [at, word] of words.entries()) {
    const gap = text.slice(words[at - 1]?.end ?? 0, word.start);
    if (at > 0 && /[.!?]|\n\s*\n/.test(gap)) sentences.push([]);
    sentences.at(-1)?.push(word);
  }
  return sentences.flatMap((sentence) =>
    findPhrases(sentence, phrases.requests).length === 0 || findPhrases(sentence, phrases.partial).length > 0 ? [] : placesOf(sentence, findPhrases(sentence, phrases.secrets)),
  );
}

/** Short words that only one of the two has. */
const SPANISH = new Set('el la los las del su sus que para con por una fue esta este hola estimado estimada cliente se le nos y es en al como cuando ha'.split(' '));
const ENGLISH = new Set('the of your you that for with by is was hello dear and has have we been this our will are it from when be'.split(' '));
/** So many words of one language and none of the other leave no doubt. */
const SURE_WORDS = 4;

/** Whether a text is Spanish or English; null: neither for sure. */
export function guessLanguage(text: string): 'es' | 'en' | null {
  const words = findWords(text);
  const spanish = words.filter(({ word }) => SPANISH.has(word)).length;
  const english = words.filter(({ word }) => ENGLISH.has(word)).length;
  if (english === 0 && spanish >= SURE_WORDS) return 'es';
  return spanish === 0 && english >= SURE_WORDS ? 'en' : null;
}

const placesOf = (words: readonly FoundWord[], found: readonly { first: number; last: number }[]): Wording[] =>
  found.map(({ first, last }) => ({ start: words[first]?.start ?? 0, end: words[last]?.end ?? 0 }));
