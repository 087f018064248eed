/**
 * JSON with a line for each value, and nothing else changed: ids above 2^53 and the order of keys stay as they came, which
 * they would not through `JSON.parse`. What is no JSON comes back as it is. Cost grows linearly: an import of history is megabytes.
 */

/** What lies deeper begins no further to the right. */
const INDENTS_MAX = 40;

export function formatJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const parts: string[] = [];
  let depth = 0;
  let isEmpty = false;
  const breakLine = (): number => parts.push('\n', '  '.repeat(Math.min(depth, INDENTS_MAX)));
  // Structure, and everything between; the space around it is ours to choose.
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    const end = char === '"' ? endOfString(text, at) : '{}[],:'.includes(char) ? at + 1 : endOfWord(text, at);
    const token = text.slice(at, end);
    at = end;
    if (token.trim() === '') continue;
    if (token === '}' || token === ']') {
      depth -= 1;
      if (!isEmpty) breakLine();
    } else if (isEmpty) breakLine();
    isEmpty = token === '{' || token === '[';
    if (isEmpty) depth += 1;
    parts.push(token === ':' ? ': ' : token);
    if (token === ',') breakLine();
  }
  return parts.join('');
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Of a number, a word, or space. */
function endOfWord(text: string, start: number): number {
  const isSpace = (char: string): boolean => char.trim() === '';
  let at = start + 1;
  while (at < text.length && !'"{}[],:'.includes(text.charAt(at)) && isSpace(text.charAt(at)) === isSpace(text.charAt(start))) at += 1;
  return at;
}
