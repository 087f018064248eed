/** Several desktops of one team side by side, each with a window of its own; they join in the window, as people do. */
import type { Browser, Locator, Page } from '@playwright/test';
import { DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../../../main/demo/meta/stand-in.ts';
import { startProgram, type Program } from '../../support/program.ts';
import type { Team } from '../../support/team.ts';
import { expect, test as base } from './demo.ts';

export type Desk = {
  page: Page;
  program: Program;
  /** A part of the team page. */
  showTeam(part: string): Promise<void>;
  row(name: string): Locator;
  close(): Promise<void>;
};

/** A desktop that has joined nothing yet. */
async function openDesk(team: Team, browser: Browser): Promise<Desk> {
  const program = await startProgram('main/shell/browser/cli.ts', ['--data-dir', team.makeDataDir(), '--no-open'], { GRAPH_BASE_URL: team.meta.url() });
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(program.ready.url!);
  await expect(page.getByRole('heading', { name: 'Une esta computadora a tu espacio de trabajo' })).toBeVisible();
  return {
    page,
    program,
    showTeam: async (part) => {
      await page.getByRole('navigation', { name: 'Navegación' }).getByRole('button', { name: 'Equipo', exact: true }).click();
      await page.getByRole('navigation', { name: 'Partes del equipo' }).getByRole('button', { name: part }).click();
    },
    row: (name) => page.getByRole('option').filter({ hasText: name }),
    close: async () => {
      await context.close();
      await program.stop();
    },
  };
}

export async function join({ page }: Desk, { invite, relay, name }: { invite: string; relay?: string; name: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Enlace o código de invitación' }).fill(invite);
  if (relay !== undefined) await page.getByRole('textbox', { name: 'Dirección del relay' }).fill(relay);
  await page.getByRole('textbox', { name: 'Tu nombre' }).fill(name);
  await page.getByRole('button', { name: 'Unirme' }).click();
  await expect(page.getByRole('navigation', { name: 'Navegación' })).toBeVisible();
}

/** The first desktop: an admin with the command line's invite, who types the number in. */
async function openAdminDesk(team: Team, browser: Browser): Promise<Desk> {
  const desk = await openDesk(team, browser);
  const { invite } = JSON.parse(await team.relay.cli('invite', '--role', 'admin', '--json')) as { invite: string };
  await join(desk, { invite, relay: team.relay.url, name: 'Ana' });
  const { page } = desk;
  await page.getByRole('button', { name: 'Configurar el número' }).click();
  const form = page.getByRole('form', { name: 'Configurar el número' });
  await form.getByRole('textbox', { name: 'Id. del número' }).fill(DEFAULT_PHONE_NUMBER_ID);
  await form.getByRole('textbox', { name: 'Id. de la cuenta (WABA)' }).fill(DEFAULT_WABA_ID);
  await form.getByLabel('Token de la Graph API').fill('graph-token');
  await form.getByRole('button', { name: 'Guardar número' }).click();
  await expect(form.getByRole('status')).toHaveText(/^Guardado/);
  return desk;
}

/** Makes an invite in the admin's window. @returns the link. */
export async function inviteFrom({ page, showTeam }: Desk, role: 'Agente' | 'Líder' | 'Administrador'): Promise<string> {
  await showTeam('Personas');
  await page.getByRole('button', { name: 'Invitar', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(role, { exact: true }).click();
  await dialog.getByRole('button', { name: 'Crear invitación' }).click();
  const link = await dialog.getByLabel('Enlace de invitación').textContent();
  await dialog.getByRole('button', { name: 'Cerrar' }).last().click();
  return link!;
}

/** `admin`: the first desktop. `openAnother`: one more that has joined nothing yet. All are closed after the test. */
export const test = base.extend<{ admin: Desk; openAnother(): Promise<Desk> }>({
  admin: async ({ team, browser }, use) => {
    const desk = await openAdminDesk(team, browser);
    await use(desk);
    await desk.close();
  },
  openAnother: async ({ team, browser }, use) => {
    const desks: Desk[] = [];
    await use(async () => {
      const desk = await openDesk(team, browser);
      desks.push(desk);
      return desk;
    });
    for (const desk of desks) await desk.close();
  },
});
