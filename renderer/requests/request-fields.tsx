/** The fields of a request, edited where they stand. What somebody else changed meanwhile is asked for at its field. */
import { useId, useState } from 'react';
import type { ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { TEXT_FIELDS, textOf, theirsOf, type TextField as FieldName } from '../store/request-edits.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { modKey } from '../ui/keys.ts';
import { maxOf, problemOf } from './field-problems.ts';
import { whoSet } from './request-history.ts';
import { useServiceTypes } from './use-service-types.ts';
import styles from './request-fields.module.css';

const PAIRED: ReadonlySet<FieldName> = new Set(['requestedDate', 'approvedDate', 'externalId', 'serviceType']);
const ORDER: readonly FieldName[] = ['serviceType', 'externalId', 'requestedDate', 'approvedDate', 'customerName', 'contactPhone', 'contactEmail', 'address', 'formUrl', 'description'];

export function RequestFields({ request }: { request: ServiceRequest }) {
  const { t } = useTexts();
  const { request: store } = useStores();
  const edits = useFrom('request', (state) => state.edits);
  const isSaving = useFrom('request', (state) => state.isSaving);
  const areOn = useFrom('session', areRequestsOn);
  const [lost, setLost] = useState(0);
  const edited = TEXT_FIELDS.filter((field) => edits[field] !== undefined);
  const undecided = edited.filter((field) => theirsOf(request, edits, field) !== null);
  const hasProblem = edited.some((field) => problemOf(field, edits[field]?.to ?? '', t) !== null);
  const canSave = areOn && !isSaving && !hasProblem && edited.length > undecided.length;
  const save = async (): Promise<void> => {
    if (!canSave) return;
    setLost(0);
    const names = await store.getState().save();
    setLost(names?.filter((name) => name !== 'externalId' || !store.getState().isTaken).length ?? 0);
  };
  return (
    <form
      className={styles['form']}
      aria-label={t('requests.page.fields')}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void save();
      }}
    >
      <div className={styles['fields']}>
        {ORDER.map((field) => (
          <EditField key={field} request={request} field={field} isOff={!areOn} />
        ))}
      </div>
      {edited.length > 0 && (
        <div className={styles['bar']}>
          <p role="status">
            {undecided.length > 0 ? t(lost > 0 ? 'requests.page.notSaved' : 'requests.page.undecided', { count: undecided.length }) : t('requests.page.unsaved', { count: edited.length })}
          </p>
          <span className={styles['actions']}>
            <Button onClick={() => store.getState().dropEdits()}>{t('requests.page.drop')}</Button>
            <Button look="primary" submits aria-disabled={!canSave} title={`${modKey()}+Enter`}>
              {t('requests.page.save')}
            </Button>
          </span>
        </div>
      )}
    </form>
  );
}

function EditField({ request, field, isOff }: { request: ServiceRequest; field: FieldName; isOff: boolean }) {
  const { t } = useTexts();
  const { request: store } = useStores();
  const edits = useFrom('request', (state) => state.edits);
  const isTaken = useFrom('request', (state) => state.isTaken && field === 'externalId');
  const services = useServiceTypes();
  const listId = useId();
  const edit = edits[field];
  const value = edit?.to ?? textOf(request, field);
  const theirs = theirsOf(request, edits, field);
  const shared = {
    label: t(`requests.field.${field}`),
    value,
    maxLength: maxOf(field),
    disabled: isOff,
    error: edit ? (isTaken ? t('requests.problem.taken') : problemOf(field, value, t)) : null,
  };
  const type = (text: string): void => store.getState().type(field, text);
  return (
    <div className={styles['field']} data-paired={PAIRED.has(field) || undefined} data-edited={edit !== undefined || undefined}>
      {field === 'address' || field === 'description' ? (
        <TextArea {...shared} rows={field === 'address' ? 2 : 3} dir="auto" onChange={(event) => type(event.target.value)} />
      ) : field === 'requestedDate' || field === 'approvedDate' ? (
        <TextField {...shared} type="date" onChange={(event) => type(event.target.value)} />
      ) : (
        <TextField
          {...shared}
          dir="auto"
          inputMode={field === 'contactPhone' ? 'tel' : field === 'contactEmail' ? 'email' : field === 'formUrl' ? 'url' : 'text'}
          list={field === 'serviceType' ? listId : undefined}
          onChange={(event) => type(event.target.value)}
        />
      )}
      {field === 'serviceType' && (
        <datalist id={listId}>
          {services.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
      )}
      {theirs !== null && edit && <TwoValues request={request} field={field} theirs={theirs} mine={edit.to} />}
    </div>
  );
}

/** Both stand here until one is chosen. */
function TwoValues({ request, field, theirs, mine }: { request: ServiceRequest; field: FieldName; theirs: string; mine: string }) {
  const { t, format } = useTexts();
  const { request: store } = useStores();
  const by = whoSet(request, field, theirs);
  const isDay = field === 'requestedDate' || field === 'approvedDate';
  const shown = (text: string): string => (text === '' ? t('requests.conflict.empty') : isDay ? format.calendarDay(text) : text);
  return (
    <div className={styles['conflict']} role="group" aria-label={t('requests.conflict.label', { field: t(`requests.field.${field}`) })}>
      <div className={styles['value']}>
        <span className={styles['whose']} title={by ? format.exact(by.at) : undefined}>
          {by && !by.isMe ? t('requests.conflict.theirs', { who: by.name }) : t('requests.conflict.theirsUnknown')}
        </span>
        <bdi className={styles['words']}>{shown(theirs)}</bdi>
        <Button onClick={() => store.getState().takeTheirs(field)}>{t('requests.conflict.takeTheirs')}</Button>
      </div>
      <div className={styles['value']}>
        <span className={styles['whose']}>{t('requests.conflict.mine')}</span>
        <bdi className={styles['words']}>{shown(mine)}</bdi>
        <Button onClick={() => store.getState().keepMine(field)}>{t('requests.conflict.keepMine')}</Button>
      </div>
    </div>
  );
}
