/** The rule for single-valued fields (sync.md section 5): an op carries what its author saw (`from`) and wants (`to`). */
export function judgeGuard<T extends string | number | null>(current: T, from: T, to: T): 'applied' | 'merged' | 'superseded' {
  if (current === from) return 'applied';
  return current === to ? 'merged' : 'superseded';
}
