import { describe, expect, it } from 'vitest';
import type { OutboundContent } from '../../../contract/ops/op.ts';
import { judgeContent, prepareMessage, type Outbound } from '../../../contract/whatsapp/build-message.ts';
import type { ContactCard, Interactive } from '../../../contract/whatsapp/message-content.ts';

const media = { id: null, sha256: 'a'.repeat(64), mimeType: 'image/jpeg', bytes: 10, width: null, height: null, durationMs: null };
const card: ContactCard = {
  name: 'Ana',
  organization: 'Taller',
  phones: [{ phone: '+502 5555 0000', type: 'CELL', waId: '50255550000' }],
  emails: [{ email: 'a@b.gt', type: null }],
  urls: [{ url: 'https://b.gt' }],
  addresses: [{ text: '4a calle' }],
  birthday: '1990-02-01',
};
const bodyOf = (content: OutboundContent, more: Partial<Outbound> = {}) => {
  const prepared = prepareMessage({ content, recipient: { to: '+50255551234' }, quotedWamid: null, targetWamid: null, mediaId: 'meta-1', callbackData: 'id-1', ...more });
  if (prepared.status === 'refused') throw new Error(prepared.problem.detail);
  return prepared.body;
};
const interactive = (value: Interactive): OutboundContent => ({ kind: 'interactive', interactive: value });
const buttons = (titles: string[]): OutboundContent => interactive({ type: 'button', body: '?', header: null, footer: null, buttons: titles.map((title, index) => ({ id: String(index), title })) });
const list = (sections: { title: string | null; rows: number }[]): OutboundContent =>
  interactive({
    type: 'list',
    body: '?',
    header: null,
    footer: null,
    button: 'Ver',
    sections: sections.map(({ title, rows }, at) => ({ title, rows: Array.from({ length: rows }, (_, row) => ({ id: `${at}-${row}`, title: 'x', description: null })) })),
  });

describe("the body in Meta's words", () => {
  const head = { messaging_product: 'whatsapp', recipient_type: 'individual', to: '+50255551234', biz_opaque_callback_data: 'id-1' };
  it.each<[string, OutboundContent, Record<string, unknown>]>([
    ['text', { kind: 'text', text: 'Hola' }, { type: 'text', text: { body: 'Hola', preview_url: false } }],
    ['text with a link shown', { kind: 'text', text: 'https://a.gt', hasPreview: true }, { type: 'text', text: { body: 'https://a.gt', preview_url: true } }],
    ['image', { kind: 'image', media, caption: 'foto' }, { type: 'image', image: { id: 'meta-1', caption: 'foto' } }],
    ['video without words', { kind: 'video', media, caption: '' }, { type: 'video', video: { id: 'meta-1' } }],
    ['document', { kind: 'document', media, filename: 'factura.pdf', caption: null }, { type: 'document', document: { id: 'meta-1', filename: 'factura.pdf' } }],
    ['audio', { kind: 'audio', media, isVoice: false }, { type: 'audio', audio: { id: 'meta-1' } }],
    ['voice note', { kind: 'audio', media, isVoice: true }, { type: 'audio', audio: { id: 'meta-1', voice: true } }],
    ['sticker', { kind: 'sticker', media, isAnimated: false }, { type: 'sticker', sticker: { id: 'meta-1' } }],
    [
      'location',
      { kind: 'location', latitude: 14.6, longitude: -90.5, name: 'Taller', address: null, url: null },
      { type: 'location', location: { latitude: 14.6, longitude: -90.5, name: 'Taller' } },
    ],
    [
      'contact card',
      { kind: 'contacts', contacts: [card] },
      {
        type: 'contacts',
        contacts: [
          {
            name: { formatted_name: 'Ana', first_name: 'Ana' },
            org: { company: 'Taller' },
            birthday: '1990-02-01',
            phones: [{ phone: '+502 5555 0000', type: 'CELL', wa_id: '50255550000' }],
            emails: [{ email: 'a@b.gt' }],
            urls: [{ url: 'https://b.gt' }],
            addresses: [{ street: '4a calle' }],
          },
        ],
      },
    ],
    [
      'reply buttons',
      interactive({ type: 'button', body: '¿Seguimos?', header: 'Cita', footer: '', buttons: [{ id: 'si', title: 'Sí' }] }),
      {
        type: 'interactive',
        interactive: { type: 'button', header: { type: 'text', text: 'Cita' }, body: { text: '¿Seguimos?' }, action: { buttons: [{ type: 'reply', reply: { id: 'si', title: 'Sí' } }] } },
      },
    ],
    [
      'list',
      list([{ title: null, rows: 1 }]),
      { type: 'interactive', interactive: { type: 'list', body: { text: '?' }, action: { button: 'Ver', sections: [{ rows: [{ id: '0-0', title: 'x' }] }] } } },
    ],
    [
      'link button',
      interactive({ type: 'cta_url', body: 'Pague aquí', header: null, footer: 'Gracias', button: 'Pagar', url: 'https://a.gt' }),
      {
        type: 'interactive',
        interactive: { type: 'cta_url', body: { text: 'Pague aquí' }, footer: { text: 'Gracias' }, action: { name: 'cta_url', parameters: { display_text: 'Pagar', url: 'https://a.gt' } } },
      },
    ],
    [
      'location request',
      interactive({ type: 'location_request_message', body: '¿Dónde?' }),
      { type: 'interactive', interactive: { type: 'location_request_message', body: { text: '¿Dónde?' }, action: { name: 'send_location' } } },
    ],
  ])('%s', (_name, content, expected) => {
    expect(judgeContent(content)).toBeNull();
    expect(bodyOf(content)).toEqual({ ...head, ...expected });
    expect(bodyOf(content, { quotedWamid: 'wamid.Q' })).toEqual({ ...head, ...expected, context: { message_id: 'wamid.Q' } });
  });

  it('a reaction names its message and quotes nothing, which Meta would refuse', () => {
    expect(bodyOf({ kind: 'reaction', emoji: '' }, { targetWamid: 'wamid.T', quotedWamid: 'wamid.Q', mediaId: null })).toEqual({
      ...head,
      type: 'reaction',
      reaction: { message_id: 'wamid.T', emoji: '' },
    });
  });

  it('goes to the user id of a person without a number', () => {
    const body = bodyOf({ kind: 'text', text: 'Hola' }, { recipient: { recipient: 'GT.1A2b' } });
    expect(body).toMatchObject({ recipient: 'GT.1A2b' });
    expect(body).not.toHaveProperty('to');
  });
});

describe('what Meta would refuse is named in the words of the composer', () => {
  it.each<[OutboundContent, string, string, number | null]>([
    [{ kind: 'text', text: '' }, 'text', 'missing', null],
    [{ kind: 'text', text: 'x'.repeat(4097) }, 'text', 'too_long', 4096],
    [{ kind: 'image', media, caption: 'x'.repeat(1025) }, 'caption', 'too_long', 1024],
    [{ kind: 'document', media, filename: 'x'.repeat(241), caption: null }, 'filename', 'too_long', 240],
    [{ kind: 'location', latitude: 91, longitude: 0, name: null, address: null, url: null }, 'latitude', 'invalid', null],
    [{ kind: 'contacts', contacts: [] }, 'contacts', 'missing', null],
    [{ kind: 'contacts', contacts: [{ ...card, name: '' }] }, 'contacts.0.name', 'missing', null],
    [{ kind: 'contacts', contacts: [card, { ...card, birthday: '1 de mayo' }] }, 'contacts.1.birthday', 'invalid', null],
    [buttons([]), 'interactive.buttons', 'missing', null],
    [buttons(['a', 'b', 'c', 'd']), 'interactive.buttons', 'too_many', 3],
    [buttons(['Sí', 'x'.repeat(21)]), 'interactive.buttons.1.title', 'too_long', 20],
    [buttons(['Sí', 'Sí']), 'interactive.buttons.1.title', 'repeated', null],
    [
      list([
        { title: 'A', rows: 1 },
        { title: '', rows: 1 },
      ]),
      'interactive.sections.1.title',
      'missing',
      null,
    ],
    [
      list([
        { title: 'A', rows: 6 },
        { title: 'B', rows: 5 },
      ]),
      'interactive.sections',
      'too_many',
      10,
    ],
    [interactive({ type: 'cta_url', body: '', header: null, footer: null, button: 'Ir', url: 'https://a.gt' }), 'interactive.body', 'missing', null],
    [interactive({ type: 'cta_url', body: 'x', header: 'x'.repeat(61), footer: null, button: 'Ir', url: 'https://a.gt' }), 'interactive.header', 'too_long', 60],
    [interactive({ type: 'cta_url', body: 'x', header: null, footer: null, button: 'x'.repeat(21), url: 'https://a.gt' }), 'interactive.button', 'too_long', 20],
    [interactive({ type: 'cta_url', body: 'x', header: null, footer: null, button: 'Ir', url: 'a.gt' }), 'interactive.url', 'invalid', null],
    [{ kind: 'reaction', emoji: 'ok' }, 'emoji', 'invalid', null],
    [{ kind: 'reaction', emoji: '👍👍' }, 'emoji', 'invalid', null],
  ])('%j', (content, field, reason, limit) => {
    expect(judgeContent(content)).toMatchObject({ field, reason, limit });
  });

  it.each(['👍', '❤️', '❤', '👨‍👩‍👧‍👦', '🇬🇹', '👋🏽', ''])('takes %s as a reaction', (emoji) => {
    expect(judgeContent({ kind: 'reaction', emoji })).toBeNull();
  });
});
