/** At the foot of every window while somebody has stopped the AI parts for the whole team. */
import { OctagonX } from 'lucide-react';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Strip } from '../shell/status-strip.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';

export function AiStoppedStrip() {
  const { t } = useTexts();
  const { ai } = useStores();
  const isStopped = useFrom('ai', ({ workspace }) => workspace?.isStopped ?? false);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  if (!isStopped) return null;
  return (
    <Strip tone="failure" icon={<OctagonX size={16} />} title={t('ai.stopped.title')} hint={t('ai.stopped.hint')}>
      {isLead ? (
        <Button look="quiet" onClick={() => ai.getState().stop(false)}>
          {t('ai.mode.resume')}
        </Button>
      ) : (
        <span>{t('ai.stopped.byLeads')}</span>
      )}
    </Strip>
  );
}
