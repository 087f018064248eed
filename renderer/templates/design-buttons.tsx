/** What people can tap below the message, in its order. */
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { TEMPLATE_MAX } from '../../contract/limits.ts';
import type { TemplateButton } from '../../contract/whatsapp/template-definition.ts';
import { placeholdersOf } from '../../contract/whatsapp/template-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import type { DesignPartProps } from './designer.tsx';
import { IssueNotes, MarkedField } from './marked-field.tsx';
import styles from './designer.module.css';

type Kind = Exclude<TemplateButton['type'], 'OTHER'>;
const NEW: Record<Kind, TemplateButton> = {
  QUICK_REPLY: { type: 'QUICK_REPLY', text: '' },
  URL: { type: 'URL', text: '', url: '', sample: null },
  PHONE_NUMBER: { type: 'PHONE_NUMBER', text: '', phone: '' },
  COPY_CODE: { type: 'COPY_CODE', text: '', sample: null },
  FLOW: { type: 'FLOW', text: '', flowId: null },
};
const KINDS = Object.keys(NEW) as Kind[];

export function DesignButtons({ design: { buttons }, onChange, issuesOf, refusalOf }: DesignPartProps) {
  const { t } = useTexts();
  const set = (at: number, button: TemplateButton): void => onChange({ buttons: buttons.with(at, button) });
  const swap = (at: number, to: number): void => {
    const [a, b] = [buttons[at], buttons[to]];
    if (a && b) onChange({ buttons: buttons.with(at, b).with(to, a) });
  };
  const count = (kind: Kind): number => buttons.filter(({ type }) => type === kind).length;
  /** Quick replies stay together: a new one goes behind the last. */
  const add = (kind: Kind): void => {
    const last = kind === 'QUICK_REPLY' ? buttons.findLastIndex(({ type }) => type === kind) : -1;
    onChange({ buttons: last < 0 ? [...buttons, NEW[kind]] : buttons.toSpliced(last + 1, 0, NEW[kind]) });
  };
  return (
    <section className={styles['part']} aria-label={t('templates.part.buttons')}>
      <h2 className={styles['heading']}>{t('templates.part.buttons')}</h2>
      {buttons.length > 0 && (
        <ol className={styles['buttons']}>
          {buttons.map((button, at) => (
            // A button has no name of its own: its place is the only key there is.
            <li key={at} className={styles['button']}>
              <div className={styles['buttonHead']}>
                <span>
                  {at + 1}. {t(`templates.kind.${button.type}`)}
                </span>
                <IconButton label={t('templates.moveUp', { number: at + 1 })} aria-disabled={at === 0} onClick={() => swap(at, at - 1)}>
                  <ArrowUp size={15} />
                </IconButton>
                <IconButton label={t('templates.moveDown', { number: at + 1 })} aria-disabled={at === buttons.length - 1} onClick={() => swap(at, at + 1)}>
                  <ArrowDown size={15} />
                </IconButton>
                <IconButton label={t('templates.removeButton', { number: at + 1 })} onClick={() => onChange({ buttons: buttons.toSpliced(at, 1) })}>
                  <X size={15} />
                </IconButton>
              </div>
              {button.type !== 'COPY_CODE' && button.type !== 'OTHER' && (
                <MarkedField
                  label={t('templates.buttonText')}
                  field={`buttons.${at}.text`}
                  isPlain
                  max={TEMPLATE_MAX.button}
                  value={button.text}
                  issues={issuesOf(`buttons.${at}.text`)}
                  refusal={refusalOf(`buttons.${at}.text`)}
                  onChange={(text) => set(at, { ...button, text })}
                />
              )}
              <Target button={button} field={`buttons.${at}`} issuesOf={issuesOf} refusalOf={refusalOf} onChange={(changed) => set(at, changed)} />
              <IssueNotes issues={issuesOf(`buttons.${at}`)} refusal={refusalOf(`buttons.${at}`)} />
            </li>
          ))}
        </ol>
      )}
      <IssueNotes issues={issuesOf('buttons')} refusal={refusalOf('buttons')} />
      {buttons.length < TEMPLATE_MAX.buttons && (
        <div>
          <Menu
            align="start"
            trigger={
              <Button icon={<Plus size={14} />} data-field="buttons">
                {t('templates.addButton')}
              </Button>
            }
            entries={KINDS.map((kind) => ({ label: t(`templates.kind.${kind}`), isDisabled: count(kind) >= TEMPLATE_MAX.buttonsOf[kind], run: () => add(kind) }))}
          />
        </div>
      )}
    </section>
  );
}

type TargetProps = Pick<DesignPartProps, 'issuesOf' | 'refusalOf'> & { button: TemplateButton; field: string; onChange(button: TemplateButton): void };

/** Where a button leads. */
function Target({ button, field, issuesOf, refusalOf, onChange }: TargetProps) {
  const { t } = useTexts();
  const about = (part: string) => ({ field: `${field}.${part}`, isPlain: part !== 'url', issues: issuesOf(`${field}.${part}`), refusal: refusalOf(`${field}.${part}`) });
  switch (button.type) {
    case 'URL':
      return (
        <>
          <MarkedField
            label={t('templates.url')}
            hint={t('templates.urlHint', { variable: '{{1}}' })}
            placeholder="https://"
            inputMode="url"
            {...about('url')}
            value={button.url}
            onChange={(url) => onChange({ ...button, url })}
          />
          {placeholdersOf(button.url).length > 0 && (
            <MarkedField label={t('templates.urlSample')} {...about('sample')} value={button.sample ?? ''} onChange={(sample) => onChange({ ...button, sample })} />
          )}
        </>
      );
    case 'PHONE_NUMBER':
      return (
        <MarkedField
          label={t('templates.phone')}
          placeholder="+502"
          inputMode="tel"
          max={TEMPLATE_MAX.phone}
          {...about('phone')}
          value={button.phone}
          onChange={(phone) => onChange({ ...button, phone: phone.replaceAll(/[\s().-]/g, '') })}
        />
      );
    case 'COPY_CODE':
      return (
        <MarkedField
          label={t('templates.code')}
          hint={t('templates.codeHint')}
          max={TEMPLATE_MAX.copyCode}
          {...about('sample')}
          value={button.sample ?? ''}
          onChange={(sample) => onChange({ ...button, sample })}
        />
      );
    case 'FLOW':
      return (
        <MarkedField
          label={t('templates.flow')}
          hint={t('templates.flowHint')}
          {...about('flowId')}
          value={button.flowId ?? ''}
          onChange={(flowId) => onChange({ ...button, flowId: flowId || null })}
        />
      );
    case 'QUICK_REPLY':
    case 'OTHER':
      return null;
  }
}
