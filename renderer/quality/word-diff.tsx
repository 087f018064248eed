/** What somebody changed in a draft, word by word: crossed out and underlined, and said in words to screen readers. */
import { useMemo } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { diffByWords } from '../ui/word-diff.ts';
import styles from './word-diff.module.css';

export function WordDiff({ from, to, language }: { from: string; to: string; language: string }) {
  const { t } = useTexts();
  const parts = useMemo(() => diffByWords(from, to, language), [from, to, language]);
  return (
    <p className={styles['text']} dir="auto" role="group" aria-label={t('quality.review.changes')}>
      {parts.map(({ kind, text }, index) => {
        if (kind === 'same') return <span key={index}>{text}</span>;
        const Mark = kind === 'added' ? 'ins' : 'del';
        return (
          <Mark key={index} className={styles[kind]}>
            <span className="visually-hidden">{t(`quality.review.${kind}`)} </span>
            {text}
            <span className="visually-hidden"> ({t('quality.review.end')}) </span>
          </Mark>
        );
      })}
    </p>
  );
}
