/**
 * What a template needs before it can be sent: every variable with where its value is from, the header's file or place, what its
 * buttons carry; beside it what its receiver will see. Invariants: nothing leaves while a value is missing or refused; where the
 * template is for somebody else by its request, it leaves only by a button that says so. Once everything is filled in, the keyboard
 * is on the button that sends.
 */
import { ArrowLeft, ChevronDown, CircleAlert, ClipboardPaste, SendHorizontal } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { RequestRole } from '../../contract/requests/request-rules.ts';
import type { TemplateButton } from '../../contract/whatsapp/template-definition.ts';
import { fillPlaceholders } from '../../contract/whatsapp/template-words.ts';
import type { TemplateInput } from '../../contract/work-api.ts';
import type { SlotProposal, TemplateView } from '../../contract/work-entities.ts';
import { LocationForm } from '../attach/location-form.tsx';
import { refusalText } from '../conversation/refusal-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { FailureCode } from '../store/failure.ts';
import { fillForm, NO_FORM, roleOfTemplate, tidyText, type FilledForm, type FilledText } from '../store/template-form.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { modKey } from '../ui/keys.ts';
import { Menu } from '../ui/menu.tsx';
import { HeaderFileField } from './header-file-field.tsx';
import { fieldLabel, originText, problemText, removedText } from './template-form-text.ts';
import { TemplatePreview } from './template-preview.tsx';
import styles from './template-form.module.css';

/** Why the engine did not take it. */
export type SendRefusal = { code: FailureCode; refused: RefusedContent | null };
/** Something that was written and can go into a value. */
export type KeptText = { label: string; text: string };

type Props = {
  /** What was filled in is kept under it (`template-forms-store.ts`) until `onSend` has been taken. */
  formId: string;
  template: TemplateView;
  /** Null: they are being looked up. */
  proposals: readonly SlotProposal[] | null;
  /** `role`: in the request; null: not known. */
  recipient: { name: string; role: RequestRole | null };
  /** What it is about. */
  request: { reference: string } | null;
  /** Beside the name of the template: of which request it is, for example. */
  about?: ReactNode;
  kept?: readonly KeptText[];
  /** Null: it was taken. */
  onSend(input: TemplateInput, isOverride: boolean): Promise<SendRefusal | null>;
  onBack?: () => void;
};

export function TemplateForm({ formId, template, proposals, recipient, request, about, kept = [], onSend, onBack }: Props) {
  const { t } = useTexts();
  const { templateForms } = useStores();
  const form = useFrom('templateForms', (state) => state.forms[formId] ?? NO_FORM);
  const filled = fillForm(template, proposals ?? [], form);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<SendRefusal | null>(null);
  /** Problems are said in red once somebody has tried to send. */
  const [isTried, setTried] = useState(false);
  const root = useRef<HTMLFormElement>(null);
  const sendButton = useRef<HTMLButtonElement>(null);
  const overrideButton = useRef<HTMLButtonElement>(null);
  const isLoading = proposals === null;

  const expected = roleOfTemplate(template.name);
  const isForOther = failure?.code === 'WRONG_ROLE' || (request !== null && expected !== null && recipient.role !== null && recipient.role !== expected);
  const canSend = filled.input !== null && !isLoading && !isBusy && template.isSendable;
  const refusedKey = failure?.code === 'CONTENT_REFUSED' ? (failure.refused?.field ?? null) : null;
  const firstWrong = filled.problems[0]?.key ?? null;

  /** `body`: all values of it together are too long. */
  function focusField(key: string): void {
    const slot = key === 'body' ? (filled.texts.find(({ slot: { part } }) => part === 'body')?.slot.key ?? key) : key;
    root.current?.querySelector<HTMLElement>(`[data-slot="${CSS.escape(slot)}"] :is(textarea, input, button)`)?.focus();
  }

  // Filled in and valid: one more key sends it. Else the keyboard is where something is missing.
  const placeFocus = useRef<() => void>(undefined);
  useEffect(() => {
    placeFocus.current = () => {
      if (root.current?.contains(document.activeElement)) return;
      if (firstWrong !== null) focusField(firstWrong);
      else if (!isForOther) sendButton.current?.focus();
      // No key that was meant for something else sends it to somebody else.
      else (root.current?.querySelector<HTMLElement>('textarea, input') ?? root.current?.querySelector('button'))?.focus();
    };
  });
  useEffect(() => {
    if (!isLoading) placeFocus.current?.();
  }, [isLoading, formId]);
  // A question that appears takes the place of the button that was pressed.
  const isAsked = failure?.code === 'WRONG_ROLE';
  useEffect(() => {
    if (isAsked) overrideButton.current?.focus();
  }, [isAsked]);

  async function send(isOverride: boolean): Promise<void> {
    if (isBusy || isLoading) return;
    setTried(true);
    if (filled.input === null) return focusField(firstWrong ?? '');
    if (isForOther && !isOverride) return overrideButton.current?.focus();
    setBusy(true);
    setFailure(null);
    const refusal = await onSend(filled.input, isOverride);
    setBusy(false);
    if (refusal === null) return templateForms.getState().forget(formId);
    setFailure(refusal);
    if (refusal.refused) focusField(refusal.refused.field);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    const target = event.target as HTMLElement;
    if (event.key === 'Escape' && onBack) {
      event.preventDefault();
      event.stopPropagation();
      onBack();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!event.repeat) void send(false);
    } else if (event.key === 'Enter' && target.matches('button')) {
      // The key that opened this form may still be held down.
      if (event.repeat) event.preventDefault();
    } else if (event.key === 'Enter' && target.matches('input, textarea')) {
      event.preventDefault();
      if (!event.repeat) focusNext(target);
    }
  }

  function focusNext(from: HTMLElement): void {
    const fields = [...(root.current?.querySelectorAll<HTMLElement>('input, textarea') ?? [])].filter((field) => field.offsetParent !== null);
    const next = fields[fields.indexOf(from) + 1];
    (next ?? (isForOther ? overrideButton : sendButton).current)?.focus();
  }

  const plain = filled.texts.filter(({ slot }) => slot.button?.type !== 'QUICK_REPLY' && slot.button?.type !== 'FLOW');
  const advanced = filled.texts.filter((text) => !plain.includes(text));
  const renderText = (text: FilledText): ReactNode => (
    <SlotField
      key={text.slot.key}
      formId={formId}
      filled={text}
      button={text.slot.button ? (template.buttons[text.slot.button.index] ?? null) : null}
      reference={request?.reference ?? null}
      isTried={isTried}
      isQuiet={isLoading}
      isRefused={refusedKey === text.slot.key}
    />
  );

  return (
    <form
      ref={root}
      className={styles['form']}
      aria-label={t('templatePicker.form.label', { name: template.name })}
      data-takes-letters
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void send(false);
      }}
    >
      <header className={styles['head']}>
        {onBack && (
          <IconButton label={t('templatePicker.form.back')} keys="Esc" side="top" onClick={onBack}>
            <ArrowLeft size={16} />
          </IconButton>
        )}
        <strong className={styles['name']} title={template.name}>
          {template.name}
        </strong>
        <span className={styles['language']} title={t('templatePicker.form.language', { language: template.language })}>
          {template.language}
        </span>
        <span className={styles['about']}>{about}</span>
      </header>
      <div className={styles['columns']}>
        <div className={styles['fields']}>
          {kept.map((text) => (
            <KeptTextRow key={text.label} kept={text} formId={formId} texts={plain} />
          ))}
          {filled.header?.kind === 'file' && <HeaderFileField formId={formId} mediaKind={filled.header.mediaKind} file={form.file} isMissing={isTried} />}
          {filled.header?.kind === 'place' && (
            <fieldset className={styles['group']} data-slot="header">
              <legend>{t('templatePicker.form.place')}</legend>
              <LocationForm form={form.place} onChange={(place) => templateForms.getState().setPlace(formId, place)} />
              {isTried && filled.values.place === null && <p className={styles['wrong']}>{t('templatePicker.problem.empty')}</p>}
            </fieldset>
          )}
          {plain.map(renderText)}
          {advanced.length > 0 && <Advanced isForced={advanced.some(({ problem, slot }) => problem !== null || refusedKey === slot.key)}>{advanced.map(renderText)}</Advanced>}
        </div>
        <div className={styles['preview']}>
          <TemplatePreview
            template={template}
            values={{
              texts: filled.values.texts,
              place: filled.values.place,
              filename: filled.values.filename,
              pictureUrl: form.file?.status.state === 'other_kind' ? null : (form.file?.preview ?? null),
            }}
          />
        </div>
      </div>
      {isForOther && (
        <div className={styles['ask']} role="alert">
          <CircleAlert size={16} aria-hidden="true" />
          <p>
            <strong>{t('templatePicker.wrongRole.title')}.</strong>{' '}
            {t(`templatePicker.wrongRole.${expected !== null && recipient.role !== null && recipient.role !== expected ? expected : 'other'}`, { template: template.name, name: recipient.name })}{' '}
            {t('templatePicker.wrongRole.recorded')}
          </p>
          <Button ref={overrideButton} look="danger" aria-disabled={!canSend} onClick={() => void send(true)}>
            {t('templatePicker.wrongRole.override', { name: recipient.name })}
          </Button>
        </div>
      )}
      {failure !== null && failure.code !== 'WRONG_ROLE' && (
        <p className={styles['failure']} role="alert">
          {failureText(failure, filled, recipient.name, template.name, t)} {t('templatePicker.failed.kept')}
        </p>
      )}
      <footer className={styles['foot']}>
        <p className={styles['missing']} role="status">
          {isLoading ? t('templatePicker.form.loading') : missingText(filled, t)}
        </p>
        <Button ref={sendButton} look="primary" icon={<SendHorizontal size={15} />} submits aria-disabled={!canSend || isForOther} aria-keyshortcuts={`${modKey()}+Enter`} title={`${modKey()}+Enter`}>
          {isBusy
            ? t('templatePicker.send.sending')
            : recipient.role === null
              ? t('templatePicker.send.to', { name: recipient.name })
              : t('templatePicker.send.toRole', { name: recipient.name, role: t(`templatePicker.send.role.${recipient.role}`) })}
        </Button>
      </footer>
    </form>
  );
}

/** What is missing, by the names of the fields. */
function missingText({ problems, texts, header }: FilledForm, t: Translate): string {
  const [first] = problems;
  if (!first) return '';
  if (first.reason === 'text_too_long') return t('templatePicker.problem.text_too_long', { limit: first.limit });
  const text = texts.find(({ slot }) => slot.key === first.key);
  const name = text
    ? fieldLabel(text, t)
    : header?.kind === 'file'
      ? t(`templatePicker.form.file.${header.mediaKind}`)
      : header?.kind === 'place'
        ? t('templatePicker.form.place')
        : t('templatePicker.form.header');
  const what = problems.length > 1 ? t('templatePicker.problem.more', { what: name, count: problems.length - 1 }) : name;
  return t('templatePicker.problem.missing', { what });
}

function failureText({ code, refused }: SendRefusal, { texts }: FilledForm, name: string, template: string, t: Translate): string {
  switch (code) {
    case 'OPTED_OUT':
    case 'BLOCKED':
    case 'TEMPLATE_UNAVAILABLE':
    case 'FILE_GONE':
      return t(`templatePicker.failed.${code}`, { name, template });
    default: {
      const text = texts.find(({ slot }) => slot.key === refused?.field);
      if (text) return `${fieldLabel(text, t)}: ${t('templatePicker.problem.refused')}.`;
      return refused ? refusalText(refused, t) : t(`failure.${code}`);
    }
  }
}

function Advanced({ isForced, children }: { isForced: boolean; children: ReactNode }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles['advanced']} open={isOpen || isForced} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('templatePicker.form.advanced')}</summary>
      <div className={styles['fields']}>{children}</div>
    </details>
  );
}

/** A text that was written before, with the way into one of the values. */
function KeptTextRow({ kept: { label, text }, formId, texts }: { kept: KeptText; formId: string; texts: readonly FilledText[] }) {
  const { t } = useTexts();
  const { templateForms } = useStores();
  return (
    <div className={styles['kept']}>
      <p>
        <span>{label}</span>
        <q title={text}>{text}</q>
      </p>
      {texts.length > 0 && (
        <Menu
          trigger={
            <Button icon={<ClipboardPaste size={14} />}>
              {t('templatePicker.kept.copyInto')}
              <ChevronDown size={13} aria-hidden="true" />
            </Button>
          }
          entries={texts.map((filled) => ({ label: fieldLabel(filled, t), run: () => templateForms.getState().setText(formId, filled.slot.key, text.trim()) }))}
        />
      )}
    </div>
  );
}

type SlotFieldProps = {
  formId: string;
  filled: FilledText;
  button: TemplateButton | null;
  reference: string | null;
  isTried: boolean;
  /** Nothing is said of what is missing. */ isQuiet: boolean;
  isRefused: boolean;
};

function SlotField({ formId, filled, button, reference, isTried, isQuiet, isRefused }: SlotFieldProps) {
  const { t } = useTexts();
  const { templateForms } = useStores();
  const { slot, text, from, isTyped, candidates, problem, removed } = filled;
  const label = fieldLabel(filled, t);
  const field = useRef<HTMLTextAreaElement>(null);
  /** Where the caret goes when what was typed had to be cleaned. */
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const others = candidates.filter((candidate) => candidate !== from && candidate.value !== from?.value);
  const isLong = problem?.reason === 'too_long';
  const isMissing = problem?.reason === 'empty' && !isQuiet;
  const error = isRefused ? t('templatePicker.problem.refused') : isLong || (isMissing && isTried) ? problemText(problem, text, t) : null;
  const whole = button?.type === 'URL' && text.trim() !== '' ? fillPlaceholders(button.url, () => text.trim()) : null;
  return (
    <div className={styles['slot']} data-slot={slot.key}>
      <TextArea
        ref={field}
        rows={1}
        dir="auto"
        label={label}
        value={text}
        required={slot.isRequired}
        placeholder={slot.sample === null ? undefined : t('templatePicker.form.example', { sample: slot.sample })}
        error={error}
        hint={
          <span className={styles['note']}>
            {from !== null && <span data-tone="origin">{originText(from, reference, t)}</span>}
            {isTyped && <span data-tone="typed">{t('templatePicker.origin.typed')}</span>}
            {isMissing && <span data-tone="missing">{t('templatePicker.problem.empty')}</span>}
            {slot.button?.type === 'QUICK_REPLY' && t('templatePicker.form.payloadHint')}
            {slot.button?.type === 'FLOW' && t('templatePicker.form.flowHint')}
          </span>
        }
        onChange={({ target }) => {
          const tidied = tidyText(target.value);
          if (tidied.removed !== null) caret.current = tidyText(target.value.slice(0, target.selectionStart)).text.length;
          templateForms.getState().setText(formId, slot.key, target.value);
        }}
      />
      {removed !== null && (
        <p className={styles['removed']} role="status">
          {removedText(removed, t)}
        </p>
      )}
      {whole !== null && <p className={styles['whole']}>{t('templatePicker.form.urlWhole', { url: whole })}</p>}
      {others.length > 0 && (
        <div className={styles['others']}>
          <Menu
            trigger={
              <button type="button" className={styles['more']} aria-label={t('templatePicker.otherValues', { field: label })} title={t('templatePicker.otherValues', { field: label })}>
                <ChevronDown size={14} aria-hidden="true" />
              </button>
            }
            entries={others.map((candidate) => ({ label: `${candidate.value} · ${originText(candidate, reference, t)}`, run: () => templateForms.getState().choose(formId, slot.key, candidate) }))}
          />
        </div>
      )}
    </div>
  );
}
