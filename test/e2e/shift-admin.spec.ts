/** An admin's day: from nothing to the first message, a colleague's desktop, a fault that the diagnosis names and mends, a person who wants to be forgotten, a laptop that is taken back. */
import { DEFAULT_WABA_ID } from '../../main/demo/meta/stand-in.ts';
import { VERIFY_TOKEN, type Team } from '../support/team.ts';
import { expect } from './support/demo.ts';
import { fillNumber, inviteFrom, join, test } from './support/desks.ts';
import { pattern, shiftLanguage } from './support/say.ts';
import { findViolations } from './support/violations.ts';

const ROSA = { from: '50255501234', name: 'Rosa', text: 'Hola, ¿me leen?' };
const PEDRO = { from: '50255509876', name: 'Pedro', text: 'Buenas tardes' };

test.use({ language: shiftLanguage('es') });

/** As somebody who clicks in Meta's dashboard. */
async function unsubscribe(team: Team): Promise<void> {
  const { ok } = await fetch(`${team.meta.url()}/v25.0/${DEFAULT_WABA_ID}/subscribed_apps`, { method: 'DELETE', headers: { authorization: 'Bearer graph-token' } });
  expect(ok).toBe(true);
}

test('from nothing to a received message, a second desktop, a fault that is found and mended, a person erased, a desktop taken back', { tag: '@main' }, async ({ openAnother, team, say }) => {
  test.slow();
  const desk = await openAnother();
  const { page } = desk;
  const rail = page.getByRole('navigation', { name: say('nav.label') });
  const steps = page.getByRole('navigation', { name: say('setup.steps') });
  type Step = 'relay' | 'number' | 'webhook' | 'message' | 'templates' | 'hours' | 'keys';
  const step = (name: Step, state: 'done' | 'open' | 'skipped') => steps.getByRole('button', { name: `${say(`setup.step.${name}.name`)} (${say(`setup.state.${state}`)})` });
  const next = () => page.getByRole('button', { name: say('setup.next') }).click();
  const firstSteps = rail.getByRole('button', { name: pattern(`${say('nav.setup')}: …`, '…') });
  const check = (id: string) => page.locator(`[data-check="${id}"]`);

  await test.step('onboarding leads from nothing to a received test message', async () => {
    await page.getByText(say('enroll.newWorkspace')).click();
    await expect(page.getByText('npm run relay -- invite --role admin')).toBeVisible();
    const { invite } = JSON.parse(await team.relay.cli('invite', '--role', 'admin', '--json')) as { invite: string };
    await join(desk, { invite, relay: team.relay.url, name: 'Ana' });

    // What is true already is not asked for: the first open step is the number.
    await expect(step('relay', 'done')).toBeVisible();
    await expect(step('number', 'open')).toHaveAttribute('aria-current', 'page');
    await expect(firstSteps).toBeVisible();
    await fillNumber(desk);
    await expect(step('number', 'done')).toBeVisible();
    await expect(check('token_valid')).toHaveAttribute('data-state', 'ok');

    await next();
    await expect(page.getByRole('code').filter({ hasText: `${team.relay.url}/api/whatsapp/webhook` })).toBeVisible();
    await expect(page.getByText(VERIFY_TOKEN, { exact: true })).toHaveCount(0);
    await page.getByRole('button', { name: say('setup.show', { name: 'Verify token' }) }).click();
    await expect(page.getByText(VERIFY_TOKEN, { exact: true })).toBeVisible();
    await page.getByRole('button', { name: say('setup.subscribe') }).click();
    await expect(page.getByText(say('setup.subscribed.done'))).toBeVisible();
    await expect(check('app_subscribed')).toHaveAttribute('data-state', 'ok');
    expect(await findViolations(page)).toEqual([]);

    await next();
    await expect(page.getByText(say('setup.waiting'))).toBeVisible();
    team.meta.customerWrites(ROSA);
    await expect(page.getByText(say('setup.arrived'), { exact: true })).toBeVisible();
    await expect(page.getByText(`“${ROSA.text}”`)).toBeVisible();
    await expect(step('webhook', 'done')).toBeVisible();

    // Skipped, and still there to be done; the hours are one click.
    await next();
    await page.getByRole('button', { name: say('setup.skip') }).click();
    await expect(step('templates', 'skipped')).toBeVisible();
    await page.getByRole('button', { name: say('action.save') }).click();
    await expect(step('hours', 'done')).toBeVisible();
    await step('keys', 'open').click();
    await page.getByRole('button', { name: say('setup.samplesStart') }).click();
    for (const key of ['j', 'k', 'e']) await page.keyboard.press(key);
    await expect(step('keys', 'done')).toBeVisible();
    expect(await findViolations(page)).toEqual([]);

    await step('message', 'done').click();
    await page.getByRole('button', { name: say('setup.openConversation') }).click();
    await expect(page.getByRole('log')).toContainText(ROSA.text);
  });

  const second = await openAnother();
  await test.step('a colleague joins with the link, and has the number and the history', async () => {
    await join(second, { invite: await inviteFrom(desk, 'agent'), name: 'Bo' });
    await second.row(ROSA.name).click();
    const composer = second.page.getByRole('textbox', { name: say('composer.label', { name: ROSA.name }) });
    await composer.fill('Sí, Rosa, la leemos.');
    await composer.press('Enter');
    // While the pointer is over the list it takes up nobody new.
    await composer.hover();
    await expect.poll(() => team.meta.journal().filter(({ accepted, body }) => accepted && JSON.stringify(body).includes('Sí, Rosa, la leemos.'))).toHaveLength(1);
  });

  await test.step('nothing comes in any more: the diagnosis says why, and its advice helps', async () => {
    await unsubscribe(team);
    await rail.getByRole('button', { name: say('nav.diagnostics') }).click();
    await expect(check('app_subscribed')).toHaveAttribute('data-code', 'none');
    await expect(check('app_subscribed')).toContainText(say('connection.check.app_subscribed.is.none'));
    await expect(check('app_subscribed')).toContainText(say('connection.check.app_subscribed.fix.none'));
    // To where it points: a button in the first steps.
    await firstSteps.click();
    await step('webhook', 'done').click();
    await page.getByRole('button', { name: say('setup.subscribe') }).click();
    await expect(page.getByText(say('setup.subscribed.done'))).toBeVisible();
    await rail.getByRole('button', { name: say('nav.diagnostics') }).click();
    await page.getByRole('button', { name: say('diagnostics.connection.run') }).click();
    await expect(check('app_subscribed')).toHaveAttribute('data-state', 'ok');
    team.meta.customerWrites(PEDRO);
    await expect(second.row(PEDRO.name)).toBeVisible();
  });

  await test.step('a person asks to be forgotten, and is, on both desktops', async () => {
    await rail.getByRole('button', { name: say('nav.contacts') }).click();
    await page
      .getByRole('searchbox', { name: say('contacts.search') })
      .or(page.getByRole('textbox', { name: say('contacts.search') }))
      .fill(ROSA.name);
    await page
      .getByRole('region', { name: say('contacts.list') })
      .getByRole('button', { name: new RegExp(`^${ROSA.name}`) })
      .click();
    await page.getByRole('button', { name: say('contacts.more') }).click();
    await page.getByRole('menuitem', { name: say('privacy.erase.menu') }).click();
    const dialog = page.getByRole('dialog', { name: say('privacy.erase.title', { name: ROSA.name }) });
    await expect(dialog).toContainText(say('privacy.erase.messages', { count: 2 }));
    const confirm = dialog.getByRole('button', { name: say('privacy.erase.confirm') });
    await expect(confirm).toBeDisabled();
    await dialog.getByRole('textbox').fill(ROSA.name);
    await confirm.click();
    await expect(dialog).toHaveCount(0);
    await expect(second.row(ROSA.name)).toHaveCount(0);
    // Nor does the thread that is open there keep their words.
    await expect(second.page.getByText(ROSA.text)).toHaveCount(0);
    await expect(second.row(PEDRO.name)).toBeVisible();
  });

  await test.step('the colleague’s desktop is taken back: nothing reaches it any more', async () => {
    await desk.showTeam(say('team.part.devices'));
    const device = page
      .getByRole('list', { name: say('team.part.devices') })
      .getByRole('listitem')
      .filter({ hasText: 'Bo' });
    await expect(device).toContainText(say('devices.connected'));
    await device.getByRole('button').first().click();
    await page.getByRole('menuitem', { name: say('devices.revoke'), exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('devices.revoke'), exact: true })
      .click();
    await expect(page.getByRole('list', { name: say('devices.revoked') })).toContainText('Bo');
    await expect(second.page.getByText(pattern(say('strip.revoked', { name: '…' }), '…'))).toBeVisible();
    team.meta.customerWrites({ ...PEDRO, text: '¿Siguen ahí?' });
    await rail.getByRole('button', { name: say('nav.active') }).click();
    await expect(desk.row(PEDRO.name)).toContainText('¿Siguen ahí?');
    await expect(second.row(PEDRO.name)).toContainText(PEDRO.text);
  });

  await firstSteps.click();
  await page.getByRole('button', { name: say('setup.dismiss') }).click();
  await expect(firstSteps).toHaveCount(0);
});
