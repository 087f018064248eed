/** Everything that `npm run eval` measures. */
import { CHECKS } from './checks/checks.ts';
import type { EvalPart } from './part.ts';
import { PROMPT } from './prompt/prompt-part.ts';
import { RETRIEVAL } from './retrieval/retrieval.ts';
import { COST } from './server/cost.ts';
import { LATENCY } from './server/latency.ts';

export const PARTS: Readonly<Record<string, EvalPart>> = { checks: CHECKS, prompt: PROMPT, retrieval: RETRIEVAL, latency: LATENCY, cost: COST };
