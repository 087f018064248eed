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
