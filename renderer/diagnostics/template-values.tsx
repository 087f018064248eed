/** What went into the variables of a template that was sent, by where it stands. */
import type { TemplateContent } from '../../contract/whatsapp/message-content.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { languageName } from '../i18n/format.ts';
import styles from './story-dialog.module.css';

export function TemplateValues({ content: { name, language, parameters } }: { content: TemplateContent }) {
  const { t, language: spoken } = useTexts();
  return (
    <section aria-label={t('templatePicker.mark.parameters')}>
      <h3 className={styles['heading']}>
        {t('templatePicker.mark.parameters')} · {name} · {languageName(language, spoken)}
      </h3>
      {parameters.length === 0 ? (
        <p className={styles['quiet']}>{t('templatePicker.mark.none')}</p>
      ) : (
        <dl className={styles['facts']}>
          {parameters.map((parameter, index) => (
            <div key={index}>
              <dt>
                {parameter.part === 'button' ? t('templatePicker.mark.place.button', { number: parameter.index + 1 }) : t(`templatePicker.mark.place.${parameter.part}`)}
                {parameter.part !== 'button' && ` ${parameter.name ?? `{{${parameters.slice(0, index + 1).filter(({ part }) => part === parameter.part).length}}}`}`}
              </dt>
              <dd>{parameter.text}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
