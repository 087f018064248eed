import { ClipboardList } from 'lucide-react';
import { useTexts } from '../../i18n/use-texts.tsx';
import type { ContentOf } from './message-content.tsx';
import styles from './flow-reply-content.module.css';

/** A form that was filled in: its answers, or what came where they cannot be read. */
export function FlowReplyContent({ content: { name, text, fields, raw } }: { content: ContentOf<'flow_reply'> }) {
  const { t } = useTexts();
  return (
    <div className={styles['flow']}>
      <p className={styles['label']}>
        <ClipboardList size={13} aria-hidden="true" />
        {t('content.flow_reply')}
      </p>
      {(text ?? name) !== null && (
        <p dir="auto" className={styles['title']}>
          {text ?? name}
        </p>
      )}
      {fields === null ? (
        <>
          <p className={styles['note']}>{t('message.flowRaw')}</p>
          <pre className={styles['raw']} tabIndex={0}>
            {raw}
          </pre>
        </>
      ) : fields.length === 0 ? (
        <p className={styles['note']}>{t('message.flowEmpty')}</p>
      ) : (
        <table className={styles['fields']} aria-label={t('message.flowFields')}>
          <tbody>
            {fields.map(({ key, value }) => (
              <tr key={key}>
                <th scope="row">
                  <bdi>{key}</bdi>
                </th>
                <td>
                  <bdi>{value}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
