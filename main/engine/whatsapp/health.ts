/** Remembers how the last call to Meta went, for the banner: one clear state, not an error per message. */
import type { SyncState } from '../../../contract/entities.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';
import type { GraphResult } from './graph-call.ts';

/** One answer that got lost is an accident of the line; only with the second one in a row does Meta not answer. */
const FAILURES_TO_TELL = 2;

export type WhatsappHealth = {
  /** `isSend`: only a message that went through shows that sending is no longer blocked (a read mark passes without a payment method). */
  note(result: GraphResult<unknown>, isSend: boolean): void;
  /** Meta took a message and said later that the account is to blame: no call has shown it. */
  noteBlocked(error: MessageError): void;
  /** A number and a token are set up on this desktop, or not. Forgets how earlier calls went. */
  setConfigured(isConfigured: boolean): void;
  read(): Pick<SyncState, 'whatsapp' | 'whatsappError'>;
};

export function createWhatsappHealth(onChange: () => void): WhatsappHealth {
  let current: Pick<SyncState, 'whatsapp' | 'whatsappError'> = { whatsapp: 'not_configured', whatsappError: null };
  let failures = 0;
  const set = (next: typeof current): void => {
    const isSame = next.whatsapp === current.whatsapp && next.whatsappError?.code === current.whatsappError?.code;
    current = next;
    if (!isSame) onChange();
  };
  return {
    note: (result, isSend) => {
      failures = result.status === 'unreachable' || result.status === 'lost' ? failures + 1 : 0;
      if (current.whatsapp === 'blocked' && !isSend) return;
      switch (result.status) {
        case 'ok':
          return set({ whatsapp: 'ok', whatsappError: null });
        case 'unreachable':
        case 'lost':
          return failures < FAILURES_TO_TELL ? undefined : set({ whatsapp: 'unreachable', whatsappError: null });
        case 'refused':
          return set(result.isAccountWide ? { whatsapp: 'blocked', whatsappError: result.error } : { whatsapp: 'ok', whatsappError: null });
      }
    },
    noteBlocked: (error) => {
      if (current.whatsapp !== 'not_configured') set({ whatsapp: 'blocked', whatsappError: error });
    },
    setConfigured: (isConfigured) => {
      failures = 0;
      set({ whatsapp: isConfigured ? 'unknown' : 'not_configured', whatsappError: null });
    },
    read: () => current,
  };
}
