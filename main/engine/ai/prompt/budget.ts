/**
 * What fits into a prompt. Invariant: things are left out in one order and only as far as they must: the tail of the knowledge, old
 * history, the summary, optional facts; the customer's last message and required facts always stay.
 */

const CHARACTERS_PER_TOKEN = 3.5;
/** @param factor what the server counted divided by what was estimated, as learnt so far; 1: nothing yet. */
export const estimateTokens = (characters: number, factor: number): number => Math.ceil((characters / CHARACTERS_PER_TOKEN) * factor);

/** Of the budget, at most (6,000 tokens: rules 900, knowledge 1,800, summary 300 …); history has the rest, and not less than its share while anything before it in the order can go. */
export const SHARES = { profile: 0.15, knowledge: 0.3, summary: 0.05, history: 0.15, lastInbound: 0.25 } as const;
export const KNOWLEDGE_MAX = { passages: 6, tokens: 300, /** Of the best score. */ scoreShare: 0.35 } as const;
export const LAST_INBOUND_TOKENS = 1_200;
export const MESSAGE_TOKENS = 300;
export const SUMMARY_TOKENS = 300;

/** Tokens by item. `fixed`: of everything that always stays. */
export type Demand = {
  budget: number;
  fixed: number;
  /** Best first. */
  knowledge: readonly number[];
  summary: number;
  /** Most needed first. */
  optional: readonly number[];
  /** How many there are, and what the nth newest takes: asked for as far as it may fit. */
  history: { count: number; tokensOf: (n: number) => number };
};
/** How many of each stay. `left`: what is free then; negative: what must stay is larger than the budget. */
export type Fitting = { knowledge: number; history: number; hasSummary: boolean; optional: number; left: number };

export function fitBudget({ budget, fixed, knowledge, summary, optional, history }: Demand): Fitting {
  let known = 0;
  let knownTokens = 0;
  for (const tokens of knowledge) {
    if (knownTokens + tokens > budget * SHARES.knowledge) break;
    knownTokens += tokens;
    known += 1;
  }
  const sum = (items: readonly number[]): number => items.reduce((total, tokens) => total + tokens, 0);
  let optionals = optional.length;
  let hasSummary = summary > 0;
  let left = budget - fixed - knownTokens - summary - sum(optional);

  let wanted = 0;
  for (let n = 0; n < history.count && wanted < budget * SHARES.history; n += 1) wanted += history.tokensOf(n);
  while (left < Math.min(wanted, budget * SHARES.history) && known > 0) left += knowledge[(known -= 1)] ?? 0;
  // What goes after history goes only where there is none: it does not come back into the room that the others left.
  const isTooMuch = left < 0;
  if (isTooMuch && hasSummary) {
    hasSummary = false;
    left += summary;
  }
  while (left < 0 && optionals > 0) left += optional[(optionals -= 1)] ?? 0;

  let kept = 0;
  for (; kept < history.count && !isTooMuch; kept += 1) {
    const tokens = history.tokensOf(kept);
    if (tokens > left) break;
    left -= tokens;
  }
  return { knowledge: known, history: kept, hasSummary, optional: optionals, left };
}
