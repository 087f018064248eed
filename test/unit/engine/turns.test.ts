/** Whose turn it is: in order, fairly, and never onto somebody who is not there or has enough. */
import { describe, expect, it } from 'vitest';
import { takeTurns, type Candidate, type Unassigned } from '../../../main/engine/assignment/turns.ts';

const people = (...ids: string[]): Candidate[] => ids.map((id) => ({ id, lastRouted: 0, open: 0 }));
const waiting = (count: number, memberIds: string[] | null = null): Unassigned[] => Array.from({ length: count }, (_, n) => ({ id: `c_${n}`, memberIds }));
const takers = (unassigned: Unassigned[], present: Candidate[], capacity = 100): string[] => takeTurns(unassigned, present, capacity).map(({ to }) => to);

describe('turns', () => {
  it('go round, whoever had theirs longest ago first, whatever order they are told in', () => {
    const present = [
      { id: 'a', lastRouted: 9, open: 0 },
      { id: 'b', lastRouted: 4, open: 7 },
      { id: 'c', lastRouted: 0, open: 0 },
    ];
    expect(takers(waiting(5), present)).toEqual(['c', 'b', 'a', 'c', 'b']);
    expect(takers(waiting(5), present.toReversed())).toEqual(['c', 'b', 'a', 'c', 'b']);
  });

  it('are equal over 20 conversations', () => {
    const counts = Map.groupBy(takers(waiting(20), people('a', 'b', 'c')), (id) => id);
    expect([...counts.values()].map(({ length }) => length).toSorted()).toEqual([6, 7, 7]);
  });

  it('pass whoever has enough, and end when all have', () => {
    const present = people('a', 'b').map((one) => (one.id === 'a' ? { ...one, open: 2 } : one));
    expect(takers(waiting(5), present, 3)).toEqual(['a', 'b', 'b', 'b']);
    expect(takers(waiting(5), present, 2)).toEqual(['b', 'b']);
  });

  it('stay within the team that a conversation was handed to', () => {
    expect(takers([...waiting(2, ['b']), ...waiting(1)], people('a', 'b', 'c'))).toEqual(['b', 'b', 'a']);
    expect(takers(waiting(2, ['z']), people('a'))).toEqual([]);
  });

  it('are nobody’s while nobody is there', () => {
    expect(takers(waiting(3), [])).toEqual([]);
  });
});
