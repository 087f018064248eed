/** The service window is closed: what a template could say in the place of the draft, in the form that templates always have. */
import { CircleHelp, LayoutTemplate } from 'lucide-react';
import { useEffect } from 'react';
import type { DraftView } from '../../contract/ai/ai-views.ts';
import { fillPlaceholders } from '../../contract/whatsapp/template-words.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { formIdOf } from '../store/template-picker-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './draft-card.module.css';

export function TemplateOffer({ thread, draft, onWhy }: { thread: OpenThread; draft: DraftView; onWhy(runId: string): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { templates, templateForms, templatePicker, toasts, view } = useStores();
  const { id } = thread.conversation;
  const { isBusy, run } = useAction();
  const template = useFrom('templates', ({ list }) => list?.items.find(({ key }) => key === draft.template?.key) ?? null);
  useEffect(() => templates.getState().load(), [templates]);

  const open = (): void =>
    void run(async () => {
      const suggestion = draft.template ?? (await client.ai.suggestTemplate({ draftId: draft.draftId }));
      const picker = templatePicker.getState();
      picker.open(id);
      if (suggestion) {
        const formId = formIdOf(id, suggestion.key);
        const { forms, setText } = templateForms.getState();
        // What its agent has filled in before stays.
        for (const [slot, text] of Object.entries(suggestion.texts)) if (forms[formId]?.edits[slot] === undefined) setText(formId, slot, text);
        picker.pick(id, suggestion.key);
      } else {
        picker.suggestFor(id, draft.body?.text ?? '');
        toasts.getState().say('ai.template.none');
      }
      view.getState().focusComposer();
    });
  return (
    <section className={styles['card']} aria-label={t('ai.card.label')} data-draft-card tabIndex={-1}>
      <header className={styles['head']}>
        <LayoutTemplate className={styles['mark']} size={15} aria-hidden="true" />
        <h3>{t('ai.template.title')}</h3>
        <span className={styles['gap']} />
        <IconButton label={t('ai.why.open')} side="top" onClick={() => onWhy(draft.runId)}>
          <CircleHelp size={15} />
        </IconButton>
      </header>
      <p className={styles['notice']}>{t('ai.template.closed')}</p>
      <p className={styles['text']} dir="auto" tabIndex={0} data-quiet={template !== null || undefined}>
        {template && draft.template ? fillPlaceholders(template.body, (name) => draft.template?.texts[`body.${name}`]) : draft.body?.text}
      </p>
      <div className={styles['actions']}>
        <Button look="primary" icon={<LayoutTemplate size={15} />} aria-disabled={isBusy} onClick={open}>
          {draft.template ? t('ai.template.open', { name: template?.name ?? draft.template.key.split('/')[0] ?? '' }) : t('ai.template.find')}
        </Button>
      </div>
    </section>
  );
}
