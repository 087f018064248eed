/** Service requests in a window: what happens to one proposes the right template to the right person, filled in, and two keys send it. */
import type { Page } from '@playwright/test';
import { BUILTIN_TEMPLATES } from '../../contract/requests/builtin-templates.ts';
import { toMetaTemplate } from '../../contract/whatsapp/template-definition.ts';
import type { Team } from '../support/team.ts';
import { expect, test as base, type Inbox, type Shell } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';
import { findViolations } from './support/violations.ts';

const MARIA = { phone: '+50255551234', name: 'María Xicay' };
const LAGO = { phone: '+50255559876', name: 'Servicios del Lago' };
const NORTE = { phone: '+50255554321', name: 'Aguas del Norte' };
const REQUEST = {
  serviceType: 'Limpieza de fosa séptica',
  customer: MARIA,
  contactEmail: 'maria@example.com',
  address: '12 calle 3-45, zona 10',
  requestedDate: '2026-12-04',
  formUrl: 'https://example.com/ptar/1042',
};

/** The account has the five templates before a desktop first reads it. */
const test = base.extend({
  team: async ({ team }, use) => {
    team.meta.setTemplates({ seed: Object.values(BUILTIN_TEMPLATES).map((design) => ({ body: toMetaTemplate(design) })) });
    await use(team);
  },
});

/** The outside system. */
async function put(shell: Shell, fields: Record<string, unknown>): Promise<void> {
  const { url } = shell.program().ready['api'] as { url: string };
  const response = await fetch(`${url}/api/service-requests/SOL-1042`, {
    method: 'PUT',
    body: JSON.stringify(fields),
    headers: { authorization: 'Bearer api-token', 'content-type': 'application/json' },
  });
  expect(response.ok, await response.clone().text()).toBe(true);
}

type Sent = { to: string; name: string; parameters: string[] };
/** Templates that reached Meta, in order. */
const sentTemplates = (team: Team): Sent[] =>
  team.meta.journal().flatMap(({ body, accepted }) => {
    const { to, template } = (body ?? {}) as { to?: string; template?: { name: string; components?: { type: string; parameters: { text: string }[] }[] } };
    return template && accepted ? [{ to: to ?? '', name: template.name, parameters: template.components?.find(({ type }) => type === 'body')?.parameters.map(({ text }) => text) ?? [] }] : [];
  });

const SEND = /^Enviar a .+ \((cliente|proveedor)\)$/;
const cardOf = (page: Page, title: string) => page.getByRole('article', { name: title });
const showProposals = (page: Page) => page.getByRole('button', { name: /^\d+ avisos? por enviar$/ }).click();

/** With the keyboard alone: one key opens the form, the next one sends. */
async function sendWithTwoKeys({ page }: Inbox, title: string): Promise<void> {
  await expect(cardOf(page, title).getByRole('button', { name: /^Revisar/ })).toBeVisible();
  await page.keyboard.press('p');
  await expect(cardOf(page, title).getByRole('button', { name: SEND })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cardOf(page, title)).toHaveCount(0);
}

test('every event of a request proposes its template to the right person, and two keys send it', async ({ inbox, shell, team, write, addColleague }) => {
  test.slow();
  const { page } = inbox;
  write({ from: MARIA.phone, name: MARIA.name, text: 'Buenos días, ¿cómo va mi solicitud SOL-1042?' });
  write({ from: LAGO.phone, name: LAGO.name, text: 'Aquí Servicios del Lago' });
  await expect(inbox.row('María Xicay')).toBeVisible();

  await test.step('an outside system creates it for a vendor: nueva_solicitud_de_servicio, with six values in order', async () => {
    await put(shell, { ...REQUEST, vendor: LAGO });
    await showProposals(page);
    await sendWithTwoKeys(inbox, 'Solicitud SOL-1042 asignada a Servicios del Lago');
    await expect
      .poll(() => sentTemplates(team))
      .toEqual([
        {
          to: LAGO.phone,
          name: 'nueva_solicitud_de_servicio',
          parameters: ['SOL-1042', 'Limpieza de fosa séptica', 'María Xicay', '+502 5555 1234', '12 calle 3-45, zona 10', '4 de diciembre de 2026'],
        },
      ]);
  });

  await test.step('received: solicitud_recibida_cliente, from the conversation of its customer', async () => {
    await put(shell, { status: 'received' });
    await page.getByRole('button', { name: 'Activas' }).click();
    await inbox.open(/cómo va mi solicitud/);
    await inbox.thread.focus();
    await sendWithTwoKeys(inbox, 'Solicitud SOL-1042 recibida');
    await expect
      .poll(() => sentTemplates(team).at(-1))
      .toEqual({ to: MARIA.phone, name: 'solicitud_recibida_cliente', parameters: ['María Xicay', 'SOL-1042', 'Limpieza de fosa séptica', '4 de diciembre de 2026', 'maria@example.com'] });
    await expect(inbox.message('Estimado cliente María Xicay, recibimos su solicitud de servicio SOL-1042.')).toBeVisible();
    // What was told there is linked to it.
    await expect(page.getByRole('main').getByRole('button', { name: 'Solicitud SOL-1042: Recibida' })).toBeVisible();
    await expect(inbox.row(/Estimado cliente/).getByRole('img', { name: 'Solicitud SOL-1042: Recibida' })).toBeVisible();
  });

  await test.step('the questionnaire is due: ptar_formulario_enviado', async () => {
    await put(shell, { status: 'ptar_form_sent' });
    // What is sent leaves the keyboard where an answer is written.
    await expect(inbox.composer).toBeFocused();
    await page.keyboard.press('Escape');
    await sendWithTwoKeys(inbox, 'Solicitud SOL-1042: toca el formulario PTAR');
    await expect
      .poll(() => sentTemplates(team).at(-1))
      .toEqual({ to: MARIA.phone, name: 'ptar_formulario_enviado', parameters: ['María Xicay', 'https://example.com/ptar/1042', 'Servicios del Lago', '+502 5555 9876'] });
  });

  await test.step('approved without a date: what is missing is named, and the form waits for it', async () => {
    await put(shell, { status: 'approved' });
    await page.getByRole('button', { name: 'Solicitud SOL-1042: Aprobada' }).click();
    const card = cardOf(page, 'Solicitud SOL-1042 aprobada por operaciones');
    await expect(card).toContainText('Falta: Fecha aprobada');
    await put(shell, { approvedDate: '2026-12-09' });
    await expect(card.getByText('Falta')).toHaveCount(0);
    await card.getByRole('button', { name: /^Revisar/ }).press('Enter');
    await expect(card.getByRole('button', { name: 'Enviar a Servicios del Lago (proveedor)' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(() => sentTemplates(team).at(-1)).toEqual({ to: LAGO.phone, name: 'solicitud_aprobada_operaciones', parameters: ['Servicios del Lago', 'SOL-1042', '9 de diciembre de 2026'] });
  });

  await test.step('reassigned: the former vendor hears that it is gone, the new one that it is theirs', async () => {
    await put(shell, { vendor: NORTE });
    await showProposals(page);
    await expect(page.getByRole('main').getByRole('article')).toHaveCount(2);
    await cardOf(page, 'Solicitud SOL-1042: ya no es de Servicios del Lago')
      .getByRole('button', { name: /^Revisar/ })
      .press('Enter');
    await expect(page.getByRole('button', { name: 'Enviar a Servicios del Lago (proveedor)' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(() => sentTemplates(team).at(-1)).toEqual({ to: LAGO.phone, name: 'reasignacion_removida', parameters: ['Servicios del Lago', 'SOL-1042', 'Limpieza de fosa séptica'] });
    await sendWithTwoKeys(inbox, 'Solicitud SOL-1042 asignada a Aguas del Norte');
    await expect.poll(() => sentTemplates(team).at(-1)).toMatchObject({ to: NORTE.phone, name: 'nueva_solicitud_de_servicio' });
    await expect(page.getByText('No hay avisos por enviar.')).toBeVisible();
  });

  await test.step('a colleague who decides first is named, and nothing goes twice', async () => {
    const bo = await addColleague({ name: 'Bo' });
    const before = sentTemplates(team).length;
    await put(shell, { status: 'reassigned' });
    await put(shell, { status: 'received' });
    const title = 'Solicitud SOL-1042 recibida';
    await showProposals(bo.inbox.page);
    await page.keyboard.press('p');
    await expect(cardOf(page, title).getByRole('button', { name: SEND })).toBeFocused();
    await sendWithTwoKeys(bo.inbox, title);
    await expect(cardOf(page, title)).toContainText('Bo ya envió este aviso.');
    await expect.poll(() => sentTemplates(team).length).toBe(before + 1);
    await cardOf(page, title).getByRole('button', { name: 'Entendido' }).click();
    await expect(cardOf(page, title)).toHaveCount(0);
  });

  await test.step('to somebody else it leaves only by a button that says so, and that stays on record', async () => {
    await put(shell, { status: 'approved' });
    const card = cardOf(page, 'Solicitud SOL-1042 aprobada por operaciones');
    await card.getByRole('button', { name: /^Revisar/ }).press('Enter');
    await card.getByRole('button', { name: /elegir a otra persona$/ }).click();
    await page.getByRole('menuitem', { name: 'María Xicay (cliente de la solicitud)' }).click();
    await expect(card.getByRole('alert')).toContainText('es para el proveedor de la solicitud, y María Xicay es su cliente');
    await expect(card.getByRole('button', { name: /^Enviar a María Xicay/ })).toHaveAttribute('aria-disabled', 'true');
    expect(await findViolations(page, { within: ['main'] })).toEqual([]);
    const before = sentTemplates(team).length;
    await card.getByRole('button', { name: /de todos modos/ }).click();
    await expect(card).toHaveCount(0);
    await expect.poll(() => sentTemplates(team).slice(before)).toMatchObject([{ to: MARIA.phone, name: 'solicitud_aprobada_operaciones' }]);
    // The former vendor's conversation is the request's no longer.
    await page.getByRole('button', { name: 'Activas' }).click();
    await expect(inbox.row(/^SD/)).toContainText('Servicios del Lago');
    await expect(inbox.row(/^SD/).getByRole('img', { name: /^Solicitud/ })).toHaveCount(0);
    await inbox
      .row(/^MX/)
      .getByRole('img', { name: /^Solicitud SOL-1042/ })
      .click();
    await expect(page.getByRole('main')).toContainText('envió un aviso a otra persona, a propósito');
  });
});

test('an unlinked conversation asks once for its request, by one key, and the list can be narrowed to it', async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ from: MARIA.phone, name: MARIA.name, text: 'Buenos días' });
  write({ from: LAGO.phone, name: LAGO.name, text: 'Aquí Servicios del Lago' });
  await expect(inbox.row('María Xicay')).toBeVisible();
  await put(shell, REQUEST);
  await inbox.open('María Xicay');
  await expect(page.getByRole('complementary').getByText('es el cliente')).toBeVisible();

  await inbox.composer.fill('Ya lo reviso');
  await inbox.composer.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Solicitud sin enlazar' });
  await expect(question.getByRole('button', { name: /^Enlazar y enviar/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(inbox.composer).toHaveValue('Ya lo reviso');
  await inbox.composer.press('Enter');
  await expect(inbox.message('Ya lo reviso')).toBeVisible();
  await expect(question).toHaveCount(0);

  // From the keyboard: I opens what could be linked, Enter takes the first.
  await inbox.thread.focus();
  await page.keyboard.press('i');
  await expect(page.getByRole('combobox', { name: /^Número, cliente/ })).toBeFocused();
  await expect(page.getByRole('option', { name: /SOL-1042/, selected: true })).toBeVisible();
  // Nobody is taken whom an earlier text has found.
  await page.keyboard.type('SOL');
  await expect(page.getByRole('option', { name: /SOL-1042/ })).toBeVisible();
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Ninguna solicitud coincide')).toBeVisible();
  await page.getByRole('combobox', { name: /^Número, cliente/ }).fill('');
  await expect(page.getByRole('option', { name: /SOL-1042/, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  const chip = page.getByRole('main').getByRole('button', { name: 'Solicitud SOL-1042: Nueva' });
  await expect(chip).toBeVisible();
  await expect(page.getByRole('complementary').getByRole('button', { name: 'Abrir la solicitud SOL-1042' })).toBeVisible();

  await page.getByRole('button', { name: 'Carpetas y etiquetas' }).click();
  await page.getByRole('menuitemradio', { name: 'Sin solicitud', exact: true }).click();
  await expect(inbox.row('María Xicay')).toHaveCount(0);
  await expect(inbox.row('Servicios del Lago')).toBeVisible();
  await page.getByRole('button', { name: 'Quitar el filtro «Sin solicitud»' }).click();

  await page.getByRole('button', { name: 'Quitar el enlace con SOL-1042' }).click();
  await expect(chip).toHaveCount(0);
  await page.getByRole('listitem').filter({ hasText: 'ya sin' }).getByRole('button', { name: 'Deshacer' }).click();
  await expect(chip).toBeVisible();

  // A colleague answers the question by linking the request themselves: the keyboard goes back to the reply.
  const { client, close } = await connectWindow(shell);
  const [request] = (await client.requests.list({ search: 'SOL-1042' })).items;
  const link = async (from: string | null, to: string | null): Promise<void> => void (await client.requests.link({ requestId: request!.id, role: 'customer', from, to }));
  const idOf = async (search: string): Promise<string> => (await client.conversations.list({ search })).items[0]!.id;
  await link(await idOf(MARIA.name), null);
  write({ from: NORTE.phone, name: NORTE.name, text: 'Voy por la SOL-1042' });
  await inbox.open('Aguas del Norte');
  await expect(page.getByRole('complementary').getByText('SOL-1042').first()).toBeVisible();
  await inbox.composer.fill('Gracias');
  await inbox.composer.press('Enter');
  await expect(question.getByRole('button', { name: /^Enlazar y enviar/ })).toBeFocused();
  await link(null, await idOf(NORTE.name));
  close();
  await expect(question).toHaveCount(0);
  await expect(inbox.composer).toBeFocused();
  await expect(inbox.composer).toHaveValue('Gracias');
});
