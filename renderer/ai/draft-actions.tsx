/** What can be done with a draft, each with its key. */
import { ListRestart, PencilLine, RotateCcw, SendHorizontal, TextCursorInput, Trash2, WandSparkles } from 'lucide-react';
import type { DraftView } from '../../contract/ai/ai-views.ts';
import { CHOSEN_DISCARD_REASONS } from '../../contract/ai/ai-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import type { DraftEdit } from '../store/draft-desk-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, MenuButton } from '../ui/button.tsx';
import { modKey } from '../ui/keys.ts';
import { Menu } from '../ui/menu.tsx';
import { rewriteEntries } from './rewrite-entries.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import { KeyName } from '../ui/key-name.tsx';
import styles from './draft-card.module.css';

type Props = {
  thread: OpenThread;
  draft: DraftView;
  text: string;
  edit: DraftEdit | null;
  isEditing: boolean;
  isCounting: boolean;
  canSend: boolean;
  onSend(): void;
  onEdit(): void;
  onOriginal(): void;
};

export function DraftActions({ thread, draft, text, edit, isEditing, isCounting, canSend, onSend, onEdit, onOriginal }: Props) {
  const { t } = useTexts();
  const { ai, draftDesk } = useStores();
  const { id } = thread.conversation;
  const isSending = useFrom('draftDesk', ({ sending }) => sending !== null);
  const { draftId } = draft;
  const takeKeys = useKeyNames().keysOf('takeDraft');
  const isOff = !canSend || isSending || text.trim() === '';
  return (
    <div className={styles['actions']}>
      {!isCounting && (
        <Button look="primary" icon={<SendHorizontal size={15} />} aria-disabled={isOff} command="sendDraft" title={t('ai.card.sendHint', { mod: modKey() })} onClick={() => !isOff && onSend()}>
          {t('action.send')}
        </Button>
      )}
      {!isEditing && !isCounting && (
        <Button icon={<PencilLine size={15} />} onClick={onEdit}>
          {t('ai.card.edit')}
        </Button>
      )}
      <Button
        icon={<TextCursorInput size={15} />}
        command="takeDraft"
        title={takeKeys === undefined ? t('ai.card.takeHint') : `${t('ai.card.takeHint')} (${takeKeys})`}
        onClick={() => draftDesk.getState().take(id, text, draftId)}
      >
        {t('ai.card.take')} <KeyName command="takeDraft" />
      </Button>
      {edit && (
        <>
          {edit.before !== null && edit.before !== edit.text && (
            <Button look="quiet" icon={<RotateCcw size={14} />} onClick={() => draftDesk.getState().edit(draft, edit.before ?? '')}>
              {t('ai.card.before')}
            </Button>
          )}
          <Button look="quiet" onClick={onOriginal}>
            {t('ai.card.original')}
          </Button>
        </>
      )}
      <span className={styles['gap']} />
      <Menu
        trigger={
          <Button look="quiet" icon={<WandSparkles size={14} />}>
            {t('ai.card.change')}
          </Button>
        }
        entries={[
          { label: t('ai.card.again'), icon: <RotateCcw size={15} />, run: () => ai.getState().request(id) },
          { label: t('ai.instruction.open'), icon: <ListRestart size={15} />, run: () => draftDesk.getState().showField({ conversationId: id, what: 'instruction' }) },
          ...rewriteEntries(t, draftDesk.getState(), id, { target: 'card', draftId, text }),
        ]}
      />
      <Menu
        trigger={
          <MenuButton label={t('ai.card.discard')}>
            <Trash2 size={15} />
          </MenuButton>
        }
        entries={CHOSEN_DISCARD_REASONS.map((reason) => ({
          label: t(`ai.discard.${reason}`),
          run: () => {
            draftDesk.getState().dropEdit(draftId);
            ai.getState().discard(draftId, reason);
          },
        }))}
      />
    </div>
  );
}
