/** Search, filters and list of templates on the left, the one that is looked at on the right. */
import { FilePen, Plus, RefreshCw, Search, Send } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { BUILTIN_TEMPLATES, isBuiltinTemplate } from '../../contract/requests/builtin-templates.ts';
import { foldText } from '../../contract/rules/fold-text.ts';
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import { TEMPLATE_CATEGORIES, templateKey } from '../../contract/whatsapp/template-words.ts';
import type { TemplateList, TemplateView } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { NEW_DESIGN } from '../store/designs-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import { StatusChip, Chip } from './status-chip.tsx';
import { MissingBuiltin, TemplateDetail } from './template-detail.tsx';
import { categoryName, refusalWords, statusWords } from './template-text.ts';
import { languageName } from '../i18n/format.ts';
import { useSubmit } from './use-submit.ts';
import styles from './template-browser.module.css';

type Filter = { search: string; status: string; category: string };
const NO_FILTER: Filter = { search: '', status: '', category: '' };

/** `chosen`: key of the template, also of a built-in one that the account does not have. */
export function TemplateBrowser({ chosen, isLead }: { chosen: string | null; isLead: boolean }) {
  const { t } = useTexts();
  const list = useFrom('templates', (templates) => templates.list);
  const [filter, setFilter] = useState(NO_FILTER);
  const isFiltered = filter !== NO_FILTER && (filter.search.trim() !== '' || filter.status !== '' || filter.category !== '');
  return (
    <main className={styles['page']} aria-label={t('nav.templates')} data-chosen={chosen !== null || undefined}>
      <section className={styles['listed']} aria-label={t('templates.list')}>
        <Head isLead={isLead} list={list} filter={filter} onFilter={setFilter} />
        <div className={styles['rows']}>{list && <Groups list={list} filter={filter} isFiltered={isFiltered} isLead={isLead} chosen={chosen} onShowAll={() => setFilter(NO_FILTER)} />}</div>
      </section>
      <div className={styles['detail']}>{list && <Detail list={list} chosen={chosen} isLead={isLead} />}</div>
    </main>
  );
}

function Detail({ list, chosen, isLead }: { list: TemplateList; chosen: string | null; isLead: boolean }) {
  const { t } = useTexts();
  const template = list.items.find(({ key }) => key === chosen);
  if (template) return <TemplateDetail key={template.key} template={template} list={list} isLead={isLead} />;
  const missing = Object.values(BUILTIN_TEMPLATES).find((design) => templateKey(design) === chosen);
  if (missing) return <MissingBuiltin key={missing.name} design={missing} state={list.builtins.find(({ name }) => name === missing.name)?.state ?? 'missing'} isLead={isLead} />;
  return <p className={styles['choose']}>{t('templates.choose')}</p>;
}

function Head({ isLead, list, filter, onFilter }: { isLead: boolean; list: TemplateList | null; filter: Filter; onFilter(filter: Filter): void }) {
  const { t } = useTexts();
  const { designs, view } = useStores();
  const statuses = [...new Set((list?.items ?? []).map(({ status }) => status))].toSorted();
  const create = (): void => view.getState().showTemplates({ kind: 'design', draftId: designs.getState().begin({ design: NEW_DESIGN, edited: null }) });
  return (
    <header className={styles['head']}>
      <div className={styles['bar']}>
        <h1 className={styles['title']}>{t('nav.templates')}</h1>
        {isLead && (
          <Button look="primary" icon={<Plus size={16} />} onClick={create}>
            {t('templates.add')}
          </Button>
        )}
      </div>
      <SyncLine list={list} />
      <label className={styles['search']}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          value={filter.search}
          maxLength={200}
          placeholder={t('templates.search')}
          aria-label={t('templates.search')}
          onChange={(event) => onFilter({ ...filter, search: event.target.value })}
        />
      </label>
      <div className={styles['filters']}>
        <select aria-label={t('templates.statusLabel')} value={filter.status} onChange={(event) => onFilter({ ...filter, status: event.target.value })}>
          <option value="">{t('templates.anyStatus')}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {statusWords(status, t).name}
            </option>
          ))}
        </select>
        <select aria-label={t('templates.categoryLabel')} value={filter.category} onChange={(event) => onFilter({ ...filter, category: event.target.value })}>
          <option value="">{t('templates.anyCategory')}</option>
          {TEMPLATE_CATEGORIES.map((category) => (
            <option key={category} value={category}>
              {categoryName(category, t)}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}

/** When the account was last read, reading it now, and why that failed. */
function SyncLine({ list }: { list: TemplateList | null }) {
  const { t, format } = useTexts();
  const client = useClient();
  const now = useFrom('clock', (clock) => clock.now);
  const take = useFrom('templates', (templates) => templates.take);
  const { isBusy, run } = useAction();
  const isSyncing = isBusy || (list?.isSyncing ?? false);
  const problem = list?.problem ?? null;
  const said = isSyncing ? t('templates.syncing') : list?.syncedAt ? t('templates.syncedAt', { at: format.relative(list.syncedAt, now) }) : t('templates.neverSynced');
  return (
    <div className={styles['sync']}>
      <div className={styles['line']}>
        <span role="status" title={list?.syncedAt ? format.exact(list.syncedAt) : undefined}>
          {said}
        </span>
        <Button look="quiet" icon={<RefreshCw size={13} />} aria-disabled={isSyncing} onClick={() => !isSyncing && void run(async () => take(await client.templates.sync()))}>
          {t('templates.sync')}
        </Button>
      </div>
      {problem !== null && !isSyncing && (
        <p className={styles['problem']} role="alert">
          {t(`templates.problem.${problem.kind}`)}
          {problem.detail !== null && <span title={problem.detail}> {t('templates.problemDetail', { detail: problem.detail, code: problem.code ?? '–' })}</span>}
        </p>
      )}
    </div>
  );
}

type GroupsProps = { list: TemplateList; filter: Filter; isFiltered: boolean; isLead: boolean; chosen: string | null; onShowAll(): void };

function Groups({ list, filter, isFiltered, isLead, chosen, onShowAll }: GroupsProps) {
  const { t, language } = useTexts();
  const { view } = useStores();
  const drafts = useFrom('designs', (designs) => designs.drafts);
  const show = (key: string): void => view.getState().showTemplates({ kind: 'list', key });
  const wanted = foldText(filter.search.trim());
  const isFound = (design: TemplateDesign): boolean =>
    (filter.category === '' || design.category === filter.category) &&
    (wanted === '' || foldText(`${design.name} ${design.body} ${languageName(design.language, language)} ${design.language}`).includes(wanted));
  const isShown = (template: TemplateView): boolean => (filter.status === '' || template.status === filter.status) && isFound(template);

  const builtins = list.builtins.flatMap(({ name, state, key }) => {
    if (!isBuiltinTemplate(name)) return [];
    const template = list.items.find((item) => item.key === key) ?? null;
    const design = BUILTIN_TEMPLATES[name];
    return (template ? isShown(template) : filter.status === '' && isFound(design)) ? [{ state, template, key: key ?? templateKey(design), name }] : [];
  });
  const missing = builtins.flatMap(({ name, state }) => (state === 'missing' ? [name] : []));
  const ours = new Set(list.builtins.map(({ key }) => key));
  const others = list.items.filter((item) => !ours.has(item.key) && isShown(item)).toSorted((a, b) => a.name.localeCompare(b.name) || a.language.localeCompare(b.language));
  const open = isLead && !isFiltered ? drafts : [];
  if (isFiltered && builtins.length + others.length === 0) {
    return (
      <div className={styles['none']}>
        <p>{t('templates.noMatch')}</p>
        <Button look="quiet" onClick={onShowAll}>
          {t('templates.showAll')}
        </Button>
      </div>
    );
  }
  return (
    <>
      {open.length > 0 && (
        <Group title={t('templates.drafts')}>
          {open.map((draft) => (
            <li key={draft.id}>
              <button type="button" className={styles['row']} onClick={() => view.getState().showTemplates({ kind: 'design', draftId: draft.id })}>
                <span className={styles['name']}>
                  <FilePen size={13} aria-hidden="true" /> <bdi>{draft.design.name || t('templates.unnamed')}</bdi>
                </span>
                <span className={styles['body']}>{draft.design.body || t('templates.preview.noBody')}</span>
              </button>
            </li>
          ))}
        </Group>
      )}
      {builtins.length > 0 && (
        <Group title={t('templates.builtins')} hint={t('templates.builtinsHint')}>
          {isLead && missing.length > 1 && !isFiltered && <SubmitMissing names={missing} />}
          {builtins.map(({ name, state, template, key }) => (
            <TemplateRow key={name} name={name} template={template} isChosen={key === chosen} onChoose={() => show(key)}>
              <Chip look={state === 'ok' ? 'good' : state === 'missing' || state === 'not_approved' ? 'waiting' : 'bad'}>{t(`templates.builtin.${state}.name`)}</Chip>
            </TemplateRow>
          ))}
        </Group>
      )}
      {others.length > 0 ? (
        <Group title={t('templates.ofAccount')}>
          {others.map((template) => (
            <TemplateRow key={template.key} name={template.name} template={template} isChosen={template.key === chosen} onChoose={() => show(template.key)}>
              <StatusChip status={template.status} />
            </TemplateRow>
          ))}
        </Group>
      ) : (
        !isFiltered && <p className={styles['none']}>{t('templates.noOthers')}</p>
      )}
    </>
  );
}

/** All that are missing, one after the other, up to the first that Meta does not take. */
function SubmitMissing({ names }: { names: readonly string[] }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, problem, submit } = useSubmit();
  const submitAll = async (): Promise<void> => {
    for (const name of names) if (!(await submit(() => client.templates.submitBuiltin({ name })))) return;
  };
  return (
    <li className={styles['all']}>
      <Button icon={<Send size={14} />} aria-disabled={isBusy} onClick={() => !isBusy && void submitAll()}>
        {isBusy ? t('templates.submitting') : t('templates.submitMissing', { count: names.length })}
      </Button>
      {problem && (
        <p className={styles['problem']} role="alert">
          {problem.kind === 'refused' ? refusalWords(problem.refusal, t) : t('templates.unreachable')}
        </p>
      )}
    </li>
  );
}

const Group = ({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) => (
  <section className={styles['group']}>
    <h2 className={styles['groupTitle']}>{title}</h2>
    {hint !== undefined && <p className={styles['hint']}>{hint}</p>}
    <ul aria-label={title}>{children}</ul>
  </section>
);

/** `template`: null where the account does not have it. */
function TemplateRow({ name, template, isChosen, onChoose, children }: { name: string; template: TemplateView | null; isChosen: boolean; onChoose(): void; children: ReactNode }) {
  const { t, language } = useTexts();
  return (
    <li>
      <button type="button" className={styles['row']} aria-current={isChosen || undefined} onClick={onChoose}>
        <span className={styles['line']}>
          <bdi className={styles['name']}>{name}</bdi>
          {children}
        </span>
        {template && (
          <span className={styles['facts']}>
            {categoryName(template.category, t)} · {languageName(template.language, language)}
            {template.quality === 'RED' || template.quality === 'YELLOW' ? ` · ${t(`templates.lowQuality.${template.quality}`)}` : ''}
          </span>
        )}
      </button>
    </li>
  );
}
