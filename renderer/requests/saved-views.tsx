/** Filters that were kept under a name, as a row above the table. */
import { BookmarkPlus, ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { RequestView } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isNarrow, isSameFilter, NO_REQUEST_FILTER } from '../store/request-filter.ts';
import { viewOf } from '../store/requests-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Menu } from '../ui/menu.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './saved-views.module.css';

const NAME_MAX = 80;

export function SavedViews() {
  const { t } = useTexts();
  const { requests } = useStores();
  const views = useFrom('requests', (state) => state.views);
  const current = useFrom('requests', viewOf);
  const filter = useFrom('requests', (state) => state.filter);
  const isAll = isSameFilter(filter, NO_REQUEST_FILTER);
  /** The one that was chosen last, and may have been changed since. */
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [named, setNamed] = useState<{ view: RequestView | null } | null>(null);
  const shown = current?.id ?? (isAll ? null : chosenId);
  const canSave = current === null && (isNarrow(filter) || filter.sort !== 'newest');
  return (
    <div className={styles['bar']}>
      <div className={styles['views']} role="group" aria-label={t('requests.view.label')}>
        <button
          type="button"
          className={styles['view']}
          aria-pressed={isAll}
          onClick={() => {
            setChosenId(null);
            requests.getState().setFilter(NO_REQUEST_FILTER);
          }}
        >
          {t('requests.view.all')}
        </button>
        {views.map((view, index) => (
          <span key={view.id} className={styles['pair']} data-on={view.id === current?.id || undefined}>
            <button
              type="button"
              className={styles['view']}
              aria-pressed={view.id === current?.id}
              onClick={() => {
                setChosenId(view.id);
                requests.getState().setFilter(view.filter);
              }}
            >
              <bdi>{view.name}</bdi>
            </button>
            {view.id === shown && <ViewMenu view={view} index={index} count={views.length} isChanged={view.id !== current?.id} onRename={() => setNamed({ view })} />}
          </span>
        ))}
      </div>
      {canSave && (
        <Button look="quiet" icon={<BookmarkPlus size={14} />} onClick={() => setNamed({ view: null })}>
          {t('requests.view.save')}
        </Button>
      )}
      {named && <NameDialog view={named.view} onClose={() => setNamed(null)} />}
    </div>
  );
}

function ViewMenu({ view, index, count, isChanged, onRename }: { view: RequestView; index: number; count: number; isChanged: boolean; onRename(): void }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const { replaceView, moveView, removeView } = requests.getState();
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={styles['more']} aria-label={t('requests.view.actions', { name: view.name })}>
          <ChevronDown size={14} />
        </button>
      }
      entries={[
        ...(isChanged ? [{ label: t('requests.view.replace'), run: () => void replaceView(view.id) }] : []),
        { label: t('requests.view.rename'), run: onRename },
        { label: t('requests.view.earlier'), isDisabled: index === 0, run: () => void moveView(view.id, -1) },
        { label: t('requests.view.later'), isDisabled: index === count - 1, run: () => void moveView(view.id, 1) },
        { label: t('requests.view.remove'), run: () => void removeView(view.id) },
      ]}
    />
  );
}

/** Null: a new one, of the present filter. */
function NameDialog({ view, onClose }: { view: RequestView | null; onClose(): void }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const views = useFrom('requests', (state) => state.views);
  const [name, setName] = useState(view?.name ?? '');
  const [isTried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const wanted = name.trim();
  const isTaken = views.some((one) => one.id !== view?.id && one.name.toLocaleLowerCase() === wanted.toLocaleLowerCase());
  const submit = (): void => {
    setTried(true);
    if (wanted === '') return;
    void (view ? requests.getState().renameView(view.id, wanted) : requests.getState().saveView(wanted));
    onClose();
  };
  return (
    <Dialog title={t(view ? 'requests.view.rename' : 'requests.view.saveTitle')} onClose={onClose}>
      <DialogForm isOff={false} failure={null} onSubmit={submit} onClose={onClose}>
        {!view && <p className={styles['text']}>{t('requests.view.saveText')}</p>}
        <TextField
          ref={first}
          label={t('requests.view.name')}
          maxLength={NAME_MAX}
          value={name}
          hint={!view && isTaken ? t('requests.view.nameTaken') : undefined}
          error={isTried && wanted === '' ? t('requests.view.nameMissing') : null}
          onChange={(event) => setName(event.target.value)}
        />
      </DialogForm>
    </Dialog>
  );
}
