/** Conversations that nobody has, given out in turn by real desktops over a real relay: once each, fairly, and to nobody who is not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let team: Team;
let ana: Desktop;
let bo: Desktop;
beforeAll(async () => {
  team = await startTeam();
  ana = await team.addDesktop({ name: 'Ana', role: 'admin' });
  bo = await team.addDesktop({ name: 'Bo' });
  for (const desktop of [ana, bo]) await desktop.client.presence.set({ conversationId: null, activity: 'viewing' });
  await seesEverybody(ana);
  await seesEverybody(bo);
  const { settings } = await ana.client.team.directory();
  await ana.client.team.setSetting({ from: { key: 'routing', value: settings.routing }, to: { key: 'routing', value: { isOn: true, capacity: 50 } } });
  await waitUntil('Bo knows the setting', async () => (await bo.client.team.directory()).settings.routing.isOn);
});
afterAll(() => team.stop());

const seesEverybody = (desktop: Desktop) => waitUntil('both are there', async () => (await desktop.client.presence.list())?.some(({ activity }) => activity === 'viewing'));
const write = (from: string): void => void team.meta.customerWrites({ from: `+${from}`, text: 'hola', timestamp: Math.floor(Date.now() / 1000) });
const list = async (desktop: Desktop) => (await desktop.client.conversations.list({ limit: 200 })).items;
/** By whom, in the order of the log; all that were said of a conversation, whether they counted or not. */
const assigned = async (desktop: Desktop, count: number) =>
  waitUntil(`${count} conversations have somebody`, async () => {
    const items = await list(desktop);
    return items.length === count && items.every(({ assignee, isPending }) => assignee !== null && !isPending) ? items : null;
  });

describe('routing', () => {
  it('gives 20 conversations out once each, to both alike, the same on both desktops, and tells whoever got one', async () => {
    const notices: string[] = [];
    const ending = new AbortController();
    const watching = (async () => {
      for await (const event of await bo.client.events.notices(undefined, { signal: ending.signal }))
        if (event.t === 'show' && event.notice.kind === 'assigned') notices.push(event.notice.conversationId);
    })().catch(() => undefined);
    for (let n = 0; n < 20; n += 1) write(`502555500${String(n).padStart(2, '0')}`);
    const atAna = await assigned(ana, 20);
    const atBo = await assigned(bo, 20);
    const byId = (items: typeof atAna) => Object.fromEntries(items.map(({ id, assignee }) => [id, assignee?.id]));
    expect(byId(atBo)).toEqual(byId(atAna));
    expect([...Map.groupBy(atAna, ({ assignee }) => assignee?.name).values()].map(({ length }) => length)).toEqual([10, 10]);
    for (const { id } of atAna) {
      const { activity } = await ana.client.conversations.get({ conversationId: id, messages: 0 });
      expect(activity.filter(({ type }) => type === 'conversation.route')).toMatchObject([{ outcome: 'applied' }]);
    }
    for (const desktop of [ana, bo]) expect(await desktop.client.conflicts.list()).toEqual([]);
    const his = atBo.filter(({ assignee }) => assignee?.isMe).map(({ id }) => id);
    await waitUntil('Bo was told of his', () => his.every((id) => notices.includes(id)));
    ending.abort();
    await watching;
    expect(new Set(notices)).toEqual(new Set(his));
  });

  it('passes whoever is away, and leaves everything where it is while nobody is there', async () => {
    await bo.client.presence.set({ conversationId: null, activity: 'away' });
    await waitUntil('Ana sees that Bo is away', async () => (await ana.client.presence.list())?.every(({ activity }) => activity === 'away'));
    write('50255550100');
    write('50255550101');
    const items = await assigned(ana, 22);
    expect(items.slice(0, 2).map(({ assignee }) => assignee?.name)).toEqual(['Ana', 'Ana']);

    await ana.client.presence.set({ conversationId: null, activity: 'away' });
    await waitUntil('Bo sees that Ana is away', async () => (await bo.client.presence.list())?.every(({ activity }) => activity === 'away'));
    write('50255550102');
    await waitUntil('it came', async () => (await list(bo)).length === 23);
    // It would have been Bo's turn, but nobody was there, so it waited for whoever comes first.
    await ana.client.presence.set({ conversationId: null, activity: 'viewing' });
    expect((await assigned(bo, 23))[0]?.assignee?.name).toBe('Ana');
  });
});
