import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import { accountEventText, accountFieldText } from './account-text.ts';
import styles from './account-part.module.css';

const ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;

/** How number, account and templates stand, by what Meta last said of each. */
export function AccountPart() {
  const { t, format } = useTexts();
  const events = useFrom('account', (account) => account.events);
  return (
    <Part title={t('diagnostics.part.account')} text={t('diagnostics.account.text')}>
      {events?.length === 0 && <Empty>{t('diagnostics.account.none')}</Empty>}
      {events !== null && events.length > 0 && (
        <Rows label={t('diagnostics.part.account')}>
          {events.map((event) => {
            const Icon = ICONS[event.severity];
            return (
              <Row key={event.id}>
                <Icon className={styles['icon']} data-severity={event.severity} size={16} role="img" aria-label={t(`diagnostics.account.severity.${event.severity}`)} />
                <div className={styles['what']}>
                  <span className={styles['text']}>{accountEventText(event, t)}</span>
                  <span className={styles['quiet']}>
                    {accountFieldText(event, t)}
                    {event.subject !== '' && <> · {event.subject}</>}
                  </span>
                  <details className={styles['details']}>
                    <summary>{t('diagnostics.account.detail')}</summary>
                    <pre>{JSON.stringify(event.detail, null, 2)}</pre>
                  </details>
                </div>
                <time className={styles['quiet']} title={format.exact(event.at)}>
                  {format.short(event.at)}
                </time>
              </Row>
            );
          })}
        </Rows>
      )}
    </Part>
  );
}
