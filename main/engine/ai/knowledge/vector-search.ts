/**
 * Finds passages by what they mean, where the provider has embeddings. Vectors are made in idle moments, kept by the hash of the text
 * and compared by plain dot products (20 000 of 512 dimensions: about 10 ms). Nothing depends on them: a provider that fails or is
 * slow gives no vectors, and words alone decide.
 */
import { errorText, type Log } from '../../../../contract/log.ts';
import type { KnowledgeIndexQueries } from '../../db/knowledge-index-queries.ts';

/** Texts in order to vectors in the same order, of any length. @throws when the provider gives none. */
export type Embed = { model: string; embed: (texts: string[], signal: AbortSignal) => Promise<Float32Array[]> };

const BATCH = 32;
/** A question does not wait longer. */
const QUESTION_MS = 1_500;
const BATCH_MS = 30_000;
/** Cosine from which a passage may be an answer although it shares no word with the question. */
const CLOSE = 0.6;

type Deps = { queries: KnowledgeIndexQueries; /** Null: none at the moment. */ readEmbed: () => Embed | null; indexVersion: () => number; log: Log };
export type VectorSearch = ReturnType<typeof createVectorSearch>;

export function createVectorSearch({ queries, readEmbed, indexVersion, log }: Deps) {
  let loaded: { key: string; numbers: number[]; dimensions: number; values: Float32Array } | null = null;
  let making: Promise<void> | null = null;
  const stopping = new AbortController();

  const load = (model: string) => {
    const key = `${model} ${indexVersion()}`;
    if (loaded?.key === key) return loaded;
    const rows = queries.listVectors(model).map(({ n, vector }) => ({ n, values: readFloats(vector) }));
    const dimensions = rows[0]?.values.length ?? 0;
    const same = rows.filter(({ values }) => values.length === dimensions);
    const values = new Float32Array(same.length * dimensions);
    same.forEach((row, index) => values.set(row.values, index * dimensions));
    loaded = { key, numbers: same.map(({ n }) => n), dimensions, values };
    return loaded;
  };

  const makeMissing = async (): Promise<void> => {
    const embed = readEmbed();
    if (!embed) return;
    for (let texts = queries.listWithoutVector(embed.model, BATCH); texts.length > 0 && !stopping.signal.aborted; texts = queries.listWithoutVector(embed.model, BATCH)) {
      const vectors = await embed.embed(
        texts.map(({ headings, text }) => `${(JSON.parse(headings) as string[]).join(' › ')}\n${text}`.trim()),
        AbortSignal.any([stopping.signal, AbortSignal.timeout(BATCH_MS)]),
      );
      if (vectors.length !== texts.length || stopping.signal.aborted) throw new Error(`${vectors.length} vectors for ${texts.length} texts`);
      texts.forEach(({ hash }, index) => queries.putVector(hash, embed.model, normalize(vectors[index]!)));
      loaded = null;
    }
    if (!stopping.signal.aborted) queries.dropOldVectors(embed.model);
  };

  return {
    /** Makes the vectors that are missing, one batch after the other. Resolves when there is nothing more to do for now. */
    makeMissing: (): Promise<void> => {
      making ??= makeMissing()
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) log('warn', 'knowledge.no_vectors', { error: errorText(error) });
        })
        .finally(() => {
          making = null;
        });
      return making;
    },
    /** Best first; empty without vectors. `n`: numbers of passages. */
    search: async (text: string, limit: number, signal?: AbortSignal): Promise<{ n: number; isClose: boolean }[]> => {
      const embed = readEmbed();
      if (!embed) return [];
      const { numbers, dimensions, values } = load(embed.model);
      if (numbers.length === 0) return [];
      try {
        const [vector] = await embed.embed([text], AbortSignal.any([stopping.signal, AbortSignal.timeout(QUESTION_MS), ...(signal ? [signal] : [])]));
        if (vector?.length !== dimensions) return [];
        const asked = normalize(vector);
        return numbers
          .map((n, row) => {
            let cosine = 0;
            for (let at = 0; at < dimensions; at++) cosine += asked[at]! * values[row * dimensions + at]!;
            return { n, cosine };
          })
          .toSorted((a, b) => b.cosine - a.cosine || a.n - b.n)
          .slice(0, limit)
          .map(({ n, cosine }) => ({ n, isClose: cosine >= CLOSE }));
      } catch (error) {
        log('info', 'knowledge.no_vectors', { error: errorText(error) });
        return [];
      }
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      await making;
    },
  };
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** A copy: the bytes of a row may begin anywhere. */
const readFloats = (bytes: Buffer): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);
