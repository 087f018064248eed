/**
 * A window on a working team: relay and browser shell as real processes, the stand-in for Meta over HTTP, a real browser.
 * Fails the test on anything the page complains about (an error, a refusal of its content security policy).
 */
import { expect, test as base, type Locator, type Page, type TestInfo } from '@playwright/test';
import type { Role } from '../../../contract/wire.ts';
import { confirmDesktops } from '../../support/confirm-desktops.ts';
import { findFreePort } from '../../support/free-port.ts';
import type { Line } from '../../support/line.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { speakerOf, type Say, type SpokenLanguage } from './say.ts';
import { connectWindow } from './window-client.ts';

export type Shell = {
  url(): string;
  program(): Program;
  /** Ends the engine with its shell and starts both again, on the same port and data. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  /** Whether this test has ended the program: its window may then find lines cut off. */
  wasEnded(): boolean;
};

type Customer = { from: string; name: string; text: string; hoursAgo?: number };

export type Inbox = {
  page: Page;
  row(name: string | RegExp): Locator;
  open(name: string | RegExp): Promise<void>;
  composer: Locator;
  thread: Locator;
  /** The bubble with this text, with what stands under it. */
  message(text: string): Locator;
  reply(text: string): Promise<void>;
  /** What the last bubble's mark says. */
  stateOf(text: string): Locator;
  /** Closes the open conversation, and waits until the team's log has it: a message that stands before it there would keep the conversation open. In Spanish. */
  closeConversation(): Promise<void>;
};

/** Another agent's desktop beside the first: an engine and a window of their own. */
export type Colleague = { inbox: Inbox; shell: Shell; /** To the relay. */ line: Line };

type Fixtures = {
  /** Of every window, by its browser. */
  language: SpokenLanguage;
  /** In that language. */
  say: Say;
  /** Pause before each status, ms. */
  statusDelayMs: number;
  /** Ana's. */
  role: Role;
  team: Team;
  /** Ana's way to the relay. */
  line: Line;
  shell: Shell;
  write(customer: Customer): void;
  inbox: Inbox;
  addColleague(who: { name: string; role?: Role }): Promise<Colleague>;
};

export const test = base.extend<Fixtures>({
  language: ['es', { option: true }],
  locale: ({ language }, use) => use(language === 'es' ? 'es-GT' : 'en-US'),
  say: ({ language }, use) => use(speakerOf(language)),
  statusDelayMs: [20, { option: true }],
  role: ['agent', { option: true }],
  team: async ({ statusDelayMs }, use, testInfo) => {
    const team = await startTeam({ statusDelayMs });
    await use(team);
    await keepLog(testInfo, 'relay', team.relay.program());
    await team.stop();
  },
  line: async ({ team }, use) => use(await team.addLine()),
  shell: async ({ team, line, role }, use, testInfo) => {
    const { shell, stop } = await startShell(team, { name: 'Ana', role, relayUrl: line.url });
    await use(shell);
    await keepLog(testInfo, 'desktop', shell.program());
    await stop();
  },
  write: async ({ team }, use) => {
    await use(({ hoursAgo = 0, ...input }) => void team.meta.customerWrites({ ...input, timestamp: Math.floor(Date.now() / 1000 - hoursAgo * 3600) }));
  },
  inbox: async ({ page, shell, role, say }, use) => {
    const { inbox, problems } = await openInbox(page, shell);
    // The rail is whole when the log has said what Ana is: until then a button may move away under the pointer.
    if (role !== 'agent') await expect(page.getByRole('button', { name: say('nav.board'), exact: true })).toBeVisible();
    await use(inbox);
    expect(problems).toEqual([]);
  },
  addColleague: async ({ team, browser }, use) => {
    const ends: (() => Promise<void>)[] = [];
    const allProblems: string[][] = [];
    await use(async ({ name, role = 'agent' }) => {
      const line = await team.addLine();
      const { shell, stop } = await startShell(team, { name, role, relayUrl: line.url });
      ends.push(stop);
      const context = await browser.newContext();
      ends.push(() => context.close());
      const { inbox, problems } = await openInbox(await context.newPage(), shell);
      allProblems.push(problems);
      return { inbox, shell, line };
    });
    for (const end of ends.toReversed()) await end();
    expect(allProblems.flat()).toEqual([]);
  },
});
export { expect };

/** Keeps its port and data over a restart. */
async function startShell(team: Team, who: { name: string; role: Role; relayUrl: string }): Promise<{ shell: Shell; stop(): Promise<void> }> {
  const join = [...(await team.engineArgs(team.makeDataDir(), who)), '--no-open', '--port', String(await findFreePort())];
  let wasEnded = false;
  let program = await startProgram('main/shell/browser/cli.ts', join, team.engineEnv);
  // Whoever joins without a key is given it: what people do for that has a spec of its own.
  const confirm = async (): Promise<void> => {
    if (who.role === 'admin') void confirmDesktops((await connectWindow({ url: () => program.ready.url! })).client);
  };
  await confirm();
  const shell: Shell = {
    url: () => program.ready.url!,
    program: () => program,
    restart: async () => {
      wasEnded = true;
      await program.stop();
      // The folder has joined: invite and name are for the first start only.
      program = await startProgram('main/shell/browser/cli.ts', withoutJoin(join), team.engineEnv);
      await confirm();
    },
    kill: () => {
      wasEnded = true;
      return program.kill();
    },
    wasEnded: () => wasEnded,
  };
  return { shell, stop: async () => void (await program.stop()) };
}

/** `problems`: what the page complains about, to be looked at in the end. */
export async function openInbox(page: Page, shell: Pick<Shell, 'url' | 'wasEnded'>): Promise<{ inbox: Inbox; problems: string[] }> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A refused WebSocket is what a restarting engine looks like from here.
    const isAway = /WebSocket|ERR_CONNECTION_REFUSED/.test(message.text()) || (shell.wasEnded() && message.text().includes('ERR_CONNECTION_RESET'));
    if (message.type() === 'error' && !isAway) problems.push(message.text());
  });
  await page.goto(shell.url());
  await expect(page.getByRole('navigation')).toBeVisible();
  const row = (name: string | RegExp): Locator => page.getByRole('option').filter({ hasText: name });
  const composer = page.getByRole('textbox', { name: /^(Mensaje para|Message to)/ });
  const thread = page.getByRole('log');
  const message = (text: string): Locator => thread.getByRole('article').filter({ hasText: text });
  const inbox: Inbox = {
    page,
    row,
    open: async (name) => {
      await row(name).click();
      await expect(thread).toBeVisible();
    },
    composer,
    thread,
    message,
    reply: async (text) => {
      await composer.fill(text);
      await composer.press('Enter');
      await expect(message(text)).toBeVisible();
    },
    stateOf: (text) => message(text).getByRole('img', { name: /^(Estado|Status)/ }),
    closeConversation: async () => {
      await page.getByRole('button', { name: 'Más acciones', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Cerrar conversación' }).click();
      await expect(page.getByRole('heading', { name: 'Conversación cerrada' })).toBeVisible();
      await expect(page.locator('header').getByText('Por confirmar')).toHaveCount(0);
    },
  };
  return { inbox, problems };
}

/** What the program has said, where the test failed: `npm test` prints it. */
async function keepLog(testInfo: TestInfo, name: string, program: Pick<Program, 'stderr'>): Promise<void> {
  if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach(`${name}.log`, { body: program.stderr(), contentType: 'text/plain' });
}

function withoutJoin(args: readonly string[]): string[] {
  const dropped = new Set(['--relay', '--invite', '--name']);
  return args.filter((arg, index) => !dropped.has(arg) && !dropped.has(args[index - 1] ?? ''));
}
