/** Whether conversations that nobody has are given out in turn, and how many a person may have. By admins. */
import { useState, type SubmitEvent } from 'react';
import type { WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './team.module.css';

type Routing = WorkspaceSettings['routing'];
/** As the contract says. */
const CAPACITY_MAX = 500;

export function RoutingForm({ routing }: { routing: Routing }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  /** What is being typed; null: what is set. */
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? String(routing.capacity);
  const capacity = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  const isWrong = capacity < 1 || capacity > CAPACITY_MAX;
  const set = (to: Routing): Promise<boolean> => run(() => client.team.setSetting({ from: { key: 'routing', value: routing }, to: { key: 'routing', value: to } }));
  return (
    <section className={styles['routing']} aria-label={t('contacts.routing.title')}>
      <h3 className={styles['groupTitle']}>{t('contacts.routing.title')}</h3>
      <form
        className={styles['form']}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          if (isWrong || isBusy) return;
          void set({ ...routing, capacity }).then((isSaved) => isSaved && setTyped(null));
        }}
      >
        <Check label={t('contacts.routing.isOn')} hint={t('contacts.routing.isOnHint')} isOn={routing.isOn} isDisabled={isBusy} onChange={(isOn) => void set({ ...routing, isOn })} />
        <TextField
          label={t('contacts.routing.capacity')}
          hint={t('contacts.routing.capacityHint')}
          error={isWrong ? t('contacts.routing.capacityWrong') : null}
          inputMode="numeric"
          maxLength={3}
          value={text}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div>
          <Button look="primary" submits aria-disabled={isBusy || isWrong || capacity === routing.capacity}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
