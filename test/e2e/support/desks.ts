/** Several desktops of one team side by side, each with a window of its own; they join in the window, as people do. */
import type { Browser, Locator, Page } from '@playwright/test';
import type { Role } from '../../../contract/wire.ts';
import { DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../../../main/demo/meta/stand-in.ts';
import { startProgram, type Program } from '../../support/program.ts';
import type { Team } from '../../support/team.ts';
import { expect, test as base } from './demo.ts';
import type { Say } from './say.ts';

export type Desk = {
  page: Page;
  program: Program;
  /** In the language of its window. */
  say: Say;
  /** A part of the team page. */
  showTeam(part: string): Promise<void>;
  row(name: string): Locator;
  close(): Promise<void>;
};

/** A desktop that has joined nothing yet. */
async function openDesk(team: Team, browser: Browser, say: Say): Promise<Desk> {
  const program = await startProgram('main/shell/browser/cli.ts', ['--data-dir', team.makeDataDir(), '--no-open'], { GRAPH_BASE_URL: team.meta.url() });
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(program.ready.url!);
  await expect(page.getByRole('heading', { name: say('enroll.title') })).toBeVisible();
  return {
    page,
    program,
    say,
    showTeam: async (part) => {
      await page
        .getByRole('navigation', { name: say('nav.label') })
        .getByRole('button', { name: say('nav.team'), exact: true })
        .click();
      await page
        .getByRole('navigation', { name: say('team.parts') })
        .getByRole('button', { name: part })
        .click();
    },
    row: (name) => page.getByRole('option').filter({ hasText: name }),
    close: async () => {
      await context.close();
      await program.stop();
    },
  };
}

type Joining = { invite: string; relay?: string; name: string };

/** Says who comes, and with which invite. What the window shows then depends on the invite. */
export async function askToJoin({ page, say }: Desk, { invite, relay, name }: Joining): Promise<void> {
  await page.getByRole('textbox', { name: say('enroll.invite') }).fill(invite);
  if (relay !== undefined) await page.getByRole('textbox', { name: say('enroll.relay') }).fill(relay);
  await page.getByRole('textbox', { name: say('enroll.name') }).fill(name);
  await page.getByRole('button', { name: say('enroll.join') }).click();
}

export async function join(desk: Desk, joining: Joining): Promise<void> {
  await askToJoin(desk, joining);
  await expect(desk.page.getByRole('navigation', { name: desk.say('nav.label') })).toBeVisible();
}

/** The first desktop: an admin with an invite of the relay's, who types the number in. */
async function openAdminDesk(team: Team, browser: Browser, say: Say): Promise<Desk> {
  const desk = await openDesk(team, browser, say);
  await join(desk, { invite: await team.invite('admin'), relay: team.relay.url, name: 'Ana' });
  const { page } = desk;
  await page.getByRole('button', { name: say('number.title') }).click();
  await fillNumber(desk);
  await expect(page.getByRole('form', { name: say('number.title') }).getByRole('status')).toHaveText(say('number.saved'));
  return desk;
}

/** The number of the stand-in, into the form that is open. */
export async function fillNumber({ page, say }: Desk): Promise<void> {
  const form = page.getByRole('form', { name: say('number.title') });
  await form.getByRole('textbox', { name: say('number.phoneNumberId') }).fill(DEFAULT_PHONE_NUMBER_ID);
  await form.getByRole('textbox', { name: say('number.wabaId') }).fill(DEFAULT_WABA_ID);
  await form.getByLabel(say('number.token')).fill('graph-token');
  await form.getByRole('button', { name: say('number.save') }).click();
}

/** Makes an invite in the admin's window. @returns the link. */
export async function inviteFrom({ page, say, showTeam }: Desk, role: Role): Promise<string> {
  await showTeam(say('team.part.members'));
  await page.getByRole('button', { name: say('members.invite'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(say(`settings.role.${role}`), { exact: true }).click();
  await dialog.getByRole('button', { name: say('invite.make') }).click();
  const link = await dialog.getByLabel(say('invite.link')).textContent();
  await dialog
    .getByRole('button', { name: say('action.close') })
    .last()
    .click();
  return link!;
}

/** `admin`: the first desktop. `openAnother`: one more that has joined nothing yet. All are closed after the test. */
export const test = base.extend<{ admin: Desk; openAnother(): Promise<Desk> }>({
  admin: async ({ team, browser, say }, use) => {
    const desk = await openAdminDesk(team, browser, say);
    await use(desk);
    await desk.close();
  },
  openAnother: async ({ team, browser, say }, use) => {
    const desks: Desk[] = [];
    await use(async () => {
      const desk = await openDesk(team, browser, say);
      desks.push(desk);
      return desk;
    });
    for (const desk of desks) await desk.close();
  },
});
