/** Drafts by AI in the window, with a model's server over HTTP: written before one's eyes, changed, sent, and never in anybody's way. */
import type { Locator, Page } from '@playwright/test';
import { asked, conversationOf, CUSTOMER, isReady, startModel, useModel } from '../support/ai-team.ts';
import type { ContractClient } from '../support/desk.ts';
import type { Team } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expect, test as base } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';
import { findViolations } from './support/violations.ts';

const HOURS = { question: '¿Cuál es el horario de atención del sábado?', passage: 'El sábado abrimos de 8:00 a 12:00.' };
const ANSWER = 'El sábado abrimos de 8:00 a 12:00. [K1] Con gusto le esperamos. Su visita cuesta Q975.';
const SHOWN = 'El sábado abrimos de 8:00 a 12:00.';
const INSTRUCTION = 'Indicación para el borrador';

const card = (page: Page): Locator => page.getByRole('region', { name: 'Borrador de la IA' });

const test = base.extend<{ client: ContractClient }>({
  /** Ana's own engine, with an article in its knowledge base. */
  client: async ({ shell }, use) => {
    const { client, close } = await connectWindow(shell);
    await isReady(client);
    await client.knowledge.save({
      articleId: null,
      from: null,
      title: 'Horario de atención',
      language: 'es',
      text: `# Horario de atención\n\nDe lunes a viernes abrimos de 8:00 a 17:00. ${HOURS.passage} Los domingos cerramos.`,
    });
    await waitUntil('the article can be found', async () => (await client.knowledge.search({ text: HOURS.question })).isAnswerable);
    await use(client);
    close();
  },
});
test.use({ role: 'admin' });

const meta = (team: Team): string => JSON.stringify(team.meta.journal());

test(
  'a burst gives one draft, written while one reads on; its source opens, what nothing supports is underlined and asked about, and it goes as it was edited',
  { tag: '@main' },
  async ({ inbox, team, write, client }) => {
    const { page } = inbox;
    const model = await startModel(team, { pieceMs: 250, replies: [{ match: 'sábado', text: ANSWER }] });
    await useModel(client, model);
    write({ ...CUSTOMER, text: 'Buenas' });
    await inbox.open(CUSTOMER.name);
    await expect(page.getByText('Esperando por si María Xicay sigue escribiendo…')).toBeVisible();
    await inbox.composer.focus();
    write({ ...CUSTOMER, text: HOURS.question });
    await expect(card(page).getByText('Escribiendo…')).toBeVisible();
    await expect(card(page)).toContainText('El sábado');
    await expect(card(page)).not.toContainText('Q975');
    model.set({ pieceMs: 0 });
    await expect(card(page)).toContainText('Su visita cuesta Q975.');
    await expect(card(page).getByRole('button', { name: 'Enviar', exact: true })).toBeVisible();
    await expect(inbox.composer, 'the draft took neither the focus nor the box').toBeFocused();
    await expect(inbox.composer).toHaveValue('');
    expect(asked(model), 'one call for the burst').toHaveLength(1);
    expect(await findViolations(page, { within: ['main'] })).toEqual([]);

    await card(page)
      .getByRole('button', { name: /^Fuente 1:/ })
      .click();
    const source = page.getByRole('dialog', { name: 'Fuente 1' });
    await expect(source).toContainText(HOURS.passage);
    await expect(source.getByRole('button', { name: 'Abrir artículo' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(source).toBeHidden();
    await expect(card(page).locator('mark')).toHaveText('Q975');
    await expect(card(page).getByRole('list', { name: 'Sin respaldo' })).toContainText('Q975 es un importe que no aparece en ninguna fuente');

    await card(page).getByRole('button', { name: '¿Por qué esta respuesta?' }).click();
    const why = page.getByRole('dialog', { name: '¿Por qué esta respuesta?' });
    await expect(why).toContainText('Íntegro: nadie lo cambió después');
    await expect(why).toContainText('Lo que salió hacia el modelo, palabra por palabra');
    expect(await findViolations(page, { within: ['[role="dialog"]'] })).toEqual([]);
    await page.keyboard.press('Escape');

    await card(page).getByRole('button', { name: 'Editar' }).click();
    const editor = card(page).getByRole('textbox', { name: 'Texto del borrador' });
    await editor.fill(`${SHOWN} Su visita cuesta Q975, María.`);
    await page.reload();
    await expect(editor, 'what was typed is there after a reload').toHaveValue(`${SHOWN} Su visita cuesta Q975, María.`);
    await expect(editor, 'and takes no focus by itself').not.toBeFocused();
    await editor.press('Control+Enter');
    await expect(page.getByRole('alert').filter({ hasText: 'El texto dice algo que ninguna fuente respalda' })).toContainText('“Q975”');
    await expect(editor, 'the question leaves the focus where one types').toBeFocused();
    expect(meta(team)).not.toContain('Q975');
    await page.getByRole('button', { name: 'Enviar de todos modos' }).click();
    await expect(inbox.message('Q975, María')).toBeVisible();
    await expect(card(page)).toBeHidden();
    await expect(inbox.message('Q975, María').getByText('Con IA')).toBeVisible();
    await inbox.message('Q975, María').click({ button: 'right' });
    await page.getByRole('menuitem', { name: '¿Por qué esta respuesta?' }).click();
    await expect(why).toContainText('Íntegro: nadie lo cambió después');
    await page.keyboard.press('Escape');
    await waitUntil('Meta has the edited text', () => meta(team).includes('Q975, María'));
    const conversationId = await conversationOf(client);
    await waitUntil('it counts as that draft', async () => (await client.ai.conversation({ conversationId })).draft?.messageId !== null);
  },
);

test('whoever writes on their own has the draft beside them, and it enters their text only when they say how', async ({ inbox, team, write, client }) => {
  const { page } = inbox;
  const model = await startModel(team, { fault: 'stalls', replies: [{ match: 'sábado', text: ANSWER }] });
  await useModel(client, model);
  write({ ...CUSTOMER, text: HOURS.question });
  await inbox.open(CUSTOMER.name);
  await expect(card(page).getByText('Escribiendo…')).toBeVisible();
  await inbox.composer.pressSequentially('Ya le digo');
  await expect(card(page).getByText('Escribiendo…')).toBeVisible();
  await expect(inbox.composer).toHaveValue('Ya le digo');
  // Esc stops it, and leaves the text and its place alone.
  await inbox.composer.press('Escape');
  await expect(card(page)).toBeHidden();
  await expect(inbox.composer).toBeFocused();

  model.set({ fault: null });
  await page.getByRole('button', { name: 'Ayuda de la IA' }).click();
  await page.getByRole('menuitem', { name: 'Proponer con una indicación…' }).click();
  // The menu has gone for good, and gave the keyboard back to nobody else.
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: INSTRUCTION })).toBeFocused();
  await page.keyboard.type('di que sí');
  await page.keyboard.press('Enter');
  await expect(card(page)).toContainText('Su visita cuesta');
  expect(asked(model).at(-1)).toContain('di que sí');
  await inbox.composer.focus();
  await inbox.composer.press('Control+j');
  const choice = page.getByRole('group', { name: 'Ya hay texto en tu mensaje.' });
  await expect(choice.getByRole('button', { name: 'Añadir al final' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inbox.composer).toHaveValue('Ya le digo');
  await inbox.composer.press('Control+j');
  await choice.getByRole('button', { name: 'Añadir al final' }).click();
  await expect(inbox.composer).toHaveValue(`Ya le digo\n${SHOWN} Con gusto le esperamos. Su visita cuesta Q975.`);
  await expect(card(page)).toContainText('Está en tu mensaje');
  // The card's key sends nothing that is in the box now; what goes is what stands there.
  await card(page).focus();
  await page.keyboard.press('Control+Enter');
  await inbox.composer.press('Enter');
  await page.getByRole('button', { name: 'Enviar de todos modos' }).click();
  await waitUntil('Meta has the text', () => meta(team).includes('Ya le digo'));
  expect(meta(team)).not.toContain(`"${SHOWN}`);
});

test('a colleague who answers while it is written ends it, and nothing of it leaves', async ({ inbox, team, write, client }) => {
  const { page } = inbox;
  const model = await startModel(team, { fault: 'stalls', replies: [{ match: 'sábado', text: ANSWER }] });
  // Only what Ana asks for is made: of two desktops either one might be the one that drafts by itself.
  await useModel(client, model, { mode: 'off' });
  const bo = await team.addDesktop({ name: 'Bo' });
  await isReady(bo.client);
  write({ ...CUSTOMER, text: HOURS.question });
  await inbox.open(CUSTOMER.name);
  await expect(page.getByText('La IA está apagada en todo el espacio.')).toBeVisible();
  await inbox.composer.press('Control+j');
  await expect(card(page).getByText('Escribiendo…')).toBeVisible();
  const conversationId = await conversationOf(bo.client);
  const { seenThrough } = await bo.client.conversations.get({ conversationId, messages: 0 });
  await bo.client.messages.send({ conversationId, content: { kind: 'text', text: 'Le atiende Bo' }, seenThrough });
  await expect(inbox.message('Le atiende Bo')).toBeVisible();
  await expect(card(page)).toBeHidden();
  await waitUntil('the call is given up', () => model.journal().some(({ isCutByCaller }) => isCutByCaller));
  expect(meta(team)).not.toContain('El sábado');
});

test('without a model the knowledge base answers, and says that it does; a key goes in and never comes out; a refused one has a way out', async ({ client: _, inbox, team, write }) => {
  const { page } = inbox;
  const nav = page.getByRole('navigation', { name: 'Navegación' });
  write({ ...CUSTOMER, text: HOURS.question });
  await inbox.open(CUSTOMER.name);
  const extract = page.getByRole('region', { name: 'Sin IA: de la base de conocimiento' });
  await expect(extract).toContainText(HOURS.passage);

  const model = await startModel(team, { replies: [{ match: 'sábado', text: ANSWER }] });
  await nav.getByRole('button', { name: 'Equipo', exact: true }).click();
  await page.getByRole('navigation', { name: 'Partes del equipo' }).getByRole('button', { name: 'IA', exact: true }).click();
  const form = page.getByRole('form', { name: 'El modelo' });
  await form.getByLabel('Proveedor').selectOption('custom');
  await form.getByLabel('Dirección').fill(model.baseUrl());
  await form.getByLabel('Nombre del modelo').fill('stand-in');
  await form.getByRole('button', { name: 'Guardar', exact: true }).click();
  const key = form.getByLabel('Clave', { exact: true });
  await key.fill('sk-wrong');
  await form.getByRole('button', { name: 'Probar conexión' }).click();
  await expect(form.getByText('El modelo no aceptó la clave.')).toBeVisible();
  await key.fill('sk-of-the-tests');
  await form.getByRole('button', { name: 'Probar conexión' }).click();
  await expect(form.getByText('Funciona. Contestó stand-in.')).toBeVisible();
  await form.getByRole('button', { name: 'Guardar', exact: true }).click();
  await expect(key).toHaveValue('');
  await expect(form.getByText('Hay una clave guardada.')).toBeVisible();
  expect(await findViolations(page, { within: ['main'] })).toEqual([]);
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage].map((storage) => Object.entries(storage))));
  expect((await page.content()) + stored).not.toContain('sk-of-the-tests');

  model.set({ fault: 'rate_limited' });
  await nav.getByRole('button', { name: 'Activas' }).click();
  await extract.getByRole('button', { name: 'Cambiar' }).click();
  await page.getByRole('menuitem', { name: 'Proponer otra vez' }).click();
  await expect(page.getByText('El modelo pide ir más despacio.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^(Reintentar|Reintentar en \d+ s)$/ })).toBeVisible();
});

test(
  'an automatic answer counts down before everybody, is cancelled with one key, and the switch for all stands at the foot of the window',
  { tag: '@main' },
  async ({ client, inbox, team, write }) => {
    const { page } = inbox;
    const nav = page.getByRole('navigation', { name: 'Navegación' });
    const model = await startModel(team, { replies: [{ match: 'sábado', text: `${HOURS.passage} [K1]` }] });
    await useModel(client, model, { mode: 'auto' });
    const [article] = await client.knowledge.list({});
    await client.knowledge.change({ articleId: article!.articleId, changes: { mayAutoAnswer: { from: false, to: true } } });
    await nav.getByRole('button', { name: 'Equipo', exact: true }).click();
    await page.getByRole('navigation', { name: 'Partes del equipo' }).getByRole('button', { name: 'IA', exact: true }).click();
    const auto = page.getByRole('form', { name: 'Respuestas automáticas' });
    await auto.getByRole('button', { name: 'Encender' }).click();
    const confirm = page.getByRole('dialog', { name: '¿Responder a clientes sin que nadie lo lea antes?' });
    await expect(confirm).toContainText('tras 30 segundos de cuenta atrás');
    await confirm.getByRole('button', { name: 'Encender' }).click();
    await expect(auto.getByText('Encendidas')).toBeVisible();

    await nav.getByRole('button', { name: 'Activas' }).click();
    write({ ...CUSTOMER, text: HOURS.question });
    await expect(inbox.row(CUSTOMER.name).getByRole('img', { name: 'Una respuesta saldrá sola' })).toBeVisible();
    await inbox.open(CUSTOMER.name);
    await expect(
      card(page)
        .getByText(/^Se enviará sola en \d+ s$/)
        .last(),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'IA responde. Lo dice el ajuste del espacio.' })).toBeVisible();
    expect(await findViolations(page, { within: ['main'] })).toEqual([]);
    await card(page).getByRole('button', { name: 'Cancelar envío' }).click();
    await expect(card(page).getByText('Ya no se enviará sola.')).toBeVisible();
    await expect(card(page)).toContainText(HOURS.passage);
    const conversationId = await conversationOf(client);
    await waitUntil('no desktop may send it any more', async () => (await client.ai.conversation({ conversationId })).draft?.auto?.state === 'stopped');
    expect(meta(team)).not.toContain(HOURS.passage);

    await page.getByRole('button', { name: 'IA responde. Lo dice el ajuste del espacio.' }).click();
    await page.getByRole('menuitem', { name: 'Detener la IA para todos' }).click();
    const strip = page.getByRole('status').filter({ hasText: 'La IA está detenida para todo el equipo.' });
    await expect(strip).toBeVisible();
    await strip.getByRole('button', { name: 'Reanudar la IA' }).click();
    await expect(strip).toBeHidden();
  },
);
