/** The `/shortcut`, `@name` or `:emoji` that is being typed at the caret. */
export type Trigger = { mark: '/' | '@' | ':'; query: string; /** Where the mark stands. */ start: number; end: number };

/** A name may be of two words (`@María Xi`), a shortcut is one. Of an emoji two letters, because a colon alone is often one. */
const PATTERN = { '/': /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u, '@': /(?:^|[\s(])@([\p{L}\p{N}._'-]{0,40}(?: [\p{L}\p{N}._'-]{1,40})?)$/u, ':': /(?:^|\s):([\p{L}\p{N}_-]{2,40})$/u };

export function findTrigger(text: string, caret: number, mark: Trigger['mark']): Trigger | null {
  const query = PATTERN[mark].exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { mark, query, start: caret - query.length - 1, end: caret };
}

/** `text` with what was typed replaced, and where the caret goes then. */
export function replaceTrigger(text: string, { start, end }: Pick<Trigger, 'start' | 'end'>, insert: string): { text: string; caret: number } {
  return { text: text.slice(0, start) + insert + text.slice(end), caret: start + insert.length };
}
