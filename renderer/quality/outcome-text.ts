import { FAILURE_CLASSES } from '../../contract/ai/ai-words.ts';
import type { Translate } from '../i18n/i18n.ts';

/** How a run ended, in the words in which its conversation tells it; of a version to come: as it is called there. */
export function outcomeText(outcome: string, t: Translate): string {
  if (outcome === 'ok' || outcome === 'cancelled' || outcome === 'superseded') return t(`ai.why.outcomes.${outcome}`);
  const failure = FAILURE_CLASSES.find((one) => one === outcome);
  return failure === undefined ? outcome : t(`ai.failure.${failure}.what`);
}
