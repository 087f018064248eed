/** Files and folders dropped anywhere on the page go into the knowledge base; while they are held over it, it says so. */
import { BookUp } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { readDropped } from './pick-knowledge-files.ts';
import { useAddKnowledgeFiles } from './use-add-knowledge-files.ts';
import styles from '../attach/drop-zone.module.css';

export function KnowledgeDrop({ children }: { children: ReactNode }) {
  const { t } = useTexts();
  const { toasts } = useStores();
  const add = useAddKnowledgeFiles();
  const [isOver, setOver] = useState(false);
  /** Enters and leaves come for every element in between. */
  const depth = useRef(0);
  const take = (event: DragEvent): boolean => {
    // What is done in a dialog comes here too, by React's tree.
    if (!event.dataTransfer.types.includes('Files') || !(event.target instanceof Node && event.currentTarget.contains(event.target))) return false;
    event.preventDefault();
    return true;
  };
  const enter = (by: 1 | -1): void => {
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    <div
      className={styles['zone']}
      onDragEnter={(event) => take(event) && enter(1)}
      onDragOver={(event) => {
        if (take(event)) event.dataTransfer.dropEffect = 'copy';
      }}
      onDragLeave={(event) => take(event) && enter(-1)}
      onDrop={(event) => {
        if (!take(event)) return;
        depth.current = 0;
        setOver(false);
        readDropped(event.dataTransfer).then(add, (error: unknown) => toasts.getState().fail(error instanceof DOMException ? 'FILE_GONE' : failureCodeOf(error)));
      }}
    >
      {children}
      {isOver && (
        <div className={styles['over']} role="status">
          <div className={styles['card']}>
            <BookUp size={22} strokeWidth={1.75} aria-hidden="true" />
            <strong>{t('knowledge.drop.title')}</strong>
            <span>{t('knowledge.drop.hint')}</span>
          </div>
        </div>
      )}
    </div>
  );
}
