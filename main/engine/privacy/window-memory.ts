/** What the window keeps between two looks at it (texts not sent, recent emoji), where the lock forbids it to keep it in the browser's own files. */
import { z } from 'zod';
import { WINDOW_MEMORY } from '../../../contract/limits.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { SettingQueries } from '../db/setting-queries.ts';

const memorySchema = z.record(z.string(), z.string());

export type WindowMemory = ReturnType<typeof createWindowMemory>;

export function createWindowMemory(settings: SettingQueries) {
  const read = (): Record<string, string> => settings.read('window-memory', memorySchema) ?? {};
  return {
    read,
    /** Null: forgotten. */
    write: (changes: Record<string, string | null>): void => {
      const kept = Object.entries({ ...read(), ...changes }).filter((entry): entry is [string, string] => entry[1] !== null);
      if (kept.length > WINDOW_MEMORY.keys || kept.reduce((sum, [, value]) => sum + value.length, 0) > WINDOW_MEMORY.characters) throw new AppError('INVALID_INPUT', 'more than the window may keep');
      settings.write('window-memory', Object.fromEntries(kept));
    },
  };
}
