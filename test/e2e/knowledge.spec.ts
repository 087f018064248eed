/** The knowledge base in a real window: a folder dropped onto it, a question tried, what waits for a lead, and a question without an answer that becomes an article. */
import type { Locator, Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { customerWrites, CUSTOMER, isReady } from '../support/ai-team.ts';
import { makePdf } from '../support/sample-documents.ts';
import { expect, test } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';
import { findViolations } from './support/violations.ts';

const goTo = async (page: Page): Promise<void> => {
  await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Conocimiento' }).click();
  await expect(page.getByRole('heading', { name: 'Conocimiento' })).toBeVisible();
};
const part = (page: Page, name: string): Locator => page.getByRole('navigation', { name: 'Partes del conocimiento' }).getByRole('button', { name: new RegExp(`^${name}`) });
const row = (page: Page, name: string): Locator => page.getByRole('region', { name: 'Artículos', exact: true }).getByRole('button', { name: new RegExp(name) });
const article = (page: Page, name: string): Locator => page.getByRole('article', { name });
const inTray = (page: Page, name: string): Locator => page.getByRole('list', { name: 'Archivos que se añaden' }).getByRole('listitem').filter({ hasText: name });

const PRICES = `# Precios de visitas

## Visita de diagnóstico

La visita de diagnóstico cuesta **Q350** y se descuenta del trabajo. <script>no()</script>

## Garantía

Todo trabajo tiene garantía de seis meses.
`;

function makeFolder(): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'bandeja-drop-')), 'Manual');
  mkdirSync(path.join(folder, 'Legal'), { recursive: true });
  writeFileSync(path.join(folder, 'precios.md'), PRICES);
  writeFileSync(path.join(folder, 'Legal', 'contrato.pdf'), makePdf('BT /F1 12 Tf 72 700 Td (El contrato de mantenimiento dura doce meses.) Tj ET'));
  writeFileSync(path.join(folder, 'Legal', 'roto.docx'), 'PK\u0003\u0004 nada de esto es un documento');
  writeFileSync(path.join(folder, '.DS_Store'), 'no');
  return folder;
}

/** As a hand would: real files of this computer, let go over the middle of the page. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const at = { x: 700, y: 400 };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data });
  await expect(page.getByText('Suelta aquí para añadir al conocimiento')).toBeVisible();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at, data });
  await expect(page.getByText('Suelta aquí para añadir al conocimiento')).toHaveCount(0);
}

test.describe('a lead', () => {
  test.use({ role: 'lead' });

  test('drops a folder: what can be read is there, what cannot says why; a question finds its passage, and the same file again is known', { tag: '@main' }, async ({ inbox: { page }, shell }) => {
    const { client, close } = await connectWindow(shell);
    await isReady(client);
    close();
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await expect(page.getByRole('heading', { name: 'Aquí se guarda lo que el equipo sabe' })).toBeVisible();
    const folder = makeFolder();
    await drop(page, [folder]);
    await expect(inTray(page, 'precios.md')).toContainText('Añadido');
    await expect(inTray(page, 'contrato.pdf')).toContainText('Añadido');
    await expect(inTray(page, 'roto.docx')).toContainText('El archivo está dañado o no es lo que dice su nombre.');
    await expect(page.getByText('2 de 3 listos · 1 con problema')).toBeVisible();
    await expect(row(page, 'Precios de visitas')).toContainText('Español · v1 · Ana');
    await expect(page.getByRole('heading', { name: 'Manual › Legal' })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);

    await part(page, 'Probar').click();
    await page.getByRole('textbox', { name: 'Probar una pregunta' }).fill('¿cuánto cuesta la visita de diagnostico?');
    await expect(page.getByText('Con esto se puede responder')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Lo que se encontró' }).locator('mark').first()).toHaveText(/visita|cuesta|diagnóstico/i);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const prices = article(page, 'Precios de visitas');
    await expect(prices.getByText('El pasaje está marcado.')).toBeVisible();
    await expect(prices.locator('mark').filter({ hasText: 'Q350' })).toBeInViewport();
    await expect(prices.locator('mark').filter({ hasText: 'garantía' })).toHaveCount(0);
    await expect(prices.getByText('<script>no()</script>'), 'a stranger’s HTML is text').toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Probar una pregunta' }).fill('¿venden piscinas inflables?');
    await expect(page.getByText(/Esto no cuenta como respuesta|No se encontró nada parecido/)).toBeVisible();

    // Words of the same article that stand in another version of it.
    writeFileSync(path.join(folder, 'precios.md'), PRICES.replace('Q350', 'Q400'));
    await drop(page, [folder]);
    await expect(inTray(page, 'precios.md').last()).toContainText('Es la versión 2 de uno que ya estaba');
    await expect(inTray(page, 'contrato.pdf').last()).toContainText('Ya estaba, igual: no se añadió nada');
    await expect(prices.getByText('Estás viendo la versión 1. La de ahora es la 2.')).toBeVisible();
    await expect(prices).toContainText('Q350');
    await prices.getByRole('button', { name: 'Ver la versión de ahora' }).click();
    await expect(prices).toContainText('Q400');
  });

  test('writes while a colleague saves: both texts can be read, and nothing typed is lost, not even by a reload', async ({ inbox: { page }, shell, addColleague }) => {
    const { client, close } = await connectWindow(shell);
    await isReady(client);
    await client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'Abrimos a las 8:00.' });
    close();
    const { inbox: bo } = await addColleague({ name: 'Bo', role: 'lead' });
    for (const one of [page, bo.page]) {
      await goTo(one);
      await row(one, 'Horario').click();
      await article(one, 'Horario').getByRole('button', { name: 'Editar' }).click();
    }
    const text = page.getByRole('textbox', { name: 'Texto' });
    await text.fill('Abrimos a las 7:30.');
    await bo.page.getByRole('textbox', { name: 'Texto' }).fill('Abrimos a las 9:00.');
    await bo.page.keyboard.press('ControlOrMeta+Enter');
    await expect(article(bo.page, 'Horario')).toContainText('Abrimos a las 9:00.');
    await expect(page.getByRole('alert')).toContainText('Bo guardó otra versión mientras escribías. Tu texto sigue aquí.');
    await expect(text).toHaveValue('Abrimos a las 7:30.');
    await page.reload();
    await goTo(page);
    await row(page, 'Horario').first().click();
    await page.getByRole('button', { name: 'Ver la otra versión' }).click();
    await expect(page.getByRole('alert')).toContainText('Abrimos a las 9:00.');
    await page.getByRole('button', { name: 'Quedarme con la otra' }).click();
    await page.getByRole('dialog', { name: '¿Descartar lo que escribiste?' }).getByRole('button', { name: 'Cancelar' }).click();
    await expect(text).toHaveValue('Abrimos a las 7:30.');
    await page.getByRole('button', { name: 'Guardar la mía encima' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.getByRole('button', { name: 'Guardar', exact: true }).click();
    await expect(article(page, 'Horario')).toContainText('Abrimos a las 7:30.');
    await expect(article(bo.page, 'Horario')).toContainText('Abrimos a las 7:30.');
    await article(bo.page, 'Horario').getByRole('button', { name: 'Versión 2' }).click();
    await expect(article(bo.page, 'Horario')).toContainText('Abrimos a las 9:00.');
  });

  test('what an agent adds, and learned from an answer, waits until a lead on another desktop approves it', async ({ inbox: ana, shell, addColleague, team }) => {
    const { client, close } = await connectWindow(shell);
    await isReady(client);
    await client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'Abrimos de lunes a viernes a las 8:00.' });
    close();
    const { inbox: bo } = await addColleague({ name: 'Bo' });
    customerWrites(team, '¿Atienden los feriados?');
    await bo.open(CUSTOMER.name);
    await bo.reply('En feriados atendemos solo emergencias.');
    await bo.message('En feriados').click({ button: 'right' });
    await bo.page.getByRole('menuitem', { name: 'Guardar como artículo o pregunta' }).click();
    const dialog = bo.page.getByRole('dialog', { name: 'Guardar lo aprendido' });
    await expect(dialog.getByRole('textbox', { name: 'Pregunta' })).toHaveValue('¿Atienden los feriados?');
    await expect(dialog.getByRole('textbox', { name: 'Respuesta' })).toHaveValue('En feriados atendemos solo emergencias.');
    await dialog.getByRole('button', { name: 'Guardar para aprobar' }).click();
    await expect(dialog).toHaveCount(0);
    await goTo(bo.page);
    await row(bo.page, 'Horario').click();
    await bo.page.getByRole('textbox', { name: 'Añadir pregunta' }).fill('¿a qué hora abren?');
    await bo.page.keyboard.press('Enter');
    await expect(article(bo.page, 'Horario').getByText('Por aprobar')).toBeVisible();
    await expect(article(bo.page, 'Horario').getByRole('button', { name: 'Editar' })).toHaveCount(0);
    await expect(article(bo.page, 'Horario').getByRole('switch')).toBeDisabled();

    const { page } = ana;
    await goTo(page);
    await part(page, 'Por aprobar').click();
    await expect(page.getByRole('list', { name: 'Otras formas de preguntar' })).toContainText('para «Horario» · de Bo');
    await page.getByRole('button', { name: 'Aprobar «¿a qué hora abren?»' }).click();
    await page
      .getByRole('list', { name: 'Artículos' })
      .getByRole('button', { name: /¿Atienden los feriados\?.*Bo/ })
      .click();
    await article(page, '¿Atienden los feriados?').getByRole('button', { name: 'Aprobar' }).click();
    await expect(page.getByText('Nada espera aprobación.')).toBeVisible();
    const mayAnswer = article(page, '¿Atienden los feriados?').getByRole('switch', { name: 'Puede responder sola' });
    await mayAnswer.click();
    await expect(mayAnswer).toBeChecked();
    await expect(row(bo.page, '¿Atienden los feriados\\?')).toContainText('Español · v1');
    await expect(row(bo.page, '¿Atienden los feriados\\?').getByRole('img', { name: 'Puede responder sola' })).toBeVisible();
    await expect(article(bo.page, 'Horario').getByText('Por aprobar')).toHaveCount(0);
  });

  test('a question that nobody could answer becomes an article, another a way to ask for one', async ({ inbox: { page }, shell, team }) => {
    const { client, close } = await connectWindow(shell);
    await isReady(client);
    await client.knowledge.save({ articleId: null, from: null, title: 'Horario', language: 'es', text: 'De lunes a viernes se atiende a partir de las ocho.' });
    close();
    customerWrites(team, '¿Venden repuestos para bombas sumergibles?');
    customerWrites(team, '¿Aceptan tarjeta de crédito?', { from: '+50255559999', name: 'Luis Paz' });
    await goTo(page);
    await part(page, 'Sin respuesta').click();
    await page.getByRole('button', { name: /repuestos/ }).click();
    const gap = article(page, '¿Venden repuestos para bombas sumergibles?');
    await expect(gap).toContainText('preguntada 1 vez');
    expect(await findViolations(page)).toEqual([]);
    // The second time it is the open one already.
    for (let times = 0; times < 2; times += 1) {
      await gap.getByRole('button', { name: 'Abrir la conversación' }).click();
      await expect(page.getByRole('log')).toContainText('¿Venden repuestos para bombas sumergibles?');
      await goTo(page);
    }
    await gap.getByRole('button', { name: 'Escribir un artículo' }).click();
    await expect(page.getByRole('textbox', { name: 'Título' })).toHaveValue('¿Venden repuestos para bombas sumergibles?');
    await page.getByRole('textbox', { name: 'Texto' }).fill('Sí, de todas las marcas, en dos días.');
    await page.getByRole('button', { name: 'Guardar', exact: true }).click();
    await expect(article(page, '¿Venden repuestos para bombas sumergibles?')).toContainText('de todas las marcas');
    await expect(page.getByRole('list', { name: 'Sin respuesta' }).getByRole('listitem')).toHaveCount(1);

    await page.getByRole('button', { name: /tarjeta/ }).click();
    await page.getByRole('button', { name: 'Añadirla a un artículo' }).click();
    const dialog = page.getByRole('dialog', { name: 'Añadirla a un artículo' });
    await dialog.getByRole('searchbox').fill('horar');
    await dialog.getByText('Horario').click();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Añadir pregunta' }).click();
    await expect(page.getByText('No hay preguntas sin respuesta.')).toBeVisible();
    await part(page, 'Artículos').click();
    await row(page, 'Horario').click();
    await expect(article(page, 'Horario')).toContainText('¿Aceptan tarjeta de crédito?');
  });
});
