/** A snapshot with the relay itself: what `snapshots.long.test.ts` plays, the real one does. */
import { createHmac } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { createTestLog } from '../../support/engine.ts';
import { APP_SECRET, startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam({ relayEnv: { SNAPSHOT_EVERY: '1000' } });
});
afterEach(() => team.stop());

const rowsOf = ({ dataDir }: Desktop): string => {
  const db = new Database(path.join(dataDir, DATABASE_FILE), nativeBindingOption());
  const rows = [...dumpState(db)].join('\n');
  db.close();
  return rows;
};

/** One signed webhook with many messages, as Meta sends after an outage. */
const customersWrite = async (from: number, count: number): Promise<void> => {
  const messages = Array.from({ length: count }, (_, n) => ({
    id: `wamid.${from + n}`,
    from: `5025555${String(n % 40).padStart(4, '0')}`,
    timestamp: '1700000000',
    type: 'text',
    text: { body: `mensaje ${from + n}` },
  }));
  const value = { messaging_product: 'whatsapp', metadata: { display_phone_number: '50222334455', phone_number_id: '106540352242922' }, messages };
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  const response = await fetch(new URL(WEBHOOK_PATH, team.relay.url), { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` } });
  expect(response.status).toBe(200);
};
const cursorOf = async ({ client }: Desktop): Promise<number> => (await client.session.sync({})).cursor;

describe('the real relay', () => {
  it('gets a snapshot, has it confirmed by a second desktop, and gives it to a third', { timeout: 60_000 }, async () => {
    await customersWrite(0, 5_600);
    const ana = await team.addDesktop({ name: 'Ana' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await waitUntil('both have it', async () => (await cursorOf(ana)) > 5_600 && (await cursorOf(bo)) > 5_600);
    // The next multiple of 1,000.
    await customersWrite(5_600, 600);
    await waitUntil('both have that', async () => (await cursorOf(ana)) > 6_200 && (await cursorOf(bo)) > 6_200);
    const { log, lines } = createTestLog();
    await waitUntil('the relay has the snapshot', () => /"snapshot.completed".*"seq":6000/.test(team.relay.program().stderr()), 30_000);
    const cy = await team.addDesktop({ name: 'Cy', ports: { log } });
    await cy.engine.waitForIdle(20_000);
    expect(lines.map(({ event }) => event)).toContain('snapshot.installed');
    await ana.engine.waitForIdle(10_000);
    const [head, anas] = [await cursorOf(cy), await cursorOf(ana)];
    expect(head).toBe(anas);
    await cy.stop();
    await ana.stop();
    expect(rowsOf(cy)).toBe(rowsOf(ana));
  });
});
