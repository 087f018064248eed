/** A message as a line of a prompt. Invariant: what somebody wrote stands in quotes only (`quote`); who said it and what kind it is are our words, outside of them. */
import type { MessageContent } from '../../../../contract/whatsapp/message-content.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { cleanForModel, clipQuoted, quote } from './model-copy.ts';
import { PROMPT_WORDS, type PromptLanguage } from './prompt-words.ts';

export type HistoryMessage = {
  id: string;
  contactId: string;
  direction: 'in' | 'out';
  /** ms. */
  at: number;
  content: MessageContent;
};

/** What to do with a text before it is quoted. `max`: length of its quoted form. */
export type TextWriter = (text: string, max: number) => string;
export const createTextWriter =
  (mask: (text: string) => string): TextWriter =>
  (text, max) =>
    quote(clipQuoted(mask(cleanForModel(text)), max));

/** `cliente: "hola"`, `agente: [imagen con texto: "la factura"]`, `cliente: [audio]`. */
export function writeMessage({ direction, content }: HistoryMessage, language: PromptLanguage, write: TextWriter, max: number): string {
  const words = PROMPT_WORDS[language];
  const speaker = direction === 'in' ? words.customer : words.agent;
  if (content.kind === 'text') return `${speaker}: ${write(content.text, max)}`;
  const text = wordsOf(content);
  const kind = words.kinds[content.kind];
  return `${speaker}: [${text === null ? kind : `${kind} ${words.withText}: ${write(text, max)}`}]`;
}

/** `2026-11-22 06:00`, in the zone of the workspace. */
export function createTimeWriter(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return (at) => format.format(at);
}
