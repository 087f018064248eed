/** A refused part of a message is called as its form calls it, in both languages. */
import { describe, expect, test } from 'vitest';
import { INTERACTIVE_MAX } from '../../../contract/limits.ts';
import { judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { SEND_ISSUE_REASONS } from '../../../contract/whatsapp/send-message.ts';
import { refusalText } from '../../../renderer/conversation/refusal-text.ts';
import { TEXTS } from '../../support/texts.ts';

const { t } = TEXTS.es;
const button = (title: string, id = title) => ({ id, title });
const row = (title: string, description: string | null = null) => ({ id: title, title, description });
const frame = { header: null, body: 'Elige', footer: null };

test.each([
  ['a button', { type: 'button', ...frame, buttons: [button('Sí'), button('x'.repeat(21), 'b')] }, 'WhatsApp no aceptaría este mensaje. Botón 2: admite 20 caracteres.'],
  ['the same button twice', { type: 'button', ...frame, buttons: [button('Sí', 'a'), button('Sí', 'b')] }, 'WhatsApp no aceptaría este mensaje. Está repetido: Botón 2.'],
  ['too many buttons', { type: 'button', ...frame, buttons: ['a', 'b', 'c', 'd'].map((id) => button(id)) }, 'WhatsApp no aceptaría este mensaje. Botones: admite 3.'],
  ['no text', { type: 'button', ...frame, body: '', buttons: [button('Sí')] }, 'WhatsApp no aceptaría este mensaje. Falta: Texto.'],
  [
    'a detail of a row',
    {
      type: 'list',
      ...frame,
      button: 'Ver',
      sections: [
        { title: 'A', rows: [row('uno')] },
        { title: 'B', rows: [row('dos'), row('tres', 'x'.repeat(INTERACTIVE_MAX.rowDescription + 1))] },
      ],
    },
    'WhatsApp no aceptaría este mensaje. Sección 2, Opción 2, Detalle: admite 72 caracteres.',
  ],
  ['a link', { type: 'cta_url', ...frame, button: 'Abrir', url: 'ftp://x' }, 'WhatsApp no aceptaría este mensaje. Revisa: Enlace.'],
] as const)('%s, as the check of the contract names it', (_, interactive, said) => {
  const problem = judgeContent({ kind: 'interactive', interactive: structuredClone(interactive) as never });
  expect(problem && refusalText(problem, t)).toBe(said);
});

describe.each(['es', 'en'] as const)('in %s', (language) => {
  const { t: say } = TEXTS[language];
  test('every reason has words, and a part without a name keeps its path', () => {
    for (const reason of SEND_ISSUE_REASONS) {
      for (const limit of [null, 20]) {
        const text = refusalText({ field: 'sticker.colour', reason, limit }, say);
        expect(text).toContain('sticker.colour');
        expect(text).not.toContain('compose.');
      }
    }
  });
});
