import { describe, expect, test } from 'vitest';
import { deliverySchema, type Reaction } from '../../../contract/entities.ts';
import { canReact, reactionState, reactionText } from '../../../renderer/conversation/reaction-text.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';
import { makeMessage } from './fixtures.ts';

const { t } = TEXTS.es;
const format = createFormats('es', 'America/Guatemala');
const at = Date.UTC(2026, 10, 22, 20, 5);
const reaction = (patch: Partial<Reaction> = {}): Reaction => ({ messageId: 'r', emoji: '👍', direction: 'in', author: null, at, delivery: null, error: null, ...patch });
const text = (patch: Partial<Reaction>, line: 'up' | 'away' = 'up'): string => reactionText(reaction(patch), { name: 'Rosa', line, t, format });

describe('a reaction says who and when', () => {
  test('of the customer', () => expect(text({})).toBe('👍 Rosa · 22 nov, 14:05'));
  test('of me, a colleague, somebody on the phone', () => {
    expect(text({ direction: 'out', delivery: 'sent', author: { id: 'a', name: 'Ana', isMe: true } })).toMatch(/^👍 Tú · [^·]+$/);
    expect(text({ direction: 'out', delivery: 'sent', author: { id: 'b', name: 'Bo', isMe: false } })).toContain('Bo');
    expect(text({ direction: 'out' })).toContain('teléfono');
  });
  test('whether it has left', () => {
    expect(text({ direction: 'out', delivery: 'waiting' }, 'away')).toContain('cuando haya conexión');
    expect(text({ direction: 'out', delivery: 'waiting' })).toContain('enviándose');
  });
  test('why it failed', () => {
    expect(text({ direction: 'out', delivery: 'failed', error: { code: 131009, title: '', detail: null } })).toMatch(/no llegó: .{20}/);
    expect(text({ direction: 'out', delivery: 'failed' })).toContain('no llegó');
  });
});

test('a reaction in every state of delivery is there, on its way or failed', () => {
  for (const delivery of deliverySchema.options) expect(['there', 'sending', 'waiting', 'failed']).toContain(reactionState(reaction({ delivery })));
});

test('only what WhatsApp knows can be reacted to', () => {
  const can = (patch: object): boolean => canReact(makeMessage({ id: '1', ...patch }));
  expect(can({})).toBe(true);
  expect(can({ direction: 'out', delivery: 'delivered' })).toBe(true);
  for (const delivery of ['waiting', 'queued', 'sending', 'failed', 'held', 'uncertain', 'discarded']) expect(can({ direction: 'out', delivery })).toBe(false);
  expect(can({ revokedAt: 1, content: { kind: 'revoke' } })).toBe(false);
  expect(can({ content: { kind: 'system', event: 'other', text: null, from: null, to: null } })).toBe(false);
});
