/** Which sentences of a text say what was asked, by the words they share: the same beginning or a typing error is near enough. Pure. */
import { findNearWords } from '../../../../contract/rules/near-words.ts';
import { findWords, foldText } from '../../../../contract/rules/fold-text.ts';

/** Folded words that say nothing of what is asked, Spanish, English and Portuguese. Short on purpose: longer lists take content words out. */
const STOP_WORDS = new Set(
  `a al algo ante aqui asi con como cual cuando cuanto de del desde donde e el ella ellos en entre era es esa ese eso esta estan este esto estoy favor fue gracias hora mucho mucha muchas muchos ok perfecto vale thank
  ha hacen hacer hasta hay hola la las le les lo los mas me mi mis muy necesito no nos o os para pero por porque puede pueden puedo que quien quiero quisiera saber se
  ser si sin sobre son soy su sus tal tambien te tengo tiene tienen tu un una uno unos usted ustedes y ya yo buenas buenos dias tardes noches
  about am an and are at be by can could do does for from good have hello hi how i if in is it me my of on or please thanks that the there this to want was we what
  when where which who will with would you your
  ao aos as com da das do dos ela ele em eu mais meu minha na nas nem no nos num obrigado ola onde ou pela pelo por qual quanto quando quero seu sua tem um uma voce`.split(/\s+/),
);

export const contentWords = (text: string): string[] => [...new Set(findWords(text).map(({ word }) => word))].filter((word) => word.length > 1 && !STOP_WORDS.has(word));

const STEM_MIN = 4;
/** Two forms of one word: alike at the beginning for most of the longer one, or one typing error apart. Figures must be the same. */
function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (/\d/.test(a) || /\d/.test(b)) return false;
  const longest = Math.max(a.length, b.length);
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a[shared] === b[shared]) shared++;
  return (shared >= STEM_MIN && shared >= longest * 0.6) || findNearWords(a, [b], false).length > 0;
}

/** Where sentences end differs little; a language may be known by its name only (`quiché`), which is no tag. */
function createSegmenter(language: string): Intl.Segmenter {
  const options = { granularity: 'sentence' } as const;
  try {
    return new Intl.Segmenter(language, options);
  } catch {
    return new Intl.Segmenter('es', options);
  }
}

/** Sentences as they stand, without the marks of headings and lists. @param language a tag, or what somebody calls it. */
export function splitSentences(text: string, language: string): string[] {
  const segmenter = createSegmenter(language);
  return text
    .split(/\n+/)
    .flatMap((line) => [...segmenter.segment(line.replace(/^\s*(?:[#>*•-]+\s+|\d+[.)]\s+)+/, ''))].map(({ segment }) => segment.trim()))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

export type Match = {
  /** Weight of the question's words that the passage with its heading has, 0 to 1. */
  coverage: number;
  /** The best sentences in their order, at most `maxChars` code units together unless the best alone is longer. */
  sentences: string[];
};

/** Weights of words: those that many passages have tell little. */
export function weighWords(words: readonly string[], passages: readonly string[]): ReadonlyMap<string, number> {
  const lists = passages.map(contentWords);
  return new Map(words.map((word) => [word, Math.log(1 + (lists.length + 1) / (1 + lists.filter((list) => list.some((other) => isSameWord(word, other))).length))]));
}

export function matchPassage(weights: ReadonlyMap<string, number>, heading: string, text: string, language: string, maxChars: number): Match {
  const score = (part: string): number => {
    const there = contentWords(part);
    return [...weights].reduce((sum, [word, weight]) => sum + (there.some((other) => isSameWord(word, other)) ? weight : 0), 0);
  };
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  // A question that stands in the text is what its answer is about; it is no answer itself.
  const scored: { sentence: string; score: number; at: number }[] = [];
  let asked = 0;
  for (const [at, sentence] of splitSentences(text, language).entries()) {
    if (sentence.endsWith('?')) asked = score(sentence);
    else {
      scored.push({ sentence, score: score(sentence) + asked, at });
      asked = 0;
    }
  }
  const best = scored.reduce<(typeof scored)[number] | null>((top, one) => (top === null || one.score > top.score ? one : top), null);
  if (best === null) return { coverage: 0, sentences: [] };
  const others = scored.filter((one) => one !== best && one.score >= best.score / 2 && one.score > 0).toSorted((a, b) => b.score - a.score);
  const following = scored.filter(({ at }) => at === best.at + 1);
  const chosen = [best];
  for (const one of [...others, ...following]) {
    const length = chosen.reduce((sum, { sentence }) => sum + sentence.length + 1, one.sentence.length);
    if (chosen.length < SENTENCES_MAX && length <= maxChars && !chosen.includes(one)) chosen.push(one);
  }
  return { coverage: total === 0 ? 0 : score(`${heading}\n${text}`) / total, sentences: chosen.toSorted((a, b) => a.at - b.at).map(({ sentence }) => sentence) };
}

const SENTENCES_MAX = 3;

/** Whether a folded question holds one of these words or beginnings of words. */
export const asksFor = (question: string, words: RegExp): boolean => words.test(foldText(question));
