/** Everything that `npm run eval` measures. */
import type { EvalPart } from './part.ts';
import { RETRIEVAL } from './retrieval/retrieval.ts';

export const PARTS: Readonly<Record<string, EvalPart>> = { retrieval: RETRIEVAL };
