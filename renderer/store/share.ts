/**
 * Structural sharing: answers of the engine are compared with what is shown, and what did not change keeps its identity,
 * so that a memoised row is painted again only if something in it is new.
 */
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

export function reuse<T>(shown: T | null | undefined, fresh: T): T {
  return shown !== null && shown !== undefined && isSame(shown, fresh) ? shown : fresh;
}

export function reuseList<T extends { id: string }>(shown: readonly T[], fresh: readonly T[]): readonly T[] {
  const known = new Map(shown.map((item) => [item.id, item]));
  const merged = fresh.map((item) => reuse(known.get(item.id), item));
  return merged.length === shown.length && merged.every((item, index) => item === shown[index]) ? shown : merged;
}

/** The same for what is put together of parts that are shared already. */
export const reuseWhole = <T extends object>(shown: T | null, fresh: T): T => (shown !== null && (Object.keys(fresh) as (keyof T)[]).every((key) => shown[key] === fresh[key]) ? shown : fresh);
