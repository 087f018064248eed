/** The settings, found by words and without a mouse. */
import { expect } from './support/demo.ts';
import { test } from './support/desks.ts';
import { findViolations } from './support/violations.ts';

test('settings open by a key, are found by words, and obey without a mouse', async ({ admin }) => {
  test.slow();
  const { page } = admin;
  await page.keyboard.press('Control+,');
  const nav = page.getByRole('navigation', { name: 'Partes de los ajustes' });
  await nav.getByRole('searchbox').fill('ASUETO');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Agregar los feriados de Guatemala/ }).click();
  await expect(page.getByRole('textbox', { name: 'Nombre de Viernes Santo' })).toBeVisible();
  await page.getByRole('textbox', { name: 'lunes, turno 1, hasta' }).fill('9 de la mañana'.slice(0, 5));
  await expect(page.getByText('Escribe la hora así: 8:00 o 17:30.')).toBeVisible();
  await page.getByRole('textbox', { name: 'lunes, turno 1, hasta' }).fill('1730');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByText('Guardado.', { exact: true })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'lunes, turno 1, hasta' })).toHaveValue('17:30');
  expect(await findViolations(page), 'hours').toEqual([]);

  await nav.getByRole('searchbox').fill('densidad');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: 'Cómoda' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');
  // No letter is typed into a choice: they are keys there as everywhere.
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page.getByRole('main', { name: 'Reparto' })).toBeVisible();
  await page.keyboard.press('Control+,');
  await nav.getByRole('searchbox').fill('licencias');
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Buscar un paquete o una licencia' }).fill('zustand');
  await expect(page.getByText('1 paquete')).toBeVisible();
  await nav.getByRole('searchbox').fill('');
  for (const part of ['Perfil', 'Apariencia', 'Idioma', 'Escribir', 'Notificaciones', 'Bloqueo', 'Otros programas', 'Almacenamiento', 'Actualizaciones', 'Acerca de']) {
    await nav.getByRole('button', { name: part }).click();
    await expect(page.getByRole('region', { name: part }).first()).toBeVisible();
    expect(await findViolations(page), part).toEqual([]);
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('recuperación');
  await expect(page.getByRole('option', { name: 'Ajustes: Bloqueo con frase de paso' })).toBeVisible();
  await page.getByRole('option', { name: 'Equipo: Código de recuperación' }).click();
  await expect(page.getByRole('button', { name: 'Mostrar el código' })).toBeVisible();
  await page.keyboard.press('Control+,');
  await nav.getByRole('button', { name: 'Apariencia' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: /Activas/ })).toBeVisible();
});
