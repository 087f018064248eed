import type { AiSettings } from '../../../contract/ai/ai-entities.ts';
import { useClient, useFrom, useStores } from '../../ui/app-context.tsx';
import { useAction, type Action } from '../../ui/use-action.ts';

export type SettingsForm = {
  settings: AiSettings;
  action: Action;
  /** From what is shown: what somebody else changed meanwhile is not overwritten. @returns whether it stands. */ save(patch: Partial<AiSettings>): Promise<boolean>;
};

/** What the workspace says of AI; null until it was read. */
export function useAiSettings(): SettingsForm | null {
  const client = useClient();
  const { ai } = useStores();
  const settings = useFrom('team', ({ directory }) => directory?.settings.ai ?? null);
  const action = useAction();
  if (!settings) return null;
  return {
    settings,
    action,
    save: async (patch) => {
      const isSaved = await action.run(() => client.team.setSetting({ from: { key: 'ai', value: settings }, to: { key: 'ai', value: { ...settings, ...patch } } }));
      ai.getState().refresh();
      return isSaved;
    },
  };
}
