/** Other programs on this computer: switched on in the settings, used with the token shown there, and cut off by another token. */
import { startProgram } from '../support/program.ts';
import { expect, openInbox, test } from './support/demo.ts';
import { showSettings } from './support/settings.ts';
import { findViolations } from './support/violations.ts';

test('an agent lets another program in, and shows it the door', { tag: '@main' }, async ({ page, team, write }) => {
  // As people start it: nothing is said of the API.
  const flags = (await team.engineArgs(team.makeDataDir())).filter((flag, index, all) => flag !== '--api-port' && all[index - 1] !== '--api-port');
  const program = await startProgram('main/shell/browser/cli.ts', [...flags, '--no-open'], team.engineEnv);
  expect(program.ready['api']).toBeNull();
  const { inbox, problems } = await openInbox(page, { url: () => program.ready.url ?? '', wasEnded: () => false });
  write({ from: '+50255551234', name: 'María Xicay', text: 'Hola' });
  await inbox.row('María Xicay').waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await showSettings(page, 'Otros programas');
  const part = page.getByRole('region', { name: 'Otros programas' });
  const isOn = part.getByRole('switch', { name: /Dejar que otros programas/ });
  await expect(isOn).toBeEnabled();
  await expect(isOn).not.toBeChecked();
  await expect(part.getByRole('textbox', { name: 'Puerto' })).toHaveCount(0);

  // Its own port may be taken on this machine; any free one will do.
  await isOn.click();
  const port = part.getByRole('textbox', { name: 'Puerto' });
  await port.fill('80');
  await part.getByRole('button', { name: 'Guardar' }).click();
  await expect(part.getByRole('alert').filter({ hasText: '1024' })).toBeVisible();
  await port.fill('');
  await part.getByRole('button', { name: 'Guardar' }).click();
  await expect(part.getByRole('button', { name: 'Guardar' })).toBeDisabled();
  await expect(port).toHaveValue('');
  const address = part.getByText(/^http:\/\/127\.0\.0\.1:\d+\/api$/);
  await expect(address).not.toHaveText('http://127.0.0.1:4100/api');
  const url = (await address.textContent()) ?? '';
  const statusWith = async (token: string): Promise<number> => (await fetch(`${url}/whatsapp/conversations`, { headers: { authorization: `Bearer ${token}` } })).status;

  await part.getByRole('button', { name: 'Copiar el token' }).click();
  await expect(page.getByText('Copiado.', { exact: true })).toBeVisible();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(await statusWith(token)).toBe(200);
  await expect(part.getByText(token)).toHaveCount(0);

  const opening = page.waitForEvent('popup');
  await part.getByRole('link', { name: 'Cómo se usa' }).click();
  const docs = await opening;
  await expect(docs.getByRole('heading', { name: 'API local de Bandeja', level: 1 })).toBeVisible();
  await docs.getByRole('link', { name: 'Crear o cambiar una solicitud' }).click();
  await expect(docs.getByRole('heading', { name: 'Crear o cambiar una solicitud' })).toBeInViewport();
  // The other calls and types are made of the same parts.
  expect(await findViolations(docs, { within: ['nav', '#begin', '#errors', '#putServiceRequest', '#type-Agent'] })).toEqual([]);
  await docs.close();

  await part.getByRole('button', { name: 'Mostrar' }).click();
  await expect(part.getByText(token)).toBeVisible();
  await part.getByRole('button', { name: 'Cambiar', exact: true }).click();
  await part.getByRole('button', { name: 'Cambiar el token' }).click();
  await expect(part.getByText(token)).toHaveCount(0);
  expect(await statusWith(token)).toBe(401);
  await isOn.click();
  await expect(port).toHaveCount(0);
  expect(problems).toEqual([]);
  await program.stop();
});
