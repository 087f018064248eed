/** A card that can be sent is one that Meta takes; and what it does not take is named before. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INTERACTIVE_MAX as MAX } from '../../../contract/limits.ts';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import { judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { checkCard, type CardForms, type CardKind } from '../../../renderer/attach/card-forms.ts';

const words = (max: number): fc.Arbitrary<string> => fc.oneof(fc.string({ maxLength: max + 2 }), fc.constantFrom('', ' ', 'x'.repeat(max), 'x'.repeat(max + 1), ` ${'y'.repeat(max)} `));
const texts = { header: words(MAX.header), body: words(MAX.body), footer: words(MAX.footer) };
const FORMS: { [K in CardKind]: fc.Arbitrary<CardForms[K]> } = {
  location: fc.record({
    source: fc.constant(''),
    latitude: fc.oneof(fc.double({ min: -95, max: 95, noNaN: true }).map(String), fc.constantFrom('', '14,5', 'x')),
    longitude: fc.oneof(fc.double({ min: -190, max: 190, noNaN: true }).map(String), fc.constantFrom('', '-90.5')),
    name: words(20),
    address: words(20),
  }),
  contacts: fc.array(fc.record({ name: words(20), organization: words(20), phones: fc.array(words(10), { maxLength: 3 }), email: words(10), onWhatsApp: fc.constant(null) }), { maxLength: 4 }),
  buttons: fc.record({ ...texts, buttons: fc.array(words(MAX.button), { maxLength: MAX.buttons }) }),
  list: fc.record({
    ...texts,
    button: words(MAX.button),
    sections: fc.array(fc.record({ title: words(MAX.sectionTitle), rows: fc.array(fc.record({ title: words(MAX.rowTitle), detail: words(MAX.rowDescription) }), { maxLength: 6 }) }), { maxLength: 4 }),
  }),
  link: fc.record({
    ...texts,
    button: words(MAX.button),
    url: fc.oneof(fc.webUrl(), fc.constantFrom('', 'https://x', 'javascript:alert(1)', 'https://a.gt/x y', `https://a.gt/${'x'.repeat(MAX.url)}`)),
  }),
  askLocation: fc.record({ body: words(MAX.body) }),
};

describe.each(Object.keys(FORMS) as CardKind[])('%s', (kind) => {
  test('whatever is filled in, what may be sent passes the rules of Meta', () => {
    let ready = 0;
    fc.assert(
      fc.property(FORMS[kind] as fc.Arbitrary<never>, (form) => {
        const check = checkCard(kind, form);
        if (check.status !== 'ready') return;
        ready += 1;
        const content = check.content.kind === 'location' ? { ...check.content, url: null } : check.content;
        expect(judgeContent(content as OutboundContent)).toBeNull();
      }),
      { numRuns: 600, seed: 4 },
    );
    expect(ready).toBeGreaterThan(0);
  });
});

const problemOf = <K extends CardKind>(kind: K, form: CardForms[K]): string => {
  const check = checkCard(kind, form);
  return check.status === 'incomplete' ? check.problem : 'none';
};
const LIST: CardForms['list'] = { header: '', body: '¿Cuál?', footer: '', button: 'Ver', sections: [{ title: '', rows: [{ title: 'Mañana', detail: '' }] }] };
const rows = (count: number, from = 0): CardForms['list']['sections'][number]['rows'] => Array.from({ length: count }, (_, index) => ({ title: `Opción ${from + index}`, detail: '' }));

test('what is missing is named, one thing at a time', () => {
  expect(problemOf('buttons', { header: '', body: '', footer: '', buttons: ['Sí'] })).toBe('body');
  expect(problemOf('buttons', { header: '', body: '¿Va?', footer: '', buttons: ['', ' '] })).toBe('button');
  expect(problemOf('buttons', { header: '', body: '¿Va?', footer: '', buttons: ['Sí', 'Sí '] })).toBe('same');
  expect(problemOf('buttons', { header: '', body: '¿Va?', footer: '', buttons: ['x'.repeat(21)] })).toBe('tooLong');
  expect(problemOf('buttons', { header: '', body: '¿Va?', footer: '', buttons: ['Sí', '', 'No'] })).toBe('none');
  expect(problemOf('list', LIST)).toBe('none');
  expect(problemOf('list', { ...LIST, button: '' })).toBe('opens');
  expect(problemOf('list', { ...LIST, sections: [] })).toBe('row');
  expect(
    problemOf('list', {
      ...LIST,
      sections: [
        { title: 'Hoy', rows: rows(1) },
        { title: '', rows: rows(1, 1) },
      ],
    }),
  ).toBe('sectionTitle');
  expect(
    problemOf('list', {
      ...LIST,
      sections: [
        { title: 'Hoy', rows: rows(6) },
        { title: 'Mañana', rows: rows(5, 6) },
      ],
    }),
  ).toBe('rowsFull');
  expect(problemOf('link', { header: '', body: 'Mire', footer: '', button: 'Abrir', url: 'mañana' })).toBe('url');
  const typed = checkCard('link', { header: '', body: 'Mire', footer: '', button: 'Abrir', url: ' ejemplo.com/catalogo ' });
  expect(typed).toMatchObject({ content: { interactive: { url: 'https://ejemplo.com/catalogo' } } });
  expect(problemOf('location', { source: '', latitude: '14.6', longitude: '', name: '', address: '' })).toBe('location');
  expect(problemOf('contacts', [{ name: 'Ana', organization: '', phones: [''], email: '', onWhatsApp: null }])).toBe('contacts');
});

test('an empty section of a list is left out, and ids count over all sections', () => {
  const check = checkCard('list', {
    ...LIST,
    sections: [
      { title: '', rows: [{ title: '', detail: '' }] },
      { title: 'A', rows: rows(2) },
      { title: 'B', rows: rows(1, 2) },
    ],
  });
  expect(check).toMatchObject({
    content: {
      interactive: {
        sections: [
          { title: 'A', rows: [{ id: 'opcion_1' }, { id: 'opcion_2' }] },
          { title: 'B', rows: [{ id: 'opcion_3' }] },
        ],
      },
    },
  });
});
