/** `@Name` in a note: who is meant, and where it stands. The names of the team decide, the longest first. */
type Person = { id: string; name: string };
export type NotePart = { text: string; personId: string | null };

export function splitMentions(text: string, people: readonly Person[]): NotePart[] {
  const byLength = people.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
  const parts: NotePart[] = [];
  let plain = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const person = isWordBefore(text, at) ? undefined : byLength.find(({ name }) => text.startsWith(name, at + 1) && !isWordAt(text, at + 1 + name.length));
    if (!person) continue;
    const end = at + 1 + person.name.length;
    if (at > plain) parts.push({ text: text.slice(plain, at), personId: null });
    parts.push({ text: text.slice(at, end), personId: person.id });
    plain = end;
    at = end - 1;
  }
  if (plain < text.length) parts.push({ text: text.slice(plain), personId: null });
  return parts;
}

export const mentionedIn = (text: string, people: readonly Person[]): string[] => [...new Set(splitMentions(text, people).flatMap(({ personId }) => personId ?? []))];

const isWordAt = (text: string, at: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(at));
const isWordBefore = (text: string, at: number): boolean => at > 0 && isWordAt(text, at - 1);
