/** The forms of messages that their receiver answers with a tap. */
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { INTERACTIVE_MAX as MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { NO_SECTION, isLink } from './card-forms.ts';
import type { CardFormProps } from './card-dialog.tsx';
import { LimitedField } from './limited-field.tsx';
import styles from './card.module.css';

export function ButtonsForm({ form, onChange }: CardFormProps<'buttons'>) {
  const { t } = useTexts();
  const { buttons } = form;
  return (
    <>
      <Frame form={form} onChange={(texts) => onChange({ ...form, ...texts })}>
        {buttons.map((title, at) => (
          <WithRemove
            key={at}
            label={buttons.length > 1 ? t('compose.interactive.button', { number: at + 1 }) : null}
            onRemove={() => onChange({ ...form, buttons: buttons.filter((_, index) => index !== at) })}
          >
            <LimitedField
              label={t('compose.interactive.button', { number: at + 1 })}
              max={MAX.button}
              value={title}
              onChange={(value) => onChange({ ...form, buttons: buttons.map((one, index) => (index === at ? value : one)) })}
            />
          </WithRemove>
        ))}
        {buttons.length < MAX.buttons && (
          <Button look="quiet" icon={<Plus size={14} />} onClick={() => onChange({ ...form, buttons: [...buttons, ''] })}>
            {t('compose.interactive.addButton')}
          </Button>
        )}
      </Frame>
    </>
  );
}

export function ListForm({ form, onChange }: CardFormProps<'list'>) {
  const { t } = useTexts();
  const { sections } = form;
  const rowCount = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  type Section = (typeof sections)[number];
  const setSection = (at: number, patch: Partial<Section>): void => onChange({ ...form, sections: sections.map((one, index) => (index === at ? { ...one, ...patch } : one)) });
  const setRow = (section: Section, at: number, row: number, patch: Partial<Section['rows'][number]>): void =>
    setSection(at, { rows: section.rows.map((one, index) => (index === row ? { ...one, ...patch } : one)) });
  return (
    <Frame form={form} bodyMax={MAX.listBody} onChange={(texts) => onChange({ ...form, ...texts })}>
      <LimitedField label={t('compose.interactive.opens')} max={MAX.button} value={form.button} onChange={(button) => onChange({ ...form, button })} />
      {sections.map((section, at) => (
        <fieldset key={at} className={styles['group']}>
          <legend>{t('compose.interactive.section', { number: at + 1 })}</legend>
          <WithRemove
            label={sections.length > 1 ? t('compose.interactive.section', { number: at + 1 }) : null}
            onRemove={() => onChange({ ...form, sections: sections.filter((_, index) => index !== at) })}
          >
            <LimitedField
              label={t('compose.interactive.sectionTitle')}
              isOptional={sections.length === 1}
              max={MAX.sectionTitle}
              value={section.title}
              onChange={(title) => setSection(at, { title })}
            />
          </WithRemove>
          {section.rows.map((row, index) => (
            <WithRemove
              key={index}
              label={section.rows.length > 1 ? t('compose.interactive.row', { number: index + 1 }) : null}
              onRemove={() => setSection(at, { rows: section.rows.filter((_, other) => other !== index) })}
            >
              <div className={styles['pair']}>
                <LimitedField label={t('compose.interactive.row', { number: index + 1 })} max={MAX.rowTitle} value={row.title} onChange={(title) => setRow(section, at, index, { title })} />
                <LimitedField label={t('compose.interactive.rowDetail')} isOptional max={MAX.rowDescription} value={row.detail} onChange={(detail) => setRow(section, at, index, { detail })} />
              </div>
            </WithRemove>
          ))}
          {rowCount < MAX.rows ? (
            <Button look="quiet" icon={<Plus size={14} />} onClick={() => setSection(at, { rows: [...section.rows, { title: '', detail: '' }] })}>
              {t('compose.interactive.addRow')}
            </Button>
          ) : (
            <p className={styles['none']}>{t('compose.interactive.rowsFull')}</p>
          )}
        </fieldset>
      ))}
      {sections.length < MAX.sections && rowCount < MAX.rows && (
        <Button icon={<Plus size={15} />} onClick={() => onChange({ ...form, sections: [...sections, NO_SECTION] })}>
          {t('compose.interactive.addSection')}
        </Button>
      )}
    </Frame>
  );
}

export function LinkForm({ form, onChange }: CardFormProps<'link'>) {
  const { t } = useTexts();
  return (
    <Frame form={form} onChange={(texts) => onChange({ ...form, ...texts })}>
      <LimitedField label={t('compose.interactive.linkText')} max={MAX.button} value={form.button} onChange={(button) => onChange({ ...form, button })} />
      <LimitedField
        label={t('compose.interactive.url')}
        max={MAX.url}
        value={form.url}
        hint={t('compose.interactive.urlHint')}
        error={form.url.trim() === '' || isLink(form.url) ? null : t('compose.interactive.urlWrong')}
        onChange={(url) => onChange({ ...form, url })}
      />
    </Frame>
  );
}

export function AskLocationForm({ form, onChange }: CardFormProps<'askLocation'>) {
  const { t } = useTexts();
  return <LimitedField label={t('compose.interactive.body')} isLong max={MAX.body} value={form.body} onChange={(body) => onChange({ body })} />;
}

type Texts = { header: string; body: string; footer: string };

/** Heading and text above what can be tapped, the footer below. */
function Frame({ form: { header, body, footer }, bodyMax = MAX.body, onChange, children }: { form: Texts; bodyMax?: number; onChange(texts: Partial<Texts>): void; children: ReactNode }) {
  const { t } = useTexts();
  return (
    <>
      <LimitedField label={t('compose.interactive.header')} isOptional max={MAX.header} value={header} onChange={(value) => onChange({ header: value })} />
      <LimitedField label={t('compose.interactive.body')} isLong max={bodyMax} value={body} onChange={(value) => onChange({ body: value })} />
      {children}
      <LimitedField label={t('compose.interactive.footer')} isOptional max={MAX.footer} value={footer} onChange={(value) => onChange({ footer: value })} />
    </>
  );
}

/** `label`: of what can be taken away; null: it is needed. */
function WithRemove({ label, onRemove, children }: { label: string | null; onRemove(): void; children: ReactNode }) {
  const { t } = useTexts();
  if (label === null) return children;
  return (
    <div className={styles['with-tool']}>
      {children}
      <IconButton label={t('compose.interactive.remove', { what: label })} onClick={onRemove}>
        <X size={15} />
      </IconButton>
    </div>
  );
}
