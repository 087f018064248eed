/**
 * Every screen for people who read it aloud, by keyboard or in strong colours: axe in light, dark and high contrast over the demo,
 * which has something everywhere; the keyboard is never left nowhere; and what happens elsewhere on the screen is said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { startProgram } from '../support/program.ts';
import { expect, test as base } from './support/demo.ts';

const test = base.extend<{ demoUrl: string }>({
  // It lives through its sixty days first.
  demoUrl: [
    async ({}, use) => {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-axe-'));
      const program = await startProgram('main/shell/browser/cli.ts', ['--demo', '--no-open', '--data-dir', dataDir], {}, 120_000);
      await use(program.ready.url!);
      await program.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
    { timeout: 180_000 },
  ],
});
// Colours that fade in are not those that people read.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const MARIA = { from: '+50255551234', name: 'María Xicay' };
const LOOKS = [
  { theme: 'light', isMore: false },
  { theme: 'dark', isMore: false },
  { theme: 'light', isMore: true },
  { theme: 'dark', isMore: true },
] as const;

async function wear(page: Page, { theme, isMore }: { theme: 'light' | 'dark'; isMore: boolean }): Promise<void> {
  await page.evaluate(
    ([name, contrast]) => {
      document.documentElement.dataset['theme'] = name;
      if (contrast) document.documentElement.dataset['contrast'] = 'more';
      else delete document.documentElement.dataset['contrast'];
    },
    [theme, isMore] as const,
  );
}

/** What is on screen as it is, in every look. `within`: only that part of it. Goes on after a complaint, to have all of them. */
async function expectReadable(page: Page, screen: string, within: string | null = 'main'): Promise<void> {
  for (const look of LOOKS) {
    await wear(page, look);
    // Another page to put the answers together would only serve frames of strangers, of which there are none.
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
    if (within !== null) axe.include(within);
    // Only colours differ between looks; in high contrast every text has 7:1.
    if (look.isMore) axe.withRules(['color-contrast', 'color-contrast-enhanced']);
    else if (look.theme === 'dark') axe.withRules(['color-contrast']);
    const { violations } = await axe.analyze();
    expect
      .soft(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) => `${id}: ${html.slice(0, 200)} ${[...any, ...all, ...none][0]?.message ?? ''}`)),
        `${screen}, ${look.theme}${look.isMore ? ', high contrast' : ''}`,
      )
      .toEqual([]);
  }
  await wear(page, LOOKS[0]);
}

/** What closes gives the keyboard back a moment later. */
const softly = expect.configure({ soft: true });

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const part = (page: Page, nav: string, name: string): Locator => page.getByRole('navigation', { name: nav }).getByRole('button', { name }).first();
const hasFocus = (page: Page): Promise<boolean> => page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);

test('axe finds nothing on any screen, in light, dark and high contrast', async ({ page, demoUrl }) => {
  test.setTimeout(300_000);
  // Also of packages that only one screen loads.
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted(HTML|Script)/.test(message.text())) refused.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  await page.goto(demoUrl);
  await page.getByRole('button', { name: 'Ahora no' }).click();
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  const rows = page.getByRole('option');
  const log = page.getByRole('log');

  await expect(rows.first()).toBeVisible();
  await expectReadable(page, 'inbox without a conversation', null);
  await rows.filter({ hasText: 'Lucía Pérez López' }).click();
  await expect(log.getByRole('article').first()).toBeVisible();
  await expectReadable(page, 'conversation with files and a request', null);

  // Over the conversation; each is closed with Escape.
  const overlays: [name: string, open: () => Promise<void>, what: Locator][] = [
    ['assign', () => press(page, 'a'), dialog],
    ['labels', () => press(page, 'l'), dialog],
    ['snooze', () => press(page, 'z'), dialog],
    ['link a request', () => press(page, 'i'), dialog],
    ['palette', () => press(page, 'Control+k'), dialog],
    ['sheet of keys', () => press(page, '?'), dialog],
    ['reaction', () => log.getByRole('button', { name: 'Reaccionar' }).last().click(), dialog],
    ['more actions', () => main.getByRole('button', { name: 'Más acciones' }).click(), page.getByRole('menu')],
    ['menu of a message', () => log.locator('[data-direction]').last().click({ button: 'right' }), page.getByRole('menu')],
    ['emoji', () => main.getByRole('button', { name: 'Emoji', exact: true }).click(), dialog],
    ['synchronization', () => page.getByRole('button', { name: /^Sincronización/ }).click(), dialog],
    [
      'case file',
      async () => {
        await main.getByRole('button', { name: 'Más acciones' }).click();
        await page.getByRole('menuitem', { name: /PDF/ }).click();
      },
      dialog,
    ],
  ];
  for (const [name, open, what] of overlays) {
    await test.step(name, async () => {
      await log.focus();
      await open();
      await expect(what).toBeVisible();
      await expectReadable(page, name, name === 'more actions' || name === 'menu of a message' ? '[role="menu"]' : '[role="dialog"]');
      await press(page, 'Escape');
      await expect(what).toHaveCount(0);
      await softly.poll(() => hasFocus(page), `the focus after: ${name}`).toBe(true);
    });
  }
  for (const [name, keys, isThere] of [
    ['find', ['Control+f'], page.getByRole('textbox', { name: 'Buscar en esta conversación' })],
    ['note', ['n'], page.getByRole('textbox', { name: /^Nota interna/ })],
    ['templates of a conversation', ['t'], page.getByRole('combobox', { name: 'Buscar una plantilla' })],
  ] as const) {
    await test.step(name, async () => {
      await log.focus();
      await press(page, ...keys);
      await expect(isThere).toBeVisible();
      await expectReadable(page, name);
      await press(page, 'Escape');
      await softly.poll(() => hasFocus(page), `the focus after: ${name}`).toBe(true);
    });
  }
  await test.step('messages that are picked', async () => {
    await log.locator('[data-direction]').last().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Seleccionar' }).click();
    const bar = page.getByRole('toolbar', { name: 'Acciones para los mensajes elegidos' });
    await expect(bar).toBeVisible();
    await expectReadable(page, 'messages that are picked');
    await bar.getByRole('button', { name: 'Dejar de elegir' }).click();
    await expect.poll(() => hasFocus(page), 'the focus after picking').toBe(true);
  });
  await test.step('search', async () => {
    await log.focus();
    await press(page, 'Control+Shift+f');
    await page.getByRole('combobox', { name: 'Buscar mensajes, notas y personas' }).pressSequentially('bomba');
    await expect(page.getByRole('listbox', { name: 'Resultados' }).getByRole('option').first()).toBeVisible();
    await expectReadable(page, 'search', 'section');
    await press(page, 'Escape');
    await expect(page.getByRole('textbox', { name: 'Buscar nombre o teléfono' })).toBeVisible();
    await expect(log).toBeFocused();
  });
  await test.step('several conversations', async () => {
    await rows.first().focus();
    await press(page, 'x', 'j', 'x');
    await expect(page.getByRole('toolbar', { name: 'Acciones para las elegidas' })).toBeVisible();
    await expectReadable(page, 'several conversations', null);
    await press(page, 'Escape');
    await softly.poll(() => hasFocus(page)).toBe(true);
  });
  await test.step('a new conversation', async () => {
    await press(page, 'c');
    await expect(dialog).toBeVisible();
    await expectReadable(page, 'a new conversation', '[role="dialog"]');
    await press(page, 'Escape');
    await expect(dialog).toHaveCount(0);
    await softly.poll(() => hasFocus(page)).toBe(true);
  });
  for (const [key, name] of [
    ['e', 'archived'],
    ['l', 'closed'],
    ['z', 'snoozed'],
    ['w', 'drafts'],
  ] as const) {
    await test.step(name, async () => {
      await press(page, 'g', key);
      await rows
        .first()
        .or(page.getByText(/^(Nada|Ningun)/).first())
        .first()
        .waitFor();
      await expectReadable(page, name, null);
    });
  }

  const go = async (key: string, title: string | RegExp): Promise<void> => {
    await press(page, 'g', key);
    await expect(page.getByRole('main', { name: title })).toBeVisible();
    await expect.poll(() => hasFocus(page), `the focus in ${title}`).toBe(true);
  };
  await test.step('requests', async () => {
    await go('r', 'Solicitudes');
    await expect(main.getByRole('row').nth(5)).toBeVisible();
    await expectReadable(page, 'requests');
    await press(page, 'n');
    await expect(dialog).toBeVisible();
    await expectReadable(page, 'new request', '[role="dialog"]');
    await press(page, 'Escape');
    await expect(dialog).toHaveCount(0);
    await softly.poll(() => hasFocus(page), 'the focus after a new request').toBe(true);
    await press(page, 'j', 'Enter');
    await expect(page.getByRole('main', { name: /^Solicitud / })).toBeVisible();
    await expect.poll(() => hasFocus(page), 'the focus on the page of a request').toBe(true);
    await expectReadable(page, 'one request');
  });
  await test.step('proposals', async () => {
    await go('p', 'Propuestas');
    await expectReadable(page, 'proposals');
  });
  await test.step('contacts', async () => {
    await go('c', 'Contactos');
    await main.locator('[data-contact]').first().click();
    await expectReadable(page, 'a contact');
  });
  await test.step('board', async () => {
    await go('b', 'Reparto');
    await expect(rows.first()).toBeFocused();
    await expectReadable(page, 'board');
  });
  await test.step('templates', async () => {
    await go('x', 'Plantillas');
    await expectReadable(page, 'templates');
    await main.getByRole('button', { name: 'Nueva plantilla' }).click();
    await expect(main.getByRole('textbox').first()).toBeVisible();
    await expectReadable(page, 'a new template');
    await softly.poll(() => hasFocus(page), 'the focus in the designer').toBe(true);
  });
  await test.step('reports', async () => {
    await go('i', 'Informes');
    await expect(main.locator('svg.recharts-surface').first()).toBeVisible();
    await expectReadable(page, 'reports');
  });
  for (const [key, title, nav, parts] of [
    ['k', 'Conocimiento', 'Partes del conocimiento', ['Artículos', 'Probar', 'Por aprobar', 'Sin respuesta']],
    ['q', 'Calidad', 'Partes de la calidad', ['Resumen', 'Revisar', 'Registro']],
    ['h', 'Equipo', 'Partes del equipo', ['Personas', 'Equipos', 'Etiquetas', 'Respuestas rápidas', 'Computadoras', 'Solicitudes', 'IA', 'Espacio', 'Número de WhatsApp']],
    ['d', 'Diagnóstico', 'Partes del diagnóstico', ['Conexión', 'Cuenta', 'Eventos']],
    [
      's',
      'Ajustes',
      'Partes de los ajustes',
      ['Perfil', 'Apariencia', 'Idioma', 'Escribir', 'Notificaciones', 'Teclas', 'Horario', 'Otros programas', 'Almacenamiento', 'Actualizaciones', 'Acerca de', 'Primeros pasos'],
    ],
  ] as const) {
    await go(key, title);
    for (const name of parts) {
      await test.step(`${title}: ${name}`, async () => {
        await part(page, nav, name).click();
        if (name === 'Primeros pasos') await expect(page.getByRole('navigation', { name: 'Los pasos' })).toBeVisible();
        else await expect(part(page, nav, name)).toHaveAttribute('aria-current', 'page');
        await expectReadable(page, `${title}: ${name}`);
      });
    }
  }
  expect(refused, "what the page's policy refused").toEqual([]);
});

test.describe('an agent', () => {
  test.use({ role: 'admin' });

  test('what arrives, what was done and a lost line are said; high contrast is what was chosen or what the system asks for', async ({ inbox, team, write }) => {
    const { page } = inbox;
    await expectReadable(page, 'an empty inbox', null);
    write({ ...MARIA, text: 'Hola' });
    await inbox.open(MARIA.name);
    // In a region that was there before: one that comes with its text is read by no screen reader.
    const said = page.locator('[aria-live="polite"]').filter({ hasText: 'Mensaje nuevo de María Xicay: ¿Hay alguien?' });
    write({ ...MARIA, text: '¿Hay alguien?', hoursAgo: -2 / 3600 });
    await expect(said).toBeAttached();
    await expect(inbox.composer, 'nothing that arrives takes the keyboard').toBeFocused();

    const notices = page.getByRole('region', { name: 'Avisos (F8)' });
    await expect(notices).toHaveAttribute('aria-live', 'assertive');
    await press(page, 'Escape', 'm');
    await expect(notices).toContainText('ahora la llevas tú.');
    await expect.poll(() => hasFocus(page)).toBe(true);

    await team.relay.kill();
    await expect(page.getByRole('status').filter({ hasText: 'Sin conexión con el equipo' })).toBeVisible();
    await expectReadable(page, 'without a line', null);

    const html = page.locator('html');
    await page.reload();
    await expect(html).not.toHaveAttribute('data-contrast');
    await page.emulateMedia({ contrast: 'more' });
    await expect(html).toHaveAttribute('data-contrast', 'more');
    await page.emulateMedia({ contrast: 'no-preference' });
    await expect(html).not.toHaveAttribute('data-contrast');
    await press(page, 'g', 's');
    await page.getByRole('navigation', { name: 'Partes de los ajustes' }).getByRole('button', { name: 'Apariencia' }).click();
    await page
      .getByRole('radiogroup', { name: 'Contraste' })
      .or(page.getByRole('group', { name: 'Contraste' }))
      .first()
      .getByText('Más alto', { exact: true })
      .click();
    await expect(html).toHaveAttribute('data-contrast', 'more');
    await page.reload();
    await expect(html, 'what was chosen is kept').toHaveAttribute('data-contrast', 'more');
  });
});
