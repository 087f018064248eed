/**
 * WhatsApp's own markup: *bold* _italic_ ~strike~ `code` ```block``` and bare links. Not Markdown.
 * A mark opens after the start, a space or punctuation and before something that is no space; it closes the same way
 * round, on the same line. Whatever does not fit is text. Cost grows linearly with the text (`hopeless`).
 */
export type MarkupNode =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: MarkupNode[] }
  | { type: 'code' | 'block'; text: string }
  /** `href` is always http or https. */
  | { type: 'link'; href: string; text: string };

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof MARKS;

const BLOCK = /```([\s\S]+?)```/g;
const LINK = /\bhttps?:\/\/[^\s<>"“”]+/gi;
const isMark = (char: string): char is Mark => char in MARKS;
const isWordChar = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char);

export function parseMarkup(text: string): MarkupNode[] {
  const nodes: MarkupNode[] = [];
  let from = 0;
  for (const block of text.matchAll(BLOCK)) {
    nodes.push(...parseInline(text.slice(from, block.index)), { type: 'block', text: (block[1] ?? '').replace(/^\n|\n$/g, '') });
    from = block.index + block[0].length;
  }
  nodes.push(...parseInline(text.slice(from)));
  return nodes;
}

type Span<Node extends MarkupNode = MarkupNode> = { start: number; end: number; node: Node };

function parseInline(text: string): MarkupNode[] {
  const links = findLinks(text);
  const linkAt = new Map(links.map((link) => [link.start, link]));
  const isInLink = (index: number): boolean => links.some((link) => index >= link.start && index < link.end);

  /** `open`: marks that are already open around this stretch and mean nothing inside it. */
  function parse(start: number, end: number, open: string): MarkupNode[] {
    const nodes: MarkupNode[] = [];
    /** Marks of which no closing one is left before this index. */
    const hopeless: Record<string, number> = {};
    let plain = start;
    const flush = (to: number): void => {
      if (to > plain) nodes.push({ type: 'text', text: text.slice(plain, to) });
    };
    let at = start;
    while (at < end) {
      const char = text.charAt(at);
      const span = linkAt.get(at) ?? (isOpening(at, end, char, open) ? readSpan(at, end, char, open, hopeless) : null);
      if (!span || span.end > end) {
        at += 1;
        continue;
      }
      flush(span.start);
      nodes.push(span.node);
      at = plain = span.end;
    }
    flush(end);
    return nodes;
  }

  function isOpening(at: number, end: number, char: string, open: string): boolean {
    return (char === '`' || isMark(char)) && !open.includes(char) && !isWordChar(text[at - 1]) && at + 1 < end && !isSpace(text[at + 1]);
  }

  function readSpan(at: number, end: number, char: string, open: string, hopeless: Record<string, number>): Span | null {
    if (at < (hopeless[char] ?? 0)) return null;
    for (let close = at + 1; close < end && text[close] !== '\n'; close++) {
      if (text[close] !== char || close === at + 1 || isSpace(text[close - 1]) || isWordChar(text[close + 1]) || isInLink(close)) continue;
      const node: MarkupNode = isMark(char) ? { type: MARKS[char], children: parse(at + 1, close, open + char) } : { type: 'code', text: text.slice(at + 1, close) };
      return { start: at, end: close + 1, node };
    }
    const lineEnd = text.indexOf('\n', at);
    hopeless[char] = lineEnd === -1 ? end : lineEnd;
    return null;
  }

  return parse(0, text.length, '');
}

/** Addresses of pages in a text, from `start` to before `end`. */
export function findLinks(text: string): Span<Extract<MarkupNode, { type: 'link' }>>[] {
  return [...text.matchAll(LINK)].flatMap((match) => {
    const link = trimLink(match[0]);
    return URL.canParse(link) ? [{ start: match.index, end: match.index + link.length, node: { type: 'link' as const, href: link, text: link } }] : [];
  });
}

/** Punctuation after a link belongs to the sentence, a closing bracket only if it has no partner in the link. */
function trimLink(link: string): string {
  const trimmed = link.replace(/[.,;:!?'*_~`]+$/, '');
  return trimmed.endsWith(')') && !trimmed.includes('(') ? trimLink(trimmed.slice(0, -1)) : trimmed;
}

/** The text without its marks, for one-line previews. */
export function plainText(nodes: readonly MarkupNode[]): string {
  return nodes.map((node) => ('children' in node ? plainText(node.children) : node.text)).join('');
}

const LONGEST_EMOJI = 20;
// Not `\p{RGI_Emoji}`, whose first use costs a third of a second.
const EMOJI = String.raw`(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F)?(?:[\u{E0020}-\u{E007F}]+|(?:\u200D\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F)?)*))`;
const ONE_EMOJI = new RegExp(`^${EMOJI}$`, 'u');
const ONE_TO_THREE_EMOJI = new RegExp(`^(?:${EMOJI}\\s?){1,3}$`, 'u');

/** One to three emoji and nothing else: shown bigger. */
export const isEmojiOnly = (text: string): boolean => text.length <= 3 * LONGEST_EMOJI && ONE_TO_THREE_EMOJI.test(text);

/** What a reaction can be. */
export const isOneEmoji = (text: string): boolean => text.length <= LONGEST_EMOJI && ONE_EMOJI.test(text);
