/**
 * Finds passages by what they mean, where the provider has embeddings. Vectors are made in idle moments, kept by the hash of the text
 * and compared by plain dot products (20 000 of 512 dimensions: about 10 ms). Nothing depends on them: a provider that fails or is
 * slow gives no vectors, and words alone decide.
 */
import { errorText, type Log } from '../../../../contract/log.ts';
import type { KnowledgeIndexQueries } from '../../db/knowledge-index-queries.ts';
import type { MaskOptions } from '../prompt/mask.ts';

/** Who a question is of, so that what must not leave of them does not. */
export type KnownOfCustomer = Pick<MaskOptions, 'country' | 'names' | 'addresses'>;
/**
 * Texts in order to vectors in the same order, of any length; personal data is masked on the way. `known`: of the customer who asks.
 * @throws when the provider gives none, and when the workspace has another model by now.
 */
export type Embed = { model: string; embed: (texts: string[], signal: AbortSignal, known?: KnownOfCustomer) => Promise<Float32Array[]> };

const BATCH = 32;
/** A question does not wait longer. */
const QUESTION_MS = 1_500;
const BATCH_MS = 30_000;
/** After a failure no question waits for vectors for so long. */
const REST_MS = 60_000;
/** Cosine from which a passage may be an answer although it shares no word with the question. */
const CLOSE = 0.6;

/** `values`: one vector after the other, in the order of `numbers`; `rows`: where that of a text stands. */
type Loaded = { model: string; version: number; numbers: number[]; rows: Map<string, number>; dimensions: number; values: Float32Array };

type Deps = {
  queries: KnowledgeIndexQueries;
  transact: (work: () => void) => void;
  /** Null: none at the moment. */
  readEmbed: () => Embed | null;
  indexVersion: () => number;
  now: () => number;
  log: Log;
};
export type MeaningSearch = { limit: number; signal?: AbortSignal | undefined; known?: KnownOfCustomer | undefined };
export type VectorSearch = ReturnType<typeof createVectorSearch>;

export function createVectorSearch({ queries, transact, readEmbed, indexVersion, now, log }: Deps) {
  let loaded: Loaded | null = null;
  let making: Promise<void> | null = null;
  let isWantedAgain = false;
  let restUntil = 0;
  const stopping = new AbortController();

  /** What is in memory already is not read again: a change of one article costs its own vectors. */
  const load = (model: string): Loaded => {
    const version = indexVersion();
    const before = loaded?.model === model ? loaded : null;
    if (before?.version === version) return before;
    const passages = queries.listWithVector(model);
    const read = (hash: string): Float32Array | null => {
      const row = before?.rows.get(hash);
      if (before && row !== undefined) return before.values.subarray(row * before.dimensions, (row + 1) * before.dimensions);
      const bytes = queries.findVector(hash, model);
      return bytes ? readFloats(bytes) : null;
    };
    const dimensions = (passages[0] && read(passages[0].hash)?.length) ?? 0;
    const values = new Float32Array(passages.length * dimensions);
    const rows = new Map<string, number>();
    passages.forEach(({ hash }, row) => {
      const vector = read(hash);
      if (vector?.length !== dimensions) return;
      values.set(vector, row * dimensions);
      rows.set(hash, row);
    });
    loaded = { model, version, numbers: passages.map(({ n }) => n), rows, dimensions, values };
    return loaded;
  };

  const makeMissing = async (): Promise<void> => {
    const embed = readEmbed();
    if (!embed) return;
    const next = (after: number) => queries.listWithoutVector(embed.model, after, BATCH);
    for (let texts = next(0); texts.length > 0 && !stopping.signal.aborted; texts = next(texts.at(-1)?.n ?? 0)) {
      const vectors = await embed.embed(
        texts.map(({ headings, text }) => `${(JSON.parse(headings) as string[]).join(' › ')}\n${text}`.trim()),
        AbortSignal.any([stopping.signal, AbortSignal.timeout(BATCH_MS)]),
      );
      if (stopping.signal.aborted) return;
      if (vectors.length !== texts.length) throw new Error(`${vectors.length} vectors for ${texts.length} texts`);
      transact(() => texts.forEach(({ hash }, index) => queries.putVector(hash, embed.model, normalize(vectors[index]!))));
    }
    loaded = loaded && { ...loaded, version: -1 };
    if (!stopping.signal.aborted) queries.dropOldVectors(embed.model);
  };

  /** As often as it was wanted meanwhile: the model may be another one, or passages that were passed by. */
  const makeAll = async (): Promise<void> => {
    do {
      isWantedAgain = false;
      try {
        await makeMissing();
      } catch (error) {
        if (!stopping.signal.aborted) log('warn', 'knowledge.no_vectors', { error: errorText(error) });
      }
    } while (isWantedAgain && !stopping.signal.aborted);
    making = null;
  };

  return {
    /** Makes the vectors that are missing, one batch after the other. Resolves when there is nothing more to do for now. */
    makeMissing: (): Promise<void> => {
      isWantedAgain = making !== null;
      restUntil = 0;
      making ??= makeAll();
      return making;
    },
    /** Best first; empty without vectors. `n`: numbers of passages. */
    search: async (text: string, { limit, signal, known: customer }: MeaningSearch): Promise<{ n: number; isClose: boolean }[]> => {
      const embed = readEmbed();
      if (!embed || now() < restUntil) return [];
      const known = load(embed.model);
      if (known.numbers.length === 0) return [];
      try {
        const [vector] = await embed.embed([text], AbortSignal.any([stopping.signal, AbortSignal.timeout(QUESTION_MS), ...(signal ? [signal] : [])]), customer);
        return vector?.length === known.dimensions ? listNearest(normalize(vector), known, limit).map(({ n, cosine }) => ({ n, isClose: cosine >= CLOSE })) : [];
      } catch (error) {
        if (signal?.aborted !== true) {
          restUntil = now() + REST_MS;
          log('info', 'knowledge.no_vectors', { error: errorText(error) });
        }
        return [];
      }
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      await making;
    },
  };
}

/** Best first. */
function listNearest(asked: Float32Array, { numbers, dimensions, values }: Loaded, limit: number): { n: number; cosine: number }[] {
  const best: { n: number; cosine: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  numbers.forEach((n, row) => {
    const cosine = multiply(asked, values, row * dimensions);
    if (cosine <= least) return;
    const place = best.findIndex((one) => one.cosine < cosine);
    best.splice(place === -1 ? best.length : place, 0, { n, cosine });
    if (best.length > limit) best.pop();
    if (best.length === limit) least = best[limit - 1]!.cosine;
  });
  return best;
}

/** By itself it is compiled well: within a longer function it took eight times as long. */
function multiply(asked: Float32Array, values: Float32Array, start: number): number {
  let sum = 0;
  for (let at = 0; at < asked.length; at++) sum += (asked[at] as number) * (values[start + at] as number);
  return sum;
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** A copy: the bytes of a row may begin anywhere. */
const readFloats = (bytes: Buffer): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);
