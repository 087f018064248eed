/** What lists, quotes and notices say of a message: always something, and never markup. */
import { describe, expect, test } from 'vitest';
import type { Media, MessageContent } from '../../../contract/whatsapp/message-content.ts';
import { contentText, kindLabel, previewWords } from '../../../renderer/conversation/content-text.ts';
import { TEXTS } from '../../support/texts.ts';

const { t } = TEXTS.es;
const media: Media = { id: '1', sha256: null, mimeType: 'image/jpeg', bytes: null, width: null, height: null, durationMs: null };
const card = { name: 'Ana', organization: null, phones: [], emails: [], urls: [], addresses: [], birthday: null };

const CASES: [MessageContent, string][] = [
  [{ kind: 'text', text: 'a las *8:00*\nen punto' }, 'a las 8:00 en punto'],
  [{ kind: 'image', media, caption: 'la _planta_' }, 'Foto: la planta'],
  [{ kind: 'image', media, caption: '' }, 'Foto'],
  [{ kind: 'video', media, caption: null }, 'Video'],
  [{ kind: 'audio', media, isVoice: true }, 'Nota de voz'],
  [{ kind: 'audio', media, isVoice: false }, 'Audio'],
  [{ kind: 'document', media, filename: 'orden.pdf', caption: null }, 'Documento: orden.pdf'],
  [{ kind: 'document', media, filename: 'orden.pdf', caption: 'La orden' }, 'Documento: La orden'],
  [{ kind: 'sticker', media, isAnimated: true }, 'Sticker'],
  [{ kind: 'location', latitude: 1, longitude: 2, name: null, address: 'Zona 10', url: null }, 'Ubicación: Zona 10'],
  [{ kind: 'contacts', contacts: [card] }, 'Contacto: Ana'],
  [{ kind: 'contacts', contacts: [card, { ...card, name: 'Luis' }] }, '2 contactos: Ana, Luis'],
  [{ kind: 'contacts', contacts: [] }, '0 contactos'],
  [{ kind: 'interactive', interactive: { type: 'location_request_message', body: '¿Dónde?' } }, 'Petición de ubicación: ¿Dónde?'],
  [{ kind: 'choice', source: 'list_row', title: 'El martes', id: '1', description: null }, 'El martes'],
  [{ kind: 'flow_reply', name: null, text: null, fields: null, raw: '{' }, 'Formulario contestado'],
  [{ kind: 'order', catalogId: null, text: null, items: [] }, 'Pedido'],
  [{ kind: 'reaction', emoji: '👍' }, 'Reacción: 👍'],
  [{ kind: 'edit', content: { kind: 'text', text: 'mejor el jueves' } }, 'Mensaje editado: mejor el jueves'],
  [{ kind: 'revoke' }, 'Mensaje eliminado'],
  [{ kind: 'system', event: 'identity_changed', text: 'The customer changed devices', from: null, to: null }, 'Cambió el código de seguridad'],
  [{ kind: 'system', event: 'other', text: 'Something', from: null, to: null }, 'Aviso de WhatsApp: Something'],
  [{ kind: 'other', type: 'unsupported', text: 'poll_creation' }, 'Mensaje que WhatsApp no deja ver aquí: Una encuesta'],
  [{ kind: 'other', type: 'contacts', text: null }, 'Mensaje de otro tipo (contacts)'],
  [{ kind: 'other', type: 'hologram', text: 'h1' }, 'Mensaje de otro tipo (hologram): h1'],
];

test.each(CASES)('%j is %s', (content, text) => expect(contentText(content, t)).toBe(text));

describe('a very long text', () => {
  test('costs no more than its beginning', () => expect(previewWords({ kind: 'text', text: 'palabra '.repeat(10_000) }, t)!.length).toBeLessThanOrEqual(300));
});

test('a name of a kind is never the key of its text', () => {
  for (const [content] of CASES) expect(kindLabel(content, t)).not.toMatch(/content\./);
});
