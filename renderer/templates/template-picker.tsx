/**
 * In the place of the composer: choosing a template by a few letters and filling it in. Where free text cannot be sent this is the
 * composer; elsewhere its agent opened it and goes back to the text with Escape. What was typed as text is kept and shown beside it.
 */
import { Hourglass, LayoutTemplate, Search, Star, StickyNote, X } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { TemplateView } from '../../contract/work-entities.ts';
import { usePaneFocus } from '../conversation/use-pane-focus.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { rankTemplates } from '../store/rank-templates.ts';
import { formIdOf, NO_PICKER, requestOf, type Picker } from '../store/template-picker-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { moveFocus } from '../ui/return-focus.ts';
import { useAction } from '../ui/use-action.ts';
import { NothingToPick, SyncLine } from './template-picker-states.tsx';
import { StatusChip } from './status-chip.tsx';
import { categoryName, statusWords } from './template-text.ts';
import type { KeptText } from './template-form.tsx';
import styles from './template-picker.module.css';

const TemplateForm = lazy(() => import('./template-form.tsx').then((module) => ({ default: module.TemplateForm })));

/** Of more the next letter finds the right one. */
const SHOWN = 60;

/** `wasWriting`: free text ended while it was being typed; the rest of that sentence must not look for templates. */
export function TemplatePicker({ thread, wasWriting, onWriteNote }: { thread: OpenThread; wasWriting: boolean; onWriteNote(): void }) {
  const { t, format } = useTexts();
  const { templates, templatePicker, drafts } = useStores();
  const { id, contact, window: serviceWindow } = thread.conversation;
  const picker = useFrom('templatePicker', ({ pickers }) => pickers[id] ?? NO_PICKER);
  const list = useFrom('templates', (state) => state.list);
  const draft = useFrom('drafts', (state) => state.drafts[id]?.text ?? '');
  const files = useFrom('drafts', (state) => state.drafts[id]?.files.length ?? 0);
  const { state: window } = useServiceWindow(serviceWindow.closesAt);
  const isClosed = window === 'closed' || window === 'none';
  const template = picker.key === null ? null : (list?.items.find(({ key }) => key === picker.key) ?? null);
  const panel = useRef<HTMLElement>(null);
  const reasonId = useId();
  useEffect(() => templates.getState().load(), [templates]);

  // For what was typed as text, the templates that say the same come first.
  useEffect(() => {
    const text = drafts.getState().drafts[id]?.text.trim() ?? '';
    if (isClosed && text !== '' && templatePicker.getState().pickers[id]?.lost === undefined) templatePicker.getState().suggestFor(id, text);
  }, [isClosed, id, drafts, templatePicker]);

  const [isSudden, setSudden] = useState(wasWriting);
  const findTarget = useCallback((root: HTMLElement) => (isSudden ? root : (root.querySelector<HTMLElement>('form :is(textarea, input), [role="combobox"]') ?? root)), [isSudden]);
  usePaneFocus('composer', id, panel, findTarget);

  // From the list to the form and back the keyboard stays in here: falling to the page, letters would run as commands.
  const wasForm = useRef(template !== null);
  const isForm = template !== null;
  useLayoutEffect(() => {
    if (wasForm.current === isForm) return;
    wasForm.current = isForm;
    const hasLostFocus = document.activeElement === document.body || panel.current?.contains(document.activeElement) === true;
    if (hasLostFocus) (isForm ? panel.current : panel.current?.querySelector<HTMLElement>('[role="combobox"]'))?.focus();
  }, [isForm]);

  const close = isClosed ? null : () => templatePicker.getState().close(id);
  /** A step back: what the field of the list and the form have left of it. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (close) close();
    else moveFocus(null);
  }
  const title = isClosed ? t('composer.closedWindow.title') : t('templatePicker.title');
  const kept: KeptText[] = [
    ...(picker.lost ? [{ label: t('templatePicker.kept.lost'), text: picker.lost.text }] : []),
    ...(draft.trim() === '' ? [] : [{ label: t('templatePicker.kept.draft'), text: draft }]),
  ];
  return (
    <section
      ref={panel}
      className={styles['picker']}
      data-closed={isClosed || undefined}
      tabIndex={-1}
      data-takes-letters
      aria-label={title}
      aria-describedby={reasonId}
      onKeyDown={onKeyDown}
      onBlur={({ target: left }) => left === panel.current && setSudden(false)}
    >
      {template ? (
        <Suspense fallback={<div className={styles['loading']} />}>
          <FormOf key={template.key} thread={thread} picker={picker} template={template} kept={kept} />
        </Suspense>
      ) : (
        <>
          <header className={styles['head']}>
            {isClosed ? <Hourglass size={16} strokeWidth={1.75} aria-hidden="true" /> : <LayoutTemplate size={16} strokeWidth={1.75} aria-hidden="true" />}
            <h3>{title}</h3>
            {isClosed && (
              <Button look="quiet" icon={<StickyNote size={14} />} command="writeNote" onClick={onWriteNote}>
                {t('internal.write')}
              </Button>
            )}
            {close && (
              <IconButton label={t('templatePicker.close')} keys="Esc" side="top" onClick={close}>
                <X size={16} />
              </IconButton>
            )}
          </header>
          <p id={reasonId} className={styles['reason']} hidden={!isClosed}>
            {serviceWindow.closesAt === null
              ? t('composer.closedWindow.none', { name: contact.name })
              : t('composer.closedWindow.text', { at: format.short(serviceWindow.closesAt), name: contact.name })}
          </p>
          {kept.map(({ label, text }) => (
            <p key={label} className={styles['kept']}>
              {label}: <q title={text}>{text}</q>
            </p>
          ))}
          {files > 0 && <p className={styles['kept']}>{t('compose.files.kept', { count: files })}</p>}
          <Choice conversationId={id} picker={picker} />
        </>
      )}
    </section>
  );
}

function Choice({ conversationId, picker }: { conversationId: string; picker: Picker }) {
  const { t } = useTexts();
  const { templatePicker } = useStores();
  const list = useFrom('templates', (state) => state.list);
  const [at, setAt] = useState(0);
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const { query, suggested } = picker;
  const found = useMemo(() => (list ? rankTemplates(list.items, query, suggested, (category) => categoryName(category, t)) : []), [list, query, suggested, t]);
  const shown = found.slice(0, SHOWN);
  const chosen = Math.min(at, Math.max(0, shown.length - 1));
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const pick = (template: TemplateView | undefined): void => {
    if (template?.isSendable) templatePicker.getState().pick(conversationId, template.key);
  };

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    switch (event.key) {
      case 'ArrowDown':
        setAt(Math.min(shown.length - 1, chosen + 1));
        break;
      case 'ArrowUp':
        setAt(Math.max(0, chosen - 1));
        break;
      case 'Enter':
        if (!event.repeat) pick(shown[chosen]);
        break;
      case 'Escape':
        if (query === '') return;
        templatePicker.getState().setQuery(conversationId, '');
        setAt(0);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles['choice']}>
      <div className={styles['search']}>
        <Search size={15} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          aria-label={t('templatePicker.search')}
          placeholder={t('templatePicker.searchHint')}
          aria-expanded={shown.length > 0}
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${chosen}` : undefined}
          value={query}
          onChange={({ target }) => {
            templatePicker.getState().setQuery(conversationId, target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <SyncLine list={list} />
        <p className="visually-hidden" role="status">
          {query === '' ? '' : t('templatePicker.found', { count: found.length })}
        </p>
      </div>
      <div className={styles['list']} ref={box}>
        <div id={listId} role="listbox" aria-label={t('templatePicker.title')}>
          {shown.map((template, index) => (
            <Row
              key={template.key}
              id={`${listId}-${index}`}
              template={template}
              isChosen={index === chosen}
              isSuggested={query === '' && suggested.slice(0, 3).includes(template.key)}
              onPoint={() => setAt(index)}
              onPick={() => pick(template)}
            />
          ))}
        </div>
        {shown.length === 0 && <NothingToPick list={list} query={query} />}
        {found.length > shown.length && <p className={styles['more']}>{t('templatePicker.more', { count: found.length - shown.length })}</p>}
      </div>
    </div>
  );
}

type RowProps = { id: string; template: TemplateView; isChosen: boolean; isSuggested: boolean; onPoint(): void; onPick(): void };

function Row({ id, template, isChosen, isSuggested, onPoint, onPick }: RowProps) {
  const { t } = useTexts();
  const { isSendable, status, isFavourite, lastUsedAt } = template;
  const why = isSendable ? null : status === 'APPROVED' ? t('templatePicker.notFillable') : statusWords(status, t).is;
  return (
    <div className={styles['row']} role="presentation" data-chosen={isChosen || undefined} onPointerMove={onPoint}>
      <div
        id={id}
        className={styles['option']}
        role="option"
        tabIndex={-1}
        aria-selected={isChosen}
        aria-disabled={!isSendable || undefined}
        // The field keeps the focus.
        onPointerDown={(event) => event.preventDefault()}
        onClick={onPick}
      >
        <p className={styles['line']}>
          <strong title={template.name}>{template.name}</strong>
          <span className={styles['tag']}>{categoryName(template.category, t)}</span>
          <span className={styles['tag']}>{template.language}</span>
          {isSuggested ? <em>{t('templatePicker.suggested')}</em> : lastUsedAt !== null && <em>{t('templatePicker.recent')}</em>}
          {!isSendable && <StatusChip status={status} />}
        </p>
        <p className={styles['text']} data-why={why === null ? undefined : ''}>
          {why ?? template.body.replaceAll(/\s+/g, ' ')}
        </p>
      </div>
      <StarButton template={template} isFavourite={isFavourite} isInList />
    </div>
  );
}

function StarButton({ template, isFavourite, isInList = false }: { template: TemplateView; isFavourite: boolean; isInList?: boolean }) {
  const { t } = useTexts();
  const client = useClient();
  const action = useAction();
  const label = t(isFavourite ? 'templatePicker.unstar' : 'templatePicker.star', { name: template.name });
  return (
    <button
      type="button"
      className={styles['star']}
      aria-label={label}
      title={label}
      aria-pressed={isFavourite}
      // For the pointer: an option can hold no button, and everybody else has it in the form.
      {...(isInList && { tabIndex: -1, 'aria-hidden': true })}
      onPointerDown={(event) => isInList && event.preventDefault()}
      onClick={() => void action.run(() => client.templates.setFavourite({ key: template.key, isOn: !isFavourite }))}
    >
      <Star size={15} {...(isFavourite && { fill: 'currentColor' })} aria-hidden="true" />
    </button>
  );
}

function FormOf({ thread, picker, template, kept }: { thread: OpenThread; picker: Picker; template: TemplateView; kept: readonly KeptText[] }) {
  const { t } = useTexts();
  const { templatePicker } = useStores();
  const { id, contact } = thread.conversation;
  const request = requestOf(picker);
  return (
    <TemplateForm
      formId={formIdOf(id, template.key)}
      template={template}
      proposals={picker.proposals}
      recipient={{ name: contact.name, role: request?.role ?? null }}
      request={request}
      kept={kept}
      about={
        <>
          {picker.requests !== null && picker.requests.length > 0 && (
            <select
              className={styles['request']}
              aria-label={t('templatePicker.form.request')}
              title={t('templatePicker.form.request')}
              value={request?.id ?? ''}
              onChange={({ target }) => templatePicker.getState().chooseRequest(id, target.value === '' ? null : target.value)}
            >
              {picker.requests.map(({ id: requestId, reference, role }) => (
                <option key={requestId} value={requestId}>
                  {[reference || t('templatePicker.unnumbered'), role === null ? null : t(`templatePicker.send.role.${role}`)].filter(Boolean).join(' · ')}
                </option>
              ))}
              <option value="">{t('templatePicker.form.noRequest')}</option>
            </select>
          )}
          <StarButton template={template} isFavourite={template.isFavourite} />
        </>
      }
      onSend={(input, isOverride) => templatePicker.getState().send(id, input, isOverride)}
      onBack={() => templatePicker.getState().unpick(id)}
    />
  );
}
