/**
 * A number in JSON from outside, given as one or as its digits (Meta writes both). NaN for anything else: `Number()` would
 * turn `true` into 1 and throws for some objects.
 */
export function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
}

/** `JSON.parse` for text from outside: null where it is no JSON. What it returns still needs a schema. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The same, with integers that a number cannot hold exactly as their digits: Meta's ids of templates are such. */
export function parseExactJson(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return null;
  }
}

/** `context.source`: the value as it is written (ECMAScript, "JSON.parse source text access"). */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

export type Json = Record<string, unknown>;

/** Lenient reading of what others wrote: an object, or null for anything else. */
export const objectOf = (value: unknown): Json | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null);

/** Text, or the digits of a number; null for what says nothing. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);

/** The objects in a list; none where it is no list. */
export const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.map(objectOf).filter((element) => element !== null) : []);

/** JSON text of a value that was parsed from JSON; null where it is nested too deeply to be written again. */
export function writeJson(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
