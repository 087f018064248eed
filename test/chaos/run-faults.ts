/** Injects each fault into a team of real processes at work, and counts what came in, what is lost and what is there twice, from the files and Meta's journal. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { ENROLL_PATH, enrollResponseSchema } from '../../contract/wire-http.ts';
import { createRandom, type Random } from '../../main/demo/meta/random.ts';
import { addDesk, type Desk } from '../support/desk.ts';
import { startFrameLine, type FrameLine } from '../support/frame-line.ts';
import { openEntries } from '../support/open-entries.ts';
import { startTeam, type Team } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertSameRows, assertSealed, countPending, deviceOf, foldLog, readHead, readRelayKeys, readStored, waitForRest } from './at-rest.ts';
import type { FaultCase, Scene } from './faults.ts';

/** `keys`: how often the team changed its key meanwhile. */
export type FaultCount = { eventsIn: number; lost: string[]; doubled: string[]; keys: number };
const REST_WITHIN_MS = 120_000;
const COUNTS_MAX = 5;
const CUSTOMERS = 4;
/** Of a person who is told that it cannot be done now; NOT_FOUND while the rows are fetched again. Their desktop may also be gone in the middle of a call. */
const isRefusal = (error: unknown, desk: Desk): boolean =>
  !desk.isRunning() ||
  ['NOT_FOUND', 'DISK_FULL', 'INTERNAL', 'WINDOW_CLOSED', 'CONVERSATION_CLOSED', 'THREAD_MOVED', 'NUMBER_MISSING', 'SYNC_ENDED'].includes(String((error as { code?: unknown }).code));

type Work = { texts: string[]; notes: string[]; messages: string[] };

function createWork(team: Team, desks: readonly Desk[]) {
  const done: Work = { texts: [], notes: [], messages: [] };
  let count = 0;
  const customerWrites = (random: Random): void => {
    const text = `mensaje ${(count += 1)}`;
    const who = random.int(1, CUSTOMERS);
    team.meta.customerWrites({ from: `5025555000${who}`, name: `Cliente ${who}`, text });
    done.texts.push(text);
  };
  const personWorks = async (desk: Desk, random: Random): Promise<void> => {
    if (!desk.isRunning()) return;
    try {
      const client = desk.client();
      const { items } = await client.conversations.list({ limit: CUSTOMERS });
      const conversation = items[random.int(0, Math.max(0, items.length - 1))];
      if (!conversation) return;
      const { id: conversationId } = conversation;
      done.notes.push((await client.notes.add({ conversationId, body: `nota ${(count += 1)}` })).id);
      done.messages.push((await client.messages.sendText({ conversationId, text: `respuesta ${(count += 1)}` })).id);
    } catch (error) {
      if (!isRefusal(error, desk)) throw error;
    }
  };
  return {
    done,
    /** `count` 0: only a customer writes, because nobody can answer. */
    work: async (times: number, random: Random): Promise<void> => {
      if (times === 0) customerWrites(random);
      for (let n = 0; n < times; n += 1) {
        customerWrites(random);
        // A call that was on its way when the process ended is never answered.
        await Promise.all(desks.map((desk) => Promise.race([personWorks(desk, random), waitUntil('it is gone', () => !desk.isRunning(), 60_000).then(() => undefined)])));
      }
    },
  };
}

/** A team at work, into which one fault after the other is injected. What one of them lost or doubled counts for it alone. */
type Stage = { run(fault: FaultCase, seed: number): Promise<FaultCount>; close(): Promise<void> };

async function openStage(): Promise<Stage> {
  const team = await startTeam();
  const lines: FrameLine[] = [];
  const onFrameLines: Team = {
    ...team,
    addLine: async () => {
      const line = await startFrameLine(team.relay.port);
      lines.push(line);
      team.atEnd(line.stop);
      return line;
    },
  };
  const open = async (): Promise<Stage> => {
    const desks = [await addDesk(onFrameLines, { name: 'Ana', role: 'admin' }), await addDesk(onFrameLines, { name: 'Bo', role: 'lead' })] as [Desk, Desk];
    const { work, done } = createWork(team, desks);
    const told = new Set<string>();
    const news = (found: readonly string[]): string[] =>
      found.filter((one) => {
        const isNew = !told.has(one);
        told.add(one);
        return isNew;
      });
    let eventsBefore = 0;
    for (let who = 1; who <= CUSTOMERS; who += 1) team.meta.customerWrites({ from: `5025555000${who}`, name: `Cliente ${who}`, text: `hola ${who}` });
    await waitForRest(team, desks, REST_WITHIN_MS);
    assert.equal(readRelayKeys(team).newest, 1, 'the log is sealed');
    return {
      run: async (fault, seed) => {
        const random = createRandom(seed, fault.name);
        // Which desktop it happens to, after how much work, and whether the team changes its key in the midst of it, is drawn.
        const victim = random.int(0, 1);
        const isAmidNewKey = random.next() < 0.5;
        const admin = { desk: desks[0], line: lines[0]! };
        const guests: Desk[] = [];
        const join = async (): Promise<Desk> => {
          const guest = await addDesk(onFrameLines, { name: `Visita ${guests.length + 1}`, role: 'agent', hasNumber: false });
          guests.push(guest);
          return guest;
        };
        const struck = fault.isOfKeys ? admin : { desk: desks[victim]!, line: lines[victim]! };
        const scene: Scene = { team, ...struck, admin, work: (times) => work(times, random), takeIn: () => takeIn(team), join };
        const { newest: keysBefore } = readRelayKeys(team);
        await scene.work(random.int(1, 3));
        if (isAmidNewKey && !fault.isOfKeys) await (await scene.takeIn())();
        const alongside = fault.isUnderLoad ? scene.work(6) : undefined;
        await fault.inject(scene);
        await alongside;
        await fault.heal?.(scene);
        await scene.work(2);
        const found = await countAtRest(team, desks, guests, done);
        const eventsIn = found.eventsIn - eventsBefore;
        eventsBefore = found.eventsIn;
        const keys = readRelayKeys(team).newest - keysBefore;
        for (const guest of guests) {
          await team.relay.cli('revoke', deviceOf(guest));
          await guest.kill();
        }
        return { eventsIn, lost: news(found.lost), doubled: news(found.doubled), keys };
      },
      close: team.stop,
    };
  };
  return open().catch(async (error: unknown) => {
    await team.stop();
    throw error;
  });
}

/** A device that asks for nothing: it has no key of its own, and no program. */
async function takeIn(team: Team): Promise<() => Promise<void>> {
  const body = JSON.stringify({ invite: await team.invite(), agentName: 'Visita', deviceName: 'visita' });
  const response = await fetch(`${team.relay.url}${ENROLL_PATH}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const { deviceId } = enrollResponseSchema.parse(await response.json());
  return async () => void (await team.relay.cli('revoke', deviceId));
}

/** A desktop may go on by itself after it was at rest, for example hand the number over again: then what was counted is of two moments. */
async function countAtRest(team: Team, desks: readonly Desk[], guests: readonly Desk[], done: Work): Promise<Omit<FaultCount, 'keys'>> {
  const all = [...desks, ...guests];
  for (let tries = 1; ; tries += 1) {
    await waitForRest(team, all, REST_WITHIN_MS);
    const head = readHead(team);
    const counting = count(team, desks, guests, done);
    await counting.catch(() => undefined);
    if (tries === COUNTS_MAX || (readHead(team) === head && all.every((desk) => countPending(desk) === 0))) return counting;
  }
}

/** `guests` have to show what the log says, too; they do nothing themselves. */
async function count(team: Team, desks: readonly Desk[], guests: readonly Desk[], done: Work): Promise<Omit<FaultCount, 'keys'>> {
  const stored = await readStored(team.relay.dataDir);
  assert(assertSealed(stored) > 0, 'the log is sealed');
  const log = await openEntries(
    stored,
    desks.map(({ dataDir }) => dataDir),
  );
  const lost: string[] = [];
  const doubled: string[] = [];
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, n) => n + 1),
    'the log has no gap',
  );
  let opsIn = 0;
  for (const desk of desks) {
    const deviceId = deviceOf(desk);
    const numbers = log.flatMap((entry) => (entry.kind === 'op' && entry.deviceId === deviceId ? [entry.deviceSeq] : []));
    const last = desk.look((db) => (db.prepare('SELECT next_device_seq FROM sync_meta').pluck().get() as number) - 1);
    opsIn += last;
    const there = new Set(numbers);
    for (let no = 1; no <= last; no += 1) if (!there.has(no)) lost.push(`op ${no} of ${desk.name}`);
    doubled.push(...listTwice(numbers.map((no) => `op ${no} of ${desk.name}`)));
  }
  const truth = foldLog(log, path.join(team.makeDataDir(), 'truth.db'));
  try {
    for (const desk of [...desks, ...guests]) assertSameRows(truth, desk);
    const said = truth.db.prepare("SELECT json_extract(content, '$.text') FROM message WHERE direction = 'in'").pluck().all() as string[];
    lost.push(...done.texts.filter((text) => !said.includes(text)));
    doubled.push(...listTwice(said));
    const has = (table: string, id: string): boolean => truth.db.prepare(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) !== undefined;
    lost.push(...done.notes.filter((id) => !has('note', id)).map((id) => `note ${id}`), ...done.messages.filter((id) => !has('message', id)).map((id) => `message ${id}`));
  } finally {
    truth.db.close();
  }
  const sent = team.meta
    .journal()
    .filter(({ accepted, method, body }) => accepted && method === 'POST' && (body as { type?: string } | null)?.type === 'text')
    .map(({ body }) => (body as { biz_opaque_callback_data?: string }).biz_opaque_callback_data ?? '');
  doubled.push(...listTwice(sent).map((id) => `message ${id} at Meta`));
  return { eventsIn: done.texts.length + CUSTOMERS + opsIn, lost, doubled };
}

const listTwice = (items: readonly string[]): string[] => {
  const seen = new Set<string>();
  return items.filter((item) => {
    const isAgain = seen.has(item);
    seen.add(item);
    return isAgain;
  });
};

/** Into a team of its own. */
export async function runFault(fault: FaultCase, seed: number): Promise<FaultCount> {
  const stage = await openStage();
  try {
    return await stage.run(fault, seed);
  } finally {
    await stage.close();
  }
}

export type FaultRow = { name: string; runs: number; eventsIn: number; lost: number; doubled: number; keys: number; problems: string[] };

/** Each of them so many times, into one team. What throws is a problem of its own, and the others go on with another team. */
export async function runFaults(faults: readonly FaultCase[], { runs, seed, say }: { runs: number; seed: number; say: (text: string) => void }): Promise<FaultRow[]> {
  const rows: FaultRow[] = [];
  let stage: Stage | null = null;
  try {
    for (const fault of faults) {
      const row: FaultRow = { name: fault.name, runs: 0, eventsIn: 0, lost: 0, doubled: 0, keys: 0, problems: [] };
      for (let run = 0; run < runs; run += 1) {
        try {
          stage ??= await openStage();
          const { eventsIn, lost, doubled, keys } = await stage.run(fault, seed + run);
          row.keys += keys;
          row.runs += 1;
          row.eventsIn += eventsIn;
          row.lost += lost.length;
          row.doubled += doubled.length;
          row.problems.push(...lost.map((what) => `lost: ${what}`), ...doubled.map((what) => `doubled: ${what}`));
        } catch (error) {
          row.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
          await stage?.close();
          stage = null;
        }
      }
      rows.push(row);
      say(`| ${row.name} | ${row.runs} | ${row.eventsIn} | ${row.lost} | ${row.doubled} |`);
      for (const problem of row.problems) say(`  ${problem}`);
    }
  } finally {
    await stage?.close();
  }
  return rows;
}
