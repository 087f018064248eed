import type { Message } from '../../contract/entities.ts';

/** `messages`: in reading order. */
export type SheetProps = { messages: readonly Message[]; conversationId: string; onClose(isDone: boolean): void };
