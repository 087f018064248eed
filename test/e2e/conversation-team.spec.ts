/** Two people in one conversation: nobody answers blindly, notes stay inside the team, and nothing that was typed is lost. */
import { expect, test, type Inbox } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };

/** The agent looks elsewhere: what comes now is on the screen, but not before anybody's eyes. */
const lookAway = (inbox: Inbox): Promise<void> =>
  inbox.page.evaluate(() => {
    document.hasFocus = () => false;
  });
const guard = (inbox: Inbox) => inbox.page.getByRole('alert').filter({ hasText: 'mientras escribías' });
const sentTexts = (journal: readonly { body?: unknown }[]): unknown[] =>
  journal.flatMap((call) => {
    const text = (call.body as { text?: { body: string } } | undefined)?.text?.body;
    return text === undefined ? [] : [text];
  });

test('an agent types, a colleague answers: the guard stops the blind send, shows the answer, and asks once', { tag: '@main' }, async ({ inbox, team, write }) => {
  const bo = await team.addDesktop({ name: 'Bo' });
  write({ ...MARIA, text: '¿Tienen repuestos?' });
  await inbox.open('María Xicay');
  await expect(inbox.row('María Xicay').getByLabel(/sin leer/)).toHaveCount(0);
  await inbox.composer.fill('Sí, cuestan 300');
  await lookAway(inbox);

  await expect.poll(async () => (await bo.client.conversations.list({})).items.length).toBe(1);
  const [conversation] = (await bo.client.conversations.list({})).items;
  await bo.client.messages.sendText({ conversationId: conversation!.id, text: 'Sí, cuestan 250' });
  await expect(inbox.message('Sí, cuestan 250')).toBeVisible();

  await inbox.composer.press('Enter');
  await expect(guard(inbox)).toContainText('Bo respondió mientras escribías.');
  await expect(inbox.composer).toHaveValue('Sí, cuestan 300');
  await expect(inbox.message('Sí, cuestan 250')).toHaveAttribute('data-moved', 'true');
  await expect(inbox.message('Sí, cuestan 300')).toHaveCount(0);
  expect(sentTexts(team.meta.journal())).not.toContain('Sí, cuestan 300');

  // They saw it, put it right and send: no second question.
  await inbox.composer.fill('Perdón, 250 es correcto');
  await expect(async () => {
    await inbox.composer.press('Enter');
    await expect(inbox.composer).toHaveValue('', { timeout: 200 });
  }).toPass();
  await expect(guard(inbox)).toHaveCount(0);
  await expect(inbox.stateOf('Perdón, 250 es correcto')).toHaveAccessibleName('Estado: Leído');
  expect(sentTexts(team.meta.journal())).toEqual(['Sí, cuestan 250', 'Perdón, 250 es correcto']);
});

test('the guard names the customer, lets its agent send all the same, and does not ask when nothing came', async ({ inbox, team, write }) => {
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.reply('Buenos días');
  await expect(guard(inbox)).toHaveCount(0);

  await inbox.composer.fill('¿Le sirve el martes?');
  await lookAway(inbox);
  write({ ...MARIA, text: 'Mejor el lunes' });
  await expect(inbox.message('Mejor el lunes')).toBeVisible();
  await inbox.composer.press('Enter');
  await expect(guard(inbox)).toContainText('María Xicay escribió mientras escribías.');
  await expect(async () => {
    await inbox.page.getByRole('button', { name: 'Enviar igualmente' }).click({ timeout: 500 });
    await expect(inbox.composer).toHaveValue('', { timeout: 200 });
  }).toPass();
  await expect(inbox.stateOf('¿Le sirve el martes?')).toHaveAccessibleName('Estado: Leído');
  expect(sentTexts(team.meta.journal())).toEqual(['Buenos días', '¿Le sirve el martes?']);
});

test('a note is written with N, mentions a colleague, reaches them, and never the customer', { tag: '@main' }, async ({ inbox, team, write }) => {
  const bo = await team.addDesktop({ name: 'Bo Ramírez' });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.thread.focus();
  await inbox.page.keyboard.press('n');
  const note = inbox.page.getByRole('textbox', { name: 'Nota interna sobre María Xicay' });
  await expect(note).toBeFocused();
  await note.pressSequentially('Pregunta por el precio, @bo');
  await expect(inbox.page.getByRole('option', { name: /Bo Ramírez/ })).toBeVisible();
  await note.press('Tab');
  await expect(note).toHaveValue('Pregunta por el precio, @Bo Ramírez ');
  await note.press('Enter');
  await expect(inbox.thread.getByRole('article', { name: 'Nota interna · Tú' })).toContainText('Pregunta por el precio, @Bo Ramírez');
  // It does not flip by itself.
  await expect(note).toHaveValue('');
  await expect(inbox.page.getByRole('button', { name: 'Guardar nota' })).toBeVisible();

  const me = (await bo.client.session.get()).me!;
  await expect
    .poll(async () => {
      const [conversation] = (await bo.client.conversations.list({})).items;
      const notes = conversation ? await bo.client.notes.list({ conversationId: conversation.id }) : [];
      return notes.map(({ body, mentions }) => [body, mentions.map(({ id }) => id)]);
    })
    .toEqual([['Pregunta por el precio, @Bo Ramírez', [me.id]]]);
  expect(sentTexts(team.meta.journal())).toEqual([]);
});

test('a note of mine can be edited and deleted, and leaves a mark', async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await page.getByRole('button', { name: 'Nota', exact: true }).click();
  await page.keyboard.type('Llamar mañana');
  await page.keyboard.press('Enter');
  const note = inbox.thread.getByRole('article', { name: /^Nota interna/ });
  await note.hover();
  await note.getByRole('button', { name: 'Editar nota' }).click();
  await note.getByRole('textbox').fill('Llamar el lunes');
  await note.getByRole('textbox').press('Enter');
  await expect(note).toContainText('Llamar el lunes');
  await expect(note).toContainText('editada');
  await note.hover();
  await note.getByRole('button', { name: 'Eliminar nota' }).click();
  await expect(inbox.thread).toContainText('Eliminaste esta nota');
  await expect(note).toHaveCount(0);
});

test('what was typed outlives the window’s own storage and the engine: it stands in the database', { tag: '@main' }, async ({ inbox, shell, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('A medio escribir');
  // Given to the engine, the window keeps no copy.
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('bandeja.draft.')))).toEqual([]);
  await shell.kill();
  await shell.restart();
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.goto(shell.url());
  await inbox.open('María Xicay');
  await expect(inbox.composer).toHaveValue('A medio escribir');
});

test('a canned reply is found by a few letters, filled in, and warns of what is missing', async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Buen día, {{primer_nombre}}. Su NIT es {{nit}}.');
  await page.getByRole('button', { name: 'Más opciones del mensaje' }).click();
  await page.getByRole('menuitem', { name: /Guardar como respuesta rápida/ }).click();
  await page.getByRole('textbox', { name: 'Atajo' }).fill('saludo');
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await inbox.composer.fill('');
  await inbox.composer.pressSequentially('/sld');
  await expect(page.getByRole('option', { name: /\/saludo/ })).toBeVisible();
  await inbox.composer.press('Enter');
  await expect(inbox.composer).toHaveValue('Buen día, María. Su NIT es {{nit}}.');
  await inbox.composer.press('Enter');
  await expect(page.getByText('Queda un hueco sin rellenar: {{nit}}')).toBeVisible();
  await expect(page.getByText('Enter otra vez lo envía así.')).toBeVisible();
  expect(sentTexts(team.meta.journal())).toEqual([]);
  await inbox.composer.press('Enter');
  await expect(inbox.stateOf('Su NIT es {{nit}}')).toHaveAccessibleName('Estado: Leído');
});

test('take, snooze and bring back from the keyboard, each told in the activity', { tag: '@main' }, async ({ inbox, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await inbox.thread.focus();
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: 'Responsable: Yo' })).toBeVisible();
  await page.keyboard.press('z');
  await page
    .getByRole('dialog', { name: 'Posponer' })
    .getByRole('option', { name: /Mañana/ })
    .click();
  const snoozed = page
    .locator('header')
    .getByText(/^Pospuesta hasta/)
    .filter({ visible: true });
  await expect(snoozed).toHaveCount(1);
  await page.getByRole('button', { name: 'Traer de vuelta' }).click();
  await expect(snoozed).toHaveCount(0);
  const panel = page.getByRole('complementary', { name: 'Datos del cliente' });
  await expect(panel).toContainText('Ana (tú) la tomó');
  await expect(panel).toContainText(/Ana \(tú\) la pospuso hasta/);
  await expect(panel).toContainText('Ana (tú) la trajo de vuelta');
});

test('a colleague who writes is seen while they write', async ({ inbox, team, write }) => {
  const bo = await team.addDesktop({ name: 'Bo' });
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await expect.poll(async () => (await bo.client.conversations.list({})).items.length).toBe(1);
  const [conversation] = (await bo.client.conversations.list({})).items;
  await bo.client.presence.set({ conversationId: conversation!.id, activity: 'viewing' });
  await expect(inbox.page.getByRole('img', { name: 'Bo la está viendo' })).toBeVisible();
  await inbox.composer.fill('Hola');
  await bo.client.presence.set({ conversationId: conversation!.id, activity: 'writing' });
  await expect(inbox.page.getByRole('img', { name: 'Bo está escribiendo' })).toBeVisible();
  await expect(inbox.page.getByText('Bo también está escribiendo una respuesta.')).toBeVisible();
  // And they see me.
  await expect.poll(async () => (await bo.client.presence.list())?.map(({ activity }) => activity)).toEqual(['writing']);

  await team.relay.kill();
  await expect(inbox.page.getByRole('img', { name: /no se sabe quién más/ })).toBeVisible();
});

test('what is done without a line is marked as to be confirmed, a note too, until the team has it', async ({ inbox, team, write }) => {
  const { page } = inbox;
  write({ ...MARIA, text: 'Hola' });
  await inbox.open('María Xicay');
  await team.relay.kill();
  await expect(page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' })).toBeVisible();
  await inbox.thread.focus();
  await page.keyboard.press('m');
  const pending = page.locator('header').getByText('Por confirmar');
  await expect(pending).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.type('Escrita sin conexión');
  await page.keyboard.press('Enter');
  const note = inbox.thread.getByRole('article', { name: /^Nota interna/ });
  await expect(note).toContainText('por confirmar');
  await team.relay.restart();
  await expect(pending).toHaveCount(0);
  await expect(note).toHaveText(/Escrita sin conexión/);
  await expect(note).not.toContainText('por confirmar');
});
