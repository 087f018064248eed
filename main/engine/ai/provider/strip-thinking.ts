/**
 * Takes the reasoning out of a text that comes in pieces: some models write it between `<think>` tags, which can be cut anywhere.
 * What could still become a tag is held back until it is clear.
 */
const TAGS = ['<think>', '<thinking>', '</think>', '</thinking>'];
const ANY = /<\/?think(?:ing)?>/i;
const CLOSE = /<\/think(?:ing)?>/i;

const findTag = (text: string, tags: RegExp): { at: number; end: number } | null => {
  // Not by a lower-case copy: some letters are longer in it.
  const found = tags.exec(text);
  return found && { at: found.index, end: found.index + found[0].length };
};

/** Length of the end of `text` that may be the beginning of a tag. */
function heldBack(text: string): number {
  const at = text.lastIndexOf('<');
  if (at === -1) return 0;
  const tail = text.slice(at).toLowerCase();
  return TAGS.some((tag) => tag.startsWith(tail)) ? text.length - at : 0;
}

export type ThinkingStripper = {
  /** @returns what of it is text, without white space before the first word. */
  push(piece: string): string;
  /** @returns what was held back. */
  end(): string;
  /** All text so far. Some servers leave out the opening tag: what stood before a lone closing one is then no text, though `push` had to give it. */
  text(): string;
  /** Code units of reasoning. */
  thoughtLength(): number;
};

export function createThinkingStripper(): ThinkingStripper {
  let isThinking = false;
  let pending = '';
  let text = '';
  let thought = 0;

  const give = (piece: string): string => {
    const given = text === '' ? piece.trimStart() : piece;
    text += given;
    return given;
  };
  const push = (piece: string): string => {
    pending += piece;
    let given = '';
    for (;;) {
      const tag = findTag(pending, isThinking ? CLOSE : ANY);
      const end = tag?.at ?? pending.length - heldBack(pending);
      if (isThinking) thought += end;
      else given += give(pending.slice(0, end));
      if (tag === null) {
        pending = pending.slice(end);
        return given;
      }
      const isClosing = pending[tag.at + 1] === '/';
      if (isClosing && !isThinking) {
        thought += text.length;
        text = '';
      }
      isThinking = !isClosing;
      pending = pending.slice(tag.end);
    }
  };
  return {
    push,
    end: () => {
      const rest = isThinking ? '' : give(pending);
      if (isThinking) thought += pending.length;
      pending = '';
      return rest;
    },
    text: () => text,
    thoughtLength: () => thought,
  };
}
