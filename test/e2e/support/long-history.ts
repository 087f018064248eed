/**
 * The data folder of a desktop with a long history, without a line to any relay: Rosa, with 20,000 messages on a closed and
 * an open conversation, and Mario, who wrote hundreds that nobody has read.
 */
import path from 'node:path';
import type { LogEntry } from '../../../contract/wire.ts';
import type { OpBody } from '../../../contract/ops/op.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { applyLog, openDesktopReplica } from '../../bench/data/desktop-replica.ts';
import { AGENTS, ME } from '../../bench/data/support-log.ts';

export const LONG = { messages: 20_000, closedAfter: 300, unread: 450 };
/** Places of messages that a test looks for, in the order of writing. */
export const PLACE = { inClosed: 120, installation: 5_000, pumpEvery: 1_000 };

const MINUTE = 60_000;
const WORDS = [
  'buenos días',
  'gracias por avisar',
  'ya hice el depósito de este mes',
  'quedo pendiente',
  '¿a qué hora llega el técnico?',
  'con mucho gusto',
  'la dirección es la misma de siempre, portón negro a la par de la farmacia',
];

export function writeLongHistory(dataDir: string): void {
  const { db, replica, settleJobs } = openDesktopReplica(path.join(dataDir, DATABASE_FILE));
  applyLog(replica, longLog());
  settleJobs();
  db.close();
}

function* longLog(): Generator<LogEntry> {
  const end = Date.now() - 30 * MINUTE;
  const from = end - LONG.messages * 7 * MINUTE;
  const [, bo] = AGENTS;
  let seq = 0;
  const deviceSeqs = new Map<string, number>();
  const relay = ({ agentId, deviceId, name }: (typeof AGENTS)[number], role: string): LogEntry => ({
    kind: 'relay',
    seq: (seq += 1),
    receivedAt: from,
    body: JSON.stringify({ type: 'device.enrolled', deviceId, agentId, agentName: name, role }),
  });
  const inbound = (waId: string, name: string, text: string, at: number): LogEntry => {
    const payload = { id: `wamid.in.${(seq += 1)}`, from: waId, timestamp: String(Math.floor(at / 1000)), type: 'text', text: { body: text } };
    return {
      kind: 'webhook',
      seq,
      receivedAt: at + 900,
      body: JSON.stringify({ item: 'message', field: 'messages', wabaId: '1', metadata: { phone_number_id: '2' }, contacts: [{ wa_id: waId, profile: { name } }], payload }),
    };
  };
  const op = (agent: (typeof AGENTS)[number] | undefined, body: OpBody, at: number): LogEntry => {
    const { agentId, deviceId } = agent ?? ME;
    const deviceSeq = (deviceSeqs.get(deviceId) ?? 0) + 1;
    deviceSeqs.set(deviceId, deviceSeq);
    return { kind: 'op', seq: (seq += 1), receivedAt: at + 900, opId: `op-${seq}`, deviceId, actorId: agentId, deviceSeq, v: 1, occurredAt: at, body: JSON.stringify(body) };
  };

  yield relay(ME, 'lead');
  if (bo) yield relay(bo, 'agent');
  let conversationId = '';
  let lastInbound = 0;
  for (let n = 0; n < LONG.messages; n++) {
    const at = from + n * 7 * MINUTE;
    if (n === LONG.closedAfter) {
      yield op(bo, { type: 'conversation.status', args: { conversationId, from: 'active', to: 'closed', seenThrough: seq } }, at - MINUTE);
      conversationId = '';
    }
    const text = textOf(n);
    if (conversationId === '' || n % 3 !== 2) {
      const entry = inbound('50255550001', 'Rosa Pérez', text, at);
      lastInbound = entry.seq;
      if (conversationId === '') conversationId = `c_${entry.seq}`;
      yield entry;
    } else {
      const messageId = `out-${n}`;
      yield op(bo, { type: 'message.queue', args: { messageId, conversationId, seenThrough: seq, content: { kind: 'text', text } } }, at);
      yield op(bo, { type: 'message.result', args: { messageId, wamid: `wamid.out.${n}` } }, at);
    }
  }
  yield op(ME, { type: 'read.advance', args: { conversationId, throughMessageId: inboundMessageId(lastInbound) } }, end);
  for (let n = 0; n < LONG.unread; n++) yield inbound('50255550002', 'Mario Xicay', `mensaje sin leer ${n + 1}`, end + n * 1_000);
}

function textOf(n: number): string {
  if (n === PLACE.inClosed) return 'La bodega de Escuintla queda cerrada por inventario';
  if (n === PLACE.installation) return 'Quedó lista la Instalación del calentador solar';
  if (n % PLACE.pumpEvery === 500) return `la bomba número ${Math.floor(n / PLACE.pumpEvery) + 1} hace ruido`;
  return `${n + 1}: ${WORDS[n % WORDS.length] ?? ''}`;
}
