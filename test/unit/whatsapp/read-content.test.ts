/** What Meta writes about a message, read into our own shapes: each documented type, and what is wrong with it in practice. */
import { describe, expect, it } from 'vitest';
import { messageContentSchema, messageContextSchema } from '../../../contract/whatsapp/message-content.ts';
import { readInboundContent, readMessageContext, readMessageError, readPricing, readSha256, readTarget } from '../../../contract/whatsapp/read-content.ts';
import { MESSAGE_KINDS, sampleMessage, type MessageKind } from '../../../main/demo/meta/sample-messages.ts';

const HEX = '00376ea5dc134a81b8ef265d94cb023970a7de154c83baf1285f96cd043b72a9';
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');
const file = { id: '1400000071300010', mime_type: 'Image/JPEG; charset=binary', sha256: BASE64 };
const media = (mimeType: string) => ({ id: file.id, sha256: HEX, mimeType, bytes: null, width: null, height: null, durationMs: null });

const samples: Record<MessageKind, object> = {
  text: { kind: 'text', text: 'Buenas tardes, ¿atienden en *sábado*? https://ejemplo.gt/horario' },
  emoji: { kind: 'text', text: '🙏👍' },
  image: { kind: 'image', caption: 'Así amaneció el tablero', media: { id: '1', mimeType: 'image/jpeg' } },
  video: { kind: 'video', caption: 'El ruido de la bomba', media: { mimeType: 'video/mp4' } },
  document: { kind: 'document', filename: 'orden de compra.pdf', caption: 'Adjunto la orden' },
  audio: { kind: 'audio', isVoice: false, media: { mimeType: 'audio/ogg' } },
  voice: { kind: 'audio', isVoice: true },
  sticker: { kind: 'sticker', isAnimated: false, media: { mimeType: 'image/webp' } },
  location: { kind: 'location', latitude: 14.5586, longitude: -90.7295, name: 'Parque Central' },
  contacts: {
    kind: 'contacts',
    contacts: [
      {
        name: 'Rosa Tzoc',
        organization: 'Ferretería El Valle',
        phones: [
          { phone: '+502 5550 1208', type: 'CELL', waId: '50255501208' },
          { phone: '+502 2334 0000', type: 'WORK', waId: null },
        ],
        emails: [{ email: 'rosa@ejemplo.gt', type: 'WORK' }],
        urls: [{ url: 'https://ejemplo.gt' }],
        addresses: [{ text: '6a. avenida 4-22, Guatemala, Guatemala' }],
        birthday: null,
      },
    ],
  },
  button: { kind: 'choice', source: 'template_button', title: 'Sí, confirmo', id: 'confirm-visit', description: null },
  button_reply: { kind: 'choice', source: 'reply_button', title: 'El martes', id: 'visit-tuesday', description: null },
  list_reply: { kind: 'choice', source: 'list_row', title: 'Extracción de lodos', id: 'service-sludge', description: 'Camión de 10 m³' },
  flow_reply: {
    kind: 'flow_reply',
    name: 'flow',
    text: 'Sent',
    fields: [
      { key: 'nombre', value: 'Rosa Tzoc' },
      { key: 'casas', value: '86' },
    ],
  },
  flow_reply_broken: { kind: 'flow_reply', fields: null, raw: '{"nombre":"Rosa' },
  order: { kind: 'order', catalogId: '880000000000001', text: 'Para entregar el viernes', items: [{ productId: 'CLORO-20L', quantity: 3, price: 185.5, currency: 'GTQ' }] },
  request_welcome: { kind: 'system', event: 'welcome_requested' },
  identity_changed: { kind: 'system', event: 'identity_changed', text: 'The customer changed devices' },
  unsupported: { kind: 'other', type: 'unsupported', text: 'poll_creation' },
  unknown: { kind: 'other', type: 'unknown', text: 'Open the chat on the phone to see it' },
  of_the_future: { kind: 'other', type: 'hologram', text: null },
  ad: { kind: 'text', text: 'Vi su anuncio, ¿cuánto cuesta?' },
  product_question: { kind: 'text' },
  forwarded: { kind: 'text' },
};

describe('each type that WhatsApp delivers', () => {
  it.each(MESSAGE_KINDS)('%s', (kind) => {
    const content = readInboundContent(sampleMessage(kind, { add: (mimeType, bytes) => ({ id: '1', mimeType, bytes, kind: null }) }));
    expect(messageContentSchema.parse(content)).toEqual(content);
    expect(content).toMatchObject(samples[kind]);
  });

  it.each([
    ['a digest in base64, parameters of the type', { type: 'image', image: { ...file, caption: 'x' } }, { kind: 'image', media: media('image/jpeg'), caption: 'x' }],
    [
      'a digest in hex, a size',
      { type: 'video', video: { ...file, sha256: HEX.toUpperCase(), mime_type: 'video/mp4', file_size: '4321' } },
      { kind: 'video', media: { ...media('video/mp4'), bytes: 4321 }, caption: null },
    ],
    ['a file without digest or type', { type: 'sticker', sticker: { id: 7, animated: true } }, { kind: 'sticker', media: { ...media('image/webp'), id: '7', sha256: null }, isAnimated: true }],
    ['the older type voice', { type: 'voice', voice: { ...file, mime_type: 'audio/ogg; codecs=opus' } }, { kind: 'audio', media: media('audio/ogg'), isVoice: true }],
    ['a file that nothing names', { type: 'image', image: { caption: 'la foto' } }, { kind: 'other', type: 'image', text: 'la foto' }],
    ['a type whose object is missing', { type: 'audio' }, { kind: 'other', type: 'audio', text: null }],
    ['no type, but an object that tells', { text: { body: 'hola' } }, { kind: 'text', text: 'hola' }],
    ['nothing', {}, { kind: 'other', type: 'unknown', text: null }],
    ['a disappearing message', { type: 'ephemeral' }, { kind: 'other', type: 'ephemeral', text: null }],
    ['coordinates as text', { type: 'location', location: { latitude: '14.5', longitude: '-90.5' } }, { kind: 'location', latitude: 14.5, longitude: -90.5, name: null, address: null, url: null }],
    ['coordinates that are none', { type: 'location', location: { latitude: 'LATITUDE', longitude: 300, name: 'Taller' } }, { kind: 'other', type: 'location', text: 'Taller' }],
    [
      'a card with nothing but a number',
      { type: 'contacts', contacts: [{ phones: [{ wa_id: '50255501208' }, null] }, 7] },
      { kind: 'contacts', contacts: [{ name: '50255501208', phones: [{ phone: '50255501208', type: null, waId: '50255501208' }] }] },
    ],
    ['an empty reply', { type: 'interactive', interactive: {} }, { kind: 'other', type: 'interactive', text: null }],
    [
      'a reply of another kind',
      { type: 'interactive', interactive: { type: 'call_permission_reply', call_permission_reply: {} } },
      { kind: 'other', type: 'interactive', text: 'call_permission_reply' },
    ],
    ['a form that is no object', { type: 'interactive', interactive: { nfm_reply: { response_json: '[1]' } } }, { kind: 'flow_reply', fields: null, raw: '[1]' }],
    [
      'a form given as an object',
      { type: 'interactive', interactive: { nfm_reply: { response_json: { a: { b: 1 }, c: '' } } } },
      {
        kind: 'flow_reply',
        fields: [
          { key: 'a', value: '{"b":1}' },
          { key: 'c', value: '' },
        ],
        raw: '{"a":{"b":1},"c":""}',
      },
    ],
    [
      'an order whose numbers are words',
      { type: 'order', order: { product_items: [{ product_retailer_id: 'x', quantity: 'number-of-item', item_price: '12.50' }] } },
      { kind: 'order', items: [{ productId: 'x', quantity: null, price: 12.5, currency: null }] },
    ],
    ['a reaction without emoji', { type: 'reaction', reaction: { message_id: 'w' } }, { kind: 'reaction', emoji: '' }],
    ['an edit', { type: 'edit', edit: { original_message_id: 'w', message: { type: 'text', text: { body: 'a las 9' } } } }, { kind: 'edit', content: { kind: 'text', text: 'a las 9' } }],
    ['a revoke', { type: 'revoke', revoke: { original_message_id: 'w' } }, { kind: 'revoke' }],
    ['a new number', { type: 'system', from: '1', system: { type: 'user_changed_number', body: 'b', new_wa_id: '2' } }, { kind: 'system', event: 'number_changed', text: 'b', from: '1', to: '2' }],
    ['a new user id', { type: 'system', system: { type: 'user_changed_user_id', user_id: 'GT.2', previous_user_id: 'GT.1' } }, { kind: 'system', event: 'user_id_changed', from: 'GT.1', to: 'GT.2' }],
  ])('%s', (_, payload, expected) => {
    const content = readInboundContent(payload);
    expect(messageContentSchema.parse(content)).toEqual(content);
    expect(content).toMatchObject(expected);
  });

  it('a form nested so deeply that it could not be written again stops nothing', () => {
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(readInboundContent({ type: 'interactive', interactive: { nfm_reply: { response_json: deep } } })).toMatchObject({ kind: 'flow_reply', raw: deep });
  });
});

describe('what a message is about', () => {
  it.each([
    [{ type: 'reaction', reaction: { message_id: 'w' } }, 'w'],
    [{ type: 'edit', edit: { original_message_id: 'w', message: { type: 'text', text: { body: 'x' } } } }, 'w'],
    [{ type: 'edit', edit: { original_message_id: 'w' } }, null],
    [{ type: 'revoke', revoke: { original_message_id: 'w' } }, 'w'],
    [{ type: 'revoke' }, null],
    [{ type: 'text', text: { body: 'x' }, context: { id: 'w' } }, null],
  ])('%j: %s', (payload, target) => expect(readTarget(payload)).toBe(target));
});

describe('what a message came with', () => {
  it.each([
    [{}, null],
    [{ context: { id: 'w', from: '1' } }, null],
    [{ context: { forwarded: true } }, { isForwarded: true, isFrequentlyForwarded: false, referral: null, product: null }],
    [{ context: { frequently_forwarded: true } }, { isForwarded: true, isFrequentlyForwarded: true }],
    [{ context: { referred_product: { catalog_id: 'c', product_retailer_id: 'p' } } }, { product: { catalogId: 'c', productId: 'p' } }],
    [
      { referral: { headline: 'h', source_url: 'https://fb.me/x', source_type: 'ad', video_url: 'v', ctwa_clid: 'k' } },
      { referral: { headline: 'h', body: null, url: 'https://fb.me/x', sourceType: 'ad', mediaUrl: 'v', clickId: 'k' } },
    ],
    [{ context: 'x', referral: [] }, null],
  ])('%j', (payload, expected) => {
    const context = readMessageContext(payload);
    if (expected === null) return expect(context).toBeNull();
    expect(messageContextSchema.parse(context)).toMatchObject(expected);
  });
});

it.each([
  [BASE64, HEX],
  [BASE64.replaceAll('+', '-').replaceAll('/', '_').replace('=', ''), HEX],
  [HEX, HEX],
  ['IMAGE_HASH', null],
  ['', null],
  [null, null],
  [`${BASE64}AAAA`, null],
])('the digest %s is %s', (given, hex) => expect(readSha256(given)).toBe(hex));

it('a price is what it says, or nothing', () => {
  expect(readPricing({ billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' })).toEqual({ category: 'service', type: 'regular', model: 'PMP', isBillable: true });
  expect(readPricing({ category: 'service', billable: 'yes' })).toEqual({ category: 'service', type: null, model: null, isBillable: null });
  expect(readPricing({})).toBeNull();
  expect(readPricing('x')).toBeNull();
});

it.each([
  [
    { code: '131026', title: 't', error_data: { details: 'd' } },
    { code: 131026, title: 't', detail: 'd' },
  ],
  [
    { code: 1, message: 'm' },
    { code: 1, title: 'm', detail: 'm' },
  ],
  [{ title: 'without a code' }, null],
  [{ code: { toString: 1 } }, null],
])('the error %j', (given, expected) => expect(readMessageError(given)).toEqual(expected));
