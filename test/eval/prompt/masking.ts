/** How much of personal data is masked before it leaves, and whether unmasking gives back exactly what stood there. */
import { createMasker, unmask } from '../../../main/engine/ai/prompt/mask.ts';
import { makePersonalData, type PersonalSample } from './personal-data.ts';

/** Each kind by its own switch alone: what another one happens to catch does not count. */
const SWITCH = { card: 'cards', iban: 'cards', email: 'email', phone: 'phones', id: 'ids' } as const;
const NOTHING = { cards: false, ids: false, email: false, phones: false, names: false, addresses: false };
const PLAIN = /[^\p{L}\p{N}]/gu;
const PIECE = 6;
/** A piece of it, six letters or digits long, is still there. */
function isLeaked({ value }: PersonalSample, masked: string): boolean {
  const plain = value.replaceAll(PLAIN, '');
  const left = masked.replaceAll(/⟦[A-Z]+_\d+⟧/g, '⟧').replaceAll(/[^\p{L}\p{N}⟧]/gu, '');
  for (let n = 0; n + PIECE <= plain.length; n += 1) if (left.includes(plain.slice(n, n + PIECE))) return true;
  return plain.length < PIECE && left.includes(plain);
}

export type MaskingResult = {
  count: number;
  /** By kind, 0 to 1. */ maskedShare: Record<string, number>;
  /** Texts that unmasking did not give back exactly. */ inexact: number;
  missed: PersonalSample[];
};

export function runMasking(count: number, seed: number): MaskingResult {
  const samples = makePersonalData(count, seed);
  const totals: Record<string, { all: number; masked: number }> = {};
  const missed: PersonalSample[] = [];
  let inexact = 0;
  for (const sample of samples) {
    const masker = createMasker({ masking: { ...NOTHING, [SWITCH[sample.kind]]: true }, country: sample.country, names: [], addresses: [] });
    const masked = masker.mask(sample.text);
    if (unmask(masked, masker.masked) !== sample.text) inexact += 1;
    const total = (totals[sample.kind] ??= { all: 0, masked: 0 });
    total.all += 1;
    if (isLeaked(sample, masked)) missed.push(sample);
    else total.masked += 1;
  }
  return { count, maskedShare: Object.fromEntries(Object.entries(totals).map(([kind, { all, masked }]) => [kind, masked / all])), inexact, missed };
}
