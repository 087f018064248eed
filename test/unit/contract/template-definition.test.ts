/** What Meta answers about a template is read whole. */
import { expect, test } from 'vitest';
import { readMetaTemplate } from '../../../contract/whatsapp/template-definition.ts';

test('a button without an example hides no other one', () => {
  const template = readMetaTemplate({
    id: 1,
    name: 'visita',
    language: 'es',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [
      { type: 'BODY', text: 'Hola.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Sí' },
          { type: 'URL', text: 'Ver', url: 'https://example.com/{{1}}', example: ['https://example.com/7'] },
          { type: 'PHONE_NUMBER', text: 'Llamar', phone_number: '+50223344550' },
        ],
      },
    ],
  });
  expect(template?.buttons).toEqual([
    { type: 'QUICK_REPLY', text: 'Sí' },
    { type: 'URL', text: 'Ver', url: 'https://example.com/{{1}}', sample: '7' },
    { type: 'PHONE_NUMBER', text: 'Llamar', phone: '+50223344550' },
  ]);
});
