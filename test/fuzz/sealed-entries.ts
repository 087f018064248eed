/** Entries of a sealed log, sound ones and such as a relay or a disk that is not trusted would hand over. */
import { opBodySchema, opVersion, type OpBody } from '../../contract/ops/op.ts';
import { createRing, deriveEpochKeys, derivePublicKey } from '../../contract/sealing/key-ring.ts';
import { createWebhookSealer, sealOp } from '../../contract/sealing/sealed-body.ts';
import type { LogEntry, OpEntry } from '../../contract/wire.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { drawFrom } from '../support/draw-from-schema.ts';
import { mutateBytes, pick } from './mutate.ts';
import { readWebhooks } from './parser-targets.ts';

/** Of epochs 1, 2 and 3: always the same, so that an input can be drawn again. */
export const SECRETS: readonly string[] = [1, 2, 3].map((epoch) => Buffer.alloc(32, epoch).toString('base64url'));
export const RING = createRing([...SECRETS]);
export const keysOf = (epoch: number) => deriveEpochKeys(epoch, SECRETS[epoch - 1] ?? Buffer.alloc(32, epoch).toString('base64url'));

/** What was done to an entry on its way. `plain`: never sealed. `lost-key`: sealed to an epoch that this desktop does not have. */
const DAMAGES = ['bytes', 'text', 'cut', 'place', 'epoch', 'swapped', 'plain', 'lost-key'] as const;
type Damage = 'none' | (typeof DAMAGES)[number];
export type SealedInput = { entry: LogEntry; /** What it was made from. */ body: string; damage: Damage };

/** @returns draws of entries; `stamp` gives each its place in the log. */
export async function createSealedDraw(): Promise<(random: Random, stamp: () => { seq: number; receivedAt: number }, damages?: readonly Damage[]) => Promise<SealedInput>> {
  const draws = opBodySchema.options.map((option) => drawFrom(option));
  const items = readWebhooks()
    .flatMap((file) => splitWebhook(file))
    .map(({ body }) => body);
  const sealer = createWebhookSealer(() => 0);
  const publicKeys = new Map<number, string>();
  for (const epoch of [1, 2, 3, 4]) publicKeys.set(epoch, await derivePublicKey(keysOf(epoch)));

  return async (random, stamp, damages = DAMAGES) => {
    const damage = random.next() < 0.35 ? 'none' : pick(random, damages);
    const epoch = damage === 'lost-key' ? 4 : random.int(1, 3);
    const { seq, receivedAt } = stamp();
    if (random.next() < 0.3) {
      const body = pick(random, items);
      const [sealed = ''] = await sealer.seal({ epoch, publicKey: publicKeys.get(epoch) ?? '' }, [body]);
      return { entry: { kind: 'webhook', seq, receivedAt, body: spoil(damage === 'plain' ? body : sealed, damage, random) }, body, damage };
    }
    const drawn = pick(random, draws)(random);
    const parsed = opBodySchema.safeParse(drawn);
    const body = JSON.stringify(drawn);
    const actor = pick(random, ['admin', 'lead', 'agent']);
    const plain: OpEntry = {
      kind: 'op',
      seq,
      receivedAt,
      opId: `op-${seq}`,
      deviceId: actor,
      actorId: actor,
      deviceSeq: seq,
      v: parsed.success ? opVersion(parsed.data as OpBody) : 1,
      occurredAt: receivedAt,
      body,
    };
    const sealed = damage === 'plain' ? body : sealOp(keysOf(epoch), plain, body);
    const place =
      damage !== 'place'
        ? {}
        : pick(random, [{ opId: `op-${seq}x` }, { deviceId: 'nobody' }, { actorId: actor === 'admin' ? 'agent' : 'admin' }, { deviceSeq: seq + 1 }, { v: plain.v === 1 ? 2 : 1 }]);
    return { entry: { ...plain, ...place, body: spoil(sealed, damage, random) }, body, damage };
  };
}

/** `s1.<epoch>.<base64url>`, made wrong. */
function spoil(sealed: string, damage: Damage, random: Random): string {
  const [head = '', epoch = '', text = ''] = sealed.split('.');
  switch (damage) {
    case 'bytes':
      return `${head}.${epoch}.${mutateBytes(Buffer.from(text, 'base64url'), random).toString('base64url')}`;
    case 'text':
      return mutateBytes(Buffer.from(sealed), random).toString('utf8');
    case 'cut':
      return sealed.slice(0, random.int(0, sealed.length - 1));
    case 'epoch':
      return `${head}.${pick(random, ['0', '1', '2', '3', '03', '999999999', '1e3', '-1', '4294967297'])}.${text}`;
    case 'swapped':
      // What was sealed for another use, or with no key at all.
      return `${head}.${epoch}.${pick(random, [Buffer.alloc(0), Buffer.alloc(random.int(1, 80)), Buffer.from(text, 'base64url').reverse()]).toString('base64url')}`;
    case 'none':
    case 'place':
    case 'plain':
    case 'lost-key':
      return sealed;
  }
}
