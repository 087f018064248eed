/** Programs that listen to what is sealed: the relay to keys, a desktop to a relay that lies. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { KEY_COPIES_PATH, WORKSPACE_KEYS_PATH, workspaceKeysSchema } from '../../contract/wire-http.ts';
import { serverFrameSchema } from '../../contract/wire.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import { ask, enrollDevice } from '../integration/relay/relay-harness.ts';
import { drawFrom } from '../support/draw-from-schema.ts';
import type { FakeDesktop } from '../support/fake-team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertFine, send } from './http.ts';
import { mutateBytes, mutateJson, pick } from './mutate.ts';
import { createSealedDraw } from './sealed-entries.ts';
import { judgeRelay, newKey, startSealedRelay, startSealedTeam } from './sealed-teams.ts';
import type { Opened, Target } from './target.ts';

const keysApi: Target = {
  name: 'the relay’s keys',
  by: 'a real relay, as desktops of an admin and an agent',
  inputs: 8_000,
  few: 150,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const relay = await startSealedRelay();
    const { admin } = relay;
    const [agent, other] = [await enrollDevice(relay, 'Bo'), await enrollDevice(relay, 'Eva')];
    const readKeys = async () => workspaceKeysSchema.parse((await ask(relay.url, 'GET', WORKSPACE_KEYS_PATH, admin.token)).json);
    let newest = relay.epoch;
    let last: unknown = null;
    return {
      feed: async (random) => {
        const isCopy = random.next() < 0.5;
        const [token, deviceId] = pick(random, [
          [admin.token, admin.deviceId],
          [admin.token, other.deviceId],
          [agent.token, agent.deviceId],
          [agent.token, admin.deviceId],
        ] as const);
        // A log has some keys, and not one for every input.
        const epoch = newest + (random.next() < 0.02 ? 1 : pick(random, [0, -1, 2]));
        const sound = isCopy ? { epoch, deviceId, sealed: 'a ring', voucher: 'v' } : await newKey(Math.max(1, epoch), [admin.deviceId, agent.deviceId, other.deviceId]);
        const value = random.next() < 0.2 ? sound : mutateJson(sound, random);
        const body = random.next() < 0.9 ? Buffer.from(JSON.stringify(value) ?? '') : mutateBytes(Buffer.from(JSON.stringify(sound)), random);
        last = { isCopy, body: body.toString('base64'), by: token === admin.token ? 'admin' : 'agent' };
        const answer = await send(relay.url, {
          method: 'POST',
          path: isCopy ? KEY_COPIES_PATH : WORKSPACE_KEYS_PATH,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
        });
        assertFine(answer);
        if (isCopy || answer.status !== 200) return;
        assert.equal(token, admin.token, 'only an admin announces a key');
        newest += 1;
      },
      judge: async () => {
        const { epochs } = await readKeys();
        assert.deepEqual(
          epochs.map(({ epoch }) => epoch),
          Array.from({ length: newest }, (_, n) => n + 1),
          'one key after another',
        );
        await judgeRelay(relay);
      },
      close: () => relay[Symbol.asyncDispose](),
      last: () => last,
    };
  },
};

/** What comes from inside when a frame is not taken as it should be. */
const FAILURES = new Set(['sync.frame_failed', 'sync.apply_failed', 'sync.push_failed', 'sync.interruption_failed']);
/** Looks at a desktop that has to come back by itself, a few milliseconds apart. */
const LOOKS_MAX = 200;

const desktopFrames: Target = {
  name: 'sync frames to a desktop',
  by: 'a real engine with a sealed log, from a relay that lies',
  inputs: 2_000,
  few: 40,
  withinMs: 10_000,
  open: async (): Promise<Opened> => {
    const team = await startSealedTeam();
    const { relay } = team;
    const draw = await createSealedDraw();
    const draws = serverFrameSchema.options.map((option) => drawFrom(option));
    for (const role of ['admin', 'lead', 'agent'] as const) relay.appendEvent({ type: 'device.enrolled', deviceId: role, agentId: role, agentName: role, deviceName: role, role });
    let desktop: FakeDesktop = await team.addDesktop();
    let last: unknown = null;

    /** Also one that was told things that it never forgets: then it is another one. */
    const meet = async (): Promise<void> => {
      for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
        const { state, cursor } = await desktop.client.session.sync({});
        // It took for the log what was only said to it.
        if (cursor > relay.state.log.length) relay.customersWrite(cursor - relay.state.log.length);
        if (state === 'live' && relay.isConnected(desktop.deviceId)) return;
        if (!['connecting', 'catching_up', 'installing'].includes(state)) desktop.engine.wakeUp();
        await delay(3);
      }
      await desktop.stop();
      desktop = await team.addDesktop();
    };
    const place = (ahead: number) => (): { seq: number; receivedAt: number } => ({ seq: relay.state.log.length + 1 + ahead, receivedAt: Date.now() });
    /** Wiping is the relay's right. */
    const say = (text: string): Promise<void> => relay.sayRaw(desktop.deviceId, text.replaceAll('"wipe":true', '"wipe":false'));

    const drawFrame = async (random: Random): Promise<unknown> => {
      if (random.next() < 0.5) return pick(random, draws)(random);
      const entries = [];
      for (let count = random.int(1, 4); count > 0; count -= 1) entries.push((await draw(random, place(pick(random, [entries.length, entries.length, 0, -1, 7])))).entry);
      return { t: 'entries', entries, head: relay.state.log.length + random.int(-1, 5) };
    };
    return {
      feed: async (random) => {
        await meet();
        if (random.next() < 0.3) {
          // The log itself holds it: every desktop reads it again and again.
          const { entry } = await draw(random, place(0), ['bytes', 'cut', 'swapped', 'plain']);
          last = entry;
          relay.append([entry]);
        } else {
          const frame = await drawFrame(random);
          const value = random.next() < 0.3 ? frame : mutateJson(frame, random);
          const text = random.next() < 0.9 ? (JSON.stringify(value) ?? '') : mutateBytes(Buffer.from(JSON.stringify(frame)), random).toString('utf8');
          last = text;
          await say(text);
        }
        const failures = desktop.lines.splice(0).filter(({ event }) => FAILURES.has(event));
        assert.deepEqual(failures, []);
      },
      judge: async () => {
        await meet();
        relay.customersWrite(1, 1);
        await waitUntil('it has read the whole log', async () => {
          await meet();
          return (await desktop.client.session.sync({})).cursor >= relay.state.log.length;
        });
        const { items } = await desktop.client.conversations.list({ limit: 200 });
        assert(
          items.some(({ contact }) => contact.name === 'Cliente 50255550000'),
          'customers are still heard',
        );
      },
      close: () => team.stop(),
      last: () => last,
    };
  },
};

export const SEALED_PROGRAM_TARGETS: readonly Target[] = [keysApi, desktopFrames];
