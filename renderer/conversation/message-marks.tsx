/** What is to be known of a message besides what it says: where it came from, and that it changed. */
import { Bot, Forward, History, Megaphone, Smartphone, Sparkles, Tag } from 'lucide-react';
import type { Message } from '../../contract/entities.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { webLink } from './content/place-links.ts';
import { useThreadActions } from './thread-actions.tsx';
import styles from './message-marks.module.css';

const ORIGIN_ICONS = { phone_app: Smartphone, history: History, standby: Bot } as const;

/** Above the content. */
export function MessageMarks({ message: { context, origin, ai } }: { message: Message }) {
  const { t } = useTexts();
  const OriginIcon = origin && ORIGIN_ICONS[origin];
  return (
    <>
      {ai?.isAutomatic && (
        // Read out as its author.
        <p className={styles['automatic']} aria-hidden="true" title={t('message.ai.automaticHint')}>
          <Bot size={13} /> {t('message.ai.automatic')}
        </p>
      )}
      {origin && OriginIcon && (
        <p className={styles['mark']}>
          <OriginIcon size={12} aria-hidden="true" /> {t(`message.origin.${origin}`)}
        </p>
      )}
      {context && (context.isForwarded || context.isFrequentlyForwarded) && (
        <p className={styles['mark']}>
          <Forward size={13} aria-hidden="true" /> {t(context.isFrequentlyForwarded ? 'message.forwardedOften' : 'message.forwarded')}
        </p>
      )}
      {context?.referral && <Referral referral={context.referral} />}
      {context?.product && (
        <p className={styles['product']}>
          <Tag size={13} aria-hidden="true" /> {t('message.product')}
          {context.product.productId !== null && <bdi className={styles['product-id']}>{context.product.productId}</bdi>}
        </p>
      )}
    </>
  );
}

type ReferralOf = NonNullable<NonNullable<Message['context']>['referral']>;

/** The ad or post that the customer tapped. Its picture lies with Meta and is not fetched. */
export function Referral({ referral: { headline, body, url, sourceType } }: { referral: ReferralOf }) {
  const { t } = useTexts();
  const href = webLink(url);
  return (
    <div className={styles['referral']}>
      <p className={styles['referral-kind']}>
        <Megaphone size={13} aria-hidden="true" /> {t(sourceType === 'post' ? 'message.adPost' : 'message.ad')}
      </p>
      {headline !== null && (
        <p className={styles['headline']}>
          <bdi>{headline}</bdi>
        </p>
      )}
      {body !== null && (
        <p className={styles['body']}>
          <bdi>{body}</bdi>
        </p>
      )}
      {href !== null && (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {t('message.adOpen')} · {new URL(href).hostname}
        </a>
      )}
    </div>
  );
}

/** Beside the time: a person sent what a draft by AI proposed, as it was or changed. */
export function AiMark({ message: { ai } }: { message: Message }) {
  const { t } = useTexts();
  if (ai === null || ai.isAutomatic) return null;
  return (
    <span className={styles['late']} title={t('message.ai.withAiHint')}>
      <Sparkles size={11} aria-hidden="true" /> {t('message.ai.withAi')}
    </span>
  );
}

/** Beside the time: it was changed after it was sent. Leads may see what it said before. */
export function EditedMark({ message }: { message: Message }) {
  const { t, format } = useTexts();
  const { showVersions } = useThreadActions();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  if (message.content.kind === 'edit') return <span>{t('message.editedUnknown')}</span>;
  if (message.editedAt === null || message.content.kind === 'revoke') return null;
  const at = t('message.editedAt', { at: format.short(message.editedAt) });
  if (!isLead) return <span title={at}>{t('message.edited')}</span>;
  return (
    <button type="button" className={styles['edited']} title={`${at}. ${t('message.versions')}`} onClick={(event) => showVersions(message, event.currentTarget)}>
      {t('message.edited')}
    </button>
  );
}

/** It came long after it was written: both times. */
export function LateMark({ sentAt, receivedAt }: { sentAt: number; receivedAt: number }) {
  const { t, format } = useTexts();
  const isSameDay = format.dayNumber(sentAt) === format.dayNumber(receivedAt);
  const label = t('message.lateHint', { written: format.short(sentAt), arrived: format.short(receivedAt) });
  return (
    <Tooltip side="top" content={label}>
      <span className={styles['late']}>
        <History size={12} strokeWidth={2} aria-hidden="true" />
        <span className="tabular">{t('message.late', { at: isSameDay ? format.clock(receivedAt) : format.short(receivedAt) })}</span>
      </span>
    </Tooltip>
  );
}
