/** What messages of the open thread are called and copied as. */
import { useMemo } from 'react';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { copyOf, writeClipboard } from './copy-messages.ts';

export function usePickedWords() {
  const { t, format } = useTexts();
  const { toasts } = useStores();
  const name = useFrom('conversation', ({ thread }) => thread?.conversation.contact.name ?? '');
  const me = useFrom('session', ({ session }) => session?.me?.name ?? '');
  return useMemo(() => {
    // By name also for oneself: it is read elsewhere, by others.
    const whoOf = ({ direction, author, origin }: Message): string =>
      direction === 'in' ? name : author?.isMe ? me : (author?.name ?? t(origin === 'phone_app' ? 'message.fromPhone' : 'thread.otherTool'));
    const words = { t, format, whoOf };
    const copy = (messages: readonly Message[]): void => {
      void writeClipboard(copyOf(messages, words)).then(() => toasts.getState().say('picked.copied', { values: { name: '', count: messages.length } }));
    };
    return { words, copy };
  }, [t, format, name, me, toasts]);
}
