/** A team with a past: joining with a snapshot, a shortened log, and a relay that was restored from a backup. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { assertNothingLost, assertSameRows, assertSentOnce, deviceOf, foldLog, readLog, waitForRest } from '../../chaos/at-rest.ts';
import { runLongLog } from '../../chaos/long-log.ts';
import { addDesk } from '../../support/desk.ts';
import { startTeam } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('a new desktop joins from a snapshot that two others made and confirmed, and one from before the compaction keeps its work', async () => {
  const report = await runLongLog({ entries: 11_950, withinMs: 60_000, say: () => undefined });
  expect(report).toMatchObject({ snapshotSeq: 12_000, compacted: 12_000, sent: 2 });
}, 120_000);

it('a relay restored from a backup gets back what desktops had written after it, and nothing is sent again', async () => {
  const team = await startTeam();
  try {
    const [ana, bo, cy] = [await addDesk(team, { name: 'Ana', role: 'admin' }), await addDesk(team, { name: 'Bo', role: 'lead' }), await addDesk(team, { name: 'Cy', role: 'agent' })];
    const desks = [ana, bo, cy];
    for (const n of [1, 2, 3]) team.meta.customerWrites({ from: `5025555000${n}`, name: `Cliente ${n}`, text: 'hola' });
    await waitForRest(team, desks, 20_000);
    const idOf = async (n: number): Promise<string> => (await ana.client().conversations.list({ search: `Cliente ${n}` })).items[0]?.id ?? '';
    const [first, second, third] = [await idOf(1), await idOf(2), await idOf(3)];
    const boId = (await bo.client().session.get({})).me?.id ?? '';
    const opIds = { ana: [] as string[], bo: [] as string[] };
    opIds.ana.push((await ana.client().conversations.assign({ conversationId: first, from: null, to: boId })).opId);
    await waitForRest(team, desks, 20_000);

    const file = path.join(team.relay.dataDir, DATABASE_NAME);
    const backup = `${file}.backup`;
    const open = new Database(file, { readonly: true, ...nativeBindingOption() });
    await open.backup(backup);
    open.close();

    // Cy stays where the backup is; the others write on, and what they send leaves.
    cy.line.cut();
    const sent = await ana.client().messages.sendText({ conversationId: first, text: 'Salió antes del desastre' });
    const { seenThrough } = await ana.client().conversations.get({ conversationId: third });
    opIds.ana.push((await ana.client().conversations.setStatus({ conversationId: third, from: 'active', to: 'archived', seenThrough })).opId);
    const note = await bo.client().notes.add({ conversationId: second, body: 'Paga en efectivo' });
    await waitForRest(team, [ana, bo], 20_000);
    await waitUntil('the reply is read', async () => (await ana.client().messages.page({ conversationId: first })).items.find(({ id }) => id === sent.id)?.delivery === 'read');

    // Bo writes one more that does not get through; then the relay's disk dies.
    bo.line.cut();
    await waitUntil('Bo is offline', async () => (await bo.client().session.sync({})).state === 'offline');
    const waiting = await bo.client().messages.sendText({ conversationId: second, text: 'Sale después' });
    await team.relay.kill();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    const restored = new Database(backup, nativeBindingOption());
    await restored.backup(file);
    restored.close();
    expect(await team.relay.cli('restored')).toMatch(/The log is now/);
    await team.relay.restart();

    bo.line.restore();
    cy.line.restore();
    for (const desk of desks) desk.wakeUp();
    await waitForRest(team, desks, 30_000);
    team.meta.customerWrites({ from: '50255550002', name: 'Cliente 2', text: 'gracias' });
    await waitForRest(team, desks, 20_000);
    const devices = desks.map(deviceOf);
    const states = await Promise.all(desks.map((desk) => desk.client().session.sync({})));
    const { logId } = JSON.parse(await team.relay.cli('status', '--json')) as { logId: string };
    expect(states.map((sync) => [sync.state, sync.logId])).toEqual(desks.map(() => ['live', logId]));
    // What is told anew: nothing here lost to anybody.
    expect(states.map(({ conflicts }) => conflicts)).toEqual([0, 0, 0]);
    expect((await cy.client().conversations.list({ status: 'archived' })).items.map(({ id }) => id)).toEqual([third]);

    for (const desk of desks) await desk.stop();
    const truth = foldLog(await readLog(team.relay.dataDir, desks), path.join(team.makeDataDir(), 'truth.db'));
    for (const desk of desks) assertSameRows(truth, desk);
    assertNothingLost(truth, ana, { opIds: opIds.ana, messageIds: [sent.id], noteIds: [] });
    assertNothingLost(truth, bo, { opIds: opIds.bo, messageIds: [waiting.id], noteIds: [note.id] });
    expect(assertSentOnce(truth, team, devices)).toBe(2);
    truth.db.close();
  } finally {
    await team.stop();
  }
}, 90_000);
