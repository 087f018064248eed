/** Files dropped anywhere on a conversation go to its draft; while they are held over it, it says what would happen. */
import { Paperclip } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { filesOf, useAddFiles } from './use-add-files.ts';
import styles from './drop-zone.module.css';

/** What is done in a dialog comes here too, by React's tree. */
const isWithin = ({ currentTarget, target }: { currentTarget: Element; target: EventTarget }): boolean => target instanceof Node && currentTarget.contains(target);
const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/** Beside a zone a browser would open a dropped file in the place of the window. */
export function useStrayDrops(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent): void => {
      if (!holdsFiles(event.dataTransfer) || event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}

/** `refusal`: why files cannot be taken now. */
export function DropZone({ conversationId, refusal, children }: { conversationId: string; refusal: string | null; children: ReactNode }) {
  const { t } = useTexts();
  const addFiles = useAddFiles(conversationId);
  const [isOver, setOver] = useState(false);
  /** Enters and leaves come for every element in between. */
  const depth = useRef(0);
  const end = (): void => {
    depth.current = 0;
    setOver(false);
  };
  const take = (event: DragEvent): boolean => {
    if (!holdsFiles(event.dataTransfer) || !isWithin(event)) return false;
    event.preventDefault();
    return true;
  };
  return (
    <div
      className={styles['zone']}
      onDragEnter={(event) => {
        if (!take(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (take(event)) event.dataTransfer.dropEffect = refusal === null ? 'copy' : 'none';
      }}
      onDragLeave={(event) => {
        if (!take(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) end();
      }}
      onDrop={(event) => {
        if (!take(event)) return;
        end();
        if (refusal === null) addFiles([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const files = filesOf(event.clipboardData, t('compose.files.pasted'));
        if (files.length === 0 || refusal !== null || !isWithin(event)) return;
        event.preventDefault();
        addFiles(files);
      }}
    >
      {children}
      {isOver && (
        <div className={styles['over']} data-refused={refusal !== null || undefined} role="status">
          <div className={styles['card']}>
            <Paperclip size={22} strokeWidth={1.75} aria-hidden="true" />
            <strong>{refusal ?? t('compose.files.drop')}</strong>
            {refusal === null && <span>{t('compose.files.dropHint')}</span>}
          </div>
        </div>
      )}
    </div>
  );
}
