/**
 * Writes an article. Invariant: nothing typed is lost: it is kept with every letter, and where somebody saved another version meanwhile
 * both can be read before one of them is chosen.
 */
import { Eye, PenLine, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { KbArticleDetails } from '../../contract/ai/ai-views.ts';
import { KB_LANGUAGES } from '../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../contract/limits.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isEdited, type ArticleText, type KnowledgeEdit } from '../store/knowledge-edits-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { MarkdownView } from './markdown-view.tsx';
import pageStyles from './article-page.module.css';
import styles from './article-editor.module.css';

export function ArticleEditor({ editId }: { editId: string }) {
  const edit = useFrom('knowledgeEdits', ({ edits }) => edits.find(({ id }) => id === editId));
  return edit ? <Editor edit={edit} /> : null;
}

const textOf = ({ title, language, folder, text }: KbArticleDetails): ArticleText => ({ title, language, folder, text });

function Editor({ edit }: { edit: KnowledgeEdit }) {
  const { t } = useTexts();
  const { knowledge, knowledgeEdits, toasts } = useStores();
  const client = useClient();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const article = useFrom('knowledge', ({ articles }) => articles?.find(({ articleId }) => articleId === edit.articleId));
  const folders = useFrom('knowledge', ({ articles }) => articles);
  const gap = useFrom('knowledge', ({ gaps }) => gaps?.find(({ runId }) => runId === edit.gapRunId));
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [isTried, setTried] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const [isReading, setReading] = useState(false);
  const foldersId = useId();
  const titleField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const field = titleField.current?.value === '' ? titleField.current : textField.current;
    field?.focus();
    field?.setSelectionRange(0, 0);
  }, []);

  const { typed, base, articleId, from } = edit;
  const isChanged = isEdited(edit);
  /** What a lead saves is approved, also where nothing but that changes. */
  const isApproving = isLead && article?.state === 'pending';
  const isBehind = article !== undefined && article.revisionId !== from;
  const hasTitle = typed.title.trim() !== '';
  const hasText = typed.text.trim() !== '';
  const type = (change: Partial<ArticleText>): void => {
    forget();
    knowledgeEdits.getState().type(edit.id, change);
  };
  const close = (): void => knowledge.getState().open(articleId === null ? null : { kind: 'article', articleId, revisionId: null, passageId: null });
  const drop = (): void => {
    knowledgeEdits.getState().drop(edit.id);
    close();
  };

  /** Until it is through the fields stand still: what is typed after it was read would go with the edit. */
  async function save(): Promise<void> {
    setTried(true);
    if (!hasTitle) return titleField.current?.focus();
    if (!hasText) return textField.current?.focus();
    if (isBehind) return;
    if (!isChanged && articleId !== null && !isApproving) return drop();
    const title = typed.title.trim();
    const folder = typed.folder.trim();
    let savedId = articleId;
    const isSaved = await run(async () => {
      // Where only its place changes, the text stays the version that it is, with all that was said of it.
      if (articleId !== null && typed.text === base.text && isLead) {
        const change = <T,>(before: T, to: T): { from: T; to: T } | undefined => (before === to ? undefined : { from: before, to });
        return client.knowledge.change({
          articleId,
          changes: {
            title: change(base.title, title),
            folder: change(base.folder, folder),
            language: change(base.language, typed.language),
            state: isApproving ? { from: 'pending', to: 'approved' } : undefined,
          },
        });
      }
      const answer = await client.knowledge.save({ articleId, from, title, language: typed.language, folder, text: typed.text });
      savedId = answer.articleId;
      return answer;
    });
    if (!isSaved || savedId === null) return knowledge.getState().refresh();
    if (edit.gapRunId !== null) await client.knowledge.closeGap({ runId: edit.gapRunId, articleId: savedId }).catch(() => undefined);
    knowledgeEdits.getState().drop(edit.id);
    toasts.getState().say(isLead ? 'knowledge.editor.saved' : 'knowledge.editor.savedPending');
    knowledge.getState().open({ kind: 'article', articleId: savedId, revisionId: null, passageId: null });
    await knowledge.getState().refresh();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!isBusy) void save();
  }

  return (
    <section className={pageStyles['page']} aria-label={t(articleId === null ? 'knowledge.editor.newTitle' : 'knowledge.editor.editTitle')} onKeyDown={onKeyDown}>
      <header className={styles['head']}>
        <h2 className={pageStyles['title']}>{t(articleId === null ? 'knowledge.editor.newTitle' : 'knowledge.editor.editTitle')}</h2>
        <IconButton label={t('knowledge.editor.close')} onClick={close}>
          <X size={17} />
        </IconButton>
      </header>
      {gap && <p className={pageStyles['facts']}>{t('knowledge.editor.forGap', { question: gap.question })}</p>}
      {isBehind && articleId !== null && (
        <ChangedMeanwhile edit={edit} articleId={articleId} name={article.updatedBy?.isMe ? null : (article.updatedBy?.name ?? null)} onTakeTheirs={() => setDiscarding(true)} />
      )}
      {article?.mayAutoAnswer && typed.text !== base.text && <p className={styles['note']}>{t('knowledge.editor.losesAuto')}</p>}
      <div className={styles['form']}>
        <TextField
          ref={titleField}
          label={t('knowledge.titleLabel')}
          value={typed.title}
          readOnly={isBusy}
          maxLength={KB_MAX.title}
          error={isTried && !hasTitle ? t('knowledge.editor.missingTitle') : null}
          onChange={(event) => type({ title: event.target.value })}
        />
        <div className={styles['pair']}>
          <TextField
            label={t('knowledge.folderLabel')}
            hint={t('knowledge.folderHint')}
            value={typed.folder}
            readOnly={isBusy}
            maxLength={KB_MAX.folder}
            list={foldersId}
            onChange={(event) => type({ folder: event.target.value })}
          />
          <datalist id={foldersId}>
            {[...new Set(folders?.map(({ folder }) => folder).filter((folder) => folder !== ''))].map((folder) => (
              <option key={folder} value={folder}>
                {folder}
              </option>
            ))}
          </datalist>
          <SelectField
            label={t('knowledge.languageLabel')}
            value={typed.language}
            disabled={isBusy}
            onChange={(event) => type({ language: KB_LANGUAGES.find((language) => language === event.target.value) ?? typed.language })}
          >
            {KB_LANGUAGES.map((language) => (
              <option key={language} value={language}>
                {t(`knowledge.language.${language}`)}
              </option>
            ))}
          </SelectField>
        </div>
        {isReading ? (
          <div className={styles['preview']}>
            <MarkdownView text={typed.text} passage={null} title={typed.title} />
          </div>
        ) : (
          <TextArea
            ref={textField}
            label={t('knowledge.textLabel')}
            hint={t('knowledge.textHint')}
            rows={18}
            value={typed.text}
            readOnly={isBusy}
            maxLength={KB_MAX.partText * KB_MAX.parts}
            error={isTried && !hasText ? t('knowledge.editor.missingText') : null}
            onChange={(event) => type({ text: event.target.value })}
          />
        )}
        {failure !== null && failure !== 'CHANGED_MEANWHILE' && (
          <p className={styles['failure']} role="alert">
            {t(`failure.${failure}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <Button look="primary" aria-disabled={isBusy || isBehind} onClick={() => !isBusy && void save()}>
            {t(!isLead ? 'knowledge.editor.sendForApproval' : isApproving ? 'knowledge.editor.saveAndApprove' : 'knowledge.editor.save')}
          </Button>
          <Button icon={isReading ? <PenLine size={15} /> : <Eye size={15} />} onClick={() => setReading(!isReading)}>
            {t(isReading ? 'knowledge.editor.write' : 'knowledge.editor.preview')}
          </Button>
          <Button onClick={() => (isChanged ? setDiscarding(true) : drop())}>{t('knowledge.editor.discard')}</Button>
        </div>
      </div>
      {isDiscarding && (
        <Confirm title={t('knowledge.editor.discardTitle')} confirm={t('knowledge.editor.discard')} isBusy={false} failure={null} onConfirm={drop} onClose={() => setDiscarding(false)}>
          {t('knowledge.editor.discardText')}
        </Confirm>
      )}
    </section>
  );
}

/** Both can be read before one is chosen. `name`: who saved the other one; null: nobody knows, or oneself in another window. */
function ChangedMeanwhile({ edit, articleId, name, onTakeTheirs }: { edit: KnowledgeEdit; articleId: string; name: string | null; onTakeTheirs(): void }) {
  const { t } = useTexts();
  const { knowledgeEdits } = useStores();
  const client = useClient();
  const { isBusy, run } = useAction();
  const [theirs, setTheirs] = useState<KbArticleDetails | null>(null);
  const read = async (use: (article: KbArticleDetails) => void): Promise<void> => void (await run(async () => use(await client.knowledge.get({ articleId }))));
  return (
    <div className={styles['changed']} role="alert">
      <p>{name === null ? t('knowledge.editor.changedSomebody') : t('knowledge.editor.changed', { name })}</p>
      <div className={styles['ways']}>
        <Button aria-disabled={isBusy} onClick={() => (theirs ? setTheirs(null) : void read(setTheirs))}>
          {t(theirs ? 'knowledge.editor.hideTheirs' : 'knowledge.editor.theirs')}
        </Button>
        {/* The next save goes on from what is there now. */}
        <Button aria-disabled={isBusy} onClick={() => void read((article) => knowledgeEdits.getState().rebase(edit.id, article.revisionId, textOf(article)))}>
          {t('knowledge.editor.keepMine')}
        </Button>
        <Button onClick={onTakeTheirs}>{t('knowledge.editor.takeTheirs')}</Button>
      </div>
      {theirs && (
        <div className={styles['theirs']}>
          <h3>{theirs.title}</h3>
          <MarkdownView text={theirs.text} passage={null} title={theirs.title} />
        </div>
      )}
    </div>
  );
}
