/** Files of messages in a real browser: the page's policy lets it show them, and the small pictures it makes are kept by the engine. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import { SAMPLE_MEDIA } from '../../main/demo/meta/sample-media.ts';
import { expect, test } from './support/demo.ts';

const CUSTOMER = { from: '+50255551234', name: 'María Xicay' };
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A picture of noise, which no encoder makes small (PNG, third edition). */
function noisePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), randomBytes(width * 3)])));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

test('a photo is shown from an address of its own, and gets a small picture that stays', { tag: '@main' }, async ({ inbox, team, shell }) => {
  const { page } = inbox;
  const photo = noisePng(900, 600);
  const sha256 = hashOf(photo);
  team.meta.customerWrites({ ...CUSTOMER, type: 'image', message: { image: team.meta.addMedia('image/png', photo) } });
  await inbox.open('María Xicay');
  const small = path.join(String(shell.program().ready['dataDir']), 'media', 'thumbs', sha256);
  await expect.poll(() => existsSync(small), { timeout: 20_000 }).toBe(true);
  const picture = readFileSync(small);
  expect(picture.length).toBeLessThanOrEqual(THUMBNAIL_BYTES_MAX);
  expect(picture.subarray(8, 12).toString('latin1')).toBe('WEBP');
  await expect.poll(() => page.evaluate(() => [...document.images].some(({ src, naturalWidth }) => src.endsWith('?thumbnail') && naturalWidth > 0))).toBe(true);
  const whole = await page.evaluate(async (name) => {
    const image = new Image();
    image.src = `./media/${document.documentElement.dataset['mediaToken']}/${name}`;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, sha256);
  expect(whole).toEqual([900, 600]);
});

test('a recording is played from where one jumps to', async ({ inbox, team, shell }) => {
  const { page } = inbox;
  const voice = SAMPLE_MEDIA.voice.bytes();
  team.meta.customerWrites({ ...CUSTOMER, type: 'audio', message: { audio: { ...team.meta.addMedia('audio/ogg; codecs=opus', voice), voice: true } } });
  await expect(inbox.row('María Xicay')).toBeVisible();
  const sha256 = hashOf(voice);
  await expect.poll(() => existsSync(path.join(String(shell.program().ready['dataDir']), 'media', sha256.slice(0, 2), sha256))).toBe(true);
  const at = await page.evaluate(async (name) => {
    const audio = new Audio(`./media/${document.documentElement.dataset['mediaToken']}/${name}`);
    audio.preload = 'auto';
    await new Promise((resolve, reject) => {
      audio.addEventListener('loadedmetadata', resolve, { once: true });
      audio.addEventListener('error', () => reject(new Error(audio.error?.message)), { once: true });
    });
    const sought = new Promise((resolve) => audio.addEventListener('seeked', resolve, { once: true }));
    audio.currentTime = 2;
    await sought;
    return audio.currentTime;
  }, sha256);
  expect(at).toBe(2);
});
