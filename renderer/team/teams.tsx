/** Groups of agents that conversations can be handed to. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Team } from '../../contract/entities.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import shared from '../ui/chip.module.css';
import styles from './team.module.css';

export function Teams() {
  const { t } = useTexts();
  const client = useClient();
  const teams = useFrom('team', ({ directory }) => directory?.teams ?? []);
  const members = useFrom('team', ({ directory }) => directory?.members ?? []);
  const mayChange = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [open, setOpen] = useState<{ kind: 'edit'; team: Team | null } | { kind: 'remove'; team: Team } | null>(null);
  const close = () => setOpen(null);
  const remove = async (team: Team): Promise<void> => {
    if (await run(() => client.team.removeTeam({ teamId: team.id }))) close();
  };
  return (
    <Part
      title={t('team.part.teams')}
      text={t('teams.text')}
      action={
        mayChange && (
          <Button look="primary" icon={<Plus size={16} />} onClick={() => setOpen({ kind: 'edit', team: null })}>
            {t('teams.add')}
          </Button>
        )
      }
    >
      {teams.length === 0 ? (
        <Empty>{t('teams.none')}</Empty>
      ) : (
        <Rows label={t('team.part.teams')}>
          {teams.map((team) => (
            <Row key={team.id}>
              <span className={styles['who']}>
                <bdi className={styles['name']}>{team.name}</bdi>
                <span className={styles['quiet']}>
                  {members
                    .filter(({ id }) => team.memberIds.includes(id))
                    .map(({ name }) => name)
                    .join(', ') || t('teams.nobody')}
                </span>
              </span>
              {mayChange && (
                <>
                  <IconButton label={t('teams.edit', { name: team.name })} onClick={() => setOpen({ kind: 'edit', team })}>
                    <Pencil size={16} />
                  </IconButton>
                  <IconButton label={t('teams.remove', { name: team.name })} onClick={() => setOpen({ kind: 'remove', team })}>
                    <Trash2 size={16} />
                  </IconButton>
                </>
              )}
            </Row>
          ))}
        </Rows>
      )}
      {open?.kind === 'edit' && <TeamDialog team={open.team} onClose={close} />}
      {open?.kind === 'remove' && (
        <Confirm title={t('teams.remove', { name: open.team.name })} confirm={t('action.delete')} isBusy={isBusy} failure={failure} onConfirm={() => void remove(open.team)} onClose={close}>
          <p>{t('teams.removeText')}</p>
        </Confirm>
      )}
    </Part>
  );
}

/** Null: a new one. */
function TeamDialog({ team, onClose }: { team: Team | null; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const members = useFrom('team', ({ directory }) => directory?.members ?? []);
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [name, setName] = useState(team?.name ?? '');
  const [memberIds, setMemberIds] = useState<ReadonlySet<string>>(() => new Set(team?.memberIds));
  const [isTried, setTried] = useState(false);
  const toggle = (id: string): void => setMemberIds((ids) => (ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id])));

  const save = async (): Promise<unknown> => {
    const to = name.trim();
    const saved =
      team === null
        ? await client.team.addTeam({ name: to })
        : { id: team.id, outcome: to === team.name ? 'merged' : (await client.team.renameTeam({ teamId: team.id, from: team.name, to })).outcome };
    for (const { id } of members) {
      const isMember = memberIds.has(id);
      if (isMember !== (team?.memberIds.includes(id) ?? false)) await client.team.setTeamMember({ teamId: saved.id, agentId: id, isMember });
    }
    return saved;
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (name.trim() !== '' && (await run(save))) onClose();
  };
  return (
    <Dialog title={team ? t('teams.edit', { name: team.name }) : t('teams.add')} onClose={onClose}>
      <DialogForm isOff={isBusy} failure={failure} onSubmit={() => void submit()} onClose={onClose}>
        <TextField label={t('teams.name')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} error={isTried && name.trim() === '' ? t('teams.nameMissing') : null} />
        <fieldset className={styles['set']}>
          <legend className={styles['legend']}>{t('teams.members')}</legend>
          <div className={styles['choices']}>
            {members.map((member) => (
              <label key={member.id} className={shared['chip']}>
                <input type="checkbox" className="visually-hidden" checked={memberIds.has(member.id)} onChange={() => toggle(member.id)} />
                {member.name}
              </label>
            ))}
          </div>
        </fieldset>
      </DialogForm>
    </Dialog>
  );
}
