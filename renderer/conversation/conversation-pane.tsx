import { useState } from 'react';
import { DraftArea } from '../ai/draft-area.tsx';
import { HandoffLine } from '../ai/handoff-line.tsx';
import { DropZone } from '../attach/drop-zone.tsx';
import { useComposerKind } from '../composer/use-composer-kind.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { ConversationProposals } from '../links/conversation-proposals.tsx';
import { NudgeBar } from '../links/nudge-bar.tsx';
import { Composer } from '../composer/composer.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { PickBar } from '../picked/pick-bar.tsx';
import { PickedSheets } from '../picked/picked-sheets.tsx';
import { areKindsOn } from '../store/session-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { FindBar } from './find-bar.tsx';
import { createRowHeights, type RowHeights } from './row-heights.ts';
import { Thread } from './thread.tsx';
import { useDraftsKept } from './use-drafts-kept.ts';
import { useOwnPresence } from './use-own-presence.ts';
import styles from './conversation-pane.module.css';

type Props = { isPanelOpen: boolean; onTogglePanel(): void; isAlone: boolean };

/** The open conversation. Keyed by it, so that nothing of one conversation lives on in another. */
export function ConversationPane({ isPanelOpen, onTogglePanel, isAlone }: Props) {
  const { t } = useTexts();
  const openId = useFrom('conversation', (state) => state.openId);
  const thread = useFrom('conversation', (state) => state.thread);
  const failure = useFrom('conversation', (state) => state.failure);
  const open = useFrom('conversation', (state) => state.open);
  const { hintOf } = useKeyNames();
  const isFinding = useFrom('find', (state) => state.isOpen);
  const [heights] = useState(createRowHeights);
  useOwnPresence();
  useDraftsKept();
  const hasRows = useFrom('inbox', ({ rows }) => rows !== null && rows.length > 0);

  if (openId === null) {
    return (
      <main className={styles['none']}>
        {hasRows && (
          <>
            <p>{t('thread.none')}</p>
            <p className={styles['hint']}>{t('thread.noneHint', { next: hintOf('next'), previous: hintOf('previous'), reply: hintOf('reply') })}</p>
          </>
        )}
      </main>
    );
  }
  if (failure) {
    return (
      <main className={styles['none']}>
        <p>{t(`failure.${failure}`)}</p>
        <Button onClick={() => open(null)}>{t('action.back')}</Button>
      </main>
    );
  }
  // The engine answers within a frame or two: an empty pane is calmer than a spinner that flashes.
  if (!thread) return <main className={styles['pane']} aria-busy="true" />;
  return (
    <main className={styles['pane']} key={openId}>
      <ConversationHeader conversation={thread.conversation} isPanelOpen={isPanelOpen} onTogglePanel={onTogglePanel} onBack={isAlone ? () => open(null) : null} />
      <HandoffLine conversationId={openId} />
      {isFinding && <FindBar />}
      <Below thread={thread} heights={heights} />
    </main>
  );
}

/** Thread and composer, onto which files can be dropped. */
function Below({ thread, heights }: { thread: OpenThread; heights: RowHeights }) {
  const { t } = useTexts();
  const { kind } = useComposerKind(thread);
  const areOn = useFrom('session', areKindsOn);
  const isPicking = useFrom('picked', ({ messages }) => messages.size > 0);
  const refusal =
    kind === 'note' ? t('compose.files.dropNote') : kind === 'template' ? t('templatePicker.dropFile') : kind !== 'reply' ? t('compose.files.dropClosed') : areOn ? null : t('failure.UPDATE_NEEDED');
  return (
    <DropZone conversationId={thread.conversation.id} refusal={refusal}>
      <Thread key={thread.opening} thread={thread} heights={heights} />
      <div className={styles['composer']}>
        <PickBar />
        <div inert={isPicking}>
          <div className={styles['above']}>
            <ConversationProposals conversationId={thread.conversation.id} />
            <NudgeBar conversationId={thread.conversation.id} />
            <DraftArea thread={thread} />
          </div>
          <Composer thread={thread} />
        </div>
      </div>
      <PickedSheets conversationId={thread.conversation.id} />
    </DropZone>
  );
}
