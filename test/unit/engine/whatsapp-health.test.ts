/** What the strip about WhatsApp says: one lost answer is no outage, and an outage is over with the first answer. */
import { beforeEach, expect, it } from 'vitest';
import { createWhatsappHealth } from '../../../main/engine/whatsapp/health.ts';

const OK = { status: 'ok', value: null } as const;
const LOST = { status: 'lost', detail: 'ECONNRESET' } as const;
const UNREACHABLE = { status: 'unreachable', detail: 'ECONNREFUSED' } as const;

let changes: number;
let health: ReturnType<typeof createWhatsappHealth>;
beforeEach(() => {
  changes = 0;
  health = createWhatsappHealth(() => {
    changes += 1;
  });
  health.setConfigured(true);
  health.note(OK, true);
  changes = 0;
});

it('tells of a block that only a status has told, until a message goes through', () => {
  health.noteBlocked({ code: 131042, title: 'payment', detail: null });
  expect(health.read()).toMatchObject({ whatsapp: 'blocked', whatsappError: { code: 131042 } });
  health.note(OK, false);
  expect(health.read().whatsapp, 'a read mark passes without a payment method').toBe('blocked');
  health.note(OK, true);
  expect(health.read().whatsapp).toBe('ok');
});

it('says nothing of one answer that got lost', () => {
  health.note(LOST, true);
  health.note(OK, true);
  health.note(LOST, true);
  expect(health.read().whatsapp).toBe('ok');
  expect(changes).toBe(0);
});

it('tells of the second failure in a row, once, and of the first answer after it', () => {
  for (const result of [UNREACHABLE, LOST, UNREACHABLE]) health.note(result, true);
  expect(health.read().whatsapp).toBe('unreachable');
  expect(changes).toBe(1);
  health.note(OK, false);
  expect(health.read().whatsapp).toBe('ok');
});

it('begins anew with another number', () => {
  health.note(LOST, true);
  health.setConfigured(true);
  health.note(LOST, true);
  expect(health.read().whatsapp).toBe('unknown');
});
