/** The way of a message as it is told, and the report that is passed on. */
import { describe, expect, test } from 'vitest';
import type { AccountEvent, ConnectionCheck, Message } from '../../../contract/entities.ts';
import { accountEventText } from '../../../renderer/diagnostics/account-text.ts';
import { checkFacts, checkWords, writeReport } from '../../../renderer/diagnostics/connection-text.ts';
import { listStorySteps } from '../../../renderer/diagnostics/story-steps.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';
import { findAccountProblem } from '../../../renderer/store/account-store.ts';
import { makeMessage } from './fixtures.ts';

const AT = Date.UTC(2026, 10, 22, 18);
const out = (patch: Partial<Message>): Message => makeMessage({ id: 'm1', direction: 'out', sentAt: AT, receivedAt: AT + 1_000, ...patch });
const told = (message: Message, attempts = 1): string =>
  listStorySteps(message, attempts)
    .map(({ step, state }) => `${step}:${state}`)
    .join(' ');

describe('a story', () => {
  test('of what was only recorded here', () => expect(told(out({ delivery: 'waiting' }), 0)).toBe('recorded:done confirmed:pending handed:pending sent:pending delivered:pending read:pending'));

  test('of what was lost on its way: handed over, and nobody knows more', () =>
    expect(told(out({ delivery: 'uncertain' }))).toBe('recorded:done confirmed:done handed:done sent:pending delivered:pending read:pending'));

  test('of what was read without ever having been told as delivered', () =>
    expect(
      told(
        out({
          delivery: 'read',
          timeline: [
            { status: 'sent', at: AT + 2_000 },
            { status: 'read', at: AT + 5_000 },
          ],
        }),
      ),
    ).toBe('recorded:done confirmed:done handed:done sent:done delivered:skipped read:done'));

  test('of a voice note ends with its being played', () =>
    expect(
      told(
        out({
          delivery: 'sent',
          content: { kind: 'audio', isVoice: true, media: { id: null, sha256: null, mimeType: 'audio/ogg', bytes: null, width: null, height: null, durationMs: null } },
          timeline: [{ status: 'sent', at: AT }],
        }),
      ),
    ).toMatch(/read:pending played:pending$/));

  test('of what failed ends there; what it did not reach is not told as if it were to come', () =>
    expect(
      told(
        out({
          delivery: 'failed',
          timeline: [
            { status: 'sent', at: AT + 2_000 },
            { status: 'failed', at: AT + 3_000 },
          ],
        }),
      ),
    ).toBe('recorded:done confirmed:done handed:done sent:done failed:failed'));

  test('of what was refused before it was taken has no step at WhatsApp', () =>
    expect(told(out({ delivery: 'failed', timeline: [{ status: 'failed', at: AT }] }))).toBe('recorded:done confirmed:done handed:done failed:failed'));

  test('of what failed on one phone and reached another tells both', () =>
    expect(
      told(
        out({
          delivery: 'delivered',
          timeline: [
            { status: 'sent', at: AT },
            { status: 'failed', at: AT + 1 },
            { status: 'delivered', at: AT + 2 },
          ],
        }),
      ),
    ).toBe('recorded:done confirmed:done handed:done sent:done delivered:done read:pending failed:failed'));
});

describe('a report', () => {
  const { t } = TEXTS.es;
  const format = createFormats('es', 'America/Guatemala');
  const check = (patch: Partial<ConnectionCheck> & Pick<ConnectionCheck, 'id'>): ConnectionCheck => ({ state: 'ok', code: 'never', facts: {}, ...patch });

  test('says how each check stands, with what is known and what to do', () => {
    const report = writeReport(
      [check({ id: 'token_expiry', state: 'warning', code: 'soon', facts: { at: AT } }), check({ id: 'number_quality', code: 'green' })],
      { version: '1.2.3', at: AT },
      t,
      format,
    );
    expect(report).toContain('Bandeja 1.2.3');
    expect(report).toMatch(/\[Conviene mirarlo\] Vencimiento del token: El token vence pronto\. \(token_expiry soon\)\n {4}Cuándo: 22 nov.*\n {4}→ Genera ya/);
    expect(report).toContain('[En orden] Calidad del número');
  });

  test('facts that nobody described are not shown, nor those that say nothing', () => {
    const facts = checkFacts(check({ id: 'outbox', facts: { waiting: 3, uncertain: 0, code: 131049, secret: 'x', url: null, lagMs: 90_000 } }), t, format);
    expect(facts).toEqual([
      ['Por salir', '3'],
      ['Código', '131049'],
      ['Retraso', '90 s'],
    ]);
  });

  test('a code of a newer engine is shown as it is', () =>
    expect(checkWords({ id: 'outbox', state: 'failed', code: 'brand_new' }, t)).toEqual({ name: 'Mensajes por salir', is: 'brand_new', fix: null }));
});

describe('what Meta said of the account', () => {
  const event = (field: string, word: string, severity: AccountEvent['severity'] = 'error'): AccountEvent => ({ id: 'e_1', at: AT, field, event: word, subject: '1', severity, detail: {} });

  test('an error of one moment is told in words, and is no lasting problem', () => {
    const failure = event('errors', '131000');
    expect(accountEventText(failure, TEXTS.es.t)).toMatch(/^.{20,} \(131000\)$/);
    expect(findAccountProblem({ events: [failure] })).toBeNull();
  });

  test('a restriction is one, until Meta says otherwise', () => {
    const restriction = event('account_update', 'ACCOUNT_RESTRICTION');
    expect(findAccountProblem({ events: [restriction] })).toBe(restriction);
    expect(findAccountProblem({ events: [{ ...restriction, severity: 'info' }] })).toBeNull();
  });
});
