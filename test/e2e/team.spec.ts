/** A team on several desktops: joining with an invite, what a role may do, and handing out work. */
import { rmSync } from 'node:fs';
import { waitUntil } from '../support/wait-until.ts';
import { expect } from './support/demo.ts';
import { pattern } from './support/say.ts';
import { connectWindow } from './support/window-client.ts';
import { showSettings } from './support/settings.ts';
import { askToJoin, inviteFrom, join, test } from './support/desks.ts';
import { findViolationsInBoth } from './support/violations.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const PEDRO = { from: '+50255559876', name: 'Pedro Tzul' };

test('an invite made in the app takes a second desktop to a working inbox, with the number handed over', { tag: '@main' }, async ({ admin, openAnother, team, write }) => {
  write({ ...MARIA, text: 'Buenas tardes' });
  const link = await inviteFrom(admin, 'agent');
  const second = await openAnother();
  await join(second, { invite: link, name: 'Bo' });
  const { page } = second;
  await second.row('María Xicay').click();
  const composer = page.getByRole('textbox', { name: /^Mensaje para/ });
  await composer.fill('Le escribe Bo');
  await composer.press('Enter');
  await expect(
    page
      .getByRole('article')
      .filter({ hasText: 'Le escribe Bo' })
      .getByRole('img', { name: /^Estado: (Entregado|Leído)/ }),
  ).toBeVisible({ timeout: 20_000 });
  expect(team.meta.journal().filter((call) => JSON.stringify(call).includes('Le escribe Bo'))).toHaveLength(1);
  await expect(admin.page.getByRole('list', { name: 'Personas' }).getByRole('listitem')).toHaveCount(2);

  const third = await openAnother();
  await third.page.getByRole('textbox', { name: 'Enlace o código de invitación' }).fill(link);
  await third.page.getByRole('textbox', { name: 'Tu nombre' }).fill('Cy');
  await third.page.getByRole('button', { name: 'Unirme' }).click();
  await expect(third.page.getByRole('alert')).toContainText('Esta invitación ya se usó');
});

test('a desktop with an invite of the command line shows a code, and works once an admin has compared it', async ({ admin, openAnother, team, write }) => {
  write({ ...MARIA, text: 'Buenas tardes' });
  const second = await openAnother();
  const { page, say } = second;
  await askToJoin(second, { invite: await team.invite(), relay: team.relay.url, name: 'Bo' });
  await expect(page.getByRole('heading', { name: say('teamKey.title') })).toBeVisible();
  const code = page.getByRole('figure', { name: say('teamKey.code') }).getByRole('paragraph');
  await expect(code).toHaveText(/^(\d{4} ?){8}$/);
  expect(await findViolationsInBoth(page)).toEqual([]);
  await page.getByText(say('teamKey.recover.title')).click();
  await page.getByRole('textbox', { name: say('teamKey.recover.code') }).fill('ABCD-1234');
  await page.getByRole('button', { name: say('teamKey.recover.use') }).click();
  await expect(page.getByRole('alert')).toHaveText(say('teamKey.recover.short', { found: 8, wanted: 56 }));
  await page.getByRole('textbox', { name: say('teamKey.recover.code') }).fill('ABCD-12345 ABCD');
  await page.getByRole('button', { name: say('teamKey.recover.use') }).click();
  await expect(page.getByRole('alert')).toHaveText(say('teamKey.recover.group', { no: 2, group: '12345' }));
  await page.getByRole('textbox', { name: say('teamKey.recover.code') }).fill('ABCD-'.repeat(14));
  await page.getByRole('button', { name: say('teamKey.recover.use') }).click();
  await expect(page.getByRole('alert')).toHaveText(say('failure.RECOVERY_WRONG'));
  await page.getByRole('button', { name: say('teamKey.askAgain') }).click();
  await expect(page.getByText(say('teamKey.asked'))).toBeVisible();

  await admin.showTeam(say('team.part.devices'));
  await expect(admin.page.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText(say('devices.waitsForKey'));
  await admin.page.getByRole('button', { name: say('teamKey.requestsShow'), exact: true }).click();
  const dialog = admin.page.getByRole('dialog');
  await expect(dialog.getByRole('figure').getByRole('paragraph')).toHaveText((await code.textContent()) ?? '');
  await dialog.getByRole('button', { name: say('teamKey.give.same') }).click();
  await expect(second.row('María Xicay')).toBeVisible();
  await expect(admin.page.getByRole('button', { name: say('teamKey.give.button') })).toHaveCount(0);

  await admin.page.getByRole('button', { name: say('teamKey.recovery.show') }).click();
  await expect(dialog.getByRole('figure').getByRole('paragraph')).toHaveText(/^([0-9A-Z]{4} ?){14}$/);
});

test('an invite that nobody has used is listed with whom it is for, and is withdrawn', async ({ admin, openAnother }) => {
  const { page, say } = admin;
  const link = await inviteFrom(admin, 'lead');
  await admin.showTeam(say('team.part.devices'));
  const open = page.getByRole('list', { name: say('invite.open.title') });
  await expect(open.getByRole('listitem')).toHaveCount(1);
  await expect(open).toContainText(`${say('invite.open.noName')}${say('settings.role.lead')} · ${say('invite.open.by', { name: 'Ana' })}`);
  expect(await findViolationsInBoth(page)).toEqual([]);
  await open.getByRole('button', { name: say('invite.open.withdraw') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('invite.open.withdraw') })
    .click();
  await expect(page.getByText(say('invite.open.withdrawn'))).toBeVisible();
  await expect(open).toHaveCount(0);

  const other = await openAnother();
  await askToJoin(other, { invite: link, name: 'Bo' });
  await expect(other.page.getByRole('alert')).toHaveText(say('failure.INVITE_WITHDRAWN'));
});

test('a desktop that waits for a key that nobody gives it leaves the workspace, and joins with another invite', async ({ admin, openAnother, team }) => {
  const second = await openAnother();
  const { page, say } = second;
  await askToJoin(second, { invite: await team.invite(), relay: team.relay.url, name: 'Bo' });
  await page.getByRole('button', { name: say('teamKey.leave.button') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('teamKey.leave.confirm') })
    .click();
  await expect(page.getByRole('heading', { name: say('enroll.title') })).toBeVisible();
  await admin.showTeam(say('team.part.devices'));
  await expect(admin.page.getByRole('list', { name: say('devices.revoked') })).toContainText('Bo');
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
});

test('every admin is told who came in with the recovery code, all of them, until they say that it is right; the list goes on saying it', async ({ admin, team }) => {
  const { page, program, say } = admin;
  const { client, close } = await connectWindow({ url: () => program.ready.url! });
  const { code } = await client.members.recoveryCode();
  close();
  const eva = await team.addDesktop({ name: 'Eva', role: 'agent', confirms: false });
  await waitUntil('it waits', async () => (await eva.client.session.sync({})).state === 'waiting_for_key');
  await eva.client.enrollment.recover({ code });
  const strip = page.getByText(say('teamKey.recovered.title', { agent: 'Eva' }));
  await expect(strip).toBeVisible();
  const lea = await team.addDesktop({ name: 'Lea', role: 'agent', confirms: false });
  await waitUntil('it waits', async () => (await lea.client.session.sync({})).state === 'waiting_for_key');
  await lea.client.enrollment.recover({ code });
  const both = page.getByText(say('teamKey.recovered.several', { count: 2 }));
  await expect(both).toBeVisible();
  await expect(page.getByText(/Lea \(.*Eva \(/)).toBeVisible();
  await page.getByRole('button', { name: say('teamKey.recovered.show') }).click();
  const device = page.getByRole('listitem').filter({ hasText: 'Eva' });
  await expect(device).toContainText(pattern(say('devices.recoveredAt', { at: '…' }), '…', { whole: false }));
  await page.getByRole('button', { name: say('teamKey.recovered.seen') }).click();
  await expect(both).toHaveCount(0);
  await expect(strip).toHaveCount(0);
  await expect(device).toContainText(pattern(say('devices.recoveredAt', { at: '…' }), '…', { whole: false }));
});

test('a desktop that was shut out and that a restored relay lets in again is named as that, and is shut out again from the strip', async ({ admin, openAnother, team }) => {
  const { page, say } = admin;
  const bo = await openAnother();
  await join(bo, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  await admin.showTeam(say('team.part.devices'));
  const device = page
    .getByRole('list', { name: say('team.part.devices') })
    .getByRole('listitem')
    .filter({ hasText: 'Bo' });
  await expect(device).toBeVisible();
  const { folder } = JSON.parse(await team.relay.cli('backup', '--to', team.makeDataDir(), '--json')) as { folder: string };
  await device.getByRole('button').last().click();
  await page.getByRole('menuitem', { name: say('devices.revoke'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(say('devices.keyChanges'));
  await dialog.getByRole('button', { name: say('devices.revoke') }).click();
  await expect(page.getByRole('list', { name: say('devices.revoked') })).toContainText('Bo');

  await team.relay.kill();
  rmSync(team.relay.dataDir, { recursive: true });
  await team.relay.cli('restore', '--from', folder);
  await team.relay.restart();
  await expect(page.getByText(say('teamKey.returned.title', { count: 1 }))).toBeVisible({ timeout: 30_000 });
  await expect(device).toContainText(pattern(say('devices.shutOutBefore', { at: '…' }), '…', { whole: false }));
  await expect(page.getByText(say('teamKey.requests', { count: 1 }))).toHaveCount(0);
  await page
    .getByRole('status')
    .getByRole('button', { name: say('teamKey.returned.again') })
    .click();
  await dialog.getByRole('switch', { name: say('devices.wipeToo') }).click();
  await expect(dialog.getByRole('button', { name: say('devices.wipe') })).toBeDisabled();
  await dialog.getByRole('textbox').fill(say('devices.wipeWord'));
  await dialog.getByRole('button', { name: say('devices.wipe') }).click();
  await expect(page.getByText(say('teamKey.returned.title', { count: 1 }))).toHaveCount(0);
  await expect(page.getByRole('list', { name: say('devices.revoked') })).toContainText('Bo');
  expect(await team.relay.cli('devices')).toContain('to be wiped');
});

test('the page of an invite’s link copies the link, and neither shows the code nor asks anybody anything', async ({ team, browser }) => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${team.relay.url}/join#ABCD-EFGH`);
  await page.getByRole('button', { name: 'Copiar el enlace' }).click();
  await expect(page.getByRole('button', { name: 'Copiado' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${team.relay.url}/join#ABCD-EFGH`);
  await expect(page.getByText('ABCD')).toHaveCount(0);
  expect(asked.filter((path) => path !== '/favicon.ico')).toEqual(['/join']);
  await context.close();
});

test('what is pasted is checked before anything leaves, and an unreachable relay is named', async ({ openAnother }) => {
  const { page } = await openAnother();
  const invite = page.getByRole('textbox', { name: 'Enlace o código de invitación' });
  await page.getByRole('button', { name: 'Unirme' }).click();
  await expect(page.getByRole('alert')).toHaveText(['Pega el enlace o el código que recibiste.', 'Escribe un nombre.']);
  await invite.fill('esto no es nada ://');
  await expect(page.getByText('Esto no parece una invitación')).toBeVisible();
  await invite.fill('http://127.0.0.1:9/join#ABCD-EFGH-JKLM-NPQR');
  await page.getByRole('textbox', { name: 'Tu nombre' }).fill('Bo');
  await page.getByRole('button', { name: 'Unirme' }).click();
  await expect(page.getByRole('alert')).toContainText('No se pudo llegar al relay (http://127.0.0.1:9)');
});

test('until an admin has given the number, its admin is asked for it and the others are told that they wait', async ({ team, openAnother }) => {
  const first = await openAnother();
  const { invite } = JSON.parse(await team.relay.cli('invite', '--role', 'admin', '--json')) as { invite: string };
  await join(first, { invite, relay: team.relay.url, name: 'Ana' });
  await expect(first.page.getByRole('button', { name: 'Configurar el número' })).toBeVisible();
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(first, 'agent'), name: 'Bo' });
  await expect(second.page.getByRole('status').filter({ hasText: 'Esperando a que un administrador comparta el número' })).toBeVisible();
  await expect(second.page.getByRole('button', { name: 'Configurar el número' })).toHaveCount(0);
});

test('a change of role shows and hides what it allows, without a restart', { tag: '@main' }, async ({ admin, openAnother }) => {
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  const rail = second.page.getByRole('navigation', { name: 'Navegación' });
  await second.showTeam('Etiquetas');
  await expect(second.page.getByText('Todavía no hay etiquetas.')).toBeVisible();
  await expect(second.page.getByRole('button', { name: 'Nueva etiqueta' })).toHaveCount(0);
  await expect(rail.getByRole('button', { name: 'Reparto' })).toHaveCount(0);
  await expect(second.page.getByRole('button', { name: 'Computadoras' })).toHaveCount(0);

  const setRole = async (role: string): Promise<void> => {
    await admin.showTeam('Personas');
    await admin.page.getByRole('button', { name: 'Acciones para Bo' }).click();
    await admin.page.getByRole('menuitem', { name: 'Cambiar nombre o función' }).click();
    await admin.page.getByRole('dialog').getByText(role, { exact: true }).click();
    await admin.page.getByRole('button', { name: 'Guardar' }).click();
    await expect(admin.page.getByRole('dialog')).toHaveCount(0);
  };
  await setRole('Líder');
  await second.page.getByRole('button', { name: 'Nueva etiqueta' }).click();
  const dialog = second.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Nombre de la etiqueta' }).fill('Urgente');
  await dialog.getByText('Rojo').click();
  await dialog.getByRole('button', { name: 'Guardar' }).click();
  await expect(second.page.getByRole('list', { name: 'Etiquetas' })).toContainText('Urgente');
  await admin.showTeam('Etiquetas');
  await expect(admin.page.getByRole('list', { name: 'Etiquetas' })).toContainText('Urgente');

  await rail.getByRole('button', { name: 'Reparto' }).click();
  await expect(second.page.getByRole('heading', { name: 'Reparto' })).toBeVisible();
  await setRole('Agente');
  await expect(second.page.getByRole('heading', { name: 'Reparto' })).toHaveCount(0);
  await expect(rail.getByRole('button', { name: 'Reparto' })).toHaveCount(0);
});

test('a lead hands out work by keyboard, also while the relay is away, and takes it back', { tag: '@main' }, async ({ admin, openAnother, team, write }) => {
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  write({ ...MARIA, text: 'Hola' });
  write({ ...PEDRO, text: 'Buenas' });
  const { page } = admin;
  const board = page.getByRole('table');
  const holder = (name: string | RegExp) => board.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Reparto' }).click();
  await expect(admin.row('Pedro Tzul')).toBeVisible();
  await expect(holder('Sin asignar').getByRole('cell').first()).toHaveText('2');

  await team.relay.kill();
  await admin.row('Pedro Tzul').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: /^Bo/ }).press('Enter');
  await expect(page.getByText(/1 asignada a/).first()).toBeVisible();
  await expect(admin.row('Pedro Tzul')).toHaveCount(0);
  await expect(admin.row('María Xicay'), 'the keys go on at the next row').toBeFocused();
  await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('1');
  await holder(/^Bo/).getByRole('button').click();
  await expect(admin.row('Pedro Tzul')).toContainText('sin confirmar');

  // A notice stays while the pointer is on it.
  await page.getByRole('button', { name: 'Deshacer' }).hover();
  await team.relay.restart();
  await expect(admin.row('Pedro Tzul')).not.toContainText('sin confirmar', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Deshacer' }).click();
  await expect(admin.row('Pedro Tzul')).toHaveCount(0);
  await expect(holder('Sin asignar').getByRole('cell').first()).toHaveText('2');

  await holder('Sin asignar').getByRole('button').click();
  await admin.row('María Xicay').dragTo(holder(/^Bo/));
  await expect(holder(/^Bo/).getByRole('cell').first()).toHaveText('1');
});

test('revoking and wiping a desktop asks for a typed word and says what it takes', async ({ admin, openAnother }) => {
  const second = await openAnother();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  await admin.showTeam('Computadoras');
  const { page } = admin;
  const device = page.getByRole('list', { name: 'Computadoras' }).getByRole('listitem').filter({ hasText: 'Bo' });
  await expect(device).toContainText('Conectada ahora');
  await device.getByRole('button', { name: /^Acciones/ }).click();
  await page.getByRole('menuitem', { name: 'Retirar y borrar' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('No se puede deshacer');
  await expect(dialog.getByRole('button', { name: 'Retirar y borrar' })).toBeDisabled();
  await dialog.getByRole('textbox').press('Enter');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('textbox').fill('borrar');
  await dialog.getByRole('button', { name: 'Retirar y borrar' }).click();
  await expect(page.getByRole('list', { name: 'Sin acceso' })).toContainText('Bo');
});

test('notifications: permission is asked for on a click only; then a message shows one, and a click on it opens', async ({ admin, openAnother, write }) => {
  const second = await openAnother();
  await second.page.addInitScript(() => {
    class Stub extends EventTarget {
      static permission: NotificationPermission = 'default';
      static asked = 0;
      static shown: Stub[] = [];
      static requestPermission = async (): Promise<NotificationPermission> => {
        Stub.asked += 1;
        Stub.permission = 'granted';
        return Stub.permission;
      };
      isClosed = false;
      readonly title: string;
      readonly body: string;
      constructor(title: string, { body = '' }: NotificationOptions = {}) {
        super();
        this.title = title;
        this.body = body;
        Stub.shown.push(this);
      }
      close(): void {
        this.isClosed = true;
      }
    }
    Object.assign(window, { Notification: Stub });
  });
  await second.page.reload();
  await join(second, { invite: await inviteFrom(admin, 'agent'), name: 'Bo' });
  const { page } = second;
  type Shown = { title: string; body: string; isClosed: boolean };
  const asked = () => page.evaluate(() => (window.Notification as unknown as { asked: number }).asked);
  const shown = () => page.evaluate(() => (window.Notification as unknown as { shown: Shown[] }).shown.map(({ title, body, isClosed }) => ({ title, body, isClosed })));

  await showSettings(page, 'Notificaciones');
  await expect(page.getByText('El navegador todavía no tiene permiso')).toBeVisible();
  expect(await asked()).toBe(0);
  await page.getByRole('button', { name: 'Permitir avisos' }).click();
  await expect(page.getByText('El navegador muestra los avisos')).toBeVisible();
  await page.keyboard.press('Escape');

  write({ ...MARIA, text: '¿Hay alguien?' });
  await expect.poll(shown).toEqual([{ title: 'María Xicay', body: '¿Hay alguien?', isClosed: false }]);
  await expect(page).toHaveTitle('(1) Bandeja');
  await page.evaluate(() => (window.Notification as unknown as { shown: EventTarget[] }).shown[0]!.dispatchEvent(new Event('click')));
  await expect(page.getByRole('log')).toContainText('¿Hay alguien?');
  await expect.poll(async () => (await shown())[0]!.isClosed).toBe(true);

  await showSettings(page, 'Notificaciones');
  await page.getByRole('button', { name: 'Durante 1 hora' }).click();
  await expect(page.getByRole('region', { name: 'Notificaciones' }).getByRole('status')).toContainText('Sin avisos hasta');
});

test('axe finds nothing on the team page and the board', async ({ admin, write, openAnother }) => {
  test.slow();
  const { page } = admin;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  write({ ...MARIA, text: 'Hola' });
  for (const color of ['Amarillo', 'Rosa']) {
    await admin.showTeam('Etiquetas');
    await page.getByRole('button', { name: 'Nueva etiqueta' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(`Etiqueta ${color}`);
    await page.getByRole('dialog').getByText(color, { exact: true }).click();
    expect(await findViolationsInBoth(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click();
    await expect(page.getByRole('list', { name: 'Etiquetas' })).toContainText(color);
  }
  for (const part of ['Personas', 'Equipos', 'Etiquetas', 'Respuestas rápidas', 'Computadoras', 'Espacio', 'Número de WhatsApp']) {
    await admin.showTeam(part);
    expect(await findViolationsInBoth(page), part).toEqual([]);
  }
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Reparto' }).click();
  await expect(admin.row('María Xicay')).toBeVisible();
  await admin.row('María Xicay').click();
  expect(await findViolationsInBoth(page), 'board').toEqual([]);
  const fresh = await openAnother();
  expect(await findViolationsInBoth(fresh.page), 'joining').toEqual([]);
});
