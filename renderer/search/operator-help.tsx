/** What can be typed besides words; each example can be taken over with a click. */
import { useTexts } from '../i18n/use-texts.tsx';
import styles from './operator-help.module.css';

const NAMES = ['phrase', 'not', 'from', 'fromMe', 'to', 'in', 'label', 'has', 'after', 'before', 'unread'] as const;

export function OperatorHelp({ onUse }: { onUse(example: string): void }) {
  const { t } = useTexts();
  return (
    <section className={styles['help']} aria-label={t('search.help')}>
      <h2>{t('search.help')}</h2>
      <p>{t('search.helpHint')}</p>
      <ul>
        {NAMES.map((name) => (
          <li key={name}>
            <button type="button" onClick={() => onUse(t(`search.example.${name}`))}>
              <code>{t(`search.example.${name}`)}</code>
              <span>{t(`search.explain.${name}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p>{t('search.keysHint')}</p>
    </section>
  );
}
