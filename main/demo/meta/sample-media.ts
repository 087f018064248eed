/** Real, tiny files for the media that demo customers send, so that whoever downloads them gets something that opens. */
const PIXEL_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==';
const EMPTY_PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

export const SAMPLE_MEDIA = {
  photo: { mimeType: 'image/png', bytes: (): Buffer => Buffer.from(PIXEL_PNG, 'base64') },
  document: { mimeType: 'application/pdf', bytes: (): Buffer => Buffer.from(EMPTY_PDF, 'latin1') },
  voice: { mimeType: 'audio/ogg; codecs=opus', bytes: (): Buffer => Buffer.from('OggS') },
  sticker: { mimeType: 'image/webp', bytes: (): Buffer => Buffer.from('RIFF\u0004\u0000\u0000\u0000WEBP', 'latin1') },
} as const;
export type SampleKind = keyof typeof SAMPLE_MEDIA;
