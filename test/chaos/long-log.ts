/**
 * A team that has written for a long time, with real processes: two desktops make and confirm a snapshot, a third joins
 * with it, the log is shortened below it, and a fourth comes back from before. Throws if something is not as it has to be.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import Database from 'better-sqlite3';
import { DIGEST_EVERY } from '../../contract/limits.ts';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../contract/sqlite/state-tx.ts';
import { DATABASE_NAME } from '../../webhook-relay/log-store/sqlite.ts';
import { LOG_END, takeSupportLog } from '../bench/data/support-log.ts';
import { addDesk, type Desk } from '../support/desk.ts';
import { fillRelayLog } from '../support/relay-log.ts';
import { startTeam, type Team } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertSentOnce, deviceOf, readHead, waitForRest } from './at-rest.ts';

export type LongLogOptions = { entries: number; withinMs: number; say: (text: string) => void };
export type LongLogReport = { entries: number; snapshotSeq: number; snapshotBytes: number; fromLogMs: number; fromSnapshotMs: number; compacted: number; sent: number };

const DAY_MS = 86_400_000;

const readRelay = <T>(team: Team, read: (db: Database.Database) => T): T => {
  const db = new Database(path.join(team.relay.dataDir, DATABASE_NAME), { readonly: true, ...nativeBindingOption() });
  try {
    return read(db);
  } finally {
    db.close();
  }
};

export async function runLongLog({ entries, withinMs, say: tell }: LongLogOptions): Promise<LongLogReport> {
  // So that a snapshot is due, and its place still to come, when the desktops have caught up.
  assert.equal(entries % DIGEST_EVERY, DIGEST_EVERY - 50, `the log ends 50 entries before a multiple of ${DIGEST_EVERY}`);
  const startedAt = performance.now();
  const say = (text: string): void => tell(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  const timed = async (work: Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await work;
    return Math.round(performance.now() - from);
  };
  const team = await startTeam({ relayEnv: { SNAPSHOT_EVERY: '10000', LOG_RETENTION_DAYS: '90' } });
  try {
    await team.relay.kill();
    await fillRelayLog(team.relay.dataDir, takeSupportLog(entries), Date.now() - 2 * DAY_MS - LOG_END);
    await team.relay.restart();
    const snapshotSeq = entries + 50;
    say(`${entries} entries in the relay`);

    const hasAll = (desk: Desk): Promise<unknown> =>
      waitUntil(`${desk.name} has the whole log`, () => desk.look((db) => (db.prepare('SELECT cursor FROM sync_meta').pluck().get() as number) >= readHead(team)), withinMs);
    const ana = await addDesk(team, { name: 'Ana', role: 'admin' });
    const fromLogMs = await timed(hasAll(ana));
    say(`the first desktop has read the log in ${fromLogMs} ms`);
    const bo = await addDesk(team, { name: 'Bo', role: 'lead' });
    const cy = await addDesk(team, { name: 'Cy', role: 'agent' });
    await Promise.all([hasAll(bo), hasAll(cy)]);

    // Cy leaves before the snapshot, and works on.
    for (const who of ['uno', 'dos']) team.meta.customerWrites({ from: `5025555${who === 'uno' ? '0001' : '0002'}`, name: `Cliente ${who}`, text: 'hola' });
    const mine = await waitUntil('Cy sees the customers', async () => {
      const { items } = await cy.client().conversations.list({ search: 'Cliente' });
      return items.length === 2 ? items : null;
    });
    cy.line.cut();
    await waitUntil('Cy is offline', async () => (await cy.client().session.sync({})).state === 'offline');
    const [first, second] = [mine[0]?.id ?? '', mine[1]?.id ?? ''];
    const me = (await cy.client().session.get({})).me?.id ?? '';
    await cy.client().conversations.assign({ conversationId: first, from: null, to: me });
    await cy.client().notes.add({ conversationId: first, body: 'Paga en efectivo', mentions: [] });
    const reply = await cy.client().messages.sendText({ conversationId: first, text: 'Vamos mañana' });
    await cy.client().drafts.set({ conversationId: second, text: 'a medias', mode: 'reply' });
    const left = cy.look((db) => db.prepare('SELECT cursor FROM sync_meta').pluck().get() as number);

    // The log grows past the multiple, and one of the two others brings a snapshot that the other one confirms.
    while (readHead(team) <= snapshotSeq + 20) {
      const before = team.meta.state().webhooks.delivered;
      team.meta.customerWrites({ from: '50255550003', name: 'Tercera', text: 'mensaje {n}', times: 20 });
      await waitUntil('they are in the log', () => team.meta.state().webhooks.delivered >= before + 20);
    }
    const snapshot = await waitUntil(
      'a snapshot is trusted',
      () => readRelay(team, (db) => db.prepare('SELECT seq, bytes FROM snapshot WHERE trusted_at IS NOT NULL').get() as { seq: number; bytes: number } | undefined),
      withinMs,
    );
    assert.equal(snapshot.seq, snapshotSeq);
    say(`snapshot of ${snapshot.bytes} bytes at ${snapshot.seq}, made by one desktop and confirmed by another`);

    const dee = await addDesk(team, { name: 'Dee', role: 'agent' });
    const fromSnapshotMs = await timed(hasAll(dee));
    assert.match(dee.stderr(), /"event":"snapshot.installed"/);
    assert(
      dee.look((db) => (db.prepare('SELECT min(seq) FROM log_entry').pluck().get() as number) > snapshotSeq),
      'the new desktop read only what came after the snapshot',
    );
    say(`a new desktop has everything from the snapshot in ${fromSnapshotMs} ms`);

    // Half a year later the log is short.
    await team.shiftClock(180 * DAY_MS);
    await team.relay.cli('compact');
    const compacted = readRelay(team, (db) => db.prepare('SELECT min(seq) FROM entry').pluck().get() as number) - 1;
    assert.equal(compacted, snapshotSeq, 'the log begins after the snapshot');
    assert(left < compacted, 'Cy’s place in the log is gone');
    await team.shiftClock(0);

    const before = (await cy.client().session.sync({})).pending;
    assert(before >= 3, `Cy has ${before} ops pending`);
    cy.line.restore();
    cy.wakeUp();
    for (const desk of [ana, bo, dee]) desk.wakeUp();
    const desks = [ana, bo, cy, dee];
    await waitForRest(team, desks, withinMs);
    assert.match(cy.stderr(), /"event":"snapshot.installed"/);
    assert.equal((await cy.client().drafts.get({ conversationId: second }))?.text, 'a medias', 'the draft is still there');
    assert.equal((await dee.client().conversations.get({ conversationId: first, messages: 0 })).assignee?.name, 'Cy', 'what was pending reached the others');
    assert.equal((await dee.client().notes.list({ conversationId: first })).at(-1)?.body, 'Paga en efectivo');
    assert.equal((await ana.client().messages.page({ conversationId: first })).items.find(({ id }) => id === reply.id)?.delivery, 'read', 'the reply has left and was read');

    // The one that joined last answers too.
    team.meta.customerWrites({ from: '50255550009', name: 'Novena', text: '¿hay alguien?' });
    const latest = await waitUntil('it arrives', async () => (await dee.client().conversations.list({ search: 'Novena' })).items[0]);
    await dee.client().messages.sendText({ conversationId: latest.id, text: 'Aquí estamos' });
    await waitForRest(team, desks, withinMs);
    say('everybody is at rest');

    for (const desk of desks) await desk.stop();
    // The relay has no beginning any more, so the desktops are held against one another: one folded the log, two began with the snapshot.
    const rows = desks.map((desk) => desk.look((db) => [...dumpState(db)]));
    for (const [n, desk] of desks.entries()) assert.equal(rows[n]?.findIndex((row, at) => row !== rows[0]?.[at]) ?? -1, -1, `${desk.name} has the rows of ${ana.name}`);
    assert.equal(new Set(rows.map(({ length }) => length)).size, 1);
    const sent = ana.look((db) => assertSentOnce({ db }, team, desks.map(deviceOf)));
    return { entries, snapshotSeq, snapshotBytes: snapshot.bytes, fromLogMs, fromSnapshotMs, compacted, sent };
  } finally {
    await team.stop();
  }
}
