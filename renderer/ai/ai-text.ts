/** Words and figures of the AI parts. */
import { localeOf } from '../i18n/format.ts';
import type { Language, Translate } from '../i18n/i18n.ts';

const SECTIONS = ['rules', 'business', 'facts', 'knowledge', 'summary', 'notes', 'history', 'draft', 'task'] as const;

/** Of a prompt. One that this window does not know keeps its own name. */
export function sectionName(name: string, t: Translate): string {
  const known = SECTIONS.find((one) => one === name);
  return known ? t(`ai.section.${known}`) : name;
}

/** What the budget left out, as the engine names it: `history:12` (how many), `knowledge:K4` (which), `summary`. */
export function droppedName(dropped: string, t: Translate): string {
  const [name = '', what] = dropped.split(':');
  return what === undefined ? sectionName(name, t) : `${sectionName(name, t)} (${what})`;
}

const MASKS = ['CARD', 'IBAN', 'EMAIL', 'ID', 'PHONE', 'NAME', 'ADDRESS'] as const;
/** What was hidden from the model, with how many of each. Empty: nothing was. */
export const maskedWords = (masked: Readonly<Record<string, number>>, t: Translate): string =>
  Object.entries(masked)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => {
      const known = MASKS.find((one) => one === kind);
      return `${known ? t(`ai.mask.${known}`) : kind} (${count})`;
    })
    .join(', ');

/** @param micros millionths of a US dollar. As many decimals as it takes to say more than nothing. */
export function usd(micros: number, language: Language): string {
  const dollars = micros / 1_000_000;
  const digits = dollars === 0 || dollars >= 1 ? 2 : dollars >= 0.01 ? 3 : 6;
  return new Intl.NumberFormat(localeOf(language), { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(dollars);
}
