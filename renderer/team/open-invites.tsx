/** Invites that somebody could still join with, as the relay knows them; their codes are shown once and kept nowhere. */
import { MailX, UserPlus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { toMinute } from '../store/clock-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Row, Rows } from '../ui/part.tsx';
import { useAction } from '../ui/use-action.ts';
import { useNowAndThen } from './use-now-and-then.ts';
import styles from './team.module.css';

type Invite = EngineOutputs['members']['invites'][number];

/** Nothing where none is open. @param round another number: one may have been made. */
export function OpenInvites({ round = 0 }: { round?: number }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const isAdmin = useFrom('session', ({ session }) => mayAdminister(session?.me ?? null));
  const { invites, refresh } = useInvites(isAdmin, round);
  const [doomed, setDoomed] = useState<Invite | null>(null);
  const open = invites.filter(({ expiresAt }) => expiresAt > now);
  if (open.length === 0) return null;
  return (
    <div className={styles['group']}>
      <h3 className={styles['groupTitle']}>{t('invite.open.title')}</h3>
      <Rows label={t('invite.open.title')}>
        {open.map((invite) => (
          <Row key={invite.id}>
            <UserPlus size={18} strokeWidth={1.75} aria-hidden="true" />
            <span className={styles['who']}>
              <bdi className={styles['name']}>{nameOf(invite, t)}</bdi>
              <span className={styles['quiet']}>
                {t(`settings.role.${invite.role}`)} · {invite.createdBy === null ? t('invite.open.byRelay') : t('invite.open.by', { name: invite.createdByName ?? '' })}
              </span>
            </span>
            <span className={styles['fact']} title={format.exact(invite.expiresAt)}>
              {t('invite.open.expires', { at: format.short(invite.expiresAt) })}
            </span>
            <Button icon={<MailX size={16} />} onClick={() => setDoomed(invite)}>
              {t('invite.open.withdraw')}
            </Button>
          </Row>
        ))}
      </Rows>
      {doomed && (
        <WithdrawInvite
          invite={doomed}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </div>
  );
}

type Texts = ReturnType<typeof useTexts>['t'];
const nameOf = ({ agentId, agentName }: Invite, t: Texts): string =>
  agentName === null ? t('invite.open.noName') : agentId === null ? agentName : t('invite.open.furtherDesktop', { name: agentName });

/** Asked again whenever somebody comes or is changed, and now and then: nobody says what is invited and withdrawn at the relay. A relay of before does not know. */
function useInvites(isWanted: boolean, round: number): { invites: readonly Invite[]; refresh(): void } {
  const client = useClient();
  const members = useFrom('team', (team) => team.round);
  // A restored relay has none of them any more.
  const isLive = useFrom('session', ({ sync }) => sync?.state === 'live');
  const [invites, setInvites] = useState<readonly Invite[]>([]);
  const refresh = useCallback(() => {
    if (!isWanted) return;
    client.members.invites().then(setInvites, () => setInvites([]));
  }, [client, isWanted]);
  useEffect(refresh, [refresh, members, isLive, round]);
  useNowAndThen(refresh);
  return { invites, refresh };
}

function WithdrawInvite({ invite, onDone, onClose }: { invite: Invite; onDone(): void; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const withdraw = async (): Promise<void> => {
    if (!(await run(() => client.members.withdrawInvite({ inviteId: invite.id })))) return;
    toasts.getState().say('invite.open.withdrawn');
    onDone();
  };
  return (
    <Confirm title={t('invite.open.withdrawTitle')} confirm={t('invite.open.withdraw')} isBusy={isBusy} failure={failure} onConfirm={() => void withdraw()} onClose={onClose}>
      <p>
        <strong>{nameOf(invite, t)}</strong> · {t(`settings.role.${invite.role}`)}
      </p>
      <p>{t('invite.open.withdrawText')}</p>
    </Confirm>
  );
}
