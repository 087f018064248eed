/** The history of a request in words, in both languages, and what of a typed value is wrong. */
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../renderer/requests/field-problems.ts';
import { historyLines, namesOf, whoSet } from '../../../renderer/requests/request-history.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { TEXTS } from '../../support/texts.ts';
import type { TextField } from '../../../renderer/store/request-edits.ts';
import { ANA, BO, makeEntry, makeRequest } from './request-fixtures.ts';

const { t } = TEXTS.es;
const person = (id: string, name: string) => ({ id, name, phone: null, username: null, hasOptedOut: false, isBlocked: false });
const words = { t, format: createFormats('es'), names: new Map([['v1', 'Servicios del Lago']]), source: 'manual' as const };
const say = (entry: ReturnType<typeof makeEntry>): string[] => historyLines(entry, words).map(({ text, refused }) => [text, refused].filter(Boolean).join(' | '));
const change = (changes: Record<string, unknown>, lost: Record<string, unknown> = {}, outcome = 'applied') => makeEntry({ outcome, detail: { requestId: 'r1', changes, lost } });

describe('the history', () => {
  test('says who changed what, from what to what', () => {
    expect(
      say(
        change({
          status: { from: 'new', to: 'approved' },
          approvedDate: { from: null, to: '2026-12-04' },
          address: { from: 'Zona 10', to: 'Zona 1' },
          description: { from: 'x', to: '' },
          vendorId: { from: null, to: 'v1' },
        }),
      ),
    ).toEqual([
      'Bo la pasó de «Nueva» a «Aprobada»',
      'Bo puso fecha aprobada: «4 dic 2026»',
      'Bo cambió dirección del servicio de «Zona 10» a «Zona 1»',
      'Bo quitó descripción («x»)',
      'Bo puso proveedor: «Servicios del Lago»',
    ]);
  });

  test('says of what did not apply why, and of the rest that it did', () => {
    expect(
      say(
        change(
          { status: { from: 'new', to: 'approved' }, address: { from: 'Zona 10', to: 'Zona 1' }, externalId: { from: null, to: 'A1' }, contactEmail: { from: '', to: 'b@example.com' } },
          { status: { to: 'approved', was: 'done', reason: 'transition' }, address: { to: 'Zona 1', was: 'Zona 4' }, externalId: { to: 'A1', was: null, reason: 'taken' } },
          'partial',
        ),
      ),
    ).toEqual([
      'Bo quiso pasarla a «Aprobada» | No se aplicó: de «Terminada» no se puede pasar ahí.',
      'Bo quiso cambiar dirección del servicio a «Zona 1» | No se aplicó: ya decía «Zona 4».',
      'Bo quiso cambiar referencia a «A1» | No se aplicó: otra solicitud ya tiene esa referencia.',
      'Bo puso correo de contacto: «b@example.com»',
    ]);
  });

  test.each([
    [makeEntry({ type: 'request.add', actor: ANA }), 'Ana (tú) la creó'],
    [makeEntry({ type: 'request.import' }), 'Bo la importó de un archivo'],
    [makeEntry({ type: 'request.link', detail: { role: 'vendor', from: null, to: 'c1' } }), 'Bo vinculó la conversación del proveedor'],
    [makeEntry({ type: 'request.link', detail: { role: 'customer', from: 'c1', to: null } }), 'Bo desvinculó la conversación del cliente'],
    [makeEntry({ type: 'request.notify', detail: { isAutomatic: true } }), 'Se envió un aviso por plantilla, automático'],
    [makeEntry({ type: 'request.notify', detail: { isOverride: true } }), 'Bo envió un aviso a otra persona, a propósito'],
    [makeEntry({ type: 'request.notify', outcome: 'forbidden', detail: { reason: 'wrong_role' } }), 'Bo envió un aviso por plantilla | No se envió: era para otra persona.'],
    [makeEntry({ type: 'request.notify', outcome: 'superseded', detail: {} }), 'Bo envió un aviso por plantilla | No se envió: ya se había decidido.'],
    [makeEntry({ type: 'request.dismiss' }), 'Bo descartó un aviso'],
    [makeEntry({ type: 'request.from_the_future' }), 'Bo hizo un cambio'],
    [makeEntry({ detail: { changes: 'no fields at all' } }), 'Bo hizo un cambio'],
    [change({ vendorId: { from: 'v1', to: 'unknown' } }), 'Bo cambió proveedor de «Servicios del Lago» a «otra persona»'],
  ])('%#: %s', (entry, expected) => expect(say(entry)).toEqual([expected]));

  test('does not put down to another system what somebody here wanted to create a second time', () => {
    const again = makeEntry({ type: 'request.add', actor: ANA, outcome: 'duplicate' });
    expect(historyLines(again, { ...words, source: 'api' })[0]?.text).toBe('Ana (tú) la creó');
  });

  test('says nothing half in a language: every sentence is there in English', () => {
    const en = { ...words, t: TEXTS.en.t, format: createFormats('en') };
    expect(historyLines(change({ status: { from: 'new', to: 'done' } }), en)[0]?.text).toBe('Bo moved it from “New” to “Done”');
  });

  test('names the people of the request, the former vendor too', () => {
    const event = {
      id: 'e',
      requestId: 'r1',
      kind: 'vendor_removed',
      role: 'vendor',
      contact: person('v0', 'Bombas'),
      mode: 'propose',
      state: 'sent',
      at: 0,
      by: BO,
      messageId: null,
      decidedBy: null,
      isPending: false,
    } as const;
    expect([...namesOf(makeRequest('r1', { customer: person('c', 'María'), vendor: person('v1', 'Lago'), events: [event] }))]).toEqual([
      ['v0', 'Bombas'],
      ['c', 'María'],
      ['v1', 'Lago'],
    ]);
  });

  test('knows who made a field say what it says, not who only wanted to', () => {
    const request = makeRequest('r1', {
      history: [
        makeEntry({ actor: ANA, outcome: 'superseded', detail: { changes: { address: { from: 'a', to: 'Zona 4' } }, lost: { address: { to: 'Zona 4', was: 'x' } } } }),
        makeEntry({ detail: { changes: { address: { from: 'a', to: 'Zona 4' } }, lost: {} } }),
      ],
    });
    expect(whoSet(request, 'address', 'Zona 4')?.name).toBe('Bo');
    expect(whoSet(request, 'address', 'Zona 5')).toBeNull();
  });
});

describe('a typed value', () => {
  test.each<[TextField, string]>([
    ['contactPhone', '+502 5555-1234'],
    ['contactPhone', '(502) 5555.1234'],
    ['contactEmail', 'ma.ria+1@empresa.com.gt'],
    ['formUrl', 'https://example.com/ptar?id=1'],
    ['requestedDate', '2026-12-04'],
    ['externalId', 'ERP/2026-1'],
    ['contactEmail', ''],
  ])('%s takes %j', (field, text) => expect(problemOf(field, text, t)).toBeNull());

  test.each<[TextField, string]>([
    ['contactPhone', '1234'],
    ['contactPhone', 'llamar a Juan'],
    ['contactEmail', 'maria@'],
    ['contactEmail', 'maria empresa.com'],
    ['formUrl', 'example.com/ptar'],
    ['formUrl', 'javascript:alert(1)'],
    ['externalId', 'x'.repeat(129)],
    ['customerName', 'x'.repeat(201)],
  ])('%s objects to %j', (field, text) => expect(problemOf(field, text, t)).not.toBeNull());
});
