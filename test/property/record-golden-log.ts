/**
 * `node test/property/record-golden-log.ts RELEASE`: writes a log with everything that this version can put into one, and
 * what it folds to, beside those of earlier releases. Run it once for a release, and never again for the same one.
 * `unreleased` is the log of the version in the making: until its release, a change of its rules deletes and records it anew.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { applyLogEntry } from '../../contract/reduce.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import { DEFAULT_WORKSPACE_SETTINGS, type WorkspaceSetting } from '../../contract/rules/workspace-settings.ts';
import type { LogEntry } from '../../contract/wire.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { GOLDEN_DIR, hashRows, listColumns, type Folded } from './golden-log.ts';
import { decideOp, doStep, historyArb, settle, type Step } from './history.ts';
import { createWorld, CUSTOMERS } from './world.ts';

const HISTORIES = 30;

/** What the histories leave as it is, or need. */
const SETTINGS: WorkspaceSetting[] = [
  { key: 'businessHours', value: { ...DEFAULT_WORKSPACE_SETTINGS.businessHours, holidays: [{ day: '2026-12-25', name: 'Navidad', parts: [] }] } },
  { key: 'responseTarget', value: { isOn: true, minutes: 30, warnMinutes: 10 } },
  { key: 'retention', value: { months: 1 } },
];

const { positionals } = parseArgs({ allowPositionals: true });
const [release] = positionals;
if (!release) throw new Error('Usage: node test/property/record-golden-log.ts RELEASE');

const log = [...(await recordTeam()), ...oddEntries()].map((entry, n) => ({ ...entry, seq: n + 1 }));
const db = openDatabase(':memory:');
const { confirmed } = createStateStore(db, () => undefined);
for (const entry of log) applyLogEntry(confirmed, entry);
const rows = [...dumpState(db)];
const columns = listColumns(rows);
const folded: Folded = { entries: log.length, columns, sha256: hashRows(rows, columns) };
mkdirSync(GOLDEN_DIR, { recursive: true });
writeFileSync(path.join(GOLDEN_DIR, `${release}.ndjson`), `${log.map((entry) => JSON.stringify(entry)).join('\n')}\n`, { flag: 'wx' });
writeFileSync(path.join(GOLDEN_DIR, `${release}.folded.json`), `${JSON.stringify(folded, null, 2)}\n`, { flag: 'wx' });
console.log(`${release}: ${log.length} entries, ${folded.sha256}`);

/** A long day of three desktops: the steps of several histories, one after another. */
async function recordTeam(): Promise<LogEntry[]> {
  const world = await createWorld({ agents: [0, 1, 2], roles: ['admin', 'lead', 'agent'] });
  try {
    for (let customer = 0; customer < CUSTOMERS; customer += 1) await world.customerWrites(customer, 1_000 + customer);
    const [admin] = world.desktops;
    for (const to of SETTINGS) if (admin) world.act(admin, { type: 'setting.set', args: { from: { key: to.key, value: DEFAULT_WORKSPACE_SETTINGS[to.key] } as WorkspaceSetting, to } });
    for (const { steps } of fc.sample(historyArb, { seed: 1, numRuns: HISTORIES })) {
      for (const step of steps.filter(isForLevel)) {
        if (step.do === 'ops') actWithin(step);
        else await doStep(world, step, () => Promise.resolve());
      }
      for (const desktop of world.listSenders()) await world.runOutbox(desktop, 'none');
      await settle(world);
    }
    return await world.readLog();
  } finally {
    await world.close();
  }

  function actWithin(step: Extract<Step, { do: 'ops' }>): void {
    const desktop = world.desktops[step.desktop % world.desktops.length];
    for (const { kind, pick, to } of desktop && !desktop.isGone ? step.ops : []) {
      const op = desktop && decideOp(world, desktop, kind, pick, to);
      if (op) world.act(desktop, op);
    }
  }
}

/** Clocks and roles change only in worlds that know them; nobody leaves, so that everybody goes on to the end. */
function isForLevel(step: Step): boolean {
  if (step.do === 'member') return step.role !== null;
  return step.do !== 'line' && step.do !== 'snapshot';
}

/** What is not shaped as it should be is in logs too, and must stay as harmless. */
function oddEntries(): LogEntry[] {
  const receivedAt = Date.UTC(2026, 11, 31);
  const bodies = ['no json', '{"item":"unrecognised"}', '{"item":"message","field":"messages","wabaId":"1","payload":{"id":"wamid.odd","from":"50255559999","type":"poll","timestamp":"later"}}'];
  const op = { kind: 'op' as const, seq: 0, receivedAt, deviceId: 'device-0', actorId: 'agent-0', v: 1, occurredAt: receivedAt };
  return [
    ...bodies.map((body) => ({ kind: 'webhook' as const, seq: 0, receivedAt, body })),
    { kind: 'relay', seq: 0, receivedAt, body: '{"type":"device.enrolled"}' },
    { ...op, opId: 'odd-1', deviceSeq: 10_001, body: 'no json' },
    { ...op, opId: 'odd-2', deviceSeq: 10_002, body: '{"type":"message.queue","args":{}}' },
    {
      ...op,
      opId: 'odd-3',
      deviceSeq: 10_003,
      body: JSON.stringify({ type: 'message.queue', args: { messageId: 'odd', conversationId: 'c_99999', seenThrough: 0, content: { kind: 'text', text: 'va' } } }),
    },
    // The same twice.
    ...[10_004, 10_005].map((deviceSeq) => ({ ...op, opId: `odd-${deviceSeq}`, deviceSeq, body: '{"type":"key.recover","args":{"epoch":9}}' })),
  ];
}
