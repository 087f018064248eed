/**
 * One message of each type that WhatsApp delivers, as Meta writes it (Cloud API, webhooks, field `messages`): for trying by
 * hand and for tests. `{type, …}` without id, sender and time.
 */
import type { MediaStore } from './media-store.ts';
import { addSample } from './sample-media.ts';

type Sample = { type: string } & Record<string, unknown>;
type Maker = (media: Pick<MediaStore, 'add'>) => Sample;

const SAMPLES = {
  text: () => ({ type: 'text', text: { body: 'Buenas tardes, ¿atienden en *sábado*? https://ejemplo.gt/horario' } }),
  emoji: () => ({ type: 'text', text: { body: '🙏👍' } }),
  image: (media) => ({ type: 'image', image: { caption: 'Así amaneció el tablero', ...addSample('photo', media) } }),
  video: (media) => ({ type: 'video', video: { caption: 'El ruido de la bomba', ...addSample('video', media) } }),
  document: (media) => ({ type: 'document', document: { filename: 'orden de compra.pdf', caption: 'Adjunto la orden', ...addSample('document', media) } }),
  audio: (media) => ({ type: 'audio', audio: { ...addSample('voice', media), voice: false } }),
  voice: (media) => ({ type: 'audio', audio: { ...addSample('voice', media), voice: true } }),
  sticker: (media) => ({ type: 'sticker', sticker: { ...addSample('sticker', media), animated: false } }),
  location: () => ({ type: 'location', location: { latitude: 14.5586, longitude: -90.7295, name: 'Parque Central', address: '5a. Calle Poniente, Antigua Guatemala' } }),
  contacts: () => ({
    type: 'contacts',
    contacts: [
      {
        name: { formatted_name: 'Rosa Tzoc', first_name: 'Rosa', last_name: 'Tzoc' },
        org: { company: 'Ferretería El Valle' },
        phones: [
          { phone: '+502 5550 1208', type: 'CELL', wa_id: '50255501208' },
          { phone: '+502 2334 0000', type: 'WORK' },
        ],
        emails: [{ email: 'rosa@ejemplo.gt', type: 'WORK' }],
        urls: [{ url: 'https://ejemplo.gt', type: 'WORK' }],
        addresses: [{ street: '6a. avenida 4-22', city: 'Guatemala', country: 'Guatemala', country_code: 'gt', type: 'WORK' }],
      },
    ],
  }),
  button: () => ({ type: 'button', button: { text: 'Sí, confirmo', payload: 'confirm-visit' } }),
  button_reply: () => ({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'visit-tuesday', title: 'El martes' } } }),
  list_reply: () => ({ type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'service-sludge', title: 'Extracción de lodos', description: 'Camión de 10 m³' } } }),
  flow_reply: () => ({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"nombre":"Rosa Tzoc","casas":86,"flow_token":"t1"}' } } }),
  flow_reply_broken: () => ({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"nombre":"Rosa' } } }),
  order: () => ({
    type: 'order',
    order: { catalog_id: '880000000000001', text: 'Para entregar el viernes', product_items: [{ product_retailer_id: 'CLORO-20L', quantity: 3, item_price: 185.5, currency: 'GTQ' }] },
  }),
  request_welcome: () => ({ type: 'request_welcome' }),
  identity_changed: () => ({ type: 'system', system: { body: 'The customer changed devices', type: 'customer_identity_changed', identity: 'Xa3Q' } }),
  unsupported: () => ({
    type: 'unsupported',
    unsupported: { type: 'poll_creation' },
    errors: [{ code: 131051, title: 'Message type unknown', message: 'Message type unknown', error_data: { details: 'Message type is currently not supported.' } }],
  }),
  unknown: () => ({
    type: 'unknown',
    errors: [{ code: 131060, title: 'This message is currently unavailable', message: 'This message is currently unavailable', error_data: { details: 'Open the chat on the phone to see it' } }],
  }),
  of_the_future: () => ({ type: 'hologram', hologram: { id: 'h1' } }),
  ad: () => ({
    type: 'text',
    text: { body: 'Vi su anuncio, ¿cuánto cuesta?' },
    referral: {
      source_type: 'ad',
      source_id: '120210000000001',
      source_url: 'https://fb.me/ejemplo',
      headline: 'Mantenimiento de plantas de tratamiento',
      body: 'Diagnóstico sin costo este mes',
      media_type: 'image',
      image_url: 'https://ejemplo.gt/anuncio.jpg',
      ctwa_clid: 'ARAkLkA8rmlFeiCktEJQ',
    },
  }),
  product_question: () => ({ type: 'text', text: { body: '¿Este lo tienen en existencia?' }, context: { referred_product: { catalog_id: '880000000000001', product_retailer_id: 'BOMBA-5HP' } } }),
  forwarded: () => ({ type: 'text', text: { body: 'Me lo mandó el ingeniero' }, context: { forwarded: true } }),
} satisfies Record<string, Maker>;

export type MessageKind = keyof typeof SAMPLES;
export const MESSAGE_KINDS = Object.keys(SAMPLES) as [MessageKind, ...MessageKind[]];

export const sampleMessage = (kind: MessageKind, media: Pick<MediaStore, 'add'>): Sample => SAMPLES[kind](media);
