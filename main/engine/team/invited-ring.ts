/** The workspace's secrets as an invite brings them: sealed under a secret that stands in its link, and lies at the relay until somebody enrols with it. */
import { parseJson } from '../../../contract/json.ts';
import { ringSchema, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import { openText, sealText } from '../keys/sealed-text.ts';

const PURPOSE = 'invite 1';

export const sealInvitedRing = (ring: readonly string[], secret: Uint8Array, logId: string): string => sealText(JSON.stringify(ring), secret, PURPOSE, [logId]);

/** Null: it brought none, or none that opens with the link's secret; then somebody has to confirm this desktop. */
export function openInvitedRing(sealed: string | null, secret: Uint8Array | null, logId: string): RingSecrets | null {
  const text = sealed === null || secret === null ? null : openText(sealed, secret, PURPOSE, [logId]);
  return text === null ? null : (ringSchema.safeParse(parseJson(text)).data ?? null);
}
