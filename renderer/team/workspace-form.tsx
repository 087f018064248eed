/** What admins set for everybody. */
import { useState, type SubmitEvent } from 'react';
import type { WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { RoutingForm } from './routing-form.tsx';
import { Part } from '../ui/part.tsx';
import styles from './team.module.css';

export function WorkspaceForm() {
  const settings = useFrom('team', ({ directory }) => directory?.settings ?? null);
  return settings && <Form settings={settings} />;
}

function Form({ settings }: { settings: WorkspaceSettings }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  /** What is being typed; null: what is set. */
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? settings.name;
  const saveName = async (): Promise<void> => {
    const isSaved = await run(() => client.team.setSetting({ from: { key: 'name', value: settings.name }, to: { key: 'name', value: name.trim() } }));
    if (isSaved) setTyped(null);
  };
  return (
    <Part title={t('team.part.workspace')} text={t('workspace.text')}>
      <form
        className={styles['form']}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void saveName();
        }}
      >
        <TextField label={t('workspace.name')} hint={t('workspace.nameHint')} maxLength={80} value={name} onChange={(event) => setTyped(event.target.value)} />
        <div>
          <Button look="primary" submits aria-disabled={isBusy || name.trim() === settings.name}>
            {t('action.save')}
          </Button>
        </div>
        <Check
          label={t('workspace.assignOnReply')}
          hint={t('workspace.assignOnReplyHint')}
          isOn={settings.assignOnReply}
          isDisabled={isBusy}
          onChange={(value) => void run(() => client.team.setSetting({ from: { key: 'assignOnReply', value: settings.assignOnReply }, to: { key: 'assignOnReply', value } }))}
        />
      </form>
      <RoutingForm routing={settings.routing} />
    </Part>
  );
}
