/** Before something doubtful leaves, its agent is asked once; the text says what is doubtful. Pressing the send key again answers yes, as the button does. */
import { ShieldAlert } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import type { Asked } from '../store/draft-desk-store.ts';
import { aiOf } from '../store/ai-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import guard from '../composer/guard-bar.module.css';
import { useSendAsked } from './use-send-asked.ts';

export function QuestionBar({ thread, asked }: { thread: OpenThread; asked: Asked }) {
  const { t } = useTexts();
  const { draftDesk, view } = useStores();
  const { id } = thread.conversation;
  const sendAsked = useSendAsked(thread);
  const checked = useFrom('draftDesk', (state) => state.checked[asked.draftId]);
  const body = useFrom('ai', (state) => aiOf(state, id)?.draft?.body ?? null);
  const findings = (checked?.text === asked.text ? checked.findings : body?.text === asked.text ? body.findings : []).filter(({ severity }) => severity === 'high');
  const words = findings.map(({ start, end }) => `“${asked.text.slice(start, end)}”`);
  return (
    <div className={guard['bar']} role="alert">
      <ShieldAlert size={16} aria-hidden="true" />
      <p>
        <strong>{t(`ai.ask.${asked.question}`)}</strong> {asked.question === 'DRAFT_FINDINGS' && words.length > 0 && t('ai.ask.words', { list: words.join(', ') })}
      </p>
      <div className={guard['decisions']}>
        <Button onClick={() => sendAsked(asked)}>{t('action.sendAnyway')}</Button>
        <Button
          look="quiet"
          onClick={() => {
            draftDesk.getState().ask(id, null);
            if (asked.from === 'composer') view.getState().focusComposer();
          }}
        >
          {t('ai.ask.review')}
        </Button>
      </div>
    </div>
  );
}
