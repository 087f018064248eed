/** Holds the places of procedures whose features are on their way; each moves to a router of its own. */
import { AppError } from '../../../contract/app-error.ts';
import type { Implementer } from './implementer.ts';

const refuse = (): never => {
  throw new AppError('NOT_ALLOWED_NOW', 'not there yet');
};

export const createUnbuiltAiRouter = (os: Pick<Implementer, 'ai'>) => ({
  confirmAuto: os.ai.confirmAuto.handler(refuse),
});
