import { describe, expect, it } from 'vitest';
import { judgeFile, normalizeMimeType, uploadNameOf, type FileFacts } from '../../../contract/whatsapp/media-types.ts';

const judge = (facts: Partial<FileFacts>) => judgeFile({ mimeType: 'image/jpeg', bytes: 1_000, filename: 'x', ...facts });
const OFFICE = 'application/vnd.openxmlformats-officedocument';

describe('what a file can be sent as', () => {
  it.each([
    ['image/jpeg', 'image', 5_000_000],
    ['image/png', 'image', 5_000_000],
    ['video/mp4', 'video', 16_000_000],
    ['video/3gpp', 'video', 16_000_000],
    ['audio/mpeg', 'audio', 16_000_000],
    ['audio/x-m4a', 'audio', 16_000_000],
    ['audio/ogg; codecs=opus', 'audio', 16_000_000],
    ['image/webp', 'sticker', 100_000],
    ['application/pdf', 'document', 100_000_000],
    ['text/csv', 'document', 100_000_000],
    [`${OFFICE}.spreadsheetml.sheet`, 'document', 100_000_000],
  ] as const)('would go out wrong, or over its limit: %s', (mimeType, kind, limitBytes) => {
    expect(judge({ mimeType, bytes: limitBytes })).toMatchObject({ kind, problem: null, limitBytes, alternatives: [] });
    expect(judge({ mimeType, bytes: limitBytes + 1 })).toMatchObject({ kind: null, problem: 'too_big', limitBytes });
  });

  it.each(['image/heic', 'image/gif', 'image/svg+xml', 'video/quicktime', 'video/webm', 'audio/wav', 'application/zip', 'application/x-msdownload', 'application/json', ''])(
    'would only fail at Meta: %s',
    (mimeType) => {
      expect(judge({ mimeType })).toMatchObject({ kind: null, problem: 'type_refused', limitBytes: null });
    },
  );

  it('would send nothing at all', () => {
    expect(judge({ bytes: 0 })).toMatchObject({ kind: null, problem: 'empty' });
  });

  it('tells old and new Office files apart by the name, which is all that differs', () => {
    expect(judge({ mimeType: 'application/x-cfb', filename: 'Cotización.XLS' })).toMatchObject({ kind: 'document', mimeType: 'application/vnd.ms-excel' });
    expect(judge({ mimeType: 'application/zip', filename: 'carta.docx' })).toMatchObject({ kind: 'document', mimeType: `${OFFICE}.wordprocessingml.document` });
    expect(judge({ mimeType: 'application/zip', filename: 'carta.doc' })).toMatchObject({ problem: 'type_refused' });
    expect(judge({ mimeType: 'application/x-cfb', filename: 'instalador.msi' })).toMatchObject({ problem: 'type_refused' });
    // A name never makes a picture of a program.
    expect(judge({ mimeType: 'application/x-msdownload', filename: 'foto.jpg' })).toMatchObject({ problem: 'type_refused' });
  });

  it('takes a moving sticker of half a megabyte, and no picture of another size as one', () => {
    const still = Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1');
    const moving = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1'), Buffer.from([0b10])]);
    expect(judge({ mimeType: 'image/webp', bytes: 400_000, head: moving })).toMatchObject({ kind: 'sticker', limitBytes: 500_000 });
    expect(judge({ mimeType: 'image/webp', bytes: 400_000, head: still })).toMatchObject({ problem: 'too_big', limitBytes: 100_000 });
    expect(judge({ mimeType: 'image/webp', width: 512, height: 512 })).toMatchObject({ kind: 'sticker' });
    expect(judge({ mimeType: 'image/webp', width: 4_000, height: 3_000 })).toMatchObject({ problem: 'type_refused' });
  });

  it('takes ogg only as OPUS with one channel', () => {
    const page = (codec: string, channels: number) => Buffer.concat([Buffer.from(`OggS${'\0'.repeat(23)}\x13${codec}\x01`, 'latin1'), Buffer.from([channels])]);
    expect(judge({ mimeType: 'audio/ogg', head: page('OpusHead', 1) })).toMatchObject({ kind: 'audio' });
    expect(judge({ mimeType: 'audio/ogg', head: page('OpusHead', 2) })).toMatchObject({ problem: 'type_refused' });
    expect(judge({ mimeType: 'audio/ogg', head: page('\x01vorbis', 1) })).toMatchObject({ problem: 'type_refused' });
  });
});

it('would contradict the bytes with the extension of an upload', () => {
  expect(uploadNameOf('image/jpeg')).toBe('file.jpg');
  expect(uploadNameOf(`${OFFICE}.wordprocessingml.document`)).toBe('file.docx');
  expect(uploadNameOf(normalizeMimeType('Audio/OGG; codecs=opus'))).toBe('file.ogg');
});
