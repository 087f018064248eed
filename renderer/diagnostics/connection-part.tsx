/** The connection doctor's findings, as they come in: what is wrong first said in one line, then check by check. */
import { CircleAlert, CircleCheck, CircleDashed, CircleHelp, Copy, RefreshCw, TriangleAlert } from 'lucide-react';
import { useCallback } from 'react';
import { CONNECTION_CHECKS, type ConnectionCheck } from '../../contract/entities.ts';
import type { CheckId } from '../../contract/rules/connection-codes.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Part } from '../ui/part.tsx';
import { checkFacts, checkWords, writeReport } from './connection-text.ts';
import { useConnectionDoctor, type DoctorState } from './use-connection-doctor.ts';
import styles from './connection-part.module.css';

const GROUPS = {
  relay: ['relay_reachable', 'relay_https', 'backlog'],
  webhook: ['webhook_verified', 'webhook_signature', 'webhook_callback', 'webhook_fields', 'app_subscribed', 'last_event'],
  meta: ['meta_reachable', 'token_valid', 'token_expiry', 'token_permissions'],
  number: ['number_health', 'number_quality', 'number_limits', 'account_events'],
  desktop: ['outbox', 'clock_skew', 'keys_kept'],
} as const satisfies Record<string, readonly CheckId[]>;
type Group = keyof typeof GROUPS;

export function ConnectionPart() {
  const { t, format } = useTexts();
  const { clock, toasts, view } = useStores();
  const now = useCallback(() => clock.getState().now, [clock]);
  const doctor = useConnectionDoctor(now);
  const version = useFrom('session', ({ session }) => session?.version ?? '');
  const copy = (): void => {
    const checks = CONNECTION_CHECKS.flatMap((id) => doctor.checks.get(id) ?? []);
    void navigator.clipboard.writeText(writeReport(checks, { version, at: doctor.at ?? now() }, t, format)).then(() => toasts.getState().say('action.copied'));
  };
  return (
    <Part
      title={t('diagnostics.part.connection')}
      text={t('diagnostics.connection.text')}
      action={
        <div className={styles['actions']}>
          <Button onClick={() => view.getState().goTo('setup')}>{t('nav.setup')}</Button>
          <Button icon={<Copy size={14} />} onClick={copy} disabled={doctor.isRunning}>
            {t('diagnostics.connection.copy')}
          </Button>
          <Button look="primary" icon={<RefreshCw size={14} />} onClick={doctor.run} disabled={doctor.isRunning}>
            {t(doctor.isRunning ? 'diagnostics.connection.running' : 'diagnostics.connection.run')}
          </Button>
        </div>
      }
    >
      <Summary doctor={doctor} />
      {(Object.keys(GROUPS) as Group[]).map((group) => (
        <section key={group} className={styles['group']} aria-label={t(`diagnostics.connection.group.${group}`)}>
          <h3 className={styles['heading']}>{t(`diagnostics.connection.group.${group}`)}</h3>
          <CheckList ids={GROUPS[group]} checks={doctor.checks} />
        </section>
      ))}
    </Part>
  );
}

function Summary({ doctor: { checks, isRunning, failure, at } }: { doctor: DoctorState }) {
  const { t, format } = useTexts();
  const count = (state: ConnectionCheck['state']): number => [...checks.values()].filter((check) => check.state === state).length;
  const [problems, warnings, unknown] = [count('failed'), count('warning'), count('unknown')];
  const state = isRunning ? 'looking' : failure !== null || problems > 0 ? 'failed' : warnings > 0 ? 'warning' : unknown > 0 ? 'unknown' : 'ok';
  const parts = [
    ...(problems > 0 ? [t('diagnostics.connection.problems', { count: problems })] : []),
    ...(warnings > 0 ? [t('diagnostics.connection.warnings', { count: warnings })] : []),
    ...(unknown > 0 ? [t('diagnostics.connection.unknown', { count: unknown })] : []),
  ];
  return (
    <p className={styles['summary']} data-state={state} role="status">
      <StateIcon state={state} />
      <strong>{failure !== null ? t(`failure.${failure}`) : isRunning ? t('diagnostics.connection.running') : parts.length === 0 ? t('diagnostics.connection.allFine') : parts.join(' · ')}</strong>
      <span className={styles['when']}>
        {isRunning ? t('diagnostics.connection.progress', { done: checks.size, total: CONNECTION_CHECKS.length }) : at !== null && <time>{format.exactShort(at)}</time>}
      </span>
    </p>
  );
}

/** Some of the checks, with what was found and what to do. */
export const CheckList = ({ ids, checks }: { ids: readonly CheckId[]; checks: DoctorState['checks'] }) => (
  <ul className={styles['checks']}>
    {ids.map((id) => (
      <Check key={id} id={id} check={checks.get(id) ?? null} />
    ))}
  </ul>
);

/** `check` null: still looking. */
function Check({ id, check }: { id: CheckId; check: ConnectionCheck | null }) {
  const { t, format } = useTexts();
  if (!check) {
    return (
      <li className={styles['check']} data-check={id} data-state="looking">
        <StateIcon state="looking" />
        <span className={styles['name']}>{t(`connection.check.${id}.name`)}</span>
      </li>
    );
  }
  const { name, is, fix } = checkWords(check, t);
  const facts = checkFacts(check, t, format);
  return (
    <li className={styles['check']} data-check={id} data-state={check.state} data-code={check.code}>
      <StateIcon state={check.state} />
      <span className={styles['name']}>{name}</span>
      <div className={styles['found']}>
        <p>{is}</p>
        {fix !== null && <p className={styles['fix']}>{fix}</p>}
        {facts.length > 0 && (
          <dl className={styles['facts']}>
            {facts.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}

const ICONS = { ok: CircleCheck, warning: TriangleAlert, failed: CircleAlert, unknown: CircleHelp, looking: CircleDashed } as const;

function StateIcon({ state }: { state: keyof typeof ICONS }) {
  const { t } = useTexts();
  const Icon = ICONS[state];
  return <Icon className={styles['icon']} size={16} role="img" aria-label={t(`diagnostics.connection.state.${state}`)} />;
}
