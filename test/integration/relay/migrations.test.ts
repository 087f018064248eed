import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../webhook-relay/log-store/migrations.ts';
import { makeFolder, makeOp, openStore } from './relay-harness.ts';

test('a database of the first version keeps its devices; an agent’s first enrolment gives name and role', async () => {
  await using folder = await makeFolder();
  const db = new Database(path.join(folder.path, 'relay.db'));
  migrate(db, () => 'the-log', 1);
  const insert = db.prepare('INSERT INTO device (id, name, agent_id, agent_name, role, token_hash, enrolled_at, revoked_at, last_device_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  insert.run('d1', 'laptop', 'z', 'Ana', 'admin', Buffer.from('1'), 10, 15, 4);
  insert.run('d2', 'desktop', 'z', 'Anita', 'agent', Buffer.from('2'), 20, null, 7);
  insert.run('d3', 'laptop', 'b', 'Bo', 'lead', Buffer.from('3'), 30, null, 0);
  db.close();

  const store = await openStore(folder.path);
  expect(store.logId).toBe('the-log');
  expect(await store.listMembers()).toEqual([
    { id: 'b', name: 'Bo', role: 'lead', isRemoved: false },
    { id: 'z', name: 'Ana', role: 'admin', isRemoved: false },
  ]);
  expect(await store.listDevices()).toMatchObject([
    { id: 'd1', name: 'laptop', agentId: 'z', agentName: 'Ana', role: 'admin', enrolledAt: 10, revokedAt: 15, wipe: false, opLevel: 0, lastSeenAt: null },
    { id: 'd2', name: 'desktop', agentId: 'z', agentName: 'Ana', role: 'admin', revokedAt: null, lastDeviceSeq: 7 },
    { id: 'd3', agentId: 'b', role: 'lead' },
  ]);
  expect((await store.findDeviceByToken(Buffer.from('2')))?.id).toBe('d2');
  expect(await store.append([{ kind: 'push', deviceId: 'd2', ops: [makeOp(8)] }])).toMatchObject([{ status: 'done', last: 8, head: 1 }]);
  await store.close();
});
