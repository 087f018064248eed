/**
 * What to type to get the same workspace in the same window again. Invariant: it holds no secret, since the window shows
 * it; so the flags that are kept are listed, and a token or an invite (which has been used up anyway) is none of them.
 */
import path from 'node:path';

export type StartFlags = { demo?: boolean | undefined; 'data-dir'?: string | undefined; as?: string | undefined; 'no-open'?: boolean | undefined; 'api-port'?: string | undefined };

/** The port of the window is remembered, so it need not be said again. */
export function writeStartCommand(flags: StartFlags, platform: NodeJS.Platform = process.platform): string {
  const { 'data-dir': dataDir, as, 'api-port': apiPort } = flags;
  const words = [
    // `npm start` adds it where no folder is named.
    ...(flags.demo && dataDir !== undefined ? ['--demo'] : []),
    ...(dataDir === undefined ? [] : ['--data-dir', path.resolve(dataDir)]),
    ...(as === undefined ? [] : ['--as', as]),
    ...(apiPort === undefined ? [] : ['--api-port', apiPort]),
    ...(flags['no-open'] ? ['--no-open'] : []),
  ];
  return ['npm start', ...(words.length > 0 ? ['--'] : []), ...words.map((word) => quoteWord(word, platform))].join(' ');
}

/** As the shells of the platform read it back. A path cannot hold a double quote on Windows. */
function quoteWord(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (platform === 'win32' || !word.includes('\\'))) return word;
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
