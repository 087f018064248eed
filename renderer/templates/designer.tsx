/**
 * A template while it is made: what it says on the left, what its receiver will see on the right. What WhatsApp would refuse is said
 * while it is typed; what is only missing, once somebody wants to submit it.
 */
import { ArrowLeft, Send, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { TEMPLATE_MAX } from '../../contract/limits.ts';
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import { placeholdersOf, TEMPLATE_CATEGORIES } from '../../contract/whatsapp/template-words.ts';
import { TEMPLATE_LANGUAGES } from '../../contract/whatsapp/template-languages.ts';
import { canSubmitTemplate, lintTemplate, type TemplateIssue, type TemplateRule } from '../../contract/whatsapp/template-lint.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { DesignDraft } from '../store/designs-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { DesignBody } from './design-body.tsx';
import { DesignButtons } from './design-buttons.tsx';
import { DesignHeader } from './design-header.tsx';
import { IssueNotes, MarkedField } from './marked-field.tsx';
import { TemplatePreview } from './template-preview.tsx';
import { issueWords, refusalWords } from './template-text.ts';
import { languageName } from '../i18n/format.ts';
import { useSubmit } from './use-submit.ts';
import styles from './designer.module.css';

/** What a part of the form needs: the design, how to change it, and what is wrong with a field of it. */
export type DesignPartProps = {
  design: TemplateDesign;
  onChange(patch: Partial<TemplateDesign>): void;
  issuesOf(field: string): readonly TemplateIssue[];
  refusalOf(field: string): string | null;
};

/** An unfinished form is no mistake. */
const MISSING: ReadonlySet<TemplateRule> = new Set([
  'name_missing',
  'header_missing',
  'header_media_sample',
  'body_missing',
  'variable_sample',
  'button_label_missing',
  'url_missing',
  'url_sample',
  'phone_missing',
  'copy_code_missing',
  'flow_missing',
]);

export function Designer({ draft }: { draft: DesignDraft }) {
  const { t, language } = useTexts();
  const client = useClient();
  const { designs, view } = useStores();
  const items = useFrom('templates', ({ list }) => list?.items);
  const { design, editedId, editedStatus } = draft;
  const { isBusy, problem, submit } = useSubmit();
  const [isTried, setTried] = useState(false);
  /** The design that Meta refused. */
  const [refused, setRefused] = useState<TemplateDesign | null>(null);
  const [picture, setPicture] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);

  const others = useMemo(() => (items ?? []).filter(({ metaId }) => metaId !== editedId), [items, editedId]);
  const issues = useMemo(() => lintTemplate(design, others), [design, others]);
  const shown = issues.filter(({ rule }) => isTried || !MISSING.has(rule));
  const errors = issues.filter(({ severity }) => severity === 'error');
  const refusal = problem?.kind === 'refused' ? problem.refusal : null;
  /** Until what it is about has been changed. */
  const isRefused = refusal !== null && refused !== null && JSON.stringify(partAt(refused, refusal.field)) === JSON.stringify(partAt(design, refusal.field));

  const onChange = (patch: Partial<TemplateDesign>): void => designs.getState().change(draft.id, { design: { ...design, ...patch } });
  const part: DesignPartProps = {
    design,
    onChange,
    issuesOf: (field) => shown.filter((issue) => issue.field === field),
    refusalOf: (field) => (isRefused && refusal.field === field ? refusalWords(refusal, t) : null),
  };
  useEffect(() => {
    // A long form: what was refused may be far from the button.
    if (refusal?.field) jumpToField(form.current, refusal.field);
  }, [refusal]);
  const leave = (key: string | null): void => view.getState().showTemplates({ kind: 'list', key });
  const send = async (): Promise<void> => {
    if (isBusy) return;
    setTried(true);
    if (!canSubmitTemplate(issues)) return jumpToField(form.current, errors[0]?.field ?? 'name');
    setRefused(design);
    const result = await submit(() => client.templates.submit({ design, editedId }));
    if (!result) return;
    designs.getState().drop(draft.id);
    leave(result.key);
  };
  const texts = {
    header: design.header?.format === 'TEXT' ? (design.header.sample ?? '') : '',
    ...Object.fromEntries(placeholdersOf(design.body).map((name) => [`body.${name}`, Object.hasOwn(design.samples, name) ? (design.samples[name] ?? '') : ''])),
  };
  const isEdit = editedId !== null;
  const isCategoryFixed = editedStatus === 'APPROVED';
  const title = isEdit ? t('templates.editTitle', { name: design.name }) : t('templates.add');

  return (
    <main className={styles['page']} aria-label={title}>
      <form
        ref={form}
        className={styles['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <header className={styles['head']}>
          <IconButton label={t('templates.backKeeping')} onClick={() => leave(null)}>
            <ArrowLeft size={16} />
          </IconButton>
          <h1>{title}</h1>
          <Button
            look="quiet"
            icon={<Trash2 size={14} />}
            onClick={() => {
              designs.getState().drop(draft.id);
              leave(null);
            }}
          >
            {t('templates.discardDraft')}
          </Button>
        </header>

        {isEdit && <p className={styles['limits']}>{t(editedStatus === 'APPROVED' ? 'templates.editLimitsApproved' : 'templates.editLimits')}</p>}
        {isRefused && refusal.field === null && (
          <p className={styles['refusal']} role="alert">
            {refusalWords(refusal, t)}
          </p>
        )}
        {problem?.kind === 'unreachable' && (
          <p className={styles['refusal']} role="alert">
            {t('templates.unreachable')}
          </p>
        )}

        <section className={styles['part']} aria-label={t('templates.part.identity')}>
          <MarkedField
            label={t('templates.name')}
            field="name"
            isPlain
            hint={t('templates.nameHint')}
            max={TEMPLATE_MAX.name}
            isDisabled={isEdit}
            value={design.name}
            issues={part.issuesOf('name')}
            refusal={part.refusalOf('name')}
            // What people write as a name becomes one as far as that is plain.
            onChange={(name) => onChange({ name: name.toLowerCase().replaceAll(' ', '_') })}
          />
          <SelectField
            label={t('templates.languageLabel')}
            hint={t('templates.languageHint')}
            data-field="language"
            disabled={isEdit}
            value={design.language}
            error={wordsOf(part, 'language', t)}
            onChange={(event) => onChange({ language: event.target.value })}
          >
            {TEMPLATE_LANGUAGES.map((code) => (
              <option key={code} value={code}>
                {languageName(code, language)}
              </option>
            ))}
          </SelectField>
          <fieldset className={styles['categories']}>
            <legend>{t('templates.categoryLabel')}</legend>
            {TEMPLATE_CATEGORIES.map((category) => (
              <label key={category} className={styles['category']}>
                <input
                  type="radio"
                  name="category"
                  data-field={design.category === category ? 'category' : undefined}
                  checked={design.category === category}
                  disabled={isCategoryFixed && design.category !== category}
                  onChange={() => onChange({ category })}
                />
                <strong>{t(`templates.category.${category}.name`)}</strong>
                <span>{t(`templates.category.${category}.is`)}</span>
              </label>
            ))}
            {isCategoryFixed && <p className={styles['hint']}>{t('templates.categoryFixed')}</p>}
            <IssueNotes issues={part.issuesOf('category')} refusal={part.refusalOf('category')} />
          </fieldset>
        </section>

        <DesignHeader {...part} draft={draft} onPicture={setPicture} />
        <DesignBody {...part} />
        <section className={styles['part']} aria-label={t('templates.part.footer')}>
          <MarkedField
            label={t('templates.footer')}
            field="footer"
            isPlain
            hint={t('templates.footerHint')}
            max={TEMPLATE_MAX.footer}
            value={design.footer ?? ''}
            issues={part.issuesOf('footer')}
            refusal={part.refusalOf('footer')}
            onChange={(footer) => onChange({ footer: footer === '' ? null : footer })}
          />
        </section>
        <DesignButtons {...part} />
      </form>

      <aside className={styles['side']} aria-label={t('templates.preview.label')}>
        <TemplatePreview template={design} values={{ texts, filename: draft.headerFile, pictureUrl: picture }} />
        <div className={styles['verdict']}>
          <p role="status">{errors.length > 0 ? t('templates.toMend', { count: errors.length }) : isRefused ? t('templates.refusedHere') : t('templates.ready')}</p>
          {errors.length > 0 && (
            <ul>
              {[...new Map(errors.map((issue) => [issueWords(issue, t).is, issue])).entries()].slice(0, 6).map(([is, issue]) => (
                <li key={is}>
                  <button
                    type="button"
                    onClick={() => {
                      setTried(true);
                      jumpToField(form.current, issue.field);
                    }}
                  >
                    {is}
                  </button>
                </li>
              ))}
            </ul>
          )}
          <Button look="primary" icon={<Send size={14} />} aria-disabled={isBusy} onClick={() => void send()}>
            {t(isBusy ? 'templates.submitting' : isEdit ? 'templates.submitEdit' : 'templates.submit')}
          </Button>
          <p className={styles['hint']}>{t('templates.submitHint')}</p>
        </div>
      </aside>
    </main>
  );
}

/** Puts the keyboard into a field, or into the nearest thing to it that can take it. */
function jumpToField(form: HTMLElement | null, field: string): void {
  const fields = [...(form?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
  const named = (wanted: string): HTMLElement | undefined => fields.find((one) => one.dataset['field'] === wanted);
  (named(field) ?? fields.find((one) => one.dataset['field']?.startsWith(`${field}.`)) ?? named(field.split('.')[0] ?? ''))?.focus();
}

/** For controls that say only one thing. */
function wordsOf({ issuesOf, refusalOf }: DesignPartProps, field: string, t: Parameters<typeof issueWords>[1]): string | null {
  const [issue] = issuesOf(field);
  const words = issue && issueWords(issue, t);
  return refusalOf(field) ?? (words ? `${words.is} ${words.fix}` : null);
}

/** What a path of an issue leads to in a design; null: all of it. */
function partAt(design: TemplateDesign, path: string | null): unknown {
  if (path === null) return design;
  return path.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined), design);
}
