/**
 * Own ops on their way into a log that was restored from a backup. Invariant: what an op names or has seen of the entries
 * that were lost must not be taken for the other entries that have their numbers now: a message would go to somebody else.
 */
import { parseJson } from '../../../contract/json.ts';
import { opBodySchema } from '../../../contract/ops/op.ts';

/** Arguments that name rows born from webhook entries, whose ids are made of the entry's seq. */
const NAMES = ['conversationId', 'throughMessageId', 'messageId'];

/** The body with its lost targets named so that they are missing, and nothing seen beyond `shared`, the last entry that both logs have. */
export function carryOver(body: string, shared: number): string {
  const parsed = opBodySchema.safeParse(parseJson(body));
  if (!parsed.success) return body;
  const args: Record<string, unknown> = { ...parsed.data.args };
  for (const name of NAMES) {
    const id = args[name];
    const seq = typeof id === 'string' ? /^[mc]_(\d+)$/.exec(id)?.[1] : undefined;
    if (Number(seq) > shared) args[name] = `gone_${String(id)}`;
  }
  if (typeof args['seenThrough'] === 'number') args['seenThrough'] = Math.min(args['seenThrough'], shared);
  return JSON.stringify({ type: parsed.data.type, args });
}
