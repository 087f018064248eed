/** What is sealed, as it reaches a desktop from a relay that need not be honest: entries, snapshots, files, and everything that keys come by. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../contract/app-error.ts';
import { deriveEpochKeys, derivePublicKey } from '../../contract/sealing/key-ring.ts';
import { isVouchedFor, writeVoucher } from '../../contract/sealing/voucher.ts';
import { checkSnapshot, copySnapshot } from '../../contract/sqlite/snapshot-file.ts';
import { workspaceKeysSchema } from '../../contract/wire-http.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';
import { createSettingQueries } from '../../main/engine/db/setting-queries.ts';
import { createSyncQueries } from '../../main/engine/db/sync-queries.ts';
import { makeDeviceCode } from '../../main/engine/keys/device-code.ts';
import { linkSecret, openLinks } from '../../main/engine/keys/linked-secrets.ts';
import { readRecoveryCode, writeRecoveryCode } from '../../main/engine/keys/recovery-code.ts';
import { findFileKeys, NoKeyError, openSealed, readSealed, SealBrokenError, sealedSizeOf, sealedStartFor } from '../../main/engine/media/sealed-file.ts';
import type { Secrets } from '../../main/engine/ports.ts';
import { makeDeviceKey, openRing, sealRing } from '../../main/engine/sync/device-key.ts';
import { createLogSealing } from '../../main/engine/sync/log-sealing.ts';
import { createRelayKeys } from '../../main/engine/sync/relay-keys.ts';
import { createScratchDisk, streamOf } from '../../main/engine/sync/scratch-disk.ts';
import { openSnapshot, readSnapshotEpoch, sealSnapshot } from '../../main/engine/sync/snapshot-seal.ts';
import { decompressFile, compressFile } from '../../main/engine/sync/snapshot-transfer.ts';
import { createWorkspaceRing } from '../../main/engine/sync/workspace-ring.ts';
import { joinInvite, makeInviteLink, readInviteLink, splitInvite } from '../../main/engine/team/invite-link.ts';
import { openInvitedRing, sealInvitedRing } from '../../main/engine/team/invited-ring.ts';
import { createFold } from './fold.ts';
import { mutateBytes, mutateJson, pick } from './mutate.ts';
import { createSealedDraw, keysOf, RING, SECRETS, type SealedInput } from './sealed-entries.ts';
import type { Opened, Target } from './target.ts';

function createMemorySecrets(kept: Record<string, string> = {}): Secrets {
  const values = new Map(Object.entries(kept));
  return {
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
  };
}

const disk = createScratchDisk(null);
const makeFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'bandeja-fuzz-'));

/** Errors that say what is wrong; those of the language come from code that trusted what it was given. */
const assertRefusal = (error: unknown): void => assert(error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError), String(error));

const entries: Target = {
  name: 'sealed entries',
  by: 'a desktop’s opening, then its fold over SQLite',
  inputs: 30_000,
  few: 400,
  withinMs: 2_000,
  open: async (): Promise<Opened> => {
    const db = openDatabase(':memory:');
    const queries = createSyncQueries(db);
    queries.enroll('http://127.0.0.1:9', 'log', 'admin', 'admin');
    const secrets = createMemorySecrets({ 'workspace-keys': JSON.stringify(SECRETS) });
    const sealing = createLogSealing({ ring: createWorkspaceRing(secrets), queries, settings: createSettingQueries(db), agreedEpoch: () => SECRETS.length, log: () => undefined });
    await sealing.load();
    const draw = await createSealedDraw();
    // From here on the log is sealed.
    await sealing.open([{ kind: 'webhook', seq: 1, receivedAt: 0, body: 's1.1.AAAA' }]);
    const { fold, stamp, judge, close } = createFold((apply) => {
      for (const [n, role] of (['admin', 'lead', 'agent'] as const).entries())
        apply({ kind: 'relay', seq: n + 1, receivedAt: 0, body: JSON.stringify({ type: 'device.enrolled', deviceId: role, agentId: role, agentName: role, role }) });
    });
    let last: unknown = null;
    return {
      feed: async (random) => {
        const inputs: SealedInput[] = [];
        for (let count = random.int(1, 3); count > 0; count -= 1) inputs.push(await draw(random, stamp));
        last = inputs;
        const { opened, missing } = await sealing.open(inputs.map(({ entry }) => entry));
        if (missing === null) assert.equal(opened.length, inputs.length, 'every entry comes, in some form');
        else assert(missing > SECRETS.length, `the key of epoch ${missing} is here`);
        for (const [n, entry] of opened.entries()) {
          const { body, damage, entry: sealed } = inputs[n]!;
          assert.deepEqual({ ...entry, body: '' }, { ...sealed, body: '' }, 'only the body is another one');
          const isKept = entry.kind === 'webhook' && entry.body === sealed.body;
          assert(entry.body === body || entry.body === '' || isKept, 'nobody’s words but those that were sealed');
          if (entry.kind === 'op' && ['place', 'swapped', 'plain'].includes(damage)) assert.equal(entry.body, '', 'an op opens sealed, and at its own place only');
          if (entry.kind === 'webhook' && damage === 'none') assert.equal(entry.body, body, 'what is sound is read');
          fold(entry);
        }
      },
      judge,
      close: () => {
        close();
        db.close();
      },
      last: () => last,
    };
  },
};

const PART_BYTES = 1024 * 1024;
const SNAPSHOT = { logId: 'log-1', seq: 1_000, stateVersion: 9 };

/** Parts that change places, and bytes that are others, missing or too many. */
function damageParts(sound: Buffer, random: Random): Buffer {
  if (sound.length < PART_BYTES) return mutateBytes(sound, random, [sound]);
  const bytes = Buffer.from(sound);
  const at = random.int(0, bytes.length - 1);
  switch (random.int(0, 4)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes, bytes.subarray(at)]).subarray(0, 3 * PART_BYTES);
    case 3:
      return Buffer.concat([bytes.subarray(0, 44), bytes.subarray(at), bytes.subarray(44, at)]);
    default:
      bytes.copy(bytes, random.int(0, bytes.length - 1), at, at + random.int(1, 200));
      return bytes;
  }
}

const snapshots: Target = {
  name: 'sealed snapshots',
  by: 'a desktop that installs one',
  inputs: 6_000,
  few: 60,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const folder = makeFolder();
    const file = (name: string): string => path.join(folder, name);
    const samples: { plain: Buffer; sealed: Buffer; epoch: number }[] = [];
    for (const [bytes, epoch] of [
      [0, 1],
      [300, 2],
      [20_000, 3],
      [PART_BYTES + 5, 3],
    ] as const) {
      const plain = Buffer.alloc(bytes, 'rows of a team ');
      writeFileSync(file('plain'), plain);
      await sealSnapshot(disk, file('plain'), file('sealed'), keysOf(epoch), SNAPSHOT);
      samples.push({ plain, sealed: readFileSync(file('sealed')), epoch });
    }
    let last: unknown = null;
    return {
      feed: async (random) => {
        // The large one costs as much as a hundred others.
        const { plain, sealed } = random.next() < 0.02 ? samples.at(-1)! : pick(random, samples.slice(0, -1));
        const bytes = random.next() < 0.05 ? sealed : damageParts(sealed, random);
        const name =
          random.next() < 0.8
            ? SNAPSHOT
            : pick(random, [
                { ...SNAPSHOT, seq: 2_000 },
                { ...SNAPSHOT, logId: 'log-2' },
                { ...SNAPSHOT, stateVersion: 8 },
              ]);
        last = { bytes: bytes.subarray(0, 4_000).toString('base64'), length: bytes.length, name };
        writeFileSync(file('fetched'), bytes);
        const epoch = await readSnapshotEpoch(disk, file('fetched'));
        const keys = epoch === null ? undefined : RING.find(epoch);
        if (!keys) return;
        try {
          await openSnapshot(disk, file('fetched'), file('opened'), keys, name);
        } catch (error) {
          return assertRefusal(error);
        }
        assert(name === SNAPSHOT && readFileSync(file('opened')).equals(plain), 'what opens is that snapshot');
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
      last: () => last,
    };
  },
};

/** Of a log from before the team had a key a snapshot comes in plain words: a compressed database that anybody may have made. */
const snapshotRows: Target = {
  name: 'snapshots’ rows',
  by: 'a desktop that unpacks one and counts them',
  inputs: 3_000,
  few: 40,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const folder = makeFolder();
    const file = (name: string): string => path.join(folder, name);
    openDatabase(file('desktop.db')).close();
    const { digest } = await copySnapshot(file('desktop.db'), file('snapshot'), () => Promise.resolve());
    await compressFile(disk, file('snapshot'), file('packed'));
    const [rows, packed] = [readFileSync(file('snapshot')), readFileSync(file('packed'))];
    let last = '';
    return {
      feed: async (random) => {
        const isPacked = random.next() < 0.3;
        const bytes = isPacked ? mutateBytes(packed, random) : damageRows(rows, random);
        last = bytes.toString('base64');
        rmSync(file('opened'), { force: true });
        writeFileSync(file('fetched'), bytes);
        const wanted = random.next() < 0.5 ? digest : '0'.repeat(16);
        const take = (from: AsyncIterable<Uint8Array>): Promise<void> => disk.takeSnapshot(file('opened'), from, (db) => checkSnapshot(db, wanted, () => Promise.resolve()));
        try {
          await (isPacked ? decompressFile(disk, file('fetched'), take) : take(streamOf(disk, file('fetched'))));
        } catch (error) {
          assertRefusal(error);
        }
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
      last: () => last,
    };
  },
};

/** The file keeps its size: a database that lacks pages is refused at once, and nothing else would be tried. */
function damageRows(sound: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(sound);
  for (let rounds = random.int(1, 8); rounds > 0; rounds -= 1) {
    // The first page says what the others are.
    const at = random.next() < 0.4 ? random.int(0, Math.min(4_095, bytes.length - 1)) : random.int(0, bytes.length - 1);
    if (random.next() < 0.7) bytes[at] = pick(random, [0, 1, 0x7f, 0x80, 0xff, random.int(0, 255)]);
    else bytes.copy(bytes, at, random.int(0, bytes.length - 1), random.int(0, bytes.length - 1));
  }
  return random.next() < 0.1 ? bytes.subarray(0, random.int(0, bytes.length)) : bytes;
}

const CHUNK_BYTES = 64 * 1024;

const files: Target = {
  name: 'sealed files',
  by: 'a desktop that fetches one',
  inputs: 20_000,
  few: 200,
  withinMs: 2_000,
  open: async (): Promise<Opened> => {
    const samples: { plain: Buffer; sha256: string; sealed: Buffer }[] = [];
    for (const bytes of [0, 1, 700, CHUNK_BYTES, CHUNK_BYTES + 7]) {
      const plain = Buffer.alloc(bytes, 'una foto ');
      const sha256 = createHash('sha256').update(plain).digest('hex');
      const read = async function* (start: number, end: number) {
        yield plain.subarray(start, end);
      };
      samples.push({ plain, sha256, sealed: await readSealed(read, { bytes, sha256 }, keysOf(3), 0, sealedSizeOf(bytes)) });
    }
    let last: unknown = null;
    return {
      feed: async (random) => {
        const { plain, sha256, sealed } = random.next() < 0.1 ? pick(random, samples) : pick(random, samples.slice(0, 3));
        const have = random.next() < 0.8 ? 0 : random.int(0, plain.length);
        const offset = random.next() < 0.9 ? sealedStartFor(have) : random.int(0, sealed.length);
        const sound = sealed.subarray(offset);
        const bytes = random.next() < 0.1 ? sound : mutateBytes(sound, random, [sealed]);
        const total = pick(random, [sealed.length, offset + bytes.length, null, random.int(0, 2 ** 40)]);
        const size = random.int(1, 5_000);
        const pieces = async function* () {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        };
        last = { bytes: bytes.subarray(0, 4_000).toString('base64'), offset, total, size };
        const opened = openSealed({ offset, total, body: pieces() }, sha256, (head) => (head === null ? keysOf(3) : findFileKeys(RING, head)));
        if (!opened) return;
        let at = opened.offset;
        try {
          for await (const piece of opened.body) {
            assert(plain.subarray(at, at + piece.length).equals(piece), 'nothing but the file, at its place');
            at += piece.length;
          }
        } catch (error) {
          if (!(error instanceof SealBrokenError) && !(error instanceof NoKeyError)) throw error;
        }
      },
      last: () => last,
    };
  },
};

const keys: Target = {
  name: 'keys, vouchers, codes, invites',
  by: 'a desktop that is given them',
  inputs: 30_000,
  few: 400,
  withinMs: 2_000,
  open: async (): Promise<Opened> => {
    const pair = await makeDeviceKey();
    const secrets = createMemorySecrets({ 'device-key': pair.privateKey });
    const recipient = { logId: 'log', deviceId: 'device' };
    const ring = await sealRing([...SECRETS], pair.publicKey, recipient);
    const inviteSecret = Buffer.alloc(32, 9);
    const invited = sealInvitedRing(SECRETS, inviteSecret, 'log');
    const device = { deviceId: 'device', publicKey: pair.publicKey };
    const voucher = writeVoucher(keysOf(3), device);
    const code = writeRecoveryCode(Buffer.from(SECRETS[2] ?? '', 'base64url'));
    const epochs = await Promise.all(
      SECRETS.map(async (secret, n) => ({
        epoch: n + 1,
        publicKey: await derivePublicKey(keysOf(n + 1)),
        previous: n === 0 ? null : linkSecret(SECRETS[n - 1] ?? '', secret, n + 1),
        deviceId: 'device',
        agentId: 'agent',
        announcedAt: 0,
      })),
    );
    const answer = { logId: 'log', epochs, copy: { epoch: 3, sealed: ring }, holders: [{ deviceId: 'device', voucher }], isOutdated: false };
    const invite = joinInvite('ABCD-EFGH-JKMN', inviteSecret);
    const invites = [invite, makeInviteLink('https://relay.example', invite), `bandeja://join?relay=https%3A%2F%2Frelay.example&code=${invite}`].map((text) => Buffer.from(text));
    // Or what is drawn from it would be refused before anything reads it.
    workspaceKeysSchema.parse(answer);
    let last: unknown = null;
    const spoil = (text: string, random: Random): string => mutateBytes(Buffer.from(text), random, [Buffer.from(text)]).toString('utf8');

    const feeds: ((random: Random) => Promise<void> | void)[] = [
      async (random) => {
        const sealed = random.next() < 0.5 ? spoil(ring, random) : mutateBytes(Buffer.from(ring, 'base64url'), random).toString('base64url');
        last = sealed;
        const given = await openRing(sealed, secrets, recipient);
        assert(given === null || isTeams(given));
      },
      (random) => {
        const sealed = random.next() < 0.5 ? spoil(invited, random) : mutateBytes(Buffer.from(invited, 'base64url'), random).toString('base64url');
        const secret = random.next() < 0.8 ? inviteSecret : Buffer.alloc(random.int(0, 64), 9);
        last = { sealed, secret: secret.toString('hex') };
        const given = openInvitedRing(sealed, secret, 'log');
        assert(given === null || isTeams(given));
      },
      (random) => {
        const given = spoil(voucher, random);
        last = given;
        assert(given === voucher || !isVouchedFor(keysOf(3), device, given), 'a voucher is that one');
        assert(!isVouchedFor(keysOf(2), device, voucher) && !isVouchedFor(keysOf(3), { ...device, deviceId: given }, voucher), 'of its epoch and device');
      },
      (random) => {
        const typed = spoil(code, random);
        last = typed;
        const secret = readRecoveryCode(typed);
        if (secret) assert.deepEqual(readRecoveryCode(writeRecoveryCode(secret)), secret);
      },
      async (random) => {
        const value = mutateJson(answer, random);
        last = value;
        const parsed = workspaceKeysSchema.safeParse(value);
        if (!parsed.success) return;
        const opened = await openLinks(SECRETS[2] ?? '', parsed.data.epochs);
        // Who says less than there is gives a desktop another ring than the others have.
        assert(opened === null || isTeams(opened), 'the chain is the team’s, from its first key on');
      },
      (random) => {
        const text = mutateBytes(pick(random, invites), random, invites).toString('utf8');
        last = text;
        const link = readInviteLink(text);
        if (link?.relayUrl) assert(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\]))/.test(link.relayUrl), 'no invite leads to an address without TLS');
        for (const typed of [text, link?.code ?? '']) {
          const parts = splitInvite(typed);
          assert(!parts.code.includes('.'), 'what goes to the relay ends before the second part');
          if (parts.secret) assert(parts.secret.length === 32 && !parts.code.includes(parts.secret.toString('base64url')));
        }
      },
    ];
    const isTeams = (given: readonly string[]): boolean => given.length === SECRETS.length && given.every((secret, n) => secret === SECRETS[n]);
    return {
      feed: async (random) => {
        // A code is meant to cost something.
        if (random.next() < 0.005) {
          const publicKey = spoil(pair.publicKey, random);
          last = publicKey;
          return assert.match(makeDeviceCode(publicKey, { ...recipient, firstKey: spoil(pair.publicKey, random), newestKey: spoil(pair.publicKey, random) }), /^(\d{4} ){7}\d{4}$/);
        }
        await pick(random, feeds)(random);
      },
      last: () => last,
    };
  },
};

/** Somebody else's, with the same numbers. */
const OTHERS: readonly string[] = [7, 8, 9].map((byte) => Buffer.alloc(32, byte).toString('base64url'));

const namedKeys: Target = {
  name: 'keys that the relay names',
  by: 'a desktop that compares them with its own',
  inputs: 10_000,
  few: 150,
  withinMs: 2_000,
  open: async (): Promise<Opened> => {
    const db = openDatabase(':memory:');
    const queries = createSyncQueries(db);
    queries.enroll('http://127.0.0.1:9', 'log', 'device', 'agent');
    const pair = await makeDeviceKey();
    const recipient = { logId: 'log', deviceId: 'device' };
    const chains = await Promise.all(
      [SECRETS, OTHERS, [SECRETS[0] ?? '', ...OTHERS.slice(1)]].map(async (chain) => ({
        epochs: await Promise.all(
          chain.map(async (secret, n) => ({
            epoch: n + 1,
            publicKey: await derivePublicKey(deriveEpochKeys(n + 1, secret)),
            previous: n === 0 ? null : '-',
            deviceId: 'eva',
            agentId: 'eva',
            announcedAt: 0,
          })),
        ),
        sealed: await Promise.all(chain.map((_, n) => sealRing(chain.slice(0, n + 1) as [string, ...string[]], pair.publicKey, recipient))),
      })),
    );
    const drawAnswer = (random: Random): unknown => {
      const { epochs } = pick(random, chains);
      const { sealed } = pick(random, chains);
      const count = random.int(0, epochs.length);
      const sound = {
        logId: random.next() < 0.9 ? 'log' : 'log-2',
        epochs: epochs.slice(0, count),
        copy: random.next() < 0.3 ? null : { epoch: Math.max(1, count), sealed: pick(random, sealed) },
        holders: [],
        isOutdated: false,
      };
      return random.next() < 0.5 ? sound : mutateJson(sound, random);
    };
    let last: unknown = null;
    return {
      feed: async (random) => {
        const own = SECRETS.slice(0, random.int(0, SECRETS.length));
        const ring = createWorkspaceRing(createMemorySecrets(own.length > 0 ? { 'workspace-keys': JSON.stringify(own) } : {}));
        await ring.load();
        db.exec('DELETE FROM setting');
        let answer: unknown = null;
        const relayKeys = createRelayKeys({
          ring,
          queries,
          settings: createSettingQueries(db),
          secrets: createMemorySecrets({ 'device-key': pair.privateKey }),
          http: {
            call: async ({ method }, schema) => {
              const parsed = schema.safeParse(method === 'GET' ? answer : {});
              if (!parsed.success) throw new AppError('NOT_A_RELAY');
              return parsed.data;
            },
          },
          onChange: () => undefined,
          log: () => undefined,
        });
        const said: unknown[] = [];
        /** The relay's word so far: epochs and their public halves. */
        const named = new Set<string>();
        last = { own: own.length, said };
        for (let count = random.int(1, 3); count > 0; count -= 1) {
          answer = drawAnswer(random);
          const { epochs } = pick(random, chains);
          const key = random.next() < 0.4 ? null : (epochs[random.int(0, 2)] ?? null);
          said.push({ answer, key });
          for (const { epoch, publicKey } of workspaceKeysSchema.safeParse(answer).data?.epochs ?? []) named.add(`${epoch} ${publicKey}`);
          if (random.next() < 0.3) relayKeys.beginLine();
          let outcome;
          try {
            outcome = await relayKeys.fetch(key && { epoch: key.epoch, publicKey: key.publicKey });
          } catch (error) {
            assert(error instanceof AppError, String(error));
            continue;
          }
          const agreed = relayKeys.agreedEpoch();
          if (agreed !== null && agreed > 0) assert((await ring.publicKeyOf(agreed)) !== null, 'what is agreed upon is here');
          if (outcome === 'here' && key !== null && relayKeys.isAgreed(key)) assert.equal(await ring.publicKeyOf(key.epoch), key.publicKey, 'agreed upon is this desktop’s own');
        }
        const kept = ring.readSecrets();
        assert.deepEqual(kept.slice(0, own.length), own, 'what was here is never replaced');
        for (let epoch = own.length + 1; epoch <= kept.length; epoch += 1) assert(named.has(`${epoch} ${await ring.publicKeyOf(epoch)}`), 'what is taken is what the relay names');
        // Without any it takes those that are there first, whole; with one of the team's, what was given has to go on from there.
        assert(
          [SECRETS, OTHERS, [SECRETS[0], ...OTHERS.slice(1)]].some((chain) => kept.every((secret, n) => secret === chain[n])),
          'no ring is made of two',
        );
      },
      close: () => void db.close(),
      last: () => last,
    };
  },
};

export const SEALED_TARGETS: readonly Target[] = [entries, snapshots, snapshotRows, files, keys, namedKeys];
