import type { Translate } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { typeLabel } from '../content-text.ts';
import { ContentIcon } from '../content-icon.tsx';
import { FormattedText } from '../formatted-text.tsx';
import type { ContentOf } from './message-content.tsx';
import styles from './other-content.module.css';

/** What the Cloud API leaves out, by Meta's words for it (`unsupported.type`). */
const LEFT_OUT = ['poll_creation', 'poll_update', 'edit', 'pin', 'video_note', 'view_once'] as const;

function unsupportedText(text: string, t: Translate): string {
  const known = LEFT_OUT.find((type) => type === text);
  return known ? t(`message.unsupported.${known}`) : text;
}

/** A message that cannot be shown, with whatever can be said of it. */
export function OtherContent({ content }: { content: ContentOf<'other'> }) {
  const { t } = useTexts();
  return (
    <div className={styles['other']}>
      <span className={styles['icon']}>
        <ContentIcon content={content} size={18} strokeWidth={1.75} />
      </span>
      <div className={styles['words']}>
        <span className={styles['label']}>{typeLabel(content.type, t)}</span>
        {content.text !== null && <FormattedText text={content.type === 'unsupported' ? unsupportedText(content.text, t) : content.text} />}
        <span className={styles['hint']}>{t('message.otherHint')}</span>
      </div>
    </div>
  );
}
