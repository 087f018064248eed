/**
 * `npm run screens [NAME…]`: takes the pictures of `docs/screens/` anew (or those so named) from a demo workspace of its own, which goes
 * when it ends. Not a test: nothing is compared; whoever runs it looks at what came out. About two minutes on two cores.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright';
import { pattern, speakerOf, type Say, type SpokenLanguage } from './e2e/support/say.ts';
import { connectWindow } from './e2e/support/window-client.ts';
import { findChromium } from './support/chromium.ts';
import { startProgram, type Program } from './support/program.ts';
import { waitUntil } from './support/wait-until.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDER = path.join(ROOT, 'docs/screens');
const BUILD = "import { buildIfStale } from './main/dev/build-if-stale.mjs'; buildIfStale(process.execPath);";
const CLI = 'main/shell/browser/cli.ts';
/** A new demo lives through its sixty days first. */
const READY_WITHIN_MS = 180_000;
const ANSWERED_WITHIN_MS = 60_000;
const MOST_BYTES = 400_000;
/** Stands for a name in a text of the window. */
const ANY = '‹›';

type Look = { language: SpokenLanguage; colorScheme: 'light' | 'dark' };
type Scene = {
  name: string;
  /** Also in English and dark. */
  hasEnglish?: true;
  show(window: { page: Page; say: Say; inbox: Inbox }): Promise<void>;
};
type Inbox = { open(name: string): Promise<void>; answer(text: string): Promise<void>; go(...keys: string[]): Promise<void>; main: Locator };

execFileSync(process.execPath, ['--input-type=module', '--eval', BUILD], { cwd: ROOT, stdio: 'inherit' });
const wanted = process.argv.slice(2);
const dataDir = mkdtempSync(path.join(tmpdir(), 'bandeja-screens-'));
mkdirSync(FOLDER, { recursive: true });
const programs: Program[] = [];
const start = async (...args: string[]): Promise<Program> => {
  const program = await startProgram(CLI, ['--demo', ...args, '--no-open', '--data-dir', dataDir], {}, READY_WITHIN_MS);
  programs.push(program);
  return program;
};
let browser: Browser | null = null;
try {
  const shell = await start();
  const colleague = await start('--as', 'bo');
  const executablePath = await findChromium();
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
  const url = shell.ready.url!;
  const drafted = await findDraft(url, String(shell.ready['meta']));

  const scenes: readonly Scene[] = [
    { name: 'inbox', show: ({ page, inbox }) => showTeamAtWork(page, inbox, colleague.ready.url!) },
    {
      name: 'draft',
      hasEnglish: true,
      show: async ({ page, say, inbox }) => {
        await inbox.open(drafted);
        await page
          .getByRole('region', { name: say('ai.card.extract') })
          .or(page.getByRole('region', { name: say('ai.card.label') }))
          .waitFor();
      },
    },
    {
      name: 'search',
      show: async ({ page, say, inbox }) => {
        await inbox.go('Escape', 'Control+Shift+f');
        await page
          .getByRole('combobox', { name: say('search.field') })
          .or(page.getByRole('searchbox', { name: say('search.field') }))
          .fill('cisterna');
        await page.getByRole('option').first().waitFor();
      },
    },
    {
      name: 'palette',
      hasEnglish: true,
      show: async ({ page, say, inbox }) => {
        await inbox.go('Control+k');
        await page.getByRole('combobox', { name: say('palette.label') }).fill('co');
        await page
          .getByRole('listbox', { name: say('palette.results') })
          .getByRole('option')
          .first()
          .waitFor();
      },
    },
    {
      name: 'requests',
      hasEnglish: true,
      show: async ({ page, inbox }) => {
        await inbox.go('g', 'r');
        await page.getByText('SOL-2026-0388').first().waitFor();
      },
    },
    {
      name: 'request',
      show: async ({ page, inbox }) => {
        await inbox.go('g', 'r');
        await page.getByText('SOL-2026-0388').first().click();
        await page.getByText('Ya convencí al ingeniero').first().waitFor();
      },
    },
    {
      name: 'board',
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 'b');
        await page
          .getByRole('listbox', { name: say('board.heldBy', { name: say('board.nobody') }) })
          .getByRole('option')
          .first()
          .waitFor();
      },
    },
    {
      name: 'reports',
      hasEnglish: true,
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 'i');
        await inbox.main.getByRole('button', { name: say('period.days', { count: 30 }), exact: true }).click();
        await page.locator('svg.recharts-surface').first().waitFor();
      },
    },
    {
      name: 'templates',
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 'x');
        await page.getByText('solicitud_recibida_cliente').first().click();
        await page.getByRole('button', { name: say('templates.copy') }).click();
        await page.getByRole('textbox', { name: say('templates.body') }).waitFor();
      },
    },
    {
      name: 'knowledge',
      show: async ({ page, inbox }) => {
        await inbox.go('g', 'k');
        await page.getByText('Lavado y desinfección de cisternas').first().click();
        await inbox.main.getByRole('heading', { level: 2 }).first().waitFor();
      },
    },
    {
      name: 'quality',
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 'q');
        await page.getByText(say('quality.figures.none')).or(page.locator('svg.recharts-surface')).first().waitFor();
      },
    },
    {
      name: 'hours',
      hasEnglish: true,
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 's');
        await page
          .getByRole('navigation', { name: say('settings.parts') })
          .getByRole('button', { name: say('settings.part.hours') })
          .click();
        await page.getByText(say('hours.week')).waitFor();
        // The sentence about now is asked of the engine.
        await inbox.main.getByRole('status').filter({ hasText: /\d/ }).first().waitFor();
      },
    },
    {
      name: 'first-steps',
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 's');
        await page
          .getByRole('navigation', { name: say('settings.parts') })
          .getByRole('button', { name: say('nav.setup') })
          .click();
        await page
          .getByRole('navigation', { name: say('setup.steps') })
          .getByRole('button', { name: say('setup.step.webhook.name') })
          .click();
        await page.getByRole('heading', { name: say('setup.step.webhook.title') }).waitFor();
      },
    },
    {
      name: 'diagnosis',
      show: async ({ page, say, inbox }) => {
        await inbox.go('g', 'd');
        await page.getByRole('button', { name: say('diagnostics.connection.run') }).waitFor();
        await page.locator('[data-check]').first().waitFor();
      },
    },
    {
      name: 'tour',
      show: async ({ page, say }) => {
        await page.getByRole('button', { name: say('demo.menu') }).click();
        await page.getByRole('menuitem', { name: say('tour.start') }).click();
        await page.getByRole('dialog', { name: say('tour.steps.whose.title') }).waitFor();
        await page.keyboard.press('ArrowRight');
        await page.getByRole('dialog', { name: say('tour.steps.reply.title') }).waitFor();
      },
    },
  ];

  for (const { name, hasEnglish, show } of scenes) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await take(browser, url, `${name}.png`, { language: 'es', colorScheme: 'light' }, show);
    if (hasEnglish) await take(browser, url, `${name}-en-dark.png`, { language: 'en', colorScheme: 'dark' }, show);
  }
} finally {
  await browser?.close();
  for (const program of programs.toReversed()) await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function take(on: Browser, url: string, file: string, { language, colorScheme }: Look, show: Scene['show']): Promise<void> {
  const say = speakerOf(language);
  const context = await on.newContext({ viewport: { width: 1440, height: 900 }, locale: language === 'es' ? 'es-GT' : 'en-US', timezoneId: 'America/Guatemala', colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: say('tour.offer.later') }).click();
  await showAll(page, say);
  const inbox = inboxOf(page, say);
  await show({ page, say, inbox });
  await page.mouse.move(0, 0);
  await settle(page);
  const picture = path.join(FOLDER, file);
  await page.screenshot({ path: picture, animations: 'disabled' });
  await context.close();
  const { size } = statSync(picture);
  console.log(`${file}: ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES / 1000} kB`);
}

/** Pictures and letters are there, and nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.fonts.status === 'loaded' && [...document.images].every(({ complete }) => complete));
  await page.waitForFunction(() => document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().endTime === Infinity));
  // Charts and lists that measure themselves draw once more.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

function inboxOf(page: Page, say: Say): Inbox {
  return {
    main: page.getByRole('main'),
    open: async (name) => {
      await page.getByRole('option').filter({ hasText: name }).first().click();
      await page.getByRole('log', { name: new RegExp(name) }).waitFor();
    },
    answer: async (text) => {
      const composer = page.getByRole('textbox', { name: pattern(say('composer.label', { name: ANY }), ANY) });
      await composer.fill(text);
      await composer.press('Enter');
      await page
        .getByRole('log')
        .getByRole('article')
        .filter({ hasText: text.slice(0, 20) })
        .getByRole('img', { name: /: Leído$|: Read$/ })
        .waitFor();
    },
    go: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
  };
}

/** Not only what is one's own. */
async function showAll(page: Page, say: Say): Promise<void> {
  await page
    .getByRole('button', { name: pattern(`${say('filter.whose.anybody')}${ANY}`, ANY) })
    .first()
    .click();
}

/** Somebody asks what the knowledge base answers. @returns who, once the draft is there. */
async function findDraft(url: string, meta: string): Promise<string> {
  const name = 'Mónica Tobar';
  const ask = async (text: string): Promise<void> => {
    const { ok } = await fetch(`${meta}/_customer`, { method: 'POST', body: JSON.stringify({ from: '50255507731', name, text }) });
    if (!ok) throw new Error('the stand-in for Meta took no message');
  };
  await ask('Buenas, les hablo del Colegio Los Cipreses');
  await ask('¿Cada cuánto hay que lavar y desinfectar la cisterna?');
  const { client, close } = await connectWindow({ url: () => url });
  await waitUntil(
    'the draft is there',
    async () => {
      const conversation = (await client.conversations.list({})).items.find(({ contact }) => contact.name === name);
      return conversation && (await client.ai.conversation({ conversationId: conversation.id })).draft?.state === 'ready';
    },
    ANSWERED_WITHIN_MS,
  );
  close();
  return name;
}

/** Ana has answered a customer, and a colleague looks at it too and has left a note. */
async function showTeamAtWork(page: Page, inbox: Inbox, colleagueUrl: string): Promise<void> {
  const say = speakerOf('es');
  const other = await page.context().newPage();
  await other.goto(colleagueUrl);
  await other.getByRole('button', { name: say('tour.offer.later') }).click();
  await inbox.open('Ingrid Morales');
  await inbox.answer('Buen día, Ingrid. Lamento la molestia: por la foto parece falta de *oxígeno* en el aireador.');
  await inbox.answer('¿Le sirve mañana a las 8:00? La visita de diagnóstico no tiene costo 👍');
  await showAll(other, say);
  await inboxOf(other, say).open('Ingrid Morales');
  await other.getByRole('button', { name: say('internal.mode'), exact: true }).click();
  await other.getByRole('textbox', { name: pattern(say('internal.label', { name: ANY }), ANY) }).fill('La espuma café suele ser exceso de lodo. Diego lleva el cono Imhoff.');
  await other.getByRole('button', { name: say('internal.save') }).click();
  await page.getByRole('log').getByText('El guardián se llama don Chepe', { exact: false }).waitFor({ timeout: ANSWERED_WITHIN_MS });
  await inbox.answer('Perfecto, mañana a las 8:00 pregunta por usted nuestro técnico.');
  await page.getByRole('img', { name: 'Bo Ramírez la está viendo' }).waitFor();
}
