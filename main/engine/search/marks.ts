/**
 * What a message is, beside its words, as single characters in the same index: so that "photos of Rosa's with the word
 * pump" is one question to it, however many pumps there are. They are private-use characters, which SQLite's `unicode61`
 * takes for letters and which are taken out of what people write.
 */
import type { HasKind } from '../../../contract/rules/search-query.ts';

const FIRST = 0xe000;
/** Of the 6,400 private-use characters; the rest stand for hashes, two together. */
const PLAIN = 32;
const HASHED = 0xf8ff - FIRST - PLAIN + 1;

const plain = (n: number): string => String.fromCharCode(FIRST + n);
export const MARK = { message: plain(0), note: plain(1), in: plain(2), out: plain(3) } as const;
export const HAS_MARK: Record<HasKind, string> = { file: plain(8), document: plain(9), photo: plain(10), video: plain(11), audio: plain(12), link: plain(13) };

/** One in 40 million others has the same: what is found is looked at once more. */
export const contactMark = (contactId: string): string => hashMark(`contact ${contactId}`);
export const agentMark = (agentId: string): string => hashMark(`agent ${agentId}`);

/** FNV-1a over UTF-16 code units. */
function hashMark(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93) >>> 0;
  return String.fromCharCode(FIRST + PLAIN + (hash % HASHED), FIRST + PLAIN + (Math.floor(hash / HASHED) % HASHED));
}

export const withoutMarks = (text: string): string => text.replace(/[\uE000-\uF8FF]/g, ' ');
