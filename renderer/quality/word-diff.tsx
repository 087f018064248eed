/** What somebody changed in a draft, word by word: crossed out and underlined, and said in words to screen readers. */
import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import styles from './word-diff.module.css';

const SEGMENTER = { granularity: 'word' } as const;

export function WordDiff({ from, to, language }: { from: string; to: string; language: string }) {
  const { t } = useTexts();
  const parts = useMemo(() => diffWordsWithSpace(from, to, { intlSegmenter: createSegmenter(language) }), [from, to, language]);
  return (
    <p className={styles['text']} dir="auto" role="group" aria-label={t('quality.review.changes')}>
      {parts.map(({ value, added, removed }, index) => {
        if (!added && !removed) return <span key={index}>{value}</span>;
        const Mark = added ? 'ins' : 'del';
        return (
          <Mark key={index} className={styles[added ? 'added' : 'removed']}>
            <span className="visually-hidden">{t(added ? 'quality.review.added' : 'quality.review.removed')} </span>
            {value}
            <span className="visually-hidden"> ({t('quality.review.end')}) </span>
          </Mark>
        );
      })}
    </p>
  );
}

function createSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, SEGMENTER);
  } catch {
    return new Intl.Segmenter('es', SEGMENTER);
  }
}
