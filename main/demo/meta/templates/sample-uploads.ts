/**
 * The Resumable Upload API, by which samples of media headers come: a session, then its bytes from any offset, then a handle (Graph API,
 * "Resumable Upload API"). Handles end with the process; the files of `SAMPLE_HANDLES` are always there.
 */
import express, { type Request, type Response, type Router } from 'express';
import { APP_ID } from '../app-id.ts';
import type { FaultBox } from '../faults.ts';
import { noSuchObject, type GraphError } from '../graph-errors.ts';
import type { MediaStore } from '../media-store.ts';
import { createNumericId, type Random } from '../random.ts';
import { SAMPLE_MEDIA, type SampleKind } from '../sample-media.ts';

const BYTES_MAX = 100 * 1024 * 1024;
const KIND_OF_TYPE = new Map<string, 'image' | 'video' | 'document'>([
  ['image/jpeg', 'image'],
  ['image/jpg', 'image'],
  ['image/png', 'image'],
  ['video/mp4', 'video'],
  ['application/pdf', 'document'],
]);

type Session = { id: string; mimeType: string; length: number; bytes: Buffer };
type Sample = { kind: 'image' | 'video' | 'document'; mediaId: string };

export type SampleUploads = {
  kindOf(handle: string): Sample['kind'] | null;
  /** Where the file can be seen; null: it is gone. */
  addressOf(handle: string, baseUrl: string): string | null;
  createApi(refuse: (response: Response, error: GraphError) => void): Router;
};

/** Handles for templates that are there from the beginning. */
export const SAMPLE_HANDLES = { image: 'sample:photo', video: 'sample:video', document: 'sample:document' } as const;

export function createSampleUploads(deps: { media: MediaStore; faults: FaultBox; random: Random }): SampleUploads {
  const { media, faults, random } = deps;
  const sessions = new Map<string, Session>();
  const samples = new Map<string, Sample>();
  const addOwn = (kind: Sample['kind'], sample: SampleKind): void => {
    const { mimeType, bytes } = SAMPLE_MEDIA[sample];
    samples.set(SAMPLE_HANDLES[kind], { kind, mediaId: media.add(mimeType, bytes()).id });
  };
  addOwn('image', 'photo');
  addOwn('video', 'video');
  addOwn('document', 'document');

  const createApi = (refuse: (response: Response, error: GraphError) => void): Router => {
    const router = express.Router();
    router.post('/:app/uploads', (request, response) => {
      if (request.params.app !== APP_ID) return refuse(response, noSuchObject(request.params.app));
      const [name, length, mimeType] = ['file_name', 'file_length', 'file_type'].map((key) => (typeof request.query[key] === 'string' ? request.query[key] : ''));
      const size = Number(length);
      if (!name) return refuse(response, { code: 100, details: 'file_name: is missing' });
      if (!Number.isInteger(size) || size < 1 || size > BYTES_MAX) return refuse(response, { code: 100, details: 'file_length: must be the size of the file in bytes' });
      if (!mimeType || !KIND_OF_TYPE.has(mimeType)) return refuse(response, { code: 100, details: `file_type: one of ${[...KIND_OF_TYPE.keys()].join(', ')}` });
      const session: Session = { id: `upload:${Buffer.from(createNumericId(random)).toString('base64url')}`, mimeType, length: size, bytes: Buffer.alloc(0) };
      sessions.set(session.id, session);
      response.json({ id: session.id });
    });

    router.get('/:upload', (request, response, next) => {
      if (!request.params.upload.startsWith('upload:')) return next();
      const session = sessions.get(request.params.upload);
      if (!session) return refuse(response, noSuchObject(request.params.upload));
      response.json({ id: session.id, file_offset: session.bytes.length });
    });

    router.post('/:upload', async (request: Request<{ upload: string }>, response, next) => {
      if (!request.params.upload.startsWith('upload:')) return next();
      const session = sessions.get(request.params.upload);
      if (!session) return refuse(response, noSuchObject(request.params.upload));
      const offset = Number(request.headers['file_offset'] ?? NaN);
      if (offset !== session.bytes.length) return refuse(response, { code: 100, details: `file_offset: must be ${session.bytes.length}, where the bytes that have come end` });
      const cutAfter = faults.takeSampleCut();
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          session.bytes = Buffer.concat([session.bytes, chunk]).subarray(0, cutAfter ?? session.length + 1);
          if (cutAfter !== null && session.bytes.length >= cutAfter) return void request.socket.resetAndDestroy();
        }
      } catch {
        return; // cut by the other side: what has come stays
      }
      if (session.bytes.length > session.length) {
        sessions.delete(session.id);
        return refuse(response, { code: 100, details: `more came than the ${session.length} bytes of file_length` });
      }
      if (session.bytes.length < session.length) return void response.json({ id: session.id, file_offset: session.bytes.length });
      const mimeType = session.mimeType === 'image/jpg' ? 'image/jpeg' : session.mimeType;
      const kind = KIND_OF_TYPE.get(mimeType) ?? 'document';
      if (!hasMagic(session.bytes, kind)) return refuse(response, { code: 100, details: `file_type: the bytes are not ${mimeType}` });
      const handle = `4::${Buffer.from(mimeType).toString('base64')}:ARZ${createNumericId(random)}:e:${APP_ID}`;
      samples.set(handle, { kind, mediaId: media.add(mimeType, session.bytes).id });
      sessions.delete(session.id);
      response.json({ h: handle });
    });

    return router;
  };

  return {
    kindOf: (handle) => samples.get(handle)?.kind ?? null,
    addressOf: (handle, baseUrl) => {
      const sample = samples.get(handle);
      return sample ? (media.announce(sample.mediaId, baseUrl)?.url ?? null) : null;
    },
    createApi,
  };
}

function hasMagic(bytes: Buffer, kind: Sample['kind']): boolean {
  const head = bytes.subarray(0, 12).toString('latin1');
  switch (kind) {
    case 'image':
      return head.startsWith('\u00ff\u00d8\u00ff') || head.startsWith('\u0089PNG');
    case 'video':
      return head.slice(4, 8) === 'ftyp';
    case 'document':
      return head.startsWith('%PDF');
  }
}
