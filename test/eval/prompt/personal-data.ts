/** Made-up personal data as people write it, in sentences: every number is valid by its own checksum, and nobody's. */
import type { CountryCode } from 'libphonenumber-js/min';

export type PersonalSample = { kind: 'card' | 'iban' | 'email' | 'phone' | 'id'; country: CountryCode; value: string; text: string };

/** Mulberry32: the same samples for the same seed. */
function createRandom(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    digits: (n: number): string => Array.from({ length: n }, () => below(10)).join(''),
    letters: (n: number): string => Array.from({ length: n }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[below(26)]).join(''),
  };
}
type Random = ReturnType<typeof createRandom>;

const group = (text: string, sizes: readonly number[], separator: string): string => {
  const parts: string[] = [];
  let at = 0;
  for (let n = 0; at < text.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 4;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts.join(separator);
};

function makeCard(random: Random): string {
  const [prefix, length] = random.pick([
    ['4', 16],
    ['4', 13],
    ['51', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['36', 14],
    ['4', 19],
  ] as const);
  const body = prefix + random.digits(length - prefix.length - 1);
  let sum = 0;
  for (let n = 0; n < body.length; n += 1) {
    const digit = Number(body[body.length - 1 - n]);
    sum += n % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit;
  }
  const card = body + String((10 - (sum % 10)) % 10);
  const sizes = length === 15 ? [4, 6, 5] : length === 14 ? [4, 6, 4] : [4];
  return random.pick([card, group(card, sizes, ' '), group(card, sizes, '-'), group(card, sizes, '.'), group(card, sizes, '\u00A0'), group(card, sizes, ' - ')]);
}

const IBANS: readonly (readonly [string, string])[] = [
  ['ES', '99999999999999999999'],
  ['DE', '999999999999999999'],
  ['FR', '9999999999AAA9999999999'],
  ['GB', 'AAAA99999999999999'],
  ['GT', 'AAAA99999999999999999999'],
  ['NL', 'AAAA9999999999'],
  ['CR', '999999999999999999'],
  ['NO', '99999999999'],
];
function makeIban(random: Random): string {
  const [country, shape] = random.pick(IBANS);
  const body = Array.from(shape)
    .map((kind) => (kind === 'A' ? random.letters(1) : random.digits(1)))
    .join('');
  const numeric = Array.from(`${body}${country}00`)
    .map((letter) => String(Number.parseInt(letter, 36)))
    .join('');
  const iban = `${country}${String(98n - (BigInt(numeric) % 97n)).padStart(2, '0')}${body}`;
  return random.pick([iban, group(iban, [4], ' '), group(iban, [4], '-'), iban.toLowerCase(), group(iban.toLowerCase(), [4], ' ')]);
}

function makeEmail(random: Random): string {
  const user = random.pick(['rosa', 'rosa.xicay', 'maria_lopez', 'j.perez+taller', 'info', 'ventas-2024', 'josé.núñez', "o'brien", 'R0SA', '50255551234']);
  return `${user}@${random.pick(['example.com', 'correo.example.gt', 'mi-taller.com.gt', 'gmail.com', 'EJEMPLO.ORG', 'sub.dominio.example.co.uk', 'ñandú.es'])}`;
}

function makePhone(random: Random): { value: string; country: CountryCode } {
  const country = random.pick(['GT', 'MX', 'ES'] as const);
  if (country === 'GT') {
    const phone = random.pick(['2', '3', '4', '5', '6', '7']) + random.digits(7);
    const [a, b] = [phone.slice(0, 4), phone.slice(4)];
    const value = random.pick([
      phone,
      `${a}-${b}`,
      `${a} ${b}`,
      `${a}.${b}`,
      `+502${phone}`,
      `+502 ${a} ${b}`,
      `+502 ${a}-${b}`,
      `(502) ${a}-${b}`,
      `(+502) ${a} ${b}`,
      `502${phone}`,
      `00502${phone}`,
      `+502-${a}-${b}`,
      `${a}–${b}`,
      group(phone, [2], ' '),
    ]);
    return { value, country };
  }
  if (country === 'ES') {
    const phone = `6${random.pick(['1', '2', '5', '7'])}${random.digits(7)}`;
    return { value: random.pick([phone, group(phone, [3], ' '), group(phone, [3, 2, 2, 2], ' '), `+34${phone}`, `+34 ${group(phone, [3], ' ')}`, `0034${phone}`, group(phone, [3], '-')]), country };
  }
  const phone = `55${random.pick(['1', '2', '3', '4', '5', '6', '7', '8'])}${random.digits(7)}`;
  return {
    value: random.pick([
      phone,
      `${phone.slice(0, 2)} ${phone.slice(2, 6)} ${phone.slice(6)}`,
      `(${phone.slice(0, 2)}) ${phone.slice(2, 6)}-${phone.slice(6)}`,
      `+52${phone}`,
      `+52 ${phone.slice(0, 2)} ${phone.slice(2, 6)} ${phone.slice(6)}`,
    ]),
    country,
  };
}

const two = (n: number): string => String(n).padStart(2, '0');
const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
function makeId(random: Random): string {
  const date = `${random.digits(2)}${two(1 + random.below(12))}${two(1 + random.below(28))}`;
  switch (random.below(6)) {
    case 0: {
      // The check digit of a CUI is never 10: take the next number.
      for (;;) {
        const number = random.digits(8);
        const check = Array.from(number).reduce((sum, digit, n) => sum + Number(digit) * (n + 2), 0) % 11;
        if (check === 10) continue;
        const cui = `${number}${check}${two(1 + random.below(22))}${two(1 + random.below(17))}`;
        return random.pick([cui, group(cui, [4, 5, 4], ' '), group(cui, [4, 5, 4], '-')]);
      }
    }
    case 1: {
      const number = `${1 + random.below(9)}${random.digits(4 + random.below(4))}`;
      const sum = Array.from(number).reduce((total, digit, n) => total + Number(digit) * (number.length + 1 - n), 0);
      const check = (11 - (sum % 11)) % 11;
      const end = check === 10 ? random.pick(['K', 'k']) : String(check);
      return random.pick([`${number}-${end}`, `NIT ${number}${end}`, `nit: ${number}-${end}`, `NIT: ${number}${end}`]);
    }
    case 2: {
      const number = random.digits(8);
      const letter = NIF_LETTERS[Number(number) % 23] ?? '';
      return random.pick([
        `${number}${letter}`,
        `${number}-${letter}`,
        `${number} ${letter}`,
        `${number.slice(0, 2)}.${number.slice(2, 5)}.${number.slice(5)}-${letter}`,
        `${number}${letter.toLowerCase()}`,
      ]);
    }
    case 3: {
      const first = random.below(3);
      const number = random.digits(7);
      const letter = NIF_LETTERS[Number(`${first}${number}`) % 23] ?? '';
      return random.pick([`${'XYZ'[first]}${number}${letter}`, `${'XYZ'[first]}-${number}-${letter}`]);
    }
    case 4: {
      const curp = `${random.letters(4)}${date}${random.pick(['H', 'M'])}${random.letters(5)}${random.pick(['0', 'A', '7'])}${random.digits(1)}`;
      return random.pick([curp, curp.toLowerCase()]);
    }
    default:
      return `${random.letters(4)}${date}${random.letters(1)}${random.digits(1)}${random.pick(['A', '3'])}`;
  }
}

const SENTENCES = [
  (value: string) => value,
  (value: string) => `Buenas, es ${value}, gracias`,
  (value: string) => `Mi dato es:${value}.`,
  (value: string) => `(${value})`,
  (value: string) => `hola\n${value}\nme avisan`,
  (value: string) => `Please use ${value} for the order of Friday, ok?`,
  (value: string) => `"${value}"; eran 2 bolsas de Q150.00`,
  (value: string) => `¿le sirve ${value}?`,
  (value: string) => `👉 ${value} 👈`,
];

export function makePersonalData(count: number, seed: number): PersonalSample[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, n): PersonalSample => {
    const kind = (['card', 'iban', 'email', 'phone', 'id'] as const)[n % 5] ?? 'card';
    const phone = kind === 'phone' ? makePhone(random) : null;
    const value = phone?.value ?? (kind === 'card' ? makeCard(random) : kind === 'iban' ? makeIban(random) : kind === 'email' ? makeEmail(random) : makeId(random));
    return { kind, country: phone?.country ?? 'GT', value, text: random.pick(SENTENCES)(value) };
  });
}
