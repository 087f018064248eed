/** Remembers how the last call to Meta went, for the banner: one clear state, not an error per message. */
import type { SyncState } from '../../../contract/entities.ts';
import type { GraphResult } from './graph-client.ts';

export type WhatsappHealth = {
  note(result: GraphResult<unknown>): void;
  /** No number or token is set up on this desktop. */
  setConfigured(isConfigured: boolean): void;
  read(): Pick<SyncState, 'whatsapp' | 'whatsappError'>;
};

export function createWhatsappHealth(onChange: () => void): WhatsappHealth {
  let current: Pick<SyncState, 'whatsapp' | 'whatsappError'> = { whatsapp: 'not_configured', whatsappError: null };
  const set = (next: typeof current): void => {
    const isSame = next.whatsapp === current.whatsapp && next.whatsappError?.code === current.whatsappError?.code;
    current = next;
    if (!isSame) onChange();
  };
  return {
    note: (result) => {
      switch (result.status) {
        case 'ok':
          return set({ whatsapp: 'ok', whatsappError: null });
        case 'unreachable':
        case 'lost':
          return set({ whatsapp: 'unreachable', whatsappError: null });
        case 'refused':
          return set(result.isAccountWide ? { whatsapp: 'blocked', whatsappError: result.error } : { whatsapp: 'ok', whatsappError: null });
      }
    },
    setConfigured: (isConfigured) => {
      if (!isConfigured) set({ whatsapp: 'not_configured', whatsappError: null });
      else if (current.whatsapp === 'not_configured') set({ whatsapp: 'unknown', whatsappError: null });
    },
    read: () => current,
  };
}
