/** An interactive message of ours, as the customer sees it on the phone. Its buttons are theirs to tap: here they are only shown. */
import { assertNever } from '../../../contract/app-error.ts';
import { ExternalLink, List, MapPin, Reply } from 'lucide-react';
import type { Interactive } from '../../../contract/whatsapp/message-content.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { FormattedText } from '../formatted-text.tsx';
import { webLink } from './place-links.ts';
import styles from './interactive-content.module.css';

export function InteractiveContent({ interactive }: { interactive: Interactive }) {
  const header = 'header' in interactive ? interactive.header : null;
  const footer = 'footer' in interactive ? interactive.footer : null;
  return (
    <div className={styles['interactive']}>
      {header !== null && <p className={styles['header']}>{header}</p>}
      <p>
        <FormattedText text={interactive.body} />
      </p>
      {footer !== null && <p className={styles['footer']}>{footer}</p>}
      <Actions interactive={interactive} />
    </div>
  );
}

function Actions({ interactive }: { interactive: Interactive }) {
  const { t } = useTexts();
  switch (interactive.type) {
    case 'button':
      return (
        <ul className={styles['buttons']} aria-label={t('message.buttonsOfMessage')}>
          {interactive.buttons.map(({ id, title }) => (
            <li key={id} className={styles['button']}>
              <Reply size={14} aria-hidden="true" />
              {title}
            </li>
          ))}
        </ul>
      );
    case 'list':
      return (
        <details className={styles['list']}>
          <summary className={styles['button']} title={t('message.openList')}>
            <List size={14} aria-hidden="true" />
            {interactive.button}
          </summary>
          {interactive.sections.map(({ title, rows }, index) => (
            <section key={index}>
              {title !== null && <h4 className={styles['section']}>{title}</h4>}
              <ul>
                {rows.map((row) => (
                  <li key={row.id} className={styles['row']}>
                    {row.title}
                    {row.description !== null && <span>{row.description}</span>}
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </details>
      );
    case 'cta_url': {
      const href = webLink(interactive.url);
      return (
        <div className={styles['buttons']}>
          <a className={styles['button']} title={interactive.url} {...(href !== null && { href, target: '_blank', rel: 'noopener noreferrer' })}>
            <ExternalLink size={14} aria-hidden="true" />
            {interactive.button}
          </a>
        </div>
      );
    }
    case 'location_request_message':
      return (
        <div className={styles['buttons']}>
          <span className={styles['button']}>
            <MapPin size={14} aria-hidden="true" />
            {t('message.asksLocation')}
          </span>
        </div>
      );
    default:
      return assertNever(interactive);
  }
}
