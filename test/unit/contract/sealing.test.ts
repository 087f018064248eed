import { describe, expect, test } from 'vitest';
import { createRing, deriveEpochKeys, derivePublicKey, makeSecret, ringSchema } from '../../../contract/sealing/key-ring.ts';
import { createWebhookOpener, createWebhookSealer, isSealed, openOp, readEpoch, sealOp, type OpPlace } from '../../../contract/sealing/sealed-body.ts';
import { deriveObjectKey, openPart, PART_OVERHEAD_BYTES, sealFileName, sealPart } from '../../../contract/sealing/sealed-parts.ts';

const BODY = JSON.stringify({ type: 'note.add', args: { body: 'Rosa Pérez, 50255501234 🐝' } });
const PLACE: OpPlace = { opId: 'op-1', deviceId: 'dev-1', actorId: 'agent-1', deviceSeq: 7, v: 1 };
const keys = deriveEpochKeys(1, makeSecret());

describe('keys', () => {
  test('every use has a key of its own, the same on every desktop', () => {
    const secret = makeSecret();
    const { epoch: _, ...first } = deriveEpochKeys(1, secret);
    const { epoch: __, ...again } = deriveEpochKeys(1, secret);
    expect(again).toEqual(first);
    const all = Object.values(first).map((key) => key.toString('hex'));
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
  });

  test('a ring finds the keys of each of its epochs and of no other', () => {
    const secrets = ringSchema.parse([makeSecret(), makeSecret()]);
    const ring = createRing(secrets);
    expect(ring.newest()).toBe(2);
    expect(ring.find(2)).toEqual(deriveEpochKeys(2, secrets[1] ?? ''));
    expect(ring.find(0)).toBeUndefined();
    expect(ring.find(3)).toBeUndefined();
  });

  test('a secret that is too short is none', () => {
    expect(ringSchema.safeParse(['abc']).success).toBe(false);
    expect(() => deriveEpochKeys(1, 'abc')).toThrow('32 bytes');
  });
});

describe('ops', () => {
  test('open where they were written for, and each time they are sealed they look different', () => {
    const sealed = sealOp(keys, PLACE, BODY);
    expect(isSealed(sealed)).toBe(true);
    expect(readEpoch(sealed)).toBe(1);
    expect(sealed).not.toContain('Rosa');
    expect(openOp(keys, PLACE, sealed)).toBe(BODY);
    expect(sealOp(keys, PLACE, BODY)).not.toBe(sealed);
  });

  test.each<[string, Partial<OpPlace>]>([
    ['another device', { deviceId: 'dev-2' }],
    ['another person', { actorId: 'agent-2' }],
    ['another number', { deviceSeq: 8 }],
    ['another id', { opId: 'op-2' }],
    ['another version', { v: 2 }],
  ])('do not open as those of %s', (_what, other) => {
    expect(openOp(keys, { ...PLACE, ...other }, sealOp(keys, PLACE, BODY))).toBeNull();
  });

  test('do not open with the key of another epoch, damaged, cut, or when they are no sealed ops', () => {
    const sealed = sealOp(keys, PLACE, BODY);
    expect(openOp(deriveEpochKeys(1, makeSecret()), PLACE, sealed)).toBeNull();
    expect(openOp({ ...keys, epoch: 2 }, PLACE, sealed)).toBeNull();
    expect(openOp(keys, PLACE, sealed.replace('s1.1.', 's1.2.'))).toBeNull();
    const middle = Math.floor(sealed.length / 2);
    expect(openOp(keys, PLACE, sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1))).toBeNull();
    for (const text of [sealed.slice(0, -4), 's1.1.AAAA', 's1.1.', 's1.0.AAAA', 's1.x.AAAA', BODY, '']) expect(openOp(keys, PLACE, text)).toBeNull();
    expect(readEpoch(BODY)).toBeNull();
    expect(readEpoch('s1.0.AAAA')).toBeNull();
  });
});

describe('webhooks', () => {
  const secrets = [makeSecret(), makeSecret()];
  const ring = createRing(secrets);
  const publicKeyOf = (epoch: number): Promise<string> => derivePublicKey(deriveEpochKeys(epoch, secrets[epoch - 1] ?? ''));
  const encOf = (sealed: string): string =>
    Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
      .subarray(0, 32)
      .toString('hex');

  test('are opened by whoever has the ring; those of a second share a key, later ones do not', async () => {
    let now = 0;
    const sealer = createWebhookSealer(() => now);
    const to = { epoch: 2, publicKey: await publicKeyOf(2) };
    const [first, second] = await sealer.seal(to, [BODY, BODY]);
    now = 999;
    const [third] = await sealer.seal(to, [BODY]);
    now = 1_000;
    const [fourth] = await sealer.seal(to, [BODY]);
    now = 100;
    const [fifth] = await sealer.seal(to, [BODY]);
    const all = [first, second, third, fourth, fifth].map((sealed) => sealed ?? '');
    expect(new Set(all).size).toBe(5);
    expect(new Set(all.map(encOf)).size).toBe(3);
    const opener = createWebhookOpener(ring);
    for (const sealed of all) {
      expect(readEpoch(sealed)).toBe(2);
      expect(await opener.open(sealed)).toBe(BODY);
    }
  });

  test('are sealed to the key that counts at once when it changes', async () => {
    const sealer = createWebhookSealer(() => 0);
    const [first] = await sealer.seal({ epoch: 1, publicKey: await publicKeyOf(1) }, [BODY]);
    const [second] = await sealer.seal({ epoch: 2, publicKey: await publicKeyOf(2) }, [BODY]);
    const onlyFirst = createWebhookOpener(createRing(secrets.slice(0, 1)));
    expect(await onlyFirst.open(first ?? '')).toBe(BODY);
    await expect(onlyFirst.open(second ?? '')).rejects.toThrow('epoch 2');
    expect(await createWebhookOpener(createRing([secrets[0] ?? '', makeSecret()])).open(second ?? '')).toBeNull();
  });

  test('more of them than keys are remembered for still open', async () => {
    const opener = createWebhookOpener(ring);
    const to = { epoch: 1, publicKey: await publicKeyOf(1) };
    const sealed = await Promise.all(Array.from({ length: 80 }, async (_, n) => (await createWebhookSealer(() => 0).seal(to, [String(n)]))[0] ?? ''));
    for (let round = 0; round < 2; round += 1) for (const [n, body] of sealed.entries()) expect(await opener.open(body)).toBe(String(n));
  });

  test('what is no sealed webhook opens as nothing', async () => {
    const opener = createWebhookOpener(ring);
    for (const text of ['', BODY, 's1.1.', 's1.1.AAAA', `s1.1.${'A'.repeat(200)}`, sealOp(deriveEpochKeys(1, secrets[0] ?? ''), PLACE, BODY)]) expect(await opener.open(text)).toBeNull();
  });

  test('a public key that is none is refused', async () => {
    await expect(createWebhookSealer(() => 0).seal({ epoch: 1, publicKey: 'abc' }, [BODY])).rejects.toThrow();
  });
});

describe('parts', () => {
  const salt = Buffer.alloc(32, 1);
  const objectKey = deriveObjectKey(keys.snapshot, salt, 'log-1 42');
  const plain = Buffer.from('Rosa Pérez');

  test('open at their place in an object of as many parts, and nowhere else', () => {
    const sealed = sealPart(objectKey, plain, { part: 1, parts: 3 });
    expect(sealed.length).toBe(plain.length + PART_OVERHEAD_BYTES);
    expect(openPart(objectKey, sealed, { part: 1, parts: 3 })).toEqual(plain);
    expect(openPart(objectKey, sealed, { part: 2, parts: 3 })).toBeNull();
    expect(openPart(objectKey, sealed, { part: 1, parts: 2 })).toBeNull();
    expect(openPart(objectKey, sealed.subarray(1), { part: 1, parts: 3 })).toBeNull();
    expect(openPart(objectKey, Buffer.alloc(3), { part: 1, parts: 3 })).toBeNull();
    for (const other of [deriveObjectKey(keys.file, salt, 'log-1 42'), deriveObjectKey(keys.snapshot, Buffer.alloc(32, 2), 'log-1 42'), deriveObjectKey(keys.snapshot, salt, 'log-2 42')])
      expect(openPart(other, sealed, { part: 1, parts: 3 })).toBeNull();
  });

  test('are the same whoever seals them, so that one desktop goes on where another stopped', () => {
    expect(sealPart(objectKey, plain, { part: 0, parts: 1 })).toEqual(sealPart(deriveObjectKey(keys.snapshot, salt, 'log-1 42'), plain, { part: 0, parts: 1 }));
  });

  test('an empty part is a part', () => {
    expect(openPart(objectKey, sealPart(objectKey, Buffer.alloc(0), { part: 0, parts: 1 }), { part: 0, parts: 1 })).toEqual(Buffer.alloc(0));
  });

  test('the name of a file says nothing about its bytes without the key', () => {
    const sha256 = 'ab'.repeat(32);
    expect(sealFileName(keys.fileName, sha256)).toMatch(/^[0-9a-f]{64}$/);
    expect(sealFileName(keys.fileName, sha256)).toBe(sealFileName(keys.fileName, sha256));
    expect(sealFileName(keys.fileName, sha256)).not.toBe(sealFileName(deriveEpochKeys(2, makeSecret()).fileName, sha256));
  });
});
