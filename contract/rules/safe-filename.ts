/**
 * Names of files from outside, made safe to show, to send and to write to any disk. Invariant: the result has no folder in
 * it, no control or direction character, is no device name of Windows, and is at most FILENAME_MAX long with its extension.
 */
import { FILENAME_MAX } from '../limits.ts';

const EXTENSION_MAX = 20;
/** Control characters, line separators, and marks that make a reader see other letters than there are (UAX #9). */
const INVISIBLE = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
/** Not allowed in names on Windows, beside the slashes. */
const FORBIDDEN = /[<>:"|?*]/g;
/** Device names of Windows, with or without extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i;

/** @returns null where nothing is left of it. */
export function safeFilename(name: string): string | null {
  const last = name.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = trimEnds(last.replace(INVISIBLE, '').replace(FORBIDDEN, '_').replaceAll(/\s+/g, ' '));
  if (plain === '') return null;
  return shorten(DEVICE.test(plain) ? `_${plain}` : plain);
}

/** Leading dots hide a file, trailing ones and spaces are dropped by Windows. */
function trimEnds(name: string): string {
  let end = name.length;
  // One by one: a pattern that ends in `$` looks at every dot of a long row anew.
  while (end > 0 && /[\s.]/.test(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end).replace(/^[\s.]+/, '');
}

function shorten(name: string): string {
  if (name.length <= FILENAME_MAX) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= EXTENSION_MAX ? name.slice(dot) : '';
  // A pair of surrogates cut in two leaves half a character.
  const start = name.slice(0, FILENAME_MAX - extension.length).replace(/[\ud800-\udbff]$/, '');
  return `${start.replace(/[\s.]+$/, '')}${extension}`;
}
