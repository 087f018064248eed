/** What stands in the form of a template, where it is from, and what keeps it from being sent. */
import { expect, test } from 'vitest';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import { fillTemplate } from '../../../contract/whatsapp/template-slots.ts';
import type { SlotProposal, TemplateView } from '../../../contract/work-entities.ts';
import { rankTemplates } from '../../../renderer/store/rank-templates.ts';
import { fillForm, NO_FORM, roleOfTemplate, tidyText, type TemplateForm } from '../../../renderer/store/template-form.ts';
import { makeTemplate } from './fixtures.ts';

const RECEIVED = makeTemplate(BUILTIN_TEMPLATES.solicitud_recibida_cliente);
const WHOLE = makeTemplate({
  name: 'aviso_visita',
  parameterFormat: 'NAMED',
  header: { format: 'IMAGE', sample: null },
  body: 'Hola {{nombre}}, la visita es el {{fecha}}.',
  buttons: [
    { type: 'URL', text: 'Ver visita', url: 'https://example.com/v/{{1}}', sample: '77' },
    { type: 'QUICK_REPLY', text: 'Sí' },
    { type: 'COPY_CODE', text: 'Copiar', sample: 'ABC' },
  ],
});
const from = (key: string, ...values: string[]): SlotProposal => ({ key, candidates: values.map((value) => ({ value, origin: 'request', source: 'customer_name', label: null })) });
const edits = (texts: Record<string, string>, more: Partial<TemplateForm> = {}): TemplateForm => ({
  ...NO_FORM,
  ...more,
  edits: Object.fromEntries(Object.entries(texts).map(([key, raw]) => [key, { ...tidyText(raw), candidate: null }])),
});
const textOf = (filled: ReturnType<typeof fillForm>, key: string) => filled.texts.find(({ slot }) => slot.key === key)!;

test('a value is the best proposal until somebody types or chooses another one, and says where it is from', () => {
  const proposals = [from('body.1', 'María Xicay', 'María'), from('body.2', 'SOL-7')];
  const fresh = fillForm(RECEIVED, proposals, NO_FORM);
  expect(textOf(fresh, 'body.1')).toMatchObject({ text: 'María Xicay', from: { origin: 'request' }, isTyped: false, source: 'customer_name' });
  expect(textOf(fresh, 'body.3')).toMatchObject({ text: '', from: null, isTyped: false, source: 'service_type', problem: { reason: 'empty' } });

  const typed = fillForm(RECEIVED, proposals, edits({ 'body.1': 'Doña María', 'body.2': 'SOL-7' }));
  expect(textOf(typed, 'body.1')).toMatchObject({ text: 'Doña María', from: null, isTyped: true });
  expect(textOf(typed, 'body.2'), 'typed as it was proposed').toMatchObject({ from: { origin: 'request' }, isTyped: false });

  const emptied = fillForm(RECEIVED, proposals, edits({ 'body.1': '' }));
  expect(textOf(emptied, 'body.1'), 'what was emptied does not fill itself in again').toMatchObject({ text: '', problem: { reason: 'empty' } });
});

test('line breaks, tabs and long spaces are taken out and counted, also those of a proposal', () => {
  expect(tidyText('Zona 10\r\nGuatemala\n\tpiso 2      norte\u0007')).toEqual({ text: 'Zona 10 Guatemala piso 2    norte ', removed: { breaks: 2, tabs: 1, spaces: 1, others: 1 } });
  expect(tidyText(' con espacio al final ')).toEqual({ text: ' con espacio al final ', removed: null });
  const filled = fillForm(RECEIVED, [from('body.1', 'María\nXicay')], NO_FORM);
  expect(textOf(filled, 'body.1')).toMatchObject({ text: 'María Xicay', removed: { breaks: 1 } });
});

test('nothing can be sent before every part is there, and then exactly what the preview shows', () => {
  const texts = { 'body.nombre': 'Rosa', 'body.fecha': ' 4 de diciembre ', 'button.0': 'a b', 'button.2': 'X1' };
  const without = fillForm(WHOLE, [], edits(texts));
  expect(without.problems).toEqual([{ key: 'header', reason: 'empty', limit: null }]);
  expect(without.input).toBeNull();

  const file = { filename: 'foto.jpg', mimeType: 'image/jpeg', kind: 'image', bytes: 3, sha256: 'a'.repeat(64), converted: null, isStilled: false, durationMs: null, preview: null } as const;
  expect(fillForm(WHOLE, [], edits(texts, { file: { ...file, status: { state: 'uploading', done: 0, total: 3 } } })).input, 'not before the engine has the file').toBeNull();
  const whole = fillForm(WHOLE, [], edits(texts, { file: { ...file, status: { state: 'ready' } } }));
  expect(whole.input).toEqual({
    key: WHOLE.key,
    texts: { 'body.nombre': 'Rosa', 'body.fecha': '4 de diciembre', 'button.0': 'a b', 'button.2': 'X1' },
    place: null,
    file: { sha256: 'a'.repeat(64), filename: 'foto.jpg' },
  });
  expect(fillForm(WHOLE, [], edits({ ...texts, 'button.2': 'X'.repeat(21) }, { file: { ...file, status: { state: 'ready' } } })).problems).toEqual([
    { key: 'button.2', reason: 'too_long', limit: 20 },
  ]);
});

test('a place needs both numbers, written as people write them', () => {
  const template = makeTemplate({ name: 'llegamos', header: { format: 'LOCATION' }, body: 'Aquí es.' });
  const at = (latitude: string, longitude: string) => fillForm(template, [], { ...NO_FORM, place: { ...NO_FORM.place, latitude, longitude, name: ' Bodega ' } });
  expect(at('14,6', '').problems).toEqual([{ key: 'header', reason: 'empty', limit: null }]);
  expect(at('14,6', '-90.5').input?.place).toEqual({ latitude: 14.6, longitude: -90.5, name: 'Bodega', address: null });
});

test('values of a positional template go in the order of their numbers, wherever they stand', () => {
  const template = makeTemplate({ name: 'orden', body: 'El {{2}} llega {{1}}.' });
  expect(fillTemplate(template, { texts: { 'body.1': 'hoy', 'body.2': 'camión' }, place: null, filename: null }, null)).toMatchObject({
    body: 'El camión llega hoy.',
    parameters: [{ text: 'hoy' }, { text: 'camión' }],
  });
});

test('the five know whom they are for, the others are for anybody', () => {
  expect(roleOfTemplate('reasignacion_removida')).toBe('vendor');
  expect(roleOfTemplate('solicitud_recibida_cliente')).toBe('customer');
  expect(roleOfTemplate('aviso_visita')).toBeNull();
});

test('a template is found by name, text and category, without accents and with a wrong letter; what cannot be sent comes last', () => {
  const paused = makeTemplate({ name: 'solicitud_vieja', body: 'Solicitud', status: 'PAUSED' });
  const promo = makeTemplate({ name: 'oferta_mayo', body: 'Precios de inspección', category: 'MARKETING' });
  const items: TemplateView[] = [paused, promo, WHOLE, RECEIVED, makeTemplate(BUILTIN_TEMPLATES.nueva_solicitud_de_servicio)];
  const names = (query: string, suggested: string[] = []): string[] =>
    rankTemplates(items, query, suggested, (category) => (category === 'MARKETING' ? 'Publicidad' : 'Servicio')).map(({ name }) => name);
  expect(names('inspeccion')).toEqual(['oferta_mayo']);
  expect(names('PUBLI')).toEqual(['oferta_mayo']);
  expect(names('solicitud recibda')).toEqual(['solicitud_recibida_cliente']);
  expect(names('solicitud')).toEqual(['solicitud_recibida_cliente', 'nueva_solicitud_de_servicio', 'solicitud_vieja']);
  expect(names('nss')).toEqual(['nueva_solicitud_de_servicio']);
  expect(names('xyz')).toEqual([]);
  expect(names('', [WHOLE.key]).at(0)).toBe('aviso_visita');
  expect(names('').at(-1)).toBe('solicitud_vieja');
});

test('favourites come first, then what was used last', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => makeTemplate({ name }));
  const order = rankTemplates([a!, { ...b!, lastUsedAt: 5 }, { ...c!, isFavourite: true }], '', [], String).map(({ name }) => name);
  expect(order).toEqual(['c', 'b', 'a']);
});

test('a header leaves its value as much room as Meta does, and a variable may be called what every object has', () => {
  const template = makeTemplate({ name: 'obra', parameterFormat: 'NAMED', header: { format: 'TEXT', text: 'Obra {{constructor}}', sample: null }, body: 'Su {{constructor}} llega hoy.', samples: {} });
  const texts = (name: string) => edits({ header: name, 'body.constructor': 'Ana' });
  expect(fillForm(template, [], texts('x'.repeat(55))).problems).toEqual([]);
  expect(fillForm(template, [], texts('x'.repeat(56))).problems).toEqual([{ key: 'header', reason: 'too_long', limit: 55 }]);
  expect(textOf(fillForm(template, [], NO_FORM), 'body.constructor').slot.sample).toBeNull();
});
