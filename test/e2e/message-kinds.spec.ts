/** Every kind of message that WhatsApp delivers, from the stand-in's webhook to what is on screen, and what can be done with it there. */
import type { CustomerInput } from '../../main/demo/meta/control-api.ts';
import { expect, test as base, type Inbox } from './support/demo.ts';
import { findViolationsInBoth } from './support/violations.ts';

const ROSA = { from: '+50255551234', name: 'Rosa Pérez' };
type Receive = (input: Partial<CustomerInput>) => Promise<{ id: string; article: ReturnType<Inbox['message']> }>;

const test = base.extend<{ receive: Receive }>({
  /** Writes as Rosa, in whose open conversation the message then stands last. */
  receive: async ({ inbox, team }, use) => {
    const open = async (): Promise<void> => {
      if (await inbox.thread.isVisible()) return;
      await inbox.open(ROSA.name);
    };
    // Rows out of view are not there, so it is the last one that tells.
    const lastId = async (): Promise<string | null> => ((await inbox.thread.getByRole('article').count()) === 0 ? null : inbox.thread.getByRole('article').last().getAttribute('data-message-id'));
    await use(async (input) => {
      const before = await lastId();
      const { id } = team.meta.customerWrites({ ...ROSA, ...input });
      await open();
      await expect.poll(lastId).not.toBe(before);
      return { id, article: inbox.thread.locator(`[data-message-id="${await lastId()}"]`) };
    });
  },
});

test('a photo comes by itself, opens in the viewer, and its neighbours are an arrow away', { tag: '@main' }, async ({ inbox, receive }) => {
  const { page } = inbox;
  await receive({ kind: 'image' });
  const { article } = await receive({ kind: 'image' });
  await expect(article).toContainText('Así amaneció el tablero');
  const picture = article.getByRole('button', { name: /^Abrir la foto/ });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await expect(inbox.row(ROSA.name).getByRole('img', { name: 'Foto' })).toBeVisible();
  await expect(inbox.row(ROSA.name)).toContainText('Así amaneció el tablero');

  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(article).toBeFocused();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Fotos y videos de Rosa Pérez' });
  await expect(viewer.getByRole('img', { name: 'Así amaneció el tablero' })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Siguiente' })).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(viewer.getByRole('button', { name: 'Anterior' })).toBeHidden();
  await expect(viewer.getByRole('button', { name: 'Alejar' })).toBeDisabled();
  await page.keyboard.press('+');
  await expect(viewer.getByRole('button', { name: 'Alejar' })).toBeEnabled();
  const saved = page.waitForEvent('download');
  await viewer.getByRole('link', { name: 'Guardar' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^Foto \d{4}-\d\d-\d\d \d\d\.\d\d\.(png|jpg)$/);
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(article).toBeFocused();
});

test('a voice note plays, one at a time, at the chosen speed', async ({ receive }) => {
  const { article: first } = await receive({ kind: 'voice' });
  const { article: second } = await receive({ kind: 'audio' });
  await expect(first.getByRole('group', { name: /^Nota de voz de Rosa Pérez, \d:\d\d$/ })).toBeVisible();
  await expect(second.getByRole('group', { name: /^Audio de Rosa Pérez, \d:\d\d$/ })).toBeVisible();
  await first.getByRole('button', { name: 'Velocidad 1×' }).click();
  await expect(second.getByRole('button', { name: 'Velocidad 1.5×' })).toBeVisible();
  const position = first.getByRole('slider', { name: 'Posición' });
  await position.focus();
  await position.press('ArrowRight');
  await expect.poll(() => position.inputValue().then(Number)).toBeGreaterThan(0);
  await second.getByRole('button', { name: 'Reproducir' }).click();
  await expect(position).toHaveValue('0');
});

test('documents, stickers and videos', async ({ inbox, receive }) => {
  const { page } = inbox;
  const { article: document } = await receive({ kind: 'document' });
  await expect(document).toContainText('orden de compra.pdf');
  await expect(document).toContainText(/PDF · [\d.]+ (B|KB)/);
  const saved = page.waitForEvent('download');
  await document.getByRole('link', { name: 'Guardar: orden de compra.pdf' }).click();
  expect((await saved).suggestedFilename()).toBe('orden de compra.pdf');

  const { article: sticker } = await receive({ kind: 'sticker' });
  await expect(sticker.getByRole('img', { name: 'Sticker' })).toBeVisible();
  const { article: video } = await receive({ kind: 'video' });
  await video.getByRole('button', { name: /^Reproducir el video, Rosa Pérez, El ruido de la bomba/ }).click();
  await expect(page.getByRole('dialog', { name: /^Fotos y videos/ })).toContainText('El ruido de la bomba');
});

test('a place can be opened and copied; people on a card can be copied and written to', async ({ inbox, receive, context }) => {
  const { page } = inbox;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { article: place } = await receive({ kind: 'location' });
  await expect(place.getByRole('img', { name: /^Mapa esquemático/ })).toBeVisible();
  await expect(place).toContainText('Parque Central');
  const maps = place.getByRole('link', { name: 'Abrir en mapas' });
  await expect(maps).toHaveAttribute('href', 'https://www.google.com/maps/search/?api=1&query=14.5586,-90.7295');
  await expect(maps).toHaveAttribute('rel', 'noopener noreferrer');
  await place.getByRole('button', { name: 'Copiar coordenadas' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('14.55860, -90.72950');

  const { article: card } = await receive({ kind: 'contacts' });
  for (const text of ['Rosa Tzoc', 'Ferretería El Valle', '+502 5550 1208', 'rosa@ejemplo.gt', '6a. avenida 4-22']) await expect(card).toContainText(text);
  await card.getByRole('button', { name: 'Copiar +502 2334 0000' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('+502 2334 0000');
  await expect(card.getByRole('button', { name: 'Escribir a +502 5550 1208' })).toBeVisible();
});

test('what the customer chose and filled in', async ({ receive }) => {
  const { article: button } = await receive({ kind: 'button' });
  await expect(button).toContainText('Tocó un botón');
  await expect(button).toContainText('Sí, confirmo');
  const { article: row } = await receive({ kind: 'list_reply' });
  await expect(row).toContainText('Eligió de la lista');
  await expect(row).toContainText('Camión de 10 m³');
  const { article: form } = await receive({ kind: 'flow_reply' });
  await expect(form.getByRole('row', { name: 'nombre Rosa Tzoc' })).toBeVisible();
  const { article: broken } = await receive({ kind: 'flow_reply_broken' });
  await expect(broken).toContainText('{"nombre":"Rosa');
  await expect(broken).toContainText('no se pudo leer');
  const { article: order } = await receive({ kind: 'order' });
  await expect(order.getByRole('row', { name: /CLORO-20L 3 Q.185\.50/ })).toBeVisible();
  await expect(order.getByRole('row', { name: /Total Q.556\.50/ })).toBeVisible();
});

test('where a message came from', async ({ inbox, receive, team }) => {
  const { article: ad } = await receive({ kind: 'ad' });
  await expect(ad).toContainText('Llegó por un anuncio');
  await expect(ad.getByRole('link', { name: /^Ver el anuncio/ })).toHaveAttribute('href', 'https://fb.me/ejemplo');
  await expect(inbox.page.getByRole('complementary', { name: 'Datos del cliente' })).toContainText('Mantenimiento de plantas de tratamiento');
  const { article: forwarded } = await receive({ kind: 'forwarded' });
  await expect(forwarded).toContainText('Reenviado');
  const { article: product } = await receive({ kind: 'product_question' });
  await expect(product).toContainText('BOMBA-5HP');
  const { article: standby } = await receive({ text: 'Hola, ¿hay alguien?', isStandby: true });
  await expect(standby).toContainText('asistente de Meta');
  team.meta.phoneWrites({ to: ROSA.from, text: 'Ya voy en camino' });
  await expect(inbox.message('Ya voy en camino')).toContainText('Desde el teléfono');
  team.meta.customerWrites({ ...ROSA, text: 'Lo escribí hace rato', timestamp: Math.floor(Date.now() / 1000) - 2 * 3600 });
  await expect(inbox.message('Lo escribí hace rato')).toContainText(/llegó (\d+ \p{L}+, )?\d\d:\d\d/u); // soon after midnight with its day
});

test('notices stand across the thread, and what nobody knows yet is a placeholder with the original a click away', { tag: '@main' }, async ({ inbox, receive }) => {
  const { page } = inbox;
  await receive({ text: 'Hola' });
  const { article: identity } = await receive({ kind: 'identity_changed' });
  await expect(identity).toContainText('El código de seguridad de Rosa Pérez cambió');
  const { article: poll } = await receive({ kind: 'unsupported' });
  await expect(poll).toContainText('Mensaje que WhatsApp no deja ver aquí');
  await expect(poll).toContainText('Una encuesta');
  const { article: hologram } = await receive({ kind: 'of_the_future' });
  await expect(hologram).toContainText('Mensaje de otro tipo (hologram)');
  await hologram.getByRole('button', { name: 'Ver evento original' }).click();
  const dialog = page.getByRole('dialog', { name: 'Evento original de WhatsApp' });
  await expect(dialog).toContainText('"hologram": {');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('the customer changes their number, and the thread says from which to which', async ({ inbox, receive, team }) => {
  await receive({ text: 'Hola' });
  team.meta.customerWrites({ ...ROSA, changesNumberTo: '+50255550000' });
  await expect(inbox.thread).toContainText('Rosa Pérez cambió de número');
  await expect(inbox.thread).toContainText('+50255550000');
});

test('reactions of the customer stand on their message, change and go', async ({ inbox, receive, team }) => {
  const { id, article } = await receive({ text: 'Hoy no pudo venir nadie' });
  team.meta.customerWrites({ ...ROSA, reactsTo: id, emoji: '😢' });
  const reactions = article.getByRole('button', { name: /^Reacciones: 😢 Rosa Pérez/ });
  await expect(reactions).toBeVisible();
  await expect(inbox.row(ROSA.name)).toContainText('Hoy no pudo venir nadie');
  team.meta.customerWrites({ ...ROSA, reactsTo: id, emoji: '👍' });
  await expect(article.getByRole('button', { name: /^Reacciones: 👍/ })).toBeVisible();
  team.meta.customerWrites({ ...ROSA, reactsTo: id, emoji: '' });
  await expect(article.getByRole('button', { name: /^Reacciones/ })).toHaveCount(0);
});

test('our reaction is put with the keyboard, reaches WhatsApp, and is taken back', { tag: '@main' }, async ({ inbox, receive, team }) => {
  const { page } = inbox;
  const { id, article } = await receive({ text: 'Listo, ya pagué' });
  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(article).toBeFocused();
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Reaccionar con 👍' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(article.getByRole('button', { name: /^Reacciones: 👍 Tú/ })).toBeVisible();
  const sent = (emoji: string): boolean => team.meta.journal().some((call) => JSON.stringify(call).includes(id) && JSON.stringify(call).includes(`"emoji":"${emoji}"`));
  await expect.poll(() => sent('👍')).toBe(true);
  await article.getByRole('button', { name: /^Reacciones: 👍 Tú/ }).click();
  await page.getByRole('button', { name: 'Quitar mi reacción' }).click();
  await expect(article.getByRole('button', { name: /^Reacciones/ })).toHaveCount(0);
  await expect.poll(() => sent('')).toBe(true);
});

test.describe('an edit and a deletion', () => {
  test('show what stands now; an agent sees that it was changed', async ({ inbox, receive, team }) => {
    const { id, article } = await receive({ text: 'en la zona 10' });
    team.meta.customerWrites({ ...ROSA, edits: id, text: 'en la zona 11' });
    await expect(article).toContainText('en la zona 11');
    await expect(article).toContainText('Editado');
    await expect(inbox.thread).not.toContainText('en la zona 10');
    await expect(article.getByRole('button', { name: 'Editado' })).toHaveCount(0);
    team.meta.customerWrites({ ...ROSA, revokes: id });
    await expect(article).toContainText('Rosa Pérez eliminó este mensaje');
    await expect(article.getByRole('button', { name: 'Ver lo que decía antes' })).toHaveCount(0);
  });

  test.describe('for a lead', () => {
    test.use({ role: 'lead' });
    test('with what it said before', async ({ inbox, receive, team }) => {
      const { page } = inbox;
      const { id, article } = await receive({ text: 'en la zona 10' });
      team.meta.customerWrites({ ...ROSA, edits: id, text: 'en la zona 11' });
      await article.getByRole('button', { name: 'Editado' }).click();
      const versions = page.getByRole('dialog', { name: 'Lo que decía antes' });
      await expect(versions).toContainText('en la zona 10');
      await page.keyboard.press('Escape');
      team.meta.customerWrites({ ...ROSA, revokes: id });
      await article.getByRole('button', { name: 'Ver lo que decía antes' }).click();
      await expect(versions).toContainText('en la zona 11');
    });
  });
});

test('a quote leads to its message, far above and in a conversation that was closed', async ({ inbox, receive, team }) => {
  const { page } = inbox;
  const { id } = await receive({ text: 'Necesito la factura de marzo' });
  await inbox.closeConversation();
  team.meta.customerWrites({ ...ROSA, text: 'Mensaje {n}', times: 90 });
  await expect(inbox.message('Mensaje 90')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Abrir la conversación activa' }).click();
  await expect(inbox.composer).toBeVisible();
  await page.getByRole('button', { name: /mensajes nuevos$/ }).click();
  team.meta.customerWrites({ ...ROSA, text: '¿Ya está esta?', quotes: id });
  const question = inbox.message('¿Ya está esta?');
  await expect(question.getByRole('button', { name: /Rosa Pérez.*Necesito la factura de marzo/ })).toBeVisible();
  await expect(question).toBeInViewport();

  await inbox.thread.focus();
  await page.keyboard.press('ArrowUp');
  await expect(question).toBeFocused();
  await page.keyboard.press('Enter');
  const target = inbox.thread.getByRole('article').filter({ hasText: 'Necesito la factura de marzo' }).filter({ hasNotText: '¿Ya está esta?' });
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport();
});

test('a quote of what is not here says so', async ({ receive }) => {
  const { article } = await receive({ text: '¿Y esto?', quotes: 'wamid.NOBODYKNOWSTHISONE' });
  await expect(article).toContainText('El mensaje citado no está aquí');
});

test('axe finds nothing in messages of every kind', async ({ inbox, receive, team }) => {
  const { page } = inbox;
  await receive({ kind: 'image' });
  for (const kind of ['ad', 'video', 'voice', 'document'] as const) await receive({ kind });
  expect(await findViolationsInBoth(page, { within: ['main'] })).toEqual([]);
  const now = Math.floor(Date.now() / 1000);
  const kinds = ['location', 'contacts', 'flow_reply', 'order', 'identity_changed', 'unsupported'] as const;
  for (const [index, kind] of kinds.entries()) team.meta.customerWrites({ ...ROSA, kind, timestamp: now + index });
  // What axe looks at it scrolls to.
  const toEnd = page.getByRole('button', { name: /^Ir al último mensaje$|mensajes? nuevos?$/ });
  await expect(inbox.row(ROSA.name)).toContainText('Una encuesta');
  if (await toEnd.isVisible()) await toEnd.click();
  await expect(inbox.message('Una encuesta')).toBeVisible();
  expect(await findViolationsInBoth(page, { within: ['main'] })).toEqual([]);
});

test('all files of the person are in the side panel, by kind', async ({ inbox, receive }) => {
  const { page } = inbox;
  await receive({ kind: 'image' });
  await receive({ kind: 'document' });
  await receive({ kind: 'voice' });
  const panel = page.getByRole('complementary', { name: 'Datos del cliente' });
  await expect(panel.getByRole('button', { name: /^Abrir la foto/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Ver todo' }).click();
  await expect(panel.getByRole('button', { name: /^Abrir la foto/ })).toHaveCount(1);
  await panel.getByRole('tab', { name: 'Documentos' }).click();
  await expect(panel).toContainText('orden de compra.pdf');
  await panel.getByRole('tab', { name: 'Audios' }).click();
  await expect(panel.getByRole('group', { name: /^Nota de voz/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Volver a los datos del cliente' }).click();
  await expect(panel).toContainText('Ventana de 24 h');
});
