/** Asks before a template is deleted at Meta, and says what is lost with it. */
import { useState } from 'react';
import { isBuiltinTemplate } from '../../contract/requests/builtin-templates.ts';
import type { TemplateView } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { refusalWords } from './template-text.ts';
import { languageName } from '../i18n/format.ts';
import { useSubmit } from './use-submit.ts';
import styles from './template-detail.module.css';

/** `siblings`: the same name in other languages. */
export function RemoveTemplate({ template, siblings, onClose }: { template: TemplateView; siblings: readonly TemplateView[]; onClose(): void }) {
  const { t, language } = useTexts();
  const client = useClient();
  const { view } = useStores();
  const { isBusy, problem, submit } = useSubmit('templates.removed');
  const [isOnlyThis, setOnlyThis] = useState(siblings.length > 0);
  const { name, metaId } = template;
  const languages = new Intl.ListFormat(language).format([template, ...siblings].map((one) => languageName(one.language, language)));
  const remove = async (): Promise<void> => {
    if (!(await submit(() => client.templates.remove({ name, metaId: isOnlyThis ? metaId : null })))) return;
    view.getState().showTemplates({ kind: 'list', key: null });
    onClose();
  };
  return (
    <Confirm
      title={t('templates.removeTitle', { name })}
      confirm={t('action.delete')}
      typed={{ word: name, label: t('templates.removeTyped') }}
      isBusy={isBusy}
      failure={null}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {siblings.length > 0 && (
        <fieldset className={styles['which']}>
          <legend>{t('templates.removeWhich')}</legend>
          {[true, false].map((one) => (
            <label key={String(one)}>
              <input type="radio" name="which" checked={isOnlyThis === one} onChange={() => setOnlyThis(one)} />
              {t(one ? 'templates.removeThis' : 'templates.removeAll', { language: languageName(template.language, language), languages })}
            </label>
          ))}
        </fieldset>
      )}
      <ul className={styles['lost']}>
        <li>{t('templates.lost.send')}</li>
        <li>{t(isOnlyThis ? 'templates.lost.blockedLanguage' : 'templates.lost.blocked')}</li>
        {isBuiltinTemplate(name) && <li>{t('templates.lost.builtin')}</li>}
        <li>{t('templates.lost.sent')}</li>
      </ul>
      {problem && (
        <p className={styles['problem']} role="alert">
          {problem.kind === 'refused' ? refusalWords(problem.refusal, t) : t('templates.unreachable')}
        </p>
      )}
    </Confirm>
  );
}
