/** A conflict must be understood without knowing what an op is: who did what and when, what I did, what the key does. */
import { DEFAULT_WORKSPACE_SETTINGS } from '../../../contract/rules/workspace-settings.ts';
import { describe, expect, test } from 'vitest';
import type { Conflict, Directory } from '../../../contract/entities.ts';
import { conflictText } from '../../../renderer/conflicts/conflict-text.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';

const NOW = Date.UTC(2026, 10, 22, 18, 0);
const AT_10_02 = Date.UTC(2026, 10, 22, 16, 2);
const member = (id: string, name: string) => ({ id, name, isMe: id === 'me', role: 'agent' as const, teamIds: [], presence: null, open: 0 });
const DIRECTORY: Directory = {
  members: [member('me', 'Luis'), member('ana', 'Ana'), member('bo', 'Bo')],
  formerMembers: [{ id: 'cy', name: 'Cy', isMe: false }],
  teams: [{ id: 'ptar', name: 'PTAR', memberIds: [] }],
  labels: [],
  canned: [],
  settings: { ...DEFAULT_WORKSPACE_SETTINGS, name: '' },
};

type Case = { type: string; detail?: Record<string, unknown>; winner?: Record<string, unknown>; by?: string; outcome?: Conflict['outcome']; canReapply?: boolean; at?: number };

function read({ type, detail = {}, winner, by = 'ana', outcome = 'superseded', canReapply = true, at = AT_10_02 }: Case, language: 'es' | 'en' = 'es') {
  const conflict: Conflict = {
    opId: 'x',
    type,
    outcome,
    actor: { id: 'me', name: 'Luis', isMe: true },
    occurredAt: AT_10_02,
    isPending: false,
    detail,
    about: null,
    conversation: { id: 'c', name: 'María' },
    winner: winner ? { actor: { id: by, name: by === 'ana' ? 'Ana' : 'Luis', isMe: by === 'me' }, occurredAt: at, detail: winner } : null,
    canReapply,
  };
  return conflictText(conflict, { t: TEXTS[language].t, format: createFormats(language, 'America/Guatemala'), directory: DIRECTORY, myId: 'me', now: NOW });
}

test('names who, whom, when, and what the key does', () => {
  expect(read({ type: 'conversation.assign', detail: { to: 'cy' }, winner: { to: 'bo' } })).toEqual({
    sentence: 'Ana la asignó a Bo a las 10:02; tú elegiste a Cy.',
    again: 'Asignar a Cy',
    words: null,
  });
  expect(read({ type: 'conversation.assign', detail: { to: 'cy' }, winner: { to: 'bo' } }, 'en')).toEqual({
    sentence: 'Ana assigned it to Bo at 10:02; you chose Cy.',
    again: 'Assign to Cy',
    words: null,
  });
});

test('says of a request what I had chosen and typed in words, whole, and no ids', () => {
  const address = 'Zona 10 '.repeat(40);
  const lost = { status: { to: 'approved' }, approvedDate: { to: '2026-12-04' }, vendorId: { to: 'v1' }, address: { to: address } };
  expect(read({ type: 'request.change', detail: { lost }, winner: {} }).words).toBe(`Aprobada\n4 dic 2026\n${address}`);
});

test.each<[string, Case, string, string | null]>([
  ['to me', { type: 'conversation.assign', detail: { to: 'bo' }, winner: { to: 'me' } }, 'Ana te la asignó a las 10:02; tú elegiste a Bo.', 'Asignar a Bo'],
  ['to herself', { type: 'conversation.assign', detail: { to: 'me' }, winner: { to: 'ana' } }, 'Ana la tomó a las 10:02; tú la tomaste.', 'Tomarla'],
  ['to nobody', { type: 'conversation.assign', detail: { to: 'me' }, winner: { to: null } }, 'Ana la dejó sin asignar a las 10:02; tú la tomaste.', 'Tomarla'],
  [
    'from my other desktop',
    { type: 'conversation.assign', detail: { to: null }, winner: { to: 'bo' }, by: 'me' },
    'Un cambio anterior tuyo la asignó a Bo a las 10:02; tú la dejaste sin asignar.',
    'Dejarla sin asignar',
  ],
  [
    'on another day',
    { type: 'conversation.team', detail: { to: 'ptar' }, winner: { to: null }, at: AT_10_02 - 86_400_000 },
    'Ana la dejó sin equipo el 21 nov, 10:02; tú la pasaste a PTAR.',
    'Pasarla a PTAR',
  ],
  ['a status', { type: 'conversation.status', detail: { to: 'archived' }, winner: { to: 'closed' } }, 'Ana la cerró a las 10:02; tú la archivaste.', 'Archivarla'],
  ['a customer', { type: 'conversation.status', detail: { to: 'closed', reason: 'customer_wrote' } }, 'El cliente escribió algo que aún no habías visto; tú la cerraste.', 'Cerrarla'],
  ['a snooze', { type: 'conversation.snooze', detail: { to: null }, winner: { to: NOW } }, 'Ana la pospuso hasta 22 nov, 12:00 a las 10:02; tú la trajiste de vuelta.', 'Traerla de vuelta'],
  [
    'a draft that crossed the customer’s words',
    { type: 'draft.approve', outcome: 'held', detail: { messageId: 'm', reason: 'customer_wrote' } },
    'El cliente escribió algo que aún no habías visto; tu mensaje no se envió.',
    'Enviar de todos modos',
  ],
  [
    'a draft that had gone',
    { type: 'draft.approve', outcome: 'held', detail: { messageId: 'm', reason: 'answered_by_itself' } },
    'Ya había salido una respuesta automática; tu mensaje no se envió.',
    'Enviar de todos modos',
  ],
  [
    'an automatic answer stopped too late',
    { type: 'draft.stop_auto', detail: { draftId: 'd', reason: 'left_by_itself' }, canReapply: false },
    'Ya había salido por sí sola; tú quisiste detener la respuesta automática.',
    null,
  ],
  ['a mode', { type: 'conversation.ai', detail: { from: null, to: 'off' }, winner: { to: 'auto' } }, 'Ana dejó que la IA responda sola a las 10:02; tú apagaste la IA.', 'Apagarla'],
  ['an article', { type: 'kb.save', detail: { articleId: 'a', title: 'Horario' }, canReapply: false }, 'Otra persona lo cambió antes; tú guardaste el artículo “Horario”.', null],
  ['a held reply', { type: 'message.queue', outcome: 'held', detail: { reason: 'answered_by_other' } }, 'Otra persona respondió antes; tu mensaje no se envió.', 'Enviar de todos modos'],
  [
    'a held reply, with who answered',
    { type: 'message.queue', outcome: 'held', detail: { reason: 'answered_by_other' }, winner: {} },
    'Ana respondió a las 10:02; tu mensaje no se envió.',
    'Enviar de todos modos',
  ],
  [
    'a right to a thing with a name',
    { type: 'label.add', outcome: 'forbidden', detail: { labelId: 'l', name: 'Garantía' }, canReapply: false },
    'Tu función no lo permite; tú quisiste crear la etiqueta “Garantía”.',
    null,
  ],
  [
    'a right over a team',
    { type: 'team.rename', outcome: 'forbidden', detail: { teamId: 'ptar', from: 'PTAR', to: 'Pozos' }, canReapply: false },
    'Tu función no lo permite; tú quisiste cambiar el equipo “PTAR”.',
    null,
  ],
  [
    'a right to a shortcut',
    { type: 'canned.add', outcome: 'forbidden', detail: { shortcut: 'pago' }, canReapply: false },
    'Tu función no lo permite; tú quisiste crear la respuesta rápida “pago”.',
    null,
  ],
  ['a right', { type: 'label.add', outcome: 'forbidden', canReapply: false }, 'Tu función no lo permite; tú cambiaste una etiqueta.', null],
  ['what is gone', { type: 'conversation.label', outcome: 'target_missing', detail: { isOn: true }, canReapply: false }, 'Ya no existía; tú pusiste una etiqueta.', null],
])('%s', (_name, conflict, sentence, again) => expect(read(conflict)).toMatchObject({ sentence, again }));

describe.each(['es', 'en'] as const)('in %s', (language) => {
  test.each(['note.edit', 'team.rename', 'canned.change', 'setting.set', 'message.confirm', 'thing.of.the.future'])('%s is a sentence too, whatever it carries', (type) => {
    const { sentence } = read({ type, detail: { to: { odd: true } }, winner: { to: 7 } }, language);
    expect(sentence).toMatch(/\s.*\.$/);
    expect(sentence).not.toMatch(/conflict\.|undefined|\[object/);
  });
});

test.each<[string, Case, string | null]>([
  ['a reply whose conversation is gone', { type: 'message.queue', outcome: 'target_missing', detail: { text: 'Mañana a las 9' } }, 'Mañana a las 9'],
  ['what was said with a transfer', { type: 'conversation.assign', detail: { to: 'cy', note: 'Ojo con el medidor' }, winner: { to: 'bo' } }, 'Ojo con el medidor'],
  ['a note', { type: 'note.add', outcome: 'forbidden', detail: { body: 'Llamar antes' } }, 'Llamar antes'],
  ['the other version of a note', { type: 'note.edit', detail: { to: 'Llamar después' } }, 'Llamar después'],
  ['a draft whose conversation is not there', { type: 'draft.approve', outcome: 'target_missing', detail: { draftId: 'd', text: 'mis palabras' } }, 'mis palabras'],
  ['a held reply, which stands in its thread', { type: 'message.queue', outcome: 'held', detail: { messageId: 'm', reason: 'answered_by_other' } }, null],
  ['no words', { type: 'conversation.status', detail: { to: 'closed' } }, null],
])('gives the words back: %s', (_, given, words) => {
  expect(read(given).words).toBe(words);
});
