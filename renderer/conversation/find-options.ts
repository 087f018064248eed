import { fold } from '../composer/canned-replies.ts';

/** What a picker's option is found by. */
export type Findable = {
  label: string;
  group?: string;
  keywords?: string;
  /** It stands for none of the others, and is found only by how its name begins. */
  isNone?: boolean;
};

/**
 * Those that contain what was typed. Those of which a word begins with it come first, and with them their group: Enter takes
 * the first, and two or three letters are usually the beginning of a name.
 */
export function findOptions<T extends Findable>(options: readonly T[], typed: string): readonly T[] {
  const wanted = fold(typed.trim());
  if (wanted === '') return options;
  const groups = [...Map.groupBy(options, ({ group }) => group).values()];
  const found = groups.map((group) => {
    const begin = group.filter((option) => beginsWith(option, wanted));
    return { begin, contain: group.filter((option) => !option.isNone && !begin.includes(option) && textOf(option).includes(wanted)) };
  });
  return found.toSorted((a, b) => Number(b.begin.length > 0) - Number(a.begin.length > 0)).flatMap(({ begin, contain }) => [...begin, ...contain]);
}

const textOf = ({ label, keywords = '' }: Findable): string => fold(`${label} ${keywords}`);

function beginsWith(option: Findable, wanted: string): boolean {
  const text = textOf(option);
  if (option.isNone) return text.startsWith(wanted);
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].some(({ index }) => text.startsWith(wanted, index));
}
