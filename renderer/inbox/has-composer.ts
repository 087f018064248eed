import type { ConversationSummary } from '../../contract/entities.ts';

/** Whether free text can be written there. A focus asked for where there is no composer would come much later, when the customer writes, and take the keys from another text. */
export const hasComposer = ({ status, window }: Pick<ConversationSummary, 'status' | 'window'>, now: number): boolean => status !== 'closed' && window.closesAt !== null && window.closesAt > now;
