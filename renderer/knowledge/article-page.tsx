/** One article: its text, opened at the passage that was cited; what may be done with it; how it is asked for; its versions. */
import { Archive, ArchiveRestore, ArrowLeft, Check, MessageSquare, PenLine } from 'lucide-react';
import type { ReactNode } from 'react';
import type { KbArticleDetails } from '../../contract/ai/ai-views.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import type { FailureCode } from '../store/failure.ts';
import { isEdited } from '../store/knowledge-edits-store.ts';
import type { WantedArticle } from '../store/knowledge-open-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Check as Switch } from '../ui/field.tsx';
import { StateChip } from './article-chips.tsx';
import { ArticleQuestions } from './article-questions.tsx';
import { MarkdownView } from './markdown-view.tsx';
import { useDecide } from './use-decide.ts';
import { useWriteArticle } from './use-write-article.ts';
import styles from './article-page.module.css';

/** `failure`: why there are no details. */
export function ArticlePage({ wanted, details, failure }: { wanted: WantedArticle; details: KbArticleDetails | null; failure: FailureCode | null }) {
  const { t } = useTexts();
  const { knowledge } = useStores();
  if (details) return <Article article={details} wanted={wanted} />;
  if (failure === null) return null;
  const isOfRevision = failure === 'NOT_FOUND' && wanted.revisionId !== null;
  return (
    <div className={styles['gone']} role="alert">
      <p>{isOfRevision ? t('knowledge.article.goneRevision') : failure === 'NOT_FOUND' ? t('knowledge.article.gone') : t(`failure.${failure}`)}</p>
      {isOfRevision && (
        <Button onClick={() => knowledge.getState().open({ kind: 'article', articleId: wanted.articleId, revisionId: null, passageId: null })}>{t('knowledge.article.showCurrent')}</Button>
      )}
    </div>
  );
}

function Article({ article, wanted }: { article: KbArticleDetails; wanted: WantedArticle }) {
  const { t, format } = useTexts();
  const { knowledge } = useStores();
  const openConversation = useOpenConversation();
  const now = useFrom('clock', toMinute);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, setState, setMayAnswer } = useDecide();
  const { articleId, source, conversationId } = article;
  const facts = [
    article.folder === '' ? t('knowledge.noFolder') : article.folder.replaceAll('/', ' › '),
    t(`knowledge.language.${article.language}`),
    source ? t('knowledge.article.file', { name: source.filename, size: format.bytes(source.bytes) }) : t('knowledge.kind.article'),
    t('knowledge.versionLong', { no: article.revisionNo }),
    t('knowledge.by', { name: article.updatedBy?.name ?? t('knowledge.somebody'), at: format.relative(article.updatedAt, now) }),
  ];
  const move = (label: string, icon: ReactNode, to: 'approved' | 'retired', look: 'primary' | 'plain' = 'plain'): ReactNode => (
    <Button look={look} icon={icon} aria-disabled={isBusy} onClick={() => void setState(article, to)}>
      {label}
    </Button>
  );
  return (
    <article className={styles['page']} aria-label={article.title}>
      <header className={styles['head']}>
        <div className={styles['back']}>
          <IconButton label={t('knowledge.article.back')} keys="Esc" onClick={() => knowledge.getState().open(null)}>
            <ArrowLeft size={17} />
          </IconButton>
        </div>
        <h2 className={styles['title']} dir="auto">
          {article.title}
        </h2>
        <StateChip state={article.state} />
      </header>
      <p className={styles['facts']} title={format.exact(article.updatedAt)}>
        {facts.join(' · ')}
      </p>
      {article.citations > 0 && <p className={styles['facts']}>{t('knowledge.citationsLong', { count: article.citations })}</p>}
      {article.state !== 'approved' && <p className={styles['facts']}>{t(`knowledge.stateIs.${article.state}`)}</p>}
      {!isLead && article.state === 'approved' && <p className={styles['facts']}>{t('knowledge.article.onlyLead')}</p>}
      <div className={styles['actions']}>
        {isLead && article.state === 'pending' && move(t('knowledge.article.approve'), <Check size={15} />, 'approved', 'primary')}
        <EditButton article={article} isLead={isLead} />
        {isLead && article.state === 'retired' && move(t('knowledge.article.restore'), <ArchiveRestore size={15} />, 'approved')}
        {isLead && article.state !== 'retired' && move(t('knowledge.article.retire'), <Archive size={15} />, 'retired')}
        {conversationId !== null && (
          <Button icon={<MessageSquare size={15} />} onClick={() => openConversation(conversationId)}>
            {t('knowledge.article.openConversation')}
          </Button>
        )}
      </div>
      <div className={styles['columns']}>
        <div className={styles['main']}>
          <Notice article={article} wanted={wanted} />
          <MarkdownView text={article.text} passage={article.passage} title={article.title} />
        </div>
        <aside className={styles['side']}>
          <Switch
            label={t('knowledge.autoLabel')}
            hint={t('knowledge.autoHint')}
            isOn={article.mayAutoAnswer}
            isDisabled={!isLead || isBusy || article.state !== 'approved'}
            onChange={(isOn) => void setMayAnswer(article, isOn)}
          />
          <ArticleQuestions article={article} isLead={isLead} />
          <section className={styles['versions']} aria-label={t('knowledge.article.versions')}>
            <h3>{t('knowledge.article.versions')}</h3>
            <ul>
              {article.revisions.map((revision) => {
                const isCurrent = revision.revisionId === article.revisionId;
                return (
                  <li key={revision.revisionId}>
                    <button
                      type="button"
                      aria-current={revision.revisionId === article.shownRevisionId || undefined}
                      onClick={() => knowledge.getState().open({ kind: 'article', articleId, revisionId: isCurrent ? null : revision.revisionId, passageId: null })}
                    >
                      {t('knowledge.versionLong', { no: revision.revisionNo })}
                      {isCurrent && ` (${t('knowledge.article.current')})`}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        </aside>
      </div>
    </article>
  );
}

/** What is approved only leads change: a person's next version would take it out of sight. */
function EditButton({ article, isLead }: { article: KbArticleDetails; isLead: boolean }) {
  const { t } = useTexts();
  const isBegun = useFrom('knowledgeEdits', ({ edits }) => edits.some((edit) => edit.articleId === article.articleId && isEdited(edit)));
  const write = useWriteArticle();
  if (!isLead && article.state !== 'pending') return null;
  // The text of an old version is only looked at.
  if (article.shownRevisionId !== article.revisionId && !isBegun) return null;
  return (
    <Button icon={<PenLine size={15} />} onClick={() => write({ article })}>
      {t(isBegun ? 'knowledge.article.continueEditing' : 'knowledge.article.edit')}
    </Button>
  );
}

/** Which version this is, where it is not the present one, and what is marked in it. */
function Notice({ article, wanted }: { article: KbArticleDetails; wanted: WantedArticle }) {
  const { t } = useTexts();
  const { knowledge } = useStores();
  const isOld = article.shownRevisionId !== article.revisionId;
  const no = article.revisions.find(({ revisionId }) => revisionId === article.shownRevisionId)?.revisionNo;
  const isCited = wanted.passageId !== null;
  if (!isOld && !isCited) return null;
  return (
    <div className={styles['notice']} data-warns={isOld || !article.passage || undefined} role="status">
      <span>
        {isOld && (no === undefined ? t('knowledge.article.oldUnknown', { current: article.revisionNo }) : t('knowledge.article.old', { no, current: article.revisionNo }))}{' '}
        {isCited && t(article.passage ? 'knowledge.article.passage' : 'knowledge.article.passageGone')}
      </span>
      <Button look="quiet" onClick={() => knowledge.getState().open({ kind: 'article', articleId: article.articleId, revisionId: null, passageId: null })}>
        {t(isOld ? 'knowledge.article.showCurrent' : 'knowledge.article.wholeArticle')}
      </Button>
    </div>
  );
}
