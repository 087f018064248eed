/** What customers and agents say: believable support talk in Spanish and English, the same for the same random stream. */
import type { Random } from '../../../main/demo/meta/random.ts';

export type Language = 'es' | 'en';
export type Talk = { personName(): string; customerSays(language: Language): string; agentSays(language: Language): string };

const FIRST_NAMES =
  'María José Ana Luis Carlos Sofía Andrés Lucía Óscar Ingrid Héctor Brenda Wilson Karla Julio Edgar Rodolfo Daniel Emily Beatriz Iñaki Zoë Raúl Verónica Mynor Estela Ximena Álvaro Noé Fátima'.split(
    ' ',
  );
const LAST_NAMES =
  'Morales Xicay Estrada Ramírez Ajú Tún Quiej Sandoval Carter Brooks Velásquez Pérez Chávez Anléu Méndez Güitz Ñuñuri Castañeda López Sical Barrios Cojulún Ibáñez Roldán Smith Walker Ávila Ixcot Muñoz Zapeta'.split(
    ' ',
  );
const COMPANIES = ['', '', '', '', ' · Condominio Las Flores', ' (Hotel Casa Verde)', ' · técnico', ' — Textiles del Sur', ' · Cafetería Norte', ' (school)'];

const SLOTS: Record<Language, Record<string, string[]>> = {
  es: {
    thing: ['la bomba', 'el filtro', 'la cisterna', 'el pedido', 'la factura', 'el recibo', 'la instalación', 'el medidor', 'la garantía', 'el repuesto', 'el tablero', 'la cotización'],
    day: ['hoy', 'mañana', 'el lunes', 'el martes', 'el jueves', 'el sábado', 'esta tarde', 'la otra semana'],
    hour: ['8:00', '9:30', '10', '11:15', '2', '3:45', '4:30'],
    place: ['zona 10', 'zona 16', 'Mixco', 'Villa Nueva', 'Antigua', 'Quetzaltenango', 'carretera a El Salvador', 'Escuintla', 'Cobán'],
    reason: ['no enciende', 'hace mucho ruido', 'tira agua', 'marca un error E4', 'vino incompleto', 'salió con el NIT viejo', 'no me ha llegado', 'se apaga solo'],
  },
  en: {
    thing: ['the pump', 'the filter', 'the tank', 'the order', 'the invoice', 'the receipt', 'the installation', 'the meter', 'the warranty', 'the spare part', 'the panel', 'the quote'],
    day: ['today', 'tomorrow', 'on Monday', 'on Tuesday', 'on Thursday', 'on Saturday', 'this afternoon', 'next week'],
    hour: ['8:00', '9:30', '10', '11:15', '2', '3:45', '4:30'],
    place: ['zone 10', 'zone 16', 'downtown', 'the north office', 'Antigua', 'the lake house', 'the warehouse', 'the school', 'the farm'],
    reason: ['does not start', 'is very noisy', 'leaks', 'shows error E4', 'came incomplete', 'has the wrong name on it', 'has not arrived', 'turns itself off'],
  },
};

const CUSTOMER: Record<Language, string[]> = {
  es: [
    'Buenos días, ¿me pueden ayudar con {thing}?',
    'Fíjese que {thing} {reason} desde {day}',
    '¿A qué hora llega el técnico {day}? Es para avisar en garita',
    'Gracias 🙏',
    'Muchas gracias, quedo pendiente',
    'Estamos en {place}, ¿llegan hasta acá?',
    '¿Cuánto cuesta revisar {thing}? Serían Q {amount} la vez pasada',
    'Ya hice el depósito de Q {amount}, le mando la boleta al rato',
    'Disculpe que insista, {thing} {reason} y tenemos reunión a las {hour}',
    'Sí, {day} a las {hour} está perfecto',
    '¿Me regala el número de guía por favor? Es el pedido {number}',
    'No, todavía no. Ayer me dijeron que {day} y nadie vino 😕',
    'ok',
    'La dirección es {place}, portón negro a la par de la farmacia. Si no contesto el timbre pregunten por don Chepe, él tiene la llave y les puede abrir desde las {hour}',
    '¿Aceptan tarjeta o solo transferencia?',
    '¿Tienen repuestos para {model}? Es el modelo {model}',
    'Busco un {model} o algo parecido, ¿lo manejan?',
    'Perfecto, muchas gracias señorita',
  ],
  en: [
    'Hi! Can you help me with {thing}?',
    'Hello, {thing} {reason} since {day}',
    'What time does the technician arrive {day}?',
    'Thanks 🙏',
    'Thank you so much, I will wait for your message',
    'We are in {place}, do you come this far?',
    'How much is it to check {thing}? Last time it was Q {amount}',
    'I just paid Q {amount}, I will send the slip later',
    'Sorry to ask again, but {thing} {reason} and we have visitors at {hour}',
    'Yes, {day} at {hour} works',
    'Could you give me the tracking number? It is order {number}',
    'Not yet. They told me {day} and nobody came 😕',
    'ok',
    'The address is {place}, black gate next to the pharmacy. If nobody answers please ask the caretaker, he has the key and can open from {hour}',
    'Do you take cards or only transfers?',
    'Do you have spare parts for the {model}? Ours is a {model}',
    'I am looking for a {model} or something like it',
    'Perfect, thank you!',
  ],
};

const AGENT: Record<Language, string[]> = {
  es: [
    'Buenos días, con gusto le ayudo. ¿Me confirma su número de pedido?',
    'Claro que sí. Le agendo la visita para {day} a las {hour} en {place}.',
    'Revisé {thing}: el técnico pasa {day} por la mañana.',
    'El costo de la visita es de Q {amount} e incluye la revisión de {thing}.',
    'Su guía es {number}, llega {day}.',
    'Lamento el inconveniente. Ya lo estoy viendo con bodega y le escribo antes de las {hour}.',
    '¿Podría mandarme una foto de {thing}, por favor?',
    'Con mucho gusto, que tenga buen día.',
    'Aceptamos tarjeta, efectivo y transferencia. La factura sale a nombre de quien usted nos indique; solo necesito el NIT y la dirección fiscal.',
    'Listo, queda confirmado para {day}.',
    'De {model} nos queda uno; de {model} llegan más {day}.',
  ],
  en: [
    'Good morning, happy to help. Could you confirm your order number?',
    'Of course. I have booked the visit for {day} at {hour} in {place}.',
    'I checked {thing}: the technician comes by {day} in the morning.',
    'The visit is Q {amount} and includes checking {thing}.',
    'Your tracking number is {number}, it arrives {day}.',
    'I am sorry about that. I am checking with the warehouse and will write before {hour}.',
    'Could you send me a photo of {thing}, please?',
    'You are welcome, have a nice day.',
    'We take cards, cash and transfers. The invoice can be in any name; I only need the tax id and the address.',
    'Done, confirmed for {day}.',
    'We have one {model} left; more {model} arrive {day}.',
  ],
};

/** Names of models and spare parts, made of syllables; the n-th is asked for 1/n as often as the first (Zipf's law), so the words of a log are common, rare and everything between. */
const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi xo zu ka lo mi tar ven dor quil mar sol nex prim ter val'.split(' ');
const MODELS = 20_000;
const modelName = (n: number): string => {
  let name = '';
  for (let rest = n + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) name += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
};

export function createTalk(random: Random): Talk {
  const pick = (list: readonly string[]): string => list[random.int(0, list.length - 1)] ?? '';
  const fill = (text: string, language: Language): string =>
    text.replace(/\{(\w+)\}/g, (_slot, name: string) => {
      if (name === 'amount') return (random.int(50, 9_500) + 0.5).toFixed(2);
      // The inverse of the sum of 1/n, which is about the logarithm.
      if (name === 'model') return modelName(Math.floor(MODELS ** random.next()) - 1);
      if (name === 'number') return String(random.int(100_000, 999_999));
      return pick(SLOTS[language][name] ?? []);
    });
  return {
    personName: () => `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}${pick(COMPANIES)}`,
    customerSays: (language) => fill(pick(CUSTOMER[language]), language),
    agentSays: (language) => fill(pick(AGENT[language]), language),
  };
}
