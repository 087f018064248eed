/** What a draft would find for a question, and whether that would count as an answer. */
import { CircleCheck, CircleHelp, PenLine } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KbHit } from '../../contract/ai/ai-views.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useWriteArticle } from './use-write-article.ts';
import listStyles from './article-list.module.css';
import styles from './try-question.module.css';

export function TryQuestion() {
  const { t } = useTexts();
  const { knowledge, view } = useStores();
  const { text, found, isStale, failure } = useFrom('knowledge', (state) => state.trial);
  const shown = useFrom('knowledge', (state) => state.shown);
  const write = useWriteArticle();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const focusAsked = useFrom('view', (state) => state.searchFocus);
  useEffect(() => {
    view.getState().takeFocus('search');
    field.current?.focus();
  }, [focusAsked, view]);
  const isAsked = text.trim() !== '';
  return (
    <div ref={box} className={listStyles['part']}>
      <div className={styles['ask']}>
        <textarea
          ref={field}
          rows={2}
          value={text}
          maxLength={500}
          placeholder={t('knowledge.trying.placeholder')}
          aria-label={t('knowledge.trying.label')}
          aria-describedby="try-hint"
          onChange={(event) => knowledge.getState().tryQuestion(event.target.value)}
          onKeyDown={(event) => {
            // A question is one line; below it are the answers.
            if (event.key === 'Enter') event.preventDefault();
            if (event.key === 'Enter' || event.key === 'ArrowDown') box.current?.querySelector<HTMLElement>('[data-row]')?.focus();
          }}
        />
        <p id="try-hint" className={styles['hint']}>
          {t('knowledge.trying.hint')}
        </p>
      </div>
      <div className={styles['found']} aria-busy={isStale}>
        {isAsked && failure !== null && (
          <p className={styles['verdict']} data-look="no" role="alert">
            {t(`failure.${failure}`)}
          </p>
        )}
        {isAsked && found && (
          <>
            <p className={styles['verdict']} data-look={found.isAnswerable ? 'yes' : 'no'} role="status">
              {found.isAnswerable ? <CircleCheck size={15} aria-hidden="true" /> : <CircleHelp size={15} aria-hidden="true" />}
              {t(found.isAnswerable ? 'knowledge.trying.answerable' : found.hits.length > 0 ? 'knowledge.trying.notAnswerable' : 'knowledge.trying.nothing')}
            </p>
            {!found.isAnswerable && !isStale && (
              <div className={styles['write']}>
                <Button icon={<PenLine size={14} />} onClick={() => write({ title: text.trim() })}>
                  {t('knowledge.trying.write')}
                </Button>
              </div>
            )}
            <ul aria-label={t('knowledge.trying.results')}>
              {found.hits.map((hit) => (
                <li key={hit.passageId}>
                  <HitButton hit={hit} isChosen={shown?.kind === 'article' && shown.passageId === hit.passageId} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

/** A line of an article as words: its marks mean nothing without their lines. */
const withoutMarks = (text: string): string => text.replace(/\*\*|__|`/g, '').replace(/\s*\|(?:[\s|:-]*\|)?\s*/g, ' · ');

function HitButton({ hit, isChosen }: { hit: KbHit; isChosen: boolean }) {
  const { knowledge } = useStores();
  return (
    <button
      type="button"
      className={listStyles['row']}
      data-row=""
      aria-current={isChosen || undefined}
      onClick={() => knowledge.getState().open({ kind: 'article', articleId: hit.articleId, revisionId: hit.revisionId, passageId: hit.passageId })}
    >
      <bdi className={listStyles['name']}>{hit.title}</bdi>
      {hit.heading !== '' && <span className={listStyles['facts']}>{hit.heading}</span>}
      <span className={styles['snippet']} dir="auto">
        {hit.snippet.map(({ text, isMatch }, index) =>
          isMatch ? <mark key={index}>{text}</mark> : <span key={index}>{index === 0 ? withoutMarks(text).replace(/^ · /, '') : withoutMarks(text)}</span>,
        )}
      </span>
    </button>
  );
}
