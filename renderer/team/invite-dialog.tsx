import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '../../contract/entities.ts';
import type { Role } from '../../contract/wire.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import shared from '../ui/chip.module.css';
import styles from './team.module.css';

export const ROLES: readonly Role[] = ['agent', 'lead', 'admin'];
/** An hour, a day, three days, a week. */
const HOURS = [1, 24, 72, 168] as const;

/** `member`: a further desktop of theirs; null: somebody new. */
export function InviteDialog({ member, onClose }: { member: Member | null; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [role, setRole] = useState<Role>('agent');
  const [name, setName] = useState('');
  const [hours, setHours] = useState<number>(72);
  const [invite, setInvite] = useState<EngineOutputs['members']['invite'] | null>(null);

  const submit = (): void => {
    const who = member ? { agentId: member.id } : { role, ...(name.trim() !== '' && { agentName: name.trim() }) };
    void run(async () => setInvite(await client.members.invite({ ...who, expiresInHours: hours })));
  };
  return (
    <Dialog title={member ? t('invite.titleDesktop', { name: member.name }) : t('invite.title')} onClose={onClose}>
      {invite ? (
        <InviteLink invite={invite} onClose={onClose} />
      ) : (
        <DialogForm confirm={t('invite.make')} isOff={isBusy} failure={failure} onSubmit={submit} onClose={onClose}>
          {!member && (
            <>
              <TextField label={t('invite.name')} hint={t('invite.nameHint')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
              <fieldset className={styles['set']}>
                <legend className={styles['legend']}>{t('invite.role')}</legend>
                <RoleChoices role={role} onChoose={setRole} />
              </fieldset>
            </>
          )}
          <SelectField label={t('invite.expires')} value={hours} onChange={(event) => setHours(Number(event.target.value))}>
            {HOURS.map((value) => (
              <option key={value} value={value}>
                {t(`invite.hours.${value}`)}
              </option>
            ))}
          </SelectField>
        </DialogForm>
      )}
    </Dialog>
  );
}

export function RoleChoices({ role, onChoose }: { role: Role; onChoose(role: Role): void }) {
  const { t } = useTexts();
  return (
    <>
      <div className={styles['choices']}>
        {ROLES.map((one) => (
          <label key={one} className={shared['chip']}>
            <input type="radio" className="visually-hidden" name="role" checked={one === role} onChange={() => onChoose(one)} />
            {t(`settings.role.${one}`)}
          </label>
        ))}
      </div>
      <p className={styles['roleHint']}>{t(`invite.roleHint.${role}`)}</p>
    </>
  );
}

function InviteLink({ invite, onClose }: { invite: EngineOutputs['members']['invite']; onClose(): void }) {
  const { t, format } = useTexts();
  const { toasts } = useStores();
  const copy = (): void => void navigator.clipboard.writeText(invite.link).then(() => toasts.getState().say('action.copied'));
  return (
    <div className={styles['form']}>
      <p>{t('invite.ready', { at: format.short(invite.expiresAt) })}</p>
      <div className={styles['link']}>
        <code aria-label={t('invite.link')}>{invite.link}</code>
        <Button look="primary" icon={<Copy size={16} />} onClick={copy}>
          {t('invite.copy')}
        </Button>
      </div>
      <p className={styles['quiet']}>{t('invite.once')}</p>
      <div className={styles['actions']}>
        <Button onClick={onClose}>{t('action.close')}</Button>
      </div>
    </div>
  );
}
