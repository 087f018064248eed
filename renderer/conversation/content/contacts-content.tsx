/** Contact cards: every number can be copied, and written to. */
import { Cake, Copy, Link, Mail, MapPin, MessageCircle } from 'lucide-react';
import type { ContactCard } from '../../../contract/whatsapp/message-content.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useCommands, useStores } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { ContentOf } from './message-content.tsx';
import { webLink } from './place-links.ts';
import styles from './contacts-content.module.css';

// A card has nothing that names it for good, and cards of one message never change places.
export const ContactsContent = ({ content }: { content: ContentOf<'contacts'> }) => (
  <ul className={styles['cards']}>
    {content.contacts.map((card, index) => (
      <li key={index} className={styles['card']}>
        <Card card={card} />
      </li>
    ))}
  </ul>
);

function Card({ card }: { card: ContactCard }) {
  const { t } = useTexts();
  return (
    <>
      <div className={styles['head']}>
        <Avatar id={card.name} name={card.name} size={36} />
        <div className={styles['who']}>
          <bdi className={styles['name']}>{card.name}</bdi>
          {card.organization !== null && <bdi className={styles['second']}>{card.organization}</bdi>}
        </div>
      </div>
      {card.phones.length === 0 && <p className={styles['second']}>{t('message.noPhone')}</p>}
      {card.phones.map((phone, index) => (
        <Phone key={index} name={card.name} {...phone} />
      ))}
      {card.emails.map(({ email }, index) => (
        <p key={index} className={styles['fact']}>
          <Mail size={14} aria-hidden="true" />
          <bdi>{email}</bdi>
          <CopyButton text={email} />
        </p>
      ))}
      {card.urls.map(({ url }, index) => {
        const href = webLink(url);
        return (
          <p key={index} className={styles['fact']}>
            <Link size={14} aria-hidden="true" />
            {href === null ? (
              <bdi>{url}</bdi>
            ) : (
              <a href={href} target="_blank" rel="noopener noreferrer">
                <bdi>{url}</bdi>
              </a>
            )}
          </p>
        );
      })}
      {card.addresses.map(({ text }, index) => (
        <p key={index} className={styles['fact']}>
          <MapPin size={14} aria-hidden="true" />
          <bdi>{text}</bdi>
        </p>
      ))}
      {card.birthday !== null && (
        <p className={styles['fact']}>
          <Cake size={14} role="img" aria-label={t('message.birthday')} />
          <span className="tabular">{card.birthday}</span>
        </p>
      )}
    </>
  );
}

function Phone({ name, phone, waId }: { name: string; phone: string; waId: string | null }) {
  const { t } = useTexts();
  const { startConversation } = useCommands();
  const { isBusy, run } = useAction();
  return (
    <p className={styles['fact']}>
      <span className="tabular">
        <bdi>{phone}</bdi>
        {waId !== null && <span className={styles['second']}> {t('message.onWhatsApp')}</span>}
      </span>
      <span className={styles['actions']}>
        <CopyButton text={phone} />
        {/* The id is how WhatsApp itself knows the number; what is written on the card may lack its country. */}
        <IconButton label={t('message.startWith', { phone })} side="top" disabled={isBusy} onClick={() => void run(() => startConversation(waId === null ? phone : `+${waId}`, name))}>
          <MessageCircle size={15} />
        </IconButton>
      </span>
    </p>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTexts();
  const { toasts } = useStores();
  return (
    <IconButton label={t('message.copyPhoneOf', { phone: text })} side="top" onClick={() => void navigator.clipboard.writeText(text).then(() => toasts.getState().say('action.copied'))}>
      <Copy size={14} />
    </IconButton>
  );
}
