/**
 * What Meta makes of an uploaded file: it looks at the declared type at once, at the bytes too, but says only later, with the status of the
 * message, when the two do not agree (Cloud API, "Media", error 131053).
 */
import { fileTypeFromBuffer } from 'file-type';
import { HEAD_BYTES, judgeFile, normalizeMimeType, typesOf } from '../../../contract/whatsapp/media-types.ts';
import { MEDIA_KINDS, type MediaKind } from '../../../contract/whatsapp/message-content.ts';
import type { GraphError } from './graph-errors.ts';
import type { Part } from './multipart.ts';

/** `kind` null: the bytes are not what was declared, so no message with it arrives. */
export type UploadCheck = { status: 'taken'; mimeType: string; kind: MediaKind | null } | { status: 'refused'; error: GraphError };

export async function checkUpload(parts: Part[]): Promise<UploadCheck> {
  const refuse = (error: GraphError): UploadCheck => ({ status: 'refused', error });
  const textOf = (name: string): string | undefined => parts.find((part) => part.name === name)?.bytes.toString('utf8');
  const file = parts.find((part) => part.name === 'file');
  if (textOf('messaging_product') !== 'whatsapp') return refuse({ code: 100, details: 'messaging_product: must be whatsapp' });
  if (!file) return refuse({ code: 100, details: 'file: is missing' });
  const filename = file.filename ?? '';
  const declared = normalizeMimeType(textOf('type') ?? file.contentType ?? '', filename);
  const kind = MEDIA_KINDS.find((each) => typesOf(each).includes(declared));
  if (!kind) return refuse({ code: 100, details: `type: Param file must be a file with one of the following types: ${MEDIA_KINDS.flatMap(typesOf).join(', ')}. Received file of type '${declared}'` });

  const found = await fileTypeFromBuffer(file.bytes).catch(() => undefined);
  const sniffed = normalizeMimeType(found?.mime ?? (declared === 'text/plain' ? declared : ''), filename);
  const verdict = judgeFile({ mimeType: sniffed, bytes: file.bytes.length, filename, head: file.bytes.subarray(0, HEAD_BYTES) });
  if (verdict.problem === 'empty') return refuse({ code: 100, details: 'file: is empty' });
  if (verdict.problem === 'too_big') return refuse({ code: 131053, details: `file: at most ${verdict.limitBytes} bytes of ${sniffed}, got ${file.bytes.length}` });
  const isAsDeclared =
    verdict.problem === null && sniffed === declared && [textOf('type'), file.contentType].every((said) => said === null || said === undefined || normalizeMimeType(said, filename) === declared);
  return { status: 'taken', mimeType: declared, kind: isAsDeclared ? kind : null };
}
