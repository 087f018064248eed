import { useTexts } from '../i18n/use-texts.tsx';
import type { Wait } from './use-wait.ts';
import styles from './lock-page.module.css';

/** The seconds for the eyes; for ears how many there are, and that they are over. */
export function WaitNote({ wait: { seconds, whole } }: { wait: Wait }) {
  const { t } = useTexts();
  return (
    <>
      <p className="visually-hidden" role="status">
        {whole > 0 && (seconds > 0 ? t('lock.waitSeconds', { count: whole }) : t('lock.waitOver'))}
      </p>
      {seconds > 0 && (
        <p className={styles['wait']} aria-hidden="true">
          {t('lock.waitLeft', { count: seconds })}
        </p>
      )}
    </>
  );
}
