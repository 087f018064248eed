/**
 * Brings the file of a message here: from this computer, else from the team's store at the relay, else from Meta (docs/decisions/0014).
 * Invariants: nothing counts as the file but bytes with the announced hash; what came so far is gone on with after a broken
 * line or a crash; it is tried until Meta has really deleted it; nothing here ever delays a message.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { INBOUND_MEDIA_LIFE_MS, MEDIA_BYTES_MAX } from '../../../contract/limits.ts';
import { errorText, shortId, type Log } from '../../../contract/log.ts';
import type { KeyRing } from '../../../contract/sealing/key-ring.ts';
import { fileOf } from '../../../contract/whatsapp/file-of.ts';
import type { Media } from '../../../contract/whatsapp/message-content.ts';
import { BLOBS_PATH } from '../../../contract/wire-http.ts';
import { readContent } from '../conversations/views.ts';
import type { FileMessage, MediaQueries, NewMediaFile } from '../db/media-queries.ts';
import { growPause, type JobHandler, type JobResult, type Pause } from '../jobs/job-runner.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import type { GraphClient } from '../whatsapp/graph-client.ts';
import type { MediaDownload } from '../whatsapp/media-download.ts';
import { claim } from './claim.ts';
import { isDiskTrouble, type MediaFiles, type WholeFile } from './media-files.ts';
import type { MediaProgress } from './media-progress.ts';
import { nameFile } from './file-names.ts';
import { readRangedBody, type RangedBody } from './ranged-body.ts';
import { findFileKeys, HEADER_BYTES, NoKeyError, openSealed, SealBrokenError, sealedStartFor } from './sealed-file.ts';
import { fileKey } from './view-file.ts';

export const fetchPayloadSchema = z.object({ messageId: z.string() });

const UNREACHABLE_PAUSE: Pause = { firstMs: 1_000, maxMs: 60_000 };
const DISK_PAUSE: Pause = { firstMs: 60_000, maxMs: 600_000 };
/** After a try that failed for a reason of this file's. */
const RETRY_MS = { first: 5_000, max: 60 * 60_000 };
/** A colleague's desktop is at it: it usually takes seconds. */
const COLLEAGUE_MS = { first: 1_500, max: 10 * 60_000 };

export type Fetched = NewMediaFile & { messageId: string };
type Source = 'meta' | 'team';
/** How one attempt ended. `next`: this source does not have it. */
type Attempt =
  | { status: 'here'; file: Omit<WholeFile, 'head'>; source: Source }
  | { status: 'next' }
  | { status: 'retry'; pace: { first: number; max: number }; atMostMs?: number; detail: string }
  | { status: 'unreachable' }
  | { status: 'expired' }
  | { status: 'refused'; detail: string };

type Deps = {
  queries: MediaQueries;
  files: MediaFiles;
  progress: MediaProgress;
  http: RelayHttp;
  ring: KeyRing;
  /** Whether an entry may be of before the team had a key: what was shared then lies at the relay as it is. */
  isFromBefore: (seq: number) => boolean;
  /** False: what does not open may be right, so the relay's files are left alone for now. */
  mayUseKeys: () => boolean;
  graph: Pick<GraphClient, 'readMedia'>;
  download: MediaDownload;
  /** The number whose files this desktop can ask Meta for; null: none. */
  readOwnNumber: () => Promise<string | null>;
  /** Inside the transaction that ends the job. */
  onFetched: (fetched: Fetched, media: Media) => void;
  onTrouble: (key: string, state: 'expired' | 'refused') => void;
  /** Everything is to be deleted. */
  abandoned: () => AbortSignal;
  /** Relay time, ms. */
  now: () => number;
  random: () => number;
  log: Log;
};

export function createFetchHandler(deps: Deps): JobHandler {
  const { queries, files, progress, http, ring, isFromBefore, mayUseKeys, graph, download, now, log } = deps;

  /**
   * Takes what a source gives into the part, from where that is.
   * @returns what went wrong with the line, or null: all of it is there.
   */
  const take = async (part: string, body: RangedBody, message: FileMessage, key: string): Promise<'too_large' | 'no_room' | { broken: unknown } | null> => {
    const { offset, total } = body;
    if (total !== null && total > MEDIA_BYTES_MAX) return 'too_large';
    if (!(await files.hasRoomFor((total ?? 0) - offset))) return 'no_room';
    const note = (done: number): void => progress.note(key, message.conversationId, { done, total });
    note(offset);
    const { bytes, error, isTooLarge } = await files.append(part, offset, body.body, MEDIA_BYTES_MAX, note);
    if (isTooLarge) return 'too_large';
    return error !== null || (total !== null && bytes < total) ? { broken: error ?? 'the line ended early' } : null;
  };

  /** @returns the file if the part has one of the hashes that were announced (any, where none was). */
  const verify = async (part: string, announced: (string | null)[]): Promise<WholeFile | null> => {
    const whole = await files.inspect(part);
    const isRight = whole.bytes > 0 && announced.every((sha256) => sha256 === null || sha256 === whole.sha256);
    if (!isRight) {
      await files.dropPart(part);
      return null;
    }
    await files.keep(part, whole.sha256);
    return whole;
  };

  const fromTeam = async (part: string, sha256: string, message: FileMessage, key: string, signal: AbortSignal): Promise<Attempt> => {
    const sealedName = nameFile(ring, sha256);
    const found = await fromTeamAs(sealedName, part, sha256, message, key, signal);
    // What was shared before the team had a key lies there under its hash, which is nobody else's to know.
    return found.status === 'next' && sealedName !== sha256 && isFromBefore(message.seq) ? fromTeamAs(sha256, part, sha256, message, key, signal) : found;
  };

  const fromTeamAs = async (name: string, part: string, sha256: string, message: FileMessage, key: string, signal: AbortSignal): Promise<Attempt> => {
    const abort = new AbortController();
    const path = `${BLOBS_PATH}/${name}`;
    try {
      const body = await (name === sha256 ? openPlain : openFromSealed)(path, sha256, await files.sizeOfPart(part), signal, abort).catch(async (error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'INVALID_INPUT') throw error;
        // The part is as long as the whole file, or longer: whether it is right shows without another byte.
        return 'whole' as const;
      });
      if (body !== 'whole') {
        const trouble = body && (await take(part, body, message, key));
        if (trouble === 'no_room') throw new NoRoomError();
        if (trouble === 'too_large') return { status: 'next' };
        if (trouble !== null && trouble.broken instanceof SealBrokenError) throw trouble.broken;
        if (trouble !== null && trouble.broken instanceof NoKeyError) return { status: 'next' };
        if (trouble !== null) return { status: 'unreachable' };
      }
      const file = await verify(part, [sha256]);
      if (file) return { status: 'here', file, source: 'team' };
      // All of it came from there, and it opened: somebody of the team had other bytes.
      if (name !== sha256 && body !== 'whole' && body?.offset === 0) throw new SealBrokenError('other bytes than the name says');
      return { status: 'next' };
    } catch (error) {
      if (error instanceof SealBrokenError) return dropWrong(path, part, error);
      if (error instanceof NoKeyError) return { status: 'next' };
      if (!(error instanceof AppError)) throw error;
      return error.code === 'OFFLINE' ? { status: 'unreachable' } : { status: 'next' };
    }
  };

  const openPlain = async (path: string, _sha256: string, have: number, signal: AbortSignal, abort: AbortController): Promise<RangedBody | null> =>
    readRangedBody(await http.openFrom(path, have, AbortSignal.any([signal, abort.signal])), abort);

  /** @throws SealBrokenError, NoKeyError, and what the line throws */
  const openFromSealed = async (path: string, sha256: string, have: number, signal: AbortSignal, abort: AbortController): Promise<RangedBody | null> => {
    const start = sealedStartFor(have);
    // Which epoch's key it is says the header, which does not come again.
    const keys = start === 0 ? null : findFileKeys(ring, await readHead(path, signal));
    const sealed = readRangedBody(await http.openFrom(path, start, AbortSignal.any([signal, abort.signal])), abort);
    const opened = sealed && openSealed(sealed, sha256, (head) => (head === null ? keys : null) ?? findFileKeys(ring, head ?? Buffer.alloc(0)));
    if (sealed && !opened) throw new SealBrokenError('nothing that is sealed has this size');
    return opened;
  };

  const readHead = async (path: string, signal: AbortSignal): Promise<Buffer> => {
    const abort = new AbortController();
    const response = await http.openFrom(path, 0, AbortSignal.any([signal, abort.signal]));
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of readRangedBody(response, abort)?.body ?? []) {
      pieces.push(piece);
      length += piece.length;
      if (length >= HEADER_BYTES) break;
    }
    return Buffer.concat(pieces);
  };

  /** The relay cannot tell: it takes our word, and asks the others for the right one. */
  const dropWrong = async (path: string, part: string, error: SealBrokenError): Promise<Attempt> => {
    log('error', 'media.wrong_at_relay', { error: errorText(error) });
    await files.dropPart(part);
    await http.call({ method: 'DELETE', path }, z.unknown()).catch((refusal: unknown) => log('warn', 'media.not_dropped', { error: errorText(refusal) }));
    return { status: 'next' };
  };

  const fromMeta = async (part: string, media: Media, message: FileMessage, key: string, signal: AbortSignal): Promise<Attempt> => {
    if (media.id === null || (await deps.readOwnNumber()) !== message.phoneNumberId) return { status: 'next' };
    const heldForMs = await claim(http, createHash('sha256').update(media.id).digest('hex'));
    if (heldForMs !== null) return { status: 'retry', pace: COLLEAGUE_MS, atMostMs: heldForMs, detail: 'a colleague fetches it' };
    let mismatches = 0;
    // An address lives five minutes: where it is gone, one new one is asked for, and the same after bytes that were wrong.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const address = await graph.readMedia(media.id, message.phoneNumberId, signal);
      if (address.status === 'unreachable') return { status: 'unreachable' };
      if (address.status !== 'ok') return { status: 'retry', pace: RETRY_MS, detail: address.status === 'refused' ? `code ${address.error.code}` : address.detail };
      if ((address.value.bytes ?? 0) > MEDIA_BYTES_MAX) return { status: 'refused', detail: 'too large' };
      const answer = await download(address.value, await files.sizeOfPart(part), signal);
      if (answer.status === 'gone') continue;
      if (answer.status === 'unreachable') return { status: 'unreachable' };
      if (answer.status === 'refused') return { status: 'retry', pace: RETRY_MS, detail: answer.detail };
      if (answer.status === 'open') {
        const trouble = await take(part, answer, message, key);
        if (trouble === 'too_large') return { status: 'refused', detail: 'too large' };
        if (trouble === 'no_room') throw new NoRoomError();
        if (trouble) return { status: 'retry', pace: RETRY_MS, detail: errorText(trouble.broken) };
      }
      const file = await verify(part, [media.sha256, address.value.sha256]);
      if (file) return { status: 'here', file, source: 'meta' };
      mismatches += 1;
    }
    return mismatches === 2 ? { status: 'refused', detail: 'not what was announced' } : { status: 'retry', pace: RETRY_MS, detail: 'no address works' };
  };

  const attempt = async (media: Media, message: FileMessage, key: string, signal: AbortSignal): Promise<Attempt> => {
    // From another message, or from a run that ended before it was recorded.
    const here = media.sha256 === null ? null : await files.look(media.sha256);
    if (here) return { status: 'here', file: here, source: 'meta' };
    const part = `file-${createHash('sha256').update(key).digest('hex')}`;
    // What a colleague wrote long ago without a line is with the team only since it came.
    const isOver = now() - (media.id === null ? message.receivedAt : message.sentAt) > INBOUND_MEDIA_LIFE_MS;
    let isRelayAway = false;
    if (media.sha256 !== null) {
      const fromColleague: Attempt = mayUseKeys() ? await fromTeam(part, media.sha256, message, key, signal) : { status: 'unreachable' };
      if (fromColleague.status === 'here') return fromColleague;
      isRelayAway = fromColleague.status === 'unreachable';
    }
    if (!isOver) {
      const fromSource = await fromMeta(part, media, message, key, signal);
      if (fromSource.status !== 'next') return fromSource;
    }
    if (isRelayAway) return { status: 'unreachable' };
    return isOver ? { status: 'expired' } : { status: 'retry', pace: COLLEAGUE_MS, detail: 'no desktop of the team has brought it yet' };
  };

  const judge = (result: Attempt, job: { attempts: number }, message: FileMessage, media: Media, key: string): JobResult => {
    switch (result.status) {
      case 'here': {
        const { sha256, bytes, mimeType } = result.file;
        const fetched = { messageId: message.id, sha256, bytes, mimeType, source: result.source, width: null, height: null, durationMs: null };
        return { status: 'done', record: () => deps.onFetched(fetched, media) };
      }
      case 'expired':
      case 'refused':
        return { status: 'done', record: () => deps.onTrouble(key, result.status) };
      case 'retry': {
        const pause = growPause(result.pace.first, job.attempts, result.pace.max, deps.random);
        return { status: 'retry', afterMs: Math.min(pause, result.atMostMs ?? pause) };
      }
      case 'unreachable':
      case 'next':
        return { status: 'pause', pause: UNREACHABLE_PAUSE };
    }
  };

  return {
    group: 'media',
    isRepeatable: true,
    prepare: (job) => {
      const { messageId } = fetchPayloadSchema.parse(JSON.parse(job.payload));
      const message = queries.findMessage(messageId);
      const media = message && fileOf(readContent(message.content));
      return media && fileKey(media) !== null ? null : { status: 'done' };
    },
    run: async (job, runSignal) => {
      const { messageId } = fetchPayloadSchema.parse(JSON.parse(job.payload));
      const message = queries.findMessage(messageId);
      const media = message && fileOf(readContent(message.content));
      const key = media ? fileKey(media) : null;
      if (!message || !media || key === null) return { status: 'done' };
      const signal = AbortSignal.any([runSignal, deps.abandoned()]);
      try {
        const result = await attempt(media, message, key, signal);
        if (signal.aborted) return { status: 'retry', afterMs: 0 };
        const detail = 'detail' in result ? result.detail : null;
        log(result.status === 'here' ? 'info' : 'warn', 'media.fetched', {
          message: shortId(messageId),
          status: result.status,
          detail,
          source: 'source' in result ? result.source : null,
          attempt: job.attempts,
        });
        return judge(result, job, message, media, key);
      } catch (error) {
        if (signal.aborted) return { status: 'retry', afterMs: 0 };
        if (!(error instanceof NoRoomError) && !isDiskTrouble(error)) throw error;
        log('error', 'media.disk_full', { error: errorText(error) });
        return { status: 'pause', pause: DISK_PAUSE };
      } finally {
        progress.end(key, message.conversationId);
      }
    },
  };
}

class NoRoomError extends Error {}
