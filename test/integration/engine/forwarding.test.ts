/** Forwarding, and messages that are attached to a request: real programs, real HTTP, real SQLite. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../../contract/entities.ts';
import { OP_LEVEL } from '../../../contract/ops/op.ts';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { stageFile } from '../../support/stage-file.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const ROSA = { from: '50255550001', name: 'Rosa' };
const MARIO = { from: '50255550002', name: 'Mario' };
const OLGA = { from: '50255550003', name: 'Olga' };

let team: Team;
let ana: Desktop;
beforeEach(async () => {
  team = await startTeam();
  ana = await team.addDesktop({ role: 'admin' });
  team.meta.customerWrites({ ...ROSA, text: 'La dirección es *12 calle 3-45*' });
  team.meta.customerWrites({ ...MARIO, text: 'hola' });
  // Nobody has answered her for two days.
  team.meta.customerWrites({ ...OLGA, text: 'buenas', timestamp: Math.floor(Date.now() / 1000) - 48 * 3600 });
  await waitUntil('all have written', async () => (await ana.client.conversations.list({})).items.length === 3 || null);
  await waitUntil('everybody can read what this program writes', async () => (await ana.client.session.sync()).writeLevel >= OP_LEVEL || null);
});
afterEach(() => team.stop());

const idOf = async (name: string): Promise<string> => (await ana.client.conversations.list({})).items.find(({ contact }) => contact.name === name)!.id;
const thread = async (conversationId: string): Promise<Message[]> => (await ana.client.messages.page({ conversationId })).items;
const said = (messages: readonly Message[]) => messages.filter(({ direction }) => direction === 'out').map(({ content }) => (content.kind === 'text' ? content.text : content.kind));
const copiesOf = (sources: readonly Message[]) => sources.map(({ id }) => ({ sourceId: id, messageId: randomUUID() }));

it('each copy is a message of its own, in the order chosen; whose window is closed gets none and is named; once more is the same', async () => {
  const [rosa, mario, olga] = [await idOf('Rosa'), await idOf('Mario'), await idOf('Olga')];
  const staged = await stageFile(ana.client, SAMPLE_MEDIA.photo.bytes(), 'foto.jpg');
  await ana.client.messages.send({ conversationId: rosa, content: { kind: 'image', sha256: staged.sha256, caption: 'El portón' } });
  const sources = await thread(rosa);
  expect(sources.map(({ content }) => content.kind)).toEqual(['text', 'image']);
  const targets = [mario, olga].map((conversationId) => ({ conversationId, messages: copiesOf(sources) }));

  const { results } = await ana.client.messages.forward({ targets });
  expect(results.map(({ conversationId, code }) => [conversationId, code])).toEqual([
    [mario, null],
    [mario, null],
    [olga, 'WINDOW_CLOSED'],
    [olga, 'WINDOW_CLOSED'],
  ]);
  expect(said(await thread(mario))).toEqual(['La dirección es *12 calle 3-45*', 'image']);
  expect(said(await thread(olga))).toEqual([]);
  await waitUntil('Mario has read both', async () => (await thread(mario)).filter(({ delivery }) => delivery === 'read').length === 2 || null);

  expect((await ana.client.messages.forward({ targets: [targets[0]!] })).results.map(({ code }) => code)).toEqual([null, null]);
  expect(said(await thread(mario))).toHaveLength(2);
});

it('what cannot be forwarded is named and the rest goes: a file that is gone, the answer to a button', async () => {
  const [rosa, mario] = [await idOf('Rosa'), await idOf('Mario')];
  const { id: mediaId } = team.meta.addMedia('image/jpeg', SAMPLE_MEDIA.photo.bytes());
  team.meta.customerWrites({ ...ROSA, type: 'image', message: { image: { id: mediaId } } });
  team.meta.customerWrites({ ...ROSA, type: 'button', message: { button: { text: 'Sí, confirmo', payload: 'yes' } } });
  team.meta.customerWrites({ ...ROSA, text: 'Gracias' });
  await waitUntil('all is here', async () => ((await thread(rosa)).length === 4 && (await thread(rosa)).some(({ file }) => file?.state === 'here')) || null);
  rmSync(path.join(ana.dataDir, 'media'), { recursive: true });
  const sources = await thread(rosa);
  const { results } = await ana.client.messages.forward({ targets: [{ conversationId: mario, messages: copiesOf(sources) }] });
  expect(results.map(({ code }) => code)).toEqual([null, 'FILE_GONE', 'CANNOT_FORWARD', null]);
  expect(said(await thread(mario))).toEqual(['La dirección es *12 calle 3-45*', 'Gracias']);
});

it('a blocked person gets nothing that is forwarded', async () => {
  const [rosa, mario] = [await idOf('Rosa'), await idOf('Mario')];
  const { contact } = await ana.client.conversations.get({ conversationId: mario });
  await ana.client.contacts.change({ contactId: contact.id, changes: { isBlocked: { from: false, to: true } } });
  const { results } = await ana.client.messages.forward({ targets: [{ conversationId: mario, messages: copiesOf(await thread(rosa)) }] });
  expect(results.map(({ code }) => code)).toEqual(['BLOCKED']);
  expect(said(await thread(mario))).toEqual([]);
});

it('attached messages stand on the request of every desktop, are marked in the thread, and can be taken out again', async () => {
  const bo = await team.addDesktop({ name: 'Bo' });
  const rosa = await idOf('Rosa');
  const [message] = await thread(rosa);
  const { requestId } = await ana.client.requests.add({
    fields: {
      externalId: 'SOL-7',
      status: 'new',
      serviceType: 'Limpieza',
      customerId: null,
      customerName: 'Rosa',
      contactPhone: '+50255550001',
      contactEmail: '',
      address: '',
      requestedDate: null,
      approvedDate: null,
      vendorId: null,
      formUrl: '',
      description: '',
    },
  });
  expect((await ana.client.requests.attach({ requestId, messageIds: [message!.id], isOn: true })).outcome).toBe('applied');
  expect((await thread(rosa))[0]?.requests).toEqual([{ id: requestId, reference: 'SOL-7' }]);
  const ofBo = await waitUntil('Bo sees it', async () => {
    const request = await bo.client.requests.get({ requestId }).catch(() => null);
    return request?.messages.length === 1 && !request.messages[0]?.isPending ? request : null;
  });
  expect(ofBo.messages).toMatchObject([{ messageId: message!.id, conversationId: rosa, contact: { name: 'Rosa' }, direction: 'in', content: { kind: 'text' }, attachedBy: { isMe: false } }]);
  expect(ofBo.history[0]).toMatchObject({ type: 'request.attach', outcome: 'applied' });
  expect((await bo.client.messages.page({ conversationId: rosa })).events.items).toMatchObject([{ type: 'request.attach', detail: { requestId, isOn: true } }]);

  expect((await bo.client.requests.attach({ requestId, messageIds: [message!.id], isOn: false })).outcome).toBe('applied');
  await waitUntil('Ana sees that it is gone', async () => (await ana.client.requests.get({ requestId })).messages.length === 0 || null);
  expect((await thread(rosa))[0]?.requests).toEqual([]);
  await expect(ana.client.requests.attach({ requestId, messageIds: ['nowhere'], isOn: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
