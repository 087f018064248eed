/** The demo's sixty days, lived through on the real relay, stand-in and engines: what stands there when the demo begins. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, test } from 'vitest';
import { DEMO_VENDORS } from '../../../main/demo/demo-requests.ts';
import { forkNodeProgram } from '../../../main/shell/child-program.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';
import { openDemo } from '../../../main/shell/open-demo.ts';
import { openWorkspace } from '../../../main/shell/open-workspace.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('eighty conversations in every state, at the times at which they would have happened', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'bandeja-past-'));
  const demo = await openDemo({ dir, colleague: null, isReset: false, hasPast: true }, forkNodeProgram, () => undefined);
  const workspace = await openWorkspace(
    { ...demo.options, api: null, isDemo: true, relayUrl: demo.relayUrl, mayBeEmpty: false },
    createNodePorts(demo.options.dataDir, () => undefined),
  );
  try {
    expect(JSON.parse(readFileSync(path.join(dir, 'demo.json'), 'utf8'))).toMatchObject({ past: 'lived', team: { ana: expect.any(String) as string } });
    const client = createRouterClient(workspace.engine.router);
    await workspace.engine.waitForIdle(20_000);
    const lists = await Promise.all((['active', 'archived', 'closed'] as const).map(async (status) => (await client.conversations.list({ status, limit: 200 })).items));
    const snoozed = (await client.conversations.list({ snoozed: 'only', limit: 200 })).items;
    const all = [...lists.flat(), ...snoozed];
    expect(all.length).toBeGreaterThanOrEqual(80);
    for (const [index, atLeast] of [20, 30, 5].entries()) expect(lists[index]!.length).toBeGreaterThanOrEqual(atLeast);
    expect(snoozed.length).toBeGreaterThanOrEqual(3);
    expect((await client.conversations.list({ hasDraft: true })).items).toHaveLength(1);
    expect((await client.requests.list({ limit: 200 })).total).toBeGreaterThanOrEqual(40);
    expect((await client.contacts.list({ role: 'vendor', limit: 200 })).items).toHaveLength(DEMO_VENDORS.length);
    expect(await client.requests.events({}), 'the one that the tour shows').toHaveLength(1);

    const messages = (await Promise.all(all.map(async ({ id }) => (await client.messages.page({ conversationId: id, limit: 200 })).items))).flat();
    expect(messages.length).toBeGreaterThan(400);
    expect(
      messages.filter(({ isLate }) => isLate),
      'none came after its time',
    ).toEqual([]);
    const ours = messages.filter(({ direction }) => direction === 'out');
    expect(new Set(ours.map(({ author }) => author?.name))).toEqual(new Set(['Ana (demo)', 'Bo Ramírez', 'Cyntia López', 'Diego Tun']));
    expect(ours.filter(({ delivery }) => delivery === 'held')).toHaveLength(1);
    expect(ours.flatMap(({ error }) => (error ? [error.code] : [])).toSorted()).toEqual([131026, 131049, 131053]);
    expect(Date.now() - Math.min(...messages.map(({ sentAt }) => sentAt))).toBeGreaterThan(55 * DAY_MS);
    expect((await client.session.sync()).conflicts).toBe(0);
  } finally {
    await workspace.stop();
    await demo.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}, 180_000);
