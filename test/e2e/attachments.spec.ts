/** Everything that is not plain text, from a hand in the window to what the stand-in for Meta was given. */
import { createHash } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import type { Team } from '../support/team.ts';
import { expect, test, type Inbox } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay', text: 'Hola' };
const ROBERTO = { from: '+50255559876', name: 'Roberto', text: 'Buenas' };

type Sent = { type: string; context?: { message_id: string }; [part: string]: unknown };

/** What was taken for sending, in order; read marks are none. */
const sent = (team: Team): Sent[] =>
  team.meta
    .journal()
    .filter(({ path, accepted, body }) => path.endsWith('/messages') && accepted && typeof body === 'object' && body !== null && 'type' in body)
    .map(({ body }) => body as Sent);

async function arrived(team: Team, count: number): Promise<Sent[]> {
  await expect.poll(() => sent(team).length, { timeout: 20_000 }).toBe(count);
  return sent(team);
}

/** The bytes that were uploaded for a message. */
async function uploaded(team: Team, message: Sent): Promise<{ bytes: Buffer; mimeType: string }> {
  const { id } = message[message.type] as { id: string };
  const headers = { authorization: 'Bearer graph-token' };
  const described = (await (await fetch(`${team.meta.url()}/v25.0/${id}`, { headers })).json()) as { url: string; mime_type: string };
  const answer = await fetch(described.url, { headers });
  return { bytes: Buffer.from(await answer.arrayBuffer()), mimeType: described.mime_type };
}

type Picture = { width: number; height: number; type: string; quality?: number; isTransparent?: boolean; isNoisy?: boolean };

/** A picture that the page itself paints, as base64. */
const paint = (page: Page, picture: Picture): Promise<string> =>
  page.evaluate(async ({ width, height, type, quality = 0.92, isTransparent = false, isNoisy = false }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#0b5c5e';
    context.fillRect(0, 0, isTransparent ? width / 2 : width, height);
    if (isNoisy) {
      const pixels = context.getImageData(0, 0, width, height);
      // The same noise in every run.
      let state = 7;
      for (let at = 0; at < pixels.data.length; at++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        if (at % 4 !== 3) pixels.data[at] = state >>> 24;
      }
      context.putImageData(pixels, 0, 0);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type, quality })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }, picture);

type GivenFile = { name: string; mimeType: string; buffer: Buffer };

/** As a hand would: over the thread, and let go. */
async function drop({ page, thread }: Inbox, files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, data: buffer.toString('base64') }));
  const data = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, data } of files) transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
    return transfer;
  }, given);
  await thread.dispatchEvent('dragenter', { dataTransfer: data });
  await expect(page.getByText('Suelta para adjuntar')).toBeVisible();
  await thread.dispatchEvent('dragover', { dataTransfer: data });
  await thread.dispatchEvent('drop', { dataTransfer: data });
  await expect(page.getByText('Suelta para adjuntar')).toHaveCount(0);
}

/** By the key, from wherever the focus is. */
async function choose(page: Page, files: readonly GivenFile[]): Promise<void> {
  // The key belongs to the composer.
  await expect(page.getByRole('button', { name: 'Adjuntar y más' })).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  // A key overtakes the request to be told of file dialogs while the page is busy; an answer of the page does not.
  await page.evaluate(() => undefined);
  await page.keyboard.press('ControlOrMeta+o');
  await (await chooser).setFiles([...files]);
}

const tray = (page: Page): Locator => page.getByRole('list', { name: 'Archivos por enviar' });
const inTray = (page: Page, name: string): Locator => tray(page).getByRole('listitem').filter({ hasText: name });
const sendButton = (page: Page): Locator => page.getByRole('button', { name: 'Enviar', exact: true });
const PDF = { name: 'Cotización 2026-11.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${'x'.repeat(2_000)}\n%%EOF`) };

async function openMenu(page: Page, entry: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Adjuntar y más' }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  return page.getByRole('dialog');
}

test.beforeEach(async ({ inbox, write }) => {
  write({ ...ROBERTO, hoursAgo: 1 });
  write(MARIA);
  await expect(inbox.page.getByRole('option')).toHaveCount(2);
  await inbox.open('María Xicay');
});

test('a photo of 12 MB that is dropped arrives as a JPEG that WhatsApp takes, with the text under it', { tag: '@main' }, async ({ inbox, team }) => {
  // Seventeen million pixels are painted, and encoded several times, without a graphics card.
  test.slow();
  const { page } = inbox;
  const buffer = Buffer.from(await paint(page, { width: 5_000, height: 3_400, type: 'image/jpeg', quality: 0.9, isNoisy: true }), 'base64');
  expect(buffer.length).toBeGreaterThan(12_000_000);
  await drop(inbox, [{ name: 'bomba.jpg', mimeType: 'image/jpeg', buffer }]);
  await expect(inTray(page, 'bomba.jpg')).toContainText(/reducida para WhatsApp, [\d.,]+ MB/, { timeout: 30_000 });
  await expect(inbox.composer).toBeFocused();
  await inbox.composer.fill('La bomba del pozo');
  await expect(page.getByText('El texto irá bajo bomba.jpg')).toBeVisible();
  await inbox.composer.press('Enter');
  await expect(tray(page)).toHaveCount(0);

  const [message] = await arrived(team, 1);
  expect(message).toMatchObject({ type: 'image', image: { caption: 'La bomba del pozo' } });
  const { bytes, mimeType } = await uploaded(team, message!);
  expect(mimeType).toBe('image/jpeg');
  expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  expect(bytes.length).toBeLessThanOrEqual(5_000_000);
  await expect(inbox.message('La bomba del pozo')).toBeVisible();
});

test('pasted pictures: what is acceptable goes to the byte, a transparent WebP becomes a PNG, an animation says what it loses', async ({ inbox, team }) => {
  const { page } = inbox;
  const photo = Buffer.from(await paint(page, { width: 640, height: 480, type: 'image/jpeg' }), 'base64');
  const webp = Buffer.from(await paint(page, { width: 300, height: 200, type: 'image/webp', isTransparent: true }), 'base64');
  // One red pixel, GIF89a.
  const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
  for (const [name, type, buffer] of [
    ['image.jpg', 'image/jpeg', photo],
    ['logo.webp', 'image/webp', webp],
    ['baile.gif', 'image/gif', gif],
  ] as const) {
    await inbox.composer.evaluate(
      (box, { name, type, data }) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type }));
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      },
      { name, type, data: buffer.toString('base64') },
    );
  }
  await expect(inTray(page, 'Imagen pegada.jpg')).not.toContainText('convertida');
  await expect(inTray(page, 'logo.png')).toContainText('convertida a PNG');
  await expect(inTray(page, 'baile.jpg')).toContainText('sin movimiento');
  await expect(sendButton(page)).toBeEnabled();
  await sendButton(page).click();
  const messages = await arrived(team, 3);
  expect(messages.map(({ type }) => type)).toEqual(['image', 'image', 'image']);
  expect(
    createHash('sha256')
      .update((await uploaded(team, messages[0]!)).bytes)
      .digest('hex'),
  ).toBe(createHash('sha256').update(photo).digest('hex'));
  expect((await uploaded(team, messages[1]!)).mimeType).toBe('image/png');
  expect((await uploaded(team, messages[2]!)).mimeType).toBe('image/jpeg');
});

test('a square WebP can go as a sticker', async ({ inbox, team }) => {
  const { page } = inbox;
  const webp = Buffer.from(await paint(page, { width: 512, height: 512, type: 'image/webp', isTransparent: true }), 'base64');
  await choose(page, [{ name: 'pez.webp', mimeType: 'image/webp', buffer: webp }]);
  await expect(inTray(page, 'pez')).toContainText('convertida a PNG');
  await page.getByRole('combobox', { name: /^Enviar pez/ }).selectOption('Como sticker');
  await expect(inTray(page, 'pez.webp')).not.toContainText(/convertida|Preparando|Cargando/);
  await sendButton(page).click();
  const [message] = await arrived(team, 1);
  expect(message!.type).toBe('sticker');
  expect((await uploaded(team, message!)).bytes.equals(webp)).toBe(true);
});

test('several files go in the order of the tray, each with its own text, after the text that has no place under them', { tag: '@main' }, async ({ inbox, team }) => {
  const { page } = inbox;
  const photo = Buffer.from(await paint(page, { width: 64, height: 48, type: 'image/jpeg' }), 'base64');
  await choose(page, [PDF, { name: 'foto.jpg', mimeType: 'image/jpeg', buffer: photo }, { name: 'notas.txt', mimeType: 'text/plain', buffer: Buffer.from('Revisar válvula') }]);
  await page.getByRole('textbox', { name: 'Texto bajo Cotización 2026-11.pdf' }).fill('La cotización');
  await page.getByRole('textbox', { name: 'Texto bajo foto.jpg' }).fill('El tablero');
  await page.getByRole('textbox', { name: 'Texto bajo notas.txt' }).fill('Lo pendiente');
  await page.getByRole('button', { name: 'Enviar foto.jpg antes' }).click();
  await inbox.composer.fill('Buenas tardes');
  await expect(page.getByText('El texto irá antes, como mensaje aparte')).toBeVisible();
  await inbox.composer.press('Enter');
  const messages = await arrived(team, 4);
  expect(messages).toMatchObject([
    { type: 'text', text: { body: 'Buenas tardes' } },
    { type: 'image', image: { caption: 'El tablero' } },
    { type: 'document', document: { caption: 'La cotización', filename: 'Cotización 2026-11.pdf' } },
    { type: 'document', document: { caption: 'Lo pendiente', filename: 'notas.txt' } },
  ]);
  expect((await uploaded(team, messages[2]!)).bytes.equals(PDF.buffer)).toBe(true);
});

test('what WhatsApp would not take is said before anything is sent, with the limit', async ({ inbox, team }) => {
  const { page } = inbox;
  const ftyp = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');
  await choose(page, [
    { name: 'instalar.exe', mimeType: 'application/octet-stream', buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)]) },
    { name: 'visita.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([ftyp, Buffer.alloc(17_000_000)]) },
    { name: 'vacio.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) },
    { name: 'rota.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]) },
  ]);
  await expect(inTray(page, 'instalar.exe').getByRole('alert')).toContainText('no acepta archivos de este tipo');
  await expect(inTray(page, 'visita.mp4').getByRole('alert')).toHaveText(/Pesa 17 MB y los videos pasan hasta 16 MB/);
  await expect(inTray(page, 'vacio.pdf').getByRole('alert')).toHaveText('El archivo está vacío.');
  await expect(inTray(page, 'rota.jpg').getByRole('alert')).toContainText('No se puede leer');
  await inbox.composer.fill('Mire');
  await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText('Quita los archivos que no se pueden enviar')).toBeVisible();
  for (const name of ['instalar.exe', 'visita.mp4', 'vacio.pdf', 'rota.jpg']) await page.getByRole('button', { name: `Quitar ${name}` }).click();
  await sendButton(page).click();
  expect(await arrived(team, 1)).toMatchObject([{ type: 'text', text: { body: 'Mire' } }]);
});

test('files stay with the draft over a reload, the list says so, and a closed window sends none of them', async ({ inbox, team }) => {
  const { page } = inbox;
  await choose(page, [PDF]);
  await page.getByRole('textbox', { name: /^Texto bajo/ }).fill('Para firmar');
  await expect(inTray(page, PDF.name)).not.toContainText(/Preparando|Cargando/);
  await inbox.open('Roberto');
  await expect(inbox.row('María Xicay')).toContainText('Borrador 1 archivo');
  await page.reload();
  await expect(inbox.row('María Xicay')).toContainText('Borrador 1 archivo');
  await inbox.open('María Xicay');
  await expect(page.getByRole('textbox', { name: /^Texto bajo/ })).toHaveValue('Para firmar');

  await page.clock.setFixedTime(Date.now() + 30 * 3_600_000);
  await expect(page.getByRole('region', { name: 'La ventana de 24 horas está cerrada' })).toContainText('1 archivo queda guardado con el borrador');
  await expect(page.getByRole('button', { name: 'Adjuntar y más' })).toHaveCount(0);
  await page.clock.setFixedTime(Date.now());
  await sendButton(page).click();
  const [message] = await arrived(team, 1);
  expect(message).toMatchObject({ type: 'document', document: { caption: 'Para firmar', filename: PDF.name } });
  await expect(inbox.row('María Xicay')).not.toContainText('Borrador');
});

/** Pieces of files are held back until `release`. */
async function holdPieces(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    const held: (() => void)[] = [];
    Object.assign(window, { holdsPieces: true, release: () => held.splice(0).forEach((run) => run()) });
    WebSocket.prototype.send = function (data) {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
      Object.assign(window, { line: this });
      if ((window as unknown as { holdsPieces: boolean }).holdsPieces && text.includes('/media/chunk')) held.push(() => send.call(this, data));
      else send.call(this, data);
    };
  });
}

const release = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign(window, { holdsPieces: false });
    (window as unknown as { release(): void }).release();
  });

test('a file that is being handed over can be cancelled; one whose line was cut goes on by itself', async ({ inbox, team }) => {
  const { page } = inbox;
  await holdPieces(page);
  await choose(page, [PDF]);
  await expect(inTray(page, PDF.name)).toContainText('Cargando');
  await page.getByRole('button', { name: `Cancelar ${PDF.name}` }).click();
  await expect(tray(page)).toHaveCount(0);
  await page.evaluate(() => (window as unknown as { release(): void }).release());

  await choose(page, [{ ...PDF, name: 'Factura.pdf' }]);
  await expect(inTray(page, 'Factura.pdf')).toContainText('Cargando');
  await page.evaluate(() => {
    Object.assign(window, { holdsPieces: false });
    (window as unknown as { line: WebSocket }).line.close();
  });
  await expect(inTray(page, 'Factura.pdf')).not.toContainText(/Cargando|Sigue solo|Preparando/, { timeout: 20_000 });
  await sendButton(page).click();
  expect(await arrived(team, 1)).toMatchObject([{ type: 'document', document: { filename: 'Factura.pdf' } }]);
});

test('an upload that Meta refuses fails the message, and trying again sends it', async ({ inbox, team }) => {
  const { page } = inbox;
  team.meta.setFaults({ uploadErrors: [{ code: 999_999, status: 400 }] });
  await choose(page, [PDF]);
  await expect(inTray(page, PDF.name)).not.toContainText(/Preparando|Cargando/);
  await sendButton(page).click();
  await page
    .getByRole('article')
    .filter({ hasText: PDF.name })
    .getByRole('button', { name: /^(Reintentar|Enviar otra vez)/ })
    .click();
  const [message] = await arrived(team, 1);
  expect(message).toMatchObject({ type: 'document' });
});

test('a voice note is recorded, paused, listened to and sent as ogg with one channel', { tag: '@main' }, async ({ inbox, team }) => {
  const { page } = inbox;
  await inbox.thread.focus();
  await page.keyboard.press('v');
  const recorder = page.getByRole('group', { name: 'Nota de voz', exact: true });
  await expect(recorder.getByRole('time').or(recorder.locator('time'))).toHaveText('0:01', { timeout: 10_000 });
  await recorder.getByRole('button', { name: 'Pausar' }).click();
  await expect(recorder.getByText('En pausa')).toBeAttached();
  await recorder.getByRole('button', { name: 'Seguir grabando' }).click();
  await recorder.getByRole('button', { name: 'Terminar y escuchar' }).click();
  await recorder.getByRole('button', { name: 'Reproducir' }).click();
  await expect(recorder.getByRole('button', { name: 'Pausar' })).toBeVisible();
  await recorder.getByRole('button', { name: 'Enviar nota de voz' }).click();
  const [message] = await arrived(team, 1);
  expect(message).toMatchObject({ type: 'audio', audio: { voice: true } });
  const { bytes, mimeType } = await uploaded(team, message!);
  expect(mimeType).toContain('audio/ogg');
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('OggS');
  const head = bytes.indexOf('OpusHead');
  expect(bytes[head + 9]).toBe(1);
  await expect(inbox.composer).toBeFocused();
});

test('a text that is begun while a voice note leaves does not leave with it', async ({ inbox, team }) => {
  const { page } = inbox;
  await holdPieces(page);
  await page.getByRole('button', { name: 'Grabar nota de voz' }).click();
  const recorder = page.getByRole('group', { name: 'Nota de voz', exact: true });
  await expect(recorder.locator('time')).toHaveText('0:01', { timeout: 10_000 });
  await recorder.getByRole('button', { name: 'Enviar nota de voz' }).click();
  await expect(inTray(page, 'Nota de voz')).toContainText('Cargando');
  await expect(page.getByText('Se enviará al terminar de cargarse')).toBeVisible();
  await inbox.composer.fill('Y además le cobr');
  await release(page);
  await expect(inTray(page, 'Nota de voz')).not.toContainText('Cargando');
  await expect(inbox.composer).toHaveValue('Y además le cobr');
  await inbox.composer.fill('Y además le cobramos menos');
  await sendButton(page).click();
  expect(await arrived(team, 2)).toMatchObject([{ type: 'text', text: { body: 'Y además le cobramos menos' } }, { type: 'audio' }]);
});

test('a recording is thrown away with Escape only; whoever goes elsewhere finds it in the draft', async ({ inbox, team }) => {
  const { page } = inbox;
  const recorder = page.getByRole('group', { name: 'Nota de voz', exact: true });
  const record = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Grabar nota de voz' }).click();
    await expect(recorder.locator('time')).toHaveText('0:01', { timeout: 10_000 });
  };
  await record();
  await page.keyboard.press('Escape');
  await expect(recorder).toHaveCount(0);
  await expect(inbox.thread).toHaveAccessibleName('Conversación con María Xicay');
  await expect(tray(page)).toHaveCount(0);

  await record();
  await inbox.open('Roberto');
  await expect(inbox.row('María Xicay')).toContainText('Borrador 1 archivo', { timeout: 10_000 });
  await inbox.open('María Xicay');
  await expect(inTray(page, 'Nota de voz')).toBeVisible();
  expect(sent(team)).toEqual([]);
});

test('a microphone that is blocked is explained', async ({ inbox }) => {
  const { page } = inbox;
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Grabar nota de voz' }).click();
  await expect(page.getByRole('alert')).toContainText('El micrófono está bloqueado');
  await page.keyboard.press('Escape');
  await expect(inbox.composer).toBeFocused();
});

test('a location from the link of a map', async ({ inbox, team }) => {
  const dialog = await openMenu(inbox.page, 'Ubicación');
  await expect(dialog.getByRole('button', { name: 'Enviar' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Enlace de un mapa o coordenadas').fill('https://maps.app.goo.gl/abc');
  await expect(dialog.getByText('Ahí no se ven coordenadas')).toBeVisible();
  await dialog.getByLabel('Enlace de un mapa o coordenadas').fill('https://www.google.com/maps/place/X/@14.1,-90.1,17z/data=!3d14.6349!4d-90.5069');
  await expect(dialog.getByLabel('Latitud')).toHaveValue('14.6349');
  await dialog.getByLabel('Nombre del lugar').fill('Taller central');
  await expect(dialog.getByRole('img', { name: 'Mapa esquemático con un punto en 14.63490, -90.50690' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Enviar' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await arrived(team, 1)).toMatchObject([{ type: 'location', location: { latitude: 14.6349, longitude: -90.5069, name: 'Taller central' } }]);
});

test('a contact from the conversations, quoting the question', async ({ inbox, team }) => {
  await inbox.message('Hola').hover();
  await inbox.message('Hola').getByRole('button', { name: 'Responder' }).click();
  const dialog = await openMenu(inbox.page, 'Contacto');
  await dialog.getByLabel('Tomar de tus conversaciones').fill('robe');
  await dialog.getByRole('button', { name: /^.*Roberto/ }).click();
  await expect(dialog.getByLabel('Nombre')).toHaveValue('Roberto');
  await dialog.getByLabel('Correo').fill('roberto@ejemplo.gt');
  await dialog.getByRole('button', { name: 'Enviar' }).click();
  const [message] = await arrived(team, 1);
  expect(message).toMatchObject({ type: 'contacts', contacts: [{ name: { formatted_name: 'Roberto' }, emails: [{ email: 'roberto@ejemplo.gt' }] }] });
  expect(JSON.stringify(message)).toContain('"phone":"+502 5555 9876","wa_id":"50255559876"');
  expect(message!.context?.message_id).toMatch(/^wamid\./);
});

test('reply buttons with their limits, kept while the dialog is closed, and asked about when the customer writes meanwhile', async ({ inbox, team, write }) => {
  const { page } = inbox;
  let dialog = await openMenu(page, 'Botones de respuesta');
  await dialog.getByLabel('Texto', { exact: true }).fill('¿Le sirve mañana?');
  await dialog.getByRole('textbox', { name: 'Botón 1' }).fill('Sí, a las ocho de la mañana');
  await expect(dialog.getByText('Sobran 7 caracteres: WhatsApp admite 20')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Enviar' })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');
  dialog = await openMenu(page, 'Botones de respuesta');
  await expect(dialog.getByLabel('Texto', { exact: true })).toHaveValue('¿Le sirve mañana?');
  await dialog.getByRole('textbox', { name: 'Botón 1' }).fill('Sí');
  await dialog.getByRole('button', { name: 'Otro botón' }).click();
  await dialog.getByRole('textbox', { name: 'Botón 2' }).fill('No');
  write({ ...MARIA, text: 'Mejor el jueves' });
  await expect(page.getByText('Mejor el jueves').first()).toBeAttached();
  await dialog.getByRole('button', { name: 'Enviar', exact: true }).click();
  await dialog.getByRole('button', { name: 'Enviar igualmente' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await arrived(team, 1)).toMatchObject([
    { type: 'interactive', interactive: { type: 'button', body: { text: '¿Le sirve mañana?' }, action: { buttons: [{ reply: { title: 'Sí' } }, { reply: { title: 'No' } }] } } },
  ]);
});

test('a list, a button with a link, and asking for the location', async ({ inbox, team }) => {
  const { page } = inbox;
  let dialog = await openMenu(page, 'Lista de opciones');
  await dialog.getByLabel('Texto', { exact: true }).fill('Elija una hora');
  await dialog.getByLabel('Título de la sección').fill('Mañana');
  await dialog.getByLabel('Opción 1').fill('8:00');
  await dialog.getByLabel('Detalle').fill('Con técnico');
  await dialog.getByRole('button', { name: 'Otra sección' }).click();
  await dialog.getByRole('group', { name: 'Sección 2' }).getByLabel('Opción 1').fill('14:00');
  await expect(dialog.getByText('Falta título de la sección')).toBeVisible();
  await dialog.getByRole('group', { name: 'Sección 2' }).getByLabel('Título de la sección').fill('Tarde');
  await dialog.getByRole('button', { name: 'Enviar' }).click();
  await expect(dialog).toHaveCount(0);

  dialog = await openMenu(page, 'Botón con enlace');
  await dialog.getByLabel('Texto', { exact: true }).fill('Su cotización');
  await dialog.getByLabel('Texto del botón').fill('Abrir');
  await dialog.getByLabel('Enlace').fill('mañana');
  await expect(dialog.getByText('Eso no es un enlace')).toBeVisible();
  await dialog.getByLabel('Enlace').fill('ejemplo.gt/c/1');
  await dialog.getByRole('button', { name: 'Enviar' }).click();
  await expect(dialog).toHaveCount(0);

  dialog = await openMenu(page, 'Pedir la ubicación');
  await dialog.getByRole('button', { name: 'Enviar' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await arrived(team, 3)).toMatchObject([
    {
      interactive: {
        type: 'list',
        action: {
          button: 'Ver opciones',
          sections: [
            { title: 'Mañana', rows: [{ title: '8:00', description: 'Con técnico' }] },
            { title: 'Tarde', rows: [{ title: '14:00' }] },
          ],
        },
      },
    },
    { interactive: { type: 'cta_url', action: { parameters: { display_text: 'Abrir', url: 'https://ejemplo.gt/c/1' } } } },
    { interactive: { type: 'location_request_message', body: { text: '¿Nos compartes tu ubicación?' } } },
  ]);
});

test('the card of a link is shown unless its agent is against it', async ({ inbox, team }) => {
  const { page } = inbox;
  await inbox.reply('Vea https://ejemplo.gt/uno');
  await inbox.composer.fill('Vea https://ejemplo.gt/dos');
  await page.getByRole('checkbox', { name: 'Mostrar la tarjeta del enlace' }).uncheck();
  await inbox.composer.press('Enter');
  expect(await arrived(team, 2)).toMatchObject([{ text: { preview_url: true } }, { text: { preview_url: false } }]);
});

test('a conversation with a new number, read as it is typed; one that somebody has opens theirs', async ({ inbox }) => {
  const { page } = inbox;
  await inbox.thread.focus();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Nueva conversación' });
  const number = dialog.getByLabel('Número de WhatsApp');
  await number.fill('5540 1122');
  await dialog.getByRole('button', { name: 'Usar +502' }).click();
  await expect(number).toHaveValue('+502 5540 1122');
  await expect(dialog.getByRole('status')).toContainText('Guatemala: +502 5540 1122');
  await expect(dialog.getByText('WhatsApp solo admite plantillas aprobadas')).toBeVisible();
  await dialog.getByLabel('Nombre').fill('Doña Chonita');
  await dialog.getByRole('button', { name: 'Abrir conversación' }).click();
  await expect(inbox.thread).toHaveAccessibleName('Conversación con Doña Chonita');
  await expect(page.getByRole('region', { name: 'La ventana de 24 horas está cerrada' })).toBeVisible();

  await page.getByRole('button', { name: 'Nueva conversación' }).click();
  await number.fill('+502 5555-1234');
  await expect(dialog.getByText('Ya lo tiene María Xicay')).toBeVisible();
  await dialog.getByRole('button', { name: 'Abrir la suya' }).click();
  await expect(inbox.thread).toHaveAccessibleName('Conversación con María Xicay');
});
