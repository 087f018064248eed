/**
 * Puts together what a model is asked. Pure: the same input and nonces give the same prompt. Invariants: rules come first and are always
 * the same; every word of somebody else is a quote on a line that begins with our words, between two fences whose code occurs in no
 * text; nothing is of another customer; what must be masked is masked before anything is cut.
 */
import { createHash } from 'node:crypto';
import type { AiSettings, Basis, Fact } from '../../../../contract/ai/ai-entities.ts';
import type { Rewrite } from '../../../../contract/ai/ai-words.ts';
import { AI_MAX } from '../../../../contract/limits.ts';
import { isAboutAnother } from '../../../../contract/whatsapp/about-message.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { estimateTokens, fitBudget, KNOWLEDGE_MAX, LAST_INBOUND_TOKENS, MESSAGE_TOKENS, SHARES, SUMMARY_TOKENS } from './budget.ts';
import type { FactSource } from './facts.ts';
import { createTextWriter, createTimeWriter, writeMessage, type HistoryMessage } from './history-lines.ts';
import { createMasker, PLACEHOLDER, type MaskOptions } from './mask.ts';
import type { Prompt } from './prompt.ts';
import { PROMPT_WORDS, promptLanguageOf, type PromptLanguage, type Section } from './prompt-words.ts';
import { PROMPT_VERSION, REPLY_RULES, REWRITE_RULES, SUMMARY_RULES, TASKS } from './system-text.ts';

/** A passage that the knowledge base found, best first. `label`: where it stands, `Horario › Feriados`. */
export type PromptPassage = { articleId: string; revisionId: string; passageId: string; mayAutoAnswer: boolean; label: string; text: string; score: number };
/** An internal note: told to colleagues, never to customers. */
export type PromptNote = { id: string; contactId: string; at: number; author: string; body: string };

export type PromptTask =
  /** `instruction`: of the agent, or null. `previous`: the reply that another one is wanted for. */
  | { purpose: 'reply'; instruction: string | null; previous: string | null }
  /** `text`: what stands in the composer. */
  | { purpose: 'rewrite'; rewrite: Rewrite; text: string }
  | { purpose: 'summary'; kind: 'transfer' | 'thread' };

export type PromptInput = {
  task: PromptTask;
  /** Whom it is about: who stands for the person with everybody merged into them, and the requests linked to the conversation. */
  subject: { contactIds: ReadonlySet<string>; requestIds: ReadonlySet<string> };
  /** `collectFacts`. */
  facts: readonly FactSource[];
  passages: readonly PromptPassage[];
  /** Of what lies before `messages`; null: none was made. */
  summary: string | null;
  /** Oldest first. */
  messages: readonly HistoryMessage[];
  /** Oldest first; only summaries tell of them. */
  notes: readonly PromptNote[];
  /** Of the answer; for a translation, into which. */
  language: { code: string; isSure: boolean };
  settings: Pick<AiSettings, 'tone' | 'masking' | 'budget'>;
  /** `names`, `addresses`: of this customer, as rows have them. */
  known: Pick<MaskOptions, 'country' | 'names' | 'addresses'>;
  timeZone: string;
  tokenFactor: number;
  basis: Omit<Basis, 'promptVersion'>;
};

type Line = { text: string; tokens: number };
/** Lines of the prompt's sections, in their order. */
type Parts = Partial<Record<Section, Line[]>>;

const NONCE = /^[\da-zA-Z]{16,64}$/;
const NONCE_DRAWS = 20;
const REWRITE_OUTPUT_MAX = 4_000;
const SUMMARY_OUTPUT_TOKENS = 500;
const TONE_MAX = 1_000;
const WHOLE = Number.MAX_SAFE_INTEGER;

/** @param drawNonce 16 to 64 random letters and digits, others each time. @throws Error for rows of somebody else, and for nonces that cannot be used. */
export function assemblePrompt(input: PromptInput, drawNonce: () => string): Prompt {
  requireOwnRows(input);
  const { task, settings, language, tokenFactor } = input;
  const words = promptLanguageOf(language.code);
  const masker = createMasker({ masking: settings.masking, ...input.known });
  const write = createTextWriter(masker.mask);
  const line = (text: string): Line => ({ text, tokens: estimateTokens(text.length + 1, tokenFactor) });
  const context: Context = { input, words, write, line, toCharacters: (tokens) => Math.floor((tokens * 3.5) / tokenFactor) };

  const { parts, facts, dropped } = task.purpose === 'rewrite' ? composeRewrite(context, task) : task.purpose === 'summary' ? composeSummary(context, task) : composeReply(context, task);
  const nonce = drawUnusedNonce(drawNonce, parts, input);
  const messages = writeMessages(parts, nonce, words);
  const left = new Set(messages.flatMap(({ content }) => content.match(PLACEHOLDER) ?? []));
  const masked = new Map([...masker.masked].filter(([placeholder]) => left.has(placeholder)));
  return {
    purpose: task.purpose,
    rewrite: task.purpose === 'rewrite' ? task.rewrite : null,
    messages,
    nonce,
    facts,
    question: readQuestion(input.messages),
    source: task.purpose === 'rewrite' ? task.text : undefined,
    language,
    masked,
    maskedCounts: countKinds(masked.keys()),
    sections: Object.fromEntries(Object.entries(parts).map(([section, lines]) => [section, lines.reduce((sum, { tokens }) => sum + tokens, 0)])),
    dropped,
    maxOutputTokens: outputTokensFor(input),
    basis: { ...input.basis, promptVersion: PROMPT_VERSION },
    hash: createHash('sha256').update(JSON.stringify(messages)).digest('hex'),
  };
}

type Context = {
  input: PromptInput;
  words: PromptLanguage;
  write: ReturnType<typeof createTextWriter>;
  line: (text: string) => Line;
  /** Of a text whose tokens are limited. */ toCharacters: (tokens: number) => number;
};
type Composed = { parts: Parts; facts: Fact[]; dropped: string[] };

function requireOwnRows({ subject, facts, messages, notes }: PromptInput): void {
  for (const { ref } of facts) {
    if (ref?.kind === 'contact' && !subject.contactIds.has(ref.contactId)) throw new Error('a fact is of another contact');
    if (ref?.kind === 'request' && !subject.requestIds.has(ref.requestId)) throw new Error('a fact is of a request that is not linked to this conversation');
  }
  for (const { contactId } of [...messages, ...notes]) if (!subject.contactIds.has(contactId)) throw new Error('a message or note is of another contact');
}

function composeReply({ input, words, write, line, toCharacters }: Context, task: Extract<PromptTask, { purpose: 'reply' }>): Composed {
  const { messages, settings, passages, summary } = input;
  const budget = settings.budget.inputTokens;
  const numbered = numberFacts(input.facts);
  const factLine = (fact: Fact, max: number): Line => line(`[${fact.id}] ${write(fact.label, 400)}: ${write(fact.text, max)}`);
  const written = numbered.map((fact, n) => ({
    isProfile: isProfile(input.facts[n]),
    isOptional: input.facts[n]?.isOptional ?? true,
    fact,
    line: factLine(fact, toCharacters(isProfile(input.facts[n]) ? budget * SHARES.profile : MESSAGE_TOKENS)),
  }));
  const optional = written.filter(({ isOptional }) => isOptional);
  const required = written.filter(({ isOptional }) => !isOptional);
  const best = Math.max(0, ...passages.map(({ score }) => score));
  const knowledge = passages
    .slice(0, KNOWLEDGE_MAX.passages)
    .filter(({ score }) => score >= best * KNOWLEDGE_MAX.scoreShare)
    .map((passage, n) => {
      const fact = toKnowledgeFact(passage, n);
      return { fact, line: factLine(fact, toCharacters(KNOWLEDGE_MAX.tokens)) };
    });
  const summaryLine = summary === null || summary === '' ? null : line(write(summary, toCharacters(Math.min(SUMMARY_TOKENS, budget * SHARES.summary))));

  const toTime = createTimeWriter(input.timeZone);
  const lastInbound = messages.findLastIndex(({ direction, content }) => direction === 'in' && !isAboutAnother(content));
  const historyLine = (index: number): Line => {
    const message = messages[index];
    if (!message) throw new RangeError('no such message');
    const tokens = index === lastInbound ? Math.min(LAST_INBOUND_TOKENS, budget * SHARES.lastInbound) : MESSAGE_TOKENS;
    return line(`${toTime(message.at)} ${writeMessage(message, words, write, toCharacters(tokens))}`);
  };
  const pinned = lastInbound < 0 ? null : historyLine(lastInbound);
  /** Newest first, without the one that always stays. */
  const others = messages.map((_, index) => index).filter((index) => index !== lastInbound);
  others.reverse();
  const lines = new Map<number, Line>();
  const otherLine = (n: number): Line => {
    const index = others[n] ?? 0;
    const known = lines.get(index) ?? historyLine(index);
    lines.set(index, known);
    return known;
  };

  const rules = [line(REPLY_RULES[words])];
  const business = writeBusiness(
    { words, write, line },
    required.filter(({ isProfile }) => isProfile),
    settings.tone,
  );
  const taskLines = writeTask({ input, words, write, line }, task.previous !== null, task.instruction);
  const draft = task.previous === null ? [] : [line(write(task.previous, WHOLE))];
  const told = required.filter(({ isProfile }) => !isProfile);
  const headings = estimateTokens(400, input.tokenFactor);
  const sum = (items: readonly Line[]): number => items.reduce((total, { tokens }) => total + tokens, 0);
  const fit = fitBudget({
    budget,
    fixed: headings + sum([...rules, ...business, ...taskLines, ...draft, ...told.map(({ line: l }) => l), ...(pinned ? [pinned] : [])]),
    knowledge: knowledge.map(({ line: l }) => l.tokens),
    summary: summaryLine?.tokens ?? 0,
    optional: optional.map(({ line: l }) => l.tokens),
    history: { count: others.length, tokensOf: (n) => otherLine(n).tokens },
  });

  const keptIndexes = [...others.slice(0, fit.history), ...(lastInbound < 0 ? [] : [lastInbound])].toSorted((a, b) => a - b);
  const keptOptional = optional.slice(0, fit.optional);
  const keptKnowledge = knowledge.slice(0, fit.knowledge);
  return {
    parts: {
      rules,
      business,
      facts: [...told, ...keptOptional].map(({ line: l }) => l),
      knowledge: keptKnowledge.map(({ line: l }) => l),
      summary: fit.hasSummary && summaryLine ? [summaryLine] : [],
      history: keptIndexes.map((index) => (index === lastInbound && pinned ? pinned : (lines.get(index) ?? historyLine(index)))),
      draft,
      task: taskLines,
    },
    facts: [...[...required, ...keptOptional].map(({ fact }) => fact), ...keptKnowledge.map(({ fact }) => fact)],
    dropped: [
      ...knowledge
        .slice(fit.knowledge)
        .map(({ fact }) => `knowledge:${fact.id}`)
        .toReversed(),
      ...(fit.history < others.length ? [`history:${others.length - fit.history}`] : []),
      ...(summaryLine && !fit.hasSummary ? ['summary'] : []),
      ...optional
        .slice(fit.optional)
        .map(({ fact }) => `fact:${fact.id}`)
        .toReversed(),
    ],
  };
}

/** Nothing of the customer but the text itself leaves; its facts are there for the checks. */
function composeRewrite({ input, words, write, line }: Context, { rewrite, text }: Extract<PromptTask, { purpose: 'rewrite' }>): Composed {
  return {
    parts: { rules: [line(REWRITE_RULES[words])], draft: [line(write(text, WHOLE))], task: [line(withLanguage(TASKS[words].rewrite[rewrite], input.language.code, words))] },
    facts: [...numberFacts(input.facts), ...input.passages.slice(0, KNOWLEDGE_MAX.passages).map(toKnowledgeFact)],
    dropped: [],
  };
}

/** Every line has an id of its own, so that a sentence of the summary leads to what was said. */
function composeSummary({ input, words, write, line, toCharacters }: Context, { kind }: Extract<PromptTask, { purpose: 'summary' }>): Composed {
  const toTime = createTimeWriter(input.timeZone);
  const { note } = PROMPT_WORDS[words];
  const sources = input.facts.filter((source) => !isProfile(source) && source.kind !== 'template');
  const facts = numberFacts(sources);
  const factLines = facts.map((fact) => line(`[${fact.id}] ${write(fact.label, 400)}: ${write(fact.text, toCharacters(MESSAGE_TOKENS))}`));
  const entries = [
    ...input.notes.map(({ id, at, author, body }) => ({
      id,
      at,
      section: 'notes' as const,
      text: body,
      toText: () => `${toTime(at)} ${note} (${write(author, 100)}): ${write(body, toCharacters(MESSAGE_TOKENS))}`,
    })),
    ...input.messages.map((message) => ({
      id: message.id,
      at: message.at,
      section: 'history' as const,
      text: wordsOf(message.content) ?? '',
      toText: () => `${toTime(message.at)} ${writeMessage(message, words, write, toCharacters(MESSAGE_TOKENS))}`,
    })),
  ];
  const newestFirst = entries.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, SUMMARY_ENTRIES);
  const lines = new Map<number, Line>();
  /** With room for its id, which is known when it is known how many there are. */
  const entryLine = (n: number): Line => {
    const known = lines.get(n) ?? line(`[F999] ${newestFirst[n]?.toText() ?? ''}`);
    lines.set(n, known);
    return known;
  };
  const rules = [line(SUMMARY_RULES[words])];
  const task = [line(withLanguage(TASKS[words][kind], input.language.code, words))];
  const sum = (items: readonly Line[]): number => items.reduce((total, { tokens }) => total + tokens, 0);
  const fit = fitBudget({
    budget: input.settings.budget.inputTokens,
    fixed: estimateTokens(300, input.tokenFactor) + sum([...rules, ...task, ...factLines]),
    knowledge: [],
    summary: 0,
    optional: [],
    history: { count: newestFirst.length, tokensOf: (n) => entryLine(n).tokens },
  });
  const kept = newestFirst
    .slice(0, fit.history)
    .map((entry, n) => ({ ...entry, line: entryLine(n) }))
    .toReversed();
  const told = kept.map(({ id, at, text, section, line: written }, n): { fact: Fact; section: 'notes' | 'history'; line: Line } => {
    const factId = `F${facts.length + n + 1}`;
    return {
      fact: { id: factId, kind: 'message', label: toTime(at), text: text.slice(0, AI_MAX.factText), ref: { kind: 'message', messageId: id } },
      section,
      line: { ...written, text: written.text.replace('[F999]', `[${factId}]`) },
    };
  });
  const linesOf = (section: 'notes' | 'history'): Line[] => told.filter((entry) => entry.section === section).map(({ line: l }) => l);
  return {
    parts: { rules, facts: factLines, notes: linesOf('notes'), history: linesOf('history'), task },
    facts: [...facts, ...told.map(({ fact }) => fact)],
    dropped: fit.history < entries.length ? [`history:${entries.length - fit.history}`] : [],
  };
}
/** Fact ids have three digits. */
const SUMMARY_ENTRIES = 900;

/** What the company says of itself: in the rules' message, because it also says what must not be promised. */
const isProfile = (source: FactSource | undefined): boolean => source?.kind === 'business' && !source.isOptional;

const numberFacts = (sources: readonly FactSource[]): Fact[] => sources.map(({ isOptional: _, ...fact }, n) => ({ ...fact, id: `F${n + 1}` }));

const toKnowledgeFact = ({ label, text, articleId, revisionId, passageId, mayAutoAnswer }: PromptPassage, n: number): Fact => ({
  id: `K${n + 1}`,
  kind: 'knowledge',
  label: label.slice(0, 300),
  text: text.slice(0, AI_MAX.factText),
  ref: { kind: 'knowledge', articleId, revisionId, passageId, mayAutoAnswer },
});

function writeBusiness({ words, write, line }: Pick<Context, 'words' | 'write' | 'line'>, profile: readonly { line: Line }[], tone: string): Line[] {
  return [...(profile.length === 0 ? [] : [line(TASKS[words].profile), ...profile.map(({ line: l }) => l)]), ...(tone === '' ? [] : [line(`${TASKS[words].tone} ${write(tone, TONE_MAX)}`)])];
}

function writeTask({ input, words, write, line }: Pick<Context, 'input' | 'words' | 'write' | 'line'>, hasPrevious: boolean, instruction: string | null): Line[] {
  return [
    line(withLanguage(TASKS[words].reply, input.language.code, words)),
    ...(hasPrevious ? [line(TASKS[words].previous)] : []),
    ...(instruction === null || instruction === '' ? [] : [line(`${TASKS[words].instruction} ${write(instruction.slice(0, AI_MAX.instruction), WHOLE)}`)]),
  ];
}

/** `español (es)`; what is no code is a name that somebody wrote: letters, and what stands between them. */
function withLanguage(text: string, language: string, words: PromptLanguage): string {
  const plain = language
    .replaceAll(/[^\p{L}\p{M}'’() -]/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, AI_MAX.languageName);
  const isCode = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-[a-z]{2})?$/i.test(plain);
  const name = isCode ? new Intl.DisplayNames(words, { type: 'language' }).of(plain) : undefined;
  return text.replace('{language}', () => (name === undefined || name.toLowerCase() === plain.toLowerCase() ? plain : `${name} (${plain})`));
}

/** The customer's messages that nobody has answered; all are answered: their last one. Its end counts. */
function readQuestion(messages: readonly HistoryMessage[]): string {
  const texts: string[] = [];
  for (const { direction, content } of messages.toReversed()) {
    if (direction === 'out') {
      if (texts.length > 0) break;
      continue;
    }
    const text = isAboutAnother(content) ? null : wordsOf(content);
    if (text !== null) texts.unshift(text);
    if (texts.length > 0 && isAnswered(messages)) break;
  }
  return texts.join('\n').slice(-AI_MAX.question);
}
const isAnswered = (messages: readonly HistoryMessage[]): boolean => messages.findLast(({ content }) => !isAboutAnother(content))?.direction === 'out';

function drawUnusedNonce(drawNonce: () => string, parts: Parts, input: PromptInput): string {
  const written = Object.values(parts).flatMap((lines) => lines.map(({ text }) => text.toLowerCase()));
  // Also as somebody wrote it: cleaned and cut, a text may look different.
  const payloads = [...input.messages.map(({ content }) => wordsOf(content) ?? ''), ...input.notes.map(({ body }) => body)].map((text) => text.toLowerCase());
  for (let draw = 0; draw < NONCE_DRAWS; draw += 1) {
    const nonce = drawNonce();
    if (!NONCE.test(nonce)) throw new Error('a nonce has 16 to 64 letters and digits');
    const code = nonce.toLowerCase();
    if (![...written, ...payloads].some((text) => text.includes(code))) return nonce;
  }
  throw new Error('every nonce that was drawn occurs in the data');
}

export const openFence = (nonce: string): string => `<<<${nonce}`;
export const closeFence = (nonce: string): string => `${nonce}>>>`;
const DATA_SECTIONS = ['facts', 'knowledge', 'summary', 'notes', 'history', 'draft'] as const satisfies readonly Section[];

function writeMessages(parts: Parts, nonce: string, words: PromptLanguage): Prompt['messages'] {
  const { headings } = PROMPT_WORDS[words];
  const section = (name: Section): string[] => {
    const lines = parts[name] ?? [];
    return lines.length === 0 ? [] : [`## ${headings[name]}`, ...lines.map(({ text }) => text)];
  };
  const system = [...section('rules'), ...section('business')];
  const user = [TASKS[words].dataStart.replace('{nonce}', nonce), openFence(nonce), ...DATA_SECTIONS.flatMap(section), closeFence(nonce), ...section('task')];
  return [
    { role: 'system', content: system.join('\n') },
    { role: 'user', content: user.join('\n') },
  ];
}

function outputTokensFor({ task, settings, tokenFactor }: PromptInput): number {
  const { outputTokens } = settings.budget;
  if (task.purpose === 'reply') return outputTokens;
  if (task.purpose === 'summary') return Math.max(outputTokens, SUMMARY_OUTPUT_TOKENS);
  // A translation may be half as long again.
  return Math.max(outputTokens, Math.min(REWRITE_OUTPUT_MAX, estimateTokens(task.text.length * 1.5, tokenFactor)));
}

function countKinds(placeholders: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const placeholder of placeholders) {
    const kind = placeholder.slice(1, placeholder.lastIndexOf('_'));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
