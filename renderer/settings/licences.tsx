/** The packages in this program with their licences, as the build found them (`main/dev/licences.ts`); read from this computer. */
import { useEffect, useId, useState } from 'react';
import { foldText } from '../../contract/rules/fold-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { TextField } from '../ui/field.tsx';
import styles from './licences.module.css';

export type Licence = { name: string; version: string; licence: string; text: string };

/** Null while it is read; 'missing': the window was not built with one. */
function useLicences(): readonly Licence[] | 'missing' | null {
  const [licences, setLicences] = useState<readonly Licence[] | 'missing' | null>(null);
  useEffect(() => {
    const left = new AbortController();
    fetch('./licences.json', { signal: left.signal })
      .then(async (answer) => setLicences(answer.ok ? ((await answer.json()) as Licence[]) : 'missing'))
      .catch(() => {
        if (!left.signal.aborted) setLicences('missing');
      });
    return () => left.abort();
  }, []);
  return licences;
}

export function Licences() {
  const { t } = useTexts();
  const titleId = useId();
  const licences = useLicences();
  const [search, setSearch] = useState('');
  const wanted = foldText(search.trim());
  const shown = Array.isArray(licences) ? (licences as Licence[]).filter(({ name, licence }) => foldText(`${name} ${licence}`).includes(wanted)) : [];
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className={styles['title']}>
        {t('settings.licences.title')}
      </h3>
      {licences === 'missing' ? (
        <p className={styles['hint']}>{t('settings.licences.missing')}</p>
      ) : (
        <>
          <TextField label={t('settings.licences.search')} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
          <p className={styles['hint']} role="status">
            {licences !== null && t('settings.licences.count', { count: shown.length })}
          </p>
          <ul className={styles['list']}>
            {shown.map(({ name, version, licence, text }) => (
              <li key={`${name}@${version}`}>
                <details className={styles['package']}>
                  <summary>
                    <span className={styles['name']}>{name}</span>
                    <span className={styles['quiet']}>{version}</span>
                    <span className={styles['quiet']}>{licence}</span>
                  </summary>
                  <pre className={styles['text']} tabIndex={0} lang="en">
                    {text === '' ? t('settings.licences.noText', { licence }) : text}
                  </pre>
                </details>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
