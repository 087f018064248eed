/**
 * Files of messages on this desktop: which ones are fetched and shared, what screens and senders are told of them, and what the window
 * brings. Invariant: a row in `media_file` means that the file is here; it is written after the file, and goes before it is missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Preferences } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { THUMBNAIL_BYTES_MAX } from '../../../contract/limits.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import type { KeyRing } from '../../../contract/sealing/key-ring.ts';
import { fileOf } from '../../../contract/whatsapp/file-of.ts';
import type { Media as MessageMedia, MessageContent } from '../../../contract/whatsapp/message-content.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { readContent } from '../conversations/views.ts';
import type { JobQueries, JobRow } from '../db/job-queries.ts';
import type { FileMessage, MediaFile, MediaQueries } from '../db/media-queries.ts';
import type { MessageView } from '../db/message-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { JobHandler, JobRunner } from '../jobs/job-runner.ts';
import type { Ids } from '../ports.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { Confirmed, Replica } from '../sync/replica.ts';
import type { GraphClient } from '../whatsapp/graph-client.ts';
import type { MediaDownload } from '../whatsapp/media-download.ts';
import { createFetchHandler, fetchPayloadSchema, type Fetched } from './media-fetch.ts';
import { isDiskTrouble, type MediaFiles } from './media-files.ts';
import { createMediaProgress, type MediaProgress } from './media-progress.ts';
import { nameFile } from './file-names.ts';
import { createShareHandler, sharePayloadSchema } from './media-share.ts';
import { createStaging, type Staging } from './staging.ts';
import { createFileView, fileKey, type ViewFile } from './view-file.ts';

/** Older files are fetched when somebody looks at them. */
const BY_ITSELF_MS = 30 * 24 * 60 * 60 * 1000;
/** Parts of a file that Meta has deleted since. */
const PART_LIFE_MS = 8 * 24 * 60 * 60 * 1000;
const SCAN_PAGE = 500;
/** Files that the relay lost are asked for one by one. */
const GATHER_MS = 500;
/** What is asked for beyond these is asked for again with the next connection. */
const WANTED_MAX = 5_000;
const GALLERY_KINDS = { pictures: ['image', 'video'], documents: ['document'], audio: ['audio'] } as const;
const positionSchema = z.tuple([z.number().int(), z.number().int(), z.string()]);

type Deps = {
  files: MediaFiles;
  queries: MediaQueries;
  jobs: JobQueries;
  sync: SyncQueries;
  replica: Replica;
  changes: ChangeCollector;
  http: RelayHttp;
  ring: KeyRing;
  /** Whether an entry may be of before the team had a key. */
  isFromBefore: (seq: number) => boolean;
  /** Whether the keys here are known to be the relay's: what is sealed with others is of use to nobody. */
  mayUseKeys: () => boolean;
  graph: Pick<GraphClient, 'readMedia'>;
  download: MediaDownload;
  ids: Ids;
  /** The number whose files this desktop can ask Meta for, with a token; null: none. */
  readOwnNumber: () => Promise<string | null>;
  readPreferences: () => Preferences;
  /** Relay time, ms. */
  now: () => number;
  random: () => number;
  log: Log;
};

export type MediaFeature = {
  handlers: Record<'media.fetch' | 'media.share', JobHandler>;
  viewFile: ViewFile;
  /** For whoever sends a file: how far it is, shown on its message. */
  progress: MediaProgress;
  /** A file that is here, for sending: its bytes as a stream. Null: it is not here (any more). */
  open(sha256: string): Promise<(MediaFile & { stream: () => AsyncIterable<Uint8Array> }) | null>;
  /** What is known of it, without looking at the disk. */
  describe(sha256: string): MediaFile | undefined;
  /** Of every entry of the log, in its transaction: a message with a file is a file to fetch. */
  noteEntry(entry: LogEntry, result: ApplyResult): void;
  /** Of an own op, in the transaction that confirms it: its file is one to share, or to fetch for sending it from here. */
  noteConfirmed(confirmed: Confirmed): void;
  /** The conversation that shows what this job does. */
  conversationOf(job: Pick<JobRow, 'kind' | 'payload'>): string | null;
  staging: Staging;
  files: Pick<MediaFiles, 'remove' | 'sizeOfThumbnails'>;
  setThumbnail(input: { sha256: string; data: string }): Promise<void>;
  /** Fetches the file of a message now, whatever the preference says. */
  fetchNow(messageId: string, runner: JobRunner): Promise<void>;
  gallery(input: { contactId: string; kind: keyof typeof GALLERY_KINDS; cursor?: string | undefined; limit: number }): { rows: MessageView[]; nextCursor: string | null };
  start(): void;
  /** The relay lost these files, as it calls them: those that are here go to it again, soon after `runner` is nudged. */
  bringAgain(names: readonly string[]): Promise<void>;
  /** Many messages may be new: those of the last days get their files. */
  lookAgain(): void;
  /** What was put off need not wait: there is a line, or a token, again. */
  hurry(): void;
  /** Ends what is under way; resolves when nothing writes any more. */
  abandon(): Promise<void>;
  stop(): Promise<void>;
};

export function createMedia(deps: Deps): MediaFeature {
  const { files, queries, jobs, replica, changes, sync, now, log } = deps;
  let abandoning = new AbortController();
  const abandoned = (): AbortSignal => abandoning.signal;
  const progress = createMediaProgress((conversationId) => {
    changes.noteConversation(conversationId);
    changes.publish();
  });
  const viewFile = createFileView({ queries, jobs, progress });
  const staging = createStaging({ queries, files, ids: deps.ids, isEnrolled: () => sync.readMeta().deviceId !== null, now });
  /** What writes files, so that `abandon` can wait for it. */
  const underWay = new Set<Promise<unknown>>();
  const track = async <T>(writing: Promise<T>): Promise<T> => {
    underWay.add(writing);
    try {
      return await writing;
    } finally {
      underWay.delete(writing);
    }
  };

  const addFetch = (message: FileMessage, media: MessageMedia): void => {
    const key = fileKey(media);
    if (key === null) return;
    jobs.add({ kind: 'media.fetch', lane: `media:${key}`, subject: key, payload: { messageId: message.id } satisfies z.infer<typeof fetchPayloadSchema> }, now());
  };
  const addShare = (sha256: string, payload: z.input<typeof sharePayloadSchema> = {}): void => jobs.add({ kind: 'media.share', lane: `share:${sha256}`, subject: sha256, payload }, now());

  const shareAgain = (sha256: string): void => {
    const payload = { isWanted: true };
    replica.transact(() => {
      queries.unmarkShared(sha256);
      jobs.redo({ kind: 'media.share', subject: sha256, payload }, now());
      addShare(sha256, payload);
    });
  };
  const shareFile = (content: MessageContent): void => {
    const sha256 = fileOf(content)?.sha256 ?? null;
    if (sha256 !== null) addShare(sha256);
  };

  /** By the preference, unless it is here or will never come. */
  const consider = (message: FileMessage | undefined): void => {
    const media = message && fileOf(readContent(message.content));
    if (!media || message.sentAt < now() - BY_ITSELF_MS || (media.sha256 !== null && queries.find(media.sha256))) return;
    if (deps.readPreferences().fetchesMedia === 'all') addFetch(message, media);
  };

  const noteFile = (sha256: string): void => {
    for (const conversationId of queries.listConversations(sha256)) changes.noteConversation(conversationId);
  };

  const onFetched = ({ messageId, ...file }: Fetched, media: MessageMedia): void => {
    queries.add(file, now());
    noteFile(file.sha256);
    const key = fileKey(media);
    if (key !== null) queries.clearTrouble(key);
    if (file.source === 'team') queries.markShared(file.sha256);
    else addShare(file.sha256);
    // Without its hash nobody else finds it, and this desktop does not either.
    const { writeLevel, syncEnd } = sync.readMeta();
    if (media.sha256 === null && syncEnd === null && writeLevel >= typeLevel('message.media'))
      replica.applyLocal({ type: 'message.media', args: { messageId, sha256: file.sha256, bytes: file.bytes } });
  };

  const tracked = (handler: JobHandler): JobHandler => ({ ...handler, run: (job, signal) => track(handler.run(job, signal)) });
  const handlers = {
    'media.fetch': tracked(createFetchHandler({ ...deps, progress, onFetched, onTrouble: (key, state) => queries.setTrouble(key, state, now()), abandoned })),
    'media.share': tracked(createShareHandler({ ...deps, abandoned })),
  };

  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  let scanning: Promise<void> | null = null;
  const wanted = new Set<string>();
  let bringing: Promise<void> | null = null;
  let isScanWanted = false;
  let isStopped = false;
  const scan = async (): Promise<void> => {
    while (isScanWanted && !isStopped) {
      isScanWanted = false;
      let after = { receivedAt: now() - BY_ITSELF_MS, id: '' };
      for (let page = queries.listRecent(after, SCAN_PAGE); page.length > 0 && !isStopped; page = queries.listRecent(after, SCAN_PAGE)) {
        replica.transact(() => page.forEach(consider));
        const last = page.at(-1)!;
        after = { receivedAt: last.receivedAt, id: last.id };
        await pause();
      }
    }
  };
  const lookAgain = (): void => {
    isScanWanted = true;
    scanning ??= scan()
      .catch((error: unknown) => log('error', 'media.scan_failed', { error: errorText(error) }))
      .finally(() => {
        scanning = null;
      });
  };

  /** One look at all files for everything that was asked for meanwhile: it takes a hash for each of them. */
  const bringWanted = async (): Promise<void> => {
    while (wanted.size > 0 && !isStopped) {
      await delay(GATHER_MS, undefined, { ref: false });
      if (isStopped) return;
      const names = new Set(wanted);
      wanted.clear();
      for (let page = queries.listAfter('', SCAN_PAGE); page.length > 0 && !isStopped; page = queries.listAfter(page.at(-1) ?? '', SCAN_PAGE)) {
        for (const sha256 of page) if (names.has(nameFile(deps.ring, sha256))) shareAgain(sha256);
        await pause();
      }
    }
  };

  /** The folder may have been emptied by hand, or come from a backup without it. */
  const forgetMissing = async (): Promise<void> => {
    for (let page = queries.listAfter('', SCAN_PAGE); page.length > 0 && !isStopped; page = queries.listAfter(page.at(-1) ?? '', SCAN_PAGE)) {
      for (const sha256 of page) if ((await files.sizeOf(sha256)) === null && !isStopped) forget(sha256);
      await pause();
    }
  };
  const forget = (sha256: string): void => {
    queries.remove(sha256);
    log('warn', 'media.missing', { file: sha256.slice(0, 8) });
  };

  let tidying: Promise<void> = Promise.resolve();
  const tidy = async (): Promise<void> => {
    await staging.removeLeftovers();
    for (const prefix of ['file-', 'thumb-']) await files.sweepParts(prefix, now() - PART_LIFE_MS);
    await forgetMissing();
  };

  return {
    handlers,
    viewFile,
    progress,
    describe: queries.find,
    open: async (sha256) => {
      const file = queries.find(sha256);
      const bytes = await files.sizeOf(sha256);
      if (!file) return null;
      if (bytes !== null) return { ...file, stream: () => files.read(sha256).stream(0, bytes) };
      forget(sha256);
      return null;
    },

    noteEntry: (entry, result) => {
      if (result.kind === 'webhook' && result.messageId !== null && result.outcome === 'applied') consider(queries.findMessage(result.messageId));
      // What a colleague sends, also after it was held; own files are here.
      if (entry.kind !== 'op' || result.kind !== 'op' || result.outcome !== 'applied') return;
      if (result.op?.type === 'message.queue' || result.op?.type === 'message.confirm' || result.op?.type === 'draft.approve') consider(queries.findMessage(result.op.args.messageId));
    },
    noteConfirmed: ({ op, outcome }) => {
      // What is held may be sent from another desktop of its author.
      if (op.type === 'message.queue' && (outcome === 'applied' || outcome === 'held')) shareFile(op.args.content);
      if ((op.type === 'request.notify' && outcome === 'applied') || (op.type === 'draft.approve' && (outcome === 'applied' || outcome === 'held'))) shareFile(op.args.content);
      if (op.type !== 'message.confirm' || outcome !== 'applied') return;
      const message = queries.findMessage(op.args.messageId);
      const media = message && fileOf(readContent(message.content));
      if (message && media?.sha256 && !queries.find(media.sha256)) addFetch(message, media);
    },
    conversationOf: ({ kind, payload }) => {
      if (kind !== 'media.fetch') return null;
      return queries.findMessage(fetchPayloadSchema.parse(JSON.parse(payload)).messageId)?.conversationId ?? null;
    },

    staging,
    files,
    setThumbnail: async ({ sha256, data }) => {
      const bytes = Buffer.from(data, 'base64');
      if (bytes.length > THUMBNAIL_BYTES_MAX) throw new AppError('INVALID_INPUT', `data: at most ${THUMBNAIL_BYTES_MAX} bytes`);
      if (!isPicture(bytes)) throw new AppError('INVALID_INPUT', 'data: neither WebP nor JPEG');
      if (!queries.find(sha256)) throw new AppError('NOT_FOUND', 'this file is not here');
      try {
        await track(files.addThumbnail(sha256, bytes));
      } catch (error) {
        throw isDiskTrouble(error) ? new AppError('DISK_FULL') : error;
      }
      replica.transact(() => {
        queries.markThumbnail(sha256);
        noteFile(sha256);
      });
    },

    fetchNow: async (messageId, runner) => {
      const message = queries.findMessage(messageId);
      if (!message) throw new AppError('NOT_FOUND', `no message ${messageId}`);
      const media = fileOf(readContent(message.content));
      const key = media && fileKey(media);
      if (!media || key === null) return;
      if (media.sha256 !== null && queries.find(media.sha256)) {
        if ((await files.sizeOf(media.sha256)) !== null) return;
        forget(media.sha256);
      }
      replica.transact(() => {
        queries.clearTrouble(key);
        const job = jobs.find('media.fetch', key);
        if (!job) addFetch(message, media);
        else if (job.state !== 'running') runner.setState(job, 'ready');
        changes.noteConversation(message.conversationId);
      });
      runner.nudge();
    },

    gallery: ({ contactId, kind, cursor, limit }) => {
      const rows = queries.gallery(contactId, [...GALLERY_KINDS[kind]], cursor === undefined ? null : readPosition(cursor), limit + 1);
      const last = rows[limit - 1];
      return { rows: rows.slice(0, limit), nextCursor: rows.length > limit && last ? JSON.stringify([last.sortAt, last.seq, last.id]) : null };
    },

    start: () => {
      tidying = tidy().catch((error: unknown) => log('error', 'media.tidy_failed', { error: errorText(error) }));
      lookAgain();
    },
    lookAgain,
    bringAgain: (names) => {
      for (const name of names.slice(0, WANTED_MAX - wanted.size)) wanted.add(name);
      bringing ??= bringWanted().finally(() => {
        bringing = null;
      });
      return bringing;
    },
    hurry: () => {
      jobs.hurry('media.fetch', now());
      jobs.hurry('media.share', now());
    },
    abandon: async () => {
      abandoning.abort();
      await Promise.allSettled([staging.abandon(), ...underWay]);
      abandoning = new AbortController();
    },
    stop: async () => {
      isStopped = true;
      progress.stop();
      abandoning.abort();
      await Promise.allSettled([staging.abandon(), ...underWay]);
      await scanning;
      await tidying;
    },
  };
}

/** WebP (RIFF container) or JPEG, by their first bytes. */
const isPicture = (bytes: Buffer): boolean =>
  (bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP') || bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));

function readPosition(text: string): { sortAt: number; seq: number; id: string } {
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this gallery gave out');
  const [sortAt, seq, id] = parsed.data;
  return { sortAt, seq, id };
}
