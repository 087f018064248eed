/** Takes what the AI parts keep of a person in words out of all desktops. By leads. */
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { useAction } from '../ui/use-action.ts';

export function EraseWords({ contactId, name, onClose }: { contactId: string; name: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const erase = async (): Promise<void> => {
    if (!(await run(() => client.ai.erase({ contactId })))) return;
    toasts.getState().say('quality.erase.done');
    onClose();
  };
  return (
    <Confirm title={t('quality.erase.title', { name })} confirm={t('quality.erase.confirm')} isBusy={isBusy} failure={failure} onConfirm={() => void erase()} onClose={onClose}>
      <p>{t('quality.erase.text')}</p>
    </Confirm>
  );
}
