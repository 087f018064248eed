/** From a wish to a prompt: what the customer asks, what the knowledge base says of it, what is known of them. */
import { randomBytes } from 'node:crypto';
import type { AiSettings, Fact } from '../../../../contract/ai/ai-entities.ts';
import { KB_LANGUAGES, type KbLanguage } from '../../../../contract/ai/ai-words.ts';
import type { StateTx } from '../../../../contract/state.ts';
import type { LanguageDetector } from '../language.ts';
import { assemblePrompt, type PromptInput, type PromptPassage, type PromptTask } from '../prompt/assemble.ts';
import type { ContextReader } from '../prompt/read-context.ts';
import type { Wish } from './attempt.ts';
import type { ReadPrompt, RetrievedPassage } from './model-calls.ts';
import type { Models } from './models.ts';

export type KnowledgeForPrompts = {
  /** Best first; empty: the knowledge base does not say. */
  retrieve: (question: { text: string; language: KbLanguage; limit: number; signal: AbortSignal; known: PromptInput['known'] }) => Promise<readonly (PromptPassage & RetrievedPassage)[]>;
  /** Another number whenever articles change. */
  revision: () => number;
  detectLanguage: LanguageDetector['detectLanguage'];
};
type Deps = {
  context: ContextReader;
  knowledge: KnowledgeForPrompts;
  state: Pick<StateTx, 'get'>;
  models: Pick<Models, 'tokenFactor'>;
  readSettings: () => AiSettings;
  settingsRev: () => string;
};
const PASSAGES = 8;
/** Of the newest messages, what is searched for. */
const QUESTION_MESSAGES = 3;
/** `assemblePrompt` takes letters and digits. */
const drawNonce = (): string => randomBytes(12).toString('hex');

export type PromptReader = ReturnType<typeof createPromptReader>;

export function createPromptReader({ context, knowledge, state, models, readSettings, settingsRev }: Deps) {
  const detectLanguage = (texts: readonly string[]) => {
    const first = readSettings().auto.languages.find(isKbLanguage) ?? 'es';
    // Of all that they wrote, for a last word that says too little.
    return knowledge.detectLanguage(texts, knowledge.detectLanguage([texts.join('\n')], first).code);
  };
  const withBudget = (settings: AiSettings, share: number): AiSettings => ({ ...settings, budget: { ...settings.budget, inputTokens: Math.floor(settings.budget.inputTokens * share) } });
  const read = (conversationId: string, task: PromptTask, language: PromptInput['language'], passages: readonly PromptPassage[], share: number): PromptInput =>
    context.read({
      conversationId,
      task,
      passages,
      summary: task.purpose === 'reply' ? (state.get('conversation_summary', [conversationId])?.text ?? null) : null,
      language,
      settings: withBudget(readSettings(), share),
      tokenFactor: models.tokenFactor(),
      settingsRev: settingsRev(),
      knowledgeRev: knowledge.revision(),
    });

  return {
    readReply: async ({ conversationId, instruction, previous }: Wish & { previous: string | null }, share: number, signal: AbortSignal): Promise<ReadPrompt & { inbound: readonly string[] }> => {
      const { texts } = context.readInbound(conversationId);
      const language = detectLanguage(texts);
      // What nobody has answered yet, or else what was said last; an agent's instruction says what it is to be about.
      const task: PromptTask = { purpose: 'reply', instruction: instruction === '' ? null : instruction, previous };
      const input = read(conversationId, task, language, [], share);
      const question = assemblePrompt(input, drawNonce).question || texts.slice(-QUESTION_MESSAGES).join('\n');
      const searched = instruction === '' ? question : `${question}\n${instruction}`;
      const passages = searched.trim() === '' ? [] : await knowledge.retrieve({ text: searched, language: language.code, limit: PASSAGES, signal, known: input.known });
      return { prompt: assemblePrompt(read(conversationId, task, language, passages, share), drawNonce), retrieved: passages, inbound: texts };
    },

    readOther: async ({ conversationId, task, language }: { conversationId: string; task: PromptTask; language: string | null }, share: number): Promise<ReadPrompt> => {
      const { texts } = context.readInbound(conversationId);
      const own = task.purpose === 'rewrite' ? [task.text] : texts;
      const guess = language === null ? detectLanguage(own) : { code: language, isSure: true };
      return { prompt: assemblePrompt(read(conversationId, task, guess, [], share), drawNonce), retrieved: [] };
    },

    /** What may be said in a conversation now, without the knowledge base. */
    readFacts: (conversationId: string): { facts: readonly Fact[]; inbound: readonly string[] } => {
      const { texts } = context.readInbound(conversationId);
      const { facts } = assemblePrompt(read(conversationId, { purpose: 'reply', instruction: null, previous: null }, detectLanguage(texts), [], 1), drawNonce);
      return { facts, inbound: texts };
    },
  };
}

const isKbLanguage = (code: string): code is KbLanguage => (KB_LANGUAGES as readonly string[]).includes(code);
