/**
 * Working without the mouse: a shift of triage, the palette, and keys that an agent chose. A key that does something else than the screen
 * says, or leaves the keyboard nowhere, would be found here.
 */
import { expect, test, type Inbox } from './support/demo.ts';

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const ROBERTO = { from: '+50255559876', name: 'Roberto Ajú' };
const LUCIA = { from: '+50255557777', name: 'Lucía Tzoc' };

const press = async ({ page }: Pick<Inbox, 'page'>, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

test('a shift of triage by keyboard: take, answer, snooze, mark as unread, archive and go on, many at once, places', { tag: '@main' }, async ({ inbox, team, write }) => {
  test.slow();
  const { page } = inbox;
  for (const [index, customer] of [MARIA, ROBERTO, LUCIA].entries()) write({ ...customer, text: `Hola, soy ${customer.name}`, hoursAgo: 3 - index });
  await expect(page.getByRole('option')).toHaveCount(3);

  await test.step('read, and not read after all', async () => {
    await press(inbox, 'j', 'Enter');
    await expect(inbox.message('Hola, soy Lucía Tzoc')).toBeVisible();
    await expect(inbox.row('Lucía').getByLabel(/sin leer/)).toHaveCount(0);
    await press(inbox, 'Escape', 'u');
    await expect(inbox.row('Lucía').getByLabel('1 mensaje sin leer')).toBeVisible();
    await expect(page.getByRole('log')).toHaveCount(0);
    await expect(inbox.row('Lucía')).toBeFocused();
  });

  await test.step('take it, answer it, archive it and go on with the next one', async () => {
    await press(inbox, 'm');
    await expect(inbox.row('Lucía').getByRole('img', { name: /Asignada a ti|Asignada a Ana/ })).toBeVisible();
    await press(inbox, 'r');
    await expect(inbox.composer).toBeFocused();
    await page.keyboard.type('Claro que sí');
    await press(inbox, 'Enter');
    await expect(inbox.stateOf('Claro que sí')).toBeVisible();
    // A letter in a text is a letter.
    await page.keyboard.type('q');
    await expect(inbox.composer).toHaveValue('q');
    await press(inbox, 'Backspace', 'Escape', 'q');
    await expect(inbox.row('Lucía')).toHaveCount(0);
    await expect(page.getByRole('log', { name: 'Conversación con Roberto Ajú' })).toBeFocused();
  });

  await test.step('snooze and label from the thread', async () => {
    await press(inbox, 'z');
    await expect(page.getByRole('dialog', { name: 'Posponer' })).toBeVisible();
    await press(inbox, 'Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await press(inbox, 'l');
    await expect(page.getByRole('dialog', { name: 'Etiquetas' })).toBeVisible();
    await press(inbox, 'Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await press(inbox, 'q');
    await expect(page.getByRole('log', { name: 'Conversación con María Xicay' })).toBeFocused();
    await expect(page.getByRole('option')).toHaveCount(1);
  });

  await test.step('everywhere and back', async () => {
    await press(inbox, 'g', 'c');
    await expect(page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Contactos' })).toHaveAttribute('aria-current', 'page');
    // Walking there is over when one leaves.
    await press(inbox, 'g', 'r', 'j');
    await press(inbox, 'g', 'e');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Archivadas/);
    await expect(page.getByRole('option')).toHaveCount(2);
    await press(inbox, 'j', 'x', 'j', 'x');
    await expect(page.getByRole('option', { checked: true })).toHaveCount(2);
    await press(inbox, 'Escape');
    await press(inbox, 'g', 'a');
    await expect(page.getByRole('option')).toHaveCount(1);
  });

  await test.step('many at once', async () => {
    await press(inbox, 'j', 'x', 'e');
    await expect(page.getByRole('option')).toHaveCount(0);
    await press(inbox, 'Control+z');
    await expect(inbox.row('María')).toBeVisible();
  });
  expect(team.meta.journal().filter((call) => JSON.stringify(call).includes('Claro que sí'))).toHaveLength(1);
});

test('the palette finds people, commands and places, runs them where the keyboard was, and gives the focus back', async ({ inbox, write }) => {
  const { page } = inbox;
  const field = page.getByRole('combobox', { name: /^Busca una acción/ });
  const chosen = page.getByRole('listbox', { name: 'Resultados' }).locator('[aria-selected=true]');
  for (const customer of [MARIA, ROBERTO]) write({ ...customer, text: `Hola, soy ${customer.name}` });
  await inbox.open('María Xicay');
  await inbox.composer.fill('Buenas tardes ');

  await test.step('from a text, and back into it', async () => {
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await press(inbox, 'Escape');
    await expect(field).toHaveCount(0);
    await expect(inbox.composer).toBeFocused();
    await expect(inbox.composer).toHaveValue('Buenas tardes ');
  });

  await test.step('a person, without accents; Enter waits for the answer to what was typed', async () => {
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('roberto aju');
    await press(inbox, 'Enter');
    await expect(page.getByRole('log', { name: 'Conversación con Roberto Ajú' })).toBeFocused();
  });

  await test.step('what was open last comes first', async () => {
    await press(inbox, 'Control+k');
    await expect(chosen).toContainText('María Xicay');
    const active = await field.getAttribute('aria-activedescendant');
    expect(active).toBe(await chosen.getAttribute('id'));
    await press(inbox, 'Enter');
    await expect(page.getByRole('log', { name: 'Conversación con María Xicay' })).toBeFocused();
  });

  await test.step('a command with its key means the conversation it was asked from', async () => {
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('archivar y');
    await expect(chosen).toContainText('Archivar y abrir la siguiente');
    await expect(chosen).toContainText('Q');
    await press(inbox, 'Escape', 'Control+k');
    await expect(field).toHaveValue('');
    await page.keyboard.type('archivar');
    await expect(chosen).toHaveText(/Archivar/);
    await press(inbox, 'Enter');
    // While it is open nothing behind it can be found.
    await expect(field).toHaveCount(0);
    await expect(inbox.row('Roberto')).toBeVisible();
    await expect(inbox.row('María')).toHaveCount(0);
  });

  await test.step('a place, and nothing', async () => {
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('equipo etiquetas');
    await press(inbox, 'Enter');
    await expect(field).toHaveCount(0);
    await expect(page.getByRole('navigation', { name: 'Partes del equipo' }).getByRole('button', { name: 'Etiquetas' })).toHaveAttribute('aria-current', 'page');
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('oscuro');
    await press(inbox, 'Enter');
    await expect(page.getByRole('radio', { name: 'Del sistema' }).first()).toBeFocused();
    await press(inbox, 'Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('xyzxyzxyz');
    await expect(page.getByText('Nada coincide con «xyzxyzxyz».')).toBeVisible();
    await press(inbox, 'Escape');
  });
});

test('an agent chooses other keys: taken and reserved ones are refused with the reason, the new ones are shown, work, and survive a reload', async ({ inbox, write }) => {
  const { page } = inbox;
  const dialog = page.getByRole('dialog');
  const keyOf = (name: string) => dialog.getByRole('button', { name: new RegExp(`^Cambiar la tecla de «${name}»`) });
  const recorder = dialog.getByRole('button', { name: /^Pulsa la tecla nueva/ });
  const give = async (name: string, ...keys: string[]): Promise<void> => {
    await keyOf(name).click();
    await expect(recorder).toBeFocused();
    await press(inbox, ...keys);
    await expect(recorder).toHaveCount(0);
  };
  write({ ...MARIA, text: 'Hola' });
  await expect(inbox.row('María')).toBeVisible();
  await press(inbox, '?');
  await dialog.getByRole('button', { name: 'Cambiar las teclas…' }).click();

  await give('Archivar', 'm');
  await expect(dialog.getByRole('listitem').getByText('M ya es de «Tomarla». Elige otra, o cambia antes esa.')).toBeVisible();
  await give('Archivar', 'Control+Shift+Escape');
  await expect(keyOf('Archivar')).toHaveText('E');
  await give('Archivar', 'Alt+e');
  await expect(dialog.getByRole('listitem').getByText(/^Alt\+E abre menús/)).toBeVisible();
  await give('Archivar', 'Escape');
  await expect(keyOf('Archivar')).toHaveText('E');
  await give('Archivar', 'y');
  await expect(dialog.getByRole('listitem').getByText('«Archivar» tiene ahora Y.')).toBeVisible();
  await give('Ir a las archivadas', 'g', 'y');
  await expect(keyOf('Ir a las archivadas')).toHaveText('G Y');
  await press(inbox, 'Escape');
  await expect(dialog).toHaveCount(0);

  await page.reload();
  await inbox.open('María');
  await expect(page.getByRole('button', { name: 'Archivar', exact: true })).toHaveAttribute('aria-keyshortcuts', 'Y');
  await inbox.thread.focus();
  await press(inbox, 'e', 'y');
  await expect(inbox.row('María')).toHaveCount(0);
  await press(inbox, 'g', 'y');
  await expect(inbox.row('María')).toBeVisible();
  await press(inbox, '?');
  await expect(dialog.locator('dt', { hasText: /^Archivar$/ }).locator('xpath=following-sibling::dd')).toHaveText('Y');
  await dialog.getByRole('button', { name: 'Cambiar las teclas…' }).click();
  await dialog.getByRole('button', { name: 'Restablecer todas' }).click();
  await expect(keyOf('Archivar')).toHaveText('E');
});
