/** One template: how it reads, how it stands with Meta and what to do about that, and what leads can do with it. */
import { ArrowLeft, CopyPlus, Pencil, Send, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { AccountEvent } from '../../contract/entities.ts';
import { BUILTIN_TEMPLATES, isBuiltinTemplate } from '../../contract/requests/builtin-templates.ts';
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import { EDITABLE_STATUSES, placeholdersOf, TEMPLATE_CATEGORIES } from '../../contract/whatsapp/template-words.ts';
import type { BUILTIN_STATES, TemplateList, TemplateView } from '../../contract/work-entities.ts';
import { accountEventText, accountFieldText } from '../diagnostics/account-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { RemoveTemplate } from './remove-template.tsx';
import { StatusChip } from './status-chip.tsx';
import { TemplatePreview } from './template-preview.tsx';
import { categoryName, qualityName, refusalWords, rejectionWords, statusWords } from './template-text.ts';
import { languageName } from '../i18n/format.ts';
import { useSubmit } from './use-submit.ts';
import styles from './template-detail.module.css';

type BuiltinState = (typeof BUILTIN_STATES)[number];

export function TemplateDetail({ template, list, isLead }: { template: TemplateView; list: TemplateList; isLead: boolean }) {
  const { t, format, language } = useTexts();
  const { designs, view } = useStores();
  const [isRemoving, setRemoving] = useState(false);
  const { name, status, category, metaId } = template;
  const words = statusWords(status, t);
  const isEditable = EDITABLE_STATUSES.includes(status);
  const open = (edited: { metaId: string; status: string } | null, design: TemplateDesign): void =>
    view.getState().showTemplates({ kind: 'design', draftId: designs.getState().begin({ design, edited }) });
  const rejection = template.rejectedReason === null ? null : rejectionWords(template.rejectedReason, t);
  return (
    <Frame
      name={name}
      chip={<StatusChip status={status} />}
      actions={
        isLead && (
          <>
            <Button
              icon={<Pencil size={14} />}
              aria-disabled={!isEditable}
              title={isEditable ? undefined : t('templates.notEditable')}
              onClick={() => isEditable && open({ metaId, status }, designOf(template))}
            >
              {t('templates.edit')}
            </Button>
            <Button icon={<CopyPlus size={14} />} title={t('templates.copyHint')} onClick={() => open(null, { ...withoutSample(designOf(template)), name: '' })}>
              {t('templates.copy')}
            </Button>
            <IconButton label={t('templates.remove')} onClick={() => setRemoving(true)}>
              <Trash2 size={16} />
            </IconButton>
          </>
        )
      }
      notes={
        <>
          {template.builtin !== null && template.builtin !== 'ok' && isBuiltinTemplate(name) && <BuiltinNote design={BUILTIN_TEMPLATES[name]} state={template.builtin} isLead={isLead} />}
          <div className={styles['note']} data-look={words.look}>
            <p>
              <strong>{words.name}.</strong> {words.is}
            </p>
            {rejection && (
              <p>
                <strong>{rejection.is}</strong> {rejection.fix}
              </p>
            )}
          </div>
        </>
      }
      preview={<TemplatePreview template={template} />}
    >
      <dl className={styles['facts']}>
        <Fact name={t('templates.categoryLabel')}>
          {categoryName(category, t)}
          {TEMPLATE_CATEGORIES.some((known) => known === category) && <span className={styles['quiet']}>{t(`templates.category.${category as (typeof TEMPLATE_CATEGORIES)[number]}.is`)}</span>}
        </Fact>
        <Fact name={t('templates.languageLabel')}>
          {languageName(template.language, language)} <span className={styles['code']}>{template.language}</span>
        </Fact>
        <Fact name={t('templates.qualityLabel')}>
          {qualityName(template.quality, t)}
          {template.quality === 'RED' && <span className={styles['quiet']}>{t('templates.qualityBad')}</span>}
        </Fact>
        <Fact name={t('templates.variablesLabel')}>
          <Variables template={template} />
        </Fact>
        <Fact name={t('templates.lastUsed')}>{template.lastUsedAt === null ? t('templates.neverUsed') : format.exact(template.lastUsedAt)}</Fact>
        <Fact name={t('templates.metaId')}>
          <span className={styles['code']}>{metaId}</span>
        </Fact>
      </dl>
      {isLead && isEditable && <p className={styles['quiet']}>{t(status === 'APPROVED' ? 'templates.editLimitsApproved' : 'templates.editLimits')}</p>}
      <History template={template} />
      {isRemoving && <RemoveTemplate template={template} siblings={list.items.filter((item) => item.name === name && item.key !== template.key)} onClose={() => setRemoving(false)} />}
    </Frame>
  );
}

/** One of the five that the account does not have. */
export function MissingBuiltin({ design, state, isLead }: { design: TemplateDesign; state: BuiltinState; isLead: boolean }) {
  const texts = Object.fromEntries(Object.entries(design.samples).map(([name, sample]) => [`body.${name}`, sample]));
  return <Frame name={design.name} notes={<BuiltinNote design={design} state={state} isLead={isLead} />} preview={<TemplatePreview template={design} values={{ texts }} />} />;
}

/** What is wrong with a built-in template, and the one step that mends it where there is one. */
function BuiltinNote({ design, state, isLead }: { design: TemplateDesign; state: BuiltinState; isLead: boolean }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, problem, submit } = useSubmit();
  const canSubmit = state !== 'ok' && state !== 'not_approved';
  return (
    <section className={styles['builtin']} aria-label={t(`templates.builtin.${state}.name`)}>
      <p>
        <strong>{t(`templates.builtin.${state}.name`)}.</strong> {t(`templates.builtin.${state}.is`, { count: placeholdersOf(design.body).length })}
      </p>
      {canSubmit &&
        (isLead ? (
          <Button look="primary" icon={<Send size={14} />} aria-disabled={isBusy} onClick={() => !isBusy && void submit(() => client.templates.submitBuiltin({ name: design.name }))}>
            {t(isBusy ? 'templates.submitting' : state === 'other_parameters' ? 'templates.mendBuiltin' : 'templates.submitBuiltin')}
          </Button>
        ) : (
          <p className={styles['quiet']}>{t('templates.askLead')}</p>
        ))}
      {problem && (
        <p className={styles['problem']} role="alert">
          {problem.kind === 'refused' ? refusalWords(problem.refusal, t) : t('templates.unreachable')}
        </p>
      )}
    </section>
  );
}

type FrameProps = { name: string; chip?: ReactNode; actions?: ReactNode; notes: ReactNode; preview: ReactNode; children?: ReactNode };

function Frame({ name, chip, actions, notes, preview, children }: FrameProps) {
  const { t } = useTexts();
  const { view } = useStores();
  return (
    <article className={styles['page']} aria-label={name}>
      <header className={styles['header']}>
        <span className={styles['back']}>
          <IconButton label={t('templates.back')} onClick={() => view.getState().showTemplates({ kind: 'list', key: null })}>
            <ArrowLeft size={16} />
          </IconButton>
        </span>
        <h2 className={styles['title']}>
          <bdi>{name}</bdi>
        </h2>
        {chip}
        <span className={styles['actions']}>{actions}</span>
      </header>
      <div className={styles['columns']}>
        <div className={styles['notes']}>{notes}</div>
        <div className={styles['preview']}>{preview}</div>
        <div className={styles['texts']}>{children}</div>
      </div>
    </article>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function Variables({ template }: { template: TemplateView }) {
  const { t } = useTexts();
  const names = placeholdersOf(template.body);
  if (names.length === 0) return t('templates.noVariables');
  return (
    <ul className={styles['variables']}>
      {names.map((name) => (
        <li key={name}>
          <span className={styles['code']}>{`{{${name}}}`}</span>{' '}
          {Object.hasOwn(template.samples, name) && <span className={styles['quiet']}>{t('templates.sampleOf', { sample: template.samples[name] })}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What Meta told of it, the newest of each kind. */
function History({ template }: { template: TemplateView }) {
  const { t, format } = useTexts();
  const events = useFrom('account', (account) => account.events);
  const about = (events ?? []).filter(({ detail }) => String(detail['message_template_id'] ?? '') === template.metaId).toSorted((a, b) => b.at - a.at);
  if (about.length === 0) return null;
  return (
    <section className={styles['history']} aria-label={t('templates.history')}>
      <h3>{t('templates.history')}</h3>
      <ul>
        {about.map((event) => (
          <li key={event.id}>
            <span>
              {eventText(event, t)} <span className={styles['quiet']}>{accountFieldText(event, t)}</span>
            </span>
            <time title={format.exact(event.at)}>{format.short(event.at)}</time>
          </li>
        ))}
      </ul>
    </section>
  );
}

function eventText(event: AccountEvent, t: Translate): string {
  if (event.field === 'message_template_quality_update') return qualityName(event.event, t);
  if (event.field === 'message_template_status_update') return statusWords(event.event, t).name;
  return event.field === 'template_category_update' ? categoryName(event.event, t) : accountEventText(event, t);
}

/** What its author decides, without what only the account knows. */
function designOf({ name, language, category, parameterFormat, header, body, footer, buttons, samples }: TemplateView): TemplateDesign {
  return { name, language, category, parameterFormat, header, body, footer, buttons, samples };
}

const withoutSample = (design: TemplateDesign): TemplateDesign =>
  design.header !== null && 'sample' in design.header && design.header.format !== 'TEXT' ? { ...design, header: { ...design.header, sample: null } } : design;
