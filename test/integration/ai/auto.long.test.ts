/** Automatic answers by real desktops over a real relay, with the stand-ins for Meta and the model: one at most, and nobody is forgotten. */
import { afterEach, describe, expect, it } from 'vitest';
import { changeSettings, conversationOf, customerWrites, untilAi } from '../../support/ai-team.ts';
import { ANSWER, isCounting, isHandedOff, isQuiet, OVER_MS, QUESTION, startAutoTeam, type AutoTeam } from '../../support/auto-team.ts';
import type { Desktop } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

let auto: AutoTeam;
afterEach(() => auto.team.stop());

async function ask(desktop: Desktop, text = QUESTION): Promise<string> {
  customerWrites(auto.team, text);
  return conversationOf(desktop.client);
}

describe('an automatic answer', { timeout: 60_000 }, () => {
  it('is one for a burst and for two desktops, says what it is the first time, and waits for its countdown', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    const bo = await auto.addDesktop('Bo');
    customerWrites(team, 'Buenas tardes');
    const id = await ask(ana);
    const { draft, mode } = await isCounting(bo, id);
    expect(mode).toMatchObject({ effective: 'auto', isShadow: false });
    await isQuiet(ana, bo);
    expect(auto.sent()).toEqual([]);
    expect(draft?.auto?.at).toBeGreaterThanOrEqual((draft?.at ?? 0) + 20_000);
    await auto.pass(OVER_MS);
    await untilAi(bo.client, id, 'it is sent', (view) => view.draft?.state === 'sent');
    expect(auto.sent()).toEqual([`${ANSWER}\n\nEsta es una respuesta automática. Si prefiere que le atienda una persona, escriba «persona».`]);
    expect(auto.model.journal().filter(({ path }) => path.endsWith('/chat/completions'))).toHaveLength(1);
    await untilAi(ana.client, id, 'it is sent there too', (view) => view.draft?.state === 'sent');
    expect((await ana.client.conversations.get({ conversationId: id, messages: 0 })).lastMessage, 'the list says nobody sent it').toMatchObject({ direction: 'out', isAutomatic: true });

    // What they said tells them how to reach a person, and so it does.
    customerWrites(team, 'persona');
    expect((await isHandedOff(bo, id)).handoff).toMatchObject({ reason: 'asked_for_person' });
    await auto.pass(OVER_MS);
    await isQuiet(ana, bo);
    expect(auto.sent()).toHaveLength(1);
  });

  it('does not leave where a colleague does something meanwhile, and does where nobody does', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    const bo = await auto.addDesktop('Bo');
    const draftOf = async (conversationId: string) => (await bo.client.ai.conversation({ conversationId })).draft!.draftId;
    const acts: Record<string, (conversationId: string) => Promise<unknown>> = {
      answers: async (conversationId) => {
        const { seenThrough } = await bo.client.conversations.get({ conversationId, messages: 0 });
        return bo.client.messages.send({ conversationId, content: { kind: 'text', text: 'Yo le atiendo' }, seenThrough });
      },
      takes: async (conversationId) => bo.client.conversations.assign({ conversationId, from: null, to: (await bo.client.session.get({})).me!.id }),
      writes: (conversationId) => bo.client.presence.set({ conversationId, activity: 'writing' }),
      stops: async (conversationId) => bo.client.ai.stopAuto({ draftId: await draftOf(conversationId) }),
      edits: async (conversationId) => bo.client.ai.edit({ draftId: await draftOf(conversationId) }),
    };
    const names = [...Object.keys(acts), 'nothing'];
    for (const [n, name] of names.entries()) team.meta.customerWrites({ from: `+5025555000${n}`, name, text: QUESTION, timestamp: Math.floor(Date.now() / 1000) });
    const ids = new Map<string, string>();
    for (const name of names) {
      const id = await conversationOf(bo.client, name);
      ids.set(name, id);
      await isCounting(bo, id);
    }
    for (const [name, act] of Object.entries(acts)) await act(ids.get(name)!);
    for (const name of Object.keys(acts)) await untilAi(ana.client, ids.get(name)!, `${name}: it does not count any more`, ({ draft }) => draft?.auto?.state !== 'counting');
    await isQuiet(ana, bo);
    await auto.pass(OVER_MS);
    await untilAi(ana.client, ids.get('nothing')!, 'it is sent', ({ draft }) => draft?.state === 'sent');
    await isQuiet(ana, bo);
    expect(auto.sent().filter((text) => text.includes(ANSWER))).toHaveLength(1);
  });

  it('does not leave once the switch is pulled on another desktop, nor when it is put back', async () => {
    auto = await startAutoTeam();
    const { ana } = auto;
    const bo = await auto.addDesktop('Bo');
    const id = await ask(ana);
    await isCounting(bo, id);
    await bo.client.ai.stop({ isStopped: true });
    await untilAi(ana.client, id, 'it does not count any more', ({ draft }) => draft?.auto?.state === 'stopped');
    await ana.client.ai.stop({ isStopped: false });
    await auto.pass(OVER_MS);
    await isQuiet(ana, bo);
    expect(auto.sent()).toEqual([]);
  });

  it('is made anew for what the customer adds meanwhile', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    const id = await ask(ana);
    const first = await isCounting(ana, id);
    customerWrites(team, '¿Y cuál es el horario de atención en la tarde?');
    await untilAi(ana.client, id, 'another counts down', ({ draft }) => draft?.auto?.state === 'counting' && draft.draftId !== first.draft?.draftId);
    await isQuiet(ana);
    await auto.pass(OVER_MS);
    await untilAi(ana.client, id, 'it is sent', ({ draft }) => draft?.state === 'sent');
    expect(auto.sent()).toHaveLength(1);
  });

  it('does not leave once the relay was away, and people get it', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    const line = await team.addLine();
    await ana.client.presence.set({ conversationId: null, activity: 'away' });
    const bo = await auto.addDesktop('Bo', line.url);
    await bo.client.presence.set({ conversationId: null, activity: 'viewing' });
    const id = await ask(ana);
    const { draft } = await isCounting(ana, id);
    expect(draft?.by?.name).toBe('Bo');
    line.cut();
    await waitUntil('Bo is offline', async () => (await bo.client.session.sync({})).state !== 'live');
    await auto.pass(OVER_MS);
    line.restore();
    expect((await isHandedOff(ana, id)).handoff).toMatchObject({ reason: 'failed' });
    await isQuiet(ana, bo);
    expect(auto.sent()).toEqual([]);
  });

  it('goes to people for what it may not answer, who are given the conversation then and not before', async () => {
    auto = await startAutoTeam();
    const { ana, team } = auto;
    await ana.client.presence.set({ conversationId: null, activity: 'viewing' });
    const { settings } = await ana.client.team.directory();
    await ana.client.team.setSetting({ from: { key: 'routing', value: settings.routing }, to: { key: 'routing', value: { isOn: true, capacity: 50 } } });
    const assigneeOf = async (conversationId: string) => (await ana.client.conversations.get({ conversationId, messages: 0 })).assignee?.name ?? null;
    const answered = await ask(ana);
    team.meta.customerWrites({ from: '+50255559875', name: 'Rosa Ixil', text: 'Quiero que me devuelvan mi dinero del servicio de ayer' });
    team.meta.customerWrites({ from: '+50255559876', name: 'Luis Tum', kind: 'audio' });
    for (const [name, rule] of [
      ['Rosa Ixil', 'intent'],
      ['Luis Tum', 'inbound_kind'],
    ] as const) {
      const id = await conversationOf(ana.client, name);
      expect((await isHandedOff(ana, id)).handoff).toMatchObject({ reason: 'policy', rules: expect.arrayContaining([rule]) as unknown });
      await waitUntil(`${name} has somebody`, async () => (await assigneeOf(id)) === 'Ana');
    }
    expect(await isCounting(ana, answered)).toMatchObject({ draft: { auto: { state: 'counting' } } });
    expect(await assigneeOf(answered)).toBeNull();
    await auto.pass(OVER_MS);
    await untilAi(ana.client, answered, 'it is sent', ({ draft }) => draft?.state === 'sent');
    expect(auto.sent()).toHaveLength(1);
  });

  it('only counts and leaves for the settings that were confirmed', async () => {
    auto = await startAutoTeam();
    const { ana } = auto;
    const before = (await ana.client.ai.state()).autoConfirmation;
    await changeSettings(ana.client, (settings) => ({ ...settings, provider: { ...settings.provider, model: 'stand-in-2' } }));
    expect(await ana.client.ai.state()).toMatchObject({ isAutoConfirmed: false, settings: { auto: { state: 'shadow' } } });
    await expect(ana.client.ai.confirmAuto({ autoConfirmation: before })).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
    const id = await ask(ana);
    const { draft, mode, handoff } = await untilAi(ana.client, id, 'there is a draft', (view) => view.draft?.state === 'ready');
    expect({ auto: draft?.auto, isShadow: mode.isShadow, handoff }).toEqual({ auto: null, isShadow: true, handoff: null });
    const { run } = await ana.client.ai.run({ runId: draft!.runId });
    expect(run.policy).toMatchObject({ maySend: true, isShadow: true });
    await auto.pass(OVER_MS);
    await isQuiet(ana);
    expect(auto.sent()).toEqual([]);
  });
});
