/**
 * Who fetches a file from Meta, so that a team does it once. Invariant: a claim is a courtesy and nothing depends on it: kept
 * in memory, it ends by itself, and two desktops that both fetch only do the work twice.
 */
const CLAIM_MS = 60_000;
const CLAIMS_MAX = 10_000;

export type BlobClaims = {
  /** The first one has it until it ends, and may ask again to keep it. `forMs`: how long it is still held. */
  take: (key: string, deviceId: string) => { isYours: boolean; forMs: number };
};

export function createBlobClaims(now: () => number): BlobClaims {
  const claims = new Map<string, { deviceId: string; endsAt: number }>();
  return {
    take: (key, deviceId) => {
      const at = now();
      const held = claims.get(key);
      if (held && held.endsAt > at && held.deviceId !== deviceId) return { isYours: false, forMs: held.endsAt - at };
      claims.delete(key); // what is set anew stands last
      claims.set(key, { deviceId, endsAt: at + CLAIM_MS });
      for (const [oldest, { endsAt }] of claims) {
        if (endsAt > at && claims.size <= CLAIMS_MAX) break;
        claims.delete(oldest);
      }
      return { isYours: true, forMs: CLAIM_MS };
    },
  };
}
