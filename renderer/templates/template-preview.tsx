/** A template as its receiver sees it on the phone. Nothing in it can be pressed. */
import { Copy, ExternalLink, FileText, Image, List, MapPin, NotepadText, Phone, Reply, SquareMousePointer, Video } from 'lucide-react';
import type { TemplateButton, TemplateDesign, TemplateHeader } from '../../contract/whatsapp/template-definition.ts';
import { cleanValue, type TemplatePlace } from '../../contract/whatsapp/template-slots.ts';
import { FormattedText } from '../conversation/formatted-text.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { markVariables, splitMarked } from './marked-variables.ts';
import styles from './template-preview.module.css';

/**
 * `texts`: by key of the slot (`header`, `body.1`, `body.nombre`, as in `template-slots.ts`), cleaned as they will be sent; what is
 * missing or blank is shown as the variable itself. `filename`: of the header's file, `pictureUrl`: the picture itself.
 */
export type PreviewValues = { texts: Readonly<Record<string, string>>; filename?: string | null; pictureUrl?: string | null; place?: TemplatePlace | null };

type Props = {
  template: Pick<TemplateDesign, 'header' | 'body' | 'footer' | 'buttons'>;
  /** Without them the variables are marked. */
  values?: PreviewValues;
};

const NO_VALUES: PreviewValues = { texts: {} };

/** Phones show so many buttons below a message; of more they show two, and all of them on a sheet. */
const SHOWN_BUTTONS = 3;

export function TemplatePreview({ template: { header, body, footer, buttons }, values = NO_VALUES }: Props) {
  const { t } = useTexts();
  const valueOf = (key: string): string | undefined => (Object.hasOwn(values.texts, key) ? cleanValue(values.texts[key] ?? '') : undefined);
  const isLong = buttons.length > SHOWN_BUTTONS;
  return (
    <figure className={styles['phone']} aria-label={t('templates.preview.label')}>
      <figcaption>{t('templates.preview.label')}</figcaption>
      <div className={styles['screen']}>
        <div className={styles['bubble']}>
          {header !== null && <Header header={header} values={values} />}
          <div className={styles['texts']}>
            {header?.format === 'TEXT' && header.text.trim() !== '' && (
              <strong className={styles['header']} dir="auto">
                {renderMarked(markVariables(header.text, () => valueOf('header')))}
              </strong>
            )}
            {body.trim() === '' ? (
              <span className={styles['quiet']}>{t('templates.preview.noBody')}</span>
            ) : (
              <p>
                <FormattedText text={markVariables(body, (name) => valueOf(`body.${name}`))} renderText={renderMarked} />
              </p>
            )}
            {footer !== null && footer.trim() !== '' && (
              <span className={styles['quiet']} dir="auto">
                {footer}
              </span>
            )}
          </div>
          {buttons.length > 0 && (
            <ul className={styles['buttons']} aria-label={t('templates.preview.buttons')}>
              {(isLong ? buttons.slice(0, 2) : buttons).map((button, index) => (
                <li key={index}>
                  <ButtonFace button={button} />
                </li>
              ))}
              {isLong && (
                <li className={styles['button']}>
                  <List size={14} aria-hidden="true" />
                  {t('templates.preview.allButtons')}
                </li>
              )}
            </ul>
          )}
        </div>
        {isLong && (
          <ul className={styles['sheet']} aria-label={t('templates.preview.allButtons')}>
            {buttons.map((button, index) => (
              <li key={index}>
                <ButtonFace button={button} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </figure>
  );
}

const renderMarked = (text: string) =>
  splitMarked(text).map((piece, index) =>
    piece.kind === 'fixed' ? (
      piece.text
    ) : (
      <mark key={index} className={styles[piece.kind]}>
        {piece.text}
      </mark>
    ),
  );

function Header({ header, values }: { header: TemplateHeader; values: PreviewValues }) {
  const { t } = useTexts();
  if (header.format === 'TEXT') return null;
  const name = (header.format === 'LOCATION' ? values.place?.name : values.filename) ?? t(`templates.format.${header.format}`);
  if (header.format === 'IMAGE' && values.pictureUrl) return <img className={styles['picture']} src={values.pictureUrl} alt={name} />;
  const Icon = { IMAGE: Image, VIDEO: Video, GIF: Video, DOCUMENT: FileText, LOCATION: MapPin }[header.format];
  return (
    <div className={header.format === 'DOCUMENT' ? styles['document'] : styles['media']}>
      <Icon size={header.format === 'DOCUMENT' ? 18 : 28} strokeWidth={1.5} aria-hidden="true" />
      <bdi className={styles['name']}>{name}</bdi>
    </div>
  );
}

const ICONS = { QUICK_REPLY: Reply, URL: ExternalLink, PHONE_NUMBER: Phone, COPY_CODE: Copy, FLOW: NotepadText, OTHER: SquareMousePointer } as const;

function ButtonFace({ button }: { button: TemplateButton }) {
  const { t } = useTexts();
  const Icon = ICONS[button.type];
  // What WhatsApp writes on them itself, or what stands there until there is a text.
  const text = button.type === 'COPY_CODE' ? t('templates.kind.COPY_CODE') : button.text.trim() || t(`templates.kind.${button.type}`);
  return (
    <span className={styles['button']}>
      <Icon size={14} aria-hidden="true" />
      <bdi>{text}</bdi>
    </span>
  );
}
