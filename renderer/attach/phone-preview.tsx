/** A card as its receiver will see it. Nothing in it can be pressed. */
import { ExternalLink, List, MapPin, Reply, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { MapSketch } from '../conversation/content/map-sketch.tsx';
import { coordinatesText } from '../conversation/content/place-links.ts';
import { FormattedText } from '../conversation/formatted-text.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { CardForms, CardKind } from './card-forms.ts';
import { readDegrees } from './parse-location.ts';
import styles from './card.module.css';

export function PhonePreview<K extends CardKind>({ kind, form }: { kind: K; form: CardForms[K] }) {
  const { t } = useTexts();
  return (
    <figure className={styles['phone']} aria-label={t('compose.card.preview')}>
      <figcaption>{t('compose.card.preview')}</figcaption>
      <div className={styles['screen']}>{PREVIEWS[kind](form, t)}</div>
    </figure>
  );
}

type Translate = ReturnType<typeof useTexts>['t'];

const PREVIEWS: { [K in CardKind]: (form: CardForms[K], t: Translate) => ReactNode } = {
  location: ({ latitude, longitude, name, address }, t) => {
    const point = { latitude: readDegrees(latitude, 90), longitude: readDegrees(longitude, 180) };
    return (
      <Bubble>
        {point.latitude !== null && point.longitude !== null ? (
          <MapSketch latitude={point.latitude} longitude={point.longitude} label={t('message.mapLabel', { place: coordinatesText(point.latitude, point.longitude) })} />
        ) : (
          <div className={styles['sketch']} />
        )}
        {name.trim() !== '' && <strong className={styles['strong']}>{name}</strong>}
        {address.trim() !== '' && <span className={styles['small']}>{address}</span>}
      </Bubble>
    );
  },
  contacts: (contacts, t) => {
    const first = contacts[0];
    return (
      <Bubble>
        <span className={styles['person']}>
          <span className={styles['face']}>
            <UserRound size={18} aria-hidden="true" />
          </span>
          <span>
            <strong className={styles['strong']}>{first?.name.trim() || t('compose.contacts.name')}</strong>
            <span className={styles['small']}>
              {contacts.length > 1
                ? t('compose.contacts.more', { count: contacts.length - 1 })
                : [first?.organization, first?.phones.find((phone) => phone.trim() !== '') ?? first?.email].filter(Boolean).join(' · ')}
            </span>
          </span>
        </span>
      </Bubble>
    );
  },
  buttons: (form, t) => (
    <Texts {...form}>
      {filled(form.buttons, t('compose.interactive.button', { number: 1 })).map((title, index) => (
        <Action key={index} icon={<Reply size={14} aria-hidden="true" />}>
          {title}
        </Action>
      ))}
    </Texts>
  ),
  list: (form, t) => (
    <>
      <Texts {...form}>
        <Action icon={<List size={14} aria-hidden="true" />}>{form.button.trim() || t('compose.interactive.opensDefault')}</Action>
      </Texts>
      <div className={styles['sheet']}>
        {form.sections.map(({ title, rows }, index) => (
          <div key={index}>
            {title.trim() !== '' && <p className={styles['section']}>{title}</p>}
            {rows.map((row, at) => (
              <p key={at} className={styles['option']}>
                <span>{row.title.trim() || t('compose.interactive.row', { number: at + 1 })}</span>
                {row.detail.trim() !== '' && <span className={styles['small']}>{row.detail}</span>}
              </p>
            ))}
          </div>
        ))}
      </div>
    </>
  ),
  link: (form, t) => (
    <Texts {...form}>
      <Action icon={<ExternalLink size={14} aria-hidden="true" />}>{form.button.trim() || t('compose.interactive.linkText')}</Action>
    </Texts>
  ),
  askLocation: ({ body }, t) => (
    <Texts header="" body={body} footer="">
      <Action icon={<MapPin size={14} aria-hidden="true" />}>{t('compose.interactive.askButton')}</Action>
    </Texts>
  ),
};

const filled = (titles: readonly string[], none: string): string[] => {
  const some = titles.filter((title) => title.trim() !== '');
  return some.length > 0 ? some : [none];
};

const Bubble = ({ children }: { children: ReactNode }) => <div className={styles['bubble']}>{children}</div>;

function Texts({ header, body, footer, children }: { header: string; body: string; footer: string; children: ReactNode }) {
  const { t } = useTexts();
  return (
    <>
      <Bubble>
        {header.trim() !== '' && <strong className={styles['strong']}>{header}</strong>}
        {body.trim() === '' ? <span className={styles['small']}>{t('compose.interactive.body')}</span> : <FormattedText text={body} />}
        {footer.trim() !== '' && <span className={styles['small']}>{footer}</span>}
      </Bubble>
      {children}
    </>
  );
}

const Action = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <p className={styles['action']}>
    {icon}
    {children}
  </p>
);
