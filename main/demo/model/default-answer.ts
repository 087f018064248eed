/**
 * What the stand-in writes by itself: it reads the prompt as a model would and answers with the facts that share words with the question, each
 * with its marker. Enough to see whether the right facts reached it; it understands nothing.
 */
type Line = { id: string; label: string; text: string };
type Language = 'es' | 'en' | 'pt';

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const FACT = new RegExp(String.raw`^\[([FK]\d{1,3})\] (${STRING}): (${STRING})$`);
const SAID = new RegExp(String.raw`^(?:\[(F\d{1,3})\] )?(.*?)(${STRING})$`);
const UNKNOWN: Record<Language, string> = {
  es: 'No tengo ese dato a la mano; una persona de nuestro equipo puede ayudarle en este mismo chat.',
  en: 'I do not have that information; a person of our team can help you in this same chat.',
  pt: 'Não tenho essa informação; uma pessoa da nossa equipe pode ajudar neste mesmo chat.',
};
/** Folded words of a question and the beginnings of labels that they ask for. */
const ASKED: [RegExp, RegExp][] = [
  [/\b(estado|como va|avance|solicitud|status|progress|update|request)\b/, /^(estado|status)/],
  [/\b(cuando|fecha|when|date)\b/, /^(fecha (aprobada|solicitada)|(approved|requested) date)/],
  [/\b(quien|tecnico|proveedor|who|vendor|technician)\b/, /^(proveedor|vendor)/],
];
const SENTENCES_MAX = 3;

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
/** Beginnings of the longer words: forms of one word are alike there. */
const stems = (text: string): Set<string> => new Set((fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 3 || /\d/.test(word)).map((word) => word.slice(0, 5)));
const overlap = (question: ReadonlySet<string>, text: string): number => [...stems(text)].filter((stem) => question.has(stem)).length;
const parse = (quoted: string): string => JSON.parse(quoted) as string;
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => /\p{L}/u.test(sentence));
const mark = (sentence: string, id: string): string => `${/[.!?]$/.test(sentence) ? sentence : `${sentence}.`} [${id}]`;

/** @param prompt everything that was sent, joined. */
export function answerPrompt(prompt: string): string {
  const lines = prompt.split('\n');
  const facts = lines.flatMap((line): Line[] => {
    const [, id, label, text] = FACT.exec(line) ?? [];
    return id && label && text ? [{ id, label: parse(label), text: parse(text) }] : [];
  });
  const section = (name: RegExp): string[] => {
    const from = lines.findLastIndex((line) => name.test(line));
    const rest = lines.slice(from + 1);
    const to = rest.findIndex((line) => line.startsWith('## ') || line.endsWith('>>>'));
    return from === -1 ? [] : rest.slice(0, to === -1 ? undefined : to);
  };
  const task = section(/^## (TAREA|TASK)/).join(' ');
  const draft = SAID.exec(section(/^## (BORRADOR|DRAFT)/).join(''))?.[3];
  const history = section(/^## (CONVERSACIÓN|CONVERSATION)/).flatMap((line) => {
    const [, id, who, said] = SAID.exec(line) ?? [];
    return said ? [{ id: id ?? null, isCustomer: /cliente|customer/.test(who ?? ''), said: parse(said) }] : [];
  });
  const named = / \(([a-z]{2})\)\.?\s*$/.exec(task)?.[1];
  const language: Language = named === 'en' || named === 'pt' ? named : named === 'es' || /[áéíóúñ¿¡]/i.test(task) ? 'es' : 'en';
  if (history.some(({ id }) => id !== null)) return summarise(history);
  if (draft && history.length === 0 && facts.length === 0) return rewrite(parse(draft), task);
  // A plain question, without any data.
  if (history.length === 0 && facts.length === 0) return 'OK';
  const lastAgent = history.findLastIndex(({ isCustomer }) => !isCustomer);
  return reply(
    facts,
    history
      .slice(lastAgent + 1)
      .map(({ said }) => said)
      .join(' ') ||
      (history.findLast(({ isCustomer }) => isCustomer)?.said ?? ''),
    language,
  );
}

function reply(facts: readonly Line[], question: string, language: Language): string {
  const asked = ASKED.filter(([words]) => words.test(fold(question)));
  const ofRequest = facts.filter(({ label }) => asked.some(([, wanted]) => wanted.test(fold(label)))).slice(0, SENTENCES_MAX);
  const words = stems(question);
  const passages = facts
    .filter(({ id }) => id.startsWith('K'))
    .map((fact) => ({ fact, score: overlap(words, `${fact.label} ${fact.text}`) }))
    .toSorted((a, b) => b.score - a.score);
  const best = passages.find(({ score }) => score > 0)?.fact ?? (ofRequest.length === 0 ? passages[0]?.fact : undefined);
  const told = ofRequest.map(({ id, label, text }) => mark(`${label}: ${text}`, id));
  if (best) {
    const sentences = sentencesOf(best.text).filter((sentence) => !sentence.endsWith('?'));
    const chosen = sentences.toSorted((a, b) => overlap(words, b) - overlap(words, a)).slice(0, 2);
    told.push(...sentences.filter((sentence) => chosen.includes(sentence)).map((sentence) => mark(sentence, best.id)));
  }
  return told.length === 0 ? UNKNOWN[language] : told.slice(0, SENTENCES_MAX).join(' ');
}

const summarise = (history: readonly { id: string | null; said: string }[]): string =>
  history
    .slice(-5)
    .map(({ id, said }) => mark(sentencesOf(said)[0] ?? said, id ?? ''))
    .join(' ');

function rewrite(draft: string, task: string): string {
  if (/acorta|shorten/i.test(task)) return sentencesOf(draft)[0] ?? draft;
  if (/cálido|warmer/i.test(task)) return `${draft} 🙂`;
  if (/formal/i.test(task)) return draft.replaceAll(/\btu\b/g, 'su').replaceAll(/\bte\b/g, 'le');
  if (/traduce|translate/i.test(task)) return `(${/\(([a-z]{2})\)/.exec(task)?.[1] ?? '?'}) ${draft}`;
  return draft.replace(/^\p{L}/u, (letter) => letter.toUpperCase()).replaceAll(/ {2,}/g, ' ');
}
