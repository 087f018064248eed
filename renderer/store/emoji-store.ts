/** The list of emoji, read when somebody first wants one, and what this window remembers of them: the last ones used, and a tone of skin. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import * as z from 'zod/mini';
import { foldText } from '../../contract/rules/fold-text.ts';

/** `group`: of Unicode, in its order. `words`: folded, what it is called and found by, in both languages. `tones`: the same in the five tones of skin; null: it has none. */
export type Emoji = { unicode: string; group: number; labels: { es: string; en: string }; words: string; tones: readonly string[] | null };

export type EmojiState = {
  /** Null: not read yet. */
  list: readonly Emoji[] | null;
  hasFailed: boolean;
  /** The last ones used, without a tone, newest first. */
  recent: readonly string[];
  /** 0: none, else 1 (light) to 5 (dark). */
  tone: number;
  load(): void;
  use(unicode: string): void;
  setTone(tone: number): void;
};

const KEY = 'bandeja.emoji';
const RECENT_MAX = 24;
const keptSchema = z.object({ recent: z.array(z.string()), tone: z.number() });

type Deps = { storage: Pick<Storage, 'getItem' | 'setItem'>; loadList(): Promise<readonly Emoji[]> };

export function createEmojiStore({ storage, loadList }: Deps): StoreApi<EmojiState> {
  let isLoading = false;
  return createStore<EmojiState>((set, get) => {
    const keep = (patch: Partial<Pick<EmojiState, 'recent' | 'tone'>>): void => {
      set(patch);
      const { recent, tone } = get();
      storage.setItem(KEY, JSON.stringify({ recent, tone }));
    };
    return {
      list: null,
      hasFailed: false,
      ...readKept(storage),
      load: () => {
        if (isLoading || get().list !== null) return;
        isLoading = true;
        void loadList()
          .then(
            (list) => set({ list, hasFailed: false }),
            () => set({ hasFailed: true }),
          )
          .finally(() => {
            isLoading = false;
          });
      },
      use: (unicode) => keep({ recent: [unicode, ...get().recent.filter((other) => other !== unicode)].slice(0, RECENT_MAX) }),
      setTone: (tone) => keep({ tone }),
    };
  });
}

function readKept(storage: Deps['storage']): Pick<EmojiState, 'recent' | 'tone'> {
  try {
    const kept = keptSchema.safeParse(JSON.parse(storage.getItem(KEY) ?? ''));
    if (kept.success) return { recent: kept.data.recent.slice(0, RECENT_MAX), tone: Math.min(5, Math.max(0, Math.trunc(kept.data.tone))) };
  } catch {
    // Nothing was kept, or nothing that can be read.
  }
  return { recent: [], tone: 0 };
}

export const withTone = ({ unicode, tones }: Pick<Emoji, 'unicode' | 'tones'>, tone: number): string => (tone === 0 ? unicode : (tones?.[tone - 1] ?? unicode));

/** By every word of a query, in either language; what begins with the first one before what has it inside. */
export function findEmoji({ list }: Pick<EmojiState, 'list'>, query: string, limit: number): Emoji[] {
  const words = foldText(query)
    .split(/[\s_-]+/)
    .filter((word) => word !== '');
  const [first] = words;
  if (first === undefined || list === null) return [];
  const ranked = list.flatMap((emoji) => {
    if (!words.every((word) => emoji.words.includes(` ${word}`))) return [];
    const isNamed = [emoji.labels.es, emoji.labels.en].some((label) => foldText(label).startsWith(first));
    const isWhole = emoji.words.includes(` ${first} `);
    return [{ emoji, rank: (isWhole ? 0 : 2) + (isNamed ? 0 : 1) }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ emoji }) => emoji);
}
