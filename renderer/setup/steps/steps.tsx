/** The steps that lead to a form which stands elsewhere too, or to a page. */
import { RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { NumberForm } from '../../enrollment/number-form.tsx';
import { useTexts } from '../../i18n/use-texts.tsx';
import { Fact, Facts } from '../../settings/setting.tsx';
import { Form as HoursForm } from '../../settings/hours-settings.tsx';
import { SheetState, useRecoveryDialog } from '../../team-key/recovery-code.tsx';
import { NotificationSettings } from '../../settings/notification-settings.tsx';
import { useClient, useFrom, useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Row, Rows } from '../../ui/part.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useSetupFacts } from '../use-open-setup.ts';
import styles from '../setup.module.css';
import { LiveChecks } from './live-checks.tsx';

export function RoleStep() {
  const { t } = useTexts();
  const { view } = useStores();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  return (
    <>
      {me && (
        <Facts>
          <Fact name={t('settings.profile.name')}>{me.name}</Fact>
          <Fact name={t('settings.profile.role')}>{t(`settings.role.${me.role}`)}</Fact>
        </Facts>
      )}
      {me && <p className={styles['text']}>{t(`settings.profile.roleMay.${me.role}`)}</p>}
      <div className={styles['line']}>
        <Button onClick={() => view.getState().showSettings('profile', 'name')}>{t('setup.toProfile')}</Button>
      </div>
    </>
  );
}

export function RelayStep() {
  const { t } = useTexts();
  const { view } = useStores();
  const relayUrl = useFrom('setup', ({ state }) => state?.relayUrl ?? null);
  return (
    <>
      {relayUrl !== null && (
        <Facts>
          <Fact name={t('setup.relayAt')}>{relayUrl}</Fact>
        </Facts>
      )}
      <LiveChecks ids={['relay_reachable', 'relay_https', 'backlog']} />
      <p className={styles['text']}>{t('setup.inviteText')}</p>
      <div className={styles['line']}>
        <Button onClick={() => view.getState().showTeam('members')}>{t('setup.invite')}</Button>
      </div>
    </>
  );
}

export function NumberStep() {
  const { t } = useTexts();
  const number = useFrom('session', ({ session }) => session?.number ?? null);
  const [rounds, setRounds] = useState(0);
  const facts = useSetupFacts();
  const standIn = facts?.setup.standIn ?? null;
  return (
    <>
      {standIn === null ? (
        <ol className={styles['todo']}>
          {(['app', 'ids', 'user', 'token', 'live'] as const).map((name) => (
            <li key={name}>{t(`setup.numberTodo.${name}`)}</li>
          ))}
        </ol>
      ) : (
        <p className={styles['note']}>{t('setup.standInNumber', { url: standIn })}</p>
      )}
      <NumberForm onSaved={() => setRounds((count) => count + 1)} />
      {number !== null && <LiveChecks ids={['meta_reachable', 'token_valid', 'token_expiry', 'token_permissions', 'number_health']} again={rounds} />}
    </>
  );
}

export function TemplatesStep() {
  const { t } = useTexts();
  const { view } = useStores();
  const client = useClient();
  const list = useFrom('templates', (templates) => templates.list);
  const load = useFrom('templates', (templates) => templates.load);
  const take = useFrom('templates', (templates) => templates.take);
  const { isBusy, run } = useAction();
  useEffect(load, [load]);
  const isSyncing = isBusy || (list?.isSyncing ?? false);
  return (
    <>
      <Rows label={t('setup.fiveTemplates')}>
        {(list?.builtins ?? []).map(({ name, state }) => (
          <Row key={name}>
            <code className={styles['template']}>{name}</code>
            <span className={styles['templateState']} data-state={state === 'ok' ? 'done' : 'open'}>
              {t(`templates.builtin.${state}.name`)}
            </span>
          </Row>
        ))}
      </Rows>
      {list?.problem && (
        <p className={styles['problem']} role="alert">
          {t(`templates.problem.${list.problem.kind}`)}
        </p>
      )}
      <div className={styles['line']}>
        <Button icon={<RefreshCw size={14} />} aria-disabled={isSyncing} onClick={() => !isSyncing && void run(async () => take(await client.templates.sync()))}>
          {t(isSyncing ? 'templates.syncing' : 'setup.readTemplates')}
        </Button>
        <Button onClick={() => view.getState().goTo('templates')}>{t('setup.toTemplates')}</Button>
      </div>
    </>
  );
}

export function HoursStep() {
  const settings = useFrom('team', ({ directory }) => directory?.settings ?? null);
  return settings && <HoursForm hours={settings.businessHours} target={settings.responseTarget} mayChange />;
}

export function AiStep() {
  const { t } = useTexts();
  const { view } = useStores();
  const ai = useFrom('setup', ({ state }) => state?.ai ?? null);
  return (
    <>
      {ai && (
        <Facts>
          <Fact name={t('setup.articles')}>{ai.articles === 0 ? t('setup.articlesNone') : t('setup.articlesCount', { count: ai.articles })}</Fact>
          <Fact name={t('setup.model')}>{t(ai.hasModel ? 'setup.modelSet' : 'setup.modelNone')}</Fact>
        </Facts>
      )}
      <div className={styles['line']}>
        <Button onClick={() => view.getState().goTo('knowledge')}>{t('setup.toKnowledge')}</Button>
        <Button onClick={() => view.getState().showTeam('ai')}>{t('setup.toAi')}</Button>
      </div>
    </>
  );
}

export function RecoveryStep() {
  const { t } = useTexts();
  const { isBusy, show, dialog } = useRecoveryDialog();
  const trouble = useFrom('session', ({ sync }) => sync?.keyTrouble ?? null);
  return (
    <>
      <SheetState />
      <p className={styles['text']}>{t(trouble === 'old_desktops' ? 'teamKey.trouble.old_desktops' : 'setup.recoveryText')}</p>
      {trouble !== 'old_desktops' && (
        <div className={styles['line']}>
          <Button aria-disabled={isBusy} onClick={show}>
            {t('setup.recoveryShow')}
          </Button>
        </div>
      )}
      {dialog}
    </>
  );
}

export const NoticesStep = () => <NotificationSettings />;
