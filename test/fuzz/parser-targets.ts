/** Parsers of what arrives as bytes or text: webhooks, ops, links, files. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { opBodySchema, opVersion, type OpBody } from '../../contract/ops/op.ts';
import { readDeepLink, writeDeepLink } from '../../contract/rules/deep-link.ts';
import { parseSearchQuery } from '../../contract/rules/search-query.ts';
import { safeFilename } from '../../contract/rules/safe-filename.ts';
import { judgeFile, normalizeMimeType } from '../../contract/whatsapp/media-types.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import { readFile } from '../../main/engine/ai/knowledge/reading/read-file.ts';
import { readPhoneInput } from '../../main/engine/conversations/phone-input.ts';
import { createMediaFiles } from '../../main/engine/media/media-files.ts';
import { readRangedBody } from '../../main/engine/media/ranged-body.ts';
import { readInviteLink } from '../../main/engine/team/invite-link.ts';
import { splitWebhook } from '../../webhook-relay/split-webhook.ts';
import { drawFrom } from '../support/draw-from-schema.ts';
import { makeDocx, makePdf, makeZip } from '../support/sample-documents.ts';
import { createFold, NOW } from './fold.ts';
import { mutateBytes, mutateJson, pick } from './mutate.ts';
import type { Opened, Target } from './target.ts';

const WEBHOOKS = path.resolve(import.meta.dirname, '../fixtures/webhooks');
export const readWebhooks = (): Buffer[] => readdirSync(WEBHOOKS).map((name) => readFileSync(path.join(WEBHOOKS, name)));
/** What the relay takes at most; more is refused unread. */
const BODY_MAX = 4 * 1024 * 1024;

/** Bytes as Meta might send them, more than half of them sound JSON of a wrong shape. */
export function createWebhookDraw(): (random: Random) => Buffer {
  const files = readWebhooks();
  const parsed = files.flatMap((file) => {
    try {
      return [JSON.parse(file.toString('utf8')) as unknown];
    } catch {
      return [];
    }
  });
  return (random) => (random.next() < 0.6 ? Buffer.from(JSON.stringify(mutateJson(pick(random, parsed), random))).subarray(0, BODY_MAX) : mutateBytes(pick(random, files), random, files));
}

const webhooks: Target = {
  name: 'webhook bytes',
  by: 'the relay’s splitting, then a desktop’s fold over SQLite',
  inputs: 80_000,
  few: 400,
  withinMs: 2_000,
  open: (): Opened => {
    const draw = createWebhookDraw();
    const { fold, stamp, judge, close } = createFold(() => undefined);
    let last: Buffer = Buffer.alloc(0);
    return {
      feed: (random) => {
        last = draw(random);
        const items = splitWebhook(last);
        assert(items.length > 0, 'nothing is dropped');
        for (const { body } of items) fold({ kind: 'webhook', ...stamp(), body });
      },
      judge,
      close,
      last: () => last.toString('utf8'),
    };
  },
};

const ops: Target = {
  name: 'ops of the log',
  by: 'the reducer over SQLite',
  inputs: 150_000,
  few: 1_000,
  withinMs: 2_000,
  open: (): Opened => {
    const draws = opBodySchema.options.map((option) => drawFrom(option));
    const files = readWebhooks();
    const { fold, stamp, judge, close } = createFold((apply) => {
      for (const [n, role] of (['admin', 'lead', 'agent'] as const).entries())
        apply({ kind: 'relay', seq: n + 1, receivedAt: NOW, body: JSON.stringify({ type: 'device.enrolled', deviceId: role, agentId: role, agentName: role, role }) });
      for (const [n, item] of splitWebhook(files.find((file) => file.includes('"text"')) ?? Buffer.from('{}')).entries()) apply({ kind: 'webhook', seq: 10 + n, receivedAt: NOW, body: item.body });
    });
    let last = '';
    /** Ids that rows may have, so that ops meet their target. */
    const ids = ['a', 'ab', 'uno', 'c_10', 'm_10', 'p_10', 'admin', 'lead', 'agent'];
    const withIds = (value: unknown, random: Random): unknown =>
      JSON.parse(JSON.stringify(value), (key, part: unknown) => (typeof part === 'string' && /(?:Id|^to|^from)$/.test(key) && random.next() < 0.7 ? pick(random, ids) : part)) as unknown;
    return {
      feed: (random) => {
        const sound = withIds(pick(random, draws)(random), random);
        const value = random.next() < 0.5 ? sound : mutateJson(sound, random);
        last = random.next() < 0.9 ? JSON.stringify(value) : mutateBytes(Buffer.from(JSON.stringify(value)), random).toString('utf8');
        const parsed = opBodySchema.safeParse(sound);
        const { seq, receivedAt } = stamp();
        const actor = pick(random, ['admin', 'lead', 'agent', 'nobody']);
        fold({
          kind: 'op',
          seq,
          receivedAt,
          opId: `op-${seq}`,
          deviceId: actor,
          actorId: actor,
          deviceSeq: seq,
          v: parsed.success ? opVersion(parsed.data as OpBody) : random.int(1, 2),
          occurredAt: receivedAt,
          body: last,
        });
      },
      judge,
      close,
      last: () => last,
    };
  },
};

const links: Target = {
  name: 'links and typed text',
  by: 'deep links, invites, searches, phone numbers, file names',
  inputs: 400_000,
  few: 3_000,
  withinMs: 500,
  open: (): Opened => {
    const samples = [
      writeDeepLink({ workspace: 'abcdefgh', conversationId: 'c_12', messageId: 'm_3' }),
      'bandeja://join?relay=https%3A%2F%2Frelay.example&code=ABCD-EFGH-JKMN',
      'https://relay.example/join#ABCD-EFGH-JKMN',
      'from:Ana has:file before:2026-11-01 "hola mundo" -no in:Ventas',
      '+502 5555-1234 ext. 3',
      '../../Factura (1).pdf.exe',
    ].map((text) => Buffer.from(text));
    let last = '';
    return {
      feed: (random) => {
        last = mutateBytes(pick(random, samples), random, samples).toString('utf8');
        const deep = readDeepLink(last);
        // What a link names is an id and nothing else.
        if (deep) assert.deepEqual(readDeepLink(writeDeepLink(deep)), deep);
        const invite = readInviteLink(last);
        if (invite?.relayUrl) assert(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\]))/.test(invite.relayUrl), 'no invite leads to an address without TLS');
        parseSearchQuery(last.slice(0, 500), NOW);
        readPhoneInput(last.slice(0, 40), '50255551234');
        const name = safeFilename(last);
        if (name !== null) assert(!['/', '\\', '\u0000'].some((mark) => name.includes(mark)) && name !== '..' && name !== '.', 'a name is no way out of its folder');
      },
      last: () => last,
    };
  },
};

const WORDS = 'Abrimos de lunes a viernes de 8 a 17. La cisterna de 10 m³ cuesta Q650. ';
const PAGE = `<html><head><title>Precios</title></head><body><h1>Precios</h1><p>Con <b>IVA</b></p><ul><li>Uno<li>Dos</ul><table><tr><th>A<td>B</table><dl><dt>¿Sí?<dd>No</dl><p hidden>x</p></body></html>`;
const MARKDOWN = `---\ntitle: x\n---\n# Horario\n\n${WORDS.repeat(5)}\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- uno\n  - dos\n\n\`\`\`\ncode\n\`\`\`\n<!-- no -->\n`;
const DOCX = (): Buffer =>
  makeDocx(
    `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Horario</w:t></w:r></w:p><w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>uno</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`,
  );

/** `files`: by name. In the product they are read in a process that is ended after 30 s; here each has to end by itself. */
const documents = (name: string, inputs: number, few: number, samples: () => { filename: string; bytes: Buffer }[]): Target => ({
  name,
  by: 'the knowledge base’s readers',
  inputs,
  few,
  withinMs: 10_000,
  open: (): Opened => {
    const all = samples();
    const others = all.map(({ bytes }) => bytes);
    let last: Buffer = Buffer.alloc(0);
    return {
      feed: async (random) => {
        const { filename, bytes } = pick(random, all);
        last = mutateBytes(bytes, random, others);
        const reading = await readFile(random.next() < 0.05 ? pick(random, all).filename : filename, last);
        if (reading.status === 'ok') assert(!/<script/i.test(reading.text) || filename.endsWith('.txt') || filename.endsWith('.md'), 'a page leaves no script');
      },
      last: () => last.toString('base64'),
    };
  },
});

const pdf = documents('PDF', 2_000, 15, () => [
  { filename: 'a.pdf', bytes: makePdf('BT /F1 12 Tf 72 720 Td (Horario de 8 a 17) Tj ET') },
  { filename: 'b.pdf', bytes: makePdf("BT /F1 12 Tf 1 0 0 1 72 720 Tm [(A) -250 (B)] TJ T* (C) ' ET") },
]);
const docx = documents('DOCX', 10_000, 60, () => {
  const sound = DOCX();
  return [
    { filename: 'a.docx', bytes: sound },
    { filename: 'b.docx', bytes: makeZip([{ name: 'word/document.xml', data: Buffer.from('<w:document/>') }]) },
  ];
});
/** What is within the archive made wrong, which a checksum would hide otherwise. */
const docxBody: Target = {
  ...documents('DOCX, its XML', 6_000, 60, () => []),
  open: (): Opened => {
    const bodies = [`<w:p><w:r><w:t>${WORDS}</w:t></w:r></w:p>`, '<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p><w:hyperlink r:id="r9"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>'].map((text) =>
      Buffer.from(text),
    );
    let last: Buffer = Buffer.alloc(0);
    return {
      feed: async (random) => {
        last = makeDocx(mutateBytes(pick(random, bodies), random, bodies).toString('utf8'));
        await readFile('a.docx', last);
      },
      last: () => last.toString('base64'),
    };
  },
};
const texts = documents('HTML, Markdown, text, CSV', 40_000, 400, () => [
  { filename: 'a.html', bytes: Buffer.from(PAGE) },
  { filename: 'a.md', bytes: Buffer.from(MARKDOWN) },
  { filename: 'a.txt', bytes: Buffer.from(WORDS, 'latin1') },
  { filename: 'b.txt', bytes: Buffer.from(WORDS, 'utf16le') },
  { filename: 'a.csv', bytes: Buffer.from('Servicio;Precio\r\n"Lavado; grande";"Q1,000"\r\n') },
]);

const HEADS = [
  Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.concat([Buffer.from('RIFF\u0024\u0000\u0000\u0000WEBPVP8X', 'latin1'), Buffer.alloc(30)]),
  Buffer.concat([Buffer.from('OggS\u0000\u0002', 'latin1'), Buffer.alloc(22), Buffer.from('OpusHead\u0001\u0001', 'latin1'), Buffer.alloc(10)]),
  Buffer.concat([Buffer.from('\u0000\u0000\u0000\u0018ftypmp42', 'latin1'), Buffer.alloc(40)]),
  Buffer.concat([Buffer.from('ID3\u0003\u0000', 'latin1'), Buffer.alloc(40)]),
  Buffer.from('%PDF-1.4\n%âãÏÓ\n'),
  makeZip([{ name: '[Content_Types].xml', data: Buffer.from('<Types/>') }]),
  Buffer.from('texto llano con acentos: señal\n'),
];

const heads: Target = {
  name: 'media headers',
  by: 'what a type, a name and first bytes say of a file; ranges of an answer',
  inputs: 300_000,
  few: 2_000,
  withinMs: 500,
  open: (): Opened => {
    const types = ['image/jpeg', 'audio/ogg; codecs=opus', 'image/webp', 'application/zip', 'text/html; charset=utf-8'].map((text) => Buffer.from(text));
    const ranges = ['bytes 0-9/10', 'bytes 5-9/*', 'bytes */10'].map((text) => Buffer.from(text));
    let last: unknown = null;
    return {
      feed: async (random) => {
        const head = mutateBytes(pick(random, HEADS), random, HEADS).subarray(0, 64);
        const mimeType = mutateBytes(pick(random, types), random, types).toString('latin1');
        const range = mutateBytes(pick(random, ranges), random)
          .toString('latin1')
          .replaceAll(/[^\u0020-\u007e]/g, '');
        last = { head: head.toString('hex'), mimeType, range };
        const verdict = judgeFile({ mimeType, bytes: random.int(0, 2 ** 31), filename: `a.${mimeType}`, head, width: random.int(-1, 600), height: null });
        assert(verdict.kind === null || verdict.problem === null);
        normalizeMimeType(mimeType, `x.${range}`);
        const abort = new AbortController();
        const body = readRangedBody(new Response('x', { status: 206, headers: { 'content-range': range } }), abort);
        if (body) assert(Number.isSafeInteger(body.offset) && (body.total === null || Number.isSafeInteger(body.total)));
      },
      last: () => last,
    };
  },
};

const files: Target = {
  name: 'media files',
  by: 'what a desktop keeps on disk, and how it recognises it',
  inputs: 4_000,
  few: 60,
  withinMs: 5_000,
  open: (): Opened => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-fuzz-'));
    const media = createMediaFiles(folder);
    let last: Buffer = Buffer.alloc(0);
    return {
      feed: async (random) => {
        last = mutateBytes(pick(random, HEADS), random, HEADS);
        const source = (async function* () {
          yield last;
        })();
        await media.dropPart('fuzz');
        const { bytes } = await media.append('fuzz', 0, source, last.length);
        assert.equal(bytes, last.length);
        if (bytes === 0) return;
        const found = await media.inspect('fuzz');
        judgeFile({ mimeType: found.mimeType, bytes: found.bytes, filename: 'a', head: found.head });
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
      last: () => last.toString('base64'),
    };
  },
};

export const PARSER_TARGETS: readonly Target[] = [webhooks, ops, links, texts, pdf, docx, docxBody, heads, files];
