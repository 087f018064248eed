/** A desktop in a process of its own with a model's server over HTTP, and a customer who has asked something. */
import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import type { ModelCall, ModelSetting } from '../../../main/demo/model/stand-in.ts';
import { conversationOf, customerWrites, isReady, startModel, useModel } from '../../support/ai-team.ts';
import { addDesk } from '../../support/desk.ts';
import { startTeam } from '../../support/team.ts';

/** Long enough to be broken off anywhere. */
export const LONG_ANSWER = 'Con gusto le ayudo con lo que necesite saber de nuestros servicios. '.repeat(12).trim();

export type Begun = Awaited<ReturnType<typeof begin>>;
/** `stop` ends all of it. Nothing is drafted by itself. */
export async function begin(setting: ModelSetting, settings: Partial<AiSettings> = {}) {
  const team = await startTeam();
  try {
    const model = await startModel(team, setting);
    const desk = await addDesk(team, { name: 'Ana', role: 'admin' });
    const client = desk.client();
    await isReady(client);
    await useModel(client, model, { mode: 'off', ...settings });
    customerWrites(team, '¿Abren el sábado?');
    const conversationId = await conversationOf(client);
    const calls = (): ModelCall[] => model.journal().filter(({ path }) => path.endsWith('/chat/completions'));
    return { team, model, desk, client, conversationId, calls, stop: () => team.stop() };
  } catch (error) {
    await team.stop();
    throw error;
  }
}
