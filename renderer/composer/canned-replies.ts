/** Canned replies: finding one by a few letters, and filling in its variables. */
import type { CannedReply, Contact } from '../../contract/entities.ts';
import type { Language } from '../i18n/i18n.ts';

/** What a variable may be called, in either language; whatever the window shows, both work. */
const VARIABLES = {
  nombre: 'name',
  name: 'name',
  primer_nombre: 'firstName',
  first_name: 'firstName',
  agente: 'agent',
  agent: 'agent',
  telefono: 'phone',
  phone: 'phone',
} as const;
export type VariableValues = Record<(typeof VARIABLES)[keyof typeof VARIABLES], string | null>;

export function variableValuesOf(contact: Pick<Contact, 'name' | 'phone'>, agent: string | null): VariableValues {
  const hasName = contact.name !== contact.phone && contact.name !== '—';
  return { name: hasName ? contact.name : null, firstName: hasName ? firstNameOf(contact.name) : null, agent, phone: contact.phone };
}

/** For hints: those of the language in use. */
const VARIABLE_NAMES = { es: ['nombre', 'primer_nombre', 'agente', 'telefono'], en: ['name', 'first_name', 'agent', 'phone'] } as const;
export const variableNames = (language: Language): readonly string[] => VARIABLE_NAMES[language === 'en' ? 'en' : 'es'];

const GAP = /\{\{\s*([\p{L}\p{N}_]+)\s*\}\}/gu;

const isVariable = (name: string): name is keyof typeof VARIABLES => Object.hasOwn(VARIABLES, name);
const plainName = (name: string): string => fold(name).replaceAll(/\s/g, '');

/** What is not known stays as it stands, so that the agent sees it. */
export const fillIn = (body: string, values: VariableValues): string =>
  body.replaceAll(GAP, (gap, name: string) => {
    const variable = plainName(name);
    return (isVariable(variable) ? values[VARIABLES[variable]] : null) ?? gap;
  });

/** Gaps that nobody filled in, in order, each once. */
export const findGaps = (text: string): string[] => [...new Set(Array.from(text.matchAll(GAP), ([gap]) => gap))];

/** Of a profile name: `María Xicay · taller` is María; a phone number or a lone title is nobody's first name. */
export function firstNameOf(name: string): string | null {
  const first = name
    .trim()
    .split(/\s+/u)
    .find((word) => /^\p{L}/u.test(word) && !word.endsWith('.'));
  return first ?? null;
}

export const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Best first: shortcut begins so, shortcut holds the letters in order, text holds the words. Empty query: all, by shortcut. */
export function rankCanned(replies: readonly CannedReply[], query: string): CannedReply[] {
  const wanted = fold(query);
  return replies
    .flatMap((reply) => {
      const score = scoreOf(reply, wanted);
      return score === null ? [] : [{ reply, score }];
    })
    .toSorted((a, b) => a.score - b.score || (a.reply.shortcut < b.reply.shortcut ? -1 : 1))
    .map(({ reply }) => reply);
}

function scoreOf({ shortcut, body }: CannedReply, wanted: string): number | null {
  if (wanted === '') return 0;
  const key = fold(shortcut);
  if (key === wanted) return 0;
  if (key.startsWith(wanted)) return 1;
  if (key.includes(wanted)) return 2;
  if (fold(body).includes(wanted)) return 3;
  return isSubsequence(wanted, key) ? 4 : null;
}

function isSubsequence(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
