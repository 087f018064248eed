/** A knowledge base that a team shares: desktops and relay as they are, files read by real processes. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KB_MAX, STAGE_CHUNK_BYTES } from '../../../contract/limits.ts';
import { createFileReader } from '../../../main/engine/ai/knowledge/file-reading.ts';
import { readFileInChild } from '../../../main/shell/read-file.ts';
import { isReady } from '../../support/ai-team.ts';
import { makeDocx, makePdf } from '../../support/sample-documents.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let lead: Desktop;
let agent: Desktop;
beforeAll(async () => {
  team = await startTeam();
  [lead, agent] = [await team.addDesktop({ name: 'Ana', role: 'admin' }), await team.addDesktop({ name: 'Beto', role: 'agent' })];
  for (const { client } of [lead, agent]) await isReady(client);
});
afterAll(() => team.stop());

/** What one desktop has sent the other may not have heard of yet: both are to be where the log ends. */
const settle = async (): Promise<void> => {
  for (const { engine } of [lead, agent]) await engine.waitForIdle(20_000);
  const read = () => Promise.all([lead, agent].map(({ client }) => client.session.sync()));
  await waitUntil('both have everything', async () => {
    const syncs = await read();
    const head = Math.max(...syncs.map((sync) => sync.head));
    return syncs.every(({ cursor, pending }) => pending === 0 && cursor >= head);
  });
};
const find = async ({ client }: Desktop, text: string): Promise<string[]> => (await client.knowledge.search({ text })).hits.map(({ title }) => title);
const write = (desktop: Desktop, title: string, text: string, from: { articleId: string | null; from: string | null } = { articleId: null, from: null }) =>
  desktop.client.knowledge.save({ ...from, title, language: 'es', text });
const upload = async ({ client }: Desktop, path: string, bytes: Buffer) => {
  const { uploadId } = await client.knowledge.beginFile({ path, bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += STAGE_CHUNK_BYTES) {
    await client.knowledge.addFileChunk({ uploadId, offset, data: bytes.subarray(offset, offset + STAGE_CHUNK_BYTES).toString('base64') });
  }
  return client.knowledge.finishFile({ uploadId });
};

test('an article of one desktop is found on the other, and a retired one on none', async () => {
  const { articleId } = await write(lead, 'Garantía de bombas', 'Las bombas sumergibles tienen seis meses de garantía en repuestos.');
  await settle();
  for (const desktop of [lead, agent]) expect(await find(desktop, 'cuántos meses de garantia tienen las bonbas')).toEqual(['Garantía de bombas']);
  const [hit] = (await agent.client.knowledge.search({ text: 'garantia' })).hits;
  expect(hit!.snippet.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['garantía']);

  await lead.client.knowledge.change({ articleId, changes: { state: { from: 'approved', to: 'retired' } } });
  expect(await find(lead, 'garantía de bombas')).toEqual([]);
  await settle();
  expect(await find(agent, 'garantía de bombas')).toEqual([]);
  await lead.client.knowledge.change({ articleId, changes: { state: { from: 'retired', to: 'approved' } } });
  await settle();
  expect(await find(agent, 'garantía de bombas')).toEqual(['Garantía de bombas']);
});

test('what an agent adds is found once a lead has approved it: articles and other ways to ask', async () => {
  const { articleId } = await write(agent, 'Fumigación', 'Fumigamos bodegas contra roedores los martes.');
  await settle();
  for (const desktop of [lead, agent]) expect(await find(desktop, 'fumigación de bodegas')).toEqual([]);
  expect((await lead.client.knowledge.status()).pending).toBe(1);
  expect((await agent.client.knowledge.change({ articleId, changes: { state: { from: 'pending', to: 'approved' } } })).outcome).toBe('forbidden');
  await lead.client.knowledge.change({ articleId, changes: { state: { from: 'pending', to: 'approved' }, mayAutoAnswer: { from: false, to: true } } });
  await agent.client.knowledge.addQuestion({ articleId, text: '¿Matan ratas y ratones?', language: 'es' });
  await settle();
  expect(await find(agent, 'fumigación de bodegas')).toEqual(['Fumigación']);
  expect(await find(agent, 'ratas o ratones en mi casa')).toEqual([]);

  const { questionList } = await lead.client.knowledge.get({ articleId });
  expect(questionList).toMatchObject([{ text: '¿Matan ratas y ratones?', state: 'pending', by: { name: 'Beto' } }]);
  await lead.client.knowledge.decideQuestion({ questionId: questionList[0]!.questionId, isApproved: true });
  await settle();
  expect(await find(agent, 'ratas o ratones en mi casa')).toEqual(['Fumigación']);
});

test('a passage opens in the revision it was cited from, and nobody overwrites what they have not seen', async () => {
  const first = await write(lead, 'Precio de la fosa', '## Precio\n\nLa limpieza cuesta Q1,450.\n\n## Plazo\n\nSe hace en dos días.');
  const [cited] = (await lead.client.knowledge.search({ text: 'cuánto cuesta la limpieza de la fosa' })).hits;
  expect(cited).toMatchObject({ articleId: first.articleId, heading: 'Precio' });
  const seen = await lead.client.knowledge.get({ articleId: first.articleId });
  await write(lead, 'Precio de la fosa', `## Nuevo\n\nAviso.\n\n## Precio\n\nLa limpieza cuesta Q1,600.`, { articleId: first.articleId, from: seen.revisionId });
  await settle();

  const old = await agent.client.knowledge.get({ articleId: first.articleId, revisionId: cited!.revisionId, passageId: cited!.passageId });
  expect(old.text.slice(old.passage!.start, old.passage!.end)).toBe('La limpieza cuesta Q1,450.');
  expect(old.revisions.map(({ revisionNo }) => revisionNo)).toEqual([2, 1]);
  expect((await agent.client.knowledge.get({ articleId: first.articleId })).text).toContain('Q1,600');
  await expect(write(lead, 'Precio de la fosa', 'Otra cosa.', { articleId: first.articleId, from: seen.revisionId })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
  await expect(
    write(agent, 'Precio de la fosa', 'Otra cosa.', { articleId: first.articleId, from: (await agent.client.knowledge.get({ articleId: first.articleId })).revisionId }),
  ).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('dropped files become articles in their folders; the same file is known, a newer one is the next revision', async () => {
  const long = Array.from({ length: 3_000 }, (_, n) => `Renglón ${n} del reglamento interno, con su número y sus palabras.`).join('\n\n');
  expect(long.length).toBeGreaterThan(KB_MAX.partText * 5);
  const reglamento = await upload(lead, 'manuales/internos/../reglamento.md', Buffer.from(`# Reglamento\n\n${long}`));
  expect(reglamento).toMatchObject({ state: 'done', filename: 'reglamento.md', isKnown: false });
  const word = await upload(lead, 'tarifas.docx', makeDocx('<w:p><w:r><w:t>El flete a Escuintla cuesta Q300.</w:t></w:r></w:p>'));
  await settle();
  const detail = await agent.client.knowledge.get({ articleId: reglamento.articleId! });
  expect(createHash('sha256').update(detail.text).digest('hex')).toBe(createHash('sha256').update(`# Reglamento\n\n${long}`).digest('hex'));
  expect(detail).toMatchObject({ title: 'Reglamento', folder: 'manuales/internos', kind: 'file', language: 'es', state: 'approved' });
  await waitUntil('all of it is in the index', async () => !(await agent.client.knowledge.status()).isIndexing, 20_000);
  const { hits } = await agent.client.knowledge.search({ text: 'renglón 2999 del reglamento interno' });
  const { text, passage } = await agent.client.knowledge.get({ articleId: hits[0]!.articleId, passageId: hits[0]!.passageId });
  expect(text.slice(passage!.start, passage!.end)).toContain('Renglón 2999 ');

  expect(await upload(lead, 'otra/copia.docx', makeDocx('<w:p><w:r><w:t>El flete a Escuintla cuesta Q300.</w:t></w:r></w:p>'))).toMatchObject({ isKnown: true, articleId: word.articleId });
  expect(await upload(lead, 'tarifas.docx', makeDocx('<w:p><w:r><w:t>El flete a Escuintla cuesta Q350.</w:t></w:r></w:p>'))).toMatchObject({ isKnown: false, articleId: word.articleId });
  expect(await lead.client.knowledge.get({ articleId: word.articleId! })).toMatchObject({ revisionNo: 2, text: 'El flete a Escuintla cuesta Q350.' });
  expect(await upload(lead, 'roto.pdf', makePdf('').subarray(0, 60))).toMatchObject({ state: 'failed', problem: 'damaged', articleId: null });
});

test('a file that takes too long or too much memory ends with its process, and the next one is read', async () => {
  const small = createFileReader({ readFile: (job, signal) => readFileInChild(job, signal, 48) });
  const slow = createFileReader({ readFile: readFileInChild, limitMs: 1 });
  expect(await slow.read('a.md', Buffer.from('# Hola\n\nTexto.'))).toEqual({ status: 'failed', problem: 'too_slow' });
  const body = `<w:p><w:r><w:t>a</w:t></w:r></w:p>`.repeat(300_000);
  const [bomb, next] = await Promise.all([small.read('bomba.docx', makeDocx(body)), small.read('b.md', Buffer.from('# Hola\n\nTexto.'))]);
  expect(bomb).toEqual({ status: 'failed', problem: 'too_much_text' });
  expect(next).toMatchObject({ status: 'ok', title: 'Hola' });
});
