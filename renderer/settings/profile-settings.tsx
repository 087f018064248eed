/** Who I am in this workspace, and the computers on which I am. */
import { useState } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import type { Session } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { DeviceList } from '../team/devices.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Part } from '../ui/part.tsx';
import { useAction } from '../ui/use-action.ts';
import { Fact, Facts, Setting } from './setting.tsx';
import styles from './profile-settings.module.css';

export function ProfileSettings() {
  const { t } = useTexts();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  if (!me) return null;
  return (
    <Part title={t('settings.part.profile')} text={t('settings.profile.text')}>
      <Setting id="name">
        {mayAdminister(me) ? (
          <NameForm key={me.name} me={me} />
        ) : (
          <Facts>
            <Fact name={t('settings.profile.name')}>{me.name}</Fact>
          </Facts>
        )}
        {!mayAdminister(me) && <p className={styles['hint']}>{t('settings.profile.nameByAdmin')}</p>}
      </Setting>
      <Setting id="role">
        <Facts>
          <Fact name={t('settings.profile.role')}>{t(`settings.role.${me.role}`)}</Fact>
        </Facts>
        <p className={styles['hint']}>{t(`settings.profile.roleMay.${me.role}`)}</p>
      </Setting>
      <Setting id="devices" isPlain>
        <h3 className={styles['title']}>{t('settings.profile.devices')}</h3>
        <p className={styles['hint']}>{t('settings.profile.devicesHint')}</p>
        <DeviceList agentId={me.id} />
      </Setting>
    </Part>
  );
}

function NameForm({ me }: { me: NonNullable<Session['me']> }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  const [name, setName] = useState(me.name);
  const isChanged = name.trim() !== '' && name.trim() !== me.name;
  return (
    <form
      className={styles['name']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && !isBusy) void run(() => client.members.change({ agentId: me.id, from: me.role, name: name.trim() }));
      }}
    >
      <TextField label={t('settings.profile.name')} maxLength={80} autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
      <Button submits aria-disabled={isBusy || !isChanged}>
        {t('action.save')}
      </Button>
    </form>
  );
}
