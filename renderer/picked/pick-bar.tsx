/** What can be done with the chosen messages. It lies over the composer, which waits underneath with all that stands in it, so that nothing moves. */
import { Copy, FolderPlus, Forward, StickyNote, X } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { pickedOf } from '../store/picked-store.ts';
import { canAttachMessages, isTriageOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { modKey } from '../ui/keys.ts';
import { moveFocus } from '../ui/return-focus.ts';
import { usePickedWords } from './use-picked-words.ts';
import styles from './pick-bar.module.css';

export function PickBar() {
  const { t } = useTexts();
  const { picked } = useStores();
  const messages = useFrom('picked', (state) => state.messages);
  const hasNotes = useFrom('session', isTriageOn);
  const canAttach = useFrom('session', canAttachMessages);
  const { copy } = usePickedWords();
  if (messages.size === 0) return null;
  const inOrder = () => pickedOf(picked.getState());
  const stop = (): void => {
    picked.getState().clear();
    moveFocus(null);
  };
  const open = (kind: 'forward' | 'note' | 'attach'): void => picked.getState().open({ kind, messages: inOrder() });
  return (
    <div
      className={styles['bar']}
      role="toolbar"
      tabIndex={-1}
      aria-label={t('picked.label')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        stop();
      }}
    >
      <IconButton label={t('picked.clear')} keys="Esc" side="top" onClick={stop}>
        <X size={16} />
      </IconButton>
      <span className={styles['count']} role="status">
        {t('picked.count', { count: messages.size })}
      </span>
      <Button icon={<Copy size={15} />} title={`${modKey()}+C`} onClick={() => copy(inOrder())}>
        {t('picked.copy')}
      </Button>
      {hasNotes && (
        <Button icon={<StickyNote size={15} />} onClick={() => open('note')}>
          {t('picked.note')}
        </Button>
      )}
      {canAttach && (
        <Button icon={<FolderPlus size={15} />} title={t('picked.attach')} onClick={() => open('attach')}>
          {t('picked.attachShort')}
        </Button>
      )}
      <Button look="primary" icon={<Forward size={15} />} onClick={() => open('forward')}>
        {t('picked.forward')}
      </Button>
    </div>
  );
}
