/** Files of messages in a real browser: the page's policy lets it show them, and makes small pictures of them that the engine keeps. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { SAMPLE_MEDIA } from '../../main/demo/meta/sample-media.ts';
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import { mediaUrl } from '../../renderer/media/media-url.ts';
import { expect, test } from './support/demo.ts';

const CUSTOMER = { from: '+50255551234', name: 'María Xicay' };

/** The window's own function, as the page would call it: it stands in no address of its own. */
const drawThumbnail = stripTypeScriptTypes(readFileSync(path.resolve(import.meta.dirname, '../../renderer/media/thumbnails.ts'), 'utf8'))
  .replaceAll(/^import .*$/gm, '')
  .replaceAll(/^export /gm, '')
  .replace(/^/, `const THUMBNAIL_BYTES_MAX = ${THUMBNAIL_BYTES_MAX};\n`);

test('a photo and a video are shown from their own address, and become small pictures', async ({ inbox, team }) => {
  const { page } = inbox;
  const photo = team.meta.addMedia('image/jpeg', SAMPLE_MEDIA.photo.bytes());
  team.meta.customerWrites({ ...CUSTOMER, type: 'image', message: { image: photo } });
  team.meta.customerWrites({ ...CUSTOMER, type: 'video', message: { video: team.meta.addMedia('video/mp4', SAMPLE_MEDIA.video.bytes()) } });
  await expect(inbox.row('María Xicay')).toBeVisible();
  const token = await page.evaluate(() => document.documentElement.dataset['mediaToken'] ?? '');
  const addressOf = (bytes: Buffer): string => mediaUrl(createHash('sha256').update(bytes).digest('hex')).replace('/-/', `/${token}/`);
  const show = async (tag: 'img' | 'video', bytes: Buffer) => {
    const address = addressOf(bytes);
    await expect.poll(async () => (await page.request.get(new URL(address, page.url()).href)).status()).toBe(200);
    return page.evaluate(`(async () => {
      ${drawThumbnail}
      const element = document.createElement('${tag}');
      const shown = new Promise((resolve, reject) => {
        element.addEventListener('${tag === 'img' ? 'load' : 'loadeddata'}', resolve, { once: true });
        element.addEventListener('error', () => reject(new Error('not shown')), { once: true });
      });
      if (element instanceof HTMLVideoElement) element.preload = 'auto';
      element.src = '${address}';
      await shown;
      const picture = await drawThumbnail(element);
      const bitmap = await createImageBitmap(picture);
      return { type: picture.type, size: picture.size, width: bitmap.width, height: bitmap.height };
    })()`) as Promise<{ type: string; size: number; width: number; height: number }>;
  };
  const small = await show('img', SAMPLE_MEDIA.photo.bytes());
  expect(small).toMatchObject({ type: 'image/webp', width: 480, height: 320 });
  expect(small.size).toBeLessThanOrEqual(THUMBNAIL_BYTES_MAX);
  const canPlay = await page.evaluate(() => document.createElement('video').canPlayType('video/mp4; codecs="avc1.42E01E"') !== '');
  if (canPlay) expect(await show('video', SAMPLE_MEDIA.video.bytes())).toMatchObject({ type: 'image/webp', width: 320, height: 180 });
});

test('a large noisy picture still becomes a small one', async ({ inbox }) => {
  const result = (await inbox.page.evaluate(`(async () => {
    ${drawThumbnail}
    const canvas = document.createElement('canvas');
    canvas.width = 2000;
    canvas.height = 3000;
    const context = canvas.getContext('2d');
    const noise = context.createImageData(2000, 3000);
    for (let index = 0; index < noise.data.length; index += 4) noise.data.set([(index * 7919) % 256, (index * 104729) % 251, (index * 1299709) % 241, 255], index);
    context.putImageData(noise, 0, 0);
    const image = new Image();
    image.src = canvas.toDataURL('image/png');
    await image.decode();
    const picture = await drawThumbnail(image);
    const bitmap = await createImageBitmap(picture);
    return { size: picture.size, width: bitmap.width, height: bitmap.height };
  })()`)) as { size: number; width: number; height: number };
  expect(result.size).toBeLessThanOrEqual(THUMBNAIL_BYTES_MAX);
  expect(result.height / result.width).toBeCloseTo(1.5, 1);
});
