/** The workspace's business hours and response target as they stand, made ready for counting once and kept until they change. */
import { parseJson } from '../../../contract/json.ts';
import { isKnownZone } from '../../../contract/rules/hours-problems.ts';
import type { ResponseTarget } from '../../../contract/rules/response-target.ts';
import { DEFAULT_WORKSPACE_SETTINGS, workspaceSettingsSchema, type WorkspaceSettings } from '../../../contract/rules/workspace-settings.ts';
import type { StateTx } from '../../../contract/state.ts';
import { createOpenTime, type OpenTime } from './open-time.ts';
import { knownZone } from './zone.ts';

const MINUTE = 60_000;

export type Hours = {
  /** In UTC where this machine does not know the zone. */
  open(): OpenTime;
  /** As the workspace has it, known here or not. */
  timeZone(): string;
  /** Whether the business is open; null: this machine does not know its time zone. */
  isOpen(at: number): boolean | null;
  /** Null: it is off. */
  target(): { minutes: number; warnMinutes: number } | null;
  /** For a customer who waits since then (ms). Null: there is no target, or the business does not open any more. */
  targetOf(waitingSince: number): ResponseTarget | null;
};

export function createHours(state: Pick<StateTx, 'get'>): Hours {
  /** The newest value of a setting that could be read; what a version to come has written leaves the default, as everywhere. */
  const follow = <K extends 'businessHours' | 'responseTarget', T>(key: K, make: (value: WorkspaceSettings[K]) => T): (() => T) => {
    let known: { json: string | undefined; made: T } | null = null;
    return () => {
      const json = state.get('workspace_setting', [key])?.value;
      if (known === null || known.json !== json) {
        const { data } = workspaceSettingsSchema.shape[key].safeParse(parseJson(json ?? 'null'));
        known = { json, made: make((data ?? DEFAULT_WORKSPACE_SETTINGS[key]) as WorkspaceSettings[K]) };
      }
      return known.made;
    };
  };
  const hours = follow('businessHours', (value) => ({ timeZone: value.timeZone, open: createOpenTime({ ...value, timeZone: knownZone(value.timeZone) }) }));
  const target = follow('responseTarget', ({ isOn, minutes, warnMinutes }) => (isOn ? { minutes, warnMinutes } : null));

  return {
    open: () => hours().open,
    timeZone: () => hours().timeZone,
    isOpen: (at) => (isKnownZone(hours().timeZone) ? hours().open.isOpen(at) : null),
    target,
    targetOf: (waitingSince) => {
      const wanted = target();
      if (!wanted) return null;
      const { open } = hours();
      const dueAt = open.after(waitingSince, wanted.minutes * MINUTE);
      const soonAt = open.after(waitingSince, Math.max(0, wanted.minutes - wanted.warnMinutes) * MINUTE);
      return dueAt === null || soonAt === null ? null : { soonAt, dueAt };
    },
  };
}
