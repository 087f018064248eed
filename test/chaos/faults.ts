/** What can go wrong, each injected while a team works. `inject` does it in the middle of the work; `heal` makes it good again, where it does not heal by itself. */
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';
import path from 'node:path';
import { execFile } from 'node:child_process';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { WORKSPACE_KEYS_PATH } from '../../contract/wire-http.ts';
import { DATABASE_FILE } from '../../main/engine/db/open-database.ts';
import { DATABASE_NAME } from '../../webhook-relay/log-store/sqlite.ts';
import type { Desk } from '../support/desk.ts';
import type { FrameLine } from '../support/frame-line.ts';
import { readKeys } from '../support/open-entries.ts';
import { APP_SECRET, type Team, VERIFY_TOKEN } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { countPending, readRelayKeys } from './at-rest.ts';

export type Scene = {
  team: Team;
  desk: Desk;
  line: FrameLine;
  /** Of the team's admin, who alone makes keys and hands them out. */
  admin: { desk: Desk; line: FrameLine };
  /** Customers write and people answer, so many of each. */
  work(count: number): Promise<void>;
  /** A device joins that does nothing. What is returned shuts it out: then the team needs another key. */
  takeIn(): Promise<() => Promise<void>>;
  /** A desktop joins by an invite of the command line: it waits until the admin's desktop says yes. It stays until the fault is over, and has to show what the others show. */
  join(): Promise<Desk>;
};
export type FaultCase = {
  name: string;
  /** Everybody works on while it happens. */ isUnderLoad?: true;
  /** It is about the team's key, and happens to the admin's desktop. */ isOfKeys?: true;
  inject(scene: Scene): Promise<void>;
  heal?(scene: Scene): Promise<void>;
  /** Said below the table. */ note?: string;
};

const DAY_MS = 86_400_000;
const ROOT = path.resolve(import.meta.dirname, '../..');

const killRelay = async ({ team }: Scene): Promise<void> => {
  await team.relay.kill();
  await team.relay.restart();
};
const killDesk = async ({ desk }: Scene): Promise<void> => {
  await desk.kill();
  await desk.start();
};
/** Ends whom it concerns when the next frame or call of this name goes by; `isLost`: it does not arrive. Work goes on until then. @param cause makes it come. */
const killAt = (direction: 'up' | 'down', what: string, isLost: boolean, whom: 'relay' | 'desk', cause?: (scene: Scene) => Promise<void>) => async (scene: Scene) => {
  const { line, team, desk, work } = scene;
  let killed: Promise<void> | undefined;
  line.watch((towards, passing) => {
    if (killed || towards !== direction || passing !== what) return 'pass';
    killed = whom === 'relay' ? team.relay.kill() : desk.kill();
    return isLost ? 'lose' : 'pass';
  });
  const working = work(4);
  await cause?.(scene);
  await waitUntil(`${what} goes by`, () => killed !== undefined, 30_000);
  await killed;
  line.watch(null);
  await working;
  await (whom === 'relay' ? team.relay.restart() : desk.start());
};
/** How a key is announced. */
const NEW_KEY = `POST ${WORKSPACE_KEYS_PATH}`;
const shutSomebodyOut = async ({ takeIn }: Scene): Promise<void> => (await takeIn())();
const killAtNewKey = (direction: 'up' | 'down', isLost: boolean, whom: 'relay' | 'desk'): Pick<FaultCase, 'isOfKeys' | 'inject'> => ({
  isOfKeys: true,
  inject: killAt(direction, NEW_KEY, isLost, whom, shutSomebodyOut),
});
/** The relay is set back to what it was before `meanwhile`; `repeat`: what its operator does again before it starts. */
const restore = async ({ team, desk, line }: Scene, meanwhile: () => Promise<void>, repeat = async (): Promise<void> => {}): Promise<void> => {
  const file = path.join(team.relay.dataDir, DATABASE_NAME);
  const backup = `${file}.backup`;
  const open = new Database(file, { readonly: true, ...nativeBindingOption() });
  await open.backup(backup);
  open.close();
  // What people do; customers' messages after a backup are not in it, as docs/operate-relay.md says.
  team.meta.setFaults({ holdWebhooks: true });
  await meanwhile();
  await waitUntil('it is pushed', () => countPending(desk) === 0, 30_000);
  await team.relay.kill();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  const restored = new Database(backup, nativeBindingOption());
  await restored.backup(file);
  restored.close();
  await team.relay.cli('restored');
  await repeat();
  await team.relay.restart();
  team.meta.setFaults({ reset: true });
  line.restore();
  desk.wakeUp();
};
/** A write that was cut short: bytes of no whole frame at the end. */
const tearTail = (file: string): void => {
  if (existsSync(`${file}-wal`)) appendFileSync(`${file}-wal`, randomBytes(3_001));
};
const disk = (whose: 'relay' | 'desk', how: 'full' | 'readonly'): Pick<FaultCase, 'inject' | 'heal'> => ({
  inject: async ({ team, desk, work }) => {
    await (whose === 'relay' ? team.relay.program().setDisk(how) : desk.setDisk(how));
    await work(4);
  },
  heal: async ({ team, desk }) => {
    await (whose === 'relay' ? team.relay.program().setDisk('fine') : desk.setDisk('fine'));
    desk.line.restore();
    desk.wakeUp();
  },
});
const meta = (faults: Parameters<Team['meta']['setFaults']>[0]): Pick<FaultCase, 'inject' | 'heal'> => ({
  inject: async ({ team, work }) => {
    team.meta.setFaults(faults);
    await work(6);
  },
  heal: async ({ team }) => void team.meta.setFaults({ reset: true }),
});
const frames = (fate: 'twice' | 'later'): Pick<FaultCase, 'inject' | 'heal'> => ({
  inject: async ({ line, work }) => {
    line.watch((_direction, type) => (type === 'push' || type === 'entries' || type === 'ack' ? fate : 'pass'));
    await work(8);
  },
  heal: async ({ line, desk }) => {
    line.watch(null);
    line.restore();
    desk.wakeUp();
  },
});

export const FAULT_CASES: readonly FaultCase[] = [
  { name: 'relay killed (kill -9) under load', isUnderLoad: true, inject: killRelay },
  { name: 'relay killed as a push arrives', inject: killAt('up', 'push', false, 'relay') },
  { name: 'relay killed after the commit, its ack lost', inject: killAt('down', 'ack', true, 'relay') },
  { name: 'relay killed as it brings entries', inject: killAt('down', 'entries', true, 'relay') },
  { name: 'desktop killed (kill -9) under load', isUnderLoad: true, inject: killDesk },
  { name: 'desktop killed as it pushes, the push lost', inject: killAt('up', 'push', true, 'desk') },
  { name: 'desktop killed as it pushes, the push arrives', inject: killAt('up', 'push', false, 'desk') },
  { name: 'desktop killed before it hears the ack', inject: killAt('down', 'ack', true, 'desk') },
  { name: 'desktop killed with the ack', inject: killAt('down', 'ack', false, 'desk') },
  { name: 'desktop killed as entries come', inject: killAt('down', 'entries', false, 'desk') },
  {
    name: 'desktop killed between Meta’s taking a message and its answer',
    inject: async (scene) => {
      const { team, desk, work } = scene;
      team.meta.setFaults({ sendHangMs: 600_000 });
      const before = team.meta.journal().length;
      const working = work(2);
      await waitUntil(
        'Meta has taken a message',
        () =>
          team.meta
            .journal()
            .slice(before)
            .some(({ accepted, status }) => accepted && status === null),
        30_000,
      );
      await desk.kill();
      await working;
      team.meta.setFaults({ reset: true });
      await desk.start();
    },
  },
  { name: 'relay’s disk full', ...disk('relay', 'full'), note: 'SQLite answers SQLITE_FULL: webhooks get 5xx and come again, what desktops push waits with them.' },
  { name: 'relay’s disk read-only', ...disk('relay', 'readonly') },
  { name: 'desktop’s disk full', ...disk('desk', 'full'), note: 'What a person does meanwhile is refused in words and was never in.' },
  { name: 'desktop’s disk read-only', ...disk('desk', 'readonly') },
  {
    name: 'relay killed, the tail of its WAL torn',
    inject: async ({ team }) => {
      await team.relay.kill();
      tearTail(path.join(team.relay.dataDir, DATABASE_NAME));
      await team.relay.restart();
    },
  },
  {
    name: 'desktop killed, the tail of its WAL torn',
    inject: async ({ desk }) => {
      await desk.kill();
      tearTail(path.join(desk.dataDir, DATABASE_FILE));
      await desk.start();
    },
  },
  {
    name: 'relay’s clock jumps two days ahead and back',
    inject: async ({ team, work }) => {
      await team.shiftClock(2 * DAY_MS);
      await work(2);
      await team.shiftClock(0);
    },
  },
  {
    name: 'desktop’s clock jumps two days back and ahead',
    inject: async ({ desk, work }) => {
      await desk.shiftClock(-2 * DAY_MS);
      await work(2);
      await desk.shiftClock(2 * DAY_MS);
      await work(2);
      await desk.shiftClock(0);
    },
  },
  {
    name: 'half-open line: nothing of the relay arrives',
    inject: async ({ line, work }) => {
      line.loseAnswers();
      await work(4);
    },
    heal: async ({ line, desk }) => {
      line.restore();
      desk.wakeUp();
    },
  },
  {
    name: 'line cut',
    inject: async ({ line, work }) => {
      line.cut();
      await work(4);
    },
    heal: async ({ line, desk }) => {
      line.restore();
      desk.wakeUp();
    },
  },
  { name: 'every frame comes twice', ...frames('twice') },
  { name: 'frames change places', ...frames('later') },
  {
    name: 'relay restored from a backup of before the work',
    inject: (scene) => restore(scene, () => scene.work(4)),
    note: 'Meta holds its webhooks while the backup is older than the log: what Meta had delivered after a backup is not in it, and `docs/operate-relay.md` says so.',
  },
  { name: 'admin’s desktop killed as it announces the next key, which is lost', ...killAtNewKey('up', true, 'desk') },
  { name: 'admin’s desktop killed as it announces the next key, which arrives', ...killAtNewKey('up', false, 'desk') },
  { name: 'admin’s desktop killed before it hears that the next key counts', ...killAtNewKey('down', true, 'desk') },
  { name: 'relay killed as the next key arrives', ...killAtNewKey('up', false, 'relay') },
  { name: 'relay killed between storing the next key and answering', ...killAtNewKey('down', true, 'relay') },
  {
    name: 'relay restored from a backup of before the newest key',
    isOfKeys: true,
    inject: async (scene) => {
      const { team, work, takeIn, admin } = scene;
      const shutOut = await takeIn();
      const { newest: before } = readRelayKeys(team);
      const changeKey = async (): Promise<void> => {
        await shutOut();
        await waitUntil('the next key is there', () => readRelayKeys(team).newest > before && readKeys(admin.desk.dataDir).length > before, 30_000);
        await work(4);
      };
      await restore(scene, changeKey, shutOut);
    },
    note: 'Who was shut out since the backup is shut out again before the relay starts, as `docs/operate-relay.md` says.',
  },
  {
    name: 'a desktop waits for the key while events arrive, then is confirmed',
    isOfKeys: true,
    inject: async ({ admin, work, join }) => {
      admin.line.cut(); // so nobody can say yes
      const guest = await join();
      await waitUntil('it waits', async () => (await guest.client().session.sync({})).state === 'waiting_for_key', 30_000);
      await work(4);
      assert.equal((await guest.client().session.sync({})).state, 'waiting_for_key');
      assert.equal(
        guest.look((db) => db.prepare('SELECT count(*) FROM message').pluck().get()),
        0,
        'it shows nothing yet',
      );
    },
    heal: async ({ admin }) => {
      admin.line.restore();
      admin.desk.wakeUp();
    },
    note: 'The admin’s desktop has no line meanwhile. The new desktop is judged like the others.',
  },
  {
    name: 'a second relay on the same SQLite file',
    inject: async ({ team, work }) => {
      const env = { ...process.env, RELAY_DATA_DIR: team.relay.dataDir, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN };
      const second = new Promise<{ code: unknown; stderr: string }>((resolve) =>
        execFile(process.execPath, [path.join(ROOT, 'webhook-relay/cli.ts'), 'serve'], { env, timeout: 30_000 }, (error, _stdout, stderr) => resolve({ code: error?.code ?? 0, stderr })),
      );
      await work(2);
      const { code, stderr } = await second;
      assert.equal(code, 1, 'it is refused');
      assert.match(stderr, /Another relay serves/);
    },
    note: 'It is refused with a sentence before it opens the log.',
  },
  { name: 'Meta answers sends with 5xx', ...meta({ sendHttp: { status: 503, body: 'upstream', times: 4 } }) },
  { name: 'Meta answers sends with 429', ...meta({ sendErrors: [{ code: 130429, times: 4, status: 429 }] }) },
  { name: 'Meta answers sends with a page', ...meta({ sendHttp: { status: 200, times: 2 } }) },
  { name: 'Meta takes sends and does not answer', ...meta({ dropAfterAccept: 3 }) },
  { name: 'Meta’s connection is reset', ...meta({ refuse: 'reset' }) },
  { name: 'Meta sends webhooks three times, in any order, in batches', ...meta({ duplicates: 2, disorder: true, batches: 7, earlyStatuses: true }) },
  {
    name: 'Meta’s name is not found (DNS)',
    inject: async ({ team, desk, work }) => {
      const { GRAPH_BASE_URL: right = '' } = team.engineEnv;
      await desk.stop();
      // RFC 6761: it never resolves.
      team.engineEnv['GRAPH_BASE_URL'] = 'https://graph.invalid';
      await desk.start();
      await work(4);
      await desk.stop();
      team.engineEnv['GRAPH_BASE_URL'] = right;
      await desk.start();
    },
  },
  {
    name: 'laptop sleeps for eight hours',
    inject: async ({ team, desk, work }) => {
      desk.sleep(true);
      await team.shiftClock(DAY_MS / 3);
      for (let n = 0; n < 4; n += 1) await work(0);
      desk.sleep(false);
      await desk.shiftClock(DAY_MS / 3);
      desk.wakeUp();
      await work(2);
    },
  },
];
