/** Every emoji, in Unicode's order, from the lists of emojibase (names and keywords of Unicode's CLDR). Large, so it is fetched when it is first wanted. */
import { foldText } from '../../contract/rules/fold-text.ts';
import type { Emoji } from '../store/emoji-store.ts';

type Entry = { hexcode: string; unicode: string; label: string; tags?: string[]; group?: number; order?: number; skins?: Entry[] };

const TONES = ['1F3FB', '1F3FC', '1F3FD', '1F3FE', '1F3FF'];
/** Parts of others: letters of flags, tones. */
const COMPONENTS = 2;

/**
 * What the bundled font (@fontsource/noto-color-emoji 5.3.2) has no picture of: Unicode 16 and 17, and the family that its slices leave out. On most
 * computers, and on customers' phones, they would be empty boxes for years.
 */
const WITHOUT_PICTURE: ReadonlySet<string> = new Set('1FAE9 1FAEA 1FAEF 1FAC8 1F9D1-200D-1FA70 1FAC6 1FACD 1FABE 1FADC 1F6D8 1FA8A 1FA89 1FA8E 1FA8F 1FADF 1F1E8-1F1F6 1F46A'.split(' '));
/** The same of their tones. */
const WITHOUT_TONES = /^(?:1F46F|1F93C)/;

export async function loadEmojiList(): Promise<readonly Emoji[]> {
  const [es, en] = (await Promise.all([import('emojibase-data/es/compact.json'), import('emojibase-data/en/compact.json')])).map((module) => module.default as Entry[]);
  const english = new Map(en?.map((entry) => [entry.hexcode, entry]));
  return (es ?? [])
    .filter(({ group, hexcode }) => group !== undefined && group !== COMPONENTS && !WITHOUT_PICTURE.has(hexcode))
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((entry) => {
      const other = english.get(entry.hexcode);
      const names = [entry.label, other?.label ?? '', ...(entry.tags ?? []), ...(other?.tags ?? [])];
      return {
        unicode: entry.unicode,
        group: entry.group ?? 0,
        labels: { es: entry.label, en: other?.label ?? entry.label },
        words: ` ${foldText(names.join(' ')).replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `,
        tones: entry.skins && !WITHOUT_TONES.test(entry.hexcode) ? TONES.map((tone) => skinOf(entry, tone)) : null,
      };
    });
}

/** All of it in one tone: people beside each other can also have different ones. */
function skinOf({ unicode, skins = [] }: Entry, tone: string): string {
  const isOnly = ({ hexcode }: Entry): boolean => hexcode.includes(tone) && TONES.every((other) => other === tone || !hexcode.includes(other));
  return skins.find(isOnly)?.unicode ?? unicode;
}
