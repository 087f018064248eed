/** How far the estimate of tokens is off for a model, learned from what its server counts. Pure but for the map that its owner keeps. */

const WEIGHT = 0.2;
/** Beyond these a report is about something else than the text. */
const FACTOR_MIN = 0.4;
const FACTOR_MAX = 2.5;
/** Estimated tokens; smaller prompts say little, as the frame of the request weighs too much. */
const LEARN_FROM = 100;

/** What the server counted divided by what was estimated, as an exponentially weighted mean. @param estimated with factor 1. @returns the factor after one more report. */
export function learnTokenFactor(factor: number, counted: number, estimated: number): number {
  if (estimated < LEARN_FROM || counted <= 0) return factor;
  const seen = Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, counted / estimated));
  return factor + WEIGHT * (seen - factor);
}

/** Factors by model; a `Map` will do. None: 1. */
export type TokenFactorStore = { get(model: string): number | undefined; set(model: string, factor: number): unknown };
