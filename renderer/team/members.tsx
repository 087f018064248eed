/** The people of the workspace: role, teams, load and whether they are there. */
import { Ellipsis, Laptop, UserMinus, UserPlus, UserRoundCog } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '../../contract/entities.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { presenceOf } from '../store/team-store.ts';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Menu } from '../ui/menu.tsx';
import { useAction } from '../ui/use-action.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { OpenInvites } from './open-invites.tsx';
import { KeyChanges } from './key-changes.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { Part, Row, Rows } from '../ui/part.tsx';
import { useLoads } from './use-loads.ts';
import styles from './team.module.css';

type Open = { kind: 'invite'; member: Member | null } | { kind: 'change'; member: Member } | { kind: 'remove'; member: Member } | null;

export function Members() {
  const { t } = useTexts();
  const directory = useFrom('team', (team) => team.directory);
  useLoads();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const [open, setOpen] = useState<Open>(null);
  const isAdmin = mayAdminister(me);
  const [round, setRound] = useState(0);
  const close = () => {
    setOpen(null);
    setRound(round + 1);
  };
  const menuOf = (member: Member) => [
    { label: t('members.change'), icon: <UserRoundCog size={16} />, run: () => setOpen({ kind: 'change', member }) },
    { label: t('members.furtherDesktop'), icon: <Laptop size={16} />, run: () => setOpen({ kind: 'invite', member }) },
    { label: t('members.remove'), icon: <UserMinus size={16} />, run: () => setOpen({ kind: 'remove', member }) },
  ];
  return (
    <Part
      title={t('team.part.members')}
      text={t(isAdmin ? 'members.text' : 'members.textReadOnly')}
      action={
        isAdmin && (
          <Button look="primary" icon={<UserPlus size={16} />} onClick={() => setOpen({ kind: 'invite', member: null })}>
            {t('members.invite')}
          </Button>
        )
      }
    >
      <Rows label={t('team.part.members')}>
        {directory?.members.map((member) => (
          <Row key={member.id}>
            <Avatar id={member.id} name={member.name} />
            <span className={styles['who']}>
              <bdi className={styles['name']}>{member.isMe ? t('members.me', { name: member.name }) : member.name}</bdi>
              <span className={styles['quiet']}>
                {member.teamIds.length === 0
                  ? t('members.noTeam')
                  : directory.teams
                      .filter(({ id }) => member.teamIds.includes(id))
                      .map(({ name }) => name)
                      .join(' · ')}
              </span>
            </span>
            <span className={styles['here']}>
              <PresenceOf member={member} />
            </span>
            <span className={styles['load']}>{t('members.open', { count: member.open })}</span>
            <span className={styles['roleColumn']}>
              <span className={styles['role']}>{t(`settings.role.${member.role}`)}</span>
            </span>
            {isAdmin && (
              <Menu
                trigger={
                  <IconButton label={t('members.actions', { name: member.name })}>
                    <Ellipsis size={16} />
                  </IconButton>
                }
                entries={menuOf(member)}
              />
            )}
          </Row>
        ))}
      </Rows>
      <OpenInvites round={round} />
      {directory !== null && directory.formerMembers.length > 0 && <p className={styles['former']}>{t('members.former', { names: directory.formerMembers.map(({ name }) => name).join(', ') })}</p>}
      {open?.kind === 'invite' && <InviteDialog member={open.member} onClose={close} />}
      {open?.kind === 'change' && <MemberDialog member={open.member} onClose={close} />}
      {open?.kind === 'remove' && <RemoveMember member={open.member} onClose={close} />}
    </Part>
  );
}

function PresenceOf({ member }: { member: Member }) {
  const { t } = useTexts();
  const presence = useFrom('team', (team) => presenceOf(team, member));
  return (
    <>
      <span className={styles['presence']} data-presence={presence} aria-hidden="true" />
      {t(`members.presence.${presence}`)}
    </>
  );
}

function RemoveMember({ member, onClose }: { member: Member; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const remove = async (): Promise<void> => {
    if (await run(() => client.members.change({ agentId: member.id, from: member.role, isRemoved: true }))) onClose();
  };
  return (
    <Confirm title={t('members.removeTitle', { name: member.name })} confirm={t('members.remove')} isBusy={isBusy} failure={failure} onConfirm={() => void remove()} onClose={onClose}>
      <p>{t('members.removeText', { name: member.name })}</p>
      <KeyChanges />
      {member.open > 0 && <p>{t('members.removeHeld', { count: member.open })}</p>}
      {member.isMe && <p>{t('members.removeMe')}</p>}
    </Confirm>
  );
}
