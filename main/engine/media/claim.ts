import { AppError } from '../../../contract/app-error.ts';
import { BLOB_CLAIMS_PATH, blobClaimSchema } from '../../../contract/wire-http.ts';
import type { RelayHttp } from '../sync/relay-http.ts';

/**
 * Asks the relay whether this desktop is the one to do something for the team.
 * @param key by which others ask for the same; letters, digits, `-`. @returns null: it is; else for how many ms a colleague's has it. Where the relay cannot
 * be asked, it is: two that do the same do no harm.
 */
export async function claim(http: Pick<RelayHttp, 'call'>, key: string): Promise<number | null> {
  try {
    const { isYours, forMs } = await http.call({ method: 'POST', path: `${BLOB_CLAIMS_PATH}/${key}` }, blobClaimSchema);
    return isYours ? null : forMs;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
