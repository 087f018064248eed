/** An admin who has every new desktop's screen before their eyes: says yes for each that waits for the team's key, but for those that were shut out once. */
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../contract/api.ts';

type Client = Pick<ContractRouterClient<Contract>, 'events' | 'session' | 'members'>;

/** Until `signal` aborts, or the desktop ends. */
export async function confirmDesktops(client: Client, signal?: AbortSignal): Promise<void> {
  const confirm = async (): Promise<void> => {
    if ((await client.session.sync()).keyRequests === 0) return;
    for (const { id, keyCode, shutOutBefore } of await client.members.devices()) if (keyCode !== null && shutOutBefore === null) await client.members.giveKey({ deviceId: id, code: keyCode });
  };
  // What fails for now (no line, somebody was faster) comes again with the next change.
  const tryConfirm = (): Promise<void> => confirm().catch(() => undefined);
  try {
    const changes = await client.events.watch(undefined, signal ? { signal } : {});
    await tryConfirm();
    for await (const { sync } of changes) if (sync) await tryConfirm();
  } catch {
    // It was ended.
  }
}
