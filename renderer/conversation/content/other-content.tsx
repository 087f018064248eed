import type { Message } from '../../../contract/entities.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { otherText, typeLabel } from '../content-text.ts';
import { ContentIcon } from '../content-icon.tsx';
import { FormattedText } from '../formatted-text.tsx';
import { useThreadActions } from '../thread-actions.tsx';
import type { ContentOf } from './message-content.tsx';
import styles from './other-content.module.css';

/** A message that cannot be shown, with whatever can be said of it. */
export function OtherContent({ message, content }: { message: Message; content: ContentOf<'other'> }) {
  const { t } = useTexts();
  const { showRaw } = useThreadActions();
  const text = otherText(content, t);
  return (
    <div className={styles['other']}>
      <span className={styles['icon']}>
        <ContentIcon content={content} size={18} strokeWidth={1.75} />
      </span>
      <div className={styles['words']}>
        <span className={styles['label']}>{typeLabel(content.type, t)}</span>
        {text !== null && <FormattedText text={text} />}
        <span className={styles['hint']}>{t('message.otherHint')}</span>
        <button type="button" data-main="" className={styles['look']} onClick={() => showRaw(message)}>
          {t('message.rawEvent')}
        </button>
      </div>
    </div>
  );
}
