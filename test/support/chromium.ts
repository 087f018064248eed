/** Finds a Chromium for browser tests: $CHROMIUM, the headless build that npm brings along (Linux x64), or the system's. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const NODE_MODULES = path.resolve(import.meta.dirname, '../../node_modules');
const PACKAGE = path.join(NODE_MODULES, '@sparticuz/chromium');
const SYSTEM_FILES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const CHUNK_BYTES = 2 ** 21;

/** @returns undefined if none is known here: then Playwright's own is used (`npx playwright install chromium`). */
export async function findChromium(): Promise<string | undefined> {
  if (process.env['CHROMIUM']) return process.env['CHROMIUM'];
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(PACKAGE)) return unpack();
  return SYSTEM_FILES.find((file) => existsSync(file));
}

/** The package's own function unpacks into one shared temporary folder and takes over whatever lies there; hence this. */
async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const folder = path.join(NODE_MODULES, '.cache/chromium');
  const program = path.join(folder, `headless-shell-${version}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const temporary = `${program}.${process.pid}`;
  await pipeline(createReadStream(path.join(PACKAGE, 'bin/chromium.br')), createBrotliDecompress({ chunkSize: CHUNK_BYTES }), createWriteStream(temporary));
  await chmod(temporary, 0o755);
  await rename(temporary, program);
  return program;
}
