import { useState, type SubmitEvent } from 'react';
import type { Member } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { RoleChoices } from './invite-dialog.tsx';
import styles from './team.module.css';

/** Name and role of a member. */
export function MemberDialog({ member, onClose }: { member: Member; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [name, setName] = useState(member.name);
  const [role, setRole] = useState(member.role);
  const isNamed = name.trim() !== '';
  const submit = async (): Promise<void> => {
    if (!isNamed) return;
    const changes = { ...(role !== member.role && { role }), ...(name.trim() !== member.name && { name: name.trim() }) };
    if (Object.keys(changes).length === 0 || (await run(() => client.members.change({ agentId: member.id, from: member.role, ...changes })))) onClose();
  };
  return (
    <Dialog title={t('members.changeTitle', { name: member.name })} onClose={onClose}>
      <form
        className={styles['form']}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField label={t('members.name')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} error={isNamed ? null : t('enroll.nameMissing')} />
        <fieldset className={styles['set']}>
          <legend className={styles['legend']}>{t('invite.role')}</legend>
          <RoleChoices role={role} onChoose={setRole} />
        </fieldset>
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {t(`failure.${failure}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button look="primary" submits aria-disabled={isBusy}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
