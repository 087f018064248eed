/** The message itself, its variables, and an example for each. */
import { ListOrdered, Plus } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { TEMPLATE_MAX } from '../../contract/limits.ts';
import { placeholdersOf } from '../../contract/whatsapp/template-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { convertFormat, nextNumber, orderNumbers, type ParameterFormat } from './design-variables.ts';
import type { DesignPartProps } from './designer.tsx';
import { MarkedField } from './marked-field.tsx';
import styles from './designer.module.css';

/** Names that are offered; others can be typed. */
const NAMES = ['cliente', 'proveedor', 'solicitud', 'servicio', 'fecha', 'direccion', 'telefono', 'enlace'] as const;

export function DesignBody({ design, onChange, issuesOf, refusalOf }: DesignPartProps) {
  const { t } = useTexts();
  const area = useRef<HTMLTextAreaElement>(null);
  /** Where the caret belongs after the next change. */
  const caret = useRef<number | null>(null);
  const { body, parameterFormat, samples } = design;
  const names = placeholdersOf(body);
  const isNamed = parameterFormat === 'NAMED';

  useLayoutEffect(() => {
    if (caret.current === null || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const insert = (name: string): void => {
    const { selectionStart: start, selectionEnd: end } = area.current ?? { selectionStart: body.length, selectionEnd: body.length };
    const inserted = { ...design, body: `${body.slice(0, start)}{{${name}}}${body.slice(end)}` };
    // Numbers go up through the text, wherever the new one stands.
    const ordered = isNamed ? inserted : orderNumbers(inserted);
    caret.current = ordered.body.indexOf('}}', start) + 2;
    onChange({ body: ordered.body, samples: ordered.samples });
  };
  const setFormat = (format: ParameterFormat): void => {
    const { parameterFormat: to, body: text, samples: values, header } = convertFormat(design, format);
    onChange({ parameterFormat: to, body: text, samples: values, header });
  };
  const isDisordered = issuesOf('body').some(({ rule }) => rule === 'variables_order');

  return (
    <section className={styles['part']} aria-label={t('templates.part.body')}>
      <MarkedField
        ref={area}
        label={t('templates.body')}
        field="body"
        isLong
        hint={t('templates.bodyHint')}
        max={TEMPLATE_MAX.body}
        value={body}
        issues={issuesOf('body')}
        refusal={refusalOf('body')}
        onChange={(text) => onChange({ body: text })}
      />
      <div className={styles['tools']}>
        {isNamed ? (
          <Menu align="start" trigger={<Button icon={<Plus size={14} />}>{t('templates.insertVariable')}</Button>} entries={NAMES.map((name) => ({ label: `{{${name}}}`, run: () => insert(name) }))} />
        ) : (
          <Button icon={<Plus size={14} />} onClick={() => insert(nextNumber(design))}>
            {t('templates.insertVariable')}
          </Button>
        )}
        {isDisordered && (
          <Button
            icon={<ListOrdered size={14} />}
            onClick={() => {
              const { body: text, samples: values } = orderNumbers(design);
              onChange({ body: text, samples: values });
            }}
          >
            {t('templates.orderNumbers')}
          </Button>
        )}
        <fieldset className={styles['segments']}>
          <legend className="visually-hidden">{t('templates.variableKind')}</legend>
          {(['POSITIONAL', 'NAMED'] as const).map((format) => (
            <label key={format}>
              <input type="radio" name="format" className="visually-hidden" checked={parameterFormat === format} onChange={() => setFormat(format)} />
              {t(`templates.variableKinds.${format}`)}
            </label>
          ))}
        </fieldset>
      </div>
      {names.length > 0 && (
        <fieldset className={styles['samples']}>
          <legend>{t('templates.samples')}</legend>
          <p className={styles['hint']}>{t('templates.samplesHint')}</p>
          {names.map((name) => (
            <MarkedField
              key={name}
              label={`{{${name}}}`}
              field={`samples.${name}`}
              isPlain
              value={Object.hasOwn(samples, name) ? (samples[name] ?? '') : ''}
              issues={issuesOf(`samples.${name}`)}
              refusal={refusalOf(`samples.${name}`)}
              onChange={(sample) => onChange({ samples: { ...samples, [name]: sample } })}
            />
          ))}
        </fieldset>
      )}
    </section>
  );
}
