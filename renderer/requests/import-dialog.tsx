/** Requests from a CSV file: what was understood is shown before anything is written, every bad row by name. */
import { CircleAlert, CircleCheck, Download, FileUp } from 'lucide-react';
import { useRef, useState, type DragEvent } from 'react';
import { VList } from 'virtua';
import type { ImportState } from '../../contract/work-entities.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isTextField } from '../store/request-edits.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { saveFile } from '../ui/save-file.ts';
import { csvFile } from '../ui/write-csv.ts';
import styles from './import-dialog.module.css';

const BAD_ROW_HEIGHT = 36;

export function ImportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const { requestImport } = useStores();
  const progress = useFrom('requestImport', (state) => state.progress);
  const isEnded = progress?.state === 'done' || progress?.state === 'cancelled' || progress?.state === 'failed';
  const close = (): void => {
    // What is being written goes on; what was only looked at is forgotten.
    if (isEnded) requestImport.getState().forget();
    else if (progress?.state !== 'importing') void requestImport.getState().cancel();
    onClose();
  };
  return (
    <Dialog title={t('requests.import.title')} isWide onClose={close}>
      <div className={styles['body']}>
        <Body onClose={close} />
      </div>
    </Dialog>
  );
}

function Body({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const file = useFrom('requestImport', (state) => state.file);
  const progress = useFrom('requestImport', (state) => state.progress);
  const failure = useFrom('requestImport', (state) => state.failure);
  if (file === null || failure !== null) {
    return (
      <>
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {t(failure === 'FILE_TOO_BIG' ? 'requests.import.tooBig' : `failure.${failure}`)}
          </p>
        )}
        <ChooseFile />
      </>
    );
  }
  if (progress === null || progress.state === 'reading') return <Reading name={file.name} handedOver={file.handedOver} progress={progress} />;
  switch (progress.state) {
    case 'ready':
      return <Ready name={file.name} progress={progress} />;
    case 'importing':
      return (
        <>
          <Progress label={t('requests.import.importing')} done={progress.done} total={progress.good} />
          <p className={styles['quiet']}>{t('requests.import.goesOn')}</p>
          <div className={styles['actions']}>
            <Button onClick={onClose}>{t('action.close')}</Button>
          </div>
        </>
      );
    default:
      return <Ended progress={progress} onClose={onClose} />;
  }
}

function ChooseFile() {
  const { t } = useTexts();
  const { requestImport } = useStores();
  const [isOver, setOver] = useState(false);
  const [isMany, setMany] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null): void => {
    const [file, ...others] = files ?? [];
    setMany(others.length > 0);
    if (file && others.length === 0) void requestImport.getState().begin(file);
  };
  const onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type !== 'dragleave' && event.type !== 'drop');
    if (event.type === 'drop') take(event.dataTransfer.files);
  };
  return (
    <>
      <p className={styles['text']}>{t('requests.import.text')}</p>
      <div className={styles['drop']} data-over={isOver || undefined} onDragEnter={onDrag} onDragOver={onDrag} onDragLeave={onDrag} onDrop={onDrag}>
        <FileUp size={22} strokeWidth={1.5} aria-hidden="true" />
        <p>{t('requests.import.drop')}</p>
        <Button look="primary" onClick={() => input.current?.click()}>
          {t('requests.import.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          aria-label={t('requests.import.choose')}
          onChange={(event) => {
            take(event.target.files);
            // The same file again, corrected, is another choice.
            event.target.value = '';
          }}
        />
      </div>
      {isMany && (
        <p className={styles['failure']} role="alert">
          {t('requests.import.dropOne')}
        </p>
      )}
      <p className={styles['quiet']}>{t('requests.import.columnsHelp', { columns: t('requests.import.columnNames') })}</p>
    </>
  );
}

function Reading({ name, handedOver, progress }: { name: string; handedOver: number; progress: ImportState | null }) {
  const { t } = useTexts();
  const { requestImport } = useStores();
  // How many rows there are is known at its end.
  return (
    <>
      <Progress label={t('requests.import.reading', { name })} done={Math.round(handedOver * 100)} total={100} note={progress ? t('requests.import.readingRows', { count: progress.rows }) : ''} />
      <div className={styles['actions']}>
        <Button onClick={() => void requestImport.getState().cancel()}>{t('requests.import.cancel')}</Button>
      </div>
    </>
  );
}

function Progress({ label, done, total, note }: { label: string; done: number; total: number; note?: string }) {
  const { t, format } = useTexts();
  return (
    <div className={styles['progress']}>
      <p>{label}</p>
      <progress {...(done > 0 && { value: done })} max={Math.max(1, total)} aria-label={label} />
      <p className={styles['quiet']}>{note ?? t('requests.import.of', { done: format.number(done), total: format.number(total) })}</p>
    </div>
  );
}

/** A text about a count, with the count as it is written. */
const numbered = (text: string, count: number, format: Formats): string => text.replace(String(count), format.number(count));
const fieldName = (field: string, t: Translate): string => (isTextField(field) || field === 'status' || field === 'vendor' ? t(`requests.field.${field}`) : field);

function Ready({ name, progress }: { name: string; progress: ImportState }) {
  const { t, format } = useTexts();
  const { requestImport } = useStores();
  const { rows, good, badRows, columns } = progress;
  return (
    <>
      <div className={styles['summary']} role="status">
        <p className={styles['name']}>
          <bdi>{name}</bdi> · {numbered(t('requests.import.rows', { count: rows }), rows, format)}
        </p>
        <p className={styles['good']}>
          <CircleCheck size={15} aria-hidden="true" /> {numbered(t('requests.import.good', { count: good }), good, format)}
        </p>
        {badRows > 0 && (
          <p className={styles['bad']}>
            <CircleAlert size={15} aria-hidden="true" /> {numbered(t('requests.import.badCount', { count: badRows }), badRows, format)}
          </p>
        )}
      </div>
      <ul className={styles['columns']} aria-label={t('requests.import.columns')}>
        {columns.map(({ header, field }, index) => (
          // A header may stand there twice.
          <li key={`${index}:${header}`} className={styles['column']} data-ignored={field === null || undefined}>
            <bdi>{header}</bdi>
            <span className={styles['quiet']}>{field === null ? t('requests.import.ignored') : fieldName(field, t)}</span>
          </li>
        ))}
      </ul>
      {badRows > 0 && <BadRows name={name} progress={progress} />}
      {good === 0 && <p className={styles['text']}>{t('requests.import.nothing')}</p>}
      <div className={styles['actions']}>
        <Button onClick={() => void requestImport.getState().cancel()}>{t('requests.import.another')}</Button>
        {good > 0 && (
          <Button look="primary" onClick={() => void requestImport.getState().commit()}>
            {numbered(t('requests.import.importGood', { count: good }), good, format)}
          </Button>
        )}
      </div>
    </>
  );
}

type BadRow = { line: number; column: string; value: string; problem: string };

function BadRows({ name, progress: { bad, badRows } }: { name: string; progress: ImportState }) {
  const { t, format } = useTexts();
  const rows: BadRow[] = bad.flatMap(({ line, problems }) =>
    problems.map(({ column, problem, value }) => ({ line, column: column === '' ? t('requests.import.wholeRow') : column, value, problem: t(`requests.import.problems.${problem}`) })),
  );
  const heads = [t('requests.import.line'), t('requests.import.column'), t('requests.import.value'), t('requests.import.problem')];
  const save = (): void => {
    saveFile(`${name.replace(/\.\w+$/, '')}-problemas.csv`, csvFile([heads, ...rows.map(({ line, column, value, problem }) => [line, column, value, problem])]));
  };
  return (
    <section className={styles['badRows']} aria-label={t('requests.import.badTitle')}>
      <header className={styles['badHeader']}>
        <div>
          <h3 className={styles['badTitle']}>{t('requests.import.badTitle')}</h3>
          <p className={styles['quiet']}>
            {t('requests.import.badText')} {badRows > bad.length && t('requests.import.badFirst', { shown: format.number(bad.length), count: badRows })}
          </p>
        </div>
        <Button icon={<Download size={15} />} onClick={save}>
          {t('requests.import.downloadBad')}
        </Button>
      </header>
      <div className={styles['table']} role="table" aria-label={t('requests.import.badTitle')} aria-rowcount={rows.length + 1}>
        <div className={styles['badRow']} role="row" data-head="">
          {heads.map((head) => (
            <span key={head} role="columnheader">
              {head}
            </span>
          ))}
        </div>
        <VList className={styles['badList']} style={{ height: Math.min(rows.length, 6) * BAD_ROW_HEIGHT }} data={rows} itemSize={BAD_ROW_HEIGHT}>
          {({ line, column, value, problem }, index) => (
            <div key={index} className={styles['badRow']} role="row" aria-rowindex={index + 2}>
              <span role="cell">{line}</span>
              <bdi role="cell">{column}</bdi>
              <bdi role="cell" className={styles['value']} title={value}>
                {value === '' ? t('requests.conflict.empty') : value}
              </bdi>
              <span role="cell" title={problem}>
                {problem}
              </span>
            </div>
          )}
        </VList>
      </div>
    </section>
  );
}

/** Of what the engine gives up at once: a file without a column that it knows, or one that is too long. */
const whyFailed = ({ columns }: ImportState) => (columns.every(({ field }) => field === null) ? ('requests.import.noColumns' as const) : ('requests.import.tooLong' as const));

function Ended({ progress, onClose }: { progress: ImportState; onClose(): void }) {
  const { t, format } = useTexts();
  const { requestImport, view, requests } = useStores();
  const { state, done } = progress;
  return (
    <>
      <p className={styles['ended']} role="status" data-state={state}>
        {state === 'done' ? <CircleCheck size={18} aria-hidden="true" /> : <CircleAlert size={18} aria-hidden="true" />}
        {state === 'done' ? numbered(t('requests.import.done', { count: done }), done, format) : t(state === 'failed' ? whyFailed(progress) : 'requests.import.cancelled')}
      </p>
      <div className={styles['actions']}>
        <Button onClick={() => requestImport.getState().forget()}>{t('requests.import.another')}</Button>
        <Button
          look="primary"
          onClick={() => {
            view.getState().showRequest(null);
            requests.getState().showWaiting();
            onClose();
          }}
        >
          {t('requests.import.see')}
        </Button>
      </div>
    </>
  );
}
