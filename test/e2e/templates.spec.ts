/** Templates: designing one with what WhatsApp would refuse said on the way, and what becomes of it at Meta. */
import type { Locator, Page } from '@playwright/test';
import { BUILTIN_TEMPLATES } from '../../contract/requests/builtin-templates.ts';
import { toMetaTemplate } from '../../contract/whatsapp/template-definition.ts';
import { expect, test } from './support/demo.ts';
import { findViolations } from './support/violations.ts';

test.use({ role: 'lead' });

const goTo = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Plantillas', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Las cinco de Bandeja' })).toBeVisible();
};
const row = (page: Page, name: string): Locator => page.getByRole('region', { name: 'Lista de plantillas' }).getByRole('button', { name: new RegExp(name) });
const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name, exact: true });

test('what WhatsApp would refuse is said while it is typed; mended, it is submitted, and its approval is seen', { tag: '@main' }, async ({ inbox, page, team }) => {
  void inbox;
  await goTo(page);
  await page.getByRole('button', { name: 'Nueva plantilla' }).click();
  await field(page, 'Nombre').fill('Aviso de visita');
  await expect(field(page, 'Nombre')).toHaveValue('aviso_de_visita');
  const body = field(page, 'Mensaje');
  await body.press('End');
  await page.getByRole('button', { name: 'Insertar variable' }).click();
  await expect(body).toHaveValue('{{1}}');
  await body.press('End');
  await page.keyboard.type(', aproveche: su visita es el ');
  await page.getByRole('button', { name: 'Insertar variable' }).click();
  await expect(body).toHaveValue('{{1}}, aproveche: su visita es el {{2}}');
  await expect(body).toHaveAccessibleDescription(/El texto empieza con la variable \{\{1\}\}.*«aproveche» suena a publicidad/);
  await page.getByRole('button', { name: 'Enviar a revisión' }).click();
  await expect(body).toBeFocused();
  expect(team.meta.templates()).toEqual([]);

  await body.fill('Estimada {{1}}, su visita es el {{2}} por la mañana.');
  await field(page, '{{1}}').fill('María');
  await field(page, '{{2}}').fill('4 de diciembre');
  await expect(page.getByRole('figure')).toContainText('Estimada María, su visita es el 4 de diciembre por la mañana.');
  await page.getByRole('button', { name: 'Añadir botón' }).click();
  await page.getByRole('menuitem', { name: 'Respuesta rápida' }).click();
  await field(page, 'Texto del botón').fill('Confirmo');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Enviar a revisión' }).click();
  const detail = page.getByRole('article', { name: 'aviso_de_visita' });
  await expect(detail).toContainText('En revisión');
  expect(team.meta.templates()).toMatchObject([{ name: 'aviso_de_visita', language: 'es', category: 'UTILITY', status: 'PENDING' }]);

  team.meta.setTemplates({ change: { name: 'aviso_de_visita', status: 'APPROVED' } });
  await expect(detail).toContainText('Se puede enviar.');
  await expect(row(page, 'aviso_de_visita')).toContainText('Aprobada');
});

test('a built-in template that the account lacks is submitted in one step; an agent may only look', async ({ inbox, page, team, addColleague }) => {
  void inbox;
  const { nueva_solicitud_de_servicio: there, ...lacking } = BUILTIN_TEMPLATES;
  team.meta.setTemplates({ seed: [{ body: toMetaTemplate(there) }] });
  await goTo(page);
  await page.getByRole('button', { name: 'Sincronizar ahora' }).click();
  await expect(row(page, 'nueva_solicitud_de_servicio')).toContainText('Coincide');
  await row(page, 'reasignacion_removida').click();
  const detail = page.getByRole('article', { name: 'reasignacion_removida' });
  await expect(detail).toContainText('La cuenta no tiene esta plantilla');
  await detail.getByRole('button', { name: 'Enviarla a revisión' }).click();
  await expect(row(page, 'reasignacion_removida')).toContainText('Sin aprobar');
  team.meta.setTemplates({ change: { name: 'reasignacion_removida', status: 'APPROVED' } });
  await expect(row(page, 'reasignacion_removida')).toContainText('Coincide');

  await page.getByRole('button', { name: `Enviar a revisión las ${Object.keys(lacking).length - 1} que faltan` }).click();
  await expect.poll(() => team.meta.templates().length).toBe(5);

  const { inbox: other } = await addColleague({ name: 'Bo', role: 'agent' });
  await goTo(other.page);
  await row(other.page, 'reasignacion_removida').click();
  await expect(other.page.getByRole('article', { name: 'reasignacion_removida' })).toContainText('Se puede enviar.');
  for (const name of ['Nueva plantilla', 'Editar', 'Copiar como nueva', 'Borrar plantilla']) await expect(other.page.getByRole('button', { name })).toHaveCount(0);
});

test('what Meta refuses stands at its field, and the design outlives the window; deleting says what is lost', async ({ inbox, page, team }) => {
  void inbox;
  const { reasignacion_removida: builtin } = BUILTIN_TEMPLATES;
  team.meta.setTemplates({ seed: [{ body: toMetaTemplate({ ...builtin, name: 'aviso_viejo' }) }] });
  await goTo(page);
  await page.getByRole('button', { name: 'Sincronizar ahora' }).click();
  await row(page, 'aviso_viejo').click();
  await page.getByRole('button', { name: 'Borrar plantilla' }).click();
  const dialog = page.getByRole('dialog', { name: 'Borrar aviso_viejo' });
  await expect(dialog).toContainText('WhatsApp bloquea el nombre durante 30 días');
  await dialog.getByRole('textbox').fill('aviso_viejo');
  await dialog.getByRole('button', { name: 'Borrar', exact: true }).click();
  await expect(row(page, 'aviso_viejo')).toHaveCount(0);

  await page.getByRole('button', { name: 'Nueva plantilla' }).click();
  await field(page, 'Nombre').fill('aviso_viejo');
  await field(page, 'Mensaje').fill('Su visita está confirmada.');
  await page.getByRole('button', { name: 'Enviar a revisión' }).click();
  await expect(field(page, 'Nombre')).toBeFocused();
  await expect(field(page, 'Nombre')).toHaveAccessibleDescription(/WhatsApp no la aceptó/);

  await page.reload();
  await goTo(page);
  await page.getByRole('list', { name: 'Sin enviar' }).getByRole('button').click();
  await expect(field(page, 'Mensaje')).toHaveValue('Su visita está confirmada.');
  await field(page, 'Nombre').fill('aviso_nuevo');
  await page.getByRole('button', { name: 'Enviar a revisión' }).click();
  await expect(page.getByRole('article', { name: 'aviso_nuevo' })).toContainText('En revisión');
  await expect(page.getByRole('list', { name: 'Sin enviar' })).toHaveCount(0);
});
