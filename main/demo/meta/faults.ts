/**
 * What the stand-in does wrong on request: everything Meta and the network are known to do. Set by `POST /_faults`,
 * partly (keys that are not named stay), and taken back by `{"reset": true}`.
 */
import { z } from 'zod';
import { accountFaultsShape, NO_ACCOUNT_FAULTS } from './account-faults.ts';

const times = z.number().int().min(1).max(100_000).default(1);
const code = z.number().int();
const refusal = z.strictObject({
  code,
  times,
  status: z.number().int().min(400).max(599).optional(),
  details: z.string().optional(),
  isTransient: z.boolean().optional(),
  retryAfterS: z.number().int().min(0).max(86_400).optional(),
});

export const faultsSchema = z.strictObject({
  duplicates: z.number().min(0).max(20).describe('Extra copies of every webhook; a fraction is a probability (0.3: three in ten come twice, 2: each comes three times)'),
  disorder: z.boolean().describe('The statuses of a message arrive in another order than they happened, and waiting webhooks leave in random order'),
  lateMs: z.number().int().min(0).max(86_400_000).describe('Every webhook leaves this much later'),
  earlyStatuses: z.boolean().describe('The sent (or failed) status is delivered before the answer to the send itself'),
  batches: z.number().int().min(1).max(1000).describe('Up to this many updates in one webhook; 1: one each'),
  holdWebhooks: z.boolean().describe('No webhook leaves until this is false again'),
  noStatuses: z.boolean().describe('Accepted messages never get a status'),
  noReadReceipts: z.boolean().describe('No read status: the customers have read receipts switched off'),
  sendErrors: z
    .array(refusal)
    .describe('The next sends are refused with these Graph error codes, in this order; status: another HTTP status than usual; retryAfterS: with a Retry-After header of so many seconds'),
  failStatuses: z.array(z.strictObject({ code, times })).describe('The next accepted sends get a failed status with these codes instead of being delivered'),
  sendHttp: z
    .strictObject({ status: z.number().int().min(200).max(599), body: z.string().default('<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>'), times })
    .nullable()
    .describe('The next sends are answered with this HTML page'),
  sendHangMs: z.number().int().min(0).max(3_600_000).describe('A send is accepted at once, but answered only after this time'),
  dropAfterAccept: z.number().int().min(0).describe('So many next sends are accepted and journaled, then the connection is cut without an answer'),
  dropBeforeAccept: z.number().int().min(0).describe('So many next sends are cut without being accepted'),
  media: z
    .array(
      z.strictObject({
        how: z.enum(['gone', 'page', 'wrong', 'cut', 'hang', 'redirect']),
        afterBytes: z.number().int().min(0).default(0),
        to: z.url().optional(),
        times,
      }),
    )
    .describe(
      'The next downloads of files, in this order: answered 404, with an HTML page, with other bytes, left hanging afterBytes bytes on (cut: until faults are set again), or sent elsewhere (to)',
    ),
  mediaExpired: z.boolean().describe('Meta knows none of the ids of files any more'),
  mediaHost: z.url().nullable().describe('Download addresses begin with this one'),
  pairLimit: z
    .strictObject({ messages: z.number().int().min(1), withinMs: z.number().int().min(1) })
    .nullable()
    .describe('One person takes so many messages within so long; the next one is refused with 131056'),
  uploadErrors: z.array(refusal).describe('The next uploads are refused with these Graph error codes, as with sendErrors'),
  uploadHangMs: z.number().int().min(0).max(3_600_000).describe('An upload is taken at once, but answered only after this time'),
  cutSampleAfterBytes: z.number().int().min(0).nullable().describe('The next upload of a sample for a template (POST /upload:…) is cut after so many bytes, which stay'),
  dropUploadAfterAccept: z.number().int().min(0).describe('So many next uploads are taken and journaled, then the connection is cut without an answer'),
  dropUploadBeforeAccept: z.number().int().min(0).describe('So many next uploads are cut without being taken'),
  refuse: z.enum(['unavailable', 'reset']).nullable().describe('Every Graph call is answered 503, or its connection is reset'),
  ...accountFaultsShape,
});
export type Faults = z.output<typeof faultsSchema>;

/** Body of `POST /_faults`. Unknown keys are refused. */
export const faultsInputSchema = faultsSchema
  .partial()
  .extend({ reset: z.literal(true).optional() })
  .strict();
export type FaultsInput = z.input<typeof faultsInputSchema>;

export const NO_FAULTS: Faults = {
  duplicates: 0,
  disorder: false,
  lateMs: 0,
  earlyStatuses: false,
  batches: 1,
  holdWebhooks: false,
  noStatuses: false,
  noReadReceipts: false,
  sendErrors: [],
  failStatuses: [],
  sendHttp: null,
  sendHangMs: 0,
  dropAfterAccept: 0,
  dropBeforeAccept: 0,
  media: [],
  mediaExpired: false,
  mediaHost: null,
  pairLimit: null,
  uploadErrors: [],
  uploadHangMs: 0,
  cutSampleAfterBytes: null,
  dropUploadAfterAccept: 0,
  dropUploadBeforeAccept: 0,
  refuse: null,
  ...NO_ACCOUNT_FAULTS,
  missingFields: [],
  missingPermissions: [],
};

export type FaultBox = {
  current(): Faults;
  /** Throws a ZodError if the input is not in the schema. */
  set(input: FaultsInput): Faults;
  /** Calls it once, when faults are set the next time. */
  onNextSet(listener: () => void): void;
  takeSendError(): Faults['sendErrors'][number] | null;
  takeUploadError(): Faults['uploadErrors'][number] | null;
  takeFailStatus(): number | null;
  takeSendHttp(): Faults['sendHttp'];
  takeMedia(): Faults['media'][number] | null;
  takeSampleCut(): number | null;
  takeDrop(when: Drop): boolean;
};

type Drop = 'dropAfterAccept' | 'dropBeforeAccept' | 'dropUploadAfterAccept' | 'dropUploadBeforeAccept';

/** @param onChange is told of every `set`. */
export function createFaultBox(onChange: () => void): FaultBox {
  let faults: Faults = NO_FAULTS;
  const waiting: (() => void)[] = [];
  const takeFirst = <K extends 'sendErrors' | 'uploadErrors' | 'failStatuses' | 'media'>(key: K): Faults[K][number] | null => {
    const [first, ...rest] = faults[key];
    if (!first) return null;
    const left = first.times > 1 ? [{ ...first, times: first.times - 1 }, ...rest] : rest;
    faults = { ...faults, [key]: left };
    return first;
  };
  return {
    current: () => faults,
    set: (input) => {
      const { reset, ...changes } = faultsInputSchema.parse(input);
      faults = { ...(reset ? NO_FAULTS : faults), ...withoutUndefined(changes) };
      onChange();
      for (const listener of waiting.splice(0)) listener();
      return faults;
    },
    onNextSet: (listener) => void waiting.push(listener),
    takeSendError: () => takeFirst('sendErrors'),
    takeUploadError: () => takeFirst('uploadErrors'),
    takeFailStatus: () => takeFirst('failStatuses')?.code ?? null,
    takeMedia: () => takeFirst('media'),
    takeSendHttp: () => {
      const page = faults.sendHttp;
      if (page) faults = { ...faults, sendHttp: page.times > 1 ? { ...page, times: page.times - 1 } : null };
      return page;
    },
    takeSampleCut: () => {
      const { cutSampleAfterBytes } = faults;
      faults = { ...faults, cutSampleAfterBytes: null };
      return cutSampleAfterBytes;
    },
    takeDrop: (when) => {
      if (faults[when] === 0) return false;
      faults = { ...faults, [when]: faults[when] - 1 };
      return true;
    },
  };
}

const withoutUndefined = <T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
