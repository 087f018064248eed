/** What the stand-in was asked, in order of arrival. Invariant: no header but the range of a download is kept, so no token is. */
export type JournalCall = {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  /** Without query. */
  path: string;
  body: unknown;
  /** Null while it is not answered, and for ever if the connection was cut. */
  status: number | null;
  /** Whether it was done: for a send, whether the message was taken (also when no answer followed). */
  accepted: boolean;
  messageId?: string;
  range?: string;
};

export type Journal = {
  /** The call is kept as it is given, so that its answer can be noted in it later. */
  add(call: JournalCall): void;
  calls(): JournalCall[];
  clear(): void;
};

const CALLS_MAX = 50_000;

export function createJournal(): Journal {
  let calls: JournalCall[] = [];
  return {
    add: (call) => {
      calls.push(call);
      if (calls.length > CALLS_MAX) calls = calls.slice(-CALLS_MAX / 2);
    },
    calls: () => calls.map((call) => ({ ...call })),
    clear: () => {
      calls = [];
    },
  };
}
