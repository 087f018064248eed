/** kill -9 of a desktop's process at every step of a download and of its sharing: no half file, nothing lost, and the next start finishes it. */
import { fileOf } from '../../../contract/whatsapp/file-of.ts';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BLOB_PART_BYTES } from '../../../contract/wire-http.ts';
import { addDesk, type Desk } from '../../support/desk.ts';
import { PAUSED } from '../../support/pause-at.ts';
import { startTeam, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CUSTOMER = { from: '50255550001', name: 'Rosa' };
const SIZE = 2 * BLOB_PART_BYTES + 1_000;
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let team: Team;
let desk: Desk;
beforeAll(async () => {
  team = await startTeam();
  desk = await addDesk(team, { name: 'Ana', role: 'agent' });
  await desk.stop();
});
afterAll(() => team.stop());

const startPausing = async (step: string): Promise<void> => {
  team.engineEnv['NODE_OPTIONS'] = `--import ${pathToFileURL(path.resolve(import.meta.dirname, '../../support/pause-at.ts')).href}`;
  team.engineEnv['PAUSE_AT'] = step;
  await desk.start();
};
const startAgain = async (): Promise<void> => {
  delete team.engineEnv['NODE_OPTIONS'];
  delete team.engineEnv['PAUSE_AT'];
  await desk.start();
};
const readStored = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((part) => readdirSync(path.join(folder, part)).map((name) => path.join(folder, part, name)));
/** Whatever stands under a hash has that hash. */
function expectWhole(folder: string): void {
  if (existsSync(folder)) for (const file of readStored(folder)) expect(hashOf(readFileSync(file))).toBe(path.basename(file));
}
const stateOf = async (sha256: string): Promise<string | null> => {
  const [conversation] = (await desk.client().conversations.list({})).items;
  const { items } = await desk.client().messages.page({ conversationId: conversation!.id });
  return items.find(({ content }) => fileOf(content)?.sha256 === sha256)?.file?.state ?? null;
};
const openJobs = (): number => desk.look((db) => db.prepare("SELECT count(*) FROM job WHERE kind LIKE 'media.%' AND state <> 'done'").pluck().get() as number);

const DOWNLOAD = [
  'before fetch GET .*phone_number_id=',
  'after fetch GET .*phone_number_id=',
  'before fetch GET .*/lookaside/',
  'after fetch GET .*/lookaside/',
  'before rename /media/[0-9a-f]{2}/',
  'after rename /media/[0-9a-f]{2}/',
];
const SHARE = ['before fetch POST .*/api/blobs/', 'after fetch POST .*/api/blobs/', 'before fetch PUT .*offset=0', 'after fetch PUT .*offset=0', 'after fetch PUT .*offset=2097152'];

it.each([...DOWNLOAD, ...SHARE])('%s', async (step) => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(SIZE - 4)]);
  const sha256 = hashOf(bytes);
  await startPausing(step);
  team.meta.customerWrites({ ...CUSTOMER, type: 'image', message: { image: team.meta.addMedia('image/jpeg', bytes) } });
  await waitUntil('the program has got there', () => desk.stderr().includes(PAUSED), 20_000);
  await desk.kill();
  const [here, atRelay] = [path.join(desk.dataDir, 'media'), path.join(team.relay.dataDir, 'blobs')];
  expectWhole(here);
  expectWhole(atRelay);

  await startAgain();
  await waitUntil('the file is here', async () => (await stateOf(sha256)) === 'here', 20_000);
  await waitUntil('its jobs are done', () => openJobs() === 0, 20_000);
  expectWhole(here);
  expectWhole(atRelay);
  for (const folder of [here, atRelay]) expect(readFileSync(path.join(folder, sha256.slice(0, 2), sha256)).equals(bytes)).toBe(true);
  expect(readdirSync(path.join(here, 'parts')).filter((name) => name.startsWith('file-'))).toEqual([]);
  await desk.stop();
});

it('in the middle of the bytes: the next start goes on where they ended', async () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(SIZE)]);
  const sha256 = hashOf(bytes);
  await startAgain();
  team.meta.clearJournal();
  team.meta.setFaults({ media: [{ how: 'hang', afterBytes: 700_000 }] });
  team.meta.customerWrites({ ...CUSTOMER, type: 'image', message: { image: team.meta.addMedia('image/jpeg', bytes) } });
  await waitUntil('some have come', async () => {
    const [conversation] = (await desk.client().conversations.list({})).items;
    if (!conversation) return false;
    const { items } = await desk.client().messages.page({ conversationId: conversation.id });
    return items.some(({ file }) => file?.progress?.done === 700_000);
  });
  await desk.kill();
  expectWhole(path.join(desk.dataDir, 'media'));
  await startAgain();
  await waitUntil('the file is here', async () => (await stateOf(sha256)) === 'here', 20_000);
  expect(team.meta.journal().flatMap((call) => (call.path.startsWith('/lookaside/') ? [call.range] : []))).toEqual([undefined, 'bytes=700000-']);
  expect(readFileSync(path.join(desk.dataDir, 'media', sha256.slice(0, 2), sha256)).equals(bytes)).toBe(true);
});
