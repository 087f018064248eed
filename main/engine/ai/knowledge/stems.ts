/**
 * Words of a text as the knowledge base compares them: folded, without the words that every question has, and stemmed (Snowball).
 * Source of the stems: https://snowballstem.org/algorithms/. Folding comes first, because customers write without accents.
 */
import { newStemmer } from 'snowball-stemmers';
import type { KbLanguage } from '../../../../contract/ai/ai-words.ts';
import { findWords, foldText } from '../../../../contract/rules/fold-text.ts';

const ALGORITHMS: Record<KbLanguage, string> = { es: 'spanish', en: 'english', pt: 'portuguese' };
/** Of a language; more than the words of any knowledge base that people write. */
const CACHED_MAX = 100_000;

/** Function words and what people say besides their question, folded. Long ready-made lists also hold words that carry meaning here (día, horas, estado, trabajo). */
const STOP_WORDS: Record<KbLanguage, ReadonlySet<string>> = {
  es: toSet(`a al algo alguien algun alguna algunas alguno algunos ante asi aun aunque bien bueno buena buenas buenos cada como con contra cual cuales cualquier cuando cuanto cuanta cuantos cuantas de del desde donde dos
    e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estan estar este esto estos estoy etc favor fue fueron gracias ha haber habia hace hacen hacer hacia han hasta hay he hola la las le les lo los
    mas me mi mis mismo misma muy nada ni no nos nosotros o os otra otras otro otros para pero poco podria podrian podemos por porfa porfavor porque pero pude puede pueden puedo pues q que quien quienes quiero quisiera
    quiere saber se sea sean ser si sin sobre solo son soy su sus tal tambien tan tanto te tengo tenia tiene tienen tienes toda todas todo todos tras tu tus u un una unas uno unos usted ustedes va van vez voy xq y ya yo
    gustaria necesito decir decirme dice disculpe disculpa consulta pregunta ayuda ayudar ayudarme me fueran vos ahi aqui aca alla entonces ok`),
  en: toSet(`a about am an and any are aren as at be because been being but by can cannot can could couldn d did didn do does doesn doing don each few for from get getting got had has hasn have haven having he hello her here hers hi him his
    how i if in into is isn it its just ll m may me might mine more most much must my need no nor not of on one only or other our ours out over own please re s same shall she should so some such t than thank thanks that the their
    theirs them then there these they this those to too up us ve very want was wasn we were weren what when where which while who whom whose why will with won would y yes you your yours know tell like help`),
  pt: toSet(`a ao aos algo alguem algum alguma ali ante aos apos aqui as ate bem boa bom cada com como da das de dela dele deles depois do dos e ela elas ele eles em entre era essa esse esta estao estar este estou eu fazer favor foi
    foram ha isso isto ja la lhe lhes lo mais mas me mesmo meu meus minha minhas muito na nao nas nem no nos nossa nosso num numa o obrigado obrigada oi ola os ou para pela pelas pelo pelos pode podem por porque posso pra qual quais
    quando quanto que quem quero queria saber se sem ser seu seus so sua suas tambem te tem tenho ter todo toda um uma umas uns vai voce voces vou preciso gostaria`),
};

function toSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** Endings that the stemmers know by their accent only, put back: `instalacion` would be no relative of `instalaciones`. */
const ACCENTED: Record<KbLanguage, readonly (readonly [RegExp, string])[]> = {
  es: [
    [/([cs])ion$/, '$1ión'],
    [/logia(s?)$/, 'logía$1'],
  ],
  en: [],
  pt: [
    [/([cs])ao$/, '$1ão'],
    [/coes$/, 'ções'],
    [/cão$/, 'ção'],
  ],
};
const withAccents = (word: string, language: KbLanguage): string => ACCENTED[language].reduce((text, [ending, accented]) => text.replace(ending, accented), word);

export type Stems = ReturnType<typeof createStems>;

export function createStems() {
  const known = new Map((Object.keys(ALGORITHMS) as KbLanguage[]).map((language) => [language, { stemmer: newStemmer(ALGORITHMS[language]), stems: new Map<string, string>() }]));
  const stemOf = (word: string, language: KbLanguage): string => {
    const { stemmer, stems } = known.get(language)!;
    const cached = stems.get(word);
    if (cached !== undefined) return cached;
    if (stems.size >= CACHED_MAX) stems.clear();
    // Figures and codes are no words of a language.
    const stem = /\d/.test(word) ? word : foldText(stemmer.stem(withAccents(word, language)));
    stems.set(word, stem);
    return stem;
  };
  const isStopWord = (word: string, language: KbLanguage): boolean => STOP_WORDS[language].has(word) || (word.length === 1 && !/\d/.test(word));
  return {
    /** Of a folded word. */
    stemOf,
    isStopWord,
    /** Of a text, in its order, with repetitions. */
    listStems: (text: string, language: KbLanguage): string[] => findWords(text).flatMap(({ word }) => (isStopWord(word, language) ? [] : [stemOf(word, language)])),
    /** The words of a text that `listStems` leaves out, and its stems: how a question is put, not only what it is about. */
    listSmallWords: (text: string, language: KbLanguage): string[] => findWords(text).map(({ word }) => stemOf(word, language)),
  };
}
