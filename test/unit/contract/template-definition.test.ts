import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../../contract/json.ts';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import { readMetaTemplate, toMetaTemplate, type TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import { isSendable } from '../../../contract/whatsapp/template-slots.ts';

const meta = (components: unknown[], more: Record<string, unknown> = {}) => ({ id: '1', name: 'aviso', language: 'es', status: 'APPROVED', category: 'UTILITY', components, ...more });
const BODY = { type: 'BODY', text: 'Su visita es el lunes.' };
const buttons = (...list: unknown[]) => ({ type: 'BUTTONS', buttons: list });

test('an id that no number holds exactly stays as it is written, other numbers stay numbers', () => {
  const json = parseExactJson('{"id": 9007199254740993, "small": 42, "share": 1.5, "text": "9007199254740993"}');
  expect(json).toEqual({ id: '9007199254740993', small: 42, share: 1.5, text: '9007199254740993' });
  expect(readMetaTemplate(parseExactJson(JSON.stringify(meta([BODY])).replace('"id":"1"', '"id":9007199254740993')))?.metaId).toBe('9007199254740993');
});

describe('a template of the account', () => {
  test('with what is known is read whole', () => {
    const template = readMetaTemplate(
      meta([BODY, buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone_number: '+502' }, { type: 'URL', text: 'Ver', url: 'https://a.gt/{{1}}', example: ['https://a.gt/SOL-1'] })], {
        language: 'es-MX',
        rejected_reason: 'NONE',
      }),
    );
    expect(template).toMatchObject({
      language: 'es_MX',
      rejectedReason: null,
      buttons: [
        { type: 'PHONE_NUMBER', text: 'Llamar', phone: '+502' },
        { type: 'URL', url: 'https://a.gt/{{1}}', sample: 'SOL-1' },
      ],
    });
    expect(isSendable(template!)).toBe(true);
  });

  test.each([
    ['a button of a new kind', [BODY, buttons({ type: 'TELEPATHY', text: 'Pensar' }, { type: 'QUICK_REPLY', text: 'Sí' })], 2],
    ['a button that is none', [BODY, buttons(7, { type: 'QUICK_REPLY', text: 'Sí' })], 2],
    ['cards', [BODY, { type: 'CAROUSEL', cards: [] }], 1],
    ['a header of a new kind', [{ type: 'HEADER', format: 'PRODUCT' }, BODY], 1],
  ])('with %s is shown and cannot be sent', (_what, components, count) => {
    const template = readMetaTemplate(meta(components));
    expect(template).toMatchObject({ name: 'aviso', body: BODY.text });
    expect(template?.buttons).toHaveLength(count);
    expect(isSendable(template!)).toBe(false);
  });
});

const named: TemplateDesign = {
  name: 'cita',
  language: 'en_US',
  category: 'UTILITY',
  parameterFormat: 'NAMED',
  header: { format: 'TEXT', text: 'Request {{request}}', sample: 'SOL-1' },
  body: 'Dear {{name}}, we come on {{day}} in the morning.',
  footer: 'Workshop',
  buttons: [
    { type: 'QUICK_REPLY', text: 'Fine' },
    { type: 'URL', text: 'See', url: 'https://a.gt/{{1}}', sample: 'SOL-1' },
    { type: 'FLOW', text: 'Fill', flowId: '12' },
  ],
  samples: { name: 'Mary', day: 'Monday' },
};
test.each<[string, TemplateDesign]>([...Object.entries(BUILTIN_TEMPLATES), ['a named one with everything', named]])('%s is read back as it was designed', (_name, design) => {
  expect(readMetaTemplate({ id: '1', status: 'PENDING', ...toMetaTemplate(design) })).toMatchObject(design);
});
