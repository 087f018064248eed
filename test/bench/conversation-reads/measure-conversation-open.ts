/** Opening a conversation: its head and its newest 50 messages; scrolling back in the biggest one. */
import { ratioAtMost, type BenchFindings } from '../figure.ts';
import type { Effort } from '../rounds.ts';
import { NEWEST } from './bare-statements.ts';
import { measureReads, takeSpread, type Cases, type Sources } from './read-figures.ts';

const RATIO = ratioAtMost(1.5);
const P99_MS = 0.2;

export const measureConversationOpen = (effort: Effort): Promise<BenchFindings> => measureReads(effort, openCases);

export async function openCases({ client, bare }: Sources): Promise<Cases> {
  const conversations = bare.conversations();
  const [biggest] = conversations;
  if (!biggest) throw new Error('no conversations');
  const places = bare.threadPositions(biggest.contactId);
  const open = (choose: (n: number) => { id: string; contactId: string }) => ({
    engine: (n: number) => client.conversations.get({ conversationId: choose(n).id }),
    bare: (n: number) => {
      const { id, contactId } = choose(n);
      return bare.open(id, contactId);
    },
  });
  const older = {
    engine: (n: number) => {
      const { sortAt, seq, id } = takeSpread(places, n);
      return client.messages.page({ conversationId: biggest.id, before: JSON.stringify([sortAt, seq, id]) });
    },
    bare: (n: number) => bare.thread(biggest.contactId, takeSpread(places, n)),
  };

  const newest = (await client.conversations.get({ conversationId: biggest.id })).messages.map(({ id }) => id);
  const expected = (bare.thread(biggest.contactId, NEWEST) as { id: string }[]).slice(0, 50).map(({ id }) => id);
  if (newest.length !== 50 || newest.toReversed().join() !== expected.join()) throw new Error('engine and bare statement do not read the same messages');
  return {
    checks: { conversations: conversations.length, messagesOfBiggest: places.length },
    cases: [
      { name: 'any conversation', ...open((n) => takeSpread(conversations, n)), ratio: RATIO, p99Ms: P99_MS },
      { name: 'the biggest', ...open(() => biggest), ratio: RATIO, p99Ms: P99_MS },
      { name: 'an older page of the biggest', ...older, ratio: RATIO, p99Ms: P99_MS },
    ],
  };
}
