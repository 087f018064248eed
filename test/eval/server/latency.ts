/**
 * How long words of a model take from its server to whoever watches the draft, and a cancel from there to the server: desktop and window are two
 * programs with a WebSocket between them, the server is one more connection away. A part of the evaluation.
 */
import { untilAi } from '../../support/ai-team.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { EvalFigure, EvalPart } from '../part.ts';
import { begin, LONG_ANSWER, type Begun } from './begin.ts';

const RUNS = 40;
/** The first call loads what it needs. */
const WARM_UPS = 3;

export const LATENCY: EvalPart = {
  summary: 'the first words reach the window, and a cancel the server, in milliseconds',
  measure: async () => {
    const begun = await begin({ pieceMs: 20, replies: [{ match: '', text: LONG_ANSWER }] });
    const took: { shownMs: number; closedMs: number }[] = [];
    try {
      for (let run = -WARM_UPS; run < RUNS; run += 1) {
        const one = await draftAndCancel(begun);
        if (run >= 0) took.push(one);
      }
    } finally {
      await begun.stop();
    }
    return [
      ...describe(
        'first words shown after their first byte',
        took.map(({ shownMs }) => shownMs),
        100,
      ),
      ...describe(
        'connection closed after a cancel',
        took.map(({ closedMs }) => closedMs),
        50,
      ),
    ];
  },
};

async function draftAndCancel({ client, conversationId, calls }: Begun): Promise<{ shownMs: number; closedMs: number }> {
  const before = calls().length;
  const watching = new AbortController();
  const views = await client.ai.watch({ conversationId }, { signal: watching.signal });
  await client.ai.draft({ conversationId });
  for await (const { state, text } of views) if (state === 'streaming' && text !== '') break;
  const shownAt = Date.now();
  const call = () => calls()[before];
  const firstPieceAt = call()?.firstPieceAt ?? Number.NaN;
  const cancelledAt = Date.now();
  await client.ai.cancel({ conversationId });
  const closedAt = await waitUntil('the connection is closed', () => call()?.closedAt);
  if (call()?.isCutByCaller !== true) throw new Error('the answer was whole before it was cancelled');
  watching.abort();
  await untilAi(client, conversationId, 'the draft is over', ({ running }) => running.state === 'idle');
  return { shownMs: shownAt - firstPieceAt, closedMs: closedAt - cancelledAt };
}

function describe(name: string, values: readonly number[], bar: number): EvalFigure[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return [
    { name: `${name}, p50`, value: at(0.5), unit: 'ms', bar: null, cases: values.length },
    { name: `${name}, p95`, value: at(0.95), unit: 'ms', bar: { atMost: bar }, cases: values.length },
  ];
}
