/** Which steps there are for whom, and how far each is: told from what is there, so that a step that was undone is open again. */
import type { Preferences, Session, SyncState } from '../../contract/entities.ts';
import type { SetupStep } from '../../contract/rules/setup-steps.ts';
import type { SetupState } from '../../contract/setup-api.ts';
import type { Role } from '../../contract/wire.ts';

const OF_ADMINS: readonly SetupStep[] = ['role', 'relay', 'number', 'webhook', 'message', 'templates', 'hours', 'ai', 'recovery', 'keys'];
/** What the others have to do with themselves. */
const OF_OTHERS: readonly SetupStep[] = ['role', 'notices', 'keys'];

export const stepsOf = (role: Role): readonly SetupStep[] => (role === 'admin' ? OF_ADMINS : OF_OTHERS);

export type SetupFacts = {
  session: Pick<Session, 'me' | 'number'>;
  sync: Pick<SyncState, 'logId' | 'whatsapp' | 'sheet'>;
  setup: SetupState;
  preferences: Preferences['setup'];
  /** Whether the system, or the browser, shows notices of this window; asking the browser takes some milliseconds. */
  mayNotify(): boolean;
};
export type StepState = 'done' | 'skipped' | 'open';

export function stateOfStep(step: SetupStep, facts: SetupFacts): StepState {
  if (isDone(step, facts)) return 'done';
  return facts.preferences.skipped.includes(step) ? 'skipped' : 'open';
}

function isDone(step: SetupStep, { session, sync, setup, preferences, mayNotify }: SetupFacts): boolean {
  switch (step) {
    case 'role':
      return session.me !== null;
    case 'relay':
      return sync.logId !== null;
    case 'number':
      return session.number !== null && sync.whatsapp !== 'not_configured' && sync.whatsapp !== 'blocked';
    // Whatever Meta's pages say: the webhook works when a message has come through it.
    case 'webhook':
    case 'message':
      return setup.newestMessage !== null;
    case 'templates':
      return setup.templates.total > 0 && setup.templates.ready === setup.templates.total;
    case 'hours':
      return setup.hasHours;
    case 'ai':
      return setup.ai.hasModel || setup.ai.articles > 0;
    // Of the key that counts: it is open again when that changes.
    case 'recovery':
      return sync.sheet !== null && !sync.sheet.isVoid;
    case 'notices':
      return mayNotify();
    case 'keys':
      return preferences.hasTriedKeys;
  }
}

/** The first one that waits for somebody; null: none does. */
export const findOpenStep = (role: Role, facts: SetupFacts): SetupStep | null => stepsOf(role).find((step) => stateOfStep(step, facts) === 'open') ?? null;
export const countOpenSteps = (role: Role, facts: SetupFacts): number => stepsOf(role).filter((step) => stateOfStep(step, facts) === 'open').length;
