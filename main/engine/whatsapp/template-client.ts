/**
 * Calls to Meta's Graph API about templates (Graph API, "Template management", "Resumable Upload API"). Ids are text: they may exceed
 * 2^53. The account's budget is 200 such calls an hour, over all desktops.
 */
import { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { readMetaTemplate, toMetaTemplate, type Template, type TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import { createGraphCall, inTime, jsonBody, type GraphDeps, type GraphResult } from './graph-call.ts';

const FIELDS = 'id,name,language,category,status,rejected_reason,quality_score,parameter_format,components';
/** An answer with so many stays well below what is read of one. */
const PAGE = 100;
const RESUMPTIONS = 4;

const id = z.union([z.string().min(1).max(64), z.number()]).transform(String);
const word = z.string().max(100).catch('');
const pageSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({ cursors: z.object({ after: z.string().max(2_000).optional() }).optional(), next: z.string().optional() })
    .optional()
    .catch(undefined),
});
const createdSchema = z.object({ id, status: word, category: word });
const editedSchema = z.object({ success: z.literal(true), category: z.string().max(100).optional().catch(undefined) });
const successSchema = z.object({ success: z.literal(true) });
const appSchema = z.object({ id });
/** Its id holds a signature; it is a path of our own host in any case, because it comes after the version. */
const sessionSchema = z.object({ id: z.string().regex(/^upload:[\w+/=:.~%-]+(\?[\w+/=:.~%&-]*)?$/) });
const pieceSchema = z.union([z.object({ h: z.string().min(1).max(20_000) }), z.object({ file_offset: z.number().int().nonnegative() })]);
const offsetSchema = z.object({ file_offset: z.number().int().nonnegative() });

export type TemplatePage = { templates: Template[]; /** Cursor of the next page; null: that was all. */ next: string | null };
/** `open` gives its bytes, all of them, as often as it is called. */
export type SampleFile = { filename: string; mimeType: string; bytes: number; open: () => AsyncIterable<Uint8Array> };

export type TemplateClient = {
  /** `GET /{WABA}/message_templates`. What is no template is left out. */
  list(wabaId: string, after: string | null, signal: AbortSignal): Promise<GraphResult<TemplatePage>>;
  create(wabaId: string, design: TemplateDesign, signal: AbortSignal): Promise<GraphResult<{ id: string; status: string; category: string }>>;
  /** All components are replaced. `category`: null leaves it, as it has to be for an approved one. */
  edit(metaId: string, design: TemplateDesign, category: string | null, signal: AbortSignal): Promise<GraphResult<{ category: string | null }>>;
  /** `metaId` null: in every language. */
  remove(wabaId: string, name: string, metaId: string | null, signal: AbortSignal): Promise<GraphResult<void>>;
  /** Of the token. */
  readAppId(signal: AbortSignal): Promise<GraphResult<string>>;
  /** The handle of a file, for `example.header_handle`. Goes on where it was cut. */
  uploadSample(appId: string, file: SampleFile, signal: AbortSignal): Promise<GraphResult<string>>;
};

/** @throws Error for a base that is neither https nor http on loopback. */
export function createTemplateClient(deps: GraphDeps): TemplateClient {
  const call = createGraphCall(deps);
  const pathOf = (...parts: string[]): string => parts.map((part) => encodeURIComponent(part)).join('/');

  const sendBytes = async (session: string, file: SampleFile, from: number, signal: AbortSignal): Promise<GraphResult<z.infer<typeof pieceSchema>>> =>
    call({
      method: 'POST',
      path: session,
      scheme: 'OAuth',
      schema: pieceSchema,
      signal,
      body: {
        headers: { file_offset: String(from), 'content-type': 'application/octet-stream', 'content-length': String(file.bytes - from) },
        init: { body: ReadableStream.from(skip(file.open(), from)) as unknown as BodyInit, duplex: 'half' },
      },
    });

  return {
    list: async (wabaId, after, signal) => {
      const query = new URLSearchParams({ fields: FIELDS, limit: String(PAGE), ...(after === null ? {} : { after }) });
      const result = await call({ method: 'GET', path: `${pathOf(wabaId, 'message_templates')}?${query}`, schema: pageSchema, signal: inTime(signal) });
      if (result.status !== 'ok') return result;
      const { data, paging } = result.value;
      const templates = data.map(readMetaTemplate).filter((template) => template !== null);
      return { status: 'ok', value: { templates, next: paging?.next === undefined ? null : (paging.cursors?.after ?? null) } };
    },
    create: (wabaId, design, signal) => call({ method: 'POST', path: pathOf(wabaId, 'message_templates'), body: jsonBody(toMetaTemplate(design)), schema: createdSchema, signal: inTime(signal) }),
    edit: async (metaId, design, category, signal) => {
      const { components, parameter_format } = toMetaTemplate(design);
      const body = { components, parameter_format, ...(category === null ? {} : { category }) };
      const result = await call({ method: 'POST', path: pathOf(metaId), body: jsonBody(body), schema: editedSchema, signal: inTime(signal) });
      return result.status === 'ok' ? { status: 'ok', value: { category: result.value.category ?? null } } : result;
    },
    remove: async (wabaId, name, metaId, signal) => {
      const query = new URLSearchParams({ name, ...(metaId === null ? {} : { hsm_id: metaId }) });
      const result = await call({ method: 'DELETE', path: `${pathOf(wabaId, 'message_templates')}?${query}`, schema: successSchema, signal: inTime(signal) });
      return result.status === 'ok' ? { status: 'ok', value: undefined } : result;
    },
    readAppId: async (signal) => {
      const result = await call({ method: 'GET', path: 'app?fields=id', schema: appSchema, signal: inTime(signal) });
      return result.status === 'ok' ? { status: 'ok', value: result.value.id } : result;
    },
    uploadSample: async (appId, file, signal) => {
      const query = new URLSearchParams({ file_name: file.filename, file_length: String(file.bytes), file_type: file.mimeType });
      const session = await call({ method: 'POST', path: `${pathOf(appId, 'uploads')}?${query}`, schema: sessionSchema, signal: inTime(signal) });
      if (session.status !== 'ok') return session;
      let from = 0;
      for (let attempt = 0; ; attempt += 1) {
        const sent = await sendBytes(session.value.id, file, from, signal);
        if (sent.status === 'ok' && 'h' in sent.value) return { status: 'ok', value: sent.value.h };
        if (sent.status === 'refused' || attempt === RESUMPTIONS || signal.aborted) return sent.status === 'ok' ? { status: 'lost', detail: 'the upload did not end' } : sent;
        const reached = await call({ method: 'GET', path: session.value.id, scheme: 'OAuth', schema: offsetSchema, signal: inTime(signal) });
        if (reached.status !== 'ok') return reached;
        from = reached.value.file_offset;
      }
    },
  };
}

async function* skip(pieces: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const piece of pieces) {
    if (left < piece.byteLength) yield left === 0 ? piece : piece.subarray(left);
    left = Math.max(0, left - piece.byteLength);
  }
}
