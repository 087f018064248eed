import { describe, expect, it } from 'vitest';
import { checkSendMessage } from '../../../contract/whatsapp/send-message.ts';
import cases from '../../fixtures/send-cases.json' with { type: 'json' };

const base = { messaging_product: 'whatsapp', to: '+50255551234' };
const refusal = (body: unknown): { code: number; details: string } | null => {
  const check = checkSendMessage(body);
  return check.status === 'refused' ? { code: check.code, details: check.details } : null;
};

/** What each of the invalid cases is about. */
const FIELDS: Record<string, string> = {
  'no messaging_product': 'messaging_product',
  'no recipient': 'to',
  'empty text': 'text.body',
  '4097 characters': 'text.body',
  'type without object': 'image',
  'id and link': 'image',
  'audio caption': 'audio.caption',
  'sticker caption': 'sticker.caption',
  'image filename': 'image.filename',
  'four buttons': 'interactive.action.buttons',
  'button title too long': 'interactive.action.buttons.0.reply.title',
  'list row title too long': 'interactive.action.sections.0.rows.0.title',
  'two sections without titles': 'interactive.action.sections.0.title',
  'list with image header': 'interactive.header.type',
  'interactive without body': 'interactive.body',
  'flow with id and name': 'interactive.action.parameters',
  'template without language': 'template.language',
  'template name upper case': 'template.name',
  'template language with hyphen': 'template.language.code',
  'line break in template value': 'template.components.0.parameters.0.text',
  'five spaces in template value': 'template.components.0.parameters.0.text',
  'template button without index': 'template.components.0.index',
  'reaction with context': 'context',
  'reaction without emoji': 'reaction.emoji',
  'callback data too long': 'biz_opaque_callback_data',
  'latitude out of range': 'location.latitude',
  'contact without formatted_name': 'contacts.0.name.formatted_name',
  'misspelt key': 'text.previewUrl',
  'wrong type name': 'type',
  'mark read without id': 'message_id',
};

describe('bodies that Meta accepts', () => {
  it.each(cases.valid.map(({ name, body }) => [name, body] as const))('would be blocked on this desktop: %s', (name, body) => {
    expect(refusal(body)).toBeNull();
    expect(checkSendMessage(body).status).toBe(name.startsWith('mark read') ? 'read_mark' : 'message');
  });

  it('would be blocked when a template component is written in capitals', () => {
    expect(refusal({ ...base, type: 'template', template: { name: 'a', language: { code: 'es' }, components: [{ type: 'BODY', parameters: [{ type: 'text', text: 'Ana' }] }] } })).toBeNull();
  });

  it('reads a body without a type as text', () => {
    expect(checkSendMessage({ ...base, text: { body: 'Hola' } })).toMatchObject({ status: 'message', message: { type: 'text' } });
  });
});

describe('bodies that Meta refuses', () => {
  it.each(cases.invalid.map(({ name, why, likely_code: code, body }) => [name, why, code, body] as const))('would reach Meta: %s (%s)', (_name, _why, code, body) => {
    expect(refusal(body)?.code).toBe(code);
  });

  it.each(cases.invalid.map(({ name, body }) => [name, body] as const))('would leave people guessing which field is meant: %s', (name, body) => {
    const check = checkSendMessage(body);
    if (check.status !== 'refused') throw new Error('it was taken');
    expect(check.field).toBe(FIELDS[name]);
    expect(check.details.startsWith(`${check.field}: `), check.details).toBe(true);
  });

  it('would leave people guessing if the text did not name the field', () => {
    expect(refusal({ ...base, type: 'text', text: { body: '' } })?.details).toMatch(/^text\.body: /);
    expect(refusal({ ...base, type: 'text', text: { body: 'x', previewUrl: true } })?.details).toContain('previewUrl');
    expect(
      refusal({ ...base, type: 'interactive', interactive: { type: 'list', body: { text: '?' }, action: { button: 'Ver', sections: [{ rows: [{ id: '1', title: 'x'.repeat(25) }] }] } } })?.details,
    ).toMatch(/^interactive\.action\.sections\.0\.rows\.0\.title: /);
  });

  it('would send eleven list rows spread over sections', () => {
    const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: String(from + index), title: 'x' }));
    const sections = [
      { title: 'a', rows: rows(0, 6) },
      { title: 'b', rows: rows(6, 5) },
    ];
    expect(refusal({ ...base, type: 'interactive', interactive: { type: 'list', body: { text: '?' }, action: { button: 'Ver', sections } } })?.code).toBe(131009);
  });

  it('would send two buttons that look the same', () => {
    const buttons = ['a', 'b'].map((id) => ({ type: 'reply', reply: { id, title: 'Sí' } }));
    expect(refusal({ ...base, type: 'interactive', interactive: { type: 'button', body: { text: '?' }, action: { buttons } } })?.code).toBe(131009);
  });

  it('would throw on something that is no object', () => {
    for (const body of [null, 'x', 1, [], undefined]) expect(refusal(body)?.code).toBe(100);
  });

  it('would accept two values for one template header', () => {
    const components = [
      {
        type: 'header',
        parameters: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ];
    expect(refusal({ ...base, type: 'template', template: { name: 'a', language: { code: 'es' }, components } })?.code).toBe(132000);
  });
});
