/** Filters that were kept under a name, as a row above what they narrow. */
import { BookmarkPlus, ChevronDown } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button, IconButton } from './button.tsx';
import { DialogForm } from './dialog-form.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { Menu } from './menu.tsx';
import { returnFocus } from './return-focus.ts';
import styles from './saved-views.module.css';
import { useFocusOnMount } from './use-focus-on-mount.ts';

export type SavedView = { id: string; name: string };
export type SavedViewActions = {
  /** Null: everything. */
  show(id: string | null): void;
  save(name: string): Promise<void>;
  replace(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  move(id: string, by: -1 | 1): Promise<void>;
  remove(id: string): Promise<void>;
};

type Props = {
  views: readonly SavedView[];
  /** How many each shows, as it is written; none: it is not said. */
  counts?: Readonly<Record<string, string>>;
  /** The view that shows exactly what is shown. */
  currentId: string | null;
  /** Nothing is left out. */
  isAll: boolean;
  canSave: boolean;
  nameMax: number;
  /** What is kept, and for whom. */
  saveText: string;
  actions: SavedViewActions;
  className?: string;
  /** At the end of the row. */
  children?: ReactNode;
};

export function SavedViews({ views, counts, currentId, isAll, canSave, nameMax, saveText, actions, className, children }: Props) {
  const { t } = useTexts();
  /** The one that was chosen last, and may have been changed since. */
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [named, setNamed] = useState<{ view: SavedView | null } | null>(null);
  const shown = currentId ?? (isAll ? null : chosenId);
  const choose = (id: string | null): void => {
    setChosenId(id);
    actions.show(id);
  };
  const bar = useRef<HTMLDivElement>(null);
  /** What was pressed goes with it: the keyboard goes on at what is shown then. */
  const goOn = (): void => void requestAnimationFrame(() => returnFocus(bar.current?.querySelector('[aria-pressed="true"]') ?? null));
  return (
    <div ref={bar} className={`${styles['bar']} ${className ?? ''}`}>
      <div className={styles['views']} role="group" aria-label={t('savedViews.label')}>
        <button type="button" className={styles['view']} aria-pressed={isAll} onClick={() => choose(null)}>
          {t('savedViews.all')}
        </button>
        {views.map((view, index) => (
          <span key={view.id} className={styles['pair']}>
            <button type="button" className={styles['view']} aria-pressed={view.id === currentId} title={view.name} onClick={() => choose(view.id)}>
              <bdi className={styles['name']}>{view.name}</bdi>
              {counts?.[view.id] !== undefined && <span className={styles['count']}>{counts[view.id]}</span>}
            </button>
            {view.id === shown && (
              <Menu
                align="start"
                trigger={
                  <button type="button" className={styles['more']} aria-label={t('savedViews.actions', { name: view.name })}>
                    <ChevronDown size={14} />
                  </button>
                }
                entries={[
                  ...(view.id === currentId ? [] : [{ label: t('savedViews.replace'), run: () => void actions.replace(view.id) }]),
                  { label: t('savedViews.rename'), run: () => setNamed({ view }) },
                  { label: t('savedViews.earlier'), isDisabled: index === 0, run: () => void actions.move(view.id, -1) },
                  { label: t('savedViews.later'), isDisabled: index === views.length - 1, run: () => void actions.move(view.id, 1) },
                  { label: t('savedViews.remove'), run: () => void actions.remove(view.id).then(goOn) },
                ]}
              />
            )}
          </span>
        ))}
      </div>
      {canSave &&
        // Beside more of its kind its sign is enough.
        (children === undefined ? (
          <Button look="quiet" icon={<BookmarkPlus size={14} />} onClick={() => setNamed({ view: null })}>
            {t('savedViews.save')}
          </Button>
        ) : (
          <IconButton label={t('savedViews.save')} onClick={() => setNamed({ view: null })}>
            <BookmarkPlus size={16} />
          </IconButton>
        ))}
      {children}
      {named && <NameDialog view={named.view} views={views} nameMax={nameMax} saveText={saveText} actions={actions} onSaved={goOn} onClose={() => setNamed(null)} />}
    </div>
  );
}

/** Null: a new one, of the present filter. */
function NameDialog({
  view,
  views,
  nameMax,
  saveText,
  actions,
  onSaved,
  onClose,
}: Pick<Props, 'views' | 'nameMax' | 'saveText' | 'actions'> & { view: SavedView | null; onSaved(): void; onClose(): void }) {
  const { t } = useTexts();
  const [name, setName] = useState(view?.name ?? '');
  const [isTried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const wanted = name.trim();
  const isTaken = views.some((one) => one.id !== view?.id && one.name.toLocaleLowerCase() === wanted.toLocaleLowerCase());
  const submit = (): void => {
    setTried(true);
    if (wanted === '') return;
    void (view ? actions.rename(view.id, wanted) : actions.save(wanted).then(onSaved));
    onClose();
  };
  return (
    <Dialog title={t(view ? 'savedViews.rename' : 'savedViews.saveTitle')} onClose={onClose}>
      <DialogForm isOff={false} failure={null} onSubmit={submit} onClose={onClose}>
        {!view && <p className={styles['text']}>{saveText}</p>}
        <TextField
          ref={first}
          label={t('savedViews.name')}
          maxLength={nameMax}
          value={name}
          hint={!view && isTaken ? t('savedViews.nameTaken') : undefined}
          error={isTried && wanted === '' ? t('savedViews.nameMissing') : null}
          onChange={(event) => setName(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}
