/** From what the connection doctor found to words, and to a report that can be passed on: no secrets, nothing of customers. */
import type { ConnectionCheck } from '../../contract/entities.ts';
import { COMMON_CODES, CONNECTION_CODES, type CheckId } from '../../contract/rules/connection-codes.ts';
import type { Formats } from '../i18n/format.ts';
import type { Texts, Translate } from '../i18n/i18n.ts';

/** `fix` null: there is nothing to do. */
export type CheckWords = { name: string; is: string; fix: string | null };

type Word = 'is' | 'fix';
/** Which key may hold a word of a check: its own, or that of all checks; null: none. */
function findKey(id: CheckId, code: string, word: Word): string | null {
  if ((COMMON_CODES as readonly string[]).includes(code)) return `connection.common.${word}.${code}`;
  if (!(CONNECTION_CODES[id] as readonly string[]).includes(code)) return null;
  return `connection.check.${id}.${word}.${code}`;
}

export function checkWords({ id, state, code }: Pick<ConnectionCheck, 'id' | 'state' | 'code'>, t: Translate): CheckWords {
  // The keys are made of two closed lists (`connection-codes.ts`); a test walks all of them.
  const say = (word: Word): string | null => {
    const key = findKey(id, code, word);
    return key === null ? null : t(key as 'connection.common.is.refused', { defaultValue: '' }) || null;
  };
  return { name: t(`connection.check.${id}.name`), is: say('is') ?? code, fix: state === 'ok' ? null : say('fix') };
}

const TIMES = new Set(['at', 'since', 'sentAt', 'acceptedAt']);
const SPANS = new Set(['tookMs', 'lagMs', 'slowestAckMs', 'relayMs', 'metaMs']);
type Fact = keyof Texts['connection']['fact'];

/** What is known beside the words, as label and value. A zero of a count says nothing. */
export function checkFacts({ facts }: Pick<ConnectionCheck, 'facts'>, t: Translate, format: Formats): [label: string, value: string][] {
  return Object.entries(facts).flatMap(([name, value]): [string, string][] => {
    // What has no label is for the report's reader alone.
    const label = t(`connection.fact.${name as Fact}`, { defaultValue: '' });
    return label === '' || value === null || value === '' || value === 0 ? [] : [[label, show(name, value)]];
  });

  function show(name: string, value: string | number): string {
    if (typeof value === 'string') return value;
    if (TIMES.has(name)) return format.exactShort(value);
    if (SPANS.has(name))
      return Math.abs(value) < 1_000
        ? t('diagnostics.connection.ms', { value: format.number(Math.round(value)) })
        : t('diagnostics.connection.seconds', { value: format.number(Math.round(value / 1_000)) });
    if (name === 'relayBytes') return t('diagnostics.connection.kb', { value: format.number(Math.ceil(value / 1024)) });
    // Codes are names, not amounts.
    return name === 'code' ? String(value) : format.number(value);
  }
}

export function writeReport(checks: readonly ConnectionCheck[], head: { version: string; at: number }, t: Translate, format: Formats): string {
  const lines = checks.map((check) => {
    const { name, is, fix } = checkWords(check, t);
    const facts = checkFacts(check, t, format).map(([label, value]) => `${label}: ${value}`);
    return [
      `[${t(`diagnostics.connection.state.${check.state}`)}] ${name}: ${is} (${check.id} ${check.code})`,
      ...(facts.length > 0 ? [`    ${facts.join(' · ')}`] : []),
      ...(fix === null ? [] : [`    → ${fix}`]),
    ].join('\n');
  });
  return [t('diagnostics.connection.report', { version: head.version, at: format.exact(head.at) }), '', ...lines].join('\n');
}
