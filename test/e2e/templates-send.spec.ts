/** Sending templates from the window: what Meta is given, and what the thread shows of it. */
import type { Page } from '@playwright/test';
import { DEMO_TEMPLATES } from '../../main/demo/meta/templates/demo-templates.ts';
import type { Team } from '../support/team.ts';
import { expect, test } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
/** Everything that a form can hold besides media: a named heading and text, an address and an answer. */
const VISIT = {
  name: 'visita_confirmada',
  language: 'es',
  category: 'UTILITY',
  parameter_format: 'NAMED',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Visita {{solicitud}} confirmada', example: { header_text_named_params: [{ param_name: 'solicitud', example: 'SOL-1042' }] } },
    {
      type: 'BODY',
      text: 'Hola {{nombre_cliente}}, llegamos el *{{fecha}}* a {{lugar}}. Si no puede, responda a este mensaje.',
      example: {
        body_text_named_params: [
          { param_name: 'nombre_cliente', example: 'María' },
          { param_name: 'fecha', example: '4 de diciembre' },
          { param_name: 'lugar', example: 'Zona 10' },
        ],
      },
    },
    { type: 'FOOTER', text: 'Servicios del Valle' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'URL', text: 'Ver visita', url: 'https://servicios.example.com/v/{{1}}', example: ['https://servicios.example.com/v/77'] },
        { type: 'QUICK_REPLY', text: 'Ahí estaré' },
      ],
    },
  ],
};

const putTemplates = (team: Team): void => void team.meta.setTemplates({ seed: [{ body: VISIT }, ...DEMO_TEMPLATES.map(({ body, seed }) => ({ body, ...seed }))] });
const picker = (page: Page) => page.getByRole('combobox', { name: 'Buscar una plantilla' });
const sync = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Sincronizar ahora' }).first().click();
  await expect(page.getByText('recién sincronizadas')).toBeVisible();
};
const sentTemplates = (team: Team) =>
  team.meta
    .journal()
    .map(({ body }) => (body as { template?: unknown } | null)?.template)
    .filter((template) => template !== undefined);

test('a closed window: search, fill in, look, send; Meta gets exactly these values, and the thread reads as the phone does', { tag: '@main' }, async ({ inbox, team, write }) => {
  const { page } = inbox;
  putTemplates(team);
  write({ ...MARIA, text: 'Hace días', hoursAgo: 50 });
  await inbox.open('María Xicay');
  await expect(page.getByRole('region', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();
  await sync(page);

  // A paused one is found, and says why it does not go.
  await picker(page).fill('encuesta');
  await expect(page.getByRole('option', { name: /encuesta_de_servicio/ })).toHaveAttribute('aria-disabled', 'true');
  await picker(page).fill('confirmda');
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Datos de la plantilla visita_confirmada' });
  await expect(form.getByRole('textbox', { name: 'Nombre cliente' })).toHaveValue('María Xicay');
  await expect(form.getByText('del contacto').first()).toBeVisible();
  // Nothing leaves while something is missing; the keyboard is there.
  const send = form.getByRole('button', { name: /^Enviar a María Xicay/ });
  await expect(send).toHaveAttribute('aria-disabled', 'true');
  await expect(form.getByRole('textbox', { name: 'Solicitud' })).toBeFocused();
  await page.keyboard.type('SOL-7');
  await form.getByRole('textbox', { name: 'Fecha' }).fill('4 de diciembre');
  const place = form.getByRole('textbox', { name: 'Lugar' });
  await place.evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    (field as HTMLTextAreaElement).focus();
    document.execCommand('insertText', false, text);
  }, '12 calle 3-45\n\tzona      10');
  await expect(place).toHaveValue('12 calle 3-45 zona    10');
  await expect(form.getByText(/^Se quitó: 1 salto de línea, 1 tabulación, espacios de más/)).toBeVisible();
  await form.getByRole('textbox', { name: 'Final del enlace de «Ver visita»' }).fill('77?a=b');
  await expect(form.getByText('Abrirá https://servicios.example.com/v/77?a=b')).toBeVisible();
  await form.getByText('Opciones avanzadas').click();
  await form.getByRole('textbox', { name: 'Lo que responde «Ahí estaré»' }).fill('si-77');
  const preview = form.getByRole('figure');
  await expect(preview).toContainText('Visita SOL-7 confirmada');
  await expect(preview).toContainText('Hola María Xicay, llegamos el 4 de diciembre a 12 calle 3-45 zona    10.');
  await page.keyboard.press('ControlOrMeta+Enter');

  const bubble = inbox.message('Visita SOL-7 confirmada');
  await expect(bubble).toContainText('Hola María Xicay, llegamos el 4 de diciembre a 12 calle 3-45 zona 10.');
  await expect(bubble.getByText('Servicios del Valle')).toBeVisible();
  await expect(bubble.getByRole('link', { name: 'Ver visita' })).toHaveAttribute('href', 'https://servicios.example.com/v/77?a=b');
  await expect(bubble).toContainText('visita_confirmada');
  await expect(picker(page)).toBeFocused();
  await expect(inbox.stateOf('Visita SOL-7')).toHaveAccessibleName(/Entregado|Leído/);
  expect(sentTemplates(team)).toEqual([
    {
      name: 'visita_confirmada',
      language: { code: 'es' },
      components: [
        { type: 'header', parameters: [{ type: 'text', parameter_name: 'solicitud', text: 'SOL-7' }] },
        {
          type: 'body',
          parameters: [
            { type: 'text', parameter_name: 'nombre_cliente', text: 'María Xicay' },
            { type: 'text', parameter_name: 'fecha', text: '4 de diciembre' },
            { type: 'text', parameter_name: 'lugar', text: '12 calle 3-45 zona    10' },
          ],
        },
        { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '77?a=b' }] },
        { type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: 'si-77' }] },
      ],
    },
  ]);
});

test('T opens it over the text, which comes back with Escape; a file of the wrong kind is refused, the right one goes', async ({ inbox, team, write }) => {
  const { page } = inbox;
  putTemplates(team);
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Mi borrador');
  await inbox.thread.focus();
  await page.keyboard.press('t');
  await expect(picker(page)).toBeFocused();
  await expect(page.getByText('Tu borrador queda guardado')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inbox.composer).toHaveValue('Mi borrador');
  await expect(inbox.composer).toBeFocused();

  await page.getByRole('button', { name: 'Usar una plantilla' }).click();
  await sync(page);
  await picker(page).fill('mantenimiento');
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Datos de la plantilla mantenimiento_anual' });
  await expect(form.getByRole('button', { name: 'Elegir una foto' })).toBeFocused();
  const choose = async (button: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await form.getByRole('button', { name: button }).click();
    await (await chooser).setFiles(file);
  };
  await choose('Elegir una foto', { name: 'contrato.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF') });
  await expect(form.getByRole('alert')).toHaveText('Esta plantilla lleva una foto, y elegiste un documento.');
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await choose('Elegir otro archivo', { name: 'planta.png', mimeType: 'image/png', buffer: png });
  await expect(form.getByText('planta.png').first()).toBeVisible();
  await form.getByRole('textbox', { name: 'Dato 1' }).fill('Rosa');
  await form.getByRole('button', { name: 'Copiar en…' }).click();
  await page.getByRole('menuitem', { name: 'Dato 2' }).click();
  await expect(form.getByRole('textbox', { name: 'Dato 2' })).toHaveValue('Mi borrador');
  await expect(form.getByRole('button', { name: /^Enviar a María Xicay/ })).not.toHaveAttribute('aria-disabled', 'true');
  await form.getByRole('button', { name: /^Enviar a María Xicay/ }).click();

  await expect(inbox.message('Hola Rosa').getByRole('button', { name: /Abrir foto|Abrir la foto|Ver foto/ })).toBeVisible();
  await expect(inbox.composer).toBeFocused();
  await expect(inbox.composer).toHaveValue('Mi borrador');
  await expect
    .poll(() => sentTemplates(team))
    .toMatchObject([{ name: 'mantenimiento_anual', components: [{ type: 'header', parameters: [{ type: 'image', image: { id: expect.any(String) as unknown } }] }, { type: 'body' }] }]);
});

test('a text that missed its window becomes the best template with one key, and is kept beside it', async ({ inbox, team, write, line }) => {
  const { page } = inbox;
  putTemplates(team);
  write({ ...MARIA, text: 'Hola', hoursAgo: 23 });
  await inbox.open('María Xicay');
  await page.getByRole('button', { name: 'Usar una plantilla' }).click();
  await sync(page);
  await page.keyboard.press('Escape');
  line.cut();
  await inbox.reply('La visita es el 4 de diciembre, llegamos en la mañana');
  await page.clock.install();
  await page.clock.fastForward('02:00:00');
  const bubble = inbox.message('La visita es el 4');
  await expect(bubble.getByRole('button', { name: 'Enviar como plantilla' })).toBeVisible();
  await bubble.focus();
  await page.keyboard.press('t');
  const form = page.getByRole('form', { name: /Datos de la plantilla/ });
  await expect(form.getByText('Lo que no salió')).toBeVisible();
  await expect(form.getByText('La visita es el 4 de diciembre')).toBeVisible();
});

test('of a request: its values with where they are from, and for somebody else only by a button that says so, which the thread keeps', async ({ inbox, team, write }) => {
  const { page } = inbox;
  putTemplates(team);
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  const { client } = await team.addDesktop({ name: 'Lucía', role: 'lead' });
  await expect.poll(async () => (await client.conversations.list({})).items.length).toBe(1);
  const { id: conversationId, contact } = (await client.conversations.list({})).items[0]!;
  const { requestId } = await client.requests.add({
    fields: {
      externalId: 'SOL-1042',
      serviceType: 'Limpieza de fosa séptica',
      customerId: contact.id,
      customerName: 'María Xicay',
      contactPhone: '50255551234',
      contactEmail: 'maria@example.com',
      address: '12 calle 3-45, zona 10',
      requestedDate: '2026-12-04',
      approvedDate: null,
      vendorId: null,
      formUrl: '',
      description: '',
      status: 'new',
    },
  });
  await client.requests.link({ requestId, role: 'customer', from: null, to: conversationId });

  await page.getByRole('button', { name: 'Usar una plantilla' }).click();
  await sync(page);
  await picker(page).fill('recibida');
  await page.keyboard.press('Enter');
  // Everything is there: one more key would send it.
  const right = page.getByRole('form', { name: 'Datos de la plantilla solicitud_recibida_cliente' });
  await expect(right.getByRole('button', { name: 'Enviar a María Xicay (cliente)' })).toBeFocused();
  await expect(right.getByRole('textbox', { name: 'Fecha solicitada' })).toHaveValue('4 de diciembre de 2026');
  await expect(right.getByText('de la solicitud SOL-1042')).toHaveCount(5);
  // A letter on that button is no command: E would archive the conversation.
  await page.keyboard.press('e');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  await picker(page).fill('nueva_solicitud');
  await page.keyboard.press('Enter');
  const wrong = page.getByRole('form', { name: 'Datos de la plantilla nueva_solicitud_de_servicio' });
  await expect(wrong.getByRole('alert')).toContainText('nueva_solicitud_de_servicio es para el proveedor de la solicitud, y María Xicay es su cliente.');
  await expect(wrong.getByRole('button', { name: 'Enviar a María Xicay (cliente)' })).toHaveAttribute('aria-disabled', 'true');
  await expect(wrong.getByRole('textbox', { name: 'Número de solicitud' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(wrong.getByRole('button', { name: 'Entiendo, enviar a María Xicay de todos modos' })).toBeFocused();
  expect(sentTemplates(team)).toEqual([]);
  await page.keyboard.press('Enter');
  const bubble = inbox.message('Se le asignó la solicitud de servicio SOL-1042.');
  await expect(bubble).toContainText('nueva_solicitud_de_servicio');
  await expect(bubble).toContainText('enviada a otra persona a propósito');
  await expect.poll(() => sentTemplates(team).length).toBe(1);
  expect((await client.conversations.get({ conversationId })).status).toBe('active');
});
