/** A desktop of a real team whose folder is locked, opened and locked again. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LockState } from '../../../contract/lock-api.ts';
import type { EngineRouter } from '../../../main/engine/api/router.ts';
import type { EnginePorts } from '../../../main/engine/ports.ts';
import { SEALED_DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { LOCK_FILE_NAME } from '../../../main/engine/lock/lock-file.ts';
import { openLockableWorkspace, type LockableWorkspace } from '../../../main/shell/lockable-workspace.ts';
import { readMediaFile } from '../../../main/shell/media-files.ts';
import { createNodePorts } from '../../../main/shell/node-ports.ts';
import { DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../../../main/demo/meta/stand-in.ts';
import { findPlainInFolder } from '../../support/find-plain.ts';
import { stageFile } from '../../support/stage-file.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const PASSPHRASE = 'lluvia tejado guitarra limon';
const NAME = 'Marta Ixchel Sandoval';
const PHONE = '50255550177';
const WORDS = 'LaCaldoraSeApagaDeNoche';
const NOTE = 'NotaSoloParaColegas';
const TOKEN = 'token-que-nadie-debe-leer';
const IN_FILE = 'TextoDentroDeLaFoto';
const PLANTED = [NAME, PHONE, WORDS, NOTE, TOKEN, IN_FILE];

/** More than two of the parts in which files are sealed. */
const pictureWith = (text: string): Buffer => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'), Buffer.from(text), randomBytes(150_000)]);

let team: Team;
let dataDir = '';
let now = 0;
beforeEach(async () => {
  team = await startTeam();
  dataDir = team.makeDataDir();
  now = Date.now();
});
afterEach(() => team.stop());

type Client = RouterClient<EngineRouter>;
const clientOf = (desktop: LockableWorkspace): Client => createRouterClient(desktop.router() as EngineRouter);
const log: EnginePorts['log'] = () => undefined;

async function open(options: { invite?: string; passphrase?: string; mayBeLocked?: boolean; clock?: EnginePorts['clock'] } = {}): Promise<LockableWorkspace> {
  const { invite, passphrase = null, mayBeLocked = true, clock } = options;
  const desktop = await openLockableWorkspace(
    {
      dataDir,
      join: invite === undefined ? null : { relayUrl: team.relay.url, invite, agentName: 'Ana', deviceName: 'laptop' },
      number: invite === undefined ? null : { phoneNumberId: DEFAULT_PHONE_NUMBER_ID, wabaId: DEFAULT_WABA_ID, graphToken: TOKEN },
      replacementToken: null,
      api: 'off',
      graphBaseUrl: team.meta.url(),
      passphrase,
      isDemo: false,
      relayUrl: null,
      mayBeEmpty: true,
      mayBeLocked,
    },
    { ports: { ...createNodePorts(dataDir, log), ...(clock && { clock }) }, onChange: () => undefined },
  );
  team.atEnd(desktop.stop);
  return desktop;
}
const stateOf = (desktop: LockableWorkspace): Promise<LockState> => clientOf(desktop).lock.state();
const isSettled = (desktop: LockableWorkspace, isLocked: boolean) =>
  waitUntil(`it is ${isLocked ? 'locked' : 'open'}`, async () => (({ busy, isLocked: is }) => busy === null && is === isLocked)(await stateOf(desktop)), 30_000);
const hears = (client: Client) => waitUntil('the customer is there', async () => (await client.conversations.list({})).items.find(({ contact }) => contact.name === NAME), 20_000);

async function openLocked(): Promise<{ desktop: LockableWorkspace; conversationId: string }> {
  const desktop = await open({ invite: await team.invite('agent') });
  team.meta.customerWrites({ from: PHONE, name: NAME, text: WORDS });
  const { id: conversationId } = await hears(clientOf(desktop));
  await clientOf(desktop).notes.add({ conversationId, body: NOTE });
  expect(await clientOf(desktop).lock.turnOn({ passphrase: PASSPHRASE })).toEqual({ status: 'right', waitMs: 0 });
  await waitUntil('the lock is on', async () => (await stateOf(desktop)).isOn, 30_000);
  await isSettled(desktop, false);
  return { desktop, conversationId };
}

describe('a locked desktop', () => {
  it('leaves no name, number, word, token or file in its folder, while it works and after', async () => {
    const plain = await open({ invite: await team.invite('agent') });
    team.meta.customerWrites({ from: PHONE, name: NAME, text: WORDS });
    const { id: conversationId } = await hears(clientOf(plain));
    await clientOf(plain).notes.add({ conversationId, body: NOTE });
    await stageFile(clientOf(plain), pictureWith(IN_FILE), 'foto.png');
    // The search would find each of them.
    for (const planted of PLANTED) expect(findPlainInFolder(dataDir, [planted]), planted).not.toEqual([]);

    await clientOf(plain).lock.turnOn({ passphrase: PASSPHRASE });
    await waitUntil('the lock is on', async () => (await stateOf(plain)).isOn, 30_000);
    await isSettled(plain, false);
    team.meta.customerWrites({ from: PHONE, name: NAME, text: `${WORDS} otra vez` });
    await waitUntil('it came', async () => (await clientOf(plain).conversations.get({ conversationId, messages: 10 })).messages.length === 2, 20_000);
    await waitUntil('it is found', async () => (await clientOf(plain).search.query({ text: WORDS })).hits.length > 0, 20_000);
    expect(findPlainInFolder(dataDir, PLANTED)).toEqual([]);
    await plain.stop();
    expect(findPlainInFolder(dataDir, PLANTED)).toEqual([]);
  });

  it('serves nothing but the lock until the passphrase came, and slows down who guesses', async () => {
    const { desktop: first } = await openLocked();
    await first.stop();
    const desktop = await open({ clock: { now: () => now } });
    expect(desktop.workspace()).toBeNull();
    expect(desktop.files()).toBeNull();
    expect(desktop.fileKeys()).toBe('locked');
    expect(Object.keys(desktop.router())).toEqual(['lock']);
    const guess = (passphrase: string) => clientOf(desktop).lock.unlock({ passphrase });
    for (const waitMs of [0, 0, 0, 0, 1_000]) expect(await guess('una frase equivocada')).toEqual({ status: 'wrong', waitMs });
    // Not even the right one is looked at.
    expect(await guess(PASSPHRASE)).toEqual({ status: 'wait', waitMs: 1_000 });
    expect((await stateOf(desktop)).waitMs).toBe(1_000);
    now += 1_001;
    expect((await stateOf(desktop)).waitMs).toBe(0);
    expect(await guess('una frase equivocada')).toEqual({ status: 'wrong', waitMs: 2_000 });
    now += 2_001;
    expect(await guess(PASSPHRASE)).toEqual({ status: 'right', waitMs: 0 });
    await isSettled(desktop, false);
    await hears(clientOf(desktop));
  });

  it('locks itself when nobody touched it, and when it is told so', async () => {
    const { desktop: first } = await openLocked();
    await clientOf(first).lock.setIdle({ minutes: 5 });
    await first.stop();
    const desktop = await open({ passphrase: PASSPHRASE, clock: { now: () => now } });
    expect((await stateOf(desktop)).idleMinutes).toBe(5);
    now += 4 * 60_000;
    await clientOf(desktop).lock.touch();
    now += 4 * 60_000;
    expect((await stateOf(desktop)).isLocked).toBe(false);
    now += 60_000;
    await isSettled(desktop, true);
    expect(desktop.fileKeys()).toBe('locked');
    await clientOf(desktop).lock.unlock({ passphrase: PASSPHRASE });
    await isSettled(desktop, false);
    desktop.lock();
    await isSettled(desktop, true);
  });

  it('gives out its files whole and in ranges, to nobody who keeps them', async () => {
    const { desktop } = await openLocked();
    const picture = pictureWith(IN_FILE);
    const { sha256 } = await stageFile(clientOf(desktop), picture, 'foto.png');
    expect(sha256).toBe(createHash('sha256').update(picture).digest('hex'));
    const get = async (range: string | null) => {
      const { status, headers, body } = await readMediaFile(desktop.files(), { pathname: `/media/x/${sha256}`, search: '', range });
      const pieces: Buffer[] = [];
      for await (const piece of body ?? []) pieces.push(piece as Buffer);
      return { status, headers, bytes: Buffer.concat(pieces) };
    };
    const whole = await get(null);
    expect(whole.status).toBe(200);
    expect(whole.headers['cache-control']).toBe('no-store');
    expect(whole.bytes.equals(picture)).toBe(true);
    for (const [start, end] of [
      [0, 0],
      [65_535, 65_536],
      [70_000, 149_999],
      [150_030, picture.length - 1],
    ] as const) {
      const part = await get(`bytes=${start}-${end}`);
      expect(part.headers['content-range']).toBe(`bytes ${start}-${end}/${picture.length}`);
      expect(part.bytes.equals(picture.subarray(start, end + 1))).toBe(true);
    }
    expect(findPlainInFolder(dataDir, [sha256, IN_FILE])).toEqual([]);
  });

  it('without a window needs its passphrase, and says how to give it', async () => {
    const { desktop } = await openLocked();
    await desktop.stop();
    await expect(open({ mayBeLocked: false })).rejects.toThrow('--passphrase-file');
    await expect(open({ mayBeLocked: false, passphrase: 'una frase equivocada' })).rejects.toThrow('does not open');
    const opened = await open({ mayBeLocked: false, passphrase: PASSPHRASE });
    await hears(clientOf(opened));
  });

  it('keeps what the window has not sent', async () => {
    const { desktop } = await openLocked();
    await clientOf(desktop).preferences.remember({ changes: { 'bandeja.draft.x': WORDS, 'bandeja.other': 'y' } });
    await clientOf(desktop).preferences.remember({ changes: { 'bandeja.other': null } });
    desktop.lock();
    await isSettled(desktop, true);
    await clientOf(desktop).lock.unlock({ passphrase: PASSPHRASE });
    await isSettled(desktop, false);
    expect(await clientOf(desktop).preferences.memory()).toEqual({ 'bandeja.draft.x': WORDS });
  });

  it('whose passphrase is forgotten begins anew, and what was locked lies beside it, whole, for the day when it is found', async () => {
    const { desktop: first } = await openLocked();
    await expect(clientOf(first).lock.startOver()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    await first.stop();
    const desktop = await open();
    await clientOf(desktop).lock.startOver();
    await isSettled(desktop, false);
    expect(await stateOf(desktop)).toMatchObject({ isOn: false, failure: null, folder: dataDir });
    expect((await clientOf(desktop).session.sync()).logId).toBeNull();
    expect(findPlainInFolder(dataDir, PLANTED)).toEqual([]);
    await clientOf(desktop).enrollment.join({ relayUrl: team.relay.url, code: await team.invite('agent'), agentName: 'Ana', deviceName: 'otra vez' });
    await hears(clientOf(desktop));
    await desktop.stop();

    const aside = readdirSync(dataDir).filter((name) => name.startsWith('locked-'));
    expect(aside).toHaveLength(1);
    dataDir = path.join(dataDir, aside[0]!);
    const found = await open({ passphrase: PASSPHRASE });
    expect(await stateOf(found)).toMatchObject({ isOn: true, isLocked: false });
    await hears(clientOf(found));
    // With its own token: it is still a desktop of the team.
    team.meta.customerWrites({ from: '50255550178', name: 'Beto Nuevo', text: 'hola' });
    await waitUntil('something new comes', async () => (await clientOf(found).conversations.list({})).items.find(({ contact }) => contact.name === 'Beto Nuevo'), 20_000);
  });

  it('whose disk fails while it is encrypted opens as it was, and says so', async () => {
    const desktop = await open({ invite: await team.invite('agent') });
    // Where the file that decides is to be written.
    mkdirSync(path.join(dataDir, `${LOCK_FILE_NAME}.new`));
    await clientOf(desktop).lock.turnOn({ passphrase: PASSPHRASE });
    await waitUntil('it has failed', async () => (await stateOf(desktop)).failure, 30_000);
    await isSettled(desktop, false);
    expect(await stateOf(desktop)).toMatchObject({ isOn: false, failure: 'INTERNAL' });
    await clientOf(desktop).preferences.get();
    expect(existsSync(path.join(dataDir, SEALED_DATABASE_FILE))).toBe(false);
  });
});
