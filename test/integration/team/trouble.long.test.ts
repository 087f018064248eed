/** What a person meets when something is wrong with an invite, a device, the relay, the file or the disk: one clear code each, and nothing is lost. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeBindingOption } from '../../../contract/sqlite/native-binding.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { DATABASE_NAME } from '../../../webhook-relay/log-store/sqlite.ts';
import { countPending, deviceOf, readHead, waitForRest } from '../../chaos/at-rest.ts';
import { addDesk, type Desk } from '../../support/desk.ts';
import { startProgram } from '../../support/program.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const DAY_MS = 86_400_000;
const stateOf = async (desk: Desk): Promise<string> => (await desk.client().session.sync({})).state;
const isIn = (desk: Desk, state: string) => waitUntil(`${desk.name} is ${state}`, async () => (await stateOf(desk)) === state, 20_000);
const firstOf = (desk: Desk) => waitUntil('a conversation arrives', async () => (await desk.client().conversations.list({})).items[0]);
const edit = (file: string, sql: string): void => {
  const db = new Database(file, nativeBindingOption());
  db.exec(sql);
  db.close();
};
/** A desktop with a conversation, one op that waits for the line, and a draft. */
const addBusyDesk = async (): Promise<{ desk: Desk; conversationId: string }> => {
  const desk = await addDesk(team, { name: 'Bo', role: 'lead' });
  team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
  const { id: conversationId } = await firstOf(desk);
  desk.line.cut();
  await isIn(desk, 'offline');
  await desk.client().notes.add({ conversationId, body: 'Llamar antes' });
  await desk.client().drafts.set({ conversationId, text: 'a medias', mode: 'reply' });
  return { desk, conversationId };
};
const stillHas = async ({ desk, conversationId }: { desk: Desk; conversationId: string }) => ({
  notes: (await desk.client().notes.list({ conversationId })).map(({ body }) => body),
  draft: (await desk.client().drafts.get({ conversationId }))?.text,
  pending: countPending(desk),
});

describe('an invite', () => {
  it('that is mistyped, used, expired, or for another address says which, and the right one still works', async () => {
    const desk = await addDesk(team, { name: 'Ana', role: 'admin', isEmpty: true });
    await desk.start();
    const join = (code: string, relayUrl = team.relay.url) => desk.client().enrollment.join({ relayUrl, code, agentName: 'Ana' });
    const good = await team.invite('admin');
    const used = await team.invite('agent');
    await addDesk(team, { name: 'Bo', role: 'agent', invite: used });
    const old = await team.invite('agent');

    await expect(join(`${good.slice(0, -1)}${good.endsWith('x') ? 'y' : 'x'}`)).rejects.toMatchObject({ code: 'INVITE_UNKNOWN' });
    await expect(join(used)).rejects.toMatchObject({ code: 'INVITE_USED' });
    await expect(join(good, team.meta.url())).rejects.toMatchObject({ code: 'NOT_A_RELAY' });
    desk.line.cut();
    await expect(join(good, desk.line.url)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await stateOf(desk)).toBe('not_enrolled');
    await join(good);
    await isIn(desk, 'live');
    expect((await desk.client().session.get({})).me).toMatchObject({ name: 'Ana', role: 'admin' });

    const late = await addDesk(team, { name: 'Cy', role: 'agent', isEmpty: true });
    await late.start();
    await team.shiftClock(8 * DAY_MS);
    await expect(late.client().enrollment.join({ relayUrl: team.relay.url, code: old, agentName: 'Cy' })).rejects.toMatchObject({ code: 'INVITE_EXPIRED' });
    expect(await stateOf(late)).toBe('not_enrolled');
  });
});

describe('a device that was shut out', () => {
  it('shows what it has and takes nothing new; what waited in it stays there', async () => {
    const busy = await addBusyDesk();
    const { desk, conversationId } = busy;
    await team.relay.cli('revoke', deviceOf(desk));
    desk.line.restore();
    desk.wakeUp();
    await isIn(desk, 'revoked');
    await expect(desk.client().messages.sendText({ conversationId, text: 'hola' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    await expect(desk.client().notes.add({ conversationId, body: 'otra' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    expect(await stillHas(busy)).toEqual({ notes: ['Llamar antes'], draft: 'a medias', pending: 1 });
    await desk.kill();
    await desk.start();
    await isIn(desk, 'revoked');
    expect(await stillHas(busy)).toEqual({ notes: ['Llamar antes'], draft: 'a medias', pending: 1 });
  });

  it('and is to be wiped keeps neither rows nor keys, and the team keeps everything', async () => {
    const ana = await addDesk(team, { name: 'Ana', role: 'admin' });
    const { desk } = await addBusyDesk();
    await waitForRest(team, [ana], 20_000);
    const before = ana.look((db) => [...dumpState(db)].filter((row) => !row.startsWith('device')));
    await team.relay.cli('revoke', deviceOf(desk), '--wipe');
    desk.line.restore();
    desk.wakeUp();
    await isIn(desk, 'revoked');
    await waitUntil('nothing is left', () => desk.look((db) => [...dumpState(db)]).length === 0);
    expect((await desk.client().conversations.list({})).items).toEqual([]);
    expect((await desk.client().session.get({})).me).toBeNull();
    const file = readFileSync(path.join(desk.dataDir, DATABASE_FILE));
    for (const text of ['Marta', 'Llamar antes', 'a medias']) expect(file.includes(text), text).toBe(false);
    await desk.kill();
    await desk.start();
    await isIn(desk, 'revoked');
    await waitForRest(team, [ana], 20_000);
    expect(ana.look((db) => [...dumpState(db)].filter((row) => !row.startsWith('device')))).toEqual(before);
  });
});

describe('a relay that keeps another log', () => {
  it('is named, is told nothing, and the right one gets what waited', async () => {
    const busy = await addBusyDesk();
    const { desk, conversationId } = busy;
    const file = path.join(team.relay.dataDir, DATABASE_NAME);
    const { logId } = JSON.parse(await team.relay.cli('status', '--json')) as { logId: string };
    await team.relay.kill();
    edit(file, "UPDATE identity SET log_id = 'another-log'");
    await team.relay.restart();
    const head = readHead(team);
    desk.line.restore();
    desk.wakeUp();
    await isIn(desk, 'wrong_log');
    await expect(desk.client().messages.sendText({ conversationId, text: 'hola' })).rejects.toMatchObject({ code: 'SYNC_ENDED' });
    expect(await stillHas(busy)).toEqual({ notes: ['Llamar antes'], draft: 'a medias', pending: 1 });
    expect(readHead(team)).toBe(head);

    await team.relay.kill();
    edit(file, `UPDATE identity SET log_id = '${logId}'`);
    await team.relay.restart();
    desk.wakeUp();
    await isIn(desk, 'live');
    await waitForRest(team, [desk], 20_000);
    expect(await stillHas(busy)).toEqual({ notes: ['Llamar antes'], draft: 'a medias', pending: 0 });
  });
});

describe('a database from a newer version', () => {
  it('is refused by the desktop in words, and left as it is', async () => {
    const desk = await addDesk(team, { name: 'Ana', role: 'admin' });
    await desk.stop();
    const file = path.join(desk.dataDir, DATABASE_FILE);
    edit(file, 'UPDATE schema_version SET version = 9999; PRAGMA wal_checkpoint(TRUNCATE)');
    const before = readFileSync(file);
    await expect(startProgram('main/engine/cli.ts', ['--data-dir', desk.dataDir])).rejects.toThrow(/newer version of Bandeja.*Update Bandeja; nothing was changed/s);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

/** A disk of its own, which only root can make. */
const canMount = process.getuid?.() === 0 && process.platform === 'linux';

/** Writes until nothing fits any more; the programs on the disk write meanwhile. */
function fillDisk(filler: string): void {
  const file = openSync(filler, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

describe('a full disk', () => {
  it.skipIf(!canMount)(
    'is named, refuses what it cannot keep, loses nothing, and everything goes on when there is room again',
    async () => {
      const disk = team.makeDataDir();
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
      try {
        const desk = await addDesk(team, { name: 'Ana', role: 'admin', dataDir: path.join(disk, 'desktop') });
        team.meta.customerWrites({ from: '50255550001', name: 'Marta', text: 'hola' });
        const { id: conversationId } = await firstOf(desk);
        const filler = path.join(disk, 'filler');
        fillDisk(filler);

        const kept: string[] = [];
        const refusal = await waitUntil('a note does not fit', async () => {
          const body = `nota ${kept.length} ${'x'.repeat(5_000)}`;
          return desk
            .client()
            .notes.add({ conversationId, body })
            .then(
              () => (kept.push(body), null),
              (error: { code: string }) => error.code,
            );
        });
        expect(refusal).toBe('DISK_FULL');
        team.meta.customerWrites({ from: '50255550002', name: 'Otra', text: `{n} ${'y'.repeat(3_000)}`, times: 300 });
        await waitUntil('the relay has them', () => team.meta.state().webhooks.pending === 0, 20_000);
        expect((await desk.client().notes.list({ conversationId })).map(({ body }) => body)).toEqual(kept);

        rmSync(filler);
        desk.wakeUp();
        await desk.client().notes.add({ conversationId, body: 'cabe otra vez' });
        await waitForRest(team, [desk], 45_000);
        expect((await desk.client().notes.list({ conversationId })).map(({ body }) => body)).toEqual([...kept, 'cabe otra vez']);
        expect(desk.look((db) => db.prepare("SELECT count(*) FROM message WHERE direction = 'in'").pluck().get())).toBe(301);
        await desk.kill();
      } finally {
        execFileSync('umount', ['--lazy', disk]);
      }
    },
    90_000,
  );
});
