import { useState } from 'react';
import type { Member } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
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
      <DialogForm isOff={isBusy} failure={failure} onSubmit={() => void submit()} onClose={onClose}>
        <TextField label={t('members.name')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} error={isNamed ? null : t('enroll.nameMissing')} />
        <fieldset className={styles['set']}>
          <legend className={styles['legend']}>{t('invite.role')}</legend>
          <RoleChoices role={role} onChoose={setRole} />
        </fieldset>
      </DialogForm>
    </Dialog>
  );
}
