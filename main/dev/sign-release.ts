/**
 * `npm run sign-release -- [--staging PERCENT] dist/latest.yml …`: signs what electron-builder wrote about a release, and says which share of
 * desktops is offered it. The private key (Ed25519, PKCS #8 PEM) comes in `BANDEJA_RELEASE_KEY`. Each file is compared with its hash first:
 * what is signed is what lies there.
 */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { releaseSchema, signedText } from '../shell/electron/update-signature.ts';

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };

/** @param staging per cent; null: everybody. @throws for a file that is missing or another than the release says. */
export function signRelease(file: string, privateKeyPem: string, staging: number | null): void {
  const text = readFileSync(file, 'utf8');
  const release = releaseSchema.parse(yaml.load(text));
  if ('signature' in release || 'stagingPercentage' in release) throw new Error(`${file} is signed already.`);
  for (const { url, sha512 } of release.files) {
    const packed = path.join(path.dirname(file), path.basename(url));
    if (createHash('sha512').update(readFileSync(packed)).digest('base64') !== sha512) throw new Error(`${packed} is not the file that ${file} tells of.`);
  }
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('BANDEJA_RELEASE_KEY is no Ed25519 key.');
  const signature = sign(null, Buffer.from(signedText(release)), key).toString('base64');
  writeFileSync(file, `${text.trimEnd()}\nsignature: '${signature}'\n${staging === null ? '' : `stagingPercentage: ${staging}\n`}`);
}

function readStaging(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^(\d|[1-9]\d|100)$/.test(value)) throw new Error('--staging needs a whole number from 0 to 100.');
  return Number(value);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { staging: { type: 'string' } }, allowPositionals: true });
  const key = process.env['BANDEJA_RELEASE_KEY'];
  if (!key || positionals.length === 0) throw new Error('Usage: BANDEJA_RELEASE_KEY="$(cat release-key.pem)" npm run sign-release -- [--staging PERCENT] FILE.yml …');
  for (const file of positionals) {
    signRelease(file, key, readStaging(values.staging));
    process.stdout.write(`${file}: signed\n`);
  }
}
