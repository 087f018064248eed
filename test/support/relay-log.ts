/** Puts a log into a relay's database without a network: through its store, as `serve` would, but in large transactions. */
import { createHash, randomBytes } from 'node:crypto';
import type { LogEntry, RelayEvent } from '../../contract/wire.ts';
import type { AppendJob } from '../../webhook-relay/log-store/interface.ts';
import { openSqliteStore } from '../../webhook-relay/log-store/sqlite.ts';

const PER_TRANSACTION = 5_000;

/** Entries that the generator of the benchmarks makes, in order from the head on. Devices enrol as the log says. @param laterMs added to when they came in. @returns the head. */
export async function fillRelayLog(dataDir: string, entries: Iterable<LogEntry>, laterMs = 0): Promise<number> {
  let at = 0;
  const store = openSqliteStore({ dataDir, now: () => at, newId: () => randomBytes(9).toString('base64url') });
  let group: AppendJob[] = [];
  let head = 0;
  const flush = async (): Promise<void> => {
    if (group.length === 0) return;
    for (const result of await store.append(group)) if (result.kind === 'push' && result.status !== 'done') throw new Error(`the relay's store says ${result.status}`);
    group = [];
  };
  try {
    for (const entry of entries) {
      head = entry.seq;
      at = Math.max(at, entry.receivedAt + laterMs);
      if (entry.kind === 'relay') {
        await flush();
        await enroll(JSON.parse(entry.body) as Extract<RelayEvent, { type: 'device.enrolled' }>);
        continue;
      }
      if (entry.kind === 'webhook') group.push({ kind: 'webhook', items: [{ dedupe: createHash('sha256').update(`${entry.seq} ${entry.body}`).digest(), body: entry.body, isUnrecognised: false }] });
      else group.push({ kind: 'push', deviceId: entry.deviceId, ops: [entry] });
      if (group.length >= PER_TRANSACTION) await flush();
    }
    await flush();
    if ((await store.readStatus()).head < head) throw new Error('not every entry was new to the relay');
    return (await store.readStatus()).head;
  } finally {
    await store.close();
  }

  async function enroll({ deviceId, agentId, agentName, role }: Extract<RelayEvent, { type: 'device.enrolled' }>): Promise<void> {
    const codeHash = randomBytes(32);
    await store.addInvite({ codeHash, role, agentName, agentId: null, expiresAt: at + 1 });
    const { status } = await store.enroll({ inviteHash: codeHash, tokenHash: randomBytes(32), deviceId, deviceName: 'desk', newAgentId: agentId, agentName });
    if (status !== 'enrolled') throw new Error(`the relay's store says ${status}`);
  }
}
