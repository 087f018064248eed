/** The activity is the audit: it must name who did what to whom, and what stood in the way. */
import { DEFAULT_WORKSPACE_SETTINGS } from '../../../contract/rules/workspace-settings.ts';
import { expect, test } from 'vitest';
import type { Activity, Directory } from '../../../contract/entities.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';
import { activityText, refusalText } from '../../../renderer/side-panel/activity-text.ts';

const member = (id: string, name: string, isMe = false): Directory['members'][number] => ({ id, name, isMe, role: 'agent', teamIds: [], open: 0 });
const directory: Directory = {
  members: [member('a', 'Ana', true), member('b', 'Bo')],
  formerMembers: [{ id: 'x', name: 'Xiomara', isMe: false }],
  teams: [{ id: 't', name: 'Soporte', memberIds: [] }],
  labels: [{ id: 'l', name: 'Urgente', color: 'red' }],
  canned: [],
  settings: { ...DEFAULT_WORKSPACE_SETTINGS, name: '' },
};
const words = { t: TEXTS.es.t, format: createFormats('es', 'America/Guatemala'), directory };
const entry = (type: string, detail: Activity['detail'], patch: Partial<Activity> = {}): Activity => ({
  opId: 'o',
  type,
  outcome: 'applied',
  actor: { id: 'b', name: 'Bo', isMe: false },
  occurredAt: 0,
  isPending: false,
  detail,
  ...patch,
});
const mine = { actor: { id: 'a', name: 'Ana', isMe: true } };

test.each([
  [entry('conversation.assign', { from: null, to: 'a' }), 'Bo la asignó a Ana (tú)'],
  [entry('conversation.assign', { from: 'x', to: 'a' }, mine), 'Ana (tú) la tomó; antes la llevaba Xiomara'],
  [entry('conversation.assign', { from: 'b', to: null }), 'Bo la soltó; antes la llevaba Bo'],
  [entry('conversation.assign', { from: 'gone', to: 'x' }), 'Bo la pasó de alguien que ya no está a Xiomara'],
  [entry('conversation.team', { from: null, to: 't' }), 'Bo la pasó al equipo Soporte'],
  [entry('conversation.snooze', { from: null, to: Date.UTC(2026, 10, 23, 15) }), 'Bo la pospuso hasta 23 nov, 09:00'],
  [entry('conversation.snooze', { from: 1, to: null }), 'Bo la trajo de vuelta'],
  [entry('conversation.ai', { from: null, to: 'auto' }), 'Bo dejó que la IA responda sola aquí'],
  [entry('conversation.ai', { from: 'off', to: null }), 'Bo dejó la IA aquí como en el resto'],
  [entry('ai.handoff', { reason: 'asked_for_person' }), 'La IA la dejó a una persona: el cliente la pidió'],
  [entry('draft.stop_auto', { draftId: 'd' }), 'Bo detuvo una respuesta automática'],
  [entry('draft.approve', { draftId: 'd' }, { outcome: 'held' }), 'Bo quiso enviar un borrador'],
  [entry('conversation.label', { labelId: 'l', isOn: false }), 'Bo quitó la etiqueta Urgente'],
  [entry('conversation.status', { from: 'archived', to: 'active' }), 'Bo la reabrió (estaba archivada)'],
  [entry('note.delete', { noteId: 'n' }), 'Bo eliminó una nota'],
  [entry('future.op', {}), 'Bo hizo un cambio'],
  [entry('conversation.assign', { from: 7 }), 'Bo hizo un cambio'],
])('%#', (activity, text) => expect(activityText(activity, words).replace(/[ .]nov\.?/, ' nov')).toBe(text));

test('what lost says against what', () => {
  const lost = { outcome: 'superseded' } as const;
  expect(refusalText(entry('conversation.assign', { from: null, to: 'a', was: 'x' }, lost), words)).toBe('en ese momento la llevaba Xiomara');
  expect(refusalText(entry('conversation.status', { from: 'active', to: 'closed', was: 'active', reason: 'customer_wrote' }, lost), words)).toBe('el cliente había escrito');
  expect(refusalText(entry('conversation.team', { from: null, to: 't', was: null }, lost), words)).toBe('en ese momento no era de ningún equipo');
  expect(refusalText(entry('conversation.assign', { from: null, to: 'a', was: 'x' }), words)).toBeNull();
});
