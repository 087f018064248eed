/** Records of a conversation in three numbers each: read a million at a time, they cost a few ms. Words stand for their number in the desktop's own list of names. */
import type { By, Fact } from './facts.ts';

export const FACT = { in: 1, out: 2, turn: 3, resolved: 4, opened: 5, reopened: 6, lost: 7, template: 8, failed: 9, stopped: 10 } as const;
/** `by` in a head's flags. */
export const BY: Record<By | 'nobody', number> = { nobody: 0, person: 1, automatic: 2, phone: 3 };
export const FLAG = { byMask: 3, isFirst: 4, isFromDraft: 4, isTemplate: 8, delivered: 1, read: 2, failed: 4, answered: 8 } as const;
/** In place of the end of a turn that runs, and of a code that there is none of. */
export const NONE = -1e15;

/** Head: kind + 16 × flags + 256 × number of the name. Then when, then what else there is. */
export const FACT_WIDTH = 3;
export const kindOf = (head: number): number => head % 16;
export const flagsOf = (head: number): number => Math.floor(head / 16) % 16;
export const nameOf = (head: number): number => Math.floor(head / 256);

type Packed = { facts: Buffer; firstAt: number; lastAt: number };

/** @param numberOf the number of an agent or a template. Null: there is nothing to pack. */
export function packFacts(facts: readonly Fact[], numberOf: (kind: 'agent' | 'template', name: string) => number): Packed | null {
  if (facts.length === 0) return null;
  const numbers = new Float64Array(facts.length * FACT_WIDTH);
  const agent = (id: string | null): number => (id === null ? 0 : numberOf('agent', id));
  let [firstAt, lastAt] = [Infinity, -Infinity];
  for (const [index, fact] of facts.entries()) {
    const [flags, name, other] = readOut(fact, agent, numberOf);
    numbers.set([FACT[fact.kind] + 16 * flags + 256 * name, fact.at, other], index * FACT_WIDTH);
    firstAt = Math.min(firstAt, fact.at);
    lastAt = Math.max(lastAt, fact.at);
  }
  return { facts: Buffer.from(numbers.buffer), firstAt, lastAt };
}

function readOut(fact: Fact, agent: (id: string | null) => number, numberOf: (kind: 'agent' | 'template', name: string) => number): [flags: number, name: number, other: number] {
  switch (fact.kind) {
    case 'in':
      return [BY[fact.by ?? 'nobody'], agent(fact.actorId), 0];
    case 'out':
      return [BY[fact.by] + (fact.isFromDraft ? FLAG.isFromDraft : 0) + (fact.isTemplate ? FLAG.isTemplate : 0), agent(fact.actorId), 0];
    case 'turn':
      return [BY[fact.by ?? 'nobody'] + (fact.isFirst ? FLAG.isFirst : 0), agent(fact.actorId), fact.ended ?? NONE];
    case 'resolved':
      return [0, agent(fact.actorId), fact.began];
    case 'template': {
      const reach = { sent: 0, delivered: FLAG.delivered, read: FLAG.delivered + FLAG.read, failed: FLAG.failed }[fact.reach];
      return [reach + (fact.isAnswered ? FLAG.answered : 0), numberOf('template', fact.name), agent(fact.actorId)];
    }
    case 'failed':
      return [0, agent(fact.actorId), fact.code ?? NONE];
    case 'stopped':
      return [0, agent(fact.actorId), 0];
    default:
      return [0, 0, 0];
  }
}

/** Of another machine's byte order nothing is ever read: the table belongs to this desktop. */
export function unpackFacts(facts: Buffer): Float64Array {
  const { buffer, byteOffset, byteLength } = facts.byteOffset % 8 === 0 ? facts : Uint8Array.from(facts);
  return new Float64Array(buffer as ArrayBuffer, byteOffset, byteLength / 8);
}
