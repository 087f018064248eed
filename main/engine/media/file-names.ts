/** What the relay calls the files of messages: a hash that only the team can compute, so that the names on its disk say nothing of the bytes. */
import type { KeyRing } from '../../../contract/sealing/key-ring.ts';
import { sealFileName } from '../../../contract/sealing/sealed-parts.ts';

/** @param sha256 of the file, hex. The first epoch's key names all of them, so that a file keeps its name; without a key it is named by its hash. */
export function nameFile(ring: KeyRing, sha256: string): string {
  const first = ring.find(1);
  return first ? sealFileName(first.fileName, sha256) : sha256;
}
