import { expect, test } from 'vitest';
import type { TemplateDesign } from '../../../../contract/whatsapp/template-definition.ts';
import { fieldOfRefusal, toRefusal } from '../../../../main/engine/templates/refusal-fields.ts';

const design: TemplateDesign = {
  name: 'aviso',
  language: 'es',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  header: { format: 'TEXT', text: 'Aviso {{1}}', sample: 'x' },
  body: 'Hola {{1}}, gracias.',
  footer: 'Taller',
  buttons: [
    { type: 'QUICK_REPLY', text: 'Sí' },
    { type: 'URL', text: 'Ver', url: 'https://example.com/{{1}}', sample: 'a' },
  ],
  samples: { '1': 'Rosa' },
};
const refused = (detail: string | null, subcode: number | null = null, text: string | null = null) => ({
  status: 'refused' as const,
  error: { code: 100, title: 'Invalid parameter', detail },
  retry: 'fix' as const,
  waitMs: 0,
  isAccountWide: false,
  words: { subcode, title: null, text },
});

test.each<[string | null, number | null, string | null, string | null]>([
  // Paths as they are told.
  ['components[1].text: a variable cannot be at the start or end', 2388299, null, 'body'],
  ['components[1].example.body_text: must hold one array', 2388043, null, 'samples'],
  ["Param components[1]['example'] must be an array", null, null, 'samples'],
  ['components[0].text: has 61 characters', 2388040, null, 'header.text'],
  ['components[0].example.header_text: a sample is empty', null, null, 'header.sample'],
  ['components[2].text: a footer cannot have variables', 2388073, null, 'footer'],
  ['components[3].buttons[1].url: is not a web address', null, null, 'buttons.1.url'],
  ['components[3].buttons[1].example: must be an array', null, null, 'buttons.1.sample'],
  ['components[3].buttons: 11 buttons', null, null, 'buttons'],
  ['name: was deleted', 2388023, null, 'name'],
  ['(#100) Param language must be one of {…}', null, null, 'language'],
  ['component of type BODY is missing expected field(s) (example)', null, null, 'samples'],
  // Subcodes, whatever the language of the words.
  [null, 2388299, 'Las variables no pueden estar al principio ni al final.', 'body'],
  [null, 2388293, 'Hay demasiadas variables para lo largo del texto.', 'body'],
  [null, 2388047, 'El formato no es válido', 'header.text'],
  [null, 2388024, 'Ya hay contenido en Spanish', 'language'],
  [null, 2388019, 'You have 250 templates; delete unused template names.', null],
  // Words only.
  [null, null, 'The button URL is not valid', 'buttons'],
  [null, 2388040, 'El pie supera los 60 caracteres', 'footer'],
  [null, null, 'Algo salió mal', null],
])('%s (%s) %s is about %s', (detail, subcode, text, field) => {
  expect(fieldOfRefusal(refused(detail, subcode, text), design)).toBe(field);
});

test('what the design does not have is never pointed at', () => {
  const plain = { ...design, header: null, buttons: [] };
  expect(fieldOfRefusal(refused(null, 2388047), plain)).toBeNull();
  expect(fieldOfRefusal(refused('components[0].text: too long'), plain)).toBe('body');
  expect(fieldOfRefusal(refused(null, null, 'The button is wrong'), plain)).toBeNull();
});

test("Meta's own words for people come before its technical ones", () => {
  expect(toRefusal({ ...refused('components[1].text: x', 2388299), words: { subcode: 2388299, title: 'No se puede', text: 'Cambie el texto' } }, design)).toEqual({
    field: 'body',
    code: 100,
    subcode: 2388299,
    title: 'No se puede',
    text: 'Cambie el texto',
  });
});
