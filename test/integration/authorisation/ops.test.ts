/** Every line of `test/authorisation/ops.ts`: each writer pushes each op over a real relay, and the reducer judges what the log then holds, from the same rows each time. */
import { expect, it } from 'vitest';
import { MEMBERS_PATH } from '../../../contract/wire-http.ts';
import { opBodySchema, opVersion, type OpBody, type OpType } from '../../../contract/ops/op.ts';
import { applyLogEntry } from '../../../contract/reduce.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import type { LogEntry, OpEntry } from '../../../contract/wire.ts';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { OP_LINES, WRITERS, type Seeds, type Writer } from '../../authorisation/ops.ts';
import { openEmptyDatabase } from '../../property/empty-database.ts';
import { drawSound } from '../../support/draw-from-schema.ts';
import { ask, connectDesktop, enrollDevice, envelope, postWebhook, readLog, startRelay, type Desktop, type TestRelay } from '../relay/relay-harness.ts';

const CUSTOMERS = ['50255551234', '50255552345', '50255553456'];
const SEED = 20_261_123;
const LEFT = 'left';

type Member = { agentId: string; deviceId: string; token: string; desktop: Desktop; push(body: OpBody): Promise<void> };
async function addMember(relay: TestRelay, name: string, role: 'agent' | 'lead' | 'admin'): Promise<Member> {
  const { agentId, deviceId, token } = await enrollDevice(relay, name, { role });
  const desktop = await connectDesktop(relay.url, token);
  desktop.hello();
  await desktop.next('welcome');
  let deviceSeq = 0;
  return {
    agentId,
    deviceId,
    token,
    desktop,
    push: async (body) => {
      deviceSeq += 1;
      desktop.push({ opId: `${name}-${deviceSeq}`, deviceSeq, v: opVersion(body), occurredAt: Date.now(), body: JSON.stringify(body) });
      expect((await desktop.next('ack')).last).toBe(deviceSeq);
    },
  };
}

it('counts the op of whoever may write it and of nobody else', { timeout: 120_000 }, async () => {
  await using relay = await startRelay();
  const members = {} as Record<Writer | 'third' | typeof LEFT, Member>;
  for (const name of [...WRITERS, 'third', LEFT] as const) members[name] = await addMember(relay, name, name === 'lead' || name === 'admin' ? name : 'agent');
  const { owner, lead, admin, agent } = members;
  for (const [n, from] of CUSTOMERS.entries())
    await postWebhook(
      relay.webhookUrl,
      envelope({
        metadata: { phone_number_id: '106540352242922' },
        contacts: [{ profile: { name: `Cliente ${n}` }, wa_id: from }],
        messages: [{ from, id: `wamid.in-${n}`, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: 'hola' } }],
      }),
    );
  const first = (await readLog(relay.store)).filter(({ kind }) => kind === 'webhook').map(({ seq }) => seq);
  const [own, free, other] = first.map((seq) => ({ conversation: `c_${seq}`, contact: `p_${seq}`, message: `m_${seq}` })) as [Where, Where, Where];
  type Where = { conversation: string; contact: string; message: string };

  // What there is before anybody tries anything.
  await lead.push({ type: 'label.add', args: { labelId: 'label', name: 'Pago', color: 'red' } });
  await lead.push({ type: 'team.add', args: { teamId: 'team', name: 'Ventas' } });
  await lead.push({ type: 'canned.add', args: { cannedId: 'canned', isPersonal: false, shortcut: 'hola', body: 'Buenos días' } });
  await owner.push({ type: 'canned.add', args: { cannedId: 'canned-own', isPersonal: true, shortcut: 'hola', body: 'Buenos días' } });
  await owner.push({ type: 'conversation.assign', args: { conversationId: own.conversation, from: null, to: owner.agentId } });
  await owner.push({ type: 'note.add', args: { noteId: 'note-own', conversationId: own.conversation, body: 'nota', mentions: [] } });
  await owner.push({ type: 'message.queue', args: { messageId: 'out-own', conversationId: own.conversation, seenThrough: 0, content: { kind: 'text', text: 'va' } } });
  await admin.push({ type: 'setting.set', args: { from: { key: 'routing', value: { isOn: false, capacity: 20 } }, to: { key: 'routing', value: { isOn: true, capacity: 20 } } } });
  await admin.push({ type: 'setting.set', args: { from: { key: 'retention', value: { months: null } }, to: { key: 'retention', value: { months: 12 } } } });
  const article = async ({ push }: Member, articleId: string, revisionId: string): Promise<void> => {
    await push({ type: 'kb.part', args: { articleId, revisionId, no: 0, text: 'Abrimos a las 8' } });
    await push({ type: 'kb.save', args: { articleId, revisionId, from: null, kind: 'article', parts: 1, title: 'Horario', language: 'es', folder: '', source: null, draftId: null } });
  };
  await article(lead, 'article', 'revision');
  await article(owner, 'article-own', 'revision-own');
  await lead.push({ type: 'kb.part', args: { articleId: 'article', revisionId: 'revision-2', no: 0, text: 'Abrimos a las 9' } });
  await lead.push({ type: 'kb.part', args: { articleId: 'article-new', revisionId: 'revision-new', no: 0, text: 'Nuevo' } });
  await owner.push({ type: 'kb.question', args: { questionId: 'question-own', articleId: 'article', text: '¿A qué hora?', language: 'es', draftId: null } });
  const before = await readLog(relay.store);

  // Everybody tries everything.
  const random = createRandom(SEED, 'ops');
  const cases: { type: OpType; what: string; who: Writer | typeof LEFT; isAllowed: boolean; hasTarget: boolean }[] = [];
  const drawArgs = (type: OpType): unknown =>
    (
      drawSound(
        opBodySchema.options.find((option) => option.shape.type.value === type)!,
        random,
      ) as OpBody
    ).args;
  for (const type of Object.keys(OP_LINES) as OpType[])
    for (const deed of OP_LINES[type])
      for (const who of [...WRITERS, LEFT] as const) {
        const seeds: Seeds = {
          agents: { owner: owner.agentId, agent: agent.agentId, lead: lead.agentId, admin: admin.agentId, third: members.third.agentId },
          devices: { owner: owner.deviceId, agent: agent.deviceId, lead: lead.deviceId, admin: admin.deviceId },
          own: own.conversation,
          free: free.conversation,
          contact: other.contact,
          otherContact: free.contact,
          inbound: own.message,
          now: before.length,
          unique: `${who}-${cases.length}`,
        };
        const body = { type, args: deed.args?.(seeds) ?? drawArgs(type) } as OpBody;
        expect(opBodySchema.safeParse(body).success, JSON.stringify(body)).toBe(true);
        await members[who].push(body);
        cases.push({ type, what: deed.what ?? '', who, isAllowed: who !== LEFT && deed.may.includes(who), hasTarget: deed.args !== undefined });
      }
  const tried = (await readLog(relay.store)).slice(before.length) as OpEntry[];
  expect(
    tried.map(({ deviceId }) => deviceId),
    'the relay says who it was',
  ).toEqual(cases.map(({ who }) => members[who].deviceId));
  expect((await ask(relay.url, 'POST', `${MEMBERS_PATH}/${members.left.agentId}`, admin.token, { from: 'agent', isRemoved: true })).status).toBe(200);
  const farewell = (await readLog(relay.store)).slice(before.length + tried.length).filter(({ kind }) => kind === 'relay');

  const db = openEmptyDatabase();
  // A new one each time: it keeps rows in memory, which a rollback does not reach.
  const fold = (...entries: LogEntry[]) => {
    const { confirmed } = createStateStore(db, () => undefined);
    return entries.map((entry) => applyLogEntry(confirmed, entry)).at(-1);
  };
  try {
    fold(...before, ...farewell);
    const wrong: string[] = [];
    for (const [n, entry] of tried.entries()) {
      const { type, what, who, isAllowed, hasTarget } = cases[n]!;
      db.exec('SAVEPOINT one');
      const judged = fold(entry);
      db.exec('ROLLBACK TO one');
      if (judged?.kind !== 'op') throw new Error('no op');
      // What has no target may be `target_missing` instead of refused; where there is one, a refusal is a refusal.
      const isRight = isAllowed
        ? judged.outcome !== 'forbidden' && (!hasTarget || judged.outcome !== 'target_missing')
        : judged.outcome === 'forbidden' || (!hasTarget && judged.outcome === 'target_missing');
      if (!isRight) wrong.push(`${type} ${what}: ${who} ${isAllowed ? 'may' : 'may not'}, but it is ${judged.outcome}`);
    }
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(300);
  } finally {
    db.close();
  }
});
