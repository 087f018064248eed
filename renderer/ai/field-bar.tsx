/** One line to fill in for the next draft or rewrite: what to say, or in which language. */
import { CornerDownLeft, Languages, PencilLine, X } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { AI_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { DraftDeskState } from '../store/draft-desk-store.ts';
import { useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { moveFocus } from '../ui/return-focus.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './field-bar.module.css';

export function FieldBar({ field }: { field: NonNullable<DraftDeskState['field']> }) {
  const { t } = useTexts();
  const { ai, draftDesk } = useStores();
  const [text, setText] = useState('');
  const [opener] = useState(() => document.activeElement);
  const box = useRef<HTMLInputElement>(null);
  useFocusOnMount(box);
  const isInstruction = field.what === 'instruction';
  const label = t(isInstruction ? 'ai.instruction.label' : 'ai.language.label');

  function close(): void {
    draftDesk.getState().showField(null);
    moveFocus(document.querySelector('[data-draft-card]') ?? opener);
  }
  function submit(): void {
    const words = text.trim();
    if (words === '') return;
    if (field.what === 'instruction') ai.getState().request(field.conversationId, words);
    else draftDesk.getState().rewrite(field.conversationId, field, 'translate', words);
    close();
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (!event.repeat) submit();
    }
  }
  return (
    <div className={styles['bar']} data-takes-escape>
      {isInstruction ? <PencilLine size={15} aria-hidden="true" /> : <Languages size={15} aria-hidden="true" />}
      <input
        ref={box}
        type="text"
        dir="auto"
        autoComplete="off"
        aria-label={label}
        placeholder={t(isInstruction ? 'ai.instruction.placeholder' : 'ai.language.placeholder')}
        maxLength={isInstruction ? AI_MAX.instruction : AI_MAX.languageName}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button icon={<CornerDownLeft size={14} />} aria-disabled={text.trim() === ''} onClick={submit}>
        {t(isInstruction ? 'ai.instruction.do' : 'ai.language.do')}
      </Button>
      <IconButton label={t('action.cancel')} keys="Esc" side="top" onClick={close}>
        <X size={15} />
      </IconButton>
    </div>
  );
}
