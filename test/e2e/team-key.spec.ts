/** What the window says of the team's key when something about it is not as it was. */
import path from 'node:path';
import Database from 'better-sqlite3';
import { deriveEpochKeys, derivePublicKey, makeSecret } from '../../contract/sealing/key-ring.ts';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { DATABASE_NAME } from '../../webhook-relay/log-store/sqlite.ts';
import { waitUntil } from '../support/wait-until.ts';
import { expect, test, type Shell } from './support/demo.ts';
import { connectWindow } from './support/window-client.ts';

test.use({ role: 'admin' });

/** As if its admin had printed it, when there is a key. */
async function putOnPaper(shell: Shell): Promise<number> {
  const { client, close } = await connectWindow(shell);
  const { epoch } = await waitUntil('there is a key', () => client.members.recoveryCode().catch(() => null), 20_000);
  await client.members.noteSheet({ epoch });
  close();
  return epoch;
}

test('an admin is told that the sheet they printed is of no use any more, until they print another one', async ({ inbox, shell, line, addColleague, say }) => {
  const { page } = inbox;
  expect(await putOnPaper(shell)).toBe(1);
  await addColleague({ name: 'Bo' });
  const { client, close } = await connectWindow(shell);
  const device = await waitUntil('Bo is there', async () => (await client.members.devices()).find(({ agentName }) => agentName === 'Bo'));
  await expect(page.getByText(say('teamKey.recovery.void'))).toBeHidden();
  await client.members.revokeDevice({ deviceId: device.id, wipe: false });
  close();

  await expect(page.getByText(say('teamKey.recovery.voidHint', { epoch: 1 }))).toBeVisible();
  // The strip opens the sheet itself, and what is printed says of whom it is and until when it is good.
  await page.getByRole('button', { name: say('teamKey.recovery.voidShow') }).click();
  await expect(page.getByRole('dialog')).toContainText(/Llave 2/);
  await expect(page.getByRole('dialog')).toContainText(line.url);
  await expect(page.getByRole('dialog')).toContainText(/ de 20\d\d/);
  await expect(page.getByRole('dialog')).toContainText(say('teamKey.recovery.ends', { epoch: 2 }));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('teamKey.recovery.onPaper') })
    .click();
  await expect(page.getByText(say('teamKey.recovery.void'))).toHaveCount(0);
});

test('a void sheet is not spoken of for a day after “later”, and stays void where it is listed', async ({ inbox, shell, addColleague, say }) => {
  const { page } = inbox;
  await putOnPaper(shell);
  await addColleague({ name: 'Bo' });
  const { client, close } = await connectWindow(shell);
  const device = await waitUntil('Bo is there', async () => (await client.members.devices()).find(({ agentName }) => agentName === 'Bo'));
  await client.members.revokeDevice({ deviceId: device.id, wipe: false });
  const strip = page.getByText(say('teamKey.recovery.void'));
  await expect(strip).toBeVisible();
  await page.getByRole('button', { name: say('teamKey.recovery.later') }).click();
  await expect(strip).toHaveCount(0);
  expect((await client.session.sync()).sheet).toMatchObject({ epoch: 1, isVoid: true, isPutOff: true });
  close();
});

test('the first steps ask an admin for a sheet, until one was made', async ({ inbox, say }) => {
  const { page } = inbox;
  await page.getByRole('button', { name: new RegExp(`^${say('nav.setup')}`) }).click();
  const step = page.getByRole('navigation', { name: say('setup.steps') }).getByRole('button', { name: new RegExp(`^${say('setup.step.recovery.name')}`) });
  await expect(step).toContainText(say('setup.state.open'));
  await step.click();
  await page.getByRole('button', { name: say('setup.recoveryShow') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('action.close') })
    .last()
    .click();
  // Looking at it is not having it.
  await expect(page.getByText(say('setup.step.recovery.done'))).toBeHidden();
  await expect(step).toContainText(say('setup.state.open'));
  await page.getByRole('button', { name: say('setup.recoveryShow') }).click();
  await page.evaluate(() => Object.assign(window, { print: () => undefined }));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('teamKey.recovery.print') })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('action.close') })
    .last()
    .click();
  await expect(page.getByText(say('setup.step.recovery.done'))).toBeVisible();
  await expect(step).toContainText(say('setup.state.done'));
});

test('a desktop whose key is another one than the relay’s says so, keeps what it has and takes no other one by itself', { tag: '@main' }, async ({ inbox, shell, team, write, say }) => {
  const { page } = inbox;
  write({ from: '50255501111', name: 'Rosa', text: 'Buenos días' });
  await inbox.open('Rosa');
  await putOnPaper(shell);
  // As if another admin's desktop had made one of the same number on a relay that was restored.
  await team.relay.kill();
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), nativeBindingOption());
  db.prepare('UPDATE key_epoch SET public_key = ?').run(await derivePublicKey(deriveEpochKeys(1, makeSecret())));
  db.close();
  await team.relay.restart();

  await expect(page.getByText(say('strip.otherKey'))).toBeVisible();
  await expect(inbox.message('Buenos días')).toBeVisible();
  await page.getByRole('button', { name: say('teamKey.other.show') }).click();
  const dialog = page.getByRole('dialog', { name: say('teamKey.other.title') });
  await expect(dialog.getByRole('figure', { name: say('teamKey.code') })).toContainText(/(\d{4}\s*){8}/);
  await dialog.getByRole('button', { name: say('teamKey.other.same') }).click();
  await expect(dialog.getByRole('alert')).toHaveText(say('failure.KEY_NOT_GIVEN'));
});

test('an invite that the relay’s operator makes is listed without anybody touching the window', async ({ inbox, team, say }) => {
  const { page } = inbox;
  await page
    .getByRole('navigation', { name: say('nav.label') })
    .getByRole('button', { name: say('nav.team'), exact: true })
    .click();
  await expect(page.getByRole('button', { name: say('members.invite'), exact: true })).toBeVisible();
  const open = page.getByRole('list', { name: say('invite.open.title') });
  await expect(open).toHaveCount(0);
  await team.invite('lead');
  await expect(open).toContainText(say('invite.open.byRelay'), { timeout: 15_000 });
});
