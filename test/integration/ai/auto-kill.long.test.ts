/** Automatic answers by an engine that is killed between any two steps: one at most, and nobody is forgotten. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelSetting } from '../../../main/demo/model/stand-in.ts';
import { conversationOf, customerWrites, untilAi } from '../../support/ai-team.ts';
import { isCounting, isHandedOff, isQuiet, OVER_MS, QUESTION, startAutoTeam, type AutoTeam } from '../../support/auto-team.ts';
import { PAUSED } from '../../support/pause-at.ts';
import { waitUntil } from '../../support/wait-until.ts';

let auto: AutoTeam;
afterEach(() => auto.team.stop());

describe('kill -9 of the engine that nobody looks at', { timeout: 90_000 }, () => {
  /** It alone is there when the customer writes; then Ana's line is back. */
  async function begin(env: Record<string, string> = {}, setting: ModelSetting = {}) {
    auto = await startAutoTeam({ setting, isAnaOnLine: true });
    const { ana, anaLine, team, model } = auto;
    const dataDir = team.makeDataDir();
    const engine = await auto.startEngine(dataDir, env);
    await waitUntil('it is there, and away', async () => (await ana.client.presence.list())?.some(({ agent, activity }) => agent.name === 'Respuestas' && activity === 'away'));
    await waitUntil('it has the key', async () => (await readFile(path.join(dataDir, 'secrets.json'), 'utf8')).includes('model-key'));
    anaLine.cut();
    await waitUntil('Ana is away', async () => (await ana.client.session.sync({})).state !== 'live');
    customerWrites(team, QUESTION);
    await waitUntil('the model is asked', () => model.journal().some(({ path: called }) => called.endsWith('/chat/completions')));
    return { engine, dataDir };
  }
  const isBack = async (): Promise<string> => {
    auto.anaLine.restore();
    await waitUntil('Ana is back', async () => (await auto.ana.client.session.sync({})).state === 'live');
    return conversationOf(auto.ana.client);
  };

  it('while it makes the answer: another desktop claims when the lease is over, and one leaves', async () => {
    const { engine, dataDir } = await begin({}, { pieceMs: 100, pieceLength: 2 });
    await engine.kill();
    const id = await isBack();
    await auto.pass(61_000);
    await isCounting(auto.ana, id);
    await auto.startEngineAgain(dataDir);
    await auto.pass(OVER_MS);
    await untilAi(auto.ana.client, id, 'it is sent', ({ draft }) => draft?.state === 'sent');
    expect(auto.sent()).toHaveLength(1);
  });

  it('while it counts down: nothing leaves, and people get it', async () => {
    const { engine, dataDir } = await begin();
    const id = await isBack();
    await isCounting(auto.ana, id);
    await engine.kill();
    await auto.pass(OVER_MS);
    await auto.startEngineAgain(dataDir);
    expect((await isHandedOff(auto.ana, id)).handoff).toMatchObject({ reason: 'failed' });
    await isQuiet(auto.ana);
    expect(auto.sent()).toEqual([]);
  });

  it.each([
    ['before', 0, 'handed off'],
    ['after', 1, 'sent'],
  ])('right %s its call to Meta: %i leaves, and the customer is %s', async (when, count, end) => {
    const { engine, dataDir } = await begin({
      NODE_OPTIONS: `--import ${pathToFileURL(path.resolve(import.meta.dirname, '../../support/pause-at.ts')).href}`,
      PAUSE_AT: `${when} fetch ^POST .*/messages$`,
    });
    const id = await isBack();
    await isCounting(auto.ana, id);
    await auto.pass(OVER_MS);
    await waitUntil('it is at the call', () => engine.stderr().includes(PAUSED));
    await engine.kill();
    await auto.startEngineAgain(dataDir);
    if (end === 'sent') await untilAi(auto.ana.client, id, 'a status says that it is sent', ({ draft }) => draft?.state === 'sent');
    await auto.pass(3 * 60_000);
    if (end === 'handed off') expect((await isHandedOff(auto.ana, id)).handoff).toMatchObject({ reason: 'failed' });
    await isQuiet(auto.ana);
    expect(auto.sent()).toHaveLength(count);
  });
});
