/**
 * Whether an update is ours. Invariant: nothing is downloaded that whoever holds the release key has not signed, whatever the server says
 * that it comes from. Signed are the version and the SHA-512 of each of its files (Ed25519, RFC 8032), so the installer that electron-updater
 * checks against its hash is the one that was built; the key never lies on the server.
 */
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';

/** Of `latest*.yml` as electron-builder writes it; the signature is added by `main/dev/sign-release.ts`. Base64. */
export const releaseSchema = z.looseObject({
  version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  files: z.array(z.looseObject({ url: z.string().min(1).max(500), sha512: z.string().regex(/^[\w+/]{86}==$/) })).min(1),
  /** Other places for files, which nothing signed tells of. */
  packages: z.undefined().optional(),
});
const signedSchema = releaseSchema.extend({ signature: z.string().regex(/^[\w+/]{86}==$/) });
export type Release = z.infer<typeof releaseSchema>;

/** What is signed. No value can hold a line break, so each text stands for one release. */
export const signedText = ({ version, files }: Release): string => ['bandeja release 1', version, ...files.map(({ url, sha512 }) => `${sha512} ${encodeURI(url)}`).toSorted(), ''].join('\n');

/** @param release from the server. @param publicKey SPKI, DER in base64. */
export function isSignedRelease(release: unknown, publicKey: string): boolean {
  const parsed = signedSchema.safeParse(release);
  if (!parsed.success) return false;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(signedText(parsed.data)), key, Buffer.from(parsed.data.signature, 'base64'));
}
