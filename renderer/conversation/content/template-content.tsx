/** A template as the person reads it on the phone, with a mark that says which one it is and of which service request. */
import { Copy, ExternalLink, LayoutTemplate, NotepadText, Phone, Reply, SquareMousePointer } from 'lucide-react';
import { createElement, useEffect } from 'react';
import type { Message } from '../../../contract/entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { categoryName } from '../../templates/template-text.ts';
import { useFrom } from '../../ui/app-context.tsx';
import { FormattedText } from '../formatted-text.tsx';
import { DocumentContent } from './document-content.tsx';
import { LocationContent } from './location-content.tsx';
import type { ContentOf } from './message-content.tsx';
import { PictureContent } from './picture-content.tsx';
import { webLink } from './place-links.ts';
import buttonStyles from './interactive-content.module.css';
import styles from './template-content.module.css';

type Props = { message: Message; content: ContentOf<'template'>; who: string };

export function TemplateContentView({ message, content, who }: Props) {
  const { t } = useTexts();
  const { body, footer, buttons } = content;
  return (
    <div className={styles['template']}>
      <Header message={message} content={content} who={who} />
      <FormattedText text={body} />
      {footer !== null && footer !== '' && <p className={styles['footer']}>{footer}</p>}
      {buttons.length > 0 && (
        <ul className={buttonStyles['buttons']} aria-label={t('message.buttonsOfMessage')}>
          {buttons.map((button, index) => (
            <li key={index}>
              <ButtonFace button={button} />
            </li>
          ))}
        </ul>
      )}
      <Mark content={content} />
    </div>
  );
}

function Header({ message, content: { header, media }, who }: Props) {
  switch (header?.format) {
    case 'TEXT':
      return <p className={styles['header']}>{header.text}</p>;
    case 'LOCATION':
      return <LocationContent content={{ kind: 'location', latitude: header.latitude, longitude: header.longitude, name: header.name, address: header.address, url: null }} />;
    case 'IMAGE':
    case 'VIDEO':
    case 'DOCUMENT': {
      if (!media) return null;
      if (header.format === 'DOCUMENT') {
        const content = { kind: 'document', media, filename: header.filename, caption: null } as const;
        return <DocumentContent message={{ ...message, content }} content={content} />;
      }
      const content = { kind: header.format === 'IMAGE' ? 'image' : 'video', media, caption: null } as const;
      return <PictureContent message={{ ...message, content }} content={content} who={who} />;
    }
    case undefined:
      return null;
  }
}

const ICONS: Readonly<Record<string, typeof Reply>> = { QUICK_REPLY: Reply, URL: ExternalLink, PHONE_NUMBER: Phone, COPY_CODE: Copy, FLOW: NotepadText };

/** Its buttons are the person's to press; an address can be looked at here, too. */
function ButtonFace({ button: { type, text, value } }: { button: ContentOf<'template'>['buttons'][number] }) {
  const { t } = useTexts();
  const href = type === 'URL' ? webLink(value) : null;
  const face = (
    <>
      {createElement((Object.hasOwn(ICONS, type) && ICONS[type]) || SquareMousePointer, { size: 14, 'aria-hidden': true })}
      <bdi>{text || (type === 'COPY_CODE' ? t('templates.kind.COPY_CODE') : text)}</bdi>
      {type === 'COPY_CODE' && value !== null && <code className={styles['code']}>{value}</code>}
    </>
  );
  return href === null ? (
    <span className={buttonStyles['button']} title={value ?? undefined}>
      {face}
    </span>
  ) : (
    <a className={buttonStyles['button']} href={href} title={value ?? undefined} target="_blank" rel="noopener noreferrer">
      {face}
    </a>
  );
}

function Mark({ content: { name, language, category, request } }: { content: ContentOf<'template'> }) {
  const { t } = useTexts();
  const reference = useFrom('requestNames', ({ names }) => (request === null ? undefined : names[request.id]));
  const want = useFrom('requestNames', (state) => state.want);
  const requestId = request?.id ?? null;
  useEffect(() => {
    if (requestId !== null) want(requestId);
  }, [requestId, want]);
  return (
    <p className={styles['mark']} title={t('templatePicker.mark.language', { language })}>
      <LayoutTemplate size={12} aria-label={t('content.template')} role="img" />
      <bdi className={styles['name']}>{name}</bdi>
      <span>{categoryName(category, t)}</span>
      {request !== null && <span>{reference || t('templatePicker.mark.aRequest')}</span>}
      {request?.isOverride && <span className={styles['override']}>{t('templatePicker.mark.override')}</span>}
    </p>
  );
}
